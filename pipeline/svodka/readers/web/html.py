"""Pages of the web that were saved: HTML files, and MHTML files with all that belongs to the page."""

from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

from svodka.errors import InputError
from svodka.readers.encoding import MOST_BYTES
from svodka.readers.files import InputFile
from svodka.readers.opening import open_bytes
from svodka.readers.options import ReadOptions
from svodka.readers.rows import Row
from svodka.readers.unpacking import UnpackingError
from svodka.readers.web.pages import Page, page_row, page_source
from svodka.readers.web.telegram import is_telegram, post_rows


def read_html(file: InputFile, options: ReadOptions) -> Iterator[Row | InputError]:
    """The article of an HTML file, called as the file is; the posts of one of Telegram.

    Args:
        file: The file.
        options: Its `encoding` is what the page is encoded in, where it says something wrong.

    Yields:
        One row, or one for each post.

    Raises:
        InputError: The page has no article, or cannot be read.
        OSError: The file cannot be opened.
    """
    yield from _rows(Page(_bytes(file), str(file.path), file.name), options)


def read_mhtml(file: InputFile, options: ReadOptions) -> Iterator[Row | InputError]:
    """The article of a page that was saved with its pictures in one file (RFC 2557), called as the file is.

    Args:
        file: The file.
        options: Its `encoding` is what the page is encoded in, where it says something wrong.

    Yields:
        One row.

    Raises:
        InputError: The file has no page or the page no article, or it cannot be read.
        OSError: The file cannot be opened.
    """
    message = message_from_bytes(_bytes(file))
    part = _root(message)
    if part is None:
        raise InputError("the file has no page: no part of it is text/html", source=str(file.path), doc_id=file.name)
    data = part.get_payload(decode=True)
    address = message.get("Snapshot-Content-Location") or part.get("Content-Location")
    url = str(address).strip() if address and str(address).strip().lower().startswith("http") else None
    charset = part.get_content_charset()
    yield from _rows(Page(data if isinstance(data, bytes) else b"", str(file.path), file.name, url, charset), options)


def _rows(page: Page, options: ReadOptions) -> Iterator[Row]:
    html, encoding = page_source(page, options)
    if is_telegram(html):
        yield from post_rows(page, html, encoding)
    else:
        yield page_row(page, html, encoding)


def _root(message: Message) -> Message | None:
    """The page among the parts: the one that `start` names, else the first."""
    start = message.get_param("start")
    pages = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    named = (part for part in pages if start and part.get("Content-ID") == start)
    return next(named, next(iter(pages), None))


def _bytes(file: InputFile) -> bytes:
    try:
        with open_bytes(file) as opened:
            data = opened.read(MOST_BYTES + 1)
    except UnpackingError as error:
        raise InputError(error.explanation, source=str(file.path), doc_id=file.name) from error
    if len(data) > MOST_BYTES:
        message = f"the file has more than {MOST_BYTES} bytes, which no page has"
        raise InputError(message, source=str(file.path), doc_id=file.name)
    return data
