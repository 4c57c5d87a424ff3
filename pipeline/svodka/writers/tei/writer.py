"""TEI P5, one file a document: quotations, names and dates in the text, persons and places in the header."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from svodka.libraries import require
from svodka.tables import Tables
from svodka.writers.documents import Document, Row, documents, part_of, segments_of, span_of
from svodka.writers.filenames import FileNames
from svodka.writers.tei.dates import datable
from svodka.writers.tei.elements import NAMESPACE, XML_ID, XML_LANG, XML_SPACE, add, add_text
from svodka.writers.tei.header import CATEGORIES, add_header
from svodka.writers.tei.nesting import Span, nest
from svodka.writers.tei.sources import Sources

if TYPE_CHECKING:
    from lxml.etree import _Element

_TABLES = ("sentences", "mentions", "entities", "roles", "dates", "quotes")

# White space that XML allows between paragraphs ends a paragraph with a line; other line breaks stay within one.
_GAP = re.compile(r"[ \t\r\n]*\n[ \t\r\n]*|\A[ \t\r]+|[ \t\r]+\Z")
_NAMES = {"PER": "persName", "ORG": "orgName", "LOC": "placeName"}
_TYPES = {"PER": "person", "ORG": "org", "LOC": "place"}
_DIRECT = {"direct": "true", "indirect": "false", "mixed": "unknown"}

# Where elements cross, the later of these is split.
_RANKS = {name: rank for rank, name in enumerate(("said", "s", "roleName", "rs", *_NAMES.values(), "date", "seg"))}


@dataclass(frozen=True, slots=True)
class Markup:
    """An element of the text.

    Attributes:
        name: Its name.
        key: Its xml:id; parts after the first have «.2», «.3», … added.
        spans: The (start, end) of its parts.
        attributes: Its other attributes, which every part has.
    """

    name: str
    key: str
    spans: tuple[tuple[int, int], ...]
    attributes: dict[str, str]


def write_tei(parts: Iterable[Tables], folder: Path) -> None:
    """Write documents as ``NAME.xml``, TEI P5 (https://tei-c.org/guidelines/p5/).

    Paragraphs are lines. Quotations are ``said`` with who, direct, confidence (cert), medium (source) and their
    categories (ana), names ``persName``, ``orgName`` and ``placeName``, other mentions ``rs``, roles ``roleName``,
    dates ``date`` or ``time`` with values of ISO 8601, what introduces speech ``seg type="cue"``. What points to a
    quotation with corresp is its cue or names its source.

    The text of ``body``, white space between paragraphs included, is the text of the document; offsets into it are
    the same. A character that XML cannot hold is U+FFFD in a ``g`` whose ref tells which it is: «#U-0000».

    Args:
        parts: The tables.
        folder: An existing folder.

    Raises:
        ExportError: The table of sentences was not written.
        MissingLibraryError: lxml is not installed.
    """
    etree = require("lxml.etree", "tei")
    names = FileNames()
    for document in documents(parts, _TABLES):
        root = etree.Element(f"{{{NAMESPACE}}}TEI", nsmap={None: NAMESPACE})
        root.text = "\n  "
        sources = Sources(document)
        _add_body(root, document, sources)
        add_header(root, document, sources)
        root[0].tail = "\n  "
        root[1].tail = "\n"
        content = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
        (folder / f"{names.name(document.doc_id)}.xml").write_bytes(content + b"\n")


def _add_body(root: "_Element", document: Document, sources: Sources) -> None:
    text = add(root, "text")
    text.set(XML_LANG, document.row["language"])
    body = add(text, "body")
    body.set(XML_SPACE, "preserve")
    gaps = [gap.span() for gap in _GAP.finditer(document.text)]
    lines = list(zip([0, *(end for _, end in gaps)], [*(start for start, _ in gaps), len(document.text)], strict=True))
    lines = [(start, end) for start, end in lines if start < end]
    spans = _by_line(_markup(document, sources), lines)
    writer = _Writer(document.text)
    add_text(body, document.text[: lines[0][0]] if lines else document.text)
    for number, (start, end) in enumerate(lines):
        writer.write(add(body, "p"), start, end, spans[number])
        following = lines[number + 1][0] if number + 1 < len(lines) else len(document.text)
        add_text(body, document.text[end:following])
    if not lines:
        add(body, "p")


def _by_line(markup: Iterable[Markup], lines: list[tuple[int, int]]) -> list[list[Span[Markup]]]:
    """The spans of elements in each line, cut at its ends."""
    begins = [start for start, _ in lines]
    found: list[list[Span[Markup]]] = [[] for _ in lines]
    for element in markup:
        for start, end in element.spans:
            number = max(bisect_right(begins, start) - 1, 0)
            while number < len(lines) and lines[number][0] < end:
                first, last = max(start, lines[number][0]), min(end, lines[number][1])
                if first < last:
                    found[number].append(Span(first, last, _RANKS.get(element.name, _RANKS["date"]), element))
                number += 1
    return found


class _Writer:
    """Writes lines of a text with their elements, and ties the parts of an element together."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._parts: dict[str, list[_Element]] = {}

    def write(self, paragraph: "_Element", start: int, end: int, spans: list[Span[Markup]]) -> None:
        stack = [paragraph]
        for event in nest(spans):
            add_text(stack[-1], self._text[start : event.offset])
            start = event.offset
            if event.opens:
                stack.append(self._open(stack[-1], event.span.key))
            else:
                stack.pop()
        add_text(paragraph, self._text[start:end])

    def _open(self, parent: "_Element", element: Markup) -> "_Element":
        parts = self._parts.setdefault(element.key, [])
        key = f"{element.key}.{len(parts) + 1}" if parts else element.key
        opened = add(parent, element.name)
        opened.set(XML_ID, key)
        for name, value in element.attributes.items():
            opened.set(name, value)
        if parts:
            parts[-1].set("next", f"#{key}")
            opened.set("prev", f"#{parts[-1].get(XML_ID)}")
        parts.append(opened)
        return opened


def _markup(document: Document, sources: Sources) -> Iterator[Markup]:
    """The elements of a document's text."""
    for row in document.sentences:
        yield Markup("s", f"sent-{row['sent_id']}", (span_of(row),), {})
    for row in document.quotes:
        yield _said(row, sources)
    introduced: dict[tuple[int, int], list[str]] = {}
    named: dict[tuple[int, int], list[Row]] = {}
    for row in document.quotes:
        if cue := part_of(row, "cue"):
            introduced.setdefault(cue, []).append(f"quote-{row['quote_id']}")
        if mention := part_of(row, "mention"):
            named.setdefault(mention, []).append(row)
    for place, quotes in introduced.items():
        key = quotes[0].replace("quote", "cue")
        yield Markup("seg", key, (place,), {"type": "cue", "corresp": _pointers(quotes)})
    for row in document.mentions:
        yield _mention(row, named.pop(span_of(row), []), sources)
    for place, rows in named.items():
        yield _source(place, rows, sources)
    for row in document.roles:
        entity = sources.entity(row["entity_id"])
        attributes = {} if entity is None else {"ref": f"#{entity}"}
        yield Markup("roleName", f"role-{row['role_id']}", (span_of(row),), attributes)
    for row in document.dates:
        name = "time" if row["type"] == "TIME" else "date"
        yield Markup(name, f"date-{row['date_id']}", (span_of(row),), datable(row))


def _said(row: Row, sources: Sources) -> Markup:
    attributes = {}
    speaker, medium = sources.speaker(row), sources.medium(row)
    is_document = row["speaker_kind"] == "document" and sources.entity(row["entity_id"]) is None
    if speaker is not None and not is_document:
        attributes["who"] = f"#{speaker}"
    origins = [key for key in (speaker if is_document else None, medium) if key is not None]
    if origins:
        attributes["source"] = _pointers(origins)
    attributes["direct"] = _DIRECT[row["type"]]
    attributes["ana"] = _pointers(row[name] for name in CATEGORIES)
    attributes["cert"] = f"{row['confidence']:.2f}"
    return Markup("said", f"quote-{row['quote_id']}", tuple(segments_of(row)), attributes)


def _source(place: tuple[int, int], quotes: list[Row], sources: Sources) -> Markup:
    """Words that name the source of quotations and are no mention of their own."""
    attributes = {"type": "source"}
    speakers = dict.fromkeys(speaker for quote in quotes if (speaker := sources.speaker(quote)) is not None)
    if speakers:
        attributes["ref"] = _pointers(speakers)
    attributes["corresp"] = _pointers(f"quote-{quote['quote_id']}" for quote in quotes)
    return Markup("rs", f"speaker-{quotes[0]['quote_id']}", (place,), attributes)


def _mention(row: Row, quotes: list[Row], sources: Sources) -> Markup:
    is_name = row["kind"] == "name"
    attributes = {} if is_name else {"type": _TYPES[row["label"]], "subtype": row["kind"]}
    entity = sources.entity(row["entity_id"])
    if entity is not None:
        attributes["ref"] = f"#{entity}"
    if quotes:
        attributes["corresp"] = _pointers(f"quote-{quote['quote_id']}" for quote in quotes)
    name = _NAMES[row["label"]] if is_name else "rs"
    return Markup(name, f"mention-{row['mention_id']}", (span_of(row),), attributes)


def _pointers(keys: Iterable[str]) -> str:
    return " ".join(f"#{key}" for key in keys)
