"""The search: its language, what it finds, and that nothing typed can break it."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import svodka
from explore_data import ARTICLES, opened, tables
from export_data import hostile_tables, odd_texts
from svodka.explore.search.documents import DocumentHit, document, search_documents
from svodka.explore.search.marks import Lemma, Piece, marked
from svodka.explore.search.query import parse
from svodka.explore.search.quotes import Hit, search
from svodka.explore.search.rows import COLUMNS, all_rows
from svodka.explore.search.selection import Filters
from svodka.schema import TABLES
from svodka.view.html import document_html
from svodka.writers.documents import documents
from svodka.writers.formats import export

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def corpus() -> Iterator[sqlite3.Connection]:
    with opened() as connection:
        yield connection


def content(hit: Hit) -> str:
    return "".join(piece.text for piece in hit.content)


def marks(pieces: tuple[Piece, ...]) -> list[str]:
    return [piece.text for piece in pieces if piece.is_hit]


@pytest.mark.parametrize(
    ("text", "found", "words"),
    [
        ("заявление", 2, {"Заявления", "заявлением"}),
        ("ЗАЯВЛЕНИЯ", 2, {"Заявления", "заявлением"}),
        ("елка", 1, {"ёлки"}),
        ("ёлку", 1, {"ёлки"}),
        ("вода мост", 1, {"Вода", "мост"}),
        ('"новый мост"', 1, {"новый мост"}),
        ("«новый мост»", 1, {"новый мост"}),
        ("«новому мосту»", 0, set()),
        ("новому мосту", 1, {"новый", "мост"}),
        ("прив*", 1, {"привезут"}),
        ("вице-пре*", 1, {"Вице-премьера"}),
        ("вице-премьер", 1, {"Вице-премьера"}),
        ("вице -премьер", 0, set()),
        ("мост -закрыт", 2, {"мост", "моста"}),
        ("мост -«новый мост»", 2, {"моста", "мост"}),
        ("сталь ИЛИ песок", 2, {"Сталь", "Песок"}),
        ("сталь | песок", 2, {"Сталь", "Песок"}),
        ("Песков", 0, set()),  # the name, and no sand
        ("стали", 2, {"стали", "Сталь"}),  # of either
        ("сталь", 1, {"Сталь"}),
        ("не", 2, {"не"}),
        ("мост & /никогда/", 1, {"моста", "никогда"}),
        ("никогда !!! ,.", 1, {"никогда"}),
        ("слон", 0, set()),
    ],
)
def test_words_are_found_and_marked(corpus: sqlite3.Connection, text: str, found: int, words: set[str]) -> None:
    result = search(corpus, Filters(text=text))
    assert result.total == found
    assert {mark for hit in result.hits for mark in marks(hit.content)} == words
    assert all(marks(hit.content) for hit in result.hits)


def test_only_what_is_unwanted(corpus: sqlite3.Connection) -> None:
    everything = {hit.number for hit in search(corpus, Filters(), limit=99).hits}
    with_it = {hit.number for hit in search(corpus, Filters("мост")).hits}
    assert {hit.number for hit in search(corpus, Filters("-мосты"), limit=99).hits} == everything - with_it != set()


@pytest.mark.parametrize(
    ("text", "explained"),
    [
        ("", ()),
        (" \n", ()),
        ("?!", ("nothing to look for: no letter and no digit",)),
        ("стали", ("стали: стать, сталь in any form",)),
        ("мост 16", ("мост in any form", "16")),
        ("а -«б в»", ("а in any form", "without «б в» as it stands")),
        ("мост* ИЛИ 3,5", ("мост… or 3,5",)),
        ("ИЛИ мост ИЛИ", ("мост in any form",)),
        ("16 " * 3, ("16",)),
    ],
)
def test_explains_how_it_was_understood(text: str, explained: tuple[str, ...]) -> None:
    assert parse(text).explained == explained


def test_too_long_a_text_is_cut_and_said_so() -> None:
    query = parse(" ".join(f"x{number}" for number in range(99)))
    assert len(query.wanted) == 32
    assert query.explained[-1] == "the rest is not looked for: it is too long"
    assert parse("x" * 10_000).explained == ("x" * 1000 + " in any form", query.explained[-1])


def test_nothing_to_look_for_finds_nothing(corpus: sqlite3.Connection) -> None:
    assert search(corpus, Filters("—")).total == search_documents(corpus, "—").total == 0


ODD = [*"\"«»“”„*-−|()^:{}+\x00\\'", "a", "ё", "й", " OR ", " AND ", "NEAR("]


@given(st.one_of(st.text(), st.lists(st.sampled_from(ODD)).map("".join)))
@example('"' * 10_000)
@example("(" * 10_000)
@example("«" * 5_000 + "»" * 5_000)
@example("слово " * 2_000)
@example("-\x00")
@example("lemmas : мост AND NOT")
@example("\U00010348 \U0001e900 \ua66e")
def test_no_text_is_wrong(text: str) -> None:
    with opened() as connection:
        found = search(connection, Filters(text))
        query = parse(text)
        assert found.total == 0 or not query.finds_nothing
        assert bool(query.explained) == bool(text.strip())
        assert search_documents(connection, text).total <= len(ARTICLES)
        for hit in found.hits:
            assert content(hit)


@given(odd_texts(), st.text(max_size=20))
def test_marks_change_no_text(text: str, query: str) -> None:
    pieces = marked(text, parse(f"{query} мост*"), [Lemma(0, min(3, len(text)), "мост")])
    assert "".join(piece.text for piece in pieces) == text


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        (Filters(speaker=""), []),
        (Filters(role="губернатор"), ["4", "6"]),
        (Filters(role=""), ["2", "2", "5"]),
        (Filters(via="ТАСС"), ["1"]),
        (Filters(month="2021-09"), ["0", "1"]),
        (Filters(month=""), ["5"]),
        (Filters(year="2022"), ["4", "6"]),
        (Filters(day="2022-01-16"), ["6"]),
        (Filters(doc_id="2"), ["2", "2"]),
        (Filters(type="direct", month="2021-11"), ["2", "3"]),
        (Filters(kind="group"), ["5"]),
        (Filters(form="block"), []),
        (Filters(polarity="asserted", text="мост"), ["1", "5", "6"]),
        (Filters(role="никто"), []),
        (Filters(speaker="\x00' OR 1"), []),
    ],
)
def test_filters_hold_at_once(corpus: sqlite3.Connection, filters: Filters, numbers: list[str]) -> None:
    found = search(corpus, filters)
    assert sorted(hit.doc_id for hit in found.hits) == numbers
    assert [row["doc_id"] for row in all_rows(corpus, filters)] == [
        hit.doc_id for hit in search(corpus, filters, order="newest").hits
    ]


def test_orders_and_pages(corpus: sqlite3.Connection) -> None:
    def days(order: str, **page: int) -> list[str | None]:
        return [hit.day for hit in search(corpus, Filters(), order=order, **page).hits]  # type: ignore[arg-type]

    newest, oldest = days("newest"), days("oldest")
    assert newest == [*sorted(filter(None, newest), reverse=True), None]
    assert oldest == [*sorted(filter(None, oldest)), None]
    assert days("newest", limit=2, offset=3) == newest[3:5]
    assert days("relevance", limit=3) == newest[:3]  # there is nothing to be relevant to
    assert days("newest", offset=99) == days("newest", limit=0) == days("newest", limit=-1) == []
    assert [search(corpus, Filters(text), order="relevance").order for text in ("", "-мост", "мост")] == [
        "newest", "newest", "relevance",
    ]  # fmt: skip


def test_too_many_to_rank_are_shown_newest_first(corpus: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("quotes", "documents"):
        monkeypatch.setattr(f"svodka.explore.search.{module}.MOST_RANKED", 1)
    newest = search(corpus, Filters("мост"), order="newest")
    assert (search(corpus, Filters("мост")).order, search(corpus, Filters("мост")).hits) == ("newest", newest.hits)
    assert [hit.doc_id for hit in search_documents(corpus, "мост").hits] == ["6", "1", "5"]
    assert search(corpus, Filters("никогда")).order == "relevance"


def test_a_hit_has_what_a_page_shows(corpus: sqlite3.Connection) -> None:
    (hit,) = search(corpus, Filters("заявление", type="direct")).hits
    assert (hit.doc_id, hit.quote_id, hit.title, hit.form) == ("0", 0, "Паводок в Заречном", "inline")
    assert (hit.speaker, hit.speaker_kind, hit.role) == ("Анна Петрова", "person", "мэр Заречного")
    assert (hit.before, content(hit), hit.after) == (
        "«", "Заявления жителей приняты, ёлки уберут", "», — сказала мэр Заречного Анна Петрова.",
    )  # fmt: skip
    assert search(corpus, Filters(speaker=hit.speaker_id)).total == 2
    nul = search(corpus, Filters(day="2022-01-16")).hits[0]
    assert (nul.title, content(nul)) == ("\x00", "Вода \x00 прибывает, а мост закрыт")


def test_documents_are_found(corpus: sqlite3.Connection) -> None:
    def found(text: str, **asked: str) -> list[str]:
        return [hit.doc_id for hit in search_documents(corpus, text, **asked).hits]  # type: ignore[arg-type]

    assert found("") == ["6", "4", "3", "2", "1", "0", "5"]
    assert found("", month="2021-11") == ["3", "2"]
    assert found("", month="") == ["5"]
    assert set(found("губернаторы")) == {"6", "4"}
    assert set(found("мост")) == {"1", "5", "6"}
    assert set(found("мост -дождь")) == {"6", "5"}
    assert found("-мост") == ["4", "3", "2", "0"]
    hit: DocumentHit = search_documents(corpus, "приняты").hits[0]
    assert (hit.n_quotes, hit.title, marks(hit.snippet)) == (1, "Паводок в Заречном", ["приняты"])


def test_a_snippet_is_the_words_around_the_first_hit(tmp_path: Path) -> None:
    text = f"{'Шёл дождь. ' * 40}Открыли мост. {'Шёл снег. ' * 40}"
    svodka.extract([text]).to_sqlite(tmp_path / "x.sqlite")
    with opened(tmp_path / "x.sqlite") as connection:
        snippet = search_documents(connection, "мосты").hits[0].snippet
    assert marks(snippet) == ["мост"]
    assert (snippet[0].text, snippet[-1].text) == ("… ", " …")
    assert len("".join(piece.text for piece in snippet)) < 260


def test_rows_have_all_columns_of_all_quotations(corpus: sqlite3.Connection) -> None:
    rows = list(all_rows(corpus, Filters()))
    assert len(rows) == tables().arrow("quotes").num_rows
    assert all(tuple(row) == tuple(COLUMNS) for row in rows)
    assert {row["content"] for row in rows} >= {"Заявления жителей приняты, ёлки уберут"}


def test_a_document_is_that_of_the_tables(corpus: sqlite3.Connection, tmp_path: Path) -> None:
    export([hostile_tables()], "sqlite", tmp_path / "x.sqlite")
    with opened(tmp_path / "x.sqlite") as hostile:
        for connection, part in ((corpus, tables()), (hostile, hostile_tables())):
            for expected in documents([part], TABLES):
                found = document(connection, expected.doc_id)
                assert found is not None
                assert found.text == expected.text
                assert document_html(found) == document_html(expected)  # the site shows what `svodka view` shows
                for name in ("sentences", "tokens", "mentions", "entities", "roles", "errors"):
                    assert getattr(found, name) == getattr(expected, name)
                assert found.quotes == [  # confidence is a single-precision number there
                    row | {"confidence": pytest.approx(row["confidence"])} for row in expected.quotes
                ]
                assert [str(row["start_date"]) for row in found.dates] == [
                    str(row["start_date"]) for row in expected.dates
                ]
    assert document(corpus, "nobody") is None
