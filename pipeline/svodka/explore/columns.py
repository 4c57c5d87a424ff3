"""The narrow columns of all quotations in memory: what hits are filtered, ordered and counted by.

Each is an array of numbers of ``facet_values``, 4 bytes a quotation and facet, read once a database: its file does not
change while it is open. Filters, orders and counts of any number of hits then take a few milliseconds, where SQLite
would sort the values of each facet anew.
"""

import sqlite3
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

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

    def rows_of(self, numbers: NDArray[np.int64]) -> Rows:
        """Where quotations stand in the columns, by their numbers."""
        return np.searchsorted(self.numbers, numbers)

    def counts(self, facet: str, rows: Rows) -> Rows:
        """How many of these rows have each value of a facet; index 0 counts those that have none."""
        return np.bincount(self.of_facet[facet][rows], minlength=self.n_values + 1)


def columns_of(connection: sqlite3.Connection) -> Columns:
    """The columns of a database, read when they are asked for first."""
    path = Path(connection.execute("PRAGMA database_list").fetchone()[2])
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> Columns:
    names = ", ".join(f"coalesce({facet}, 0)" for facet in FACETS)
    with connect(path) as connection:
        rows = connection.execute(f"SELECT number, {names} FROM quote_facets ORDER BY number").fetchall()
        (n_values,) = connection.execute("SELECT coalesce(max(number), 0) FROM facet_values").fetchone()
    table = np.array(rows, dtype=np.int32).reshape(-1, len(FACETS) + 1)
    numbers, *columns = np.ascontiguousarray(table.T)
    return Columns(numbers, dict(zip(FACETS, columns, strict=True)), n_values)
