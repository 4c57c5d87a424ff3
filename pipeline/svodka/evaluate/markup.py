"""Gold annotation as markup inside the text, so that a linguist reads and reviews it as text.

A gold file is a header of «key: value» lines, an empty line, and the article with tags around the annotated words:

    id: bridge
    published: 2024-03-14

    «<quote id="1" type="direct" speaker="Иван Орлов">Мост готов</quote>», — <cue quote="1">сказал</cue>
    мэр <mention quote="1"><person name="Иван Орлов" role="мэр">Орлов</person></mention>
    <date edtf="2024-03-13">вчера</date>.

What remains when the tags are taken away is the article's text, character by character. The line break that ends the
file is not part of it. The tags and their attributes are described in ``data/README.md``.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypedDict

from svodka.errors import InputError
from svodka.evaluate.edtf import edtf_days
from svodka.evaluate.header import article_of, format_header
from svodka.evaluate.inline import AnnotatedText, Span, input_error, parse_markup, write_markup
from svodka.records import Article

NAME_TAGS = {"person": "PER", "organization": "ORG", "place": "LOC"}
"""Tags of names, and the label of what they name."""


class GoldQuote(TypedDict):
    """A quotation of the gold, with the values of `Quote`; None where the text does not tell.

    `aliases` are other names of the speaker that count as right, `parent` is the id of the quotation around this one.
    """

    id: int
    type: str
    form: str
    spans: list[tuple[int, int]]
    cue_span: tuple[int, int] | None
    mention_span: tuple[int, int] | None
    speaker: str | None
    speaker_kind: str
    via: str | None
    aliases: list[str]
    parent: int | None
    polarity: str


class GoldDate(TypedDict):
    """A date or time expression of the gold. `start_date` and `end_date` are inclusive ISO days, None where open."""

    start: int
    end: int
    text: str
    type: str
    edtf: str | None
    start_date: str | None
    end_date: str | None


class GoldEntity(TypedDict):
    """One mention, by name, of a person, organisation or place: `label` is PER, ORG or LOC.

    `role` is the role of a person that stands beside this very mention.
    """

    start: int
    end: int
    text: str
    label: str
    name: str
    role: str | None


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article with everything that is annotated in it.

    Attributes:
        article: The article as it is fed to the pipeline.
        quotes: The quotations that the guide counts, by id.
        dates: Date and time expressions in reading order.
        entities: Mentions by name in reading order, of the kinds that were annotated.
        unasserted: Negated and hypothetical speech, which the guide does not count as quotations.
    """

    article: Article
    quotes: list[GoldQuote]
    dates: list[GoldDate]
    entities: list[GoldEntity]
    unasserted: list[GoldQuote] = field(default_factory=list)


def read_gold(path: Path | str) -> GoldArticle:
    """Read one gold file (UTF-8).

    Raises:
        InputError: What `parse_gold` raises, and a file that is missing or not UTF-8.
    """
    try:
        content = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise InputError("there is no such gold file; check the path", source=str(path)) from error
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 at byte {error.start}; save the file as UTF-8", source=str(path)) from error
    return parse_gold(content, source=str(path))


def parse_gold(content: str, *, source: str | None = None) -> GoldArticle:
    """Read the content of a gold file: header, empty line, text with markup.

    Args:
        content: The whole content; its last line break is not part of the text.
        source: File name, for messages.

    Raises:
        InputError: A header line that is no «key: value», what `parse_markup` raises, a quotation without a type, two
            with one id, a cue or mention of a quotation that is not there, a date value that cannot be read, or dates
            that overlap.
    """
    header_text, empty_line, body = content.partition("\n\n")
    if not empty_line:
        raise input_error("no empty line between the header and the text; put one after the header", source, "1:1")
    annotated = parse_markup(body.removesuffix("\n"), source=source, first_line=header_text.count("\n") + 3)
    article = article_of(header_text, annotated.text, source)
    quotes = _quotes(annotated, source)
    return GoldArticle(
        article=article,
        quotes=[quote for quote in quotes if quote["polarity"] == "asserted"],
        dates=_dates(annotated, source),
        entities=_entities(annotated),
        unasserted=[quote for quote in quotes if quote["polarity"] != "asserted"],
    )


def format_gold(gold: GoldArticle) -> str:
    """Write a gold article as the content of a gold file: the inverse of `parse_gold`.

    Attributes that have the value a reader would assume (form inline, an asserted person, a plain DATE whose days
    follow from its EDTF string) are left out.
    """
    quotes = sorted([*gold.quotes, *gold.unasserted], key=lambda quote: quote["id"])
    spans = [*_quote_spans(quotes), *map(_date_span, gold.dates), *map(_entity_span, gold.entities)]
    return f"{format_header(gold.article)}\n{write_markup(AnnotatedText(gold.article.text, spans))}\n"


def _quotes(annotated: AnnotatedText, source: str | None) -> list[GoldQuote]:
    quotes = _quoted(annotated, source)
    _add_cues_and_mentions(quotes, annotated, source)
    for quote in quotes.values():
        quote["parent"] = _parent(quote, quotes.values())
    return [quotes[number] for number in sorted(quotes)]


def _quoted(annotated: AnnotatedText, source: str | None) -> dict[int, GoldQuote]:
    """The quotations by id, with their segments."""
    quotes: dict[int, GoldQuote] = {}
    for span in annotated.tagged("quote"):
        (number,) = _numbers(span, "id", source)
        if "\n" in annotated.text[span.start : span.end]:
            message = f"quote {number} runs over a line break; close it there and open it again with its id"
            raise input_error(message, source, span.place)
        details = {name: value for name, value in span.attributes.items() if name != "id"}
        if number not in quotes:
            if "type" not in details:
                message = (
                    f'the first segment of quote {number} lacks the type; write type="direct", "indirect" or "mixed"'
                )
                raise input_error(message, source, span.place)
            quotes[number] = _first_segment(number, details)
        elif details:
            message = (
                f"quote {number} is described twice; a further segment carries the id alone, another quote a new id"
            )
            raise input_error(message, source, span.place)
        quotes[number]["spans"].append((span.start, span.end))
    return quotes


def _add_cues_and_mentions(quotes: Mapping[int, GoldQuote], annotated: AnnotatedText, source: str | None) -> None:
    for span in annotated.tagged("cue", "mention"):
        key: Literal["cue_span", "mention_span"] = "cue_span" if span.tag == "cue" else "mention_span"
        for number in _numbers(span, "quote", source):
            if number not in quotes:
                message = f"<{span.tag}> belongs to quote {number}, which is not there; check the number"
                raise input_error(message, source, span.place)
            if quotes[number][key] is not None:
                message = f"quote {number} has a second <{span.tag}>; keep the one nearest to it"
                raise input_error(message, source, span.place)
            quotes[number][key] = span.start, span.end


def _first_segment(number: int, details: Mapping[str, str]) -> GoldQuote:
    speaker = details.get("speaker")
    return {
        "id": number,
        "type": details["type"],
        "form": details.get("form", "inline"),
        "spans": [],
        "cue_span": None,
        "mention_span": None,
        "speaker": speaker,
        "speaker_kind": details.get("kind", "person" if speaker else "unknown"),
        "via": details.get("via"),
        "aliases": [alias.strip() for alias in details["aliases"].split("|")] if "aliases" in details else [],
        "parent": None,
        "polarity": details.get("polarity", "asserted"),
    }


def _parent(quote: GoldQuote, others: Iterable[GoldQuote]) -> int | None:
    """The shortest quotation that holds every segment of this one."""

    def holds(other: GoldQuote) -> bool:
        return other is not quote and all(
            any(a <= start and end <= b for a, b in other["spans"]) for start, end in quote["spans"]
        )

    holders = [other for other in others if holds(other)]
    return min(holders, key=lambda other: sum(b - a for a, b in other["spans"]))["id"] if holders else None


def _dates(annotated: AnnotatedText, source: str | None) -> list[GoldDate]:
    dates: list[GoldDate] = []
    for span in annotated.tagged("date"):
        if dates and span.start < dates[-1]["end"]:
            raise input_error("this <date> overlaps the one before; make them one or part them", source, span.place)
        edtf = span.attributes.get("edtf")
        try:
            first_day, last_day = iso_days(edtf)
        except ValueError as error:
            raise input_error(f"{error}; see the list of values in data/README.md", source, span.place) from error
        dates.append(
            {
                "start": span.start,
                "end": span.end,
                "text": annotated.text[span.start : span.end],
                "type": span.attributes.get("type", "DATE"),
                "edtf": edtf,
                "start_date": span.attributes.get("start", first_day),
                "end_date": span.attributes.get("end", last_day),
            }
        )
    return dates


def iso_days(edtf: str | None) -> tuple[str | None, str | None]:
    """First and last day of an EDTF string as ISO days, as in `GoldDate`; None where open or without a string."""
    start, end = edtf_days(edtf) if edtf else (None, None)
    return start.isoformat() if start else None, end.isoformat() if end else None


def _entities(annotated: AnnotatedText) -> list[GoldEntity]:
    return [
        {
            "start": span.start,
            "end": span.end,
            "text": annotated.text[span.start : span.end],
            "label": NAME_TAGS[span.tag],
            "name": span.attributes["name"],
            "role": span.attributes.get("role"),
        }
        for span in annotated.tagged(*NAME_TAGS)
    ]


def _numbers(span: Span, attribute: str, source: str | None) -> list[int]:
    words = span.attributes[attribute].split()
    if not words or not all(word.isdecimal() for word in words) or (attribute == "id" and len(words) > 1):
        example = "a number" if attribute == "id" else "numbers of quotes, «1» or «1 2»"
        message = f'{attribute}="{span.attributes[attribute]}" of <{span.tag}>: write {example}'
        raise input_error(message, source, span.place)
    return [int(word) for word in words]


def _quote_spans(quotes: Iterable[GoldQuote]) -> list[Span]:
    spans: list[Span] = []
    shared: dict[tuple[str, tuple[int, int]], list[int]] = defaultdict(list)
    for quote in quotes:
        number = {"id": str(quote["id"])}
        for index, (start, end) in enumerate(quote["spans"]):
            spans.append(Span("quote", start, end, number if index else number | _details(quote)))
        for tag, place in (("cue", quote["cue_span"]), ("mention", quote["mention_span"])):
            if place is not None:
                shared[tag, place].append(quote["id"])
    for (tag, (start, end)), numbers in shared.items():
        spans.append(Span(tag, start, end, {"quote": " ".join(map(str, numbers))}))
    return spans


def _details(quote: GoldQuote) -> dict[str, str]:
    """The attributes of a quotation's first segment, without those that say what is assumed anyway."""
    assumed_kind = "person" if quote["speaker"] else "unknown"
    values = {
        "type": quote["type"],
        "form": quote["form"] if quote["form"] != "inline" else None,
        "speaker": quote["speaker"],
        "kind": quote["speaker_kind"] if quote["speaker_kind"] != assumed_kind else None,
        "via": quote["via"],
        "aliases": " | ".join(quote["aliases"]) or None,
        "polarity": quote["polarity"] if quote["polarity"] != "asserted" else None,
    }
    return {name: value for name, value in values.items() if value is not None}


def _date_span(date: GoldDate) -> Span:
    edtf = date["edtf"]
    first_day, last_day = iso_days(edtf)
    values = {
        "type": date["type"] if date["type"] != "DATE" else None,
        "edtf": edtf,
        "start": date["start_date"] if date["start_date"] != first_day else None,
        "end": date["end_date"] if date["end_date"] != last_day else None,
    }
    attributes = {name: value for name, value in values.items() if value is not None}
    return Span("date", date["start"], date["end"], attributes)


def _entity_span(entity: GoldEntity) -> Span:
    role = {"role": entity["role"]} if entity["role"] else {}
    tag = next(tag for tag, label in NAME_TAGS.items() if label == entity["label"])
    return Span(tag, entity["start"], entity["end"], {"name": entity["name"]} | role)
