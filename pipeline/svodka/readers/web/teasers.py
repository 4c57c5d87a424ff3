"""Teasers of other articles on a page: under the words that open a list of them («Читайте также»), or as cards."""

import re
from typing import TYPE_CHECKING

from svodka.readers.web.elements import drop, text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TEASER = re.compile(
    r"\W*(?:читай(?:те)?|смотри(?:те)?|слушай(?:те)?|см\.)\s+(?:также|ещ[её]|далее|по теме|подробнее|развитие сюжета)"
    r"|\W*(?:материалы?|новости|статьи|сюжеты?|ссылки|ещ[её])?\s*по (?:этой )?теме\b"
    r"|\W*другие (?:новости|материалы|статьи|интервью|публикации)\b",
    re.IGNORECASE,
)  # fmt: skip
# What could be a heading of the text as well, so that teasers have to follow.
_LIST = re.compile(
    r"\W*(?:(?:последние|главные|свежие|важные|похожие) (?:новости|материалы|статьи|записи)|лента новостей"
    r"|новости (?:партн[её]ров|сми2|и материалы)|рекомендуем|популярное|самое (?:популярное|читаемое)|похожее)\W*$",
    re.IGNORECASE,
)
_BLOCKS = ("p", "div", "aside", "section", "blockquote", "li", "h2", "h3", "h4", "h5", "h6", "td")
_TEASER_TAGS = ("article", "li", "div", "section", "a", "ul", "ol")
_CARD_TAGS = ("article", "div", "li", "section", "td")
_OPENING, _LONGEST_CARD, _LONGEST_BEFORE_LINK = 60, 400, 20  # characters


def remove_teasers(tree: "HtmlElement") -> None:
    """Drop «Читайте также» and the teasers that follow it; its words at the beginning of a paragraph of text stay.

    Args:
        tree: The page.
    """
    for element in list(tree.iter(*_BLOCKS)):
        beginning = _beginning(element)
        if element.getparent() is None or not (_TEASER.match(beginning) or _LIST.match(beginning)):
            continue
        text = text_of(element)
        found = _TEASER.match(text)
        linked = _linked(element)
        following = [] if linked else _teasers_after(element)
        is_opening = found is not None and len(text) - found.end() - linked <= max(3, len(text) // 10)
        if is_opening or (following and _LIST.match(text)):
            for other in (*following, element):
                drop(other)


def _teasers_after(element: "HtmlElement") -> list["HtmlElement"]:
    teasers = []
    for following in element.itersiblings():
        if not _is_teaser(following):
            break
        teasers.append(following)
    return teasers


def _is_teaser(element: "HtmlElement", levels: int = 3) -> bool:
    """Whether an element is the link to another article, with some words of that or without, or holds only such."""
    text = text_of(element)
    if _linked(element) >= len(text) * 0.8:  # or has no text
        return True
    if element.tag not in _TEASER_TAGS:
        return False
    link = next((text for text in map(text_of, element.iter("a")) if text), None)
    if link is not None and len(text) <= _LONGEST_CARD and 0 <= text.find(link) <= _LONGEST_BEFORE_LINK:
        return True
    if not levels or (element.text or "").strip():
        return False
    return all(_is_teaser(part, levels - 1) and not (part.tail or "").strip() for part in element)


def _beginning(element: "HtmlElement") -> str:
    """The first words of an element, which may be the whole page."""
    pieces = ""
    for piece in element.itertext():
        pieces += piece.lstrip() if not pieces else piece
        if len(pieces) >= _OPENING:
            break
    return pieces[:_OPENING]


def _linked(element: "HtmlElement") -> int:
    return sum(len(text_of(link)) for link in element.iter("a"))


def cards(tree: "HtmlElement") -> set["HtmlElement"]:
    """The elements that are a teaser of another article: a headline that is a link, with a few words."""
    found = set()
    for heading in tree.iter("h2", "h3", "h4", "h5"):
        if next(heading.iter("a"), None) is None and next(heading.iterancestors("a"), None) is None:
            continue
        for outer in heading.iterancestors(*_CARD_TAGS):
            if outer in found or _is_longer(outer, _LONGEST_CARD):
                break
            found.add(outer)
    return found


def _is_longer(element: "HtmlElement", most: int) -> bool:
    """Whether the words of an element have more characters; of a long one only the beginning is looked at."""
    length = 0
    for piece in element.itertext():
        length += len(piece.strip())
        if length > most:
            return True
    return False
