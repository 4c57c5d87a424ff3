"""What the tests of corrections share: tables, the exports of both tools, and what annotators make of them."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from export_data import tables_of
from svodka.corrections.gold import ImportSummary, import_gold
from svodka.evaluate.markup import GoldArticle, read_gold
from svodka.tables import Tables

TEXT = (
    "«Мост откроют 16 числа», — сообщил мэр Заречного Иван Орлов. Компания «Вега» построила его за год.\n"
    "По словам министра Анны Петровой, дорога готова. «Осенью» называется новая пьеса.\n"
    "«Работы закончены», — добавил Орлов."
)
"""The text that annotators correct in the tests."""


def to_brat(tables: Tables, folder: Path) -> Path:
    """The folder that annotators open in brat."""
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
    """What an import tells, and the gold it made."""
    done = import_gold(source, folder)
    return done, [read_gold(file) for file in sorted(folder.glob("*.gold"))]


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


def bridge() -> Tables:
    """The tables of the text that is corrected."""
    return tables_of(TEXT)
