"""razdel's tokens and sentence ends: nothing is worked out twice, and nothing where razdel's rules cannot speak.

razdel cuts a text into atoms (letters of one script, digits, a single mark) and joins neighbours that touch, by rules
that see two atoms to each side. So the tokens of a chunk between white space depend on the chunk alone, and are
remembered; save where its first or last character is a mark that joins what stands on both sides of it, for which
razdel looks past the white space («5, 6» but «5», «,» before a word). A sentence can end only before white space.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

import numpy as np
import numpy.typing as npt
from razdel import sentenize, tokenize
from razdel.segmenters.punct import DASHES, ENDINGS, SMILES
from razdel.segmenters.sentenize import BULLET_SIZE, DELIMITERS, SentSplit
from razdel.segmenters.sokr import INITIALS, PAIR_SOKRS, SOKRS
from razdel.segmenters.tokenize import PUNCTS

from svodka.memo import Memo

_REMEMBERED, _LONGEST_REMEMBERED = 40_000, 40
_PUNCT = re.escape(PUNCTS)
_JOINERS = re.escape(DASHES + "_")
# Marks at the edge of a chunk that may join what is on both their sides: dashes words, points and slashes numbers.
_SEES_BEYOND = re.compile(rf"^(?:[{_JOINERS}][^{_PUNCT}]|[.,/\\]\d)|(?:[^{_PUNCT}][{_JOINERS}]|\d[.,/\\])$")
# razdel's rules for the atoms of one chunk: letters joined by others than Russian and Latin ones, words by dashes,
# numbers by points and slashes; the name «Yahoo!»; smileys, stops, dashes and asterisks in a row; a mark by itself.
_LETTERS, _OTHER = "(?:[а-яё]+|[a-z]+)", rf"[^\sа-яёa-z\d{_PUNCT}]"
_ATOM = rf"(?:{_LETTERS}(?:{_OTHER}{_LETTERS}?)*|(?:{_OTHER}{_LETTERS}?)+|\d+)"
_STOPS = re.escape(ENDINGS)
_TOKEN = re.compile(
    rf"{_ATOM}(?:[{_JOINERS}]{_ATOM}|(?<=\d)[.,/\\]\d+)*(?:(?<=yahoo)(?<![a-z]yahoo)![{_STOPS}]*)?"
    rf"|[=:;][()]{{1,3}}|[{_STOPS}]+|-+|\*+|[{_PUNCT}]",
    re.IGNORECASE,
)
# What razdel's rules ask of an atom beyond a space, and one that answers for all of its kind.
_KINDS = ((re.compile(rf"[{_PUNCT}]"), "!"), (re.compile(r"\d"), "1"), (re.compile("."), "а"))
# The commonest chunk, which no rule is asked about: a Russian word, perhaps with a mark after it.
_WORD = re.compile("([а-яё]+)([.,:;!?»)]?)", re.IGNORECASE)
_GAP = re.compile(r"[^\S ]\s*| \s+")
# No sentence ends where there is no white space, nor before a small letter.
_SENTENCE_END = re.compile(rf"(?:{SMILES}|[{re.escape(DELIMITERS)}])(?=\s)(?!\s[а-яё]+(?![^\W\d]))")
_SHORTENINGS = SOKRS | INITIALS | {first for first, *_ in PAIR_SOKRS}
_OPEN_QUOTES, _CLOSE_QUOTES = frozenset('"«'), frozenset('"»')
_WINDOW = 10


class _Remembered(Memo[str, tuple[str, ...]]):
    """Tokens by text; those of a long text are worked out each time: they are rare and big."""

    def __missing__(self, key: str) -> tuple[str, ...]:
        """Remember the tokens of a short text."""
        return super().__missing__(key) if len(key) <= _LONGEST_REMEMBERED else self.work_out(key)


class _Chunks(_Remembered):
    """Tokens by chunk; none where they depend on the neighbours. White space is one token."""

    def work_out(self, key: str) -> tuple[str, ...]:
        """The tokens of a chunk not seen yet."""
        if word := _WORD.fullmatch(key):
            return word.groups() if word[2] else (key,)
        if _SEES_BEYOND.search(key):
            return ()
        return tuple(_TOKEN.findall(key)) or (key,)


class _Contexts(_Remembered):
    """Tokens of short texts with white space, as razdel cuts them."""

    def work_out(self, key: str) -> tuple[str, ...]:
        """The tokens of a text not seen yet."""
        return tuple([token.text for token in tokenize(key)])


_chunks, _contexts = _Chunks(_REMEMBERED), _Contexts(_REMEMBERED)


def cut_words(text: str) -> tuple[list[str], npt.NDArray[np.bool_], list[int]]:
    """Razdel's tokens as spaCy stores them: white space beyond one space after a token is a word too.

    >>> words, spaces, white = cut_words("Да,  кто-то тут.")
    >>> words, spaces.tolist(), white
    (['Да', ',', ' ', 'кто-то', 'тут', '.'], [False, True, False, True, False, False], [2])

    Returns:
        The words; together with the spaces they are the text.
        Whether a space follows each word.
        Which of the words are white space.
    """
    chunks, white, unspaced = _split(text)
    tokens = list(map(_chunks.__getitem__, chunks))
    if not all(tokens):
        for index in [index for index, found in enumerate(tokens) if not found]:
            tokens[index] = _tokenize_between(_beside(chunks, index, -1), chunks[index], _beside(chunks, index, 1))
    words = list(chain.from_iterable(tokens))
    last = np.cumsum(np.fromiter(map(len, tokens), np.int64, len(tokens))) - 1
    spaces = np.zeros(len(words), dtype=np.bool_)
    spaces[last] = True
    spaces[last[unspaced]] = False
    return words, spaces, last[white].tolist()


def sentence_ends(text: str, start: int, end: int) -> Iterator[int]:
    """Where sentences of a part of a text end, as razdel cuts the part, save at its end.

    Args:
        text: Any text.
        start: Where the part begins.
        end: Where it ends.

    Yields:
        The offset after the last character of a sentence.
    """
    begin = start
    for match in _SENTENCE_END.finditer(text, start, end):
        first, last = match.span()
        left = text[max(start, first - _WINDOW) : first]
        right = text[last : min(last + _WINDOW, end)]
        if not _is_plain_end(left, match.group(), right):
            # razdel reads no buffer longer than a bullet
            buffer = text[begin : min(first, begin + BULLET_SIZE + 1)]
            if sentenize.join(SentSplit(left, match.group(), right, buffer)):
                continue
        yield last
        begin = last


def _is_plain_end(left: str, mark: str, right: str) -> bool:
    """Whether none of razdel's rules joins: a closing quote or a full Russian word, the stop, a capital or a quote."""
    word = left.rpartition(" ")[2]
    return (
        mark in ENDINGS
        and (right[1:2].isupper() or right[1:2] in _OPEN_QUOTES)
        and (
            left[-1:] in _CLOSE_QUOTES
            or (len(word) > 1 and word.isalpha() and not word.isascii() and word.lower() not in _SHORTENINGS)
        )
    )


def _split(text: str) -> tuple[list[str], list[int], list[int]]:
    """What stands between single spaces.

    Returns:
        The chunks; white space beyond one space after a chunk is one too.
        Which of them are white space.
        Which of them no space follows.
    """
    begin, body = len(text) - len(text.lstrip()), len(text.rstrip())
    chunks, white, unspaced = ([text[:begin]], [0], [0]) if begin else ([], [], [])
    if not body:
        return chunks, white, unspaced
    position = begin
    for start, end in chain(map(re.Match.span, _GAP.finditer(text, begin, body)), [(body, len(text))]):
        chunks += text[position:start].split(" ")
        spaced = text.startswith(" ", start)
        if not spaced:
            unspaced.append(len(chunks) - 1)
        if start + spaced < end:
            white.append(len(chunks))
            unspaced.append(len(chunks))
            chunks.append(text[start + spaced : end])
        position = end
    return chunks, white, unspaced


def _beside(chunks: list[str], index: int, step: int) -> str:
    """The chunk before (-1) or after (1) one, white space left out; "" where there is none."""
    while 0 <= (index := index + step) < len(chunks):
        if not chunks[index].isspace():
            return chunks[index]
    return ""


@lru_cache(maxsize=4096)
def _kind(character: str) -> str:
    return next((example for pattern, example in _KINDS if pattern.match(character)), "")


def _tokenize_between(before: str, chunk: str, after: str) -> tuple[str, ...]:
    """Tokens of a chunk between two others; "" is no neighbour."""
    before, after = _kind(before[-1:]), _kind(after[:1])
    tokens = _contexts[f"{before} {chunk} {after}"]
    return tokens[bool(before) : len(tokens) - bool(after)]
