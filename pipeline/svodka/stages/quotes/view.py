"""A document as plain lists: what the rules of the quotes stage read."""

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import Any

from spacy.attrs import DEP, HEAD, LEMMA, MORPH, POS
from spacy.tokens import Doc

from svodka.document import get_entities, get_mentions
from svodka.records import Entity, Mention

DASHES = frozenset("—–-―−")
OPEN_MARKS = frozenset('«„“"')
CLOSE_MARKS = frozenset('»“”"')
MARKS = OPEN_MARKS | CLOSE_MARKS
STOPS = frozenset((".", "!", "?", "…", "...", "?!", "!?", "!!!", "!..", "?..", "??", "!!"))
_BREAK = re.compile(r"[\n\r\u2028\u2029]+")

Span = tuple[int, int]


def fold(text: str) -> str:
    """Lower case, е for ё."""
    return text.lower().replace("ё", "е")


class View:
    """Columns of a document's tokens, its sentences, lines and mentions.

    All lists have one item a token; `starts` and `ends` are offsets in code points. White space is kept as tokens.
    """

    def __init__(self, doc: Doc) -> None:
        strings = doc.vocab.strings
        columns = doc.to_array([LEMMA, POS, DEP, HEAD, MORPH]).reshape(-1, 5)
        names = {int(value): strings[int(value)] for value in set(columns[:, :3].ravel().tolist())}
        features = {int(value): _features(strings[int(value)]) for value in set(columns[:, 4].tolist())}
        lemmas, pos, deps, offsets, morphs = (columns[:, index].tolist() for index in range(5))
        self.doc = doc
        self.text = doc.text
        self.size = len(doc)
        self.words = [token.text for token in doc]
        self.folded = [fold(word) for word in self.words]
        self.starts = [token.idx for token in doc]
        self.ends = [start + len(word) for start, word in zip(self.starts, self.words, strict=True)]
        self.lemmas = [fold(names[value]) for value in lemmas]
        self.pos = [names[value] for value in pos]
        self.deps = [names[value] for value in deps]
        self.heads = [index + _signed(offset) for index, offset in enumerate(offsets)]
        self.features = [features[value] for value in morphs]
        self.is_space = [value == "SPACE" or word.isspace() for value, word in zip(self.pos, self.words, strict=True)]
        self.sentences: list[Span] = [(sentence.start, sentence.end) for sentence in doc.sents] if len(doc) else []
        self._sentence_starts = [start for start, _ in self.sentences]
        self.mentions: list[Mention] = get_mentions(doc)
        self.entities: list[Entity] = get_entities(doc)
        self.lines = _lines(self.text)
        self._line_starts = [start for start, _ in self.lines]

    @cached_property
    def children(self) -> list[list[int]]:
        """Dependents of each token, in order."""
        children: list[list[int]] = [[] for _ in range(self.size)]
        for index, head in enumerate(self.heads):
            if head != index and not self.is_space[index]:
                children[head].append(index)
        return children

    @cached_property
    def edges(self) -> list[Span]:
        """First and last token of each token's subtree, as [first, last] inclusive."""
        left, right = list(range(self.size)), list(range(self.size))
        for start, end in self.sentences:
            # dependents before their heads: from the deepest up
            depth = self._depths(start, end)
            for index in sorted(range(start, end), key=lambda i: -depth[i - start]):
                head = self.heads[index]
                if head != index and not self.is_space[index]:
                    left[head] = min(left[head], left[index])
                    right[head] = max(right[head], right[index])
        return list(zip(left, right, strict=True))

    def _depths(self, start: int, end: int) -> list[int]:
        depths = [-1] * (end - start)
        for index in range(start, end):
            path: list[int] = []
            while depths[index - start] < 0 and self.heads[index] != index and len(path) <= end - start:
                path.append(index)
                index = self.heads[index]
            depth = max(depths[index - start], 0)
            depths[index - start] = depth
            for member in reversed(path):
                depth += 1
                depths[member - start] = depth
        return depths

    @cached_property
    def mention_at(self) -> list[int]:
        """Position of the mention that covers each token, -1 where none does."""
        covering = [-1] * self.size
        for number, mention in enumerate(self.mentions):
            first, last = self.tokens_of((mention.start, mention.end))
            for index in range(first, last):
                covering[index] = number
        return covering

    def feature(self, index: int, name: str) -> str | None:
        """Value of a UD feature of a token («Case» → «Nom»)."""
        return self.features[index].get(name)

    def sentence_of(self, index: int) -> Span:
        """Tokens [start, end) of the sentence of a token."""
        return self.sentences[bisect_right(self._sentence_starts, index) - 1]

    def sentence_number(self, index: int) -> int:
        """Number of the sentence of a token."""
        return bisect_right(self._sentence_starts, index) - 1

    def line_number(self, offset: int) -> int:
        """Number of the line of an offset."""
        return max(bisect_right(self._line_starts, offset) - 1, 0)

    def token_at(self, offset: int) -> int:
        """The first token that starts at or after an offset."""
        return bisect_left(self.starts, offset)

    def tokens_of(self, span: Span) -> Span:
        """Tokens [first, last) that lie inside a span of the text."""
        first = bisect_left(self.starts, span[0])
        last = bisect_right(self.ends, span[1])
        return first, max(first, last)

    def span_of(self, first: int, last: int) -> Span:
        """Offsets of tokens [first, last)."""
        return self.starts[first], self.ends[last - 1]

    def next_word(self, index: int) -> int:
        """The first token at or after `index` that is no white space; `size` where there is none."""
        while index < self.size and self.is_space[index]:
            index += 1
        return index

    def is_finite(self, index: int) -> bool:
        """Whether the token is a finite verb or a short predicate."""
        pos = self.pos[index]
        if pos in ("VERB", "AUX"):
            return self.feature(index, "VerbForm") == "Fin" or self.feature(index, "Variant") == "Short"
        return pos == "ADJ" and self.feature(index, "Variant") == "Short"

    def has_finite(self, first: int, last: int) -> bool:
        """Whether tokens [first, last) hold a finite verb or a short predicate."""
        return any(self.is_finite(index) for index in range(first, last))

    def trim(self, span: Span) -> Span | None:
        """A span of the text without white space at its ends; None where nothing is left."""
        start, end = span
        while start < end and self.text[start].isspace():
            start += 1
        while start < end and self.text[end - 1].isspace():
            end -= 1
        return (start, end) if start < end else None

    def ancestors(self, index: int) -> list[int]:
        """Heads of a token up to the root."""
        path: list[int] = []
        while self.heads[index] != index and len(path) < 200:
            index = self.heads[index]
            path.append(index)
        return path


def _features(text: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in text.split("|") if "=" in part)


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value


def _lines(text: str) -> list[Span]:
    """Lines of a text that hold anything, without the white space around them."""
    spans: list[Span] = []
    start = 0
    ends: list[Any] = [(match.start(), match.end()) for match in _BREAK.finditer(text)]
    for end, following in [*ends, (len(text), len(text))]:
        line = text[start:end]
        stripped = line.strip()
        if stripped:
            first = start + len(line) - len(line.lstrip())
            spans.append((first, first + len(stripped)))
        start = following
    return spans
