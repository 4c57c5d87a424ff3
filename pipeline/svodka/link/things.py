"""Organisations and places of documents joined to those of a corpus, by their names.

Spellings of a name join («Роснефть» and «"Роснефть"»), and an abbreviation joins the full name that documents give it.
Names that many countries or towns have tell too little: «МВД» joins «МВД России» where its document names no other
country as often, «Верховный суд» and «полиция» join nothing. Each name gets a key; names with one key are one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from svodka.stages.people.declension import read_table
from svodka.stages.people.spelling import bare_acronym
from svodka.stages.people.synonyms import QUOTATION_MARKS, countries, genitive_of_country, key_of_name

# How many times more often than any other a document must name a country whose «МВД» it means without saying so.
_CLEARLY = 3


class Thing(NamedTuple):
    """An organisation or place of a document.

    Attributes:
        doc_id: The document.
        label: ORG or LOC.
        name: Canonical name.
        n_mentions: Mentions in the document.
        others: Acronyms that the document has for it, and perhaps other names.
    """

    doc_id: str
    label: str
    name: str
    n_mentions: int = 1
    others: tuple[str, ...] = ()


def join_things(things: Sequence[Thing]) -> list[str]:
    """The key of each organisation and place, unique with its label; their order does not matter.

    Args:
        things: The organisations and places of all documents.
    """
    bases = [key_of_name(thing.name) for thing in things]
    full_forms = _full_forms(zip(things, bases, strict=True))
    meant = _countries_meant(things)
    keys = []
    for thing, base in zip(things, bases, strict=True):
        key = full_forms.get((thing.label, base), base)
        reach = _reach(thing.name, base) if thing.label == "ORG" else None
        if reach is None:
            keys.append(key)
        elif reach == "country" and thing.doc_id in meant:
            keys.append(f"{base} {meant[thing.doc_id]}")
        else:
            keys.append(f"{base}|{thing.doc_id}")
    return keys


def _countries_meant(things: Iterable[Thing]) -> dict[str, str]:
    """Genitive of the country that a document names clearly more often than any other, by document."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for thing in things:
        country = countries().get(key_of_name(thing.name)) if thing.label == "LOC" else None
        if country:
            counts[thing.doc_id][country] += thing.n_mentions
    meant = {}
    for doc_id, found in counts.items():
        (country, count), (_, second) = [*found.most_common(2), ("", 0)][:2]
        if count >= _CLEARLY * second:
            meant[doc_id] = genitive_of_country()[country]
    return meant


@cache
def _bodies() -> Mapping[tuple[str, str], str]:
    """The reach of words of bodies, by their place in a name and the word."""
    return {(row["place"], row["word"]): row["reach"] for row in read_table("link_bodies.tsv")}


@cache
def _telling() -> tuple[str, ...]:
    return tuple(word for place, word in _bodies() if place == "any")


@lru_cache(maxsize=100_000)
def _reach(name: str, key: str) -> str | None:
    """What bears the name of an organisation: each country, many places (local), or it alone (None).

    >>> _reach("МЧС", "мчс"), _reach("Верховный суд", "верховный суд"), _reach("Верховный суд России", "")
    ('country', 'local', None)
    """
    whole = _bodies().get(("whole", key))
    if whole is not None:
        return whole
    words = key.split()
    common = not QUOTATION_MARKS.search(name) and all(word.islower() for word in name.split()[1:])
    if not common or any(word.startswith(_telling()) for word in words):
        return None
    return _bodies().get(("first", words[0])) or _bodies().get(("last", words[-1]))


def _full_forms(things: Iterable[tuple[Thing, str]]) -> dict[tuple[str, str], str]:
    """Keys of the full names that abbreviations stand for, where all documents that tell agree."""
    full: dict[tuple[str, str], set[str]] = defaultdict(set)
    for thing, base in things:
        for other in thing.others:
            short = key_of_name(other)
            if short != base and bare_acronym(other) == other and _abbreviates(short, base):
                full[thing.label, short].add(base)
    return {short: next(iter(names)) for short, names in full.items() if len(names) == 1}


def _abbreviates(short: str, full: str) -> bool:
    """Whether the letters of an abbreviation stand in a full name in this order, its first letter first.

    >>> _abbreviates("мкс", "международная космическая станция"), _abbreviates("оаэ", "дубай")
    (True, False)
    """
    rest = iter(full)
    return full[:1] == short[:1] and all(letter in rest for letter in short)
