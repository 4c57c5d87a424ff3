"""What can happen to a run overnight, each thing really done to it: nothing is lost, nothing is there twice."""

import gzip
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from run_data import start, table_bytes, write_config, write_corpus
from svodka.check import check_tables
from svodka.run.manifest import write_whole
from svodka.tables import Tables

pytestmark = [pytest.mark.engine, pytest.mark.skipif(sys.platform != "linux", reason="signals and /proc of Linux")]

N_ARTICLES, N_KILLS = 1500, 20


def finish(*arguments: object, **options: object) -> "subprocess.CompletedProcess[bytes]":
    """The command in a process of its own, to its end."""
    process = start(*arguments, **options)
    out, err = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def children(process: "subprocess.Popen[bytes]") -> list[int]:
    """Process ids of the workers."""
    try:
        return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
    except OSError:
        return []


def is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def wait_for(condition: object, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("corpus") / "corpus.jsonl", N_ARTICLES)


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    config = write_config(tmp_path_factory.mktemp("config") / "small.toml", shard_articles=40)
    return ["--config", config, "--tables", "quotes,dates"]


@pytest.fixture(scope="module")
def expected(corpus: Path, options: list[object], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The tables of a run that nothing happens to."""
    folder = tmp_path_factory.mktemp("expected")
    done = finish("run", corpus, "--out", folder, *options)
    assert done.returncode == 0, done.stderr.decode()
    tables = Tables.read_parquet(folder)
    assert check_tables(tables) == []
    assert len(tables.quotes) >= N_ARTICLES
    return table_bytes(folder)


def check_whole(folder: Path, expected: dict[str, bytes]) -> None:
    assert table_bytes(folder) == expected
    assert not list(folder.rglob("*.partial"))
    assert not (folder / "_shards").exists()


def test_a_parent_killed_twenty_times_loses_nothing(
    corpus: Path, options: list[object], expected: dict[str, bytes], tmp_path: Path
) -> None:
    chance = random.Random(7)
    command = ("run", corpus, "--out", tmp_path / "out", "--workers", 2, *options)
    kills = finished = 0
    while kills < N_KILLS:
        process = start(*command)
        try:
            process.communicate(timeout=chance.uniform(0.5, 5))
        except subprocess.TimeoutExpired:
            orphans = children(process)
            process.kill()
            process.communicate()
            kills += 1
            wait_for(lambda: not any(is_running(pid) for pid in orphans))  # noqa: B023
        else:
            assert process.returncode == 0
            check_whole(tmp_path / "out", expected)
            shutil.rmtree(tmp_path / "out")
            finished += 1
    done = finish(*command)
    assert done.returncode == 0, done.stderr.decode()
    check_whole(tmp_path / "out", expected)


def test_workers_killed_twenty_times_lose_nothing(
    corpus: Path, options: list[object], expected: dict[str, bytes], tmp_path: Path
) -> None:
    chance = random.Random(7)
    kills = 0
    while kills < N_KILLS:
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        process = start("run", corpus, "--out", tmp_path / "out", "--workers", 2, *options, stderr=subprocess.DEVNULL)
        while process.poll() is None:
            time.sleep(chance.uniform(0.8, 3))
            for pid in chance.sample(workers := children(process), min(1, len(workers))):
                os.kill(pid, signal.SIGKILL)
                kills += 1
        process.communicate()
        assert process.returncode == 0
        check_whole(tmp_path / "out", expected)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(("number", "code", "word"), [
    (signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated"),
])  # fmt: skip
def test_an_interruption_ends_it_cleanly(
    corpus: Path, options: list[object], expected: dict[str, bytes], tmp_path: Path, workers: int, number: int,
    code: int, word: str,
) -> None:  # fmt: skip
    command = ("run", corpus, "--out", tmp_path / "out", "--workers", workers, *options)
    process = start(*command, start_new_session=True)
    wait_for(lambda: len(list((tmp_path / "out").glob("_shards/*/shard.json"))) > 2)
    mine = children(process)
    os.killpg(process.pid, number)  # a terminal tells all of its processes
    _, errors = process.communicate(timeout=60)
    assert process.returncode == code, errors.decode()
    assert word in errors.decode()
    assert "the same command goes on" in errors.decode()
    assert "Traceback" not in errors.decode()
    assert not any(map(is_running, mine))
    assert not list((tmp_path / "out").rglob("*.partial"))
    assert finish(*command).returncode == 0
    check_whole(tmp_path / "out", expected)


@pytest.mark.parametrize("most", [10, 3_000, 8_000])
def test_a_file_that_may_not_grow(
    corpus: Path, options: list[object], expected: dict[str, bytes], tmp_path: Path, most: int
) -> None:
    command = ("run", corpus, "--out", tmp_path / "out", *options)
    stopped = finish(*command, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)))
    assert stopped.returncode == 3, stopped.stderr.decode()
    assert "make room on the disk" in stopped.stderr.decode()
    assert "Traceback" not in stopped.stderr.decode()
    assert finish(*command).returncode == 0
    check_whole(tmp_path / "out", expected)


def test_a_disk_that_is_full(corpus: Path, options: list[object], expected: dict[str, bytes], tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        command = ("run", corpus, "--out", disk / "out", "--workers", 2, *options)
        stopped = finish(*command)
        assert stopped.returncode == 3, stopped.stderr.decode()
        assert "No space left on device" in stopped.stderr.decode()
        subprocess.run(["mount", "-o", "remount,size=100m", str(disk)], check=True)
        done = finish(*command)
        assert done.returncode == 0, done.stderr.decode()
        assert b"skipped" in done.stdout
        check_whole(disk / "out", expected)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_two_runs_at_once(corpus: Path, options: list[object], expected: dict[str, bytes], tmp_path: Path) -> None:
    command = ("run", corpus, "--out", tmp_path / "out", *options)
    first = start(*command)
    wait_for(lambda: (tmp_path / "out" / "_manifest.json").exists())
    second = finish(*command)
    assert second.returncode == 2
    assert "another run is writing to" in second.stderr.decode()
    first.communicate()
    assert first.returncode == 0
    check_whole(tmp_path / "out", expected)


def test_inputs_that_vanish_or_cannot_be_read(tmp_path: Path) -> None:
    """Files that go while they are read, that lead nowhere, that are cut off: each costs itself only."""
    inputs = tmp_path / "in"
    inputs.mkdir()
    write_corpus(inputs / "a.jsonl", 300)
    (inputs / "b.jsonl").symlink_to(tmp_path / "nowhere")
    whole = write_corpus(tmp_path / "whole.jsonl", 300).read_bytes().replace(b"doc-", b"packed-")
    packed = gzip.compress(whole)
    (inputs / "c.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    pq.write_table(pa.table({"id": ["p1"], "text": ["Дождь."]}), inputs / "d.parquet")
    cut_off = (inputs / "d.parquet").read_bytes()
    (inputs / "d.parquet").write_bytes(cut_off[:-20])
    (inputs / "e.csv").mkdir()
    (inputs / "f.txt").write_text("Снег.", encoding="utf-8")
    process = start("run", inputs, "--out", tmp_path / "out", "--config", "fast")
    wait_for(lambda: (tmp_path / "out" / "_manifest.json").exists())
    (inputs / "f.txt").unlink()
    _, errors = process.communicate()
    assert process.returncode == 1, errors.decode()
    tables = Tables.read_parquet(tmp_path / "out")
    assert check_tables(tables) == []
    ids = set(tables.documents["doc_id"])
    assert {f"doc-{number}" for number in range(300)} <= ids
    assert len([one for one in ids if one.startswith("packed-")]) > 50
    problems = dict(
        zip(tables.errors["source"].str.extract(r"in/([a-z]\.\w+)")[0], tables.errors["message"], strict=True)
    )
    assert "leads nowhere" in problems["b.jsonl"]
    assert "cut off or damaged" in problems["c.jsonl"]
    assert "cut off or damaged" in problems["d.parquet"]
    assert ("f" in ids) != ("f.txt" in problems)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_document_that_takes_too_long(tmp_path: Path, workers: int) -> None:
    corpus = write_corpus(tmp_path / "corpus.jsonl", 60)
    sentence = "«Мост открыли», — сказал мэр Иван Орлов 16 числа, а Пётр Климов добавил, что резервы есть. "
    long = sentence * 18_000
    with corpus.open("a", encoding="utf-8") as file:
        file.write(f'{{"id": "long", "text": "{long}"}}\n{{"id": "after", "text": "Снег."}}\n')
    config = write_config(tmp_path / "mine.toml", document_seconds=5, shard_articles=8)
    done = finish("run", corpus, "--out", tmp_path / "out", "--config", config, "--workers", workers)
    assert done.returncode == 1, done.stderr.decode()
    tables = Tables.read_parquet(tmp_path / "out")
    assert check_tables(tables) == []
    (problem,) = tables.errors.to_dict("records")
    assert (problem["doc_id"], problem["stage"], problem["error_type"]) == ("long", "run", "timeout")
    assert "took more than 5 s" in problem["message"]
    documents = tables.documents.set_index("doc_id")
    assert documents.loc["long", "status"] == "failed"
    assert documents.loc["long", "text"] == long
    assert documents.drop("long")["status"].eq("ok").all()
    assert len(documents) == 62
    # its shard is done again where the user asks for it, and only its shard
    again = finish("run", corpus, "--out", tmp_path / "out", "--config", config, "--retry", "--workers", workers)
    assert again.returncode == 1
    assert int(re.search(rb"(\d+) articles skipped", again.stdout)[1]) >= 30


def test_a_document_of_twenty_megabytes(tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    shutil.copytree(Path(__file__).parents[2] / "data" / "samples", inputs)
    (inputs / "huge.txt").write_text("Мост открыли вовремя. " * 550_000, encoding="utf-8")
    assert (inputs / "huge.txt").stat().st_size > 20_000_000
    done = finish("run", inputs, "--out", tmp_path / "out", "--config", "fast")
    assert done.returncode == 1, done.stderr.decode()
    tables = Tables.read_parquet(tmp_path / "out")
    (problem,) = tables.errors.to_dict("records")
    assert (problem["doc_id"], problem["error_type"]) == ("huge", "too_long")
    assert "document_characters" in problem["message"]
    assert tables.documents.set_index("doc_id").loc["huge", "n_chars"] == 12_100_000
    assert len(tables.documents) == 23


def test_a_hundred_thousand_documents_of_one_word(tmp_path: Path) -> None:
    with (tmp_path / "words.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(f'{{"id": "{number}", "text": "Москва"}}\n' for number in range(100_000))
    arguments = ("--config", "fast", "--tables", "entities", "--workers", 2)
    done = finish("run", tmp_path / "words.jsonl", "--out", tmp_path / "out", *arguments)
    assert done.returncode == 0, done.stderr.decode()
    ids = pq.read_table(tmp_path / "out" / "entities", columns=["doc_id"])["doc_id"].to_pylist()
    assert ids == [str(number) for number in range(100_000)]


def test_an_interruption_of_a_write_leaves_nothing_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "_manifest.json"
    write_whole(path, b"before")

    def interrupt(number: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, b"after")
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]
