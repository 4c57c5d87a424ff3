"""What the tests of formats share: tables of odd texts, and of the samples."""

from functools import cache

from hypothesis import strategies as st

import svodka
from conftest import ROOT
from odd_texts import HOSTILE, PIECES
from svodka.tables import Tables

SENTENCES = [
    "«Мост откроют 16 числа», — сообщил мэр Заречного Иван Орлов. — «Приезжайте».",
    "По словам Орлова, «движение пустят в пятницу».",
    "Министр обороны Анна Петрова назвала это «провалом 😀».",
    "«Он сказал: „Мост готов“», — рассказала Петрова ТАСС.",
    " МВД Сербии сообщает, что погода была ясной.\n\nИван Орлов:\n— Когда?\n— Вчера.",
]  # fmt: skip
"""Sentences that fill every table."""


def odd_texts() -> st.SearchStrategy[str]:
    """Texts of ordinary sentences and what is odd among them; each is one that the reader takes."""
    pieces = st.one_of(st.sampled_from(SENTENCES), st.sampled_from(PIECES), st.sampled_from(HOSTILE))
    return st.lists(pieces, min_size=1, max_size=9).map("".join).filter(_has_words)


def _has_words(text: str) -> bool:
    return any(char.isprintable() and not char.isspace() for char in text)


@cache
def _pipeline() -> "svodka.engine.Language":
    return svodka.load()


def tables_of(*texts: str, **fields: str) -> Tables:
    """The tables of texts, their ids odd too; `fields` are further ones of each article."""
    ids = ["../a b", "А", "а", "<x>&'\"", "con", "я" * 300, "\ufffe\x00"]
    articles = [
        {"text": text, "id": ids[number] if number < len(ids) else str(number), "published": "2021-09-07", **fields}
        for number, text in enumerate(texts)
    ]
    return svodka.extract(articles, nlp=_pipeline())


@cache
def sample_tables() -> Tables:
    """The tables of the sample articles."""
    return svodka.extract(svodka.read(ROOT / "data" / "samples"), nlp=_pipeline())


@cache
def hostile_tables() -> Tables:
    """The tables of texts that hold all odd pieces."""
    middle = len(HOSTILE) // 2
    texts = [" ".join(SENTENCES) + "".join(odd) for odd in (HOSTILE[:middle], HOSTILE[middle:], PIECES)]
    return tables_of(
        *texts, *HOSTILE[:3], "Дождь.", title='<b>«Дождь»</b>\x00 & "снег"', url="https://example.org/?a=1&b=<2>"
    )
