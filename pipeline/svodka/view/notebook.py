"""What notebooks show of Docs, tables and quotations, and pages of the same."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from markupsafe import Markup
from spacy.tokens import Doc

from svodka.errors import InputError
from svodka.records import Quote
from svodka.rows import nested_batch
from svodka.run.manifest import write_whole
from svodka.tables import Batch, Tables
from svodka.view.cards import bare_document, cards_html, sentences_of
from svodka.view.choosing import NEEDED, find_document, unknown_document
from svodka.view.html import document_html, framed_html, page_html, quote_html, speakers_of, style_html
from svodka.view.html.markup import escaped
from svodka.view.quotations import Texts, are_quotations, is_quotation, records_of
from svodka.view.summary import summary_html
from svodka.writers.documents import Document, documents

_MOST_ON_A_PAGE = 500


@dataclass(frozen=True, slots=True)
class Shown:
    """What `show` gives: a notebook shows it, and it can be saved.

    Attributes:
        title: What it is.
        html: A page that needs nothing else.
    """

    title: str
    html: str = field(repr=False)
    _fragment: str = field(repr=False)

    def save(self, path: str | Path) -> None:
        """Write the page; a file of that name is replaced."""
        write_whole(Path(path), self.html.encode())

    def _repr_html_(self) -> str:
        return self._fragment


def show(what: Doc | Tables | pd.DataFrame | pd.Series | Quote, doc_id: str | None = None) -> Shown:
    """What a notebook shows of a thing, to be looked at, or saved as a page that needs no network.

    Args:
        what: A Doc of the pipeline, tables, the frame of quotations, or what was chosen of it, or one quotation.
        doc_id: Only this document of tables, or of quotations.

    Raises:
        InputError: It is none of these, svodka has not made the Doc, or there is no such document.
    """
    if isinstance(what, Doc):
        document = document_of(what)
        if document is None:
            raise InputError("the Doc has nothing of svodka; make it with a pipeline of svodka.load()")
        return _show_document(document)
    if isinstance(what, Tables):
        return _show_tables(what, doc_id)
    if isinstance(what, Quote):
        quotation = _record(what)
        if quotation is None:
            raise InputError("the quotation does not know its text; take it from doc._.quotes")
        return _show_html("Quotation", quotation)
    if isinstance(what, pd.Series) and is_quotation(what):
        return _show_html("Quotation", _quotation(what, getattr(what, "_texts", None)))
    if isinstance(what, pd.DataFrame) and are_quotations(what):
        rows = what if doc_id is None else what[what["doc_id"] == doc_id]
        if doc_id is not None and rows.empty:
            raise unknown_document(doc_id, what["doc_id"].unique().tolist())
        return _show_html("Quotations", _quotations(rows, getattr(what, "_texts", None), _MOST_ON_A_PAGE))
    raise InputError(f"show() takes a Doc, tables, or quotations with all their columns, not {type(what).__name__}")


def doc_html(doc: Doc) -> str | None:
    """The text of a Doc with what was found in it; None where svodka has not made it."""
    document = document_of(doc)
    return None if document is None else _styled(_document(document))


def tables_html(tables: Tables) -> str:
    """What tables hold, on a screen."""
    return _styled(summary_html(tables))


def record_html(quote: Quote) -> str | None:
    """A quotation in its sentences; None where it does not know its text."""
    quotation = _record(quote)
    return None if quotation is None else _styled(quotation)


def _record(quote: Quote) -> Markup | None:
    if quote.whole is None:
        return None
    parts = {"cue": quote.cue or (None, None), "mention": quote.mention or (None, None)}
    row = quote.to_plain() | {
        "parent_id": quote.parent,
        "entity_id": None,
        "segments": [{"start": start, "end": end} for start, end in quote.segments],
        **{f"{name}_start": place[0] for name, place in parts.items()},
        **{f"{name}_end": place[1] for name, place in parts.items()},
    }
    document = Document(bare_document(quote.whole), sentences=sentences_of(quote.whole), quotes=[row])
    (speaker,) = speakers_of(document)
    return quote_html(document, row, speaker)


def quotations_html(frame: pd.DataFrame, texts: Texts | None, limit: int) -> str:
    """The first quotations of a frame, each in its sentences.

    Args:
        frame: Rows of the table `quotes`, with the columns `NEEDED` at least.
        texts: The texts they are of, if they are known.
        limit: How many to show.
    """
    return _styled(_quotations(frame, texts, limit))


def _quotations(frame: pd.DataFrame, texts: Texts | None, limit: int) -> Markup:
    n_more = len(frame) - limit
    more = f"and {n_more:,} more; " if n_more > 0 else ""
    size = f"{len(frame):,} rows, {frame.shape[1]} columns"
    foot = Markup(
        '<div class="svodka"><details><summary>{}{}</summary><p class="facts">{}</p>'
        '<p class="facts"><code>pd.DataFrame(…)</code> shows them as a table.</p></details></div>'
    ).format(more, size, Markup(", ").join(escaped(str(name)) for name in frame.columns))
    return cards_html(records_of(frame.head(limit)), texts) + foot


def quotation_html(row: pd.Series, texts: Texts | None) -> str:
    """A row of the table `quotes` in its sentences."""
    return _styled(_quotation(row, texts))


def _quotation(row: pd.Series, texts: Texts | None) -> Markup:
    return cards_html(records_of(row.to_frame().T), texts)


def document_of(doc: Doc) -> Document | None:
    """A Doc as rows of the tables; None where svodka has not made it."""
    if not doc._.svodka:
        return None
    tables = Tables.from_rows([Batch(nested_batch([doc]))])
    document = next(documents([tables], NEEDED))
    if "article" not in doc._.svodka:  # made of a bare text, whose id says nothing
        document.row["doc_id"] = ""
    return document


def _document(document: Document) -> Markup:
    # anchors that are not those of another output of the notebook
    prefix = f"d{hashlib.blake2b(document.text.encode(), digest_size=4).hexdigest()}-"
    title = document.row["title"]
    head = Markup('<div class="svodka"><h3 lang="ru">{}</h3></div>').format(escaped(title)) if title else Markup("")
    return head + document_html(document, prefix)


def _show_document(document: Document) -> Shown:
    title = document.row["title"] or document.doc_id or "Document"
    return Shown(title, page_html([document], title), _styled(_document(document)))


def _show_tables(tables: Tables, doc_id: str | None) -> Shown:
    if doc_id is None:
        return _show_html("Tables", summary_html(tables))
    document = find_document(tables, doc_id)
    if document is None:
        raise unknown_document(doc_id, tables.arrow("documents")["doc_id"].to_pylist())
    return _show_document(document)


def _show_html(title: str, body: Markup) -> Shown:
    return Shown(title, framed_html(body, title), _styled(body))


def _styled(html: Markup) -> str:
    """HTML for a cell of a notebook, with its style sheet."""
    return str(style_html() + html)
