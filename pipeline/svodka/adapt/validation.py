"""Models trained from nothing on all parts of gold but one: their answers about that one, and how good they are.

The answers teach the model `attribution`, which says how sure they are: it has to see as many wrong ones as documents
will give that no model has learnt from (stacking, Wolpert 1992).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from svodka.adapt.examples import NOTHING, Corpus, Examples, gather_answers
from svodka.adapt.training import Table, train
from svodka.evaluate.markup import GoldArticle
from svodka.evaluate.quotes import Prediction, score
from svodka.libraries import require
from svodka.stages.quotes.scorer import MODELS, Scorer, probability

FOLDS = 10


@dataclass(frozen=True, slots=True)
class Part:
    """A part of gold.

    Attributes:
        places: Positions of its documents.
        held: Their ids.
        others: The ids of all the others.
        scorers: Models trained on the others.
    """

    places: Sequence[int]
    held: frozenset[str]
    others: frozenset[str]
    scorers: Mapping[str, Scorer]


def folds_of(ids: Sequence[str], n_folds: int) -> Iterator[list[int]]:
    """Positions of the documents of each part; every document its own part where they are no more than parts."""
    folds = require("sklearn.model_selection", "adapt").GroupKFold(min(n_folds, len(ids)))
    for _, test in folds.split(ids, groups=ids):
        yield test.tolist()


def parts_of(corpus: Corpus, tables: Mapping[str, Table]) -> Iterator[Part]:
    """The parts of gold with models that have not seen them.

    Args:
        corpus: The gold.
        tables: What the models that choose are asked over it.
    """
    ids = frozenset(corpus.ids)
    for places in folds_of(corpus.ids, FOLDS):
        held = frozenset(corpus.ids[i] for i in places)
        yield Part(places, held, ids - held, dict.fromkeys(MODELS, NOTHING) | train(tables, ids - held))


def answers_of(corpus: Corpus, parts: Sequence[Part]) -> Examples:
    """What the model `attribution` is asked: about the answers that models give where they have not seen the document.

    Args:
        corpus: The gold.
        parts: Its parts.
    """
    answers = [gather_answers(corpus.part(part.places), part.scorers) for part in parts]
    return {"attribution": [example for found in answers for example in found["attribution"]]}


def cross_validate(
    gold: Mapping[str, Sequence[GoldArticle]], corpus: Corpus, tables: Mapping[str, Table], parts: Sequence[Part]
) -> dict[str, Any]:
    """The figures of `svodka evaluate quotes` for models trained from nothing on other documents, and of each choice.

    Args:
        gold: The articles by the name of their set.
        corpus: The same articles, read.
        tables: What all the models are asked over them.
        parts: Their parts.
    """
    predicted: dict[str, list[Prediction]] = {}
    sure: list[tuple[float, bool]] = []
    kinds: dict[str, list[bool]] = {}
    attribution = tables["attribution"]
    for part in parts:
        scorers = {**part.scorers, **train({"attribution": attribution}, part.others)}
        for name, table in tables.items():
            log_odds, places = table.log_odds(scorers[name]), table.places(part.held)
            for place, right in zip(places, table.right(log_odds, places, scorers[name].threshold), strict=True):
                example = table.examples[place]
                kinds.setdefault(f"{name} {example.what}" if name == "referent" else name, []).append(right)
                if name == "attribution":
                    sure.append((probability(scorers[name](example.features[0])), example.right[0]))
        predicted |= {corpus.ids[i]: corpus.predict(i, scorers) for i in part.places}
    figures = {
        name: {one.name: round(one.value, 4) for one in score(articles, predicted).scores if one.value is not None}
        for name, articles in gold.items()
    }
    choices = {name: {"right": round(float(np.mean(v)), 4), "of": len(v)} for name, v in kinds.items()}
    return {"choices": choices, "confidence": fit(sure), "calibration": calibration(sure), "quotes": figures}


def fit(sure: Sequence[tuple[float, bool]]) -> dict[str, float]:
    """How well predicted probabilities fit what is right: both means, the log loss, and how far tenths are off."""
    predicted, right = np.array(sure, dtype=np.float64).T
    off = sum(tenth["of"] * abs(tenth["predicted"] - tenth["right"]) for tenth in calibration(sure))
    figures = {
        "predicted": predicted.mean(),
        "right": right.mean(),
        "log loss": -np.log(np.where(right == 1, predicted, 1 - predicted)).mean(),
        "calibration error": off / len(sure),
    }
    return {name: round(float(value), 4) for name, value in figures.items()}


def calibration(sure: Sequence[tuple[float, bool]]) -> list[dict[str, float]]:
    """Tenths of predicted probability with the share that is right."""
    table = []
    for low in range(10):
        inside = [(p, right) for p, right in sure if low / 10 <= p < (low + 1) / 10 + (low == 9)]
        if inside:
            predicted, right = np.mean(inside, axis=0)
            table.append({"predicted": round(float(predicted), 3), "right": round(float(right), 3), "of": len(inside)})
    return table
