"""JSON lines, read with json and with DuckDB."""

import io
import json
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings

import svodka
from conftest import ROOT
from export_data import hostile_tables, odd_texts, sample_tables, tables_of
from svodka.readers.records import articles_from_records
from svodka.records import Article, Problem
from svodka.run.stream import run_to_jsonl
from svodka.schema import NESTED, TABLES
from svodka.tables import Tables
from svodka.writers.formats import export

pytestmark = pytest.mark.engine

BAD = [
    {"text": "Снег.", "id": "a"},
    {"text": "", "id": "b"},
    {"text": "«Мост готов», — сказал мэр Иван Орлов 7 мая.", "id": "b", "published": "2021-09-07"},
    {"text": "Снег.", "id": "a"},
    {"id": "c"},
]


def lines(tables: Tables, folder: Path) -> list[bytes]:
    tables.to_jsonl(folder / "tables.jsonl")
    return (folder / "tables.jsonl").read_bytes().splitlines(keepends=True)


def streamed(items: Iterable[Article | Problem]) -> list[bytes]:
    out = io.BytesIO()
    run_to_jsonl(items, out)
    return out.getvalue().splitlines(keepends=True)


def assert_equal(tables: Tables, found: list[bytes]) -> None:
    """The lines hold what the tables hold."""
    rows = [json.loads(line) for line in found]
    read = [row for row in rows if "text" in row]
    assert all(list(row) == NESTED.names for row in read)
    for name in TABLES:
        expected = json.loads(json.dumps(tables.arrow(name).to_pylist(), default=lambda moment: moment.isoformat()))
        if name == "documents":
            nested = [{key: row[key] for key in TABLES[name].schema.names} for row in read]
        else:
            nested = [{"doc_id": row["doc_id"], **one} for row in read for one in row[name]]
        for row in expected if name == "quotes" else ():
            row["confidence"] = round(row["confidence"], 6)
        assert nested == expected, name


def test_samples_are_the_lines_of_a_run(tmp_path: Path) -> None:
    samples = ROOT / "data" / "samples"
    tables = svodka.extract(svodka.read(samples))
    found = lines(tables, tmp_path)
    assert found == streamed(svodka.read(samples))
    assert len(found) > 3
    assert_equal(tables, found)


def test_what_could_not_be_read_has_a_line(tmp_path: Path) -> None:
    tables = svodka.extract(BAD)
    found = lines(tables, tmp_path)
    assert sorted(found) == sorted(streamed(articles_from_records(BAD)))
    *_, last, first_unread, second_unread, third_unread = map(json.loads, found)
    unread = [first_unread, second_unread, third_unread]
    assert [row["doc_id"] for row in unread] == ["b", None, None]
    assert all(list(row) == ["doc_id", "errors"] and len(row["errors"]) == 1 for row in unread)
    # the id of what could not be read was free for another, whose errors are its own
    assert last["doc_id"] == "b"
    assert last["errors"] == []


def test_errors_of_stages_stay_with_their_document(tmp_path: Path) -> None:
    whole = tables_of("Снег.")
    doc_id = whole.arrow("documents")["doc_id"][0].as_py()
    problem = {"source": None, "stage": "dates", "error_type": "StageError", "message": "no"}
    errors = (
        TABLES["errors"]
        .schema.empty_table()
        .from_pylist([{"doc_id": doc_id, **problem}, {"doc_id": "gone", **problem}], schema=TABLES["errors"].schema)
    )
    found = [
        json.loads(line) for line in lines(Tables({"documents": whole.arrow("documents"), "errors": errors}), tmp_path)
    ]
    assert found[0]["errors"] == [problem]
    assert found[0]["tokens"] == []
    assert found[1] == {"doc_id": "gone", "errors": [problem]}


@settings(max_examples=25)
@given(odd_texts())
def test_odd_texts_come_back(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    tables = tables_of(text, "Дождь.")
    found = lines(tables, tmp_path_factory.mktemp("lines"))
    assert len(found) == 2
    assert_equal(tables, found)


def test_hostile_texts_come_back(tmp_path: Path) -> None:
    assert_equal(hostile_tables(), lines(hostile_tables(), tmp_path))


def test_parts_follow_one_another(tmp_path: Path) -> None:
    parts = [sample_tables(), tables_of("Снег.")]
    export(parts, "jsonl", tmp_path / "all.jsonl")
    apart = b"".join(b"".join(lines(part, tmp_path)) for part in parts)
    assert (tmp_path / "all.jsonl").read_bytes() == apart


def test_duckdb_reads_the_lines(tmp_path: Path) -> None:
    sample_tables().to_jsonl(tmp_path / "tables.jsonl")
    found = duckdb.execute(
        "SELECT doc_id, q.speaker, q.text FROM (SELECT doc_id, unnest(quotes) AS q FROM read_json(?))",
        [str(tmp_path / "tables.jsonl")],
    ).fetchall()
    quotes = sample_tables().arrow("quotes")
    assert found == list(zip(*(quotes[name].to_pylist() for name in ("doc_id", "speaker", "text")), strict=True))
