"""The quality gate: floors under the figures of every layer, kept in one file beside the tests.

The file is a list of entries ``{layer, gold, path, sha256, metric, floor}``. A figure below its floor fails; gold whose
hash has changed is refused until the floors are measured again; gold that is not on this machine is skipped, and the
result says so. Floors only rise: `update` refuses to lower one, who means to lower it edits the file and says why. To
add a floor, add an entry with ``"sha256": null, "floor": 0.0`` and update. After trafilatura's evaluation gate.
"""

import hashlib
import json
import logging
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal

from spacy.language import Language

from svodka.engine import load
from svodka.errors import ConfigError
from svodka.evaluate.coref import evaluate_coref
from svodka.evaluate.entities import evaluate_entities
from svodka.evaluate.gold import corpus_of
from svodka.evaluate.names import evaluate_names
from svodka.evaluate.nerel import evaluate_dates_or_nerel
from svodka.evaluate.normals import evaluate_normals, is_runormas
from svodka.evaluate.quotes import evaluate_quotes
from svodka.evaluate.registry import evaluate_registry
from svodka.evaluate.roles import evaluate_roles
from svodka.evaluate.ud import evaluate_ud

logger = logging.getLogger(__name__)

EPSILON = 0.0005
_DIGITS = 1000  # floors keep three digits

Measure = Callable[[str, Path], Mapping[str, float]]
"""Gives the metrics of a layer on the gold at a path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """One entry of the file of floors.

    Attributes:
        layer: Key of `MEASURES`.
        gold: Name of the gold, for people.
        path: Where it lies, relative to the checkout («../shared/…» is beside it).
        sha256: Hash of its files, None before it was first measured.
        metric: Name of the figure.
        floor: The least value that passes.
    """

    layer: str
    gold: str
    path: str
    sha256: str | None
    metric: str
    floor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """What the gate says about one floor.

    Attributes:
        floor: The entry.
        status: passed; failed: below the floor; changed: the gold is not the one the floor was measured on; absent:
            the gold is not on this machine, nothing was measured.
        value: The measured value, None where nothing was measured.
    """

    floor: Floor
    status: Literal["passed", "failed", "changed", "absent"]
    value: float | None = None

    @property
    def ok(self) -> bool:
        """Whether the gate lets it through; absent gold passes, and is said aloud."""
        return self.status in ("passed", "absent")

    def to_text(self) -> str:
        """The result as a line."""
        floor = self.floor
        what = f"{floor.layer} {floor.metric} on {floor.gold}"
        messages = {
            "passed": f"{what}: {self.value} ≥ {floor.floor}",
            "failed": f"{what}: {self.value} is below the floor {floor.floor}",
            "changed": f"{what}: the gold has changed since the floor was set; run `svodka evaluate gate --update`",
            "absent": f"{what}: no gold at {floor.path}, NOT MEASURED",
        }
        return f"{self.status.upper():8}{messages[self.status]}"


def check(floors_path: Path, root: Path, measure: Measure) -> list[GateResult]:
    """Measure every layer on its gold and compare the figures with their floors.

    Args:
        floors_path: The file of floors.
        root: The checkout, which the paths of gold are relative to.
        measure: Gives the metrics of a layer; `measurer` makes one of a pipeline.

    Returns:
        A result for each floor.

    Raises:
        ConfigError: The file of floors cannot be used, or names a metric or layer that there is not.
    """
    results = []
    for gold, floors in _by_gold(read_floors(floors_path), root):
        if not _is_here(gold):
            logger.warning("the gold %s is not here: %d floors are not checked", floors[0].gold, len(floors))
            results += [GateResult(floor=floor, status="absent") for floor in floors]
            continue
        sha256 = hash_gold(gold)
        same = [floor for floor in floors if floor.sha256 == sha256]
        results += [GateResult(floor=floor, status="changed") for floor in floors if floor.sha256 != sha256]
        if not same:
            continue
        metrics = measure(floors[0].layer, gold)
        for floor in same:
            value = _value(metrics, floor)
            status: Literal["passed", "failed"] = "failed" if value < floor.floor - EPSILON else "passed"
            results.append(GateResult(floor=floor, status=status, value=value))
    return results


def update(floors_path: Path, root: Path, measure: Measure) -> list[Floor]:
    """Raise the floors to the measured values, rounded down to three digits, and take over the hashes of the gold.

    Floors of gold that is not on this machine stay as they are.

    Returns:
        The floors as written.

    Raises:
        ConfigError: A measured value is below its floor, all of which are named, and the file stays as it was; or what
            `check` raises.
    """
    updated: list[Floor] = []
    lowered: list[str] = []
    for gold, floors in _by_gold(read_floors(floors_path), root):
        if not _is_here(gold):
            logger.warning("the gold %s is not here: %d floors stay as they are", floors[0].gold, len(floors))
            updated += floors
            continue
        sha256, metrics = hash_gold(gold), measure(floors[0].layer, gold)
        for floor in floors:
            value = _value(metrics, floor)
            if value < floor.floor - EPSILON:
                lowered.append(f"{floor.layer} {floor.metric} on {floor.gold}: {value} is below {floor.floor}")
            raised = max(floor.floor, math.floor(value * _DIGITS) / _DIGITS)
            updated.append(replace(floor, floor=raised, sha256=sha256))
    if lowered:
        raise ConfigError(f"no floor is lowered here: {'; '.join(lowered)}. Mend the layer, or edit {floors_path.name}")
    _write_floors(floors_path, updated)
    return updated


def _is_here(gold: Path) -> bool:
    """Whether gold is on this machine, and the texts of stand-off annotation too."""
    corpus = corpus_of(gold)
    return gold.exists() and (corpus is None or corpus.exists())


def hash_gold(path: Path) -> str:
    """SHA-256 over the names and contents of the files of a gold, in order of names; hidden files are left out.

    Of a folder of articles in markup only the articles count, not the gold of another kind in its subfolders.
    """
    found = [path] if path.is_file() else list(path.glob("*.gold")) or list(path.rglob("*"))
    files = [file for file in found if file.is_file()]
    named = sorted((file.relative_to(path).as_posix() if file != path else file.name, file) for file in files)
    digest = hashlib.sha256()
    for name, file in named:
        if not any(part.startswith(".") for part in name.split("/")):
            content = file.read_bytes()
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def read_floors(path: Path) -> list[Floor]:
    """Read the file of floors.

    Raises:
        ConfigError: The file is missing, no JSON list of entries, or an entry has not just the keys it must have.
    """
    try:
        entries: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return [Floor(**entry) for entry in entries]
    except FileNotFoundError as error:
        raise ConfigError(f"there is no file of floors at {path}") from error
    except (json.JSONDecodeError, TypeError) as error:
        raise ConfigError(f"{path} is no list of floors: {error}") from error


def _write_floors(path: Path, floors: Sequence[Floor]) -> None:
    names = Floor.__slots__
    entries = [{name: getattr(floor, name) for name in names} for floor in floors]
    lines = ",\n".join(f"  {json.dumps(entry, ensure_ascii=False)}" for entry in entries)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    temporary.replace(path)


def _by_gold(floors: Sequence[Floor], root: Path) -> Iterator[tuple[Path, list[Floor]]]:
    """Neighbouring floors of one layer and gold together, so that it is measured once."""
    for (_, path), group in groupby(floors, key=attrgetter("layer", "path")):
        yield root / path, list(group)


def _value(metrics: Mapping[str, float], floor: Floor) -> float:
    if floor.metric not in metrics:
        known = ", ".join(sorted(metrics))
        raise ConfigError(f"{floor.layer} on {floor.gold} has no metric {floor.metric!r}; it has {known}")
    return metrics[floor.metric]


# ---- measuring


def _measure_ud(nlp: Language, gold: Path) -> Mapping[str, float]:
    metrics = dict(evaluate_ud(nlp, gold).metrics())
    given = evaluate_ud(nlp, gold, gold_tokens=True).metrics()
    return metrics | {f"{name} (gold tokens)": value for name, value in given.items()}


def _measure_names(nlp: Language, gold: Path) -> Mapping[str, float]:
    evaluate = evaluate_normals if is_runormas(gold) else evaluate_names
    return evaluate(gold, nlp=nlp).metrics()


MEASURES: dict[str, Callable[[Language, Path], Mapping[str, float]]] = {
    "ud": _measure_ud,
    "names": _measure_names,
    "dates": lambda nlp, gold: evaluate_dates_or_nerel(gold, nlp=nlp).metrics(),
    "quotes": lambda nlp, gold: evaluate_quotes(gold, nlp=nlp).metrics(),
    "entities": lambda nlp, gold: evaluate_entities(gold, nlp=nlp).metrics(),
    "registry": lambda nlp, gold: evaluate_registry(gold, nlp=nlp).metrics(),
    "coref": lambda nlp, gold: evaluate_coref(gold, nlp=nlp).metrics(),
    "roles": lambda nlp, gold: evaluate_roles(gold, nlp=nlp).metrics(),
}
"""How each layer is measured."""


def load_for(layer: str) -> Language:
    """The default pipeline, with no more stages than the layer needs."""
    return load({"stages": ["morphology", "syntax"]} if layer == "ud" else None)


def measurer(pipeline_for: Callable[[str], Language] = load_for) -> Measure:
    """Measure with pipelines.

    Args:
        pipeline_for: Gives the pipeline for a layer; called once a layer, and only for layers that are measured.
    """
    pipeline = cache(pipeline_for)

    def measure(layer: str, gold: Path) -> Mapping[str, float]:
        if layer not in MEASURES:
            raise ConfigError(f"no layer {layer!r} can be measured; there are {', '.join(MEASURES)}")
        return MEASURES[layer](pipeline(layer), gold)

    return measure
