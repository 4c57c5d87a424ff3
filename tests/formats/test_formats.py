"""What holds of every format that tables are written in."""

import re
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT
from export_data import sample_tables, tables_of
from svodka.errors import ExportError, MissingLibraryError, SchemaError
from svodka.libraries import require
from svodka.tables import Tables
from svodka.writers.filenames import FileNames
from svodka.writers.formats import FORMATS, export
from svodka.writers.parts import read_parts


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


def _few() -> Tables:
    return tables_of("Глава города Анна Орлова сказала: «Снег уберут завтра».")


def _breaking_off() -> Iterator[Tables]:
    yield _few()
    raise KeyboardInterrupt


@pytest.mark.parametrize("name", FORMATS)
def test_what_breaks_off_leaves_what_was_there(name: str, tmp_path: Path) -> None:
    target, new = tmp_path / "tables", tmp_path / "new"
    if FORMATS[name].target == "file":
        target.write_text("before")
    elif FORMATS[name].keeps_old:
        target.mkdir()
        (target / "mine").write_text("before")
    before = _files(tmp_path)
    for place in (target, new):
        with pytest.raises(KeyboardInterrupt):
            export(_breaking_off(), name, place)
    assert _files(tmp_path) == before
    export([_few()], name, target)
    assert _files(tmp_path) != before


def test_what_was_ended_by_force_is_written_anew(tmp_path: Path) -> None:
    unfinished = tmp_path / "brat" / ".brat.partial"
    unfinished.mkdir(parents=True)
    (unfinished / "half.ann").write_text("T1")
    sample_tables().to_brat(tmp_path / "brat")
    assert not unfinished.exists()
    assert not (tmp_path / "brat" / "half.ann").exists()


@pytest.mark.parametrize("name", FORMATS)
def test_a_full_disk_is_told(name: str, tmp_path: Path) -> None:
    tables = _few()
    FORMATS[name].load()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, before[1]))  # bytes a file
    try:
        with pytest.raises(ExportError) as caught:
            export([tables], name, tmp_path / "tables")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert str(caught.value).startswith(str(tmp_path))
    assert not list(tmp_path.iterdir())


def test_folders_of_runs_and_files_are_no_targets(tmp_path: Path) -> None:
    (tmp_path / "_manifest.json").write_text("{}")
    with pytest.raises(ExportError, match="whose tables these would hide"):
        sample_tables().to_parquet(tmp_path)
    with pytest.raises(ExportError, match="may hold work of yours"):
        sample_tables().to_csv(tmp_path / "_manifest.json")
    with pytest.raises(ExportError, match=r"cannot be written: (Not a directory|File exists)"):
        sample_tables().to_jsonl(tmp_path / "_manifest.json" / "tables.jsonl")


def test_tables_are_read_from_a_folder(tmp_path: Path) -> None:
    target = tmp_path / "tables.jsonl"
    sample_tables().to_jsonl(target)
    for read in (Tables.read_parquet, lambda path: list(read_parts(path))):
        with pytest.raises(SchemaError, match=r"is a file; give the folder that `svodka run` wrote"):
            read(target)


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


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
