"""Tokens that a source has are kept; svodka's own, given back, make the same Doc."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

import svodka
from export_data import odd_texts
from svodka.readers import articles_from_records
from svodka.records import Article, Problem, Sentences
from svodka.rows import articles_to_batch, batch_to_articles
from svodka.stages.tokenize import segment


def own_tokens(text: str) -> Sentences:
    cut = segment(text)
    edges = [*cut.sentence_starts, len(cut.tokens)]
    return tuple(tuple(cut.tokens[start:end]) for start, end in pairwise(edges) if start < end)


@given(odd_texts())
def test_own_tokens_make_the_same_doc(nlp: Language, text: str) -> None:
    ours = svodka.make_doc(nlp, Article(text=text))
    given_back = svodka.make_doc(nlp, Article(text=text, tokens=own_tokens(text)))
    assert given_back.text == text
    for name in ("text", "whitespace_", "is_sent_start"):
        assert [getattr(token, name) for token in given_back] == [getattr(token, name) for token in ours]


@given(st.lists(st.lists(st.sampled_from(["Мост", "—", "открыт", "16", "«", "😀"]), min_size=1), min_size=1), st.data())
def test_given_tokens_are_the_rows(nlp: Language, sentences: list[list[str]], data: st.DataObject) -> None:
    text, tokens = "", []
    for sentence in sentences:
        spans = []
        for word in sentence:
            text += data.draw(st.sampled_from(["", " ", "  ", "\n"]))
            spans.append((len(text), len(text) + len(word)))
            text += word
        tokens.append(tuple(spans))
    article = Article(text=text, tokens=tuple(tokens))
    tables = svodka.extract([article], nlp=nlp)
    rows = tables.arrow("tokens").to_pylist()
    assert [(row["start"], row["end"]) for row in rows] == [span for spans in tokens for span in spans]
    assert [row["sent_id"] for row in rows] == [number for number, spans in enumerate(tokens) for _ in spans]
    assert batch_to_articles(articles_to_batch([article])) == [article]


@pytest.mark.parametrize(
    ("tokens", "said"),
    [
        ((((0, 4), (3, 6)),), "the tokens are empty, overlap or lie outside"),
        ((((0, 4),), ((5, 99),)), "the tokens are empty, overlap or lie outside"),
        ((((0, 4),), ()), "the tokens are empty, overlap or lie outside"),
        ((((0, 4), (4, 4)),), "the tokens are empty, overlap or lie outside"),
        ((((0, 4),),), "no token holds 'открыт'"),
    ],
)
def test_tokens_that_are_none_are_refused(tokens: Sentences, said: str) -> None:
    (problem,) = articles_from_records([Article(text="Мост открыт", tokens=tokens)])
    assert isinstance(problem, Problem)
    assert said in problem.message
