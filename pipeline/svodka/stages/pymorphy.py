"""pymorphy behind one typed adapter: analyses of a word form in Universal Dependencies' terms, and inflection.

Both pymorphy3 (maintained) and pymorphy2 can serve; OpenCorpora's grammemes are mapped to UD by the tables below, and
the analysis that agrees best with the tagger is chosen as natasha chooses it (part of speech first, then the number of
equal features).
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from svodka._compat import mend_inspect, package_path

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


@dataclass(frozen=True, slots=True)
class Analysis:
    """One reading of a word form.

    Attributes:
        word: The form, lower case.
        lemma: Dictionary form, lower case, ё kept.
        pos: UD part of speech; X where it has none.
        features: UD features.
        grammemes: OpenCorpora grammemes («Name», «Surn», «Geox» …).
        known: Whether the dictionary has the form, or it was guessed.
        parse: pymorphy's own parse, for inflection.
    """

    word: str
    lemma: str
    pos: str
    features: Mapping[str, str]
    grammemes: frozenset[str]
    known: bool
    parse: Any

    def inflect(self, *grammemes: str) -> str | None:
        """The form with these UD values («Nom», «Sing», «Fem») or grammemes, None where there is none."""
        inflected = self.parse.inflect({_GRAMMEMES.get(grammeme, grammeme) for grammeme in grammemes})
        return inflected.word if inflected else None


class Dictionary:
    """Analyses of word forms, remembered.

    Args:
        backend: pymorphy3 or pymorphy2.
    """

    def __init__(self, backend: Backend = "pymorphy3") -> None:
        self.backend = backend
        self._analyzer = _create_analyzer(backend)
        self.analyses = lru_cache(maxsize=100_000)(self._analyses)
        self.best = lru_cache(maxsize=200_000)(self._best)

    def _analyses(self, word: str) -> tuple[Analysis, ...]:
        """All readings of a form in any case, the likeliest first; none of a word with characters that have no name.

        pymorphy asks for the Unicode name of a letter, which the letters of some scripts lack.
        """
        if not all(unicodedata.name(letter, "") for letter in word):
            return ()
        return tuple(_analysis(parse) for parse in self._analyzer.parse(word.lower()))

    def _best(self, word: str, pos: str, feats: str) -> Analysis | None:
        """The reading that agrees best with a tagger's part of speech and «Case=Nom|…», None where none agrees.

        The rule is natasha's: an equal part of speech counts as one equal feature; the first of the best wins.
        """
        features = dict(feature.split("=") for feature in feats.split("|") if "=" in feature)
        best, best_score = None, 0
        for analysis in self.analyses(word):
            score = int(_SAME_POS.get(analysis.pos, analysis.pos) == _SAME_POS.get(pos, pos)) + sum(
                analysis.features.get(name, value) == value and name in analysis.features
                for name, value in features.items()
                if name in _DECISIVE
            )
            if score > best_score:
                best, best_score = analysis, score
        return best

    def lemma(self, word: str, pos: str, feats: str) -> str:
        """Lower-case lemma of a word form, ё folded to е; the form itself where no reading agrees.

        >>> Dictionary().lemma("заявили", "VERB", "Number=Plur|Tense=Past")
        'заявить'
        """
        best = self.best(word, pos, feats)
        return (best.lemma if best else word.lower()).replace("ё", "е")

    def is_known(self, word: str) -> bool:
        """Whether the dictionary has the form."""
        return bool(self._analyzer.word_is_known(word.lower()))


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


def _analysis(parse: Any) -> Analysis:  # noqa: ANN401
    grammemes = parse.tag.grammemes
    pos = parse.tag._POS  # `.POS` checks the grammeme against the set of all, once more each time
    if "Apro" in grammemes:
        pos = "Apro"
    return Analysis(
        word=parse.word,
        lemma=parse.normal_form,
        pos=_UD_POS.get(pos or "", "X"),
        features={name: value for grammeme, (name, value) in _UD_FEATURES.items() if grammeme in grammemes},
        grammemes=frozenset(grammemes),
        known=parse.is_known,
        parse=parse,
    )
