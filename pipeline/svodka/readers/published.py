"""Dates of publication: what is accepted is listed here, and nothing is guessed.

A date that is read wrongly shifts every relative date of its article, so a value that is none of these is refused.
"""

import datetime as dt
import re
from numbers import Integral, Real

from svodka.errors import InputError

ACCEPTED = (
    "2021-09-07, 2021-09-07T15:30:00+03:00, 2021/09/07, 07.09.2021, 07.09.2021 15:30, 7 сентября 2021, 15:30, "
    "Tue, 07 Sep 2021 15:30:00 +0300, or Unix seconds as a number"
)

RUSSIAN_MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
    "декабря",
)  # fmt: skip
"""The months as they stand in dates."""

MONTHS_BY_BEGINNING = {month[:3]: month for month in RUSSIAN_MONTHS} | {"май": "мая"}
"""The same by the letters that all their forms begin with, short ones, too: «Янв.», «Сентябрь»."""

ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""The months as they stand in addresses and headers."""

_MONTHS = {name: number for names in (RUSSIAN_MONTHS, ENGLISH_MONTHS) for number, name in enumerate(names, start=1)}

_DAYS = (
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)",  # 2021-09-07
    r"(?P<year>\d{4})/(?P<month>\d\d?)/(?P<day>\d\d?)",  # 2021/09/07
    r"(?P<day>\d\d?)\.(?P<month>\d\d?)\.(?P<year>\d{4})",  # 07.09.2021
    r"(?P<day>\d\d?)\s+(?P<month>[а-я]+)\s+(?P<year>\d{4})(?:\s*г(?:ода|\.))?",  # 7 сентября 2021 года
    r"(?:[a-z]{3},\s*)?(?P<day>\d\d?)\s+(?P<month>[a-z]{3})\s+(?P<year>\d{4})",  # Tue, 07 Sep 2021 (RFC 2822)
)
_TIME = (
    r"(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"  # 15:30, 15:30:00.5
    r"(?:\s*(?P<zone>z|utc|gmt|[+-]\d\d(?::?\d\d)?))?"
)
_ORDERS = (
    r"{day}(?:(?:t|,?\s+|,?\s+в\s+){time})?",  # 07.09.2021 в 15:30
    r"{time},?\s+{day}",  # 15:30, 07.09.2021
)
_PATTERNS = tuple(
    re.compile(order.replace("{day}", day).replace("{time}", _TIME), re.IGNORECASE)
    for order in _ORDERS
    for day in _DAYS
)

# Numbers are Unix time only where they cannot be anything else, such as 20210907: seconds or milliseconds
# from March 1973 to October 2096.
_SECONDS = range(10**8, 4 * 10**9)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def parse_published(value: object) -> dt.datetime | None:
    """The moment or day of publication that a source's value names; None where it is empty.

    Args:
        value: A string, a number of Unix seconds or milliseconds, a date or a datetime (also pandas' Timestamp).

    Returns:
        The moment, without a time zone where the value has none; midnight where it has only the day.

    Raises:
        InputError: The value is none of the accepted forms, or names a day that does not exist.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        if isinstance(value, str):
            return _from_string(value.strip())
        if isinstance(value, dt.datetime):
            return _plain_datetime(value)
        if isinstance(value, dt.date):
            return dt.datetime.combine(value, dt.time())
        if isinstance(value, Real) and not isinstance(value, bool):
            return _from_unix(int(value) if isinstance(value, Integral) else float(value))
        raise ValueError(f"a {type(value).__name__}")
    except (ValueError, OverflowError) as error:
        message = f"the date of publication {_shown(value)} is not understood ({error}); accepted are {ACCEPTED}"
        raise InputError(message) from error


def _from_string(value: str) -> dt.datetime:
    for pattern in _PATTERNS:
        if found := pattern.fullmatch(value):
            break
    else:
        raise ValueError("no known form")
    month = found["month"].lower()
    if not month.isdigit() and month not in _MONTHS:
        raise ValueError(f"{month} is no month")
    day = dt.date(int(found["year"]), int(month) if month.isdigit() else _MONTHS[month], int(found["day"]))
    microsecond = int((found["fraction"] or "")[:6].ljust(6, "0"))
    time = dt.time(int(found["hour"] or 0), int(found["minute"] or 0), int(found["second"] or 0), microsecond)
    return dt.datetime.combine(day, time, _zone(found["zone"]))


def _zone(name: str | None) -> dt.tzinfo | None:
    if name is None:
        return None
    if name[0] not in "+-":
        return dt.UTC
    digits = name[1:].replace(":", "").ljust(4, "0")
    offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return dt.timezone(-offset if name[0] == "-" else offset) if offset else dt.UTC


def _from_unix(value: float) -> dt.datetime:
    per_second = 1 if int(value) in _SECONDS else 1000
    if int(value) // per_second not in _SECONDS:
        raise ValueError("as Unix time it is not within 1973 to 2096")
    return _EPOCH + (dt.timedelta(seconds=value) if per_second == 1 else dt.timedelta(milliseconds=value))


def _plain_datetime(value: dt.datetime) -> dt.datetime:
    """A datetime without pandas' nanoseconds, which compares and pickles like any other."""
    return dt.datetime.combine(value.date(), value.time(), value.tzinfo)


def _shown(value: object) -> str:
    shown = f"«{value}»" if isinstance(value, str) else repr(value)
    return shown if len(shown) <= 80 else shown[:79] + "…"
