"""What a page says of its article for machines, as JSON-LD (https://schema.org/NewsArticle)."""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

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


def pages(tree: "HtmlElement") -> list[Node]:
    """The pages that it describes, of which it is one."""
    return _of_types(tree, _PAGE_TYPES)


def _of_types(tree: "HtmlElement", wanted: re.Pattern[str]) -> list[Node]:
    found = []
    for node in _nodes(tree):
        types = node.get("@type")
        if any(
            isinstance(name, str) and wanted.search(name) for name in (types if isinstance(types, list) else [types])
        ):
            found.append(node)
    return found


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
