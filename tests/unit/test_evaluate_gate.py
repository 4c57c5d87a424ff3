import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import spacy

from svodka.errors import ConfigError
from svodka.evaluate import gate
from svodka.evaluate.gate import check, hash_gold, measurer, update


class FakeMeasure:
    """Gives the same value for every metric, and remembers what it was asked."""

    def __init__(self, value: float) -> None:
        self.value = value
        self.asked: list[tuple[str, str]] = []

    def __call__(self, layer: str, gold: Path) -> Mapping[str, float]:
        self.asked.append((layer, gold.name))
        return {"attributed": self.value, "quote@.5": self.value}


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    folder = tmp_path / "gold"
    folder.mkdir()
    (folder / "a.json").write_text("1", encoding="utf-8")
    return folder


@pytest.fixture
def floors(tmp_path: Path, gold: Path) -> Path:
    return write(tmp_path, entry(sha256=hash_gold(gold)), entry(metric="quote@.5", sha256=hash_gold(gold)))


def entry(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    plain = {"layer": "quotes", "gold": "dev", "path": "gold", "sha256": None, "metric": "attributed", "floor": 0.6}
    return {**plain, **changes}


def write(folder: Path, *entries: dict[str, Any]) -> Path:
    path = folder / "floors.json"
    path.write_text(json.dumps(entries), encoding="utf-8")
    return path


def test_at_and_above_the_floor_passes_and_gold_is_measured_once(floors: Path, tmp_path: Path) -> None:
    for value in (0.5996, 0.6, 0.9):
        measure = FakeMeasure(value)
        results = check(floors, tmp_path, measure)
        assert [result.status for result in results] == ["passed", "passed"]
        assert measure.asked == [("quotes", "gold")]


def test_below_the_floor_fails(floors: Path, tmp_path: Path) -> None:
    first, _ = check(floors, tmp_path, FakeMeasure(0.5994))
    assert not first.ok
    assert first.to_text() == "FAILED  quotes attributed on dev: 0.5994 is below the floor 0.6"


def test_changed_gold_is_refused_without_measuring(floors: Path, gold: Path, tmp_path: Path) -> None:
    (gold / "b.json").write_text("2", encoding="utf-8")
    measure = FakeMeasure(0.9)
    results = check(floors, tmp_path, measure)
    assert [result.status for result in results] == ["changed", "changed"]
    assert not results[0].ok
    assert "gate --update" in results[0].to_text()
    assert measure.asked == []


def test_absent_gold_is_skipped_and_said_aloud(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = write(tmp_path, entry(path="../nowhere/gold", sha256="0"))
    with caplog.at_level(logging.WARNING):
        (result,) = check(path, tmp_path, FakeMeasure(0.0))
    assert result.ok
    assert result.status == "absent"
    assert "NOT MEASURED" in result.to_text()
    assert "dev is not here" in caplog.text


def test_annotation_without_its_texts_is_absent_gold(tmp_path: Path) -> None:
    standoff = tmp_path / "dates.jsonl"
    standoff.write_text('{"corpus": "texts.jsonl"}\n', encoding="utf-8")
    write(tmp_path, entry(path="dates.jsonl", sha256=hash_gold(standoff)))
    assert [result.status for result in check(tmp_path / "floors.json", tmp_path, FakeMeasure(0.9))] == ["absent"]
    (tmp_path / "texts.jsonl").write_text("", encoding="utf-8")
    assert [result.status for result in check(tmp_path / "floors.json", tmp_path, FakeMeasure(0.9))] == ["passed"]


def test_update_raises_floors_rounded_down_and_takes_the_hash(gold: Path, tmp_path: Path) -> None:
    path = write(tmp_path, entry(), entry(path="../nowhere", gold="far", sha256="0"))
    update(path, tmp_path, FakeMeasure(0.71289))
    near, far = json.loads(path.read_text(encoding="utf-8"))
    assert near == entry(floor=0.712, sha256=hash_gold(gold))
    assert far == entry(path="../nowhere", gold="far", sha256="0")  # cannot be measured here: as it was
    assert list(tmp_path.glob("*.tmp")) == []
    assert check(path, tmp_path, FakeMeasure(0.71289))[0].ok


def test_update_lowers_no_floor_and_names_it(floors: Path, tmp_path: Path) -> None:
    before = floors.read_bytes()
    with pytest.raises(ConfigError, match=r"quotes attributed on dev: 0\.5 is below 0\.6; quotes quote@\.5 on dev"):
        update(floors, tmp_path, FakeMeasure(0.5))
    assert floors.read_bytes() == before


def test_update_keeps_a_floor_within_the_tolerance(floors: Path, tmp_path: Path) -> None:
    assert [floor.floor for floor in update(floors, tmp_path, FakeMeasure(0.5997))] == [0.6, 0.6]


def test_changed_gold_needs_a_value_that_holds_the_floor(floors: Path, gold: Path, tmp_path: Path) -> None:
    (gold / "a.json").write_text("another text", encoding="utf-8")
    with pytest.raises(ConfigError, match="no floor is lowered"):
        update(floors, tmp_path, FakeMeasure(0.5))
    update(floors, tmp_path, FakeMeasure(0.65))
    assert {floor.sha256 for floor in gate.read_floors(floors)} == {hash_gold(gold)}


def test_an_unknown_metric_is_named_with_those_there_are(tmp_path: Path, gold: Path) -> None:
    path = write(tmp_path, entry(metric="speed", sha256=hash_gold(gold)))
    with pytest.raises(ConfigError, match=r"no metric 'speed'; it has attributed, quote@\.5"):
        check(path, tmp_path, FakeMeasure(1.0))


@pytest.mark.parametrize("content", ["{", '[{"layer": "quotes"}]', '[{"floors": 1}]', "5"])
def test_a_broken_file_of_floors_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "floors.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"floors\.json is no list of floors"):
        check(path, tmp_path, FakeMeasure(1.0))
    path.unlink()
    with pytest.raises(ConfigError, match="no file of floors"):
        check(path, tmp_path, FakeMeasure(1.0))


def test_hash_follows_names_and_contents_and_leaves_hidden_files_out(tmp_path: Path, gold: Path) -> None:
    before = hash_gold(gold)
    (gold / ".cache").write_text("x", encoding="utf-8")
    assert hash_gold(gold) == before
    (gold / "a.json").rename(gold / "b.json")
    assert hash_gold(gold) != before
    assert hash_gold(gold / "b.json") != hash_gold(gold / ".cache")


def test_measurer_loads_a_pipeline_once_for_the_layers_it_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []

    def load(layer: str) -> spacy.language.Language:
        loaded.append(layer)
        return spacy.blank("ru")

    monkeypatch.setitem(gate.MEASURES, "quotes", lambda nlp, gold: {"tokens": float(len(nlp(gold.name)))})
    measure = measurer(load)
    assert measure("quotes", Path("да нет")) == measure("quotes", Path("нет да")) == {"tokens": 2}
    assert loaded == ["quotes"]
    with pytest.raises(ConfigError, match="no layer 'speed'"):
        measure("speed", Path())


def test_every_layer_is_measured_on_written_gold(tmp_path: Path) -> None:
    (tmp_path / "a.gold").write_text("id: a\n\nМост открыли вчера.\n", encoding="utf-8")
    (tmp_path / "a.conllu").write_text("1\tДа\tда\tINTJ\t_\t_\t0\troot\t_\t_\n", encoding="utf-8")
    (tmp_path / "a.jsonl").write_text('{"id": 1, "text": "Да", "entities": []}\n', encoding="utf-8")
    nlp = spacy.blank("ru")
    nlp.add_pipe("sentencizer", config={"overwrite": False})
    assert gate.MEASURES["ud"](nlp, tmp_path / "a.conllu")["Words (gold tokens)"] == 1
    assert gate.MEASURES["quotes"](nlp, tmp_path / "a.gold")["attributed"] == 0
    assert gate.MEASURES["dates"](nlp, tmp_path / "a.gold")["false in negative"] == 0
    assert gate.MEASURES["names"](nlp, tmp_path / "a.gold")["names"] == 0
    assert gate.MEASURES["names"](nlp, tmp_path / "a.jsonl") == {}
