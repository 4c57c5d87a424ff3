"""Which names of a document are one person's."""

from collections import Counter

import pytest

from svodka.stages.people.coref import canonical_name, cluster_people, gender_of
from svodka.stages.people.names import PersonName


def name(text: str, gender: str = "Masc", *, sure: bool = True) -> PersonName:
    """«Иван Петрович Орлов»; a single word in capitals at its start is a surname, «~Иван» a first name."""
    words = text.lower().split()
    if text.startswith("~"):
        return PersonName(text[1:], gender, sure, given=words[0][1:])
    if any(word.endswith(".") for word in words):
        initials = tuple(word.rstrip(".") for word in words if word.endswith("."))
        return PersonName(text, gender, sure, surname=(words[-1],), initials=initials)
    if len(words) == 1:
        return PersonName(text, gender, sure, surname=(words[0],))
    if words[1].endswith(("вич", "вна")):
        return PersonName(text, gender, sure, given=words[0], patronymic=words[1], surname=tuple(words[2:]))
    return PersonName(text, gender, sure, given=words[0], surname=tuple(words[1:]))


def clusters(*names: PersonName, aliases: dict[int, int] | None = None) -> set[tuple[int, ...]]:
    return {tuple(sorted(cluster.places)) for cluster in cluster_people(names, aliases)}


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Иван Орлов", "Орлов", "~Иван"], {(0, 1, 2)}),
        (["Орлов", "Иван Орлов"], {(0, 1)}),
        (["Иван Орлов", "Пётр Орлов", "Орлов"], {(0,), (1, 2)}),
        (["Иван Орлов", "Орлов", "Пётр Орлов", "Орлов"], {(0, 1), (2, 3)}),
        (["Иван Орлов", "Иван Петрович"], {(0, 1)}),
        (["Иван Орлов", "Иван Белов", "Иван Петрович"], {(0,), (1,), (2,)}),
        (["Иван Петрович Орлов", "Иван Белов", "Иван Петрович"], {(0, 2), (1,)}),
        (["Иван Петрович Орлов", "И. П. Орлов", "С. Орлов"], {(0, 1), (2,)}),
        (["Иван Петрович", "Иван Сергеевич"], {(0,), (1,)}),
        (["Леннокс Льюис", "~Льюис", "Леннокс"], {(0, 1, 2)}),
        (["Иван Орлов", "Белов"], {(0,), (1,)}),
    ],
)
def test_clusters(texts: list[str], expected: set[tuple[int, ...]]) -> None:
    assert clusters(*map(name, texts)) == expected


def test_sure_genders_part_husband_and_wife() -> None:
    assert clusters(name("Иван Орлов"), name("Орлова", "Fem")) == {(0,), (1,)}
    assert clusters(name("Иван Шмидт"), name("Анна Шмидт", "Fem"), name("Шмидт", "Fem")) == {(0,), (1, 2)}


def test_a_guessed_gender_parts_nobody() -> None:
    assert clusters(name("Анна Петренко", "Fem"), name("Петренко", "Masc", sure=False)) == {(0, 1)}


def test_an_alias_joins_whatever_it_is() -> None:
    assert clusters(name("Наталья Левина", "Fem"), name("Глафира", "Fem"), aliases={1: 0}) == {(0, 1)}


def test_a_long_list_of_namesakes_keeps_them_apart() -> None:
    people = [name(f"{first} Орлов") for first in ("Иван", "Пётр", "Яков")]
    assert clusters(*people, *people[::-1]) == {(0, 5), (1, 4), (2, 3)}


@pytest.mark.parametrize(
    ("texts", "canonical"),
    [
        (["Орлов", "Иван Орлов"], "Иван Орлов"),
        (["Иван Петрович", "Иван Орлов"], "Иван Петрович Орлов"),
        (["Иван Орлов", "Иван Петрович Орлов"], "Иван Петрович Орлов"),
        (["И. П. Орлов", "Орлов"], "И. П. Орлов"),
    ],
)
def test_the_fullest_form_is_the_name(texts: list[str], canonical: str) -> None:
    assert canonical_name(Counter(name(text) for text in texts)) == canonical


def test_the_surname_goes_last() -> None:
    listed = PersonName("Орлов Иван Петрович", "Masc", True, given="иван", patronymic="петрович", surname=("орлов",))
    assert canonical_name(Counter([listed])) == "Иван Петрович Орлов"


def test_the_gender_is_the_sure_one() -> None:
    assert gender_of([name("Лось", "Masc", sure=False), name("Анна Лось", "Fem")]) == "Fem"
    assert gender_of([name("Орловы", "Plur")]) is None
