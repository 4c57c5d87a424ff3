"""Which quotations are asked for: a query and filters, and the quotations that have both."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from svodka.explore.search.columns import (
    Columns,
    DatabaseFile,
    Numbers,
    Rows,
    columns_of,
    file_of,
    integers,
    value_number,
)
from svodka.explore.search.query import Query, parse

MOST_RANKED = 10_000
"""How many are ranked by relevance at most: of more, it takes long and means little."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for. All filters hold at once; None does not filter, and "" takes quotations that have no value.

    Attributes:
        text: A query, as `svodka.explore.search.query` reads it.
        speaker: A ``speaker_id``, as in the view ``speakers``.
        head: Main word of the role of the speaker, as `svodka.explore.search.heads` tells it.
        role: Role of the speaker.
        via: Medium that relays the words.
        month: Month of publication, «2021-09».
        type: direct, indirect or mixed.
        kind: Kind of the speaker: person, organization, group, document or unknown.
        form: Form on the page: inline, block, dash, headline or document.
        polarity: asserted, negated or hypothetical.
        day: Day of publication, «2021-09-07».
        year: Year of publication, «2021».
        doc_id: Document.
    """

    text: str = ""
    speaker: str | None = None
    head: str | None = None
    role: str | None = None
    via: str | None = None
    month: str | None = None
    type: str | None = None
    kind: str | None = None
    form: str | None = None
    polarity: str | None = None
    day: str | None = None
    year: str | None = None
    doc_id: str | None = None

    @property
    def active(self) -> dict[str, str]:
        """The filters that hold, without the text, by name."""
        named = ((field.name, getattr(self, field.name)) for field in fields(self) if field.name != "text")
        return {name: value for name, value in named if value is not None}


@dataclass(frozen=True, slots=True)
class Selection:
    """The quotations that were asked for.

    Attributes:
        query: How the text was understood.
        columns: The columns of all quotations.
        rows: Where the selected ones stand in them, ascending.
        n_matching: How many have the words, whatever the filters.
    """

    query: Query
    columns: Columns
    rows: Rows
    n_matching: int

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.rows)


remembered: dict[tuple[DatabaseFile, Filters], Selection] = {}
"""The latest selections: a page shows hits, facets and charts of the same. Threads share it: each use is one step."""

_MOST_REMEMBERED = 16


def select(connection: sqlite3.Connection, filters: Filters) -> Selection:
    """The quotations that have what is asked for."""
    key = (file_of(connection), filters)
    found = remembered.get(key)
    if found is None:
        found = _select(connection, filters)
        if len(remembered) >= _MOST_REMEMBERED:
            remembered.clear()
        remembered[key] = found
    return found


def _select(connection: sqlite3.Connection, filters: Filters) -> Selection:
    query = parse(filters.text)
    columns = columns_of(connection)
    chosen = _found(connection, columns, query)
    n_matching = int(np.count_nonzero(chosen))
    for mask in _masks(connection, columns, filters):
        chosen &= mask
    return Selection(query, columns, np.flatnonzero(chosen), n_matching)


def window(limit: int, offset: int) -> slice:
    """The part of a result that is a page of it."""
    start = max(offset, 0)
    return slice(start, start + max(limit, 0))


def matching(connection: sqlite3.Connection, table: str, expression: str) -> Numbers:
    """The numbers of the rows of ``quotes_fts`` or ``documents_fts`` that an expression of FTS5 matches."""
    statement = f"SELECT group_concat(rowid, ' ') FROM {table} WHERE {table} MATCH ?"
    return integers(connection.execute(statement, (expression,)).fetchone()[0])


def ranked(connection: sqlite3.Connection, table: str, expression: str) -> Numbers:
    """The same by relevance, BM25 (https://sqlite.org/fts5.html#the_bm25_function), the best first."""
    statement = f"SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY rank"
    found = connection.execute(statement, (expression,))
    return np.fromiter((row[0] for row in found), dtype=np.int32)


def _found(connection: sqlite3.Connection, columns: Columns, query: Query) -> NDArray[np.bool_]:
    chosen = np.full(len(columns.numbers), not query.wanted and not query.finds_nothing, dtype=np.bool_)
    if query.wanted:
        chosen[columns.rows_of(matching(connection, "quotes_fts", query.wanted_in("content")))] = True
    if query.unwanted:
        chosen[columns.rows_of(matching(connection, "quotes_fts", query.unwanted_in("content")))] = False
    return chosen


def _masks(connection: sqlite3.Connection, columns: Columns, filters: Filters) -> Iterator[NDArray[np.bool_]]:
    for name, value in filters.active.items():
        if name == "doc_id":
            statement = "SELECT number FROM quotes WHERE doc_id = ?"
            yield np.isin(columns.numbers, [row[0] for row in connection.execute(statement, (value,))])
        elif name == "year":
            statement = "SELECT number FROM facet_values WHERE facet = 'month' AND substr(value, 1, 4) = ?"
            months = [row[0] for row in connection.execute(statement, (value,))]
            yield np.isin(columns.of_facet["month"], months if value else [0])
        else:
            yield columns.of_facet[name] == value_number(connection, name, value)
