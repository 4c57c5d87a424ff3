"""Articles in, JSON lines out: the pipeline as a filter between other programs."""

import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import IO, Any

import orjson

from svodka.config import Config
from svodka.engine import batches
from svodka.records import Article, Problem, from_float32
from svodka.rows import unread_row
from svodka.run.folder import Summary, table_names
from svodka.run.local import run_lists
from svodka.schema import DOCUMENTS, TABLES


def run_to_jsonl(
    items: Iterable[Article | Problem],
    out: IO[bytes],
    *,
    config: Config | None = None,
    workers: int | None = None,
    batch_size: int | None = None,
    tables: Sequence[str] | None = None,
) -> Summary:
    """Run the pipeline over articles, and write a line of JSON for each.

    A line is a nested row: the columns of `documents`, and each other table as a list of objects without ``doc_id``.
    What could not be read has a line too, with ``doc_id`` (null where there is none) and ``errors`` only. Lines come in
    the order of the articles. Dates are ISO 8601, moments RFC 3339.

    Args:
        items: Articles and reading problems, as `svodka.read` yields them.
        out: Where the lines go; flushed with each batch.
        config: Configuration; the default one if not given.
        workers: Processes; the configuration's if not given.
        batch_size: Articles at once; the configuration's if not given.
        tables: Names of the tables to write besides documents and errors; all if not given.

    Raises:
        ConfigError: A table name is unknown.
    """
    begin = time.perf_counter()
    config = config or Config()
    names = table_names(tables)
    columns = [*DOCUMENTS.schema.names, *(name for name in names if name != DOCUMENTS.name)]
    waiting: deque[list[Article | Problem]] = deque()

    def lists() -> Iterator[list[Article]]:
        for batch in batches(items, batch_size or config.run.batch_size):
            waiting.append(batch)
            yield [item for item in batch if isinstance(item, Article)]

    summary = Summary()
    with closing(run_lists(config, lists(), workers or config.run.workers)) as stream:
        for rows in stream:
            documents = iter(rows.select(columns).to_pylist())
            for item in waiting.popleft():
                row = next(documents) if isinstance(item, Article) else unread_row(item)
                _count(summary, row)
                out.write(json_line(row))
            out.flush()
    summary.seconds = time.perf_counter() - begin
    return summary


def json_line(row: dict[str, Any]) -> bytes:
    """The line of a nested row, numbers as they were before they were stored in 32 bits."""
    for quote in row.get("quotes", ()):
        quote["confidence"] = from_float32(quote["confidence"])
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


def _count(summary: Summary, row: dict[str, Any]) -> None:
    is_document = "text" in row
    summary.n_done += is_document
    summary.rows["documents"] += is_document
    for name in TABLES:
        if name != DOCUMENTS.name:
            summary.rows[name] += len(row.get(name, ()))
