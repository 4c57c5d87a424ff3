"""The inline gold markup: spans and text go in and out unchanged, and mistakes are named with place and way out."""

import datetime as dt
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svodka.errors import InputError
from svodka.evaluate.edtf import edtf_days
from svodka.evaluate.inline import AnnotatedText, Span, parse_markup, write_markup
from svodka.evaluate.markup import GoldArticle, GoldEntity, format_gold, parse_gold, read_gold
from svodka.records import Article

BRIDGE = """\
id: bridge
published: 2024-03-14
title: Мост

«<quote id="1" type="direct" speaker="Иван Орлов" via="ТАСС" aliases="Орлов | мэр">Он сказал: \
„<quote id="2" type="direct" kind="unknown"><date edtf="2024-03-13">Вчера</date></quote>“</quote>, — \
<cue quote="1">заявил</cue> мэр <mention quote="1 3"><person name="Иван Орлов" role="мэр">Орлов</person></mention>. — \
<quote id="1">Мост готов</quote>». <mention quote="4">Он</mention> не <cue quote="4">сказал</cue>, что \
<quote id="4" type="indirect" speaker="Иван Орлов" polarity="negated">устал</quote>, но <cue quote="3">уточнил</cue>: \
<quote id="3" type="mixed" form="inline" speaker="Иван Орлов">ехать «можно» <date type="SET">по средам</date></quote>.
"""


def gold(body: str, header: str = "id: a\n") -> str:
    return f"{header}\n{body}\n"


# --- spans in a text ---


def test_nested_and_adjacent_spans() -> None:
    markup = '<person name="А"><date>ab</date></person><date>c</date> d'
    assert parse_markup(markup) == AnnotatedText(
        "abc d", [Span("person", 0, 2, {"name": "А"}), Span("date", 0, 2), Span("date", 2, 3)]
    )


def test_spans_of_different_tags_may_cross() -> None:
    markup = '<quote id="1">a<date>b</quote>c</date>'
    annotated = parse_markup(markup)
    assert annotated == AnnotatedText("abc", [Span("quote", 0, 2, {"id": "1"}), Span("date", 1, 3)])
    assert write_markup(annotated) == markup


def test_crossing_spans_of_one_tag_say_which_one_ends() -> None:
    markup = '<quote id="1">a<quote id="2">b</quote id="1">c</quote>'
    annotated = parse_markup(markup)
    assert annotated.spans == [Span("quote", 0, 2, {"id": "1"}), Span("quote", 1, 3, {"id": "2"})]
    assert write_markup(annotated) == markup


def test_escapes_in_text_and_attributes() -> None:
    markup = """<person name='"Край" &amp; Ко'>&lt;…&gt; &amp;amp; > &quot;</person>"""
    annotated = parse_markup(markup)
    assert annotated.text == '<…> &amp; > "'
    assert annotated.spans[0].attributes == {"name": '"Край" & Ко'}
    assert parse_markup(write_markup(annotated)) == annotated


TEXT = st.text(st.sampled_from("аб <>&\"'/=\n\r\u2028\u0301😀«»;lt"), min_size=1, max_size=20)
VALUE = st.text(st.sampled_from("аб <>&\"';=\n"), max_size=6)


@st.composite
def annotated_texts(draw: st.DrawFn) -> AnnotatedText:
    text = draw(TEXT)
    spans = []
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        tag = draw(st.sampled_from(["person", "cue", "date"]))
        attributes = {"person": {"name": draw(VALUE), "role": draw(VALUE)}, "cue": {"quote": draw(VALUE)}, "date": {}}
        spans.append(Span(tag, start, end, attributes[tag]))
    return AnnotatedText(text, sorted(spans, key=lambda span: (span.start, -span.end)))


def crosses(first: Span, second: Span) -> bool:
    return first.start < second.start < first.end < second.end


@given(annotated_texts())
def test_writing_and_parsing_gives_the_same_back(annotated: AnnotatedText) -> None:
    alike = [
        (a, b)
        for a, b in combinations(annotated.spans, 2)
        if (a.tag, dict(a.attributes)) == (b.tag, dict(b.attributes))
    ]
    if any(crosses(a, b) or crosses(b, a) for a, b in alike):
        with pytest.raises(InputError, match="cross"):
            write_markup(annotated)
    else:
        assert parse_markup(write_markup(annotated)) == annotated


@given(st.text(st.sampled_from('<>/&; "=abdatequote1\n'), max_size=40))
def test_any_markup_is_read_or_refused_with_its_place(markup: str) -> None:
    try:
        annotated = parse_markup(markup, source="x.gold")
    except InputError as error:
        refusal = str(error)
    else:
        refusal = ""
        assert parse_markup(write_markup(annotated)) == annotated
    assert not refusal or re.match(r"x\.gold:\d+:\d+: .{10}", refusal)


@pytest.mark.parametrize(
    ("start", "end"), [(0, 0), (-1, 2), (1, 4)], ids=["empty", "before the text", "after the text"]
)
def test_spans_outside_the_text_are_not_written(start: int, end: int) -> None:
    with pytest.raises(InputError, match="empty or outside"):
        write_markup(AnnotatedText("abc", [Span("date", start, end)]))


@pytest.mark.parametrize(
    ("markup", "place", "message"),
    [
        ("один\nдва <city>Томск</city>", "2:5", "unknown tag <city>; the tags are quote, cue"),
        ("<date>вчера", "1:1", "<date> is never closed; add </date>"),
        ("вчера</date>", "1:6", "</date> closes nothing"),
        ("<quote>да</quote>", "1:1", '<quote> lacks the attribute id; write <quote id="…">'),
        ('<date day="1">1 мая</date>', "1:1", "<date> has no attribute day; it may have type, edtf"),
        ('<date type="DAY">1 мая</date>', "1:1", 'type="DAY" is none of DATE, TIME'),
        ("а <date></date>", "1:3", "<date> holds no text"),
        ("a < b", "1:3", "write &lt; for it"),
        ("a\n\nR&D", "3:2", "write &amp; for it"),
        ("&nbsp;", "1:1", "unknown escape &nbsp;"),
        ("<quote id=1>да</quote>", "1:1", "begins no complete tag"),
    ],
)
def test_mistakes_in_the_markup(markup: str, place: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_markup(markup, source="a.gold")
    assert str(caught.value).startswith(f"a.gold:{place}: ")
    assert message in str(caught.value)


# --- gold articles ---


def test_gold_article() -> None:
    article = parse_gold(BRIDGE)
    text = article.article.text
    assert article.article.doc_id == "bridge"
    assert article.article.anchor == dt.date(2024, 3, 14)
    first, second, third = article.quotes
    assert [text[start:end] for start, end in first["spans"]] == ["Он сказал: „Вчера“", "Мост готов"]
    assert first["cue_span"] is not None
    assert text[slice(*first["cue_span"])] == "заявил"
    assert (first["form"], first["speaker_kind"], first["via"]) == ("inline", "person", "ТАСС")
    assert first["aliases"] == ["Орлов", "мэр"]
    assert (second["parent"], second["speaker"], second["speaker_kind"]) == (1, None, "unknown")
    assert third["parent"] is None
    assert third["mention_span"] == first["mention_span"]
    assert [(quote["id"], quote["polarity"]) for quote in article.unasserted] == [(4, "negated")]
    assert [(date["text"], date["type"], date["start_date"]) for date in article.dates] == [
        ("Вчера", "DATE", "2024-03-13"),
        ("по средам", "SET", None),
    ]
    assert [(mention["text"], mention["label"], mention["role"]) for mention in article.entities] == [
        ("Орлов", "PER", "мэр")
    ]


def test_formatting_is_the_inverse_of_parsing() -> None:
    article = parse_gold(BRIDGE)
    assert parse_gold(format_gold(article)) == article
    assert format_gold(parse_gold(format_gold(article))) == format_gold(article)


MIDNIGHT = dt.datetime(2024, 3, 14, tzinfo=dt.UTC)
HARD = st.text(st.sampled_from("аб <>&\"'/=:#x;d0\n\t\r\x00\x1f\x85\xa0\u2028\u202e\ufeff\ufffe\u0301😀"), max_size=12)


@given(
    HARD.filter(bool), HARD.filter(bool), st.dictionaries(st.sampled_from(["title", "author", "url", "source"]), HARD)
)
def test_every_odd_article_is_kept(
    tmp_path_factory: pytest.TempPathFactory, text: str, doc_id: str, known: dict[str, Any]
) -> None:
    article = Article(text=text, doc_id=doc_id, published=MIDNIGHT, anchor=dt.date(2024, 3, 15), **known)
    name: GoldEntity = {"start": 0, "end": 1, "text": text[:1], "label": "ORG", "name": doc_id, "role": None}
    gold = GoldArticle(article, [], [], [name])
    assert parse_gold(format_gold(gold)) == gold
    file = tmp_path_factory.mktemp("gold") / "a.gold"
    for newline in ("\n", "\r\n"):  # as it was written, and as an editor of Windows saves it
        file.write_text(format_gold(gold), encoding="utf-8", newline=newline)
        assert read_gold(file) == gold


def test_escapes_in_the_header_and_what_only_looks_like_one() -> None:
    content = gold("текст", header="id: a\nurl: https://example.org/?a=1&b=2&#x26;#xd;\ntitle: Дождь&#xa;&#x20;\n")
    article = parse_gold(content).article
    assert (article.url, article.title) == ("https://example.org/?a=1&b=2&#xd;", "Дождь\n ")
    assert format_gold(parse_gold(content)) == content


@pytest.mark.parametrize("escape", ["&#x110000;", "&#xd800;", "&#x1234567;", "&#13;"])
def test_numbers_that_are_no_characters(escape: str) -> None:
    with pytest.raises(InputError, match="write &amp; for"):
        parse_markup(f"а{escape}б")


def test_organizations_and_places() -> None:
    markup = '<organization name="Мэрия Томска">мэрия <place name="Томск">Томска</place></organization>'
    article = parse_gold(gold(markup))
    assert [(one["label"], one["text"], one["name"]) for one in article.entities] == [
        ("ORG", "мэрия Томска", "Мэрия Томска"),
        ("LOC", "Томска", "Томск"),
    ]
    assert format_gold(article) == gold(markup)


def test_explicit_days_stand_where_edtf_cannot_say_them() -> None:
    content = gold('<date start="2023-09-16" end="2024-09-04">5784 год</date>')
    (date,) = parse_gold(content).dates
    assert (date["edtf"], date["start_date"], date["end_date"]) == (None, "2023-09-16", "2024-09-04")
    assert format_gold(parse_gold(content)) == content


def test_a_text_may_begin_with_empty_lines_and_the_moment_of_publication_is_kept() -> None:
    content = gold("\nтекст\n", header="id: a\npublished: 2024-03-14T10:30:00+03:00\n")
    assert parse_gold(content).article.text == "\nтекст\n"
    assert format_gold(parse_gold(content)) == content


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        ("id: a", "1:1", "no empty line"),
        (gold("т", header="title: b\n"), "1:1", "no id"),
        (gold("т", header="id: a\nавтор: b\n"), "2:1", "no header line: 'автор: b'"),
        (gold("т", header="id: a\npublished: 14 марта\n"), "1:1", "14 марта is no ISO date; write 2024-03-14"),
        (gold('<quote id="1">да</quote>'), "3:1", "first segment of quote 1 lacks the type"),
        (gold('<quote id="1" type="direct">да</quote> <quote id="1" type="direct">нет</quote>'), "3:40", "twice"),
        (gold('<quote id="a" type="direct">да</quote>'), "3:1", "write a number"),
        (gold('<cue quote="3">сказал</cue>'), "3:1", "quote 3, which is not there"),
        (gold('<quote id="1" type="direct">да\nнет</quote>'), "3:1", "runs over a line break"),
        (
            gold('<quote id="1" type="direct">да</quote>\n<cue quote="1">а</cue> <cue quote="1">б</cue>'),
            "4:24",
            "second <cue>",
        ),
        (gold('<date edtf="2024-13">март</date>'), "3:1", "'2024-13' is not an EDTF date"),
        (gold("<date>5 <date>марта</date></date>"), "3:9", "overlaps"),
    ],
)
def test_mistakes_in_a_gold_file(content: str, place: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_gold(content, source="a.gold")
    assert str(caught.value).startswith(f"a.gold:{place}: ")
    assert message in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.gold"
    with pytest.raises(InputError, match="no such gold file"):
        read_gold(path)
    path.write_bytes("id: a\n\nдень".encode("cp1251"))
    with pytest.raises(InputError, match="UTF-8"):
        read_gold(path)


# --- EDTF ---


@pytest.mark.parametrize(
    ("edtf", "first", "last"),
    [
        ("2024-03-14", "2024-03-14", "2024-03-14"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("198X", "1980-01-01", "1989-12-31"),
        ("18XX/..", "1800-01-01", None),
        ("2024-23", "2024-09-01", "2024-11-30"),
        ("2024-12/2025-02", "2024-12-01", "2025-02-28"),
        ("2024-36", "2024-10-01", "2024-12-31"),
        ("2024-40", "2024-01-01", "2024-06-30"),
        ("../2024-09", None, "2024-09-30"),
        ("2024-05-21~/2024-05-31~", "2024-05-21", "2024-05-31"),
        ("2024-03-14T15:30:00", "2024-03-14", "2024-03-14"),
    ],
)
def test_days_of_edtf(edtf: str, first: str | None, last: str | None) -> None:
    assert [day and day.isoformat() for day in edtf_days(edtf)] == [first, last]


@pytest.mark.parametrize("edtf", ["", "март", "2024-13", "2024-02-30", "2024-33-01", "198X-05", "2024-05/2024-04"])
def test_strings_that_are_no_edtf(edtf: str) -> None:
    with pytest.raises(ValueError, match=r"EDTF|range|before"):
        edtf_days(edtf)
