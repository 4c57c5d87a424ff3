"""NEREL's spans of dates, as they are and by svodka's guide."""

from pathlib import Path

import pytest

from svodka.errors import InputError
from svodka.evaluate.brat import is_brat
from svodka.evaluate.dates import Expression
from svodka.evaluate.nerel import _compare, _figures, evaluate_nerel_dates, read_nerel
from svodka.evaluate.report import Report

TEXT = "В ночь на 5 мая мост закрыли более чем на 20 лет, смотрителю 47 лет."
SPANS = [("TIME", "В ночь на 5 мая"), ("DATE", "5 мая"), ("DATE", "более чем на 20 лет"), ("AGE", "47 лет")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = [
        f"T{number}\t{label} {TEXT.index(words)} {TEXT.index(words) + len(words)}\t{words}"
        for number, (label, words) in enumerate(SPANS, 1)
    ]
    lines.append("T9\tCITY 0 1\tВ")
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev" / "bridge.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "dev" / "bridge.ann").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def answer(words: str, type_: str) -> Expression:
    start = TEXT.index(words)
    return Expression(start=start, end=start + len(words), type=type_, edtf=None, first_day=None, last_day=None)


def test_a_folder_of_annotations_is_read_with_its_texts(folder: Path) -> None:
    assert is_brat(folder)
    (article,) = read_nerel(folder)
    assert article.article.doc_id == "bridge"
    assert [(item["type"], item["text"]) for item in article.dates] == SPANS


def test_nesting_and_quantity_are_left_out_by_the_guide(folder: Path) -> None:
    (article,) = read_nerel(folder)
    answers = [answer("В ночь на 5 мая", "TIME"), answer("20 лет", "DURATION"), answer("47 лет", "AGE")]
    report = Report.of("dates", [_compare(article, answers)], _figures)
    assert (report["span"].precision, report["span"].recall) == (1 / 2, 1 / 3)
    assert (report["span by the guide"].precision, report["span by the guide"].recall) == (1, 1)
    assert report["DATE and TIME"].value == 1
    assert [(error.kind, error.predicted) for error in report.disagreements] == [("span", "20 лет")]


def test_a_length_that_nerel_calls_an_age_does_not_count(folder: Path) -> None:
    (article,) = read_nerel(folder)
    report = Report.of("dates", [_compare(article, [answer("47 лет", "DURATION")])], _figures)
    assert report["span"].precision == 0
    assert report["span"].recall == 0


def test_an_annotation_without_its_text_is_refused(folder: Path) -> None:
    (folder / "dev" / "bridge.txt").unlink()
    with pytest.raises(InputError, match="no text beside it"):
        read_nerel(folder)


def test_without_predictions_or_pipeline_there_is_nothing_to_measure(folder: Path) -> None:
    with pytest.raises(InputError):
        evaluate_nerel_dates(folder)
