"""What the databases share: the contract as SQL, and views that put together what is looked at together."""

from collections.abc import Iterator
from dataclasses import dataclass

from svodka import __version__
from svodka.schema import ALL_TABLES, SCHEMA_VERSION, Column, Table
from svodka.view.contract import type_name


def quoted(name: str) -> str:
    """A name of the contract as an identifier: some, such as «end», are words of SQL."""
    return f'"{name}"'


def literal(value: str) -> str:
    """A string as SQL writes it.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


def statements(script: str) -> list[str]:
    """The statements of a script, to be executed one by one: SQLite's ``executescript`` would end the transaction."""
    return script.split(";\n")


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key.

    Attributes:
        columns: Columns that refer.
        table: Table they refer to.
        keys: Its key.
    """

    columns: tuple[str, ...]
    table: str
    keys: tuple[str, ...]

    @property
    def clause(self) -> str:
        """The constraint of a table."""
        columns, keys = (", ".join(map(quoted, names)) for names in (self.columns, self.keys))
        return f"FOREIGN KEY ({columns}) REFERENCES {self.table} ({keys})"


def references(table: Table) -> Iterator[Reference]:
    """The foreign keys of a table. Of `errors` there is none: what could not be read may have an id, yet no row."""
    if table.name not in ("documents", "errors") and table.of_documents:
        yield Reference(("doc_id",), "documents", ("doc_id",))
    for column in table.columns:
        if column.refers_to:
            keys = ALL_TABLES[column.refers_to].keys
            yield Reference((*keys[:-1], column.name), column.refers_to, keys)


def meta_rows() -> list[tuple[str, str]]:
    """Rows of ``svodka_meta``: what the database was written by."""
    return [("svodka", __version__), ("schema", SCHEMA_VERSION)]


def table_rows() -> list[tuple[str, str]]:
    """Rows of ``schema_tables``: name and description of each table of the contract."""
    return [(table.name, table.description) for table in ALL_TABLES.values()]


def column_rows() -> list[tuple[str, str, int, str, int, str, str | None, str | None]]:
    """Rows of ``schema_columns``: table, column, position, type, nullability, description, values, reference."""
    return [
        (table.name, *_column_row(number, column))
        for table in ALL_TABLES.values()
        for number, column in enumerate(table.all_columns)
    ]


def _column_row(number: int, column: Column) -> tuple[str, int, str, int, str, str | None, str | None]:
    values = ", ".join(column.values) or None
    return (
        column.name, number, type_name(column.type), int(column.nullable), column.description, values, column.refers_to
    )  # fmt: skip


def described(column: Column) -> str:
    """What a column holds, with its values where they are closed."""
    values = f" One of: {', '.join(column.values)}." if column.values else ""
    return column.description + values


META_TABLES = """\
CREATE TABLE svodka_meta (name {text} PRIMARY KEY, value {text} NOT NULL){options};
CREATE TABLE schema_tables (name {text} PRIMARY KEY, description {text} NOT NULL){options};
CREATE TABLE schema_columns (
  "table" {text} NOT NULL, name {text} NOT NULL, position INTEGER NOT NULL, type {text} NOT NULL,
  nullable INTEGER NOT NULL, description {text} NOT NULL, "values" {text}, refers_to {text},
  PRIMARY KEY ("table", name)
){options};
"""
"""The tables that say what the others are."""

QUOTES_FULL = """\
CREATE VIEW quotes_full AS
SELECT
  {number}q.doc_id, q.quote_id, d.title, d.url, d.source, d.author, d.published, d.published_day AS day,
  {month} AS month,
  q.type, q.form, {content} AS content, q.text, substr(d.text, s."start" + 1, s."end" - s."start") AS sentence,
  q.cue, q.cue_lemma, q.mention, q.speaker, q.speaker_kind, q.entity_id, e.name AS entity, e.link,
  r.registry_id, g.name AS registry_name, {speaker_id} AS speaker_id, q.role, e.organization, q.via, q.polarity,
  q.parent_id, q."start", q."end", q.rule, q.confidence
FROM quotes q{joins}
LEFT JOIN documents d ON d.doc_id = q.doc_id
LEFT JOIN sentences s ON s.doc_id = q.doc_id AND s.sent_id = q.sent_id
LEFT JOIN entities e ON e.doc_id = q.doc_id AND e.entity_id = q.entity_id
LEFT JOIN registry_entities r ON r.doc_id = q.doc_id AND r.entity_id = q.entity_id
LEFT JOIN registry g ON g.registry_id = r.registry_id
"""
"""A quotation a row, with what is known of its document, its sentence and its speaker."""

# A speaker is a row of the registry, or, where there is none, a name of one kind.
SPEAKER_ID = """CASE WHEN q.speaker IS NOT NULL
    THEN coalesce(g.registry_id, q.speaker_kind || ': ' || coalesce(e.name, q.speaker)) END"""
"""The key of the speaker of a quotation; null where the text does not tell."""

SAID = f"""\
SELECT
  {{number}}q.doc_id, {SPEAKER_ID} AS speaker_id, g.registry_id, coalesce(g.name, e.name, q.speaker) AS speaker,
  CASE g.label WHEN 'PER' THEN 'person' WHEN 'ORG' THEN 'organization' ELSE q.speaker_kind END AS speaker_kind,
  q.role, q.via, d.published_day AS day, q.type, q.form, q.polarity
FROM quotes q
LEFT JOIN documents d ON d.doc_id = q.doc_id
LEFT JOIN entities e ON e.doc_id = q.doc_id AND e.entity_id = q.entity_id
LEFT JOIN registry_entities r ON r.doc_id = q.doc_id AND r.entity_id = q.entity_id
LEFT JOIN registry g ON g.registry_id = r.registry_id
"""
"""A quotation a row, with its speaker and what it is counted by."""

# Roles and media are counted, so that the most usual come first; of equally usual ones the first by code points.
SPEAKERS = """\
WITH said AS (SELECT * FROM ({said}) every WHERE speaker_id IS NOT NULL),
of_roles AS (
  SELECT speaker_id, {roles} AS roles FROM (
    SELECT speaker_id, role, count(*) AS n FROM said WHERE role IS NOT NULL GROUP BY speaker_id, role
    ORDER BY speaker_id, n DESC, role
  ) counted GROUP BY speaker_id
),
of_media AS (
  SELECT speaker_id, min(via) AS via FROM (
    SELECT speaker_id, via, row_number() OVER (PARTITION BY speaker_id ORDER BY count(*) DESC, via) AS rank
    FROM said WHERE via IS NOT NULL GROUP BY speaker_id, via
  ) ranked WHERE rank = 1 GROUP BY speaker_id
)
SELECT
  said.speaker_id, max(said.registry_id) AS registry_id, max(said.speaker) AS speaker,
  max(said.speaker_kind) AS speaker_kind, count(*) AS n_quotes, count(DISTINCT said.doc_id) AS n_documents,
  min(said.day) AS first_day, max(said.day) AS last_day, max(of_roles.roles) AS roles, max(of_media.via) AS usual_medium
FROM said LEFT JOIN of_roles USING (speaker_id) LEFT JOIN of_media USING (speaker_id)
GROUP BY said.speaker_id
"""
"""A speaker a row: how often, where, when and as what they are quoted."""
