"""The sample articles and their gold: same text, values in order, and a data card that tells the truth."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from svodka.evaluate.edtf import edtf_days
from svodka.evaluate.markup import GoldArticle, parse_gold, read_gold

DATA = Path(__file__).parents[2] / "data"
GOLD = {path.stem: read_gold(path) for path in sorted(DATA.glob("gold/*.gold"))}
ROWS = {
    row["id"]: row
    for row in map(json.loads, (DATA / "samples/articles.jsonl").read_text(encoding="utf-8").splitlines())
}
PLAIN = {path.stem: path.read_text(encoding="utf-8").removesuffix("\n") for path in DATA.glob("samples/*.txt")}
CARD = (DATA / "README.md").read_text(encoding="utf-8")

each_gold = pytest.mark.parametrize("gold", GOLD.values(), ids=GOLD)


def test_every_sample_has_gold_and_every_gold_a_sample() -> None:
    assert sorted([*ROWS, *PLAIN]) == sorted(GOLD)


@each_gold
def test_gold_without_its_markup_is_the_sample(gold: GoldArticle) -> None:
    article = gold.article
    if article.doc_id in PLAIN:
        assert article.text == PLAIN[article.doc_id]
        return
    assert article.published is not None
    assert ROWS[article.doc_id] == {
        "id": article.doc_id,
        "url": article.url,
        "title": article.title,
        "published": article.published.date().isoformat(),
        "source": article.source,
        "text": article.text,
    }


@each_gold
def test_header_fits_the_text(gold: GoldArticle) -> None:
    article = gold.article
    assert GOLD[article.doc_id] is gold
    assert article.anchor is not None
    assert article.text.split("\n")[0] == article.title


@each_gold
def test_quotations_are_whole_words_without_edge_blanks(gold: GoldArticle) -> None:
    text = gold.article.text
    for quote in [*gold.quotes, *gold.unasserted]:
        ends = [*quote["spans"], *(span for span in (quote["cue_span"], quote["mention_span"]) if span)]
        for start, end in ends:
            assert text[start:end] == text[start:end].strip()
            assert not re.match(r"\w\w", text[start - 1 : start + 1])
            assert not re.match(r"\w\w", text[end - 1 : end + 1])
        assert quote["spans"] == sorted(quote["spans"])
        assert (quote["speaker"] is None) == (quote["speaker_kind"] == "unknown")


@each_gold
def test_quotations_are_numbered_in_reading_order(gold: GoldArticle) -> None:
    quotes = sorted([*gold.quotes, *gold.unasserted], key=lambda quote: quote["id"])
    assert [quote["id"] for quote in quotes] == list(range(1, len(quotes) + 1))
    assert [quote["spans"][0] for quote in quotes] == sorted(quote["spans"][0] for quote in quotes)


@each_gold
def test_content_of_reported_clauses_leaves_out_conjunction_and_stop(gold: GoldArticle) -> None:
    text = gold.article.text
    for quote in gold.quotes:
        if quote["type"] != "direct":
            assert not text[quote["spans"][0][0] :].startswith("что ")
            assert text[quote["spans"][-1][1] - 1] not in ".,"


@each_gold
def test_dates_have_the_days_of_their_edtf(gold: GoldArticle) -> None:
    for date in gold.dates:
        if date["edtf"]:
            assert date["type"] in ("DATE", "TIME")
            days = [day and day.isoformat() for day in edtf_days(date["edtf"])]
            assert [date["start_date"], date["end_date"]] == days
        else:
            assert date["start_date"] is date["end_date"] is None


@each_gold
def test_dates_keep_a_preposition_only_in_ranges(gold: GoldArticle) -> None:
    for date in gold.dates:
        if re.match(r"(?:в|во|на|к|ко|за|о|около)\s", date["text"], re.IGNORECASE):
            pytest.fail(f"{gold.article.doc_id}: «{date['text']}» begins with a preposition")


@each_gold
def test_one_person_has_one_name_that_the_text_supports(gold: GoldArticle) -> None:
    names = {mention["name"] for mention in gold.entities}
    assert all(mention["text"][0].isupper() for mention in gold.entities)
    for name in names:
        others = names - {name}
        assert not any(set(name.split()) < set(other.split()) for other in others)
    speakers = {
        quote["speaker"] for quote in gold.quotes if quote["speaker_kind"] == "person" and quote["mention_span"]
    }
    capitalised = {speaker for speaker in speakers if speaker and speaker[0].isupper()}
    assert capitalised <= names


def counts() -> dict[str, int]:
    quotes = [quote for gold in GOLD.values() for quote in gold.quotes]
    return {
        "articles": len(GOLD),
        "articles without a quotation": sum(not gold.quotes for gold in GOLD.values()),
        **Counter(quote["type"] for quote in quotes),
        **Counter(quote["form"] for quote in quotes),
        "nested quotations": sum(quote["parent"] is not None for quote in quotes),
        "quotations relayed by a medium": sum(quote["via"] is not None for quote in quotes),
        "negated or hypothetical speech": sum(len(gold.unasserted) for gold in GOLD.values()),
        "mentions of persons by name": sum(len(gold.entities) for gold in GOLD.values()),
        **Counter(date["type"] for gold in GOLD.values() for date in gold.dates),
    }


def test_the_data_card_counts_what_is_there() -> None:
    rows = re.findall(r"^\| ([\w ]+?) \| (\d+) \|$", CARD, flags=re.MULTILINE)
    assert {name: int(number) for name, number in rows} == counts()
    assert f"{len(ROWS)} articles, one JSON object a line" in CARD
    assert f"{len(PLAIN)} more as plain text" in CARD


def test_the_example_of_the_data_card_can_be_read() -> None:
    (example,) = re.findall(r"```\n(id: bridge\n.*?)```", CARD, flags=re.DOTALL)
    gold = parse_gold(example)
    assert len(gold.quotes[0]["spans"]) == 2
    assert [date["text"] for date in gold.dates] == ["вчера", "выходных"]
