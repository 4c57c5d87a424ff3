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

from razdel import sentenize, tokenize
from razdel.segmenters.punct import DASHES, ENDINGS, SMILES
from razdel.segmenters.sentenize import BULLET_SIZE, DELIMITERS, SentSplit
from razdel.segmenters.sokr import INITIALS, PAIR_SOKRS, SOKRS
from razdel.segmenters.tokenize import PUNCTS

from svodka.memo import Memo

_REMEMBERED, _LONGEST_REMEMBERED = 30_000, 40
_PUNCT = re.escape(PUNCTS)
_JOINERS = re.escape(DASHES + "_")
# Marks at the edge of a chunk that may join what is on both their sides: dashes words, points and slashes numbers.
_SEES_BEYOND = re.compile(rf"^(?:[{_JOINERS}][^{_PUNCT}]|[.,/\\]\d)|(?:[^{_PUNCT}][{_JOINERS}]|\d[.,/\\])$")
# A word, perhaps hyphenated, with a mark or two about it: most chunks; none of razdel's rules joins its marks.
_ATOM = r"(?:[а-яё]+|[a-z]+|\d+)"
_PLAIN_CHUNK = re.compile(rf'([«"(]?)({_ATOM}(?:[{re.escape(DASHES)}]{_ATOM})*)([»")]?)([.,:;?…]?)', re.IGNORECASE)
# What razdel's rules ask of an atom beyond a space, and one that answers for all of its kind.
_KINDS = ((re.compile(rf"[{_PUNCT}]"), "!"), (re.compile(r"\d"), "1"), (re.compile("."), "а"))
_GAP = re.compile(r"[^\S ]\s*| \s+")
# No sentence ends where there is no white space, nor before a small letter.
_SENTENCE_END = re.compile(rf"(?:{SMILES}|[{re.escape(DELIMITERS)}])(?=\s)(?!\s[а-яё]+(?![^\W\d]))")
_SHORTENINGS = SOKRS | INITIALS | {first for first, *_ in PAIR_SOKRS}
_OPEN_QUOTES, _CLOSE_QUOTES = frozenset('"«'), frozenset('"»')
_WINDOW = 10


class _Chunks(Memo[str, tuple[str, ...]]):
    """Tokens by chunk; none where they depend on the neighbours."""

    def __missing__(self, key: str) -> tuple[str, ...]:
        """Work out long ones each time: they are rare and big."""
        return super().__missing__(key) if len(key) <= _LONGEST_REMEMBERED else self.work_out(key)

    def work_out(self, key: str) -> tuple[str, ...]:
        """The tokens of a chunk not seen yet."""
        if _SEES_BEYOND.search(key):
            return ()
        plain = _PLAIN_CHUNK.fullmatch(key)
        return tuple(filter(None, plain.groups())) if plain else _tokenize(key)


_chunks = _Chunks(_REMEMBERED)


def words_and_spaces(text: str) -> tuple[list[str], list[bool]]:
    """Razdel's tokens as spaCy stores them, and whether one space follows each.

    White space beyond one space after a token is a token of its own, so that all of them together give the text.

    >>> words_and_spaces("Да,  кто-то тут.")
    (['Да', ',', ' ', 'кто-то', 'тут', '.'], [False, True, False, True, False, False])
    """
    chunks, gaps = _split(text)
    tokens = list(map(_chunks.__getitem__, chunks))
    counts = list(map(len, tokens))
    if not all(counts):
        for index in [index for index, count in enumerate(counts) if not count]:
            before = _kind(chunks[index - 1][-1]) if index else ""
            after = _kind(chunks[index + 1][0]) if index + 1 < len(chunks) else ""
            tokens[index] = _tokenize_between(before, chunks[index], after)
            counts[index] = len(tokens[index])
    words: list[str] = []
    spaces: list[bool] = []
    first = 0
    for end, gap in gaps:
        words += chain.from_iterable(tokens[first:end])
        spaces += chain.from_iterable(map(_flags, counts[first:end]))
        if words:
            spaces[-1] = gap.startswith(" ")
            gap = gap[spaces[-1] :]
        if gap:
            words.append(gap)
            spaces.append(False)
        first = end
    return words, spaces


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


def _split(text: str) -> tuple[list[str], list[tuple[int, str]]]:
    """What stands between white space; and after how many chunks what white space stands, other than one space.

    The white space at the end is always told, even where it is none.
    """
    chunks: list[str] = []
    gaps: list[tuple[int, str]] = []
    position = 0
    body = len(text.rstrip())
    if text[:1].isspace():
        position = len(text) - len(text.lstrip())
        gaps.append((0, text[:position]))
    for match in _GAP.finditer(text, position, body):
        chunks += text[position : match.start()].split(" ")
        gaps.append((len(chunks), match.group()))
        position = match.end()
    if position < body:
        chunks += text[position:body].split(" ")
    gaps.append((len(chunks), text[max(position, body) :]))
    return chunks, gaps


def _kind(character: str) -> str:
    return next(example for pattern, example in _KINDS if pattern.match(character))


def _tokenize(text: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokenize(text))


def _tokenize_between(before: str, chunk: str, after: str) -> tuple[str, ...]:
    """Tokens of a chunk between neighbours of these kinds; "" is no neighbour."""
    tokens = _tokenize(f"{before} {chunk} {after}")
    return tokens[bool(before) : len(tokens) - bool(after)]


@lru_cache(maxsize=64)
def _flags(count: int) -> tuple[bool, ...]:
    """For the tokens of a chunk, whether a space follows: only after the last."""
    return (*[False] * (count - 1), True)
