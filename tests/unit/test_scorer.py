"""The models of the quotes stage: weights by feature."""

import json
from pathlib import Path

import pytest

from svodka._compat import package_path
from svodka.errors import ConfigError
from svodka.stages.quotes.scorer import MODELS, Scorer, load_scorers, probability, save_scorers


def test_weights_of_the_features_that_are_there_are_added_to_the_bias() -> None:
    scorer = Scorer(bias=-1.0, weights={"subject": 2.0, "far": -0.5}, threshold=0.0)
    assert scorer(["subject", "far"]) == pytest.approx(0.5)
    assert scorer(["subject", "never seen in training"]) == pytest.approx(1.0)
    assert scorer([]) == pytest.approx(-1.0)


def test_probability_of_log_odds() -> None:
    assert probability(0.0) == pytest.approx(0.5)
    assert probability(2.0) + probability(-2.0) == pytest.approx(1.0)
    assert probability(-700.0) < 1e-300
    assert probability(-1e9) < 1e-300


def test_the_shipped_models_are_those_that_the_stage_asks() -> None:
    scorers = load_scorers()
    assert tuple(scorers) == MODELS == ("source", "referent", "fragment", "attribution")
    assert all(scorer.weights for scorer in scorers.values())


def test_weights_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    mine = {"роль: \u2028 'министр'": 1.25, "far": -2000.0}
    scorers = {name: Scorer(0.5, scorer.weights | mine, -1.0) for name, scorer in load_scorers().items()}
    save_scorers(scorers, path)
    assert load_scorers(path) == scorers
    assert next(iter(json.loads(path.read_text(encoding="utf-8"))["models"]["source"]["weights"])) == "far"


def test_weights_of_another_version_are_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path, scorers = tmp_path / "weights.json", load_scorers()
    save_scorers(scorers, path)
    assert load_scorers(path) == scorers
    assert caplog.messages == []
    first, *others = scorers["source"].weights
    save_scorers(scorers | {"source": Scorer(0.0, {"one of then": 1.0, first: 1.0}, 0.0)}, path)
    load_scorers(path)
    assert len(caplog.messages) == 1
    assert f"another version of svodka, {len(others)} features are missing; `svodka adapt`" in caplog.messages[0]


def test_models_of_features_that_nobody_asks_about_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    save_scorers(load_scorers() | {"referent": Scorer(0.0, {"wind": 1.0}, 0.0)}, path)
    with pytest.raises(ConfigError, match=r"weights\.json: no weights as .*'referent' has none of the features"):
        load_scorers(path)


def test_the_shipped_file_is_what_saving_its_models_writes(tmp_path: Path) -> None:
    save_scorers(load_scorers(), tmp_path / "weights.json")
    shipped = package_path("svodka") / "weights" / "speaker.json"
    assert (tmp_path / "weights.json").read_bytes() == shipped.read_bytes()


MODEL = {"bias": 0, "threshold": 0, "weights": {}}


def all_of(model: dict[str, object]) -> str:
    return json.dumps({"models": dict.fromkeys(MODELS, model)})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "Expecting value"),
        ("[" * 5000, "recursion"),
        ("[]", "no object `models`"),
        ('{"weights": {}}', "no object `models`"),
        ('{"models": {}}', "`models` are none; source, referent, fragment, attribution are asked"),
        (json.dumps({"models": {"source": MODEL}}), "`models` are source; source, referent"),
        (all_of({"bias": 0}), "'source' is not bias, threshold and weights"),
        (all_of({**MODEL, "weights": [1]}), "of the model 'source' are not by"),
        (all_of({**MODEL, "bias": float("nan")}), "'source: bias' is nan"),
        (all_of({**MODEL, "threshold": True}), "'source: threshold' is True"),
        (all_of({**MODEL, "weights": {"far": "1"}}), "'source: far' is '1'"),
    ],
)
def test_a_file_that_holds_no_weights_is_refused_with_the_fault(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"weights\.json: no weights as `svodka adapt` writes them: .*{message}"):
        load_scorers(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"weights\.json: the weights cannot be read: No such file"):
        load_scorers(tmp_path / "weights.json")
