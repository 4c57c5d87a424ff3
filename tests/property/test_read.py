"""Whatever the text, it is read as it was written; whatever the bytes, reading ends with articles or problems."""

import csv
import gzip
import tempfile
from collections.abc import Callable
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svodka.readers import articles_from_records, read
from svodka.records import Article, Problem

# Every character but surrogates, with a visible one among them, for an article has to have something to read. Line
# ends, quotation marks and the like are made frequent.
CHARACTERS = st.one_of(
    st.sampled_from("\r\n\t ,;\"'\\«»—\u2028\u2029\x85\x00\ufeff\u00a0\u00ad\u0301😀"),
    st.characters(exclude_categories=["Cs"]),
)
TEXTS = st.tuples(st.text(CHARACTERS), st.text(CHARACTERS)).map(lambda pair: f"{pair[0]}я{pair[1]}")


def write_jsonl(path: Path, texts: list[str]) -> None:
    path.write_bytes(b"\n".join(orjson.dumps({"text": text}) for text in texts))


def write_jsonl_gz(path: Path, texts: list[str]) -> None:
    path.write_bytes(gzip.compress(b"".join(orjson.dumps({"text": text}) + b"\r\n" for text in texts)))


def write_csv(path: Path, texts: list[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(["number", "text"])
        writer.writerows(enumerate(texts))


def write_parquet(path: Path, texts: list[str]) -> None:
    pq.write_table(pa.table({"text": texts}), path, row_group_size=2)


WRITERS = {".jsonl": write_jsonl, ".jsonl.gz": write_jsonl_gz, ".csv": write_csv, ".parquet": write_parquet}


@pytest.mark.parametrize(("ending", "write"), WRITERS.items())
@given(texts=st.lists(TEXTS, min_size=1, max_size=5))
def test_rows_are_read_as_written(ending: str, write: Callable[[Path, list[str]], None], texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a{ending}")
        write(path, texts)
        items = list(read(path))
    assert [item.text for item in items if isinstance(item, Article)] == texts
    assert [getattr(item, "doc_id", None) for item in items] == [f"a:{row}" for row in range(1, len(texts) + 1)]


@given(text=TEXTS)
def test_plain_text_is_read_as_written(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.txt")
        path.write_bytes(text.encode())
        assert list(read(path)) == [
            Article(text=text.removeprefix("\ufeff"), doc_id="a", source=str(path), encoding="utf-8")
        ]


@given(texts=st.lists(TEXTS, max_size=5))
def test_texts_in_memory_are_unchanged(texts: list[str]) -> None:
    articles = articles_from_records(texts)
    assert [article.text for article in articles if isinstance(article, Article)] == texts


@pytest.mark.parametrize("ending", [".txt", *WRITERS, ".csv.gz"])
@given(data=st.one_of(st.binary(), TEXTS.map(str.encode), TEXTS.map(lambda text: f"text,id\n{text}".encode())))
def test_no_bytes_stop_the_run(ending: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, other = Path(folder, f"a{ending}"), Path(folder, "b.txt")
        path.write_bytes(data)
        other.write_bytes("Мост".encode())
        *items, last = read(path, other)
    assert isinstance(last, Article)
    assert all(isinstance(item, Article | Problem) for item in items)
    assert all(str(path) in (item.source or "") for item in items if isinstance(item, Problem))


@pytest.mark.parametrize("ending", WRITERS)
@given(texts=st.lists(TEXTS, min_size=1, max_size=5), data=st.data())
def test_damage_stops_nothing(ending: str, texts: list[str], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, other = Path(folder, f"a{ending}"), Path(folder, "b.txt")
        WRITERS[ending](path, texts)
        damaged = bytearray(path.read_bytes())
        position = data.draw(st.integers(0, len(damaged) - 1))
        damaged[position] ^= data.draw(st.integers(1, 255))
        path.write_bytes(damaged)
        other.write_bytes("Мост".encode())
        *_, last = read(path, other)
    assert isinstance(last, Article)
    assert last.doc_id == "b"
