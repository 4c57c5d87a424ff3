"""The header of a gold file: what its source tells about the article, as lines «key: value»."""

import datetime as dt
import re
from collections.abc import Mapping

from svodka.evaluate.inline import input_error, number_controls, unescape
from svodka.records import Article

HEADER_KEYS = ("id", "url", "published", "anchor", "source", "author", "title")

# White space at the ends of a value, line ends in it, and what looks like an escape: written as escapes.
_UNSAFE = re.compile(r"[\t\n]|^\s|\s$|&(?=#x[0-9a-fA-F]{1,6};)")
_ESCAPE = re.compile(r"&#x[0-9a-fA-F]{1,6};")


def article_of(header: str, text: str, source: str | None) -> Article:
    """The article that has this header and text.

    Args:
        header: The lines of the header.
        text: The text of the article.
        source: File name, for messages.

    Raises:
        InputError: A line that is no «key: value», no id, or a date that is none.
    """
    values = _read(header, source)
    published, anchor = (_moment(values, key, source) for key in ("published", "anchor"))
    return Article(
        text=text,
        doc_id=values["id"],
        title=values.get("title"),
        author=values.get("author"),
        url=values.get("url"),
        published=published,
        anchor=anchor and anchor.date(),
        source=values.get("source"),
    )


def format_header(article: Article) -> str:
    """The lines of an article's header; the anchor is left out where it is the day of publication."""
    published = article.published
    anchor = article.anchor if published is None or article.anchor != published.date() else None
    values = {
        "id": article.doc_id,
        "url": article.url,
        "published": None if published is None else published.isoformat().removesuffix("T00:00:00+00:00"),
        "anchor": None if anchor is None else anchor.isoformat(),
        "source": article.source,
        "author": article.author,
        "title": article.title,
    }
    return "".join(f"{key}: {_escaped(value)}\n" for key, value in values.items() if value is not None)


def _read(text: str, source: str | None) -> dict[str, str]:
    header = {}
    for number, line in enumerate(text.split("\n"), start=1):
        key, colon, value = line.partition(":")
        if not colon or key not in HEADER_KEYS:
            message = f"no header line: {line!r}; write «key: value» with a key of {', '.join(HEADER_KEYS)}"
            raise input_error(message, source, f"{number}:1")
        header[key] = _ESCAPE.sub(lambda found: unescape(found[0]), value.strip())
    if not header.get("id"):
        raise input_error("the header has no id; add a line «id: …» with the id of the sample", source, "1:1")
    return header


def _moment(header: Mapping[str, str], key: str, source: str | None) -> dt.datetime | None:
    value = header.get(key)
    try:
        return dt.datetime.fromisoformat(value) if value else None
    except ValueError as error:
        raise input_error(f"{key}: {value} is no ISO date; write 2024-03-14", source, "1:1") from error


def _escaped(value: str) -> str:
    return number_controls(_UNSAFE.sub(lambda found: f"&#x{ord(found[0]):x};", value))
