"""Databases: what a query gives is read, nothing is ever changed, and nothing secret is shown."""

import datetime as dt
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import svodka
from export_data import odd_texts
from svodka.errors import InputError
from svodka.readers.files import DATABASES
from svodka.records import Article, Problem

MOMENT = dt.datetime(2021, 9, 7, 15, 30, tzinfo=dt.UTC)
ROWS = [(7, "Мост открыли.", "О мосте", "2021-09-07 15:30:00"), (8, "Лес\r\nгорит 😀 на 100%.", None, None)]


def read(*inputs: str | Path, query: str | None = None) -> tuple[list[Article], list[Problem]]:
    items = list(svodka.read(*inputs, query=query))
    return [i for i in items if isinstance(i, Article)], [i for i in items if isinstance(i, Problem)]


def make_sqlite(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("create table news (id integer, body text, title text, date text)")
        connection.executemany("insert into news values (?, ?, ?, ?)", ROWS)
        for statement in statements:
            connection.execute(statement)
    return path


def make_duckdb(path: Path, *statements: str) -> Path:
    with closing(duckdb.connect(path)) as connection:
        connection.execute("create table news (id integer, body varchar, title varchar, date varchar)")
        connection.executemany("insert into news values (?, ?, ?, ?)", ROWS)
        for statement in statements:
            connection.execute(statement)
    return path


MAKERS = pytest.mark.parametrize("make", [make_sqlite, make_duckdb])
Maker = Callable[..., Path]


@MAKERS
@pytest.mark.parametrize("ending", DATABASES)
def test_the_only_table_with_texts_is_read(
    tmp_path: Path, make: Maker, ending: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = make(tmp_path / f"news{ending}", "create table years (year integer)")
    articles, problems = read(path)
    assert not problems
    assert [(article.doc_id, article.text, article.title) for article in articles] == [row[:3] for row in _as_strings()]
    assert [article.published for article in articles] == [MOMENT, None]
    assert [article.source for article in articles] == [f"{path}:1", f"{path}:2"]
    assert "its table news is read, the only one with texts" in caplog.text


def _as_strings() -> list[tuple[str, str, str | None]]:
    return [(str(number), text, title) for number, text, title, _ in ROWS]


@MAKERS
def test_a_query_gives_the_articles(tmp_path: Path, make: Maker) -> None:
    path = make(tmp_path / "a.db")
    query = "select upper(title) as title, body || ' :id' as text from news where body like '%мост%' or id = 7 -- ;"
    [article], problems = read(path, query=query)
    assert not problems
    assert (article.doc_id, article.text) == ("a:1", "Мост открыли. :id")


@MAKERS
def test_columns_may_be_named(tmp_path: Path, make: Maker) -> None:
    path = make(
        tmp_path / "a.db", "create table leads (lead varchar, other varchar)", "insert into leads values ('Лес.', '')"
    )
    [article] = svodka.read(path, columns={"text": "lead"})
    assert isinstance(article, Article)
    assert article.text == "Лес."


@MAKERS
@pytest.mark.parametrize(
    "statement",
    [
        "delete from news",
        "insert into news values (1, 'а', 'б', 'в')",
        "create table t (text varchar)",
        "create temp table t (text varchar)",
        "drop table news",
        "attach '{folder}/other.db' as other",
        "select 1 as text; delete from news",
        "select load_extension('x') as text",
        "pragma user_version = 7",
        "vacuum into '{folder}/copy.db'",
        "copy news to '{folder}/copy.csv'",
        "load httpfs",
        "set threads = 1",
        "checkpoint",
        "selec nothing",
        "",
        "select \x00",
    ],
)
def test_nothing_but_a_select_is_run(tmp_path: Path, make: Maker, statement: str) -> None:
    path = make(tmp_path / "a.db")
    before = path.read_bytes()
    articles, [problem] = read(path, query=statement.format(folder=tmp_path))
    assert not articles
    assert str(problem.source).startswith(str(path))
    assert problem.message.startswith("the query ")
    assert "\n" not in problem.message
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["a.db"]


@MAKERS
def test_without_a_query_several_tables_are_listed(tmp_path: Path, make: Maker) -> None:
    path = make(tmp_path / "a.db", "create view drafts as select * from news", "create table years (year integer)")
    _, [problem] = read(path)
    assert problem.message.startswith(
        "2 of its 3 tables have a column with the text: drafts (id, body, title, date); news"
    )
    assert 'a query, such as "select id, title, text from drafts"' in problem.message
    empty = make(tmp_path / "b.db", "drop table news")
    assert "there are no tables" in read(empty)[1][0].message


@MAKERS
def test_a_failure_on_the_way_costs_what_follows(tmp_path: Path, make: Maker) -> None:
    path = make(tmp_path / "a.db")
    failing = {
        make_sqlite: "case id when 8 then abs(-9223372036854775808) end",
        make_duckdb: "9223372036854775807 + id - 7",
    }
    articles, problems = read(path, query=f"select body as text, {failing[make]} as id from news order by id desc")
    assert str(problems[-1].source).startswith(str(path))
    assert "cannot be had" in problems[-1].message or "the query fails" in problems[-1].message
    assert len(articles) <= 1


def test_damage_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    for data, message in (
        (b"", "the database is empty"),
        (b"PK\x03\x04" + bytes(100), "no database of SQLite or DuckDB"),
        (b"SQLite format 3\0" + b"\xff" * 1000, "fails"),
        (bytes(8) + b"DUCK" + b"\xff" * 5000, "cannot be opened"),
    ):
        path.write_bytes(data)
        articles, [problem] = read(path)
        assert not articles
        assert message in problem.message
        assert problem.source == str(path)


@pytest.mark.parametrize("make", [make_sqlite, make_duckdb])
def test_no_damaged_page_stops_the_run(tmp_path: Path, make: Maker) -> None:
    path = make(tmp_path / "a.db")
    data = path.read_bytes()
    for place in range(0, len(data), len(data) // 40 + 1):
        damaged = bytearray(data)
        damaged[place : place + 64] = b"\xa5" * len(damaged[place : place + 64])
        path.write_bytes(damaged)
        assert all(isinstance(item, Article | Problem) for item in svodka.read(path))


def test_a_string_that_is_not_utf8_costs_its_row(tmp_path: Path) -> None:
    path = make_sqlite(tmp_path / "a.db", "update news set body = cast(x'D09CFF' as text) where id = 7")
    [article], [problem] = read(path)
    assert article.doc_id == "8"
    assert problem.source == f"{path}:1"
    assert "byte 2 of a string is not UTF-8" in problem.message


def test_a_blob_is_no_text(tmp_path: Path) -> None:
    path = make_sqlite(tmp_path / "a.db", "update news set body = x'D09C' where id = 7")
    assert "the text is of type bytes" in read(path)[1][0].message


def test_full_text_search_is_no_table_of_its_own(tmp_path: Path) -> None:
    path = make_sqlite(
        tmp_path / "a.db",
        "create virtual table found using fts5 (body, content='')",
        "insert into found (rowid, body) select id, body from news",
    )
    assert len(read(path)[0]) == 2
    query = "select news.id, news.body as text from found join news on news.id = found.rowid where found match 'мост'"
    assert [article.doc_id for article in read(path, query=query)[0]] == ["7"]


def test_a_database_being_written_is_read(tmp_path: Path) -> None:
    path = make_sqlite(tmp_path / "a.db", "pragma journal_mode = delete")
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("pragma journal_mode = wal")
        writer.execute("insert into news values (9, 'Снег.', null, null)")
        writer.execute("begin immediate")
        writer.execute("delete from news")
        assert [article.doc_id for article in read(path)[0]] == ["7", "8", "9"]


def test_a_duckdb_that_is_open_is_told(tmp_path: Path) -> None:
    path = make_duckdb(tmp_path / "a.duckdb")
    with closing(duckdb.connect(path)):
        assert "cannot be opened" in read(path)[1][0].message


def test_types_of_duckdb(tmp_path: Path) -> None:
    path = make_duckdb(tmp_path / "a.duckdb")
    news = "Мост."
    query = f"""
        select 'Мост.'::enum('{news}') as text, uuid '00000000-0000-0000-0000-000000000007' as id,
               timestamptz '2021-09-07 18:30:00+03' as date, ['Анна', 'Пётр'] as author
        union all select 'Мост.', null, null, null
    """
    first, second = read(path, query=query)[0]
    assert (first.doc_id, first.published, first.author) == (
        "00000000-0000-0000-0000-000000000007",
        MOMENT,
        "Анна; Пётр",
    )
    assert (second.doc_id, second.published, second.author) == ("a:2", None, None)


def test_variables_of_the_program_are_no_tables(tmp_path: Path) -> None:
    news_here = pa.table({"text": ["Мост."]})
    assert news_here.num_rows == 1
    assert "does not exist" in read(make_duckdb(tmp_path / "a.duckdb"), query="select * from news_here")[1][0].message


@MAKERS
@settings(max_examples=10)
@given(texts=st.lists(odd_texts(), min_size=1, max_size=3))
def test_texts_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, make: Maker, texts: list[str]
) -> None:
    path = make(tmp_path_factory.mktemp("texts") / "a.db", "delete from news")
    with closing(sqlite3.connect(path) if make is make_sqlite else duckdb.connect(path)) as connection:
        connection.executemany("insert into news (body) values (?)", [(text,) for text in texts])
        connection.commit()
    articles, problems = read(path)
    assert not problems
    assert [article.text for article in articles] == texts


def test_rows_are_fetched_as_they_are_needed(tmp_path: Path) -> None:
    endless = {
        make_sqlite: "with recursive n(i) as (select 1 union all select i + 1 from n) select 'Мост ' || i text from n",
        make_duckdb: "select 'Мост ' || i as text from range(1000000000000) r(i)",
    }
    for make, query in endless.items():
        items = svodka.read(make(tmp_path / f"{make.__name__}.db"), query=query)
        assert sum(1 for _ in zip(items, range(1000), strict=False)) == 1000


def test_folders_pass_databases_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    make_sqlite(tmp_path / "Thumbs.db")
    make_duckdb(tmp_path / "b.duckdb")
    (tmp_path / "a.txt").write_bytes("Мост.".encode())
    articles, problems = read(tmp_path)
    assert [article.doc_id for article in articles] == ["a"]
    assert not problems
    assert "databases are read only where they lie on the disk and are named" in caplog.text


def test_a_query_is_for_databases(tmp_path: Path) -> None:
    for inputs in ([tmp_path], ["-"], [make_sqlite(tmp_path / "a.db"), tmp_path / "b.parquet"]):
        with pytest.raises(InputError, match="is no database, so no query can be put to it"):
            svodka.read(*inputs, query="select 1")


@pytest.mark.parametrize(("make", "scheme"), [(make_sqlite, "sqlite"), (make_duckdb, "duckdb")])
def test_urls_of_files(tmp_path: Path, make: Maker, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path / "новости.data")
    monkeypatch.chdir(tmp_path)
    for url in (f"{scheme}:///{path}", f"{scheme}:///новости.data", f"{scheme}+driver:////{path}?mode=rw"):
        articles, problems = read(url, query="select body as text from news")
        assert not problems
        assert [article.doc_id for article in articles] == ["новости.data:1", "новости.data:2"]
    for url in (f"{scheme}://", f"{scheme}:///:memory:", f"{scheme}:///nowhere.db"):
        assert len(read(url)[1]) == 1
