"""Speakers by the words of their names: whom a query that looks for words of quotations may mean."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path

from svodka.explore.database import connect
from svodka.explore.search.columns import DatabaseFile, file_of
from svodka.explore.search.counts import SpeakerCount
from svodka.explore.search.query import WORD, Query, Term, fold
from svodka.stages.pymorphy import get_dictionary

_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Named:
    """Speakers whose names have words of a query.

    Attributes:
        speakers: Those whose names have most of them, the most quoted first.
        total: How many there are in all.
        words: The words that the name of the first one has, as the list of speakers is asked for them.
    """

    speakers: list[SpeakerCount]
    total: int
    words: str


def named(connection: sqlite3.Connection, query: Query, limit: int = 5) -> Named:
    """Persons and organisations that words of a query name, in whatever case these stand.

    Words that are no name where they occur in one, «суд» of «Верховный суд», name nobody; nor do prefixes.

    Args:
        connection: A database.
        query: What is looked for.
        limit: How many speakers at most.
    """
    speakers, by_word = _names(file_of(connection))
    terms = [term for term in query.terms if term.kind != "prefix"]
    wanted = {word for term in terms for word in _as_names(term)} & by_word.keys()
    counts = Counter(place for word in wanted for place in by_word[word])
    most = max(counts.values(), default=0)
    places = sorted(place for place, count in counts.items() if count == most)
    words = [word for word in sorted(wanted) if places and places[0] in by_word[word]]
    return Named([speakers[place] for place in places[:limit]], len(places), " ".join(words))


def _as_names(term: Term) -> Iterator[str]:
    """The words of a term as names can have them: as they stand, their lemmas, their nominatives («Петровой»)."""
    yield from chain(term.words, *term.lemmas)
    if term.kind == "word":
        readings = get_dictionary().analyses(term.text)
        yield from (fold(nominative) for nominative in (one.inflect("Nom") for one in readings) if nominative)


@lru_cache(maxsize=4)
def _names(file: DatabaseFile) -> tuple[list[SpeakerCount], dict[str, set[int]]]:
    """Persons and organisations, the most quoted first, and where in the list those are whose names have a word."""
    statement = """SELECT speaker_id, speaker, n_quotes FROM speaker_counts
        WHERE speaker_kind IN ('person', 'organization') ORDER BY n_quotes DESC, speaker"""
    with connect(Path(file.path)) as connection:
        speakers = [SpeakerCount(*row) for row in connection.execute(statement)]
    by_word: dict[str, set[int]] = {}
    for place, speaker in enumerate(speakers):
        for word in WORD.findall(speaker.speaker):
            if len(word) >= _SHORTEST and word[0].isupper():
                by_word.setdefault(fold(word), set()).add(place)
    return speakers, by_word
