"""What must hold for any text: offsets slice, keys and references resolve, nothing depends on the neighbours."""

import io

import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from odd_texts import PIECES
from svodka.check import check_tables
from svodka.records import Article
from svodka.run.local import run_batches
from svodka.tables import Tables

odd = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
texts = st.lists(st.sampled_from(PIECES) | odd, max_size=40).map("".join)
articles = st.lists(texts, min_size=1, max_size=4).map(
    lambda found: [Article(text=text, doc_id=str(number), published="2021-09-07") for number, text in enumerate(found)]
)


def tables_of(nlp: Language, found: list[Article], batch_size: int) -> Tables:
    return Tables.from_rows(run_batches(nlp, found, batch_size=batch_size))


@given(found=articles)
def test_tables_keep_the_contract(nlp: Language, found: list[Article]) -> None:
    tables = tables_of(nlp, found, 8)
    assert tables.errors.empty
    assert check_tables(tables) == []
    assert tables.documents["text"].tolist() == [article.text for article in found]


@given(found=articles)
def test_no_document_depends_on_its_neighbours(nlp: Language, found: list[Article]) -> None:
    together, alone = tables_of(nlp, found, 64), tables_of(nlp, found, 1)
    for name in together:
        assert together.arrow(name).equals(alone.arrow(name)), name


@given(found=articles)
def test_parquet_gives_back_what_was_written(nlp: Language, found: list[Article]) -> None:
    tables = tables_of(nlp, found, 8)
    for name in tables:
        file = io.BytesIO()
        pq.write_table(tables.arrow(name), file)
        assert pq.read_table(file).equals(tables.arrow(name)), name


@given(text=texts)
def test_every_quotation_lies_in_its_parent(nlp: Language, text: str) -> None:
    quotes = nlp(text)._.quotes
    for quote in quotes:
        assert text[quote.start : quote.end].strip()
        if quote.parent is not None:
            parent = quotes[quote.parent]
            assert parent.start <= quote.start
            assert quote.end <= parent.end


def test_a_document_of_a_million_characters(nlp: Language) -> None:
    sentence = "«Мост открыли», — сказал мэр Иван Орлов 16 числа, а Пётр Климов добавил, что резервы есть. "
    text = (sentence * 11 + "\n") * 1000
    assert len(text) > 1_000_000
    doc = nlp(text)
    assert len(doc._.quotes) > 11_000
    assert doc.text == text
