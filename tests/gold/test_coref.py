"""References without a name on short texts with one mention in brackets, through the whole pipeline."""

from pathlib import Path

import pytest
from spacy.language import Language

from svodka.document import get_entities, get_mentions
from svodka.stages.people.stage import PeopleStage

pytestmark = pytest.mark.engine
LINES = [
    line.split("\t")
    for line in Path(__file__).with_name("coref.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
RULES = {rule for rule, _, _ in LINES}


@pytest.mark.parametrize(("rule", "name", "marked"), LINES, ids=[marked for _, _, marked in LINES])
def test_a_reference_means_its_entity_or_stays_open(rule: str, name: str, marked: str, core: Language) -> None:
    before, _, rest = marked.partition("[")
    mention, _, after = rest.partition("]")
    doc = PeopleStage()(core(before + mention + after))
    entities = get_entities(doc)
    span = (len(before), len(before) + len(mention))
    # another rule may not tie it either: a place that must stay open is no mention at all
    found = [
        (item.rule, entities[item.entity].name.strip("«»"))
        for item in get_mentions(doc)
        if item.entity is not None and item.kind != "name" and item.start < span[1] and span[0] < item.end
        if name == "-" or (item.start, item.end) == span
    ]
    assert found == ([] if name == "-" else [(rule, name)])


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_has_both_kinds_of_examples(rule: str) -> None:
    names = [name for other, name, _ in LINES if other == rule]
    assert "-" in names
    assert set(names) != {"-"}
