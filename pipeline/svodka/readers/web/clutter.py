"""What stands on a page among the text of its article and is none of it; trafilatura keeps much of it.

It is told by the names that its elements have: captions, comments, advertisements, calls to subscribe.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from svodka.readers.web.elements import drop, names_of, text_of, whole_names
from svodka.readers.web.teasers import remove_teasers

if TYPE_CHECKING:
    from lxml.html import HtmlElement


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of clutter.

    Attributes:
        names: What its classes, ids and properties have.
        longest: Characters that it has at most.
        words: What its text has.
    """

    names: re.Pattern[str]
    longest: int
    words: re.Pattern[str] = re.compile("")


_ANY_LENGTH = 2**22
_KINDS = (
    _Kind(
        re.compile(
            r"(?:^|[\s_-])(?:(?:photo|image|img|wp|picture|media)[_-]*(?:caption|desc|credit|copy|title|author)"
            r"|caption-text)"
        ),
        300,
    ),
    _Kind(
        whole_names(r"(?<!no.)(?<!has.)(?<!with.)comments(?:[_-]?(?!on|off|open|closed)\w+)?|comment-?list"),
        _ANY_LENGTH,
    ),
    _Kind(whole_names(r"adv|advert\w*|ads|adfox|reklama|banner\w*|sponsor\w*"), 300),
    # Pages that are sold mark the text itself so, hence the words.
    _Kind(
        whole_names(r"\w*paywall|subscri(?:be|ption)\w*|podpiska|donat\w*|cookies?|gdpr|newsletter"),
        400,
        re.compile(r"подпи[сш]|cookie|пожертв|поддерж", re.IGNORECASE),
    ),
    _Kind(re.compile(r"tgme_widget_message_(?:author|owner|footer)"), 300),
    _Kind(whole_names(r"visually-?hidden\w*|sr-only|screen-?reader(?:-?text)?"), 150),
    _Kind(whole_names(r"(?:title|header)[_-]*yandex"), 200),  # another headline, for the aggregator
    _Kind(whole_names(r"recommendations(?:-?heading)?"), 2000),
    _Kind(whole_names(r"summary\w*|retell\w*|digest"), 1500, re.compile(r"пересказ", re.IGNORECASE)),
)  # fmt: skip
_BYLINE, _LONGEST_BYLINE = whole_names("byline"), 150
_NAMED = ("p", "div", "span", "section", "aside", "ul", "ol", "table", "footer")
_QUOTE = whole_names(r"(?:block|pull)?(?:quot(?:e|ation)|cit(?:e|ation))|expert\w*|opinion")
_HIDDEN = re.compile(r"hidden|hide|sr-only|tooltip|popup", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{2}")

_LONGEST_PICTURE_TABLE = 150


def remove_clutter(tree: "HtmlElement") -> None:
    """Drop from a page what is said of its pictures, comments, advertisements, and teasers of other articles.

    Args:
        tree: The page.
    """
    _keep_parts_of_text(tree)
    clutter = [element for element in tree.iter(*_NAMED, "figcaption") if _is_clutter(element)]
    clutter += [table for table in tree.iter("table") if _is_picture(table)]
    for element in clutter:
        drop(element)
    remove_teasers(tree)


def remove_bylines(tree: "HtmlElement") -> None:
    """Drop from a page who wrote it, which has to be known before.

    Args:
        tree: The page.
    """
    for element in list(tree.iter(*_NAMED)):
        if _BYLINE.search(names_of(element)) and len(text_of(element)) <= _LONGEST_BYLINE:
            drop(element)


def _keep_parts_of_text(tree: "HtmlElement") -> None:
    """Take the names off words of a paragraph and off quotations: trafilatura drops what is called like furniture.

    That would be an element with «bar», «slide», «button» or «author» in its class, even within a sentence.
    """
    for element in tree.iter("div", "p", "span", "cite", "footer"):
        if element.tag == "footer" and next(element.iterancestors("blockquote"), None) is None:
            continue
        if _QUOTE.search(names_of(element)) or element.tag == "footer":
            element.tag = "p" if element.tag in ("div", "footer") and not len(element) else element.tag
        elif not _is_within_sentence(element):
            continue
        for name in ("class", "id", "itemprop"):
            element.attrib.pop(name, None)


def _is_within_sentence(element: "HtmlElement") -> bool:
    parent = element.getparent()
    return (
        element.tag == "span"
        and parent is not None
        and parent.tag in ("p", "li", "blockquote")
        and _LETTERS.search((parent.text or "") + (element.tail or "")) is not None
        and not _HIDDEN.search(names_of(element))
    )


def _is_clutter(element: "HtmlElement") -> bool:
    if element.tag == "figcaption":
        return True
    names = names_of(element)
    kinds = [kind for kind in _KINDS if kind.names.search(names)] if names else []
    if not kinds or next(element.iter("h1"), None) is not None:
        return False
    text = text_of(element)
    return any(len(text) <= kind.longest and kind.words.search(text) for kind in kinds)


def _is_picture(table: "HtmlElement") -> bool:
    """Whether a table is one of two cells at most that hold a picture and what is said of it."""
    return (
        next(table.iter("img"), None) is not None
        and sum(1 for _ in table.iter("td", "th")) <= 2
        and len(text_of(table)) <= _LONGEST_PICTURE_TABLE
    )
