"""From expressions to values: periods of the calendar, counted from publication, from the passage, or from nothing.

The conventions (thirds of a month, nearest weekday in the direction of the tense, grain of «три недели назад») follow
ISO-TimeML's TIMEX3 and the EDTF specification (ISO 8601-2); see the module `periods`. The clock of the machine is never
read: without an anchor a relative expression keeps a TIMEX3 value with placeholders and has no dates.
"""

import datetime as dt
from dataclasses import dataclass, replace

from svodka.stages.dates import expressions as ex
from svodka.stages.dates import periods
from svodka.stages.dates.nature import granularity_of, possible, unresolved
from svodka.stages.dates.periods import Period

PAST, OPEN, FUTURE, PRESENT = -1, 0, 1, 2
_OF_YEAR = frozenset(["month", "monthday", "season", "quarter", "half"])
MOVABLE = frozenset(["month", "months", "quarter", "half", "season"])  # parts of a year that another year has too


# A day or month more than _FAR days away against one within _NEAR days: the tense is not believed, since news
# writes the year of what lies so far off.
_FAR, _NEAR = 330, 60
_RECENT = 100  # days since what is still news
_BELIEVED = frozenset(["weekday", "weekend", "quarter", "half"])  # whose tense counts even so
# How many times nearer must be what lies before and after, where a direction is not sure: news tell rather of what was.
_UNLIKELY = {PAST: (1, 3), FUTURE: (2, 1)}


@dataclass(frozen=True, slots=True)
class Context:
    """What an expression is counted from.

    Attributes:
        anchor: Day of publication, None if unknown.
        direction: PAST, PRESENT, FUTURE or OPEN (unknown), by the tense of what the expression belongs to.
        sure: Whether the direction holds even against what lies much nearer.
        references: The periods named before in the passage, the latest first, for «в тот же день».
        day: The day last told of, for «в 15:30».
        repeated: The sentence tells of what repeats, so that a bare «в 15:30» is no day's.
        month: The month last named in the passage, for «16 числа».
        frame: The year, month or day the passage tells of, for «5 апреля» after «в 1968 году».
        span: The part of a year last named, for «за аналогичный период прошлого года».
    """

    anchor: dt.date | None
    direction: int = OPEN
    sure: bool = True
    references: tuple[Period, ...] = ()
    day: Period | None = None
    repeated: bool = False
    month: Period | None = None
    frame: Period | None = None
    span: Period | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A resolved expression: the value columns of `DateExpr`.

    Attributes:
        type: DATE, TIME, DURATION, SET or AGE.
        timex: TIMEX3 value.
        granularity: Finest unit named.
        edtf: EDTF string, None if the expression is no point or interval, or unresolved.
        start: First day, None where open or unknown.
        end: Last day, None where open or unknown.
        mod: TIMEX3 mod.
        period: What later expressions of the passage can refer to.
    """

    type: str
    timex: str
    granularity: str
    edtf: str | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    mod: str | None = None
    period: Period | None = None


def resolve(expression: ex.Expression, context: Context) -> Value | None:
    """The value of an expression; None if no calendar has it («31 февраля»)."""
    match expression:
        case ex.Quantity(kind, timex, granularity):
            return Value(kind, timex, granularity)
        case ex.Vague(timex, granularity):
            return Value("TIME" if granularity == "time" else "DATE", timex, granularity)
        case ex.Approximate(of):
            value = resolve(of, context)
            if value is None or value.edtf is None or value.type == "TIME":
                return value and replace(value, mod="APPROX")
            ends = [end if end == ".." else end.rstrip("~") + "~" for end in value.edtf.split("/")]
            return replace(value, edtf="/".join(ends), mod="APPROX")
        case ex.Clock() | ex.ClockRange() | ex.Night():
            return _time(expression, context)
        case ex.TimeRange(first, last):
            return _time_range(first, last, context)
        case ex.Since(first) | ex.After(first):
            return _since(expression, first, context)
        case ex.Until(last):
            return _until(last, context)
    if not possible(expression):
        return None
    period = period_of(expression, context)
    mod = "APPROX" if isinstance(expression, ex.DaysOfMonth) else None
    if isinstance(expression, ex.Part) and expression.which in {"START", "MID", "END"}:
        mod = expression.which
    if period is None:
        return Value("DATE", unresolved(expression), granularity_of(expression), mod=mod)
    timex = _part_timex(expression, context) or period.timex()
    return Value("DATE", timex, granularity_of(expression), period.edtf(), period.start, period.end, mod, period)


def _part_timex(expression: ex.Expression, context: Context) -> str | None:
    """TIMEX3 writes «начало мая» as the month with a mod."""
    if isinstance(expression, ex.Part) and expression.which in {"START", "MID", "END"}:
        whole = period_of(expression.of, context)
        return whole.timex() if whole else None
    return None


def _time(expression: ex.Clock | ex.ClockRange | ex.Night, context: Context) -> Value | None:
    named = expression.into if isinstance(expression, ex.Night) else expression.day
    if named is not None and not possible(named):
        return None
    day = period_of(named, context) if named is not None else _day_of_passage(context, expression)
    date = day.timex() if day else unresolved(named) if named is not None else "XXXX-XX-XX"
    if isinstance(expression, ex.Night):
        if day is None:
            return Value("TIME", f"{date}TNI", "time")
        if expression.told and context.direction != PAST:
            return Value("TIME", f"{date}TNI", "time", day.edtf(), day.start, day.end, period=day)
        eve = Period("days", day.start - dt.timedelta(days=1), day.start)
        return Value("TIME", f"{date}TNI", "time", eve.edtf(), eve.start, eve.end, period=day)
    if isinstance(expression, ex.ClockRange):
        timex = f"{date}{expression.first}/{date}{expression.last}"
    else:
        timex = f"{date}{expression.time}"
    if day is None:
        return Value("TIME", timex, "time")
    edtf = day.edtf()
    if day.unit == "day" and isinstance(expression, ex.Clock) and ":" in expression.time:
        edtf = f"{edtf}{expression.time}"
    return Value("TIME", timex, "time", edtf, day.start, day.end, period=day)


def _time_range(first: ex.Clock, last: ex.Clock, context: Context) -> Value | None:
    """From the day of one time to the day of another."""
    end = _time(last, context)
    if end is not None and end.start is not None and first.day is not None and _is_open(first.day):
        context = replace(context, anchor=end.start, direction=PAST, month=None, frame=None)
    begin = _time(first, context)
    if begin is None or end is None:
        return None
    timex = f"{begin.timex}/{end.timex}"
    if begin.start is None or end.end is None or begin.start > end.end:
        return Value("TIME", timex, "time")
    edtf = f"{begin.start.isoformat()}/{end.end.isoformat()}"
    return Value("TIME", timex, "time", edtf, begin.start, end.end, period=end.period)


def _day_of_passage(context: Context, expression: ex.Expression) -> Period | None:
    """A bare time belongs to the day named before it, else to the day of publication; a timetable to none."""
    day, anchor = context.day, context.anchor
    if context.repeated:
        return None
    if day is not None:
        ahead = anchor is not None and context.direction == PAST and day.start > anchor
        return periods.day(anchor) if ahead and anchor is not None else day
    if isinstance(expression, ex.ClockRange) and context.direction in {OPEN, PRESENT}:
        return None
    return periods.day(context.anchor) if context.anchor else None


def _since(expression: ex.Since | ex.After, first: ex.Expression, context: Context) -> Value | None:
    value = resolve(first, context)
    if value is None or value.period is None:
        return value and replace(value, mod="AFTER", edtf=None, start=None, end=None)
    period = value.period
    if isinstance(expression, ex.After):
        period = periods.next_period(period)
    edtf = period.edtf_start()
    if isinstance(first, ex.Part) and first.which == "START" and period.unit != "years":
        edtf = period.start.isoformat()
    return replace(value, edtf=f"{edtf}/..", start=period.start, end=None, mod="AFTER")


def _until(last: ex.Expression, context: Context) -> Value | None:
    value = resolve(last, context)
    if value is None or value.period is None:
        return value and replace(value, mod="BEFORE", edtf=None, start=None, end=None)
    edtf = value.period.edtf_end()
    if isinstance(last, ex.Part) and last.which == "END":
        edtf = value.period.end.isoformat()
    return replace(value, edtf=f"../{edtf}", start=None, end=value.period.end, mod="BEFORE")


def period_of(expression: ex.Expression, context: Context) -> Period | None:
    """The days an expression names; None if unknown or outside the years 1 to 9999."""
    try:
        return _period_of(expression, context)
    except (OverflowError, ValueError):  # datetime's answer to days that no calendar has
        return None


def _period_of(expression: ex.Expression, context: Context) -> Period | None:
    match expression:
        case ex.Day(year, month, day):
            return periods.day(dt.date(year, month, day))
        case ex.Year(number, digits):
            return periods.year(number if digits == 4 else _latest(number, 100, context))
        case ex.YearSpan(first, last):
            return Period("years", dt.date(first, 1, 1), dt.date(last, 12, 31))
        case ex.Century(number):
            return periods.century(number)
        case ex.Decade(first, of):
            return _decade(first, of, context)
        case ex.Shift():
            return _shift(expression, context)
        case ex.Named(unit, number, None, rel):
            return _choose(_candidates(expression, context), unit, rel, context)
        case ex.Named(_, _, of):
            whole = period_of(of, context) if of is not None else None
            return _within(expression, whole) if whole is not None else None
        case ex.Part(which, of):
            return _part(which, period_of(of, context))
        case ex.FirstMonths(count, of):
            return _first_months(count, of, context)
        case ex.NthWeekday(weekday, number, of):
            whole = period_of(of, context)
            return periods.day(periods.nth_weekday(whole, weekday, number)) if whole is not None else None
        case ex.DaysOfMonth(number, of):
            first_day = period_of(ex.Named("day", number, of=of), context)
            if first_day is None:
                return None
            month_end = periods.containing(first_day.start, "month").end
            return Period("days", first_day.start, min(first_day.start + dt.timedelta(days=9), month_end))
        case ex.SamePeriod(of):
            return _same_period(of, context)
        case ex.Range(first, last):
            return _range(first, last, context)
        case _:
            return None


def _latest(number: int, modulus: int, context: Context) -> int:
    """The latest year not after publication that ends in `number`; of the 20th century without an anchor."""
    if context.anchor is None:
        return 1900 + number
    return context.anchor.year - (context.anchor.year - number) % modulus


def _decade(first: int, of: ex.Expression | None, context: Context) -> Period | None:
    if first >= 100:
        return periods.decade(first)
    if of is not None:
        century = period_of(of, context)
        return periods.decade(century.start.year + first) if century is not None else None
    return periods.decade(_latest(first, 100, context))


def _shift(shift: ex.Shift, context: Context) -> Period | None:
    """Told in the past, «через два дня» and «в следующем году» count from the passage, not from publication."""
    anchor = context.anchor
    reference = next((period for period in context.references if _finer(period, shift.unit)), None)
    counts = reference is not None
    told_back = shift.base == "published" and shift.count > 0 and context.direction == PAST
    if shift.base == "passage" or (told_back and (counts or shift.timex) and (shift.timex or shift.unit == "year")):
        return periods.shifted(reference.start, shift.unit, shift.count) if reference is not None else None
    return periods.shifted(anchor, shift.unit, shift.count) if anchor is not None else None


def _finer(reference: Period, unit: str) -> bool:
    """Whether the reference lies inside one unit, so that one can count from it."""
    return periods.containing(reference.start, unit).end >= reference.end


def _first_months(count: int, of: ex.Expression | None, context: Context) -> Period | None:
    """Without a year, those of the year of publication, if they are over soon after it, else of the year before."""
    if of is not None:
        whole = period_of(of, context)
        return periods.months(whole, count) if whole is not None else None
    if context.anchor is None:
        return None
    this = periods.months(periods.year(context.anchor.year), count)
    over = (this.end - context.anchor).days < _NEAR
    return this if over else periods.months(periods.year(context.anchor.year - 1), count)


def _same_period(of: ex.Expression | None, context: Context) -> Period | None:
    """The part of a year last named, in another year; the whole year where none was named."""
    if of is None:
        return context.span or next(iter(context.references), None)
    year = period_of(of, context)
    if year is None or context.span is None or context.span.start.year != context.span.end.year:
        return year
    return periods.moved(context.span, year.start.year)


def _candidates(named: ex.Named, context: Context) -> list[Period]:
    """The periods of this name around the anchor, in order; just one where the passage decides."""
    anchor = context.anchor
    if named.unit == "day" and context.month is not None and named.rel is None:
        return [p for p in [_within(named, context.month)] if p is not None]
    around = _around(named, anchor) if anchor is not None else []
    if named.unit in _OF_YEAR and context.frame is not None and named.rel is None and named.weekday is None:
        recent = _choose(around, named.unit, None, context)
        news = recent is not None and anchor is not None and 0 <= (anchor - recent.start).days <= _RECENT
        return around if news else _in_frame(named, context.frame)  # what lies so near is no part of an old tale
    return around


def _around(named: ex.Named, anchor: dt.date) -> list[Period]:
    """The periods of this name around a day, in order; those on the weekday that is said, if there are any."""
    match named.unit:
        case "weekday" | "weekend":
            around = [periods.shifted(anchor, "week", n) for n in range(-2, 3)]
        case "day":
            around = [periods.shifted(anchor, "month", n) for n in range(-3, 4)]
        case _:
            span = 8 if named.number == (2, 29) else 2
            around = [periods.shifted(anchor, "year", n) for n in range(-span, span + 1)]
    ordered = [period for whole in around if (period := _within(named, whole)) is not None]
    if named.weekday is not None:
        return [period for period in ordered if period.start.isoweekday() == named.weekday] or ordered
    return ordered


def _in_frame(named: ex.Named, frame: Period) -> list[Period]:
    """The period of this name in the year told of, or the nearest to the month or day told of; none or one."""
    years = [frame.start.year] if frame.unit == "year" else range(frame.start.year - 1, frame.start.year + 2)
    found = [period for year in years if (period := _within(named, periods.year(year))) is not None]
    back = 1.5  # times as near must be what lies before: a tale goes on
    return sorted(found, key=lambda p: _distance(p, frame.start) * (back if p.end < frame.start else 1))[:1]


def _within(named: ex.Named, whole: Period) -> Period | None:
    """The named period inside a larger one; None if there is none («31 февраля»)."""
    year, number = whole.start.year, named.number
    if whole.unit == "years" and named.unit == "season":
        return periods.season(year, int(str(number)))
    try:
        match named.unit, number:
            case "month", int():
                return periods.month(year, number)
            case "monthday", (int() as month, int() as day):
                return periods.day(dt.date(year, month, day))
            case "day", int():
                return periods.day(dt.date(year, whole.start.month, number))
            case "weekday", int():
                return periods.day(whole.start + dt.timedelta(days=(number - whole.start.isoweekday()) % 7))
            case "weekend", _:
                return periods.weekend(whole.start)
            case "quarter", int():
                return periods.quarter(year, number)
            case "half", int():
                return periods.half(year, number)
            case "season", int():  # the winter of a year is the one that ends in it
                return periods.season(year - (number == periods.WINTER), number)
            case "holiday", str():
                return periods.day(periods.holiday(year, number))
            case "eve", str():
                return periods.day(periods.holiday(year, number) - dt.timedelta(days=1))
    except ValueError:
        return None
    return None


def _choose(candidates: list[Period], unit: str, rel: int | None, context: Context) -> Period | None:
    """The candidate that fits «прошлый», «следующий» or the tense, else the nearest."""
    anchor = context.anchor
    if len(candidates) < 2 or anchor is None:
        return candidates[0] if candidates else None
    past = [p for p in candidates if p.end < anchor]
    future = [p for p in candidates if p.start > anchor]
    if rel is not None and rel < 0:
        return past[rel] if len(past) >= -rel else None
    if rel is not None and rel > 0:
        return future[rel - 1] if len(future) >= rel else None

    def nearest_by(past_weight: int, future_weight: int) -> Period:
        def weight(period: Period) -> int:
            return past_weight if period.end < anchor else future_weight

        return min(candidates, key=lambda p: (_distance(p, anchor) * weight(p), p.start > anchor))

    if unit in {"quarter", "half"}:
        nearest = nearest_by(1, 2)  # «выручка за первое полугодие»
    elif context.direction == PRESENT and unit not in {"month", "season"}:
        nearest = nearest_by(3, 1)  # «прилетает во вторник» is rather ahead
    else:
        nearest = nearest_by(1, 1)
    if context.direction in {OPEN, PRESENT}:
        return nearest
    if not context.sure and unit not in _BELIEVED:
        return nearest_by(*_UNLIKELY[context.direction])
    if context.direction == PAST:
        fitting = [p for p in candidates if p.start <= anchor][-1:]
    else:
        fitting = [p for p in candidates if p.end >= anchor][:1]
    if fitting and (_distance(fitting[0], anchor) < _FAR or _distance(nearest, anchor) > _NEAR):
        return fitting[0]
    return nearest


def _distance(period: Period, anchor: dt.date) -> int:
    """Days between the anchor and a period."""
    return max((period.start - anchor).days, (anchor - period.end).days, 0)


def _part(which: str, whole: Period | None) -> Period | None:
    if whole is None:
        return None
    if which[0] == "H" and which[1:].isdigit():
        return periods.half_of(whole, int(which[1]))
    if which[0] == "T":
        return periods.tenth(whole, int(which[1]))
    if which[0] == "W":
        return periods.seven_days(whole, int(which[1:]))
    if which[0] == "D":
        return periods.some_days(whole, int(which[1:]))
    return periods.third(whole, which)


def _range(first: ex.Expression, last: ex.Expression, context: Context) -> Period | None:
    """Both ends; an end without a year takes the one that fits the other end."""
    if _is_open(last) and not _is_open(first):
        start = period_of(first, context)
        end = (
            period_of(last, replace(context, anchor=start.start, direction=FUTURE, month=None, frame=None))
            if start
            else None
        )
    else:
        end = period_of(last, context)
        start = period_of(first, context)
        if end is not None and _is_open(first):
            inside = replace(context, anchor=end.start, direction=PAST, month=None, frame=None)
            start = period_of(first, inside)
    if start is None or end is None or start.start > end.end:
        return None
    return _Interval(start, end)


def _is_open(expression: ex.Expression) -> bool:
    """Whether the expression lacks a year."""
    match expression:
        case ex.Named(_, _, None, None):
            return True
        case ex.Named(_, _, of) | ex.Part(_, of):
            return of is not None and _is_open(of)
    return False


class _Interval(Period):
    """From the beginning of one period to the end of another, written as EDTF writes their bounds."""

    __slots__ = ("_edtf",)

    def __init__(self, first: Period, last: Period) -> None:
        super().__init__("days" if "day" in first.unit + last.unit else last.unit, first.start, last.end)
        object.__setattr__(self, "_edtf", f"{first.edtf_start()}/{last.edtf_end()}")

    def edtf(self) -> str:
        written: str = self._edtf  # type: ignore[attr-defined]
        return written

    def timex(self) -> str:
        return self.edtf().replace("~", "")
