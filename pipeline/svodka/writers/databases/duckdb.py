"""DuckDB: a database in one file, with native types, descriptions and views.

The tables are those of `svodka.schema`: lists and structs, dates and ``TIMESTAMPTZ`` are DuckDB's own, closed values
are enumerations named ``TABLE_COLUMN``, and descriptions are comments (``duckdb_tables()``, ``duckdb_columns()``),
which ``schema_tables`` and ``schema_columns`` repeat. The view ``quotes_full`` puts a quotation together with its
document, sentence and speaker; ``speakers`` has a speaker a row. ``substr(text, "start" + 1, "end" - "start")`` of a
document's text is the span; ``end`` is a word of SQL and needs its quotes.

Tables have primary keys but for `tokens`, where the index would more than double the time of writing (a million
tokens: from 5 to 13 seconds) and enlarge the file by a third; each document is there once, and so are its tokens.
There are no foreign keys: DuckDB checks them row by row, so that neither heads of tokens, which refer to later ones,
nor sentences and tokens, which refer to one another, could have them. ``svodka check`` verifies all of it. There is no
full-text search, either, for it is an extension that DuckDB would have to download; the SQLite database has one. The
same tables make the same database, though not the same bytes: DuckDB gives each file an identifier. Every DuckDB from
1.0 on reads it, whichever wrote it (https://duckdb.org/docs/stable/internals/storage#compatibility).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from svodka.errors import ExportError
from svodka.libraries import require
from svodka.schema import ALL_TABLES, Column, Table
from svodka.tables import Tables
from svodka.writers.databases.sql import (
    META_TABLES,
    QUOTES_FULL,
    SAID,
    SPEAKER_ID,
    SPEAKERS,
    column_rows,
    described,
    literal,
    meta_rows,
    quoted,
    statements,
    table_rows,
)

# Nothing is fetched, whatever the user's own settings say. What DuckDB 2 writes by itself only DuckDB 2 can read.
_SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "storage_compatibility_version": "v1.0.0",
}

_SCALARS = {
    pa.string(): "VARCHAR",
    pa.int32(): "INTEGER",
    pa.float32(): "FLOAT",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.timestamp("us", tz="UTC"): "TIMESTAMPTZ",
}

_VIEWS = (
    QUOTES_FULL.format(
        number="",
        month="strftime(d.published_day, '%Y-%m')",
        content="""array_to_string(
    [substr(d.text, g."start" + 1, g."end" - g."start") FOR g IN q.segments], ' … ')""",
        speaker_id=SPEAKER_ID,
        joins="",
    ),
    "CREATE VIEW speakers AS " + SPEAKERS.format(said=SAID.format(number=""), roles="list(role ORDER BY n DESC, role)"),
)


def write_duckdb(parts: Iterable[Tables], target: Path) -> None:
    """Write a DuckDB database.

    All tables of the contract are there; one that was not written is empty.

    Args:
        parts: The tables.
        target: The file, which is not there yet.

    Raises:
        ExportError: The tables break the contract, so that keys do not hold; or DuckDB cannot write.
        MissingLibraryError: DuckDB is not installed.
    """
    duckdb = require("duckdb", "duckdb")
    try:
        with duckdb.connect(str(target.absolute()), config=_SETTINGS) as connection:
            connection.begin()
            for statement in _definitions():
                connection.execute(statement)
            _describe(connection)
            connection.commit()
            for part in parts:  # what a transaction inserts is in memory till its end
                connection.begin()
                for table in ALL_TABLES.values():
                    _insert(connection, table.name, part.arrow(table.name))
                connection.commit()
    except duckdb.ConstraintException as error:
        raise ExportError(f"the tables break their contract: {error}; `svodka check` says where") from error
    except duckdb.Error as error:
        raise ExportError(f"{target}: {error}") from error


def _definitions() -> Iterator[str]:
    for table in ALL_TABLES.values():
        for column in table.columns:
            if column.values:
                yield f"CREATE TYPE {table.name}_{column.name} AS ENUM ({', '.join(map(literal, column.values))})"
        yield _definition(table)
        yield f"COMMENT ON TABLE {table.name} IS {literal(table.description)}"
        for column in table.all_columns:
            yield f"COMMENT ON COLUMN {table.name}.{quoted(column.name)} IS {literal(described(column))}"
    yield from _VIEWS


def _definition(table: Table) -> str:
    """The statement that makes a table."""
    lines = [f"{quoted(column.name)} {_column(table, column)}" for column in table.all_columns]
    if table.keys and table.name != "tokens":
        lines.append(f"PRIMARY KEY ({', '.join(map(quoted, table.keys))})")
    return f"CREATE TABLE {table.name} ({', '.join(lines)})"


def _column(table: Table, column: Column) -> str:
    native = f"{table.name}_{column.name}" if column.values else _type(column.type)
    return native if column.nullable else f"{native} NOT NULL"


def _type(arrow: pa.DataType) -> str:
    if pa.types.is_list(arrow):
        return f"{_type(arrow.value_type)}[]"
    if pa.types.is_struct(arrow):
        return f"STRUCT({', '.join(f'{quoted(field.name)} {_type(field.type)}' for field in arrow)})"
    return _SCALARS[arrow]


def _describe(connection: Any) -> None:  # noqa: ANN401
    for statement in statements(META_TABLES.format(text="VARCHAR", options="")):
        connection.execute(statement)
    for name, rows in (
        ("svodka_meta", meta_rows()),
        ("schema_tables", table_rows()),
        ("schema_columns", column_rows()),
    ):
        columns = [pa.array(column) for column in zip(*rows, strict=True)]
        _insert(connection, name, pa.Table.from_arrays(columns, names=list(map(str, range(len(columns))))))


def _insert(connection: Any, name: str, rows: pa.Table) -> None:  # noqa: ANN401
    """Insert rows behind those that are there."""
    if rows.num_rows:
        connection.register("part", rows)
        connection.execute(f"INSERT INTO {name} SELECT * FROM part")
        connection.unregister("part")
