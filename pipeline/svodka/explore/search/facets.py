"""Facets: the values that the quotations of a result have, counted.

The quotations are looked for once, and the values of all facets counted over them.
"""

import sqlite3
from collections import Counter
from dataclasses import dataclass

import numpy as np

from svodka.explore.search.columns import Rows, labels_of, value_number
from svodka.explore.search.query import fold
from svodka.explore.search.selection import Filters, Selection, select

NAMES = ("speaker", "head", "role", "via", "month", "type")
"""The facets that are shown; any other filter of `Filters` that has values can be asked for by name, too."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet.

    Attributes:
        value: What to filter by.
        label: What to show: the name of a speaker, else the value itself.
        count: Quotations of the result that have it.
        is_chosen: Whether it is filtered by.
    """

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet.

    Attributes:
        name: Name of the filter.
        values: The commonest values, of months the latest; a chosen one is among them even where it has no quotation.
        n_values: How many values the result has in all.
        n_missing: Quotations of the result that have none: what the filter "" takes.
    """

    name: str
    values: list[FacetValue]
    n_values: int
    n_missing: int


def facets(connection: sqlite3.Connection, filters: Filters, *, limit: int = 10) -> dict[str, Facet]:
    """The facets of a result by name.

    Args:
        connection: A database.
        filters: What is asked for.
        limit: How many values of each at most.
    """
    selection = select(connection, filters)
    return {name: _facet(connection, selection, filters, name, limit) for name in NAMES}


def facet(connection: sqlite3.Connection, filters: Filters, name: str, limit: int = 100, contains: str = "") -> Facet:
    """One facet, with more values.

    Args:
        connection: A database.
        filters: What is asked for.
        name: Name of the facet: one of `svodka.explore.search.columns.FACETS`.
        limit: How many values at most.
        contains: What their labels have to contain; case, and е or ё, do not count.

    Raises:
        KeyError: There is no such facet.
    """
    return _facet(connection, select(connection, filters), filters, name, limit, contains)


def years(connection: sqlite3.Connection, filters: Filters) -> Facet:
    """The years of a result as a facet, the latest first: the months of each together."""
    months = facet(connection, filters, "month", limit=np.iinfo(np.int32).max)
    counts: Counter[str] = Counter()
    for month in months.values:
        counts[month.value[:4]] += month.count
    values = [FacetValue(year, year, counts[year], is_chosen=year == filters.year) for year in sorted(counts)[::-1]]
    return Facet("year", values, len(values), months.n_missing)


def _facet(
    connection: sqlite3.Connection, selection: Selection, filters: Filters, name: str, limit: int, contains: str = ""
) -> Facet:
    counts = selection.columns.counts(name, selection.rows)
    n_missing = int(counts[0])
    counts[0] = 0
    numbers = np.flatnonzero(counts)
    if wanted := fold(contains.strip()):
        labels = labels_of(connection, numbers.tolist())
        numbers = np.array([number for number in numbers.tolist() if wanted in fold(labels[number][1])], dtype=np.intp)
    first = _first(numbers, counts, name)[: max(limit, 0)]
    chosen = filters.active.get(name)
    shown = first.tolist()
    chosen_number = value_number(connection, name, chosen) if chosen else 0
    if chosen_number > 0 and chosen_number not in shown:
        shown.append(chosen_number)
    labels = labels_of(connection, shown)
    values = [FacetValue(*labels[number], int(counts[number]), is_chosen=number == chosen_number) for number in shown]
    return Facet(name, values, len(numbers), n_missing)


def _first(numbers: Rows, counts: Rows, name: str) -> Rows:
    """Values in the order they are shown in: times from the latest, others from the commonest."""
    return numbers[::-1] if name in ("month", "day") else commonest(numbers, counts)


def commonest(numbers: Rows, counts: Rows) -> Rows:
    """Values from the commonest; of equally common ones the first by code points."""
    return numbers[np.argsort(-counts[numbers], kind="stable")]
