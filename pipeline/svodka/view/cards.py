"""Quotations of many documents as HTML, each in its sentences, speakers in one colour wherever they speak."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pandas as pd
from markupsafe import Markup

from svodka.schema import QUOTES
from svodka.stages.tokenize import segment
from svodka.view.html import quote_html, speakers_of
from svodka.view.quotations import Texts
from svodka.writers.documents import Document, Row, part_of

_DEFAULTS = {"speaker_kind": "unknown", "polarity": "asserted", "rule": "", "confidence": 1.0, "quote_id": 0}


def cards_html(quotes: Iterable[Mapping[str, Any]], texts: Texts | None) -> Markup:
    """Quotations one below the other.

    Args:
        quotes: Rows of the table `quotes`; segments are dicts or pairs.
        texts: The texts they are of. Where one is not known, the quotation's own words are shown.
    """
    return Markup("").join(_cards(quotes, texts))


def _cards(quotes: Iterable[Mapping[str, Any]], texts: Texts | None) -> Iterator[Markup]:
    numbers: dict[tuple[str, str], int] = {}
    for quote in quotes:
        document, row = _in_text(_row(quote), texts)
        found = Document(document, sentences=sentences_of(document["text"]), quotes=[row])
        (speaker,) = speakers_of(found)
        if speaker.number:
            number = numbers.setdefault((speaker.kind, speaker.name), len(numbers) + 1)
            speaker = replace(speaker, number=number)
        yield quote_html(found, row, speaker)


def bare_document(text: str, doc_id: str = "") -> Row:
    """The row of a document of which only the text is known."""
    return {"doc_id": doc_id, "text": text, "published_day": None, "author": None, "url": None, "status": "ok"}


@lru_cache(maxsize=4)  # quotations of one document mostly stand together
def sentences_of(text: str) -> list[Row]:
    """The sentences of a text, as the pipeline cuts it."""
    found = segment(text)
    starts = found.sentence_starts
    ends = [*starts[1:], len(found.tokens)]
    return [
        {"start": found.tokens[first][0], "end": found.tokens[end - 1][1]}
        for first, end in zip(starts, ends, strict=True)
    ]


def _row(quote: Mapping[str, Any]) -> Row:
    """A row as Arrow has it, whatever pandas made of it."""
    known = {name: value for name, value in quote.items() if not (pd.api.types.is_scalar(value) and pd.isna(value))}
    row: Row = dict.fromkeys(QUOTES.schema.names) | _DEFAULTS | known
    row["segments"] = [one if isinstance(one, dict) else {"start": one[0], "end": one[1]} for one in row["segments"]]
    row["entity_id"] = None  # entities have numbers of their document: names join here
    return row


def _in_text(row: Row, texts: Texts | None) -> tuple[Row, Row]:
    """The row of the document, and that of the quotation."""
    document = texts.get(row["doc_id"]) if texts else None
    if document is not None and document["text"][row["start"] : row["end"]] == row["text"]:
        return document, row
    start, end = row["start"], row["end"]
    moved: Row = {"segments": [{name: at - start for name, at in one.items()} for one in row["segments"]]}
    for name in ("cue", "mention"):
        place = part_of(row, name)
        is_inside = place is not None and start <= place[0] and place[1] <= end
        first, last = (place[0] - start, place[1] - start) if place is not None and is_inside else (None, None)
        moved |= {f"{name}_start": first, f"{name}_end": last}
    return bare_document(row["text"], row["doc_id"]), row | moved
