"""What the address of a page tells: its day, only where it is whole and cannot be anything else, and its site."""

import datetime as dt
import re
from urllib.parse import urlsplit

from svodka.readers.published import ENGLISH_MONTHS

_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_FORMS = (
    rf"{_YEAR}/(?P<month>[0-9]{{1,2}})/(?P<day>[0-9]{{1,2}})",  # lenta.ru/news/2016/11/04/bridge/
    rf"{_YEAR}-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})(?:-[^/]*)?",  # iz.ru/1218234/2016-11-04/bridge
    # Eight digits have to be a folder with a file: tass.ru/politika/20161104 is the number of an article.
    rf"{_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})(?=/[^/]*[0-9.-])",  # ria.ru/20161104/bridge-1480.html
    rf"(?P<day>[0-9]{{1,2}})(?P<month>{'|'.join(ENGLISH_MONTHS)}){_YEAR}",  # newsru.com/world/04nov2016/bridge.html
)
_DAY_FIRST = rf"(?P<day>[0-9]{{2}})/(?P<month>[0-9]{{2}})/{_YEAR}"  # rbc.ru/politics/04/11/2016/57a0
_DAY_FIRST_SITES = ("rbc.ru",)  # elsewhere 04/11 might be the 11th of April


def date_of_url(url: str) -> dt.date | None:
    """The day that the path of an address names.

    Args:
        url: An address, or the path of one.

    Returns:
        The day; None where there is none, where it does not exist, or where there are different ones.

    >>> date_of_url("https://example.org/news/2016/11/04/bridge/")
    datetime.date(2016, 11, 4)
    >>> date_of_url("https://example.org/politics/20161104") is None
    True
    """
    try:
        address = urlsplit(url)
    except ValueError:  # brackets that are no IPv6 address
        return None
    site = address.netloc.lower()
    is_day_first = any(site == name or site.endswith(f".{name}") for name in _DAY_FIRST_SITES)
    forms = (*_FORMS, _DAY_FIRST) if is_day_first else _FORMS
    days = set()
    for form in forms:
        for found in re.finditer(f"(?<=/){form}(?![^/])", address.path, re.IGNORECASE):
            try:
                days.add(dt.date(int(found["year"]), _month(found["month"]), int(found["day"])))
            except ValueError:
                return None
    return days.pop() if len(days) == 1 else None


def _month(name: str) -> int:
    return int(name) if name.isdigit() else ENGLISH_MONTHS.index(name.lower()) + 1


def site_of(url: object) -> str | None:
    """The site of an address, without «www.»; None where there is no address.

    >>> site_of("https://www.example.org:8080/news")
    'example.org'
    """
    try:
        host = urlsplit(url).hostname if isinstance(url, str) else None
    except ValueError:  # brackets that are no IPv6 address
        return None
    return (host or "").removeprefix("www.") or None


def path_of(url: str | None) -> str:
    """Path and query of an address; / where it is that of a whole site, empty where there is none."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    return f"{parts.path.rstrip('/')}{'?' if parts.query else ''}{parts.query}" or ("/" if url else "")
