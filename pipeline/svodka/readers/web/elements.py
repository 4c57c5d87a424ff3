"""What elements of a page are called and what they say, and how they are dropped."""

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


def whole_names(names: str) -> re.Pattern[str]:
    """What finds names as whole words of a class, such as «comments» in «b-comments».

    Args:
        names: A regular expression.
    """
    return re.compile(rf"(?:^|[\s_-])(?:{names})(?:$|[\s_-])", re.IGNORECASE)


def drop(element: "HtmlElement") -> None:
    """Take an element with all in it out of its page, unless that has been done."""
    if element.getparent() is not None:
        element.drop_tree()
