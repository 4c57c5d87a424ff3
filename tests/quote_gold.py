"""Reads passages with quotations marked where their words stand: ``tests/gold/quotes.txt``, ``data/gold/quotes``."""

import re
from dataclasses import dataclass
from pathlib import Path

from svodka.records import Quote

_TAG = re.compile(r"<quote((?:\s+\w+=\"[^\"]*\")*)>|</quote>")
_OPTIONAL = ("rule", "via", "parent", "polarity")


@dataclass(frozen=True)
class Passage:
    """A passage: its first line in the file, its text, the quotations in it, the comments before it."""

    line: int
    text: str
    quotes: dict[str, dict[str, str]]
    segments: dict[str, list[tuple[int, int]]]
    comments: list[str]

    def wanted(self) -> list[dict[str, object]]:
        """The columns of its quotations that the markup tells, in reading order."""
        return [
            {
                "segments": [self.text[start:end] for start, end in sorted(self.segments[number])],
                "type": attributes["type"],
                "form": attributes.get("form", "inline"),
                "speaker": attributes.get("speaker"),
            }
            | {name: attributes[name] for name in _OPTIONAL if name in attributes}
            for number, attributes in self.quotes.items()
        ]

    def described(self, found: list[Quote]) -> list[dict[str, object]]:
        """The same columns of the quotations found."""
        told = [*self.quotes.values(), *({} for _ in found)]
        return [_described(quote, self.text, told[number]) for number, quote in enumerate(found)]


def _described(quote: Quote, text: str, wanted: dict[str, str]) -> dict[str, object]:
    columns: dict[str, object] = {
        "segments": [text[start:end] for start, end in quote.segments],
        "type": quote.type,
        "form": quote.form,
        "speaker": quote.speaker,
    }
    optional = {
        "rule": quote.rule,
        "via": quote.via,
        "parent": None if quote.parent is None else str(quote.parent + 1),
        "polarity": quote.polarity,
    }
    return columns | {name: optional[name] for name in _OPTIONAL if name in wanted}


def read_passages(path: Path) -> list[Passage]:
    """The passages of a file, parted by empty lines; lines that begin with # are comments on the next passage."""
    passages: list[Passage] = []
    lines: list[str] = []
    comments: list[str] = []
    for number, line in enumerate([*path.read_text(encoding="utf-8").splitlines(), ""], 1):
        if line.startswith("#"):
            comments.append(line.removeprefix("#").strip())
        elif line:
            lines.append(line)
        elif lines:
            passages.append(_parse("\n".join(lines), number - len(lines), comments))
            lines, comments = [], []
        else:
            comments = []  # the header of the file
    return passages


def _parse(markup: str, line: int, comments: list[str]) -> Passage:
    text, last = "", 0
    quotes: dict[str, dict[str, str]] = {}
    segments: dict[str, list[tuple[int, int]]] = {}
    opened: list[tuple[str, int]] = []
    for match in _TAG.finditer(markup):
        text += markup[last : match.start()]
        last = match.end()
        if match[0] == "</quote>":
            number, start = opened.pop()
            segments[number].append((start, len(text)))
            continue
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', match[1]))
        number = attributes["id"]
        quotes.setdefault(number, attributes)
        segments.setdefault(number, [])
        opened.append((number, len(text)))
    text += markup[last:]
    assert not opened, f"line {line}: a tag stays open"
    assert "<quote" not in text, f"line {line}: a tag that cannot be read"
    return Passage(line, text, quotes, segments, comments)
