"""The grammar of dates and times, put together.

To add a word, see the lexicons (``dates_*.tsv``). To add a pattern, put it beside its like with an example and a
counter-example, and write a line for it in the gold (``tests/gold/dates.txt``).
"""

from functools import cache

from svodka.stages.dates import (
    patterns_calendar,
    patterns_day,
    patterns_quantity,
    patterns_relative,
    patterns_span,
    patterns_time,
)
from svodka.stages.dates.chart import Grammar, Pattern

PATTERNS: tuple[Pattern, ...] = (
    *patterns_calendar.PATTERNS,
    *patterns_day.PATTERNS,
    *patterns_time.PATTERNS,
    *patterns_relative.PATTERNS,
    *patterns_span.PATTERNS,
    *patterns_quantity.PATTERNS,
)

# A run of lexemes without one of these cannot hold an expression.
# fmt: off
TRIGGERS = frozenset((
    "month", "month_adj", "weekday", "weekdays", "weekday_adj", "weekend", "season", "unit", "units",
    "year_word", "year_words", "year_adj", "century_word", "century_words", "quarter_word", "date_word",
    "date_words", "period_word", "holiday", "day_adverb", "day_adj", "eve", "daypart", "daypart_adverb", "noon",
    "half_past", "date", "y4", "year_ordinal", "year_span", "clock", "dotted_clock", "decade", "decade_word",
    "length", "length_adj", "repeat", "roman", "lunch", "month_short", "season_adj", "christmas",
    "tenth_of_month", "eve_of", "holidays", "ordinal_day", "ordinal_year",
))
# fmt: on


@cache
def grammar() -> Grammar:
    """The compiled grammar; it is built once a process."""
    return Grammar(PATTERNS, TRIGGERS)
