"""The text of the article on a page: found by trafilatura, written as lines.

A paragraph is a line, a list item is one without a mark (a dash would look like the beginning of a speech), and a row
of a table is one with tabs between its cells.
"""

import logging
import re
from itertools import dropwhile, groupby
from typing import TYPE_CHECKING, Any

from svodka.libraries import require
from svodka.readers.web.dateline import parse_dateline

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TEASER = re.compile(
    r"\W*(?:читай(?:те)?|смотри(?:те)?|слушай(?:те)?|см\.)\s+(?:также|ещ[её]|далее|по теме|подробнее)"
    r"|\W*(?:материалы?|новости|статьи|сюжеты?|ещ[её])?\s*по (?:этой )?теме\b|\W*другие (?:новости|материалы)\b",
    re.IGNORECASE,
)  # fmt: skip
_LEAD = re.compile(
    r"(?:^|[\s_-])(?:lead|lid|intro|announce|anons|deck|standfirst|overview|summary|excerpt|preview-?text"
    r"|sub-?title|sub-?head(?:er|ing)?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"(?:^|[\s_-])(?:(?:photo|image|img|wp|picture|media)[_-]*(?:caption|desc|credit|copy)|caption-text)"
)
_BLOCKS = ("p", "div", "aside", "section", "blockquote", "li", "h2", "h3", "h4", "h5", "h6", "td")
_SHORTEST_LEAD, _SHORTEST_HEADLINE, _MOST_HEADING_LINES = 40, 12, 5
_LONGEST_CELL, _LONGEST_CAPTION, _TEASER_LENGTH = 250, 300, 60
_LINE_TAGS = frozenset(("body", "p", "head", "quote", "item", "list", "table", "row", "lb", "code", "div"))
_FEWEST_LINKS = 3
_SENTENCE = re.compile(r"\w[\w»\")’]*[.!?…]+[»\"”)]*\s*$")


def article_text(tree: "HtmlElement", title: str | None) -> str:
    """The text of the article, its paragraphs as lines, without the headline.

    Args:
        tree: The page; it is changed.
        title: Headline of the page.

    Returns:
        The text; empty where the page has none.
    """
    _remove_captions(tree)
    _remove_teasers(tree)
    _open_layout_tables(tree)
    lines = _without_heading(_extract(tree), title)
    if not any(map(has_sentence, lines)) and len(list(tree.iter("h1"))) == 1:
        # News of one sentence are lost among the links of their page.
        lines = _without_heading(_extract(tree, favor_precision=True), title)
    return "\n".join([*_lead(tree, lines[0]), *lines]) if lines else ""


def has_sentence(text: str) -> bool:
    """Whether a text has a line that ends as sentences do, and not only headlines, links and numbers."""
    return any(len(line) >= _SHORTEST_LEAD and _SENTENCE.search(line[-_SHORTEST_LEAD:]) for line in text.splitlines())


def _extract(tree: "HtmlElement", *, favor_precision: bool = False) -> list[str]:
    """The lines of the article that trafilatura finds."""
    trafilatura = require("trafilatura", "html")
    # It tells of every page without a text, which is for the reader to tell.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    found = trafilatura.bare_extraction(tree, include_comments=False, favor_precision=favor_precision)
    return _without_links(_lines(found.body), tree) if found is not None else []


def _without_links(lines: list[str], tree: "HtmlElement") -> list[str]:
    """The lines without those that are links to other articles: several in a row, or at the end."""
    links = {text for link in tree.iter("a") if not has_sentence(text := " ".join(_clean(_text(link)).split()))}
    kept: list[str] = []
    for is_link, run in groupby(lines, links.__contains__):
        following = list(run)
        if not is_link or len(following) < _FEWEST_LINKS:
            kept += following
    while kept and kept[-1] in links:
        kept.pop()
    return kept


def _remove_captions(tree: "HtmlElement") -> None:
    """Drop what is said of pictures; trafilatura keeps it where it is not marked up as such."""
    captions = [caption for caption in tree.iter("p", "div", "span", "figcaption") if _is_caption(caption)]
    for caption in captions:
        if caption.getparent() is not None:
            caption.drop_tree()


def _is_caption(element: "HtmlElement") -> bool:
    if element.tag == "figcaption":
        return True
    return _has_name(element, _CAPTION) and len(_text(element)) <= _LONGEST_CAPTION


def _remove_teasers(tree: "HtmlElement") -> None:
    """Drop «Читайте также» and the links that follow it; its words at the beginning of a paragraph of text stay."""
    for element in list(tree.iter(*_BLOCKS)):
        if element.getparent() is None or not _TEASER.match(_beginning(element)):
            continue
        text = _text(element)
        found = _TEASER.match(text)
        linked = _linked(element)
        if found and len(text) - found.end() - linked <= max(3, len(text) // 10):
            following = element.getnext()
            if not linked and following is not None and _linked(following) > len(_text(following)) * 0.8:
                following.drop_tree()
            element.drop_tree()


def _text(element: "HtmlElement") -> str:
    return " ".join(element.text_content().split())


def _beginning(element: "HtmlElement") -> str:
    """The first words of an element, which may be the whole page."""
    pieces = ""
    for piece in element.itertext():
        pieces += piece.lstrip() if not pieces else piece
        if len(pieces) >= _TEASER_LENGTH:
            break
    return pieces[:_TEASER_LENGTH]


def _linked(element: "HtmlElement") -> int:
    return sum(len(_text(link)) for link in element.iter("a"))


def _open_layout_tables(tree: "HtmlElement") -> None:
    """Turn tables that lay out a page, as sites did until about 2008, into plain blocks; those of data stay."""
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
    return any(len(_text(cell)) > _LONGEST_CELL for cell in table.iter("td"))


def _lead(tree: "HtmlElement", first_line: str) -> list[str]:
    """The paragraph that a page sets apart between its headline and the first line found, which is easily lost."""
    headings = list(tree.iter("h1"))
    if len(headings) != 1:
        return []
    shown = " ".join("".join(tree.xpath("body//text()[not(parent::script or parent::style)]")).split())
    begin = shown.find(_text(headings[0]))
    end = shown.find(first_line[:_SHORTEST_LEAD], begin)
    for element in tree.iter("p", "div", "h2", "span"):
        if _has_name(element, _LEAD) and not any(_has_name(inner, _LEAD) for inner in element.iterdescendants()):
            lines = [line for line in _lines(element) if has_sentence(line)]
            if lines and 0 <= begin < shown.find(lines[0], begin) < end:
                return lines
    return []


def _has_name(element: "HtmlElement", names: re.Pattern[str]) -> bool:
    """Whether classes or property of an element hold one of some names."""
    return bool(names.search(f"{element.get('class') or ''} {element.get('itemprop') or ''}"))


def _lines(body: Any) -> list[str]:  # noqa: ANN401
    """The lines of what trafilatura found."""
    pieces: list[str] = []
    depth = 0  # of table cells, which are one line with their row
    for event, element in require("lxml.etree", "html").iterwalk(body, events=("start", "end")):
        if element.tag == "cell":
            depth += 1 if event == "start" else -1
            pieces.append("" if event == "start" else "\t")
        elif element.tag in _LINE_TAGS:
            pieces.append(" " if depth else "\n")
        text = element.text if event == "start" else element.tail if element is not body else ""
        pieces.append(re.sub(r"\s+", " ", _clean(text or "")))
    lines = ("\t".join(" ".join(cell.split()) for cell in line.split("\t")) for line in "".join(pieces).split("\n"))
    return [stripped for line in lines if (stripped := line.strip())]


def _clean(text: str) -> str:
    """A text without what is not seen, such as soft hyphens, which would part words."""
    return "".join(char for char in text if char.isprintable() or char.isspace())


def _without_heading(lines: list[str], title: str | None) -> list[str]:
    """The lines after the headline and its date, where the headline is among the first lines and no text before it."""
    wanted = _words(title or "")
    for number, line in enumerate(lines[:_MOST_HEADING_LINES]):
        words = _words(line)
        if line.endswith(".") and has_sentence(line):  # text, even where the title is its first sentence
            break
        if words == wanted or (len(line) >= _SHORTEST_HEADLINE and words in wanted):
            lines = lines[number + 1 :]
            break
    return list(dropwhile(parse_dateline, lines))


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
