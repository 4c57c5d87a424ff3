"""What counts as a right link: spans, chains, and what recall asks for."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from svodka.errors import InputError
from svodka.evaluate.coref import ChainedText, LinkedMention, Span, evaluate_coref, read_chains, score
from svodka.evaluate.report import Report
from svodka.records import Article

TEXT = "Мэр Твери Олег Ветров уехал. Он вернётся, сказал помощник мэра. В городе его ждут."


def at(words: str, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return start, start + len(words)


MAYOR = [at("Мэр Твери Олег Ветров"), at("Он"), at("мэра"), at("его")]
CITY = [at("Твери"), at("городе")]
VETROV = LinkedMention(*at("Олег Ветров"), "name", 0, "name")
TVER = LinkedMention(*at("Твери"), "name", 1, "name")


def report(*mentions: LinkedMention, chains: list[list[Span]] | None = None) -> Report:
    text = ChainedText(Article(text=TEXT, doc_id="mayor"), [MAYOR, CITY] if chains is None else chains)
    return score([text], {"mayor": mentions})


def pronoun(span: Span, entity: int) -> LinkedMention:
    return LinkedMention(*span, "pronoun", entity, "pronoun.subject")


def nominal(span: Span, entity: int) -> LinkedMention:
    return LinkedMention(*span, "role", entity, "role")


def test_a_link_is_right_in_a_chain_of_a_name_of_its_entity() -> None:
    found = report(VETROV, TVER, pronoun(at("Он"), 0), pronoun(at("его"), 1), nominal(at("городе"), 1))
    assert found["links"].value == pytest.approx(2 / 3)
    assert (found["pronoun"].precision, found["pronoun"].recall) == (0.5, 0.5)
    assert (found["nominal"].precision, found["nominal"].recall) == (1, 0.5)  # «мэра» is asked for too
    assert (found["rule role"].value, found["rule pronoun.subject"].value) == (1, 0.5)


def test_a_wrong_link_is_shown_with_its_context() -> None:
    (error,) = report(VETROV, TVER, pronoun(at("его"), 1)).disagreements
    assert (error.kind, error.gold, error.predicted) == ("pronoun.subject", "Мэр Твери Олег Ветров", "Твери")
    assert "В городе [его] ждут" in error.text


def test_a_name_matches_the_phrase_that_it_ends_not_one_that_it_lies_inside() -> None:
    # were «Твери» matched with the whole phrase, the mayor's pronoun would be the city's
    assert report(TVER, pronoun(at("Он"), 1), chains=[MAYOR])["links"].value == 0
    assert report(VETROV, pronoun(at("Он"), 0), chains=[MAYOR])["links"].value == 1


@pytest.mark.parametrize(
    ("span", "right"),
    [
        (at("помощник мэра"), 0),  # ends with gold's «мэра», but is another man
        ((at("мэра")[0], at("мэра")[1] + 1), 1),
        (at("мэра"), 1),
        (at("сказал"), 0),
    ],
)
def test_a_nominal_matches_by_its_beginning(span: Span, right: int) -> None:
    assert report(VETROV, nominal(span, 0))["links"].value == right


def test_a_pronoun_must_have_the_span_of_gold() -> None:
    start, end = at("его")
    assert report(VETROV, pronoun((start, end + 1), 0))["links"].value == 0


def test_recall_asks_only_for_chains_with_a_name_found() -> None:
    found = report(VETROV)
    assert found["pronoun"].n_items == 2
    assert found["nominal"].n_items == 1
    assert found["links"].value is None


def test_reads_the_layout_of_rucoco_and_tables(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl.gz"
    with gzip.open(gold, "wt", encoding="utf-8") as lines:
        lines.write(json.dumps({"id": "mayor", "text": TEXT, "entities": [MAYOR, CITY], "includes": [[], []]}) + "\n")
    (text,) = read_chains(gold)
    assert text.chains == [MAYOR, CITY]
    columns = ("start", "end", "kind", "entity_id", "rule")
    rows = [dict(zip(columns, one, strict=True)) | {"doc_id": "mayor"} for one in (VETROV, pronoun(at("Он"), 0))]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "mentions.parquet")
    assert evaluate_coref(gold, tmp_path)["links"].value == 1


def test_another_layout_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "gold.jsonl"
    wrong.write_text('{"id": "1", "text": "Он"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="RuCoCo"):
        list(read_chains(wrong))
