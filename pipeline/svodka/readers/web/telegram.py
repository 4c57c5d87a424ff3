"""Posts of Telegram: chats and channels as Telegram Desktop exports them to HTML, and saved pages of https://t.me/s.

An export has a file of 1,000 messages each, called messages.html, messages2.html, …; its messages have an address only
in the channel they were sent to, which it does not name.
"""

import datetime as dt
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from svodka.errors import InputError
from svodka.readers.published import parse_published
from svodka.readers.rows import Row
from svodka.readers.web.elements import text_of
from svodka.readers.web.pages import NoArticleError, Page, parse_page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Not other pages into which a post was put.
_IS_TELEGRAM = re.compile(r"class=\"?(?:message default clearfix|[^\"]*\b(?:tgme_main|widget_frame_base)\b)")
_MOMENT = re.compile(r"(\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d)(?: UTC([+-]\d\d:\d\d))?")


def _has_class(name: str) -> str:
    """The condition of XPath for one of the classes of an element."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


# Messages of an export, and what they have.
_EXPORTED = f"//div[{_has_class('message')} and {_has_class('default')}]"
_CHAT = f"//div[{_has_class('page_header')}]//div[{_has_class('text')}]"
_FROM = f"./div/div[{_has_class('from_name')}]"
_TEXT = f".//div[{_has_class('text')}]"
_DATE = f".//div[{_has_class('date')}]/@title"
# Messages of a page of https://t.me, and what they have.
_SHOWN = f"//div[{_has_class('tgme_widget_message')} and @data-post]"
_SHOWN_CHAT = f".//*[{_has_class('tgme_widget_message_owner_name')}]"
_SHOWN_FROM = f".//*[{_has_class('tgme_widget_message_from_author')}]"
_SHOWN_TEXT = f".//div[{_has_class('js-message_text')}]"
_SHOWN_DATE = f".//a[{_has_class('tgme_widget_message_date')}]//time/@datetime"


def is_telegram(html: str) -> bool:
    """Whether a page has posts of Telegram."""
    return _IS_TELEGRAM.search(html) is not None


def post_rows(page: Page, html: str, encoding: str) -> Iterator[Row]:
    """The posts of a page that have text, each called ``<file name>:<number of the post>``.

    Args:
        page: The page.
        html: Its source.
        encoding: What that was decoded from.

    Yields:
        A row each; the source is the chat, the author who wrote to it, where that is not the chat itself.

    Raises:
        NoArticleError: No post has text.
    """
    tree = parse_page(html)
    posts = [] if tree is None else [*_exported(tree), *_shown(tree)]
    if not posts:
        raise NoArticleError("no message on the page has text", source=page.source, doc_id=page.default_id)
    for number, values in posts:
        yield Row(values, page.source, f"{page.default_id}:{number}", "html", encoding)


def _exported(tree: "HtmlElement") -> Iterator[tuple[str, dict[str, object]]]:
    chat = _first_text(tree, _CHAT)
    author = None
    for message in tree.xpath(_EXPORTED):
        # A message that follows one of the same author does not repeat who that is.
        author = _first_text(message, _FROM) or author
        if text := _lines(message, _TEXT):
            number = (message.get("id") or "").removeprefix("message")
            yield number, {"text": text, "published": _moment(message, _DATE), **_from(chat, author)}


def _shown(tree: "HtmlElement") -> Iterator[tuple[str, dict[str, object]]]:
    for message in tree.xpath(_SHOWN):
        if text := _lines(message, _SHOWN_TEXT):
            post = message.get("data-post")
            values = {"text": text, "published": _moment(message, _SHOWN_DATE), "url": f"https://t.me/{post}"}
            chat, author = _first_text(message, _SHOWN_CHAT), _first_text(message, _SHOWN_FROM)
            yield post.rpartition("/")[2], {**values, **_from(chat, author)}


def _first_text(element: "HtmlElement", path: str) -> str | None:
    return next(filter(None, map(text_of, element.xpath(path))), None)


def _from(chat: str | None, author: str | None) -> dict[str, str | None]:
    return {"source": chat, "author": author if author != chat else None}


def _lines(message: "HtmlElement", path: str) -> str:
    """The text of a message, a line each of its own; messages it answers are shown short and have another name."""
    lines: list[str] = []
    for part in message.xpath(path)[:1]:
        for end in part.iter("br"):
            end.tail = f"\n{end.tail or ''}"
        lines = [" ".join(line.split()) for line in part.text_content().split("\n")]
    return "\n".join(filter(None, lines))


def _moment(message: "HtmlElement", path: str) -> dt.datetime | None:
    stamp = next(iter(message.xpath(path)), "")
    found = _MOMENT.fullmatch(stamp)
    try:
        return parse_published(f"{found[1]}{found[2] or ''}" if found else stamp)
    except InputError:
        return None
