"""Persons, organisations and places joined across documents."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from link_data import day, tables_of
from svodka.check import check_tables
from svodka.errors import InputError
from svodka.link.authority import read_authority
from svodka.link.names import take_apart
from svodka.link.people import Person, join_people
from svodka.link.registry import Linked, link_tables
from svodka.link.things import Thing, join_things
from svodka.stages.pymorphy import get_dictionary
from svodka.tables import Tables


def groups(*people: Person) -> list[set[int]]:
    """Numbers of the persons that are one, each group once, by its first."""
    keys = join_people(people, get_dictionary())
    return [{n for n, other in enumerate(keys) if other == key} for key in dict.fromkeys(keys)]


def person(name: str, gender: str | None = "Masc", *, doc: str = "", roles: str = "", day: int | None = None) -> Person:
    return Person(doc or name, name, gender, frozenset(roles.split()), day)


# ---- names


@pytest.mark.parametrize(
    ("name", "given", "middle", "last", "initials"),
    [
        ("Иван Орлов", "иван", "", "орлов", ()),
        ("Орлов Иван", "иван", "", "орлов", ()),
        ("Пётр Ильич Орлов", "петр", "ильич", "орлов", ()),
        ("Аркадий Дворкович", "аркадий", "", "дворкович", ()),
        ("Иван Петрович", "иван", "петрович", "", ()),
        ("И. П. Орлов", "", "", "орлов", ("и", "п")),
        ("Орлов И.П.", "", "", "орлов", ("и", "п")),
        ("Джон Ф. Смит", "джон", "ф", "смит", ()),
        ("Леннарт Берг (Lennart Berg)", "леннарт", "", "берг", ()),
        ("Усама бен Тарик", "усама", "", "тарик", ()),
        ("Орлов", "", "", "орлов", ()),
        ("007", "", "", "007", ()),
    ],
)
def test_parts_of_names(name: str, given: str, middle: str, last: str, initials: tuple[str, ...]) -> None:
    assert take_apart(name, get_dictionary())[:4] == (given, middle, last, initials)


# ---- persons


def test_one_full_name_is_one_person_in_any_spelling_and_order() -> None:
    names = ("Пётр Орлов", "Петр Орлов", "ПЕТР ОРЛОВ", "Орлов Петр", "Наталья Климова", "Наталия Климова")
    assert groups(*(person(name, None) for name in names)) == [{0, 1, 2, 3}, {4, 5}]


def test_the_order_of_two_foreign_words_is_that_of_most_documents() -> None:
    assert groups(person("Мартен Верне"), person("Мартен Верне", doc="2"), person("Верне Мартен")) == [{0, 1, 2}]


def test_a_patronymic_joins_where_no_other_competes() -> None:
    assert groups(person("Иван Орлов"), person("Иван Петрович Орлов")) == [{0, 1}]
    apart = [person("Иван Орлов"), person("Иван Петрович Орлов"), person("Иван Ильич Орлов")]
    assert groups(*apart) == [{0}, {1}, {2}]


def test_gender_keeps_namesakes_apart_where_both_bear_the_first_name() -> None:
    assert groups(person("Саша Савченко", "Masc"), person("Саша Савченко", "Fem", doc="2")) == [{0}, {1}]
    # of a foreign name the gender is a guess
    assert groups(person("Винус Кларк", "Masc"), person("Винус Кларк", "Fem", doc="2")) == [{0, 1}]


def test_initials_join_the_only_name_they_fit() -> None:
    full = person("Иван Петрович Орлов")
    assert groups(full, person("И. П. Орлов")) == [{0, 1}]
    assert groups(full, person("А. П. Орлов")) == [{0}, {1}]
    assert groups(full, person("Игорь Павлович Орлов"), person("И. П. Орлов")) == [{0}, {1}, {2}]
    assert groups(person("И. П. Орлов"), person("Орлов И.П.")) == [{0, 1}]


def test_one_initial_needs_a_role_or_the_time() -> None:
    full = person("Иван Орлов", roles="мэр", day=10)
    assert groups(full, person("И. Орлов", roles="мэр")) == [{0, 1}]
    assert groups(full, person("И. Орлов", day=12)) == [{0, 1}]
    assert groups(full, person("И. Орлов", day=500)) == [{0}, {1}]


def test_a_surname_alone_needs_a_role_or_the_time() -> None:
    full = person("Иван Орлов", roles="мэр заречного", day=1000)
    assert groups(full, person("Орлов", roles="мэр")) == [{0, 1}]
    assert groups(full, person("Орлов", day=1020)) == [{0, 1}]
    assert groups(full, person("Орлов", day=2000)) == [{0}, {1}]
    assert groups(full, person("Орлов")) == [{0}, {1}]


def test_a_surname_alone_that_two_bear_joins_neither() -> None:
    two = [person("Иван Орлов", day=1), person("Пётр Орлов", day=1)]
    assert groups(*two, person("Орлов", day=1), person("Орлов", doc="2", day=1)) == [{0}, {1}, {2}, {3}]


def test_a_surname_alone_means_who_is_named_far_more_often() -> None:
    famous = [person("Иван Орлов", doc=str(number), day=1) for number in range(11)]
    keys = join_people([*famous, person("Пётр Орлов", day=1), person("Орлов", day=1)], get_dictionary())
    assert keys[-1] == keys[0] != keys[-2]


def test_a_surname_alone_means_the_better_known_for_whom_alone_the_time_speaks() -> None:
    known = [person("Иван Орлов", doc=str(number), day=1) for number in range(3)]
    assert groups(*known, person("Пётр Орлов", day=500), person("Орлов", day=1)) == [{0, 1, 2, 4}, {3}]
    assert groups(*known, person("Пётр Орлов", day=500), person("Орлов", day=500)) == [{0, 1, 2}, {3}, {4}]


def test_husband_and_wife_are_two() -> None:
    couple = [person("Иван Орлов", day=1), person("Анна Орлова", "Fem", day=1)]
    assert groups(*couple, person("Орлова", "Fem", day=1), person("Орлов", day=1)) == [{0, 3}, {1, 2}]
    undeclined = [person("Иван Савченко", day=1), person("Анна Савченко", "Fem", day=1)]
    assert groups(*undeclined, person("Савченко", "Fem", day=1), person("Савченко", None, day=1)) == [{0}, {1, 2}, {3}]


def test_first_names_alone_join_nobody() -> None:
    assert groups(person("Иван"), person("Иван", doc="2"), person("Иван Орлов")) == [{0}, {1}, {2}]


def test_a_word_that_is_no_common_surname_joins_its_like() -> None:
    assert groups(person("Рональдиньо"), person("Рональдиньо", doc="2")) == [{0, 1}]
    assert groups(person("Максимов"), person("Максимов", doc="2")) == [{0}, {1}]
    assert groups(*(person("Максимов", doc=str(number)) for number in range(5))) == [{0, 1, 2, 3, 4}]


def test_namesakes_with_careers_that_nobody_has_both_of() -> None:
    coach, prosecutor = person("Юрий Орлов", roles="главный тренер"), person("Юрий Орлов", doc="2", roles="прокурор")
    plain = person("Юрий Орлов", doc="3")
    assert groups(coach, coach._replace(doc_id="4"), plain, prosecutor) == [{0, 1, 2}, {3}]
    both = person("Юрий Орлов", doc="5", roles="бывший тренер депутат")
    assert groups(coach, prosecutor, both) == [{0, 1, 2}]


# ---- organisations and places


def thing(name: str, *others: str, label: str = "ORG", doc: str = "", n_mentions: int = 1) -> Thing:
    return Thing(doc or name, label, name, n_mentions, others)


def test_spellings_of_a_name_are_one() -> None:
    first, *others = join_things([thing("Роснефть"), thing("«Роснефть»"), thing('"РОСНЕФТЬ"')])
    assert set(others) == {first}
    assert len(set(join_things([thing("Нью - Йорк", label="LOC"), thing("Нью-Йорк", label="LOC")]))) == 1
    assert len(set(join_things([thing("РФ", label="LOC"), thing("Российская Федерация", label="LOC")]))) == 1


def test_an_acronym_joins_the_name_that_a_document_gives_it() -> None:
    full, short = thing("Заречный союз пчеловодов", "ЗСП"), thing("ЗСП")
    assert len(set(join_things([full, short]))) == 1
    assert len(set(join_things([thing("Заречный союз пчеловодов"), short]))) == 2
    assert len(set(join_things([full, short, thing("Зимний салон поэтов", "ЗСП")]))) == 3
    assert len(set(join_things([thing("Лимпопо", "ЮАР", label="LOC"), thing("ЮАР", label="LOC")]))) == 2


def test_a_body_that_every_country_has_needs_its_country() -> None:
    russia = thing("Россия", label="LOC", doc="a", n_mentions=3)
    georgia = thing("Грузия", label="LOC", doc="b", n_mentions=3)
    keys = join_things(
        [russia, georgia, thing("МВД", doc="a"), thing("МВД", doc="b"), thing("МВД России"), thing("МВД", doc="c")]
    )
    assert keys[2] == keys[4]
    assert len(set(keys[2:])) == 3


def test_names_that_many_places_have_join_nothing() -> None:
    names = ("Верховный суд", "Демократическая партия", "полиция")
    for name in names:
        assert len(set(join_things([thing(name, doc="1"), thing(name, doc="2")]))) == 2
    for name in ("Международный суд", "Партия «Заря»", "Верховный суд России"):
        assert len(set(join_things([thing(name, doc="1"), thing(name, doc="2")]))) == 1


# ---- tables


ORLOV = [
    {"id": "1", "published": day("2020-02-01"), "entities": [{"name": "Иван Орлов", "roles": ["Мэр"], "quotes": 1}]},
    {"id": "2", "published": day("2021-05-01"), "entities": [{"name": "Иван Петрович Орлов", "roles": ["губернатор"]}]},
    {"id": "3", "published": day("2020-01-01"), "entities": [{"name": "Иван Орлов", "roles": ["мэр", "мэр"]}]},
    {"id": "4", "entities": [{"name": "Иван Орлов", "quotes": 2}, {"name": "Анна Орлова", "gender": "Fem"}]},
]


def link(documents: Sequence[dict[str, Any]], authority: Path | None = None) -> Linked:
    return link_tables(tables_of(documents), get_dictionary(), read_authority(authority) if authority else None)


def test_a_row_of_the_registry() -> None:
    registry = Tables({"registry": link(ORLOV).registry}).registry
    row = registry.iloc[0]
    assert (row["name"], row["names"]) == ("Иван Петрович Орлов", ["Иван Орлов", "Иван Петрович Орлов"])
    assert (row["gender"], row["n_documents"], row["n_mentions"], row["n_quotes"]) == ("Masc", 4, 8, 3)
    assert (row["first_date"], row["last_date"]) == (dt.date(2020, 1, 1), dt.date(2021, 5, 1))
    assert [(role["role"], role["first"], role["last"], role["n_documents"]) for role in row["roles"]] == [
        ("Мэр", dt.date(2020, 1, 1), dt.date(2020, 2, 1), 2),
        ("губернатор", dt.date(2021, 5, 1), dt.date(2021, 5, 1), 1),
    ]
    assert registry["name"].tolist()[1:] == ["Анна Орлова"]


def test_tables_that_are_missing_leave_unknown_what_they_would_tell() -> None:
    tables = {name: table for name, table in tables_of(ORLOV).items() if name in ("documents", "entities")}
    rows = link_tables(tables, get_dictionary()).registry.to_pylist()
    assert [row["n_quotes"] for row in rows] == [None, None]
    assert rows[0]["roles"] == []


def test_no_entities_make_an_empty_registry() -> None:
    linked = link([{"id": "1", "entities": []}])
    assert (linked.registry.num_rows, linked.entities.num_rows) == (0, 0)


def test_ids_outlive_new_documents() -> None:
    before, after = link(ORLOV[:1]), link(ORLOV)
    assert before.registry["registry_id"][0] == after.registry["registry_id"][0]


# ---- the authority file


def authority_of(folder: Path, *lines: str, header: str = "id\tname\taliases\tgender\troles") -> Path:
    path = folder / "authority.tsv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("header", "lines", "message"),
    [
        ("id\tname\tnotes", (), r"authority\.tsv:1: unknown column 'notes'; the first line names columns of id, name"),
        ("id\taliases", (), "no column 'name'"),
        ("id\tname", ("Q1\tИван Орлов", "Q1\tПётр Орлов"), r"authority\.tsv:3: the id 'Q1' stands in line 2 too"),
        ("id\tname", ("\tИван Орлов",), "must not be empty"),
        ("id\tname\tgender", ("Q1\tИван Орлов\tмуж",), "gender is Masc, Fem or empty, not 'муж'"),
        ("id\tname", ("Q1\tИван Орлов\tи ещё",), "3 cells, but the first line names 2 columns"),
    ],
)
def test_what_is_wrong_in_an_authority_file_is_named(
    tmp_path: Path, header: str, lines: tuple[str, ...], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_authority(authority_of(tmp_path, *lines, header=header))


def test_an_authority_file_gives_links_by_name_alias_and_order(tmp_path: Path) -> None:
    path = authority_of(
        tmp_path, "Q1\tОрлов Иван\t\tMasc\t", "Q2\tАнна Климова\tАнна Орлова|Орлова А.\t\t", "Q3\tПётр Орлов"
    )
    rows = {row["name"]: row["link"] for row in link(ORLOV, path).registry.to_pylist()}
    assert rows == {"Иван Петрович Орлов": "Q1", "Анна Орлова": "Q2"}


def test_of_two_rows_gender_and_role_choose_else_there_is_no_link(tmp_path: Path) -> None:
    sasha = [{"id": "1", "entities": [{"name": "Саша Савченко", "gender": "Fem", "roles": ["мэр Заречного"]}]}]
    for lines, expected in (
        (("Q1\tСаша Савченко\t\tMasc\t", "Q2\tСаша Савченко\t\tFem\t"), "Q2"),
        (("Q1\tСаша Савченко\t\t\tмэр|депутат", "Q2\tСаша Савченко\t\t\tпевица"), "Q1"),
        (("Q1\tСаша Савченко\t\tMasc\t",), None),
        (("Q1\tСаша Савченко", "Q2\tСаша Савченко"), None),
    ):
        linked = link(sasha, authority_of(tmp_path, *lines))
        assert linked.registry["link"].to_pylist() == [expected]
    assert linked.n_ambiguous == 1


def test_one_id_is_one_row(tmp_path: Path) -> None:
    bees = [{"name": name, "label": "ORG"} for name in ("Союз «Пчела»", "СП")]
    documents = [{"id": str(number), "entities": [bee]} for number, bee in enumerate(bees)]
    (row,) = link(documents, authority_of(tmp_path, "Q1\tСоюз «Пчела»\tСП")).registry.to_pylist()
    assert (row["link"], row["names"], row["n_documents"]) == ("Q1", ["СП", "Союз «Пчела»"], 2)


def test_a_first_name_alone_is_not_the_town_of_that_name(tmp_path: Path) -> None:
    both = [{"name": "Владимир"}, {"name": "Владимир", "label": "LOC"}]
    path = authority_of(tmp_path, "Q1\tВладимир")
    rows = link([{"id": "1", "entities": both}], path).registry.to_pylist()
    assert {row["label"]: row["link"] for row in rows} == {"PER": None, "LOC": "Q1"}


# ---- the contract


def test_check_finds_what_is_broken_in_a_registry() -> None:
    tables = tables_of(ORLOV)
    linked = link_tables(tables, get_dictionary())
    whole = Tables({"entities": tables["entities"], "registry": linked.registry, "registry_entities": linked.entities})
    lone = Tables({name: whole.arrow(name) for name in whole} | {"registry": whole.arrow("registry").slice(1)})
    short = Tables({name: whole.arrow(name) for name in whole} | {"registry_entities": linked.entities.slice(1)})
    twice = Tables({name: whole.arrow(name) for name in whole} | {"registry": pa.concat_tables([linked.registry] * 2)})
    for broken, rule in ((lone, "reference"), (short, "count"), (twice, "key")):
        assert rule in {one.rule for one in check_tables(broken) if one.table.startswith("registry")}
