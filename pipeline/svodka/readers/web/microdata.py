"""What a page says of its article for machines as microdata (https://html.spec.whatwg.org/multipage/microdata.html).

Many pages hold it in elements that a style sheet hides: headline, text, addresses and the publisher's telephone, which
would stand among the text as if a reader saw them.
"""

import re
from typing import TYPE_CHECKING

from svodka.readers.web.elements import text_of, words_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SHOWN = ("h1", "h2", "br")
# No reader is shown an address or a moment as machines write it.
_RAW = re.compile(r"https?://\S+|\d{4}-\d\d-\d\dT\d\d:\d\d\S*")
_PUBLISHERS = frozenset(("publisher", "copyrightHolder", "sourceOrganization", "provider"))
_ARTICLE = re.compile(r"(?:article|posting|report|page)$", re.IGNORECASE)
_HEADINGS = ("h1", "h2", "h3")


def properties(element: "HtmlElement") -> list[str]:
    """The names of what an element tells: of microdata, and of RDFa, which Drupal writes."""
    return f"{element.get('itemprop') or ''} {element.get('property') or ''}".split()


def take_hidden(tree: "HtmlElement") -> list[str]:
    """Take away the items that no reader sees, and the publishers.

    Args:
        tree: The page; it is changed.

    Returns:
        The texts of articles that were in them.
    """
    bodies = []
    for item in tree.xpath("//*[@itemscope]"):
        is_publisher = not _PUBLISHERS.isdisjoint(properties(item))
        if item.getparent() is not None and (is_publisher or _is_hidden(item)):
            bodies += [body.text_content() for body in _bodies(item)]
            item.drop_tree()
    return bodies


def _is_hidden(item: "HtmlElement") -> bool:
    if next(item.iter(*_SHOWN), None) is not None or any(len(body) for body in _bodies(item)):
        return False
    return any(properties(part) and _RAW.fullmatch(text_of(part)) for part in item.iter())


def _bodies(item: "HtmlElement") -> list["HtmlElement"]:
    return [part for part in item.iter() if "articleBody" in properties(part)]


def holder_of(element: "HtmlElement") -> "HtmlElement | None":
    """The item that a property tells of, or the article it stands in; None where there is neither."""
    holders = (part for part in element.iterancestors() if part.tag == "article" or part.get("itemscope") is not None)
    return next(holders, None)


def is_article_of_page(holder: "HtmlElement | None", title: str | None) -> bool:
    """Whether what a property tells of is the article of the page, and not a comment, a picture or another article."""
    if holder is None:
        return True
    if (kind := holder.get("itemtype")) and not _ARTICLE.search(kind):
        return False
    headings = [part for part in holder.iter() if part.tag in _HEADINGS or "headline" in properties(part)]
    return any((words := words_of(text_of(heading))) and words in words_of(title or "") for heading in headings)
