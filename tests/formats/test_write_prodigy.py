"""Prodigy's tasks: read as Prodigy reads them, their tokens and spans checked with spaCy."""

from pathlib import Path
from typing import Any

import pytest
import spacy
import srsly  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, Span

from export_data import hostile_tables, odd_texts, sample_tables, tables_of
from svodka.tables import Tables

VOCAB = spacy.blank("ru").vocab
LABELS = {
    "PER", "ORG", "LOC", "DIRECT", "INDIRECT", "MIXED", "CUE", "SOURCE", "DATE", "TIME", "DURATION", "SET", "AGE",
}  # fmt: skip


def written(tables: Tables, folder: Path) -> list[dict[str, Any]]:
    path = folder / "tasks.jsonl"
    tables.to_prodigy(path)
    return list(srsly.read_jsonl(path))


def doc_of(task: dict[str, Any]) -> Doc:
    """The Doc that Prodigy makes of a task."""
    tokens = task["tokens"]
    return Doc(VOCAB, words=[token["text"] for token in tokens], spaces=[token["ws"] for token in tokens])


def assert_place(doc: Doc, place: dict[str, Any]) -> Span:
    """A span of whole tokens that may be chosen at both ends."""
    span = doc.char_span(place["start"], place["end"], alignment_mode="strict")
    assert span is not None, place
    assert (span.start, span.end - 1) == (place["token_start"], place["token_end"])
    assert place["label"] in LABELS
    assert not span[0].is_space
    assert not span[-1].is_space
    return span


def assert_task(task: dict[str, Any]) -> None:
    doc = doc_of(task)
    assert doc.text == task["text"]
    for number, (token, values) in enumerate(zip(doc, task["tokens"], strict=True)):
        assert (values["id"], values["start"], values["end"]) == (number, token.idx, token.idx + len(token))
        assert values.get("disabled", False) == token.is_space
    for place in task["spans"]:
        assert_place(doc, place)
    assert len({place["id"] for place in task["spans"] if not place["id"].startswith("quotes")}) == sum(
        not place["id"].startswith("quotes") for place in task["spans"]
    )
    without_ids = [{name: place[name] for name in place if name != "id"} for place in task["spans"]]
    for relation in task["relations"]:
        for end in ("head", "child"):
            assert relation[f"{end}_span"] in without_ids
            assert relation[end] == relation[f"{end}_span"]["token_end"]


def assert_rows(task: dict[str, Any], tables: Tables, doc_id: str) -> None:
    """All rows of the document are spans of its task."""

    def rows(name: str) -> list[dict[str, Any]]:
        return [row for row in tables.arrow(name).to_pylist() if row["doc_id"] == doc_id]

    quotes = rows("quotes")
    expected = [(row["start"], row["end"], row["label"]) for row in rows("mentions")]
    expected += [(row["start"], row["end"], row["type"]) for row in rows("dates")]
    for quote in quotes:
        expected += [(one["start"], one["end"], quote["type"].upper()) for one in quote["segments"]]
        for name, label in (("cue", "CUE"), ("mention", "SOURCE")):
            if quote[name] is not None:
                expected.append((quote[f"{name}_start"], quote[f"{name}_end"], label))
    found = [(place["start"], place["end"], place["label"]) for place in task["spans"]]
    for (start, end, label), (first, last, expected_label) in zip(sorted(found), sorted(expected), strict=True):
        assert label == expected_label
        assert start <= first < last <= end
    relations = [relation["label"] for relation in task["relations"]]
    assert relations.count("CUE") == sum(quote["cue"] is not None for quote in quotes)
    assert relations.count("SOURCE") == sum(quote["mention"] is not None for quote in quotes)
    assert relations.count("PART") == sum(len(quote["segments"]) - 1 for quote in quotes)
    assert relations.count("SAME") == len(rows("mentions")) - len(rows("entities"))


@settings(max_examples=25)
@given(st.lists(odd_texts(), min_size=1, max_size=3))
def test_odd_texts(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    tables = tables_of(*texts, title="<b>\x00\u2028")
    tasks = written(tables, tmp_path_factory.mktemp("prodigy"))
    assert [task["text"] for task in tasks] == texts
    assert [task["meta"]["doc_id"] for task in tasks] == tables.documents.doc_id.tolist()
    for task in tasks:
        assert_task(task)


@pytest.mark.parametrize("tables", [sample_tables, hostile_tables])
def test_all_rows_are_there(tables: Any, tmp_path: Path) -> None:  # noqa: ANN401
    documents = tables().documents
    for task, text, doc_id in zip(written(tables(), tmp_path), documents.text, documents.doc_id, strict=True):
        assert task["text"] == text
        assert_task(task)
        assert_rows(task, tables(), doc_id)


def test_task_to_look_at(tmp_path: Path) -> None:
    (task,) = written(tables_of("«Мост, — сообщил мэр Иван Орлов, — откроют 16 сентября».\n"), tmp_path)
    assert task["meta"] == {"doc_id": "../a b", "published": "2021-09-07T00:00:00+00:00", "source": "record 1"}
    assert task["tokens"][3:5] == [
        {"text": "—", "start": 7, "end": 8, "id": 3, "ws": True},
        {"text": "сообщил", "start": 9, "end": 16, "id": 4, "ws": True},
    ]
    assert task["tokens"][-1] == {"text": "\n", "start": 56, "end": 57, "id": 15, "ws": False, "disabled": True}
    text = task["text"]
    assert [(text[one["start"] : one["end"]], one["label"], one["id"]) for one in task["spans"]] == [
        ("Мост", "DIRECT", "quotes-0"),
        ("сообщил", "CUE", "cues-0"),
        ("Иван Орлов", "PER", "mentions-0"),
        ("Иван Орлов", "SOURCE", "sources-0"),
        ("откроют 16 сентября", "DIRECT", "quotes-0"),
        ("16 сентября", "DATE", "dates-0"),
    ]
    relations = [(relation["label"], relation["head_span"], relation["child_span"]) for relation in task["relations"]]
    assert [(label, *(text[end["start"] : end["end"]] for end in ends)) for label, *ends in relations] == [
        ("CUE", "Мост", "сообщил"),
        ("SOURCE", "Мост", "Иван Орлов"),
        ("PART", "откроют 16 сентября", "Мост"),
    ]
