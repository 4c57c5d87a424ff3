"""Paragraphs where a page has none, set off by line breaks, blocks or tables that lay out the page; and the article.

trafilatura loses or joins much of what stands so, as it does on most pages until about 2008, and on many later ones.
"""

import re
from collections import Counter
from collections.abc import Mapping
from itertools import takewhile
from typing import TYPE_CHECKING

from svodka.libraries import require
from svodka.readers.web.elements import INLINE, names_of, text_of
from svodka.readers.web.teasers import cards

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HOLDERS = ("body", "main", "article", "section", "div", "td", "dd", "center", "font")
_NAMEABLE = ("body", "main", "section", "div")
_BESIDE = ("nav", "footer", "aside", "form", "noscript")
_BESIDE_NAMES = re.compile(r"footer|copyright|sidebar|comment", re.IGNORECASE)
_LONGEST_CELL, _MOST_OF_TEXT = 250, 0.6
_SENTENCE_END = re.compile(r"\w[»\")]*[.!?…][»\"”)]*(?:\s|$)")
_EMPTY_LINE = re.compile(r"\n[ \t\r]*\n")
_SHORTEST_TEXT = 40


def mark_paragraphs(tree: "HtmlElement") -> None:
    """Make elements of the paragraphs that only line breaks, blocks or cells of a layout set off.

    Args:
        tree: The page; it is changed.
    """
    _open_layout_tables(tree)
    for element in tree.iter("font", "center", "span"):
        parent = element.getparent()
        if parent is not None and parent.tag in _HOLDERS and _has_breaks(element):
            element.tag = "div"
    bare = [element for element in tree.iter(*_HOLDERS) if _has_breaks(element) and _prose_length(element)]
    for element in bare:
        _wrap(element)
    for element in [part for part in tree.iter("pre") if not len(part)]:
        _split(element)
    _name_article(tree)


def _split(element: "HtmlElement") -> None:
    """Make paragraphs of what stands between the empty lines of a text as it was typed."""
    make = require("lxml.html", "html").Element
    paragraphs = [paragraph for paragraph in _EMPTY_LINE.split(element.text or "") if paragraph.strip()]
    if any(_SENTENCE_END.search(paragraph) for paragraph in paragraphs):
        element.tag, element.text = "div", None
        for paragraph in paragraphs:
            part = make("p")
            part.text = paragraph
            element.append(part)


def _name_article(tree: "HtmlElement") -> None:
    """Tell which element is the article, where the page does not.

    Of an element that it does not know, trafilatura keeps the paragraphs only, without lists and headings.
    """
    body = tree.find("body")
    if body is None or next(tree.iter("article"), None) is not None:
        return
    prose = _prose(body)
    held: Counter[HtmlElement] = Counter()
    for element, length in prose.items():
        for outer in (element, *element.iterancestors()):
            held[outer] += length
    most = [element for element, length in held.items() if length > _MOST_OF_TEXT * held[body]]
    inner = min(most, key=lambda element: sum(1 for _ in element.iterdescendants()), default=None)
    if inner is None:
        return
    inner = _with_beginning(inner, body, prose)
    while inner.tag not in _NAMEABLE:
        inner = inner.getparent()
    if inner is body:
        _wrap_article(body, held)
    else:
        inner.tag = "article"


def _prose(body: "HtmlElement") -> dict["HtmlElement", int]:
    """The elements that have text of their own, and how much; not what is beside the article, or a card of another."""
    skipped = {element for element in body.iter() if element.tag in _BESIDE or _BESIDE_NAMES.search(names_of(element))}
    skipped |= cards(body)
    lengths = {element: _prose_length(element) for element in body.iter(*_HOLDERS, "p", "li", "span")}
    return {
        element: length
        for element, length in lengths.items()
        if length and skipped.isdisjoint((element, *element.iterancestors()))
    }


def _with_beginning(inner: "HtmlElement", body: "HtmlElement", prose: dict["HtmlElement", int]) -> "HtmlElement":
    """The element around another that also holds all text between that and the headline before it."""
    around = {outer: height for height, outer in enumerate((inner, *inner.iterancestors()))}
    widest, has_headline = inner, False
    for element in body.iter():
        if element is inner:
            break
        if element.tag == "h1":
            widest, has_headline = inner, True
        elif element in prose:
            common = next((outer for outer in element.iterancestors() if outer in around), body)
            widest = max(widest, common, key=around.__getitem__)
    return widest if has_headline else inner


def _wrap_article(body: "HtmlElement", held: Mapping["HtmlElement", int]) -> None:
    """Put what stands between the first and the last text of the body into an article."""
    parts = list(body)
    places = [number for number, part in enumerate(parts) if part in held]
    if places:
        article = require("lxml.html", "html").Element("article")
        body.insert(places[0], article)
        end = takewhile(lambda part: part.tag == "p", parts[places[-1] + 1 :])  # «— Да.»
        article.extend([*parts[places[0] : places[-1] + 1], *end])


def _open_layout_tables(tree: "HtmlElement") -> None:
    """Turn tables that lay out a page into plain blocks; those of data stay."""
    parts = []
    for table in tree.iter("table"):
        if _is_layout(table):
            inner = table.iterdescendants("tbody", "thead", "tfoot", "tr", "td", "th", "caption")
            parts += [table, *(part for part in inner if next(part.iterancestors("table")) is table)]
    for part in parts:
        part.tag = "div"


def _is_layout(table: "HtmlElement") -> bool:
    if next(table.iterdescendants("table"), None) is not None:
        return True
    return any(len(text_of(cell)) > _LONGEST_CELL for cell in table.iter("td"))


def _has_breaks(element: "HtmlElement") -> bool:
    return any(child.tag not in INLINE for child in element)


def _prose_length(element: "HtmlElement") -> int:
    """Characters of its text that is in no element within it and has sentences."""
    texts = (element.text or "", *(child.tail or "" for child in element))
    return sum(len(text) for text in texts if len(text) >= _SHORTEST_TEXT and _SENTENCE_END.search(text))


def _wrap(element: "HtmlElement") -> None:
    """Put what stands between the breaks and blocks of an element into paragraphs."""
    make = require("lxml.html", "html").Element
    children = list(element)
    paragraph = make("p")
    paragraph.text, element.text = element.text, None
    parts = []
    for child in children:
        element.remove(child)
        if child.tag in INLINE:
            paragraph.append(child)  # with what follows it
            continue
        following = make("p")
        following.text, child.tail = child.tail, None
        parts += [paragraph] if child.tag == "br" else [paragraph, child]
        paragraph = following
    for part in (*parts, paragraph):
        if part in children or len(part) or (part.text or "").strip():
            element.append(part)
