"""Days as people read them: those that a date expression means, and those of a corpus."""

import pyarrow.compute as pc

from svodka.tables import Tables
from svodka.writers.documents import Row


def days_of(row: Row) -> str:
    """The days that a date expression means, or, where it has none, its value.

    >>> days_of({"start_date": "2021-09-16", "end_date": "2021-09-16", "value": "2021-09-16"})
    '2021-09-16'
    >>> days_of({"start_date": None, "end_date": None, "value": "P3D"})
    'P3D'
    """
    start, end = row["start_date"], row["end_date"]
    if not (start or end):
        value: str = row["value"]
        return value
    return str(start) if start == end else f"{start or '…'} – {end or '…'}"


def period_of(tables: Tables) -> str | None:
    """The days of publication of documents, from the first to the last; None where none has one."""
    days = pc.min_max(tables.arrow("documents")["published_day"])
    first, last = days["min"].as_py(), days["max"].as_py()
    if first is None:
        return None
    return f"published {first}" if first == last else f"published {first} to {last}"
