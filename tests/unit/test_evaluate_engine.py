"""The engine says what razdel, slovnet and natasha say; and the comparison notices when it does not."""

import pytest

import svodka
from conftest import ROOT
from svodka.evaluate import engine as module
from svodka.evaluate.engine import LAYERS, compare_engine
from svodka.neural.models import Kernels
from svodka.records import Article

ARTICLES = [item for item in svodka.read(ROOT / "data/samples") if isinstance(item, Article)]

pytestmark = pytest.mark.engine


@pytest.mark.parametrize("kernels", ["compiled", "portable"])
def test_the_engine_equals_its_references(kernels: Kernels) -> None:
    equality = compare_engine(ARTICLES, kernels=kernels)
    assert equality.n_documents == len(ARTICLES)
    assert all(equality.compared[layer] > 100 for layer in LAYERS)
    assert equality.apart == []


def test_a_difference_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "lemmatize", lambda word, *_: "слово" if word == "заявил" else word.lower())
    article = Article(text="«Мост откроют», — заявил мэр.", doc_id="мост")
    equality = compare_engine([article])
    (difference,) = [one for one in equality.apart if one.text == "заявил"]
    assert (difference.layer, difference.reference, difference.engine) == ("lemmas", "заявить", "слово")
    assert "мост: lemmas: 'заявил': заявить → слово" in equality.to_text()
    assert '"engine": "слово"' in equality.to_json()
