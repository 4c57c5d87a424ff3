"""Parquet, read with pyarrow, pandas, polars and DuckDB; CSV, read with csv, pandas and DuckDB."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from export_data import hostile_tables, odd_texts, sample_tables, tables_of
from svodka.schema import TABLES
from svodka.tables import Tables
from svodka.writers.formats import export

pytestmark = pytest.mark.engine

Read = Callable[[Path], pa.Table]


def with_duckdb(path: Path) -> pa.Table:
    return duckdb.sql(f"SELECT * FROM '{path}'").to_arrow_table()


def with_pandas(path: Path) -> pa.Table:
    return pa.Table.from_pandas(pd.read_parquet(path, dtype_backend="pyarrow"), preserve_index=False)


def with_polars(path: Path) -> pa.Table:
    return pl.read_parquet(path).to_arrow()


READERS = [pq.read_table, with_pandas, with_polars, with_duckdb]


def assert_parquet(folder: Path, tables: Tables, read: Read) -> None:
    for name in TABLES:
        expected = tables.arrow(name)
        found = read(folder / f"{name}.parquet").cast(expected.schema)
        assert found.combine_chunks().equals(expected.combine_chunks()), name


@pytest.mark.parametrize("read", READERS)
def test_parquet_of_samples_and_hostile_texts(read: Read, tmp_path: Path) -> None:
    for tables in (sample_tables(), hostile_tables()):
        tables.to_parquet(tmp_path)
        assert_parquet(tmp_path, tables, read)


@settings(max_examples=25)
@given(odd_texts())
def test_parquet_of_odd_texts(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("tables")
    tables = tables_of(text, "Дождь.")
    tables.to_parquet(folder)
    for read in READERS:
        assert_parquet(folder, tables, read)


def test_parquet_keeps_the_contract(tmp_path: Path) -> None:
    sample_tables().to_parquet(tmp_path)
    for name, table in TABLES.items():
        found = pq.read_schema(tmp_path / f"{name}.parquet")
        assert found.equals(table.schema)
        assert found.metadata == table.schema.metadata
        assert [field.metadata for field in found] == [field.metadata for field in table.schema]
    assert not (tmp_path / "registry.parquet").exists()


def value(field: str, arrow: pa.DataType) -> Any:  # noqa: ANN401
    """What a field of CSV stands for."""
    if field == "":
        return None
    if pa.types.is_timestamp(arrow):
        return datetime.fromisoformat(field)
    if pa.types.is_date(arrow):
        return date.fromisoformat(field)
    if pa.types.is_nested(arrow):
        return json.loads(field)
    if pa.types.is_boolean(arrow):
        return {"True": True, "False": False}[field]
    if pa.types.is_floating(arrow):
        return np.float32(field).item()
    return int(field) if pa.types.is_integer(arrow) else field


def assert_csv(folder: Path, tables: Tables, encoding: str = "utf-8") -> None:
    csv.field_size_limit(2**31 - 1)
    for name, table in TABLES.items():
        with (folder / f"{name}.csv").open(encoding=encoding, newline="") as file:
            found = [
                {field.name: value(row[field.name], field.type) for field in table.schema}
                for row in csv.DictReader(file)
            ]
        assert found == tables.arrow(name).to_pylist(), name


def test_csv_of_samples_and_hostile_texts(tmp_path: Path) -> None:
    for tables in (sample_tables(), hostile_tables()):
        tables.to_csv(tmp_path)
        assert_csv(tmp_path, tables)


@settings(max_examples=25)
@given(odd_texts())
def test_csv_of_odd_texts(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("tables")
    tables = tables_of(text, "Дождь.")
    tables.to_csv(folder)
    assert_csv(folder, tables)
    for name in ("documents", "tokens", "quotes"):
        expected = [one or None for one in tables.arrow(name)["text"].to_pylist()]
        frame = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False, lineterminator=None)
        assert [one or None for one in frame["text"]] == expected
        assert ducks(folder / f"{name}.csv", "text") == expected


def ducks(path: Path, column: str) -> list[str | None]:
    """A column as DuckDB reads it."""
    found = duckdb.sql(f"SELECT {column} FROM read_csv('{path}', header = true, all_varchar = true)").fetchall()
    return [one for (one,) in found]


def test_csv_of_samples_with_duckdb_and_pandas(tmp_path: Path) -> None:
    sample_tables().to_csv(tmp_path)
    quotes = sample_tables().arrow("quotes")
    types = "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '{}')"
    documents = dict(duckdb.sql(types.format(tmp_path / "documents.csv")).fetchall())
    assert documents["published"] == "TIMESTAMP WITH TIME ZONE"
    assert documents["n_tokens"] == "BIGINT"
    dates = dict(duckdb.sql(types.format(tmp_path / "dates.csv")).fetchall())
    assert dates["start_date"] == "DATE"
    frame = pd.read_csv(tmp_path / "quotes.csv")
    assert frame["start"].tolist() == quotes["start"].to_pylist()
    assert frame["speaker"].fillna("").tolist() == quotes["speaker"].fill_null("").to_pylist()


def test_spreadsheets_get_a_mark_and_no_formulas(tmp_path: Path) -> None:
    tables = tables_of("Снег.", "Дождь.", title='=HYPERLINK("http://x")', author="-1", source="Вестник")
    tables.to_csv(tmp_path, spreadsheet=True)
    raw = (tmp_path / "documents.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfdoc_id,")
    (first, _) = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert (first["title"], first["author"], first["source"]) == ('\'=HYPERLINK("http://x")', "'-1", "Вестник")
    assert_csv_but_for_apostrophes(tmp_path, tables)


@settings(max_examples=25)
@given(odd_texts())
def test_no_field_of_a_spreadsheet_is_a_formula(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("tables")
    tables = tables_of(text, title=text)
    tables.to_csv(folder, spreadsheet=True)
    assert_csv_but_for_apostrophes(folder, tables)


def test_no_text_is_longer_than_a_cell(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    texts = ["а" * 32_767, "=" + "а" * 32_766, "😀" * 16_384]
    tables = Tables({"errors": pa.Table.from_pylist([_error(text) for text in texts], schema=TABLES["errors"].schema)})
    tables.to_csv(tmp_path, spreadsheet=True, tables=["errors"])
    csv.field_size_limit(2**31 - 1)
    with (tmp_path / "errors.csv").open(encoding="utf-8-sig", newline="") as file:
        found = [row["message"] for row in csv.DictReader(file)]
    assert found == [texts[0], "'=" + "а" * 32_765, "😀" * 16_383]
    assert "2 texts were cut, for a cell of a spreadsheet holds 32767 characters" in caplog.text


def _error(message: str) -> dict[str, object]:
    return {**dict.fromkeys(TABLES["errors"].schema.names), "stage": "read", "error_type": "input", "message": message}


def assert_csv_but_for_apostrophes(folder: Path, tables: Tables) -> None:
    csv.field_size_limit(2**31 - 1)
    for name, table in TABLES.items():
        strings = [field.name for field in table.schema if pa.types.is_string(field.type)]
        with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            found = [[row[column] for column in strings] for row in csv.DictReader(file)]
        expected = [[row[column] or "" for column in strings] for row in tables.arrow(name).to_pylist()]
        assert found == [[f"'{one}" if re.match("[-=+@\t\r]", one) else one for one in row] for row in expected], name


@pytest.mark.parametrize("name", ["parquet", "csv"])
def test_parts_follow_one_another(name: str, tmp_path: Path) -> None:
    parts = [sample_tables(), tables_of("Снег.")]
    both = Tables({table: pa.concat_tables([part.arrow(table) for part in parts]) for table in TABLES})
    export(parts, name, tmp_path)
    if name == "csv":
        assert_csv(tmp_path, both)
    else:
        assert_parquet(tmp_path, both, pq.read_table)


@pytest.mark.parametrize("name", ["parquet", "csv"])
def test_only_the_tables_asked_for(name: str, tmp_path: Path) -> None:
    export([sample_tables()], name, tmp_path, tables=["quotes"])
    assert [path.name for path in tmp_path.iterdir()] == [f"quotes.{name}"]
