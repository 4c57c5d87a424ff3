"""Databases that are files: SQLite and DuckDB, opened so that nothing can be changed, attached or loaded."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from svodka.errors import InputError
from svodka.libraries import require
from svodka.readers.columns import Columns
from svodka.readers.databases.tables import ONLY_READING, DatabaseTable, double_quoted
from svodka.readers.frames import Numbering, guarded, one_line, sequence_rows, table_rows
from svodka.readers.rows import Row

if TYPE_CHECKING:
    import duckdb

# What a statement may do; full-text search asks for the last of the pragmas.
_ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE)
_PRAGMAS = ("table_info", "table_xinfo", "table_list", "data_version")
# Extensions are neither fetched nor loaded; a name in a query is never that of a variable of this program.
_CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}


@contextmanager
def open_sqlite(path: Path) -> Iterator["_Sqlite"]:
    """A SQLite database, opened for reading.

    Raises:
        InputError: It cannot be opened.
    """
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
    except sqlite3.Error as error:
        raise InputError(f"the database cannot be opened: {error}") from error
    with closing(connection):
        connection.text_factory = _decoded
        connection.set_authorizer(_authorize)
        yield _Sqlite(connection)


class _Sqlite:
    quote = staticmethod(double_quoted)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def tables(self) -> list[DatabaseTable]:
        listed = self._executed("select name, sql from sqlite_master where type in ('table', 'view') order by name")
        found = [(name, sql or "") for name, sql in listed if not name.startswith("sqlite_")]
        # an index for full-text search has texts too, and tables of its own
        virtual = tuple(name for name, sql in found if sql.lower().startswith("create virtual"))
        served = tuple(f"{name}_" for name in virtual)
        names = [name for name, _ in found if name not in virtual and not name.startswith(served)]
        return [DatabaseTable(name, double_quoted(name), self._columns(name)) for name in names]

    def rows(self, query: str, finder: Columns, numbering: Numbering) -> Iterator[Row | InputError]:
        cursor = self._executed(query)
        if cursor.description is None:
            raise InputError(f"the query gives no rows; {ONLY_READING}")
        yield from sequence_rows([column[0] for column in cursor.description], guarded(cursor), finder, numbering)

    def _columns(self, table: str) -> list[str]:
        return [row[1] for row in self._executed(f"pragma table_info({double_quoted(table)})")]

    def _executed(self, query: str) -> sqlite3.Cursor:
        try:
            return self._connection.execute(query)
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            is_mistake = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR  # no such table, a slip
            raise InputError(f"the query fails: {error}{'' if is_mistake else f'; {ONLY_READING}'}") from error


def _decoded(data: bytes) -> str | InputError:
    """A string of the database; what is none is an error that costs its row."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        return InputError(f"byte {error.start} of a string is not UTF-8; write it anew from its source")


def _authorize(action: int, first: str | None, second: str | None, _database: str | None, _by: str | None) -> int:
    is_allowed = (
        action in _ALLOWED
        or (action == sqlite3.SQLITE_FUNCTION and second != "load_extension")
        or (action == sqlite3.SQLITE_PRAGMA and first in _PRAGMAS)
        # said of a virtual table that is made known to the connection; the file itself is open for reading only
        or (action == sqlite3.SQLITE_UPDATE and first == "sqlite_master")
    )
    return sqlite3.SQLITE_OK if is_allowed else sqlite3.SQLITE_DENY


@contextmanager
def open_duckdb(path: Path) -> Iterator["_DuckDb"]:
    """A DuckDB database, opened for reading.

    Raises:
        InputError: It cannot be opened.
        MissingLibraryError: DuckDB is not installed.
    """
    library = require("duckdb", "duckdb")
    with tempfile.TemporaryDirectory(prefix="svodka-") as folder:  # what does not fit into memory goes there
        try:
            connection = library.connect(path, read_only=True, config={**_CONFIG, "temp_directory": folder})
            connection.execute("set timezone = 'UTC'")  # so that moments are told alike on every machine
        except library.Error as error:
            message = f"the database cannot be opened: {one_line(error)}. If a program has it open, close it there"
            raise InputError(message) from error
        with closing(connection):
            yield _DuckDb(connection, library)


class _DuckDb:
    quote = staticmethod(double_quoted)

    def __init__(self, connection: "duckdb.DuckDBPyConnection", library: Any) -> None:  # noqa: ANN401
        self._connection = connection
        self._library = library

    def tables(self) -> list[DatabaseTable]:
        listed = self._selected(
            "select schema_name, table_name, column_name from duckdb_columns() "
            "where not internal and database_name = current_database() "
            "order by schema_name, table_name, column_index"
        ).fetchall()
        tables = []
        for (schema, name), columns in groupby(listed, key=lambda row: row[:2]):
            shown = name if schema == "main" else f"{schema}.{name}"
            reference = f"{double_quoted(schema)}.{double_quoted(name)}"
            tables.append(DatabaseTable(shown, reference, [column for _, _, column in columns]))
        return tables

    def rows(self, query: str, finder: Columns, numbering: Numbering) -> Iterator[Row | InputError]:
        yield from table_rows(self._selected(query), finder, numbering)

    def _selected(self, query: str) -> "duckdb.DuckDBPyRelation":
        """What a query gives, before a row of it is fetched.

        A database that is open for reading still writes files by COPY, and attaches others that it changes.
        """
        try:
            statements = self._connection.extract_statements(query)
            if [statement.type.name for statement in statements] == ["SELECT"]:
                return self._connection.sql(query)
        except (self._library.Error, pa.ArrowException, ValueError) as error:
            raise InputError(f"the query fails: {one_line(error)}") from error
        raise InputError(f"the query is no SELECT; {ONLY_READING}")
