"""What is in a corpus, in all."""

import sqlite3
from dataclasses import dataclass


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


def descriptions(connection: sqlite3.Connection) -> dict[str, str]:
    """What a row is, of each table and view."""
    return dict(tuple(row) for row in connection.execute("SELECT name, description FROM schema_tables"))
