"""A batch of Docs → nested rows: one Arrow row a document, its sentences, tokens, mentions … as lists of structs.

This is the unit that travels between processes. Columns are made from spaCy's attribute arrays and the records, not
token by token.
"""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from spacy.attrs import DEP, HEAD, LEMMA, MORPH, POS
from spacy.tokens import Doc

from svodka.document import get_article, get_dates, get_entities, get_mentions, get_quotes, layers
from svodka.records import Article, Problem, Record
from svodka.schema import DOCUMENTS, NESTED, TABLES, Table
from svodka.stages.columns import columns

Ints = npt.NDArray[np.int64]

ARTICLE_SCHEMA = pa.schema([
    pa.field("doc_id", pa.string(), nullable=False),
    pa.field("text", pa.string(), nullable=False),
    pa.field("title", pa.string()),
    pa.field("url", pa.string()),
    pa.field("published", pa.timestamp("us", tz="UTC")),
    pa.field("published_from", pa.string()),
    pa.field("anchor", pa.date32()),
    pa.field("source", pa.string()),
])  # fmt: skip
"""A batch of articles on its way to a worker; `anchor` is the calendar day of publication where it was published."""


def articles_to_batch(articles: Sequence[Article]) -> pa.RecordBatch:
    """Articles as an Arrow batch."""
    columns = [pa.array([getattr(a, name) for a in articles], type=ARTICLE_SCHEMA.field(name).type)
               for name in ARTICLE_SCHEMA.names]  # fmt: skip
    return pa.RecordBatch.from_arrays(columns, schema=ARTICLE_SCHEMA)


def batch_to_articles(batch: pa.RecordBatch) -> list[Article]:
    """The articles of `articles_to_batch`."""
    return [Article(**row) for row in batch.to_pylist()]


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the tokens and sentences of a Doc lie, white space left out.

    Attributes:
        tokens: Index in the Doc of each token.
        starts: First code point of each token.
        ends: One past the last code point of each token.
        sentence: Sentence of each token.
        first: First token of each sentence.
        start_list: The starts as a list, which bisects faster.
        end_list: The ends as a list.
    """

    tokens: Ints
    starts: Ints
    ends: Ints
    sentence: Ints
    first: Ints
    start_list: list[int]
    end_list: list[int]

    @classmethod
    def of(cls, doc: Doc) -> "Grid":
        """The grid of a Doc."""
        known = columns(doc)
        is_token = known.is_word
        starts, ends, numbers = (
            np.array(column, dtype=np.int64)[is_token] for column in (known.starts, known.ends, known.sentence_of)
        )
        begins = np.diff(numbers, prepend=-1) > 0
        sentence = np.cumsum(begins) - 1
        tokens = np.flatnonzero(is_token)
        return cls(tokens, starts, ends, sentence, np.flatnonzero(begins), starts.tolist(), ends.tolist())

    def sentence_at(self, offset: int) -> int:
        """Sentence of the token at or before an offset."""
        return int(self.sentence[max(bisect_right(self.start_list, offset) - 1, 0)])

    def tokens_of(self, start: int, end: int) -> tuple[int, int]:
        """First token and one past the last token that a span touches."""
        return bisect_right(self.end_list, start), bisect_left(self.start_list, end)


def nested_batch(docs: Sequence[Doc], problems: Iterable[Problem] = ()) -> pa.RecordBatch:
    """Nested rows of Docs.

    Args:
        docs: Docs that went through the pipeline.
        problems: Rows of stages that failed on them.
    """
    failed: dict[str | None, list[Problem]] = {}
    for problem in problems:
        failed.setdefault(problem.doc_id, []).append(problem)
    grids = [Grid.of(doc) for doc in docs]
    articles = [get_article(doc) for doc in docs]
    texts = [article.text for article in articles]
    errors = [failed.get(article.doc_id, []) for article in articles]
    nested: dict[str, pa.Array] = {
        "sentences": _lists("sentences", [len(grid.first) for grid in grids], _sentence_columns(grids)),
        "tokens": _lists("tokens", [len(grid.tokens) for grid in grids], _token_columns(docs, grids, texts)),
        "errors": _records_column("errors", errors, _problem_row, grids, texts),
    }
    makers: dict[str, tuple[Callable[[Doc], Sequence[Record]], Callable[..., dict[str, Any]]]] = {
        "mentions": (get_mentions, _mention_row),
        "entities": (get_entities, _entity_row),
        "dates": (get_dates, _date_row),
        "quotes": (get_quotes, _quote_row),
    }
    for name, (records, row) in makers.items():
        nested[name] = _records_column(name, [records(doc) for doc in docs], row, grids, texts)
    documents = [
        _document_row(article, doc.lang_, grid, [problem.stage for problem in found])
        for doc, article, grid, found in zip(docs, articles, grids, errors, strict=True)
    ]
    for field in DOCUMENTS.schema:
        nested[field.name] = pa.array([row[field.name] for row in documents], type=field.type)
    return pa.RecordBatch.from_arrays([nested[name] for name in NESTED.names], schema=NESTED)


def _document_row(article: Article, language: str, grid: Grid, failed_stages: Sequence[str]) -> dict[str, Any]:
    text = article.text
    status = "ok" if not failed_stages else "partial" if set(failed_stages) - {"tokenize", "neural"} else "failed"
    return {
        "doc_id": article.doc_id,
        "source": article.source,
        "url": article.url,
        "title": article.title,
        "published": article.published,
        "published_from": article.published_from,
        "language": language,
        "text": text,
        "text_sha256": hashlib.sha256(text.encode("utf-8")).hexdigest(),
        "n_chars": len(text),
        "n_sents": len(grid.first),
        "n_tokens": len(grid.tokens),
        "status": status,
    }


def _sentence_columns(grids: Sequence[Grid]) -> dict[str, pa.Array]:
    last = [np.append(grid.first[1:], len(grid.tokens)) if len(grid.first) else grid.first for grid in grids]
    return {
        "sent_id": _concatenate(np.arange(len(grid.first)) for grid in grids),
        "start": _concatenate(grid.starts[grid.first] for grid in grids),
        "end": _concatenate(grid.ends[end - 1] for grid, end in zip(grids, last, strict=True)),
        "token_start": _concatenate(grid.first for grid in grids),
        "token_end": _concatenate(last),
    }


def _token_columns(docs: Sequence[Doc], grids: Sequence[Grid], texts: Sequence[str]) -> dict[str, pa.Array]:
    heads, head_missing, repaired = [], [], []
    attributes: dict[str, list[npt.NDArray[np.uint64]]] = {"lemma": [], "pos": [], "feats": [], "dep": []}
    for doc, grid in zip(docs, grids, strict=True):
        values: npt.NDArray[Any] = doc.to_array([LEMMA, POS, MORPH, DEP, HEAD])[grid.tokens]
        for column, name in enumerate(("lemma", "pos", "feats", "dep")):
            attributes[name].append(values[:, column])
        offsets = values[:, 4].astype(np.int64)
        rank = np.cumsum(np.bincount(grid.tokens, minlength=len(doc))) - 1
        absolute = grid.tokens + offsets
        heads.append(rank[absolute] if len(rank) else absolute)
        head_missing.append((offsets == 0) | (values[:, 3] == 0))
        argmax = layers(doc).get("argmax_heads")
        own = np.where(offsets == 0, -1, absolute)
        repaired.append(own != np.array(argmax)[grid.tokens] if argmax else np.zeros(len(own), dtype=np.bool_))
    strings = docs[0].vocab.strings if docs else None
    words = [
        text[start:end]
        for text, grid in zip(texts, grids, strict=True)
        for start, end in zip(grid.starts.tolist(), grid.ends.tolist(), strict=True)
    ]
    empty = docs[0].vocab.strings["_"] if docs else 0  # spaCy writes empty features as «_»
    return {
        "token_id": _concatenate(np.arange(len(grid.tokens)) for grid in grids),
        "sent_id": _concatenate(grid.sentence for grid in grids),
        "start": _concatenate(grid.starts for grid in grids),
        "end": _concatenate(grid.ends for grid in grids),
        "text": pa.array(words, type=pa.string()),
        **{name: _decode(np.concatenate(ids) if ids else np.zeros(0, np.uint64), strings, empty)
           for name, ids in attributes.items()},
        "head": _concatenate(heads, head_missing),
        "head_repaired": pa.array(np.concatenate(repaired) if repaired else [], type=pa.bool_()),
    }  # fmt: skip


def _decode(ids: npt.NDArray[np.uint64], strings: Any, empty: int) -> pa.Array:  # noqa: ANN401
    """Strings of string-store ids; the empty string and «_» are null."""
    unique, inverse = np.unique(ids, return_inverse=True)
    words = pa.array([strings[int(one)] if one not in (0, empty) else None for one in unique], type=pa.string())
    return words.take(pa.array(inverse))


def _concatenate(parts: Iterable[Any], missing: Iterable[Any] | None = None) -> pa.Array:
    arrays = list(parts)
    values = np.concatenate(arrays).astype(np.int32) if arrays else np.zeros(0, np.int32)
    masks = list(missing) if missing is not None else []
    return pa.array(values, mask=np.concatenate(masks) if masks else None)


def _lists(name: str, lengths: Sequence[int], columns: dict[str, pa.Array]) -> pa.Array:
    struct = NESTED.field(name).type.value_type
    values = pa.StructArray.from_arrays([columns[field.name] for field in struct], fields=list(struct))
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values, type=NESTED.field(name).type)


def _records_column(
    name: str,
    records: Sequence[Sequence[Record]],
    make_row: Callable[..., dict[str, Any]],
    grids: Sequence[Grid],
    texts: Sequence[str],
) -> pa.Array:
    rows = [
        make_row(number, record, grid, text)
        for found, grid, text in zip(records, grids, texts, strict=True)
        for number, record in enumerate(found)
    ]
    table: Table = TABLES[name]
    columns = {column.name: pa.array([row[column.name] for row in rows], type=column.type) for column in table.columns}
    return _lists(name, [len(found) for found in records], columns)


def _span(record: Any, grid: Grid, text: str) -> dict[str, Any]:  # noqa: ANN401
    start, end = record.start, record.end
    return {"sent_id": grid.sentence_at(start), "start": start, "end": end, "text": text[start:end]}


def _mention_row(number: int, record: Any, grid: Grid, text: str) -> dict[str, Any]:  # noqa: ANN401
    token_start, token_end = grid.tokens_of(record.start, record.end)
    return {
        **_span(record, grid, text),
        "mention_id": number,
        "entity_id": record.entity,
        "token_start": token_start,
        "token_end": token_end,
        "label": record.label,
        "kind": record.kind,
        "normal": record.normal,
        "rule": record.rule,
    }


def _fields(record: Any) -> dict[str, Any]:  # noqa: ANN401
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def _entity_row(number: int, record: Any, grid: Grid, text: str) -> dict[str, Any]:  # noqa: ANN401
    return {**_fields(record), "entity_id": number}


def _date_row(number: int, record: Any, grid: Grid, text: str) -> dict[str, Any]:  # noqa: ANN401
    return {**_fields(record), **_span(record, grid, text), "date_id": number}


def _quote_row(number: int, record: Any, grid: Grid, text: str) -> dict[str, Any]:  # noqa: ANN401
    row = {
        **_fields(record),
        **_span(record, grid, text),
        "quote_id": number,
        "parent_id": record.parent,
        "entity_id": record.entity,
        "segments": [{"start": start, "end": end} for start, end in record.segments],
    }
    for name in ("cue", "mention"):
        start, end = getattr(record, name) or (None, None)
        row |= {name: text[start:end] if start is not None else None, f"{name}_start": start, f"{name}_end": end}
    return row


def _problem_row(number: int, record: Any, grid: Grid, text: str) -> dict[str, Any]:  # noqa: ANN401
    return _fields(record)
