"""Gold made of what people annotated by the scheme of `svodka.corrections.scheme`.

What is wrong in it, such as a relation that fits no labels, costs only itself: it is told and left out.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from svodka.corrections.scheme import (
    CHOICES,
    DATES,
    FIELDS,
    HAS_CUE,
    LABELS,
    NAMES,
    NOBODY,
    QUOTES,
    RELATIONS,
    ROLE_OF,
    SPEAKER,
    Annotation,
    Region,
    Relation,
    assumed_kind,
    assumed_speaker,
    reading_order,
)
from svodka.errors import InputError
from svodka.evaluate.markup import GoldArticle, GoldDate, GoldEntity, GoldQuote, iso_days
from svodka.records import Article

Warn = Callable[[str, str], None]
"""Tells what is wrong: where, and what."""


def article_from(values: Mapping[str, Any], text: str, doc_id: str, place: str, warn: Warn) -> Article:
    """The article with this text and what else is known of it; a day that is none is told and left out."""
    known = {name: values.get(name) or None for name in ("title", "author", "url", "source")}
    try:
        days = {"published": values.get("published") or None, "anchor": values.get("published_day") or None}
        return Article(text=text, doc_id=doc_id, **known, **days)
    except (InputError, ValueError) as error:
        warn(place, f"{error}; the day of publication is left out")
        return Article(text=text, doc_id=doc_id, **known)


def gold_of(article: Article, annotation: Annotation, warn: Warn) -> GoldArticle:
    """The gold of an article.

    A mention without a name is called as others of the same words are, else as it stands. Where dates overlap, or
    mentions of one name cross, which the markup cannot hold, the later one is left out.

    Args:
        article: The article.
        annotation: What is annotated in it; its regions lose what cannot be used, and mentions get their names.
        warn: Is told what is left out.
    """
    text = article.text
    regions: dict[str, Region] = {}
    for region in annotation.regions:
        if _is_usable(region, text, warn):
            region.spans.sort()
            _drop_unusable_values(region, warn)
            regions[region.id] = region
    _name_alike(regions.values(), text)
    targets = _targets(annotation.relations, regions, warn)
    in_order = sorted(regions.values(), key=reading_order)
    quotes = [
        quote
        for region in in_order
        if region.label in QUOTES and (quote := _quote(region, targets[region.id], text, warn)) is not None
    ]
    for number, quote in enumerate(quotes, 1):
        quote["id"] = number
    return GoldArticle(
        article=article,
        quotes=[quote for quote in quotes if quote["polarity"] == "asserted"],
        dates=list(_dates([region for region in in_order if region.label in DATES], text, warn)),
        entities=list(_entities([region for region in in_order if region.label in NAMES], targets, text, warn)),
        unasserted=[quote for quote in quotes if quote["polarity"] != "asserted"],
    )


# ---- what can be used


def _is_usable(region: Region, text: str, warn: Warn) -> bool:
    if region.label not in LABELS:
        warn(region.place, f"no label {region.label!r}; there are {', '.join(LABELS)}")
        return False
    if not region.spans or not all(0 <= start < end <= len(text) for start, end in region.spans):
        warn(region.place, f"{region.label} has a span that is empty or outside the text, of {len(text)} characters")
        return False
    return True


def _drop_unusable_values(region: Region, warn: Warn) -> None:
    for name, value in list(region.choices.items()):
        choice = CHOICES.get(name)
        if choice is None or region.label not in choice.labels:
            known = "is not used"
        elif value not in choice.values:
            known = f"is one of {', '.join(choice.values)}"
        else:
            continue
        warn(region.place, f"{region.label} cannot have {name} {value!r}; it {known}")
        del region.choices[name]
    for name in list(region.fields):
        if region.label not in FIELDS.get(name, ()):
            warn(region.place, f"{region.label} has no {name!r}; its value is not used")
            del region.fields[name]


def _targets(
    relations: Iterable[Relation], regions: dict[str, Region], warn: Warn
) -> dict[str, dict[str, list[Region]]]:
    """What the relations of each region point at, by their label; a Role's is found at its person."""
    found: dict[str, dict[str, list[Region]]] = defaultdict(lambda: defaultdict(list))
    for relation in relations:
        ends = RELATIONS.get(relation.label)
        if ends is None:
            warn(relation.place, f"no relation {relation.label!r}; there are {', '.join(RELATIONS)}")
            continue
        source, target = regions.get(relation.source), regions.get(relation.target)
        if source is None or target is None:
            missing = relation.source if source is None else relation.target
            warn(relation.place, f"{relation.label} names {missing}, which is not there or could not be used")
            continue
        if source.label not in ends[0] and target.label in ends[0]:  # drawn the other way round
            source, target = target, source
        if source.label not in ends[0] or target.label not in ends[1]:
            warn(relation.place, f"{relation.label} cannot go from {source.label} to {target.label}")
            continue
        if relation.label == ROLE_OF:
            source, target = target, source
        of_source = found[source.id][relation.label]
        if of_source and relation.label in (SPEAKER, HAS_CUE):
            warn(relation.place, f"{source.label} has a second {relation.label}; the first is kept")
            continue
        of_source.append(target)
    return found


def _name_alike(regions: Iterable[Region], text: str) -> None:
    """Give mentions without a name that of mentions of the same words."""
    mentions = [region for region in regions if region.label in NAMES and region.choices.get("Naming") is None]
    names: dict[tuple[str, str], str] = {}
    for region in mentions:
        if "name" in region.fields:
            names.setdefault((region.label, text[region.start : region.end]), region.fields["name"])
    for region in mentions:
        words = text[region.start : region.end]
        region.fields.setdefault("name", names.get((region.label, words), words))


# ---- quotations


def _quote(region: Region, targets: Mapping[str, list[Region]], text: str, warn: Warn) -> GoldQuote | None:
    spans = list(_segments(region.spans, text))
    if not spans:
        warn(region.place, f"{region.label} holds nothing but white space")
        return None
    target, cue = (next(iter(targets.get(label, ())), None) for label in (SPEAKER, HAS_CUE))
    speaker: str | None = region.fields.get("speaker")
    speaker = assumed_speaker(target, text) if speaker is None else speaker
    speaker = None if speaker in (NOBODY, "") else speaker
    aliases = [alias.strip() for alias in region.fields.get("aliases", "").split("|")]
    return {
        "id": 0,
        "type": QUOTES[region.label],
        "form": region.choices.get("Form", "inline"),
        "spans": spans,
        "cue_span": None if cue is None else (cue.start, cue.end),
        "mention_span": None if target is None else (target.start, target.end),
        "speaker": speaker,
        "speaker_kind": region.choices.get("SpeakerKind", assumed_kind(speaker, target)),
        "via": region.fields.get("via") or None,
        "aliases": [alias for alias in aliases if alias],
        "parent": None,  # follows from the spans
        "polarity": region.choices.get("Polarity", "asserted"),
    }


def _segments(spans: Iterable[tuple[int, int]], text: str) -> Iterator[tuple[int, int]]:
    """The spans as segments: one that runs over line breaks is parted there, and those that overlap are joined."""
    last: tuple[int, int] | None = None
    for start, end in spans:
        for piece in _lines(start, end, text):
            if last is None or piece[0] > last[1]:
                if last is not None:
                    yield last
                last = piece
            else:
                last = last[0], max(last[1], piece[1])
    if last is not None:
        yield last


def _lines(start: int, end: int, text: str) -> Iterator[tuple[int, int]]:
    if "\n" not in text[start:end]:
        yield start, end
        return
    for line in text[start:end].split("\n"):
        words = line.strip()
        if words:
            first = start + line.index(words)
            yield first, first + len(words)
        start += len(line) + 1


# ---- dates and names


def _dates(regions: Iterable[Region], text: str, warn: Warn) -> Iterator[GoldDate]:
    last = 0
    for region in regions:
        if region.start < last:
            warn(region.place, f"{region.label} overlaps the date before it; make them one or part them")
            continue
        last = region.end
        edtf, first, final = _value(region, warn)
        yield {
            "start": region.start,
            "end": region.end,
            "text": text[region.start : region.end],
            "type": DATES[region.label],
            "edtf": edtf,
            "start_date": first,
            "end_date": final,
        }


def _value(region: Region, warn: Warn) -> tuple[str | None, str | None, str | None]:
    """EDTF, first and last day of a date; what cannot be read is unknown."""
    edtf = region.fields.get("edtf") or None
    try:
        first, last = iso_days(edtf)
    except ValueError as error:
        warn(region.place, f"{error}; the date is kept without a value")
        edtf = first = last = None
    start, end = (_day(region, name, warn) for name in ("start", "end"))
    return edtf, start or first, end or last


def _day(region: Region, name: str, warn: Warn) -> str | None:
    value = region.fields.get(name)
    if not value:
        return None
    try:
        first, last = iso_days(value)
    except ValueError:
        first = last = None
    if first is None or first != last or first != value:
        warn(region.place, f"{name}={value} is no day such as 2024-03-14")
        return None
    return value


def _entities(
    regions: list[Region], targets: Mapping[str, Mapping[str, list[Region]]], text: str, warn: Warn
) -> Iterator[GoldEntity]:
    named = [region for region in regions if region.choices.get("Naming", "name") == "name"]
    crossing = {id(later) for earlier, later in combinations(named, 2) if _cross_alike(earlier, later)}
    for region in named:
        if id(region) in crossing:
            warn(region.place, f"{region.label} crosses another mention of the same name; merge or part them")
            continue
        roles = targets[region.id].get(ROLE_OF, ())
        called = [role.fields.get("role") or text[role.start : role.end] for role in roles]
        yield {
            "start": region.start,
            "end": region.end,
            "text": text[region.start : region.end],
            "label": NAMES[region.label],
            "name": region.fields["name"],
            "role": "; ".join(called) or None,
        }


def _cross_alike(earlier: Region, later: Region) -> bool:
    alike = earlier.label == later.label and earlier.fields["name"] == later.fields["name"]
    return alike and earlier.start < later.start < earlier.end < later.end
