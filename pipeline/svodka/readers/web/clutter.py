"""What stands on a page among the text of its article and is none of it; trafilatura keeps much of it.

It is told by the names that its elements have (captions, comments, advertisements, calls to subscribe), and by the
words that open lists of other articles («Читайте также»).
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from svodka.readers.web.elements import names_of, text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def _whole(names: str) -> re.Pattern[str]:
    """Names as whole words of a class, such as «comments» in «b-comments»."""
    return re.compile(rf"(?:^|[\s_-])(?:{names})(?:$|[\s_-])", re.IGNORECASE)


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
    _Kind(_whole(r"(?<!no.)(?<!has.)(?<!with.)comments(?:[_-]?(?!on|off|open|closed)\w+)?|comment-?list"), _ANY_LENGTH),
    _Kind(_whole(r"adv|advert\w*|ads|adfox|reklama|banner\w*|sponsor\w*"), 300),
    # Pages that are sold mark the text itself so, hence the words.
    _Kind(
        _whole(r"\w*paywall|subscri(?:be|ption)\w*|podpiska|donat\w*|cookies?|gdpr|newsletter"),
        400,
        re.compile(r"подпи[сш]|cookie|пожертв|поддерж", re.IGNORECASE),
    ),
    _Kind(re.compile(r"tgme_widget_message_(?:author|owner|footer)"), 300),
    _Kind(_whole(r"visually-?hidden\w*|sr-only|screen-?reader(?:-?text)?"), 150),
    _Kind(_whole(r"(?:title|header)[_-]*yandex"), 200),  # another headline, for the aggregator
    _Kind(_whole(r"recommendations(?:-?heading)?"), 2000),
    _Kind(_whole(r"summary\w*|retell\w*|digest"), 1500, re.compile(r"пересказ", re.IGNORECASE)),
)  # fmt: skip
_BYLINE, _LONGEST_BYLINE = _whole("byline"), 150
_NAMED = ("p", "div", "span", "section", "aside", "ul", "ol", "table", "footer")
_QUOTE = _whole(r"(?:block|pull)?(?:quot(?:e|ation)|cit(?:e|ation))|expert\w*|opinion")
_HIDDEN = re.compile(r"hidden|hide|sr-only|tooltip|popup", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{2}")

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
_CARDS = ("article", "li", "div", "section", "a", "ul", "ol")
_OPENING, _LONGEST_CARD, _LONGEST_BEFORE_LINK = 60, 400, 20
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
        _drop(element)
    _remove_teasers(tree)


def remove_bylines(tree: "HtmlElement") -> None:
    """Drop from a page who wrote it, which has to be known before.

    Args:
        tree: The page.
    """
    for element in list(tree.iter(*_NAMED)):
        if _BYLINE.search(names_of(element)) and len(text_of(element)) <= _LONGEST_BYLINE:
            _drop(element)


def _drop(element: "HtmlElement") -> None:
    if element.getparent() is not None:
        element.drop_tree()


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


def _remove_teasers(tree: "HtmlElement") -> None:
    """Drop «Читайте также» and the teasers that follow it; its words at the beginning of a paragraph of text stay."""
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
                _drop(other)


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
    if element.tag not in _CARDS:
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
