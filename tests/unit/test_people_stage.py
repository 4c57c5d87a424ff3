"""Organisations, places, spans and roles of the people stage, on small tagged Docs and through the pipeline."""

import pytest
from spacy.language import Language

from svodka.document import get_entities, get_mentions
from svodka.records import Entity
from svodka.stages.people.declension import read_table
from svodka.stages.people.stage import PeopleStage
from svodka.stages.people.things import initials_of


def entities(text: str, core: Language, label: str) -> list[Entity]:
    return [entity for entity in get_entities(PeopleStage()(core(text))) if entity.label == label]


@pytest.mark.parametrize(
    ("text", "label", "names"),
    [
        (
            "Он служил в Комитете национальной безопасности (КНБ). В КНБ молчат.",
            "ORG",
            ["Комитет национальной безопасности"],
        ),
        ("Компания «Северсталь» растёт. Акции «Северстали» дорожают.", "ORG", ["Северсталь"]),
        ("Рейс из Казани в Москву отменён. В Казани туман.", "LOC", ["Казань", "Москва"]),
    ],
)
def test_names_of_one_thing_are_one_entity(text: str, label: str, names: list[str], core: Language) -> None:
    assert [entity.name.strip("«»") for entity in entities(text, core, label)] == names


@pytest.mark.parametrize(
    ("text", "role", "organization"),
    [
        ("Глава МИД РФ Сергей Дубинский прилетел.", "глава МИД РФ", "МИД РФ"),
        ("Сергей Дубинский, глава МИД РФ, прилетел.", "глава МИД РФ", "МИД РФ"),
        ("Встреча с президентом Финляндии Юхой Лахтиненом прошла.", "президент Финляндии", None),
        ("Прилетел Сергей Дубинский (министр обороны).", "министр обороны", None),
        ("По словам Сергея Дубинского, дождя не будет.", None, None),
    ],
)
def test_role_and_organisation(text: str, role: str | None, organization: str | None, core: Language) -> None:
    person = entities(text, core, "PER")[0]
    assert (person.role, person.organization) == (role, organization)


def test_a_role_alone_is_a_mention_of_the_person_it_was_tied_to(core: Language) -> None:
    text = "Министр обороны Иван Орлов осмотрел завод. Министр остался доволен. На выборы мэра министр не пойдёт."
    doc = PeopleStage()(core(text))
    roles = [mention for mention in get_mentions(doc) if mention.kind == "role"]
    assert [text[mention.start : mention.end] for mention in roles] == ["Министр", "министр"]
    assert {mention.entity for mention in roles} == {0}
    assert get_entities(doc)[0].n_mentions == 3


def test_a_reference_loses_the_capitals_of_its_sentence(core: Language) -> None:
    text = "Министр обороны Анна Петрова уволена. Министр уходит. МИНИСТР ЗАЯВИЛА, ЧТО УХОДИТ."
    mentions = get_mentions(PeopleStage()(core(text)))
    assert [mention.normal for mention in mentions if mention.kind == "role"] == ["министр", "министр"]


def test_an_office_is_no_mention(core: Language) -> None:
    doc = PeopleStage()(core("Президент Финляндии Юха Лахтинен уходит. Выборы президента Финляндии пройдут в мае."))
    assert [mention.kind for mention in get_mentions(doc) if mention.label == "PER"] == ["name"]


def test_initials_of_a_name() -> None:
    assert initials_of("Комитет национальной безопасности") == "кнб"


@pytest.mark.parametrize(
    "table",
    ["people_roles", "people_particles", "people_family_first", "people_offices", "people_nominals", "people_bodies",
     "people_countries", "people_republics", "people_salience"],
)  # fmt: skip
def test_lexicons_have_no_word_twice(table: str) -> None:
    words = [next(iter(row.values())) for row in read_table(f"{table}.tsv")]
    assert sorted(words) == sorted(set(words))
