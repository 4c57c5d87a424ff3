"""Corrections made in Label Studio, and what its export cannot have: each costs only itself."""

import json
from pathlib import Path
from typing import Any

import pytest

from corrections_data import TEXT, assert_corrected, bridge, imported, quotes_of, to_label_studio
from svodka.corrections.gold import ImportSummary, import_gold
from svodka.corrections.scheme import FIELDS

EXPORT = Path(__file__).parent / "label_studio_export.json"


class Task:
    """A task of an export in the hands of an annotator."""

    def __init__(self, file: Path) -> None:
        self.file = file
        (self.task,) = json.loads(file.read_bytes())
        self.results: list[dict[str, Any]] = self.task["annotations"][0]["result"]

    def id(self, label: str, words: str) -> str:
        return next(
            str(result["id"])
            for result in self.results
            if result["type"] == "labels" and (result["value"]["labels"], result["value"]["text"]) == ([label], words)
        )

    def delete(self, id_: str) -> None:
        self.results[:] = [
            one for one in self.results if id_ not in (one.get("id"), one.get("from_id"), one.get("to_id"))
        ]

    def region(self, id_: str, label: str, words: str) -> None:
        start = TEXT.index(words)
        value = {"start": start, "end": start + len(words), "text": words, "labels": [label]}
        self.add(id_, "label", "labels", value)

    def add(self, id_: str, name: str, type_: str, value: dict[str, Any]) -> None:
        self.results.append({"id": id_, "from_name": name, "to_name": "text", "type": type_, "value": value})

    def put(self, id_: str, name: str, value: str) -> None:
        self.results[:] = [one for one in self.results if (one.get("id"), one.get("from_name")) != (id_, name)]
        type_, key = ("choices", "choices") if name == "Form" else ("textarea", "text")
        self.add(id_, name, type_, {key: [value]})

    def relate(self, source: str, label: str, target: str) -> None:
        relation = {"type": "relation", "from_id": source, "to_id": target, "direction": "right", "labels": [label]}
        self.results.append(relation)

    def save(self) -> None:
        self.file.write_text(json.dumps([self.task], ensure_ascii=False), encoding="utf-8")


def test_an_annotator_corrects_in_label_studio(tmp_path: Path) -> None:
    task = Task(to_label_studio(bridge(), tmp_path))
    task.delete(task.id("DirectQuote", "Работы закончены"))
    first, second = task.id("DirectQuote", "Мост откроют 16 числа"), task.id("IndirectQuote", "дорога готова")
    moved = next(result for result in task.results if (result.get("id"), result["type"]) == (first, "labels"))
    moved["value"] |= {"end": 13, "text": "Мост откроют"}
    is_speaker = [one.get("from_id") == first and one.get("labels") == ["Speaker"] for one in task.results]
    del task.results[is_speaker.index(True)]
    task.relate(first, "Speaker", task.id("Organization", "Вега"))
    task.region("new2", "MixedQuote", "новая пьеса")
    task.region("new1", "MixedQuote", "Осенью")
    task.relate("new2", "Continues", "new1")
    for name, value in (("Form", "headline"), ("speaker", "Театр на Реке"), ("via", "ТАСС")):
        task.put("new2", name, value)  # described at its second part
    task.put(second, "speaker", "-")
    task.put(task.id("Date", "16 числа"), "edtf", "2021-10-16")
    task.region("date", "Date", "Осенью")
    task.put("date", "edtf", "2021-23")
    task.put(task.id("Person", "Иван Орлов"), "name", "Иван Петрович Орлов")
    task.region("place", "Place", "пьеса")
    task.save()
    done, (gold,) = imported(tmp_path / "export.json", tmp_path / "gold")
    assert done == ImportSummary(1, 3, 3, 6, ())
    assert_corrected(gold)


def test_what_label_studio_itself_exported(tmp_path: Path) -> None:
    """The same corrections, made in the browser in Label Studio 1.23.2; the new relations have no labels there."""
    done, (gold,) = imported(EXPORT, tmp_path / "gold")
    assert done == ImportSummary(1, 3, 3, 6, ())
    assert_corrected(gold)
    (task,) = json.loads(EXPORT.read_bytes())
    relations = [result for result in task["annotations"][0]["result"] if result["type"] == "relation"]
    assert sum("labels" not in relation for relation in relations) == 2


@pytest.mark.parametrize(("starred", "quotes"), [(False, 3), (True, 0)])
def test_the_annotation_that_counts(tmp_path: Path, starred: bool, quotes: int) -> None:
    task = Task(to_label_studio(bridge(), tmp_path))
    (annotation,) = task.task["annotations"]
    task.task["annotations"] = [
        {**annotation, "updated_at": "2024-03-15T10:00:00Z", "was_cancelled": True, "result": []},
        {**annotation, "updated_at": "2024-03-14T10:00:00Z"},
        {**annotation, "updated_at": "2024-03-13T10:00:00Z", "ground_truth": starred, "result": []},
    ]
    draft = {"id": 7, "data": {"text": "Дождь."}, "annotations": [], "drafts": [annotation]}
    task.file.write_text(json.dumps([task.task, draft]), encoding="utf-8")
    done = import_gold(tmp_path / "export.json", tmp_path / "gold")
    assert (done.n_documents, done.n_quotes) == (1, quotes)
    told = "2 annotations; the one starred as ground truth is taken, else the one submitted last, with"
    assert done.warnings == (
        f"{task.file}: task 1: {told} {0 if starred else len(annotation['result'])} results",
        f"{task.file}: 1 of 2 tasks have no submitted annotation; they are left out",
    )


def test_a_relation_without_a_label_is_what_its_ends_say(tmp_path: Path) -> None:
    task = Task(to_label_studio(bridge(), tmp_path))
    for result in task.results:
        if result["type"] == "relation":  # the label is gone, and it goes the other way
            del result["labels"]
            result["from_id"], result["to_id"] = result["to_id"], result["from_id"]
    task.region("inner", "DirectQuote", "откроют")
    task.results.append(
        {"type": "relation", "from_id": "inner", "to_id": task.id("DirectQuote", "Мост откроют 16 числа")}
    )
    task.results.append({"type": "relation", "from_id": "inner", "to_id": task.id("Date", "16 числа")})
    task.save()
    done, (gold,) = imported(tmp_path / "export.json", tmp_path / "gold")
    assert len(done.warnings) == 2
    assert all("has no label, and its ends do not say which" in warning for warning in done.warnings)
    quotes = quotes_of(gold)
    assert quotes.keys() == {"Мост откроют 16 числа", "откроют", "дорога готова", "Работы закончены"}
    assert quotes["Мост откроют 16 числа"]["speaker"] == "Иван Орлов"
    assert quotes["Мост откроют 16 числа"]["cue_span"] == (TEXT.index("сообщил"), TEXT.index("сообщил") + 7)
    assert [entity["role"] for entity in gold.entities if entity["role"]] == ["мэр Заречного", "министр"]


def test_what_label_studio_cannot_have_written_costs_only_itself(tmp_path: Path) -> None:
    task = Task(to_label_studio(bridge(), tmp_path))
    results: list[Any] = task.results
    first = task.id("DirectQuote", "Мост откроют 16 числа")
    task.add("x1", "label", "labels", {"start": 1, "end": 5, "text": "Мост"})
    task.add("x2", "label", "labels", {"start": 1, "end": 5, "text": "Мост", "labels": ["Place", "Person"]})
    task.add("x3", "label", "labels", {"start": 1, "end": 5, "text": "Город", "labels": ["Place"]})
    task.add("nothing", "speaker", "textarea", {"text": ["Орлов"]})
    task.put(first, "mood", "добрый")
    task.relate(first, "Continues", "nowhere")
    task.relate(first, "HasCue", "nowhere")
    results += ["words", {"type": "labels"}, {"type": "relation", "from_id": first, "to_id": "x1"}]
    task.save()
    done, (gold,) = imported(tmp_path / "export.json", tmp_path / "gold")
    messages = [warning.removeprefix(f"{task.file}: task 1") for warning in done.warnings]
    assert sorted(messages) == sorted(
        [
            ": a result that is not read here: words",
            ": a result that is not read here: {'type': 'labels'}",
            ", region x1: a region without label or offsets; it is left out",
            ", region x2: labels Place, Person: there can be one; the first is kept",
            ", region x3: the text there is 'Мост', not 'Город'; the offsets count",
            ", region nothing: speaker belongs to a region that is not there or has no label",
            f", region {first}: no text 'mood'; there are {', '.join(FIELDS)}",
            f", region {first}: a relation to x1 has no label, and its ends do not say which; it is left out",
            f", region {first}: Continues names nowhere, which is not there",
            f", region {first}: HasCue names nowhere, which is not there or could not be used",
        ]
    )
    assert quotes_of(gold)["Мост откроют 16 числа"]["speaker"] == "Иван Орлов"


def test_offsets_of_old_versions_of_label_studio_are_understood(tmp_path: Path) -> None:
    text = "😀😀 «Мост готов», — сказал Иван Орлов."
    start = text.index("Мост") + 2  # UTF-16, as before version 1.4
    value = {"start": start, "end": start + len("Мост готов"), "text": "Мост готов", "labels": ["DirectQuote"]}
    result = {"id": "a", "from_name": "label", "to_name": "text", "type": "labels", "value": value}
    task = {"id": 1, "data": {"text": text, "published": "завтра"}, "annotations": [{"result": [result]}]}
    (tmp_path / "export.json").write_text(json.dumps([task]), encoding="utf-8")
    done, (gold,) = imported(tmp_path / "export.json", tmp_path / "gold")
    assert quotes_of(gold).keys() == {"Мост готов"}
    assert (gold.article.doc_id, gold.article.published) == ("1", None)
    assert len(done.warnings) == 1
    assert "published must be an ISO date" in done.warnings[0]


def test_a_quotation_over_line_breaks_is_parted_there(tmp_path: Path) -> None:
    file = to_label_studio(bridge(), tmp_path)
    tasks = json.loads(file.read_bytes())
    start, end = TEXT.index("за год"), TEXT.index("дорога")
    region = {"id": "n", "from_name": "label", "to_name": "text", "type": "labels"}
    value = {"start": start, "end": end, "text": TEXT[start:end].replace("\n", "\\n"), "labels": ["IndirectQuote"]}
    tasks[0]["annotations"][0]["result"].append({**region, "value": value})
    file.write_text(json.dumps(tasks), encoding="utf-8")
    done, (gold,) = imported(file, tmp_path / "gold")
    assert done.warnings == ()
    assert "за год.|По словам министра Анны Петровой," in quotes_of(gold)
