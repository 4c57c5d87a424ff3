"""Names taken apart, and what else decides their nominative: verbs, other mentions, the dictionary."""

import pytest
import spacy
from spacy.tokens import Doc

from svodka.stages.people.declension import CASES, declension_readings, read_table
from svodka.stages.people.names import form_of, parse_name, support_of, verb_gender, word_readings
from svodka.stages.people.spelling import bare_acronym, respell
from svodka.stages.pymorphy import get_dictionary

_VOCAB = spacy.blank("ru").vocab


def tagged(text: str, *morphs: str, **layers: list[str] | list[int]) -> Doc:
    words = text.split()
    return Doc(_VOCAB, words=words, pos=["PROPN"] * len(words), morphs=list(morphs) or [""] * len(words), **layers)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "given", "patronymic", "surname", "initials"),
    [
        ("Иван Петров", "иван", "", ("петров",), ()),
        ("Иван Сергеевич Петров", "иван", "сергеевич", ("петров",), ()),
        ("Петров Иван Сергеевич", "иван", "сергеевич", ("петров",), ()),
        ("Нурлан Ахметович", "нурлан", "ахметович", (), ()),
        ("И . П . Петров", "", "", ("петров",), ("и", "п")),
        ("Ким Чен Ын", "чен ын", "", ("ким",), ()),
        ("Роман Абрамович", "роман", "", ("абрамович",), ()),
        ("Урсула фон дер Ляйен", "урсула", "", ("ляйен",), ()),
        ("Joe Biden", "joe", "", ("biden",), ()),
        ("Наталья", "наталья", "", (), ()),
        ("Фёдоров", "", "", ("федоров",), ()),
    ],
)  # fmt: skip
def test_parts(text: str, given: str, patronymic: str, surname: tuple[str, ...], initials: tuple[str, ...]) -> None:
    name = parse_name(tagged(text, *["Case=Nom"] * len(text.split())), get_dictionary())
    assert (name.given, name.patronymic, name.surname, name.initials) == (given, patronymic, surname, initials)


def test_the_verb_tells_the_gender() -> None:
    doc = tagged(
        "Лось заявила",
        "Case=Nom",
        "Gender=Fem|Number=Sing|Tense=Past|VerbForm=Fin",
        heads=[1, 1],
        deps=["nsubj", "root"],
    )
    doc[1].pos_ = "VERB"
    assert verb_gender([doc[0]]) == "Fem"
    assert parse_name(doc[:1], get_dictionary()).gender == "Fem"


def test_a_gender_that_only_the_tag_tells_is_not_sure() -> None:
    petrenko = parse_name(tagged("Петренко", "Case=Nom|Gender=Masc|Number=Sing"), get_dictionary())
    assert (petrenko.gender, petrenko.sure) == ("Masc", False)
    petrova = parse_name(tagged("Анна Петренко", "Case=Nom", "Case=Nom"), get_dictionary())
    assert (petrova.gender, petrova.sure) == ("Fem", True)


def test_other_mentions_decide_an_ambiguous_form() -> None:
    mistagged = tagged("Дамба", "Case=Nom|Gender=Masc|Number=Sing")
    assert parse_name(mistagged, get_dictionary()).text == "Дамба"
    others = [tagged("Дамб", "Case=Nom"), tagged("Эрик Дамб", "Case=Nom", "Case=Nom"), mistagged]
    support = support_of(map(form_of, others), get_dictionary())
    assert parse_name(mistagged, get_dictionary(), support=support).text == "Дамб"


def test_a_patronymic_is_read_as_nothing_else() -> None:
    assert {reading.lemma for reading in word_readings("Абишевича", get_dictionary())} == {"абишевич"}


@pytest.mark.parametrize("row", read_table("people_declensions.tsv"), ids=lambda row: row["id"])
def test_each_declension_type_gives_back_its_example(row: dict[str, str]) -> None:
    example = row["example"].split()[-1].lower()
    stem = example.removesuffix(row["nom"].strip("-"))
    for case in CASES:
        for ending in row[case.lower()].split("/"):
            form = stem + ending.strip("-")
            assert any(r.lemma == example and r.case == case for r in declension_readings(form)), (form, case)


@pytest.mark.parametrize(
    ("written", "inflected", "expected"),
    [
        ("Пугачевой", "пугачёва", "Пугачева"),
        ("ВЕТРОВА", "ветров", "ВЕТРОВ"),
        ("Ростове-на-Дону", "ростов-на-дону", "Ростов-на-Дону"),
        ("МакГрегора", "макгрегор", "МакГрегор"),
        ("льва", "лев", "лев"),
        ("Льва", "лев", "Лев"),
    ],
)
def test_letters_stay_as_written(written: str, inflected: str, expected: str) -> None:
    assert respell(written, inflected) == expected


@pytest.mark.parametrize(
    ("word", "acronym"),
    [("МИДа", "МИД"), ("ВАЗом", "ВАЗ"), ("США", "США"), ("Мид", None), ("ФСБ", "ФСБ"), ("ООН", "ООН")],
)
def test_acronyms_lose_their_endings(word: str, acronym: str | None) -> None:
    assert bare_acronym(word) == acronym
