"""Whatever a Doc holds, people are found without an error and their records point into it."""

from itertools import pairwise

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, Span

from svodka.document import get_entities, get_mentions
from svodka.stages.columns import fold
from svodka.stages.people.declension import declension_readings
from svodka.stages.people.spelling import respell
from svodka.stages.people.stage import PeopleStage, find_people, normalize_person, normalize_phrase
from svodka.stages.pymorphy import get_dictionary

_VOCAB = spacy.blank("ru").vocab
_NAMES = [
    *("Иван", "Ивана", "Петров", "Петрова", "Петровой", "Ивановича", "Ким", "Чен", "Ына", "фон", "Касым-Жомарта"),
    *(
        "И",
        "П",
        ".",
        "-",
        "Дж",
        "II",
        "Joe",
        "Biden",
        "МИД",
        "МИДа",
        "министр",
        "министра",
        "обороны",
        "жены",
        "и",
        ",",
    ),
    *("он", "Его", "ней", "глава", "государства", "компании", "банк", "страна", "депутат", "этот"),
    *("(", ")", "«", "»", '"', "—", "Лига", "\n", "город", "Твери", "Нью-Йорке", "2", "ё", "Ё", "Высшей", "сказал"),
]
_WORDS = st.one_of(st.sampled_from(_NAMES), st.text(min_size=1, max_size=12))
_POS = st.sampled_from(
    ["PROPN", "NOUN", "ADJ", "VERB", "PUNCT", "ADP", "CCONJ", "X", "NUM", "DET", "PRON", "SPACE", ""]
)
_MORPHS = st.sampled_from(
    ["", "Case=Nom|Gender=Masc|Number=Sing", "Case=Gen|Gender=Fem|Number=Sing", "Case=Ins|Number=Plur", "Case=Par",
     "Gender=Fem|Number=Sing|Tense=Past|VerbForm=Fin", "Case=Gen|VerbForm=Part"]
)  # fmt: skip


@st.composite
def docs(draw: st.DrawFn) -> Doc:
    tokens = draw(st.lists(st.tuples(_WORDS, st.booleans(), _POS, _MORPHS, st.booleans()), max_size=25))
    words, spaces, pos, morphs, starts = (list(column) for column in zip(*tokens, strict=True)) if tokens else [[]] * 5
    sent_starts = [start or place == 0 for place, start in enumerate(starts)]
    doc = Doc(_VOCAB, words=words, spaces=spaces, pos=pos, morphs=morphs, sent_starts=sent_starts)
    cuts = sorted(draw(st.sets(st.integers(0, len(doc)), max_size=12)))
    labels = st.sampled_from(["PER", "ORG", "LOC", ""])
    named = [(a, b, draw(labels)) for a, b in pairwise(cuts)]
    doc.set_ents([Span(doc, a, b, label=label) for a, b, label in named if label])
    return doc


@given(docs())
def test_records_point_into_the_document(doc: Doc) -> None:
    mentions, entities, _ = find_people(doc, get_dictionary())
    assert [m.start for m in mentions] == sorted(m.start for m in mentions)
    assert len({(m.start, m.end) for m in mentions}) == len(mentions)
    assert {m.kind for m in mentions} <= {"name", "role", "pronoun"}
    around: list[int] = []  # where the mentions end that the next may lie in
    for mention in mentions:
        assert 0 <= mention.start < mention.end <= len(doc.text)
        around = [end for end in around if end > mention.start]
        assert all(mention.end <= end for end in around), "a mention lies in another or apart from it"
        around.append(mention.end)
        assert mention.normal
        assert mention.entity is not None
        assert entities[mention.entity].label == mention.label
    counts = [sum(mention.entity == number for mention in mentions) for number in range(len(entities))]
    assert counts == [entity.n_mentions for entity in entities]
    firsts = [min(m.start for m in mentions if m.entity == number) for number in range(len(entities))]
    assert firsts == sorted(firsts)
    for entity in entities:
        assert entity.name
        assert entity.gender in (None, "Masc", "Fem")
        assert entity.label == "PER" or (entity.gender, entity.role) == (None, None)


@given(docs())
def test_the_component_stores_what_the_function_finds(doc: Doc) -> None:
    mentions, entities, _ = find_people(doc, get_dictionary())
    PeopleStage()(doc)
    assert get_mentions(doc) == mentions
    assert get_entities(doc) == entities


@given(docs())
def test_normal_forms_keep_the_words(doc: Doc) -> None:
    words = [token for token in doc if not token.is_space]
    for normal in (normalize_phrase(doc, get_dictionary()), normalize_person(doc, get_dictionary())[0]):
        assert bool(normal) == bool(words)


@given(st.text(max_size=20))
def test_declension_never_raises_and_never_empties(form: str) -> None:
    assert all(reading.lemma for reading in declension_readings(form.lower()))


@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБЁЖ-", max_size=12))
def test_a_word_respelt_as_itself_is_itself(word: str) -> None:
    assert respell(word, word.lower()) == word
    assert fold(respell(word, word.lower())) == fold(word)


@pytest.mark.parametrize("backend", ["pymorphy3", "pymorphy2"])
def test_both_dictionaries_serve(backend: str) -> None:
    doc = Doc(_VOCAB, words=["Егора", "Ветрова"], pos=["PROPN"] * 2, morphs=["Case=Gen"] * 2, sent_starts=[True, False])
    doc.set_ents([Span(doc, 0, 2, label="PER")])
    PeopleStage(backend)(doc)  # type: ignore[arg-type]
    assert [entity.name for entity in get_entities(doc)] == ["Егор Ветров"]
