"""The narrow columns of all quotations in memory: what hits are filtered, ordered and counted by.

Each is an array of numbers of ``facet_values``, 4 bytes a quotation and facet, read once a database: its file does not
change while it is open. Filters, orders and counts of any number of hits then take a few milliseconds, where SQLite
would sort the values of each facet anew.
"""

import sqlite3
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from svodka.explore.database import connect

Numbers: TypeAlias = NDArray[np.int32]
Rows: TypeAlias = NDArray[np.intp]

FACETS = ("speaker", "kind", "role", "via", "day", "month", "type", "form", "polarity")
"""The columns of ``quote_facets``, besides ``number``."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of ``quote_facets``.

    Attributes:
        numbers: Numbers of all quotations, ascending.
        of_facet: For each facet the numbers of the values of these quotations; 0 where they have none.
        n_values: The greatest number of a value.
    """

    numbers: Numbers
    of_facet: dict[str, Numbers]
    n_values: int

    def rows_of(self, numbers: Numbers) -> Rows:
        """Where quotations stand in the columns, by their numbers."""
        return np.searchsorted(self.numbers, numbers)

    def counts(self, facet: str, rows: Rows) -> Rows:
        """How many of these rows have each value of a facet; index 0 counts those that have none."""
        return np.bincount(self.of_facet[facet][rows], minlength=self.n_values + 1)


class DatabaseFile(NamedTuple):
    """A file of a database.

    Attributes:
        path: Its path.
        changed: When it was written, in nanoseconds.
    """

    path: str
    changed: int


def columns_of(connection: sqlite3.Connection) -> Columns:
    """The columns of a database, read when they are asked for first."""
    return _read(file_of(connection))


def file_of(connection: sqlite3.Connection) -> DatabaseFile:
    """The file of a connection."""
    path = connection.execute("PRAGMA database_list").fetchone()[2]
    return DatabaseFile(path, Path(path).stat().st_mtime_ns)


def integers(listed: str | None) -> Numbers:
    """The integers of SQLite's ``group_concat(…, ' ')``.

    Rows that come as one string come in a fifth of the time of a Python object for each.

    >>> integers("3 1").tolist(), integers(None).tolist()
    ([3, 1], [])
    """
    return np.fromstring(listed, dtype=np.int32, sep=" ") if listed else np.zeros(0, dtype=np.int32)


@lru_cache(maxsize=4)
def _read(file: DatabaseFile) -> Columns:
    listed = ", ".join(f"group_concat(coalesce({name}, 0), ' ')" for name in ("number", *FACETS))
    with connect(Path(file.path)) as connection:
        row = connection.execute(f"SELECT {listed} FROM quote_facets").fetchone()
        (n_values,) = connection.execute("SELECT coalesce(max(number), 0) FROM facet_values").fetchone()
    numbers, *columns = map(integers, row)
    order = np.argsort(numbers)
    return Columns(numbers[order], {facet: of[order] for facet, of in zip(FACETS, columns, strict=True)}, n_values)
