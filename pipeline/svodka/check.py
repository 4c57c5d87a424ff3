"""Does a set of tables keep the contract: keys unique, references resolved, offsets slicing the text, values closed."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from svodka.schema import ALL_TABLES, DOCUMENTS, Column, Table
from svodka.tables import Tables


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule of the contract that rows break.

    Attributes:
        table: Name of the table.
        rule: What is broken: null, enum, key, reference, offsets, text, segments, count or hash.
        rows: How many rows break it.
        example: The first of them, for a reader.
    """

    table: str
    rule: str
    rows: int
    example: str

    def __str__(self) -> str:
        return f"{self.table}: {self.rule}: {self.rows} row(s), first: {self.example}"


def check_tables(tables: Tables) -> list[Violation]:
    """All violations; an empty list is a clean bill.

    Only tables with rows can refer to one another: a run that wrote no tokens is checked without them.
    """
    checks: tuple[Callable[[Tables, Table], Iterator[Violation]], ...] = (
        _nulls, _values, _keys, _references, _offsets, _segments,
    )  # fmt: skip
    found = [violation for table in ALL_TABLES.values() for check in checks for violation in check(tables, table)]
    return [*found, *_documents(tables), *_registry(tables)]


def _violation(table: str, rule: str, broken: pa.Table, detail: str) -> Iterator[Violation]:
    if broken.num_rows:
        first = {name: value for name, value in broken.slice(0, 1).to_pylist()[0].items() if name != "text"}
        yield Violation(table, rule, broken.num_rows, f"{detail}: {first}")


def _nulls(tables: Tables, table: Table) -> Iterator[Violation]:
    arrow = tables.arrow(table.name)
    for field in table.schema:
        if not field.nullable:
            yield from _violation(table.name, "null", arrow.filter(pc.is_null(arrow[field.name])), field.name)
        if pa.types.is_string(field.type) and field.name not in ("text", "message"):
            yield from _violation(table.name, "empty", arrow.filter(pc.equal(arrow[field.name], "")), field.name)


def _values(tables: Tables, table: Table) -> Iterator[Violation]:
    arrow = tables.arrow(table.name)
    for column in table.columns:
        if column.values:
            known = pc.is_in(arrow[column.name], pa.array([*column.values, None], type=column.type))
            yield from _violation(table.name, "enum", arrow.filter(pc.invert(known)), column.name)


def _keys(tables: Tables, table: Table) -> Iterator[Violation]:
    if table.keys:
        twice = [key for key, count in Counter(_rows(tables, table, table.keys)).items() if count > 1]
        if twice:
            yield Violation(table.name, "key", len(twice), f"{list(table.keys)} = {twice[0]} stands more than once")


def _rows(tables: Tables, table: Table, names: Iterable[str]) -> Iterator[tuple[object, ...]]:
    return zip(*(tables.arrow(table.name)[name].to_pylist() for name in names), strict=True)


def _references(tables: Tables, table: Table) -> Iterator[Violation]:
    if table is not DOCUMENTS and table.of_documents:
        known = set(tables.arrow("documents")["doc_id"].to_pylist())
        lost = [doc_id for doc_id in tables.arrow(table.name)["doc_id"].to_pylist() if doc_id not in known]
        # an input that could not be read has an id perhaps, and no document
        if lost and table.name != "errors":
            yield Violation(table.name, "reference", len(lost), f"doc_id {lost[0]!r} is in no row of documents")
    for column in table.columns:
        if column.refers_to and tables.arrow(column.refers_to).num_rows:
            yield from _broken_references(tables, table, column)


def _broken_references(tables: Tables, table: Table, column: Column) -> Iterator[Violation]:
    target = ALL_TABLES[column.refers_to or ""]
    known = set(_rows(tables, target, target.keys))
    rows = _rows(tables, table, (*target.keys[:-1], column.name))
    lost = [row for row in rows if row[-1] is not None and row not in known]
    if lost:
        yield Violation(table.name, "reference", len(lost), f"{column.name} = {lost[0]} is not in {target.name}")


def _offsets(tables: Tables, table: Table) -> Iterator[Violation]:
    names = table.schema.names
    texts = _texts(tables)
    for prefix, text_name in (("", "text"), ("cue_", "cue"), ("mention_", "mention")):
        if f"{prefix}start" not in names:
            continue
        columns = ["doc_id", f"{prefix}start", f"{prefix}end", *([text_name] if text_name in names else [])]
        arrow = tables.arrow(table.name).select(columns)
        broken = []
        for doc_id, start, end, *text in zip(*(arrow[name].to_pylist() for name in columns), strict=True):
            if start is None and end is None and text == [None]:
                continue
            whole = texts.get(doc_id, "")
            if (
                start is None
                or end is None
                or not 0 <= start < end <= len(whole)
                or text not in ([], [whole[start:end]])
            ):
                broken.append((doc_id, start, end))
        if broken:
            yield Violation(
                table.name, "offsets", len(broken), f"{prefix}start, end do not slice the text: {broken[0]}"
            )


def _segments(tables: Tables, table: Table) -> Iterator[Violation]:
    if "segments" not in table.schema.names:
        return
    arrow = tables.arrow(table.name)
    columns = (arrow[name].to_pylist() for name in ("doc_id", "start", "end", "segments"))
    broken = []
    for doc_id, start, end, segments in zip(*columns, strict=True):
        edges = [offset for segment in segments for offset in (segment["start"], segment["end"])]
        rising = all(before < after for before, after in zip(edges[::2], edges[1::2], strict=True))
        if not edges or edges != sorted(edges) or not rising or (edges[0], edges[-1]) != (start, end):
            broken.append((doc_id, start, end))
    if broken:
        yield Violation(table.name, "segments", len(broken), f"segments do not fill start to end in order: {broken[0]}")


def _documents(tables: Tables) -> Iterator[Violation]:
    documents = tables.arrow("documents")
    columns = (
        documents[name].to_pylist() for name in ("doc_id", "text", "text_sha256", "n_chars", "n_sents", "n_tokens")
    )
    sentences = Counter(tables.arrow("sentences")["doc_id"].to_pylist())
    tokens = Counter(tables.arrow("tokens")["doc_id"].to_pylist())
    for doc_id, text, sha, n_chars, n_sents, n_tokens in zip(*columns, strict=True):
        if hashlib.sha256(text.encode("utf-8")).hexdigest() != sha:
            yield Violation("documents", "hash", 1, f"text_sha256 of {doc_id!r} is not that of its text")
        if n_chars != len(text):
            yield Violation("documents", "count", 1, f"n_chars of {doc_id!r} is {n_chars}, its text has {len(text)}")
        for name, count, rows in (("n_sents", n_sents, sentences), ("n_tokens", n_tokens, tokens)):
            if rows and count != rows[doc_id]:
                yield Violation(
                    "documents", "count", 1, f"{name} of {doc_id!r} is {count}, there are {rows[doc_id]} rows"
                )


def _registry(tables: Tables) -> Iterator[Violation]:
    n_entities, n_linked = (tables.arrow(name).num_rows for name in ("entities", "registry_entities"))
    if n_linked and n_linked != n_entities:
        message = f"{n_entities} entities, {n_linked} of them joined; run `svodka link` again"
        yield Violation("registry_entities", "count", abs(n_entities - n_linked), message)


def _texts(tables: Tables) -> dict[str, str]:
    documents = tables.arrow("documents")
    return dict(zip(documents["doc_id"].to_pylist(), documents["text"].to_pylist(), strict=True))
