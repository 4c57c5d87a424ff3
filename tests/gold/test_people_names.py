"""The table of personal names: each form gives the nominative and the gender that a linguist wrote beside it."""

from pathlib import Path

import pytest
import spacy
from razdel import tokenize
from spacy.tokens import Doc

from svodka.stages.people.stage import normalize_person
from svodka.stages.pymorphy import get_dictionary

_LINES = Path(__file__).with_name("names.txt").read_text(encoding="utf-8").splitlines()
CASES = [line.split("\t") for line in _LINES if line and not line.startswith("#")]
_VOCAB = spacy.blank("ru").vocab


def name_doc(form: str, case: str, *, plural: bool = False) -> Doc:
    """A Doc of nothing but the name, tagged with its case alone."""
    tokens = list(tokenize(form))
    features = [] if case == "-" else [f"Case={case}"]
    morph = "|".join([*features, *(["Number=Plur"] if plural else [])])
    return Doc(
        _VOCAB,
        words=[token.text for token in tokens],
        spaces=[form[token.stop : token.stop + 1] == " " for token in tokens],
        pos=["PROPN" if token.text.isalpha() else "PUNCT" for token in tokens],
        morphs=[morph] * len(tokens),
    )


@pytest.mark.parametrize(("form", "case", "normal", "gender"), CASES, ids=[case[0] + "/" + case[1] for case in CASES])
def test_name_in_the_nominative(form: str, case: str, normal: str, gender: str) -> None:
    doc = name_doc(form, case, plural=gender == "Plur")
    found, found_gender = normalize_person(doc, get_dictionary())
    assert found == normal
    if gender != "-":
        assert found_gender == gender


def test_the_table_is_large_enough() -> None:
    assert len(CASES) >= 150
