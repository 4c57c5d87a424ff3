"""Figures for the charts: quotations by month, by speaker, by medium and speaker."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from svodka.explore.search.columns import Rows, labels_of
from svodka.explore.search.facets import commonest, facet
from svodka.explore.search.selection import Filters, select


@dataclass(frozen=True, slots=True)
class MonthCount:
    """The quotations of a month.

    Attributes:
        month: «2021-09».
        count: How many.
    """

    month: str
    count: int


@dataclass(frozen=True, slots=True)
class SpeakerCount:
    """The quotations of a speaker.

    Attributes:
        speaker_id: Key of the speaker.
        speaker: Name.
        count: How many.
    """

    speaker_id: str
    speaker: str
    count: int


@dataclass(frozen=True, slots=True)
class MediumSpeaker:
    """The quotations of a speaker that a medium relays.

    Attributes:
        via: The medium.
        speaker_id: Key of the speaker.
        speaker: Name.
        count: How many; 0 too, so that there is a cell for each medium and speaker.
    """

    via: str
    speaker_id: str
    speaker: str
    count: int


def by_month(connection: sqlite3.Connection, filters: Filters) -> list[MonthCount]:
    """Quotations of a result by month, from the first to the last, months without any included."""
    months = facet(connection, filters, "month", limit=np.iinfo(np.int32).max).values
    return filled((value.value, value.count) for value in months if value.count)


def filled(counted: Iterable[tuple[str, int]]) -> list[MonthCount]:
    """Months in order, those that lie between with 0.

    >>> [month.count for month in filled([("2021-02", 3), ("2020-12", 1)])]
    [1, 0, 3]
    """
    counts = dict(counted)
    if not counts:
        return []
    return [MonthCount(month, counts.get(month, 0)) for month in _months(min(counts), max(counts))]


def _months(first: str, last: str) -> Iterator[str]:
    year, month = map(int, first.split("-"))
    while (name := f"{year:04}-{month:02}") <= last:
        yield name
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def top_speakers(connection: sqlite3.Connection, filters: Filters, limit: int = 20) -> list[SpeakerCount]:
    """The speakers of a result that are quoted most, the most quoted first."""
    values = facet(connection, filters, "speaker", limit=limit).values
    return [SpeakerCount(value.value, value.label, value.count) for value in values if value.count]


def media_by_speakers(
    connection: sqlite3.Connection, filters: Filters, n_media: int = 10, n_speakers: int = 15
) -> list[MediumSpeaker]:
    """Which medium relays whom: the media of a result that relay most, and the speakers that are relayed most by them.

    Returns:
        A cell for each medium and speaker, media and speakers from the commonest.
    """
    selection = select(connection, filters)
    columns = selection.columns
    relayed = selection.rows[columns.of_facet["via"][selection.rows] > 0]
    media = _greatest(columns.counts("via", relayed), n_media)
    relayed = relayed[np.isin(columns.of_facet["via"][relayed], media)]
    speakers = _greatest(columns.counts("speaker", relayed), n_speakers)
    names = labels_of(connection, [*media, *speakers])
    cells = []
    for medium in media:
        counts = columns.counts("speaker", relayed[columns.of_facet["via"][relayed] == medium])
        cells += [MediumSpeaker(names[medium][0], *names[speaker], int(counts[speaker])) for speaker in speakers]
    return cells


def _greatest(counts: Rows, limit: int) -> list[int]:
    numbers = np.flatnonzero(counts)
    numbers = commonest(numbers[numbers > 0], counts)[: max(limit, 0)]
    return [int(number) for number in numbers]
