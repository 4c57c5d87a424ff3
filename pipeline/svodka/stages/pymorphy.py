"""pymorphy behind one typed adapter: analyses of a word form in Universal Dependencies' terms, and inflection.

Both pymorphy3 (maintained) and pymorphy2 can serve; OpenCorpora's grammemes are mapped to UD by the tables below. What
depends on a tag or a paradigm alone is worked out once; Russian words are read from pymorphy's tables, be they in the
dictionary or not (`guesses.py`), and only for others are its units asked. The C++ reader of ``dawg2``, which pymorphy
takes where it is installed, makes this several times faster.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import import_module
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from svodka._compat import mend_inspect, package_path
from svodka.stages.guesses import Guess, Guesser
from svodka.stages.lemmas import Key, closest, key_of_reading

Backend = Literal["pymorphy3", "pymorphy2"]

_UD_POS = {
    "ADJF": "ADJ", "ADJS": "ADJ", "ADVB": "ADV", "COMP": "ADV", "VERB": "VERB", "GRND": "VERB", "INFN": "VERB",
    "PRTF": "VERB", "PRTS": "VERB", "NOUN": "NOUN", "NPRO": "PRON", "NUMR": "NUM", "NUMB": "NUM", "Apro": "DET",
    "CONJ": "CCONJ", "INTJ": "INTJ", "PREP": "ADP", "PRCL": "PART", "PNCT": "PUNCT", "PRED": "ADV",
}  # fmt: skip
_UD_FEATURES = {
    "anim": ("Animacy", "Anim"), "inan": ("Animacy", "Inan"), "impf": ("Aspect", "Imp"), "perf": ("Aspect", "Perf"),
    "nomn": ("Case", "Nom"), "gent": ("Case", "Gen"), "gen1": ("Case", "Gen"), "gen2": ("Case", "Par"),
    "datv": ("Case", "Dat"), "accs": ("Case", "Acc"), "ablt": ("Case", "Ins"), "loct": ("Case", "Loc"),
    "loc2": ("Case", "Loc"), "voct": ("Case", "Voc"), "COMP": ("Degree", "Cmp"), "Supr": ("Degree", "Sup"),
    "masc": ("Gender", "Masc"), "femn": ("Gender", "Fem"), "neut": ("Gender", "Neut"), "indc": ("Mood", "Ind"),
    "impr": ("Mood", "Imp"), "sing": ("Number", "Sing"), "plur": ("Number", "Plur"), "NUMB": ("NumForm", "Digit"),
    "1per": ("Person", "1"), "2per": ("Person", "2"), "3per": ("Person", "3"), "past": ("Tense", "Past"),
    "pres": ("Tense", "Pres"), "futr": ("Tense", "Fut"), "ADJS": ("Variant", "Short"), "PRTS": ("Variant", "Short"),
    "actv": ("Voice", "Act"), "pssv": ("Voice", "Pass"), "INFN": ("VerbForm", "Inf"), "PRTF": ("VerbForm", "Part"),
    "GRND": ("VerbForm", "Conv"), "VERB": ("VerbForm", "Fin"),
}  # fmt: skip
_GRAMMEMES = {
    "Nom": "nomn", "Gen": "gent", "Dat": "datv", "Acc": "accs", "Ins": "ablt", "Loc": "loct", "Par": "gen2",
    "Voc": "voct", "Masc": "masc", "Fem": "femn", "Neut": "neut", "Sing": "sing", "Plur": "plur",
}  # fmt: skip
# Classes that OpenCorpora does not tell apart, or that UD splits by use.
_SAME_POS = {"PROPN": "NOUN", "AUX": "VERB", "SCONJ": "CCONJ"}
# Features that decide between analyses; the tagger and the dictionary differ too often in the others.
_DECISIVE = ("Case", "Gender", "Number", "Aspect", "NumForm", "Person", "Tense", "Variant", "VerbForm")


class _Tag(NamedTuple):
    """What one of pymorphy's tags says, in UD's terms and in its own."""

    pos: str
    features: Mapping[str, str]
    grammemes: frozenset[str]
    agreement: frozenset[str]


class Form(NamedTuple):
    """One place in one of the dictionary's paradigms: a tag, and how the form and its lemma are made from the stem.

    Attributes:
        paradigm: Number of the paradigm; -1 for a form of none.
        place: Place in the paradigm.
        tag: What its tag says.
        key: What its tag says by natasha's tables.
        name: The tag as the table of probabilities names it.
        is_productive: Whether new words are formed like it.
        is_word: Whether it is of one of the parts of speech.
        stem: Where the stem is in the form.
        lemma_prefix: What stands before the stem in the lemma.
        lemma_suffix: What stands after the stem in the lemma.
    """

    paradigm: int
    place: int
    tag: _Tag
    key: Key
    name: str
    is_productive: bool
    is_word: bool
    stem: slice
    lemma_prefix: str
    lemma_suffix: str

    def lemma(self, word: str) -> str:
        """The lemma of a word of this form."""
        return f"{self.lemma_prefix}{word[self.stem]}{self.lemma_suffix}"


class Analysis(NamedTuple):
    """One reading of a word form.

    Attributes:
        word: The form, lower case.
        lemma: Dictionary form, lower case, ё kept.
        pos: UD part of speech; X where it has none.
        features: UD features.
        grammemes: OpenCorpora grammemes («Name», «Surn», «Geox» …).
        agreement: The part of speech and the features that decide between readings, «Case=Nom».
        known: Whether the dictionary has the form, or it was guessed.
        score: pymorphy's estimate of the probability of this reading.
        origin: The form's place in its paradigm, or pymorphy's own parse.
        dictionary: Where it is from.
    """

    word: str
    lemma: str
    pos: str
    features: Mapping[str, str]
    grammemes: frozenset[str]
    agreement: frozenset[str]
    known: bool
    score: float
    origin: Any
    dictionary: "Dictionary"

    def inflect(self, *grammemes: str) -> str | None:
        """The form with these UD values («Nom», «Sing», «Fem») or grammemes, None where there is none."""
        origin = self.origin
        if isinstance(origin, Form):
            affixes = self.dictionary.affixes(origin.paradigm, origin.place, grammemes)
            return f"{affixes[0]}{self.word[origin.stem]}{affixes[1]}" if affixes else None
        inflected = origin.inflect(_required(grammemes))
        return inflected.word if inflected else None


class _Parse(NamedTuple):
    """One of pymorphy's parses of a word, made when it is to be inflected, which is rare."""

    analyzer: Any
    word: str
    place: int

    def inflect(self, required: frozenset[str]) -> Any:  # noqa: ANN401
        """Pymorphy's parse of the form with these grammemes, None where there is none."""
        return self.analyzer.parse(self.word)[self.place].inflect(required)


class Dictionary:
    """Analyses of word forms, remembered.

    Args:
        backend: pymorphy3 or pymorphy2.
    """

    def __init__(self, backend: Backend = "pymorphy3") -> None:
        self.backend = backend
        self._analyzer = _create_analyzer(backend)
        for table in (self._analyzer.dictionary.words, *self._analyzer.dictionary.prediction_suffixes_dawgs):
            _quicken(table)
        self._by_suffix = import_module(f"{backend}.units").KnownSuffixAnalyzer
        self._probability = self._analyzer.prob_estimator.p_t_given_w.get
        self._forms = lru_cache(maxsize=20_000)(self._form)
        self._known = lru_cache(maxsize=16_000)(self._look_up)
        self._guesser = Guesser(self._analyzer, self._known, self._forms, self._tagged, self._scores)
        self._readings = lru_cache(maxsize=6_000)(self._analyses)
        self._guesses = lru_cache(maxsize=4_000)(self._guess)
        self.affixes = lru_cache(maxsize=4_000)(self._affixes)

    def analyses(self, word: str) -> tuple[Analysis, ...]:
        """All readings of a form in any case, the likeliest first; none of a word with characters that have no name.

        pymorphy asks for the Unicode name of a letter, which the letters of some scripts lack.
        """
        return self._readings(word.lower())

    def best(self, word: str, pos: str, feats: str) -> Analysis | None:
        """The reading that agrees best with a tagger's part of speech and «Case=Nom|…», None where none agrees.

        An equal part of speech counts as one equal feature; the likeliest of the best wins.
        """
        wanted = _agreement(pos, feats)
        best = max(self.analyses(word), key=lambda analysis: len(wanted & analysis.agreement), default=None)
        return best if best and wanted & best.agreement else None

    def lemma(self, word: str, pos: str, feats: str) -> str:
        """Lower-case lemma of a word form by natasha's rule, ё folded to е; the form itself where no reading agrees.

        >>> Dictionary().lemma("заявили", "VERB", "Number=Plur|Tense=Past")
        'заявить'
        """
        word = word.lower()
        if forms := self._known(word):
            best = closest(tuple([form.key for _, form in forms]), pos, feats)
            lemmas = [forms[index][1].lemma(forms[index][0]) for index in best]
            if len(set(lemmas)) > 1:  # only then the costly probabilities are asked for
                scores = self._scores(word, [forms[index][1] for index in best])
                lemmas = [lemmas[scores.index(max(scores))]]
        elif self._guesser.reads(word):
            guesses = self._guesser.readings(word)
            best = closest(tuple([guess.form.key for guess in guesses]), pos, feats)
            lemmas = [guesses[index].lemma for index in best]
        else:
            readings = self._guesses(word)
            best = closest(tuple([key_of_reading(reading.grammemes) for reading in readings]), pos, feats)
            lemmas = [readings[index].lemma for index in best]
        return (lemmas[0] if lemmas else word).replace("ё", "е")

    def is_known(self, word: str) -> bool:
        """Whether the dictionary has the form."""
        return bool(self._known(word.lower()))

    def _analyses(self, word: str) -> tuple[Analysis, ...]:
        if forms := self._known(word):
            scores = self._scores(word, [form for _, form in forms])
            rated = any(scores)
            if not rated:
                scores = [1 / len(forms)] * len(forms)
            readings = [
                Analysis(spelling, form.lemma(spelling), *form.tag, True, score, form, self)
                for (spelling, form), score in zip(forms, scores, strict=True)
            ]
            if rated:
                readings.sort(key=attrgetter("score"), reverse=True)
            return tuple(readings)
        return self._guesses(word)

    def _guess(self, word: str) -> tuple[Analysis, ...]:
        """The readings of a form that the dictionary does not have."""
        if not all(unicodedata.name(letter, "") for letter in word):
            return ()
        if self._guesser.reads(word):
            return tuple([self._read(word, place, guess) for place, guess in enumerate(self._guesser.readings(word))])
        parses = self._analyzer.parse(word)
        known = {parse.word: parse.word != word and self.is_known(parse.word) for parse in parses}
        return tuple(self._guessed(parse, known[parse.word]) for parse in parses)

    def _read(self, word: str, place: int, guess: Guess) -> Analysis:
        """The reading of a guess, one of those of a word."""
        known = guess.word != word and self.is_known(guess.word)
        origin = guess.form if guess.is_inflected_as_form else _Parse(self._analyzer, word, place)
        return Analysis(guess.word, guess.lemma, *guess.form.tag, known, guess.score, origin, self)

    def _guessed(self, parse: Any, known: bool) -> Analysis:  # noqa: ANN401
        base, *others = parse.methods_stack
        if len(others) == 1 and isinstance(others[0][0], self._by_suffix):  # it is inflected as a known word is
            origin = self._forms(*base[2:])
            tag = origin.tag
        else:
            origin, tag = parse, _tag(parse.tag)
        return Analysis(parse.word, parse.normal_form, *tag, known, parse.score, origin, self)

    def _look_up(self, word: str) -> tuple[tuple[str, Form], ...]:
        """The forms that the dictionary has, each with its spelling («еще» is «ещё»)."""
        if not word.isprintable():  # the C++ reader takes NUL for the end of a word
            return ()
        found = self._analyzer.dictionary.words.similar_items(word, self._analyzer.char_substitutes)
        return tuple([(spelling, self._forms(*place)) for spelling, places in found for place in places])

    def _scores(self, word: str, forms: Iterable[Form]) -> list[float]:
        return [self._probability(word + form.name, 0) / 1_000_000 for form in forms]

    def _form(self, paradigm: int, place: int) -> Form:
        tag = self._analyzer.dictionary.build_tag_info(paradigm, place)
        prefix, suffix = self._ends(paradigm, place)
        stem = slice(len(prefix), -len(suffix) or None)
        return _make_form(paradigm, place, tag, stem, *self._ends(paradigm, 0))

    def _tagged(self, tag: str) -> Form:
        """A form of no paradigm, its own lemma."""
        return _make_form(-1, 0, self._analyzer.TagClass(tag), slice(None), "", "")

    def _ends(self, paradigm: int, place: int) -> tuple[str, str]:
        """What stands before and after the stem in a form."""
        tables = self._analyzer.dictionary
        numbers = tables.paradigms[paradigm]  # of suffixes, tags and prefixes, one after the other
        return tables.paradigm_prefixes[numbers[len(numbers) // 3 * 2 + place]], tables.suffixes[numbers[place]]

    def _affixes(self, paradigm: int, place: int, grammemes: tuple[str, ...]) -> tuple[str, str] | None:
        """What stands before and after the stem in the form that pymorphy would inflect to, None where there is none.

        Of the forms that have the required grammemes it takes the one most like the form at hand.
        """
        required = _required(grammemes)
        tables = self._analyzer.dictionary
        tags = [tables.build_tag_info(paradigm, other) for other in range(len(tables.paradigms[paradigm]) // 3)]
        fitting = [other for other, tag in enumerate(tags) if required <= tag.grammemes]
        if not fitting:
            required = tables.Tag.fix_rare_cases(required)
            fitting = [other for other, tag in enumerate(tags) if required <= tag.grammemes]
        wanted = tags[place].updated_grammemes(required)

        def likeness(other: int) -> float:
            grammemes = tags[other].grammemes
            return len(wanted & grammemes) - 0.1 * len(wanted ^ grammemes)

        return self._ends(paradigm, max(fitting, key=likeness)) if fitting else None


@lru_cache(maxsize=2)
def get_dictionary(backend: Backend = "pymorphy3") -> Dictionary:
    """The dictionary of this backend; loaded once a process."""
    return Dictionary(backend)


def _create_analyzer(backend: Backend) -> Any:  # noqa: ANN401
    path = str(package_path(f"{backend}_dicts_ru") / "data")
    if backend == "pymorphy2":
        mend_inspect()
        from pymorphy2 import MorphAnalyzer
    else:
        from pymorphy3 import MorphAnalyzer
    return MorphAnalyzer(path=path, lang="ru")


@lru_cache(maxsize=1024)
def _required(grammemes: tuple[str, ...]) -> frozenset[str]:
    """UD values and grammemes as OpenCorpora's grammemes."""
    return frozenset(_GRAMMEMES.get(grammeme, grammeme) for grammeme in grammemes)


def _quicken(table: Any) -> None:  # noqa: ANN401
    """Let a table look for a key first and then for its values, which takes a third of the time of both at once."""
    values_of, similar_keys = table.get, table.similar_keys

    def similar_items(key: str, substitutes: Any) -> list[tuple[str, list[tuple[int, ...]]]]:  # noqa: ANN401
        if "е" in key:  # pymorphy's only substitute is ё for it
            return [(similar, values_of(similar)) for similar in similar_keys(key, substitutes)]
        values = values_of(key)
        return [(key, values)] if values else []

    table.similar_items = similar_items


def _make_form(paradigm: int, place: int, tag: Any, *parts: Any) -> Form:  # noqa: ANN401
    read = _tag(tag)
    is_word = not tag._is_unknown()
    return Form(paradigm, place, read, key_of_reading(read.grammemes), f":{tag}", tag.is_productive(), is_word, *parts)


@lru_cache(maxsize=8192)
def _tag(tag: Any) -> _Tag:  # noqa: ANN401
    grammemes: frozenset[str] = frozenset(tag.grammemes)
    opencorpora_pos = "Apro" if "Apro" in grammemes else tag._POS
    pos = _UD_POS.get(opencorpora_pos or "", "X")
    features = {name: value for grammeme, (name, value) in _UD_FEATURES.items() if grammeme in grammemes}
    feats = "|".join(f"{name}={value}" for name, value in features.items())
    return _Tag(pos, MappingProxyType(features), grammemes, _agreement(pos, feats))


@lru_cache(maxsize=8192)
def _agreement(pos: str, feats: str) -> frozenset[str]:
    """The part of speech and the features that decide between readings."""
    decisive = (feature for feature in feats.split("|") if feature.partition("=")[0] in _DECISIVE)
    return frozenset((_SAME_POS.get(pos, pos), *decisive))
