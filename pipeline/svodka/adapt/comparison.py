"""What adaptation gains on documents that it has not seen: before and after, cross-validated by document."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from svodka.adapt.examples import Corpus
from svodka.adapt.moving import Moved, move_all
from svodka.adapt.training import Table
from svodka.adapt.validation import folds_of
from svodka.evaluate.quotes import compare
from svodka.evaluate.report import RESAMPLES, SEED
from svodka.stages.quotes.scorer import Scorer

_Floats = NDArray[np.float64]
Interval = tuple[float, float]

# each figure is how often hits are found among what they are counted from, in the names of `evaluate.quotes.compare`
FIGURES: dict[str, tuple[float, str, tuple[str, ...]]] = {
    "found": (2, "close", ("predicted", "gold")),
    "speaker": (1, "speaker", ("paired",)),
    "attributed": (2, "close speaker", ("predicted", "gold")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure of `svodka evaluate quotes`, with percentile intervals of 95 % by bootstrap over documents.

    Attributes:
        name: found (F1, 0.8 of the words), speaker (share of the pairs), attributed (F1, both right).
        before: With the weights there were.
        before_interval: Its interval.
        after: With adapted weights that have not seen the document.
        after_interval: Its interval.
        gain: The difference.
        gain_interval: Its interval, of paired resamples: the same documents before and after.
    """

    name: str
    before: float
    before_interval: Interval
    after: float
    after_interval: Interval
    gain: float
    gain_interval: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a model chose of the examples that gold gives, in documents it has not seen.

    Attributes:
        name: Name of the model.
        n_examples: Examples.
        before: Share of right choices before.
        after: Share after.
        loss_before: Negative log likelihood of an example before.
        loss_after: The same after.
    """

    name: str
    n_examples: int
    before: float
    after: float
    loss_before: float
    loss_after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Before and after.

    Attributes:
        folds: Parts of the cross-validation.
        figures: The figures: found, speaker, attributed.
        choices: The choices of each model that has examples.
    """

    folds: int
    figures: tuple[Figure, ...]
    choices: tuple[Choices, ...]


def compare_moves(corpus: Corpus, tables: Mapping[str, Table], scorers: Mapping[str, Scorer], folds: int) -> Comparison:
    """Adapt models on all parts of gold but one and measure them on that one, part by part.

    Args:
        corpus: The gold.
        tables: What the models are asked over it.
        scorers: The models to start from.
        folds: Parts; documents where they are fewer.
    """
    ids, gold = corpus.ids, corpus.gold
    before: list[Counter[str]] = [Counter() for _ in gold]
    after: list[Counter[str]] = [Counter() for _ in gold]
    moves: list[tuple[frozenset[str], dict[str, Moved]]] = []
    for test in folds_of(ids, folds):
        held = frozenset(ids[i] for i in test)
        moved = move_all(tables, scorers, frozenset(ids) - held)
        moves.append((held, moved))
        models = {name: model.scorer for name, model in moved.items()}
        for i in test:
            before[i], _ = compare(gold[i], corpus.predict(i, scorers))
            after[i], _ = compare(gold[i], corpus.predict(i, models))
    return Comparison(
        folds=len(moves),
        figures=tuple(_figure(name, before, after) for name in FIGURES),
        choices=tuple(_choices(name, table, scorers[name], moves) for name, table in tables.items()),
    )


def _figure(name: str, before: Sequence[Counter[str]], after: Sequence[Counter[str]]) -> Figure:
    n_docs = len(before)
    draws = np.random.default_rng(SEED).multinomial(n_docs, np.full(n_docs, 1 / n_docs), size=RESAMPLES)
    samples = np.vstack([np.ones(n_docs), draws])  # the documents as they are, and resampled
    first, second = (_values(name, counts, samples) for counts in (before, after))
    return Figure(
        name=name,
        before=float(first[0]),
        before_interval=_interval(first),
        after=float(second[0]),
        after_interval=_interval(second),
        gain=float(second[0] - first[0]),
        gain_interval=_interval(second - first),
    )


def _values(name: str, counts: Sequence[Counter[str]], samples: _Floats) -> _Floats:
    times, hits, of = FIGURES[name]
    found = samples @ np.array([times * count[hits] for count in counts], dtype=np.float64)
    among = samples @ np.array([sum(count[one] for one in of) for count in counts], dtype=np.float64)
    return np.divide(found, among, out=np.zeros_like(found), where=among > 0)


def _interval(values: _Floats) -> Interval:
    low, high = np.percentile(values[1:], (2.5, 97.5))
    return float(low), float(high)


def _choices(
    name: str, table: Table, scorer: Scorer, moves: Sequence[tuple[frozenset[str], dict[str, Moved]]]
) -> Choices:
    n_examples = len(table.examples)
    sums = np.zeros(4)
    for held, moved in moves:
        places = table.places(held)
        for column, model in enumerate((scorer, moved[name].scorer)):
            log_odds = table.log_odds(model)
            sums[column] += table.right(log_odds, places, model.threshold).sum()
            sums[2 + column] += table.losses(log_odds, places).sum()
    before, after, loss_before, loss_after = map(float, sums / n_examples)
    return Choices(
        name=name, n_examples=n_examples, before=before, after=after, loss_before=loss_before, loss_after=loss_after
    )
