"""The search over quotations."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from svodka.explore.search.columns import Rows
from svodka.explore.search.marks import Lemma, Piece, marked
from svodka.explore.search.query import Query
from svodka.explore.search.selection import MOST_RANKED, Filters, Selection, ranked, select, window
from svodka.records import BETWEEN_SEGMENTS, joined
from svodka.writers.documents import span_of

Order: TypeAlias = Literal["relevance", "newest", "oldest"]

_CONTEXT = 120


@dataclass(frozen=True, slots=True)
class Hit:
    """A quotation that was found.

    Attributes:
        number: Its number in the database.
        doc_id: Its document.
        quote_id: Its number in the document.
        title: Title of the document.
        url: Address of the document; any text, so that a page has to look at its scheme before it makes a link.
        day: Day of publication, ISO 8601.
        type: direct, indirect or mixed.
        form: Form on the page.
        speaker: Name of the source.
        speaker_id: Its key.
        speaker_kind: What the source is.
        role: Role of the source.
        via: Medium that relays the words.
        polarity: Whether the text says that it was said.
        confidence: 0 to 1.
        content: The words that are quoted, what was found in them marked.
        before: What stands before the quotation in its paragraph.
        after: What stands after it.
    """

    number: int
    doc_id: str
    quote_id: int
    title: str | None
    url: str | None
    day: str | None
    type: str
    form: str
    speaker: str | None
    speaker_id: str | None
    speaker_kind: str
    role: str | None
    via: str | None
    polarity: str
    confidence: float
    content: tuple[Piece, ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits.

    Attributes:
        hits: Those of this page.
        total: How many there are in all.
        query: How the text was understood.
        order: The order they are in: newest where relevance was asked for and there is no word to be relevant to, or
            more than `MOST_RANKED` quotations have the words, so that ranking them would take long and mean little.
    """

    hits: list[Hit]
    total: int
    query: Query
    order: Order


def search(
    connection: sqlite3.Connection, filters: Filters, *, order: Order = "relevance", limit: int = 20, offset: int = 0
) -> Found:
    """The quotations that have what is asked for, a page of them.

    Args:
        connection: A database.
        filters: What is asked for; all quotations where that is nothing.
        order: relevance (BM25), newest or oldest first.
        limit: How many at most.
        offset: How many to leave out.
    """
    selection = select(connection, filters)
    is_ranked = order == "relevance" and bool(selection.query.wanted) and selection.n_matching <= MOST_RANKED
    rows = _ranked(connection, selection) if is_ranked else by_day(selection, is_newest_first=order != "oldest")
    numbers = selection.columns.numbers[rows[window(limit, offset)]].tolist()
    actual: Order = order if is_ranked or order != "relevance" else "newest"
    return Found(_hits(connection, numbers, selection.query), selection.total, selection.query, actual)


def by_day(selection: Selection, *, is_newest_first: bool) -> Rows:
    """The selected rows by the day of publication, those that have none last; those of a day in reading order."""
    days = selection.columns.of_facet["day"][selection.rows]
    if is_newest_first:
        return selection.rows[np.argsort(-days, kind="stable")]
    return selection.rows[np.argsort(np.where(days == 0, np.iinfo(np.int32).max, days), kind="stable")]


def _ranked(connection: sqlite3.Connection, selection: Selection) -> Rows:
    rows = selection.columns.rows_of(ranked(connection, "quotes_fts", selection.query.wanted_in("content")))
    is_selected = np.zeros(len(selection.columns.numbers), dtype=np.bool_)
    is_selected[selection.rows] = True
    return rows[is_selected[rows]]


_HITS = """
SELECT q.number, q.doc_id, q.quote_id, d.title, d.url, d.published_day, q.type, q.form,
  coalesce(v.label, q.speaker), v.value, k.value, q.role, q.via, q.polarity, q.confidence,
  q.segments, q."start", q."end", d.text, s."start", s.token_start
FROM json_each(?) wanted
JOIN quotes q ON q.number = wanted.value
JOIN documents d ON d.doc_id = q.doc_id
JOIN quote_facets f ON f.number = q.number
JOIN facet_values k ON k.number = f.kind
LEFT JOIN facet_values v ON v.number = f.speaker
LEFT JOIN sentences s ON s.doc_id = q.doc_id AND s.sent_id = q.sent_id
ORDER BY wanted.key
"""


def _hits(connection: sqlite3.Connection, numbers: Sequence[int], query: Query) -> list[Hit]:
    rows = connection.execute(_HITS, (json.dumps(numbers),)).fetchall()
    return [_hit(connection, tuple(row), query) for row in rows]


def _hit(connection: sqlite3.Connection, row: tuple[Any, ...], query: Query) -> Hit:
    *values, segments, start, end, text, sentence_start, first_token = row
    spans = list(map(span_of, json.loads(segments)))
    lemmas = _lemmas(connection, values[1], spans, sentence_start, first_token) if query.terms else []
    content = marked(joined(text, spans), query, lemmas)
    return Hit(*[*values, content, _before(text, start), _after(text, end)])


def _before(text: str, start: int) -> str:
    """The end of what stands before, of its paragraph, whole words."""
    piece = text[max(start - _CONTEXT, 0) : start].rpartition("\n")[2]
    return piece.partition(" ")[2] if len(piece) == _CONTEXT else piece


def _after(text: str, end: int) -> str:
    """The beginning of what stands after, of its paragraph, whole words."""
    piece = text[end : end + _CONTEXT].partition("\n")[0]
    return piece if len(piece) < _CONTEXT else piece.rpartition(" ")[0]


def _lemmas(
    connection: sqlite3.Connection, doc_id: str, spans: list[tuple[int, int]], sentence_start: int | None,
    first_token: int | None,
) -> list[Lemma]:  # fmt: skip
    """The tokens of the segments, where they stand in the content."""
    shifts, done = [], 0  # from the text to the content
    for start, end in spans:
        shifts.append((start, end, done - start))
        done += end - start + len(BETWEEN_SEGMENTS)
    last = spans[-1][1]
    lowest = first_token or 0
    highest = lowest - (sentence_start or 0) + last  # a token has at least one character
    statement = """SELECT "start", "end", lemma FROM tokens
        WHERE doc_id = ? AND token_id BETWEEN ? AND ? AND "start" < ? AND lemma IS NOT NULL"""
    return [
        Lemma(start + by, end + by, lemma)
        for start, end, lemma in connection.execute(statement, (doc_id, lowest, highest, last))
        for first, until, by in shifts
        if first <= start and end <= until
    ]
