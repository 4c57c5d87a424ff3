"""The pages of the site: each asks the database, and hands plain values to a template."""

import sqlite3
from collections.abc import Iterator
from functools import partial
from textwrap import shorten
from typing import Any

from svodka.explore.search import facets
from svodka.explore.search.columns import FACETS
from svodka.explore.search.corpus import totals
from svodka.explore.search.counts import by_month, top_speakers
from svodka.explore.search.documents import document as read_document
from svodka.explore.search.documents import search_documents, speaker_ids
from svodka.explore.search.names import named
from svodka.explore.search.quotes import Order, search
from svodka.explore.search.selection import Filters, select
from svodka.explore.site import addresses
from svodka.explore.site.answers import Answer, PageError, ask, page
from svodka.explore.site.charts import charts_of, month_columns, speaker_bars, time_address
from svodka.explore.site.choices import TITLES, Choice, chosen, kept, listed, values_of
from svodka.explore.site.parameters import PAGE_SIZE, chosen_of, filters_of, key_of, offset_of, page_of, pages_of
from svodka.records import joined
from svodka.view.html import Speaker, document_html, in_order, speakers_of
from svodka.writers.documents import Document, segments_of

ORDERS: dict[Order, str] = {"relevance": "best match", "newest": "newest", "oldest": "oldest"}
"""Orders of quotations → what they are called."""

_N_FACET_VALUES = 8
_MOST_MONTHS = 24
_N_VALUES = 500
_N_TOP = 12
_FIRST_WORDS = 90


async def home(datasette: Any, request: Any) -> Answer:  # noqa: ANN401
    """What the corpus has, at a glance."""
    everything = Filters()

    def question(connection: sqlite3.Connection) -> dict[str, Any]:
        return {
            "totals": totals(connection),
            "months": month_columns(by_month(connection, everything)),
            "speakers": speaker_bars(top_speakers(connection, everything, limit=_N_TOP), everything),
        }

    values = await ask(datasette, question)
    address = time_address(everything, values["months"])
    return await page(datasette, request, "home", month_address=address, **values)


async def quotes(datasette: Any, request: Any) -> Answer:  # noqa: ANN401
    """The quotations that pass filters, with facets."""
    filters, number = filters_of(request), page_of(request)
    usual: Order = "relevance" if filters.text else "newest"
    order = chosen_of(request, "order", ORDERS, usual)
    given = request.args.get("order")

    def question(connection: sqlite3.Connection) -> dict[str, Any]:
        found = search(connection, filters, order=order, limit=PAGE_SIZE, offset=offset_of(number))
        return {
            "hits": found.hits,
            "total": found.total,
            "understood": found.query.explained,
            "named": named(connection, found.query) if filters.speaker is None else None,
            "facets": [listed(facet, filters) for facet in _facets(connection, filters)],
            "chosen": chosen(connection, filters, partial(addresses.quotes, order=given)),
            "orders": list(_orders(filters, found.order)),
        }

    values = await ask(datasette, question)
    pages = pages_of(number, values["total"], lambda number: addresses.quotes(filters, order=given, page=number))
    return await page(datasette, request, "quotes", filters=filters, kept=kept(filters), pages=pages, **values)


def _facets(connection: sqlite3.Connection, filters: Filters) -> Iterator[facets.Facet]:
    """The facets beside a result: by year where there are more months than one looks through."""
    for name, found in facets.facets(connection, filters, limit=_N_FACET_VALUES).items():
        is_long = name == "month" and found.n_values > _MOST_MONTHS
        yield facets.years(connection, filters) if is_long else found


def _orders(filters: Filters, order: str) -> Iterator[Choice]:
    for name, label in ORDERS.items():
        if filters.text or name != "relevance":
            yield Choice(label, addresses.quotes(filters, order=name), is_chosen=name == order)


async def facet(datasette: Any, request: Any) -> Answer:  # noqa: ANN401
    """All values of a facet, or those that contain something."""
    name, filters, contains = request.url_vars["name"], filters_of(request), request.args.get("contains") or ""
    if name not in FACETS:
        raise PageError(f"There is no facet {name!r}; there are {', '.join(facets.NAMES)}.")

    def question(connection: sqlite3.Connection) -> dict[str, Any]:
        found = facets.facet(connection, filters, name, limit=_N_VALUES, contains=contains)
        return {
            "values": list(values_of(found, filters)),
            "total": found.n_values,
            "chosen": chosen(connection, filters, lambda changed: addresses.facet(name, changed, contains=contains)),
        }

    values = await ask(datasette, question)
    return await page(
        datasette,
        request,
        "facet",
        name=name,
        title=TITLES[name],
        limit=_N_VALUES,
        filters=filters,
        contains=contains,
        kept=kept(filters) | ({"q": filters.text} if filters.text else {}),
        **values,
    )


async def documents(datasette: Any, request: Any) -> Answer:  # noqa: ANN401
    """The documents whose text has some words."""
    text, month, number = request.args.get("q") or "", request.args.get("month"), page_of(request)
    offset = offset_of(number)
    found = await ask(datasette, partial(search_documents, text=text, month=month, limit=PAGE_SIZE, offset=offset))
    pages = pages_of(number, found.total, lambda number: addresses.documents(q=text, month=month, page=number))
    return await page(
        datasette,
        request,
        "documents",
        q=text,
        month=month,
        documents=found.hits,
        total=found.total,
        understood=found.query.explained,
        pages=pages,
    )


async def document(datasette: Any, request: Any) -> Answer:  # noqa: ANN401
    """A document: its text with all that was found in it."""
    doc_id = key_of(request)
    found = await ask(datasette, partial(read_document, doc_id=doc_id))
    if found is None:
        raise PageError(f"There is no document {doc_id!r}.", links={"All documents": addresses.documents()})
    speakers = speakers_of(found)
    keys = await ask(datasette, partial(speaker_ids, doc_id=doc_id))

    def speaker_url(speaker: Speaker) -> str | None:
        key = keys.get(speaker.quotes[0]["quote_id"])
        return None if key is None else addresses.speaker(key)

    return await page(
        datasette,
        request,
        "document",
        row=found.row,
        text=document_html(found, speakers=speakers, speaker_url=speaker_url),
        walk=list(_walk(found, speakers)),
        facts=[(name, value) for name, value in found.row.items() if name != "text" and value is not None],
    )


def _walk(found: Document, speakers: list[Speaker]) -> Iterator[tuple[int, Speaker, str]]:
    """The quotations of a document in their order: number, speaker, first words."""
    for row, speaker in in_order(speakers):
        yield row["quote_id"], speaker, shorten(joined(found.text, segments_of(row)), _FIRST_WORDS, placeholder=" …")


async def charts(datasette: Any, request: Any) -> Answer:  # noqa: ANN401
    """The charts of all quotations, or of those that pass filters."""
    filters = filters_of(request)

    def question(connection: sqlite3.Connection) -> dict[str, Any]:
        return {
            "total": select(connection, filters).total,
            "without_day": facets.facet(connection, filters, "month", limit=0).n_missing,
            "charts": charts_of(connection, filters),
            "chosen": chosen(connection, filters, addresses.charts),
        }

    values = await ask(datasette, question)
    months = next(chart.chart for chart in values["charts"] if chart.name == "months")
    return await page(
        datasette,
        request,
        "charts",
        filters=filters,
        kept=kept(filters),
        month_address=time_address(filters, months),
        **values,
    )
