"""All quotations and documents of a result as rows, for CSV and JSON."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from svodka.explore.search.columns import Numbers
from svodka.explore.search.documents import matching_documents
from svodka.explore.search.query import parse
from svodka.explore.search.quotes import by_day
from svodka.explore.search.selection import Filters, select
from svodka.schema import DOCUMENTS

COLUMNS = MappingProxyType(
    {
        "doc_id": "Document.",
        "quote_id": "Number of the quotation in the document.",
        "title": "Title of the document.",
        "url": "Address of the document.",
        "source": "File and row, or outlet, the document came from.",
        "day": "Day of publication, ISO 8601.",
        "month": "Month of publication, «2021-09».",
        "type": "direct, indirect or mixed.",
        "form": "Form on the page.",
        "content": "The words that are quoted, segments joined by « … ».",
        "text": "The quotation as it stands, author's words within it included.",
        "sentence": "The sentence in which it starts.",
        "cue": "Words that introduce it.",
        "cue_lemma": "Lemma of the cue.",
        "mention": "Words that name the source.",
        "speaker": "Canonical name of the source in the document.",
        "speaker_id": "Key of the source in the corpus, as in `speakers`.",
        "speaker_kind": "What the source is.",
        "role": "Role of the source.",
        "via": "Medium that relays the words.",
        "polarity": "Whether the text says that it was said.",
        "parent_id": "Quotation that contains it.",
        "start": "First code point in the text of the document.",
        "end": "One past the last code point.",
        "rule": "Rule that made it.",
        "confidence": "0 to 1.",
    }
)
"""The columns of a quotation, with what they hold; the order and the names stay."""

DOCUMENT_COLUMNS = (*DOCUMENTS.schema.names, "n_quotes")
"""The columns of a document: those of the contract, and how many quotations it has."""

_CHUNK = 500


def all_rows(connection: sqlite3.Connection, filters: Filters) -> Iterator[dict[str, Any]]:
    """All quotations that have what is asked for, newest first, one after the other.

    Args:
        connection: A database.
        filters: What is asked for.

    Returns:
        Rows; keys are those of `COLUMNS`.
    """
    selection = select(connection, filters)
    numbers = selection.columns.numbers[by_day(selection, is_newest_first=True)]
    return _rows(connection, numbers, "quotes_full", {name: f'f."{name}"' for name in COLUMNS})


def all_documents(connection: sqlite3.Connection, text: str, month: str | None) -> Iterator[dict[str, Any]]:
    """All documents that `svodka.explore.search.documents.search_documents` finds, in its order, one after the other.

    Args:
        connection: A database.
        text: As there.
        month: As there.

    Returns:
        Rows; keys are those of `DOCUMENT_COLUMNS`.
    """
    numbers = matching_documents(connection, parse(text), month)
    columns = {name: f'f."{name}"' for name in DOCUMENT_COLUMNS}
    columns["n_quotes"] = "(SELECT count(*) FROM quotes q WHERE q.doc_id = f.doc_id)"
    return _rows(connection, numbers, "documents", columns)


def _rows(
    connection: sqlite3.Connection, numbers: Numbers, table: str, columns: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Rows of a table by their numbers: what their values are called, and how they are asked for."""
    statement = (
        f"SELECT {', '.join(columns.values())} FROM json_each(?) wanted JOIN {table} f ON f.number = wanted.value "
        "ORDER BY wanted.key"
    )
    for first in range(0, len(numbers), _CHUNK):
        for row in connection.execute(statement, (json.dumps(numbers[first : first + _CHUNK].tolist()),)):
            yield dict(zip(columns, row, strict=True))
