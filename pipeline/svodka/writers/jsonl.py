"""JSON lines, a document a line, all tables nested in it: what ``svodka run --out -`` writes."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from svodka.run.stream import json_line
from svodka.schema import DOCUMENTS, ERRORS, TABLES
from svodka.tables import Tables
from svodka.writers.documents import Document, Row, documents

_LISTS = tuple(name for name in TABLES if name != DOCUMENTS.name)


def write_jsonl(parts: Iterable[Tables], target: Path) -> None:
    """Write a line of JSON (https://jsonlines.org) for each document.

    A line has the columns of `documents`, and each other table as a list of objects without ``doc_id``; of a table
    that was not written the list is empty. It is the line that ``svodka run --out -`` writes, byte for byte. Dates are
    ISO 8601, moments RFC 3339. What could not be read has a line too, with ``doc_id`` (null where there is none) and
    ``errors`` only, after the documents of its part. The registry belongs to no document and is left out.

    Args:
        parts: The tables.
        target: The file.
    """
    with target.open("wb") as file:
        for part in parts:
            file.writelines(map(json_line, _rows(part)))


def _rows(part: Tables) -> Iterator[dict[str, Any]]:
    known = set(part.arrow("documents")["doc_id"].to_pylist())
    written = [name for name in _LISTS if part.arrow(name).num_rows]
    for document in documents([part], written):
        yield {**document.row, **{name: _nested(document, name) for name in _LISTS}}
    for error in part.arrow("errors").to_pylist():
        if _is_unread(error) or error["doc_id"] not in known:
            yield {"doc_id": error["doc_id"], "errors": [_without_id(error)]}


def _nested(document: Document, name: str) -> list[Row]:
    rows: list[Row] = getattr(document, name)
    return [_without_id(row) for row in rows if name != ERRORS.name or not _is_unread(row)]


def _is_unread(error: Row) -> bool:
    """Whether it is of an input that never became a document, though a later document may have got its id."""
    return bool(error["stage"] == "read")


def _without_id(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "doc_id"}
