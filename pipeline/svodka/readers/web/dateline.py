"""Dates as pages write them: in lines such as «Опубликовано 07.09.2021 в 15:30 (мск)», and in fields for machines."""

import datetime as dt
import re

from svodka.errors import InputError
from svodka.readers.published import ENGLISH_MONTHS, MONTHS_BY_BEGINNING, parse_published

_MONTH = rf"(?:{'|'.join(MONTHS_BY_BEGINNING)})[а-я]*"
_ENGLISH = rf"(?P<english_month{{}}>(?:{'|'.join(ENGLISH_MONTHS)})[a-z]*)"
_ENGLISH_DAY = r"(?P<english_day{}>\d\d?)(?:st|nd|rd|th)?"
_DAY = (
    r"(?:(?P<numbers>\d\d?\.\d\d?\.\d{4}|\d{4}-\d\d-\d\d)"
    r"|(?P<dashes>\d\d-\d\d-\d{4})(?=,\s\d\d:\d\d)"  # of DataLife Engine, as «07-09-2021, 15:30»
    rf"|(?P<day>\d\d?)\s+(?P<month>{_MONTH})\.?,?\s+(?P<year>\d{{4}})"
    # of LiveJournal and others that write to readers in English, as «September 7 2021», «7th September, 2021»
    rf"|(?:{_ENGLISH.format(1)}\.?\s+{_ENGLISH_DAY.format(1)}|{_ENGLISH_DAY.format(2)}\s+{_ENGLISH.format(2)})"
    r",?\s+(?P<english_year>\d{4}))"
)
_GAP = r"[\s,|/·•—–-]*"
_DATE = re.compile(
    rf"(?<![\d.:])(?:(?P<before>\d\d?:\d\d)(?!:\d){_GAP}(?:\(?мск\)?)?{_GAP})?{_DAY}(?![\d.]\d)"
    rf"(?:\s*(?:года|г\.?)(?![а-я]))?(?:{_GAP}(?:в\s+)?(?P<after>\d\d?:\d\d(?::\d\d)?)(?![\d:]|\s*[ap]\.?m))?",
    re.IGNORECASE,
)
_MOSCOW = re.compile(r"\b(?:мск|msk|по москве|московское время)\b", re.IGNORECASE)
# Days of a change, which stand after that of publication, and days of other things.
_CHANGED = re.compile(
    r"\(?(?<![a-zа-яё])(?:последнее\s+)?(?:обновлен|обновлён|изменен|изменён|измени|отредактир|updated|modified)",
    re.IGNORECASE,
)
_OTHER_DAYS = re.compile(
    r"\b(?:сегодня|фото|видео|архив|photo|когда|начало|состоится|пройд[её]т|мероприяти|событи|проведени|редакци[яи] от"
    r"|родил)|©",
    re.IGNORECASE,
)
_NO_DAY_AFTER = re.compile(r"\b(?:до|с|по|к|на|после)\s*$", re.IGNORECASE)  # «приём заявок до 7 сентября»
_RELATIVE = re.compile(
    r"\b(?:сегодня|вчера|позавчера)\b.{0,12}\d:\d\d|\b(?:минут|час|день|дня|дней|недел|месяц|год)\w*\s+назад\b|^\W*вчера\W*$",
    re.IGNORECASE,
)
_LONGEST, _MOST_OTHER_WORDS = 90, 5
_FIRST_DAY = dt.date(1970, 1, 2)  # the day before is what a 0 of a database becomes


def parse_dateline(line: str) -> dt.datetime | None:
    """The moment that a short line is about.

    Args:
        line: A line of a page.

    Returns:
        The moment, in Moscow's time where the line says so, else without a time zone; midnight where it has only the
        day, or hours up to twelve. None where the line has more than a date and a few words, no date or two, or says
        that it is the day of a change, of a picture, of an event, or of the reader.

    >>> parse_dateline("Вторник, 7 сентября 2021 г., 15:30 | Анна Соколова")
    datetime.datetime(2021, 9, 7, 15, 30)
    >>> parse_dateline("1 Май 2021, 07:30 pm")
    datetime.datetime(2021, 5, 1, 0, 0)
    >>> parse_dateline("7 сентября 2021 года в Заречном открыли мост.")
    """
    if len(line) > _LONGEST or _OTHER_DAYS.search(line):
        return None
    line = _CHANGED.split(line)[0]
    dates = list(_DATE.finditer(line))
    if len(dates) != 1:
        return None
    found = dates[0]
    if _NO_DAY_AFTER.search(line, 0, found.start()):
        return None
    rest = f"{line[: found.start()]} {line[found.end() :]}"
    if len(re.findall(r"\w+", rest)) > _MOST_OTHER_WORDS or rest.rstrip().endswith((".", "!", "?", "…")):
        return None
    day = found["numbers"] or (found["dashes"] or "").replace("-", ".") or _in_words(found)
    time = found["before"] or found["after"]
    zone = "+03:00" if time and _MOSCOW.search(line) else ""
    try:
        return parse_published(f"{day} {time or ''}{zone}".strip())
    except InputError:  # the 32nd
        return None


def parse_field(value: object, latest: dt.date = dt.date.max) -> dt.datetime | None:
    """The moment that a field of a page means for machines; None where it means none, or an unsound one.

    Args:
        value: What the field holds.
        latest: As of `is_sound`.
    """
    if not isinstance(value, str):
        return None
    moment: dt.datetime | None
    try:
        moment = dt.datetime.fromisoformat(value.strip())
    except ValueError:
        try:
            moment = parse_published(value)
        except InputError:
            moment = parse_dateline(value)
    return moment if moment is not None and is_sound(moment.date(), latest) else None


def is_sound(day: dt.date, latest: dt.date) -> bool:
    """Whether a page can be of a day: not of one before there were any, nor after the latest possible one."""
    return _FIRST_DAY <= day <= latest


def is_of_change(line: str) -> bool:
    """Whether a line begins by saying that it is about a change."""
    return _CHANGED.match(line) is not None


def is_relative(line: str) -> bool:
    """Whether a short line is a day that depends on when the page was sent: «Вчера, 15:30», «12 минут назад»."""
    return len(line) <= _LONGEST and _RELATIVE.search(line) is not None


def _in_words(found: re.Match[str]) -> str:
    """A date with the name of its month, as it is accepted."""
    if month := found["month"]:
        return f"{found['day']} {MONTHS_BY_BEGINNING[month[:3].lower()]} {found['year']}"
    month, day = found["english_month1"] or found["english_month2"], found["english_day1"] or found["english_day2"]
    return f"{day} {month[:3]} {found['english_year']}"
