"""Lexicons are data a linguist edits: header, columns, no letters of another script inside a word."""

import re
from pathlib import Path

import pytest

import svodka

FOLDER = Path(svodka.__path__[0])
LEXICONS = sorted((FOLDER / "lexicons").glob("*.tsv"))
MIXED = re.compile(r"[а-яё][a-z]|[a-z][а-яё]", re.IGNORECASE)


@pytest.mark.parametrize("path", LEXICONS, ids=lambda path: path.stem)
def test_lexicon(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    header = [line for line in lines if line.startswith("#")]
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    assert re.search("licen[cs]e|MIT", " ".join(header)), "the header names source and licence"
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])}, "every row has as many columns as the first"
    assert all(cell == cell.strip() for row in rows for cell in row)


@pytest.mark.parametrize(
    "path", [*LEXICONS, *sorted(FOLDER.rglob("*.py"))], ids=lambda path: str(path.relative_to(FOLDER))
)
def test_no_word_mixes_scripts(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # escapes, ranges of a character class and prefixes of strings are no words
    plain = re.sub(r"\\u[0-9a-fA-F]{4}|\\[a-zA-Z]|[a-zA-Zа-яёА-ЯЁ]-[a-zA-Zа-яёА-ЯЁ]|\b[rf]{1,2}\"", " ", text)
    words = re.findall(r"\w+", plain)
    assert [word for word in words if MIXED.search(word)] == []
