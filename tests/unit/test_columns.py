"""The columns of a document say what spaCy's tokens say, and notice when a stage has written since."""

import numpy as np
import pytest
from spacy.attrs import LEMMA
from spacy.language import Language
from spacy.tokens import Doc, Span

import svodka
from svodka.document import get_mentions
from svodka.engine import has_own_stages, hold, make_doc, run_stages
from svodka.records import Article
from svodka.rows import nested_batch
from svodka.run.local import run_batches
from svodka.stages.columns import columns, fold, held, read_entities, write

TEXT = "  Мост откроют вовремя,\nзаявил мэр Ёлкин. По его словам,  движение пустят 16 числа. "

pytestmark = pytest.mark.engine


def test_columns_are_the_tokens(nlp: Language) -> None:
    doc = nlp(TEXT)
    found = columns(doc)
    assert len(found) == len(doc)
    assert found.text == TEXT
    assert found.words == [token.text for token in doc]
    assert found.lowers == [token.text.lower() for token in doc]
    assert found.folded == [fold(token.text) for token in doc]
    assert found.starts == [token.idx for token in doc]
    assert found.ends == [token.idx + len(token) for token in doc]
    assert found.lemmas == [token.lemma_ for token in doc]
    assert found.pos == [token.pos_ for token in doc]
    assert found.feats == [str(token.morph) for token in doc]
    assert found.features == [token.morph.to_dict() for token in doc]
    assert found.deps == [token.dep_ for token in doc]
    assert found.heads == [token.head.i for token in doc]
    assert found.is_space == [token.is_space for token in doc]
    assert found.is_word.tolist() == [not token.is_space for token in doc]
    assert found.sentences == [(sentence.start, sentence.end) for sentence in doc.sents]
    assert found.sentence_of == [number for number, sentence in enumerate(doc.sents) for _ in sentence]


def test_columns_are_made_once_until_a_stage_writes(nlp: Language) -> None:
    doc = nlp(TEXT)
    first = columns(doc)
    assert columns(doc) is first
    assert first.words
    assert first.lemmas
    assert first.pos
    doc.from_array([LEMMA], np.full((len(doc), 1), doc.vocab.strings.add("слово"), dtype=np.uint64))
    second = columns(doc)
    assert second is not first
    assert set(second.lemmas) == {"слово"}
    assert second.words is first.words, "what has not changed is not decoded again"
    assert second.pos == first.pos


def test_what_the_tokenizer_and_the_stages_hand_over_is_what_the_document_says(nlp: Language) -> None:
    doc = nlp.make_doc(TEXT)
    first = columns(doc)
    assert "words" in first.__dict__
    nlp(doc)
    assert columns(doc) is first
    test_columns_are_the_tokens(nlp)


def test_who_writes_need_not_be_looked_for(nlp: Language) -> None:
    doc = nlp(TEXT)
    first = columns(doc)
    assert set(first.lemmas) != {"слово"}
    with held([doc]):
        write(doc, lemmas=["слово"] * len(doc))
        assert columns(doc) is first
        assert set(first.lemmas) == {"слово"}
        doc[0].lemma_ = "другое"
        assert columns(doc) is first
    assert columns(doc).lemmas[0] == "другое"


def test_what_nobody_sees_is_in_the_columns_alone(nlp: Language) -> None:
    seen, unseen = make_doc(nlp, TEXT), make_doc(nlp, TEXT, hidden=True)
    for name in ("text", "words", "is_space", "starts", "ends", "sentences", "lemmas", "deps", "heads"):
        assert getattr(columns(unseen), name) == getattr(columns(seen), name), name
    run_stages(nlp, [seen, unseen])
    assert read_entities(unseen) == read_entities(seen) != []
    for name in ("lemmas", "pos", "feats", "features", "deps", "heads", "sentence_of"):
        assert getattr(columns(unseen), name) == getattr(columns(seen), name), name
    assert get_mentions(unseen) == get_mentions(seen)
    assert nested_batch([unseen]) == nested_batch([seen])
    assert seen.ents
    assert not len(unseen)


def test_what_was_never_written_is_empty_in_hidden_documents_too(nlp: Language) -> None:
    seen, unseen = make_doc(nlp, TEXT), make_doc(nlp, TEXT, hidden=True)
    assert nested_batch([unseen]) == nested_batch([seen])
    assert columns(unseen).pos == [""] * len(seen)


def test_entities_that_somebody_has_changed_are_noticed(nlp: Language) -> None:
    doc = nlp(TEXT)
    with held([doc]):
        assert read_entities(doc) != []
    doc.set_ents([Span(doc, 1, 2, label="LOC")])
    with held([doc]):
        assert read_entities(doc) == [(1, 2, "LOC")]


def test_a_stage_of_somebody_else_is_noticed() -> None:
    @Language.component("test_first_word")
    def set_first_word(doc: Doc) -> Doc:
        doc[1].lemma_ = "первое"
        doc.set_ents([Span(doc, 1, 2, label="LOC")])
        return doc

    nlp = svodka.load({"stages": ["morphology", "entities", "people"]})
    nlp.add_pipe("test_first_word", before="svodka_people")
    assert not has_own_stages(nlp)
    doc = make_doc(nlp, TEXT)
    with hold(nlp, [doc]):
        run_stages(nlp, [doc])
    (rows,) = (batch.rows for batch in run_batches(nlp, [Article(text=TEXT)]))
    assert rows["mentions"].to_pylist()[0][0]["label"] == "LOC"
    assert columns(doc).lemmas[1] == "первое"
    assert [mention.label for mention in get_mentions(doc)] == ["LOC"]


@pytest.mark.parametrize("text", ["", " ", "да"])
def test_columns_of_little(nlp: Language, text: str) -> None:
    assert columns(make_doc(nlp, text, hidden=True)).words == columns(nlp.make_doc(text)).words
    doc = nlp.make_doc(text)
    assert columns(doc).words == [token.text for token in doc]
    assert columns(doc).sentences == [(sentence.start, sentence.end) for sentence in doc.sents]
    assert columns(doc).lemmas == [""] * len(doc)
