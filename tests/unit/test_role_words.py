"""Words that head a role: those of the lexicon, compounds and regular feminines."""

import pytest

from svodka.stages.people.role_words import group_of_phrase, role_entry


@pytest.mark.parametrize(
    ("word", "group"),
    [
        ("министр", "state"),
        ("экс-мэр", "state"),
        ("замглавы", "state"),
        ("облпрокурор", "law"),
        ("режиссер-постановщик", "culture"),
        ("тележурналистка", "media"),
        ("топ-менеджер", "business"),
        ("нейрохирург", "science"),
        ("директорша", "business"),
        ("основатель", "deed"),
        ("соавтор", "deed"),
    ],
)
def test_a_role_word(word: str, group: str) -> None:
    entry = role_entry(word)
    assert entry is not None
    assert entry.group == group


@pytest.mark.parametrize(
    "word", ["компания-разработчик", "собор", "состав", "авторитетный", "политика", "горка", "дом"]
)
def test_no_role_word(word: str) -> None:
    assert role_entry(word) is None


@pytest.mark.parametrize(
    ("phrase", "group"), [("бывшая жена", "family"), ("главный редактор газеты", "media"), ("вид на море", None)]
)
def test_class_of_a_phrase(phrase: str, group: str | None) -> None:
    assert group_of_phrase(phrase) == group
