"""What the tests of the explorer share: a small corpus, linked, and its database."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import svodka
from svodka.explore.database import connect
from svodka.link.folder import link_folder
from svodka.tables import Tables
from svodka.writers.formats import export

ARTICLES = [
    ("2021-09-07", "Паводок в Заречном",
     "«Заявления жителей приняты, ёлки уберут», — сказала мэр Заречного Анна Петрова."),
    ("2021-09-08", None, "Мэр Анна Петрова сообщила ТАСС, что новый мост откроют в среду. Дождь шёл."),
    ("2021-11-02", "Мост",
     "Петрова заявила, что её заявлением занялась прокуратура. «Мы не стали ждать», — добавила Петрова."),
    ("2021-11-02", "Завод", "«Сталь подорожала», — рассказал директор завода Иван Песков агентству Reuters."),
    ("2022-01-15", "Пляж", "«Песок привезут. Вице-премьера ждут», — пообещал губернатор Пётр Орлов."),
    (None, "<script>alert(1)</script>", "Жители говорят, что моста в Заречном нет & не было <b>никогда</b>."),
    ("2022-01-16", "\x00", "«Вода \x00 прибывает, а мост закрыт», — сказал губернатор Пётр Орлов."),
]  # fmt: skip


@cache
def tables() -> Tables:
    """The tables of the corpus, with its registry."""
    folder = Path(mkdtemp())
    articles = [
        {"id": str(number), "text": text, "published": day, "title": title}
        for number, (day, title, text) in enumerate(ARTICLES)
    ]
    svodka.extract(articles).to_parquet(folder)
    link_folder(folder)
    return Tables.read_parquet(folder)


@cache
def database() -> Path:
    """Its database."""
    path = Path(mkdtemp()) / "svodka.sqlite"
    export([tables()], "sqlite", path)
    return path


@contextmanager
def opened(path: Path | None = None) -> Iterator[sqlite3.Connection]:
    """A database, that of the corpus where none is given."""
    with connect(path or database()) as connection:
        yield connection
