"""What the tests share: the pipeline. Data beside the checkout is had through `shared_data`."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from spacy.language import Language

import svodka

ROOT = Path(__file__).resolve().parents[1]
LONG = ("run", "notebooks", "browser", "cli")
"""Folders of tests that take seconds each. They are begun with: a worker that is left with one at the end keeps all
others waiting, while short tests can be taken over (pytest-xdist, ``--dist worksteal``)."""

settings.register_profile("svodka", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("svodka")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first, else the order they were found in."""
    items.sort(key=lambda item: LONG.index(item.path.parent.name) if item.path.parent.name in LONG else len(LONG))


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The default pipeline, loaded once for all tests."""
    return svodka.load()


@pytest.fixture(scope="session")
def core() -> Language:
    """Tokens to entities, without dates, people and quotations."""
    return svodka.load({"stages": ["morphology", "syntax", "entities"]})
