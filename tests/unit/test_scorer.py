"""The models of the quotes stage: weights by feature."""

import json
from pathlib import Path

import pytest

from svodka.stages.quotes.scorer import Scorer, load_scorers, probability


def test_weights_of_the_features_that_are_there_are_added_to_the_bias() -> None:
    scorer = Scorer(bias=-1.0, weights={"subject": 2.0, "far": -0.5}, threshold=0.0)
    assert scorer(["subject", "far"]) == pytest.approx(0.5)
    assert scorer(["subject", "never seen in training"]) == pytest.approx(1.0)
    assert scorer([]) == pytest.approx(-1.0)


def test_probability_of_log_odds() -> None:
    assert probability(0.0) == pytest.approx(0.5)
    assert probability(2.0) + probability(-2.0) == pytest.approx(1.0)
    assert probability(-700.0) < 1e-300


def test_the_shipped_models_are_those_that_the_stage_asks() -> None:
    scorers = load_scorers()
    assert set(scorers) == {"source", "referent", "fragment", "attribution"}
    assert all(scorer.weights for scorer in scorers.values())


def test_weights_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    model = {"bias": 0.5, "threshold": -1.0, "weights": {"subject": 1.0}}
    path.write_text(json.dumps({"models": {"source": model}}), encoding="utf-8")
    assert load_scorers(path) == {"source": Scorer(0.5, {"subject": 1.0}, -1.0)}
