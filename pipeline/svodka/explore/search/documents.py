"""Documents: the search over their texts, and one of them with all its rows, as the writers and the view have it."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from svodka.explore.search.columns import Numbers, integers
from svodka.explore.search.marks import Lemma, Piece, marked
from svodka.explore.search.query import Query, parse
from svodka.explore.search.selection import MOST_RANKED, matching, ranked, window
from svodka.schema import TABLES, Table
from svodka.writers.documents import Document, Row

_SNIPPET = 240


@dataclass(frozen=True, slots=True)
class DocumentHit:
    """A document that was found.

    Attributes:
        number: Its number in the database.
        doc_id: Its key.
        title: Its title.
        url: Its address; any text.
        source: Where it came from.
        author: Who wrote it.
        day: Day of publication, ISO 8601.
        n_quotes: How many quotations it has.
        snippet: The words around the first that was found, marked; its beginning where no word was looked for.
    """

    number: int
    doc_id: str
    title: str | None
    url: str | None
    source: str | None
    author: str | None
    day: str | None
    n_quotes: int
    snippet: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class FoundDocuments:
    """A page of documents.

    Attributes:
        hits: Those of this page.
        total: How many there are in all.
        query: How the text was understood.
    """

    hits: list[DocumentHit]
    total: int
    query: Query


def search_documents(
    connection: sqlite3.Connection, text: str, *, month: str | None = None, limit: int = 20, offset: int = 0
) -> FoundDocuments:
    """The documents whose text has what is asked for, a page of them.

    Those that have words come by relevance (BM25), all others, and more than `MOST_RANKED`, newest first.

    Args:
        connection: A database.
        text: A query, as `svodka.explore.search.query` reads it; all documents where it is empty.
        month: Month of publication, «2021-09»; "" takes those that have no day.
        limit: How many at most.
        offset: How many to leave out.
    """
    query = parse(text)
    numbers = matching_documents(connection, query, month)
    page = numbers[window(limit, offset)].tolist()
    return FoundDocuments(_hits(connection, page, query), len(numbers), query)


def matching_documents(connection: sqlite3.Connection, query: Query, month: str | None) -> Numbers:
    """The numbers of the documents that `search_documents` finds, in its order."""
    return _with_words(connection, query, _newest_first(connection, month))


def _with_words(connection: sqlite3.Connection, query: Query, numbers: Numbers) -> Numbers:
    """Those of some documents that have what a query wants, and not what it does not want."""
    if query.finds_nothing:
        return numbers[:0]
    if query.unwanted:
        numbers = numbers[~np.isin(numbers, matching(connection, "documents_fts", query.unwanted_in("text")))]
    if not query.wanted:
        return numbers
    expression = query.wanted_in("text")
    found = matching(connection, "documents_fts", expression)
    if len(found) > MOST_RANKED:
        return numbers[np.isin(numbers, found)]
    by_relevance = ranked(connection, "documents_fts", expression)
    return by_relevance[np.isin(by_relevance, numbers)]


def _newest_first(connection: sqlite3.Connection, month: str | None) -> Numbers:
    """The numbers of all documents, or those of a month; those that have no day last."""
    condition = "published_day IS NULL" if month == "" else "?1 IS NULL OR substr(published_day, 1, 7) = ?1"
    # the subquery keeps its order: https://sqlite.org/lang_aggfunc.html#group_concat
    statement = f"""SELECT group_concat(number, ' ') FROM (
        SELECT number FROM documents INDEXED BY documents_published_day WHERE {condition}
        ORDER BY published_day DESC, number DESC)"""
    return integers(connection.execute(statement, () if month == "" else (month,)).fetchone()[0])


_HITS = """
SELECT d.number, d.doc_id, d.title, d.url, d.source, d.author, d.published_day,
  (SELECT count(*) FROM quotes q WHERE q.doc_id = d.doc_id), d.text
FROM json_each(?) wanted JOIN documents d ON d.number = wanted.value ORDER BY wanted.key
"""


def _hits(connection: sqlite3.Connection, numbers: list[int], query: Query) -> list[DocumentHit]:
    hits = []
    for row in connection.execute(_HITS, (json.dumps(numbers),)).fetchall():
        *values, text = row
        lemmas: list[Lemma] = []
        if query.terms:
            statement = 'SELECT "start", "end", lemma FROM tokens WHERE doc_id = ? AND lemma IS NOT NULL'
            lemmas = [Lemma(*token) for token in connection.execute(statement, (values[1],))]
        hits.append(DocumentHit(*[*values, _snippet(marked(text, query, lemmas))]))
    return hits


def _snippet(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The pieces around the first hit."""
    text = "".join(piece.text for piece in pieces)
    first = len(pieces[0].text) if len(pieces) > 1 and not pieces[0].is_hit else 0
    start = max(first - _SNIPPET // 3, 0)
    if start:
        start = text.find(" ", start) + 1
    end = start + _SNIPPET
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + 1)
    cut: list[Piece] = [Piece("… ", False)] if start else []
    place = 0
    for piece in pieces:
        kept = piece.text[max(start - place, 0) : max(end - place, 0)]
        if kept:
            cut.append(Piece(kept, piece.is_hit))
        place += len(piece.text)
    return (*cut, Piece(" …", False)) if end < len(text) else tuple(cut)


def document(connection: sqlite3.Connection, doc_id: str) -> Document | None:
    """A document with all its rows; None where there is none of that key.

    Args:
        connection: A database.
        doc_id: Key of the document.

    Returns:
        Rows as in the contract, lists and booleans as Python's, and dates and moments as strings of ISO 8601.
    """
    rows = {name: _rows(connection, table, doc_id) for name, table in TABLES.items()}
    found = rows.pop("documents")
    return Document(found[0], **rows) if found else None


def _rows(connection: sqlite3.Connection, table: Table, doc_id: str) -> list[Row]:
    columns = table.all_columns
    names = ", ".join(f'"{column.name}"' for column in columns)
    order = ", ".join(table.keys) or "rowid"
    found = connection.execute(f"SELECT {names} FROM {table.name} WHERE doc_id = ? ORDER BY {order}", (doc_id,))
    return [
        {column.name: _value(value, column.type) for column, value in zip(columns, row, strict=True)} for row in found
    ]


def _value(stored: Any, arrow: pa.DataType) -> Any:  # noqa: ANN401
    if stored is None:
        return None
    if pa.types.is_nested(arrow):
        return json.loads(stored)
    return bool(stored) if pa.types.is_boolean(arrow) else stored


def speaker_ids(connection: sqlite3.Connection, doc_id: str) -> dict[int, str]:
    """The speakers of a document: number of the quotation → key of its speaker, where that is known."""
    statement = """SELECT q.quote_id, v.value FROM quotes q JOIN quote_facets f ON f.number = q.number
        JOIN facet_values v ON v.number = f.speaker WHERE q.doc_id = ?"""
    return dict(tuple(row) for row in connection.execute(statement, (doc_id,)))
