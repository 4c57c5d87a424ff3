"""What a page says of its article for machines, as JSON-LD (https://schema.org/NewsArticle)."""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from svodka.readers.addresses import path_of
from svodka.readers.web.elements import words_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Node = Mapping[str, Any]

_ARTICLE_TYPES = re.compile(r"(?:article|posting|report)$", re.IGNORECASE)
_PAGE_TYPES = re.compile(r"page$", re.IGNORECASE)
_WRAPPINGS = ("//", "<![CDATA[", "<!--", "-->", "]]>", "//", ";")  # of scripts, in the order they are taken off
_IN_BROKEN_JSON = re.compile(r"\"datePublished\"\s*:\s*\"([^\"\\]{8,40})\"")


def articles(tree: "HtmlElement") -> list[Node]:
    """The articles that the page describes."""
    return _of_types(tree, _ARTICLE_TYPES)


def publication_dates(tree: "HtmlElement", url: str | None, title: str | None) -> list[object]:
    """`datePublished` of the article that the page is about; nothing where articles of different days are there.

    Args:
        tree: The page.
        url: Its address.
        title: Its headline.
    """
    for nodes in (articles(tree), _of_types(tree, _PAGE_TYPES)):
        if dates := _agreed([node for node in nodes if node.get("datePublished")], url, title):
            return dates
    return []


def _agreed(nodes: list[Node], url: str | None, title: str | None) -> list[object]:
    nodes = [node for node in nodes if not _is_of_other(node, url, title)]
    days = {str(node["datePublished"])[:10] for node in nodes}
    if len(days) > 1:
        nodes = [node for node in nodes if _is_of_page(node, url, title)]
        days = {str(node["datePublished"])[:10] for node in nodes}
    return [node["datePublished"] for node in nodes] if len(days) == 1 else []


def _is_of_page(node: Node, url: str | None, title: str | None) -> bool:
    return _has_title(node, title) or (url is not None and url in _addresses(node))


def _is_of_other(node: Node, url: str | None, title: str | None) -> bool:
    """Whether an article has another headline and another address than the page; one of both alone is often so."""
    paths = {path_of(address).partition("#")[0] for address in _addresses(node)} - {"", "/"}
    return bool(paths and url and title and node.get("headline")) and not (
        _has_title(node, title) or any(path.startswith(path_of(url)) or path_of(url).startswith(path) for path in paths)
    )


def _has_title(node: Node, title: str | None) -> bool:
    headline = node.get("headline")
    return isinstance(headline, str) and bool(title) and words_of(headline) in words_of(title or "")


def _addresses(node: Node) -> list[str]:
    page = node.get("mainEntityOfPage")
    addresses = (node.get("url"), node.get("@id"), page.get("@id") if isinstance(page, dict) else page)
    return [address for address in addresses if isinstance(address, str)]


def _of_types(tree: "HtmlElement", wanted: re.Pattern[str]) -> list[Node]:
    return [node for node in _nodes(tree) if any(map(wanted.search, _types(node)))]


def _types(node: Node) -> list[str]:
    types = node.get("@type")
    return [name for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)]


def _nodes(tree: "HtmlElement") -> Iterator[Node]:
    """The objects that the page describes itself by, not those of lists within them."""
    for script in tree.iter("script"):
        if not (script.get("type") or "").lower().startswith("application/ld+json") or not script.text:
            continue
        source = script.text.strip()
        for wrapping in _WRAPPINGS:
            source = source.removeprefix(wrapping).removesuffix(wrapping).strip()
        try:
            found = json.loads(source, strict=False)
        except (ValueError, RecursionError):
            dates = dict.fromkeys(_IN_BROKEN_JSON.findall(source))
            yield from ({"@type": "Article", "datePublished": date} for date in dates)
            continue
        nodes = deque([found])
        while nodes:
            node = nodes.popleft()
            if isinstance(node, list):
                nodes.extend(node)
            elif isinstance(node, dict):
                yield node
                nodes.extend(node[key] for key in ("@graph", "mainEntity") if key in node)
