"""Workers that die of what they work on, and limits of a document."""

import multiprocessing
import os
import signal
import sys
import time
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest
from spacy.tokens import Doc

import svodka
from svodka.check import check_tables
from svodka.config import Config, RunConfig
from svodka.engine import load
from svodka.errors import RunStoppedError
from svodka.records import Article
from svodka.run import local, workers
from svodka.run.folder import run_to_folder
from svodka.run.workers import WorkerPool
from svodka.stages.columns import columns
from svodka.tables import Tables

pytestmark = [pytest.mark.engine, pytest.mark.skipif(sys.platform != "linux", reason="workers are forked")]
CONFIG = Config.from_dict({"stages": ["morphology"]})


def articles(n: int, **special: str) -> list[Article]:
    """Articles by number; the text of «doc-3» is given as doc_3."""
    return [
        Article(text=special.get(f"doc_{number}", f"Мост {number} открыт."), doc_id=f"doc-{number}")
        for number in range(n)
    ]


@pytest.fixture
def always_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers have the patches of this process, those too that take over."""
    monkeypatch.setattr(multiprocessing, "get_context", lambda method: multiprocessing.context.ForkContext())
    monkeypatch.setattr(workers, "can_fork", lambda: True)


def _harmful(nlp: object, batch: pa.RecordBatch, run: RunConfig) -> pa.RecordBatch:
    for text in batch["text"].to_pylist():
        if "смерть" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "выход" in text:
            os._exit(7)
        if "сон" in text:
            time.sleep(3600)
    return local.process_batch(nlp, batch, run)  # type: ignore[arg-type]


def test_a_document_that_ends_its_worker_costs_itself(
    tmp_path: Path, always_fork: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "process_batch", _harmful)
    config = CONFIG.model_copy(update={"run": RunConfig(document_seconds=3, shard_articles=8)})
    found = articles(60, doc_7="смерть", doc_31="выход", doc_50="сон")
    summary = run_to_folder(found, tmp_path, config=config, workers=2, batch_size=4)
    tables = Tables.read_parquet(tmp_path)
    assert check_tables(tables) == []
    assert tables.documents["doc_id"].tolist() == [f"doc-{number}" for number in range(60)]
    problems = tables.errors.set_index("doc_id")
    assert problems["error_type"].to_dict() == {"doc-7": "died", "doc-31": "died", "doc-50": "timeout"}
    assert "signal 9" in problems.loc["doc-7", "message"]
    assert "exit code 7" in problems.loc["doc-31", "message"]
    assert tables.documents["status"].value_counts().to_dict() == {"ok": 57, "failed": 3}
    assert summary.exit_code == 1


def test_workers_that_cannot_load_end_the_run(
    tmp_path: Path, always_fork: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_serve", lambda *arguments: os._exit(5))
    with pytest.raises(RunStoppedError, match=r"die while they load the models \(exit code 5\)"):
        run_to_folder(articles(5), tmp_path, config=CONFIG, workers=2)


def test_order_is_kept_and_nothing_runs_away(always_fork: None) -> None:
    taken = 0

    def lists() -> "object":
        nonlocal taken
        for article in articles(40):
            taken += 1
            yield [article]

    with closing(WorkerPool(CONFIG, 2)) as pool:
        stream = pool.map(lists())  # type: ignore[arg-type]
        first = next(stream)
        assert taken <= 2 * workers._AHEAD
        ids = [first["doc_id"][0].as_py(), *(rows["doc_id"][0].as_py() for rows in stream)]
    assert ids == [f"doc-{number}" for number in range(40)]


def test_one_process_has_the_same_limits() -> None:
    nlp = load(CONFIG)
    run = RunConfig(document_characters=50)
    rows = local.process(nlp, articles(3, doc_1="Мост. " * 20), run)
    assert rows["status"].to_pylist() == ["ok", "failed", "ok"]
    (problem,) = rows["errors"].to_pylist()[1]
    assert (problem["stage"], problem["error_type"]) == ("run", "too_long")
    assert "120 characters, more than 50" in problem["message"]


def test_what_fails_outside_the_stages_costs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    nlp = load(CONFIG)
    nested = local.nested_batch

    def fragile(docs: list[Doc], problems: list[object]) -> pa.RecordBatch:
        if any("беда" in columns(doc).text for doc in docs):
            raise MemoryError
        return nested(docs, problems)  # type: ignore[arg-type]

    monkeypatch.setattr(local, "nested_batch", fragile)
    rows = local.process(nlp, articles(3, doc_2="беда"), RunConfig())
    assert rows["status"].to_pylist() == ["ok", "ok", "failed"]
    assert rows["errors"].to_pylist()[2][0]["error_type"] == "MemoryError"


def test_a_stage_that_raises_costs_its_document_that_stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The boundary of stages, through the whole of a run; a second try is made where it is asked for."""
    from svodka.stages import morphology

    write = morphology.MorphologyStage.__call__

    def fragile(self: morphology.MorphologyStage, doc: Doc) -> Doc:
        if "беда" in columns(doc).text:
            raise ValueError("the word is беда")
        return write(self, doc)

    config = CONFIG.model_copy(update={"run": RunConfig(shard_articles=8)})
    with monkeypatch.context() as patched:
        patched.setattr(morphology.MorphologyStage, "__call__", fragile)
        summary = run_to_folder(articles(60, doc_20="беда"), tmp_path, config=config)
    assert (summary.rows["errors"], summary.exit_code) == (1, 1)
    assert Tables.read_parquet(tmp_path).errors["stage"].tolist() == ["morphology"]
    assert run_to_folder(articles(60, doc_20="беда"), tmp_path, config=config).n_done == 0
    again = run_to_folder(articles(60, doc_20="беда"), tmp_path, config=config, retry=True)
    assert (again.rows["errors"], again.exit_code) == (0, 0)
    assert 0 < again.n_done < 40


def test_configuration_of_limits() -> None:
    assert svodka.Config().run.document_seconds == 300
    with pytest.raises(svodka.errors.ConfigError, match="document_seconds"):
        Config.from_dict({"run": {"document_seconds": 0}})
