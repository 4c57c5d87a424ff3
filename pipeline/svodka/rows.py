"""A batch of Docs → nested rows: one Arrow row a document, its sentences, tokens, mentions … as lists of structs.

This is the unit that travels between processes. Columns are made from spaCy's attribute arrays and the records, not
token by token.
"""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, compress, repeat
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from spacy.tokens import Doc

from svodka.document import get_article, get_dates, get_entities, get_mentions, get_quotes, get_roles, layers
from svodka.records import Article, Problem, Record
from svodka.schema import DOCUMENTS, NESTED, TABLES, Table
from svodka.stages.columns import columns

Ints = npt.NDArray[np.int64]

_NOTHING = pa.array(["", "_"])
# Columns of tokens, and the lists of `svodka.stages.columns` that they are made of.
_WORD_LISTS = {"text": "words", "lemma": "lemmas", "pos": "pos", "feats": "feats", "dep": "deps"}

ARTICLE_SCHEMA = pa.schema([
    pa.field("doc_id", pa.string(), nullable=False),
    pa.field("text", pa.string(), nullable=False),
    pa.field("title", pa.string()),
    pa.field("author", pa.string()),
    pa.field("url", pa.string()),
    pa.field("published", pa.timestamp("us", tz="UTC")),
    pa.field("published_from", pa.string()),
    pa.field("anchor", pa.date32()),
    pa.field("source", pa.string()),
    pa.field("encoding", pa.string()),
    pa.field("tokens", pa.list_(pa.list_(pa.list_(pa.int32())))),
])  # fmt: skip
"""A batch of articles on its way to a worker; `anchor` is the calendar day of publication where it was published."""


def articles_to_batch(articles: Sequence[Article]) -> pa.RecordBatch:
    """Articles as an Arrow batch."""
    columns = [pa.array([getattr(a, name) for a in articles], type=ARTICLE_SCHEMA.field(name).type)
               for name in ARTICLE_SCHEMA.names]  # fmt: skip
    return pa.RecordBatch.from_arrays(columns, schema=ARTICLE_SCHEMA)


def join_batches(batches: Iterable[pa.RecordBatch]) -> pa.RecordBatch:
    """Batches of nested rows as one, in their order; there is at least one."""
    (joined,) = pa.Table.from_batches(batches).combine_chunks().to_batches()
    return joined


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
        "tokens": _lists("tokens", [len(grid.tokens) for grid in grids], _token_columns(docs, grids)),
        "errors": _records_column("errors", errors, _problem_columns, grids, texts),
    }
    makers: dict[str, tuple[Callable[[Doc], Sequence[Record]], Callable[[_Found], dict[str, list[Any]]]]] = {
        "mentions": (get_mentions, _mention_columns),
        "entities": (get_entities, _entity_columns),
        "roles": (get_roles, _role_columns),
        "dates": (get_dates, _date_columns),
        "quotes": (get_quotes, _quote_columns),
    }
    for name, (records, row) in makers.items():
        nested[name] = _records_column(name, [records(doc) for doc in docs], row, grids, texts)
    documents = [
        _document_row(
            article,
            doc.lang_,
            _status(problem.stage for problem in found),
            n_sents=len(grid.first),
            n_tokens=len(grid.tokens),
        )
        for doc, article, grid, found in zip(docs, articles, grids, errors, strict=True)
    ]
    for field in DOCUMENTS.schema:
        nested[field.name] = pa.array([row[field.name] for row in documents], type=field.type)
    return pa.RecordBatch.from_arrays([nested[name] for name in NESTED.names], schema=NESTED)


def undone_batch(article: Article, problem: Problem, *, language: str = "ru") -> pa.RecordBatch:
    """The nested row of an article that nothing could be done with: its text is kept, and `errors` says why."""
    row: dict[str, Any] = {name: [] for name in TABLES}
    row |= _document_row(article, language, "failed", n_sents=0, n_tokens=0)
    row["errors"] = [problem.to_plain()]
    return pa.RecordBatch.from_pylist([row], schema=NESTED)


def unread_row(problem: Problem) -> dict[str, Any]:
    """What stands among nested rows for an input that never became an article: its id, if it has one, and why."""
    values = problem.to_plain()
    return {"doc_id": values.pop("doc_id"), "errors": [values]}


def _status(failed_stages: Iterable[str]) -> str:
    failed = set(failed_stages)
    return "ok" if not failed else "partial" if failed - {"tokenize", "neural"} else "failed"


def _document_row(article: Article, language: str, status: str, *, n_sents: int, n_tokens: int) -> dict[str, Any]:
    text = article.text
    return {
        "doc_id": article.doc_id,
        "source": article.source,
        "url": article.url,
        "title": article.title,
        "author": article.author,
        "published": article.published,
        "published_day": article.anchor,
        "published_from": article.published_from,
        "language": language,
        "encoding": article.encoding,
        "text": text,
        "text_sha256": hashlib.sha256(text.encode("utf-8")).hexdigest(),
        "n_chars": len(text),
        "n_sents": n_sents,
        "n_tokens": n_tokens,
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


def _token_columns(docs: Sequence[Doc], grids: Sequence[Grid]) -> dict[str, pa.Array]:
    heads, head_missing, repaired = [], [], []
    words: dict[str, list[str]] = {name: [] for name in _WORD_LISTS}
    for doc, grid in zip(docs, grids, strict=True):
        known = columns(doc)
        has_space = len(grid.tokens) < len(known)
        for name, values in words.items():
            of_doc = getattr(known, _WORD_LISTS[name])
            values += compress(of_doc, known.is_word) if has_space else of_doc
        absolute = np.array(known.heads, dtype=np.int64)[grid.tokens]
        is_root = absolute == grid.tokens
        heads.append((np.cumsum(known.is_word) - 1)[absolute])
        head_missing.append(is_root)
        argmax = layers(doc).get("argmax_heads")
        own = np.where(is_root, -1, absolute)
        repaired.append(own != np.array(argmax)[grid.tokens] if argmax else np.zeros(len(own), dtype=np.bool_))
    text = pa.array(words.pop("text"), type=pa.string())
    return {
        "token_id": _concatenate(np.arange(len(grid.tokens)) for grid in grids),
        "sent_id": _concatenate(grid.sentence for grid in grids),
        "start": _concatenate(grid.starts for grid in grids),
        "end": _concatenate(grid.ends for grid in grids),
        "text": text,
        **{name: _strings(values) for name, values in words.items()},
        "head": _concatenate(heads, head_missing),
        "head_repaired": pa.array(np.concatenate(repaired) if repaired else [], type=pa.bool_()),
    }  # fmt: skip


def _strings(values: list[str]) -> pa.Array:
    """Strings; what is empty is null, and so is «_», as which CoNLL-U and spaCy write it."""
    array = pa.array(values, type=pa.string())
    _, offsets, letters = array.buffers()
    _, is_told = pc.invert(pc.is_in(array, _NOTHING)).buffers()
    return pa.StringArray.from_buffers(len(array), offsets, letters, is_told)


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


@dataclass(frozen=True, slots=True)
class _Found:
    """The records of a kind of all documents, one after another.

    Attributes:
        records: The records.
        numbers: The number of each in its document.
        grids: The grid of the document of each.
        texts: The text of the document of each.
    """

    records: list[Any]
    numbers: list[int]
    grids: list[Grid]
    texts: list[str]

    @classmethod
    def of(cls, records: Sequence[Sequence[Record]], grids: Sequence[Grid], texts: Sequence[str]) -> "_Found":
        """The records of documents."""
        lengths = list(map(len, records))
        return cls(
            list(chain.from_iterable(records)),
            list(chain.from_iterable(map(range, lengths))),
            list(chain.from_iterable(map(repeat, grids, lengths))),
            list(chain.from_iterable(map(repeat, texts, lengths))),
        )

    def values(self, name: str) -> list[Any]:
        """A field of each record."""
        return list(map(attrgetter(name), self.records))

    def cut(self, starts: Iterable[int | None], ends: Iterable[int | None]) -> list[str | None]:
        """The text between two offsets in the document of each; None where there are none."""
        return [
            None if start is None else text[start:end]
            for text, start, end in zip(self.texts, starts, ends, strict=True)
        ]


def _records_column(
    name: str,
    records: Sequence[Sequence[Record]],
    make_columns: Callable[[_Found], dict[str, list[Any]]],
    grids: Sequence[Grid],
    texts: Sequence[str],
) -> pa.Array:
    table: Table = TABLES[name]
    found = _Found.of(records, grids, texts)
    made = make_columns(found)
    arrays = {
        column.name: pa.array(made[column.name] if column.name in made else found.values(column.name), column.type)
        for column in table.columns
    }
    return _lists(name, list(map(len, records)), arrays)


def _spans(found: _Found) -> dict[str, list[Any]]:
    starts = found.values("start")
    sentences = [grid.sentence_at(start) for grid, start in zip(found.grids, starts, strict=True)]
    return {"sent_id": sentences, "text": found.cut(starts, found.values("end"))}


def _mention_columns(found: _Found) -> dict[str, list[Any]]:
    tokens = [grid.tokens_of(record.start, record.end) for grid, record in zip(found.grids, found.records, strict=True)]
    return {
        **_spans(found),
        "mention_id": found.numbers,
        "entity_id": found.values("entity"),
        "token_start": [start for start, _ in tokens],
        "token_end": [end for _, end in tokens],
    }


def _entity_columns(found: _Found) -> dict[str, list[Any]]:
    return {"entity_id": found.numbers}


def _role_columns(found: _Found) -> dict[str, list[Any]]:
    return {**_spans(found), "role_id": found.numbers, "entity_id": found.values("entity")}


def _date_columns(found: _Found) -> dict[str, list[Any]]:
    return {**_spans(found), "date_id": found.numbers}


def _quote_columns(found: _Found) -> dict[str, list[Any]]:
    made = {
        **_spans(found),
        "quote_id": found.numbers,
        "parent_id": found.values("parent"),
        "entity_id": found.values("entity"),
        "segments": [[{"start": start, "end": end} for start, end in spans] for spans in found.values("segments")],
    }
    for name in ("cue", "mention"):
        spans = [span or (None, None) for span in found.values(name)]
        starts, ends = [start for start, _ in spans], [end for _, end in spans]
        made |= {name: found.cut(starts, ends), f"{name}_start": starts, f"{name}_end": ends}
    return made


def _problem_columns(found: _Found) -> dict[str, list[Any]]:
    return {}
