"""What is marked in the text of a document: a span for each place that something is said of."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from svodka.view.days import days_of
from svodka.view.html.speakers import Speaker, in_order
from svodka.writers.documents import Document, Row, part_of, segments_of, span_of

TABLES = ("sentences", "mentions", "entities", "dates", "quotes", "errors")
"""The tables that a document is shown from."""

# What stands outside where spans are the same; a quotation outermost.
_LAYERS = ("quote", "source", "cue", "date", "per", "org", "loc")
_LABELS = {"PER": "per", "ORG": "org", "LOC": "loc"}


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text that is marked.

    Attributes:
        start: First code point.
        end: One past the last code point.
        layer: quote, source, cue, date, per, org or loc.
        title: What is told of it, on hover.
        speaker: Number of the speaker, of quotations and their sources; 0 where nobody is known.
        is_nested: Whether it is a quotation within another.
        anchor: Id of the element, of the first segment of a quotation.
        label: What follows its last segment, of quotations: the number of the speaker.
        attributes: Further attributes of the element.
    """

    start: int
    end: int
    layer: str
    title: str
    speaker: int | None = None
    is_nested: bool = False
    anchor: str | None = None
    label: str | None = None
    attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def order(self) -> tuple[int, int, int]:
        """Sorts what stands outside before what it holds."""
        return self.start, -self.end, _LAYERS.index(self.layer)


def spans_of(document: Document, speakers: Iterable[Speaker], prefix: str = "") -> list[Span]:
    """All spans of a document, in any order.

    Args:
        document: The rows of the document.
        speakers: Its speakers.
        prefix: What anchors begin with, so that several documents can be on one page: ``PREFIXq3``.
    """
    return [*_names(document), *map(_date, document.dates), *quote_spans(document, in_order(speakers), prefix)]


def quote_spans(document: Document, said: Iterable[tuple[Row, Speaker]], prefix: str | None = None) -> list[Span]:
    """The spans of quotations with their cues and sources.

    Args:
        document: The rows of the document.
        said: The quotations, each with its speaker.
        prefix: As for `spans_of`; None for no anchors.
    """
    spans: dict[tuple[int, int, str], Span] = {}
    segments: list[Span] = []
    for row, speaker in said:
        segments += _segments(row, speaker, prefix)
        for span in _around(document, row, speaker):
            spans.setdefault((span.start, span.end, span.layer), span)
    return [*segments, *spans.values()]


def described(row: Row) -> str:
    """A quotation in a line: who said it as what, through whom, in which form.

    >>> described({"speaker": "Иван Орлов", "role": "мэр", "via": None, "type": "direct", "form": "inline",
    ...            "polarity": "asserted", "confidence": 0.914, "rule": "direct.before"})
    'Иван Орлов, мэр · direct, inline · confidence 0.91 · direct.before'
    """
    who = ", ".join(filter(None, (row["speaker"] or "speaker unknown", row["role"])))
    how = [row["type"], row["form"], *([row["polarity"]] if row["polarity"] != "asserted" else [])]
    via = f"via {row['via']}" if row["via"] else ""
    return " · ".join(filter(None, (who, via, ", ".join(how), f"confidence {row['confidence']:.2f}", row["rule"])))


def _segments(row: Row, speaker: Speaker, prefix: str | None) -> Iterator[Span]:
    segments = segments_of(row)
    for number, (start, end) in enumerate(segments):
        is_first, is_last = number == 0, number == len(segments) - 1
        yield Span(
            start,
            end,
            "quote",
            described(row),
            speaker.number,
            is_nested=row["parent_id"] is not None,
            anchor=f"{prefix}q{row['quote_id']}" if is_first and prefix is not None else None,
            label=speaker.mark if is_last else None,
        )


def _around(document: Document, row: Row, speaker: Speaker) -> Iterator[Span]:
    cue, mention = part_of(row, "cue"), part_of(row, "mention")
    if cue is not None:
        yield Span(*cue, "cue", f"cue: {row['cue_lemma'] or document.text[slice(*cue)]}")
    if mention is not None:
        yield Span(*mention, "source", f"source: {speaker.name}", speaker.number)


def _names(document: Document) -> Iterator[Span]:
    entities = {row["entity_id"]: row for row in document.entities}
    for row in document.mentions:
        entity = entities.get(row["entity_id"])
        name = row["normal"] if entity is None else entity["name"]
        role = None if entity is None else entity["role"]
        yield Span(
            *span_of(row),
            _LABELS[row["label"]],
            ", ".join(filter(None, (name, role))),
            attributes={"data-kind": row["kind"]},
        )


def _date(row: Row) -> Span:
    counted = f"counted from {row['anchor_date']}" if row["anchor_date"] else ""
    title = " · ".join(filter(None, (days_of(row), row["type"], counted, row["rule"])))
    day = row["start_date"]
    is_day = day is not None and day == row["end_date"]
    return Span(*span_of(row), "date", title, attributes={"datetime": str(day)} if is_day else {})
