"""Pairs of persons and roles against NEREL and FactRuEval."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shared_data import shared
from svodka.errors import InputError
from svodka.evaluate.brat import NO_ID, Span, read_brat
from svodka.evaluate.roles import (
    Found,
    FoundPair,
    GoldRole,
    RoleText,
    _read_roles,
    evaluate_roles,
    head_of,
    score,
)
from svodka.records import Article

TEXT = "Бывший министр финансов Пётр Орлов и Анна Котова. Орлов - адвокат."


def span(words: str, start: int = 0, label: str = "role") -> Span:
    at = TEXT.index(words, start)
    return Span(at, at + len(words), label)


MINISTER, ADVOCATE = span("министр финансов"), span("адвокат")
ORLOV, KOTOVA, LATER = span("Пётр Орлов"), span("Анна Котова"), span("Орлов", 40)
GOLD = RoleText(
    Article(text=TEXT, doc_id="a"),
    {ORLOV: "Орлов", LATER: "Орлов", KOTOVA: "Котова"},
    [GoldRole("Орлов", MINISTER), GoldRole("Орлов", ADVOCATE)],
    [GoldRole("Орлов", span("финансов"))],
)
NAMES = [(0, ORLOV), (1, KOTOVA)]


def test_a_pair_is_right_by_head_and_person() -> None:
    found = Found(NAMES, [FoundPair(0, span("Бывший министр"), organization=True), FoundPair(1, ADVOCATE)])
    report = score([GOLD], {"a": found})
    assert (report["pair"].precision, report["pair"].recall) == (1 / 2, 1 / 2)
    assert report["pair half"].value == 0  # «министр» is a third of both spans together
    assert report["pair exact"].value == 0
    assert report["workplace"].value == 0  # «Бывший министр» does not reach the organisation
    assert [(error.kind, error.text, error.gold, error.predicted) for error in report.disagreements] == [
        ("person", "адвокат", "Орлов", "Анна Котова")
    ]


def test_the_mention_that_gold_relates_a_role_to_does_not_matter() -> None:
    report = score([GOLD], {"a": Found([(7, LATER)], [FoundPair(7, MINISTER, organization=True)])})
    assert (report["pair exact"].precision, report["pair exact"].recall) == (1, 1 / 2)
    assert report["workplace"].value == 1


def test_distinct_roles_count_once_a_document() -> None:
    twice = Found(
        NAMES, [FoundPair(0, MINISTER), FoundPair(0, span("Бывший министр финансов")), FoundPair(0, ADVOCATE)]
    )
    report = score([GOLD], {"a": twice})
    assert (report["distinct"].precision, report["distinct"].recall) == (1, 1)
    assert report["pair"].precision == 1


@pytest.mark.parametrize(
    ("phrase", "head"),
    [
        ("главного редактора газеты", "редактора"),
        ("военный лётчик", "лётчик"),
        ("исполняющий обязанности министра", "министра"),
        ("рабочий завода", "рабочий"),
        ("экс-премьер Франции", "экс-премьер"),
        ("адвокатскую", "адвокатскую"),
    ],
)
def test_the_head_of_a_role(phrase: str, head: str) -> None:
    found = head_of(phrase, Span(0, len(phrase), "role"))
    assert phrase[found.start : found.end] == head


@pytest.fixture
def nerel(tmp_path: Path) -> Path:
    text = "Глава комитета думы Пётр Орлов и П. О. ушли. Орлов - депутат. Анна - его жена."
    spans = [
        ("T1", "PERSON", "Пётр Орлов"), ("T2", "PERSON", "П. О."), ("T3", "PROFESSION", "Глава комитета думы"),
        ("T4", "PROFESSION", "Глава комитета"), ("T5", "ORGANIZATION", "комитета думы"), ("T6", "PERSON", "Анна"),
        ("T7", "PROFESSION", "депутат"),
    ]  # fmt: skip
    lines = [
        f"{number}\t{label} {text.index(words)} {text.index(words) + len(words)}\t{words}"
        for number, label, words in spans
    ]
    lines += [
        "T8\tPERSON 45 50\tОрлов",
        "R1\tWORKS_AS Arg1:T1 Arg2:T3",
        "R2\tWORKS_AS Arg1:T1 Arg2:T4",
        "R3\tWORKS_AS Arg1:T2 Arg2:T3",
        "R4\tWORKS_AS Arg1:T8 Arg2:T7",
        "R5\tWORKPLACE Arg1:T1 Arg2:T5",
        "R6\tWORKPLACE Arg1:T3 Arg2:T5",
        "R7\tALTERNATIVE_NAME Arg1:T1 Arg2:T2",
        "N1\tReference T1 Wikidata:Q1\tПётр Орлов",
        "N2\tReference T8 Wikidata:Q1\tПётр Орлов",
        "N3\tReference T6 Wikidata:NULL\t",
    ]
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (tmp_path / "a.ann").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def test_nerel_joins_persons_and_nested_professions(nerel: Path) -> None:
    (annotated,) = read_brat(nerel)
    assert sum(note.id != NO_ID for note in annotated.notes) == 2
    (text,) = _read_roles(nerel)
    assert len(set(text.persons.values())) == 2
    words = [text.article.text[role.span.start : role.span.end] for role in text.roles]
    assert words == ["Глава комитета думы", "депутат"]
    assert len({role.person for role in text.roles}) == 1
    assert [text.article.text[role.span.start : role.span.end] for role in text.workplaces] == ["комитета думы"]


def test_tables_are_read_without_what_is_no_profession(nerel: Path) -> None:
    roles = [
        {
            "doc_id": "a",
            "entity_id": 0,
            "start": 0,
            "end": 19,
            "role": "глава комитета думы",
            "organization": "комитет",
        },
        {"doc_id": "a", "entity_id": 1, "start": 73, "end": 77, "role": "жена", "organization": None},
    ]
    mention = {"doc_id": "a", "entity_id": 0, "label": "PER"}
    mentions = [
        {**mention, "kind": "name", "start": 20, "end": 30, "normal": "Пётр Орлов"},
        {**mention, "kind": "role", "start": 53, "end": 60, "normal": "депутат"},
        {**mention, "kind": "pronoun", "start": 69, "end": 72, "normal": "его"},
    ]
    pq.write_table(pa.Table.from_pylist(roles), nerel / "roles.parquet")
    pq.write_table(pa.Table.from_pylist(mentions), nerel / "mentions.parquet")
    report = evaluate_roles(nerel, nerel)
    assert report["pair"].value == report["pair exact"].value == report["distinct"].value == 1
    assert report["workplace"].value == 1
    assert json.loads(report.to_json())["layer"] == "roles"


def test_factrueval_has_no_workplaces() -> None:
    folder = shared("gold/ner/factrueval_dev")
    report = score(list(_read_roles(folder)), {})
    assert report["pair"].n_items == 194
    assert "workplace" not in report.metrics()


def test_other_gold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="NEREL or FactRuEval"):
        evaluate_roles(tmp_path)


def test_without_predictions_or_pipeline_there_is_nothing_to_measure(nerel: Path) -> None:
    with pytest.raises(InputError):
        evaluate_roles(nerel)
