"""The narrow columns of all quotations in memory: what hits are filtered, ordered and counted by.

Each is an array of numbers of ``facet_values``, 4 bytes a quotation and facet, read once a database: its file does not
change while it is open. Filters, orders and counts of any number of hits then take a few milliseconds, where SQLite
would sort the values of each facet anew.
"""

import json
import sqlite3
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from svodka.explore.database import connect
from svodka.explore.search.heads import head_of

Numbers: TypeAlias = NDArray[np.int32]
Rows: TypeAlias = NDArray[np.intp]

_STORED = ("speaker", "kind", "role", "via", "day", "month", "type", "form", "polarity")
FACETS = (*_STORED, "head")
"""The columns of ``quote_facets``, besides ``number``; and the main words of roles, which are worked out here."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of ``quote_facets``.

    Attributes:
        numbers: Numbers of all quotations, ascending.
        of_facet: For each facet the numbers of the values of these quotations; 0 where they have none.
        heads: Main words of roles, with numbers that follow those of ``facet_values``.
        n_values: The greatest number of a value.
    """

    numbers: Numbers
    of_facet: dict[str, Numbers]
    heads: dict[str, int]
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


def value_number(connection: sqlite3.Connection, facet: str, value: str) -> int:
    """The number of a value of a facet; 0 of "", which is none, and -1 of one that the database does not have."""
    if not value:
        return 0
    if facet == "head":
        return columns_of(connection).heads.get(value, -1)
    statement = "SELECT number FROM facet_values WHERE value = ? AND facet = ?"
    found = connection.execute(statement, (value, facet)).fetchone()
    return int(found[0]) if found else -1


def labels_of(connection: sqlite3.Connection, numbers: list[int]) -> dict[int, tuple[str, str]]:
    """Values with their labels by number."""
    statement = """SELECT v.number, v.value, v.label
        FROM json_each(?) wanted JOIN facet_values v ON v.number = wanted.value"""
    stored = connection.execute(statement, (json.dumps(numbers),))
    heads = {number: (head, head) for head, number in columns_of(connection).heads.items()}
    return heads | {number: (value, label) for number, value, label in stored}


def integers(listed: str | None) -> Numbers:
    """The integers of SQLite's ``group_concat(…, ' ')``.

    Rows that come as one string come in a fifth of the time of a Python object for each.

    >>> integers("3 1").tolist(), integers(None).tolist()
    ([3, 1], [])
    """
    return np.fromstring(listed, dtype=np.int32, sep=" ") if listed else np.zeros(0, dtype=np.int32)


@lru_cache(maxsize=4)
def _read(file: DatabaseFile) -> Columns:
    listed = ", ".join(f"group_concat(coalesce({name}, 0), ' ')" for name in ("number", *_STORED))
    with connect(Path(file.path)) as connection:
        row = connection.execute(f"SELECT {listed} FROM quote_facets").fetchone()
        (n_stored,) = connection.execute("SELECT coalesce(max(number), 0) FROM facet_values").fetchone()
        roles = connection.execute("SELECT number, value FROM facet_values WHERE facet = 'role'").fetchall()
    numbers, *columns = map(integers, row)
    order = np.argsort(numbers)
    of_facet = {facet: of[order] for facet, of in zip(_STORED, columns, strict=True)}
    head_by_role = {number: head_of(role) for number, role in roles}
    heads = {head: number for number, head in enumerate(sorted({*head_by_role.values()} - {""}), n_stored + 1)}
    number_by_role = np.zeros(n_stored + 1, dtype=np.int32)
    for role, head in head_by_role.items():
        number_by_role[role] = heads.get(head, 0)
    of_facet["head"] = number_by_role[of_facet["role"]]
    return Columns(numbers[order], of_facet, heads, n_stored + len(heads))
