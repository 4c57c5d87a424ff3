"""What elements of a page are called and what they say."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "em", "font", "i", "img", "ins", "label",
    "link", "mark", "meta", "nobr", "q", "s", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))  # fmt: skip
"""Elements that stand within a line."""

_NAMES = ("class", "id", "itemprop", "data-testid", "data-e2e", "aria-labelledby")
_CARDS, _LONGEST_CARD = ("article", "div", "li", "section", "td"), 400
_WORD = re.compile(r"\w+")


def text_of(element: "HtmlElement") -> str:
    """The words of an element."""
    return " ".join(element.text_content().split())


def names_of(element: "HtmlElement") -> str:
    """What an element is called: by its class, or by other attributes, where classes are numbers of a style sheet."""
    return " ".join(filter(None, map(element.get, _NAMES)))


def words_of(text: str) -> str:
    """The words of a text in lowercase without marks, for comparing headlines.

    >>> words_of("«Мост» открыт — мэр")
    'мост открыт мэр'
    """
    return " ".join(_WORD.findall(text.lower()))


def cards(tree: "HtmlElement") -> set["HtmlElement"]:
    """The elements that are a teaser of another article: a headline that is a link, with a few words."""
    found = set()
    for heading in tree.iter("h2", "h3", "h4", "h5"):
        if next(heading.iter("a"), None) is None and next(heading.iterancestors("a"), None) is None:
            continue
        for outer in heading.iterancestors(*_CARDS):
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
