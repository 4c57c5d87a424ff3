"""Pairing and mending of quotation marks."""

import pytest
import spacy
from spacy.tokens import Doc

from svodka.stages.quotes.marks import find_quoted, walk
from svodka.stages.quotes.view import View

_VOCAB = spacy.blank("ru").vocab


def contents(text: str) -> list[str]:
    """What is quoted in a text, the holder before what it holds; the parts of one quotation are joined by «|»."""
    view = View(Doc(_VOCAB, words=[text], spaces=[False]))
    return ["|".join(text[start:end] for start, end in item.parts) for item in walk(find_quoted(view))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Он сказал: «Да», «Нет».", ["Да", "Нет"]),
        ('"Да", - сказал он. "Нет".', ["Да", "Нет"]),
        ("«Завод „Вега“ закрыт», — сказал он.", ["Завод „Вега“ закрыт", "Вега"]),
        ("“Завод” и „Вега”", ["Завод", "Вега"]),
        ('"Речь не о "заборе", который мы хотим", - сказал он.', ['Речь не о "заборе", который мы хотим', "заборе"]),
    ],
)
def test_pairs(text: str, expected: list[str]) -> None:
    assert contents(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("«Мы купили завод «Вега», — сообщил он.", ["Мы купили завод «Вега", "Вега"]),
        ("«Пока не будем, — заявил он. Завод «Вега» закрыт.", ["Пока не будем", "Вега"]),
        ("Мы ждём ответа», — отметил он.", ["Мы ждём ответа"]),
        ("Он добавил: «Решение принято.\nЗавод «Вега» закрыт.", ["Решение принято.", "Вега"]),
        ("«Первый этап.\n«Второй весной».\nОн «ушёл».", ["Первый этап.|Второй весной", "ушёл"]),
        ("Он сказал: «Раз.\nДва».\nДалее «три».", ["Раз.|Два", "три"]),
    ],
)  # fmt: skip
def test_mends_what_is_missing(text: str, expected: list[str]) -> None:
    assert contents(text) == expected


def test_a_lone_mark_does_not_swallow_the_document() -> None:
    text = "Он сказал: «Раз.\n" + "Дорогу открыли.\n" * 50
    assert contents(text) == ["Раз."]


def test_an_empty_text_has_no_marks() -> None:
    assert find_quoted(View(Doc(_VOCAB))) == []
