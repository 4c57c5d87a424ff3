"""What a page tells about its article besides the text: address, title, author, site."""

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from svodka.libraries import require
from svodka.readers.addresses import path_of, site_of
from svodka.readers.web.dateline import parse_dateline
from svodka.readers.web.elements import names_of, text_of, whole_names, words_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Chrome, Firefox and Internet Explorer write the first into a page they save, SingleFile the second.
_SAVED_FROM = re.compile(r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(https?://[^\s<>\"]+)")
_SAVED_WITHIN = 2**14
_AUTHOR_PREFIX = re.compile(r"^(?:автор(?:ы)?(?: текста| статьи)?|текст|от)\s*:?\s+(?=[А-ЯЁA-Z])", re.IGNORECASE)
_INITIAL = re.compile(r"\b([А-ЯЁA-Z])(?=\s|;|$)")  # whose point trafilatura takes away
_AUTHOR_TAGS = ("a", "span", "div", "p", "li", "strong")
_AUTHOR_NAMES = whole_names("authors?|autor|avtor|journalist")
_NAME = re.compile(r"[А-ЯЁ][а-яё-]+(?: [А-ЯЁ]\.){0,2}(?: [А-ЯЁ][А-ЯЁа-яё-]+){1,2}")
_DOMAIN = re.compile(r"\w\.[^\W\d_]{2,}")
_MARKS = " -–—|•·:"  # that templates write after a name
_TAIL = re.compile(r"\s+[|–—•·-]\s+([^|–—•·]+)$")


def page_url(tree: "HtmlElement", html: str, given: str | None = None) -> str | None:
    """The address of a page: its canonical one, where it names one of the web, else where it was got from.

    Args:
        tree: The page.
        html: Its source, which has a comment with the address if a browser saved it.
        given: Where it was got from, if that is known.
    """
    saved = _SAVED_FROM.search(html, 0, _SAVED_WITHIN)
    given = given or (saved[1] if saved else None)
    bases = (_absolute(element.get("href") or "", given) for element in tree.iter("base"))
    base = next(filter(None, bases), given)
    named = [link.get("href") for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    named += [meta.get("content") for meta in tree.iter("meta") if meta.get("property") == "og:url"]
    for address in named:
        url = _absolute((address or "").strip(), base)
        # A canonical address without a path is a mistake of the template: it would be that of all pages.
        if url is not None and (given is None or path_of(url) != "/"):
            return url
    return given


def _absolute(address: str, base: str | None) -> str | None:
    try:
        url = urljoin(base or "", address)
        parts = urlsplit(url)
    except ValueError:  # brackets that are no IPv6 address
        return None
    return url if address and parts.scheme in ("http", "https") and parts.netloc else None


def page_metadata(tree: "HtmlElement", url: str | None) -> dict[str, str | None]:
    """Title, author and source (the name of the site, or of its host) of the article of a page.

    Args:
        tree: The page.
        url: Its address.
    """
    metadata = require("trafilatura.metadata", "html")
    # Its date is not used, so that it need not search the text for one.
    found = metadata.extract_metadata(tree, default_url=url, extensive=False)
    named = found.sitename or ""
    if "." in named and not _DOMAIN.search(named):  # a part of the title, such as «57 руб.»
        named = ""
    site = named.strip(_MARKS) or site_of(url)
    author = _INITIAL.sub(r"\1.", _AUTHOR_PREFIX.sub("", found.author or ""))
    is_site = words_of(author) in words_of(site or "")  # or nobody
    return {
        "title": _headline(tree, found.title, found.sitename),
        "author": _named_author(tree) if is_site else author,
        "source": site,
    }


def _named_author(tree: "HtmlElement") -> str | None:
    """Who an element says that it is the author, where that is a name; other authors stand beside the first."""
    parts = [part for part in tree.iter(*_AUTHOR_TAGS) if _AUTHOR_NAMES.search(names_of(part))]
    first = next((part for part in parts if _NAME.fullmatch(text_of(part))), None)
    if first is None:
        return None
    around = set(next(islice(first.iterancestors(), 1, 2), first).iter())
    return "; ".join(dict.fromkeys(name for part in parts if part in around and _NAME.fullmatch(name := text_of(part))))


def _headline(tree: "HtmlElement", title: str | None, site: str | None) -> str | None:
    """The title without the name of the site that titles of pages end or begin with, and without the date beside it.

    A heading that is part of the title in the head is the headline; one that is not may be the name of a rubric.
    """
    in_head = " ".join(map(text_of, islice(tree.iter("title"), 1)))
    title = " ".join((title or in_head).split())
    headings = [text_of(heading) for heading in tree.iter("h1", "h2", "h3")]
    for whole in map(words_of, (in_head, title)):
        parts = [heading for heading in headings if _is_part(words_of(heading), whole)]
        if parts:
            return max(parts, key=lambda part: (whole.startswith(words_of(part)), len(part)))
    if site and len(words_of(site)) > 2:
        title = re.sub(rf"\s+[|–—•·:-]\s+{re.escape(site)}$|^{re.escape(site)}\s*[|–—•·:-]\s+", "", title)
    while (tail := _TAIL.search(title)) and parse_dateline(tail[1]):
        title = title[: tail.start()]
    return title or None


def _is_part(heading: str, title: str) -> bool:
    """Whether a title is a heading, or begins or ends with one that is no single word; both as words only."""
    return heading == title != "" or (" " in heading and (title.startswith(heading) or title.endswith(heading)))
