"""pipeline/README.md says what the code says, names everything public, and its links lead somewhere."""

import importlib.util
import re
from types import ModuleType

import pytest
from spacy.tokens import Doc

import svodka
from conftest import ROOT

PAGE = (ROOT / "pipeline" / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "pipeline" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_is_what_the_docstrings_say(reference: ModuleType) -> None:
    assert reference.render() == PAGE, "run `make reference` and read what has changed"


def test_everything_public_is_listed(reference: ModuleType) -> None:
    missing = [name for name in svodka.__all__ if f"svodka.{name}" not in PAGE]
    assert not missing, f"add {missing} to SECTIONS in pipeline/reference.py"
    svodka.load  # noqa: B018  (it registers the extensions)
    assert {name for name in reference.EXTENSIONS if not Doc.has_extension(name)} == set()


def test_links_lead_to_headings(reference: ModuleType) -> None:
    outside_code = re.sub(r"^```.*?^```", "", PAGE, flags=re.MULTILINE | re.DOTALL)
    anchors = [reference.slug(heading) for heading in re.findall(r"^#+ (.*)$", outside_code, re.MULTILINE)]
    assert len(anchors) == len(set(anchors))
    links = set(re.findall(r"\]\(#([^)]*)\)", outside_code))
    assert len(links) > 100
    assert links <= set(anchors)
