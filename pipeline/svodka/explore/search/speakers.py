"""Speakers: the list of them, and all about one."""

import json
import re
import sqlite3
from dataclasses import dataclass
from typing import Any

from svodka.explore.search.counts import MonthCount, SpeakerCount, by_month
from svodka.explore.search.query import fold
from svodka.explore.search.selection import Filters, window


@dataclass(frozen=True, slots=True)
class SpeakerRow:
    """A speaker of the list.

    Attributes:
        speaker_id: Key.
        name: Name.
        kind: person, organization, group, document or unknown.
        n_quotes: Quotations.
        n_documents: Documents that have them.
        first_day: First day of publication, ISO 8601.
        last_day: Last day of publication.
        roles: Roles in which they are quoted, the commonest first.
        usual_medium: The medium that relays them most often.
        registry_id: Row of the registry; None where there is no registry, or it does not have them.
    """

    speaker_id: str
    name: str
    kind: str
    n_quotes: int
    n_documents: int
    first_day: str | None
    last_day: str | None
    roles: tuple[str, ...]
    usual_medium: str | None
    registry_id: str | None


@dataclass(frozen=True, slots=True)
class FoundSpeakers:
    """A page of speakers.

    Attributes:
        speakers: Those of this page.
        total: How many there are in all.
    """

    speakers: list[SpeakerRow]
    total: int


@dataclass(frozen=True, slots=True)
class RoleSpan:
    """A role in which a speaker is quoted.

    Attributes:
        role: The role; None of quotations that give none.
        first_day: First day of publication, ISO 8601.
        last_day: Last day.
        count: Quotations.
    """

    role: str | None
    first_day: str | None
    last_day: str | None
    count: int


@dataclass(frozen=True, slots=True)
class MediumCount:
    """A medium that relays a speaker.

    Attributes:
        via: The medium; None of quotations that name none.
        count: Quotations.
    """

    via: str | None
    count: int


@dataclass(frozen=True, slots=True)
class SpeakerDocument:
    """A document that quotes a speaker.

    Attributes:
        doc_id: Key.
        title: Title.
        url: Address; any text.
        day: Day of publication, ISO 8601.
        n_quotes: Quotations of this speaker in it.
    """

    doc_id: str
    title: str | None
    url: str | None
    day: str | None
    n_quotes: int


@dataclass(frozen=True, slots=True)
class Registry:
    """What the registry of ``svodka link`` knows.

    Attributes:
        registry_id: Key.
        names: Names in documents, the commonest first.
        link: Id in the user's authority file.
    """

    registry_id: str
    names: tuple[str, ...]
    link: str | None


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker.

    Attributes:
        row: As in the list.
        registry: What the registry knows; None where it does not have them.
        roles: Roles by first day.
        media: Media, the commonest first.
        months: Quotations by month, without gaps.
        documents: The latest documents that quote them.
    """

    row: SpeakerRow
    registry: Registry | None
    roles: list[RoleSpan]
    media: list[MediumCount]
    months: list[MonthCount]
    documents: list[SpeakerDocument]


_ROW = """speaker_id, speaker, speaker_kind, n_quotes, n_documents, first_day, last_day, coalesce(roles, '[]'),
  usual_medium, registry_id"""


def speakers(
    connection: sqlite3.Connection, text: str = "", kind: str | None = None, *, limit: int = 50, offset: int = 0
) -> FoundSpeakers:
    """Speakers, a page of them: those first whose names have words that begin as was asked, then the most quoted.

    Args:
        connection: A database.
        text: What their names have to contain, words in any order; case, and е or ё, do not count.
        kind: What they have to be.
        limit: How many at most.
        offset: How many to leave out.
    """
    statement = """SELECT speaker_id, speaker FROM speakers WHERE ?1 IS NULL OR speaker_kind = ?1
        ORDER BY n_quotes DESC, speaker"""
    names = [(speaker_id, fold(name)) for speaker_id, name in connection.execute(statement, (kind,))]
    wanted = fold(text).split()
    begins = [re.compile(rf"(?<!\w){re.escape(word)}") for word in wanted]
    found = [(speaker_id, name) for speaker_id, name in names if all(word in name for word in wanted)]
    found.sort(key=lambda speaker: not all(begin.search(speaker[1]) for begin in begins))
    page = [speaker_id for speaker_id, _ in found[window(limit, offset)]]
    rows = connection.execute(
        f"SELECT {_ROW} FROM json_each(?) wanted JOIN speakers ON speaker_id = wanted.value ORDER BY wanted.key",
        (json.dumps(page),),
    )
    return FoundSpeakers([_row(row) for row in rows], len(found))


def speaker(connection: sqlite3.Connection, speaker_id: str, *, documents: int = 100) -> Speaker | None:
    """All about a speaker; None where there is none of that key.

    Args:
        connection: A database.
        speaker_id: Key of the speaker.
        documents: How many documents at most.
    """
    row = connection.execute(f"SELECT {_ROW} FROM speakers WHERE speaker_id = ?", (speaker_id,)).fetchone()
    if row is None:
        return None
    found = _row(row)
    return Speaker(
        found,
        _registry(connection, found.registry_id),
        [RoleSpan(*span) for span in connection.execute(_ROLES, (speaker_id,))],
        [MediumCount(*medium) for medium in connection.execute(_MEDIA, (speaker_id,))],
        by_month(connection, Filters(speaker=speaker_id)),
        [SpeakerDocument(*document) for document in connection.execute(_DOCUMENTS, (speaker_id, documents))],
    )


_OF_SPEAKER = "quote_facets f WHERE f.speaker = (SELECT number FROM facet_values WHERE value = ? AND facet = 'speaker')"
_ROLES = f"""
SELECT (SELECT value FROM facet_values WHERE number = role), (SELECT value FROM facet_values WHERE number = first),
  (SELECT value FROM facet_values WHERE number = last), n
FROM (SELECT role, min(day) AS first, max(day) AS last, count(*) AS n FROM {_OF_SPEAKER} GROUP BY role)
ORDER BY first IS NULL, first, n DESC, role
"""
_MEDIA = f"""
SELECT (SELECT value FROM facet_values WHERE number = via), n
FROM (SELECT via, count(*) AS n FROM {_OF_SPEAKER} GROUP BY via) ORDER BY n DESC, via
"""
_DOCUMENTS = f"""
SELECT d.doc_id, d.title, d.url, d.published_day, n
FROM (SELECT document, day, count(*) AS n FROM {_OF_SPEAKER} GROUP BY document ORDER BY day DESC, document LIMIT ?) f
JOIN documents d ON d.number = f.document ORDER BY f.day DESC, f.document
"""


def companions(connection: sqlite3.Connection, speaker_id: str, limit: int = 10) -> list[SpeakerCount]:
    """Who is quoted in the same documents as a speaker, with the number of these documents."""
    statement = """
        WITH spoken AS (
          SELECT DISTINCT q.doc_id FROM facet_values v JOIN quote_facets f ON f.speaker = v.number
          JOIN quotes q ON q.number = f.number WHERE v.facet = 'speaker' AND v.value = ?1)
        SELECT v.value, v.label, count(DISTINCT q.doc_id) AS n FROM spoken s JOIN quotes q ON q.doc_id = s.doc_id
        JOIN quote_facets f ON f.number = q.number JOIN facet_values v ON v.number = f.speaker
        WHERE v.value <> ?1 GROUP BY v.number ORDER BY n DESC, v.label, v.value LIMIT ?2"""
    return [SpeakerCount(*row) for row in connection.execute(statement, (speaker_id, limit))]


def _row(row: Any) -> SpeakerRow:  # noqa: ANN401
    *values, roles, usual_medium, registry_id = row
    return SpeakerRow(*[*values, tuple(json.loads(roles)), usual_medium, registry_id])


def _registry(connection: sqlite3.Connection, registry_id: str | None) -> Registry | None:
    if registry_id is None:
        return None
    statement = "SELECT names, link FROM registry WHERE registry_id = ?"
    names, link = connection.execute(statement, (registry_id,)).fetchone()
    return Registry(registry_id, tuple(json.loads(names)), link)
