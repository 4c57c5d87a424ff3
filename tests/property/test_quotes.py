"""Whatever a text or a Doc holds, quotations are found without an error, and their records point into it."""

from itertools import pairwise

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from svodka.document import get_entities, get_quotes
from svodka.records import Quote
from svodka.stages.pymorphy import get_dictionary
from svodka.stages.quotes.marks import Quoted, find_quoted, walk
from svodka.stages.quotes.stage import find_quotes
from svodka.stages.quotes.view import View

_VOCAB = spacy.blank("ru").vocab
_DICTIONARY = get_dictionary()
_PIECES = [
    *("«", "»", "„", "“", "”", '"', ":", ",", ".", "!", "?", "—", "-", "(", ")", "\n", "\n\n", " ", "…", ";"),
    *("Иван Орлов", "Анна", "он", "она", "министр", "ТАСС", "МВД", "в МВД", "газета", "врач"),
    *("сказал", "сказала", "заявили", "сообщает", "цитирует", "назвал", "говорится", "уверен", "добавив", "спросил"),
    *("что", "чтобы", "ли", "как", "почему", "по словам", "по данным", "согласно", "об этом", "со ссылкой на", "так"),
    *(
        "по словам которого",
        "хотя",
        "однако",
        "так довольны",
        "тот факт",
        "опроверг",
        "о том",
        "тот же",
        "два",
        "якобы",
    ),
    *("близкий к мэрии", "близкого к мэрии", "прогноз", "мнению", "возможности.Участники", "(по данным", "письмо МВД"),
    *("мост готов", "мы идём", "Я пришёл.", "не", "если", "и", "а", "Вопрос:", "Подробнее здесь"),
]
_TEXTS = st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=6)), max_size=40).map(" ".join)
_POS = st.sampled_from(["PROPN", "NOUN", "ADJ", "VERB", "PUNCT", "ADP", "CCONJ", "SCONJ", "PRON", "NUM", "X", ""])
_DEPS = st.sampled_from(["nsubj", "conj", "xcomp", "advcl", "acl", "appos", "nmod", "ccomp", "parataxis", "obl"])
_MORPHS = st.sampled_from(
    ["", "Case=Nom|Gender=Masc|Number=Sing", "Case=Gen|Number=Plur", "Case=Loc|Number=Sing", "VerbForm=Conv",
     "Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin", "Number=Plur|Tense=Past|VerbForm=Fin", "VerbForm=Inf"]
)  # fmt: skip


@st.composite
def docs(draw: st.DrawFn) -> Doc:
    """Docs with any tags and any heads, trees or not."""
    row = st.tuples(st.one_of(st.sampled_from(_PIECES), st.text(min_size=1, max_size=5)), _POS, _DEPS, _MORPHS)
    rows = draw(st.lists(row, min_size=1, max_size=25))
    heads = [draw(st.integers(0, len(rows) - 1)) for _ in rows]
    starts = [True, *(draw(st.booleans()) for _ in rows[1:])]
    doc = Doc(
        _VOCAB,
        words=[word for word, *_ in rows],
        spaces=[draw(st.booleans()) for _ in rows],
        pos=[pos for _, pos, _, _ in rows],
        morphs=[morph for *_, morph in rows],
        lemmas=[word.lower() for word, *_ in rows],
        sent_starts=list[bool | int | None](starts),
    )
    numbers = [sum(starts[: index + 1]) for index in range(len(rows))]
    for index, (_, _, dep, _) in enumerate(rows):
        inside = numbers[heads[index]] == numbers[index]
        doc[index].head = doc[heads[index]] if inside else doc[index]
        doc[index].dep_ = dep
    return doc


def check(quotes: list[Quote], doc: Doc) -> None:
    text = doc.text
    for number, quote in enumerate(quotes):
        assert quote.segments
        for start, end in quote.segments:
            assert 0 <= start < end <= len(text)
            assert text[start:end] == text[start:end].strip() != ""
        assert all(left[1] <= right[0] for left, right in pairwise(quote.segments))
        for span in (quote.cue, quote.mention):
            assert span is None or 0 <= span[0] < span[1] <= len(text)
        assert quote.entity is None or 0 <= quote.entity < len(get_entities(doc))
        assert quote.parent is None or 0 <= quote.parent < number
        assert (quote.speaker is None) == (quote.speaker_kind == "unknown")
        assert 0 < quote.confidence <= 1
    assert [quote.start for quote in quotes] == sorted(quote.start for quote in quotes)


@given(docs())
def test_any_doc(doc: Doc) -> None:
    quotes = find_quotes(doc, _DICTIONARY)
    check(quotes, doc)
    assert find_quotes(doc, _DICTIONARY) == quotes


@pytest.mark.engine
@given(text=_TEXTS)
def test_any_text(text: str, nlp: Language) -> None:
    doc = nlp(text)
    check(get_quotes(doc), doc)


@given(st.text(alphabet='«»„“”"аБ ,.—:\n-', max_size=60))
def test_marks_nest_and_keep_inside_the_text(text: str) -> None:
    quoted = find_quoted(View(Doc(_VOCAB, words=[text], spaces=[False]) if text else Doc(_VOCAB)))
    for item in walk(quoted):
        assert 0 <= item.start <= item.end <= len(text)
        assert all(_inside(child, item) for child in item.children)


def _inside(child: Quoted, holder: Quoted) -> bool:
    return holder.start <= child.start <= child.end <= holder.end and child.parent is holder
