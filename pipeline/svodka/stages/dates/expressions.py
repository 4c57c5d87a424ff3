"""What a pattern understands before the calendar is asked: a small algebra of unresolved expressions.

«в феврале следующего года» is ``Named("month", 2, of=Shift("year", 1))``; «с 3 по 5 июня» is
``Range(Named("monthday", (6, 3)), Named("monthday", (6, 5)))``. `resolve` turns them into values.
"""

from dataclasses import dataclass
from typing import Literal

Base = Literal["published", "passage"]


@dataclass(frozen=True, slots=True)
class Year:
    """«2019 года»; `digits` 2 where the century was left out («в 98-м году»)."""

    number: int
    digits: int = 4


@dataclass(frozen=True, slots=True)
class Day:
    """«12.06.2019»: a day written out in full."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Decade:
    """«1990-е» (`of` is None and `first` 1990), «90-е» (`first` 90), «80-е прошлого века» (`of` the century)."""

    first: int
    of: "Expression | None" = None


@dataclass(frozen=True, slots=True)
class Century:
    """«XIX век»: 1800 to 1899."""

    number: int


@dataclass(frozen=True, slots=True)
class YearSpan:
    """«2021/22 учебный год»: calendar bounds."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Named:
    """A unit called by its name or number inside a larger one.

    Attributes:
        unit: month, monthday (number is month and day), day (of the month), weekday, weekend, quarter, half, season
            or holiday (number is its code).
        number: Which one.
        of: The larger period («прошлого года»), None where the text leaves it open.
        rel: «прошлый четверг» -1, «этой весной» 0, «следующая среда» 1; None where nothing was said.
        weekday: The weekday written beside a day of a month.
    """

    unit: str
    number: int | str | tuple[int, int]
    of: "Expression | None" = None
    rel: int | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """The unit `count` units away from the one that holds the base: «вчера», «прошлый год», «два года назад».

    Attributes:
        unit: day, week, weekend, month, quarter, half, season, year, decade or century.
        count: Units after the base; negative before.
        base: published; passage («в тот же день»).
        timex: TIMEX3 value for want of a base.
    """

    unit: str
    count: int
    base: Base = "published"
    timex: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """«начало мая» (START, MID, END), «вторая половина года» (H1, H2), «первая декада июня» (T1–T3).

    «первая неделя сентября» is W1, the last W-1; «первые два дня зимы» is D2, the last two D-2.
    """

    which: str
    of: "Expression"


@dataclass(frozen=True, slots=True)
class FirstMonths:
    """«девять месяцев 2023 года»: the first `count` months of a year; of the last year that has them without `of`."""

    count: int
    of: "Expression | None" = None


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """«первый понедельник мая»; number -1 is the last."""

    weekday: int
    number: int
    of: "Expression"


@dataclass(frozen=True, slots=True)
class DaysOfMonth:
    """«20-е числа марта»: ten days from `first`, or to the month's end."""

    first: int
    of: "Expression | None" = None


@dataclass(frozen=True, slots=True)
class SamePeriod:
    """«аналогичный период (прошлого года)»: what the passage named before, in the year `of` if that is said."""

    of: "Expression | None" = None


@dataclass(frozen=True, slots=True)
class Range:
    """«с 3 по 5 июня»."""

    first: "Expression"
    last: "Expression"


@dataclass(frozen=True, slots=True)
class Since:
    """«с 2019 года»: the end stays open."""

    first: "Expression"


@dataclass(frozen=True, slots=True)
class Until:
    """«до 20 апреля»: the last day is included; the start stays open."""

    last: "Expression"


@dataclass(frozen=True, slots=True)
class After:
    """«после 1 июля»: from the next unit on."""

    of: "Expression"


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day: ``T15:30:00``, or a part of the day in TIMEX3 code (TMO, TDT, TEV, TNI).

    Attributes:
        time: TIMEX3 time with the leading T.
        day: The day it belongs to, None where the text leaves it open.
    """

    time: str
    day: "Expression | None" = None


@dataclass(frozen=True, slots=True)
class ClockRange:
    """«с 8 до 17 часов»."""

    first: str
    last: str
    day: "Expression | None" = None


@dataclass(frozen=True, slots=True)
class TimeRange:
    """«с вечера 8 ноября до утра 10 ноября»: both times with their days."""

    first: Clock
    last: Clock


@dataclass(frozen=True, slots=True)
class Night:
    """«в ночь на вторник»: the evening before and the day itself.

    Attributes:
        into: The day it ends on.
        told: «этой ночью»: so only if it is told in the past; else the night of that day.
    """

    into: "Expression"
    told: bool = False


@dataclass(frozen=True, slots=True)
class Approximate:
    """«около 2010 года»."""

    of: "Expression"


@dataclass(frozen=True, slots=True)
class Vague:
    """A point that no calendar can give: «на днях», «несколько лет назад».

    Attributes:
        timex: TIMEX3 value.
        granularity: Unit named.
    """

    timex: str
    granularity: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A length, a repetition or an age, with its TIMEX3 value.

    Attributes:
        type: DURATION, SET or AGE.
        timex: «P2Y», «XXXX-WXX-3».
        granularity: Unit named.
    """

    type: str
    timex: str
    granularity: str


@dataclass(frozen=True, slots=True)
class Several:
    """Members of a coordination, each a span of lexemes of its own: «6» and «9 апреля».

    Attributes:
        members: (first lexeme, one past the last lexeme, expression).
    """

    members: tuple[tuple[int, int, "Expression"], ...]


_Calendar = Day | Year | Decade | Century | YearSpan | Named | Shift
_Within = SamePeriod | Part | FirstMonths | NthWeekday | DaysOfMonth | Range | Since | Until | After
_Other = Clock | ClockRange | TimeRange | Night | Approximate | Vague | Quantity | Several
Expression = _Calendar | _Within | _Other
