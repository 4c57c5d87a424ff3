"""The lines of a page as a reader sees them, with the dates that their elements hold for machines."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from svodka.libraries import require
from svodka.readers.web.dateline import parse_field
from svodka.readers.web.elements import INLINE, text_of
from svodka.readers.web.microdata import properties

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SKIPPED = ("script", "style", "noscript", "template", "aside", "nav", "footer", "form", "svg", "iframe", "select")
_SKIPPED_NAMES = re.compile(
    r"comment|disqus|related|sidebar|footer|recommend|similar|read-?also|popular", re.IGNORECASE
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_PROPERTIES = frozenset(("datePublished", "dc:created", "dc:date"))  # the latter two in Drupal
_CHANGED = re.compile(r"updat|modif|changed|edited", re.IGNORECASE)
_PUBLISHED = re.compile(r"publish|pubdate|posted|created", re.IGNORECASE)
_WORD, _HEADLINE_WORDS = re.compile(r"[^\W\d_]{2,}"), 4


class Stamp(NamedTuple):
    """A date that an element holds for machines.

    Attributes:
        moment: The date.
        is_publication: Whether it says to be that of publication.
        property_of: The element, if the date is a property of an item, wherever it stands.
    """

    moment: dt.datetime
    is_publication: bool
    property_of: "HtmlElement | None"


@dataclass(slots=True)
class Line:
    """A line of the page as a reader sees it.

    Attributes:
        text: Its words.
        stamps: Dates that its elements hold for machines.
        is_heading: Whether it is a heading.
        is_teaser: Whether it has a link as long as a headline, whose day it may be.
    """

    text: str = ""
    stamps: list[Stamp] = field(default_factory=list)
    is_heading: bool = False
    is_teaser: bool = False


def page_lines(tree: "HtmlElement") -> list[Line]:
    """The lines of the body, without those beside it, of comments and of other articles."""
    body = tree.find("body")
    lines = [Line()]
    if body is None:
        return lines
    skipped: list[HtmlElement] = []
    for event, element in require("lxml.etree", "html").iterwalk(body, events=("start", "end")):
        if event == "start" and (skipped or _is_skipped(element)):
            skipped.append(element)
        elif skipped:
            skipped.pop()
            if not skipped:
                _add(lines, element.tail)
        else:
            if element.tag not in INLINE and (lines[-1].text or lines[-1].stamps):
                lines.append(Line())
            if event == "start":
                lines[-1].is_heading |= element.tag in _HEADINGS
                lines[-1].is_teaser |= element.tag == "a" and len(_WORD.findall(text_of(element))) >= _HEADLINE_WORDS
                lines[-1].stamps.extend(_stamps(element))
                _add(lines, element.text)
            elif element is not body:
                _add(lines, element.tail)
    for line in lines:
        line.text = " ".join(line.text.split())
    return [line for line in lines if line.text or line.stamps]


def _add(lines: list[Line], text: str | None) -> None:
    if text and (text.strip() or lines[-1].text):
        lines[-1].text += text


def _is_skipped(element: "HtmlElement") -> bool:
    if element.tag in _SKIPPED:
        return True
    # Themes give <body> and <article> classes such as «has-sidebar».
    if element.tag in ("body", "article", "main"):
        return False
    return bool(_SKIPPED_NAMES.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _stamps(element: "HtmlElement") -> Iterable[Stamp]:
    named = properties(element)
    is_property = not _PROPERTIES.isdisjoint(named)
    if element.tag != "time" and not is_property:
        return
    value = element.get("datetime") or element.get("content") or element.text_content()
    names = f"{' '.join(named)} {element.get('class') or ''} {element.get('title') or ''}"
    moment = parse_field(value)
    if moment is not None and not _CHANGED.search(names):
        is_publication = bool(_PUBLISHED.search(names)) or element.get("pubdate") is not None
        yield Stamp(moment, is_publication, element if is_property else None)
