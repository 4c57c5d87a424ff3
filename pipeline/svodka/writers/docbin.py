"""spaCy's DocBin: the Docs of the pipeline made again from the tables (https://spacy.io/api/docbin)."""

import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from spacy.attrs import DEP, HEAD, LEMMA, MORPH, POS
from spacy.lang.ru import Russian
from spacy.tokens import Doc, DocBin, Span, SpanGroup
from spacy.util import filter_spans
from spacy.vocab import create_vocab

from svodka.document import set_article, set_records
from svodka.errors import ExportError
from svodka.records import Article, DateExpr, Entity, Mention, Quote, Record, Role, from_float32
from svodka.stages.columns import columns
from svodka.stages.syntax import support
from svodka.stages.tokenize import RazdelTokenizer
from svodka.writers.documents import Document, Row, documents, part_of, segments_of, span_of

if TYPE_CHECKING:
    from svodka.tables import Tables

logger = logging.getLogger(__name__)

_TABLES = ("sentences", "tokens", "mentions", "entities", "roles", "dates", "quotes")
_RECORDS: dict[str, type[Record]] = {
    "mentions": Mention, "entities": Entity, "roles": Role, "dates": DateExpr, "quotes": Quote,
}  # fmt: skip
# Columns that records call otherwise.
_RENAMED = {"entity_id": "entity", "parent_id": "parent"}


def write_docbin(parts: "Iterable[Tables]", target: Path) -> None:
    """Write a DocBin that ``DocBin().from_disk(target).get_docs(spacy.blank("ru").vocab)`` reads.

    The Docs have the words, sentences, morphology and syntax of the tables. ``doc.ents`` are the names, of several that
    share words the longest. ``doc.spans`` has groups that may overlap: mentions, roles, dates, quotes (each segment is
    a span), cues and sources (the words that name who is quoted); the label of a span is the label or type of its row,
    its ``id_`` the number of the row, and the group's ``attrs`` say in which table that is. An entity has the ``id_``
    of its mention; ``kb_id_`` of both is the id in an authority file, where the entity was linked to one.

    ``doc.user_data`` holds all rows as plain values; with ``import svodka`` they are ``doc._.quotes``,
    ``doc._.entities``, ``doc._.dates`` and so on, as the pipeline gives them, and what is known of the article is
    ``doc._.svodka["article"]``.

    spaCy holds a DocBin in memory as a whole, a quarter of a megabyte an article when it is written and half of that
    when it is read, and cannot write more than some 100,000 articles. Where that is too much, export runs of parts of
    the corpus: ``spacy train`` reads a folder of such files.

    Documents without tokens are left out; a warning names them.

    Args:
        parts: The tables.
        target: The file.

    Raises:
        ExportError: The table of sentences or of tokens was not written, or there is more than spaCy can write in one
            file.
    """
    docs = DocBin(store_user_data=True, docs=make_docs(parts))
    try:
        docs.to_disk(target)
    except ValueError as error:
        message = f"{len(docs)} documents are too many for one DocBin ({error}); export runs of parts of the corpus"
        raise ExportError(message) from error


def make_docs(parts: "Iterable[Tables]") -> Iterator[Doc]:
    """The Docs of tables; documents without tokens are left out, with a warning.

    Raises:
        ExportError: The table of sentences or of tokens was not written.
    """
    # that of spacy.blank("ru"), which would make a tokenizer besides
    tokenizer = RazdelTokenizer(create_vocab("ru", Russian.Defaults))
    for document in documents(parts, _TABLES):
        if document.tokens:
            yield make_doc(document, tokenizer)
        else:
            logger.warning("%r has no tokens, so it is not in the file", document.doc_id)


def make_doc(document: Document, tokenizer: RazdelTokenizer) -> Doc:
    """The Doc of a document."""
    tokens = document.tokens
    sentences = tuple(
        tuple(map(span_of, tokens[sentence["token_start"] : sentence["token_end"]])) for sentence in document.sentences
    )
    doc = tokenizer.from_tokens(document.text, sentences)
    _annotate(doc, tokens)
    fields = ("doc_id", "title", "author", "url", "published", "published_from", "source", "encoding")
    known = {name: document.row[name] for name in fields}
    set_article(doc, Article(text=document.text, anchor=document.row["published_day"], **known))
    for layer, kind in _RECORDS.items():
        set_records(doc, layer, [_record(kind, row) for row in getattr(document, layer)])
    for name, table, spans in _groups(document):
        doc.spans[name] = SpanGroup(doc, name=name, attrs={"table": table}, spans=list(_spans(doc, spans)))
    names = [span for span in doc.spans["mentions"] if document.mentions[int(span.id_)]["kind"] == "name"]
    doc.set_ents(filter_spans(names))
    return doc


def _annotate(doc: Doc, tokens: list[Row]) -> None:
    """Write lemmas, parts of speech, features and trees, as far as the tables have them.

    White space is a token of spaCy's own: it is its own lemma, and hangs on the word before it.
    """
    known = columns(doc)
    words = np.flatnonzero(known.is_word)
    strings = doc.vocab.strings

    def column(name: str, of_space: Callable[[int], str]) -> np.ndarray[Any, np.dtype[np.uint64]]:
        values = [of_space(index) for index in range(len(doc))]
        for index, token in zip(words.tolist(), tokens, strict=True):
            values[index] = token[name] or ""
        return np.array([strings.add(value) for value in values], dtype=np.uint64)

    attributes = {}
    if any(token["pos"] for token in tokens):
        attributes[LEMMA] = column("lemma", known.words.__getitem__)
        attributes[POS] = column("pos", lambda _: "SPACE")
        attributes[MORPH] = column("feats", lambda _: "")
        attributes[MORPH][attributes[MORPH] == 0] = strings.add("_")  # so spaCy writes no features
    if any(token["dep"] for token in tokens):
        heads = np.arange(len(doc))
        own = [index if token["head"] is None else token["head"] for index, token in enumerate(tokens)]
        heads[words] = words[own]
        for index in np.flatnonzero(~known.is_word).tolist():
            heads[index] = support(words, index, known.sentences[known.sentence_of[index]])
        attributes[HEAD] = (heads - np.arange(len(doc))).view(np.uint64)
        attributes[DEP] = column("dep", lambda _: "")
    if attributes:
        doc.from_array(list(attributes), cast(Any, np.stack(list(attributes.values())).T))


def _record(kind: type[Record], row: Row) -> Record:
    """The record that a row was made of."""
    values = {_RENAMED.get(name, name): value for name, value in row.items()}
    if kind is Quote:
        values["segments"] = tuple(segments_of(row))
        values |= {name: part_of(row, name) for name in ("cue", "mention")}
        values["confidence"] = from_float32(row["confidence"])
    return kind(**{name: values[name] for name in kind.__dataclass_fields__})


class _Place(NamedTuple):
    """A place to make a span of.

    Attributes:
        start: First code point.
        end: One past the last code point.
        label: Label of the span.
        number: Number of its row.
        link: Id of its entity in an authority file; "" where there is none.
    """

    start: int
    end: int
    label: str
    number: int
    link: str = ""


def _groups(document: Document) -> Iterator[tuple[str, str, Iterable[_Place]]]:
    """Name, table and spans of each group."""
    links = {row["entity_id"]: row["link"] or "" for row in document.entities}
    mentions, roles, dates, quotes = (
        list(enumerate(rows)) for rows in (document.mentions, document.roles, document.dates, document.quotes)
    )
    linked = [_Place(*span_of(row), row["label"], number, links.get(row["entity_id"], "")) for number, row in mentions]
    yield "mentions", "mentions", linked
    yield "roles", "roles", [_Place(*span_of(row), "ROLE", number) for number, row in roles]
    yield "dates", "dates", [_Place(*span_of(row), row["type"], number) for number, row in dates]
    segments = [_Place(*span, row["type"], number) for number, row in quotes for span in segments_of(row)]
    yield "quotes", "quotes", segments
    for name, column, label in (("cues", "cue", "CUE"), ("sources", "mention", "SOURCE")):
        places = [_Place(*span, label, number) for number, row in quotes if (span := part_of(row, column))]
        yield name, "quotes", places


def _spans(doc: Doc, places: Iterable[_Place]) -> Iterator[Span]:
    for start, end, label, number, link in places:
        span = doc.char_span(start, end, label, kb_id=link, span_id=str(number), alignment_mode="expand")
        if span is not None:
            yield span
