"""Spans that may cross, as the elements of a tree, which may not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Span(Generic[T]):
    """A span of a text.

    Attributes:
        start: First code point.
        end: One past the last; a span is not empty.
        rank: Where two spans cross, the one of the higher rank is split, of equal ones that which starts later. Of
            equal spans, the one of the lower rank contains the other.
        key: What the span stands for.
    """

    start: int
    end: int
    rank: int
    key: T


class Event(NamedTuple, Generic[T]):
    """A place of the text where an element opens or closes."""

    offset: int
    span: Span[T]
    opens: bool


def nest(spans: Sequence[Span[T]]) -> Iterator[Event[T]]:
    """The tags of elements for the spans, in the order of the text, so that the elements nest.

    The pieces of a split span follow each other without a gap; none is empty.

    >>> crossing = [Span(0, 5, 1, "said"), Span(3, 9, 0, "p")]
    >>> [(event.offset, event.span.key, event.opens) for event in nest(crossing)]
    [(0, 'said', True), (3, 'said', False), (3, 'p', True), (3, 'said', True), (5, 'said', False), (9, 'p', False)]
    """
    by_start: dict[int, list[Span[T]]] = {}
    for span in spans:
        by_start.setdefault(span.start, []).append(span)
    stack: list[Span[T]] = []  # what is open, the outermost first
    for offset in sorted(by_start.keys() | {span.end for span in spans}):
        waiting = by_start.get(offset, [])
        while any(span.end == offset for span in stack):
            yield Event(offset, stack[-1], opens=False)
            waiting = [*waiting, stack.pop()]
        waiting = [span for span in waiting if span.end > offset]
        kept = min((_kept(stack, span) for span in waiting), default=len(stack))
        while len(stack) > kept:
            yield Event(offset, stack[-1], opens=False)
            waiting.append(stack.pop())
        for span in sorted(waiting, key=lambda span: (-span.end, span.rank)):
            yield Event(offset, span, opens=True)
            stack.append(span)


def _kept(stack: list[Span[T]], span: Span[T]) -> int:
    """How many of the open spans stay open where another opens: those that cross it and give way are opened anew."""
    kept = len(stack)
    for depth in reversed(range(len(stack))):
        if stack[depth].rank <= span.rank:
            break
        if stack[depth].end < span.end:
            kept = depth
    return kept
