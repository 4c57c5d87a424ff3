"""One document of many, by its id."""

from collections.abc import Sequence
from difflib import get_close_matches

import pyarrow.compute as pc

from svodka.errors import InputError
from svodka.schema import TABLES
from svodka.tables import Tables
from svodka.view.html import TABLES as SHOWN
from svodka.writers.documents import Document, documents

NEEDED = tuple(name for name in SHOWN if name != "sentences")
"""The tables that a document is shown from, but for sentences: nothing is made of them, and a run may not have them."""


def find_document(tables: Tables, doc_id: str) -> Document | None:
    """A document of tables; None where they have it not."""
    rows = {name: tables.arrow(name) for name in TABLES}
    chosen = Tables({name: table.filter(pc.equal(table["doc_id"], doc_id)) for name, table in rows.items()})
    return next(documents([chosen], NEEDED), None)


def unknown_document(doc_id: str, others: Sequence[str], source: str | None = None) -> InputError:
    """The error that a document is not there; it names ids like the one that was asked for.

    >>> print(unknown_document("bridge-l", ["weather", "bridge-1"]))
    there is no document 'bridge-l'; there are: 'bridge-1' …
    """
    close = get_close_matches(doc_id, others, n=5, cutoff=0.5) or list(others[:5])
    named = ", ".join(map(repr, close)) + (" …" if len(others) > len(close) else "")
    return InputError(f"there is no document {doc_id!r}; there are: {named or 'none'}", source=source)
