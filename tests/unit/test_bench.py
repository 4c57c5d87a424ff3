"""The benchmark's parts do the work they time, and its figures are judged as they say. Nothing is timed here."""

import pytest

from conftest import ROOT
from svodka.bench import parts, report
from svodka.errors import InputError

SAMPLES = str(ROOT / "data" / "samples")

pytestmark = pytest.mark.engine


def test_both_do_the_same_work() -> None:
    found = parts.engine(SAMPLES, seen=1, unseen=2)
    assert found["documents"] == 2
    of_natasha = parts.natasha(SAMPLES, first=1, last=3)["tokens"]
    assert 100 < of_natasha <= found["tokens"] < 1.1 * of_natasha  # svodka's Docs have white space tokens too


def test_natasha_does_the_same_work_as_pip_installs_it() -> None:
    with_reader, alone = (
        report.part("natasha", corpus=SAMPLES, first=1, last=3, with_dawg2=with_dawg2) for with_dawg2 in (True, False)
    )
    assert with_reader["tokens"] == alone["tokens"] > 100


def test_the_profile_has_every_step() -> None:
    found = parts.profile(SAMPLES, seen=0, unseen=3)
    stages = ["tokenize", "neural", "morphology", "syntax", "entities", "dates", "people", "quotes", "rows", "parquet"]
    assert list(found["seconds"]) == stages
    assert found["tokens"] > 100


def test_a_run_tells_its_memory() -> None:
    found = parts.run(SAMPLES, documents=3, workers=1, copies=2)
    assert found["documents"] == 6
    assert found["resident"][-1][0] == 6
    assert found["peak"] > 0


@pytest.mark.parametrize(
    ("value", "floor", "holds"), [(8.1, 8, True), (7, 8, False), (800, -900, True), (901, -900, False)]
)
def test_a_figure_is_judged(value: float, floor: float, holds: bool) -> None:
    figure = report.Figure("speed", "text", value, floor)
    assert figure.holds is holds
    assert ("NOT REACHED" in str(figure)) is not holds


def test_a_part_that_fails_says_why() -> None:
    with pytest.raises(InputError, match=r"'length' failed: .*no article"):
        report.part("length", corpus="nowhere.jsonl", characters=100)


def test_too_few_articles_are_told() -> None:
    with pytest.raises(InputError, match="22 articles; 1050 are needed"):
        list(report.measure(ROOT / "data" / "samples"))
