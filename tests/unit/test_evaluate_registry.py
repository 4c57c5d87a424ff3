"""Joins across documents against ids of a knowledge base."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from spacy.language import Language

from svodka.errors import InputError
from svodka.evaluate.brat import read_brat
from svodka.evaluate.registry import Item, _compare, _figures, evaluate_registry
from svodka.evaluate.report import Report


def write(folder: Path, name: str, text: str, notes: Sequence[tuple[str, str, str, str]]) -> None:
    lines = []
    for number, (label, words, id_, title) in enumerate(notes, 1):
        start = text.index(words)
        lines.append(f"T{number}\t{label} {start} {start + len(words)}\t{words}")
        lines.append(f"N{number}\tReference T{number} Wikidata:{id_}\t{title}")
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    (folder / f"{name}.ann").write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "a", "Мэр Иван Орлов вызвал полицию.", [
        ("PERSON", "Иван Орлов", "Q1", "Орлов, Иван"), ("ORGANIZATION", "полицию", "Q9", "полиция"),
    ])  # fmt: skip
    write(tmp_path, "b", "Иван Орлов и Анна Климова уехали.", [
        ("PERSON", "Иван Орлов", "Q1", "Орлов, Иван"), ("PERSON", "Анна Климова", "NULL", ""),
    ])  # fmt: skip
    return tmp_path


def test_notes_are_read(folder: Path) -> None:
    first, _ = read_brat(folder)
    assert [(note.span.label, note.id, note.title) for note in first.notes] == [
        ("PERSON", "Q1", "Орлов, Иван"),
        ("ORGANIZATION", "Q9", "полиция"),
    ]
    (folder / "a.ann").write_text("N1\tReference T7 Wikidata:Q1\tОрлов\n", encoding="utf-8")
    with pytest.raises(InputError, match="T7"):
        list(read_brat(folder))


def test_the_pipeline_is_run_over_the_texts(folder: Path, nlp: Language) -> None:
    report = evaluate_registry(folder, nlp=nlp)
    assert report["B3 PER"].n_items == 2
    assert report["B3 PER"].value == report["pairs PER"].value == 1
    assert report["B3 ORG"].n_items == 0  # a kind, not one of it
    with pytest.raises(InputError):
        evaluate_registry(folder)


def item(doc_id: str, id_: str, row: str, start: int = 0) -> Item:
    return Item(doc_id, start, start + 3, "PER", id_, "", row)


def test_b_cubed_and_pairs() -> None:
    items = [
        item("a", "Q1", "x"),
        item("a", "Q1", "x", 5),
        item("b", "Q1", "x"),
        item("c", "Q2", "x"),
        item("d", "Q2", "y"),
    ]
    report = Report.of("registry", _compare(items, dict.fromkeys("abcd", "Орлов Орлов")), _figures)
    b_cubed, pairs = report["B3 PER"], report["pairs PER"]
    assert b_cubed.precision == pytest.approx((3 * 3 / 4 + 1 / 4 + 1) / 5)
    assert b_cubed.recall == pytest.approx((3 + 2 * 1 / 2) / 5)
    assert (pairs.precision, pairs.recall) == (pytest.approx(2 / 6), pytest.approx(2 / 4))
    assert [(error.doc_id, error.kind) for error in report.disagreements] == [("c", "joined"), ("d", "apart")]
