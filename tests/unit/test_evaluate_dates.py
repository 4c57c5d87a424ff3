import datetime as dt
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shared_data import shared
from svodka.errors import InputError
from svodka.evaluate.dates import Expression, evaluate_dates, score
from svodka.evaluate.gold import load_gold
from svodka.evaluate.markup import GoldArticle, parse_gold

TRAM = """\
id: tram
published: 2024-03-14

Трамвай пустили <date edtf="2024-03-05">5 марта 2024 года</date>, ждали его <date type="DURATION">три года</date>.
"""


@pytest.fixture
def tram() -> GoldArticle:
    return parse_gold(TRAM)


def expression(text: str, words: str, type_: str = "DATE", day: dt.date | None = None) -> Expression:
    start = text.index(words)
    edtf = day.isoformat() if day else None
    return Expression(start=start, end=start + len(words), type=type_, edtf=edtf, first_day=day, last_day=day)


FIFTH = dt.date(2024, 3, 5)


def test_gold_predicted_is_perfect(tram: GoldArticle) -> None:
    text = tram.article.text
    answers = [expression(text, "5 марта 2024 года", day=FIFTH), expression(text, "три года", "DURATION")]
    report = score([tram], {"tram": answers})
    assert report.metrics() == {
        "span": 1, "span overlap": 1, "value": 1, "edtf": 1, "other found": 1, "other type": 1, "false in negative": 0,
    }  # fmt: skip
    assert report.disagreements == ()


def test_a_duration_taken_for_a_date_is_a_false_hit(tram: GoldArticle) -> None:
    text = tram.article.text
    answers = [expression(text, "марта", day=dt.date(2024, 3, 6)), expression(text, "три года")]
    report = score([tram], {"tram": answers})
    assert (report["span"].precision, report["span overlap"].precision, report["span overlap"].recall) == (0, 0.5, 1)
    assert (report["value"].value, report["edtf"].value) == (0, 0)
    assert (report["other found"].value, report["other type"].value) == (1, 0)
    assert [error.kind for error in report.disagreements] == ["spurious", "value", "type"]


def test_a_date_in_a_text_without_dates_is_counted_apart() -> None:
    gold = parse_gold("id: kilometre\n\nПоезд стоит на 5-м километре.\n")
    report = score([gold], {"kilometre": [expression(gold.article.text, "5-м")]})
    assert report["false in negative"].value == 1


@pytest.mark.parametrize(
    ("words", "core"),
    [
        ("в марте 2024 года", "марте 2024"),
        ("до 5 марта", "5 марта"),
        ("2019 г.", "2019"),
        ("2019-2020 гг.,", "2019-2020"),
        ("На этой неделе", "этой неделе"),
        ("год", "год"),
        ("вторник", "вторник"),
        ("с пятого по седьмое", "пятого по седьмое"),
    ],
)
def test_core_leaves_out_a_preposition_and_the_word_for_year(words: str, core: str) -> None:
    text = f"Было {words} и прошло"
    start, end = expression(text, words).core(text)
    assert text[start:end] == core


def test_standoff_dates_take_their_texts_from_the_corpus_they_name(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text(
        '{"id": "tram", "published": "2024-03-14", "text": "Трамвай пустили 5 марта, ждали его три года."}\n',
        encoding="utf-8",
    )
    gold = tmp_path / "dates.jsonl"
    lines = [{"corpus": "corpus.jsonl"}, {"id": "tram", "dates": [[16, 23, "DATE", "2024-03-05"]]}]
    gold.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (article,) = load_gold(gold)
    assert article.dates == [
        {
            "start": 16,
            "end": 23,
            "text": "5 марта",
            "type": "DATE",
            "edtf": "2024-03-05",
            "start_date": "2024-03-05",
            "end_date": "2024-03-05",
        }
    ]
    (tmp_path / "corpus.jsonl").unlink()
    with pytest.raises(InputError, match="texts of this gold are not here"):
        load_gold(gold)


def perturb(articles: list[GoldArticle], seed: int) -> list[dict[str, Any]]:
    rng = random.Random(seed)
    rows = []
    for gold in articles:
        for item in [*gold.dates, *gold.dates]:
            if rng.random() < 0.5:
                continue
            day = rng.choice([item.get("start_date"), item.get("start_date"), "2001-02-03", None])
            rows.append(
                {
                    "doc_id": gold.article.doc_id,
                    "start": max(0, item["start"] - rng.choice([0, 0, 2, 5])),
                    "end": item["end"] - rng.choice([0, 0, 0, 2]),
                    "type": rng.choice([item["type"], item["type"], "DATE", "SET"]),
                    "edtf": rng.choice([item.get("edtf"), None]),
                    "start_date": dt.date.fromisoformat(day) if day else None,
                    "end_date": dt.date.fromisoformat(item["end_date"]) if item.get("end_date") else None,
                }
            )
        if rng.random() < 0.4:
            rows.append({"doc_id": gold.article.doc_id, "start": 0, "end": 5, "type": "TIME"})
    return rows


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_same_figures_as_the_reference_scorer(seed: int, tmp_path: Path) -> None:
    scorer, gold = shared("dates/score_dates.py"), shared("dates/date_cases.jsonl")
    schema = pa.schema(
        {
            **dict.fromkeys(("doc_id", "type", "edtf"), pa.string()),
            **dict.fromkeys(("start", "end"), pa.int32()),
            **dict.fromkeys(("start_date", "end_date"), pa.date32()),
        }
    )
    rows = perturb(load_gold(gold), seed)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), tmp_path / "dates.parquet")
    command = [sys.executable, str(scorer), str(gold), str(tmp_path)]
    expected = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    report = evaluate_dates(gold, tmp_path)
    for ours, theirs in (("span", "span_norm"), ("span overlap", "span_overlap")):
        figure = report[ours]
        assert (figure.precision, figure.recall, figure.value) == pytest.approx(
            (expected[theirs]["p"], expected[theirs]["r"], expected[theirs]["f1"]), abs=0.0001
        )
    for name in ("value", "edtf", "other found", "other type", "false in negative"):
        assert report[name].value == pytest.approx(expected[name.replace(" ", "_")], abs=0.0001)
    assert report["value"].n_items == expected["valued"]
    assert 0.1 < expected["value"] < 0.9  # a comparison of all or nothing would show little
