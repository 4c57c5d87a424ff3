"""The commands and programs of the README and of the cookbook run, in order, as a reader would run them."""

import importlib.util
import re
import shlex
import shutil
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from conftest import ROOT
from svodka.cli import main

README = (ROOT / "README.md").read_text(encoding="utf-8")
COOKBOOK = (ROOT / "notebooks" / "COOKBOOK.md").read_text(encoding="utf-8")
# A site ends when it is told to; tests in a browser start it. The gate is run beside the tests.
NOT_RUN = (["explore"], ["evaluate", "gate"])


def blocks(page: str, language: str) -> list[str]:
    return [block for name, block in all_blocks(page) if name == language]


def all_blocks(page: str) -> list[tuple[str, str]]:
    return re.findall(r"^```(\w+)\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


def commands_of(block: str) -> list[str]:
    return [line for line in block.splitlines() if line.startswith("svodka ")]


def run(command: str) -> None:
    words = shlex.split(command, comments=True)[1:]
    if any(words[: len(name)] == name for name in NOT_RUN):
        return
    if any(word.startswith("../shared") and not Path(word).exists() for word in words):
        return
    if "spark" in words and not can_run_spark():
        return
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, f"{command}\n{done.output}"


def can_run_spark() -> bool:
    return shutil.which("java") is not None and importlib.util.find_spec("pyspark") is not None


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that has the checkout's data, gold and shared data in place, and nothing else."""
    root = tmp_path / "checkout"
    root.mkdir()
    for name in ("data", "tests", "README.md"):
        (root / name).symlink_to(ROOT / name)
    if (ROOT.parent / "shared").exists():
        (tmp_path / "shared").symlink_to(ROOT.parent / "shared")
    monkeypatch.chdir(root)
    with duckdb.connect(root / "news.duckdb") as news:  # what a reader has
        news.execute("create table news (id integer, body text, day date)")
        news.execute("insert into news values (1, 'Мэр Иван Орлов сообщил, что мост открыт.', '2021-09-07')")
    return root


def test_programs(folder: Path) -> None:
    found = blocks(README, "python")
    assert found
    scope: dict[str, object] = {}
    for program in found:
        if "spark" in program and not can_run_spark():
            continue
        exec(compile(program, "README.md", "exec"), scope)
    assert len(scope["tables"].quotes)


def test_commands(folder: Path) -> None:
    commands = [command for block in blocks(README, "sh") for command in commands_of(block)]
    assert len(commands) > 5
    for command in commands:
        run(command)


def test_recipes(folder: Path) -> None:
    scope: dict[str, object] = {}
    for language, block in all_blocks(COOKBOOK):
        if language == "python":
            exec(compile(block, "COOKBOOK.md", "exec"), scope)
        for command in commands_of(block) if language == "sh" else ():
            run(command)
    for name in ("sure", "outermost", "about", "women", "counts", "mine", "said", "cited"):
        assert len(scope[name]), name


def test_make_targets_named_in_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"`make (\w+)`", README))
    assert {"demo", "test"} <= targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
