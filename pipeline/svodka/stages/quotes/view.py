"""A document as plain lists: what the rules of the quotes stage read."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

from spacy.tokens import Doc

from svodka.document import get_entities, get_mentions
from svodka.records import Entity, Mention
from svodka.stages.columns import columns

DASHES = frozenset("—–-―−")
OPEN_MARKS = frozenset('«„“"')
CLOSE_MARKS = frozenset('»“”"')
MARKS = OPEN_MARKS | CLOSE_MARKS
STOPS = frozenset((".", "!", "?", "…", "...", "?!", "!?", "!!!", "!..", "?..", "??", "!!"))
_GLUED = re.compile(r"(?<=[а-яё]{3})\.(?=[А-ЯЁ][а-яё]+\s)")
_LINE = re.compile(r"\S(?:[^\n\r\u2028\u2029]*\S)?")

Span = tuple[int, int]


def _lines(text: str) -> list[Span]:
    """Lines without the white space around them; one that a fixed width broke goes on in the next."""
    lines: list[Span] = []
    for match in _LINE.finditer(text):
        start, end = match.span()
        if lines and text[start].islower() and text[lines[-1][1] : start].count("\n") == 1:
            before = text[lines[-1][1] - 1]
            if before.isalnum() or before in ",»":
                lines[-1] = lines[-1][0], end
                continue
        lines.append((start, end))
    return lines


class View:
    """Columns of a document's tokens, its sentences, lines and mentions.

    All lists have one item a token; `starts` and `ends` are offsets in code points. White space is kept as tokens.
    """

    def __init__(self, doc: Doc) -> None:
        self.tokens = tokens = columns(doc)
        self.text = tokens.text
        self.size = len(tokens)
        self.words = tokens.words
        self.folded = tokens.folded
        self.starts = tokens.starts
        self.ends = tokens.ends
        self.lemmas = tokens.lemmas
        self.pos = tokens.pos
        self.deps = tokens.deps
        self.heads = tokens.heads
        self.features = tokens.features
        self.is_space = tokens.is_space
        self.sentences, self._sentence_of = self._parted(tokens.sentences, tokens.sentence_of)
        self._trees: dict[int, Mapping[int, Sequence[int]]] = {}
        self.mentions: list[Mention] = get_mentions(doc)
        self.entities: list[Entity] = get_entities(doc)
        # lines that hold anything, without the white space around them
        self.lines: list[Span] = _lines(self.text)

    def _parted(self, sentences: list[Span], sentence_of: list[int]) -> tuple[list[Span], list[int]]:
        """Sentences, parted where the space after a full stop is missing: «не будет.Эксперты считают»."""
        glued = [stop.start() for stop in _GLUED.finditer(self.text)]
        if not glued:
            return sentences, sentence_of
        ends = {bisect_left(self.starts, offset) + 1 for offset in glued}
        parted: list[Span] = []
        for start, end in sentences:
            for cut in sorted(cut for cut in ends if start < cut < end and self.words[cut - 1] == "."):
                parted.append((start, cut))
                start = cut
            parted.append((start, end))
        numbers = [number for number, (start, end) in enumerate(parted) for _ in range(start, end)]
        return parted, numbers

    def children(self, index: int) -> Sequence[int]:
        """Dependents of a token, in order."""
        return self._tree_of(index).get(index, ())

    def _tree_of(self, index: int) -> Mapping[int, Sequence[int]]:
        """Dependents of the tokens of a sentence that have any; made for the sentences that are asked about."""
        number = self._sentence_of[index]
        known = self._trees.get(number)
        if known is not None:
            return known
        start, end = self.sentences[number]
        dependents: dict[int, list[int]] = defaultdict(list)
        for index, head in enumerate(self.heads[start:end], start):
            if head != index:
                dependents[head].append(index)
        self._trees[number] = dependents
        return dependents

    def has_child(self, index: int, words: frozenset[str]) -> bool:
        """Whether one of the dependents of a token is one of these words (lower case, е for ё)."""
        start, end = self.sentence_of(index)
        return not words.isdisjoint(self.folded[start:end]) and any(
            self.folded[child] in words for child in self.children(index)
        )

    def edges(self, index: int) -> Span:
        """First and last token of a token's subtree, inclusive."""
        tree = self._tree_of(index)
        if index not in tree:
            return index, index
        subtree = {index}
        pending = [index]
        while pending:
            for child in tree.get(pending.pop(), ()):
                if child not in subtree:  # a damaged tree may turn in a circle
                    subtree.add(child)
                    pending.append(child)
        return min(subtree), max(subtree)

    @cached_property
    def mention_at(self) -> list[int]:
        """Position of the mention that covers each token, -1 where none does."""
        covering = [-1] * self.size
        for number, mention in enumerate(self.mentions):
            first = bisect_left(self.starts, mention.start)
            last = bisect_right(self.ends, mention.end, first)
            covering[first:last] = [number] * (last - first)
        return covering

    def label_at(self, index: int) -> str | None:
        """Label of the mention that covers a token (PER, ORG, LOC); None where none does."""
        number = self.mention_at[index]
        return self.mentions[number].label if number >= 0 else None

    def has_subject(self, verb: int) -> bool:
        """Whether a subject hangs on a verb."""
        return any(self.deps[child].startswith("nsubj") for child in self.children(verb))

    def feature(self, index: int, name: str) -> str | None:
        """Value of a UD feature of a token («Case» → «Nom»)."""
        return self.features[index].get(name)

    def sentence_of(self, index: int) -> Span:
        """Tokens [start, end) of the sentence of a token."""
        return self.sentences[self._sentence_of[index]]

    def sentence_number(self, index: int) -> int:
        """Number of the sentence of a token."""
        return self._sentence_of[index]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [start for start, _ in self.lines]

    def sentence_at(self, offset: int) -> int:
        """Number of the sentence at an offset."""
        return self.sentence_number(min(self.token_at(offset), self.size - 1))

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


def is_dash(view: View, index: int) -> bool:
    """Whether a token is a dash."""
    return view.words[index] in DASHES or view.words[index] == "-"
