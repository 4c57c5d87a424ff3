import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from shared_data import shared
from svodka.document import set_records
from svodka.errors import InputError
from svodka.evaluate.names import Name, NamedText, evaluate_names, score
from svodka.evaluate.normals import evaluate_normals
from svodka.records import Article, Entity, Mention

TEXT = "Мэрия Москвы и Юрий Орлов"
PLACE, PERSON = (6, 12), (15, 25)


def one_text(*names: Name) -> NamedText:
    return NamedText(Article(text=TEXT, doc_id="mayor"), list(names))


def test_a_span_is_exact_or_overlaps_under_its_own_label() -> None:
    gold = one_text(Name(*PLACE, "LOC"), Name(*PERSON, "PER"))
    report = score([gold], {"mayor": [Name(*PLACE, "ORG"), Name(15, 19, "PER")]})
    # ORG does not occur in this gold, so what is found under it is not held against the pipeline
    assert report["names"].precision == 0
    assert (report["names overlap"].precision, report["names overlap"].recall) == (1, 0.5)
    assert (report["PER"].value, report["PER overlap"].value) == (0, 1)
    assert "ORG" not in report.metrics()
    assert [(error.kind, error.text) for error in report.disagreements] == [
        ("missed", "Москвы"), ("spurious", "Юрий"), ("missed", "Юрий Орлов"),
    ]  # fmt: skip


def test_canonical_names_are_judged_where_the_mention_is_found() -> None:
    gold = one_text(Name(*PLACE, "LOC", "Москва"), Name(*PERSON, "PER", "Юрий Пётр Орлов"))
    found = [Name(*PLACE, "LOC", "Москве"), Name(*PERSON, "PER", "юрий петр орлов")]
    assert score([gold], {"mayor": found})["canonical"].value == 0.5
    assert score([gold], {"mayor": found[1:]})["canonical"].value == 1
    assert score([gold], {})["names"].recall == 0


@pytest.fixture
def factrueval(tmp_path: Path) -> Path:
    (tmp_path / "book_1.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "book_1.spans").write_text(
        "1 org_descr 0 5 10 1  # 10 Мэрия\n"
        "2 loc_name 6 6 11 1  # 11 Москвы\n"
        "3 name 15 4 13 1  # 13 Юрий\n"
        "4 surname 20 5 14 1  # 14 Орлов\n",
        encoding="utf-8",
    )
    (tmp_path / "book_1.objects").write_text(
        "21 Org 1 2 # Мэрия Москвы\n22 LocOrg 2 # Москвы\n23 Person 3 4 # Юрий Орлов\n24 Project 1 # Мэрия\n",
        encoding="utf-8",
    )
    return tmp_path


def ruler(*patterns: tuple[str, str]) -> Language:
    nlp = spacy.blank("ru")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": label, "pattern": words} for label, words in patterns])
    return nlp


def test_factrueval_is_made_flat_names_without_descriptors(factrueval: Path) -> None:
    report = evaluate_names(factrueval, nlp=ruler(("LOC", "Москвы"), ("PER", "Юрий Орлов")))
    assert report["names"].value == 1
    assert report["names"].n_items == 2  # «мэрия» has no name of its own


def test_what_the_shared_gold_holds() -> None:
    report = evaluate_names(shared("gold/ner/factrueval_dev"), nlp=spacy.blank("ru"))
    assert report["names"].n_docs == 122
    assert report["PER"].n_items == 741 - 8  # eight persons are part of the name of a place or organisation
    assert report["names"].value == 0  # an empty pipeline finds nothing


def test_markup_gold_and_tables(tmp_path: Path) -> None:
    (tmp_path / "a.gold").write_text('id: a\n\nПришёл <person name="Юрий Орлов">Орлов</person>.\n', encoding="utf-8")
    mentions = [
        {"doc_id": "a", "entity_id": 0, "start": 7, "end": 12, "label": "PER", "kind": "name"},
        {"doc_id": "a", "entity_id": 0, "start": 0, "end": 6, "label": "PER", "kind": "pronoun"},
    ]
    pq.write_table(pa.Table.from_pylist(mentions), tmp_path / "mentions.parquet")
    entities = [{"doc_id": "a", "entity_id": 0, "name": "Юрий Орлов"}]
    pq.write_table(pa.Table.from_pylist(entities), tmp_path / "entities.parquet")
    assert evaluate_names(tmp_path, tmp_path).metrics() == {
        "names": 1, "names overlap": 1, "PER": 1, "PER overlap": 1, "canonical": 1,
    }  # fmt: skip


@Language.component("test_people")
def people(doc: Doc) -> Doc:
    def mention(start: int, end: int, normal: str) -> Mention:
        return Mention(start=start, end=end, label="PER", normal=normal, entity=0, rule="test")

    set_records(doc, "mentions", [mention(*PLACE, "Москва"), mention(*PERSON, "Юрий Орел")])
    set_records(doc, "entities", [Entity(label="PER", name="Юрий Орлов")])
    return doc


@pytest.fixture
def nlp() -> Language:
    pipeline = spacy.blank("ru")
    pipeline.add_pipe("test_people")
    return pipeline


def test_records_of_the_people_stage_are_read(tmp_path: Path, nlp: Language) -> None:
    (tmp_path / "a.gold").write_text(
        'id: a\n\nМэрия Москвы и <person name="Юрий Орлов">Юрий Орлов</person>\n', encoding="utf-8"
    )
    report = evaluate_names(tmp_path, nlp=nlp)
    assert (report["PER"].precision, report["PER"].recall, report["canonical"].value) == (0.5, 1, 1)


def test_normal_forms(tmp_path: Path, nlp: Language) -> None:
    path = tmp_path / "normals.jsonl"
    entities = [
        {"segments": [list(PLACE)], "normal": "МОСКВА"},
        {"segments": [list(PERSON)], "normal": "Юрий Орлов"},
        {"segments": [[0, 5]], "normal": "Мэрия"},
        {"segments": [[0, 5], [6, 12]], "normal": "в двух кусках"},
    ]
    path.write_text(json.dumps({"id": "1", "text": TEXT, "entities": entities}) + "\n", encoding="utf-8")
    report = evaluate_normals(path, nlp=nlp)
    assert report["normal"].value == 1 / 2
    assert (report["found"].value, report["found"].n_items) == (2 / 3, 3)
    assert report["normal given"].value == 2 / 3
    assert [(error.gold, error.predicted) for error in report.disagreements] == [("Юрий Орлов", "Юрий Орел")]


def test_another_layout_is_refused_by_line(tmp_path: Path, nlp: Language) -> None:
    path = tmp_path / "normals.jsonl"
    path.write_text('{"text": ""}\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"normals\.jsonl:1"):
        evaluate_normals(path, nlp=nlp)


def test_names_of_markup_are_compared_flat(tmp_path: Path) -> None:
    inner = '<place name="Томск">Томска</place>'
    (tmp_path / "a.gold").write_text(
        f'id: a\n\n<organization name="Мэрия Томска">Мэрия {inner}</organization> закрыта.\n', encoding="utf-8"
    )
    mentions = [
        {"doc_id": "a", "entity_id": 0, "start": 0, "end": 12, "label": "ORG", "kind": "name"},
        {"doc_id": "a", "entity_id": 1, "start": 6, "end": 12, "label": "LOC", "kind": "name"},
    ]
    pq.write_table(pa.Table.from_pylist(mentions), tmp_path / "mentions.parquet")
    entities = [
        {"doc_id": "a", "entity_id": number, "name": name} for number, name in enumerate(["мэрия Томска", "Томск"])
    ]
    pq.write_table(pa.Table.from_pylist(entities), tmp_path / "entities.parquet")
    report = evaluate_names(tmp_path, tmp_path)
    assert set(report.metrics().values()) == {1}
    assert report["names"].n_items == 1
