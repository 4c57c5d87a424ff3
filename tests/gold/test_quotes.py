"""The gold of quotations: every rule finds what it should, and nothing where it should not; so does every pattern."""

import re
from pathlib import Path

import pytest
from spacy.language import Language

from conftest import ROOT
from quote_gold import Passage, read_passages
from svodka.document import get_quotes

pytestmark = pytest.mark.engine
_SOURCES = ROOT / "pipeline" / "svodka" / "stages" / "quotes"
_PATTERNS = ROOT / "data" / "gold" / "quotes"
_RULE = re.compile(r'"((?:direct|indirect|mixed|block|dash|headline)\.[a-z_]+)"')
_PATTERN = re.compile(r"[A-Z]\d{2}")
_LIMIT = "known limit"

RULES = read_passages(Path(__file__).with_name("quotes.txt"))
PATTERNS = {
    f"{path.stem} line {passage.line}": passage
    for path in sorted(_PATTERNS.glob("*.txt"))
    for passage in read_passages(path)
}
KEPT = {name: passage for name, passage in PATTERNS.items() if _LIMIT not in passage.comments}
LIMITS = {name: passage for name, passage in PATTERNS.items() if _LIMIT in passage.comments}


def _forbidden(passage: Passage) -> set[str]:
    return {comment.removeprefix("not ") for comment in passage.comments if comment.startswith("not ")}


def _patterns(passages: dict[str, Passage]) -> set[str]:
    return {comment for passage in passages.values() for comment in passage.comments if _PATTERN.fullmatch(comment)}


@pytest.mark.parametrize("passage", RULES, ids=[f"line{passage.line}" for passage in RULES])
def test_rule(passage: Passage, nlp: Language) -> None:
    found = get_quotes(nlp(passage.text))
    assert passage.described(found) == passage.wanted()
    assert not {quote.rule for quote in found} & _forbidden(passage)


def test_every_rule_has_an_example_and_a_counterexample() -> None:
    rules = {rule for path in _SOURCES.glob("*.py") for rule in _RULE.findall(path.read_text(encoding="utf-8"))}
    assert len(rules) > 20
    assert {attributes["rule"] for passage in RULES for attributes in passage.quotes.values()} == rules
    assert {rule for passage in RULES for rule in _forbidden(passage)} == rules


@pytest.mark.parametrize("passage", KEPT.values(), ids=KEPT)
def test_pattern(passage: Passage, nlp: Language) -> None:
    assert passage.described(get_quotes(nlp(passage.text))) == passage.wanted()


def test_known_limits_are_told(nlp: Language) -> None:
    """A limit that no longer is one is to be taken out of the gold and of the README."""
    overcome = [
        name for name, passage in LIMITS.items() if passage.described(get_quotes(nlp(passage.text))) == passage.wanted()
    ]
    assert not overcome
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert sorted(_patterns(LIMITS)) == sorted(
        _PATTERN.findall(readme.split("Known limits of patterns")[1].split("\n\n")[0])
    )
