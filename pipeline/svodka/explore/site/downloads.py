"""Results and numbers of charts as files: CSV and JSON, sent while they are read."""

import asyncio
import csv
import io
import json
import sqlite3
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from functools import partial
from itertools import chain, islice
from typing import Any, TypeAlias

from svodka.explore.search.rows import COLUMNS, DOCUMENT_COLUMNS, all_documents, all_rows
from svodka.explore.search.speakers import SpeakerRow
from svodka.explore.search.speakers import speakers as find_speakers
from svodka.explore.site.answers import Answer, PageError
from svodka.explore.site.charts import NUMBERS
from svodka.explore.site.parameters import filters_of, kind_of
from svodka.libraries import require
from svodka.writers.csv import not_a_formula

Rows: TypeAlias = Iterable[Mapping[str, Any]]

_ALL = 10**9
_BATCH = 1000
_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}


async def quotes(datasette: Any, request: Any) -> Answer:  # noqa: ANN401
    """All quotations that pass filters, newest first."""
    return _download(datasette, request, partial(all_rows, filters=filters_of(request)), "quotes", COLUMNS)


async def database(datasette: Any) -> Any:  # noqa: ANN401
    """The whole database; Datasette would name it as its file is named, in letters that a header has not."""
    path = datasette.get_database().path
    return require("datasette.utils.asgi", "explore").AsgiFileDownload(path, filename="data.db")


async def speakers(datasette: Any, request: Any) -> Answer:  # noqa: ANN401
    """All speakers whose names contain something."""
    text, kind = request.args.get("q") or "", kind_of(request)

    def rows(connection: sqlite3.Connection) -> Rows:
        found = find_speakers(connection, text, kind, limit=_ALL).speakers
        return [asdict(one) | {"roles": "; ".join(one.roles)} for one in found]

    return _download(datasette, request, rows, "speakers", [field.name for field in fields(SpeakerRow)])


async def documents(datasette: Any, request: Any) -> Answer:  # noqa: ANN401
    """All documents whose text has some words, with their texts."""
    text, month = request.args.get("q") or "", request.args.get("month")
    return _download(datasette, request, partial(all_documents, text=text, month=month), "documents", DOCUMENT_COLUMNS)


async def chart(datasette: Any, request: Any) -> Answer:  # noqa: ANN401
    """The numbers of a chart."""
    name = request.url_vars["name"]
    if name not in NUMBERS:
        raise PageError(f"There is no chart {name!r}; there are {', '.join(NUMBERS)}.")
    numbers, heads = NUMBERS[name]
    filters = filters_of(request)
    return _download(datasette, request, lambda connection: numbers(connection, filters), name, heads)


def _download(
    datasette: Any,  # noqa: ANN401
    request: Any,  # noqa: ANN401
    rows_of: Callable[[sqlite3.Connection], Rows],
    name: str,
    heads: Iterable[str],
) -> Answer:
    """Rows as a file in the format that the path of the request names.

    CSV is that of RFC 4180, nulls are empty fields; with the parameter ``spreadsheet`` it has a byte-order mark and
    nothing that a spreadsheet would compute, as `svodka.writers.csv.write_csv` has it. JSON is an array of objects.

    Args:
        datasette: The site.
        request: What was asked.
        rows_of: Makes the rows from a connection that is theirs alone.
        name: Name of the file, without its ending.
        heads: The keys of the rows.
    """
    if request.url_vars["format"] == "json":
        return Answer(_pieces(datasette, rows_of, _as_json), _TYPES["json"])
    write = partial(_as_csv, heads=list(heads), for_spreadsheet=bool(request.args.get("spreadsheet")))
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Answer(_pieces(datasette, rows_of, write), _TYPES["csv"], headers=headers)


async def _pieces(
    datasette: Any,  # noqa: ANN401
    rows_of: Callable[[sqlite3.Connection], Rows],
    write: Callable[[Rows], Iterator[str]],
) -> AsyncGenerator[str, None]:
    connection = datasette.get_database().connect()
    connection.row_factory = sqlite3.Row
    try:
        lines = write(await asyncio.to_thread(rows_of, connection))
        while piece := await asyncio.to_thread(lambda: "".join(islice(lines, _BATCH))):
            yield piece
    finally:
        connection.close()


def _as_json(rows: Rows) -> Iterator[str]:
    before = "[\n"
    for row in rows:
        yield before + json.dumps(row, ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _as_csv(rows: Rows, heads: list[str], *, for_spreadsheet: bool) -> Iterator[str]:
    if for_spreadsheet:
        yield "\ufeff"
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for values in chain([heads], (row.values() for row in rows)):
        writer.writerow(map(_safe, values) if for_spreadsheet else values)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _safe(value: Any) -> Any:  # noqa: ANN401
    return not_a_formula(value) if isinstance(value, str) else value
