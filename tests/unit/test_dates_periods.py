import datetime as dt

import pytest

from svodka.stages.dates import periods

THURSDAY = dt.date(2024, 3, 14)


@pytest.mark.parametrize(
    ("period", "edtf", "timex", "last"),
    [
        (periods.day(THURSDAY), "2024-03-14", "2024-03-14", "2024-03-14"),
        (periods.containing(THURSDAY, "week"), "2024-03-11/2024-03-17", "2024-W11", "2024-03-17"),
        (periods.weekend(THURSDAY), "2024-03-16/2024-03-17", "2024-W11-WE", "2024-03-17"),
        (periods.month(2024, 2), "2024-02", "2024-02", "2024-02-29"),
        (periods.quarter(2024, 4), "2024-36", "2024-Q4", "2024-12-31"),
        (periods.half(2024, 1), "2024-40", "2024-H1", "2024-06-30"),
        (periods.season(2024, periods.SUMMER), "2024-22", "2024-SU", "2024-08-31"),
        (periods.season(2024, periods.WINTER), "2024-12/2025-02", "2024-WI", "2025-02-28"),
        (periods.year(1936), "1936", "1936", "1936-12-31"),
        (periods.decade(1980), "198X", "198", "1989-12-31"),
        (periods.century(19), "18XX", "18", "1899-12-31"),
    ],
)
def test_a_period_writes_itself(period: periods.Period, edtf: str, timex: str, last: str) -> None:
    assert (period.edtf(), period.timex(), period.end.isoformat()) == (edtf, timex, last)


@pytest.mark.parametrize(
    ("unit", "count", "edtf"),
    [
        ("day", -14, "2024-02-29"),
        ("week", -1, "2024-03-04/2024-03-10"),
        ("month", -3, "2023-12"),
        ("quarter", 1, "2024-34"),
        ("half", -1, "2023-41"),
        ("season", -1, "2023-12/2024-02"),
        ("year", 1, "2025"),
        ("decade", -1, "201X"),
        ("century", -1, "19XX"),
    ],
)
def test_units_away_have_the_grain_of_the_unit(unit: str, count: int, edtf: str) -> None:
    assert periods.shifted(THURSDAY, unit, count).edtf() == edtf


@pytest.mark.parametrize(
    ("period", "which", "edtf"),
    [
        (periods.month(2024, 2), "END", "2024-02-21~/2024-02-29~"),
        (periods.year(2024), "MID", "2024-05~/2024-08~"),
        (periods.season(2024, periods.SUMMER), "START", "2024-06~"),
        (periods.containing(THURSDAY, "week"), "END", "2024-03-15~/2024-03-17~"),
        (periods.decade(1990), "START", "1990~/1993~"),
        (periods.century(19), "END", "1867~/1899~"),
    ],
)
def test_thirds_are_approximate(period: periods.Period, which: str, edtf: str) -> None:
    third = periods.third(period, which)
    assert third is not None
    assert third.edtf() == edtf


def test_a_day_has_no_parts() -> None:
    day = periods.day(THURSDAY)
    assert periods.third(day, "START") is None
    assert periods.half_of(day, 1) is None
    assert periods.tenth(day, 1) is None


@pytest.mark.parametrize(
    ("period", "number", "edtf"),
    [
        (periods.month(2024, 2), 2, "2024-02-16/2024-02-29"),
        (periods.year(2024), 2, "2024-41"),
        (periods.century(20), 1, "1900/1949"),
    ],
)
def test_halves_are_exact(period: periods.Period, number: int, edtf: str) -> None:
    half = periods.half_of(period, number)
    assert half is not None
    assert half.edtf() == edtf


@pytest.mark.parametrize(
    ("year", "orthodox", "western"),
    [(2016, "2016-05-01", "2016-03-27"), (2017, "2017-04-16", "2017-04-16"), (2024, "2024-05-05", "2024-03-31")],
)
def test_easter(year: int, orthodox: str, western: str) -> None:
    assert periods.easter_day(year).isoformat() == orthodox
    assert periods.easter_day(year, western=True).isoformat() == western


@pytest.mark.parametrize(
    ("code", "day"), [("05-09", "2024-05-09"), ("easter-7", "2024-04-28"), ("11-4-4", "2024-11-28")]
)
def test_holidays(code: str, day: str) -> None:
    assert periods.holiday(2024, code).isoformat() == day


def test_the_last_weekday_of_a_month() -> None:
    assert periods.nth_weekday(periods.month(2024, 5), 5, -1) == dt.date(2024, 5, 31)


@pytest.mark.parametrize(
    ("period", "after"),
    [
        (periods.day(dt.date(2024, 2, 29)), "2024-03-01"),
        (periods.month(2023, 12), "2024-01"),
        (periods.year(2019), "2020"),
    ],
)
def test_the_next_period_has_the_same_unit(period: periods.Period, after: str) -> None:
    assert periods.next_period(period).edtf() == after


def test_the_calendar_ends() -> None:
    assert periods.century(100).end == dt.date.max
    with pytest.raises((OverflowError, ValueError)):
        periods.shifted(THURSDAY, "year", 9000)
