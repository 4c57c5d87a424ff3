"""Corrections made in brat and Label Studio come back as gold that svodka is measured by."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings

from export_data import hostile_tables, odd_texts, sample_tables, tables_of
from svodka.cli import main
from svodka.corrections.gold import ImportSummary, import_gold
from svodka.corrections.scheme import FIELDS
from svodka.errors import InputError
from svodka.evaluate.dates import evaluate_dates
from svodka.evaluate.markup import GoldArticle, read_gold
from svodka.evaluate.names import evaluate_names
from svodka.evaluate.quotes import content_words, evaluate_quotes
from svodka.tables import Tables

TEXT = (
    "«Мост откроют 16 числа», — сообщил мэр Заречного Иван Орлов. Компания «Вега» построила его за год.\n"
    "По словам министра Анны Петровой, дорога готова. «Осенью» называется новая пьеса.\n"
    "«Работы закончены», — добавил Орлов."
)


def to_brat(tables: Tables, folder: Path) -> Path:
    tables.to_brat(folder)
    return folder


def to_label_studio(tables: Tables, folder: Path) -> Path:
    """What Label Studio exports where annotators submit what they are shown."""
    tables.to_label_studio(folder / "tasks")
    tasks = json.loads((folder / "tasks" / "tasks.json").read_bytes())
    for number, task in enumerate(tasks, 1):
        (prediction,) = task.pop("predictions")
        task |= {"id": number, "annotations": [{"result": prediction["result"], "was_cancelled": False}]}
    file = folder / "export.json"
    file.write_text(json.dumps(tasks, ensure_ascii=False), encoding="utf-8")
    return file


Export = Callable[[Tables, Path], Path]
both = pytest.mark.parametrize("export", [to_brat, to_label_studio], ids=["brat", "label studio"])


def imported(source: Path, folder: Path) -> tuple[ImportSummary, list[GoldArticle]]:
    done = import_gold(source, folder)
    return done, [read_gold(file) for file in sorted(folder.glob("*.gold"))]


def wordless(tables: Tables) -> bool:
    """Whether a quotation has no word, so that the evaluation pairs it with none."""
    texts = dict(zip(*(tables.arrow("documents")[name].to_pylist() for name in ("doc_id", "text")), strict=True))
    return any(
        not content_words(texts[row["doc_id"]], [(one["start"], one["end"]) for one in row["segments"]])
        for row in tables.arrow("quotes").to_pylist()
    )


def assert_perfect(tables: Tables, gold: Path, folder: Path) -> None:
    """Every figure of the tables is 1 on the gold that was made of them; one that nothing counts for is not asked."""
    tables.to_parquet(folder)
    layers = [evaluate_dates, evaluate_names] if wordless(tables) else [evaluate_dates, evaluate_names, evaluate_quotes]
    for layer in layers:
        report = layer(gold, folder)
        counted = {score.name: score.value for score in report.scores if score.n_items}
        assert set(counted.values()) - {1.0} == set(), (report.layer, counted)
        assert report.disagreements == ()


@both
def test_what_nobody_corrected_is_perfect(tmp_path: Path, export: Export) -> None:
    tables = sample_tables()
    done = import_gold(export(tables, tmp_path / "out"), tmp_path / "gold")
    assert done.warnings == ()
    assert (done.n_documents, done.n_quotes) == (22, tables.arrow("quotes").num_rows)
    assert done.n_dates == tables.arrow("dates").num_rows
    assert_perfect(tables, tmp_path / "gold", tmp_path / "tables")


@both
def test_hostile_documents_come_back(tmp_path: Path, export: Export) -> None:
    tables = hostile_tables()
    done, golds = imported(export(tables, tmp_path / "out"), tmp_path / "gold")
    assert done.warnings == ()
    expected = {row["doc_id"]: row for row in tables.arrow("documents").to_pylist()}
    assert {gold.article.doc_id for gold in golds} == expected.keys()
    for gold in golds:
        row = expected[gold.article.doc_id]
        assert gold.article.text == row["text"]
        assert (gold.article.title, gold.article.url, gold.article.published) == (
            row["title"], row["url"], row["published"],
        )  # fmt: skip
    assert_perfect(tables, tmp_path / "gold", tmp_path / "tables")


@settings(max_examples=25)
@given(odd_texts())
def test_odd_texts_come_back_from_both_alike(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    tables = tables_of(text)
    folder = tmp_path_factory.mktemp("gold")
    contents = []
    for name, export in (("brat", to_brat), ("ls", to_label_studio)):
        done, (gold,) = imported(export(tables, folder / name), folder / f"{name} gold")
        assert done.warnings == ()
        assert gold.article.text == text
        contents.append(gold)
        assert_perfect(tables, folder / f"{name} gold", folder / f"{name} tables")
    assert contents[0] == contents[1]


# ---- corrected in brat


class Ann:
    """An annotation file in the hands of an annotator."""

    def __init__(self, folder: Path) -> None:
        (self.file,) = folder.glob("*.ann")
        self.text = self.file.with_suffix(".txt").read_bytes().decode()
        self.lines = self.file.read_bytes().decode().split("\n")[:-1]

    def id(self, label: str, words: str) -> str:
        pattern = re.compile(rf"(T\d+)\t{label} [\d; ]+\t{re.escape(words)}")
        return next(found[1] for line in self.lines if (found := pattern.fullmatch(line)))

    def delete(self, id_: str) -> None:
        """A span with all that hangs on it."""
        self.lines = [line for line in self.lines if not re.search(rf"(?:^|[ :]){id_}(?:[ \t]|$)", line)]

    def add(self, *lines: str) -> None:
        self.lines += lines

    def add_span(self, id_: str, label: str, *parts: str) -> None:
        places = [(self.text.index(part), self.text.index(part) + len(part)) for part in parts]
        where = ";".join(f"{start} {end}" for start, end in places)
        self.add(f"{id_}\t{label} {where}\t{' '.join(parts)}")

    def move(self, id_: str, *parts: str) -> None:
        line = next(line for line in self.lines if line.startswith(f"{id_}\t"))
        self.lines.remove(line)
        self.add_span(id_, line.split("\t")[1].split(" ")[0], *parts)

    def save(self) -> None:
        self.file.write_text("\n".join(self.lines) + "\n", encoding="utf-8", newline="\n")


@pytest.fixture(scope="module")
def bridge() -> Tables:
    return tables_of(TEXT)


def quotes_of(gold: GoldArticle) -> dict[str, dict[str, Any]]:
    """The quotations of a gold article by the words of their parts."""
    text = gold.article.text
    return {"|".join(text[start:end] for start, end in quote["spans"]): dict(quote) for quote in gold.quotes}


def assert_corrected(gold: GoldArticle) -> None:
    """What the annotators of the tests below have made of the annotation."""
    quotes = quotes_of(gold)
    assert quotes.keys() == {"Мост откроют", "Осенью|новая пьеса", "дорога готова"}
    moved = quotes["Мост откроют"]
    assert (moved["speaker"], moved["speaker_kind"], moved["type"]) == ("Вега", "organization", "direct")
    assert moved["mention_span"] == (TEXT.index("Вега"), TEXT.index("Вега") + 4)
    added = quotes["Осенью|новая пьеса"]
    assert (added["speaker"], added["speaker_kind"], added["via"]) == ("Театр на Реке", "person", "ТАСС")
    assert (added["type"], added["form"], added["mention_span"]) == ("mixed", "headline", None)
    assert (quotes["дорога готова"]["speaker"], quotes["дорога готова"]["speaker_kind"]) == (None, "unknown")
    assert [(date["text"], date["type"], date["edtf"], date["start_date"]) for date in gold.dates] == [
        ("16 числа", "DATE", "2021-10-16", "2021-10-16"),
        ("год", "DURATION", None, None),
        ("Осенью", "DATE", "2021-23", "2021-09-01"),
    ]
    names = [(entity["label"], entity["text"], entity["name"]) for entity in gold.entities]
    assert names == [
        ("LOC", "Заречного", "Заречный"),
        ("PER", "Иван Орлов", "Иван Петрович Орлов"),
        ("ORG", "Вега", "Вега"),
        ("PER", "Анны Петровой", "Анна Петрова"),
        ("LOC", "пьеса", "пьеса"),
        ("PER", "Орлов", "Иван Орлов"),
    ]


def test_an_annotator_corrects_in_brat(tmp_path: Path, bridge: Tables) -> None:
    ann = Ann(to_brat(bridge, tmp_path / "brat"))
    ann.delete(ann.id("DirectQuote", "Работы закончены"))
    first, second = ann.id("DirectQuote", "Мост откроют 16 числа"), ann.id("IndirectQuote", "дорога готова")
    ann.move(first, "Мост откроют")
    vega, orlov = ann.id("Organization", "Вега"), ann.id("Person", "Иван Орлов")
    ann.lines = [
        line.replace(f"Speaker Arg1:{first} Arg2:{orlov}", f"Speaker Arg1:{first} Arg2:{vega}") for line in ann.lines
    ]
    ann.add_span("T90", "MixedQuote", "Осенью", "новая пьеса")
    ann.add("A90\tForm T90 headline", "#90\tAnnotatorNotes T90\tSpeaker: Театр на Реке; via = ТАСС")
    ann.add(f"#91\tAnnotatorNotes {second}\tspeaker=-")
    ann.lines = [line.replace("edtf=2021-09-16", "edtf=2021-10-16") for line in ann.lines]

    ann.add_span("T92", "Date", "Осенью")
    ann.add("#92\tAnnotatorNotes T92\tedtf=2021-23", f"#93\tAnnotatorNotes {orlov}\tname=Иван Петрович Орлов")
    ann.add_span("T93", "Place", "пьеса")
    ann.save()
    done, (gold,) = imported(tmp_path / "brat", tmp_path / "gold")
    assert done == ImportSummary(1, 3, 3, 6, ())
    assert_corrected(gold)


def test_what_brat_cannot_have_written_costs_only_itself(tmp_path: Path, bridge: Tables) -> None:
    ann = Ann(to_brat(bridge, tmp_path / "brat"))
    ann.lines = [line.replace("edtf=2021-09-16", "edtf=вчера") for line in ann.lines]
    before = len(ann.lines)
    ann.add(
        "T90\tPerson 5 5\t",
        "T91\tPerson 5 9999\tx",
        "T92\tCity 5 9\tоткр",
        "T1\tPerson 5 9\tоткр",
        "T93\tPlace 1 5\tГород",  # the text there is another
        "T94\tDirectQuote 98 99\t",  # a line break
        "R90\tSpeaker Arg1:T1 Arg2:T777",
        "R91\tSpeaker Arg1:T6 Arg2:T7",
        "R92\tKnows Arg1:T1 Arg2:T6",
        "R93\tSpeaker Arg1:T1 Arg2:T7",
        "A90\tForm T1 poem",
        "A91\tForm T6 dash",
        "A92\tForm T778 dash",
        "#90\tAnnotatorNotes T2\tstart=2024-02-30",
        "#91\tAnnotatorNotes T6\tпроверить",
        "#92\tAnnotatorNotes T6\tedtf=2024",
        "T95\tDate 14 15\t1",
        "E1\tEvent:T1",
        "совсем не то",
        "",
    )
    ann.save()
    done, (gold,) = imported(tmp_path / "brat", tmp_path / "gold")
    told = [re.fullmatch(rf"{re.escape(str(ann.file))}:(\d+): (.*)", warning) for warning in done.warnings]
    messages = {(int(found[1]) - before, found[2]) for found in told if found}
    assert len(messages) == len(done.warnings)
    expected = [
        (1, "Person has a span that is empty or outside the text"),
        (2, "the text there is"),
        (2, "Person has a span that is empty or outside the text, of"),
        (3, "no label 'City'; there are DirectQuote"),
        (4, "a second T1; the first is kept"),
        (5, "the text there is 'Мост', not 'Город'; the offsets count"),
        (6, "DirectQuote holds nothing but white space"),
        (7, "Speaker names T777, which is not there or could not be used"),
        (8, "Speaker cannot go from Person to Organization"),
        (9, "no relation 'Knows'; there are Speaker"),
        (10, "DirectQuote has a second Speaker; the first is kept"),
        (13, "it belongs to T778, which is not there"),
        (15, "a note has no key before 'проверить'"),
        (18, "not a line of brat's that is read here: 'E1"),
        (19, "not a line of brat's that is read here: 'совсем не то'"),
    ]
    for number, beginning in expected:
        assert any(line == number and message.startswith(beginning) for line, message in messages), beginning
    of_regions = "\n".join(message for line, message in messages if line <= 0)
    assert "DirectQuote cannot have Form 'poem'; it is one of inline" in of_regions
    assert "Person cannot have Form 'dash'" in of_regions
    assert "Person has no 'edtf'" in of_regions
    assert "the date is kept without a value" in of_regions
    assert "start=2024-02-30 is no day such as 2024-03-14" in of_regions
    assert any("overlaps the date before it" in message for _, message in messages)
    assert quotes_of(gold)["Мост откроют 16 числа"]["speaker"] == "Иван Орлов"
    assert (gold.dates[0]["text"], gold.dates[0]["edtf"], gold.dates[0]["start_date"]) == ("16 числа", None, None)


def test_names_that_notes_and_names_that_others_give(tmp_path: Path, bridge: Tables) -> None:
    ann = Ann(to_brat(bridge, tmp_path / "brat"))
    ann.lines = [line for line in ann.lines if not line.startswith(("N", "R"))]
    source = ann.text.index("министра")
    ann.add("#90\tAnnotatorNotes T6\tname=Пётр; Орлов=младший", f"T90\tSource {source} {source + 8}\tминистра")
    ann.add("R90\tSpeaker Arg1:T90 Arg2:T13", "R91\tSpeaker Arg1:T1 Arg2:T8", "R92\tSpeaker Arg1:T14 Arg2:T6")
    ann.save()
    done, (gold,) = imported(tmp_path / "brat", tmp_path / "gold")
    assert done.warnings == ()
    quotes = quotes_of(gold)
    assert quotes["дорога готова"]["speaker"] == "министра"  # an arrow drawn the other way round, a source as it stands
    assert quotes["Мост откроют 16 числа"]["speaker"] is None  # a pronoun that nothing is known of
    assert quotes["Работы закончены"]["speaker"] == "Пётр; Орлов=младший"


def test_a_quotation_over_line_breaks_is_parted_there(tmp_path: Path, bridge: Tables) -> None:
    file = to_label_studio(bridge, tmp_path)
    tasks = json.loads(file.read_bytes())
    start, end = TEXT.index("за год"), TEXT.index("дорога")
    region = {"id": "n", "from_name": "label", "to_name": "text", "type": "labels"}
    value = {"start": start, "end": end, "text": TEXT[start:end].replace("\n", "\\n"), "labels": ["IndirectQuote"]}
    tasks[0]["annotations"][0]["result"].append({**region, "value": value})
    file.write_text(json.dumps(tasks), encoding="utf-8")
    done, (gold,) = imported(file, tmp_path / "gold")
    assert done.warnings == ()
    assert "за год.|По словам министра Анны Петровой," in quotes_of(gold)


# ---- corrected in Label Studio


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


def test_an_annotator_corrects_in_label_studio(tmp_path: Path, bridge: Tables) -> None:
    task = Task(to_label_studio(bridge, tmp_path))
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


def test_the_annotation_that_counts(tmp_path: Path, bridge: Tables) -> None:
    task = Task(to_label_studio(bridge, tmp_path))
    (annotation,) = task.task["annotations"]
    task.task["annotations"] = [
        {**annotation, "updated_at": "2024-03-15T10:00:00Z", "was_cancelled": True, "result": []},
        {**annotation, "updated_at": "2024-03-14T10:00:00Z"},
        {**annotation, "updated_at": "2024-03-13T10:00:00Z", "result": []},
    ]
    other = {"id": 7, "data": {"text": "Дождь."}, "annotations": []}
    task.file.write_text(json.dumps([task.task, other]), encoding="utf-8")
    done = import_gold(tmp_path / "export.json", tmp_path / "gold")
    assert (done.n_documents, done.n_quotes) == (1, 3)
    assert done.warnings == (
        f"{task.file}: 1 of 2 tasks have no submitted annotation; they are left out",
    )  # fmt: skip


def test_what_label_studio_cannot_have_written_costs_only_itself(tmp_path: Path, bridge: Tables) -> None:
    task = Task(to_label_studio(bridge, tmp_path))
    results: list[Any] = task.results
    first = task.id("DirectQuote", "Мост откроют 16 числа")
    task.add("x1", "label", "labels", {"start": 1, "end": 5, "text": "Мост"})
    task.add("x2", "label", "labels", {"start": 1, "end": 5, "text": "Мост", "labels": ["Place", "Person"]})
    task.add("x3", "label", "labels", {"start": 1, "end": 5, "text": "Город", "labels": ["Place"]})
    task.add("nothing", "speaker", "textarea", {"text": ["Орлов"]})
    task.put(first, "mood", "добрый")
    task.relate(first, "Continues", "nowhere")
    task.relate(first, "HasCue", "nowhere")
    results += ["words", {"type": "labels"}, {"type": "relation", "from_id": first, "to_id": "x2"}]
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
            f", region {first}: a relation to x2 has no label; it is left out",
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


# ---- sources


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", "{", "not a JSON file"),
        ("a.json", "{}", "not what Label Studio exports as JSON"),
        ("a.json", '[{"text": "Дождь.", "label": []}]', "take «JSON», not «JSON-MIN»"),
        ("a.json", "[]", "nothing to make gold of"),
        ("a.json", '[{"data": {"title": ""}, "annotations": [{"result": []}]}]', r"its data has no text"),
        ("a.txt", "Дождь.", "neither .ann files of brat nor .json files of Label Studio"),
        ("a.ann", "T1\tPerson 0 1\tД", "has no text beside it"),
        ("documents.jsonl", "Дождь.", "neither .ann files"),
    ],
)
def test_sources_that_are_none(tmp_path: Path, name: str, content: str, message: str) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / name).write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        import_gold(source, tmp_path / "gold")
    assert not (tmp_path / "gold").exists()


def test_brat_folder_of_others(tmp_path: Path) -> None:
    """Without ``documents.jsonl``, in a folder of its own, with a text of another encoding beside it."""
    folder = tmp_path / "brat" / "one"
    folder.mkdir(parents=True)
    (folder / "rain.txt").write_bytes("Пришёл Орлов.\r\n".encode())
    (folder / "rain.ann").write_bytes("T1\tPerson 7 12\tОрлов\r\n".encode())
    (folder / "snow.txt").write_bytes("Снег".encode("cp1251"))
    (folder / "snow.ann").touch()
    done, (gold,) = imported(tmp_path / "brat", tmp_path / "gold")
    assert (gold.article.doc_id, gold.article.text) == ("rain", "Пришёл Орлов.\r\n")
    assert gold.entities == [
        {"start": 7, "end": 12, "text": "Орлов", "label": "PER", "name": "Орлов", "role": None}
    ]  # fmt: skip
    assert [warning.removeprefix(f"{folder}/") for warning in done.warnings] == [
        "rain.ann: documents.jsonl does not tell what this is; its id is the name of the file",
        "snow.ann: text or annotation is not UTF-8 at byte 0; the document is left out",
    ]


def test_changed_text_and_broken_index_are_told(tmp_path: Path, bridge: Tables) -> None:
    ann = Ann(to_brat(bridge, tmp_path / "brat"))
    ann.file.with_suffix(".txt").write_text(ann.text + " ", encoding="utf-8", newline="")
    done = import_gold(tmp_path / "brat", tmp_path / "gold")
    assert "the text is not the one that was exported" in done.warnings[0]
    (tmp_path / "brat" / "documents.jsonl").write_text("[]\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"documents.jsonl: not the layout that `svodka export --to brat` writes"):
        import_gold(tmp_path / "brat", tmp_path / "gold 2")


def test_gold_that_is_there_is_not_mixed_with(tmp_path: Path, bridge: Tables) -> None:
    source = to_brat(bridge, tmp_path / "brat")
    import_gold(source, tmp_path / "gold")
    with pytest.raises(InputError, match="the folder holds something"):
        import_gold(source, tmp_path / "gold")


def test_the_command(tmp_path: Path, bridge: Tables) -> None:
    ann = Ann(to_brat(bridge, tmp_path / "brat"))
    ann.add("совсем не то\x1b[2J")
    ann.save()
    done = CliRunner().invoke(main, ["gold", "import", str(tmp_path / "brat"), "--out", str(tmp_path / "gold")])
    assert done.exit_code == 0
    assert done.stdout == f"{tmp_path / 'gold'}: 1 documents, 3 quotations, 2 dates, 5 mentions\n"
    assert "not a line of brat's" in done.stderr
    assert "\x1b" not in done.stderr


def test_corrections_are_not_taken_for_gold_of_nerel(tmp_path: Path, bridge: Tables) -> None:
    source = to_brat(bridge, tmp_path / "brat")
    for layer in (evaluate_names, evaluate_quotes):
        with pytest.raises(InputError, match=r"svodka gold import|no gold here"):
            layer(source, tmp_path)
