"""When a page was published, and where in it that is said.

A date that is read wrongly shifts every relative date of its article. So only what means the publication is taken:
fields of the page's metadata, a whole date in its address, and a date beside its headline. Days of changes, of
comments, of other articles and of the reader («Сегодня 8 мая») are not. The first of these that there is counts; where
there is none, a date that the article has as a property does, such as below its text.
"""

import datetime as dt
from typing import TYPE_CHECKING

from svodka.readers.addresses import date_of_url
from svodka.readers.web.dateline import is_of_change, is_relative, is_sound, parse_dateline, parse_field
from svodka.readers.web.elements import words_of
from svodka.readers.web.json_ld import publication_dates
from svodka.readers.web.lines import Line, page_lines
from svodka.readers.web.microdata import holder_of, is_article_of_page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Names and properties of `meta`, the most reliable first: Open Graph, schema.org, Dublin Core, Mediator, Parse.ly, …
_META = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time", "datepublished",
    "mediator_published_time", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "citation_publication_date", "publication_date", "publish_date", "publish-date", "publishdate", "pubdate",
    "date.published", "dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "dcterms.date",
    "dc.date", "date",
)  # fmt: skip
_LINES_BEFORE, _LINES_AFTER, _SHORTEST_TITLE, _SHORTEST_TEXT = 2, 6, 12, 40


def find_published(
    tree: "HtmlElement", url: str | None, title: str | None, latest: dt.datetime | None = None
) -> tuple[dt.datetime | None, str | None]:
    """The moment of publication of a page.

    Args:
        tree: The page.
        url: Its address.
        title: Its headline, which dates are looked for beside.
        latest: When the page was fetched; a later moment is none of its.

    Returns:
        The moment, and where it was read: metadata, url or html; None and None where the page does not say it. The
        moment has a time zone where the page gives it. One in UTC is moved into the zone where it was the day that
        the address or the dateline says, for that is the day it was where it was published.
    """
    limit = (latest + dt.timedelta(days=1)).date() if latest else dt.date.max
    day = date_of_url(url) if url else None
    if day is not None and not is_sound(day, limit):
        day = None
    structured = _from_metadata(tree, url, title, limit)
    lines = page_lines(tree)
    beside = _beside_title(lines, title, limit) or _anywhere(lines, title, limit)
    if structured is None and day is not None and (beside is None or beside.date() != day):
        return dt.datetime.combine(day, dt.time()), "url"
    if structured is None:
        return beside, "html" if beside else None
    local_day = day or (beside.date() if beside else None)
    return _at_place(structured, local_day), "metadata"


def _at_place(moment: dt.datetime, day: dt.date | None) -> dt.datetime:
    """A moment in UTC as that of the nearest zone where it was a given day, if there is one."""
    if day is None or moment.utcoffset() != dt.timedelta() or moment.date() == day:
        return moment
    for hours in range(1, 13):
        for sign in (1, -1):
            local = moment.astimezone(dt.timezone(dt.timedelta(hours=sign * hours)))
            if local.date() == day:
                return local
    return moment


def _from_metadata(tree: "HtmlElement", url: str | None, title: str | None, limit: dt.date) -> dt.datetime | None:
    """The date of the first field that has one; of the same day the moment that is the most exact."""
    values = (*publication_dates(tree, url, title), *_meta_dates(tree))
    moments = [moment for value in values if (moment := parse_field(value, limit))]
    if not moments:
        return None
    return max((moment for moment in moments if moment.date() == moments[0].date()), key=_exactness)


def _exactness(moment: dt.datetime) -> tuple[bool, bool]:
    return moment.tzinfo is not None, moment.time() != dt.time()


def _meta_dates(tree: "HtmlElement") -> list[str]:
    fields: dict[str, str] = {}
    for meta in tree.iter("meta"):
        # A body has itemprop of comments and other articles as well.
        in_head = next(meta.iterancestors("head"), None) is not None
        name = meta.get("property") or meta.get("name") or (meta.get("itemprop") if in_head else None)
        if name and meta.get("content"):
            fields.setdefault(name.strip().lower(), meta.get("content"))
    return [fields[name] for name in _META if name in fields]


def _beside_title(lines: list[Line], title: str | None, limit: dt.date) -> dt.datetime | None:
    """The date beside the headline; without a headline the one that the whole page agrees on for machines."""
    at = _title_line(lines, title)
    if at is None:
        return _agreed_moment([stamp.moment for line in lines for stamp in line.stamps], limit)
    after = [lines[at], *_without_teasers(_up_to_text(lines[at + 1 : at + 1 + _LINES_AFTER]))]
    before = _without_teasers(lines[max(at - _LINES_BEFORE, 0) : at][::-1])
    # Beside «вчера» a whole date is that of the reader.
    kinds = (_publications, _all_stamps) if any(is_relative(line.text) for line in (*after, *before)) else _KINDS
    for dates_of in kinds:
        # The nearest below the headline and the nearest above; where they differ, one is of something else.
        sides = [next((moment for line in side for moment in dates_of(line)), None) for side in (after, before)]
        moments = [moment for moment in sides if moment is not None and is_sound(moment.date(), limit)]
        if moments:
            return _agreed_moment(moments, limit)
    return None


def _anywhere(lines: list[Line], title: str | None, limit: dt.date) -> dt.datetime | None:
    """The date that the article of the page has as a property, such as below its text."""
    stamps = [stamp for line in _without_teasers(lines) for stamp in line.stamps if stamp.is_publication]
    held = [(holder_of(stamp.property_of), stamp.moment) for stamp in stamps if stamp.property_of is not None]
    of_page = {holder: is_article_of_page(holder, title) for holder in {holder for holder, _ in held}}
    return _agreed_moment([moment for holder, moment in held if of_page[holder]], limit)


def _agreed_moment(moments: list[dt.datetime], limit: dt.date) -> dt.datetime | None:
    """The first of some moments, if all are of one day; the others would be of something else."""
    sound = [moment for moment in moments if is_sound(moment.date(), limit)]
    return sound[0] if len({moment.date() for moment in sound}) == 1 else None


def _up_to_text(lines: list[Line]) -> list[Line]:
    """The lines up to the next heading or the second line of text: the first may be the lead."""
    n_texts = 0
    for number, line in enumerate(lines):
        n_texts += len(line.text) >= _SHORTEST_TEXT and line.text.endswith((".", "!", "?", "…", "»"))
        if line.is_heading or n_texts == 2:
            return lines[:number]
    return lines


def _without_teasers(lines: list[Line]) -> list[Line]:
    return [line for line in lines if not line.is_teaser]


def _publications(line: Line) -> list[dt.datetime]:
    return [stamp.moment for stamp in line.stamps if stamp.is_publication]


def _all_stamps(line: Line) -> list[dt.datetime]:
    return [stamp.moment for stamp in line.stamps] if not is_of_change(line.text) else []


def _datelines(line: Line) -> list[dt.datetime]:
    moment = parse_dateline(line.text)
    return [moment] if moment is not None else []


_KINDS = (_publications, _all_stamps, _datelines)  # the surest first


def _title_line(lines: list[Line], title: str | None) -> int | None:
    wanted = words_of(title or "")
    lengths = {
        number: len(text)
        for number, line in enumerate(lines)
        if len(text := words_of(line.text)) >= min(_SHORTEST_TITLE, len(wanted)) > 0 and text in wanted
    }
    return max(lengths, key=lambda number: lengths[number], default=None)
