"""Patterns of clock times and parts of the day."""

from svodka.stages.dates import site as at
from svodka.stages.dates.chart import Match, Pattern
from svodka.stages.dates.expressions import Clock, ClockRange, Expression, Named, Night, Shift, Since, TimeRange, Until
from svodka.stages.dates.patterns_calendar import only
from svodka.stages.dates.patterns_day import dated_weekday

_THIRDS = {"START": "TMO", "MID": "TAF", "END": "TEV"}
_AT = "('в'|'во'|'около'|'примерно'|'после'|'с'|'до'|'к')"


def _hours(m: Match) -> str | None:
    hour, minute = m["n"], m.get("minute", 0)
    return f"T{hour % 24:02}:{minute:02}:00" if 0 <= hour <= 24 and minute < 60 else None


def _hours_of(m: Match) -> str | None:
    """«8 вечера» is 20:00, «час ночи» 01:00, «12 ночи» 00:00."""
    hour, minute = _of_day(m.get("n", 1), m["daypart_of"]), m.get("minute", 0)
    return f"T{hour:02}:{minute:02}:00" if hour is not None and minute < 60 else None


def _hour_begun(m: Match) -> str | None:
    """«десятый час вечера» is the hour from 21:00 on."""
    hour = _of_day(m["o"] - 1, m["daypart_of"])
    return f"T{hour:02}" if hour is not None else None


def _of_day(hour: int, part: str) -> int | None:
    """The hour of a day by the hour of its part."""
    if not 1 <= hour <= 12:
        return None
    if (part == "DT" and hour < 8) or (part == "EV" and hour < 12) or (part == "NI" and 8 < hour < 12):
        hour += 12
    return 0 if part == "NI" and hour == 12 else hour


def _clock_of(m: Match) -> str:
    """«8:00 вечера» is 20:00, «23:00 вечера» is what it says."""
    clock: str = m["clock"]
    hour = int(clock[1:3])
    return f"T{hour + 12:02}{clock[3:]}" if m["daypart_of"] in {"DT", "EV"} and hour < 12 else clock


def _bare_hour_of(m: Match) -> str | None:
    """«5 утра», but not «два дня», which is a length unless a preposition stands before."""
    return _hours_of(m) if m["daypart_of"] != "DT" else None


STEPS = (
    Pattern(
        "clock.digital",
        "clk",
        "clock hour_word? zone?\nclock '(' zone ')'",
        only("clock"),
        yes="в [15:30 мск]",
        no="со счётом 13:20",
        when=(at.not_after("number_sign"),),
    ),
    Pattern("clock.dotted", "clk", "dotted_clock zone", only("dotted_clock"), yes="в [15.30 мск]", no="версия 12.10"),
    Pattern(
        "clock.dotted",
        "clk",
        "dotted_clock",
        only("dotted_clock"),
        when=(at.after("dotted_preposition"), at.not_counted),
    ),
    Pattern(
        "clock.hours",
        "clk",
        "n hour_word zone?\nn hour_word minute=n minute_word zone?",
        _hours,
        yes="в [10 часов 15 минут]",
        no="длился до 4 часов",
        when=(at.after("clock_preposition"), at.late_enough),
    ),
    Pattern(
        "clock.hours_zone",
        "clk",
        "n hour_word zone\nn hour_word minute=n minute_word zone",
        _hours,
        yes="[10 часов мск]",
        no="10 часов пути",
    ),
    Pattern(
        "clock.daypart",
        "clk",
        "n hour_word daypart_of zone?\nn hour_word minute=n minute_word daypart_of zone?\n"
        "'час' daypart_of zone?\n'часу' daypart_of",
        _hours_of,
        yes="в [восемь часов вечера]",
        no="восемь вечеров",
    ),
    Pattern("clock.daypart", "clk", "n daypart_of zone?", _bare_hour_of),
    Pattern("clock.daypart", "clk", "n daypart_of zone?", _hours_of, when=(at.after("clock_preposition"),)),
    Pattern(
        "clock.half",
        "clk",
        "half_past o daypart_of?",
        lambda m: f"T{m['o'] - 1:02}:30:00" if 1 < m["o"] < 13 else None,
        yes="в [половине десятого]",
        no="половине десятков",
    ),
    Pattern("clock.noon", "clk", "noon", only("noon"), yes="в [полночь]", no="полуночный"),
    Pattern("clock.digital", "clk", "clock daypart_of zone?", lambda m: _clock_of(m)),
    Pattern("", "part_of_day", "early_late? daypart_adverb", only("daypart_adverb")),
    Pattern("", "part_noun", "early_late? daypart", only("daypart")),
    Pattern(
        "clock.nth_hour",
        "clk",
        "o 'часу' daypart_of",
        lambda m: _hour_begun(m),
        yes="в [десятом часу вечера]",
        no="в пятом часу матча",
    ),
)

TIMES = (
    Pattern("", "Time", "clk", lambda m: Clock(m["clk"]), when=(at.clock_placed, at.no_score)),
    Pattern("", "Time", "Time zone", only("Time")),
    Pattern(
        "time.day_clock",
        "Time",
        f"Day ','? ('примерно'|'приблизительно'|'ориентировочно')? {_AT}? clk\nDay '(' clk ')'",
        lambda m: Clock(m["clk"], m["Day"]),
        yes="[вчера в 15:30]",
        no="вчера 3:2",
    ),
    Pattern(
        "time.clock_day",
        "Time",
        "clk ','? ('в'|'во')? Day\nclk weekday",
        lambda m: Clock(m["clk"], _day_of(m)),
        yes="в [15:30 5 мая]",
        no="15:30, пять мая",
    ),
    Pattern(
        "time.day_part",
        "Time",
        "Day ','? ('в'|'во'|'под')? (part_of_day)\nDay ','? ('под'|'к') daypart",
        lambda m: _part(m, m["Day"]),
        yes="[вчера вечером]",
        no="вчера на вечере",
        when=(at.not_before("not_daytime"),),
    ),
    Pattern(
        "time.part_day",
        "Time",
        "part_of_day ','? ('в'|'во')? Day\nearly_late? daypart ('в'|'во')? Day\n(part_of_day|daypart) weekday\n"
        "weekday part_of_day ','? dm",
        lambda m: _part(m, _day_of(m)) if m.get("daypart") != "DT" else None,
        yes="[утром 5 мая]",
        no="утренник 5 мая",
    ),
    Pattern(
        "time.part_clock",
        "Time",
        f"Time ','? {_AT} clk\nTime '(' clk ')'",
        lambda m: _join(m["Time"], m["clk"]),
        yes="[вечером 5 мая в 18:00]",
        no="в 18:00 вечерня",
    ),
    Pattern(
        "time.night_into",
        "Time",
        "(daypart|daypart_adverb) 'на' Day",
        lambda m: _night(m, m["Day"]),
        yes="[в ночь на вторник]",
        no="билеты на вторник",
    ),
    Pattern("time.night_into", "Time", "'в' daypart 'на' Day", lambda m: _night(m, m["Day"])),
    Pattern(
        "time.night_between",
        "Time",
        "'в'? daypart ('с'|'со') mday 'на' last=mday month yr?",
        lambda m: _night(m, Named("monthday", (m["month"], m["last"]), of=m.get("yr"))),
        yes="[в ночь с 5 на 6 мая]",
        no="с 5 на 6 место",
    ),
    Pattern(
        "time.night_between", "Time", "'в'? daypart ('с'|'со') first=Day 'на' last=Day", lambda m: _night(m, m["last"])
    ),
    Pattern(
        "time.part_rel",
        "Time",
        "rel=(rel|nearest) 'же'? x=(daypart|daypart_adverb)\nthat 'же'? x=(daypart|daypart_adverb)",
        lambda m: _rel(m),
        yes="[минувшей ночью]",
        no="при этом ночью",
        when=(at.agrees,),
    ),
    Pattern(
        "time.part_rel",
        "Time",
        "day_adj (daypart|daypart_adverb)",
        lambda m: _part(m, Shift("day", m["day_adj"])) if _code(m) != "DT" else None,
    ),
    Pattern(
        "time.part",
        "Time",
        "part_of_day",
        lambda m: _part(m, None),
        yes="[вечером] суд",
        no="днём рождения",
        when=(at.not_before("not_daytime"), at.not_after("each"), at.not_day_of_event, at.lower),
    ),
    Pattern(
        "time.part_noun",
        "Time",
        "part_noun",
        lambda m: _part(m, None),
        yes="к [вечеру]",
        no="к вечеринке",
        when=(at.after("daypart_preposition"), at.not_before("not_daytime"), at.not_day_noun),
    ),
    Pattern(
        "time.half_day",
        "Time",
        "o half_of 'дня' Day?\nDay ','? ('в'|'во')? o half_of 'дня'",
        lambda m: Clock("TMO" if m["o"] == 1 else "TAF", m.get("Day")),
        yes="во [второй половине дня]",
        no="второй половине матча",
    ),
    Pattern(
        "time.range",
        "Time",
        "('с'|'со') clk ('до'|'по') last=clk Day?\nclk dash last=clk Day?\n'между' clk 'и' last=clk Day?\n"
        f"Day ','? ('с'|'со') clk ('до'|'по') last=clk\nDay ','? {_AT}? clk dash last=clk",
        lambda m: ClockRange(m["clk"], m["last"], m.get("Day")),
        yes="[с 10:00 до 18:00]",
        no="с 10:00 счёт",
    ),
    Pattern(
        "time.range",
        "Time",
        "('с'|'со') n ('до'|'по') last=n hour_word zone? Day?\nn dash last=n hour_word zone\n"
        "Day ','? ('с'|'со') n ('до'|'по') last=n hour_word",
        lambda m: _hour_range(m),
    ),
    Pattern(
        "time.from_to",
        "Time",
        "'начиная'? ('с'|'со') first=Time 'и'? ('до'|'по') last=Time",
        lambda m: _from_to(m["first"], m["last"]),
        yes="[с вечера 8 ноября до утра 10 ноября]",
        no="с вечера до утра",
    ),
    Pattern(
        "time.since",
        "Time",
        "'начиная'? ('с'|'со') (clk|Time)",
        lambda m: _bound(m, Since),
        yes="закрыто [с 16:42 мск]",
        no="перенесли с 16:42 на вечер",
        when=(at.not_moved,),
    ),
    Pattern(
        "time.until",
        "Time",
        "'вплоть'? 'до' (clk|Time)\n'не' ('позднее'|'позже') (clk|Time)",
        lambda m: _bound(m, Until),
        yes="открыто [до 20:00]",
        no="до дома 20:00",
    ),
    Pattern(
        "time.lunch",
        "Time",
        "'до' lunch",
        lambda m: Until(Clock(m["lunch"])),
        yes="закончат [до обеда]",
        no="повар для обеда",
    ),
    Pattern("time.lunch", "Time", "'после' lunch", lambda _: Clock("TAF")),
    Pattern(
        "time.part_of_day",
        "Time",
        "part 'дня' Day?",
        lambda m: Clock(_THIRDS[m["part"]], m.get("Day")),
        yes="в [конце дня]",
        no="в конце трудного дня",
    ),
    Pattern(
        "time.new_year",
        "Time",
        "('новогодняя'|'новогодней'|'новогоднюю') daypart\n('новогодней'|'новогоднюю') daypart_adverb",
        lambda _: Night(Named("holiday", "01-01")),
        yes="в [новогоднюю ночь]",
        no="новогодняя ёлка",
    ),
)


def _from_to(first: Expression, last: Expression) -> TimeRange | None:
    if isinstance(first, Clock) and isinstance(last, Clock) and first.day is not None and last.day is not None:
        return TimeRange(first, last)
    return None


def _bound(m: Match, side: type[Since] | type[Until]) -> Expression | None:
    """«с 16:42», «до вечера субботы»; «с утра» is in the morning."""
    time: Expression = Clock(m["clk"]) if "clk" in m else m["Time"]
    return side(time) if isinstance(time, Clock) and (":" in time.time or time.day is not None) else None


def _code(m: Match) -> str:
    for name in ("part_of_day", "part_noun", "daypart", "daypart_adverb", "x"):
        if name in m:
            return str(m[name])
    raise KeyError("no part of day")


def _part(m: Match, day: Expression | None) -> Clock:
    return Clock(f"T{_code(m)}", day)


def _day_of(m: Match) -> Expression:
    """The day, or the weekday without a preposition of «утро воскресенья»."""
    if "dm" in m:
        return dated_weekday(m)
    day: Expression = m["Day"] if "Day" in m else Named("weekday", m["weekday"])
    return day


def _night(m: Match, day: Expression) -> Night | None:
    return Night(day) if _code(m) == "NI" else None


def _rel(m: Match) -> Expression | None:
    """«минувшей ночью» is the night into the day of publication; «этим утром» is of that day."""
    code = _code(m)
    if code == "DT":
        return None
    if "that" in m:
        return Clock(f"T{code}", Shift("day", 0, "passage"))
    if code == "NI":
        return Night(Shift("day", max(m["rel"], 0)), told=m["rel"] == 0)
    return Clock(f"T{code}", Shift("day", m["rel"]))


def _join(time: Expression, clock: str) -> Expression | None:
    if isinstance(time, Clock) and ":" not in time.time and ":" in clock:
        return Clock(clock, time.day)
    return None


def _hour_range(m: Match) -> ClockRange | None:
    if not (0 <= m["n"] < 24 and 0 < m["last"] <= 24):
        return None
    return ClockRange(f"T{m['n']:02}:00:00", f"T{m['last'] % 24:02}:00:00", m.get("Day"))


PATTERNS = (*STEPS, *TIMES)
