"""``svodka run - --out -``: a filter between other programs, a line of JSON out for each line in."""

import io
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import svodka
from run_data import SAMPLES, start, write_corpus
from svodka.cli import main
from svodka.run.stream import run_to_jsonl
from svodka.schema import NESTED
from svodka.tables import Tables

pytestmark = pytest.mark.engine

LINES = """\
{"id": "a", "text": "«Мост готов», — сказал мэр Иван Орлов 7 мая.", "published": "2021-09-07"}
broken
{"text": "Снег."}
"""


def filtered(*arguments: object, lines: str = LINES) -> "tuple[int, list[dict[str, object]], str]":
    process = start("run", "-", "--out", "-", *arguments, stdin=subprocess.PIPE)
    out, errors = process.communicate(lines.encode())
    return process.returncode, [json.loads(line) for line in out.splitlines()], errors.decode()


def test_lines_in_lines_out() -> None:
    code, rows, errors = filtered("--format", "jsonl")
    assert code == 1
    assert [row["doc_id"] for row in rows] == ["a", None, "stdin:3"]
    assert list(rows[0]) == [name for name in rows[0] if name in NESTED.names]
    assert set(rows[0]) == set(NESTED.names)
    (quote,) = rows[0]["quotes"]
    assert (quote["speaker"], quote["text"]) == ("Иван Орлов", "Мост готов")
    assert rows[0]["dates"][0]["start_date"] == "2021-05-07"
    assert rows[0]["published"].startswith("2021-09-07T00:00:00")
    assert rows[1]["errors"][0]["source"] == "-:2"
    assert "no JSON" in rows[1]["errors"][0]["message"]
    assert "1 problem(s)" in errors


def test_only_the_tables_asked_for() -> None:
    _, rows, _ = filtered("--tables", "quotes")
    assert {"tokens", "dates"}.isdisjoint(rows[0])
    assert {"text", "quotes", "errors"} <= set(rows[0])


def test_standard_input_into_a_folder(tmp_path: Path) -> None:
    process = start("run", "-", "--out", tmp_path / "out", stdin=subprocess.PIPE)
    process.communicate(LINES.encode())
    assert process.returncode == 1
    tables = Tables.read_parquet(tmp_path / "out")
    assert tables.documents["doc_id"].tolist() == ["a", "stdin:3"]
    assert tables.errors["source"].tolist() == ["-:2"]


@pytest.mark.parametrize("workers", [1, 2])
def test_lines_hold_what_tables_hold(workers: int) -> None:
    out = io.BytesIO()
    summary = run_to_jsonl(svodka.read(SAMPLES), out, workers=workers, batch_size=5)
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    tables = svodka.extract(svodka.read(SAMPLES))
    assert [row["doc_id"] for row in rows] == tables.documents["doc_id"].tolist()
    for name in ("tokens", "mentions", "dates", "quotes"):
        flat = [item["text"] for row in rows for item in row[name]]
        assert flat == tables[name]["text"].tolist()
        assert summary.rows[name] == len(flat)


def test_a_reader_that_has_enough(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus.jsonl", 3000)
    command = f"{sys.executable} -m svodka run {corpus} --out - --config fast | head -n 2"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, check=False)
    assert len(done.stdout.splitlines()) == 2
    assert done.returncode == 141
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["--out", "-", "--format", "parquet"], ["--out", "x", "--format", "jsonl"]])
def test_formats_that_do_not_go_with_the_place(arguments: list[str]) -> None:
    refused = CliRunner().invoke(main, ["run", str(SAMPLES), *arguments])
    assert refused.exit_code == 2
    assert "--format jsonl --out -" in refused.output
    assert not Path("x").exists()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_that_comes_to_a_destructor_is_not_lost(tmp_path: Path, number: int, code: int) -> None:
    """Python forgets what is raised there."""
    program = f"""
import gc, os, sys
from svodka.cli import main
from svodka.run import stream

class Destroyed:
    def __del__(self):
        os.kill(os.getpid(), {int(number)})

process, seen = stream.run_lists, []

def run_lists(*arguments):
    for rows in process(*arguments):
        if not seen:
            seen.append(Destroyed())
            seen[0] = None
        yield rows

stream.run_lists = run_lists
main(["run", {str(write_corpus(tmp_path / "corpus.jsonl", 500))!r}, "--out", "-", "--config", "fast"])
"""
    done = subprocess.run([sys.executable, "-W", "default", "-c", program], capture_output=True, check=False)
    assert done.returncode == code, done.stderr.decode()
    assert b"Exception ignored" in done.stderr
    assert len(done.stdout.splitlines()) < 500
