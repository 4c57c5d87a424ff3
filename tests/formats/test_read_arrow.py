"""Arrow files, Feather, and data sets of Hugging Face on disk; damage is told, and ends nothing but itself."""

import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import datasets
import orjson
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import feather, ipc

import svodka
from export_data import odd_texts
from svodka.records import Article, Problem

MOMENT = dt.datetime(2021, 9, 7, 15, 30, tzinfo=dt.UTC)


def read(*inputs: Path, columns: dict[str, str] | None = None) -> tuple[list[Article], list[Problem]]:
    items = list(svodka.read(*inputs, columns=columns))
    return [i for i in items if isinstance(i, Article)], [i for i in items if isinstance(i, Problem)]


def write_stream(table: pa.Table, path: Path) -> None:
    with path.open("wb") as file, ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table, 2)


def write_file(table: pa.Table, path: Path) -> None:
    with path.open("wb") as file, ipc.new_file(file, table.schema) as writer:
        writer.write_table(table, 2)


WRITERS: dict[str, Callable[[pa.Table, Path], None]] = {
    "stream": write_stream,
    "file": write_file,
    "feather": lambda table, path: feather.write_feather(table, path, chunksize=2),
    "zstd": lambda table, path: feather.write_feather(table, path, compression="zstd"),
    "pandas": lambda table, path: table.to_pandas().to_feather(path),
    "polars": lambda table, path: pl.DataFrame(table).write_ipc(path, compression="lz4"),
    "polars, stream": lambda table, path: pl.DataFrame(table).write_ipc_stream(path),
    "datasets": lambda table, path: _write_by_datasets(table, path),
}


def _write_by_datasets(table: pa.Table, path: Path) -> None:
    with datasets.arrow_writer.ArrowWriter(path=str(path), schema=table.schema) as writer:
        writer.write_table(table)
        writer.finalize()


@pytest.mark.parametrize("ending", [".arrow", ".feather"])
@pytest.mark.parametrize("door", WRITERS)
def test_what_libraries_write(tmp_path: Path, door: str, ending: str) -> None:
    table = pa.table(
        {
            "picture": [b"\xff"] * 3,
            "id": [7, None, 9],
            "body": ["Мост открыли.", "Лес\r\nгорит 😀", "Дождь."],
            "date": pa.array([MOMENT, None, MOMENT], pa.timestamp("us", "Europe/Moscow")),
            "site": pa.array(["Вести", "Вести", None]).dictionary_encode(),
        }
    )
    path = tmp_path / f"news{ending}"
    WRITERS[door](table, path)
    articles, problems = read(path)
    assert not problems
    assert [article.doc_id for article in articles] == ["7", "news:2", "9"]
    assert [article.text for article in articles] == table["body"].to_pylist()
    assert [article.published for article in articles] == [MOMENT, None, MOMENT]
    assert [article.source for article in articles] == ["Вести", "Вести", f"{path}:3"]


@pytest.mark.parametrize("door", WRITERS)
@settings(max_examples=15)
@given(texts=st.lists(odd_texts(), min_size=1, max_size=5))
def test_texts_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, door: str, texts: list[str]
) -> None:
    path = tmp_path_factory.mktemp("texts") / "a.arrow"
    WRITERS[door](pa.table({"text": texts}), path)
    articles, problems = read(path)
    assert not problems
    assert [article.text for article in articles] == texts


def test_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.arrow"
    write_file(pa.table({"lead": ["Мост."], "n": [1]}), path)
    assert read(path, columns={"text": "lead"})[0][0].text == "Мост."
    assert "the columns here are: lead, n" in read(path)[1][0].message
    write_file(pa.Table.from_arrays([pa.array(["а"]), pa.array(["б"])], names=["text", "text"]), path)
    assert "'text' is there more than once" in read(path)[1][0].message


@pytest.mark.parametrize("write", [write_stream, write_file])
def test_damage_costs_itself(tmp_path: Path, write: Callable[[pa.Table, Path], None]) -> None:
    texts = ["Мост.", "Лес.", "Снег идёт.", "Дождь.", "Град."]
    path = tmp_path / "a.arrow"
    write(pa.table({"text": texts}), path)
    whole = path.read_bytes()
    path.write_bytes(whole.replace("Снег".encode(), b"\xff" + "Снег".encode()[1:]))
    articles, [problem] = read(path)
    assert [article.text for article in articles] == ["Мост.", "Лес.", "Дождь.", "Град."]
    assert (problem.source, problem.doc_id) == (f"{path}:3", None)
    assert "UnicodeDecodeError" in problem.message
    offsets = (0).to_bytes(4, "little") + len("Снег идёт.".encode()).to_bytes(4, "little")
    path.write_bytes(whole.replace(offsets, (0).to_bytes(4, "little") + (10**9).to_bytes(4, "little")))
    articles, [problem] = read(path)
    assert [article.text for article in articles] == ["Мост.", "Лес.", "Град."]
    assert [article.doc_id for article in articles] == ["a:1", "a:2", "a:5"]
    assert problem.message.startswith("this row and all 2 of its batch are damaged: ")
    path.write_bytes(whole[: len(whole) // 2])
    articles, [problem] = read(path)
    assert "is no Arrow file, or is cut off or damaged" in problem.message
    assert problem.source == str(path)


@pytest.mark.parametrize("data", [b"", b"FEA1" + bytes(100), b"ARROW1\0\0", b"PAR1", b"text\n" * 100, bytes(100)])
def test_what_is_no_arrow_file_is_told(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.feather"
    path.write_bytes(data)
    articles, problems = read(path)
    assert not articles
    assert all("Arrow" in problem.message or "Feather" in problem.message for problem in problems)
    assert problems


def test_rows_without_end_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.arrow"
    endless = pa.RunEndEncodedArray.from_arrays(pa.array([2**31 - 1], pa.int32()), pa.array(["Мост."]))
    write_batch(path, pa.record_batch({"text": endless}))
    articles, [problem] = read(path)
    assert not articles
    assert "more than a file of this size can hold" in problem.message


def write_batch(path: Path, batch: pa.RecordBatch) -> None:
    with path.open("wb") as file, ipc.new_stream(file, batch.schema) as writer:
        writer.write_batch(batch)


@pytest.mark.parametrize("name", ["stream", "zstd"])
def test_no_damaged_byte_ends_the_process(tmp_path: Path, name: str) -> None:
    """In a process of its own, for what goes wrong in C++ would end this one."""
    table = pa.table({"id": ["1", "2"], "text": ["Дождь.", "Снег."], "site": pa.array(["а", "б"]).dictionary_encode()})
    WRITERS[name](table, tmp_path / "whole.arrow")
    program = """
import sys
from pathlib import Path
import svodka
from svodka.records import Article, Problem
data = Path("whole.arrow").read_bytes()
for place in range(len(data)):
    for change in (0x01, 0xFF):
        damaged = bytearray(data)
        damaged[place] ^= change
        Path("damaged.arrow").write_bytes(damaged)
        assert all(isinstance(item, Article | Problem) for item in svodka.read("damaged.arrow"))
print("read", len(data))
"""
    command = [sys.executable, "-W", "ignore", "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.startswith("read")


def saved(folder: Path) -> datasets.DatasetDict:
    train = datasets.Dataset.from_dict({"id": ["а", "б", "в"], "body": ["Мост.", "Лес.", "Снег."]})
    test = datasets.Dataset.from_dict({"id": ["б", None], "body": ["Дождь.", "Град."]})
    splits = datasets.DatasetDict({"train": train, "test": test})
    splits.save_to_disk(folder, num_shards={"train": 2, "test": 1})
    return splits


def test_a_saved_data_set_is_read_split_by_split(tmp_path: Path) -> None:
    saved(tmp_path / "news")
    for folder in (tmp_path / "news", tmp_path):
        articles, problems = read(folder)
        assert not problems
        assert [article.doc_id for article in articles] == ["а", "б", "в", "test:б", "news/test:2"]
        assert [article.text for article in articles] == ["Мост.", "Лес.", "Снег.", "Дождь.", "Град."]
        assert articles[2].source == f"{tmp_path}/news/train:3"
    articles, _ = read(tmp_path / "news" / "test")
    assert [article.doc_id for article in articles] == ["б", "test:2"]
    articles, _ = read(tmp_path / "news" / "test" / "data-00000-of-00001.arrow")
    assert [article.doc_id for article in articles] == ["б", "data-00000-of-00001:2"]


def test_what_was_computed_of_a_data_set_is_passed_over(tmp_path: Path) -> None:
    saved(tmp_path / "news")
    train = datasets.load_from_disk(tmp_path / "news" / "train")
    train.map(lambda row: {"body": row["body"] + "!"}, load_from_cache_file=False)
    assert list((tmp_path / "news" / "train").glob("cache-*.arrow"))
    assert len(read(tmp_path / "news")[0]) == 5
    # the layout of the library's cache: no state.json
    for file in ("news/train/state.json", "news/dataset_dict.json", "news/test/state.json"):
        (tmp_path / file).unlink()
    articles, _ = read(tmp_path / "news" / "train")
    assert [article.text for article in articles] == ["Мост.", "Лес.", "Снег."]


def test_a_data_set_that_is_not_whole_is_told(tmp_path: Path) -> None:
    saved(tmp_path / "news")
    first = tmp_path / "news" / "train" / "data-00000-of-00002.arrow"
    first.write_bytes(first.read_bytes()[:300])
    articles, [problem] = read(tmp_path / "news")
    assert [article.text for article in articles] == ["Дождь.", "Град."]
    assert problem.source == str(first)
    first.unlink()
    assert "the data set is not whole: No such file" in read(tmp_path / "news")[1][0].message


@pytest.mark.parametrize("names", [["../news"], [".."], ["/etc"], [7], "train", None])
def test_a_listing_leads_nowhere_else(tmp_path: Path, names: object) -> None:
    saved(tmp_path / "news")
    (tmp_path / "news" / "dataset_dict.json").write_bytes(orjson.dumps({"splits": names}))
    articles, problems = read(tmp_path / "news")
    assert not articles
    assert problems
    (tmp_path / "news" / "dataset_dict.json").write_bytes(b"{")
    assert "is no dataset_dict.json of a data set" in read(tmp_path / "news")[1][0].message


def test_a_frame_is_read_as_what_it_was(tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": ["Мост.", "Лес."], "date": [MOMENT, None]})
    frame.to_feather(tmp_path / "a.feather")
    first, second = read(tmp_path / "a.feather")[0]
    assert first.anchor == dt.date(2021, 9, 7)
    assert second.published is None
