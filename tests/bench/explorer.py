"""How fast the explorer answers over 100,000 quotations on one core. No part of ``make test``.

    python tests/bench/explorer.py TABLES [--quotes 100000] [--database FILE]

TABLES is a folder of tables. They are written to a database again and again, each time under other ids and in other
months, till it has the quotations; ``--database`` keeps it, or takes one that is there. «first» is a call on a new
connection, the file out of the system's memory, and nothing remembered; «again» is the median of five more, of
which the latest selections are remembered. A page is 20 hits and all facets. What is loaded once a process
(the dictionary, the columns of facets) is loaded before, and printed apart. «its CPU» is the processor's time of
the first call: what would be «first» on an idle machine with the file in memory.
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from math import ceil
from pathlib import Path
from sqlite3 import Connection
from statistics import median
from time import perf_counter, process_time
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from click import echo

from svodka.explore.database import connect
from svodka.explore.search.columns import columns_of
from svodka.explore.search.counts import by_month, media_by_speakers, top_speakers
from svodka.explore.search.documents import document, search_documents
from svodka.explore.search.facets import facet, facets
from svodka.explore.search.query import parse
from svodka.explore.search.quotes import Order, search
from svodka.explore.search.selection import Filters, remembered
from svodka.explore.search.speakers import speaker, speakers
from svodka.schema import ALL_TABLES
from svodka.tables import Tables
from svodka.writers.formats import export
from svodka.writers.parts import read_parts

PROMISE = 200  # milliseconds
_DAYS_BETWEEN = 31


def repeated(folder: Path, n_quotes: int) -> Iterator[Tables]:
    """The tables of a folder, again and again till there are so many quotations."""
    n_once = sum(part.arrow("quotes").num_rows for part in read_parts(folder))
    for copy in range(ceil(n_quotes / n_once)):
        for part in read_parts(folder):
            yield Tables({name: _as_copy(part.arrow(name), name, copy) for name in ALL_TABLES})


def _as_copy(rows: pa.Table, name: str, copy: int) -> pa.Table:
    if not copy or not rows.num_rows:
        return rows
    if name == "registry":
        return rows.slice(0, 0)
    columns = rows.schema
    rows = rows.set_column(0, columns.field("doc_id"), pc.binary_join_element_wise(rows["doc_id"], str(copy), "~"))
    if name == "documents":
        days = timedelta(days=copy * _DAYS_BETWEEN)
        for column in ("published", "published_day"):
            moved = pc.add(rows[column].cast(pa.timestamp("us")), days).cast(columns.field(column).type)
            rows = rows.set_column(columns.get_field_index(column), columns.field(column), moved)
    return rows


def cases(connection: Connection) -> Iterator[tuple[str, Callable[[Connection], Any]]]:
    """What is measured, by name."""
    texts = {
        "nothing (all)": "", "a rare word": "паводок", "a common word": "россия", "the commonest word": "в",
        "two words": "президент заявление", "a phrase": "«уголовное дело»", "a prefix": "мост*",
        "a prefix of one letter": "п*", "without a word": "-россия", "without the commonest": "россия -в",
        "one of two": "мэр москва ИЛИ петербург", "a name": "Владимир Путин",
    }  # fmt: skip
    for name, text in texts.items():
        yield f"page: {name}", partial(_page, asked=Filters(text))
    first = speakers(connection).speakers[0].speaker_id
    month = facet(connection, Filters(), "month").values[-1].value
    common = Filters(text="россия")
    yield "page: common, newest first", partial(_page, asked=common, order="newest")
    yield "page: all, 5,000 pages deep", partial(_page, asked=Filters(), offset=99_000)
    yield "page: common, 100 pages deep", partial(_page, asked=common, offset=2000)
    yield "page: common, speaker, type", partial(_page, asked=Filters("россия", speaker=first, type="indirect"))
    yield "page: month", partial(_page, asked=Filters(month=month))
    yield "facet: more roles with a word", lambda c: facet(c, Filters(), "role", 200, "министр").n_values
    yield "documents: a rare word", lambda c: search_documents(c, "паводок").total
    yield "documents: a common word", lambda c: search_documents(c, "россия").total
    yield "documents: nothing (all)", lambda c: search_documents(c, "").total
    yield "speakers: nothing (all)", lambda c: speakers(c).total
    yield "speakers: a name", lambda c: speakers(c, "иванов").total
    yield "speaker: the most quoted", lambda c: len(speaker(c, first).documents)  # type: ignore[union-attr]
    yield "chart: by month", lambda c: len(by_month(c, Filters()))
    yield "chart: top speakers", lambda c: len(top_speakers(c, Filters()))
    yield "chart: media by speakers", lambda c: len(media_by_speakers(c, Filters()))
    doc_id = search_documents(connection, "").hits[0].doc_id
    yield "document", lambda c: len(document(c, doc_id).tokens)  # type: ignore[union-attr]


def _page(connection: Connection, asked: Filters, order: Order = "relevance", offset: int = 0) -> int:
    """A page of hits and its facets."""
    facets(connection, asked)
    return search(connection, asked, order=order, offset=offset).total


def measure(database: Path) -> None:
    """Measure and print."""
    begin = perf_counter()
    parse("дождь")
    loaded = perf_counter()
    with connect(database) as connection:
        n_quotes = len(columns_of(connection).numbers)
        ready = perf_counter()
        named = list(cases(connection))
    echo(f"{n_quotes:,} quotations, {database.stat().st_size / 2**20:,.0f} MiB, one core")
    echo(f"once a process: dictionary {loaded - begin:.2f} s, columns {ready - loaded:.2f} s\n")
    echo(f"{'':34}{'result':>9}{'first':>9}{'its CPU':>9}{'again':>9}   promised < {PROMISE} ms")
    for name, call in named:
        _forget(database)
        remembered.clear()
        with connect(database) as connection:
            result, first, processor = _timed(connection, call)
            again = median(_timed(connection, call)[1] for _ in range(5))
        verdict = "" if max(first, again) < PROMISE else "   SLOWER"
        echo(f"{name:34}{result:>9,}{first:>6.0f} ms{processor:>6.0f} ms{again:>6.0f} ms{verdict}")


def _timed(connection: Connection, call: Callable[[Connection], Any]) -> tuple[Any, float, float]:
    """The result of a call, and its milliseconds, on the clock and of the processor."""
    begin, worked = perf_counter(), process_time()
    result = call(connection)
    return result, (perf_counter() - begin) * 1000, (process_time() - worked) * 1000


def _forget(path: Path) -> None:
    """Take a file out of the system's memory."""
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def main() -> None:
    """Make the database, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", type=Path)
    parser.add_argument("--quotes", type=int, default=100_000)
    parser.add_argument("--database", type=Path)
    given = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        database: Path = given.database or Path(folder) / "explorer.sqlite"
        if not database.exists():
            begin = perf_counter()
            export(repeated(given.tables, given.quotes), "sqlite", database)
            echo(f"written in {perf_counter() - begin:.0f} s")
        measure(database)


if __name__ == "__main__":
    main()
