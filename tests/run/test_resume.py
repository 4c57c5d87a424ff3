"""Runs into a folder that has something already: what is skipped, replaced, kept, refused."""

import json
import logging
import os
import re
import shutil
import threading
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from filelock import FileLock

import svodka
from run_data import table_bytes, write_corpus
from svodka.check import check_tables
from svodka.cli import main
from svodka.errors import ConfigError, RunError, SchemaError
from svodka.run.folder import Summary, plan_run, run_to_folder
from svodka.run.manifest import MANIFEST, Manifest
from svodka.run.store import check_files
from svodka.tables import Tables

pytestmark = pytest.mark.engine
CONFIG = svodka.Config.from_dict({"run": {"shard_articles": 8}, "stages": ["morphology"]})


def run(source: Path, folder: Path, **options: object) -> Summary:
    return run_to_folder(svodka.read(source), folder, **{"config": CONFIG, **options})  # type: ignore[arg-type]


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines(keepends=True)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus.jsonl", 100)


def test_what_is_done_is_not_done_again(corpus: Path, tmp_path: Path) -> None:
    first = run(corpus, tmp_path / "out")
    assert (first.n_done, first.n_skipped, first.exit_code) == (100, 0, 0)
    before = table_bytes(tmp_path / "out")
    assert plan_run(svodka.read(corpus), tmp_path / "out", config=CONFIG).n_skipped == 100
    again = run(corpus, tmp_path / "out")
    assert (again.n_done, again.n_skipped, again.rows) == (0, 100, first.rows)
    assert "100 articles skipped" in str(again)
    assert table_bytes(tmp_path / "out") == before
    assert "100 articles skipped" in (tmp_path / "out" / "_run.log").read_text(encoding="utf-8")


def test_the_log_says_how_far_it_is(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("svodka.run.folder._SAY_EVERY", 0)
    run(corpus, tmp_path / "out", n_articles=100, batch_size=10)
    log = (tmp_path / "out" / "_run.log").read_text(encoding="utf-8")
    assert re.search(r"INFO 100 of 100 articles done, [\d.]+ a second, 0 minutes left", log)
    assert "INFO end: 100 documents" in log


def test_the_manifest_says_what_is_there(corpus: Path, tmp_path: Path) -> None:
    summary = run(corpus, tmp_path / "out")
    manifest = Manifest.read(tmp_path / "out")
    assert manifest is not None
    assert manifest.complete
    assert not manifest.waiting
    assert sum(entry.articles for entry in manifest.shards) == 100
    assert manifest.shards[0].first == f"{corpus}:1"
    assert manifest.shards[-1].last == f"{corpus}:100"
    assert sum(entry.rows["tokens"] for entry in manifest.shards) == summary.rows["tokens"] > 1000
    assert manifest.made.config == CONFIG.fingerprint()
    assert manifest.made.svodka == svodka.__version__
    assert manifest.made.packages["natasha"]
    for number, entry in enumerate(manifest.shards):
        for table, n_rows in entry.rows.items():
            path = tmp_path / "out" / table / f"{number:06}-{entry.key}.parquet"
            assert pq.read_metadata(path).num_rows == n_rows


def test_readers_of_folders_have_the_order_of_the_input(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    ids = [f"doc-{number}" for number in range(100)]
    assert pq.read_table(tmp_path / "out" / "documents")["doc_id"].to_pylist() == ids
    assert Tables.read_parquet(tmp_path / "out").documents["doc_id"].tolist() == ids


@pytest.mark.parametrize("change", ["added", "changed", "first"])
def test_only_the_shards_that_changed_are_done(corpus: Path, tmp_path: Path, change: str) -> None:
    # in a folder of small files, so that the lines of others do not move
    folder = tmp_path / "files"
    folder.mkdir()
    for number, line in enumerate(lines(corpus)):
        (folder / f"{number:03}.jsonl").write_text(line, encoding="utf-8")
    run(folder, tmp_path / "out")
    new = json.dumps({"id": "new", "text": "Орлов сообщил, что мост открыт."}, ensure_ascii=False)
    name = {"added": "100.jsonl", "changed": "050.jsonl", "first": "000a.jsonl"}[change]
    (folder / name).write_text(new, encoding="utf-8")
    summary = run(folder, tmp_path / "out", prune=change == "changed")
    assert summary.n_removed == (change == "changed")
    assert 0 < summary.n_done < 40
    assert summary.n_skipped > 60
    run(folder, tmp_path / "new")
    assert table_bytes(tmp_path / "out") == table_bytes(tmp_path / "new")


def test_documents_that_no_input_has_stay_unless_they_are_pruned(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    other = tmp_path / "other.jsonl"
    changed = '{"id": "doc-7", "text": "Совсем другой текст."}\n'
    other.write_text("".join([*lines(corpus)[:5], changed, '{"id": "new", "text": "Новый."}\n']), encoding="utf-8")
    summary = run(other, tmp_path / "out")
    assert summary.n_kept == 94
    tables = Tables.read_parquet(tmp_path / "out")
    assert check_tables(tables) == []
    assert sorted(tables.documents["doc_id"]) == sorted(["new", *(f"doc-{number}" for number in range(100))])
    assert tables.documents.set_index("doc_id").loc["doc-7", "text"] == "Совсем другой текст."
    assert summary.rows["documents"] == 101
    pruned = run(other, tmp_path / "out", prune=True)
    assert (pruned.n_removed, pruned.n_skipped, pruned.rows["documents"]) == (94, 7, 7)
    run(other, tmp_path / "new")
    assert table_bytes(tmp_path / "out") == table_bytes(tmp_path / "new")


def test_an_input_that_vanished_costs_nothing(corpus: Path, tmp_path: Path) -> None:
    second = write_corpus(tmp_path / "second.jsonl", 20)
    second.write_text(second.read_text(encoding="utf-8").replace("doc-", "other-"), encoding="utf-8")
    inputs = (corpus, second)
    run_to_folder(svodka.read(*inputs), tmp_path / "out", config=CONFIG)
    before = table_bytes(tmp_path / "out")
    hidden = second.rename(tmp_path / "hidden")
    summary = run_to_folder(svodka.read(*inputs), tmp_path / "out", config=CONFIG)
    assert (summary.n_kept, summary.rows["documents"], summary.exit_code) == (20, 120, 1)
    assert "no such file" in Tables.read_parquet(tmp_path / "out").errors["message"][0]
    hidden.rename(second)
    summary = run_to_folder(svodka.read(*inputs), tmp_path / "out", config=CONFIG)
    assert summary.exit_code == 0
    assert summary.n_skipped > 80
    assert table_bytes(tmp_path / "out") == before


def test_files_that_are_gone_or_damaged_are_made_again(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    before = table_bytes(tmp_path / "out")
    tokens = sorted((tmp_path / "out" / "tokens").iterdir())
    tokens[0].unlink()
    data = tokens[1].read_bytes()
    tokens[1].write_bytes(data[: len(data) // 2])
    summary = run(corpus, tmp_path / "out")
    assert 0 < summary.n_done < 80
    assert table_bytes(tmp_path / "out") == before


def test_check_tells_files_that_are_not_as_they_were(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    assert check_files(tmp_path / "out") == []
    first, second, third, *_ = sorted((tmp_path / "out" / "tokens").iterdir())
    first.unlink()
    data = bytearray(second.read_bytes())
    data[len(data) // 3] ^= 0xFF  # a bit that a disk has turned
    second.write_bytes(data)
    pq.write_table(pq.read_table(third).slice(1), third)
    faults = check_files(tmp_path / "out")
    assert [fault.rpartition(" is ")[2] for fault in faults][:2] == ["missing", "damaged"]
    assert "rows, not" in faults[2]
    done = CliRunner().invoke(main, ["check", str(tmp_path / "out")])
    assert done.exit_code == 1
    assert "is missing" in done.output
    assert check_files(tmp_path) == []


def test_other_settings_are_refused_with_the_way_out(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    before = table_bytes(tmp_path / "out")
    backend = svodka.Config.from_dict({**CONFIG.model_dump(), "morphology": {"backend": "pymorphy2"}})
    with pytest.raises(RunError, match=r"backend pymorphy2, not pymorphy3.*Give --out another folder"):
        run(corpus, tmp_path / "out", config=backend)
    with pytest.raises(RunError, match="tables"):
        run(corpus, tmp_path / "out", tables=["quotes"])
    with pytest.raises(ConfigError, match="no table 'quote'"):
        run(corpus, tmp_path / "out", tables=["quote"])
    limits = svodka.Config.from_dict({**CONFIG.model_dump(), "run": {"shard_articles": 8, "workers": 2}})
    assert run(corpus, tmp_path / "out", config=limits).n_skipped == 100
    assert table_bytes(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("key", "value"), [("svodka", "0.0.1"), ("tables_schema", "0.9"), ("packages", {"natasha": "1"})]
)
def test_another_version_is_refused(corpus: Path, tmp_path: Path, key: str, value: object) -> None:
    run(corpus, tmp_path / "out")
    path = tmp_path / "out" / MANIFEST
    manifest = json.loads(path.read_bytes())
    manifest["made"][key] = value
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(RunError, match=f"{'natasha' if key == 'packages' else key}.*delete it, and all is done anew"):
        run(corpus, tmp_path / "out")


def test_a_damaged_manifest_is_told(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    path = tmp_path / "out" / MANIFEST
    path.write_bytes(path.read_bytes()[:100])
    for use in (lambda: run(corpus, tmp_path / "out"), lambda: Tables.read_parquet(tmp_path / "out")):
        with pytest.raises(RunError, match="manifest is damaged"):
            use()


def test_tables_that_no_run_wrote_are_not_touched(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    Tables.read_parquet(tmp_path / "out").to_parquet(tmp_path / "mine")
    before = {path.name: path.read_bytes() for path in (tmp_path / "mine").iterdir()}
    with pytest.raises(RunError, match="no run of this version wrote"):
        run(corpus, tmp_path / "mine")
    assert {path.name: path.read_bytes() for path in (tmp_path / "mine").glob("*.parquet")} == before


def test_two_runs_into_one_folder_are_refused(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with FileLock(tmp_path / "out" / "_lock"):
        refused: list[BaseException] = []

        def second() -> None:  # a lock is of a thread: the other run is elsewhere
            try:
                run(corpus, tmp_path / "out")
            except RunError as error:
                refused.append(error)

        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert "another run is writing" in str(refused[0])
    assert run(corpus, tmp_path / "out").n_done == 100


def test_an_interrupted_run_can_be_read_and_gone_on_with(
    corpus: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> object:
        for number, item in enumerate(svodka.read(corpus)):
            if number == 70:
                raise KeyboardInterrupt
            yield item

    with pytest.raises(KeyboardInterrupt):
        run_to_folder(broken(), tmp_path / "out", config=CONFIG)  # type: ignore[arg-type]
    assert not list((tmp_path / "out").glob("*/*.partial"))
    with caplog.at_level(logging.WARNING):
        partial = Tables.read_parquet(tmp_path / "out")
    assert "has not come to its end" in caplog.text
    assert 30 < len(partial.documents) < 70
    assert check_tables(partial) == []
    summary = run(corpus, tmp_path / "out")
    assert summary.n_skipped == len(partial.documents)
    run(corpus, tmp_path / "new")
    assert table_bytes(tmp_path / "out") == table_bytes(tmp_path / "new")


@pytest.mark.parametrize("moment", ["before the manifest", "between the names"])
def test_a_death_at_a_bad_moment_costs_nothing(
    corpus: Path, tmp_path: Path, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shard that is named and not entered, and shards of which some tables are in their place and some not."""
    run(corpus, tmp_path / "new")
    with monkeypatch.context() as patched:
        if moment == "before the manifest":
            patched.setattr("svodka.run.store.Store.add", _die)
        else:
            renamed = iter(range(5))
            replace = Path.replace

            def dies_after_some(path: Path, target: Path) -> Path:
                if path.suffix == ".parquet" and next(renamed, None) is None:
                    _die()
                return replace(path, target)

            patched.setattr(Path, "replace", dies_after_some)
        with pytest.raises(SystemExit):
            run(corpus, tmp_path / "out")
    summary = run(corpus, tmp_path / "out")
    assert summary.n_skipped == (100 if moment == "between the names" else summary.n_skipped) > 0
    assert table_bytes(tmp_path / "out") == table_bytes(tmp_path / "new")


def _die(*arguments: object) -> None:
    raise SystemExit("killed")


def test_problems_alone_make_tables_too(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text("{\n[]\n", encoding="utf-8")
    summary = run(tmp_path / "bad.jsonl", tmp_path / "out")
    assert (summary.rows["errors"], summary.exit_code) == (2, 2)
    assert Tables.read_parquet(tmp_path / "out").errors["source"].tolist() == [
        f"{tmp_path}/bad.jsonl:{n}" for n in (1, 2)
    ]
    assert "bad.jsonl:2: read: the line is a JSON list" in (tmp_path / "out" / "_run.log").read_text(encoding="utf-8")
    assert run(tmp_path / "bad.jsonl", tmp_path / "out").rows["errors"] == 2


def test_nothing_at_all_is_said(tmp_path: Path) -> None:
    summary = run_to_folder([], tmp_path / "out", config=CONFIG)
    assert summary.exit_code == 2
    with pytest.raises(SchemaError, match="no tables here"):
        Tables.read_parquet(tmp_path / "out")


def test_tables_of_a_run_are_no_input(corpus: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(corpus, tmp_path / "in")
    run(tmp_path / "in", tmp_path / "in" / "out")
    with caplog.at_level(logging.WARNING):
        assert run(tmp_path / "in", tmp_path / "in" / "out").n_skipped == 100
    assert "holds the tables of a run" in caplog.text


def test_the_registry_of_other_documents_is_removed(
    corpus: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run(corpus, tmp_path / "out")
    registry = tmp_path / "out" / "registry.parquet"
    pq.write_table(svodka.Tables({}).arrow("registry"), registry)
    run(corpus, tmp_path / "out")
    assert registry.exists()
    with corpus.open("a", encoding="utf-8") as file:
        file.write('{"id": "new", "text": "Новый."}\n')
    with caplog.at_level(logging.WARNING):
        run(corpus, tmp_path / "out")
    assert not registry.exists()
    assert "svodka link" in caplog.text


@pytest.mark.skipif(os.name != "posix", reason="POSIX names")
def test_a_folder_that_cannot_be_made_is_told(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="cannot be written to"):
        run(corpus, corpus / "out")
