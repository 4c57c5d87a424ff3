"""Patterns that count from another moment: publication, or a day named before in the passage."""

from svodka.stages.dates import site as at
from svodka.stages.dates.chart import Match, Pattern
from svodka.stages.dates.expressions import Expression, Shift, Vague
from svodka.stages.dates.patterns_calendar import Build
from svodka.stages.dates.patterns_quantity import UNIT, length_grain, timex_length, unit_grain

_LENGTHS = {"P6M": ("month", 6), "P1.5Y": ("month", 18), "P50Y": ("year", 50)}


def counted(sign: int, base: str = "published") -> Build:
    """`n` units away; hours and minutes away are a time that is not known to the minute."""

    def build(m: Match) -> Expression | None:
        if "length" in m:
            if m["length"] not in _LENGTHS:
                return Vague(f"{m['length']}", "time" if "T" in m["length"] else "day")
            unit, count = _LENGTHS[m["length"]]
            return Shift(unit, sign * count, base, m["length"])  # type: ignore[arg-type]
        unit = m["unit"]
        if "many" in m or unit in {"second", "minute", "hour"}:
            return Vague(
                timex_length("X" if "many" in m else m.get("n", 1), unit),
                "time" if unit in {"second", "minute", "hour"} else unit,
            )
        return Shift(unit, sign * m.get("n", 1), base, timex_length(m.get("n", 1), unit))  # type: ignore[arg-type]

    return build


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
        "eve",
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
        "day_adj ('день'|'дня'|'дню'|'днем'|'дне')",
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
        "that 'же' period_word\n('аналогичный'|'аналогичного'|'аналогичном'|'аналогичным') period_word yr?",
        lambda m: m.get("yr") or Vague("PXM", "month"),
        yes="за [тот же период]",
        no="трудный период",
    ),
    Pattern(
        "offset.ago",
        "Offset",
        f"n {UNIT} ago\n{UNIT} ago\nlength ago\nmany {UNIT} ago",
        counted(-1),
        yes="[три года назад]",
        no="три шага назад",
    ),
    Pattern(
        "offset.after_event",
        "Offset",
        f"(through|after_gap) n? {UNIT}\n(through|after_gap) length",
        lambda m: Vague(m["length"] if "length" in m else timex_length(m.get("n", 1), m["unit"]), _through_grain(m)),
        yes="[через год] после свадьбы",
        no="через год",
        when=(at.before_after,),
    ),
    Pattern(
        "offset.through",
        "Offset",
        f"through n {UNIT}\nthrough {UNIT}\nthrough length\nthrough many {UNIT}",
        counted(1),
        yes="[через два дня]",
        no="через два дома",
    ),
    Pattern(
        "offset.after_gap",
        "Offset",
        f"after_gap n {UNIT}\nafter_gap {UNIT}\nafter_gap length\n"
        f"after_gap many {UNIT}\nn {UNIT} after_gap\n{UNIT} after_gap\nmany {UNIT} after_gap\nlength after_gap",
        counted(1, "passage"),
        yes="[спустя неделю]",
        no="спустя рукава",
    ),
    Pattern(
        "offset.earlier",
        "Offset",
        f"n {UNIT} earlier\n{UNIT} earlier\nlength earlier\nmany {UNIT} earlier",
        counted(-1, "passage"),
        yes="[тремя днями ранее]",
        no="тремя страницами ранее",
    ),
    Pattern(
        "offset.later",
        "Offset",
        f"n {UNIT} later\n{UNIT} later\nlength later\nmany {UNIT} later",
        counted(1, "passage"),
        yes="[годом позже]",
        no="на круг позже",
    ),
    Pattern(
        "offset.before_that",
        "Offset",
        f"'за' n? {UNIT} 'до' ('этого'|'того')",
        counted(-1, "passage"),
        yes="[за год до этого]",
        no="за год до выборов",
    ),
    Pattern(
        "day.vague",
        "Day",
        "'на' 'днях'\n'со' 'дня' 'на' unit:day",
        lambda _: Vague("PRESENT_REF", "day"),
        yes="[на днях] посол",
        no="на дне",
    ),
)


def _through_grain(m: Match) -> str:
    return length_grain(m["length"]) if "length" in m else unit_grain(m["unit"])


def _that_day(m: Match) -> Expression | None:
    count = m.get("rel", 0)
    if count < 0:
        return None
    return Shift("day", count, "passage")
