"""Every notebook runs from a clean kernel and shows what it promises; it is committed without outputs."""

import json
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# What JupyterLab 4 draws by itself; it knows no name of Vega-Lite 6.
CHART = "application/vnd.vegalite.v5+json"
LARGEST_OUTPUT = 300_000
HELD_OUT = ROOT.parent / "shared" / "corpora" / "newsru.jsonl.gz"
"""Texts that 05 draws one chart more of, where they are."""


@dataclass(frozen=True)
class Promise:
    """What a notebook shows: how many charts at least, and words in what it prints or shows as HTML."""

    n_charts: int
    words: tuple[str, ...]


PROMISES = {
    "01_quickstart": Promise(0, ("16 числа → 2021-09-16", "мэр Заречного", "Степан Курганов", "(True, [])")),
    "02_corpus_to_pandas": Promise(4, ("inside another one", "Каменогорский обозреватель", "людей", "elsewhere")),
    "03_quotations_and_speakers": Promise(
        6, ("подчеркнуть", "people and sources", "spoken of by", "that it was said by", "wrong ones to expect")
    ),
    "04_dates_and_timeline": Promise(7, ("2021-08-16", "XXXX-XX-16", "no last day", "no day: article without date")),
    "05_evaluate_and_adapt": Promise(2 + HELD_OUT.exists(), ("attributed", "somebody else", "51 quotations")),
    "06_sql_and_huggingface": Promise(1, ("Кирилл Ожогин", "Quotations of my outlet", "num_rows: 213", "True")),
}


def execute(path: Path, folder: Path) -> list[nbformat.NotebookNode]:
    """The code cells of a notebook, run from a clean kernel in a folder."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": folder}}).execute()
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def shown(output: nbformat.NotebookNode) -> str:
    """The text of an output, HTML included."""
    data = output.get("data", {})
    return "\n".join((output.get("text", ""), data.get("text/plain", ""), data.get("text/html", "")))


@pytest.mark.notebooks
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SVODKA_TABLES", "SVODKA_GOLD"):
        monkeypatch.delenv(name, raising=False)
    promise = PROMISES[path.stem]
    cells = execute(path, path.parent)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))

    outputs = [output for cell in cells for output in cell.outputs]
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    assert not [output for output in outputs if len(json.dumps(output)) > LARGEST_OUTPUT]
    said = "\n".join(map(shown, outputs))
    assert [word for word in promise.words if word not in said] == []
    # a chart that no front end draws leaves this, and a thing that does not show itself its address
    assert "<VegaLite" not in said
    assert " object at 0x" not in said

    charts = [output.data[CHART] for output in outputs if CHART in output.get("data", {})]
    assert len(charts) >= promise.n_charts
    for chart in charts:
        assert chart["datasets"]
        assert all(chart["datasets"].values()), "a chart without data"
        drawn = json.dumps(chart)
        assert '"tooltip"' in drawn
        assert "http" not in drawn.replace(chart["$schema"], ""), "a chart that asks the network"


@pytest.mark.notebooks
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_quickstart_runs_from_the_root_too() -> None:
    assert all(cell.execution_count for cell in execute(ROOT / "notebooks" / "01_quickstart.ipynb", ROOT))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_stripped(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    for cell in notebook.cells:
        assert cell.metadata == {}
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


def test_readme_names_every_notebook() -> None:
    readme = (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in NOTEBOOKS if f"({path.name})" not in readme] == []
    assert set(PROMISES) == {path.stem for path in NOTEBOOKS}
