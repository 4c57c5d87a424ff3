"""Morphology, syntax and entities on a Doc."""

import pytest
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

import svodka
from svodka.document import layers
from svodka.neural.weights import load_model
from svodka.stages import morphology
from svodka.stages.entities import mended_spans, spans_of
from svodka.stages.morphology import MorphologyStage, lemmatize, split_tag
from svodka.stages.pymorphy import get_dictionary


@pytest.mark.parametrize("backend", ["pymorphy3", "pymorphy2"])
@pytest.mark.parametrize(
    ("word", "pos", "feats", "lemma"),
    [
        ("стали", "VERB", "Mood=Ind|Number=Plur|Tense=Past", "стать"),
        ("стали", "NOUN", "Case=Gen|Gender=Fem|Number=Sing", "сталь"),
        ("Москве", "PROPN", "Animacy=Inan|Case=Loc|Gender=Fem|Number=Sing", "москва"),
        ("заявившего", "VERB", "Case=Gen|VerbForm=Part|Voice=Act", "заявить"),
        ("ещё", "ADV", "Degree=Pos", "еще"),
        ("за\u0301мка", "NOUN", "Case=Gen|Gender=Masc|Number=Sing", "замок"),
        ("BBC", "PROPN", "Foreign=Yes", "bbc"),
        ("«", "PUNCT", "", "«"),
        ("2014-м", "ADJ", "Case=Loc", "2014-м"),
    ],
)
def test_lemma(backend: str, word: str, pos: str, feats: str, lemma: str) -> None:
    assert lemmatize(word, pos, feats, get_dictionary(backend)) == lemma


@pytest.mark.parametrize("backend", ["pymorphy3", "pymorphy2"])
def test_inflection(backend: str) -> None:
    best = get_dictionary(backend).best("министерства", "NOUN", "Case=Gen|Gender=Neut|Number=Sing")
    assert best is not None
    assert best.inflect("Nom") == "министерство"
    assert best.inflect("Ins", "Plur") == "министерствами"


def test_rows_are_of_one_vocabulary() -> None:
    stage = MorphologyStage()
    for vocab in (Vocab(), Vocab()):
        doc = Doc(vocab, words=["Стали", "\n", "стали"])
        layers(doc)["neural"] = {"tags": ["VERB|Tense=Past|Number=Plur", "NOUN|Number=Sing|Gender=Fem|Case=Gen"]}
        stage(doc)
        assert [(token.pos_, str(token.morph), token.lemma_) for token in doc] == [
            ("VERB", "Number=Plur|Tense=Past", "стать"), ("SPACE", "", "\n"),
            ("NOUN", "Case=Gen|Gender=Fem|Number=Sing", "сталь"),
        ]  # fmt: skip


def test_what_a_memory_zone_gives_back_is_not_missed() -> None:
    nlp = svodka.load({"stages": ["morphology"]})
    with nlp.memory_zone():
        before = [token.lemma_ for token in nlp("Бутявки бутявкали.")]
    assert [token.lemma_ for token in nlp("Бутявки бутявкали.")] == before


def test_full_lemmas_begin_anew(monkeypatch: pytest.MonkeyPatch, core: Language) -> None:
    text = "Министерства сообщили о новых мерах, министерство сообщает."
    lemmas = [token.lemma_ for token in core(text)]
    monkeypatch.setattr(morphology, "_REMEMBERED", 2)
    assert [token.lemma_ for token in svodka.load({"stages": ["morphology"]})(text)] == lemmas


def test_split_tag() -> None:
    assert split_tag("VERB|Tense=Past|Aspect=Perf") == ("VERB", "Aspect=Perf|Tense=Past")
    assert split_tag("PUNCT") == ("PUNCT", "")


def test_features_are_written_as_spacy_would_write_them() -> None:
    spacys = Vocab().morphology
    feats = {split_tag(tag)[1] for tag in load_model("morphology").labels}
    assert {name: spacys.strings[spacys.add(name)] for name in feats} == {name: name or "_" for name in feats}


def test_spans_are_cut_at_sentence_ends() -> None:
    tags = ["B-ORG", "I-ORG", "I-ORG", "O", "B-PER"]
    assert list(spans_of(tags)) == [(0, 3, "ORG"), (4, 5, "PER")]
    assert list(mended_spans(tags, [0, 0, 1, 1, 1])) == [(0, 2, "ORG"), (2, 3, "ORG"), (4, 5, "PER")]


def test_no_entity_crosses_a_sentence_end(core: Language) -> None:
    doc = core("Новости Беларуси. Во Дворце Независимости прошла встреча.\nМинск\nМосква. Иван Орлов. Пётр Климов.")
    assert doc.ents
    for entity in doc.ents:
        assert entity.sent.start <= entity.start
        assert entity.end <= entity.sent.end
        assert not entity.text.endswith(".")


def test_one_tree_a_sentence(core: Language) -> None:
    text = "Орлов сказал, что мост готов.\n\n«Резервы есть», — добавил мэр. \n Подробнее здесь"
    doc = core(text)
    assert [sentence.text.strip() for sentence in doc.sents] == [
        "Орлов сказал, что мост готов.", "«Резервы есть», — добавил мэр.", "Подробнее здесь",
    ]  # fmt: skip
    for sentence in doc.sents:
        roots = [token for token in sentence if token.dep_ == "root"]
        assert roots == [sentence.root]
        assert all(token.is_ancestor(other) or token == sentence.root or sentence.root.is_ancestor(token)
                   for token in sentence for other in token.children)  # fmt: skip
    assert all(token.pos_ == "SPACE" for token in doc if token.is_space)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\x00", "😀", "а", ".", "\u00ad", "Да\x00нет", "\ufeffДа"])
def test_odd_texts_go_through(core: Language, text: str) -> None:
    assert core(text).text == text


def test_both_backends_make_pipelines() -> None:
    tokens = {}
    for backend in ("pymorphy2", "pymorphy3"):
        nlp = svodka.load({"stages": ["morphology"], "morphology": {"backend": backend}})
        tokens[backend] = [(token.lemma_, token.pos_) for token in nlp("Министерства сообщили о новых мерах.")]
    assert tokens["pymorphy2"] == tokens["pymorphy3"]
    assert ("сообщить", "VERB") in tokens["pymorphy2"]
