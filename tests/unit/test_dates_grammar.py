"""The scanner and the chart: from characters to what the patterns see."""

import re

import pytest

from svodka.stages.columns import fold
from svodka.stages.dates.chart import Grammar, Pattern
from svodka.stages.dates.lexemes import LEXICONS, read_lexicon
from svodka.stages.dates.patterns import PATTERNS, TRIGGERS, grammar
from svodka.stages.dates.site import Site

LEXICON = grammar().lexicon


def _readings(text: str) -> dict[str, object]:
    lexemes = LEXICON.scan(text)
    assert len(lexemes) == 1
    return dict(lexemes.readings(0))


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("12.06.2019", "date", (2019, 6, 12)),
        ("12/06/19", "date", (2019, 6, 12)),
        ("12.06.99", "date", (1999, 6, 12)),
        ("2024-05-17", "date", (2024, 5, 17)),
        ("15:30", "clock", "T15:30:00"),
        ("9:40:05", "clock", "T09:40:05"),
        ("15.30", "dotted_clock", "T15:30:00"),
        ("2014", "y4", 2014),
        ("2014-м", "year_ordinal", 2014),
        ("1990-х", "decade", 1990),
        ("90-е", "decade", 90),
        ("16-го", "ordinal", 16),
        ("2022/23", "year_span", (2022, 2023)),
        ("7,5", "decimal", "7.5"),
        ("47-летний", "length_adj", "P47Y"),
        ("двадцатипятилетняя", "length_adj", "P25Y"),
        ("трёхдневного", "length_adj", "P3D"),
        ("полуторачасовой", "length_adj", "PT1.5H"),
        ("XIX", "roman", 19),
        ("ХХ", "roman", 20),
        ("Среду", "weekday", 3),
        ("СЕНТЯБРЯ", "month", 9),
    ],
)
def test_a_lexeme_reads_as(text: str, kind: str, value: object) -> None:
    assert _readings(text)[kind] == value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("6.1.12", "date"),
        ("3:2", "clock"),
        ("25:10", "clock"),
        ("24:30", "clock"),
        ("2.10", "dotted_clock"),
        ("2022/24", "year_span"),
        ("летний", "length_adj"),
        ("123456", "int"),
        ("²", "int"),
    ],
)
def test_a_lexeme_does_not_read_as(text: str, kind: str) -> None:
    assert kind not in _readings(text)


def test_lexemes_cover_all_but_the_blanks() -> None:
    text = "С 11–17 марта\n(в 9:40) прошёл «№ 5»"
    lexemes = LEXICON.scan(text)
    spans = [(lexemes.start(i), lexemes.end(i)) for i in range(len(lexemes))]
    assert "".join(text[start:end] for start, end in spans) == re.sub(r"[^\S\n]", "", text)
    assert [lexemes.word(i) for i in range(len(lexemes))] == [fold(text[start:end]) for start, end in spans]


def test_offsets_are_those_of_the_text_though_a_small_letter_is_longer() -> None:
    lexemes = LEXICON.scan(" İİ мая")
    assert (lexemes.start(1), lexemes.end(1), lexemes.word(1)) == (4, 7, "мая")


def test_the_latin_letter_c_is_the_preposition() -> None:
    assert LEXICON.scan("c мая").word(0) == "с"
    assert LEXICON.scan("C мая").readings(0) == LEXICON.scan("с").readings(0)


def test_lexicons_are_folded_and_of_three_columns() -> None:
    for name in LEXICONS:
        for _, value, forms in read_lexicon(name):
            assert value
            assert forms == forms.lower().replace("ё", "е")
            assert not re.search(r"//|/$|^/|\s\s", forms), forms


def test_only_what_holds_a_trigger_is_parsed() -> None:
    lexemes = LEXICON.scan("Он купил 5 домов и в среду уехал")
    islands = [[lexemes.word(i) for i in range(a, b)] for a, b in grammar().islands(lexemes)]
    assert islands == [["и", "в", "среду"]]


def test_the_longest_and_then_the_first_pattern_wins() -> None:
    patterns = [
        Pattern("first", "A", "month", lambda m: m["month"]),
        Pattern("second", "A", "month", lambda m: m["month"]),
        Pattern("long", "A", "month ','? month_b=month", lambda m: (m["month"], m["month_b"])),
    ]
    made = Grammar(patterns, frozenset(["month"]))
    assert made.find(Site(made.lexicon.scan("май"))) == [(0, 1, 5, "first")]
    assert made.find(Site(made.lexicon.scan("май, июнь"))) == [(0, 3, (5, 6), "long")]


def test_a_pattern_that_builds_none_is_refused() -> None:
    made = Grammar([Pattern("never", "A", "month", lambda _: None)], frozenset(["month"]))
    assert made.find(Site(made.lexicon.scan("май"))) == []


def test_a_pattern_that_cannot_be_read_is_named() -> None:
    with pytest.raises(ValueError, match=r"'month \?' cannot be read from '\?'"):
        Grammar([Pattern("wrong", "A", "month ?", lambda _: 1)], frozenset())


def test_every_kind_of_the_patterns_is_made_by_a_word_or_a_pattern() -> None:
    numeric = {
        "int",
        "y4",
        "ordinal",
        "ordinal_day",
        "ordinal_year",
        "year_ordinal",
        "decade",
        "date",
        "clock",
        "dotted_clock",
        "year_span",
        "decimal",
    }
    made = numeric | {"roman", "dash", "length_adj"} | {pattern.kind for pattern in PATTERNS}
    for name in LEXICONS:
        for kind, value, _ in read_lexicon(name):
            made |= {kind, f"{kind}:{value}"}
    for pattern in PATTERNS:
        for kind in re.findall(r"(?:^|[\s=(|])([\w:]+)(?=[\s?)|]|$)", pattern.form, flags=re.M):
            assert kind in made, (pattern.rule, kind)
    assert made >= TRIGGERS
