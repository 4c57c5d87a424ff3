"""Paragraphs where a page has none: text between line breaks and blocks, and in tables that lay out the page.

trafilatura loses or joins much of what stands so, as it does on most pages until about 2008, and on many later ones.
"""

import re
from typing import TYPE_CHECKING

from svodka.libraries import require
from svodka.readers.web.elements import INLINE, text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HOLDERS = ("body", "main", "article", "section", "div", "td", "dd", "center", "font")
_LONGEST_CELL, _MOST_OF_TEXT = 250, 0.6
_SENTENCE_END = re.compile(r"\w[»\")]*[.!?…][»\"”)]*(?:\s|$)")
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
    _name_article(tree, bare)
    for element in bare:
        _wrap(element)


def _name_article(tree: "HtmlElement", bare: list["HtmlElement"]) -> None:
    """Tell which block is the article, where the page does not and most of its text stands bare in one."""
    if next(tree.iter("article"), None) is None and bare:
        longest = max(bare, key=_prose_length)
        length = sum(map(_prose_length, tree.iter(*_HOLDERS, "p", "li", "span")))
        if longest.tag == "div" and _prose_length(longest) > _MOST_OF_TEXT * length:
            longest.tag = "article"


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
