"""Databases that SQLAlchemy reaches by a URL: PostgreSQL, MySQL and others."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from svodka.errors import InputError
from svodka.libraries import require
from svodka.readers.columns import Columns
from svodka.readers.databases.tables import ONLY_READING, DatabaseTable
from svodka.readers.frames import BATCH_ROWS, Numbering, guarded, one_line, sequence_rows
from svodka.readers.rows import Row

if TYPE_CHECKING:
    import sqlalchemy as sa

# How a session is made unable to change anything, and to tell moments in one zone on every machine. Whatever a session
# of another database did is rolled back.
_OPTIONS: Mapping[str, Mapping[str, object]] = {"postgresql": {"postgresql_readonly": True}}
_STATEMENTS: Mapping[str, Sequence[str]] = {
    "postgresql": ("set time zone 'UTC'",),
    "mysql": ("set session transaction read only", "set time_zone = '+00:00'"),
    "mariadb": ("set session transaction read only", "set time_zone = '+00:00'"),
    "oracle": ("set transaction read only",),
}
# The driver is given the query as it is (a «%» means itself), and sends the rows as they are asked for.
_STREAMED = {"no_parameters": True, "yield_per": BATCH_ROWS}
# What holds no keyword and ends no statement: comments, strings and quoted names.
_QUOTED = re.compile(
    r"""--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$""", re.DOTALL
)
_READING = ("select", "with", "values", "table")
_CHANGING = re.compile(r"\b(?:insert|update|delete|merge|into)\b", re.IGNORECASE)  # within a WITH, or SELECT INTO
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
    clean = _cleaner(parsed)
    try:
        engine = library.create_engine(parsed, poolclass=library.pool.NullPool)
    except ImportError as error:
        message = (
            f"the driver {error.name} is not installed; install it, or name another: {parsed.drivername}+DRIVER://…"
        )
        raise InputError(message) from None
    except library.exc.SQLAlchemyError as error:
        raise InputError(f"SQLAlchemy does not know the database: {clean(error)}") from None
    try:
        with _connected(engine, clean) as connection:
            yield _Server(connection, library, clean)
    finally:
        engine.dispose()


@contextmanager
def _connected(engine: "sa.Engine", clean: Callable[[Exception], str]) -> Iterator["sa.Connection"]:
    kind = engine.dialect.name
    try:
        connection = engine.connect()
    except Exception as error:  # drivers raise what they like
        raise InputError(f"the database cannot be reached: {clean(error)}") from None
    with connection:  # at its end what was done is rolled back
        try:
            connection.execution_options(**_OPTIONS.get(kind, {}))
            for statement in _STATEMENTS.get(kind, ()):
                connection.exec_driver_sql(statement)
        except Exception as error:
            raise InputError(f"the database cannot be opened for reading only: {clean(error)}") from None
        yield connection


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
        _check_reads(query)
        try:
            result = self._connection.execution_options(**_STREAMED).exec_driver_sql(query)
            names = list(result.keys())
        except Exception as error:
            raise InputError(f"the query fails: {self._clean(error)}; {ONLY_READING}") from None
        yield from sequence_rows(names, guarded(result, self._clean), finder, numbering)


def _check_reads(query: str) -> None:
    """Refuse a query that is seen to be more than one SELECT; a column named by a refused word has to be quoted.

    Raises:
        InputError: It is.
    """
    bare = _QUOTED.sub(" ", query).strip().removesuffix(";")
    words = bare.lower().lstrip("( \t\r\n").split(None, 1)
    if ";" in bare or not words or words[0].rstrip("(*") not in _READING or _CHANGING.search(bare):
        raise InputError(f"the query is not one SELECT; {ONLY_READING}")


def _cleaner(url: "sa.URL") -> Callable[[Exception], str]:
    """What tells an error without what is secret of the URL."""
    options = [(name, value) for name, values in url.normalized_query.items() for value in values]
    secrets = [str(url.password or ""), *(value for name, value in options if _SECRET.search(name))]

    def clean(error: Exception) -> str:
        message = one_line(getattr(error, "orig", None) or error)
        for secret in filter(None, secrets):
            message = message.replace(secret, "***")
        return message

    return clean
