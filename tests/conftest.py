"""What the tests share: the pipeline. Data beside the checkout is had through `shared_data`."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from spacy.language import Language

import svodka

ROOT = Path(__file__).resolve().parents[1]

settings.register_profile("svodka", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("svodka")


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The default pipeline, loaded once for all tests."""
    return svodka.load()


@pytest.fixture(scope="session")
def core() -> Language:
    """Tokens to entities, without dates, people and quotations."""
    return svodka.load({"stages": ["morphology", "syntax", "entities"]})
