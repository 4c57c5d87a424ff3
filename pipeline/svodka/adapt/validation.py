"""How good models trained from nothing are on documents that they have not seen: cross-validation by document."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from svodka.adapt.examples import Corpus
from svodka.adapt.training import Table, train
from svodka.evaluate.markup import GoldArticle
from svodka.evaluate.quotes import Prediction, score
from svodka.libraries import require
from svodka.stages.quotes.scorer import probability

FOLDS = 10


def folds_of(ids: Sequence[str], n_folds: int) -> Iterator[list[int]]:
    """Positions of the documents of each part; every document its own part where they are no more than parts."""
    folds = require("sklearn.model_selection", "adapt").GroupKFold(min(n_folds, len(ids)))
    for _, test in folds.split(ids, groups=ids):
        yield test.tolist()


def cross_validate(
    gold: Mapping[str, Sequence[GoldArticle]], corpus: Corpus, tables: Mapping[str, Table]
) -> dict[str, Any]:
    """The figures of `svodka evaluate quotes` for models trained from nothing on other documents, and of each choice.

    Args:
        gold: The articles by the name of their set.
        corpus: The same articles, read.
        tables: What the models are asked over them.
    """
    ids = corpus.ids
    predicted: dict[str, list[Prediction]] = {}
    sure: list[tuple[float, bool]] = []
    kinds: dict[str, list[bool]] = {}
    for test in folds_of(ids, FOLDS):
        held = frozenset(ids[i] for i in test)
        scorers = train(tables, frozenset(ids) - held)
        for name, scorer in scorers.items():
            log_odds, places = tables[name].log_odds(scorer), tables[name].places(held)
            for place, right in zip(places, tables[name].right(log_odds, places, scorer.threshold), strict=True):
                example = tables[name].examples[place]
                kinds.setdefault(f"{name} {example.what}" if name == "referent" else name, []).append(right)
                if name == "attribution":
                    sure.append((probability(scorer(example.features[0])), example.right[0]))
        predicted |= {ids[i]: corpus.predict(i, scorers) for i in test}
    figures = {
        name: {one.name: round(one.value, 4) for one in score(articles, predicted).scores if one.value is not None}
        for name, articles in gold.items()
    }
    choices = {name: {"right": round(float(np.mean(v)), 4), "of": len(v)} for name, v in kinds.items()}
    return {"choices": choices, "calibration": calibration(sure), "quotes": figures}


def calibration(sure: Sequence[tuple[float, bool]]) -> list[dict[str, float]]:
    """Tenths of predicted probability with the share that is right."""
    table = []
    for low in range(10):
        inside = [(p, right) for p, right in sure if low / 10 <= p < (low + 1) / 10 + (low == 9)]
        if inside:
            predicted, right = np.mean(inside, axis=0)
            table.append({"predicted": round(float(predicted), 3), "right": round(float(right), 3), "of": len(inside)})
    return table
