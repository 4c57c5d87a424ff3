"""What can be told of an expression before anything is counted: what it names, how fine it is, whether it can exist."""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from svodka.stages.dates import expressions as ex
from svodka.stages.dates import periods

_SEASONS = {periods.SPRING: "SP", periods.SUMMER: "SU", periods.AUTUMN: "FA", periods.WINTER: "WI"}
_GRANULARITY = {"days": "day", "months": "month", "years": "year", "weekend": "day", "monthday": "day",
                "weekday": "day", "holiday": "day", "eve": "day"}  # fmt: skip


def _parts(expression: ex.Expression) -> Iterator[ex.Expression]:
    """The expression and all expressions inside it."""
    yield expression
    for name in ("of", "first", "last", "day", "into"):
        inner = getattr(expression, name, None)
        if inner is not None and not isinstance(inner, int | str):
            yield from _parts(inner)


class Nature(NamedTuple):
    """What an expression is, wherever it stands.

    Attributes:
        needs_direction: The tense can change the value.
        is_counted: It counts units from publication: «следующий год».
        is_anaphoric: It may count from what the passage named before.
        is_since: It says where something began: «с понедельника».
        names_year: A year is written in it.
        names_month: A month is written in it.
        counts_from_anchor: «вчера», «в среду»: the text has come back to the time of publication.
        is_absolute: The value stands in the expression itself, so that nothing is counted from.
    """

    needs_direction: bool
    is_counted: bool
    is_anaphoric: bool
    is_since: bool
    names_year: bool
    names_month: bool
    counts_from_anchor: bool
    is_absolute: bool


@lru_cache(maxsize=1 << 12)
def nature_of(expression: ex.Expression) -> Nature:
    """What an expression is, all its parts looked at."""
    parts = list(_parts(expression))
    open_time = isinstance(expression, ex.Clock | ex.ClockRange) and expression.day is None
    return Nature(
        needs_direction=any(
            (isinstance(part, ex.Named) and part.of is None)
            or isinstance(part, ex.Shift | ex.ClockRange | ex.Night)
            or (isinstance(part, ex.Clock) and part.day is None)
            for part in parts
        ),
        is_counted=isinstance(expression, ex.Shift),
        is_anaphoric=any(isinstance(part, ex.Shift | ex.SamePeriod) for part in parts),
        is_since=isinstance(expression, ex.Since),
        names_year=any(isinstance(part, ex.Year | ex.Day) for part in parts),
        names_month=any(
            isinstance(part, ex.Day) or (isinstance(part, ex.Named) and part.unit in {"month", "monthday"})
            for part in parts
        ),
        counts_from_anchor=any(
            (isinstance(part, ex.Shift) and part.base == "published")
            or (isinstance(part, ex.Named) and part.unit == "weekday" and part.of is None)
            for part in parts
        ),
        is_absolute=not open_time
        and not any(
            isinstance(part, ex.Shift | ex.SamePeriod)
            or (isinstance(part, ex.Named | ex.DaysOfMonth | ex.FirstMonths) and part.of is None)
            or (isinstance(part, ex.Year) and part.digits == 2)
            or (isinstance(part, ex.Decade) and part.first < 100 and part.of is None)
            for part in parts
        ),
    )


def possible(expression: ex.Expression) -> bool:
    """Whether some calendar has this: there is no 31 February, and no 29 February 2023."""
    match expression:
        case ex.Day(year, month, day):
            return _exists(year, month, day)
        case ex.Named("monthday", (int() as month, int() as day), of):
            return _exists(of.number if isinstance(of, ex.Year) and of.digits == 4 else 2000, month, day)
        case ex.Named(_, _, of) | ex.Part(_, of):
            return of is None or possible(of)
        case ex.Range(first, last):
            return possible(first) and possible(last)
    return True


def _exists(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def granularity_of(expression: ex.Expression) -> str:
    """Finest unit that an expression names."""
    match expression:
        case ex.Day() | ex.NthWeekday() | ex.DaysOfMonth():
            return "day"
        case ex.Named(unit) | ex.Shift(unit):
            return _GRANULARITY.get(unit, unit)
        case ex.Year() | ex.YearSpan():
            return "year"
        case ex.Decade():
            return "decade"
        case ex.Century():
            return "century"
        case ex.FirstMonths() | ex.SamePeriod():
            return "month"
        case ex.Part(which, of):
            return {"T": "day", "D": "day", "W": "week"}.get(which[0]) or granularity_of(of)
        case ex.Range(_, last):
            return granularity_of(last)
    return "day"


def unresolved(expression: ex.Expression) -> str:
    """TIMEX3 value with placeholders for what is not known."""
    match expression:
        case ex.Named(unit, number, of):
            year = f"{of.number:04}" if isinstance(of, ex.Year) else "XXXX"
            match unit, number:
                case "month", int():
                    return f"{year}-{number:02}"
                case "monthday", (month, day):
                    return f"{year}-{month:02}-{day:02}"
                case "day", int():
                    return f"XXXX-XX-{number:02}"
                case "weekday", int():
                    return f"XXXX-WXX-{number}"
                case "weekend", _:
                    return "XXXX-WXX-WE"
                case "quarter", int():
                    return f"{year}-Q{number}"
                case "half", int():
                    return f"{year}-H{number}"
                case "season", int():
                    return f"{year}-{_SEASONS[number]}"
                case "holiday", str():
                    return f"{year}-{number}" if number[0].isdigit() and number.count("-") == 1 else "XXXX-XX-XX"
        case ex.Shift(unit, _, _, timex):
            return timex or {"day": "PXD", "week": "PXW", "year": "PXY", "weekend": "PXW"}.get(unit, "PXM")
        case ex.Range(first, last):
            return f"{unresolved(first)}/{unresolved(last)}"
        case ex.SamePeriod():
            return "PXM"
        case ex.Part(_, of) | ex.NthWeekday(_, _, of):
            return unresolved(of)
        case ex.FirstMonths(_, of):
            return unresolved(of) if of is not None else "XXXX"
        case ex.Decade(first) | ex.Year(first):
            return f"XX{first:02}"
    return "XXXX-XX-XX"
