"""What holds of dates whatever the text: offsets, order, bounds, and what the value depends on."""

import datetime as dt
from unittest import mock

import edtf
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from svodka.records import DateExpr
from svodka.stages.dates import resolve
from svodka.stages.dates.lexemes import LEXICONS, read_lexicon
from svodka.stages.dates.patterns import grammar
from svodka.stages.dates.prospects import Prospects
from svodka.stages.dates.site import Site
from svodka.stages.dates.stage import find_dates

# A form of every row of the lexicons, and what the grammar names itself.
WORDS = [forms.split()[0].split("/")[-1] for name in LEXICONS for _, _, forms in read_lexicon(name)] + [
    *(
        "в",
        "на",
        "с",
        "по",
        "до",
        "после",
        "за",
        "к",
        "и",
        "или",
        "около",
        "же",
        "раз",
        "улица",
        "суд",
        "решил",
        "пройдёт",
    ),
    *(
        "1",
        "5",
        "16",
        "29",
        "31",
        "2014",
        "2014-м",
        "90-е",
        "1990-х",
        "16-го",
        "12.06.2019",
        "31.02.2019",
        "15:30",
        "7,5",
    ),
    *("2022/23", "XIX", "47-летний", "первой", "числа", "–", "-", ",", ".", "(", ")", "«", "»", "\n"),
]
ANCHORS = st.dates(dt.date(1950, 1, 1), dt.date(2100, 12, 31))
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
_BLANK = spacy.blank("ru")


def _doc(text: str) -> Doc:
    return _BLANK.make_doc(text)


def _library_days(written: str) -> tuple[dt.date | None, dt.date | None]:
    """Bounds as the library edtf reads them, which knows no approximate seasons: hence without the marks.

    Nor does it read an open interval with an unspecified digit («199X/..»): the ends are read apart.
    """
    written = written.replace("~", "")
    if ".." in written.split("/"):
        first, last = (None if end == ".." else _library_days(end) for end in written.split("/"))
        return first and first[0], last and last[1]
    value = edtf.parse_edtf(written)
    bounds = value.lower_strict(), value.upper_strict()
    lower, upper = (None if isinstance(bound, float) else dt.date(*bound[:3]) for bound in bounds)
    return lower, upper


def _check(text: str, records: list[DateExpr]) -> None:
    last = 0
    for record in records:
        assert last <= record.start < record.end <= len(text)
        assert text[record.start : record.end] == text[record.start : record.end].strip()
        last = record.end
        if record.start_date and record.end_date:
            assert record.start_date <= record.end_date
        assert (record.edtf is None) == (record.start_date is None and record.end_date is None)
        if record.edtf is not None:
            assert _library_days(record.edtf) == (record.start_date, record.end_date)
        assert record.value
        assert record.rule
        assert DateExpr.from_plain(record.to_plain()) == record


@given(TEXTS)
def test_no_expression_needs_what_the_chart_leaves_out(text: str) -> None:
    site = Site(grammar().lexicon.scan(text))
    found = grammar().find(site)
    with mock.patch.object(Prospects, "use", return_value=True):
        assert grammar().find(site) == found


@given(TEXTS, st.none() | ANCHORS)
def test_any_text_gives_records_in_order_with_sound_bounds(text: str, anchor: dt.date | None) -> None:
    _check(text, find_dates(_doc(text), anchor))


@given(TEXTS, ANCHORS)
def test_the_anchor_changes_no_span(text: str, anchor: dt.date) -> None:
    spans = [(record.start, record.end, record.type) for record in find_dates(_doc(text), anchor)]
    assert spans == [
        (record.start, record.end, record.type) for record in find_dates(_doc(text), anchor + dt.timedelta(days=97))
    ]


@given(st.sampled_from([*range(1, 9)]), ANCHORS.filter(lambda day: (day.month, day.day) != (2, 29)))
def test_whole_years_move_relative_dates_by_whole_years(years: int, anchor: dt.date) -> None:
    doc = _doc("В прошлом году, три года назад, в этом месяце, с начала года и до конца месяца.")
    moved = find_dates(doc, anchor.replace(year=anchor.year + years))
    for before, after in zip(find_dates(doc, anchor), moved, strict=True):
        for one, other in ((before.start_date, after.start_date), (before.end_date, after.end_date)):
            if one is None:
                assert other is None
            else:
                assert other is not None
                assert (other.year - one.year, other.month) == (years, one.month)


@given(ANCHORS, st.integers(-400, 400))
def test_days_move_with_the_anchor(anchor: dt.date, days: int) -> None:
    doc = _doc("Вчера и через два дня.")
    moved = find_dates(doc, anchor + dt.timedelta(days=days))
    for before, after in zip(find_dates(doc, anchor), moved, strict=True):
        assert before.start_date is not None
        assert after.start_date == before.start_date + dt.timedelta(days=days)


class _NoClock(dt.date):
    @classmethod
    def today(cls) -> "_NoClock":
        raise AssertionError("the clock was read")


@given(TEXTS)
def test_the_clock_is_never_read(text: str) -> None:
    with mock.patch.object(resolve.dt, "date", _NoClock):
        first = find_dates(_doc(text), None)
    relative = {"day.adverb", "weekday.bare", "year.rel", "month.rel"}
    assert all(record.edtf is None or record.anchor_from == "text" for record in first if record.rule in relative)


@pytest.mark.engine
@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join), ANCHORS)
def test_tagged_texts_too(core: spacy.language.Language, text: str, anchor: dt.date) -> None:
    _check(text, find_dates(core(text), anchor))
