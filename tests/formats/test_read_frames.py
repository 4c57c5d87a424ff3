"""The same articles through every door that holds a table: frames, Arrow, data sets, cursors."""

import datetime as dt
import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import datasets
import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

import svodka
from export_data import odd_texts
from svodka.errors import InputError
from svodka.readers import articles_from_records
from svodka.readers.frames import BATCH_ROWS
from svodka.readers.records import Records
from svodka.records import Article, Problem

MOMENT = dt.datetime(2021, 9, 7, 15, 30, tzinfo=dt.UTC)
ROWS: list[dict[str, Any]] = [
    {"id": 7, "text": "Мост открыли.", "title": "О мосте", "date": MOMENT, "author": ["Анна", "Пётр"]},
    {"id": 8, "text": "Лес\r\nгорит 😀", "title": None, "date": None, "author": None},
    {"id": None, "text": "Дождь.", "title": "", "date": MOMENT, "author": ["Анна"]},
]


def make(records: Records, columns: dict[str, str] | None = None) -> tuple[list[Article], list[Problem]]:
    items = list(articles_from_records(records, columns))
    articles = [item for item in items if isinstance(item, Article)]
    return articles, [item for item in items if isinstance(item, Problem)]


def arrow(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows)


def relation(rows: list[dict[str, Any]]) -> duckdb.DuckDBPyRelation:
    return duckdb.connect().from_arrow(arrow(rows))


def duckdb_cursor(rows: list[dict[str, Any]]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.register("rows", arrow(rows))
    return connection.execute("set timezone = 'UTC'").execute("select * from rows")


def in_parts(rows: list[dict[str, Any]]) -> SimpleNamespace:
    """A frame in parts, as Dask has them, which are computed one after another."""
    frames = [pd.DataFrame([row], dtype=object) for row in rows]
    return SimpleNamespace(itertuples=None, partitions=[SimpleNamespace(compute=frame.copy) for frame in frames])


DOORS: dict[str, Callable[[list[dict[str, Any]]], Any]] = {
    "list": list,
    "generator": iter,
    "pandas": pd.DataFrame,
    "pandas of arrow": lambda rows: arrow(rows).to_pandas(types_mapper=pd.ArrowDtype),
    "pandas with an index": lambda rows: pd.DataFrame(rows, dtype=object).set_index("id"),
    "polars": pl.DataFrame,
    "polars, lazy": pl.LazyFrame,
    "table": arrow,
    "reader": lambda rows: arrow(rows).to_reader(1),
    "batches": lambda rows: iter(arrow(rows).to_batches(1)),
    "data set of pyarrow": lambda rows: pyarrow.dataset.dataset(arrow(rows)),
    "scanner": lambda rows: pyarrow.dataset.dataset(arrow(rows)).scanner(),
    "named tuples": lambda rows: [namedtuple("Row", rows[0])(**row) for row in rows],
    "parts": in_parts,
    "frames": lambda rows: (pl.DataFrame(row, schema=pl.DataFrame(rows).schema) for row in ([row] for row in rows)),
    "data set": datasets.Dataset.from_list,
    "data set, iterable": lambda rows: datasets.Dataset.from_list(rows).to_iterable_dataset(),
    "data set, numpy": lambda rows: datasets.Dataset.from_list(rows).with_format("numpy"),
    "data set, arrow": lambda rows: datasets.Dataset.from_list(rows).to_iterable_dataset().with_format("arrow"),
    "data set, transformed": lambda rows: datasets.Dataset.from_list(rows).with_transform(lambda batch: batch),
    "relation": relation,
    "cursor": duckdb_cursor,
}


@pytest.mark.parametrize("door", DOORS)
def test_same_articles_through_every_door(door: str) -> None:
    expected, problems = make(ROWS)
    assert [article.doc_id for article in expected] == ["7", "8", "3"]
    assert expected[0].author == "Анна; Пётр"
    assert not problems
    assert make(DOORS[door](ROWS)) == (expected, [])


@pytest.mark.parametrize("door", DOORS)
@settings(max_examples=12)
@given(texts=st.lists(odd_texts(), min_size=1, max_size=3))
def test_texts_come_through_every_door_unchanged(door: str, texts: list[str]) -> None:
    rows: list[dict[str, Any]] = [{"id": f"№{number}", "text": text} for number, text in enumerate(texts)]
    articles, problems = make(DOORS[door](rows))
    assert not problems
    assert [(article.doc_id, article.text) for article in articles] == [(row["id"], row["text"]) for row in rows]


@given(texts=st.lists(odd_texts(), min_size=1, max_size=3))
def test_texts_come_through_cursors_unchanged(texts: list[str]) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("create table news (body text)")
        connection.executemany("insert into news values (?)", [(text,) for text in texts])
        articles, problems = make(connection.execute("select * from news"))
        connection.row_factory = sqlite3.Row
        assert make(connection.execute("select * from news")) == (articles, [])
        connection.row_factory = lambda cursor, row: {cursor.description[0][0]: row[0]}
        assert make(connection.execute("select * from news")) == (articles, [])
    assert not problems
    assert [(article.doc_id, article.text) for article in articles] == [
        (str(number), text) for number, text in enumerate(texts, start=1)
    ]


def test_result_of_sqlalchemy() -> None:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        for result in (
            connection.execute(sa.text("select 5 as id, 'Мост.' as text")),
            connection.execute(sa.text("select 5 as id, 'Мост.' as text")).mappings(),
        ):
            [article], problems = make(result)
            assert not problems
            assert (article.doc_id, article.text) == ("5", "Мост.")
    engine.dispose()


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())]
)
def test_strings_of_arrow(kind: pa.DataType) -> None:
    table = pa.table({"text": pa.array(["Мост.", None, "Лес."], kind), "site": pa.array(["А", "А", None], kind)})
    articles, [problem] = make(table)
    assert [(article.text, article.source) for article in articles] == [("Мост.", "А"), ("Лес.", "record 3")]
    assert (problem.source, problem.doc_id) == ("record 2", "2")


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (pa.scalar(1631028600, pa.timestamp("s", "UTC")), MOMENT),
        (pa.scalar(1631028600_000, pa.timestamp("ms", "Europe/Moscow")), MOMENT),
        (pa.scalar(1631028600_000_000_001, pa.timestamp("ns", "+03:00")), MOMENT),
        (pa.scalar(dt.date(2021, 9, 7), pa.date32()), MOMENT.replace(hour=0, minute=0)),
        (pa.scalar(dt.date(2021, 9, 7), pa.date64()), MOMENT.replace(hour=0, minute=0)),
        (pa.scalar(None, pa.timestamp("us")), None),
        (pa.scalar("2021-09-07 15:30:00+00", pa.string()), MOMENT),
    ],
)
def test_moments_of_arrow(value: pa.Scalar, moment: dt.datetime | None) -> None:
    [article], problems = make(pa.table({"text": ["Мост."], "published": pa.array([value.as_py()], value.type)}))
    assert not problems
    assert article.published == moment


def test_a_value_that_python_cannot_hold_costs_its_row() -> None:
    moments = pa.array([2**62, 0, None], pa.timestamp("us"))
    articles, [problem] = make(pa.table({"text": ["Мост.", "Лес.", "Дождь."], "date": moments}))
    assert [article.doc_id for article in articles] == ["2", "3"]
    assert problem.source == "record 1"
    assert "a value cannot be read" in problem.message
    unknown = pa.array([0], pa.timestamp("us", "Нигде"))
    assert "a value cannot be read" in make(pa.table({"text": ["Мост."], "date": unknown}))[1][0].message


@pytest.mark.parametrize(
    ("value", "doc_id"),
    [
        (np.int64(7), "7"),
        (np.float32(7), "7"),
        (np.str_("семь"), "семь"),
        (np.array(7), "7"),
        (Decimal("7.00"), "7"),
        (Decimal("NaN"), "1"),
        (Decimal(2**100), str(2**100)),
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
    ],
)
def test_ids_of_many_types(value: object, doc_id: str) -> None:
    [article], _ = make({"id": value, "text": np.str_("Мост.")})
    assert article.doc_id == doc_id
    assert type(article.text) is str


def test_moments_of_numpy() -> None:
    records = [{"text": "Мост.", "date": np.datetime64(moment)} for moment in ("2021-09-07T15:30:00.000000001", "NaT")]
    first, second = make(records)[0]
    assert (first.published, second.published) == (MOMENT, None)


def test_a_frame_of_mixed_types() -> None:
    frame = pd.DataFrame({"id": [1, "б", None], "text": pd.Categorical(["Мост.", "Лес.", "Лес."]), "n": [1, "x", {}]})
    articles, _ = make(frame)
    assert [(article.doc_id, article.text) for article in articles] == [("1", "Мост."), ("б", "Лес."), ("3", "Лес.")]


def test_only_columns_that_are_needed_are_taken() -> None:
    table = pa.table({"picture": pa.array([2**62], pa.timestamp("us")), "body": ["Мост."]})  # no moment of Python's
    [article], _ = make(table)
    assert article.text == "Мост."
    lazy = pl.LazyFrame({"text": ["Мост."], "n": [0]}).with_columns(picture=pl.col("n").map_elements(_refuse, pl.Int64))
    assert make(lazy)[0][0].text == "Мост."


def _refuse(_: object) -> int:
    raise AssertionError


@pytest.mark.parametrize("door", [door for door in DOORS if door not in ("list", "generator")])
def test_a_table_without_texts(door: str) -> None:
    articles, problems = make(DOORS[door]([{"id": 1, "lead": "Мост."}]))
    assert not articles
    assert problems[0].message.startswith("no column with the text; the columns here are: ")
    assert make(DOORS[door]([{"id": 1, "lead": "Мост."}]), {"text": "lead"})[0][0].text == "Мост."


def test_two_columns_of_a_name() -> None:
    table = pa.Table.from_arrays([pa.array(["а"]), pa.array(["б"])], names=["text", "text"])
    frame = pd.DataFrame([["а", "б"]], columns=["text", "text"])
    cursor = sqlite3.connect(":memory:").execute("select 'а' as text, 'б' as text")
    for door in (table, frame, cursor):
        articles, [problem] = make(door)
        assert not articles
        assert "the column 'text' is there more than once" in problem.message
    cursor.connection.close()


def splits() -> dict[str, datasets.Dataset]:
    train = datasets.Dataset.from_dict({"id": ["а", "б", "б"], "text": ["Мост.", "Лес.", "Снег."]})
    test = datasets.Dataset.from_dict({"id": ["б", None, "в"], "text": ["Дождь.", "Град.", "Ветер."]})
    return {"train": train, "test": test}


@pytest.mark.parametrize(
    "made",
    [
        datasets.DatasetDict(splits()),
        datasets.IterableDatasetDict({name: split.to_iterable_dataset() for name, split in splits().items()}),
        {name: split.to_pandas() for name, split in splits().items()},
    ],
)
def test_splits_follow_each_other(made: Records) -> None:
    articles, [problem] = make(made)
    assert [article.doc_id for article in articles] == ["а", "б", "test:б", "test:2", "в"]
    assert [article.source for article in articles][3] == "test: record 2"
    assert problem.message == "the id 'б' is taken by an earlier article; give each its own id"
    assert problem.source == "train: record 3"


def test_a_shuffled_data_set_is_read_in_its_order() -> None:
    data = datasets.Dataset.from_dict({"text": [f"Мост {number}." for number in range(600)]})
    shuffled = data.shuffle(seed=1).select(range(300))
    assert [article.text for article in make(shuffled)[0]] == shuffled["text"][:]


def test_batches_are_taken_as_they_are_needed() -> None:
    asked = 0

    def batches() -> Iterator[pa.RecordBatch]:
        nonlocal asked
        while True:
            asked += 1
            yield pa.record_batch({"text": ["Мост."] * 10})

    schema = pa.schema({"text": pa.string()})
    articles = articles_from_records(pa.RecordBatchReader.from_batches(schema, batches()))
    assert [item.doc_id for item, _ in zip(articles, range(12), strict=False)][-1] == "12"
    assert asked == 2


def test_a_relation_is_not_held_whole() -> None:
    endless = duckdb.connect().sql("select 'Мост ' || i as text from range(1000000000000) r(i)")
    articles = articles_from_records(endless)
    assert sum(1 for _ in zip(articles, range(3 * BATCH_ROWS), strict=False)) == 3 * BATCH_ROWS


def test_a_cursor_without_iteration_is_asked_for_batches() -> None:
    class Cursor:
        description = (("text", None), ("id", None))
        asked: list[int] = []  # noqa: RUF012

        def fetchmany(self, size: int) -> list[tuple[str, int]]:
            self.asked.append(size)
            return [("Мост.", len(self.asked))] * (len(self.asked) < 3)

    assert [article.doc_id for article in make(Cursor())[0]] == ["1", "2"]
    assert Cursor.asked == [BATCH_ROWS] * 3


def test_failures_of_tables_are_told() -> None:
    connection = duckdb.connect()
    assert "execute a SELECT first" in make(connection)[1][0].message
    assert "execute a SELECT first" in make(sqlite3.connect(":memory:").cursor())[1][0].message
    failing = connection.sql("select case when i = 2 then error('сломано') else 'Мост.' end as text from range(5) r(i)")
    _, problems = make(failing)
    assert "cannot be had" in problems[-1].message
    assert "сломано" in problems[-1].message
    lazy = pl.LazyFrame({"text": ["Мост."]}).filter(pl.col("year") > 3)
    assert "year" in make(lazy)[1][0].message


def test_a_column_is_a_list_of_texts() -> None:
    texts = ["Мост открыт.", "Лес растёт."]
    for column in (pd.Series(texts), pl.Series(texts), np.array(texts, dtype=object), pa.chunked_array([texts])):
        articles, problems = make(column)
        assert [(article.doc_id, article.text) for article in articles] == [("1", texts[0]), ("2", texts[1])]
        assert not problems


def test_what_is_no_table_is_told() -> None:
    connection = sqlite3.connect(":memory:")
    assert "connection.execute('select …')" in make(connection)[1][0].message
    connection.close()
    assert "svodka.read(path)" in make(Path("a.jsonl"))[1][0].message
    assert "pass dicts" in make(17)[1][0].message
    assert "execute('select …')" in make(sa.create_engine("sqlite://"))[1][0].message
    assert "the text of this is a list" in make({"id": [1, 2], "text": ["Мост.", "Лес."]})[1][0].message
    with pytest.raises(InputError, match=r"DataFrame is no file or folder; svodka\.extract"):
        svodka.read(pd.DataFrame())  # type: ignore[arg-type]


def test_rows_of_databases() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute("select 7 as id, 'Мост.' as text").fetchall()
        assert [(article.doc_id, article.text) for article in make(rows)[0]] == [("7", "Мост.")]
    with sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool).connect() as alchemy:
        listed = alchemy.execute(sa.text("select 7 as id, 'Мост.' as text")).all()
        assert [(article.doc_id, article.text) for article in make(listed)[0]] == [("7", "Мост.")]


def test_extract_takes_them() -> None:
    nlp = svodka.load({"stages": []})
    tables = svodka.extract(pl.DataFrame(ROWS), nlp=nlp)
    assert list(tables.documents["doc_id"]) == ["7", "8", "3"]
    assert replace(make(ROWS)[0][0], source=None).published == tables.documents["published"][0]
