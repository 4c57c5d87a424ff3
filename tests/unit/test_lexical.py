"""Lexical attributes are spaCy's, remembered or left out, never wrong."""

import pickle

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.lang import lex_attrs
from spacy.lang.ru import lex_attrs as russian_lex_attrs
from spacy.lang.ru.stop_words import STOP_WORDS
from spacy.language import Language

from svodka import lexical

WORDS = "Мост 16 двадцать ТАСС https://lenta.ru/a мэр@город.рф и « » . , — $ Орлов-Петров % 1/2 IV ёлка\n"
NAMES = [
    "lower_", "norm_", "shape_", "prefix_", "suffix_", "lang_", "is_alpha", "is_digit", "is_lower", "is_space",
    "is_title", "is_upper", "is_stop", "is_punct", "is_ascii", "is_bracket", "is_quote", "is_left_punct",
    "is_right_punct", "is_currency", "like_email", "like_num", "like_url",
]  # fmt: skip


@pytest.mark.engine
@pytest.mark.parametrize("name", NAMES)
def test_attributes_are_spacys(nlp: Language, name: str) -> None:
    words = WORDS.split(" ")
    blank = spacy.blank("ru").vocab
    assert [getattr(nlp.vocab[word], name) for word in words] == [getattr(blank[word], name) for word in words]


@given(st.one_of(st.text(min_size=1), st.from_regex(r"[А-Яа-яЁёa-zǅß日²½]{1,8}|[а-я]{98,102}", fullmatch=True)))
def test_what_is_told_quicker_is_the_same(text: str) -> None:
    assert lexical.shape(text) == lex_attrs.word_shape(text)
    assert lexical.like_url(text) == bool(lex_attrs.like_url(text))
    assert lexical.like_email(text) == bool(lex_attrs.like_email(text))
    assert lexical.like_num(text) == bool(russian_lex_attrs.like_num(text))
    assert lexical.is_stop(text) == (text.lower() in STOP_WORDS)


@pytest.mark.engine
def test_a_document_can_be_pickled(nlp: Language) -> None:
    doc = nlp("Мост откроют 16 числа.")
    assert pickle.loads(pickle.dumps(doc))[2].like_num
