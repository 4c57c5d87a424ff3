"""Every example in a docstring gives what it says."""

import doctest
import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import svodka


def modules() -> Iterator[str]:
    for module in pkgutil.walk_packages(svodka.__path__, "svodka."):
        yield module.name


@pytest.mark.parametrize("name", sorted(modules()))
def test_examples(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert not failed
