"""A bottom-up chart parser for small grammars over lexemes.

Patterns are compiled into one trie of kinds; the chart is filled from the right, so that all that can follow a place
is known when the place is reached (left-corner parsing, filtered from above by what stands before). Lexemes that mean
nothing in the grammar cut the text into islands, and only islands around a trigger are ever looked at: most of a text
costs one look-up in a set.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import Any, NamedTuple

from svodka.stages.dates.expressions import Expression
from svodka.stages.dates.lexemes import Lexemes, Lexicon
from svodka.stages.dates.prospects import Prospects
from svodka.stages.dates.site import Condition, Site, every


class Edge(NamedTuple):
    """A kind and value found between two lexemes.

    Attributes:
        start: Index of the first lexeme.
        end: One past the last.
        kind: Terminal or nonterminal of the grammar.
        value: Number, expression or whatever the pattern built.
        rule: Id of the pattern; empty for a lexeme.
        rank: Place of the pattern in the grammar: of two readings of one span, the earlier pattern wins.
    """

    start: int
    end: int
    kind: str
    value: Any
    rule: str
    rank: int


class Match(dict[str, Any]):
    """The values of the slots that were filled, by name; a slot is named by its kind unless it says ``name=kind``.

    Attributes:
        edges: What filled the slots, in order.
    """

    __slots__ = ("edges",)

    def __init__(self, names: Iterable[str], edges: Sequence[Edge]) -> None:
        super().__init__(zip(names, [edge.value for edge in edges], strict=True))
        self.edges = edges


@dataclass(frozen=True, slots=True)
class Pattern:
    """One rule of the grammar.

    Attributes:
        rule: Id, written into the `rule` column; empty for a step that leaves the id of its only part.
        kind: What the pattern makes. A kind that begins with a capital is an expression of its own.
        form: Alternatives, one a line. A line is slots: a kind, ``'слово'`` in quotes, ``(a|b)``, ``name=kind``;
            ``?`` makes a slot optional.
        build: From the filled slots to the value; None refuses.
        yes: Example, the expression in square brackets.
        no: Something alike that is not this.
        when: Conditions on the surroundings: all must hold.
    """

    rule: str
    kind: str
    form: str
    build: Callable[[Match], Any]
    yes: str = ""
    no: str = ""
    when: tuple[Condition, ...] = ()


@dataclass(slots=True)
class _Node:
    children: dict[str, "_Node"] = field(default_factory=dict)
    accepts: list[tuple[int, Pattern, Condition | None, tuple[str, ...]]] = field(default_factory=list)


_SLOT = re.compile(r"(?:(?P<name>\w+)=)?(?:\((?P<many>[^)]*)\)|(?P<one>[^\s?]+))(?P<optional>\?)?(?:\s+|$)")


class Grammar:
    """Compiled patterns.

    Args:
        patterns: In order of precedence.
        triggers: Kinds of lexemes without which nothing can be an expression.
    """

    def __init__(self, patterns: Iterable[Pattern], triggers: frozenset[str]) -> None:
        self.patterns = list(patterns)
        self._root = _Node()
        self._paths: list[tuple[str, list[str]]] = []
        literals: set[str] = set()
        for rank, pattern in enumerate(self.patterns):
            for line in pattern.form.strip().splitlines():
                for path in _expand(line.strip()):
                    literals.update(kind[1:-1] for kind, _ in path if kind.startswith("'"))
                    self._add(path, rank, pattern)
        self.lexicon = Lexicon(frozenset(literals))
        self._triggers = triggers | self._lone_words(triggers)
        self._trigger_words = self._words_of(self._triggers)
        for kind, value, parts in self.lexicon.phrases:
            phrase = Pattern("", kind, "", partial(_constant, value))
            for words in product(*parts):
                self._add([(f"'{word}'", "") for word in words], len(self.patterns), phrase)
        self._prospects = Prospects(self._paths)

    def _add(self, path: Sequence[tuple[str, str]], rank: int, pattern: Pattern) -> None:
        self._paths.append((pattern.kind, [kind for kind, _ in path]))
        node = self._root
        for kind, _ in path:
            node = node.children.setdefault(kind, _Node())
        node.accepts.append((rank, pattern, every(pattern.when), tuple(name for _, name in path)))

    def _words_of(self, kinds: Set[str]) -> frozenset[str]:
        words = self.lexicon.words.items()
        return frozenset(word for word, readings in words if any(kind in kinds for kind, _ in readings))

    def _lone_words(self, triggers: Set[str]) -> frozenset[str]:
        """Of each phrase that is a trigger without a word that is one («по вечерам»), the longest stands for it."""
        known = self._words_of(triggers)
        phrases = [parts for kind, _, parts in self.lexicon.phrases if kind in triggers]
        lone = [parts for parts in phrases if not any(known.issuperset(forms) for forms in parts)]
        longest = [max(parts, key=lambda forms: len(forms[0])) for parts in lone]
        return frozenset(f"'{form}'" for forms in longest for form in forms)

    def islands(self, lexemes: Lexemes) -> Iterator[tuple[int, int]]:
        """Runs of lexemes that mean something in the grammar and hold a trigger."""
        reached = 0
        for trigger in lexemes.among(self._trigger_words):
            if trigger < reached or not any(kind in self._triggers for kind, _ in lexemes.readings(trigger)):
                continue
            start, end = trigger, trigger + 1
            while start > reached and lexemes.readings(start - 1):
                start -= 1
            while end < len(lexemes) and lexemes.readings(end):
                end += 1
            yield start, end
            reached = end

    def parse(self, site: Site, start: int, end: int) -> list[list[Edge]]:
        """All edges of an island that can be of use, by the lexeme they start at (counted from `start`)."""
        chart = _Chart(self._root, self._prospects, site, start, end)
        for i in range(end - 1, start - 1, -1):
            chart.fill(i)
        return chart.cells

    def find(self, site: Site) -> list[tuple[int, int, Expression, str]]:
        """The expressions of a text: leftmost, longest, by precedence; as (first, end, expression, rule)."""
        found: list[tuple[int, int, Expression, str]] = []
        for start, end in self.islands(site.lexemes):
            chart = self.parse(site, start, end)
            i = start
            while i < end:
                edges = [edge for edge in chart[i - start] if edge.kind[0].isupper()]
                if not edges:
                    i += 1
                    continue
                best = min(edges, key=lambda edge: (-edge.end, edge.rank))
                found.append((best.start, best.end, best.value, best.rule))
                i = best.end
        return found


class _Chart:
    """The edges of one island, filled from the right.

    Attributes:
        cells: Edges by the lexeme they start at, counted from the island's first.
    """

    def __init__(self, root: _Node, prospects: Prospects, site: Site, start: int, end: int) -> None:
        self.cells: list[list[Edge]] = [[] for _ in range(end - start + 1)]
        self._root = root
        self._use = prospects.use
        self._site = site
        self._start = start
        self._readings = [site.lexemes.readings(i) for i in range(start, end)]
        self._after = [frozenset(), *map(prospects.after, self._readings)]
        self._before = [*map(prospects.before, self._readings), frozenset()]
        self._agenda: list[Edge] = []

    def fill(self, first: int) -> None:
        """Add all edges that start at a lexeme."""
        i = first - self._start
        after, before, cell = self._after[i], self._before[i + 1], self.cells[i]
        for kind, value in self._readings[i]:
            if self._use(kind, after, before):
                self._agenda.append(Edge(first, first + 1, kind, value, "", -1))
        while self._agenda:
            edge = self._agenda.pop()
            if edge in cell:
                continue
            cell.append(edge)
            node = self._root.children.get(edge.kind)
            if node is not None:
                self._walk(node, (edge,))

    def _walk(self, node: _Node, edges: tuple[Edge, ...]) -> None:
        """Build what the patterns that end at a node make of the edges, and go on along the others."""
        first, last = edges[0].start, edges[-1].end
        after, before = self._after[first - self._start], self._before[last - self._start]
        for rank, pattern, condition, names in node.accepts:
            if not self._use(pattern.kind, after, before):
                continue
            if condition is None or condition(self._site, first, last):
                value = pattern.build(Match(names, edges))
                if value is not None:
                    rule, place = (pattern.rule, rank) if pattern.rule else (edges[0].rule, edges[0].rank)
                    self._agenda.append(Edge(first, last, pattern.kind, value, rule, place))
        if node.children:
            for edge in self.cells[last - self._start]:
                child = node.children.get(edge.kind)
                if child is not None:
                    self._walk(child, (*edges, edge))


def _constant(value: object, _: Match) -> object:
    return value


def _expand(line: str) -> Iterable[list[tuple[str, str]]]:
    """All sequences of (kind, slot name) that a line of a pattern stands for."""
    choices: list[list[tuple[str, str] | None]] = []
    position = 0
    while position < len(line):
        match = _SLOT.match(line, position)
        if match is None:
            raise ValueError(f"pattern {line!r} cannot be read from {line[position:]!r}")
        kinds = match["many"].split("|") if match["many"] else [match["one"]]
        choice: list[tuple[str, str] | None] = [(kind, match["name"] or kind) for kind in kinds]
        choices.append([*choice, None] if match["optional"] else choice)
        position = match.end()
    for path in product(*choices):
        yield [slot for slot in path if slot is not None]
