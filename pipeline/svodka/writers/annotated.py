"""A document as regions and relations by the scheme of `svodka.corrections.scheme`: what brat and Label Studio show."""

import datetime as dt
from collections.abc import Iterable, Iterator

from svodka.corrections.scheme import (
    CUE,
    DATES,
    HAS_CUE,
    NAMES,
    NOBODY,
    QUOTES,
    ROLE,
    ROLE_OF,
    SOURCE,
    SPEAKER,
    Annotation,
    Region,
    Relation,
    assumed_kind,
    assumed_speaker,
    reading_order,
)
from svodka.writers.documents import Document, Row, part_of, segments_of, span_of

TABLES = ("mentions", "entities", "roles", "dates", "quotes")
"""The tables that are needed."""

_OF_ARTICLE = ("doc_id", "title", "author", "url", "published", "published_day", "source")

Place = tuple[int, int]

_QUOTE = {type_: label for label, type_ in QUOTES.items()}
_NAME = {entity: label for label, entity in NAMES.items()}
_DATE = {type_: label for label, type_ in DATES.items()}


def article_fields(document: Document) -> dict[str, str | None]:
    """What `svodka.corrections.build.article_from` makes the article of again, besides its text; days are ISO 8601."""
    values = {name: document.row[name] for name in _OF_ARTICLE}
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}


def annotation_of(document: Document) -> Annotation:
    """The regions of a document, numbered in reading order, and the relations between them."""
    mentions = [_mention(document, row) for row in document.mentions]
    roles = [_role(row) for row in document.roles]
    dates = [_date(row) for row in document.dates]
    cues: dict[Place, Region] = {}
    sources: dict[Place, Region] = {}
    quotes = [Region("", _QUOTE[row["type"]], segments_of(row)) for row in document.quotes]
    relations: list[tuple[str, Region, Region]] = []
    at_place: dict[Place, list[Region]] = {}
    for mention in mentions:
        at_place.setdefault((mention.start, mention.end), []).append(mention)
    for row, quote in zip(document.quotes, quotes, strict=True):
        target = _target(row, at_place, sources)
        _describe(quote, row, target, document.text)
        if target is not None:
            relations.append((SPEAKER, quote, target))
        cue = part_of(row, "cue")
        if cue is not None:
            relations.append((HAS_CUE, quote, cues.setdefault(cue, Region("", CUE, [cue]))))
    for role in roles:
        person = _nearest(role, mentions)
        if person is not None:
            relations.append((ROLE_OF, role, person))
    regions = sorted([*quotes, *cues.values(), *sources.values(), *mentions, *roles, *dates], key=reading_order)
    for number, region in enumerate(regions, 1):
        region.id = str(number)
    return Annotation(regions, [Relation(label, source.id, target.id) for label, source, target in relations])


def _mention(document: Document, row: Row) -> Region:
    region = Region("", _NAME[row["label"]], [span_of(row)])
    if row["kind"] != "name":
        region.choices["Naming"] = row["kind"]
    if row["entity_id"] is not None and document.entities:
        entity = document.entities[row["entity_id"]]
        region.entity, region.link, region.fields["name"] = row["entity_id"], entity["link"], entity["name"]
    return region


def _role(row: Row) -> Region:
    return Region("", ROLE, [span_of(row)], fields={"role": row["role"]}, entity=row["entity_id"])


def _date(row: Row) -> Region:
    values = {"edtf": row["edtf"], "value": row["value"] if row["value"] != row["edtf"] else None, "mod": row["mod"]}
    fields = {name: value for name, value in values.items() if value is not None}
    return Region("", _DATE[row["type"]], [span_of(row)], fields=fields)


def _target(row: Row, at_place: dict[Place, list[Region]], sources: dict[Place, Region]) -> Region | None:
    """The mention that names the source of a quotation; a Source where no mention of the table lies there."""
    place = part_of(row, "mention")
    if place is None:
        return None
    mentions = at_place.get(place)
    if mentions:
        return next((mention for mention in mentions if mention.entity == row["entity_id"]), mentions[0])
    name = NOBODY if row["speaker"] is None else row["speaker"]
    return sources.setdefault(place, Region("", SOURCE, [place], fields={"name": name}))


def _describe(quote: Region, row: Row, target: Region | None, text: str) -> None:
    """Give a quotation the values that differ from what is assumed."""
    assumed = assumed_speaker(target, text)
    if row["speaker"] != assumed:
        quote.fields["speaker"] = NOBODY if row["speaker"] is None else row["speaker"]
    if row["via"] is not None:
        quote.fields["via"] = row["via"]
    kind = assumed_kind(row["speaker"], target)
    for name, value, default in (
        ("Form", row["form"], "inline"),
        ("Polarity", row["polarity"], "asserted"),
        ("SpeakerKind", row["speaker_kind"], kind),
    ):
        if value != default:
            quote.choices[name] = value
    quote.confidence = row["confidence"]


def _nearest(role: Region, mentions: Iterable[Region]) -> Region | None:
    """The mention by name nearest to a role of that person."""

    def of_person() -> Iterator[Region]:
        for mention in mentions:
            if mention.label == "Person" and mention.entity == role.entity and "Naming" not in mention.choices:
                yield mention

    def distance(mention: Region) -> int:
        return max(mention.start - role.end, role.start - mention.end)

    return min(of_person(), key=distance, default=None)
