"""Patterns that stretch from one moment to another, and those that name several at once."""

from typing import Any

from svodka.stages.dates import site as at
from svodka.stages.dates.ages import AGE_CONTEXT, in_list
from svodka.stages.dates.chart import Match, Pattern
from svodka.stages.dates.expressions import (
    After,
    Century,
    Decade,
    Named,
    Quantity,
    Range,
    Several,
    Shift,
    Since,
    Until,
    Vague,
    Year,
)

PATTERNS = (
    Pattern(
        "range.month_days",
        "Range",
        "('с'|'со') mday ('по'|'до') last=mday month yr?\nmday=int dash last=int month yr?\n"
        "'между' mday 'и' last=mday month yr?\n('с'|'со') mday dash last=mday month yr?",
        lambda m: _days(m, "month") if m["mday"] < m["last"] < 32 else None,
        yes="[с 3 по 5 июня]",
        no="с 3 по 5 этаж",
    ),
    Pattern(
        "range.numbers",
        "Range",
        "('с'|'со') mday ('по'|'до') last=mday date_word\nmday dash last=mday date_word",
        lambda m: Range(Named("day", m["mday"]), Named("day", m["last"])),
        yes="[с 5-го по 10-е число]",
        no="с 5-го на 6-е место",
    ),
    Pattern(
        "range.months",
        "Range",
        "('с'|'со') month ('по'|'до') last=month yr?\nmonth dash last=month yr?",
        lambda m: Range(Named("month", m["month"], of=m.get("yr")), Named("month", m["last"], of=m.get("yr"))),
        yes="[с января по апрель 2024 года]",
        no="май и июнь",
    ),
    Pattern(
        "range.decades",
        "Range",
        "first=(int|decade|y4) dash last=decade year_words? Century?\n"
        "first=decade_word dash last=decade_word year_words? Century?",
        lambda m: _decades(m),
        yes="[80–90-е годы]",
        no="80–90-е места",
        when=(at.either(at.decade_or_years, at.decades_in_genitive),),
    ),
    Pattern(
        "range.years",
        "Range",
        "y4 dash last=(y4|int) (year_words|year_word)\ny4 dash last=(y4|int) 'гг' '.'\n"
        "y4 dash last=(y4|int) 'г' '.' 'г' '.'\n"
        "'между' y4 'и' last=y4 year_word?\n"
        "'начиная'? ('с'|'со') y4 ('по'|'до') last=y4 (year_word|year_words)?\n"
        "('с'|'со') yr ('по'|'до') last=yr\n"
        "('с'|'со') y4 dash last=y4 (year_word|year_words)?",
        lambda m: _years(m),
        yes="в [2014–2016 годах]",
        no="2014–2016 рублей",
    ),
    Pattern(
        "range.years_bare",
        "Range",
        "y4 dash last=(y4|int)",
        lambda m: _years(m),
        yes="Иванов ([1941–1945])",
        no="рейс 1941–1945",
        when=(at.either(at.after("year_preposition"), at.in_brackets, at.of_season), at.not_counted),
    ),
    Pattern(
        "range.centuries",
        "Range",
        "roman dash last=roman (century_word|century_words) '.'?",
        lambda m: Range(Century(m["roman"]), Century(m["last"])) if m["roman"] < m["last"] < 22 else None,
        yes="[XVIII–XIX веков]",
        no="II–III степени",
    ),
    Pattern(
        "range.points",
        "Range",
        "('с'|'со') point ('по'|'до') last=point\npoint dash last=point\n"
        "'между' point 'и' last=point\n('с'|'со') point ('по'|'до') last=month\n'от' point 'до' last=point",
        lambda m: _points(m),
        yes="[с 30 декабря 2021 года по 9 января 2022 года]",
        no="с 30 мест по 9 улиц",
    ),
    Pattern(
        "range.seasons",
        "Range",
        "season dash last=season yr\nseason dash last=season year_span\nseason dash last=season y4 dash b=y4",
        lambda m: _seasons(m),
        yes="коллекция [весна-лето 2016]",
        no="весна-лето удались",
    ),
    Pattern(
        "range.since",
        "Range",
        "('с'|'со') point\n('начиная'|'начав') ('с'|'со') point\n'не' ('ранее'|'раньше') point\n"
        "'не' ('ранее'|'раньше') ','? 'чем' ('в'|'во')? point\n"
        "('с'|'со') point 'по' ('настоящее'|'нынешнее') 'время'\n('с'|'со') point 'по' 'сей' unit:day",
        lambda m: Since(m["point"]),
        yes="[с 2019 года]",
        no="перенесли с 16 числа на 20 мая",
        when=(at.not_moved, at.not_instrumental, at.not_listed),
    ),
    Pattern(
        "range.not_before",
        "Range",
        "('ранее'|'раньше') point",
        lambda m: Since(m["point"]),
        yes="не начнут [раньше весны 2020 года]",
        no="раньше весны",
        when=(at.denied,),
    ),
    Pattern(
        "range.until",
        "Range",
        "'вплоть'? 'до' point\n'не' ('позднее'|'позже') point\n'не' ('позднее'|'позже') ','? 'чем' ('в'|'во')? point",
        lambda m: Until(m["point"]),
        yes="[до 20 апреля]",
        no="до дома 20",
    ),
    Pattern(
        "range.through",
        "Range",
        "'по' point\n'вплоть' 'по' point",
        lambda m: Until(m["point"]),
        yes="[по пятницу]",
        no="по прошлому году",
        when=(at.not_dative, at.not_listed),
    ),
    Pattern(
        "range.after", "Range", "'после' point", lambda m: After(m["point"]), yes="[после 1 июля]", no="после матча"
    ),
    Pattern(
        "several.days",
        "Several",
        "a=mday ('и'|'или') b=mday month yr?\na=mday ',' b=mday ('и'|'или') c=mday month yr?\n"
        "a=mday ',' b=mday ',' c=mday ('и'|'или') d=mday month yr?",
        lambda m: _several(m, lambda v: Named("monthday", (m["month"], v), of=m.get("yr"))),
        yes="[6] и [9 апреля]",
        no="6 и 9 мест",
    ),
    Pattern(
        "several.numbers",
        "Several",
        "a=mday 'и' b=mday date_word",
        lambda m: _several(m, lambda v: Named("day", v)),
        yes="[6] и [9 числа]",
        no="6 и 9 мест",
    ),
    Pattern(
        "several.years",
        "Several",
        "a=y4 ('и'|'или') b=y4 (year_words|year_word)\na=y4 ',' b=y4 ('и'|'или') c=y4 "
        "(year_words|year_word)\na=y4 'и' b=y4 'гг' '.'\na=y4 ',' b=y4 ',' c=y4 'и' d=y4 year_words\n"
        "a=year_ordinal 'и' b=year_ordinal year_words",
        lambda m: _several(m, Year),
        yes="в [2021] и [2022 годах]",
        no="2021 и 2022 места",
    ),
    Pattern(
        "several.quarters",
        "Several",
        "a=number 'и' b=number quarter_word yr?",
        lambda m: _several(m, lambda v: Named("quarter", v, of=m.get("yr")) if v < 5 else None),
        yes="в [первом] и [втором квартале 2023 года]",
        no="первый и второй квартиранты",
    ),
    Pattern(
        "several.ages",
        "Several",
        "a=int 'и' b=int 'лет'",
        lambda m: _several(m, lambda v: Quantity("AGE", f"P{v}Y", "year")),
        yes="девочкам было [8] и [10 лет]",
        no="осуждены на 8 и 10 лет",
        when=(at.either(*AGE_CONTEXT, in_list),),
    ),
    Pattern(
        "several.lengths",
        "Several",
        "a=int 'и' b=int 'лет'",
        lambda m: _several(m, lambda v: Quantity("DURATION", f"P{v}Y", "year")),
        yes="осуждены на [20] и [10 лет]",
        no="20 и 10 летних",
    ),
    Pattern(
        "several.centuries",
        "Several",
        "a=number ('и'|'или') b=number (century_word|century_words)",
        lambda m: _several(m, Century) if 1 <= m["a"] <= 21 >= m["b"] >= 1 else None,
        yes="в [XIX] и [XX веках]",
        no="XIX и XX съезды",
    ),
    Pattern(
        "several.months",
        "Several",
        "a=month ('и'|'или') b=month yr\na=month ',' b=month ('и'|'или') c=month yr",
        lambda m: _several(m, lambda v: Named("month", v, of=m["yr"])),
        yes="в [мае] и [июне 2023 года]",
        no="в мае и зимой",
    ),
    Pattern(
        "several.decades",
        "Several",
        "a=decade 'и' b=decade year_words? Century?",
        lambda m: _several(m, lambda v: Decade(v, m.get("Century"))),
        yes="[80-е] и [90-е годы]",
        no="80-е и 90-е места",
        when=(at.decade_or_years,),
    ),
)


def _days(m: Match, unit: str) -> Range:
    year = m.get("yr")
    return Range(Named("monthday", (m[unit], m["mday"]), of=year), Named("monthday", (m[unit], m["last"]), of=year))


def _years(m: Match) -> Range | None:
    first, last = (Year(v) if isinstance(v, int) else v for v in (m["yr"] if "yr" in m else m["y4"], m["last"]))
    if isinstance(first, Year) and isinstance(last, Year) and 10 <= last.number < 100:  # «1996–98»
        last = Year(first.number - first.number % 100 + last.number)
    if isinstance(first, Year) and isinstance(last, Year) and first.number >= last.number:
        return None
    return Range(first, last)


def _points(m: Match) -> Range | None:
    """«вчера — 5 мая» names one day twice, so what is counted from publication makes no range with a dash."""
    last = m["last"]
    if "dash" in m and any(isinstance(x, Vague | Shift) for x in (m["point"], last)):
        return None
    return Range(m["point"], Named("month", last) if isinstance(last, int) else last)


def _seasons(m: Match) -> Range:
    """«осень-зима 2018-2019»: the second season lies in the second year, where there is one."""
    if "yr" in m:
        return Range(Named("season", m["season"], of=m["yr"]), Named("season", m["last"], of=m["yr"]))
    first, last = m["year_span"] if "year_span" in m else (m["y4"], m["b"])
    return Range(Named("season", m["season"], of=Year(first)), Named("season", m["last"], of=Year(last)))


def _decades(m: Match) -> Range | None:
    first, last, century = m["first"], m["last"], m.get("Century")
    if first > 99 and last < 100:  # «1980–90-х»
        last += first - first % 100
    return Range(Decade(first, century), Decade(last, century)) if first % 10 == 0 and first < last else None


def _several(m: Match, member: Any) -> Several | None:  # noqa: ANN401
    """Every lettered slot, the first and every other after it, is a member; the last takes what follows too."""
    count = sum(letter in m for letter in "abcd")
    made = [(edge.start, edge.end, member(edge.value)) for edge in m.edges[: 2 * count : 2]]
    made[-1] = (made[-1][0], m.edges[-1].end, made[-1][2])
    return None if any(expression is None for _, _, expression in made) else Several(tuple(made))
