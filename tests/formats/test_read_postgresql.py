"""A server of PostgreSQL, started for these tests where its programs and psycopg are installed."""

import datetime as dt
import logging
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest

import svodka
from svodka.records import Article, Problem

PASSWORD = "s:p@ce"
_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin")) or [Path(shutil.which("initdb") or "").parent]
_NOBODY = {"user": "nobody", "extra_groups": []} if os.geteuid() == 0 else {}  # PostgreSQL does not run as root

Ask = Callable[..., list[Article | Problem]]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """The folder of a server's socket; databases `news`, `win` (windows-1251) and `koi` (KOI8-R)."""
    psycopg = pytest.importorskip("psycopg")
    programs = _PROGRAMS[-1]
    if not (programs / "initdb").exists():
        pytest.skip("PostgreSQL is not installed")
    with tempfile.TemporaryDirectory(prefix="svodka-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "password").write_text(PASSWORD, encoding="utf-8")
        if _NOBODY:
            for path in (folder, folder / "password"):
                shutil.chown(path, "nobody")
        data = ["-D", folder / "data"]
        access = ["-U", "reader", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}"]
        _run(programs / "initdb", *data, *access, "--no-sync", "--no-locale", "-E", "UTF8")
        options = f"-F -c listen_addresses='' -c unix_socket_directories={folder} -c timezone=Asia/Vladivostok"
        _run(programs / "pg_ctl", *data, "-o", options, "-l", folder / "log", "-w", "start")
        try:
            connect = {"host": name, "user": "reader", "password": PASSWORD, "autocommit": True}
            with psycopg.connect(dbname="postgres", **connect) as server:
                for database, encoding in (("news", "UTF8"), ("win", "WIN1251"), ("koi", "KOI8R")):
                    server.execute(f"create database {database} encoding '{encoding}' locale 'C' template template0")
            for database in ("news", "win", "koi"):
                with psycopg.connect(dbname=database, **connect) as server:
                    server.execute("create table articles (id integer, body text, published timestamptz)")
                    moment = dt.datetime(2021, 9, 7, 20, 30, tzinfo=dt.UTC)
                    server.execute("insert into articles values (7, %s, %s)", ("Ёлка у моста.", moment))
                    server.execute("create table years (year integer)")
                    server.execute("create sequence numbers")
                    server.execute(
                        "create function spoil() returns text language sql as "
                        "$$ insert into years values (1) returning 'a' $$"
                    )
            yield folder
        finally:
            _run(programs / "pg_ctl", *data, "-m", "immediate", "stop")


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **_NOBODY)
    assert not done.returncode, done.stderr


@pytest.fixture
def ask(folder: Path) -> Ask:
    """What is read of a database."""

    def answer(query: str | None = None, database: str = "news", options: str = "") -> list[Article | Problem]:
        return list(islice(svodka.read(f"{_url(folder, database)}{options}", query=query), 1000))

    return answer


def _url(folder: Path, database: str, password: str = "s%3Ap%40ce") -> str:
    return f"postgresql+psycopg://reader:{password}@/{database}?host={folder}"


@pytest.mark.parametrize("database", ["news", "win", "koi"])
def test_texts_and_moments(ask: Ask, database: str) -> None:
    [article] = ask(database=database)
    assert isinstance(article, Article)
    assert (article.doc_id, article.text) == ("7", "Ёлка у моста.")
    assert article.published == dt.datetime(2021, 9, 7, 20, 30, tzinfo=dt.UTC)
    assert article.source == f"postgresql+psycopg:///{database}:1"
    [article] = ask("select body as text, published at time zone 'Europe/Moscow' as published from articles")
    assert isinstance(article, Article)
    assert article.published == dt.datetime(2021, 9, 7, 23, 30, tzinfo=dt.UTC)


def test_rows_are_sent_as_they_are_needed(ask: Ask) -> None:
    assert len(ask("select 'Мост ' || generate_series(1, 1000000000) as text")) == 1000


def test_nothing_is_changed(ask: Ask) -> None:
    for query in ("select spoil() as text", "select nextval('numbers')::text as text"):
        [problem] = ask(query)
        assert isinstance(problem, Problem)
        assert problem.message.startswith("the query fails: cannot execute ")
    [count] = ask("select 'Лет: ' || count(*) as text from years")
    assert isinstance(count, Article)
    assert count.text == "Лет: 0"


def test_a_server_that_goes_away_costs_what_follows(folder: Path, ask: Ask) -> None:
    query = "select 'Мост.' as text, generate_series(1, 100000) as id"
    items = svodka.read(f"{_url(folder, 'news')}&application_name=ended", query=query)
    before = list(islice(items, 10))
    ask("select pg_terminate_backend(pid)::text as text from pg_stat_activity where application_name = 'ended'")
    *articles, problem = items
    assert all(isinstance(item, Article) for item in before + articles)
    assert len(articles) < 1000
    assert isinstance(problem, Problem)
    assert "this row and those after it cannot be had: terminating connection" in problem.message


def test_a_limit_of_the_server_is_told(ask: Ask) -> None:
    slow = "select 'Мост.' as text from generate_series(1, 100), pg_sleep(0.01)"
    [problem] = ask(slow, options="&options=-c%20statement_timeout%3D5")
    assert isinstance(problem, Problem)
    assert "canceling statement due to statement timeout" in problem.message


def test_a_wrong_password_is_not_shown(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        [problem] = svodka.read(_url(folder, "news", "wrongsecret"))
    assert isinstance(problem, Problem)
    assert "the database cannot be reached" in problem.message
    assert "password authentication failed" in problem.message
    assert "wrongsecret" not in f"{problem}{caplog.text}"
