"""Logistic models over features that are there or not, trained from nothing or from weights that are there already.

A model that starts from weights is held to them by the penalty that holds a new one to zero: they are the mean of its
Gaussian prior (Chelba and Acero 2004, «Adaptation of Maximum Entropy Capitalizer»). The more examples, the further it
moves.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from math import log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from svodka.adapt.examples import NOTHING, Corpus, Example, Examples, gather, gather_quoted
from svodka.libraries import require
from svodka.stages.quotes.scorer import MODELS, Scorer

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

RARE = 3  # a feature seen less often gets no weight
STRENGTH = {
    "source": 0.5,
    "referent": 0.5,
    "fragment": 0.5,
    "attribution": 0.3,
}  # variance of the prior, of a new model
CHOOSING = ("source", "referent")  # one of several candidates, or none
KEEPING = {"fragment": 0.45, "attribution": 0.5}  # the least probability to keep; the best for F1 is half of F1
THRESHOLDS = [log(p / (1 - p)) for p in (0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)]
INNER_FOLDS = 5

_Floats = NDArray[np.float64]
_Places = NDArray[np.int64]


class Table:
    """The examples of a model as a matrix, made once for all the trainings that cross-validation needs.

    Args:
        examples: The examples, at least one with a candidate.

    Attributes:
        examples: They.
        docs: The document of each.
    """

    def __init__(self, examples: Sequence[Example]) -> None:
        self.examples = examples
        self.docs = [example.doc for example in examples]
        rows = [dict.fromkeys(features, 1) for example in examples for features in example.features]
        vectorizer = require("sklearn.feature_extraction", "adapt").DictVectorizer()
        self._matrix: csr_matrix = vectorizer.fit_transform(rows)
        self._names: list[str] = list(vectorizer.get_feature_names_out())
        self._labels = np.array([right for example in examples for right in example.right], dtype=np.float64)
        self._starts = np.cumsum([0, *(len(example.features) for example in examples)])

    def folds(self, n_folds: int, among: _Places) -> Iterator[tuple[_Places, _Places]]:
        """Examples to train on and to test on, documents apart; none where there are too few documents."""
        docs = [self.docs[i] for i in among]
        n_folds = min(n_folds, len(set(docs)))
        if n_folds >= 2:
            folds = require("sklearn.model_selection", "adapt").GroupKFold(n_folds)
            for train, test in folds.split(docs, groups=docs):
                yield among[train], among[test]

    def places(self, docs: Container[str] | None = None) -> _Places:
        """Positions of the examples of some documents; of all if not given."""
        return np.array([i for i, doc in enumerate(self.docs) if docs is None or doc in docs], dtype=np.int64)

    def fit(self, among: _Places, strength: float, prior: Scorer | None = None) -> Scorer:
        """The model of some examples.

        Args:
            among: Their positions.
            strength: Variance of the prior: how far weights may move from it.
            prior: The weights to start from, which also say the threshold; None for zero, and a bias that is free.
        """
        rows = self._rows(among)
        matrix, labels = self._matrix[rows], self._labels[rows]
        known = np.array([prior is not None and name in prior.weights for name in self._names])
        kept = known | (np.asarray(matrix.sum(axis=0)).ravel() >= RARE)
        names = [name for name, is_kept in zip(self._names, kept, strict=True) if is_kept]
        start = np.array(
            [*(prior.weights.get(name, 0.0) if prior else 0.0 for name in names), prior.bias if prior else 0.0]
        )
        found = _solve(matrix[:, kept], labels, start, strength, free_bias=prior is None)
        weights = {name: round(float(weight), 3) for name, weight in zip(names, found, strict=False)}
        bias = round(float(found[-1]), 3)
        return Scorer(bias, weights, 0.0) if prior is None else Scorer(bias, prior.weights | weights, prior.threshold)

    def log_odds(self, scorer: Scorer) -> _Floats:
        """What a model gives every candidate of every example."""
        weights = np.array([scorer.weights.get(name, 0.0) for name in self._names])
        return np.asarray(self._matrix @ weights + scorer.bias)

    def right(self, log_odds: _Floats, among: _Places, threshold: float) -> NDArray[np.bool_]:
        """Whether the choice by log odds is right, of each of some examples."""
        return np.array([self._is_right(log_odds, i, threshold) for i in among], dtype=bool)

    def losses(self, log_odds: _Floats, among: _Places) -> _Floats:
        """The negative log likelihood of the candidates of each of some examples."""
        sums = np.cumsum([0, *(np.logaddexp(0, log_odds) - self._labels * log_odds)])
        return np.asarray(sums[self._starts[among + 1]] - sums[self._starts[among]])

    def _rows(self, among: _Places) -> _Places:
        return np.concatenate([np.arange(0), *(np.arange(self._starts[i], self._starts[i + 1]) for i in among)])

    def _is_right(self, log_odds: _Floats, place: int, threshold: float) -> bool:
        scores = log_odds[self._starts[place] : self._starts[place + 1]]
        labels = self._labels[self._starts[place] : self._starts[place + 1]]
        if not len(scores) or scores.max() <= threshold:
            return not labels.any()
        return bool(labels[scores.argmax()])


def _solve(matrix: "csr_matrix", labels: _Floats, start: _Floats, strength: float, *, free_bias: bool) -> _Floats:
    """The most probable weights, the bias last, by L-BFGS.

    The mean over the rows is what is made least, and the end is told as scikit-learn's LogisticRegression tells it.
    """
    minimize, expit = require("scipy.optimize", "adapt").minimize, require("scipy.special", "adapt").expit
    n_rows = max(len(labels), 1)

    def loss(parameters: _Floats) -> tuple[float, _Floats]:
        moved = parameters - start
        moved[-1] *= not free_bias
        log_odds = matrix @ parameters[:-1] + parameters[-1]
        surprise = (np.logaddexp(0, log_odds) - labels * log_odds).sum() + moved @ moved / (2 * strength)
        errors = expit(log_odds) - labels
        slope = np.append(matrix.T @ errors, errors.sum()) + moved / strength
        return surprise / n_rows, slope / n_rows

    ends = {"maxiter": 5000, "maxls": 50, "gtol": 1e-4, "ftol": 64 * np.finfo(float).eps}
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options=ends).x)


# ---- from nothing


def examples_of(corpus: Corpus) -> Examples:
    """The examples of models that choose, trained from nothing.

    First of quoted words, all of them kept; then of the rest, as the model of these leaves them.
    """
    models = dict.fromkeys(MODELS, NOTHING)
    earlier = gather_quoted(corpus, models)
    return gather(corpus, models | train(tables_of(earlier))) | earlier


def tables_of(examples: Examples) -> dict[str, Table]:
    """The tables of models whose examples have a candidate at all."""
    return {name: Table(found) for name, found in examples.items() if any(example.features for example in found)}


def train(tables: Mapping[str, Table], docs: Container[str] | None = None) -> dict[str, Scorer]:
    """Models from nothing, by the examples of some documents; of all if not given."""
    return {name: _train(name, table, table.places(docs)) for name, table in tables.items()}


def _train(name: str, table: Table, among: _Places) -> Scorer:
    scorer = table.fit(among, STRENGTH[name])
    if name in KEEPING:
        threshold = log(KEEPING[name] / (1 - KEEPING[name]))
    else:
        right = np.zeros(len(THRESHOLDS))
        for train, test in table.folds(INNER_FOLDS, among):
            log_odds = table.log_odds(table.fit(train, STRENGTH[name]))
            right += [table.right(log_odds, test, threshold).sum() for threshold in THRESHOLDS]
        threshold = THRESHOLDS[int(right.argmax())]
    return replace(scorer, threshold=round(threshold, 3))
