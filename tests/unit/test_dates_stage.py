"""The stage on texts without tags, the anchor taken from the text, and the component."""

import datetime as dt

import holidays
import pytest
import spacy

from svodka.document import get_dates, set_article
from svodka.records import Article, DateExpr
from svodka.stages.dates.stage import DatesStage, find_dates

BLANK = spacy.blank("ru")
THURSDAY = dt.date(2024, 3, 14)


def _find(text: str, anchor: dt.date | None = THURSDAY) -> list[tuple[str, str | None]]:
    return [(text[record.start : record.end], record.edtf) for record in find_dates(BLANK.make_doc(text), anchor)]


def test_a_doc_without_tags_is_enough() -> None:
    assert _find("Суд прошёл 5 февраля 2024 года.") == [("5 февраля 2024 года", "2024-02-05")]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "Никаких дат.", "Ему дали 5 яблок."])
def test_texts_without_dates(text: str) -> None:
    assert _find(text) == []


def test_a_line_break_ends_an_expression() -> None:
    assert [span for span, _ in _find("Итоги за 5\nмая подведут")] == ["мая"]


@pytest.mark.parametrize(
    "text",
    [
        "12 мая 2020, Москва. Вчера суд вынес решение.",
        "Москва, 12 мая 2020 года\nВчера суд вынес решение.",
        "МОСКВА, 12 мая 2020 года, 08:40 мск. Вчера суд вынес решение.",
        "Суд вынес решение\n12.05.2020\n\nВчера это случилось.",
    ],
)
def test_the_anchor_is_taken_from_the_dateline(text: str) -> None:
    records = find_dates(BLANK.make_doc(text), None)
    assert records[0].anchor_from is None
    assert records[-1] == DateExpr(
        start=text.index("Вчера"),
        end=text.index("Вчера") + 5,
        type="DATE",
        value="2020-05-11",
        edtf="2020-05-11",
        start_date=dt.date(2020, 5, 11),
        end_date=dt.date(2020, 5, 11),
        granularity="day",
        anchor_date=dt.date(2020, 5, 12),
        anchor_from="text",
        rule="day.adverb",
    )


def test_a_date_of_birth_is_no_dateline() -> None:
    text = "Известный артист, который родился 12 мая 1950 года, вчера умер."
    assert _find(text, None)[-1] == ("вчера", None)


def test_an_absolute_date_names_no_anchor() -> None:
    first, second = find_dates(BLANK.make_doc("В 1936 году и вчера"), THURSDAY)
    assert (first.anchor_date, first.anchor_from) == (None, None)
    assert (second.anchor_date, second.anchor_from) == (THURSDAY, "published")


@pytest.mark.parametrize("word", ["около", "примерно"])
def test_approximation_stays_outside_the_span(word: str) -> None:
    (record,) = find_dates(BLANK.make_doc(f"Это было {word} 2010 года."), THURSDAY)
    assert (record.edtf, record.mod, record.start) == ("2010~", "APPROX", len(f"Это было {word} "))


def test_the_component_counts_from_the_articles_publication() -> None:
    doc = BLANK.make_doc("Вчера прошёл суд.")
    set_article(doc, Article(text=doc.text, published=dt.datetime(2024, 3, 14, 12, tzinfo=dt.UTC)))
    (done,) = DatesStage().pipe([doc])
    assert [record.edtf for record in get_dates(done)] == ["2024-03-13"]


def test_the_component_writes_an_empty_layer_too() -> None:
    assert get_dates(DatesStage()(BLANK.make_doc("Нет."))) == []


@pytest.mark.parametrize("year", [2006, 2013, 2024, 2030])
def test_public_holidays_lie_where_the_calendar_of_russia_has_them(year: int) -> None:
    calendar = holidays.country_holidays("RU", years=year, language="ru")
    known = {"День Победы", "День России", "День народного единства", "День защитника Отечества"}
    checked = 0
    for day, name in calendar.items():
        if name in known:
            checked += 1
            assert _find(f"Парад пройдёт в {name} {year} года.", dt.date(year, 1, 20))[0][1] == day.isoformat()
    assert checked == len(known)
