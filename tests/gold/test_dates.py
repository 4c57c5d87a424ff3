"""The gold of dates, and the examples that stand beside the patterns."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from spacy.language import Language

from svodka.evaluate.edtf import edtf_days
from svodka.stages.dates.patterns import PATTERNS
from svodka.stages.dates.stage import find_dates

pytestmark = pytest.mark.engine
THURSDAY = dt.date(2024, 3, 14)
_GOLD = Path(__file__).with_name("dates.txt")
_RULES = list(dict.fromkeys(pattern.rule for pattern in PATTERNS if pattern.rule))
_FIRST = {pattern.rule: pattern for pattern in reversed(PATTERNS)}


_MARK = re.compile(r"<date([^>]*)>(.*?)</date>")


def _parse(markup: str) -> tuple[str, list[tuple[int, int, dict[str, str]]]]:
    """The text without its marks, and (start, end, attributes) of each."""
    text, last, spans = "", 0, []
    for match in _MARK.finditer(markup):
        text += markup[last : match.start()]
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', match[1]))
        assert attributes.keys() <= {"type", "edtf", "start", "end", "value", "mod", "rule"}, markup
        spans.append((len(text), len(text) + len(match[2]), attributes))
        text += match[2]
        last = match.end()
    text += markup[last:]
    assert "<" not in text, f"a mark that cannot be read: {markup}"
    return text, spans


def _cases() -> Iterator[tuple[int, dt.date | None, str]]:
    anchor: dt.date | None = None
    for number, line in enumerate(_GOLD.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("@"):
            anchor = dt.date.fromisoformat(line[1:]) if line[1:] else None
        elif line and not line.startswith("#"):
            yield number, anchor, line


CASES = list(_cases())


@pytest.mark.parametrize(("number", "anchor", "markup"), CASES, ids=[f"line{number}" for number, *_ in CASES])
def test_gold(number: int, anchor: dt.date | None, markup: str, core: Language) -> None:
    text, marked = _parse(markup)
    found = find_dates(core(text), anchor)
    assert [text[record.start : record.end] for record in found] == [text[start:end] for start, end, _ in marked]
    for record, (start, end, wanted) in zip(found, marked, strict=True):
        assert (record.start, record.end) == (start, end)
        assert record.type == wanted.get("type", "DATE")
        assert record.edtf == wanted.get("edtf")
        if record.edtf is not None:
            assert (record.start_date, record.end_date) == edtf_days(record.edtf)
        assert record.mod == wanted.get("mod", record.mod)
        assert record.value == wanted.get("value", record.value)
        assert record.rule == wanted.get("rule", record.rule)
        for name, day in (("start", record.start_date), ("end", record.end_date)):
            assert name not in wanted or str(day) == wanted[name]


def test_every_rule_stands_in_the_gold() -> None:
    used = set(re.findall(r'rule="([^"]+)"', _GOLD.read_text(encoding="utf-8")))
    assert used == set(_RULES)


@pytest.mark.parametrize("rule", _RULES)
def test_pattern_does_what_its_example_says(rule: str, core: Language) -> None:
    example = _FIRST[rule].yes
    text = re.sub(r"[\[\]]", "", example)
    found = [text[record.start : record.end] for record in find_dates(core(text), THURSDAY) if record.rule == rule]
    assert found == re.findall(r"\[(.*?)\]", example)
    assert found


@pytest.mark.parametrize("rule", _RULES)
def test_pattern_leaves_its_counter_example_alone(rule: str, core: Language) -> None:
    text = _FIRST[rule].no
    assert text
    assert rule not in {record.rule for record in find_dates(core(text), THURSDAY)}
