"""Dates as TEI writes them: the attributes of att.datable.iso, from EDTF."""

import re

from svodka.writers.documents import Row

# A year, month, day or second; EDTF also numbers seasons, quarters and halves like months, from 21 on.
_POINT = re.compile(r"\d{4}(-(0\d|1[012])(-\d\d(T\d\d:\d\d:\d\d)?)?)?")
_LENGTH = re.compile(r"P(?=.)(\d+(\.\d+)?[YMWD])*(T(\d+(\.\d+)?[HMS])+)?")
# A day or month of a year that the text does not tell: W3C's «--10-14», which ISO 8601 has no more.
_YEARLESS = re.compile(r"XXXX(-\d\d(-\d\d)?)")
_OPEN = ("", "..")


def datable(row: Row) -> dict[str, str]:
    """The attributes of ``date`` or ``time`` for a row of `dates`.

    A point is ``when-iso``. An interval, and what ISO 8601 has no point for, such as a season or a decade, is
    ``from-iso`` to ``to-iso``; of an open one, one of them is missing. Approximate dates have a low ``precision``,
    uncertain ones a low ``cert``. A day or month without a year is ``when``. A length is ``dur-iso``; that
    of a set is how often it recurs. What has no such value, as «several days», has none.

    >>> from datetime import date
    >>> days = {"start_date": date(2010, 1, 11), "end_date": date(2010, 1, 20)}
    >>> datable({"type": "DATE", "value": "2010-01", "edtf": "2010-01-11~/2010-01-20~", **days})
    {'from-iso': '2010-01-11', 'to-iso': '2010-01-20', 'precision': 'low'}

    See https://tei-c.org/release/doc/tei-p5-doc/en/html/ref-att.datable.iso.html.
    """
    attributes = {} if row["type"] in ("DATE", "TIME") else {"type": row["type"].lower()}
    edtf = row["edtf"]
    if edtf is None:
        if _LENGTH.fullmatch(row["value"]):
            attributes["dur-iso"] = row["value"]
        elif yearless := _YEARLESS.fullmatch(row["value"]):
            attributes["when"] = f"-{yearless[1]}"
        return attributes
    sides = [side.rstrip("~?%") for side in edtf.split("/")]
    if len(sides) == 1 and _POINT.fullmatch(sides[0]):
        attributes["when-iso"] = sides[0]
    else:
        for name, side, day in (("from-iso", sides[0], "start_date"), ("to-iso", sides[-1], "end_date")):
            if _POINT.fullmatch(side):
                attributes[name] = side
            elif side not in _OPEN and row[day] is not None:
                attributes[name] = row[day].isoformat()
    if re.search("[~%]", edtf):
        attributes["precision"] = "low"
    if re.search("[?%]", edtf):
        attributes["cert"] = "low"
    return attributes
