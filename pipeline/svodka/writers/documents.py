"""Tables one document at a time: what the formats that have documents are written from."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from svodka.errors import ExportError
from svodka.schema import TABLES
from svodka.tables import Tables

Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Document:
    """The rows of one document, as dicts of Python values; columns are those of `svodka.schema`.

    Attributes:
        row: Its row of `documents`.
        sentences: Its sentences.
        tokens: Its tokens.
        mentions: Its mentions.
        entities: Its entities; ``entities[entity_id]`` is the one with that id.
        roles: Its roles.
        dates: Its dates.
        quotes: Its quotations.
        errors: What failed.
    """

    row: Row
    sentences: list[Row] = field(default_factory=list)
    tokens: list[Row] = field(default_factory=list)
    mentions: list[Row] = field(default_factory=list)
    entities: list[Row] = field(default_factory=list)
    roles: list[Row] = field(default_factory=list)
    dates: list[Row] = field(default_factory=list)
    quotes: list[Row] = field(default_factory=list)
    errors: list[Row] = field(default_factory=list)

    @property
    def doc_id(self) -> str:
        """Its key."""
        doc_id: str = self.row["doc_id"]
        return doc_id

    @property
    def text(self) -> str:
        """Its text, which all offsets point into."""
        text: str = self.row["text"]
        return text


def documents(parts: Iterable[Tables], tables: Collection[str]) -> Iterator[Document]:
    """The documents of tables in their order.

    Args:
        parts: Tables; the rows of a document are all in one of them.
        tables: Names of the tables whose rows are needed; the others stay empty.

    Raises:
        ExportError: Documents have tokens, and the table of them, though needed, was not written.
    """
    for part in parts:
        rows = part.arrow("documents")
        flat = {name: part.arrow(name) for name in TABLES if name in tables and name != "documents"}
        _refuse_missing(rows, flat)
        groups = {name: _by_document(table) for name, table in flat.items()}
        for batch in rows.to_batches(max_chunksize=256):
            for row in batch.to_pylist():
                found = {name: _rows(table, groups[name].get(row["doc_id"])) for name, table in flat.items()}
                yield Document(row, **found)


def span_of(row: Row) -> tuple[int, int]:
    """The span of a row: its first code point, and one past the last."""
    return row["start"], row["end"]


def segments_of(quote: Row) -> list[tuple[int, int]]:
    """The spans of the segments of a quotation, in reading order."""
    return list(map(span_of, quote["segments"]))


def part_of(quote: Row, name: str) -> tuple[int, int] | None:
    """The span of the ``cue`` or ``mention`` of a quotation; None where it has none."""
    start, end = quote[f"{name}_start"], quote[f"{name}_end"]
    return None if start is None else (start, end)


def _refuse_missing(rows: pa.Table, flat: dict[str, pa.Table]) -> None:
    for name, count in (("tokens", "n_tokens"), ("sentences", "n_sents")):
        if name in flat and not flat[name].num_rows and any(rows[count].to_pylist()):
            message = (
                f"this format needs the table {name!r}, which is not there; run svodka again with --tables {name},…"
            )
            raise ExportError(message)


def _by_document(table: pa.Table) -> dict[str, tuple[int, int] | list[int]]:
    """Where the rows of each document are: (first, one past the last), or their numbers where they lie scattered."""
    encoded = table["doc_id"].combine_chunks().dictionary_encode()
    if not table.num_rows:
        return {}
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    begins = np.flatnonzero(np.diff(codes, prepend=-1))
    ids = encoded.dictionary.to_pylist()
    if len(begins) == len(ids):
        ends = [*begins[1:].tolist(), len(codes)]
        return {ids[codes[begin]]: (begin, end) for begin, end in zip(begins.tolist(), ends, strict=True)}
    return {one: np.flatnonzero(codes == code).tolist() for code, one in enumerate(ids)}


def _rows(table: pa.Table, place: tuple[int, int] | list[int] | None) -> list[Row]:
    if place is None:
        return []
    found = table.slice(place[0], place[1] - place[0]) if isinstance(place, tuple) else table.take(place)
    names = found.schema.names
    columns = [column.to_pylist() for column in found.columns]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
