"""The database of the explorer: one that is given, and those that are made of folders."""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from shutil import copy

import pytest

from explore_data import database, tables
from svodka.errors import InputError, SchemaError
from svodka.explore import database as module
from svodka.explore.database import connect, prepare

pytestmark = pytest.mark.engine


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "user_cache_path", lambda name: tmp_path / "cache" / name)
    return tmp_path / "cache" / "svodka" / "explore"


def test_a_database_is_taken_as_it_is(tmp_path: Path) -> None:
    assert prepare(database()) == database()
    with connect(database()) as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM quotes")


def test_what_is_no_database_of_svodka_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.sqlite")) as other, other:
        other.execute("CREATE TABLE quotes (x)")
    (tmp_path / "text.txt").write_text("мост")
    (tmp_path / "broken.sqlite").write_bytes(database().read_bytes()[:5000])
    copy(database(), tmp_path / "old.sqlite")
    with closing(sqlite3.connect(tmp_path / "old.sqlite")) as old, old:
        old.execute("UPDATE svodka_meta SET value = '1.0' WHERE name = 'schema'")
    for name, message in (
        ("text.txt", "no SQLite database; give a folder"),
        ("other.sqlite", "none of svodka's"),
        ("broken.sqlite", "none of svodka's"),
        ("old.sqlite", "schema 1.0, and here is svodka .*: write it anew"),
        ("nowhere", "no such file or folder"),
    ):
        with pytest.raises(InputError, match=message) as refused:
            prepare(tmp_path / name)
        assert name in str(refused.value)


def test_of_a_folder_a_database_is_made_once_and_anew_when_it_changes(tmp_path: Path, cache: Path) -> None:
    folder, told = tmp_path / "tables", list[str]()
    tables().to_parquet(folder)
    first = prepare(folder, told.append)
    with connect(first) as connection:
        assert connection.execute("SELECT count(*) FROM quotes").fetchone() == (tables().arrow("quotes").num_rows,)
    assert prepare(str(folder), told.append) == first
    assert len(told) == 1
    assert str(folder) in told[0]
    changed = next(folder.rglob("quotes*.parquet"))
    os.utime(changed, ns=(1, 1))
    second = prepare(folder, told.append)
    assert second != first
    assert len(told) == 2
    assert list(cache.rglob("*.sqlite*")) == [second]  # the older one is gone
    other = tmp_path / "others"
    tables().to_parquet(other)
    prepare(other)
    assert second.exists()


def test_where_nothing_can_be_kept_it_is_said_what_to_do(tmp_path: Path, cache: Path) -> None:
    tables().to_parquet(tmp_path / "tables")
    cache.parent.parent.write_text("a file")
    with pytest.raises(InputError, match=r"cannot be kept there \(Not a directory\); export the tables"):
        prepare(tmp_path / "tables")


def test_two_at_once_make_one(tmp_path: Path, cache: Path) -> None:
    folder, told = tmp_path / "tables", list[str]()
    tables().to_parquet(folder)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: prepare(folder, told.append), range(2))
    assert first == second
    assert len(told) == 1
    assert list(cache.rglob("*.sqlite*")) == [first]


def test_a_folder_without_tables_is_refused_and_leaves_nothing(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SchemaError, match="no tables"):
        prepare(tmp_path / "empty")
    assert list(cache.rglob("*.sqlite*")) == []
