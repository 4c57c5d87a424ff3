"""The calendar days that an EDTF string covers: what a gold value means, computed apart from the code it judges."""

import calendar
import datetime as dt
import re

_POINT = re.compile(r"(?P<year>\d{4}|\d{3}X|\d{2}XX)(-(?P<part>\d\d)(-(?P<day>\d\d)(T\d\d:\d\d:\d\d)?)?)?~?")

# The second field of an EDTF date as (first month, last month): months, then seasons, quarters and half-years.
_MONTHS = {f"{month:02}": (month, month) for month in range(1, 13)} | {
    "21": (3, 5),
    "22": (6, 8),
    "23": (9, 11),
    "33": (1, 3),
    "34": (4, 6),
    "35": (7, 9),
    "36": (10, 12),
    "40": (1, 6),
    "41": (7, 12),
}


def edtf_days(edtf: str) -> tuple[dt.date | None, dt.date | None]:
    """The first and the last day of an EDTF date or interval.

    Args:
        edtf: A day, month, season (21 to 23), quarter (33 to 36), half-year (40, 41), year, decade («198X»), century
            («18XX») or local clock time, approximate («~») or not, or an interval of two of them. The open side of an
            interval is «..». Library of Congress, Extended Date/Time Format, 2019.

    Returns:
        Both days inclusive; None for the open side of an interval.

    Raises:
        ValueError: The string is none of these, or a day that the calendar does not have.

    Examples:
        >>> edtf_days("2021-09")
        (datetime.date(2021, 9, 1), datetime.date(2021, 9, 30))
        >>> edtf_days("../2021-36")
        (None, datetime.date(2021, 12, 31))
    """
    first, slash, last = edtf.partition("/")
    if not slash:
        return _point_days(edtf)
    start = None if first == ".." else _point_days(first)[0]
    end = None if last == ".." else _point_days(last)[1]
    if start and end and start > end:
        raise ValueError(f"{edtf!r} ends before it begins")
    return start, end


def _point_days(point: str) -> tuple[dt.date, dt.date]:
    match = _POINT.fullmatch(point)
    if match is None:
        raise ValueError(f"{point!r} is not an EDTF date")
    year, part, day = match["year"], match["part"], match["day"]
    first_year, last_year = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if part is None:
        return dt.date(first_year, 1, 1), dt.date(last_year, 12, 31)
    if part not in _MONTHS or first_year != last_year or (day and int(part) > 12):
        raise ValueError(f"{point!r} is not an EDTF date")
    first_month, last_month = _MONTHS[part]
    if day:
        exact = dt.date(first_year, first_month, int(day))
        return exact, exact
    return dt.date(first_year, first_month, 1), dt.date(
        first_year, last_month, calendar.monthrange(first_year, last_month)[1]
    )
