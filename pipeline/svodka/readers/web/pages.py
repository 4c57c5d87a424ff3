"""From the bytes of a page of the web to a row: what saved pages and archives have in common."""

import datetime as dt
import re
from dataclasses import dataclass
from itertools import dropwhile
from typing import Any

from svodka.errors import InputError, MissingLibraryError
from svodka.libraries import require
from svodka.readers.options import ReadOptions
from svodka.readers.rows import Row
from svodka.readers.web.body import article_text, has_sentence
from svodka.readers.web.charset import decode_page
from svodka.readers.web.clutter import remove_clutter
from svodka.readers.web.dates import find_published
from svodka.readers.web.metadata import page_metadata, page_url

# A page has some 100,000 characters of source with some 2,000 tags. What is beyond these bounds is no article, and
# could take minutes, for trafilatura's time grows by the square of the elements.
_MOST_CHARACTERS, _MOST_TAGS = 2**22, 100_000
# Pictures and fonts that pages are saved with; they are no text, but can be most of the source.
_EMBEDDED = re.compile(r"data:[^\"'()\s<>]{200,}")
# Titles of pages that servers send in the place of an article.
_NOTICES = re.compile(
    r"\W*(?:ошибка\W*)?(?:40[0-9]|50[0-9])?\W*(?:ошибка(?: сервера)?|error|(?:page )?not found|forbidden|bad gateway"
    r"|access denied|страница не (?:найдена|существует)|доступ (?:запрещ[её]н|ограничен|заблокирован)|just a moment"
    r"|.{0,10}капча|.{0,20}captcha|.{0,20}не робот|перенаправление|redirect\w*|вход|войти|авторизация|регистрация|поиск"
    r"|результаты поиска|результаты поиска\b.*|поиск:.*|сайт временно недоступен)?\W*",
    re.IGNORECASE,
)
_LONGEST_NOTICE = 600
_NO_ARTICLE = "no text of an article was found on the page; is it a list of articles, or drawn by a script?"
_HEAD_TAGS = ("title", "meta", "link", "base", "script", "style", "noscript", "template")
_LOST, _MOST_LOST = "\ufffd", 100  # of a page that is sound otherwise
_CYRILLIC = re.compile(r"[А-Яа-яё]")
# What XML cannot hold, and lone surrogates.
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class NoArticleError(InputError):
    """A page that holds no article."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the web.

    Attributes:
        data: Its bytes.
        source: File, or file and record, for messages.
        default_id: What its article is called.
        url: Where it was got from.
        charset: Encoding that the header it was sent with names.
        fetched: When it was got.
    """

    data: bytes
    source: str
    default_id: str
    url: str | None = None
    charset: str | None = None
    fetched: dt.datetime | None = None


def page_source(page: Page, options: ReadOptions) -> tuple[str, str]:
    """The source of a page as characters, without pictures, and the encoding it had."""
    html, encoding = decode_page(page.data, page.charset, options.encoding)
    return _INVALID.sub("", _EMBEDDED.sub("data:", html)), encoding


def page_row(page: Page, html: str, encoding: str) -> Row:
    """The article of a page.

    Args:
        page: The page.
        html: Its source.
        encoding: What that was decoded from.

    Raises:
        NoArticleError: It has none.
        InputError: Its source is too large, or cannot be taken apart.
    """
    if problem := _problem(html):
        raise InputError(problem, source=page.source, doc_id=page.default_id)
    no_article = NoArticleError(_NO_ARTICLE, source=page.source, doc_id=page.default_id)
    try:
        tree = parse_page(html)
        if tree is None:
            raise no_article
        remove_clutter(tree)
        url = page_url(tree, html, page.url)
        about = page_metadata(tree, url)
        title = about["title"]
        published, published_from = find_published(tree, url, title, page.fetched)
        text = article_text(tree, title)
    except (NoArticleError, MissingLibraryError, MemoryError):
        raise
    except Exception as error:  # whatever a stranger's page makes the libraries do
        message = f"the source of the page cannot be taken apart ({type(error).__name__}: {error})"
        raise InputError(message, source=page.source, doc_id=page.default_id) from error
    if not has_sentence(text) or (title and _is_notice(title, text)):
        raise no_article
    values = {**about, "text": text, "url": url, "published": published}
    sound = {field: _INVALID.sub("", value) if isinstance(value, str) else value for field, value in values.items()}
    return Row(sound, page.source, page.default_id, published_from, encoding)


def _problem(html: str) -> str | None:
    """Why the source of a page is not read."""
    n_tags = html.count("<")
    if len(html) > _MOST_CHARACTERS or n_tags > _MOST_TAGS:
        return (
            f"the page has {len(html)} characters without its pictures and {n_tags} tags, which no article has; pages "
            f"up to {_MOST_CHARACTERS} characters and {_MOST_TAGS} tags are read"
        )
    if html.count(_LOST) > max(_MOST_LOST, len(_CYRILLIC.findall(html))):
        return "most letters of the page are lost: it was taken for another encoding when it was saved; save it anew"
    return None


def _is_notice(title: str, text: str) -> bool:
    """Whether a page is what a server sends in the place of an article, or what a search has found."""
    return _NOTICES.fullmatch(title) is not None and (len(text) <= _LONGEST_NOTICE or "поиск" in title.lower())


def parse_page(html: str) -> Any:  # noqa: ANN401
    """The tree of a page; None where it has no elements."""
    lxml_html = require("lxml.html", "html")
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(html.encode(), parser=parser)
    except require("lxml.etree", "html").ParserError:
        return None
    if tree.find("body") is None:  # libxml2 leaves <article> in the head, where a page begins its body without a tag
        body = lxml_html.Element("body")
        for head in tree.findall("head"):
            body.extend(dropwhile(lambda part: part.tag in _HEAD_TAGS, list(head)))
        tree.append(body)
    return tree
