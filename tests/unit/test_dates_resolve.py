"""Values from expressions: direction, passage, and what no calendar has."""

import datetime as dt

import pytest

from svodka.stages.dates import expressions as ex
from svodka.stages.dates import periods
from svodka.stages.dates.resolve import FUTURE, OPEN, PAST, PRESENT, Context, resolve

THURSDAY = dt.date(2024, 3, 14)


def _edtf(expression: ex.Expression, context: Context) -> str | None:
    value = resolve(expression, context)
    assert value is not None
    return value.edtf


@pytest.mark.parametrize(
    ("named", "direction", "edtf"),
    [
        (ex.Named("weekday", 3), PAST, "2024-03-13"),
        (ex.Named("weekday", 4), PAST, "2024-03-14"),
        (ex.Named("weekday", 4), FUTURE, "2024-03-14"),
        (ex.Named("weekday", 2), FUTURE, "2024-03-19"),
        (ex.Named("weekday", 2), OPEN, "2024-03-12"),
        (ex.Named("weekday", 2), PRESENT, "2024-03-19"),
        (ex.Named("weekday", 3), PRESENT, "2024-03-13"),
        (ex.Named("weekday", 4, rel=-1), FUTURE, "2024-03-07"),
        (ex.Named("weekday", 4, rel=1), PAST, "2024-03-21"),
        (ex.Named("day", 7), PAST, "2024-03-07"),
        (ex.Named("day", 29), PAST, "2024-02-29"),
        (ex.Named("day", 28), FUTURE, "2024-03-28"),
        (ex.Named("month", 12), PAST, "2023-12"),
        (ex.Named("month", 3), FUTURE, "2024-03"),
        (ex.Named("monthday", (2, 29)), PAST, "2024-02-29"),
        (ex.Named("monthday", (3, 20)), PAST, "2024-03-20"),  # a year back would have been written out
        (ex.Named("season", periods.SUMMER, rel=-1), PAST, "2023-22"),
        (ex.Named("season", periods.WINTER), PAST, "2023-12/2024-02"),
        (ex.Named("holiday", "01-01"), FUTURE, "2025-01-01"),
    ],
)
def test_the_tense_chooses(named: ex.Named, direction: int, edtf: str) -> None:
    assert _edtf(named, Context(THURSDAY, direction)) == edtf


def test_day_and_month_near_new_year() -> None:
    assert _edtf(ex.Named("monthday", (12, 30)), Context(dt.date(2024, 1, 9), PAST)) == "2023-12-30"
    assert _edtf(ex.Named("monthday", (2, 5)), Context(dt.date(2023, 12, 20), FUTURE)) == "2024-02-05"


def test_the_passage_gives_month_year_and_day() -> None:
    context = Context(
        THURSDAY,
        PAST,
        references=(periods.day(dt.date(1968, 3, 3)),),
        month=periods.month(1968, 3),
        frame=periods.year(1968),
    )
    assert _edtf(ex.Named("day", 16), context) == "1968-03-16"
    assert _edtf(ex.Named("monthday", (4, 5)), context) == "1968-04-05"
    assert _edtf(ex.Shift("day", 1, "passage"), context) == "1968-03-04"
    assert _edtf(ex.Shift("year", 1), context) == "1969"
    assert _edtf(ex.Shift("day", 2, timex="P2D"), context) == "1968-03-05"


def test_a_year_says_not_which_day_is_meant() -> None:
    value = resolve(ex.Shift("day", 0, "passage"), Context(THURSDAY, references=(periods.year(1968),)))
    assert value is not None
    assert (value.timex, value.edtf, value.start) == ("PXD", None, None)


@pytest.mark.parametrize(
    ("expression", "timex"),
    [
        (ex.Named("weekday", 1), "XXXX-WXX-1"),
        (ex.Named("monthday", (5, 12)), "XXXX-05-12"),
        (ex.Named("month", 6), "XXXX-06"),
        (ex.Named("day", 16), "XXXX-XX-16"),
        (ex.Named("quarter", 2), "XXXX-Q2"),
        (ex.Named("half", 1), "XXXX-H1"),
        (ex.Named("season", periods.AUTUMN), "XXXX-FA"),
        (ex.Named("weekend", 6), "XXXX-WXX-WE"),
        (ex.Shift("week", -1), "PXW"),
        (ex.Until(ex.Named("month", 6)), "XXXX-06"),
        (ex.Clock("T15:30:00"), "XXXX-XX-XXT15:30:00"),
        (ex.Night(ex.Named("weekday", 2)), "XXXX-WXX-2TNI"),
        (ex.Range(ex.Named("month", 5), ex.Named("month", 6)), "XXXX-05/XXXX-06"),
    ],
)
def test_without_an_anchor_there_are_no_days(expression: ex.Expression, timex: str) -> None:
    value = resolve(expression, Context(None))
    assert value is not None
    assert (value.timex, value.edtf, value.start, value.end) == (timex, None, None, None)


@pytest.mark.parametrize(
    "expression",
    [
        ex.Day(2019, 2, 31),
        ex.Named("monthday", (2, 31)),
        ex.Named("monthday", (2, 29), of=ex.Year(2023)),
        ex.Range(ex.Named("monthday", (4, 31)), ex.Named("monthday", (5, 3))),
        ex.Since(ex.Named("monthday", (2, 30))),
        ex.After(ex.Named("monthday", (2, 30))),
        ex.Clock("T10:00:00", ex.Named("monthday", (2, 30))),
    ],
)
def test_days_that_no_calendar_has_are_no_dates(expression: ex.Expression) -> None:
    assert resolve(expression, Context(THURSDAY)) is None


@pytest.mark.parametrize(
    ("expression", "edtf"),
    [
        (ex.Since(ex.Part("START", ex.Shift("year", 0))), "2024-01-01/.."),
        (ex.Until(ex.Part("END", ex.Shift("year", 0))), "../2024-12-31"),
        (ex.After(ex.Named("monthday", (7, 1))), "2024-07-02/.."),
        (ex.After(ex.Year(2019)), "2020/.."),
        (
            ex.Range(ex.Named("monthday", (12, 30)), ex.Named("monthday", (1, 9), of=ex.Year(2022))),
            "2021-12-30/2022-01-09",
        ),
        (ex.Range(ex.Named("month", 11, of=ex.Year(2020)), ex.Named("month", 2)), "2020-11/2021-02"),
        (ex.Decade(90), "199X"),
        (ex.Decade(20), "202X"),
        (ex.Decade(80, ex.Century(19)), "188X"),
        (ex.Year(98, digits=2), "1998"),
        (ex.Year(24, digits=2), "2024"),
        (ex.Named("season", periods.WINTER, of=ex.YearSpan(2024, 2025)), "2024-12/2025-02"),
        (ex.DaysOfMonth(20, ex.Named("month", 2, of=ex.Year(2023))), "2023-02-20/2023-02-28"),
        (ex.Approximate(ex.Year(2010)), "2010~"),
        (ex.Night(ex.Shift("day", 0)), "2024-03-13/2024-03-14"),
        (ex.Clock("TMO", ex.Shift("day", -1)), "2024-03-13"),
    ],
)
def test_values(expression: ex.Expression, edtf: str) -> None:
    assert _edtf(expression, Context(THURSDAY)) == edtf


def test_ages_of_the_universe_are_no_dates() -> None:
    value = resolve(ex.Shift("year", -100_000, timex="P100000Y"), Context(THURSDAY))
    assert value is not None
    assert (value.edtf, value.timex) == (None, "P100000Y")
