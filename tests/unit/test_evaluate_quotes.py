import json
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shared_data import shared
from svodka.errors import InputError
from svodka.evaluate.gold import load_gold
from svodka.evaluate.markup import GoldArticle, GoldQuote, parse_gold
from svodka.evaluate.quotes import Prediction, evaluate_quotes, is_canonical_speaker, is_speaker, pair, score

BRIDGE = """\
id: bridge
published: 2024-03-14

«<quote id="1" type="direct" speaker="Иван Орлов">Мост готов к открытию</quote>», — <cue quote="1">сказал</cue> Орлов.
По данным мэрии, <quote id="2" type="indirect" speaker="мэрия" kind="organization">работы стоили 3 млн</quote>.
"""


@pytest.fixture
def bridge() -> GoldArticle:
    return parse_gold(BRIDGE)


def quote(text: str, words: str, type_: str = "direct", speaker: str | None = None) -> Prediction:
    start = text.index(words)
    return Prediction(segments=((start, start + len(words)),), type=type_, speaker=speaker)


def test_gold_predicted_is_perfect(bridge: GoldArticle) -> None:
    text = bridge.article.text
    answers = [
        quote(text, "«Мост готов к открытию»,", speaker="Иван Орлов"),  # marks and punctuation do not matter
        quote(text, "работы стоили 3 млн", "indirect", "Мэрия"),
    ]
    report = score([bridge], {"bridge": answers})
    assert set(report.metrics().values()) == {1.0}
    assert report.disagreements == ()


def test_each_figure_counts_its_own_errors(bridge: GoldArticle) -> None:
    text = bridge.article.text
    answers = [
        quote(text, "Мост готов", "mixed", "Орлов"),  # 2 words of 4: a pair, not close; surname: lenient
        quote(text, "По данным мэрии", "direct", "Иван Орлов"),  # no quotation
    ]
    report = score([bridge], {"bridge": answers})
    assert report["quote@.5"].value == 0.5
    assert report["quote@.8"].value == 0
    assert report["attributed"].value == 0
    assert report["attributed@.5"].value == 0.5
    assert report["speaker"].value == 1
    assert report["speaker strict"].value == 0
    assert report["type"].value == 0
    assert report["recall direct"].value == 1
    assert report["recall indirect"].value == 0
    assert report["recall inline"].value == 0.5
    assert "recall mixed" not in report.metrics()  # gold has none
    assert sorted(error.kind for error in report.disagreements) == ["missed", "spurious", "type"]


def test_documents_without_predictions_are_missed_and_others_are_left_out(bridge: GoldArticle) -> None:
    report = score([bridge], {"another": [quote(bridge.article.text, "Мост")]})
    assert (report["quote@.5"].recall, report["quote@.5"].n_items) == (0, 2)
    assert [error.kind for error in report.disagreements] == ["missed", "missed"]


def test_pairs_are_one_to_one_and_the_best_comes_first() -> None:
    text = "раз два три четыре"
    gold = [[(0, 11)], [(0, 18)]]
    assert pair(gold, [[(0, 18)]], text) == [(1.0, 1, 0)]
    assert pair(gold, [[(0, 18)], [(0, 7)]], text) == [(1.0, 1, 0), (2 / 3, 0, 1)]
    assert pair(gold, [[(0, 3)]], text) == []  # one word of three


def test_a_word_that_is_cut_at_the_edge_is_another_word() -> None:
    text = "мост готов"
    assert pair([[(0, 10)]], [[(1, 10)]], text) == []  # «ост» and «готов» share one word of three


PERSON = {"speaker": "Пётр Ильич Савин", "speaker_kind": "person", "aliases": ["глава района"]}
PRESS = {"speaker": "пресс-служба МЧС", "speaker_kind": "organization", "aliases": []}
NOBODY: dict[str, Any] = {"speaker": None, "speaker_kind": "unknown", "aliases": []}


@pytest.mark.parametrize(
    ("predicted", "gold", "lenient", "strict"),
    [
        ("Пётр Ильич Савин", PERSON, True, True),
        ("петр ильич савин", PERSON, True, True),
        ("глава района", PERSON, True, True),
        ("Савин", PERSON, True, False),
        ("Савиным", PERSON, True, False),
        ("Пётр Савин", PERSON, True, False),
        ("Пётр", PERSON, False, False),
        ("Анна Савина", PERSON, False, False),
        ("Сава", PERSON, True, False),  # the price of not inflecting: one lexeme by its beginning
        (None, PERSON, False, False),
        ("МЧС", PRESS, False, False),  # one word of three
        ("пресс-службы МЧС", PRESS, True, False),
        ("пресс-служба МВД", PRESS, True, False),  # two words of three
        ("МВД", PRESS, False, False),
        (None, NOBODY, True, True),
        ("", NOBODY, True, True),
        ("Савин", NOBODY, False, False),
    ],
)
def test_speakers(predicted: str | None, gold: Any, lenient: bool, strict: bool) -> None:  # noqa: ANN401
    assert is_speaker(predicted, gold) == lenient
    assert is_canonical_speaker(predicted, gold) == strict


def test_predictions_are_read_from_tables(bridge: GoldArticle, tmp_path: Path) -> None:
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "bridge.gold").write_text(BRIDGE, encoding="utf-8")
    start = bridge.article.text.index("Мост")
    row = {"doc_id": "bridge", "type": "direct", "segments": [{"start": start, "end": start + 21}], "speaker": "Орлов"}
    write_quotes([row], tmp_path / "tables")
    report = evaluate_quotes(tmp_path / "gold", tmp_path / "tables")
    assert report["attributed"].precision == 1
    assert report["attributed"].recall == 0.5


def test_missing_input_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no gold here"):
        load_gold(tmp_path)
    (tmp_path / "bridge.gold").write_text(BRIDGE, encoding="utf-8")
    with pytest.raises(InputError, match="no table 'quotes'"):
        evaluate_quotes(tmp_path, tmp_path)
    with pytest.raises(InputError, match="predictions or a pipeline"):
        evaluate_quotes(tmp_path)
    (tmp_path / "bad.json").write_text('{"doc": "bad"}', encoding="utf-8")
    with pytest.raises(InputError, match=r"bad\.json: not the layout of gold"):
        load_gold(tmp_path)


def write_quotes(rows: list[dict[str, Any]], folder: Path) -> None:
    folder.mkdir()
    segments = pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32())]))
    schema = pa.schema(
        [("doc_id", pa.string()), ("type", pa.string()), ("segments", segments), ("speaker", pa.string())]
    )
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / "quotes.parquet")


def perturb(articles: list[GoldArticle], seed: int) -> Iterator[dict[str, Any]]:
    """Gold with mistakes of every kind: lost and invented quotations, shifted edges, other types and speakers."""
    rng = random.Random(seed)
    speakers = [quote["speaker"] for gold in articles for quote in gold.quotes]
    for gold in articles:
        for quote in gold.quotes:
            if rng.random() < 0.2:
                continue
            speaker = quote["speaker"]
            words = (speaker or "Никто").split()
            choices = [speaker, speaker, None, words[-1], words[0], " ".join(words[-2:]), words[-1][:-1] + "ом"]
            shift = rng.choice([0, 0, 0, 3, 12, 60])
            segments = [{"start": max(0, start - shift), "end": max(end - shift, 1)} for start, end in quote["spans"]]
            yield {
                "doc_id": gold.article.doc_id,
                "type": rng.choice(["direct", quote["type"], quote["type"]]),
                "segments": segments[: rng.choice([1, 5])],
                "speaker": rng.choice([*choices, rng.choice(speakers)]),
            }
        if rng.random() < 0.5:
            start = rng.randrange(len(gold.article.text))
            segments = [{"start": start, "end": min(start + 40, len(gold.article.text))}]
            yield {"doc_id": gold.article.doc_id, "type": "mixed", "segments": segments, "speaker": None}


@pytest.mark.parametrize(("folder", "seed"), [("gold/quotes_dev", 1), ("gold/quotes_forms_dev", 2)])
def test_same_figures_as_the_reference_scorer(folder: str, seed: int, tmp_path: Path) -> None:
    scorer, gold = shared("quotes/score_quotes.py"), shared(folder)
    write_quotes(list(perturb(load_gold(gold), seed)), tmp_path / "tables")
    command = [sys.executable, str(scorer), str(gold), str(tmp_path / "tables"), "--json"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    expected, by = json.loads(output)["all"], json.loads(output)["recall_by"]["type"]
    report = evaluate_quotes(gold, tmp_path / "tables")
    for ours, theirs in (("quote exact", "quote_exact"), *((name, name) for name in list(expected)[:4])):
        score = report[ours]
        assert (score.precision, score.recall, score.value) == pytest.approx(
            (expected[theirs]["p"], expected[theirs]["r"], expected[theirs]["f1"]), abs=0.0001
        )
        assert 0.1 < expected[theirs]["f1"] < 0.95  # a comparison of all or nothing would show little
        assert score.interval is not None
        assert score.interval[0] <= (score.value or 0) <= score.interval[1]
    for ours, theirs in (("speaker", "accuracy"), ("speaker strict", "strict"), ("type", "type_accuracy")):
        assert report[ours].value == pytest.approx(
            expected[theirs if ours == "type" else f"speaker_{theirs}"], abs=1e-4
        )
    for name, figures in by.items():
        if figures["attributed"]["gold"]:
            assert report[f"recall {name}"].value == pytest.approx(figures["quote@.5"]["r"], abs=1e-4)
            assert report[f"speaker {name}"].value == pytest.approx(figures["speaker_accuracy"], abs=1e-4)


def test_standoff_quotations_take_their_texts_from_the_corpus_they_name(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text('{"id": "tram", "text": "«Трамвай пустят», — сказал мэр."}\n', encoding="utf-8")
    gold = tmp_path / "quotes.jsonl"
    told = {"id": 1, "type": "direct", "spans": [[1, 15]], "speaker": "мэр", "speaker_kind": "person"}
    lines = [{"corpus": "corpus.jsonl"}, {"id": "tram", "quotes": [told]}]
    gold.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    (article,) = load_gold(gold)
    (quote,) = article.quotes
    assert article.article.text[slice(*quote["spans"][0])] == "Трамвай пустят"
    assert (quote["form"], quote["speaker"], quote["via"], quote["aliases"]) == ("inline", "мэр", None, [])
    gold.write_text('{"corpus": "corpus.jsonl"}\n{"id": "bus", "quotes": []}', encoding="utf-8")
    with pytest.raises(InputError, match="not the layout of gold"):
        load_gold(gold)


def test_negated_speech_is_counted_unless_gold_has_it_too(bridge: GoldArticle) -> None:
    text = bridge.article.text
    answers = [
        quote(text, "«Мост готов к открытию»,", speaker="Иван Орлов"),
        quote(text, "работы стоили 3 млн", "indirect", "Мэрия"),
    ]
    denied = replace(quote(text, "По данным мэрии", "indirect"), polarity="negated")
    assert score([bridge], {"bridge": [*answers, denied]}).metrics()["attributed"] == 0.8
    start, end = denied.segments[0]
    unasserted: GoldQuote = {**bridge.quotes[0], "id": 9, "spans": [(start, end)], "polarity": "negated"}
    both = replace(bridge, unasserted=[unasserted])
    assert set(score([both], {"bridge": [*answers, denied]}).metrics().values()) == {1.0}
