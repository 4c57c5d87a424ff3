"""Words in the case that the models expect, where a headline or a whole text has none: «ЕГОРА КРИДА НЕ ПУСТИЛИ».

The models were trained on news in ordinary case and tell names by their capitals. A sentence all in capitals, and a
text without any, are shown to them with capitals on the words that the dictionary has as names or does not have at all.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import compress

from svodka.stages.columns import Columns
from svodka.stages.pymorphy import get_dictionary

_NAMES = frozenset({"Name", "Surn", "Patr", "Geox", "Orgn", "Trad"})
# A shorter run of capitals is rather an acronym or a name of its own: «ИТАР-ТАСС», «МВД РФ».
_FEWEST_WORDS = 3
_FEWEST_LETTERS = 12
_LONGEST_ACRONYM = 4


def cased(words: Sequence[str], tokens: Columns) -> Sequence[str]:
    """The words of a document as the models shall see them: the same where there is nothing to mend.

    Args:
        words: The words, one a token.
        tokens: The tokens.
    """
    text = tokens.text
    if text.islower():
        return _cased_words(words) if len(words) >= _FEWEST_WORDS else words
    starts, ends = tokens.starts, tokens.ends
    shouted = [
        (start, end)
        for start, end in tokens.sentences
        if text[starts[start] : ends[end - 1]].isupper() and _is_sentence(words[start:end])
    ]
    if not shouted:
        return words
    mended = list(words)
    for start, end in shouted:
        mended[start:end] = _cased_words(words[start:end])
    return mended


def _is_sentence(words: Sequence[str]) -> bool:
    letters = list(compress(words, map(str.isalpha, words)))
    return len(letters) >= _FEWEST_WORDS and sum(map(len, letters)) >= _FEWEST_LETTERS


def _cased_words(words: Sequence[str]) -> list[str]:
    """The words with capitals where names have them; what can be a surname is one after a first name."""
    return [_cased(word, after_name=_is_name(before)) for before, word in zip(("", *words), words, strict=False)]


def _is_name(word: str) -> bool:
    return any(reading.known and "Name" in reading.grammemes for reading in get_dictionary().analyses(word)[:1])


@lru_cache(maxsize=5_000)
def _cased(word: str, *, after_name: bool) -> str:
    readings = [reading for reading in get_dictionary().analyses(word) if reading.known]
    if after_name and any("Surn" in reading.grammemes for reading in readings):
        return word.title()
    if not readings:
        is_acronym = word.isupper() and len(word) <= _LONGEST_ACRONYM
        return word if is_acronym or len(word) == 1 else word.title()
    best = readings[0].grammemes
    if "Abbr" in best:
        return word.upper()
    return word.title() if best & _NAMES else word.lower()


def phrase_in_case(phrase: str) -> str:
    """A phrase that is all in capitals as it would stand in a sentence; any other as it is.

    >>> phrase_in_case("ПРЕЗИДЕНТ УЗБЕКИСТАНА"), phrase_in_case("Президент США")
    ('президент Узбекистана', 'Президент США')
    """
    return " ".join(_cased_words(phrase.split(" "))) if phrase.isupper() else phrase
