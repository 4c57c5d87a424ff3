"""Data beside the checkout that tests read in place and never copy: its licences are other people's."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"


def shared(path: str) -> Path:
    """A file or folder under ``../shared``; the test is skipped, with its name, where it is absent."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"../shared/{path} is not beside the checkout")
    return found
