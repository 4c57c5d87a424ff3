"""Small linear models that choose: weights by feature, read from ``svodka/weights/speaker.json``.

The weights are trained by ``models/speaker/train.py``; the card beside it tells on what, and how good they are.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import exp
from pathlib import Path


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
    return 1 / (1 + exp(-log_odds))


def load_scorers(path: Path | None = None) -> dict[str, Scorer]:
    """The models by name.

    source: which words name who speaks; referent: whom words without a name mean; fragment: whether words in marks
    are somebody's; attribution: whether a quotation and its speaker are right.

    Args:
        path: A file of weights; None for those that svodka ships.
    """
    if path is None:
        return _shipped()
    return _read(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Scorer]:
    return _read(files("svodka").joinpath("weights", "speaker.json").read_text(encoding="utf-8"))


def _read(text: str) -> dict[str, Scorer]:
    return {name: Scorer(**values) for name, values in json.loads(text)["models"].items()}
