"""pymorphy's readings of Russian words that its dictionary lacks, by its own rules, without its objects.

The rules are those of pymorphy's units, in their order: a particle after a hyphen («смотри-ка»), an adverb
(«по-западному»), two words («человек-гора»), a known prefix («псевдокошка»), any other one and the ends of known words
(«байткод», «бутявкать»). What they need of the tables is remembered; scores are worked out in pymorphy's order, for
they are to be equal to the last bit.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from svodka.stages.pymorphy import Form

# Words that no other of pymorphy's units reads: they are for numbers, marks and Latin letters.
_RUSSIAN = re.compile("[а-яё]+(?:-[а-яё]+)*")
_MAX_PREFIX, _MIN_REST = 5, 3
_LONGEST = 100
"""Letters of a word that is read part by part; what is longer is no word, and may have more parts than can nest."""


class Guess(NamedTuple):
    """One reading.

    Attributes:
        word: The form, ё where the dictionary has it.
        lemma: Its lemma.
        form: The place in a paradigm that the form has or is like.
        score: pymorphy's estimate.
        methods: How it was found, as pymorphy has it.
    """

    word: str
    lemma: str
    form: "Form"
    score: float
    methods: tuple[tuple[Any, ...], ...]

    @property
    def is_inflected_as_form(self) -> bool:
        """Whether its paradigm is a known word's, with nothing before it or after it."""
        return len(self.methods) == 2 and self.methods[1][0] == "suffix"


class Guesser:
    """The rules over the tables of one dictionary.

    Args:
        analyzer: pymorphy's analyzer.
        known: The forms that the dictionary has of a word, with their spelling.
        form_at: The form at a place in a paradigm.
        tagged: A form outside all paradigms, with a tag.
        scores: The probabilities of a word's forms.
    """

    def __init__(
        self,
        analyzer: Any,  # noqa: ANN401
        known: Callable[[str], Sequence[tuple[str, "Form"]]],
        form_at: Callable[[int, int], "Form"],
        tagged: Callable[[str], "Form"],
        scores: Callable[[str, Iterable["Form"]], list[float]],
    ) -> None:
        units = {type(unit).__name__.removesuffix("Analyzer"): unit for unit, _ in analyzer._units}
        self._particle, self._adverb = units["HyphenSeparatedParticle"], units["HyphenAdverb"]
        self._hyphen, self._known_prefix = units["HyphenatedWords"], units["KnownPrefix"]
        self._unknown_prefix, self._suffix = units["UnknownPrefix"], units["KnownSuffix"]
        self._analyzer, self._known, self._form_at, self._scores = analyzer, known, form_at, scores
        self._adverb_form, self._unknown_form = tagged("ADVB"), tagged("UNKN")
        self._agreement = lru_cache(maxsize=4096)(self._agreement_of_halves)
        self._like = lru_cache(maxsize=4096)(self._forms_like)
        self.readings = lru_cache(maxsize=4096)(self._readings)

    @staticmethod
    def reads(word: str) -> bool:
        """Whether a word in lower case is one that these rules are for."""
        return bool(_RUSSIAN.fullmatch(word))

    def _readings(self, word: str) -> tuple[Guess, ...]:
        """The readings of a word in lower case, known or not, as pymorphy orders them."""
        found = self._of_dictionary(word)
        if not found and len(word) <= _LONGEST:
            found = self._of_parts(word)
        found = found or self._of_analogy(word)
        if not found:
            found = [Guess(word, word, self._unknown_form, 1.0, (("unknown", word),))]
        scores = self._scores(word, [guess.form for guess in found])
        is_unknown = sum(scores) == 0
        if is_unknown:
            factor = 1.0 / sum([guess.score for guess in found])
            scores = [guess.score * factor for guess in found]
        weighed = [
            Guess(guess.word, guess.lemma, guess.form, score, guess.methods)
            for guess, score in zip(found, scores, strict=True)
        ]
        return tuple(weighed if is_unknown else sorted(weighed, key=_score, reverse=True))

    def _of_dictionary(self, word: str) -> list[Guess]:
        return [
            Guess(spelling, form.lemma(spelling), form, 1.0, (("dictionary", spelling, form.paradigm, form.place),))
            for spelling, form in self._known(word)
        ]

    def _of_parts(self, word: str) -> list[Guess]:
        joined: list[Guess] = []
        if "-" in word:
            joined = list(self._of_particle(word)) or list(self._of_adverb(word)) or list(self._of_halves(word))
        return joined or list(self._of_known_prefix(word))

    def _of_particle(self, word: str) -> Iterator[Guess]:
        unit = self._particle
        for rest, particle in unit.possible_splits(word):
            yield from _unseen(
                Guess(
                    f"{inner.word}{particle}",
                    f"{inner.lemma}{particle}",
                    inner.form,
                    inner.score * unit.score_multiplier,
                    (*inner.methods, ("particle", particle)),
                )
                for inner in self.readings(rest)
            )
            return

    def _of_adverb(self, word: str) -> Iterator[Guess]:
        if self._adverb.should_parse(word):
            yield Guess(word, word, self._adverb_form, self._adverb.score_multiplier, (("adverb", word),))

    def _of_halves(self, word: str) -> Iterator[Guess]:
        unit = self._hyphen
        if not unit._should_parse(word):
            return
        begin, _, end = word.partition("-")
        rights = self.readings(end)
        for left in self.readings(begin):
            if not left.form.is_word:
                continue
            for right in rights:
                if self._agreement(left.form.tag.grammemes) == self._agreement(right.form.tag.grammemes):
                    methods = (("halves", left.methods, right.methods),)
                    text, lemma = f"{left.word}-{right.word}", f"{left.lemma}-{right.lemma}"
                    yield Guess(text, lemma, left.form, left.score * unit.score_multiplier, methods)
        for right in rights:
            if right.form.is_word:
                fixed = (("halves", begin, right.methods),)
                text, lemma = f"{begin}-{right.word}", f"{begin}-{right.lemma}"
                yield Guess(text, lemma, right.form, right.score * unit.score_multiplier, fixed)

    def _agreement_of_halves(self, grammemes: frozenset[str]) -> Any:  # noqa: ANN401
        """The grammemes that two words joined by a hyphen have in common where both are inflected."""
        return self._hyphen._similarity_features(SimpleNamespace(grammemes=grammemes))

    def _of_known_prefix(self, word: str) -> Iterable[Guess]:
        unit = self._known_prefix
        return _unseen(
            _prefixed(prefix, inner, unit.score_multiplier)
            for prefix, rest in unit.possible_splits(word)
            for inner in self.readings(rest)
            if inner.form.is_productive
        )

    def _of_analogy(self, word: str) -> list[Guess]:
        unit = self._unknown_prefix
        splits = range(1, 1 + min(_MAX_PREFIX, len(word) - _MIN_REST))
        found = list(
            _unseen(
                _prefixed(word[:split], inner, unit.score_multiplier)
                for split in splits
                for inner in self._of_dictionary(word[split:])
                if inner.form.is_productive
            )
        )
        return found + self._of_suffix(word, set(map(_identity, found)))

    def _of_suffix(self, word: str, seen: set[Any]) -> list[Guess]:
        """The readings of the known words that end alike, the longest ends first."""
        unit, found = self._suffix, []
        if len(word) < unit.min_word_length:
            return []
        for number, prefix in unit._paradigm_prefixes:
            if not word.startswith(prefix):
                continue
            total, counted = 1, []
            for length in unit._prediction_splits:
                for suffix, forms in self._like(number, word[-length:]):
                    spelling = f"{word[:-length]}{suffix}"
                    for count, form in forms:
                        total += count
                        identity = spelling, form.name, form.paradigm
                        if identity not in seen:
                            seen.add(identity)
                            counted.append((count, spelling, suffix, form))
                if total > 1:
                    break
            for count, spelling, suffix, form in counted:
                methods = (("suffix of", spelling, form.paradigm, form.place), ("suffix", suffix))
                score = count / total * unit.score_multiplier
                found.append(Guess(spelling, form.lemma(spelling), form, score, methods))
        return sorted(found, key=_score, reverse=True)

    def _forms_like(self, number: int, end: str) -> list[tuple[str, list[tuple[int, "Form"]]]]:
        """The productive forms of words with an end, by its spelling, and how many words have each."""
        table = self._analyzer.dictionary.prediction_suffixes_dawgs[number]
        found = []
        for suffix, places in table.similar_items(end, self._analyzer.char_substitutes):
            forms = [(count, self._form_at(paradigm, place)) for count, paradigm, place in places]
            found.append((suffix, [(count, form) for count, form in forms if form.is_productive]))
        return found


def _prefixed(prefix: str, inner: Guess, factor: float) -> Guess:
    return Guess(
        f"{prefix}{inner.word}",
        f"{prefix}{inner.lemma}",
        inner.form,
        inner.score * factor,
        (*inner.methods, ("prefix", prefix)),
    )


def _score(guess: Guess) -> float:
    return guess.score


def _identity(guess: Guess) -> tuple[Any, ...]:
    """What makes two readings the same to pymorphy."""
    base = guess.methods[0]
    return guess.word, guess.form.name, base[2] if len(base) > 2 else None


def _unseen(guesses: Iterable[Guess]) -> Iterable[Guess]:
    first: dict[tuple[Any, ...], Guess] = {}
    for guess in guesses:
        first.setdefault(_identity(guess), guess)
    return first.values()
