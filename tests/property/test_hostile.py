"""Articles made to do harm: they become rows like any others, and do nothing where they are written."""

import csv
import io
import logging
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console
from spacy.language import Language

from odd_texts import HOSTILE, PIECES
from svodka.check import check_tables
from svodka.records import Article, Problem
from svodka.run.folder import run_to_folder
from svodka.run.local import run_batches
from svodka.run.stream import run_to_jsonl
from svodka.tables import Tables
from svodka.view.terminal import show_tables
from svodka.view.visible import visible

pytestmark = pytest.mark.engine

texts = st.lists(st.sampled_from([*HOSTILE, *PIECES]), min_size=1, max_size=25).map("".join)
fields = st.none() | texts
articles = st.lists(
    st.builds(Article, text=texts, doc_id=texts, title=fields, url=fields, source=fields),
    min_size=1, max_size=3, unique_by=lambda article: article.doc_id,
)  # fmt: skip


@given(found=articles)
def test_they_make_tables_that_keep_the_contract(nlp: Language, found: list[Article]) -> None:
    tables = Tables.from_rows(run_batches(nlp, found))
    assert tables.errors.empty
    assert check_tables(tables) == []
    assert tables.documents["doc_id"].tolist() == [article.doc_id for article in found]
    assert tables.documents["text"].tolist() == [article.text for article in found]


@given(found=articles)
def test_a_terminal_shows_them_and_obeys_nothing(nlp: Language, found: list[Article]) -> None:
    problem = Problem(doc_id=found[0].doc_id, source=found[0].text, stage="read", error_type="E", message=found[0].text)
    batches = list(run_batches(nlp, [*found, problem]))
    out = io.StringIO()
    show_tables(Tables.from_rows(batches), Console(file=out, width=100), limit=0)
    shown = out.getvalue()
    assert all(char.isprintable() or char in " \n\xad\xa0\ufffe\U0010ffff" for char in shown), shown


@given(text=texts)
def test_what_is_visible_has_no_power(text: str) -> None:
    shown = visible(text, one_line=True)
    assert not set(shown) & set("\x00\x07\x1b\x9b\x85\r\n\t\u202e\u2066\u200f\ufeff\u2028")
    assert visible(shown, one_line=True) == shown


@given(found=articles)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_csv_gives_them_back_and_a_spreadsheet_computes_nothing(
    nlp: Language, found: list[Article], tmp_path: Path
) -> None:
    tables = Tables.from_rows(run_batches(nlp, found))
    tables.to_csv(tmp_path / "plain", ["documents", "quotes"])
    for name in ("documents", "quotes"):
        with (tmp_path / "plain" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        texts = tables.arrow(name)["text"].to_pylist()
        assert header == tables.arrow(name).schema.names
        assert [row[header.index("text")] for row in rows] == texts
    segments = [orjson.loads(row[header.index("segments")]) for row in rows]
    assert segments == tables.arrow("quotes")["segments"].to_pylist()
    tables.to_csv(tmp_path / "sheet", spreadsheet=True)
    for path in (tmp_path / "sheet").glob("*.csv"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        columns = {name for name in header if tables.arrow(path.stem).schema.field(name).type == "string"}
        for row in rows:
            values = dict(zip(header, row, strict=True))
            assert not any(values[name].startswith(("=", "+", "-", "@", "\t", "\r")) for name in columns)


@given(found=articles)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_ids_never_become_names_of_files(found: list[Article], tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    folder = outside / "one" / "two" / "out"
    run_to_folder(found, folder, config=None)
    assert {path.name for path in outside.rglob("*") if not path.is_relative_to(folder)} == {"one", "two"}
    names = {path.name for path in folder.rglob("*") if path.is_file()}
    assert all(name.isascii() and name.replace("_", "").replace(".", "").replace("-", "").isalnum() for name in names)
    lines = (folder / "_run.log").read_text(encoding="utf-8").splitlines()
    assert all(line[:2] == "20" and line[4] == "-" for line in lines)
    assert Tables.read_parquet(folder).documents["doc_id"].tolist() == [article.doc_id for article in found]


@given(found=articles)
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_a_line_of_json_is_one_line(found: list[Article]) -> None:
    out = io.BytesIO()
    run_to_jsonl(found, out)
    lines = out.getvalue().split(b"\n")
    assert lines.pop() == b""
    assert [orjson.loads(line)["doc_id"] for line in lines] == [article.doc_id for article in found]
    assert [orjson.loads(line)["text"] for line in lines] == [article.text for article in found]


def test_a_log_cannot_be_forged(tmp_path: Path) -> None:
    run_to_folder([Article(text="Дождь.", doc_id="a\n2026-01-01 INFO end: all lost\x1b[2J")], tmp_path)
    with_name = logging.getLogger("svodka")
    assert not with_name.handlers
    text = (tmp_path / "_run.log").read_text(encoding="utf-8")
    assert len(text.splitlines()) == 2
