"""Calendar arithmetic: periods of the proleptic Gregorian calendar, and how EDTF and TIMEX3 write them.

Bounds follow ISO 8601 (weeks begin on Monday) and the conventions of EDTF level 2: seasons 21–24, quarters 33–36,
half-years 40–41. A period is always a closed interval of days.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

_DAY = dt.timedelta(days=1)
_MONTHS_OF = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120, "century": 1200}
_DAYS_OF = {"day": 1, "week": 7, "weekend": 7}
SPRING, SUMMER, AUTUMN, WINTER = 21, 22, 23, 24
_SEASON_TIMEX = {SPRING: "SP", SUMMER: "SU", AUTUMN: "FA", WINTER: "WI"}

_remembered = lru_cache(maxsize=1 << 11)  # the periods around a document's publication are asked for again and again


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both included, that make one unit of the calendar.

    Attributes:
        unit: day, week, weekend, month, quarter, half, season, year, decade, century; days, months or years where
            the period is a stretch of such units («first ten days of May») and is written as an interval.
        start: First day.
        end: Last day.
        approximate: Bounds are by convention («начало мая»); EDTF marks them with «~».
    """

    unit: str
    start: dt.date
    end: dt.date
    approximate: bool = False

    def edtf_start(self) -> str:
        """EDTF of the first unit of the period, for use at the left of an interval."""
        return self.edtf().split("/")[0]

    def edtf_end(self) -> str:
        """EDTF of the last unit of the period, for use at the right of an interval."""
        return self.edtf().split("/")[-1]

    def edtf(self) -> str:
        """EDTF string; units that EDTF cannot name, such as weeks, are intervals."""
        if self.unit in _WRITTEN:
            written = _WRITTEN[self.unit](self)
            return f"{written}~" if self.approximate else written
        size = {"months": 7, "season": 7, "years": 4}.get(self.unit, 10)
        mark = "~" if self.approximate else ""
        return f"{self.start.isoformat()[:size]}{mark}/{self.end.isoformat()[:size]}{mark}"

    def timex(self) -> str:
        """TIMEX3 value."""
        first = self.start
        match self.unit:
            case "week" | "weekend":
                week = f"{first.isocalendar().year}-W{first.isocalendar().week:02}"
                return week if self.unit == "week" else f"{week}-WE"
            case "quarter":
                return f"{first.year:04}-Q{(first.month + 2) // 3}"
            case "half":
                return f"{first.year:04}-H{1 if first.month == 1 else 2}"
            case "season":
                return f"{first.year:04}-{_SEASON_TIMEX[_season_code(self)]}"
            case "decade":
                return f"{first.year // 10:03}"
            case "century":
                return f"{first.year // 100:02}"
        return self.edtf().replace("~", "")


def _season_code(period: Period) -> int:
    return {3: SPRING, 6: SUMMER, 9: AUTUMN, 12: WINTER}[period.start.month]


def _season_edtf(period: Period) -> str:
    code = _season_code(period)
    if code == WINTER:  # EDTF's 24 does not say of which year; the interval does
        return f"{period.start.isoformat()[:7]}/{period.end.isoformat()[:7]}"
    return f"{period.start.year:04}-{code}"


_WRITTEN: dict[str, Callable[[Period], str]] = {
    "day": lambda p: p.start.isoformat(),
    "month": lambda p: p.start.isoformat()[:7],
    "quarter": lambda p: f"{p.start.year:04}-{33 + (p.start.month - 1) // 3}",
    "half": lambda p: f"{p.start.year:04}-{40 + (p.start.month - 1) // 6}",
    "season": _season_edtf,
    "year": lambda p: f"{p.start.year:04}",
    "decade": lambda p: f"{p.start.year // 10:03}X",
    "century": lambda p: f"{p.start.year // 100:02}XX",
}


@_remembered
def _months(unit: str, first: int, count: int, *, approximate: bool = False) -> Period:
    """The period of `count` months from month number `first` (year * 12 + month - 1)."""
    after = first + count
    start = dt.date(first // 12, first % 12 + 1, 1)
    if after >= 12 * (dt.MAXYEAR + 1):
        return Period(unit, start, dt.date.max, approximate)
    return Period(unit, start, dt.date(after // 12, after % 12 + 1, 1) - _DAY, approximate)


@_remembered
def day(date: dt.date) -> Period:
    """One day."""
    return Period("day", date, date)


def year(number: int) -> Period:
    """One calendar year."""
    return _months("year", number * 12, 12)


def month(year_number: int, number: int) -> Period:
    """One calendar month."""
    return _months("month", year_number * 12 + number - 1, 1)


def quarter(year_number: int, number: int) -> Period:
    """One quarter, 1 to 4."""
    return _months("quarter", year_number * 12 + (number - 1) * 3, 3)


def half(year_number: int, number: int) -> Period:
    """One half-year, 1 or 2."""
    return _months("half", year_number * 12 + (number - 1) * 6, 6)


def season(year_number: int, code: int) -> Period:
    """One season by EDTF code; winter is the one that begins in December of `year_number`."""
    return _months("season", year_number * 12 + 2 + (code - SPRING) * 3, 3)


def decade(first_year: int) -> Period:
    """Ten years from a year divisible by ten."""
    return _months("decade", first_year * 12, 120)


def century(number: int) -> Period:
    """A century by its common number: the 19th is 1800 to 1899."""
    return _months("century", (number - 1) * 1200, 1200)


def months(first: Period, count: int) -> Period:
    """The first `count` months of a period."""
    return _months("months", first.start.year * 12 + first.start.month - 1, count)


def moved(period: Period, year_number: int) -> Period:
    """The same months of another year."""
    count = period.end.month - period.start.month + 1
    unit = period.unit if period.unit in {"quarter", "half"} else "month" if count == 1 else "months"
    return _months(unit, year_number * 12 + period.start.month - 1, count)


@_remembered
def weekend(date: dt.date) -> Period:
    """Saturday and Sunday of the week that holds `date`."""
    monday = date - dt.timedelta(days=date.weekday())
    return Period("weekend", monday + 5 * _DAY, monday + 6 * _DAY)


@_remembered
def containing(date: dt.date, unit: str) -> Period:
    """The period of a unit that holds a day."""
    if unit == "day":
        return day(date)
    if unit == "weekend":
        return weekend(date)
    if unit == "week":
        monday = date - dt.timedelta(days=date.weekday())
        return Period("week", monday, monday + 6 * _DAY)
    if unit == "season":
        first = date.year * 12 + date.month - 1
        return _months("season", first - (first - 2) % 3, 3)
    size = _MONTHS_OF[unit]
    first = date.year * 12 + date.month - 1
    return _months(unit, first - first % size, size)


@_remembered
def shifted(date: dt.date, unit: str, count: int) -> Period:
    """The period of a unit that lies `count` units after the one that holds `date`.

    Raises:
        OverflowError: The result lies outside the years 1 to 9999.
        ValueError: Likewise.
    """
    if unit in _DAYS_OF:
        return containing(date + count * _DAYS_OF[unit] * _DAY, unit)
    if unit == "season":
        return _months("season", _first_month(containing(date, unit)) + 3 * count, 3)
    size = _MONTHS_OF[unit]
    return _months(unit, _first_month(containing(date, unit)) + size * count, size)


def _first_month(period: Period) -> int:
    return period.start.year * 12 + period.start.month - 1


def next_period(period: Period) -> Period:
    """The period of the same unit that follows; after a stretch, the next day."""
    if period.unit in _MONTHS_OF or period.unit == "week":
        return shifted(period.start, period.unit, 1)
    return day(period.end + _DAY)


# Third and so on of a month, a year …: (first, last) in days, months or years counted from 0; None is the end.
_THIRDS: dict[str, dict[str, tuple[int, int]]] = {
    "month": {"START": (0, 9), "MID": (10, 19), "END": (20, 30)},
    "season": {"START": (0, 0), "MID": (1, 1), "END": (2, 2)},
    "quarter": {"START": (0, 0), "MID": (1, 1), "END": (2, 2)},
    "half": {"START": (0, 1), "MID": (2, 3), "END": (4, 5)},
    "year": {"START": (0, 3), "MID": (4, 7), "END": (8, 11)},
    "week": {"START": (0, 1), "MID": (2, 3), "END": (4, 6)},
    "decade": {"START": (0, 3), "MID": (4, 6), "END": (7, 9)},
    "century": {"START": (0, 33), "MID": (34, 66), "END": (67, 99)},
}
_HALVES: dict[str, dict[int, tuple[int, int]]] = {
    "month": {1: (0, 14), 2: (15, 30)},
    "season": {1: (0, 44), 2: (45, 99)},
    "quarter": {1: (0, 44), 2: (45, 99)},
    "week": {1: (0, 2), 2: (3, 6)},
    "decade": {1: (0, 4), 2: (5, 9)},
    "century": {1: (0, 49), 2: (50, 99)},
}


def third(period: Period, which: str) -> Period | None:
    """The beginning, middle or end (START, MID, END) of a period, approximate; None for a day."""
    bounds = _THIRDS.get(period.unit, {}).get(which)
    if bounds is None:
        return None
    if period.unit in {"season", "quarter"}:
        return _months("month", _first_month(period) + bounds[0], 1, approximate=True)
    return _slice(period, bounds, approximate=True)


def half_of(period: Period, number: int) -> Period | None:
    """The first or second half of a period; None for a day."""
    if period.unit == "year":
        return half(period.start.year, number)
    bounds = _HALVES.get(period.unit, {}).get(number)
    if bounds is None:
        return None
    if period.unit in {"season", "quarter"}:
        return _days(period, bounds)
    return _slice(period, bounds)


def tenth(period: Period, number: int) -> Period | None:
    """The first, second or third «декада» (ten days) of a month."""
    if period.unit != "month" or number not in {1, 2, 3}:
        return None
    return _days(period, [(0, 9), (10, 19), (20, 30)][number - 1])


def seven_days(period: Period, number: int) -> Period:
    """The first, second … (or -1: last) seven days of a period: «первая неделя сентября»."""
    first = period.end - 6 * _DAY if number < 0 else period.start + 7 * (number - 1) * _DAY
    return Period("days", first, first + 6 * _DAY)


def some_days(period: Period, count: int) -> Period:
    """The first days of a period, so many, or the last where the number is negative."""
    if count < 0:
        return Period("days", max(period.start, period.end + (count + 1) * _DAY), period.end)
    return Period("days", period.start, min(period.end, period.start + (count - 1) * _DAY))


def _slice(period: Period, bounds: tuple[int, int], *, approximate: bool = False) -> Period:
    first, last = bounds
    if period.unit in {"month", "week"}:
        return _days(period, bounds, approximate=approximate)
    size, unit = (1, "months") if period.unit in {"year", "half"} else (12, "years")
    return _months(unit, _first_month(period) + first * size, (last - first + 1) * size, approximate=approximate)


def _days(period: Period, bounds: tuple[int, int], *, approximate: bool = False) -> Period:
    first, last = bounds
    return Period("days", period.start + first * _DAY, min(period.start + last * _DAY, period.end), approximate)


def easter_day(year_number: int, *, western: bool = False) -> dt.date:
    """Easter Sunday, Orthodox or Western, as a day of the Gregorian calendar."""
    return easter(year_number, EASTER_WESTERN if western else EASTER_ORTHODOX)


def holiday(year_number: int, code: str) -> dt.date:
    """The day of a holiday in a year.

    Args:
        year_number: Calendar year.
        code: As in the lexicon of holidays: ``05-09``, ``easter-7``, ``western_easter+0``, or ``11-4-4`` for the
            fourth Thursday of November (number -1 would be the last).
    """
    for name, western in (("western_easter", True), ("easter", False)):
        if code.startswith(name):
            return easter_day(year_number, western=western) + int(code.removeprefix(name)) * _DAY
    numbers = [int(part) for part in code.split("-")]
    if len(numbers) == 2:
        return dt.date(year_number, numbers[0], numbers[1])
    return nth_weekday(month(year_number, numbers[0]), numbers[1], numbers[2])


def nth_weekday(period: Period, weekday: int, number: int) -> dt.date:
    """The first, second … (or -1: last) Monday (1) … Sunday (7) of a period."""
    if number < 0:
        return period.end - ((period.end.isoweekday() - weekday) % 7) * _DAY
    return period.start + ((weekday - period.start.isoweekday()) % 7 + 7 * (number - 1)) * _DAY
