"""Quotations that share text: doubles of one, and media that relay what a sentence itself attributes."""

from collections.abc import Iterable, Iterator

from svodka.stages.quotes.found import Found
from svodka.stages.quotes.view import Span

_RELAYING = frozenset(("indirect.parenthetical", "indirect.according_to", "indirect.backward"))
_REPORTS = ("по данным", "по информации", "по сведениям", "по сообщени", "согласно")
_MOST = 0.4
_SAME = 0.6


def resolve_overlaps(found: list[Found]) -> list[Found]:
    """Leave one quotation for one stretch of text, and note the media that relay it, in reading order."""
    return _without_doubles(_without_relays(found))


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch made one."""
    together: list[Span] = []
    for start, end in sorted(spans):
        if together and start <= together[-1][1]:
            together[-1] = together[-1][0], max(end, together[-1][1])
        else:
            together.append((start, end))
    return together


def _pairs(found: list[Found]) -> Iterator[tuple[Found, Found]]:
    """Pairs that share text, the earlier first; `found` is sorted by start."""
    active: list[Found] = []
    for item in found:
        active = [other for other in active if other.end > item.start]
        for other in active:
            if _shared(other, item):
                yield other, item
        active.append(item)


def _without_relays(found: list[Found]) -> list[Found]:
    """«Орлов заявил, что P, сообщает ТАСС» is one quotation, Орлов's, that ТАСС relays."""
    ordered = sorted(found, key=lambda item: (item.start, item.end))
    dropped: set[int] = set()
    for one, other in _pairs(ordered):
        for relay, inner in ((one, other), (other, one)):
            if id(relay) in dropped or id(inner) in dropped or not _relays(relay, inner):
                continue
            dropped.add(id(relay))
            if inner.source is not None and inner.source.kind == "unknown":
                inner.source = relay.source  # «Сообщается, что P, передаёт ТАСС»: nobody but ТАСС is named
            elif inner.via is None and relay.source is not None:
                inner.via = relay.source.head
    return [item for item in ordered if id(item) not in dropped]


def _relays(relay: Found, inner: Found) -> bool:
    if relay.rule not in _RELAYING or relay.source is None or inner.inside:
        return False
    if relay.rule == "indirect.according_to" and inner.rule == "indirect.parenthetical":
        return False  # «Как сообщили в МВД, по словам Орлова, P» is Орлов's
    if relay.rule == inner.rule and not (relay.cue and inner.cue and inner.cue[0] < relay.cue[0]):
        return False
    if relay.rule == "indirect.according_to" and not (relay.cue_lemma or "").startswith(_REPORTS):
        return False  # «По словам Орлова, Лебедева заявила, что p» is what Орлов says
    # «P, отметив, что p, передаёт ТАСС»: p is said besides P
    within = inner.rule in ("indirect.gerund", "indirect.noun")
    ends_together = abs(inner.end - relay.end) <= 2 and not within
    return ends_together or _size(inner.segments) > _MOST * _size(relay.segments)


def _without_doubles(found: list[Found]) -> list[Found]:
    """The more certain rule wins, then the longer content."""
    dropped: set[int] = set()
    for one, other in _pairs(found):
        if id(one) in dropped or id(other) in dropped:
            continue
        if _shared(one, other) > _SAME * max(_size(one.segments), _size(other.segments)):
            weaker = min(one, other, key=lambda item: (item.confidence, item.end - item.start))
            dropped.add(id(weaker))
    return [item for item in found if id(item) not in dropped]


def _size(spans: list[Span]) -> int:
    return sum(end - start for start, end in spans)


def _shared(one: Found, other: Found) -> int:
    """How many code points of content two quotations share."""
    return sum(
        max(0, min(end, other_end) - max(start, other_start))
        for start, end in one.segments
        for other_start, other_end in other.segments
    )
