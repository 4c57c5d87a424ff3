"""Patterns of the calendar: numerals, days, months, quarters, seasons, years, decades, centuries and their parts.

Each pattern stands between an example of it and something alike that it must leave alone. Small kinds are steps, kinds
with a capital are expressions of their own.
"""

from collections.abc import Callable
from typing import Any

from svodka.stages.dates import site as at
from svodka.stages.dates.chart import Match, Pattern
from svodka.stages.dates.expressions import (
    Century,
    Decade,
    FirstMonths,
    Named,
    Part,
    Shift,
    Year,
    YearSpan,
)

Build = Callable[[Match], Any]


_DAYS = "'дни'|'днях'|'дней'|'недели'|'неделях'|'недель'|'месяцы'|'месяцах'|'месяцев'"


def only(name: str) -> Build:
    """The value of a slot as it is."""
    return lambda m: m[name]


def named(unit: str, number: str, of: str = "yr") -> Build:
    """A unit by its number, inside what another slot says, if it is filled."""
    return lambda m: Named(unit, m[number], of=m.get(of), rel=m.get("rel"))


def bounded(unit: str, number: str, high: int, of: str = "yr") -> Build:
    """Like `named`, if the number exists: there is no fifth quarter."""
    return lambda m: Named(unit, m[number], of=m.get(of)) if 1 <= m[number] <= high else None


def shift(unit: str) -> Build:
    """«прошлый год»: the unit `rel` units from the one of publication."""
    return lambda m: Shift(unit, m["rel"])


STEPS = (
    Pattern("", "n", "int\ncard_unit\ncard_ten\ncard_hundred", lambda m: next(iter(m.values()))),
    Pattern("", "n", "x=(int|card_unit|card_ten) thousand '.'?", lambda m: 1000 * m["x"]),
    Pattern("", "n", "x=(int|card_unit|card_ten)? million '.'?", lambda m: m["million"] * m.get("x", 1)),
    Pattern("", "n", "decimal million '.'?", lambda m: int(m["million"] * float(m["decimal"]))),
    Pattern("", "n", "one_thousand", only("one_thousand")),
    Pattern("", "n", "ten=card_ten unit=card_unit", lambda m: m["ten"] + m["unit"] if m["unit"] < 10 else None),
    Pattern("", "n", "hundred=card_hundred ten=card_ten? unit=card_unit?", lambda m: sum(m.values())),
    Pattern("", "o", "ordinal\nord_unit\nord_ten", lambda m: next(iter(m.values()))),
    Pattern("", "o", "ten=card_ten unit=ord_unit", lambda m: m["ten"] + m["unit"] if m["unit"] < 10 else None),
    Pattern("", "mday", "int\no", lambda m: next((v for v in m.values() if 1 <= v <= 31), None)),
    Pattern("", "number", "roman\nint\no", lambda m: next(iter(m.values()))),
    Pattern("", "yr", "Year", only("Year")),
    Pattern("", "yr", "y4", lambda m: Year(m["y4"])),
    Pattern("", "point", "x=(Day|Month|Year|Week|Quarter|Half|Season|Decade|Century|Part)", only("x")),
    Pattern("", "whole", "x=(Month|Year|Week|Quarter|Half|Season|Decade|Century)", only("x")),
    Pattern("", "whole", "y4", lambda m: Year(m["y4"])),
    Pattern("", "whole", "season", lambda m: Named("season", m["season"])),
    Pattern("", "whole", "this", lambda m: Shift(m["this"], 0)),
)

YEARS = (
    Pattern(
        "year.word",
        "Year",
        "y4 year_word\ny4 'г' '.'",
        lambda m: Year(m["y4"]),
        yes="в [2014 году]",
        no="продано 2014 бумаг",
        when=(at.not_era,),
    ),
    Pattern(
        "year.ordinal",
        "Year",
        "year_ordinal year_word?\nyear_ordinal 'г' '.'",
        lambda m: Year(m["year_ordinal"]),
        yes="закрыли в [2014-м]",
        no="цены 2010-х",
    ),
    Pattern(
        "year.spelled",
        "Year",
        "thousand card_hundred o year_word",
        lambda m: Year(m["thousand"] + m["card_hundred"] + m["o"]) if m["o"] < 100 else None,
        yes="в [тысяча девятьсот сорок пятом году]",
        no="тысяча девятьсот рублей",
    ),
    Pattern(
        "year.spelled_2000",
        "Year",
        "card_unit thousand o year_word",
        lambda m: Year(2000 + m["o"]) if m["card_unit"] == 2 and m["o"] < 100 else None,
        yes="в [две тысячи десятом году]",
        no="две тысячи десять рублей",
    ),
    Pattern("year.spelled_2000", "Year", "ord_thousand year_word", lambda m: Year(m["ord_thousand"])),
    Pattern(
        "year.short",
        "Year",
        "ordinal 'год'\no 'году'\no 'года'",
        lambda m: _short_year(m.get("ordinal", m.get("o", 0))),
        yes="в [98-м году]",
        no="на 98-м году жизни",
        when=(at.not_before("not_year_of_life"),),
    ),
    Pattern(
        "year.short_bare",
        "Year",
        "ordinal_year",
        lambda m: Year(m["ordinal_year"], digits=2),
        yes="победил в [98-м]",
        no="в 98-м номере",
        when=(at.year_alone,),
    ),
    Pattern(
        "year.bare",
        "Year",
        "y4",
        lambda m: Year(m["y4"]) if 1700 <= m["y4"] < 2100 else None,
        yes="выборы в [2014] показали",
        no="подорожали до 2014 рублей",
        when=(at.either(at.after("year_preposition"), at.in_brackets, at.of_event, at.born), at.not_counted),
    ),
    Pattern(
        "year.rel",
        "Year",
        "rel 'же'? year_kind? unit:year",
        shift("year"),
        yes="в [прошлом году]",
        no="при этом год",
        when=(at.agrees,),
    ),
    Pattern(
        "year.rel_short",
        "Year",
        "('с'|'т') '.' 'г' '.'",
        lambda _: Shift("year", 0),
        yes="выпуск [с.г.]",
        no="с. Горки",
    ),
    Pattern(
        "year.adjective",
        "Adjective",
        "year_adj",
        lambda m: Shift("year", m["year_adj"]),
        yes="[прошлогодний] рекорд",
        no="годовой рекорд",
    ),
    Pattern(
        "year.span",
        "Year",
        "year_span year_kind year_word?\nyear_span year_word\nyear_span year_words\nyear_span 'гг' '.'\n"
        "y4 dash last=y4 year_kind year_word",
        lambda m: YearSpan(*m["year_span"]) if "year_span" in m else YearSpan(m["y4"], m["last"]),
        yes="в [2022/23 учебном году]",
        no="2022/24",
        when=(at.not_after("number_sign"),),
    ),
    Pattern("year.span", "Year", "year_span", lambda m: YearSpan(*m["year_span"]), when=(at.of_season,)),
    Pattern(
        "year.fiscal",
        "Year",
        "x=(y4|year_ordinal) year_kind year_word",
        lambda m: Year(m["x"]),
        yes="на [2023 финансовый год]",
        no="2023 финансовые компании",
    ),
    Pattern(
        "decade.number",
        "Decade",
        "decade year_words\ndecade 'гг' '.'",
        lambda m: Decade(m["decade"]),
        yes="[90-е годы]",
        no="90-е место",
    ),
    Pattern(
        "decade.number_bare",
        "Decade",
        "decade",
        lambda m: Decade(m["decade"]),
        yes="в [90-х]",
        no="размер 90-х туфель",
        when=(at.decade_bare,),
    ),
    Pattern(
        "decade.word",
        "Decade",
        "decade_word year_words",
        lambda m: Decade(m["decade_word"]),
        yes="[восьмидесятые годы]",
        no="восьмидесятые номера",
    ),
    Pattern(
        "decade.word_bare",
        "Decade",
        "decade_word",
        lambda m: Decade(m["decade_word"]),
        yes="спорили о [двухтысячных]",
        no="десятых долей",
        when=(at.decade_bare,),
    ),
    Pattern(
        "decade.of_century",
        "Decade",
        "x=(decade|decade_word) year_words? Century",
        lambda m: Decade(m["x"], of=m["Century"]),
        yes="в [80-х годах прошлого века]",
        no="80-х прошлых",
    ),
    Pattern(
        "century.number",
        "Century",
        "number century_word\nnumber century_word 'нашей' 'эры'\nroman 'в' '.'\nroman 'ст' '.'",
        lambda m: _century(m),
        yes="в [XIX веке]",
        no="XX съезд",
        when=(at.not_era,),
    ),
    Pattern("century.rel", "Century", "rel (unit:century)", shift("century"), yes="[прошлого века]", no="весь век"),
    Pattern(
        "decade.rel",
        "Decade",
        "rel (unit:decade)",
        shift("decade"),
        yes="в [прошлом десятилетии]",
        no="десятилетие правления",
    ),
)


def _short_year(number: int) -> Year | None:
    return Year(number, digits=2) if 10 <= number < 100 else None


def _century(m: Match) -> Century | None:
    number = m["number"] if "number" in m else m["roman"]
    return Century(number) if 1 <= number <= 21 else None


MONTHS = (
    Pattern(
        "month.year",
        "Month",
        "month ','? yr",
        named("month", "month"),
        yes="в [октябре 1998 года]",
        no="в октябре 1998 рублей",
        when=(at.not_counted, at.not_street),
    ),
    Pattern(
        "month.rel",
        "Month",
        "rel 'же'? (unit:month)",
        shift("month"),
        yes="в [прошлом месяце]",
        no="при этом месяц",
        when=(at.agrees,),
    ),
    Pattern(
        "month.named_rel",
        "Month",
        "rel month",
        named("month", "month"),
        yes="[прошлого мая]",
        no="при этом май",
        when=(at.agrees,),
    ),
    Pattern(
        "month.name",
        "Month",
        "month 'месяце'?",
        named("month", "month"),
        yes="намечен на [июнь]",
        no="Август Цезарь",
        when=(at.lower, at.no_name, at.not_street),
    ),
    Pattern(
        "month.adjective",
        "Adjective",
        "month_adj",
        lambda m: Named("month", m["month_adj"]),
        yes="[июльский] показатель",
        no="Октябрьский район",
        when=(at.small_letter, at.not_street),
    ),
    Pattern(
        "quarter.number",
        "Quarter",
        "number (unit:quarter) yr?\nnumber 'кв' '.' yr",
        bounded("quarter", "number", 4),
        yes="в [I квартале 2022 года]",
        no="девятый квартал Москвы",
    ),
    Pattern(
        "quarter.rel", "Quarter", "rel (unit:quarter)", shift("quarter"), yes="в [прошлом квартале]", no="жилой квартал"
    ),
    Pattern(
        "half.number",
        "Half",
        "number (unit:half) yr?",
        bounded("half", "number", 2),
        yes="[первое полугодие 2022 года]",
        no="итоги полугодия",
    ),
    Pattern("half.rel", "Half", "rel (unit:half)", shift("half"), yes="в [прошлом полугодии]", no="целое полугодие"),
    Pattern(
        "season.year",
        "Season",
        "season yr\nseason year_span year_word?",
        lambda m: _season(m),
        yes="[весной 2020 года]",
        no="весна 2020 рублей",
        when=(at.not_counted,),
    ),
    Pattern(
        "season.rel",
        "Season",
        "rel season",
        named("season", "season"),
        yes="[прошлым летом]",
        no="делайте это зимой",
        when=(at.agrees,),
    ),
    Pattern(
        "season.adjective",
        "Adjective",
        "season_adj",
        lambda m: Named("season", m["season_adj"]),
        yes="в [летние] каникулы",
        no="летние виды спорта",
        when=(at.small_letter, at.seasonal),
    ),
    Pattern(
        "season.adverb",
        "Season",
        "season_adverb",
        lambda m: Named("season", m["season_adverb"]),
        yes="откроют [осенью]",
        no="осень пришла",
        when=(at.lower,),
    ),
    Pattern(
        "season.bare",
        "Season",
        "season",
        lambda m: Named("season", m["season"]),
        yes="к [весне]",
        no="«Русская весна»",
        when=(at.after("season_preposition"), at.small_letter, at.not_on_the_fly),
    ),
)


def _season(m: Match) -> Named:
    if "year_span" in m:
        return Named("season", m["season"], of=YearSpan(*m["year_span"]))
    return Named("season", m["season"], of=m["yr"])


PARTS = (
    Pattern(
        "part.third",
        "Part",
        "very? part whole",
        lambda m: Part(m["part"], m["whole"]),
        yes="в [начале мая]",
        no="начале матча",
        when=(at.not_counted, at.not_adverbial),
    ),
    Pattern(
        "part.half",
        "Part",
        "o half_of whole",
        lambda m: Part(f"H{m['o']}", m["whole"]) if m["o"] < 3 else None,
        yes="во [второй половине мая]",
        no="второй половине матча",
    ),
    Pattern(
        "part.tenth",
        "Part",
        "o tenth_of_month whole?",
        lambda m: Part(f"T{m['o']}", m.get("whole", Shift("month", 0))) if m["o"] < 4 else None,
        yes="[первая декада июня]",
        no="декада памяти",
    ),
    Pattern(
        "part.first_days",
        "Part",
        f"ord_unit ('числах'|'числа'|{_DAYS}) whole",
        lambda m: Part("START", m["whole"]) if m["ord_unit"] == 1 else None,
        yes="в [первых числах мая]",
        no="первых числах ряда",
    ),
    Pattern(
        "part.last_days",
        "Part",
        f"last_n ('числах'|'числа'|{_DAYS}) whole",
        lambda m: Part("END", m["whole"]) if m["last_n"] == -1 else None,
        yes="в [последних числах мая]",
        no="последних числах ряда",
    ),
    Pattern(
        "part.week",
        "Part",
        "o (unit:week) whole\nlast_n (unit:week) whole",
        lambda m: _week_of(m),
        yes="в [первую неделю сентября]",
        no="первую неделю отпуска",
    ),
    Pattern(
        "part.first_months",
        "Part",
        "first? n (unit:month|units:month) yr\nfirst n (unit:month|units:month) this",
        lambda m: _first_months(m),
        yes="[девять месяцев 2023 года]",
        no="девять месяцев",
    ),
    Pattern(
        "part.first_months",
        "Part",
        "first? n (unit:quarter|units:quarter) yr",
        lambda m: FirstMonths(3 * m["n"], m["yr"]) if m["n"] < 4 else None,
    ),
    Pattern(
        "part.some_days",
        "Part",
        "first n (unit:day|units:day) whole\nlast_n n (unit:day|units:day) whole",
        lambda m: Part(f"D{m['n']}" if "first" in m else f"D-{m['n']}", m["whole"]) if m["n"] else None,
        yes="в [первые два дня зимы]",
        no="первые два дня турнира",
    ),
    Pattern("part.first_months", "Part", "first n units:month", lambda m: _first_months(m), when=(at.not_of_event,)),
)


def _week_of(m: Match) -> Part | None:
    if m.get("last_n", -1) != -1 or m.get("o", 1) > 4:
        return None
    return Part(f"W{m['o']}" if "o" in m else "W-1", m["whole"])


def _first_months(m: Match) -> FirstMonths | None:
    of = m["yr"] if "yr" in m else Shift(m["this"], 0) if "this" in m else None
    return FirstMonths(m["n"], of) if 1 <= m["n"] <= 12 else None


PATTERNS = (*STEPS, *YEARS, *MONTHS, *PARTS)
