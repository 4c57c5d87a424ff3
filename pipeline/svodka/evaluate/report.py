"""Figures of an evaluation: what was measured, over how much, and how sure it is.

Every layer counts its hits document by document into a `Tally`; the tally turns the counts into `Score` objects with
intervals from bootstrap resamples of documents (Efron and Tibshirani 1993, chapter 13: percentile intervals).
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
SEED = 20180101

_Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One figure.

    Attributes:
        name: Name of the metric, the key of the quality gate («attributed», «recall direct», «LAS»).
        value: F1 where precision and recall are given, else a share between 0 and 1 or a plain count;
            None where there was nothing to measure.
        precision: Share of the predicted items that are right; None where it has no meaning.
        recall: Share of the gold items that were found; None where it has no meaning.
        aligned: Share of right ones among the aligned words, the aligned accuracy of CoNLL 2018; None elsewhere.
        interval: 95 % bootstrap interval of `value`; None where documents are too few to resample.
        n_docs: Documents the figure comes from.
        n_items: Gold items the figure comes from.
    """

    name: str
    value: float | None
    precision: float | None = None
    recall: float | None = None
    aligned: float | None = None
    interval: tuple[float, float] | None = None
    n_docs: int
    n_items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One place where gold and prediction differ, for the reader who wants to see errors and not only figures.

    Attributes:
        doc_id: Document.
        kind: What is wrong: missed, spurious, speaker, value, type, normal, joined, apart.
        start: First code point of the place.
        end: One past its last code point.
        text: The words there, shortened.
        gold: What gold says; None where it has nothing there.
        predicted: What was predicted; None where nothing was.
    """

    doc_id: str
    kind: str
    start: int
    end: int
    text: str
    gold: str | None = None
    predicted: str | None = None

    @classmethod
    def at(
        cls, doc_id: str, kind: str, text: str, start: int, end: int, gold: object = None, predicted: object = None
    ) -> "Disagreement":
        """The disagreement about the words ``text[start:end]``."""
        words = " ".join(text[start:end].split())
        return cls(
            doc_id=doc_id,
            kind=kind,
            start=start,
            end=end,
            text=words if len(words) <= 90 else f"{words[:89]}…",
            gold=None if gold is None else str(gold),
            predicted=None if predicted is None else str(predicted),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The figures of one layer on one gold.

    Attributes:
        layer: Name of the layer: ud, quotes, dates, names or registry.
        scores: The figures, the headline first.
        disagreements: The errors in order of documents.
    """

    layer: str
    scores: tuple[Score, ...]
    disagreements: tuple[Disagreement, ...] = ()

    @classmethod
    def of(
        cls,
        layer: str,
        comparisons: Iterable[tuple[Mapping[str, float], Sequence[Disagreement]]],
        figures: Callable[["Tally"], tuple[Score, ...]],
    ) -> "Report":
        """The report of documents compared one by one.

        Args:
            layer: Name of the layer.
            comparisons: Counts and disagreements of each document.
            figures: Makes the figures of the counts.
        """
        counts: list[Mapping[str, float]] = []
        disagreements: list[Disagreement] = []
        for count, errors in comparisons:
            counts.append(count)
            disagreements += errors
        return cls(layer=layer, scores=figures(Tally(counts)), disagreements=tuple(disagreements))

    def __getitem__(self, name: str) -> Score:
        for score in self.scores:
            if score.name == name:
                return score
        raise KeyError(name)

    def metrics(self) -> dict[str, float]:
        """The value of every figure that could be measured, by name."""
        return {score.name: score.value for score in self.scores if score.value is not None}

    def to_text(self, errors: int = 0) -> str:
        """The figures as an aligned table, and the first `errors` disagreements below it."""
        header = (self.layer, "value", "95 % interval", "P", "R", "aligned", "docs", "items")
        rows = [header, *(_cells(score) for score in self.scores)]
        # columns without a single figure would only be noise
        columns = [column for column in zip(*rows, strict=True) if any(column[1:])]
        widths = [max(map(len, column)) for column in columns]
        lines = [
            "  ".join(cell.ljust(width) if index == 0 else cell.rjust(width) for index, (cell, width) in enumerate(row))
            for row in (zip(cells, widths, strict=True) for cells in zip(*columns, strict=True))
        ]
        lines += [
            " | ".join((item.doc_id, item.kind, item.text, f"gold: {item.gold}", f"predicted: {item.predicted}"))
            for item in self.disagreements[:errors]
        ]
        return "\n".join(lines)

    def to_json(self) -> str:
        """The figures as JSON: ``{"layer": …, "scores": [{"name": …, "value": …}, …]}``."""
        values = {"layer": self.layer, "scores": [asdict(score) for score in self.scores]}
        return json.dumps(values, ensure_ascii=False, indent=1)


def _cells(score: Score) -> tuple[str, ...]:
    low_high = "" if score.interval is None else "{:.3f}–{:.3f}".format(*score.interval)
    shares = (score.precision, score.recall, score.aligned)
    value = "" if score.value is None else f"{score.value:.4f}"
    shown = tuple("" if share is None else f"{share:.4f}" for share in shares)
    return (score.name, value, low_high, *shown, str(score.n_docs), str(score.n_items))


def f1_score(
    name: str, *, hits: int, n_predicted: int, n_gold: int, n_docs: int, n_aligned: int | None = None
) -> Score:
    """Precision, recall and F1 of plain counts, without an interval; 0 where nothing was predicted or asked for."""
    return Score(
        name=name,
        value=2 * hits / (n_predicted + n_gold) if n_predicted + n_gold else 0.0,
        precision=hits / n_predicted if n_predicted else 0.0,
        recall=hits / n_gold if n_gold else 0.0,
        aligned=hits / n_aligned if n_aligned else None,
        n_docs=n_docs,
        n_items=n_gold,
    )


class Tally:
    """Counts by document, and the figures that follow from their sums.

    Args:
        documents: For every document its counts by name; a name that is missing counts 0.
    """

    def __init__(self, documents: Iterable[Mapping[str, float]]) -> None:
        self._documents: Sequence[Mapping[str, float]] = list(documents)

    @property
    def n_docs(self) -> int:
        """Number of documents."""
        return len(self._documents)

    def total(self, name: str) -> float:
        """The count over all documents; no whole number where what is counted are shares."""
        return sum(counts.get(name, 0) for counts in self._documents)

    def count(self, name: str, items: str) -> Score:
        """A plain count as a figure."""
        total = self.total(items)
        return Score(name=name, value=float(total), n_docs=self.n_docs, n_items=round(total))

    def ratio(self, name: str, hits: str, of: str) -> Score:
        """The share of `hits` among `of`; None where there is none of them."""
        n_items = round(self.total(of))

        def share(columns: _Counts) -> _Counts:
            return _divide(columns[0], columns[1])

        return Score(
            name=name,
            value=self.total(hits) / n_items if n_items else None,
            interval=self._interval(share, hits, of),
            n_docs=self.n_docs,
            n_items=n_items,
        )

    def f1(self, name: str, hits: str, predicted: str, gold: str, gold_hits: str | None = None) -> Score:
        """Precision, recall and F1.

        Args:
            name: Name of the figure.
            hits: Predicted items that are right.
            predicted: All predicted items.
            gold: All gold items.
            gold_hits: Gold items that were found, where they are not as many as `hits`.
        """
        names = (hits, predicted, gold_hits or hits, gold)
        precision, recall, value = (float(share[0]) for share in _prf(self._column_totals(names)))
        return Score(
            name=name,
            value=value,
            precision=precision,
            recall=recall,
            interval=self._interval(lambda columns: _prf(columns)[2], *names),
            n_docs=self.n_docs,
            n_items=round(self.total(gold)),
        )

    def _column_totals(self, names: Sequence[str]) -> _Counts:
        return np.array([[self.total(name)] for name in names], dtype=np.float64)

    @cached_property
    def _weights(self) -> _Counts:
        """How often each resample (row) draws each document (column)."""
        n_docs = self.n_docs
        draws = np.random.default_rng(SEED).multinomial(n_docs, np.full(n_docs, 1 / n_docs), size=RESAMPLES)
        return draws.astype(np.float64)

    def _interval(self, statistic: Callable[[_Counts], _Counts], *names: str) -> tuple[float, float] | None:
        if self.n_docs < 2:
            return None
        counts = np.array([[counts.get(name, 0) for name in names] for counts in self._documents], dtype=np.float64)
        values = statistic((self._weights @ counts).T)
        values = values[~np.isnan(values)]
        if not len(values):
            return None
        low, high = np.percentile(values, (2.5, 97.5))
        return float(low), float(high)


def _divide(numerator: _Counts, denominator: _Counts, empty: float = float("nan")) -> _Counts:
    filled = np.full_like(numerator, empty)
    return np.divide(numerator, denominator, out=filled, where=denominator > 0)


def _prf(columns: _Counts) -> tuple[_Counts, _Counts, _Counts]:
    precision, recall = _divide(columns[0], columns[1], 0.0), _divide(columns[2], columns[3], 0.0)
    return precision, recall, _divide(2 * precision * recall, precision + recall, 0.0)
