"""Small linear models that choose: weights by feature, from ``svodka/weights/speaker.json`` or a file like it.

The shipped weights are trained by ``models/speaker/train.py``; the card beside it tells on what, and how good they are.
`svodka.adapt` moves them to the gold of a user.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import exp
from pathlib import Path
from typing import Any

from svodka.errors import ConfigError

logger = logging.getLogger(__name__)

MODELS = ("source", "referent", "fragment", "attribution")
"""source: which words name who speaks; referent: whom words without a name mean; fragment: whether words in marks are
somebody's; attribution: whether a quotation and its speaker are right."""

_MOST = 1e6  # no trained weight comes near it
_LEAST_LOG_ODDS = -700.0  # exp(701) would overflow soon after


@dataclass(frozen=True, slots=True)
class Scorer:
    """A logistic model over features that are there or not.

    Attributes:
        bias: What is added to every sum.
        weights: Weight of each feature; one without a weight counts nothing.
        threshold: Log odds below which nothing is chosen.
    """

    bias: float
    weights: dict[str, float]
    threshold: float

    def __call__(self, features: Iterable[str]) -> float:
        """Log odds that what has these features is right."""
        weight = self.weights.get
        return self.bias + sum(weight(feature, 0.0) for feature in features)


def probability(log_odds: float) -> float:
    """The probability of log odds."""
    return 1 / (1 + exp(-max(log_odds, _LEAST_LOG_ODDS)))


def load_scorers(path: Path | None = None) -> dict[str, Scorer]:
    """The models by name; the names are `MODELS`.

    Weights that lack features of the shipped ones were adapted from those of another version; this is logged.

    Args:
        path: A file of weights; None for those that svodka ships.

    Raises:
        ConfigError: The file cannot be read or holds no such weights; the message names file and fault.
    """
    if path is None:
        return _shipped()
    try:
        scorers = parse_scorers(json.loads(path.read_text(encoding="utf-8")))
        _check_features(scorers, path)
        return scorers
    except OSError as error:
        raise ConfigError(f"{path}: the weights cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:  # no JSON, no UTF-8, no weights
        raise ConfigError(f"{path}: no weights as `svodka adapt` writes them: {error}") from error


def _check_features(scorers: Mapping[str, Scorer], path: Path) -> None:
    """Refuse models of features that nobody asks about, and tell of weights that come from others than the shipped."""
    lacking = 0
    for name, shipped in _shipped().items():
        known = shipped.weights.keys() & scorers[name].weights.keys()
        if scorers[name].weights and not known:
            raise ValueError(f"the model {name!r} has none of the features that svodka asks about")
        lacking += len(shipped.weights) - len(known)
    if lacking:
        logger.warning(
            "%s: adapted from the weights of another version of svodka, %d features are missing; `svodka adapt` with "
            "the same gold makes them anew",
            path,
            lacking,
        )


def parse_scorers(values: Any) -> dict[str, Scorer]:  # noqa: ANN401
    """The models of what stands in a file of weights.

    Raises:
        ValueError: A model is missing or unknown, or something in it is no number.
    """
    models = values.get("models") if isinstance(values, Mapping) else None
    if not isinstance(models, Mapping):
        raise ValueError("there is no object `models`")
    if set(models) != set(MODELS):
        raise ValueError(f"`models` are {', '.join(map(str, models)) or 'none'}; {', '.join(MODELS)} are asked")
    return {name: _parse(name, models[name]) for name in MODELS}


def dump_scorers(scorers: Mapping[str, Scorer]) -> dict[str, Any]:
    """What stands in a file of weights: the heaviest first."""
    return {
        "models": {
            name: {
                "bias": scorer.bias,
                "threshold": scorer.threshold,
                "weights": dict(sorted(scorer.weights.items(), key=lambda item: -abs(item[1]))),
            }
            for name, scorer in scorers.items()
        }
    }


def save_scorers(scorers: Mapping[str, Scorer], path: Path) -> None:
    """Write a file of weights."""
    path.write_text(json.dumps(dump_scorers(scorers), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Scorer]:
    return parse_scorers(json.loads(files("svodka").joinpath("weights", "speaker.json").read_text(encoding="utf-8")))


def _parse(name: str, model: Any) -> Scorer:  # noqa: ANN401
    if not isinstance(model, Mapping) or set(model) != {"bias", "threshold", "weights"}:
        raise ValueError(f"the model {name!r} is not bias, threshold and weights")
    if not isinstance(model["weights"], Mapping):
        raise ValueError(f"the weights of the model {name!r} are not by feature")
    weights = {str(feature): _number(f"{name}: {feature}", weight) for feature, weight in model["weights"].items()}
    bias, threshold = (_number(f"{name}: {key}", model[key]) for key in ("bias", "threshold"))
    return Scorer(bias, weights, threshold)


def _number(what: str, value: Any) -> float:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _MOST:
        raise ValueError(f"{what!r} is {value!r}, not a number from -{_MOST:,.0f} to {_MOST:,.0f}")
    return float(value)
