"""Facets, speakers and figures, against what pandas counts."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from explore_data import opened, tables
from export_data import sample_tables
from svodka.explore.search.counts import MediumSpeaker, MonthCount, by_month, filled, media_by_speakers, top_speakers
from svodka.explore.search.facets import NAMES, facet, facets, years
from svodka.explore.search.heads import head_of
from svodka.explore.search.names import named
from svodka.explore.search.query import parse
from svodka.explore.search.quotes import search
from svodka.explore.search.rows import all_rows
from svodka.explore.search.selection import Filters
from svodka.explore.search.speakers import RoleSpan, speaker, speakers
from svodka.tables import Tables
from svodka.writers.formats import export

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def corpus() -> Iterator[sqlite3.Connection]:
    with opened() as connection:
        yield connection


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("db") / "samples.sqlite"
    export([sample_tables()], "sqlite", path)
    with opened(path) as connection:
        yield connection


def speaker_id(connection: sqlite3.Connection, name: str) -> str:
    return speakers(connection, name).speakers[0].speaker_id


@pytest.mark.parametrize(
    "filters", [Filters(), Filters("сказать"), Filters("в -не"), Filters(type="direct"), Filters("не", kind="person")]
)
def test_counts_are_those_of_the_rows(samples: sqlite3.Connection, filters: Filters) -> None:
    rows = list(all_rows(samples, filters))
    assert len(rows) == search(samples, filters).total > 0
    columns = {"speaker": "speaker_id", "head": "role", "role": "role", "via": "via", "month": "month", "type": "type"}
    for name, found in facets(samples, filters, limit=10_000).items():
        values = [row[columns[name]] for row in rows]
        if name == "head":
            values = [role and head_of(role) for role in values]
        if name == "via":  # as it is spelt in the text, while a facet leaves out marks around the whole of it
            values = [value and re.sub('^["«„“]([^"«»„“”]+)["»“”]$', r"\1", value) for value in values]
            assert '"Вишня-Пресс"' not in values
        assert {one.value: one.count for one in found.values} == {
            value: values.count(value) for value in values if value is not None
        }
        assert (found.n_missing, found.n_values) == (values.count(None), len(set(values) - {None}))
        counts = [one.count for one in found.values]
        assert name == "month" or counts == sorted(counts, reverse=True)


def test_few_values_are_shown_and_the_chosen_one_among_them(samples: sqlite3.Connection) -> None:
    whole = facet(samples, Filters(), "role")
    rare = whole.values[-1]
    few = facets(samples, Filters(role=rare.value, text="слонопотам"), limit=2)["role"]
    assert [(one.value, one.count, one.is_chosen) for one in few.values] == [(rare.value, 0, True)]
    shown = facets(samples, Filters(), limit=2)
    assert tuple(shown) == NAMES
    assert shown["role"].values == whole.values[:2]
    assert shown["role"].n_values == whole.n_values > 2
    months = [one.value for one in shown["month"].values]
    assert months == sorted(months, reverse=True)


def test_years_have_their_months(samples: sqlite3.Connection) -> None:
    found = years(samples, Filters(year="2023"))
    assert [(one.value, one.is_chosen) for one in found.values] == [("2023", True)]
    found = years(samples, Filters())
    days = [row["day"] for row in all_rows(samples, Filters())]
    assert [one.value for one in found.values] == sorted({day[:4] for day in days if day}, reverse=True)
    for one in found.values:
        assert one.count == search(samples, Filters(year=one.value)).total > 0
    assert found.n_missing == search(samples, Filters(year="")).total == days.count(None)


@pytest.mark.parametrize(
    ("role", "head"),
    [
        ("Президент", "президент"),
        ("27-летний глава семейства", "глава"),
        ("первый вице-премьер", "вице-премьер"),
        ("ведущий научный сотрудник", "сотрудник"),
        ("командующий ВВС", "командующий"),
        ("столичный уполномоченный по правам ребёнка", "уполномоченный"),
        ("и.о. губернатора", "и.о."),
        ("замглавы МИД", "замглавы"),
        ("футбольная премьер-лига", "премьер-лига"),
        ("другой адвокат", "адвокат"),
        ("известный", "известный"),
        ("№ 7", ""),
    ],
)
def test_a_role_has_a_main_word(role: str, head: str) -> None:
    assert head_of(role) == head


def test_roles_of_one_main_word_are_counted_together(corpus: sqlite3.Connection) -> None:
    found = facet(corpus, Filters(head="мэр"), "head")
    assert {one.value: one.count for one in found.values if one.is_chosen} == {"мэр": 2}
    assert {one.value for one in facet(corpus, Filters(head="мэр"), "role").values} == {"мэр Заречного", "мэр"}
    assert [one.value for one in facet(corpus, Filters(), "head", contains="губ").values] == ["губернатор"]
    assert search(corpus, Filters(head="никто")).total == 0
    assert search(corpus, Filters(head="")).total == search(corpus, Filters(role="")).total > 0


@pytest.mark.parametrize(
    ("text", "speakers", "words"),
    [
        ("Орлов мост", ["Пётр Орлов"], "орлов"),
        ("заявление ПЕТРА", ["Пётр Орлов"], "петр"),
        ("Петровой", ["Анна Петрова", "Петрова"], "петрова"),
        ("«Анна Петрова»", ["Анна Петрова"], "анна петрова"),
        ("Петр*", [], ""),
        ("-Орлов", [], ""),
        ("жители", [], ""),
        ("", [], ""),
    ],
)
def test_words_name_speakers(corpus: sqlite3.Connection, text: str, speakers: list[str], words: str) -> None:
    found = named(corpus, parse(text))
    assert ([one.speaker for one in found.speakers], found.total, found.words) == (speakers, len(speakers), words)
    assert named(corpus, parse(text), limit=1).speakers == found.speakers[:1]


def test_values_are_looked_for(corpus: sqlite3.Connection) -> None:
    assert [one.label for one in facet(corpus, Filters(), "speaker", contains="ПЕТР ОР").values] == ["Пётр Орлов"]
    assert facet(corpus, Filters(), "role", contains="%").values == []
    with pytest.raises(KeyError):
        facet(corpus, Filters(), "text")


def test_speakers_are_listed(corpus: sqlite3.Connection) -> None:
    def names(text: str = "", **asked: object) -> list[str]:
        return [row.name for row in speakers(corpus, text, **asked).speakers]  # type: ignore[arg-type]

    assert names("ПЕТР") == names("пётр") == ["Анна Петрова", "Петрова", "Пётр Орлов"]
    assert names("ова", limit=1, offset=1) == ["Петрова"]
    assert names("орлов пётр") == ["Пётр Орлов"]
    assert names("о") == ["Пётр Орлов", "Анна Петрова", "Петрова", "Иван Песков"]  # first what begins so
    assert names(kind="group") == ["жители"]
    assert names("'; --") == names("\x00") == names(offset=99) == []
    assert speakers(corpus, "ова").total == 2


def test_a_speaker(corpus: sqlite3.Connection) -> None:
    found = speaker(corpus, speaker_id(corpus, "Анна Петрова"))
    assert found is not None
    assert (found.row.name, found.row.kind) == ("Анна Петрова", "person")
    assert (found.row.n_quotes, found.row.n_documents) == (2, 2)
    assert found.registry is not None
    assert found.registry.names == ("Анна Петрова",)
    assert found.roles == [
        RoleSpan("мэр Заречного", "2021-09-07", "2021-09-07", 1), RoleSpan("мэр", "2021-09-08", "2021-09-08", 1),
    ]  # fmt: skip
    assert {medium.via: medium.count for medium in found.media} == {None: 1, "ТАСС": 1}
    assert found.months == [MonthCount("2021-09", 2)]
    assert [document.doc_id for document in found.documents] == ["1", "0"]
    assert [document.doc_id for document in speaker(corpus, found.row.speaker_id, documents=1).documents] == ["1"]  # type: ignore[union-attr]
    group = speaker(corpus, "group: жители")
    assert group is not None
    assert (group.registry, group.months, group.row.first_day) == (None, [], None)
    assert speaker(corpus, "nobody") is None


def test_months_have_no_gaps(corpus: sqlite3.Connection) -> None:
    assert [(month.month, month.count) for month in by_month(corpus, Filters())] == [
        ("2021-09", 2), ("2021-10", 0), ("2021-11", 3), ("2021-12", 0), ("2022-01", 2),
    ]  # fmt: skip
    assert by_month(corpus, Filters("слон")) == []
    assert [one.month for one in filled([("0999-12", 1), ("1000-01", 1)])] == ["0999-12", "1000-01"]


def test_top_speakers_and_media(corpus: sqlite3.Connection) -> None:
    top = top_speakers(corpus, Filters(), 3)
    assert {(one.speaker, one.count) for one in top} == {("Анна Петрова", 2), ("Пётр Орлов", 2), ("Петрова", 2)}
    anna, ivan = (speaker_id(corpus, name) for name in ("Анна", "Иван Песков"))
    cells = media_by_speakers(corpus, Filters())
    assert {(cell.via, cell.speaker_id): cell.count for cell in cells} == {
        ("Reuters", anna): 0, ("Reuters", ivan): 1, ("ТАСС", anna): 1, ("ТАСС", ivan): 0,
    }  # fmt: skip
    assert len(media_by_speakers(corpus, Filters(), 1, 5)) == 1
    assert media_by_speakers(corpus, Filters("слон")) == []
    assert isinstance(cells[0], MediumSpeaker)


def test_a_corpus_without_quotations(tmp_path: Path) -> None:
    export([Tables({"documents": tables().arrow("documents")})], "sqlite", tmp_path / "x.sqlite")
    with opened(tmp_path / "x.sqlite") as connection:
        assert search(connection, Filters("мост")).total == search(connection, Filters("-мост")).total == 0
        assert [found.values for found in facets(connection, Filters()).values()] == [[]] * len(NAMES)
        assert (by_month(connection, Filters()), speakers(connection).total) == ([], 0)
        assert media_by_speakers(connection, Filters()) == []
        assert top_speakers(connection, Filters()) == []
