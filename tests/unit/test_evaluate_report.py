import json

import pytest

from svodka.evaluate.report import Disagreement, Report, Score, Tally


@pytest.fixture
def tally() -> Tally:
    return Tally([{"hits": 3, "predicted": 4, "gold": 5}, {"hits": 1, "predicted": 4}, {"gold": 5}])


def test_f1_sums_over_documents(tally: Tally) -> None:
    score = tally.f1("quote", "hits", "predicted", "gold")
    assert (score.precision, score.recall) == (4 / 8, 4 / 10)
    assert score.value == pytest.approx(2 * 0.5 * 0.4 / 0.9)
    assert (score.n_docs, score.n_items) == (3, 10)


def test_f1_takes_recall_from_the_hits_of_gold(tally: Tally) -> None:
    score = tally.f1("span", "hits", "predicted", "gold", "predicted")
    assert (score.precision, score.recall) == (4 / 8, 8 / 10)


def test_nothing_predicted_is_zero_and_nothing_to_measure_is_none(tally: Tally) -> None:
    assert tally.f1("quote", "none", "none", "gold").value == 0
    assert tally.ratio("speaker", "none", "none").value is None
    assert Report(layer="quotes", scores=(tally.ratio("speaker", "none", "none"),)).metrics() == {}


def test_interval_holds_the_value_and_is_the_same_every_time() -> None:
    documents = [{"right": index % 3, "all": 3} for index in range(60)]
    score = Tally(documents).ratio("speaker", "right", "all")
    assert score.interval is not None
    assert score.value is not None
    low, high = score.interval
    assert low < score.value < high
    # the standard error of the mean of 0, 1/3, 2/3 over 60 documents is 0.035
    assert high - low == pytest.approx(4 * 0.035, abs=0.02)
    assert Tally(documents).ratio("speaker", "right", "all").interval == score.interval


def test_documents_that_agree_leave_no_doubt() -> None:
    assert Tally([{"right": 1, "all": 2}] * 8).ratio("speaker", "right", "all").interval == (0.5, 0.5)


def test_one_document_has_no_interval() -> None:
    assert Tally([{"right": 1, "all": 2}]).ratio("speaker", "right", "all").interval is None
    assert Tally([]).ratio("speaker", "right", "all").interval is None


def test_text_is_aligned_and_leaves_empty_columns_out() -> None:
    scores = (
        Score(name="attributed", value=0.5, precision=0.25, recall=1.0, n_docs=3, n_items=12),
        Score(name="type", value=None, n_docs=3, n_items=0),
    )
    error = Disagreement.at("a1", "missed", "Мост\nоткрыт", 0, 11, "direct")
    text = Report(layer="quotes", scores=scores, disagreements=(error,)).to_text(errors=5)
    assert text.splitlines() == [
        "quotes       value       P       R  docs  items",
        "attributed  0.5000  0.2500  1.0000     3     12",
        "type                                   3      0",
        "a1 | missed | Мост открыт | gold: direct | predicted: None",
    ]


def test_json_reads_back() -> None:
    report = Report(layer="dates", scores=(Score(name="value", value=0.75, interval=(0.5, 1.0), n_docs=2, n_items=4),))
    values = json.loads(report.to_json())
    assert values["layer"] == "dates"
    assert (
        values["scores"][0] | {"name": "value", "value": 0.75, "interval": [0.5, 1.0], "n_items": 4}
        == (values["scores"][0])
    )


def test_a_figure_is_found_by_name() -> None:
    report = Report(layer="dates", scores=(Score(name="value", value=1.0, n_docs=1, n_items=1),))
    assert report["value"].value == 1
    with pytest.raises(KeyError):
        report["speed"]
