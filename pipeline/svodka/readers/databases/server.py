"""Databases that SQLAlchemy reaches by a URL: PostgreSQL, MySQL and others."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from svodka.errors import InputError
from svodka.libraries import require
from svodka.readers.columns import Columns
from svodka.readers.databases.tables import ONLY_READING, DatabaseTable
from svodka.readers.frames import BATCH_ROWS, Numbering, guarded, one_line, sequence_rows
from svodka.readers.rows import Row

if TYPE_CHECKING:
    import sqlalchemy as sa

logger = logging.getLogger("svodka.readers")

# How a session is made unable to change anything, and to tell moments in one zone on every machine. Whatever a session
# of another database did is rolled back.
_OPTIONS: Mapping[str, Mapping[str, object]] = {"postgresql": {"postgresql_readonly": True}}
_STATEMENTS: Mapping[str, Sequence[str]] = {
    "postgresql": ("set default_transaction_read_only = on", "set time zone 'UTC'"),
    "mysql": ("set session transaction read only", "set time_zone = '+00:00'"),
    "mariadb": ("set session transaction read only", "set time_zone = '+00:00'"),
    "oracle": ("set transaction read only",),
}
# The driver is given the query as it is (a «%» means itself), and sends the rows as they are asked for.
_STREAMED = {"no_parameters": True, "yield_per": BATCH_ROWS}
# Drivers that would take an answer that breaks off on the way for whole, so that all of it is fetched first.
_FETCHED_FIRST = {"mariadbconnector": {"no_parameters": True}}
# What holds no keyword and ends no statement: comments, strings and quoted names. MySQL and MariaDB have comments that
# are executed, and in strings backslashes (https://mariadb.com/docs/server/reference/sql-structure/).
_STANDARD = re.compile(
    r"""--[^\n]*|/\*.*?\*/|\be'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$""",
    re.DOTALL | re.IGNORECASE,
)
_MYSQL = re.compile(
    r"""--(?!\S)[^\n]*|\#[^\n]*|/\*(?!M?!).*?\*/|'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`""", re.DOTALL
)
_QUOTED = {"mysql": _MYSQL, "mariadb": _MYSQL}
_READING = ("select", "with", "values", "table")
_CHANGING = re.compile(r"\b(?:insert|update|delete|merge|into)\b", re.IGNORECASE)  # within a WITH, or SELECT INTO
_INTO_FILE = re.compile("outfile|dumpfile", re.IGNORECASE)  # of MySQL, which a session for reading does not forbid
# What installs a driver, where that is called otherwise.
_PACKAGES = {"MySQLdb": "mysqlclient", "psycopg": "psycopg[binary]", "psycopg2": "psycopg2-binary"}
_SILENT = logging.Logger("silent")
_SILENT.disabled = True
_SECRET = re.compile(r"pass|pwd|secret|token|key", re.IGNORECASE)


@contextmanager
def open_server(url: str) -> Iterator["_Server"]:
    """A database, opened for reading.

    Raises:
        InputError: It cannot be reached.
        MissingLibraryError: SQLAlchemy is not installed.
    """
    library = require("sqlalchemy", "sql")
    try:
        parsed = library.make_url(url)
    except (library.exc.SQLAlchemyError, ValueError):  # whose text may have the URL
        message = "the URL cannot be understood; a «@», «:» or «/» of the password is written %40, %3A, %2F"
        raise InputError(message) from None
    if parsed.drivername == "postgres":  # as psql takes it
        parsed = parsed.set(drivername="postgresql")
    clean = _cleaner(parsed)
    engine = _engine(library, parsed, clean)
    try:
        with _connected(engine, clean) as connection:
            yield _Server(connection, library, clean)
    finally:
        engine.dispose()


def _engine(library: Any, url: "sa.URL", clean: Callable[[Exception], str]) -> "sa.Engine":  # noqa: ANN401
    """What connects to a database.

    Raises:
        InputError: Its driver is not installed or cannot be used, or SQLAlchemy does not know the database.
    """
    another = f"or name another: {url.get_backend_name()}+DRIVER://…"
    try:
        engine: sa.Engine = library.create_engine(url, poolclass=library.pool.NullPool)
    except ImportError as error:
        driver = error.name or url.get_driver_name()
        message = f"the driver {driver} is not installed: pip install '{_PACKAGES.get(driver, driver)}', {another}"
        raise InputError(message) from None
    except library.exc.SQLAlchemyError as error:
        raise InputError(f"SQLAlchemy does not know the database: {clean(error)}") from None
    if engine.dialect.is_async:
        raise InputError(f"the driver {engine.driver} is one for asynchronous programs; leave it out, {another}")
    engine.pool.logger = _SILENT  # what fails at closing was told, or does not matter
    return engine


@contextmanager
def _connected(engine: "sa.Engine", clean: Callable[[Exception], str]) -> Iterator["sa.Connection"]:
    kind = engine.dialect.name
    try:
        connection = engine.connect()
    except Exception as error:  # drivers raise what they like
        raise InputError(f"the database cannot be reached: {clean(error)}") from None
    try:
        try:
            connection.execution_options(**_OPTIONS.get(kind, {}))
            for statement in _STATEMENTS.get(kind, ()):
                connection.exec_driver_sql(statement)
        except Exception as error:
            raise InputError(f"the database cannot be opened for reading only: {clean(error)}") from None
        yield connection
    finally:  # what was done is rolled back, but where the server has gone away
        with suppress(Exception):
            connection.close()


class _Server:
    def __init__(self, connection: "sa.Connection", library: Any, clean: Callable[[Exception], str]) -> None:  # noqa: ANN401
        self._connection = connection
        self._library = library
        self._clean = clean

    def quote(self, name: str) -> str:
        return str(self._connection.dialect.identifier_preparer.quote_identifier(name))

    def tables(self) -> list[DatabaseTable]:
        try:
            inspector = self._library.inspect(self._connection)
            names = sorted({*inspector.get_table_names(), *inspector.get_view_names()})
            columns = {name: [column["name"] for column in inspector.get_columns(name)] for name in names}
        except self._library.exc.SQLAlchemyError as error:
            raise InputError(f"the tables cannot be listed: {self._clean(error)}; give a query") from None
        return [DatabaseTable(name, self.quote(name), columns[name]) for name in names]

    def rows(self, query: str, finder: Columns, numbering: Numbering) -> Iterator[Row | InputError]:
        dialect = self._connection.dialect
        _check_reads(query, dialect.name)
        options = _FETCHED_FIRST.get(dialect.driver, _STREAMED)
        if options is not _STREAMED or not dialect.supports_server_side_cursors:
            logger.info("the driver %s holds the whole answer in memory; others do not", dialect.driver)
        try:
            result = self._connection.execution_options(**options).exec_driver_sql(query)
            names = list(result.keys())
        except Exception as error:
            raise InputError(f"the query fails: {self._clean(error)}") from None
        try:
            yield from sequence_rows(names, guarded(result, self._clean), finder, numbering)
        finally:
            with suppress(Exception):  # of a server that has gone away
                result.close()


def _check_reads(query: str, kind: str) -> None:
    """Refuse a query that is seen to be more than one SELECT; a column named by a refused word has to be quoted.

    It is the session that cannot change anything. This says so before the server is asked, and refuses what a session
    for reading is allowed: several statements, of which one ends it, and files that the server writes.

    Raises:
        InputError: It is.
    """
    bare = _QUOTED.get(kind, _STANDARD).sub(" ", query).strip().removesuffix(";")
    words = bare.lower().lstrip("( \t\r\n").split(None, 1)
    reads = words and words[0].rstrip("(*") in _READING and ";" not in bare and not _CHANGING.search(bare)
    if not reads or (kind in _QUOTED and _INTO_FILE.search(query)):
        raise InputError(f"the query is not one SELECT; {ONLY_READING}")


def _cleaner(url: "sa.URL") -> Callable[[Exception], str]:
    """What tells an error without what is secret of the URL."""
    options = [(name, value) for name, values in url.normalized_query.items() for value in values]
    secrets = [str(url.password or ""), *(value for name, value in options if _SECRET.search(name))]

    def clean(error: Exception) -> str:
        message = _said(getattr(error, "orig", None) or error)
        for secret in filter(None, secrets):
            message = message.replace(secret, "***")
        return message

    return clean


def _said(error: Exception) -> str:
    """What an error of a driver says: those of MySQL have a number before it, pg8000's are the fields of the answer."""
    match error.args:
        case (int(), str(said)) | ({"M": str(said)},):
            return one_line(Exception(said))
    return one_line(error)
