"""Files made to fill memory or disk: they are told, and cost themselves."""

import gzip
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import svodka
from svodka.readers import encoding, txt, unpacking
from svodka.records import Article, Problem

LINE = b'{"text": "\xd0\x9c\xd0\xbe\xd1\x81\xd1\x82."}\n'


def read(path: Path) -> tuple[list[Article], list[Problem]]:
    items = list(svodka.read(path))
    return [i for i in items if isinstance(i, Article)], [i for i in items if isinstance(i, Problem)]


@pytest.mark.parametrize(("name", "head"), [("a.jsonl.gz", LINE), ("a.csv.gz", "text\nМост.\n".encode())])
@pytest.mark.parametrize("filler", [b"\0" * 80, b" " * 80 + b"\n"], ids=["NUL", "space"])
def test_a_gzip_bomb_is_not_unpacked_to_its_end(
    tmp_path: Path, name: str, head: bytes, filler: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "FREE_BYTES", 2**18)
    monkeypatch.setattr(encoding, "MOST_BYTES", 2**17)
    path = tmp_path / name
    path.write_bytes(gzip.compress(head + filler * 60_000))
    unpacked = 0
    read1 = gzip.GzipFile.read1

    def counted(self: gzip.GzipFile, size: int = -1) -> bytes:
        nonlocal unpacked
        block = read1(self, size)
        unpacked += len(block)
        return block

    monkeypatch.setattr(gzip.GzipFile, "read1", counted)
    articles, problems = read(path)
    assert [article.text for article in articles] == ["Мост."]
    assert "100 times as large" in problems[-1].message
    assert 2**18 < unpacked < 102 * path.stat().st_size + 2**18


def test_packed_text_may_become_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "FREE_BYTES", 2**10)
    path = tmp_path / "a.jsonl.gz"
    lines = "".join(f'{{"id": {number}, "text": "Мост номер {number * 7919 % 10007}."}}\n' for number in range(5000))
    path.write_bytes(gzip.compress(lines.encode()))
    articles, problems = read(path)
    assert len(articles) == 5000
    assert not problems


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.jsonl.gz"])
def test_a_line_without_end_costs_itself(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "MOST_BYTES", 1000)
    line = LINE if "jsonl" in name else "Мост.\n".encode()
    data = (b"" if "jsonl" in name else b"text\n") + line + b"x" * 5000 + b"\n" + line
    path = tmp_path / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    articles, problems = read(path)
    assert [article.text for article in articles] == ["Мост."] * 2
    (problem,) = problems
    assert "more than 1000 bytes" in problem.message
    assert problem.source == f"{path}:{2 if 'jsonl' in name else 3}"


def test_a_text_that_is_no_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(txt, "MOST_BYTES", 1000)
    (tmp_path / "a.txt").write_text("Мост. " * 1000, encoding="utf-8")
    articles, (problem,) = read(tmp_path / "a.txt")
    assert not articles
    assert problem.doc_id == "a"
    assert "more than 1000 bytes" in problem.message


def test_a_parquet_file_that_says_one_text_a_million_times(tmp_path: Path) -> None:
    text = "Дождь. " * 100_000
    repeated = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), pa.array([text]))
    pq.write_table(pa.table({"text": repeated}), tmp_path / "a.parquet", store_schema=False)
    assert (tmp_path / "a.parquet").stat().st_size < 100_000
    before = pa.total_allocated_bytes()
    items = svodka.read(tmp_path / "a.parquet")
    for _ in range(300):
        assert next(items).text == text  # type: ignore[union-attr]
        assert pa.total_allocated_bytes() - before < 50_000_000  # 256 such texts have 300 MB


def test_a_parquet_file_that_grows_without_measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("svodka.readers.parquet._FREE_BYTES", 2**20)
    table = pa.table({"text": ["Дождь. " * 10_000 + str(number) for number in range(100)]})
    pq.write_table(table, tmp_path / "a.parquet", compression="zstd", use_dictionary=False)
    articles, (problem,) = read(tmp_path / "a.parquet")
    assert not articles
    assert "rows 1 to 100 become more than 100 times as large" in problem.message
    pq.write_table(table, tmp_path / "a.parquet", compression="none", use_dictionary=False)
    assert len(read(tmp_path / "a.parquet")[0]) == 100


def test_a_parquet_file_with_two_columns_of_a_name(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["text", "text"])
    pq.write_table(table, tmp_path / "a.parquet")
    articles, (problem,) = read(tmp_path / "a.parquet")
    assert not articles
    assert "'text' is there more than once" in problem.message


def test_no_damaged_byte_of_a_parquet_file_ends_the_process(tmp_path: Path) -> None:
    """In a process of its own, for what pyarrow raises in C++ beyond Python would end this one."""
    table = pa.table({"id": ["1", "2"], "text": ["Дождь.", "Снег."], "date": ["2021-09-07", None]})
    pq.write_table(table, tmp_path / "whole.parquet")
    program = """
import sys
from pathlib import Path
import svodka
from svodka.records import Article, Problem
data = Path("whole.parquet").read_bytes()
for place in range(len(data)):
    for change in (0x01, 0x80, 0xFF):
        damaged = bytearray(data)
        damaged[place] ^= change
        Path("damaged.parquet").write_bytes(damaged)
        assert all(isinstance(item, Article | Problem) for item in svodka.read("damaged.parquet"))
print("read", len(data))
"""
    command = [sys.executable, "-W", "ignore", "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.startswith("read")
