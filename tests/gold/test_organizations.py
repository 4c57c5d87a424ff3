"""How far the names of organisations reach, on short texts with markup, through the whole pipeline."""

import re
from pathlib import Path

import pytest
from spacy.language import Language

from svodka.document import get_mentions
from svodka.stages.people.stage import PeopleStage

pytestmark = pytest.mark.engine
_LINES = (Path(__file__).parent / "organizations.txt").read_text(encoding="utf-8").splitlines()
_TEXT = "\n".join(line for line in _LINES if not line.startswith("#"))
CASES = [block.strip().split("\n", 1) for block in re.split(r"^---$", _TEXT, flags=re.MULTILINE)]


@pytest.mark.parametrize(("title", "markup"), CASES, ids=[title for title, _ in CASES])
def test_an_organization_reaches_over_its_owner(title: str, markup: str, core: Language) -> None:
    expected = re.findall(r"\[(.*?)\]", markup)
    doc = PeopleStage()(core(re.sub(r"[\[\]]", "", markup)))
    spans = [(mention.start, mention.end) for mention in get_mentions(doc) if mention.label == "ORG"]
    outermost = [
        doc.text[start:end]
        for start, end in spans
        if not any(first <= start and end <= last and (first, last) != (start, end) for first, last in spans)
    ]
    assert outermost == expected
