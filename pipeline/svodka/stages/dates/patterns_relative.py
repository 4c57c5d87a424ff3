"""Patterns that count from another moment: publication, or a day named before in the passage."""

import re

from svodka.stages.dates import site as at
from svodka.stages.dates.chart import Match, Pattern
from svodka.stages.dates.expressions import Approximate, Base, Expression, Range, SamePeriod, Shift, Vague
from svodka.stages.dates.patterns_calendar import Build
from svodka.stages.dates.patterns_quantity import UNIT, length_grain, timex_length

_LENGTHS = {"P6M": ("month", 6), "P1.5Y": ("month", 18), "P50Y": ("year", 50)}
_FEW = frozenset({"second", "minute", "hour"})
_ABOUT = "('всего'|'почти'|'примерно'|'ровно'|'около')?"


def counted(sign: int, base: Base = "published") -> Build:
    """`n` units away; hours and minutes away are a time that is not known to the minute."""

    def build(m: Match) -> Expression | None:
        if "length" in m:
            if m["length"] not in _LENGTHS:
                return Vague(f"{m['length']}", "time" if "T" in m["length"] else "day")
            unit, count = _LENGTHS[m["length"]]
            return Shift(unit, sign * count, base, m["length"])
        unit = m["unit"]
        if "many" in m or unit in _FEW:
            return Vague(timex_length("X" if "many" in m else m.get("n", 1), unit), "time" if unit in _FEW else unit)

        def counted_from(number: int) -> Shift:
            return Shift(unit, sign * number, base, timex_length(number, unit))

        if "last" in m:  # «через два-три месяца»
            near, far = (counted_from(m.get(name, 1)) for name in ("n", "last"))
            return Range(near, far) if sign > 0 else Range(far, near)
        return counted_from(m.get("n", 1))

    return build


def about(build: Build) -> Build:
    """«года четыре назад»: the order of the words makes it approximate."""

    def built(m: Match) -> Expression | None:
        expression = build(m)
        return Approximate(expression) if isinstance(expression, Shift) else expression

    return built


def aged(m: Match) -> Expression | None:
    """«двухлетней давности»: so many units before publication."""
    length = re.fullmatch(r"P(\d+)[DWMY]", m.get("length_adj", "P1Y"))
    if length is None:
        return Vague(m["length_adj"], length_grain(m["length_adj"]))
    return Shift(length_grain(length[0]), -int(length[1]), timex=length[0])


def same(count: int) -> Build:
    """The unit of the passage, or one beside it."""
    return lambda m: None if m["unit"] in {"second", "minute", "hour"} else Shift(m["unit"], count, "passage")


PATTERNS = (
    Pattern(
        "day.adverb",
        "Day",
        "day_adverb",
        lambda m: Shift("day", m["day_adverb"]),
        yes="[вчера] суд",
        no="журнал «Сегодня»",
        when=(at.lower,),
    ),
    Pattern(
        "day.eve_event",
        "Day",
        "eve\neve_of",
        lambda _: Vague("PXD", "day"),
        yes="[накануне] выборов",
        no="накануне сообщил",
        when=(at.before_event,),
    ),
    Pattern("day.eve", "Day", "eve", lambda _: Shift("day", -1), yes="[накануне] сообщил", no="в канун праздника"),
    Pattern(
        "day.adjective",
        "Adjective",
        "day_adj",
        lambda m: Shift("day", m["day_adj"]),
        yes="[вчерашний] матч",
        no="тогдашний матч",
    ),
    Pattern(
        "day.adjective_day",
        "Day",
        "day_adj ('день'|'дня'|'дню'|'днем'|'дне'|'момент')",
        lambda m: Shift("day", m["day_adj"]),
        yes="на [сегодняшний день]",
        no="сегодняшний матч",
    ),
    Pattern(
        "day.that",
        "Day",
        "that 'же'? 'самый'? unit:day\nrel=rel 'же'? unit:day",
        lambda m: _that_day(m),
        yes="в [тот же день]",
        no="в рабочий день",
    ),
    Pattern(
        "day.other",
        "Day",
        "other unit:day\nfollowing unit:day",
        lambda _: Shift("day", 1, "passage"),
        yes="на [другой день]",
        no="другой раз",
    ),
    Pattern("day.that", "Week", "that 'же' unit=(unit:week)", same(0)),
    Pattern(
        "month.that", "Month", "(that|rel) 'же' unit=(unit:month)", same(0), yes="в [том же месяце]", no="за месяц"
    ),
    Pattern("year.that", "Year", "that 'же'? unit=(unit:year)", same(0), yes="в [том же году]", no="за год"),
    Pattern("year.that", "Year", "rel 'же' unit=(unit:year)", lambda m: same(0)(m) if m["rel"] == 0 else None),
    Pattern(
        "unit.previous",
        "Year",
        "(previous) unit=(unit:year)",
        same(-1),
        yes="[предыдущего года]",
        no="предыдущего матча",
    ),
    Pattern("unit.previous", "Month", "(previous) unit=(unit:month)", same(-1)),
    Pattern("unit.previous", "Day", "(previous) unit=(unit:day)", same(-1)),
    Pattern("unit.previous", "Week", "(previous) unit=(unit:week)", same(-1)),
    Pattern(
        "period.same",
        "Part",
        "that 'же' period_word yr?\nalike period_word yr?\nalike period_word unit:year earlier",
        lambda m: SamePeriod(Shift("year", -1, "passage") if "earlier" in m else m.get("yr")),
        yes="за [тот же период]",
        no="трудный период",
    ),
    Pattern(
        "offset.ago",
        "Offset",
        f"n {UNIT} ago\nunit ago\nlength ago\nmany {UNIT} ago\nn dash last=n {UNIT} ago",
        counted(-1),
        yes="[три года назад]",
        no="три шага назад",
    ),
    Pattern("offset.ago", "Offset", "unit=units n=card_unit ago", about(counted(-1))),
    Pattern(
        "offset.aged",
        "Offset",
        "length_adj 'давности'\n('годовой'|'годичной') 'давности'",
        aged,
        yes="события [трехлетней давности]",
        no="трехлетней дочери",
    ),
    Pattern(
        "offset.through",
        "Offset",
        f"through {_ABOUT} n {UNIT}\nthrough {_ABOUT} unit\nthrough {_ABOUT} length\nthrough many {UNIT}\n"
        f"through n dash last=n {UNIT}\nthrough n? {UNIT} 'или' last=n",
        counted(1),
        yes="[через два дня]",
        no="через два дня после свадьбы",
        when=(at.not_from_event,),
    ),
    Pattern(
        "offset.after_gap",
        "Offset",
        f"after_gap {_ABOUT} n {UNIT}\nafter_gap {_ABOUT} unit\nafter_gap {_ABOUT} length\n"
        f"after_gap many {UNIT}\nn {UNIT} after_gap\nunit after_gap\nmany {UNIT} after_gap\nlength after_gap",
        counted(1, "passage"),
        yes="[спустя неделю]",
        no="спустя неделю после свадьбы",
        when=(at.not_from_event,),
    ),
    Pattern(
        "day.vague",
        "Day",
        "'на' 'днях'",
        lambda _: Vague("PRESENT_REF", "day"),
        yes="[на днях] посол",
        no="на дне",
    ),
    Pattern(
        "offset.earlier",
        "Offset",
        f"n {UNIT} earlier\nunit earlier\nlength earlier\nmany {UNIT} earlier",
        counted(-1, "passage"),
        yes="[тремя днями ранее]",
        no="на три дня раньше",
        when=(at.not_after("onto"),),
    ),
    Pattern(
        "offset.later",
        "Offset",
        f"n {UNIT} later\nunit later\nlength later\nmany {UNIT} later",
        counted(1, "passage"),
        yes="[годом позже]",
        no="на год позже",
        when=(at.not_after("onto"),),
    ),
    Pattern(
        "offset.before_that",
        "Offset",
        f"'за' n? {UNIT} 'до' ('этого'|'того')",
        counted(-1, "passage"),
        yes="[за год до этого]",
        no="за год до того, как",
        when=(at.not_from_event,),
    ),
)


def _that_day(m: Match) -> Expression | None:
    count = m.get("rel", 0)
    if count < 0:
        return None
    return Shift("day", count, "passage")
