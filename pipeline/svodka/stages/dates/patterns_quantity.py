"""Patterns of lengths, repetitions and ages: what has a TIMEX3 value but no place on the calendar."""

import re

from svodka.stages.dates import site as at
from svodka.stages.dates.ages import AGE_CONTEXT
from svodka.stages.dates.chart import Match, Pattern
from svodka.stages.dates.expressions import Quantity

# How TIMEX3 counts a unit: so many of another one to each, and its letter. Below a day a «T» stands before.
_CODES = {
    "second": (1, "TS"),
    "minute": (1, "TM"),
    "hour": (1, "TH"),
    "day": (1, "D"),
    "week": (1, "W"),
    "month": (1, "M"),
    "quarter": (3, "M"),
    "half": (6, "M"),
    "year": (1, "Y"),
    "decade": (10, "Y"),
    "century": (100, "Y"),
    "millennium": (1000, "Y"),
}
UNIT = "unit=(unit|units)"
_YEARS = "unit=(unit:year|units:year|unit:month|units:month)"


def timex_length(amount: object, unit: str) -> str:
    """TIMEX3 duration: a quarter is three months, a half-year six, a decade ten years, a century a hundred."""
    scale, code = _CODES[unit]
    value = amount * scale if isinstance(amount, int) else amount
    return f"PT{value}{code[1]}" if code[0] == "T" else f"P{value}{code}"


def length_grain(timex: str) -> str:
    """Unit of a TIMEX3 duration, as in the column `granularity`."""
    if timex.startswith("PT"):
        return "time"
    return {"D": "day", "W": "week", "M": "month", "Y": "year"}.get(timex[-1], "day")


def unit_grain(unit: str) -> str:
    """A unit as in the column `granularity`, where all below a day is time."""
    return "time" if unit in {"second", "minute", "hour"} else unit


PATTERNS = (
    Pattern(
        "age.adjective",
        "Length",
        "length_adj\nn dash length_adj",
        lambda m: _adjective(m, "AGE"),
        yes="[47-летний] водитель",
        no="двухлетний контракт",
        when=(at.of_living,),
    ),
    Pattern(
        "length.adjective",
        "Length",
        "length_adj\nn dash length_adj",
        lambda m: _adjective(m, "DURATION"),
        yes="[двухлетний] контракт",
        no="50-летняя годовщина",
        when=(at.not_before("not_length"),),
    ),
    Pattern(
        "age.years",
        "Length",
        f"n {_YEARS}\nn 'с' half='половиной' {_YEARS}\nn dash last=n unit=(units:year)\n"
        "'от' n 'до' last=n unit=(units:year)",
        lambda m: _length(m, "AGE"),
        yes="в возрасте [31 года]",
        no="срок 31 год",
        when=(at.either(*AGE_CONTEXT),),
    ),
    Pattern(
        "age.year_of_life",
        "Length",
        "x=(o|int) 'году' 'жизни'",
        lambda m: Quantity("AGE", f"P{m['x']}Y", "year"),
        yes="на [77-м году жизни]",
        no="на 77-м году",
    ),
    Pattern(
        "length.decimal",
        "Length",
        f"decimal {UNIT}\nn 'с' 'половиной' {UNIT}",
        lambda m: _duration(m["decimal"] if "decimal" in m else f"{m['n']}.5", m["unit"]),
        yes="[7,5 года] колонии",
        no="7,5 тонны",
    ),
    Pattern(
        "length.number",
        "Length",
        f"n day_kind? {UNIT}\nn dash last=n {UNIT}\nn 'или' last=n {UNIT}\nn 'с' ('лишним'|'небольшим') {UNIT}",
        lambda m: _length(m, "DURATION"),
        yes="[три недели]",
        no="ст. 105 ч. 2",
        when=(at.not_year_number, at.no_article),
    ),
    Pattern(
        "length.first",
        "Length",
        f"first n {UNIT}",
        lambda m: _duration(m["n"], m["unit"]),
        yes="[первые 60 дней] президента",
        no="первые 60 мест",
    ),
    Pattern(
        "length.in_a_row",
        "Length",
        "o unit=(unit:year|unit:month|unit:week|unit:day) 'подряд'",
        lambda m: _duration(m["o"], m["unit"]),
        yes="[второй год подряд]",
        no="второй год обучения",
    ),
    Pattern(
        "length.nth",
        "Length",
        "o unit=(unit:year|unit:month|unit:week|unit:day|units:day)",
        lambda m: _duration(m["o"], m["unit"]),
        yes="уже [третий день] идёт дождь",
        no="второй день визита",
        when=(at.runs,),
    ),
    Pattern(
        "length.seasons",
        "Length",
        "n season",
        lambda m: _duration(m["n"], "year"),
        yes="простоял [три зимы]",
        no="три зимних дня",
    ),
    Pattern(
        "length.one_or_two",
        "Length",
        "unit dash last=card_unit",
        lambda m: _duration(f"1-{m['last']}", m["unit"]),
        yes="[год-два] не растёт",
        no="год два",
    ),
    Pattern(
        "length.inverted",
        "Length",
        "unit=units n=(card_unit|card_ten)\nunit=units n=int dash last=int",
        lambda m: _length(m, "DURATION"),
        yes="длился [минут пять]",
        no="минут игры",
    ),
    Pattern(
        "length.from_to",
        "Length",
        f"'от' n 'до' last=n {UNIT}\n('с'|'со') n 'до' last=n {UNIT}\n"
        f"'от' first={UNIT.split('=')[1]} 'до' last=n {UNIT}",
        lambda m: _length(m, "DURATION"),
        yes="[от 2 до 6 лет] колонии",
        no="от 2 до 6 томов",
    ),
    Pattern(
        "age.sum",
        "Length",
        "a=Length 'и'? b=Length",
        lambda m: _sum(m["a"], m["b"], "AGE") if m["a"].type == "AGE" else None,
        yes="исполнилось [4 года и 7 месяцев]",
        no="прошло 4 года и 7 месяцев",
    ),
    Pattern(
        "length.inverted",
        "Length",
        "'лет' int",
        lambda m: Quantity("DURATION", f"P{m['int']}Y", "year"),
        when=(at.uncounted,),
    ),
    Pattern(
        "length.from_to",
        "Length",
        "'от' a=Length 'до' b=Length",
        lambda m: Quantity("DURATION", f"{m['a'].timex}/{m['b'].timex}", m["b"].granularity),
    ),
    Pattern(
        "length.sum",
        "Length",
        "a=Length ('и'|',')? b=Length",
        lambda m: _sum(m["a"], m["b"], "DURATION") if m["a"].type == m["b"].type == "DURATION" else None,
        yes="[2 часа 10 минут]",
        no="2 часа матча",
    ),
    Pattern(
        "length.word",
        "Length",
        "length",
        lambda m: Quantity("DURATION", m["length"], length_grain(m["length"])),
        yes="длился [полчаса]",
        no="половина часа",
    ),
    Pattern(
        "length.several",
        "Length",
        f"many {UNIT}",
        lambda m: _duration("X", m["unit"]),
        yes="[несколько лет]",
        no="несколько домов",
    ),
    Pattern(
        "length.last",
        "Length",
        f"last_n n? {UNIT}\nn last_n {UNIT}\nlast_n n dash last=n {UNIT}\n"
        f"last_n n 'с' half='половиной' {UNIT}\nlast_n many {UNIT}\nlast_n length",
        lambda m: _last(m),
        yes="[последние 7 лет]",
        no="последний день кампании",
        when=(at.either(at.counts, at.not_of_event),),
    ),
    Pattern(
        "length.whole",
        "Length",
        "whole_word unit\nwhole_word units",
        lambda m: _whole(m),
        yes="[целый месяц]",
        no="весь квартал оцеплен",
    ),
    Pattern(
        "length.unit",
        "Length",
        "unit=(unit:year|unit:month|unit:week|unit:day|unit:hour|unit:minute|unit:decade)",
        lambda m: _duration(1, m["unit"]),
        yes="за [год]",
        no="рублей в год",
        when=(at.either(at.after("bare_length"), at.spent), at.not_unit_name),
    ),
    Pattern(
        "length.unit",
        "Length",
        "units:day",
        lambda _: _duration(1, "day"),
        when=(at.after("bare_length"), at.full_day),
    ),
    Pattern("length.unit", "Length", "unit:year", lambda _: _duration(1, "year"), when=(at.term,)),
    Pattern("length.first", "Length", "first unit", lambda m: _duration(1, m["unit"]), when=(at.after("within"),)),
    Pattern(
        "set.adverb",
        "Set",
        "repeat",
        lambda m: Quantity("SET", m["repeat"], length_grain(m["repeat"])),
        yes="[ежегодно] вручают",
        no="«Ежедневный журнал»",
        when=(at.unquoted,),
    ),
    Pattern(
        "set.every",
        "Set",
        f"every n? {UNIT}\nevery n dash last=n {UNIT}",
        lambda m: _set(f"{m['n']}-{m['last']}" if "last" in m else m.get("n", 1), m["unit"]),
        yes="[каждые два года]",
        no="каждые два дома",
    ),
    Pattern(
        "set.every_weekday",
        "Set",
        "every weekday",
        lambda m: Quantity("SET", f"XXXX-WXX-{m['weekday']}", "day"),
        yes="[каждую среду]",
        no="каждую субботнюю",
    ),
    Pattern(
        "set.every_season",
        "Set",
        "every (season|month|daypart|weekend)",
        lambda _: Quantity("SET", "P1Y", "season"),
        yes="[каждую весну]",
        no="каждую встречу",
    ),
    Pattern(
        "set.weekdays",
        "Set",
        "'по' weekdays\nweekdays\n'по' weekdays 'в' clk",
        lambda m: Quantity("SET", f"XXXX-WXX-{m['weekdays']}", "day"),
        yes="[по субботам]",
        no="по субботе",
    ),
    Pattern(
        "set.times",
        "Set",
        f"n? ('раз'|'раза'|'дважды'|'трижды') 'в' n? {UNIT}\nn dash last=n ('раз'|'раза') 'в' {UNIT}\n"
        "n? ('раз'|'раза') 'в' length",
        lambda m: _set(1, m["unit"]) if "unit" in m else Quantity("SET", m["length"], length_grain(m["length"])),
        yes="[раз в квартал]",
        no="раз в квартире",
    ),
)


def _duration(amount: object, unit: str) -> Quantity:
    return Quantity("DURATION", timex_length(amount, unit), unit_grain(unit))


def _whole(m: Match) -> Quantity | None:
    unit: str = m["unit"] if "unit" in m else m["units"]
    if unit == "quarter":  # of a town
        return None
    return _duration(1 if "unit" in m else "X", unit)


def _set(amount: object, unit: str) -> Quantity:
    return Quantity("SET", timex_length(amount, unit), unit_grain(unit))


def _length(m: Match, kind: str) -> Quantity:
    amount = f"{m['n']}-{m['last']}" if "last" in m and "n" in m else m.get("n", m.get("last"))
    if "half" in m:
        amount = f"{amount}.5"
    return Quantity(kind, timex_length(amount, m["unit"]), unit_grain(m["unit"]))


def _adjective(m: Match, kind: str) -> Quantity | None:
    timex = m["length_adj"]
    if "n" in m:  # «18-24-летние»
        timex = re.sub(r"(?=\d)", f"{m['n']}-", timex, count=1)
    if kind == "AGE" and timex[-1] not in "YM":
        return None
    return Quantity(kind, timex, length_grain(timex))


def _sum(a: Quantity, b: Quantity, kind: str) -> Quantity | None:
    """«2 часа 10 минут» is PT2H10M: the units go down."""
    if "X" in a.timex + b.timex or "-" in a.timex + b.timex:
        return None
    order = "YMWDTHMS"
    date_a, _, time_a = a.timex[1:].partition("T")
    date_b, _, time_b = b.timex[1:].partition("T")
    if (time_a and date_b) or (date_a and date_b and order.find(date_a[-1]) >= order.find(date_b[-1])):
        return None
    if time_a and time_b and "HMS".find(time_a[-1]) >= "HMS".find(time_b[-1]):
        return None
    time = time_a + time_b
    return Quantity(kind, f"P{date_a}{date_b}" + (f"T{time}" if time else ""), b.granularity)


def _last(m: Match) -> Quantity | None:
    if "length" in m:
        return Quantity("DURATION", m["length"], length_grain(m["length"]))
    if "n" not in m and "many" not in m and m["unit"] in {"second", "minute"}:
        return None
    return _duration("X" if "many" in m else m.get("n", 1 if "unit" in m else "X"), m["unit"])
