"""The pages of speakers: the list, and all about one."""

import sqlite3
from functools import partial
from typing import Any

from svodka.explore.search.quotes import search
from svodka.explore.search.selection import Filters
from svodka.explore.search.speakers import Speaker, companions
from svodka.explore.search.speakers import speaker as read_speaker
from svodka.explore.search.speakers import speakers as find_speakers
from svodka.explore.site import addresses, scales
from svodka.explore.site.answers import Answer, PageError, ask, page
from svodka.explore.site.charts import BarRow, bars, month_columns, time_address
from svodka.explore.site.choices import Choice
from svodka.explore.site.parameters import KINDS, PAGE_SIZE, key_of, kind_of, offset_of, page_of, pages_of

_N_MEDIA = 10


async def speakers(datasette: Any, request: Any) -> Answer:  # noqa: ANN401
    """The speakers of the corpus."""
    text, number = request.args.get("q") or "", page_of(request)
    kind = kind_of(request)
    offset = offset_of(number)
    found = await ask(datasette, partial(find_speakers, text=text, kind=kind, limit=PAGE_SIZE, offset=offset))
    kinds = [
        Choice(one or "all", addresses.speakers(q=text, kind=one), is_chosen=one == kind) for one in (None, *KINDS)
    ]
    pages = pages_of(number, found.total, lambda number: addresses.speakers(q=text, kind=kind, page=number))
    return await page(
        datasette,
        request,
        "speakers",
        q=text,
        kind=kind,
        kinds=kinds,
        speakers=found.speakers,
        total=found.total,
        pages=pages,
    )


async def speaker(datasette: Any, request: Any) -> Answer:  # noqa: ANN401
    """All about a speaker."""
    key, number = key_of(request), page_of(request)
    filters = Filters(speaker=key)

    def question(connection: sqlite3.Connection) -> dict[str, Any]:
        found = read_speaker(connection, key)
        if found is None:
            raise PageError(f"There is no speaker {key!r}.", links={"All speakers": addresses.speakers()})
        return {
            "found": found,
            "others": bars(
                (one.speaker, addresses.speaker(one.speaker_id), one.count) for one in companions(connection, key)
            ),
            "hits": search(connection, filters, order="newest", limit=PAGE_SIZE, offset=offset_of(number)).hits,
        }

    values = await ask(datasette, question)
    found = values.pop("found")
    months = month_columns(found.months)
    periods, ticks = scales.time_line((role.first_day, role.last_day) for role in found.roles)
    pages = pages_of(number, found.row.n_quotes, lambda number: f"{addresses.speaker(key, page=number)}#quotes")
    return await page(
        datasette,
        request,
        "speaker",
        filters=filters,
        speaker=found.row,
        registry=found.registry,
        months=months,
        month_address=time_address(filters, months),
        roles=list(zip(found.roles, periods, strict=True)),
        ticks=ticks,
        media=_media(found, filters),
        documents=found.documents,
        pages=pages,
        **values,
    )


def _media(found: Speaker, filters: Filters) -> list[BarRow]:
    """The media that relay a speaker, without the quotations that none relays."""
    named = [(one.via, addresses.quotes_with(filters, via=one.via), one.count) for one in found.media if one.via]
    return bars(named[:_N_MEDIA])
