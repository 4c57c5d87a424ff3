"""Tree repair on treebanks that lie beside the checkout: a tree is never worse than the model's own heads."""

from pathlib import Path

import pytest

import svodka
from shared_data import shared
from svodka.evaluate.ud import evaluate_ud

TREEBANKS = [
    f"gold/ud/{bank}/ru_{bank.lower()}-ud-{part}.conllu" for bank in ("GSD", "Taiga") for part in ("dev", "test")
]


@pytest.mark.parametrize("gold_tokens", [True, False], ids=["gold tokens", "raw text"])
@pytest.mark.parametrize("path", TREEBANKS, ids=lambda path: Path(path).stem)
def test_repaired_trees_are_no_worse(path: str, gold_tokens: bool) -> None:
    nlp = svodka.load({"stages": ["morphology", "syntax"]})
    figures = evaluate_ud(nlp, shared(path), gold_tokens=gold_tokens).metrics()
    assert figures["UAS"] >= figures["UAS argmax"]
