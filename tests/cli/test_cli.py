"""The command, as a user calls it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from conftest import ROOT
from run_data import table_bytes
from svodka.cli import main
from svodka.schema import ALL_TABLES, TABLES
from svodka.tables import Tables


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five readable articles and three that are not."""
    folder = tmp_path_factory.mktemp("corpus")
    rows = [
        {"id": "one", "text": "«Мост готов», — сказал мэр Иван Орлов.", "published": "2021-09-07"},
        {"id": "two", "text": "Орлов сообщил, что 16 числа мост откроют.", "published": "2021-09-07"},
        {"id": "two", "text": "Повтор."},
        {"id": "three", "text": "Дождь.", "published": "вчера"},
        {"id": "four", "text": "1\x00 «\u2028» \u00ad😀"},
    ]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    (folder / "a.jsonl").write_text("\n".join([*lines[:2], "{broken", *lines[2:]]), encoding="utf-8")
    (folder / "b.txt").write_text("\ufeffЗаголовок\r\nТекст.\r\n", encoding="utf-8", newline="")
    (folder / "c.csv").write_text('id,text\nfive,"Снег, ветер."\n', encoding="utf-8")
    return folder


def test_run_check_and_view(corpus: Path, tmp_path: Path) -> None:
    done = call("run", corpus, "--out", tmp_path)
    assert done.exit_code == 1, done.output
    tables = Tables.read_parquet(tmp_path)
    assert tables.documents["doc_id"].tolist() == ["one", "two", "four", "b", "five"]
    sources = tables.errors["source"].str.extract(r"([^/]+)$")[0].tolist()
    assert sources == ["a.jsonl:3", "a.jsonl:4", "a.jsonl:5"]
    assert tables.documents.set_index("doc_id").loc["b", "text"] == "Заголовок\r\nТекст.\r\n"
    checked = call("check", tmp_path)
    assert checked.exit_code == 0, checked.output
    shown = call("view", tmp_path)
    assert "Иван Орлов" in shown.output
    assert "2021-09-16" in shown.output
    assert "a.jsonl:4: read: " in shown.output
    assert "Дождь" not in call("view", tmp_path, "--doc", "one").output
    assert call("view", tmp_path, "--doc", "nobody").exit_code == 1


@pytest.mark.parametrize("options", [["--batch-size", "1"], ["--batch-size", "64"], ["--workers", "2"]])
@pytest.mark.parametrize("can_fork", [False, True])
def test_tables_do_not_depend_on_how_the_work_is_cut(
    tmp_path: Path, options: list[str], can_fork: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if can_fork and sys.platform != "linux":
        pytest.skip("workers are forked on Linux only")
    monkeypatch.setattr("svodka.run.workers.can_fork", lambda: can_fork)
    for name, extra in (("plain", []), ("other", options)):
        assert call("run", ROOT / "data" / "samples", "--out", tmp_path / name, *extra).exit_code == 0
    assert len(table_bytes(tmp_path / "plain")) == len(TABLES)
    assert table_bytes(tmp_path / "plain") == table_bytes(tmp_path / "other")


def test_only_the_tables_asked_for(corpus: Path, tmp_path: Path) -> None:
    call("run", corpus / "b.txt", "--out", tmp_path, "--tables", "quotes")
    assert sorted({path.parent.name for path in tmp_path.glob("*/*.parquet")}) == ["documents", "errors", "quotes"]
    assert call("check", tmp_path).exit_code == 0
    refused = call("run", corpus / "b.txt", "--out", tmp_path, "--tables", "quote")
    assert refused.exit_code == 2
    assert "no table 'quote'; there are documents" in refused.output


def test_nothing_done_is_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    assert call("run", tmp_path / "empty.txt", "--out", tmp_path / "out").exit_code == 2
    assert call("run", tmp_path / "nowhere", "--out", tmp_path / "out").exit_code == 2


def test_check_says_what_is_broken(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Орлов сказал: «Мост готов».", encoding="utf-8")
    call("run", tmp_path / "b.txt", "--out", tmp_path / "whole")
    quotes = Tables.read_parquet(tmp_path / "whole").arrow("quotes")
    Tables({"quotes": quotes}).to_parquet(tmp_path / "broken", tables=["documents", "quotes"])
    broken = call("check", tmp_path / "broken")
    assert broken.exit_code == 1
    assert "reference" in broken.output


def test_schema_names_every_column() -> None:
    text, values = call("schema").output, json.loads(call("schema", "--json").output)
    for table in ALL_TABLES.values():
        for name in table.schema.names:
            assert name in text
    assert [table["name"] for table in values["tables"]] == list(ALL_TABLES)
    assert call("schema", "nothing").exit_code == 1


def test_a_wrong_config_is_a_message_and_no_traceback(corpus: Path, tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    config.write_text("[morphology]\nbackground = 1\n", encoding="utf-8")
    refused = call("run", corpus, "--out", tmp_path, "--config", config)
    assert refused.exit_code == 2
    assert "unknown key 'morphology.background'; known here: backend" in refused.output
    assert "Traceback" not in refused.output


def commands(group: object = main, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name, command in group.commands.items():
        found += commands(command, (*path, name)) if hasattr(command, "commands") else [(*path, name)]
    return found


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_command_has_help_and_stands_in_the_readme(path: tuple[str, ...]) -> None:
    shown = call(*path, "--help")
    assert shown.exit_code == 0
    assert len(shown.output.splitlines()) > 4
    assert f"svodka {' '.join(path)}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_works_without_setuptools_and_pkg_resources(tmp_path: Path) -> None:
    """Neither backend may need what setuptools 82 took away; a fresh process refuses to import it."""
    program = (
        "import sys\n"
        "for name in ('setuptools', 'pkg_resources', '_distutils_hack'):\n"
        "    sys.modules[name] = None\n"
        "import svodka\n"
        "for backend in ('pymorphy2', 'pymorphy3'):\n"
        "    nlp = svodka.load({'morphology': {'backend': backend}})\n"
        "    print(nlp('Орлов сообщил о мерах.')[1].lemma_)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False,
                          env=os.environ | {"PYTHONWARNINGS": "default"})  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["сообщить", "сообщить"]


def test_blas_is_pinned_before_numpy_is_imported() -> None:
    program = "import svodka, os, sys; print('numpy' in sys.modules, os.environ['OPENBLAS_NUM_THREADS'])"
    bare = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=bare)
    assert done.stdout.split() == ["False", "1"]


def test_other_columns_are_named_and_the_first_problems_told(tmp_path: Path) -> None:
    (tmp_path / "news.csv").write_text("nid,lead,text\n7,Мост открыт.,x\n8,,y\n", encoding="utf-8")
    inputs = [str(tmp_path / name) for name in ("news.csv", "no.txt")]
    done = CliRunner().invoke(main, ["run", *inputs, "--columns", "text=lead, id=nid", "--out", str(tmp_path / "out")])
    assert done.exit_code == 1
    assert Tables.read_parquet(tmp_path / "out").documents["doc_id"].tolist() == ["7"]
    assert "2 problem(s)" in done.output
    assert "news.csv:3: the text is empty" in done.output
    assert "no.txt: there is no such file or folder" in done.output
    refused = CliRunner().invoke(main, ["run", *inputs, "--columns", "lead", "--out", str(tmp_path / "out")])
    assert refused.exit_code == 2
    assert "write text=lead" in refused.output
