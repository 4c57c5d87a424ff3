"""Headlines in capitals and texts without any, as the models are shown them."""

import pytest
from spacy.language import Language

from svodka.stages.casing import cased, phrase_in_case
from svodka.stages.columns import columns


def shown(text: str, core: Language) -> list[str]:
    tokens = columns(core.make_doc(text))
    return [word for word in cased(tokens.words, tokens) if not word.isspace()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ЕГОРА ВЕТРОВА НЕ ПУСТИЛИ В ОМСК", "Егора Ветрова не пустили в Омск"),
        ("МВД РОССИИ ОПРОВЕРГЛО СЛУХИ", "МВД России опровергло слухи"),
        ("вчера егор ветров приехал в омск", "вчера Егор Ветров приехал в Омск"),
        ("ИТАР-ТАСС", "ИТАР-ТАСС"),  # too short to be a sentence
        ("МВД РФ", "МВД РФ"),
        ("Егор Ветров приехал в ОМСК", "Егор Ветров приехал в ОМСК"),  # capitals somewhere are no reason
        ("", ""),
    ],
)
def test_words_get_the_case_of_a_sentence(text: str, expected: str, core: Language) -> None:
    assert shown(text, core) == expected.split()


def test_only_the_sentence_in_capitals_is_changed(core: Language) -> None:
    words = shown("ЕГОР ВЕТРОВ ВЕРНУЛСЯ В ОМСК\nМЧС ждёт снег.", core)
    assert words == ["Егор", "Ветров", "вернулся", "в", "Омск", "МЧС", "ждёт", "снег", "."]


def test_a_phrase_in_ordinary_case_stays() -> None:
    assert phrase_in_case("Президент США") == "Президент США"
    assert phrase_in_case("МЭР ОМСКА") == "мэр Омска"
