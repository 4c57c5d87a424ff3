"""Databases: a row of what a query gives, or of the only table with texts, is an article. Nothing is ever changed."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from svodka.errors import InputError
from svodka.readers.columns import Columns
from svodka.readers.databases.files import open_duckdb, open_sqlite
from svodka.readers.databases.server import open_server
from svodka.readers.databases.tables import Database
from svodka.readers.databases.urls import shown
from svodka.readers.files import InputFile
from svodka.readers.frames import Numbering
from svodka.readers.options import ReadOptions
from svodka.readers.rows import Row

logger = logging.getLogger("svodka.readers")

# Where a file says what it is, https://www.sqlite.org/fileformat.html and https://duckdb.org/docs/stable/internals/storage
_OPENERS: Mapping[tuple[int, bytes], Callable[[Path], AbstractContextManager[Database]]] = {
    (0, b"SQLite format 3\0"): open_sqlite,
    (8, b"DUCK"): open_duckdb,
}
_TABLES_SHOWN, _COLUMNS_SHOWN = 20, 8


def read_database(file: InputFile, options: ReadOptions) -> Iterator[Row | InputError]:
    """The articles of a database of SQLite or DuckDB, which is opened for reading only.

    Moments that the database keeps with a zone come in UTC, as from a server; a query can give them in the zone of the
    outlet, where the day of publication counts: ``published at time zone 'Europe/Moscow'``.

    Args:
        file: The database; its first bytes, not its ending, tell which it is.
        options: Its `query` is what to ask; without it the one table or view that has a column with the text is read.
            Its `columns` are the caller's own field → column.

    Yields:
        A row, or the error of a row.

    Raises:
        InputError: The file is no database, there is not just one table to read, or the query fails.
        MissingLibraryError: DuckDB is not installed.
        OSError: The file cannot be opened.
    """
    with file.path.open("rb") as opened:
        head = opened.read(16)
    for (offset, mark), opener in _OPENERS.items():
        if head[offset:].startswith(mark):
            yield from _read(opener(file.path), str(file.path), file.name, options)
            return
    message = "the file is no database of SQLite or DuckDB, or is damaged" if head else "the database is empty"
    raise InputError(message, source=str(file.path))


def read_url(file: InputFile, options: ReadOptions) -> Iterator[Row | InputError]:
    """The articles of a database that a URL of SQLAlchemy names; user, password and options of it are never shown.

    Args:
        file: The URL.
        options: As for `read_database`.

    Yields:
        A row, or the error of a row.

    Raises:
        InputError: The database cannot be reached, there is not just one table to read, or the query fails.
        MissingLibraryError: SQLAlchemy is not installed.
    """
    yield from _read(open_server(file.url), shown(file.url), file.name, options)


def _read(
    opener: AbstractContextManager[Database], source: str, name: str, options: ReadOptions
) -> Iterator[Row | InputError]:
    finder = Columns(options.columns, source)
    try:
        with opener as database:
            query = options.query if options.query is not None else _query_of_only_table(database, finder, source)
            yield from database.rows(query, finder, Numbering(f"{source}:", f"{name}:"))
    except InputError as error:
        raise InputError(error.args[0], source=source) from error.__cause__
    finder.warn_of_unseen()


def _query_of_only_table(database: Database, finder: Columns, source: str) -> str:
    """The query for the only table that has texts.

    Raises:
        InputError: There is none, or there are several; the message lists all tables.
    """
    tables = database.tables()
    with_text = {}
    for table in tables:
        try:
            with_text[table.name] = table, finder.find(table.columns)
        except InputError:
            continue
    if len(with_text) == 1:
        [(table, found)] = with_text.values()
        logger.warning("%s: no query is given, so its table %s is read, the only one with texts", source, table.name)
        return f"select {', '.join(map(database.quote, dict.fromkeys(found.values())))} from {table.reference}"
    shown_tables = [f"{table.name} ({_listed(table.columns, _COLUMNS_SHOWN, ', ')})" for table in tables]
    example = next(iter(with_text), tables[0].name if tables else "articles")
    message = (
        f"{len(with_text) or 'none'} of its {len(tables)} tables {'has' if len(with_text) == 1 else 'have'} a column "
        f"with the text: {_listed(shown_tables, _TABLES_SHOWN, '; ') or 'there are no tables'}. Say what to read by a "
        f'query, such as "select id, title, text from {example}", calling the text `text`'
    )
    raise InputError(message)


def _listed(names: list[str], most: int, separator: str) -> str:
    return separator.join(names[:most]) + (f"{separator}…" if len(names) > most else "")
