"""The database as the site has it: only read, and within bounds, since a page can ask anything in SQL.

A question may take the time of `app`'s settings, and of memory what is given here. What SQLite advises for SQL of
others: https://sqlite.org/security.html.
"""

import asyncio
import sqlite3
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from svodka.libraries import require

_MEGABYTE = 2**20
_LONGEST_VALUE = 64 * _MEGABYTE
_LONGEST_PATTERN = 1000
_LARGEST_ANSWER = 128 * _MEGABYTE
_MOST_MEMORY = 1024 * _MEGABYTE
"""Of SQLite, for all questions together."""
_AT_ONCE = 3
"""Questions in SQL at a time, fewer than there are threads, so that the pages of the site are answered meanwhile."""

_REFUSED = frozenset({"printf", "format", "fts3_tokenizer", "load_extension"})
"""Functions that run for minutes uninterrupted where a width is large, or reach out of the database."""

# Sorting is done in memory, where it is bounded, and not on the disk.
_SETTINGS = f"""
PRAGMA hard_heap_limit = {_MOST_MEMORY};
PRAGMA temp_store = MEMORY;
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
"""


class _Cursor(sqlite3.Cursor):
    """A cursor that fetches no more than fits into memory."""

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        return _fitting(islice(self, size))

    def fetchall(self) -> list[Any]:
        return _fitting(self)


class _Connection(sqlite3.Connection):
    def cursor(self, factory: Any = _Cursor) -> Any:  # noqa: ANN401
        return super().cursor(factory)


def _authorized(action: int, _: str | None, name: str | None, *_more: str | None) -> int:
    return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_FUNCTION and name in _REFUSED else sqlite3.SQLITE_OK


def _fitting(rows: Iterable[Any]) -> list[Any]:
    fetched, size = [], 0
    for row in rows:
        size += sum(len(value) for value in row if isinstance(value, str | bytes))
        if size > _LARGEST_ANSWER:
            raise sqlite3.OperationalError("the answer is too large: ask for fewer rows, or for pieces of texts")
        fetched.append(row)
    return fetched


def read_only(site: Any, path: Path) -> Any:  # noqa: ANN401
    """The database of a site as Datasette has it; nothing in its path is taken for an option.

    Args:
        site: The Datasette that will have it.
        path: The file, which does not change while the site is there.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"  # https://www.sqlite.org/uri.html
    turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

    class Bounded(require("datasette.database", "explore").Database):  # type: ignore[misc]
        def connect(self, write: bool = False) -> sqlite3.Connection:
            if write:
                raise PermissionError("the database of the site is only read")
            connection = sqlite3.connect(uri, uri=True, check_same_thread=False, factory=_Connection)
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
            connection.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, _LONGEST_PATTERN)
            connection.executescript(_SETTINGS)
            connection.set_authorizer(_authorized)
            return connection

        async def execute(self, sql: str, *values: Any, **options: Any) -> Any:  # noqa: ANN401
            # Datasette would print errors, which have what was typed by anyone, as it is on the terminal
            quietly = {**options, "log_sql_errors": False}
            async with turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE)):
                try:
                    return await super().execute(sql, *values, **quietly)
                except MemoryError as error:
                    raise sqlite3.OperationalError("this takes too much memory: ask for less") from error

    return Bounded(site, str(path), is_mutable=False)
