"""Models moved from the weights they have to a user's gold, as far as it supports that."""

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from svodka.adapt.training import CHOOSING, INNER_FOLDS, THRESHOLDS, Table
from svodka.stages.quotes.scorer import Scorer

STRENGTHS = (None, 0.03, 0.1, 0.3, 1.0)
"""Variances of the prior to choose from, how far weights may move; None leaves them as they are."""
SURE = 1.0  # standard errors by which what moves has to be better than what stays

_Places = NDArray[np.int64]
_Tested = Sequence[tuple[_Places, NDArray[np.float64]]]  # examples of each fold, and the log odds of all


@dataclass(frozen=True, slots=True)
class Moved:
    """A model after adaptation.

    Attributes:
        scorer: The model.
        strength: Variance of the prior that was chosen; None where the weights stayed.
    """

    scorer: Scorer
    strength: float | None


def move_all(
    tables: Mapping[str, Table], scorers: Mapping[str, Scorer], docs: Container[str] | None = None
) -> dict[str, Moved]:
    """All models, moved by the examples of some documents; of all if not given."""
    return {
        name: move(name, tables[name], tables[name].places(docs), scorer) if name in tables else Moved(scorer, None)
        for name, scorer in scorers.items()
    }


def move(name: str, table: Table, among: _Places, scorer: Scorer) -> Moved:
    """A model moved by some examples, as far as makes others the most probable in cross-validation.

    Args:
        name: Name of the model.
        table: The examples.
        among: Positions of those to learn from.
        scorer: The model to start from.
    """
    folds = list(table.folds(INNER_FOLDS, among))
    trials = {
        strength: [(test, table.log_odds(_moved(table, train, scorer, strength))) for train, test in folds]
        for strength in STRENGTHS
    }
    strength = _strength(table, trials)
    moved = _moved(table, among, scorer, strength)
    if name in CHOOSING:
        moved = replace(moved, threshold=_threshold(table, trials[strength], scorer.threshold))
    return Moved(moved, strength)


def _moved(table: Table, among: _Places, scorer: Scorer, strength: float | None) -> Scorer:
    return scorer if strength is None else table.fit(among, strength, scorer)


def _strength(table: Table, trials: Mapping[float | None, _Tested]) -> float | None:
    """The least strength that is not surely worse than the best (Breiman et al. 1984: one standard error)."""

    def by_document(tested: _Tested) -> NDArray[np.float64]:
        losses: dict[str, float] = defaultdict(float)
        for test, log_odds in tested:
            for place, loss in zip(test, table.losses(log_odds, test), strict=True):
                losses[table.docs[place]] += loss
        return np.array(list(losses.values()))

    losses = {strength: by_document(tested) for strength, tested in trials.items()}
    best = min(STRENGTHS, key=lambda strength: losses[strength].sum())
    return next(strength for strength in STRENGTHS if not _is_surely_more(losses[strength] - losses[best]))


def _is_surely_more(differences: NDArray[np.float64]) -> bool:
    """Whether differences by document add up to more than their standard error."""
    spread = np.sqrt(len(differences)) * differences.std(ddof=1) if len(differences) > 1 else 0.0
    return bool(differences.sum() > SURE * spread)


def _threshold(table: Table, tested: _Tested, now: float) -> float:
    """The threshold with the most right choices, if it is surely better than the one there is."""

    def right(threshold: float) -> NDArray[np.bool_]:
        chosen = [table.right(log_odds, test, threshold) for test, log_odds in tested]
        return np.concatenate([np.zeros(0, dtype=bool), *chosen])

    before = right(now)
    best = max(THRESHOLDS, key=lambda threshold: right(threshold).sum())
    after = right(best)
    won, lost = (after & ~before).sum(), (before & ~after).sum()
    return round(best, 3) if won - lost > SURE * sqrt(won + lost) else now
