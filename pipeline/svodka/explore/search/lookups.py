"""Small questions to the database that single pages have."""

import sqlite3
from dataclasses import dataclass

from svodka.explore.search.counts import SpeakerCount


@dataclass(frozen=True, slots=True)
class Totals:
    """What a corpus has.

    Attributes:
        documents: Documents.
        quotes: Quotations.
        speakers: Speakers who are known.
        first_day: First day of publication, ISO 8601; None where no document has one.
        last_day: Last day.
    """

    documents: int
    quotes: int
    speakers: int
    first_day: str | None
    last_day: str | None


def totals(connection: sqlite3.Connection) -> Totals:
    """What the corpus has."""
    statement = """SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM quote_facets),
        (SELECT count(*) FROM speaker_counts), (SELECT min(published_day) FROM documents),
        (SELECT max(published_day) FROM documents)"""
    return Totals(*connection.execute(statement).fetchone())


def speaker_ids(connection: sqlite3.Connection, doc_id: str) -> dict[int, str]:
    """The speakers of a document: number of the quotation → key of its speaker, where that is known."""
    statement = """SELECT q.quote_id, v.value FROM quotes q JOIN quote_facets f ON f.number = q.number
        JOIN facet_values v ON v.number = f.speaker WHERE q.doc_id = ?"""
    return dict(tuple(row) for row in connection.execute(statement, (doc_id,)))


def descriptions(connection: sqlite3.Connection) -> dict[str, str]:
    """What a row is, of each table and view."""
    return dict(tuple(row) for row in connection.execute("SELECT name, description FROM schema_tables"))


def companions(connection: sqlite3.Connection, speaker_id: str, limit: int = 10) -> list[SpeakerCount]:
    """Who is quoted in the same documents as a speaker, with the number of these documents."""
    statement = """
        WITH spoken AS (
          SELECT DISTINCT q.doc_id FROM facet_values v JOIN quote_facets f ON f.speaker = v.number
          JOIN quotes q ON q.number = f.number WHERE v.facet = 'speaker' AND v.value = ?1)
        SELECT v.value, v.label, count(DISTINCT q.doc_id) AS n FROM spoken s JOIN quotes q ON q.doc_id = s.doc_id
        JOIN quote_facets f ON f.number = q.number JOIN facet_values v ON v.number = f.speaker
        WHERE v.value <> ?1 GROUP BY v.number ORDER BY n DESC, v.label, v.value LIMIT ?2"""
    return [SpeakerCount(*row) for row in connection.execute(statement, (speaker_id, limit))]
