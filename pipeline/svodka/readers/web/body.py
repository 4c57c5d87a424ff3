"""The text of the article on a page: found by trafilatura, written as lines.

A paragraph is a line, a list item is one without a mark (a dash would look like the beginning of a speech), and a row
of a table is one with tabs between its cells.
"""

import html
import logging
import re
from itertools import dropwhile, groupby
from typing import TYPE_CHECKING, Any

from svodka.libraries import require
from svodka.readers.corpora import text_of_markup
from svodka.readers.web.blocks import mark_paragraphs
from svodka.readers.web.clutter import remove_bylines
from svodka.readers.web.dateline import parse_dateline
from svodka.readers.web.elements import names_of, text_of, whole_names, words_of
from svodka.readers.web.json_ld import articles
from svodka.readers.web.microdata import take_hidden
from svodka.readers.web.teasers import cards

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LEAD = whole_names(
    "lead|lid|intro|announce|anons|deck|standfirst|overview|summary|excerpt|preview-?text|teaser-?text|sub-?title"
    "|sub-?head(?:er|ing)?"
)
_SHORTEST_LEAD, _SHORTEST_HEADLINE, _MOST_HEADING_LINES = 40, 12, 5
_FEWEST_LINKS, _FEWEST_TEASERS = 3, 5
_LINE_TAGS = frozenset(("body", "p", "head", "quote", "item", "list", "table", "row", "lb", "code", "div"))
# What pages say above and below the text.
_SERVICE = re.compile(
    r"\W*(?:последнее обновление|обновлено|опубликовано|версия для печати|распечатать|поделиться|обсудить|наверх"
    r"|реклама|erid|теги|метки|просмотров|добавил|рейтинг|всего комментариев|комментарии|возврат к списку|все новости"
    r"|войдите|вернуться|(?:чтобы )?сообщить об (?:ошибке|опечатке)|(?:нашли|увидели|заметили) (?:ошибку|опечатку))\b",
    re.IGNORECASE,
)
_PROMOTION = re.compile(
    r"(?:подпи(?:сывай|ши)|присоединяй|следите за|читайте (?:нас|\w+) в|(?:ещ[её] )?больше (?:\w+ )?новост"
    r"|самые \w+ новости|новости[^.!?]* [—–-] в).{,120}"
    r"(?:телеграм|telegram|дзен|вконтакте|одноклассник|whatsapp|viber|youtube|соцсет|рассылк|канал)",
    re.IGNORECASE,
)
_LEAST_TEXT = 250  # characters that trafilatura is content with
_LONGEST_SERVICE, _LONGEST_PROMOTION, _LONGEST_LINE_OF_LINKS = 100, 180, 400
_LETTER = re.compile(r"[^\W\d_]")
_MARKUP = re.compile(r"</\w|<(?:br|p)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"\w[\w»\")’]*[.!?…]+[»\"”)]*\s*$")


def article_text(tree: "HtmlElement", title: str | None) -> str:
    """The text of the article, its paragraphs as lines, without the headline.

    Args:
        tree: The page, without clutter; it is changed.
        title: Headline of the page.

    Returns:
        The text; empty where the page has none.
    """
    described = _described(tree, title)
    remove_bylines(tree)
    teasers = cards(tree)
    told = {_clean(text_of(part)) for card in teasers for part in card.iter()}
    mark_paragraphs(tree)
    lines = _of_article(_extract(tree), tree, title)
    if len(teasers) >= _FEWEST_TEASERS and 2 * _length(_of_others(lines, told, tree)) > _length(lines):
        return "\n".join(described)  # a list of articles
    if not any(map(has_sentence, lines)) and len(list(tree.iter("h1"))) == 1:
        # News of one sentence are lost among the links of their page.
        lines = _of_article(_extract(tree, favor_precision=True), tree, title)
    if 2 * _length(lines) < _length(described):  # a script would draw it, or it is sold
        return "\n".join(described)
    return "\n".join([*_lead(tree, lines[0]), *lines]) if lines else ""


def has_sentence(text: str) -> bool:
    """Whether a text has a line that ends as sentences do, and not only headlines, links and numbers."""
    return any(len(line) >= _SHORTEST_LEAD and _SENTENCE.search(line[-_SHORTEST_LEAD:]) for line in text.splitlines())


def _described(tree: "HtmlElement", title: str | None) -> list[str]:
    """The lines of the text that the page has for search engines; it is taken away, so that trafilatura leaves it."""
    bodies = {body for article in articles(tree) if isinstance(body := article.get("articleBody"), str)}
    bodies.update(take_hidden(tree))
    for script in list(tree.iter("script")):
        script.drop_tree()
    if len(bodies) != 1:
        return []
    body = bodies.pop()
    text = text_of_markup(body) if _MARKUP.search(body) else html.unescape(body)
    lines = (" ".join(_clean(line).split()) for line in text.splitlines())
    return _without_heading(list(filter(None, lines)), title)


def _length(lines: list[str]) -> int:
    return sum(map(len, lines))


def _extract(tree: "HtmlElement", *, favor_precision: bool = False) -> list[str]:
    """The lines that trafilatura finds."""
    lines = _found(tree, favor_precision, _LEAST_TEXT)
    if _length(lines) < _LEAST_TEXT:  # of such it may have joined the whole page into one line, as its last resort
        brief = _found(tree, favor_precision, 1)
        lines = brief if any(map(has_sentence, brief)) else lines
    return lines


def _found(tree: "HtmlElement", favor_precision: bool, least: int) -> list[str]:
    trafilatura = require("trafilatura", "html")
    config = require("trafilatura.settings", "html").use_config()
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = str(least)
    # It tells of every page without a text, which is for the reader to tell.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    found = trafilatura.bare_extraction(tree, include_comments=False, favor_precision=favor_precision, config=config)
    return _lines(found.body) if found is not None else []


def _of_article(lines: list[str], tree: "HtmlElement", title: str | None) -> list[str]:
    """Those of the lines that are the article: not the headline, other articles, or what the page says of itself."""
    lines = [line for line in lines if len(line) > _LONGEST_PROMOTION or not _PROMOTION.match(line)]
    links = _links(lines, tree)
    kept: list[str] = []
    for is_link, run in groupby(lines, links.__contains__):
        following = list(run)
        if not is_link or len(following) < _FEWEST_LINKS:
            kept += following

    def is_frame(line: str) -> bool:
        return line in links or _is_service(line)

    kept = _without_heading(list(dropwhile(is_frame, kept)), title)
    while kept and (is_frame(kept[-1]) or (words_of(kept[-1]) == words_of(title or "") and not has_sentence(kept[-1]))):
        kept.pop()
    return kept


def _links(lines: list[str], tree: "HtmlElement") -> set[str]:
    """Those of the lines that are links to other articles, with the day of that or alone, or several links."""
    links = list(tree.iter("a"))
    texts = {text for link in links if not has_sentence(text := _clean(text_of(link)))}
    found = texts.intersection(lines)
    unclear = {line for line in lines if len(line) <= _LONGEST_LINE_OF_LINKS} - found
    for parent in {link.getparent() for link in links}:
        if parent is None or (whole := _clean(text_of(parent))) not in unclear:
            continue
        rest = whole
        for text in (_clean(text_of(link)) for link in parent.iterchildren("a")):
            rest = rest.replace(text, " ", 1) if text in texts else rest
        if not words_of(rest) or parse_dateline(rest.strip(" /|")):
            found.add(whole)
    return found


def _of_others(lines: list[str], told: set[str], tree: "HtmlElement") -> list[str]:
    """Those of the lines that are about other articles: links, and what is told in teasers."""
    links = _links(lines, tree)
    return [line for line in lines if line in links or line in told]


def _is_service(line: str) -> bool:
    """Whether a line is what the page says of itself, a date, or only numbers, as a time of day; no row of a table."""
    if len(line) > _LONGEST_SERVICE or "\t" in line:
        return False
    if _LETTER.search(line) is None or parse_dateline(line):
        return True
    return _SERVICE.match(line) is not None and not (line.endswith(".") and has_sentence(line))


def _lead(tree: "HtmlElement", first_line: str) -> list[str]:
    """The paragraph that a page sets apart between its headline and the first line found, which is easily lost."""
    headings = list(tree.iter("h1"))
    if len(headings) != 1:
        return []
    shown = " ".join("".join(tree.xpath("body//text()[not(parent::style)]")).split())
    begin = shown.find(text_of(headings[0]))
    end = shown.find(first_line[:_SHORTEST_LEAD], begin)
    for element in tree.iter("p", "div", "h2", "span"):
        if _is_lead(element) and not any(map(_is_lead, element.iterdescendants())):
            lines = [line for line in _lines(element) if has_sentence(line)]
            if lines and 0 <= begin < shown.find(lines[0], begin) < end:
                return lines
    return []


def _is_lead(element: "HtmlElement") -> bool:
    return bool(_LEAD.search(names_of(element)))


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
    return text if text.isprintable() else "".join(char for char in text if char.isprintable() or char.isspace())


def _without_heading(lines: list[str], title: str | None) -> list[str]:
    """The lines after the headline and its date, where the headline is among the first lines and no text before it."""
    wanted = words_of(title or "")
    for number, line in enumerate(lines[:_MOST_HEADING_LINES]):
        words = words_of(line)
        if line.endswith(".") and has_sentence(line):  # text, even where the title is its first sentence
            break
        if words == wanted or (len(line) >= _SHORTEST_HEADLINE and words in wanted):
            lines = lines[number + 1 :]
            break
    return list(dropwhile(_is_service, lines))
