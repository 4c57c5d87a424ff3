"""SQLite, read with Python's own module."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings

from export_data import SENTENCES, hostile_tables, odd_texts, sample_tables, tables_of
from svodka.check import check_tables
from svodka.errors import ExportError
from svodka.link.folder import link_folder
from svodka.schema import ALL_TABLES, SCHEMA_VERSION, TABLES
from svodka.tables import Tables
from svodka.writers.formats import export

pytestmark = pytest.mark.engine

SPANS = ("sentences", "tokens", "mentions", "roles", "dates", "quotes")


@contextmanager
def written(tables: Tables, tmp_path: Path, *more: Tables) -> Iterator[sqlite3.Connection]:
    target = tmp_path / "svodka.sqlite"
    export([tables, *more], "sqlite", target)
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        yield connection


def value(stored: Any, arrow: pa.DataType) -> Any:  # noqa: ANN401
    """What a stored value stands for."""
    if stored is None:
        return None
    if pa.types.is_timestamp(arrow):
        return datetime.fromisoformat(stored)
    if pa.types.is_date(arrow):
        return date.fromisoformat(stored)
    if pa.types.is_nested(arrow):
        return json.loads(stored)
    if pa.types.is_boolean(arrow):
        return bool(stored)
    return np.float32(stored).item() if pa.types.is_floating(arrow) else stored


def rows(connection: sqlite3.Connection, name: str) -> list[dict[str, Any]]:
    """The rows of a table as Arrow has them, in the order of its keys."""
    schema = ALL_TABLES[name].schema
    columns = ", ".join(f'"{column}"' for column in schema.names)
    found = connection.execute(f"SELECT {columns} FROM {name}").fetchall()
    return in_order(
        name,
        [{field.name: value(one, field.type) for field, one in zip(schema, row, strict=True)} for row in found],
    )


def in_order(name: str, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(found, key=lambda row: tuple(str(row[key]) for key in ALL_TABLES[name].keys or ("message",)))


def assert_equal(connection: sqlite3.Connection, tables: Tables) -> None:
    for name in TABLES:
        assert rows(connection, name) == in_order(name, tables.arrow(name).to_pylist()), name


def assert_sound(connection: sqlite3.Connection) -> None:
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    for name in ("quotes_fts", "documents_fts"):  # what is indexed is what the views hold
        connection.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)")


def one(connection: sqlite3.Connection, query: str, *values: object) -> Any:  # noqa: ANN401
    (found,) = connection.execute(query, values).fetchone()
    return found


def test_samples_come_back(tmp_path: Path) -> None:
    with written(sample_tables(), tmp_path) as connection:
        assert_equal(connection, sample_tables())
        assert_sound(connection)
        assert one(connection, "SELECT count(*) FROM quotes") > 10


def test_hostile_texts_come_back(tmp_path: Path) -> None:
    with written(hostile_tables(), tmp_path) as connection:
        assert_equal(connection, hostile_tables())
        assert_sound(connection)


@settings(max_examples=25)
@given(odd_texts())
def test_odd_texts_come_back_and_offsets_slice_them(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    tables = tables_of(text, text.replace("\x00", ""), "Дождь.")
    with written(tables, tmp_path_factory.mktemp("db")) as connection:
        assert_equal(connection, tables)
        assert_sound(connection)
        for name in SPANS[1:]:
            wrong = f"""
                SELECT x.doc_id, x."start", x."end" FROM {name} x JOIN documents d USING (doc_id)
                WHERE instr(d.text, char(0)) = 0 AND substr(d.text, "start" + 1, "end" - "start") IS NOT x.text"""
            assert connection.execute(wrong).fetchall() == []


def test_nul_is_kept_though_functions_of_sql_stop_there(tmp_path: Path) -> None:
    text = "\x00 «Мост \x00 готов», — сказал мэр Заречного Иван Орлов."
    tables = tables_of(text)
    assert tables.arrow("quotes").num_rows == 1
    with written(tables, tmp_path) as connection:
        assert one(connection, "SELECT text FROM documents") == text
        assert one(connection, "SELECT text FROM quotes") == tables.arrow("quotes")["text"][0].as_py()
        assert one(connection, "SELECT length(text) FROM documents") == 0
        assert one(connection, "SELECT count(*) FROM documents_fts WHERE documents_fts MATCH 'text: мост'") == 1
        assert one(connection, "SELECT count(*) FROM quotes_fts WHERE quotes_fts MATCH 'lemmas: готовый'") == 1


def test_several_parts_are_one_database(tmp_path: Path) -> None:
    first = sample_tables()
    second = tables_of("«Снег», — сказал мэр Иван Орлов.")
    with written(first, tmp_path, second) as connection:
        assert_sound(connection)
        for name in ("documents", "quotes"):
            numbers = [number for (number,) in connection.execute(f"SELECT number FROM {name} ORDER BY number")]
            assert numbers == list(range(1, first.arrow(name).num_rows + second.arrow(name).num_rows + 1))
        found = connection.execute(
            "SELECT q.doc_id FROM quotes_fts f JOIN quotes q ON q.number = f.rowid WHERE quotes_fts MATCH 'снег'"
        )
        assert second.arrow("documents")["doc_id"][0].as_py() in {doc_id for (doc_id,) in found}


def test_same_tables_make_the_same_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        sample_tables().to_sqlite(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE quotes SET type = 'loud'",
        "UPDATE tokens SET head_repaired = 2",
        "UPDATE quotes SET polarity = NULL",
        "UPDATE quotes SET segments = '[1'",
        "UPDATE quotes SET \"start\" = 'x'",
        "UPDATE quotes SET entity_id = 1000",
        "UPDATE mentions SET token_start = 100000",
        "UPDATE quotes SET quote_id = 0",
        "DELETE FROM documents",
        "INSERT INTO sentences VALUES ('nobody', 0, 0, 1, 0, 1)",
    ],
)
def test_constraints_hold(statement: str, tmp_path: Path) -> None:
    with written(sample_tables(), tmp_path) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)


def test_what_refers_to_one_another_can_be_added_in_any_order(tmp_path: Path) -> None:
    with written(tables_of("Снег."), tmp_path) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("BEGIN")
        connection.execute("INSERT INTO sentences VALUES ('new', 0, 0, 4, 0, 1)")
        connection.execute("INSERT INTO tokens VALUES ('new', 0, 0, 0, 4, 'Снег', 'снег', 'NOUN', NULL, NULL, NULL, 0)")
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("COMMIT")
        connection.execute(
            "INSERT INTO documents (number, doc_id, language, text, text_sha256, n_chars, n_sents, n_tokens, status) "
            "VALUES (2, 'new', 'ru', 'Снег', '', 4, 1, 1, 'ok')"
        )
        connection.execute("COMMIT")
        assert one(connection, "SELECT count(*) FROM tokens WHERE doc_id = 'new'") == 1


SAID = [
    "«Всё ещё идут дожди, — сказала мэр Заречного Анна Петрова, — но заявления мы приняли».",
    "Мэр Анна Петрова заявила ТАСС, что ёлку привезли. По её словам, заявлений больше нет.",
]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("заявление", 2),  # by the lemma
        ("content: заявление", 0),
        ("content: ЗАЯВЛЕНИЯ", 1),
        ("lemmas: елка", 1),
        ("content: елку", 1),  # written with ё
        ("все", 1),
        ("сказала", 0),  # the author's word within the quotation
        ('"идти дождь"', 1),
        ("NEAR(дождь заявление, 10)", 1),
        ("дожд*", 1),
        ("снег", 0),
    ],
)
def test_search(query: str, count: int, tmp_path: Path) -> None:
    with written(tables_of(*SAID), tmp_path) as connection:
        assert one(connection, "SELECT count(*) FROM quotes_fts WHERE quotes_fts MATCH ?", query) == count


def test_search_shows_what_it_found(tmp_path: Path) -> None:
    with written(tables_of(*SAID), tmp_path) as connection:
        found = connection.execute(
            """SELECT f.speaker, highlight(quotes_fts, 0, '[', ']') FROM quotes_fts
            JOIN quotes_full f ON f.number = quotes_fts.rowid WHERE quotes_fts MATCH 'content: елку'"""
        )
        assert found.fetchall() == [("Анна Петрова", "[елку] привезли")]
        found = connection.execute(
            """SELECT d.text FROM documents_fts JOIN documents d ON d.number = documents_fts.rowid
            WHERE documents_fts MATCH 'сказать'"""
        )
        assert found.fetchall() == [(SAID[0],)]


def test_quotes_full_puts_together(tmp_path: Path) -> None:
    tables = tables_of(*SAID, title="Дожди", url="https://example.org/1", source="Вестник")
    with written(tables, tmp_path) as connection:
        connection.row_factory = sqlite3.Row
        first, *_ = map(dict, connection.execute("SELECT * FROM quotes_full ORDER BY number"))
        assert first["content"] == "Всё ещё идут дожди … но заявления мы приняли"
        assert first["sentence"] == SAID[0]
        assert (first["title"], first["url"], first["source"]) == ("Дожди", "https://example.org/1", "Вестник")
        assert (first["day"], first["month"]) == ("2021-09-07", "2021-09")
        assert (first["speaker"], first["entity"]) == ("Анна Петрова", "Анна Петрова")
        assert first["role"] == "мэр Заречного"
        assert one(connection, "SELECT count(*) FROM quotes_full") == tables.arrow("quotes").num_rows


def test_speakers_are_counted(tmp_path: Path) -> None:
    tables = tables_of(*SAID, "«Мост готов», — сообщил директор Иван Орлов.")
    with written(tables, tmp_path) as connection:
        connection.row_factory = sqlite3.Row
        found = {row["speaker"]: dict(row) for row in connection.execute("SELECT * FROM speakers")}
    petrova = found["Анна Петрова"]
    quotes = tables.quotes[tables.quotes["speaker"] == "Анна Петрова"]
    assert (petrova["n_quotes"], petrova["n_documents"]) == (len(quotes), 2)
    assert (petrova["first_day"], petrova["last_day"]) == ("2021-09-07", "2021-09-07")
    assert json.loads(petrova["roles"]) == quotes["role"].value_counts().index.tolist()
    assert petrova["usual_medium"] == "ТАСС"
    assert petrova["speaker_kind"] == "person"
    assert petrova["registry_id"] is None
    assert set(found) == set(tables.quotes["speaker"].dropna())


def test_from_speakers_one_walks_to_quotations(tmp_path: Path) -> None:
    tables = tables_of(*SAID, "«Мост готов», — сообщил директор Иван Орлов. Снег, добавили жители.", *SENTENCES)
    with written(tables, tmp_path) as connection:
        counted = connection.execute(
            """SELECT s.n_quotes, count(*), count(DISTINCT q.doc_id), s.n_documents
            FROM speakers s JOIN quotes_full q USING (speaker_id) GROUP BY s.speaker_id"""
        ).fetchall()
        assert len(counted) == one(connection, "SELECT count(*) FROM speakers") > 3
        assert all(row[0] == row[1] and row[2] == row[3] for row in counted)
        without = tables.arrow("quotes")["speaker"].null_count
        assert one(connection, "SELECT count(*) FROM quotes_full WHERE speaker_id IS NULL") == without


def test_facets_are_the_values_of_quotations(tmp_path: Path) -> None:
    with written(hostile_tables(), tmp_path) as connection:
        for facet, column in {
            "speaker": "speaker_id", "kind": "speaker_kind", "role": "role", "via": "via", "day": "day",
            "month": "month", "type": "type", "form": "form", "polarity": "polarity",
        }.items():  # fmt: skip
            stored = connection.execute(
                f"""SELECT f.number, q.{column}, v.value, v.facet, v.n_quotes, d.doc_id = q.doc_id
                FROM quotes_full q LEFT JOIN quote_facets f ON f.number = q.number
                LEFT JOIN facet_values v ON v.number = f.{facet} LEFT JOIN documents d ON d.number = f.document"""
            ).fetchall()
            values = [row[1] for row in stored]
            assert len(stored) == hostile_tables().arrow("quotes").num_rows
            for _, value, found, name, count, of_document in stored:
                assert (found, of_document) == (value, 1)
                assert value is None or (name, count) == (facet, values.count(value))
        days = connection.execute("SELECT value FROM facet_values WHERE facet = 'day' ORDER BY number").fetchall()
        assert days == sorted(days)


def test_speakers_of_a_registry(tmp_path: Path) -> None:
    tables_of(*SAID, "«Мост готов», — сообщила Петрова.").to_parquet(tmp_path)
    link_folder(tmp_path)
    tables = Tables.read_parquet(tmp_path)
    assert check_tables(tables) == []
    with written(tables, tmp_path) as connection:
        assert_sound(connection)
        for name in ("registry", "registry_entities"):
            expected = json.loads(json.dumps(tables.arrow(name).to_pylist(), default=str))
            assert json.loads(json.dumps(rows(connection, name), default=str)) == in_order(name, expected)
        counted = dict(
            connection.execute("SELECT registry_id, n_quotes FROM speakers WHERE registry_id IS NOT NULL").fetchall()
        )
        registry = tables.registry[tables.registry["n_quotes"] > 0]
        assert counted == dict(zip(registry["registry_id"], registry["n_quotes"], strict=True))
        names = connection.execute("SELECT DISTINCT registry_name FROM quotes_full WHERE registry_id IS NOT NULL")
        assert {name for (name,) in names} == set(registry["name"])


def test_tables_that_were_not_written_are_empty(tmp_path: Path) -> None:
    whole = sample_tables()
    for kept in (("documents", "quotes"), ("documents", "tokens", "quotes"), ("documents", "sentences", "mentions")):
        with written(Tables({name: whole.arrow(name) for name in kept}), tmp_path) as connection:
            assert_sound(connection)
            for name in ALL_TABLES:
                assert one(connection, f"SELECT count(*) FROM {name}") == (
                    whole.arrow(name).num_rows if name in kept else 0
                )
            connection.execute("PRAGMA foreign_keys = ON")
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute("DELETE FROM documents")


def test_lemmas_are_searched_without_sentences(tmp_path: Path) -> None:
    whole = tables_of(*SAID)
    tables = Tables({name: whole.arrow(name) for name in ("documents", "tokens", "quotes")})
    with written(tables, tmp_path) as connection:
        assert one(connection, "SELECT count(*) FROM quotes_fts WHERE quotes_fts MATCH 'lemmas: заявление'") == 2


def test_no_documents_at_all(tmp_path: Path) -> None:
    with written(Tables({}), tmp_path) as connection:
        assert_sound(connection)
        assert one(connection, "SELECT count(*) FROM speakers") == 0


def test_tables_that_break_the_contract_are_refused(tmp_path: Path) -> None:
    whole = sample_tables()
    arrow = {name: whole.arrow(name) for name in TABLES}
    twice = Tables(arrow | {"documents": pa.concat_tables([arrow["documents"], arrow["documents"].slice(0, 1)])})
    lost = Tables(arrow | {"documents": arrow["documents"].slice(1)})
    for tables, message in ((twice, "UNIQUE constraint"), (lost, "refer to none of documents")):
        with pytest.raises(ExportError, match=message):
            tables.to_sqlite(tmp_path / "x.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_descriptions_are_kept(tmp_path: Path) -> None:
    with written(tables_of("Снег."), tmp_path) as connection:
        for table in ALL_TABLES.values():
            columns = connection.execute(
                'SELECT name, description FROM schema_columns WHERE "table" = ? AND position >= 0 ORDER BY position',
                [table.name],
            )
            assert columns.fetchall() == [(column.name, column.description) for column in table.all_columns]
            definition = one(connection, "SELECT sql FROM sqlite_schema WHERE name = ?", table.name)
            assert all(column.description in definition for column in table.all_columns)
        for table in ("quote_facets", "facet_values"):
            described = connection.execute(
                """SELECT name, nullable FROM schema_columns WHERE "table" = ? ORDER BY position""", [table]
            ).fetchall()
            actual = connection.execute('SELECT name, NOT "notnull" AND NOT pk FROM pragma_table_info(?)', [table])
            assert described == actual.fetchall()
        assert dict(connection.execute("SELECT * FROM svodka_meta").fetchall())["schema"] == SCHEMA_VERSION


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM quotes_full WHERE speaker = 'x'",
        "SELECT * FROM quotes_full WHERE doc_id = 'x'",
        "SELECT * FROM quotes_full WHERE registry_id = 'x'",
        "SELECT * FROM quotes_full WHERE speaker_id = 'x'",
        "SELECT f.* FROM quotes_fts JOIN quotes_full f ON f.number = quotes_fts.rowid WHERE quotes_fts MATCH 'x'",
        "SELECT * FROM speakers WHERE speaker = 'x'",
        "SELECT * FROM tokens WHERE lemma = 'x'",
        "SELECT * FROM dates WHERE start_date BETWEEN '2020-01-01' AND '2020-01-31'",
    ],
)
def test_queries_go_by_indexes(query: str, tmp_path: Path) -> None:
    with written(sample_tables(), tmp_path) as connection:
        steps = [step[3] for step in connection.execute(f"EXPLAIN QUERY PLAN {query}")]
        assert [step for step in steps if step.startswith("SCAN") and "VIRTUAL TABLE" not in step] == []
