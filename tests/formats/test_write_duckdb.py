"""DuckDB, read with DuckDB itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings

from export_data import hostile_tables, odd_texts, sample_tables, tables_of
from svodka.errors import ExportError
from svodka.link.folder import link_folder
from svodka.schema import ALL_TABLES, SCHEMA_VERSION, TABLES
from svodka.tables import Tables
from svodka.writers.formats import export

pytestmark = pytest.mark.engine


@contextmanager
def written(tables: Tables, tmp_path: Path, *more: Tables) -> Iterator[Any]:
    target = tmp_path / "svodka.duckdb"
    export([tables, *more], "duckdb", target)
    with duckdb.connect(str(target), read_only=True) as connection:
        yield connection


def assert_equal(connection: Any, tables: Tables) -> None:  # noqa: ANN401
    for name, table in ALL_TABLES.items():
        found = connection.sql(f"SELECT * FROM {name}").to_arrow_table().cast(table.schema)
        assert found.equals(tables.arrow(name)), name


def test_samples_come_back(tmp_path: Path) -> None:
    with written(sample_tables(), tmp_path) as connection:
        assert_equal(connection, sample_tables())


def test_hostile_texts_come_back(tmp_path: Path) -> None:
    with written(hostile_tables(), tmp_path) as connection:
        assert_equal(connection, hostile_tables())


@settings(max_examples=10)
@given(odd_texts())
def test_odd_texts_come_back_and_offsets_slice_them(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    tables = tables_of(text, "Дождь.")
    with written(tables, tmp_path_factory.mktemp("db")) as connection:
        assert_equal(connection, tables)
        for name in ("tokens", "mentions", "dates", "quotes"):
            wrong = f"""
                SELECT x.doc_id FROM {name} x JOIN documents d USING (doc_id)
                WHERE substr(d.text, x."start" + 1, x."end" - x."start") IS DISTINCT FROM x.text"""
            assert connection.execute(wrong).fetchall() == []


def test_every_duckdb_from_1_0_on_reads_it(tmp_path: Path) -> None:
    target = tmp_path / "svodka.duckdb"
    export([sample_tables()], "duckdb", target)
    mark, version = target.read_bytes()[8:12], int.from_bytes(target.read_bytes()[12:20], "little")
    assert (mark, version) == (b"DUCK", 64)  # the version of files of 1.0 and 1.1


def test_registry_comes_back(tmp_path: Path) -> None:
    tables_of("«Снег», — сказала мэр Заречного Анна Петрова.", "«Дождь», — сказала Анна Петрова.").to_parquet(tmp_path)
    link_folder(tmp_path)
    tables = Tables.read_parquet(tmp_path)
    with written(tables, tmp_path) as connection:
        assert_equal(connection, tables)
        (row,) = connection.execute("SELECT registry_id, n_quotes, n_documents, roles FROM speakers").fetchall()
        (registry_id,) = tables.registry["registry_id"][tables.registry["name"] == "Анна Петрова"]
        assert row == (registry_id, 2, 2, ["мэр Заречного"])


def test_types_are_native(tmp_path: Path) -> None:
    with written(sample_tables(), tmp_path) as connection:
        types = dict(
            connection.execute("SELECT table_name || '.' || column_name, data_type FROM duckdb_columns()").fetchall()
        )
    assert types["documents.published"] == "TIMESTAMP WITH TIME ZONE"
    assert types["dates.start_date"] == "DATE"
    assert types["tokens.pos"].startswith("ENUM('ADJ', 'ADP'")
    assert types["quotes.segments"] == 'STRUCT("start" INTEGER, "end" INTEGER)[]'
    assert types["registry.names"] == "VARCHAR[]"


def test_views_put_together(tmp_path: Path) -> None:
    text = "«Всё ещё идут дожди, — сказала ТАСС мэр Заречного Анна Петрова, — но заявления мы приняли»."
    tables = tables_of(text, "«Снег», — сообщила Анна Петрова.", title="Дожди")
    with written(tables, tmp_path) as connection:
        full = connection.execute(
            "SELECT content, sentence, title, day::VARCHAR, month, entity, role FROM quotes_full WHERE quote_id = 0 "
            "ORDER BY len(content) DESC"
        ).fetchall()
        assert full[0] == (
            "Всё ещё идут дожди … но заявления мы приняли", text, "Дожди", "2021-09-07", "2021-09", "Анна Петрова",
            "мэр Заречного",
        )  # fmt: skip
        speakers = connection.execute(
            "SELECT speaker_id, n_quotes, n_documents, first_day::VARCHAR, roles, usual_medium FROM speakers"
        ).fetchall()
        assert speakers == [("person: Анна Петрова", 2, 2, "2021-09-07", ["мэр Заречного"], "ТАСС")]


def test_day_does_not_depend_on_where_one_is(tmp_path: Path) -> None:
    with written(tables_of("«Снег», — сказал Иван Орлов."), tmp_path) as connection:
        for zone in ("America/New_York", "Asia/Vladivostok"):
            connection.execute(f"SET TimeZone = '{zone}'")
            assert connection.execute("SELECT day::VARCHAR, month FROM quotes_full").fetchall() == [
                ("2021-09-07", "2021-09")
            ]


def test_several_parts_are_one_database(tmp_path: Path) -> None:
    parts = [sample_tables(), tables_of("«Снег», — сказал мэр Иван Орлов.")]
    both = {name: pa.concat_tables([part.arrow(name) for part in parts]) for name in TABLES}
    with written(parts[0], tmp_path, parts[1]) as connection:
        assert_equal(connection, Tables(both))


def test_tables_that_were_not_written_are_empty(tmp_path: Path) -> None:
    some = Tables({name: sample_tables().arrow(name) for name in ("documents", "quotes")})
    with written(some, tmp_path) as connection:
        assert_equal(connection, some)
        assert connection.execute("SELECT count(*) FROM quotes_full").fetchone() == (some.arrow("quotes").num_rows,)


def test_closed_values_and_keys_hold(tmp_path: Path) -> None:
    target = tmp_path / "svodka.duckdb"
    sample_tables().to_duckdb(target)
    with duckdb.connect(str(target)) as connection:
        with pytest.raises(duckdb.ConversionException):
            connection.execute("UPDATE quotes SET type = 'loud'")
        with pytest.raises(duckdb.ConstraintException):
            connection.execute("INSERT INTO quotes SELECT * FROM quotes LIMIT 1")
        with pytest.raises(duckdb.ConstraintException):
            connection.execute("UPDATE quotes SET polarity = NULL")


def test_tables_that_break_the_contract_are_refused(tmp_path: Path) -> None:
    documents = sample_tables().arrow("documents")
    twice = Tables({"documents": pa.concat_tables([documents, documents.slice(0, 1)])})
    with pytest.raises(ExportError, match="break their contract"):
        twice.to_duckdb(tmp_path / "x.duckdb")
    assert list(tmp_path.iterdir()) == []


def test_descriptions_are_kept(tmp_path: Path) -> None:
    with written(tables_of("Снег."), tmp_path) as connection:
        tables = dict(connection.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall())
        columns = dict(
            connection.execute("SELECT table_name || '.' || column_name, comment FROM duckdb_columns()").fetchall()
        )
        for table in ALL_TABLES.values():
            assert tables[table.name] == table.description
            for column in table.all_columns:
                assert columns[f"{table.name}.{column.name}"].startswith(column.description)
        assert ("schema", SCHEMA_VERSION) in connection.execute("SELECT * FROM svodka_meta").fetchall()
