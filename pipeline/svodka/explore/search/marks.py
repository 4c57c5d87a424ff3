"""What of a text was found: the words of a query marked in it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from svodka.explore.search.query import WORD, Query, Term, Words, fold, folded_words


class Piece(NamedTuple):
    """A piece of a text.

    Attributes:
        text: The piece.
        is_hit: Whether it is what was looked for.
    """

    text: str
    is_hit: bool


class Lemma(NamedTuple):
    """A token of a text with its lemma."""

    start: int
    end: int
    lemma: str


def marked(text: str, query: Query, lemmas: Iterable[Lemma] = ()) -> tuple[Piece, ...]:
    """A text in pieces, those that a query finds marked.

    Args:
        text: The text.
        query: What is looked for.
        lemmas: The tokens of the text that have a lemma, in order.

    >>> from svodka.explore.search.query import parse
    >>> marked("О мостах.", parse("мост*"))
    (Piece(text='О ', is_hit=False), Piece(text='мостах', is_hit=True), Piece(text='.', is_hit=False))
    """
    spans = sorted(_spans(text, query, list(lemmas)))
    pieces: list[Piece] = []
    done = 0
    for start, end in spans:
        if end <= done:
            continue
        start = max(start, done)
        if start > done:
            pieces.append(Piece(text[done:start], False))
        pieces.append(Piece(text[start:end], True))
        done = end
    if done < len(text):
        pieces.append(Piece(text[done:], False))
    return tuple(pieces)


def _spans(text: str, query: Query, lemmas: list[Lemma]) -> Iterator[tuple[int, int]]:
    if not query.terms:
        return
    places = [found.span() for found in WORD.finditer(text)]
    words = [fold(text[start:end]) for start, end in places]
    wanted = {lemma for term in query.terms for lemma in term.lemmas}
    for token in lemmas:
        if wanted and folded_words(token.lemma) in wanted:
            yield token.start, token.end
    for term in query.terms:
        for first, last in _runs(words, term):
            yield places[first][0], places[last][1]


def _runs(words: list[str], term: Term) -> Iterator[tuple[int, int]]:
    """Where a term stands among words: its first and its last one."""
    length = len(term.words)
    for first in range(len(words) - length + 1):
        if _stands(tuple(words[first : first + length]), term):
            yield first, first + length - 1


def _stands(words: Words, term: Term) -> bool:
    if term.kind != "prefix":
        return words == term.words
    return words[:-1] == term.words[:-1] and words[-1].startswith(term.words[-1])
