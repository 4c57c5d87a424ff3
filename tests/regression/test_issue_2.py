"""The broadcaster's item that started the project, read in place (#2)."""

import datetime as dt

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from shared_data import shared
from svodka.engine import make_doc
from svodka.records import Article


@pytest.fixture(scope="module")
def doc(nlp: Language) -> Doc:
    text = shared("corpora/ctv_lukashenko_masimov.txt").read_bytes().decode("utf-8")
    return nlp(make_doc(nlp, Article(text=text, published="2021-09-07")))


def test_quotations_and_their_speakers(doc: Doc) -> None:
    found = [(quote.type, quote.form, quote.speaker, quote.parent) for quote in doc._.quotes]
    assert found == [
        ("direct", "headline", "Карим Масимов", None),
        ("indirect", "inline", "программа Новости «24 часа»", None),
        ("direct", "block", "Александр Лукашенко", None),
        ("indirect", "inline", "Александр Лукашенко", None),
        ("direct", "block", "Карим Масимов", None),
        ("direct", "inline", "Нурсултан Абишевич Назарбаев", 4),
    ]


def test_blocks_are_whole_lines_and_swallow_nothing(doc: Doc) -> None:
    lines = doc.text.splitlines()
    blocks = [quote for quote in doc._.quotes if quote.form == "block"]
    content = [[doc.text[start:end] for start, end in quote.segments] for quote in blocks]
    assert content == [[lines[3]], [lines[6]]]


def test_narration_between_the_blocks(doc: Doc) -> None:
    quote = doc._.quotes[3]
    words = doc.text[quote.start : quote.end].split()
    assert (words[0], words[-1]) == ("обсудит", "Путиным")


def test_day_and_role(doc: Doc) -> None:
    (day,) = [date for date in doc._.dates if doc.text[date.start : date.end] == "16 числа"]
    assert day.start_date == day.end_date == dt.date(2021, 9, 16)
    roles = {person.name: person.role for person in doc._.people}
    assert roles["Карим Масимов"] == "председатель Комитета национальной безопасности Казахстана"
    assert "Нурсултан Абишевич" not in roles


def test_no_name_runs_over_a_sentence_end(doc: Doc) -> None:
    assert all(entity.end <= entity.sent.end for entity in doc.ents)
    assert not any("Беларуси. Во" in entity.text for entity in doc.ents)
