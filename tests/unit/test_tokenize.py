"""Partitions in razdel's manner: the test is the segmentation, `|` stands at each cut."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import svodka
from svodka.engine import doc_from_tokens
from svodka.stages.tokenize import clean, segment

SENTENCES = [
    "Мост открыли.| |Движение пустили утром.",
    "«Мост готов.| |Резервы есть», — сказал он.",
    "Новости Беларуси.| |Во Дворце Независимости прошла встреча.",
    "Заголовок без точки|\n|Первый абзац начинается здесь.",
    "Иван Орлов, мэр:|\n|Мост откроют в мае.",
    "Абзац.|\r\n|Ещё абзац.|\r\n\r\n|Третий.",
    "Строка|\u2028|Другая строка.",
    "перенос внутри\nпредложения маленькой буквой.",
    "Он приехал в г. Тверь в 2010 г. и остался.",
    "Спасибо всем 😍| |Ждём ещё #лето| |Приезжайте.",
]
WRAPPED = (
    "Мост через реку открыли после\nремонта, который шёл три года и\nстоил двести миллионов, но теперь\n"
    "по нему пустили движение. Мэр\nОрлов перерезал ленту.\n\nДругой абзац."
)
TOKENS = [
    "кто-то| |сказал|:| |«|да|»|.",
    "16| |числа| |в| |15|:|30| |мск",
    "правитель\u00adство| |за\u0301мок",
    "и\u0306од| |е\u0308лка",
    "Ок|\u00a0|😀|!",
]


def cut(text: str, pieces: list[tuple[int, int]]) -> str:
    """The text with `|` at both edges of every piece."""
    edges = sorted({edge for piece in pieces for edge in piece} - {0, len(text)})
    for edge in reversed(edges):
        text = f"{text[:edge]}|{text[edge:]}"
    return text


def sentences(text: str) -> list[tuple[int, int]]:
    found = segment(text)
    bounds = [*found.sentence_starts, len(found.tokens)]
    return [(found.tokens[first][0], found.tokens[end - 1][1]) for first, end in pairwise(bounds)]


@pytest.mark.parametrize("gold", SENTENCES)
def test_sentences(gold: str) -> None:
    text = gold.replace("|", "")
    assert cut(text, sentences(text)) == gold


@pytest.mark.parametrize("gold", TOKENS)
def test_tokens(gold: str) -> None:
    text = gold.replace("|", "")
    assert cut(text, segment(text).tokens) == gold


def test_text_wrapped_at_a_width_is_not_cut_at_its_line_ends() -> None:
    assert [WRAPPED[start:end].split("\n")[0] for start, end in sentences(WRAPPED)] == [
        "Мост через реку открыли после", "Мэр", "Другой абзац.",
    ]  # fmt: skip


def test_a_list_without_stops_is_cut_at_the_limit() -> None:
    assert segment("слово " * 95, max_sentence_tokens=40).sentence_starts == [0, 40, 80]


def test_clean_keeps_what_would_be_empty() -> None:
    assert clean("\u00ad") == "\u00ad"
    assert clean("сло\u0301во") == "слово"


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200) | st.text(
    alphabet="абвАБВ12 .,!?:;«»\"'„“—-\n\r\t\u2028\u00a0\u00ad\u0301\u0306\u200b\ufeff\x00😀#@()", max_size=200
)


@given(texts)
@example("\u00ad")
@example(" \u200b ")
@example("а\u0301\u0301")
def test_tokens_cover_all_that_is_not_white_space(text: str) -> None:
    found = segment(text)
    covered = 0
    for start, end in found.tokens:
        assert covered <= start < end <= len(text)
        assert not text[covered:start].strip()
        covered = end
    assert not text[covered:].strip()
    assert found.sentence_starts == sorted(set(found.sentence_starts))
    assert found.sentence_starts[:1] == ([0] if found.tokens else [])


@given(texts)
def test_doc_keeps_the_text(text: str) -> None:
    nlp = svodka.load({"stages": []})
    doc = nlp(text)
    assert doc.text == text
    assert [token.idx for token in doc] == sorted(token.idx for token in doc)
    if len(doc):
        assert "".join(sentence.text_with_ws for sentence in doc.sents) == text


def test_doc_of_given_tokens() -> None:
    nlp = svodka.load({"stages": []})
    doc = doc_from_tokens(nlp, ["Да", ".", "Нет"], [False, True, False], [True, False, True])
    assert [sentence.text for sentence in doc.sents] == ["Да.", "Нет"]
