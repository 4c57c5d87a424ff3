"""The gold of quotations: every rule finds what it should, and nothing where it should not."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from spacy.language import Language

from svodka.document import get_quotes
from svodka.records import Quote

pytestmark = pytest.mark.engine
_GOLD = Path(__file__).with_name("quotes.txt")
_SOURCES = Path(__file__).parents[2] / "pipeline" / "svodka" / "stages" / "quotes"
_TAG = re.compile(r"<quote((?:\s+\w+=\"[^\"]*\")*)>|</quote>")
_RULE = re.compile(r'"((?:direct|indirect|mixed|block|dash|headline)\.[a-z_]+)"')


@dataclass(frozen=True)
class Passage:
    """A passage of the gold: its text, the quotations in it, the rules that must not fire."""

    line: int
    text: str
    quotes: dict[str, dict[str, str]]
    segments: dict[str, list[tuple[int, int]]]
    forbidden: list[str]


def _parse(markup: str, line: int, forbidden: list[str]) -> Passage:
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
    return Passage(line, text, quotes, segments, forbidden)


def _passages() -> list[Passage]:
    passages: list[Passage] = []
    lines: list[str] = []
    forbidden: list[str] = []
    for number, line in enumerate([*_GOLD.read_text(encoding="utf-8").splitlines(), ""], 1):
        if line.startswith("#"):
            if line.startswith("# not "):
                forbidden.append(line.removeprefix("# not "))
        elif line:
            lines.append(line)
        elif lines:
            passages.append(_parse("\n".join(lines), number - len(lines), forbidden))
            lines, forbidden = [], []
    return passages


PASSAGES = _passages()


def _described(quote: Quote, found: list[Quote], text: str, wanted: dict[str, str]) -> dict[str, object]:
    """The columns of a record that the gold writes down."""
    answer: dict[str, object] = {
        "segments": [text[start:end] for start, end in quote.segments],
        "type": quote.type,
        "form": quote.form,
        "speaker": quote.speaker,
        "rule": quote.rule,
    }
    if "via" in wanted:
        answer["via"] = quote.via
    if "parent" in wanted:
        answer["parent"] = None if quote.parent is None else str(quote.parent + 1)
    return answer


@pytest.mark.parametrize("passage", PASSAGES, ids=[f"line{passage.line}" for passage in PASSAGES])
def test_gold(passage: Passage, nlp: Language) -> None:
    text = passage.text
    found = get_quotes(nlp(text))
    wanted = [
        {
            "segments": [text[start:end] for start, end in sorted(passage.segments[number])],
            "type": attributes["type"],
            "form": attributes.get("form", "inline"),
            "speaker": attributes.get("speaker"),
            "rule": attributes["rule"],
        }
        | {name: attributes[name] for name in ("via", "parent") if name in attributes}
        for number, attributes in passage.quotes.items()
    ]
    attributes = [*passage.quotes.values(), *({} for _ in found)]
    assert [_described(quote, found, text, attributes[i]) for i, quote in enumerate(found)] == wanted
    assert not {quote.rule for quote in found} & set(passage.forbidden)


def test_every_rule_has_an_example_and_a_counterexample() -> None:
    rules = {rule for path in _SOURCES.glob("*.py") for rule in _RULE.findall(path.read_text(encoding="utf-8"))}
    assert len(rules) > 20
    assert {attributes["rule"] for passage in PASSAGES for attributes in passage.quotes.values()} == rules
    assert {rule for passage in PASSAGES for rule in passage.forbidden} == rules
