"""Patterns of days, weekdays, weeks and holidays."""

from dataclasses import replace

from svodka.stages.dates import site as at
from svodka.stages.dates.chart import Match, Pattern
from svodka.stages.dates.expressions import Day, DaysOfMonth, Expression, Named, NthWeekday, Range, Shift
from svodka.stages.dates.patterns_calendar import named, only, shift


def month_day(m: Match) -> Expression:
    """Day and month, perhaps with a year."""
    return Named("monthday", (m["month"], m["mday"]), of=m.get("yr"))


def dated_weekday(m: Match) -> Expression:
    """«пятница, 7 июня»: the weekday helps to find the year."""
    date: Expression = m["dm"]
    if isinstance(date, Named) and date.of is None and date.unit == "monthday":
        return replace(date, weekday=m["weekday"])
    return date


_PLACED = at.either(at.after("holiday_preposition"), at.has_year)  # «в День Победы», not «отметили День Победы»

WEEKS = (
    Pattern(
        "week.rel",
        "Week",
        "rel ('рабочей'|'рабочая'|'рабочую')? (unit:week)",
        shift("week"),
        yes="на [прошлой неделе]",
        no="медовая неделя",
    ),
    Pattern(
        "weekend.rel",
        "Week",
        "rel=(rel|nearest) weekend",
        lambda m: Named("weekend", 6, rel=m["rel"]),
        yes="в [минувшие выходные]",
        no="лишние выходные",
    ),
    Pattern(
        "weekend.bare",
        "Week",
        "weekend",
        lambda m: Named("weekend", 6),
        yes="пройдет в [выходные]",
        no="выходные данные",
        when=(at.after("preposition"), at.lower),
    ),
)

DAYS = (
    Pattern(
        "day.month",
        "dm",
        "mday month\nmday month=month_short '.'?",
        month_day,
        yes="выборы [12 июня]",
        no="улица 8 Марта",
        when=(at.not_street,),
    ),
    Pattern(
        "day.month_year",
        "dm",
        "mday month ','? yr\nmday month=month_short '.'? yr",
        month_day,
        yes="[3 марта 1968 года]",
        no="31 февраля 2020 года",
        when=(at.not_counted, at.not_street),
    ),
    Pattern(
        "day.numeric",
        "dm",
        "date\ndate 'года'\ndate 'г' '.'?",
        lambda m: Day(*m["date"]) if _is_date(m["date"]) else None,
        yes="приказ от [12.06.2019]",
        no="ядро 6.1.12",
        when=(at.not_after("number_sign"),),
    ),
    Pattern(
        "day.number",
        "dm",
        "mday date_word month_yr=(Month)?",
        lambda m: Named("day", m["mday"], of=m.get("month_yr")),
        yes="встреча [16 числа]",
        no="16 чисел",
    ),
    Pattern(
        "day.ordinal",
        "Day",
        "ordinal_day",
        lambda m: Named("day", m["ordinal_day"]),
        yes="задержали 17 мая, [18-го] отпустили",
        no="17 мая, 18-го тура",
        when=(at.day_alone,),
    ),
    Pattern("", "Day", "dm", only("dm")),
    Pattern(
        "day.weekday_date",
        "Day",
        "rel? weekday ','? dm\nnearest weekday ','? dm",
        dated_weekday,
        yes="[пятницу, 7 июня 2019 года]",
        no="пятницу, 7 человек",
    ),
    Pattern(
        "day.date_weekday",
        "Day",
        "dm ','? ('в'|'во')? weekday",
        dated_weekday,
        yes="[7 июня, в пятницу]",
        no="7 июня пятно",
    ),
    Pattern(
        "weekday.bare",
        "Day",
        "weekday",
        named("weekday", "weekday"),
        yes="в [понедельник]",
        no="Воскресенье Петровна",
        when=(at.not_environment, at.either(at.after("preposition", "all"), at.of_noun), at.lower),
    ),
    Pattern(
        "weekday.heading",
        "Day",
        "weekday",
        named("weekday", "weekday"),
        yes="[Суббота]\nФинал",
        no="Суббота наступила",
        when=(at.opens_line,),
    ),
    Pattern(
        "weekday.rel",
        "Day",
        "rel=(rel|nearest) weekday",
        named("weekday", "weekday"),
        yes="в [прошлый четверг]",
        no="чистый четверг",
    ),
    Pattern(
        "weekday.day",
        "Day",
        "day_adj weekday",
        lambda m: Shift("day", m["day_adj"]),
        yes="[вчерашний понедельник]",
        no="тогдашний понедельник",
    ),
    Pattern(
        "weekday.of_week",
        "Day",
        "weekday 'на'? Week",
        lambda m: Named("weekday", m["weekday"], of=m["Week"]),
        yes="[понедельник прошлой недели]",
        no="понедельник медовой недели",
    ),
    Pattern(
        "weekday.nth",
        "Day",
        "o weekday month_x=(Month|this)",
        lambda m: _nth(m, m["o"]),
        yes="[первый понедельник мая 2023 года]",
        no="первый понедельник",
    ),
    Pattern(
        "weekday.nth",
        "Day",
        "last_n weekday month_x=(Month|this)",
        lambda m: _nth(m, -1) if m["last_n"] == -1 else None,
    ),
    Pattern(
        "weekday.adjective",
        "Adjective",
        "weekday_adj",
        lambda m: Named("weekday", m["weekday_adj"]),
        yes="[воскресный] матч",
        no="воскресная школа",
        when=(at.small_letter, at.not_before("called_by_day")),
    ),
    Pattern(
        "day.tens",
        "Part",
        "tens=(decade|int) date_words Month?",
        lambda m: _tens(m),
        yes="в [20-х числах марта]",
        no="20-х годах",
    ),
    Pattern(
        "holiday.name",
        "Day",
        "holiday yr?",
        named("holiday", "holiday"),
        yes="в [День Победы]",
        no="отметили День Победы",
        when=(_PLACED, at.not_street),
    ),
    Pattern(
        "holiday.christmas",
        "Day",
        "christmas yr?",
        lambda m: Named("holiday", "12-25", of=m.get("yr")),
        yes="в Лондоне к [Рождеству] открыли каток",
        no="в Москве к Рождеству открыли каток",
        when=(_PLACED, at.abroad),
    ),
    Pattern(
        "holiday.name",
        "Day",
        "christmas yr?",
        named("holiday", "christmas"),
        when=(_PLACED,),
    ),
    Pattern(
        "holiday.days",
        "Range",
        "holidays",
        lambda m: _around_holiday(m),
        yes="в [новогодние праздники]",
        no="новогодние ёлки",
        when=(at.after("preposition"),),
    ),
    Pattern(
        "holiday.eve",
        "Day",
        "(eve_of|eve) x=(holiday|christmas) yr?",
        lambda m: Named("eve", m["x"], of=m.get("yr")),
        yes="в [канун Нового года]",
        no="в канун визита",
    ),
    Pattern(
        "holiday.rel", "Day", "rel holiday", named("holiday", "holiday"), yes="на [прошлую Пасху]", no="светлую Пасху"
    ),
)


def _is_date(date: tuple[int, int, int]) -> bool:
    return 1 <= date[1] <= 12 and 1 <= date[2] <= 31


def _nth(m: Match, number: int) -> NthWeekday | None:
    month = m["month_x"]
    if isinstance(month, str):
        month = Shift(month, 0) if month == "month" else None
    return NthWeekday(m["weekday"], number, month) if month is not None and number <= 5 else None


def _tens(m: Match) -> DaysOfMonth | None:
    return DaysOfMonth(m["tens"], of=m.get("Month")) if m["tens"] in {10, 20} else None


def _around_holiday(m: Match) -> Range:
    first, last = (tuple(map(int, day.split("-"))) for day in m["holidays"].split("/"))
    return Range(Named("monthday", (first[0], first[1])), Named("monthday", (last[0], last[1])))


PATTERNS = (*WEEKS, *DAYS)
