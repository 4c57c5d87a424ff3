"""Servers by SQLAlchemy, without one: what is asked, refused and shown. `test_read_postgresql` has a server."""

import logging
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest

import svodka
from svodka.errors import InputError
from svodka.readers.columns import Columns
from svodka.readers.databases.server import _check_reads, open_server
from svodka.readers.databases.urls import database_name, is_url, shown
from svodka.readers.frames import Numbering
from svodka.readers.rows import Row
from svodka.records import Problem

TEXT = "Лес\r\nгорит 😀 на 100%."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database of SQLite, which stands for a server."""
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("create table news (id integer, body text, title text, date text)")
        connection.executemany("insert into news values (?, ?, ?, ?)", [(7, "Мост.", "О", None), (8, TEXT, None, None)])
        connection.execute("create view old as select title from news")
    return path


def test_sqlalchemy_reads_what_the_file_has(path: Path) -> None:
    with open_server(f"sqlite:///{path}") as server:
        tables = server.tables()
        assert [(table.name, table.columns) for table in tables] == [
            ("news", ["id", "body", "title", "date"]),
            ("old", ["title"]),
        ]
        assert tables[0].reference == '"news"'
        query = "select id, body from news where body like '%100\\%%' escape '\\' or body like ':x%' order by id"
        [row] = server.rows(query, Columns({}, "a"), Numbering("a:", "a:"))
        assert isinstance(row, Row)
        assert row.values == {"id": 8, "text": TEXT}
        for refused in (
            "delete from news",
            "select 1; delete from news",
            " ",
            "(delete from news)",
            "explain select 1",
        ):
            with pytest.raises(InputError, match="the query is not one SELECT"):
                list(server.rows(refused, Columns({}, "a"), Numbering("a:", "a:")))
        for taken in ("/* a; */ select 'a;''b' as text -- ;", "with a as (select 'б' as text) select * from a;"):
            assert len(list(server.rows(taken, Columns({}, "a"), Numbering("a:", "a:")))) == 1
        with pytest.raises(InputError, match="the query fails: no such table: nowhere"):
            list(server.rows("select * from nowhere", Columns({}, "a"), Numbering("a:", "a:")))


def test_nothing_is_changed_through_sqlalchemy(path: Path) -> None:
    with open_server(f"sqlite:///{path}") as server:
        for query in (
            "with a as (select 1) delete from news returning body as text",
            "select body as text into b from news",
        ):
            with pytest.raises(InputError, match="the query is not one SELECT"):
                list(server.rows(query, Columns({}, "a"), Numbering("", "")))
    assert len(list(svodka.read(path))) == 2


URLS = [
    ("postgresql://reader:secret@db.example.org:5432/news", "postgresql://db.example.org:5432/news"),
    ("postgresql://reader:se:cret@db.example.org/news?sslpassword=secret", "postgresql://db.example.org/news"),
    ("postgresql://reader:secr/et@db.example.org/news", "postgresql://db.example.org/news"),
    ("postgresql+psycopg://[::1]/news?password=secret", "postgresql+psycopg://[::1]/news"),
    ("postgresql://reader:secret@secret@db/news", "postgresql://…"),
    ("postgresql://reader:secret", "postgresql://…"),
    ("postgresql://db/news@secret", "postgresql://…"),
    ("mysql://db", "mysql://db/"),
    ("oracle://reader:secret@/", "oracle:///"),
]


@pytest.mark.parametrize(("url", "expected"), URLS)
def test_no_password_is_shown(url: str, expected: str, caplog: pytest.LogCaptureFixture) -> None:
    assert is_url(url)
    assert shown(url) == expected
    assert "secret" not in database_name(url)
    with caplog.at_level(logging.DEBUG):
        [problem] = svodka.read(url)
    assert "secret" not in str(problem)
    assert "secret" not in caplog.text


@pytest.mark.parametrize("url", ["nosuch://a:secret@b/c", "https://a:secret@lenta.ru/news", "postgresql://secret@:a/b"])
def test_other_urls_are_told(url: str) -> None:
    [problem] = svodka.read(url)
    assert isinstance(problem, Problem)
    assert "secret" not in str(problem)


def test_a_url_that_was_made_a_path_is_told() -> None:
    [problem] = svodka.read(Path("postgresql://reader:secret@db/news"))
    assert isinstance(problem, Problem)
    assert problem.source == "postgresql://…"
    assert "give it as a string" in problem.message


# Text that a naive reader of SQL takes for harmless, or for harm.
MYSQL = {
    r"select 'it\'s; insert into x' as text, `into` from news": True,
    'select "insert; into" as text # update;\n': True,
    "select 5 -- 1; delete from news\n as text": True,
    "select 5--1; delete from news": False,
    "select 1 as text /*! into x */": False,
    "select 1 as text /*M!100100 into x */": False,
    r"select '\'' as text; delete from news -- '": False,
    "select 1 as text # '\n; delete from news # '": False,
    "select 1 as text # it's\n into outfile '/tmp/a' -- '": False,
    "select 1 as text into/**/DUMPFILE '/tmp/a'": False,
    r"select '\' as text into outfile '/tmp/a' -- '": False,  # a file, where backslashes are letters
}
STANDARD = {
    r"select E'it\'s; insert into x' as text": True,
    "select $a$; delete $$ into$a$ as text": True,
    r"select 'C:\' as text, 'into; x' as title": True,
    r"select E'\'' as text; commit; delete from news; --'": False,
    "select 1 as text /* /* */; delete from news */": False,
}


@pytest.mark.parametrize(
    ("kind", "query", "reads"),
    [(kind, query, reads) for kind in ("mysql", "mariadb") for query, reads in MYSQL.items()]
    + [("postgresql", query, reads) for query, reads in STANDARD.items()],
)
def test_queries_are_read_as_the_server_reads_them(kind: str, query: str, reads: bool) -> None:
    if reads:
        _check_reads(query, kind)
    else:
        with pytest.raises(InputError, match="the query is not one SELECT"):
            _check_reads(query, kind)


def test_drivers_that_cannot_be_used_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", ModuleType("asyncpg"))
    monkeypatch.setitem(sys.modules, "MySQLdb", None)
    monkeypatch.setitem(sys.modules, "psycopg2", None)
    for url, message in (
        ("postgresql+asyncpg://db/news", "the driver asyncpg is one for asynchronous programs; leave it out, or name"),
        (
            "mysql://db/news",
            "the driver MySQLdb is not installed: pip install 'mysqlclient', or name another: mysql",
        ),
        ("postgresql+psycopg2://db/news", "pip install 'psycopg2-binary', or name another: postgresql+DRIVER"),
    ):
        [problem] = svodka.read(url)
        assert isinstance(problem, Problem)
        assert message in problem.message
