"""Facets and filters as links: what can be chosen, and what is chosen and can be taken away."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, TypeAlias

from svodka.explore.search.facets import Facet
from svodka.explore.search.selection import Filters
from svodka.explore.site import addresses

LeadsTo: TypeAlias = Callable[[Filters], str]

TITLES = MappingProxyType(
    {
        "speaker": "Speaker",
        "head": "Role in a word",
        "role": "Role",
        "via": "Medium",
        "month": "Month",
        "type": "Type",
        "kind": "Kind of speaker",
        "form": "Form",
        "polarity": "Polarity",
        "day": "Day",
        "year": "Year",
        "doc_id": "Document",
    }
)
"""Name of a filter → what it is called on a page."""

_MISSING = MappingProxyType(
    {
        "speaker": "speaker unknown",
        "head": "no role",
        "role": "no role",
        "via": "no medium",
        "year": "no day",
        "month": "no day",
        "day": "no day",
    }
)
_RUSSIAN = frozenset({"speaker", "head", "role", "via"})


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that chooses a value, or takes it away.

    Attributes:
        label: The value, for a reader.
        address: Where it leads.
        title: What the value is one of.
        count: Quotations that have it.
        is_chosen: Whether it is chosen.
        is_russian: Whether the label is.
    """

    label: str
    address: str
    title: str = ""
    count: int | None = None
    is_chosen: bool = False
    is_russian: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A facet as links.

    Attributes:
        title: Its title.
        values: Its values.
        more: Where all its values are; None where these are all.
    """

    title: str
    values: list[Choice]
    more: str | None


def listed(facet: Facet, filters: Filters) -> Listed:
    """A facet whose values lead to the quotations that have them."""
    more = addresses.facet(facet.name, filters) if facet.n_values > len(facet.values) else None
    return Listed(TITLES[facet.name], list(values_of(facet, filters)), more)


def values_of(facet: Facet, filters: Filters) -> Iterator[Choice]:
    """The values of a facet, at the end that of the quotations which have none."""
    for one in facet.values:
        yield Choice(
            one.label,
            addresses.quotes(changed(filters, facet.name, None if one.is_chosen else one.value)),
            TITLES[facet.name],
            one.count,
            is_chosen=one.is_chosen,
            is_russian=facet.name in _RUSSIAN,
        )
    if facet.n_missing and facet.name in _MISSING:
        is_chosen = getattr(filters, facet.name) == ""
        address = addresses.quotes(changed(filters, facet.name, None if is_chosen else ""))
        yield Choice(_MISSING[facet.name], address, TITLES[facet.name], facet.n_missing, is_chosen=is_chosen)


def chosen(connection: sqlite3.Connection, filters: Filters, leads_to: LeadsTo) -> list[Choice]:
    """The filters that hold, each with the link that takes it away."""
    return [
        Choice(
            _label(connection, name, value),
            leads_to(changed(filters, name, None)),
            TITLES[name],
            is_russian=bool(value) and name in _RUSSIAN,
        )
        for name, value in filters.active.items()
    ]


def kept(filters: Filters) -> dict[str, str]:
    """The parameters that a search within a result keeps."""
    return {addresses.PARAMETERS[name]: value for name, value in filters.active.items()}


def changed(filters: Filters, name: str, value: str | None) -> Filters:
    """Filters of which one is changed."""
    changes: dict[str, Any] = {name: value}
    return replace(filters, **changes)


def _label(connection: sqlite3.Connection, name: str, value: str) -> str:
    if not value:
        return _MISSING.get(name, "none")
    statement = "SELECT label FROM facet_values WHERE value = ? AND facet = ?"
    found = connection.execute(statement, (value, name)).fetchone()
    return str(found[0]) if found else value
