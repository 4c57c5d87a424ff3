"""Where the marks of charts stand, in parts of their width: templates draw them."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_MAX_TICKS = 4
_MARGIN = 20
_MAX_MONTHS = 120
"""With more bars than these, each stands for a year."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a column chart.

    Attributes:
        label: What it stands for.
        value: How many.
        x: Where it begins, in percent of the width.
        width: In percent of the width.
        share: Its length, in percent of that of the largest.
    """

    label: str
    value: int
    x: float
    width: float
    share: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A label below an axis.

    Attributes:
        label: What stands there.
        x: Where, in percent of the width.
        anchor: Which end of the label stands there, as SVG names it.
    """

    label: str
    x: float
    anchor: str


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """Numbers in the course of time.

    Attributes:
        bars: One for each month or year, those with nothing too.
        ticks: Labels of the axis.
        largest: The largest number.
        unit: month or year.
    """

    bars: list[Bar]
    ticks: list[Tick]
    largest: int
    unit: str


def over_time(months: Iterable[tuple[str, int]]) -> ColumnChart | None:
    """Numbers by month as columns; by year if there were too many of them.

    Args:
        months: Month, ``YYYY-MM``, and number, without gaps.

    Returns:
        None where there are none.

    >>> [(bar.label, bar.value, bar.x) for bar in over_time([("2021-12", 3), ("2022-01", 1)]).bars]
    [('2021-12', 3, 0.0), ('2022-01', 1, 50.0)]
    """
    counts = dict(months)
    if not counts:
        return None
    if len(counts) <= _MAX_MONTHS:
        return _columns(counts, "month")
    years: Counter[str] = Counter()
    for month, count in counts.items():
        years[month[:4]] += count
    return _columns(years, "year")


def _columns(counts: Mapping[str, int], unit: str) -> ColumnChart:
    step, largest = 100 / len(counts), max(counts.values())
    bars = [
        Bar(label, count, _round(place * step), _round(step), _round(100 * count / largest) if largest else 0)
        for place, (label, count) in enumerate(counts.items())
    ]
    return ColumnChart(bars, _ticks(list(counts), step), largest, unit)


def _ticks(labels: Sequence[str], step: float) -> list[Tick]:
    """Labels at the first bar and the last, and in between, where there is room, at years.

    >>> [tick.label for tick in _ticks([f"{year}-{month:02}" for year in (2020, 2021) for month in range(1, 13)], 4.2)]
    ['2020-01', '2021', '2021-12']
    """
    if len(labels) == 1:
        return [Tick(labels[0], 50, "middle")]
    middles = [(label, (place + 0.5) * step) for place, label in enumerate(labels) if label[4:] in ("", "-01")]
    roomy = [(label[:4], x) for label, x in middles if _MARGIN < x < 100 - _MARGIN]
    every = -(-len(roomy) // _MAX_TICKS)
    inner = [Tick(label, _round(x), "middle") for label, x in roomy[:: max(every, 1)]]
    return [Tick(labels[0], 0, "start"), *inner, Tick(labels[-1], 100, "end")]


def shares(values: Iterable[int]) -> list[float]:
    """Numbers in percent of the largest.

    >>> shares([4, 1])
    [100.0, 25.0]
    """
    known = list(values)
    largest = max(known, default=0)
    return [_round(100 * value / largest) if largest else 0.0 for value in known]


def heat(value: int, largest: int, steps: int = 5) -> int:
    """How dark a cell is: 0 for nothing, else from 1 to `steps`.

    >>> heat(0, 10), heat(1, 10), heat(10, 10)
    (0, 1, 5)
    """
    return -(-value * steps // largest) if value else 0


@dataclass(frozen=True, slots=True)
class Period:
    """A time on a time line.

    Attributes:
        x: Where it begins, in percent of the width.
        width: In percent; what lasted one day is seen, too.
    """

    x: float
    width: float


def time_line(periods: Iterable[tuple[str | None, str | None]]) -> tuple[list[Period | None], list[Tick]]:
    """Times on one line that reaches from the first day to the last.

    Args:
        periods: First and last day of each, ISO 8601, both None where they are not known.

    Returns:
        Where each is, None where no day is known, and the labels of the axis.

    >>> time_line([("2021-01-01", "2021-01-06"), (None, None), ("2021-01-11", "2021-01-11")])[0]
    [Period(x=0.0, width=50.0), None, Period(x=99.0, width=1.0)]
    """
    known = [(_number(begin), _number(end)) if begin and end else None for begin, end in periods]
    days = [day for period in known if period for day in period]
    if not days:
        return [None for _ in known], []
    first, last = min(days), max(days)
    ticks = [Tick(_iso(first), 0, "start"), Tick(_iso(last), 100, "end")]
    length = max(last - first, 1)
    return [period and _period(*period, first, length) for period in known], ticks[: last - first + 1]


def _period(begin: int, end: int, first: int, length: int) -> Period:
    width = max(100 * (end - begin) / length, 1.0)
    return Period(_round(min(100 * (begin - first) / length, 100.0 - width)), _round(width))


def _number(day: str) -> int:
    return dt.date.fromisoformat(day).toordinal()


def _iso(number: int) -> str:
    return dt.date.fromordinal(number).isoformat()


def _round(value: float) -> float:
    return round(value, 3)
