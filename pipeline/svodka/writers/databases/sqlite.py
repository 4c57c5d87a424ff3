"""SQLite: a database in one file, with keys, views and full-text search.

The tables are those of `svodka.schema`, with their types, keys and closed values as constraints. Dates and moments are
ISO 8601 (moments in UTC), lists JSON, booleans 0 and 1. The descriptions stand in ``.schema`` and in the tables
``schema_tables`` and ``schema_columns``; ``svodka_meta`` names the versions. `documents` and `quotes` have a column
``number`` besides, which the search refers to. Foreign keys hold, and are enforced after ``PRAGMA foreign_keys = ON``.

The view ``quotes_full`` puts a quotation together with its document, sentence and speaker; ``speakers`` has a speaker a
row, counted when it was written. To count over all quotations take `quotes`, whose indexes answer at once. Search is by
the words as they stand and by the lemmas of the tokens, so that «заявление» finds «заявления»::

    SELECT f.doc_id, f.speaker, snippet(quotes_fts, 0, '[', ']', '…', 20)
    FROM quotes_fts JOIN quotes_full f ON f.number = quotes_fts.rowid
    WHERE quotes_fts MATCH '"сильный дождь"' ORDER BY rank LIMIT 20;

    SELECT d.title FROM documents_fts JOIN documents d ON d.number = documents_fts.rowid
    WHERE documents_fts MATCH 'NEAR(паводок ущерб, 10)';

Columns are ``content`` (``text`` of documents) and ``lemmas``, as in ``'lemmas: дождь'``; without one either will do.
What is found in a column is marked in that column. Case and accents do not count; ё is indexed as е, as in lemmas, and
a query has to have е, too. The texts are not stored twice: the search reads them through the views ``quotes_words`` and
``documents_words``.

``substr(text, "start" + 1, "end" - "start")`` of a document's text is the span, for SQLite counts code points, too. It
stops at a NUL, though, as ``length`` does: of the few texts that hold one, all is kept and comes back whole, but the
views show and the search has the content of quotations only up to there (their lemmas are all there).
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa

from svodka.errors import ExportError
from svodka.schema import ALL_TABLES, Column, Table
from svodka.tables import Tables
from svodka.writers.databases.facets import COLUMNS, FACETS, SAID
from svodka.writers.databases.sql import (
    META_TABLES,
    QUOTES_FULL,
    SPEAKERS,
    Reference,
    column_rows,
    described,
    literal,
    meta_rows,
    quoted,
    references,
    statements,
    table_rows,
)
from svodka.writers.plain import plain_values

# STRICT tables came with 3.37, the arrows of JSON with 3.38 (https://sqlite.org/changes.html).
_LEAST_VERSION = (3, 38)

# Nothing has to survive an interruption, for the file gets its name when it is whole.
_SETTINGS = """\
PRAGMA page_size = 8192;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA cache_size = -65536;
"""

# Rows of them are long, so that they lie in the order of writing, and are searched by their number. The other tables
# lie in the order of their keys: the tokens of a document are together, and their keys are stored once.
_NUMBERED = ("documents", "quotes")
_NUMBER = "Number of the row in the database, which the search refers to."

# What rows are looked for by, besides keys. Columns behind the first spare the way to the rows themselves: texts are
# long, and tokens many.
_INDEXES: dict[str, tuple[tuple[str, ...], ...]] = {
    "documents": (("published_day", "number", "doc_id"), ("url",)),
    "tokens": (("lemma", "pos"),),
    "mentions": (("normal",),),
    "entities": (("name",), ("link",)),
    "roles": (("role",), ("organization",)),
    "dates": (("start_date",), ("type",)),
    "quotes": (("speaker",), ("role",), ("via",), ("type",), ("cue_lemma",)),
    "registry": (("name",), ("link",)),
    "registry_entities": (("registry_id",),),
}

# The list `quotes.segments` as rows; the search cannot read JSON, since it admits no table-valued functions.
_SEGMENTS = """\
CREATE TABLE quote_segments ( -- One span of the content of a quotation.
  doc_id TEXT NOT NULL, quote_id INTEGER NOT NULL, segment INTEGER NOT NULL, "start" INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  PRIMARY KEY (doc_id, quote_id, segment),
  FOREIGN KEY (doc_id, quote_id) REFERENCES quotes (doc_id, quote_id) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
INSERT INTO quote_segments
SELECT doc_id, quote_id, key, value ->> 'start', value ->> 'end' FROM quotes, json_each(segments);
"""

_CONTENT = """(
    SELECT group_concat(substr(d.text, g."start" + 1, g."end" - g."start"), ' … ')
    FROM quote_segments g WHERE g.doc_id = q.doc_id AND g.quote_id = q.quote_id)"""

# Tables and views that the contract does not have, with what they are.
_FURTHER = {
    "quote_segments": "One span of the content of a quotation: quotes.segments as rows.",
    "quotes_full": "A quotation with its document, sentence and speaker.",
    "quotes_fts": "Search over the content of quotations; rowid is quotes.number.",
    "documents_fts": "Search over texts; rowid is documents.number.",
    "quote_facets": "A quotation, with the numbers of the facet_values that it is counted and filtered by.",
    "facet_values": "A value that quotations are counted and filtered by.",
    "speakers": "A speaker: a row of the registry, or where there is none the name of an entity or source.",
    "speaker_counts": "The rows of the view speakers, counted once.",
    "quotes_words": "What quotes_fts reads: content with е for ё, and its lemmas.",
    "documents_words": "What documents_fts reads: a text with е for ё, and its lemmas.",
    "schema_tables": "A table or view, and what a row of it is.",
    "schema_columns": "A column, with its type and what it holds.",
    "svodka_meta": "A version: of svodka, and of the contract of the tables.",
}

# ё is written as е, so that it is found either way; the tokenizer itself takes them for two letters.
_SEARCH = f"""\
CREATE VIEW quotes_words AS
SELECT number, replace(replace(content, 'ё', 'е'), 'Ё', 'Е') AS content, lemmas FROM (
  SELECT q.number, {_CONTENT} AS content, (
    SELECT group_concat(t.lemma, ' ') FROM quote_segments g CROSS JOIN tokens t
    WHERE g.doc_id = q.doc_id AND g.quote_id = q.quote_id AND t.doc_id = q.doc_id
      -- a token has at least one character
      AND t.token_id BETWEEN coalesce(s.token_start, 0) AND coalesce(s.token_start - s."start", 0) + g."end"
      AND t."start" >= g."start" AND t."end" <= g."end") AS lemmas
  FROM quotes q
  LEFT JOIN documents d ON d.doc_id = q.doc_id
  LEFT JOIN sentences s ON s.doc_id = q.doc_id AND s.sent_id = q.sent_id
);
CREATE VIEW documents_words AS
SELECT number, replace(replace(text, 'ё', 'е'), 'Ё', 'Е') AS text, (
  SELECT group_concat(t.lemma, ' ') FROM tokens t WHERE t.doc_id = d.doc_id) AS lemmas
FROM documents d;
CREATE VIRTUAL TABLE quotes_fts USING fts5 (
  content, lemmas, content = 'quotes_words', content_rowid = 'number', tokenize = "unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE documents_fts USING fts5 (
  text, lemmas, content = 'documents_words', content_rowid = 'number', tokenize = "unicode61 remove_diacritics 2");
"""

_SPEAKER = """
JOIN quote_facets f ON f.number = q.number
LEFT JOIN facet_values v ON v.number = f.speaker"""

_QUOTES_FULL = QUOTES_FULL.format(
    number="q.number, ",
    month="substr(d.published_day, 1, 7)",
    content=_CONTENT,
    speaker_id="v.value",
    joins=_SPEAKER,
)

_VIEWS = f"""\
{_QUOTES_FULL};
CREATE TABLE speaker_counts ( -- The rows of the view speakers, counted once.
  speaker_id TEXT NOT NULL, registry_id TEXT, speaker TEXT NOT NULL, speaker_kind TEXT NOT NULL,
  n_quotes INTEGER NOT NULL, n_documents INTEGER NOT NULL, first_day TEXT, last_day TEXT, roles TEXT, usual_medium TEXT,
  PRIMARY KEY (speaker_id)
) STRICT, WITHOUT ROWID;
INSERT INTO speaker_counts {SPEAKERS.format(said=f"SELECT * FROM {SAID}", roles="json_group_array(role)")};
DROP TABLE {SAID};
CREATE INDEX speaker_counts_speaker ON speaker_counts (speaker);
CREATE INDEX speaker_counts_n_quotes ON speaker_counts (n_quotes);
CREATE VIEW speakers AS SELECT * FROM speaker_counts;
"""


def write_sqlite(parts: Iterable[Tables], target: Path) -> None:
    """Write a SQLite database.

    All tables of the contract are there; one that was not written is empty, and what would refer to it has no foreign
    key.

    Args:
        parts: The tables.
        target: The file, which is not there yet.

    Raises:
        ExportError: The tables break the contract, so that keys do not hold; or SQLite is too old, or cannot write.
    """
    if sqlite3.sqlite_version_info < _LEAST_VERSION:
        least = ".".join(map(str, _LEAST_VERSION))
        raise ExportError(f"Python has SQLite {sqlite3.sqlite_version} here; {least} or later is needed")
    try:
        with closing(sqlite3.connect(target.absolute(), isolation_level=None)) as connection:
            _write(connection, parts)
    except sqlite3.IntegrityError as error:
        raise ExportError(f"the tables break their contract: {error}; `svodka check` says where") from error
    except sqlite3.Error as error:
        raise ExportError(f"{target}: {error}") from error


def definitions() -> dict[str, str | None]:
    """What `write_sqlite` makes that does not depend on the tables: name of a view or of a search → its SQL.

    Tables are there with None: which foreign keys they have depends on what was written.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        _write(connection, ())
        return defined(connection)


def defined(connection: sqlite3.Connection) -> dict[str, str | None]:
    """The same of any database, without SQLite's own tables.

    A table that computes columns has its SQL, too, as no table of svodka does.
    """
    rows = connection.execute("""
        SELECT name, type = 'view' OR sql LIKE 'CREATE VIRTUAL%'
          OR EXISTS (SELECT 1 FROM pragma_table_xinfo(s.name) WHERE hidden > 1), sql
        FROM sqlite_schema s WHERE type IN ('table', 'view') AND name NOT GLOB 'sqlite_*'""")
    return {name: sql if is_computed else None for name, is_computed, sql in rows}


def _write(connection: sqlite3.Connection, parts: Iterable[Tables]) -> None:
    connection.executescript(_SETTINGS)
    connection.execute("BEGIN")
    _describe(connection)
    for table in ALL_TABLES.values():
        connection.execute(_definition(table, table.name, tuple(references(table))))
    for part in parts:
        for table in ALL_TABLES.values():
            _insert(connection, table, part.arrow(table.name))
    _leave_out_references(connection)
    for statement in (*statements(_SEGMENTS), *_indexes(), *statements(FACETS + _VIEWS + _SEARCH)):
        connection.execute(statement)
    _refuse_broken_references(connection)
    for name in ("quotes_fts", "documents_fts"):
        connection.execute(f"INSERT INTO {name} ({name}) VALUES ('rebuild')")
        connection.execute(f"INSERT INTO {name} ({name}) VALUES ('optimize')")
    connection.execute("ANALYZE")
    connection.execute("COMMIT")


def _describe(connection: sqlite3.Connection) -> None:
    for statement in statements(META_TABLES.format(text="TEXT", options=" STRICT, WITHOUT ROWID")):
        connection.execute(statement)
    numbers = [(name, "number", -1, "int64", 0, _NUMBER, None, None) for name in _NUMBERED]
    for name, rows in (
        ("svodka_meta", meta_rows()),
        ("schema_tables", [*table_rows(), *_FURTHER.items()]),
        ("schema_columns", [*column_rows(), *numbers, *COLUMNS]),
    ):
        connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def _definition(table: Table, name: str, foreign: tuple[Reference, ...]) -> str:
    """The statement that makes a table, its descriptions as comments."""
    is_numbered = table.name in _NUMBERED
    columns = [(_column(column), described(column)) for column in table.all_columns]
    if is_numbered:
        columns.insert(0, ("number INTEGER NOT NULL UNIQUE", _NUMBER))
    constraints = [f"PRIMARY KEY ({', '.join(map(quoted, table.keys))})"] if table.keys else []
    constraints += [f"{reference.clause} DEFERRABLE INITIALLY DEFERRED" for reference in foreign]
    lines = [f"  {definition}, -- {description}" for definition, description in columns]
    if not constraints:
        lines[-1] = lines[-1].replace(", --", " --", 1)
    options = "STRICT" if is_numbered or not table.keys else "STRICT, WITHOUT ROWID"
    body = "\n".join([*lines, ",\n".join(f"  {constraint}" for constraint in constraints)])
    return f"CREATE TABLE {name} ( -- {table.description}\n{body}\n) {options}"


def _column(column: Column) -> str:
    name = quoted(column.name)
    return f"{name} {_type(column.type)}{'' if column.nullable else ' NOT NULL'}{_check(name, column)}"


def _type(arrow: pa.DataType) -> str:
    if pa.types.is_integer(arrow) or pa.types.is_boolean(arrow):
        return "INTEGER"
    return "REAL" if pa.types.is_floating(arrow) else "TEXT"


def _check(name: str, column: Column) -> str:
    if pa.types.is_nested(column.type):
        return f" CHECK (json_valid({name}))"
    values = ["0", "1"] if pa.types.is_boolean(column.type) else list(map(literal, column.values))
    # IN would make a table of the values for each row, which doubles the time of writing
    return f" CHECK ({' OR '.join(f'{name} = {value}' for value in values)})" if values else ""


def _insert(connection: sqlite3.Connection, table: Table, rows: pa.Table) -> None:
    """Insert the rows of a part behind those that are there."""
    is_numbered = table.name in _NUMBERED
    marks = ", ".join("?" * (len(table.all_columns) + is_numbered))
    statement = f"INSERT INTO {table.name} VALUES ({marks})"
    for batch in rows.to_batches(max_chunksize=4096):
        columns: list[Iterable[Any]] = [plain_values(column) for column in batch.columns]
        if is_numbered:
            (last,) = connection.execute(f"SELECT coalesce(max(number), 0) FROM {table.name}").fetchone()
            columns.insert(0, range(last + 1, last + 1 + batch.num_rows))
        connection.executemany(statement, zip(*columns, strict=True))


def _leave_out_references(connection: sqlite3.Connection) -> None:
    """Make tables anew without the foreign keys to tables that were not written."""
    for table in ALL_TABLES.values():
        foreign = tuple(references(table))
        kept = tuple(one for one in foreign if not _lacks_target(connection, table.name, one))
        if kept != foreign:
            connection.execute(_definition(table, "remade", kept))
            connection.execute(f"INSERT INTO remade SELECT * FROM {table.name}")
            connection.execute(f"DROP TABLE {table.name}")
            connection.execute(f"ALTER TABLE remade RENAME TO {table.name}")


def _lacks_target(connection: sqlite3.Connection, table: str, reference: Reference) -> bool:
    """Whether rows refer to a table that has none."""
    (lacks,) = connection.execute(
        f"SELECT NOT EXISTS (SELECT 1 FROM {reference.table}) "
        f"AND EXISTS (SELECT 1 FROM {table} WHERE {quoted(reference.columns[-1])} IS NOT NULL)"
    ).fetchone()
    return bool(lacks)


def _refuse_broken_references(connection: sqlite3.Connection) -> None:
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        table, _, target, _ = broken
        raise ExportError(f"rows of {table} refer to none of {target}; `svodka check` says which")


def _indexes() -> Iterator[str]:
    """Indexes on what rows are looked for by, and on foreign keys.

    There is none on those from and to tokens: the tokens of a document lie together in the order of their numbers.
    """
    for table in ALL_TABLES.values():
        for columns in _INDEXES.get(table.name, ()):
            yield _index(table, columns[0], columns)
        for foreign in references(table):
            columns = foreign.columns
            if len(columns) > 1 and "tokens" not in (table.name, foreign.table) and columns != table.keys:
                yield _index(table, columns[-1], columns)


def _index(table: Table, name: str, columns: tuple[str, ...]) -> str:
    return f"CREATE INDEX {table.name}_{name} ON {table.name} ({', '.join(map(quoted, columns))})"
