"""The manifest tells the truth about what is installed."""

import hashlib
import json
import re

import pytest

from conftest import ROOT
from svodka._compat import package_path

MANIFEST = json.loads((ROOT / "models" / "manifest.json").read_text(encoding="utf-8"))
LOCK = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("model", MANIFEST["models"], ids=lambda model: model["name"])
def test_weights_are_the_ones_of_the_manifest(model: dict) -> None:
    path = package_path(model["module"]) / model["file"]
    assert path.stat().st_size == model["bytes"]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == model["sha256"]
    if model["package"] != "svodka":
        assert LOCK[model["package"]] == model["version"]


def test_every_weight_file_stands_in_the_manifest() -> None:
    from svodka.neural.weights import weight_files

    names = {model["file"].rsplit("/", 1)[-1] for model in MANIFEST["models"]}
    assert {path.name for path in weight_files().values()} <= names


def test_the_lock_has_plain_pins_only() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert lines
    assert all(re.fullmatch(r"[\w.-]+==[\w.+!]+", line) for line in lines)
