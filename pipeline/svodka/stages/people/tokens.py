"""Small questions about the tokens of a document, by their places."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import compress, pairwise

from svodka.stages.columns import Columns

# Cases that are one form of masculine persons, so that tags confuse them.
ANIMATE = frozenset({"Gen", "Acc"})


def case_of(tokens: Columns, place: int) -> str:
    """UD case of a token, empty where it has none."""
    return tokens.features[place].get("Case", "")


def is_plural(tokens: Columns, place: int) -> bool:
    """Whether the tag says plural."""
    return tokens.features[place].get("Number") == "Plur"


def begins_sentence(tokens: Columns, place: int) -> bool:
    """Whether a token is the first of its sentence."""
    return tokens.sentences[tokens.sentence_of[place]][0] == place


def places_of(values: Sequence[str], wanted: AbstractSet[str]) -> list[int]:
    """The places of a column that hold one of these values; all tokens are passed at the speed of C.

    >>> places_of(["министр", "и", "посол"], {"посол", "министр"})
    [0, 2]
    """
    return list(compress(range(len(values)), map(wanted.__contains__, values)))


def without_space(tokens: Columns, start: int, end: int) -> list[int]:
    """The tokens [start, end) that are no white space."""
    is_space = tokens.is_space
    if True not in is_space[start:end]:
        return list(range(start, end))
    return [place for place in range(start, end) if not is_space[place]]


def text_of(tokens: Columns, start: int, end: int) -> str:
    """The text of the tokens [start, end) as it stands, empty where there are none."""
    return tokens.text[tokens.starts[start] : tokens.ends[end - 1]] if start < end else ""


def spacing(tokens: Columns, places: Sequence[int]) -> tuple[bool, ...]:
    """Whether a space or a line break stands before each of these tokens but the first."""
    if len(places) < 2:
        return ()
    starts, ends = tokens.starts, tokens.ends
    return tuple([starts[place] > ends[before] for before, place in pairwise(places)])


def join(words: Sequence[str], spaces: Sequence[bool]) -> str:
    """The words of a phrase with its `spacing`.

    >>> join(["Ростов", "-", "на", "-", "Дону"], [False] * 4)
    'Ростов-на-Дону'
    """
    if all(spaces):
        return " ".join(words)
    pieces = [*words[:1]]
    for space, word in zip(spaces, words[1:], strict=True):
        pieces.append(" " + word if space else word)
    return "".join(pieces)
