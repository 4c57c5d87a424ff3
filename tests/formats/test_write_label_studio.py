"""Tasks for Label Studio: held against its own checks, and read by offsets as its editor does."""

import json
import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from export_data import SENTENCES, hostile_tables, odd_texts, sample_tables, tables_of
from svodka.corrections.scheme import CHOICES, FIELDS, LABELS, RELATIONS
from svodka.tables import Tables
from svodka.writers import label_studio
from svodka.writers.label_config import LOOKS


def interface(folder: Path) -> Any:  # noqa: ANN401
    """What label-studio-sdk makes of the labeling interface."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the library imports warns of its own changes
        read: Any = import_module("label_studio_sdk.label_interface").LabelInterface
    made = read((folder / "label_config.xml").read_text(encoding="utf-8"))
    made.validate()
    return made


def exported(tables: Tables, folder: Path) -> list[dict[str, Any]]:
    """The tasks that are written, each held against the interface."""
    tables.to_label_studio(folder)
    made = interface(folder)
    tasks: list[dict[str, Any]] = json.loads((folder / "tasks.json").read_bytes())
    for task in tasks:
        (prediction,) = task["predictions"]
        assert made.validate_task({"data": task["data"]})
        assert made.validate_prediction(prediction, return_errors=True) == []
        assert "\x00" not in json.dumps(task, ensure_ascii=False)
        regions = [result["id"] for result in prediction["result"] if result["type"] == "labels"]
        assert len(regions) == len(set(regions))
    return tasks


def regions(task: dict[str, Any]) -> list[tuple[str, str]]:
    """Label and words of the regions of a task's prediction, by their offsets."""
    text = task["data"]["text"]
    found = []
    for result in task["predictions"][0]["result"]:
        if result["type"] == "labels":
            value = result["value"]
            assert value["text"] == text[value["start"] : value["end"]]
            found.append((value["labels"][0], value["text"]))
    return found


def test_a_task_as_it_stands_in_label_studio(tmp_path: Path) -> None:
    (task,) = exported(tables_of("\n".join(SENTENCES), title="Мост", url="https://example.org"), tmp_path)
    assert task["data"]["title"] == "Мост"
    assert task["data"]["published"] == "2021-09-07T00:00:00+00:00"
    assert ("DirectQuote", "Приезжайте") in regions(task)
    assert ("MixedQuote", "провалом 😀") in regions(task)
    results = task["predictions"][0]["result"]
    words = {result["id"]: result["value"]["text"] for result in results if result["type"] == "labels"}
    tied = {(words[one["from_id"]], one["labels"][0], words[one["to_id"]]) for one in results if "from_id" in one}
    assert {
        ("Приезжайте", "Continues", "Мост откроют 16 числа"),
        ("Мост откроют 16 числа", "Speaker", "Иван Орлов"),
        ("Мост откроют 16 числа", "HasCue", "сообщил"),
    } <= tied
    values = {(words[one["id"]], one["from_name"]): one["value"] for one in results if "from_id" not in one}
    assert values["Орлова", "name"]["text"] == ["Иван Орлов"]
    assert values["16 числа", "edtf"]["text"] == ["2021-09-16"]
    assert values["Когда?", "Form"]["choices"] == ["block"]
    assert 0 < task["predictions"][0]["score"] <= 1


def test_all_samples_pass_the_checks_of_label_studio(tmp_path: Path) -> None:
    tables = sample_tables()
    tasks = exported(tables, tmp_path)
    assert [task["data"]["doc_id"] for task in tasks] == tables.arrow("documents")["doc_id"].to_pylist()
    segments = sum(map(len, tables.arrow("quotes")["segments"].to_pylist()))
    found = [label for task in tasks for label, _ in regions(task)]
    assert sum(label.endswith("Quote") for label in found) == segments
    assert sum(label in ("Person", "Organization", "Place") for label in found) == tables.arrow("mentions").num_rows


def test_the_interface_shows_what_can_be_corrected(tmp_path: Path) -> None:
    tables_of("Дождь.").to_label_studio(tmp_path)
    made = interface(tmp_path)
    assert list(made.get_control("label").labels) == list(LABELS)
    assert {control.name for control in made.controls} == {"label", *CHOICES, *FIELDS} - {"value", "mod"}
    for control in made.controls:
        if control.name in CHOICES:
            assert tuple(control.labels) == CHOICES[control.name].values
    assert (tmp_path / "label_config.xml").read_text(encoding="utf-8").count("<Relation ") == len(RELATIONS) + 1


@pytest.mark.parametrize("label", LABELS)
def test_the_name_of_a_label_can_be_read_in_its_colour(label: str) -> None:
    """As WCAG 2.2 asks of text on white: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    shares = [int(LOOKS[label].colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 4.5


def test_what_the_interface_shows_of_an_article_is_there(tmp_path: Path) -> None:
    (dated,) = exported(tables_of("Дождь."), tmp_path / "dated")
    assert (dated["data"]["title"], dated["data"]["published_day"]) == ("", "2021-09-07")
    (undated,) = exported(tables_of("Дождь.", published=""), tmp_path / "undated")
    assert (undated["data"]["title"], undated["data"]["published_day"]) == ("", "")


def test_nul_is_kept_apart(tmp_path: Path) -> None:
    tasks = exported(hostile_tables(), tmp_path)
    documents = hostile_tables().arrow("documents").to_pylist()
    assert any("nul" in task["data"] for task in tasks)
    for task, document in zip(tasks, documents, strict=True):
        characters = list(task["data"]["text"])
        for place in task["data"].get("nul", {}).get("text", []):
            assert characters[place] == "\ufffd"
            characters[place] = "\x00"
        assert "".join(characters) == document["text"]


@settings(max_examples=25)
@given(odd_texts())
def test_odd_texts_pass_the_checks_of_label_studio(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    (task,) = exported(tables_of(text), tmp_path_factory.mktemp("ls"))
    assert all(words for _, words in regions(task))
    assert len(task["data"]["text"]) == len(text)


@pytest.mark.parametrize(("limit", "value"), [("MAX_TASKS", 2), ("MAX_BYTES", 1)])
def test_more_than_one_import_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int) -> None:
    monkeypatch.setattr(label_studio, limit, value)
    tables_of("а", "б", "в", "г", "д").to_label_studio(tmp_path)
    files = sorted(tmp_path.glob("tasks*.json"), key=lambda file: (len(file.name), file.name))
    batches = [[task["data"]["text"] for task in json.loads(file.read_bytes())] for file in files]
    assert batches == ([["а", "б"], ["в", "г"], ["д"]] if limit == "MAX_TASKS" else [["а"], ["б"], ["в"], ["г"], ["д"]])
    assert files[0].name == "tasks.json"
    assert files[-1].name == f"tasks-{len(batches)}.json"


def test_no_documents_are_no_tasks(tmp_path: Path) -> None:
    Tables({}).to_label_studio(tmp_path)
    assert json.loads((tmp_path / "tasks.json").read_bytes()) == []
