"""Clustering and roles on short texts with markup, and phrases in the nominative, through the whole pipeline."""

import re
from pathlib import Path

import pytest
from spacy.language import Language

from svodka.document import get_entities, get_mentions
from svodka.evaluate.inline import parse_markup
from svodka.stages.people.stage import PeopleStage, normalize_phrase
from svodka.stages.pymorphy import get_dictionary

pytestmark = pytest.mark.engine
_HERE = Path(__file__).parent


def _blocks() -> list[tuple[str, str]]:
    text = "\n".join(
        line for line in (_HERE / "people.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    )
    return [tuple(block.strip().split("\n", 1)) for block in re.split(r"^---$", text, flags=re.M)]  # type: ignore[misc]


BLOCKS = _blocks()
PHRASES = [
    line.split("\t")
    for line in (_HERE / "phrases.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("title", "markup"), BLOCKS, ids=[title for title, _ in BLOCKS])
def test_mentions_belong_to_their_person(title: str, markup: str, core: Language) -> None:
    gold = parse_markup(markup)
    doc = PeopleStage()(core(gold.text))
    entities = get_entities(doc)
    at = {(mention.start, mention.end): mention.entity for mention in get_mentions(doc) if mention.label == "PER"}
    found = {}
    for span in gold.tagged("person"):
        text = gold.text[span.start : span.end]
        assert (span.start, span.end) in at, f"{text}: no mention, found {[gold.text[a:b] for a, b in at]}"
        number = at[span.start, span.end]
        assert number is not None
        assert entities[number].name == span.attributes["name"], text
        if "role" in span.attributes:
            assert entities[number].role == span.attributes["role"], text
        assert found.setdefault(span.attributes["name"], number) == number, text
    assert len(set(found.values())) == len(found)


def test_a_subject_after_a_name_is_not_its_role(core: Language) -> None:
    doc = PeopleStage()(core("На вопрос ответил Антон Зимин, министр промолчал."))
    assert [entity.role for entity in get_entities(doc) if entity.label == "PER"] == [None]


@pytest.mark.parametrize(("context", "phrase", "normal"), PHRASES, ids=[phrase for _, phrase, _ in PHRASES])
def test_phrase_in_the_nominative(context: str, phrase: str, normal: str, core: Language) -> None:
    before, _, after = context.partition("_")
    doc = core(before + phrase + after)
    span = doc.char_span(len(before), len(before) + len(phrase))
    assert span is not None
    assert normalize_phrase(span, get_dictionary()) == normal
