"""What of a chart can be of use: which kinds fit between their neighbours, read off the grammar beforehand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import lru_cache
from itertools import pairwise

from svodka.stages.dates.lexemes import Reading


class Prospects:
    """Tells whether an edge can become part of an expression, by the lexemes on both sides of it.

    Args:
        rules: What each path through a pattern makes, and the kinds on the path. A kind that begins with a capital is
            an expression.
    """

    def __init__(self, rules: Iterable[tuple[str, Sequence[str]]]) -> None:
        first: defaultdict[str, set[str]] = defaultdict(set)
        last: defaultdict[str, set[str]] = defaultdict(set)
        only: defaultdict[str, set[str]] = defaultdict(set)
        neighbours: set[tuple[str, str]] = set()
        for kind, path in rules:
            first[kind].add(path[0])
            last[kind].add(path[-1])
            if len(path) == 1:
                only[kind].add(path[0])
            neighbours.update(pairwise(path))
        expressions = {kind for kind in first if kind[0].isupper()}
        self._open = _reach(expressions, first)
        self._close = _reach(expressions, last)
        self._alone = _reach(expressions, only)
        self._after: defaultdict[str, set[str]] = defaultdict(set)
        self._before: defaultdict[str, set[str]] = defaultdict(set)
        for left, right in neighbours:
            ends, begins = _reach({left}, last), _reach({right}, first)
            for kind in ends:
                self._after[kind] |= begins
            for kind in begins:
                self._before[kind] |= ends
        self.after = lru_cache(maxsize=1 << 12)(self._all_after)
        self.before = lru_cache(maxsize=1 << 12)(self._all_before)

    def _all_after(self, readings: tuple[Reading, ...]) -> frozenset[str]:
        """The kinds that a pattern can have right after a lexeme."""
        return frozenset().union(*(self._after.get(kind, ()) for kind, _ in readings))

    def _all_before(self, readings: tuple[Reading, ...]) -> frozenset[str]:
        """The kinds that a pattern can have right before a lexeme."""
        return frozenset().union(*(self._before.get(kind, ()) for kind, _ in readings))

    def use(self, kind: str, after: Set[str], before: Set[str]) -> bool:
        """Whether a kind can be an expression, or part of one together with a neighbour.

        Args:
            kind: Kind of the edge.
            after: The kinds that can stand after the lexeme on the left; empty without one.
            before: The kinds that can stand before the lexeme on the right; empty without one.
        """
        if kind in before:
            return kind in self._open or kind in after
        return kind in self._alone or (kind in after and kind in self._close)


def _reach(kinds: Set[str], steps: Mapping[str, Set[str]]) -> frozenset[str]:
    """The kinds, and all that steps lead to from them."""
    reached, fresh = set(kinds), set(kinds)
    while fresh:
        fresh = {step for kind in fresh for step in steps.get(kind, ())} - reached
        reached |= fresh
    return frozenset(reached)
