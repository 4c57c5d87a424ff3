"""How sure an answer is, learnt from what the quotes stage answers by itself about documents no model has seen."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from svodka.adapt.examples import NOTHING, Corpus, gather, gather_answers, gather_quoted
from svodka.adapt.training import Table, examples_of, tables_of, train
from svodka.adapt.validation import Part, answers_of, cross_validate, folds_of, parts_of
from svodka.evaluate.gold import load_gold
from svodka.evaluate.quotes import compare, score
from svodka.stages.quotes.scorer import MODELS, load_scorers

_GOLD = Path(__file__).parents[2] / "data" / "gold"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus.read(load_gold(_GOLD))


@pytest.fixture(scope="module")
def choosing(corpus: Corpus) -> dict[str, Table]:
    return tables_of(examples_of(corpus))


@pytest.fixture(scope="module")
def parts(corpus: Corpus, choosing: Mapping[str, Table]) -> list[Part]:
    return list(parts_of(corpus, choosing))


@pytest.mark.parametrize("model", ["source", "referent"])
@pytest.mark.parametrize("threshold", [-1e3, 0.0, 1e3])  # somebody always, where it is likely, or nobody ever
def test_answers_are_judged_as_evaluation_judges_them(corpus: Corpus, model: str, threshold: float) -> None:
    scorers = load_scorers()
    scorers = scorers | {model: replace(scorers[model], threshold=threshold)}
    answers = gather_answers(corpus, scorers)
    assert set(answers) == {"attribution"}
    counts: Counter[str] = Counter()
    for place, article in enumerate(corpus.gold):
        counts += compare(article, corpus.predict(place, scorers))[0]
    assert len(answers["attribution"]) == counts["predicted"]
    assert sum(example.right[0] for example in answers["attribution"]) == counts["close speaker"] > 0


def test_models_that_choose_learn_where_gold_leads(corpus: Corpus) -> None:
    scorers = load_scorers()
    nobody = {name: replace(scorers[name], threshold=1e3) for name in ("source", "referent")}
    led, led_anyway = gather(corpus, scorers), gather(corpus, scorers | nobody)
    assert set(led) == {"source", "referent", "fragment"}
    for name in ("source", "referent"):
        assert any(any(example.right) for example in led_anyway[name])
        assert len(led_anyway[name]) == pytest.approx(len(led[name]), abs=2)
    everything = gather_quoted(corpus, dict.fromkeys(MODELS, NOTHING))
    assert set(everything) == {"fragment"}
    assert len(everything["fragment"]) >= len(led["fragment"])


def test_no_model_has_seen_the_document_it_answers_about(
    corpus: Corpus, choosing: Mapping[str, Table], parts: list[Part]
) -> None:
    assert "attribution" not in choosing
    assert [part.places for part in parts] == list(folds_of(corpus.ids, 10))
    for part in parts:
        assert part.held == {corpus.ids[i] for i in part.places}
        assert part.others == set(corpus.ids) - part.held
    for part in parts[:2]:
        assert {name: part.scorers[name] for name in choosing} == train(choosing, part.others)
        assert part.scorers["attribution"] == NOTHING
    answers = answers_of(corpus, parts)["attribution"]
    for part in parts:
        mine = [example for example in answers if example.doc in part.held]
        assert mine == gather_answers(corpus.part(part.places), part.scorers)["attribution"]


def test_on_the_whole_it_is_as_sure_as_it_is_right(
    corpus: Corpus, choosing: Mapping[str, Table], parts: list[Part]
) -> None:
    judged = tables_of(answers_of(corpus, parts))
    right = np.mean([example.right[0] for example in judged["attribution"].examples])
    log_odds = judged["attribution"].log_odds(train(judged)["attribution"])
    assert np.mean(1 / (1 + np.exp(-log_odds))) == pytest.approx(right, abs=0.005)  # for its bias is free

    scores = cross_validate({"gold": corpus.gold}, corpus, {**choosing, **judged}, parts)
    assert scores["confidence"]["right"] == round(float(right), 4)
    assert scores["confidence"]["predicted"] == pytest.approx(right, abs=0.03)
    assert sum(tenth["of"] for tenth in scores["calibration"]) == len(judged["attribution"].examples)
    predicted = {corpus.ids[i]: corpus.predict(i, part.scorers) for part in parts for i in part.places}
    assert scores["quotes"]["gold"]["attributed"] == round(score(corpus.gold, predicted)["attributed"].value or 0, 4)
