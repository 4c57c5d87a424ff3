"""Archives of the web: WARC files with pages as they were sent, and WET files with their texts.

https://iipc.github.io/warc-specifications/ describes WARC, https://commoncrawl.org/get-started WET.
"""

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice

from svodka.errors import InputError
from svodka.readers.addresses import date_of_url, path_of, site_of
from svodka.readers.files import InputFile
from svodka.readers.options import ReadOptions
from svodka.readers.rows import Row
from svodka.readers.web.body import has_sentence
from svodka.readers.web.language import is_russian
from svodka.readers.web.pages import NoArticleError, Page, page_row, page_source
from svodka.readers.web.warc_records import Record, records

logger = logging.getLogger("svodka.readers")

# Words with Cyrillic letters, or letters as references: without many of them a page need not be taken apart.
_CYRILLIC = re.compile(r"[а-яё]{3}|&#(?:10[789]\d|110\d);|&#x4[34][\da-f];", re.IGNORECASE)
_FEWEST_WORDS = 20
_RUSSIAN = "rus"  # ISO 639-3
_NOT_RUSSIAN, _NO_ARTICLE = "not in Russian", "without the text of an article"


class _PassedOverError(Exception):
    """A page that is left out, with the reason that is told once for all of them."""


Reading = Callable[[Record, str, str, ReadOptions], Row]


def read_warc(file: InputFile, options: ReadOptions) -> Iterator[Row | InputError]:
    """The articles among the pages of a WARC file, each called ``<file name>:<record>``.

    Only pages that were sent well are read (responses with HTML and status 200, and HTML that was archived without the
    header it was sent with), and of these only such with the text of an article, in Russian unless
    `options.any_language`. A warning at the end says how many were passed over.

    Args:
        file: The file.
        options: How to read.

    Yields:
        A row, or the error of a record that is damaged.
    """
    yield from _read(file, options, _page)


def read_wet(file: InputFile, options: ReadOptions) -> Iterator[Row | InputError]:
    """The texts of a WET file, each called ``<file name>:<record>``.

    Args:
        file: The file.
        options: How to read; texts in other languages than Russian are passed over unless `any_language`.

    Yields:
        A row, or the error of a record that is damaged.
    """
    yield from _read(file, options, _text)


def _read(file: InputFile, options: ReadOptions, to_row: Reading) -> Iterator[Row | InputError]:
    passed_over: Counter[str] = Counter()
    for record in records(file):
        if isinstance(record, InputError):
            yield record
            continue
        try:
            row = to_row(record, f"{file.path}:{record.number}", f"{file.name}:{record.number}", options)
        except _PassedOverError as reason:
            passed_over[str(reason)] += 1
        except NoArticleError:
            passed_over[_NO_ARTICLE] += 1
        except InputError as error:
            yield error
        else:
            yield row
    if passed_over:
        counts = ", ".join(f"{count} {reason}" for reason, count in sorted(passed_over.items()))
        logger.warning("%s: %d pages passed over: %s", file.path, passed_over.total(), counts)


def _page(record: Record, source: str, default_id: str, options: ReadOptions) -> Row:
    """The article of a page."""
    if path_of(record.url) == "/":
        raise _PassedOverError(_NO_ARTICLE)  # the front page, which changes every hour
    page = Page(record.data, source, default_id, record.url, record.charset, record.fetched)
    _refuse_named_language(record, options)
    html, encoding = page_source(page, options)
    if not options.any_language and len(list(islice(_CYRILLIC.finditer(html), _FEWEST_WORDS))) < _FEWEST_WORDS:
        raise _PassedOverError(_NOT_RUSSIAN)
    row = page_row(page, html, encoding)
    _refuse_language(record, str(row.values["text"]), options)
    return row


def _text(record: Record, source: str, default_id: str, options: ReadOptions) -> Row:
    """The text that somebody took from a page; it is kept as it is."""
    _refuse_named_language(record, options)
    text = record.data.decode("utf-8", errors="replace").rstrip("\r\n")
    if not has_sentence(text):
        raise _PassedOverError(_NO_ARTICLE)
    _refuse_language(record, text, options)
    day = date_of_url(record.url) if record.url else None
    values = {"text": text, "url": record.url, "published": day, "source": site_of(record.url)}
    return Row(values, source, default_id, "url" if day else None, "utf-8")


def _refuse_named_language(record: Record, options: ReadOptions) -> None:
    """Pass over what the archive says to have no Russian."""
    if record.languages and _RUSSIAN not in record.languages and not options.any_language:
        raise _PassedOverError(_NOT_RUSSIAN)


def _refuse_language(record: Record, text: str, options: ReadOptions) -> None:
    """Pass over what is not mostly Russian; the archive's own word is taken where that names Russian first."""
    if not options.any_language and record.languages[:1] != (_RUSSIAN,) and not is_russian(text):
        raise _PassedOverError(_NOT_RUSSIAN)
