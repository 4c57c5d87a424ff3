"""The gold of roles: a person of a sentence with the roles in order, and the rule that finds or must not find them."""

from pathlib import Path

import pytest
from spacy.language import Language

from svodka.document import get_entities, get_roles
from svodka.stages.people.stage import PeopleStage

pytestmark = pytest.mark.engine
RULES = ("before", "shared", "after", "bracket", "definition", "predicate", "carried")
CASES = [
    line.split("\t")
    for line in Path(__file__).with_name("roles.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def _items(cell: str) -> list[str]:
    return [] if cell == "-" else cell.split(" | ")


@pytest.mark.parametrize(
    ("rule", "sentence", "person", "roles", "organizations"), CASES, ids=[f"{case[0]}: {case[1]}" for case in CASES]
)
def test_roles(rule: str, sentence: str, person: str, roles: str, organizations: str, core: Language) -> None:
    doc = PeopleStage()(core(sentence))
    entities = get_entities(doc)
    assert person in [entity.name for entity in entities]
    found = [role for role in get_roles(doc) if entities[role.entity].name == person]
    assert [role.role for role in found] == _items(roles)
    if found:
        assert [role.organization or "-" for role in found] == organizations.split(" | ")
    if not rule.startswith("not "):
        assert rule in {role.rule for role in found}


def test_every_rule_has_both_kinds_of_examples() -> None:
    written = {case[0] for case in CASES}
    assert written == {*RULES, *(f"not {rule}" for rule in RULES)}
    assert len(CASES) >= 80
