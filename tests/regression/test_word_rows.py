"""The file of prepared rows was named by how many models it is for, not by which."""

from pathlib import Path

import numpy as np
import pytest

from svodka.neural import word_rows
from svodka.neural.weights import load_embedding, load_model


def test_prepared_rows_are_those_of_the_models_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(word_rows, "cache_folder", lambda: tmp_path)
    embedding, words = load_embedding(), np.arange(5)
    tables = {}
    for name in ("morphology", "syntax"):
        for frequent in (words, words[:0]):  # prepared in a file, and computed on first sight
            rows = word_rows.WordRows([load_model(name)], embedding, frequent=frequent, capacity=8)
            slots = rows.slots(words)
            tables[name, len(frequent)] = rows.tables[0].reshape(-1, 3, rows.tables[0].shape[1])[slots]
        assert np.array_equal(tables[name, 5], tables[name, 0])
    assert not np.array_equal(tables["morphology", 5], tables["syntax", 5])
