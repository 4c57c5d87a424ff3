"""The charts of a result: what they are drawn from, and their numbers."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, TypeAlias

from svodka.explore.search.counts import (
    MediumSpeaker,
    MonthCount,
    SpeakerCount,
    by_month,
    media_by_speakers,
    top_speakers,
)
from svodka.explore.search.selection import Filters
from svodka.explore.site import addresses, scales
from svodka.explore.site.scales import ColumnChart

_top_speakers = partial(top_speakers, limit=20)
_media_by_speakers = partial(media_by_speakers, n_media=8)

Numbers: TypeAlias = Callable[[sqlite3.Connection, Filters], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class BarRow:
    """A row of a bar chart.

    Attributes:
        label: What it stands for.
        address: What is behind it.
        value: How many.
        share: Length of its bar, in percent of the longest.
    """

    label: str
    address: str
    value: int
    share: float


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column or a row.

    Attributes:
        label: What it stands for.
        address: What is behind it.
    """

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a matrix.

    Attributes:
        label: Head of its column.
        value: How many.
        heat: How dark it is.
        address: What is behind it.
    """

    label: str
    value: int
    heat: int
    address: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A row of a matrix.

    Attributes:
        head: Its head.
        cells: Its cells.
    """

    head: Head
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A table whose cells are as dark as their numbers are large.

    Attributes:
        columns: Heads of the columns.
        rows: Its rows.
    """

    columns: list[Head]
    rows: list[MatrixRow]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart on a page.

    Attributes:
        name: Its name in addresses.
        title: Its title.
        chart: What is drawn; None where there is nothing to draw.
        missing: What is missing then.
        numbers: Its numbers, rows with the same keys.
    """

    name: str
    title: str
    chart: ColumnChart | list[BarRow] | Matrix | None
    missing: str
    numbers: list[dict[str, Any]]


def charts_of(connection: sqlite3.Connection, filters: Filters) -> list[Chart]:
    """All charts of a result."""
    months = by_month(connection, filters)
    speakers = _top_speakers(connection, filters)
    media = _media_by_speakers(connection, filters)
    drawn = month_columns(months)
    return [
        Chart(
            "months",
            f"Quotations by {drawn.unit if drawn else 'month'}",
            drawn,
            "None of them has a day of publication.",
            _months(months),
        ),
        Chart(
            "speakers",
            "Most quoted",
            speaker_bars(speakers, filters) or None,
            "No speaker is known.",
            _speakers(speakers),
        ),
        Chart("media", "Which medium relays whom", matrix(media, filters), "No medium is named.", _media(media)),
    ]


NUMBERS: Mapping[str, tuple[Numbers, tuple[str, ...]]] = MappingProxyType(
    {
        "months": (lambda connection, filters: _months(by_month(connection, filters)), ("month", "quotations")),
        "speakers": (
            lambda connection, filters: _speakers(_top_speakers(connection, filters)),
            ("speaker", "speaker_id", "quotations"),
        ),
        "media": (
            lambda connection, filters: _media(_media_by_speakers(connection, filters)),
            ("medium", "speaker", "speaker_id", "quotations"),
        ),
    }
)
"""Name of a chart → what makes its numbers for a result, and what is in their rows."""


def month_columns(months: Iterable[MonthCount]) -> ColumnChart | None:
    """Quotations by month, or, where these are too many, by year."""
    return scales.over_time((one.month, one.count) for one in months)


def time_address(filters: Filters, columns: ColumnChart | None) -> Callable[[str], str] | None:
    """Makes the address of the quotations of a month or year, whichever the columns are of; None without columns."""
    return None if columns is None else lambda label: addresses.quotes_with(filters, **{columns.unit: label})


def bars(counted: Iterable[tuple[str, str, int]]) -> list[BarRow]:
    """Labels, with the address of what is behind each and its number, as rows of a bar chart."""
    known = list(counted)
    shares = scales.shares(value for _, _, value in known)
    return [BarRow(*row, share) for row, share in zip(known, shares, strict=True)]


def speaker_bars(speakers: Iterable[SpeakerCount], filters: Filters) -> list[BarRow]:
    """Speakers with the quotations of a result that are theirs."""
    return bars((one.speaker, addresses.quotes_with(filters, speaker=one.speaker_id), one.count) for one in speakers)


def matrix(cells: Iterable[MediumSpeaker], filters: Filters) -> Matrix | None:
    """Media as columns, speakers as rows."""
    counted = list(cells)
    if not counted:
        return None
    media = dict.fromkeys(one.via for one in counted)
    speakers = {one.speaker_id: one.speaker for one in counted}
    counts = {(one.via, one.speaker_id): one.count for one in counted}
    largest = max(counts.values())

    def cell(via: str, speaker_id: str) -> Cell:
        count = counts[via, speaker_id]
        address = addresses.quotes_with(filters, via=via, speaker=speaker_id)
        return Cell(via, count, scales.heat(count, largest), address)

    return Matrix(
        [Head(via, addresses.quotes_with(filters, via=via)) for via in media],
        [
            MatrixRow(
                Head(name, addresses.quotes_with(filters, speaker=speaker_id)),
                [cell(via, speaker_id) for via in media],
            )
            for speaker_id, name in speakers.items()
        ],
    )


def _months(months: Iterable[MonthCount]) -> list[dict[str, Any]]:
    return [{"month": one.month, "quotations": one.count} for one in months]


def _speakers(speakers: Iterable[SpeakerCount]) -> list[dict[str, Any]]:
    return [{"speaker": one.speaker, "speaker_id": one.speaker_id, "quotations": one.count} for one in speakers]


def _media(cells: Iterable[MediumSpeaker]) -> list[dict[str, Any]]:
    return [
        {"medium": one.via, "speaker": one.speaker, "speaker_id": one.speaker_id, "quotations": one.count}
        for one in cells
        if one.count
    ]
