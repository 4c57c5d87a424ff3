"""What holds of every format that tables are written in."""

import re
from pathlib import Path

import pytest

from conftest import ROOT
from export_data import sample_tables
from svodka.errors import ExportError, MissingLibraryError
from svodka.libraries import require
from svodka.tables import Tables
from svodka.writers.filenames import FileNames
from svodka.writers.formats import FORMATS, export


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_a_method(name: str) -> None:
    assert callable(getattr(Tables, f"to_{name.replace('-', '_')}"))


def test_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no format 'xls'; there are parquet, csv"):
        export([sample_tables()], "xls", tmp_path / "x")


def test_work_of_the_user_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "corrected.ann").write_text("T1")
    with pytest.raises(ExportError, match="may hold work of yours"):
        sample_tables().to_brat(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["corrected.ann"]


def test_failed_file_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "tables.jsonl"
    target.write_text("before")
    with pytest.raises(AttributeError):
        export([None], "jsonl", target)  # type: ignore[list-item]
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_missing_library_is_named() -> None:
    with pytest.raises(MissingLibraryError, match=r"needs nolibrary.*pip install 'svodka\[tei\]'"):
        require("nolibrary.part", "tei")


def test_file_names_are_safe_and_apart() -> None:
    names = FileNames()
    long = ["я" * 300, "я" * 301, "\U0001d510" * 300]
    odd = ["../a", ".. a", "con", "", "a/b", "a\x00b", "-rf", "news.12", ":1", "news:a1", "con:1", "COM²"]
    ids = ["a", "A", *odd, *long, "news:12", "a-b_1"]
    given = [names.name(doc_id) for doc_id in ids]
    assert given[0] == "a"
    assert given[ids.index("news:12")] == "news.12"
    assert given[ids.index("news:a1")].startswith("news_a1-")  # to brat «.a1» is an ending of its own
    assert not any(re.match(r"(?i)(con|com²)(\.|$)", name) for name in given)  # Windows keeps them for devices
    assert given[-1] == "a-b_1"
    assert len({name.casefold() for name in given}) == len(ids)
    assert all(len(name.encode()) < 140 and "/" not in name and not name.startswith((".", "-")) for name in given)


def test_readme_lists_the_formats() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for format in FORMATS.values():
        assert f"| {format.description} | `--to {format.name}` | {format.library} | {format.verified_with} |" in readme
