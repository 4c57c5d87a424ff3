"""Names taken apart, and what else decides their nominative: verbs, other mentions, the dictionary."""

import re

import pytest
import spacy
from spacy.tokens import Doc

from svodka.stages.columns import columns
from svodka.stages.people.declension import CASES, _width, declension_readings, read_table
from svodka.stages.people.names import PersonName, Support, form_of, parse_name, support_of
from svodka.stages.people.readings import word_readings
from svodka.stages.people.spelling import bare_acronym, respell
from svodka.stages.pymorphy import get_dictionary

_VOCAB = spacy.blank("ru").vocab


def tagged(text: str, *morphs: str, **layers: list[str] | list[int]) -> Doc:
    words = text.split()
    return Doc(_VOCAB, words=words, pos=["PROPN"] * len(words), morphs=list(morphs) or [""] * len(words), **layers)  # type: ignore[arg-type]


def parsed(doc: Doc, support: Support | None = None, words: int | None = None) -> PersonName:
    return parse_name(columns(doc), range(words or len(doc)), get_dictionary(), support=support)


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
    name = parsed(tagged(text, *["Case=Nom"] * len(text.split())))
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
    assert parsed(doc, words=1).gender == "Fem"
    doc[1].pos_ = "NOUN"
    assert parsed(doc, words=1).gender == "Masc"


def test_a_gender_that_only_the_tag_tells_is_not_sure() -> None:
    petrenko = parsed(tagged("Петренко", "Case=Nom|Gender=Masc|Number=Sing"))
    assert (petrenko.gender, petrenko.sure) == ("Masc", False)
    petrova = parsed(tagged("Анна Петренко", "Case=Nom", "Case=Nom"))
    assert (petrova.gender, petrova.sure) == ("Fem", True)


def test_other_mentions_decide_an_ambiguous_form() -> None:
    mistagged = tagged("Дамба", "Case=Nom|Gender=Masc|Number=Sing")
    assert parsed(mistagged).text == "Дамба"
    others = [tagged("Дамб", "Case=Nom"), tagged("Эрик Дамб", "Case=Nom", "Case=Nom"), mistagged]
    support = support_of([form_of(columns(doc), range(len(doc))) for doc in others], get_dictionary())
    assert parsed(mistagged, support).text == "Дамб"


def test_a_patronymic_is_read_as_nothing_else() -> None:
    assert {reading.lemma for reading in word_readings("Абишевича", get_dictionary())} == {"абишевич"}


@pytest.mark.parametrize("row", read_table("people_declensions.tsv"), ids=lambda row: row["id"])
def test_each_declension_type_gives_back_its_example(row: dict[str, str]) -> None:
    example = row["example"].split()[-1].lower()
    stem = example.removesuffix(row["nom"].strip("-"))
    for case in CASES:
        for ending in row[case.lower()].split("/"):
            form = stem + ending.strip("-")
            assert any(r.lemma == example and case in r.cases for r in declension_readings(form)), (form, case)


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


@pytest.mark.parametrize("where", sorted({row["where"] for row in read_table("people_declensions.tsv")}))
def test_how_far_a_pattern_of_the_declensions_looks(where: str) -> None:
    # readings are remembered by the end of a stem: a pattern that looks further than is thought would be missed
    widest = re._parser.parse(where).getwidth()[1]  # type: ignore[attr-defined]
    assert _width(where) >= widest, "write the pattern of the declension without repetitions and nested groups"
