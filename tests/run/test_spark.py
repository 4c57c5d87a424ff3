"""Apache Spark does what one machine does: the same rows, the same tables, whatever it loses on the way."""

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from click.testing import CliRunner

import svodka
from run_data import SAMPLES, table_bytes, write_corpus
from svodka.cli import main
from svodka.errors import ConfigError, InputError, RunStoppedError
from svodka.run.folder import run_to_folder
from svodka.schema import TABLES

pytest.importorskip("pyspark", reason="pip install 'svodka[spark]'")
if shutil.which("java") is None:
    pytest.skip("Spark needs Java 17", allow_module_level=True)

from svodka.run import spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.engine, pytest.mark.spark]


@pytest.fixture
def session() -> "Iterator[SparkSession]":
    session = spark.start_session("local[2]")
    yield session
    session.stop()


def rows(articles: list[svodka.Article]) -> list[dict[str, Any]]:
    return [
        {"id": a.doc_id, "text": a.text, "title": a.title, "url": a.url, "published": a.published, "source": a.source}
        for a in articles
    ]


SCHEMA = "id string, text string, title string, url string, published timestamp, source string"


def test_a_dataframe_gives_the_rows_of_the_local_run(session: "SparkSession") -> None:
    # a string in a frame has no encoding any more
    articles = [replace(item, encoding=None) for item in svodka.read(SAMPLES) if isinstance(item, svodka.Article)]
    nested = spark.extract(session.createDataFrame(rows(articles), SCHEMA).repartition(3))
    found = nested.toArrow()
    expected = svodka.extract(articles)
    order = [article.doc_id for article in articles]
    assert sorted(found["doc_id"].to_pylist()) == sorted(order)
    for name, contract in TABLES.items():
        flat = spark.table(nested, name).toArrow().select(contract.schema.names).cast(contract.schema)
        mine = expected.arrow(name)
        keys = [(key, "ascending") for key in contract.keys] or [("doc_id", "ascending")]
        assert flat.sort_by(keys).to_pylist() == mine.sort_by(keys).to_pylist(), name


def test_bad_rows_cost_themselves(session: "SparkSession") -> None:
    values = [
        ("a", "Орлов заявил, что мост открыт.", "2021-09-07"),
        ("b", None, None),
        (None, "Снег.", None),
        ("c", "Дождь.", "вчера"),
        ("d", "Гром.", "2021-09-07"),
    ]
    frame = session.createDataFrame(values, "doc_id string, body string, date string")
    nested = spark.extract(frame)
    (found, problems) = (spark.table(nested, name).toArrow().to_pylist() for name in ("documents", "errors"))
    assert [row["doc_id"] for row in found] == ["a", "d"]
    assert [row["doc_id"] for row in problems] == ["b", None, "c"]
    assert "the text is empty" in problems[0]["message"]
    assert "no id" in problems[1]["message"]
    assert "date of publication" in problems[2]["message"]
    assert len(spark.table(nested, "quotes").collect()) == 1


def test_what_a_dataframe_lacks_is_told(session: "SparkSession") -> None:
    with pytest.raises(InputError, match="no column with ids"):
        spark.extract(session.createDataFrame([("a",)], "text string"))
    with pytest.raises(InputError, match="no column with the text"):
        spark.extract(session.createDataFrame([("a",)], "id string"))
    with pytest.raises(ConfigError, match="no table 'quote'"):
        spark.table(session.createDataFrame([("a",)], "id string"), "quote")


def _count_loads(stream: Iterator[pa.RecordBatch], config: str) -> Iterator[pa.RecordBatch]:
    n_rows = sum(batch.num_rows for batch in spark._extract(stream, config, 8))
    loads = spark._pipeline.cache_info().misses
    yield pa.RecordBatch.from_pydict({"pid": [os.getpid()], "loads": [loads], "n": [n_rows]})


def test_the_models_are_loaded_once_in_a_python_worker(session: "SparkSession") -> None:
    from pyspark.cloudpickle import register_pickle_by_value

    register_pickle_by_value(sys.modules[__name__])
    config = svodka.Config.from_dict({"stages": ["morphology"]}).model_dump_json()
    values = [(str(number), "Мост открыт.") for number in range(80)]
    frame = session.createDataFrame(session.sparkContext.parallelize(values, 10), "id string, text string")
    done = frame.mapInArrow(partial(_count_loads, config=config), "pid long, loads long, n long").collect()
    assert sum(row["n"] for row in done) == 80
    assert len(done) == 10
    assert len({row["pid"] for row in done}) <= 2
    assert {row["loads"] for row in done} == {1}


def test_the_command_writes_the_same_bytes(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus.jsonl", 120)
    with corpus.open("a", encoding="utf-8") as file:
        file.write("broken\n")
    config = tmp_path / "mine.toml"
    config.write_text("[run]\nshard_articles = 16\n", encoding="utf-8")
    common = ["run", str(corpus), "--config", str(config), "--out"]
    local = CliRunner().invoke(main, [*common, str(tmp_path / "local")])
    on_spark = [*common, str(tmp_path / "spark"), "--engine", "spark", "--master", "local[2]"]
    done = CliRunner().invoke(main, on_spark)
    assert (local.exit_code, done.exit_code) == (1, 1), done.output
    assert table_bytes(tmp_path / "local") == table_bytes(tmp_path / "spark")
    assert not (tmp_path / "spark" / "_input").exists()
    # what either engine has done the other skips
    assert "120 articles skipped" in CliRunner().invoke(main, on_spark).output
    assert "120 articles skipped" in CliRunner().invoke(main, [*common, str(tmp_path / "spark")]).output


def executors() -> list[int]:
    """Process ids of Spark's executors, which are Java programs."""
    found = []
    for status in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"CoarseGrainedExecutorBackend" in status.read_bytes():
                found.append(int(status.parent.name))
        except OSError:
            continue
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="executors are found in /proc")
def test_a_lost_executor_is_survived(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus.jsonl", 800)
    config = svodka.Config.from_dict({"run": {"shard_articles": 32}})
    run_to_folder(svodka.read(corpus), tmp_path / "local", config=config, workers=2)
    killed: list[int] = []

    def kill() -> None:
        while not list((tmp_path / "spark").glob("_shards/*/shard.json")):
            time.sleep(0.05)
        killed.extend(executors()[:1])
        os.kill(killed[0], signal.SIGKILL)

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    summary = spark.run_on_spark(
        svodka.read(corpus), tmp_path / "spark", config=config, master="local-cluster[2,1,1024]"
    )
    thread.join(timeout=1)
    assert killed
    assert summary.n_done == 800
    assert table_bytes(tmp_path / "local") == table_bytes(tmp_path / "spark")


def test_what_spark_gives_up_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = write_corpus(tmp_path / "corpus.jsonl", 60)
    config = svodka.Config.from_dict({"run": {"shard_articles": 16}, "stages": ["morphology"]})
    with monkeypatch.context() as patched:
        patched.setattr(spark, "_input", lambda folder, key: "/nowhere" if folder.name == "spark" else "")
        patched.setattr(
            spark, "_lay_out", lambda shards, folder: [(shard.key, len(shard.articles)) for shard in shards]
        )
        with pytest.raises(RunStoppedError, match="Spark has given up"):
            spark.run_on_spark(svodka.read(corpus), tmp_path / "spark", config=config, master="local[2]")
    summary = spark.run_on_spark(svodka.read(corpus), tmp_path / "spark", config=config, master="local[2]")
    assert summary.n_done == 60


def test_options_that_do_not_go_with_spark_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ["run", str(SAMPLES), "--out", str(tmp_path / "out")]
    for extra, message in (
        (["--engine", "spark", "--workers", "2"], "--workers is of the local engine"),
        (["--master", "local[2]"], "add --engine spark"),
        (["--engine", "spark", "--out", "-"], "Spark writes into a folder"),
    ):
        refused = CliRunner().invoke(main, [*command, *extra])
        assert refused.exit_code == 2
        assert message in refused.output
    monkeypatch.setitem(sys.modules, "pyspark", None)
    refused = CliRunner().invoke(main, [*command, "--engine", "spark"])
    assert refused.exit_code == 2
    assert "pip install 'svodka[spark]', and Java 17 or newer" in refused.output
