"""DocBin: what spaCy reads is what the pipeline made."""

import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.lang.ru import Russian
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Corpus
from spacy.vocab import Vocab, create_vocab

import svodka
from conftest import ROOT
from export_data import SENTENCES, hostile_tables, odd_texts, sample_tables, tables_of
from svodka.document import get_dates, get_entities, get_mentions, get_people, get_quotes, get_roles
from svodka.engine import make_doc
from svodka.errors import ExportError
from svodka.records import Article
from svodka.tables import Tables

LAYERS = (get_mentions, get_entities, get_people, get_roles, get_dates, get_quotes)
ATTRIBUTES: list[int | str] = ["ORTH", "SPACY", "LEMMA", "POS", "MORPH", "HEAD", "DEP", "SENT_START", "NORM"]


def written(tables: Tables, folder: Path, vocab: Vocab | None = None) -> list[Doc]:
    """The Docs that are read from the file; the words they need come from it, for the vocabulary is new."""
    path = folder / "news.spacy"
    tables.to_docbin(path)
    return list(DocBin().from_disk(path).get_docs(spacy.blank("ru").vocab if vocab is None else vocab))


def assert_same(doc: Doc, made: Doc) -> None:
    """A Doc that was read is the one that the pipeline made."""
    assert doc.text == made.text
    assert [token.text for token in doc] == [token.text for token in made]
    assert doc.to_array(ATTRIBUTES).tolist() == made.to_array(ATTRIBUTES).tolist()
    for records in LAYERS:
        assert records(doc) == records(made)
    assert doc._.svodka["article"] == made._.svodka["article"]


def assert_spans(doc: Doc) -> None:
    """Entities and span groups hold the text of their rows."""
    mentions, quotes = get_mentions(doc), get_quotes(doc)
    places = {
        "mentions": [(record.start, record.end) for record in mentions],
        "roles": [(record.start, record.end) for record in get_roles(doc)],
        "dates": [(record.start, record.end) for record in get_dates(doc)],
    }
    for name, expected in places.items():
        for number, ((start, end), span) in enumerate(zip(expected, doc.spans[name], strict=True)):
            assert int(span.id_) == number
            assert span.start_char <= start < end <= span.end_char
    segments = [(segment, number) for number, quote in enumerate(quotes) for segment in quote.segments]
    for ((start, end), number), span in zip(segments, doc.spans["quotes"], strict=True):
        assert span.start_char <= start < end <= span.end_char
        assert (span.label_, int(span.id_)) == (quotes[number].type, number)
    assert len(doc.spans["cues"]) == sum(quote.cue is not None for quote in quotes)
    assert len(doc.spans["sources"]) == sum(quote.mention is not None for quote in quotes)
    names = {(mention.start, mention.end, mention.label) for mention in mentions if mention.kind == "name"}
    assert {(span.start_char, span.end_char, span.label_) for span in doc.ents} <= names
    covered = {offset for span in doc.ents for offset in range(span.start_char, span.end_char)}
    assert all(covered & set(range(start, end)) for start, end, _ in names)


@settings(max_examples=25)
@given(st.lists(odd_texts(), min_size=1, max_size=2))
def test_odd_texts_come_back(nlp: Language, tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    articles = [
        Article(text=text, doc_id=f"{number}\x00", published="2021-09-07", title="а\u2028", source="я")  # type: ignore[arg-type]
        for number, text in enumerate(texts)
    ]
    vocab = create_vocab("ru", Russian.Defaults)  # that of spacy.blank("ru"), whose tokenizer takes its time
    docs = written(svodka.extract(articles, nlp=nlp), tmp_path_factory.mktemp("docbin"), vocab)
    for doc, article in zip(docs, articles, strict=True):
        assert_same(doc, nlp(make_doc(nlp, article)))


def test_samples_come_back(nlp: Language, tmp_path: Path) -> None:
    articles = [article for article in svodka.read(ROOT / "data" / "samples") if isinstance(article, Article)]
    for doc, article in zip(written(sample_tables(), tmp_path), articles, strict=True):
        assert_same(doc, nlp(make_doc(nlp, article)))
        assert_spans(doc)


def test_hostile_texts_come_back(tmp_path: Path) -> None:
    docs = written(hostile_tables(), tmp_path)
    assert [doc.text for doc in docs] == hostile_tables().documents.text.tolist()
    assert [doc._.svodka["article"]["doc_id"] for doc in docs] == hostile_tables().documents.doc_id.tolist()
    for doc in docs:
        assert_spans(doc)


def test_spans_to_look_at(tmp_path: Path) -> None:
    (doc,) = written(tables_of("«Мост, — сообщил мэр Заречного Иван Орлов, — откроют 16 сентября»."), tmp_path)
    found = {name: [(span.text, span.label_, span.id_) for span in group] for name, group in doc.spans.items()}
    assert found == {
        "mentions": [("Заречного", "LOC", "0"), ("Иван Орлов", "PER", "1")],
        "roles": [("мэр Заречного", "ROLE", "0")],
        "dates": [("16 сентября", "DATE", "0")],
        "quotes": [("Мост", "direct", "0"), ("откроют 16 сентября", "direct", "0")],
        "cues": [("сообщил", "CUE", "0")],
        "sources": [("Иван Орлов", "SOURCE", "0")],
    }
    assert doc.spans["cues"].attrs == {"table": "quotes"}
    entities = [(span.text, span.label_, span.id_, span.kb_id_) for span in doc.ents]
    assert entities == [("Заречного", "LOC", "0", ""), ("Иван Орлов", "PER", "1", "")]


def test_entities_are_linked(tmp_path: Path) -> None:
    tables = tables_of("\n".join(SENTENCES[:2]))
    entities = tables.arrow("entities")
    column = entities.schema.get_field_index("link")
    links = [None if name == "Заречный" else f"Q {name}" for name in entities["name"].to_pylist()]
    linked = entities.set_column(column, entities.schema.field(column), [links])
    (doc,) = written(Tables({**{name: tables.arrow(name) for name in tables}, "entities": linked}), tmp_path)
    expected = [("Заречного", ""), ("Иван Орлов", "Q Иван Орлов"), ("Орлова", "Q Иван Орлов")]
    for spans in (doc.ents, doc.spans["mentions"]):
        assert [(span.text, span.kb_id_) for span in spans] == expected


def test_file_is_read_without_svodka(tmp_path: Path) -> None:
    path = tmp_path / "news.spacy"
    tables_of("Иван Орлов сказал: «Да».").to_docbin(path)
    code = (
        "import sys; from spacy.tokens import DocBin; from spacy.vocab import Vocab\n"
        f"(doc,) = DocBin().from_disk({str(path)!r}).get_docs(Vocab())\n"
        "assert not any(name.partition('.')[0] == 'svodka' for name in sys.modules)\n"
        "(values,) = doc.user_data.values()\n"
        "print(doc.ents[0].text, doc[2].lemma_, doc.spans['quotes'][0].text, values['quotes'][0]['speaker'])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert result.stdout == "Иван Орлов сказать Да Иван Орлов\n"


def test_stages_that_did_not_run_are_missing(tmp_path: Path) -> None:
    tables = svodka.extract(["Иван  Орлов пришёл."], nlp=svodka.load({"stages": ["entities"]}))
    (doc,) = written(tables, tmp_path)
    assert [token.text for token in doc] == ["Иван", " ", "Орлов", "пришёл", "."]
    assert not doc.has_annotation("POS")
    assert not doc.has_annotation("DEP")


def test_too_much_for_one_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(docs: DocBin, path: Path) -> None:
        raise ValueError(f"{len(docs)} is too large")

    monkeypatch.setattr(DocBin, "to_disk", refuse)
    with pytest.raises(ExportError, match="1 documents are too many for one DocBin"):
        tables_of("Дождь.").to_docbin(tmp_path / "news.spacy")


def test_training_takes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "news.spacy"
    sample_tables().to_docbin(path)
    nlp = spacy.blank("ru")
    ner, spancat = nlp.add_pipe("ner"), nlp.add_pipe("spancat", config={"spans_key": "quotes"})
    examples = list(Corpus(path)(nlp))
    assert len(examples) == len(sample_tables().documents)
    nlp.initialize(lambda: examples[:4])
    assert set(spancat.labels) == {"direct", "indirect", "mixed"}  # type: ignore[attr-defined]
    assert set(ner.labels) == {"PER", "ORG", "LOC"}  # type: ignore[attr-defined]
    losses = nlp.update(examples[:2])
    assert losses["ner"] > 0
    assert losses["spancat"] > 0
