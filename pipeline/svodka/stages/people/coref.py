"""Person mentions of one document joined to persons.

Mentions are compared by the parts of their names. Fuller names come first; a shorter mention joins the person that it
does not contradict in first name, patronymic, surname, initials or gender, and of several such persons the one named
last before it.
"""

import re
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from svodka.stages.columns import fold
from svodka.stages.people.names import PersonName, name_in_case

# «Артур «Скала» Зимин» is «Артур Зимин».
_NICKNAME = re.compile(r"(?<=\w) (?:«[^»]+»|\"[^\"]+\")(?= \w)")


@dataclass(slots=True)
class Cluster:
    """Mentions of one person.

    Attributes:
        names: How often the mentions give each name, aliases left out.
        places: Their positions among the document's person mentions, aliases too, rising.
    """

    names: Counter[PersonName] = field(default_factory=Counter)
    places: list[int] = field(default_factory=list)

    def add(self, name: PersonName, place: int) -> None:
        """Take in a name."""
        self.names[name] += 1
        insort(self.places, place)


def cluster_people(names: Sequence[PersonName], aliases: Mapping[int, int] | None = None) -> list[Cluster]:
    """Join the names of a document's person mentions.

    Args:
        names: Names in reading order.
        aliases: Positions of names that the text gives as another name of the person at the second position:
            «Леннарта Берга (Lennart Berg)».
    """
    aliases = aliases or {}
    clusters: list[Cluster] = []
    by_word: dict[str, dict[int, Cluster]] = {}
    for place in sorted(range(len(names)), key=lambda place: -_fullness(names[place])):
        if place in aliases:
            continue
        name = names[place]
        words = _telling(name)
        near = {number: cluster for word in words for number, cluster in by_word.get(word, {}).items()}
        fitting = [number for number, cluster in near.items() if _fits(name, cluster)]
        if name.patronymic and not name.surname and len(fitting) > 1:
            fitting = [number for number in fitting if any(other.patronymic for other in clusters[number].names)]
        if not fitting:
            fitting = [len(clusters)]
            clusters.append(Cluster())
        chosen = max(fitting, key=lambda number: _nearness(clusters[number], place))
        clusters[chosen].add(name, place)
        for word in words:
            by_word.setdefault(word, {})[chosen] = clusters[chosen]
    for place, other in aliases.items():
        cluster = next((cluster for cluster in clusters if other in cluster.places), None)
        if cluster is None:
            clusters.append(Cluster())
            clusters[-1].add(names[place], place)
        else:
            insort(cluster.places, place)
    return clusters


def _telling(name: PersonName) -> set[str]:
    """The words that a name must share with another to be the same person's."""
    return {word for word in (name.given, name.patronymic, *name.surname) if word}


def _fullness(name: PersonName) -> float:
    if name.given and name.surname:
        return 3.0 + name.size
    if name.surname and name.initials:
        return 3.0
    if name.given and name.patronymic:
        return 2.5
    return 2.0 * bool(name.surname) + bool(name.patronymic) + 0.5 * bool(name.given)


def _nearness(cluster: Cluster, place: int) -> tuple[bool, int]:
    """The last mention before this place; a cluster that only begins later comes after all others."""
    before = bisect_left(cluster.places, place)
    return (True, cluster.places[before - 1]) if before else (False, -min(cluster.places, default=place))


def _fits(name: PersonName, cluster: Cluster) -> bool:
    shared = False
    for other in cluster.names:
        if not _compatible(name, other):
            return False
        shared = shared or _shares(name, other)
    return shared


def _compatible(one: PersonName, other: PersonName) -> bool:
    """Whether two names can be one person's."""
    same = one.given and one.surname and (one.given, one.surname) == (other.given, other.surname)
    if one.sure and other.sure and one.gender != other.gender and not same:
        return False
    if one.patronymic and other.patronymic and one.patronymic != other.patronymic:
        return False
    if one.lone or other.lone:
        return True
    if one.given and other.given and one.given != other.given:
        return False
    if one.surname and other.surname and not _same_surname(one.surname, other.surname):
        return False
    return _initials_fit(one, other) and _initials_fit(other, one)


def _initials_fit(one: PersonName, other: PersonName) -> bool:
    if not one.initials:
        return True
    if other.given and not other.given.startswith(one.initials[0]):
        return False
    if other.patronymic and len(one.initials) > 1 and not other.patronymic.startswith(one.initials[1]):
        return False
    return not other.initials or all(a == b for a, b in zip(one.initials, other.initials, strict=False))


def _same_surname(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    short, long = sorted((one, other), key=len)
    return set(short) <= set(long)


def _shares(one: PersonName, other: PersonName) -> bool:
    """Whether two compatible names have a word in common that can tell a person."""
    if one.lone or other.lone:
        # a lone word can be the first name or the surname, whatever it looks like: «Льюис» is Леннокс Льюис
        short, full = (one, other) if one.lone else (other, one)
        surname = full.surname or (full.patronymic,)  # «Роман Бергович» can be all of his name
        return short.lone == full.given or short.lone in surname
    if one.surname and other.surname:
        return _same_surname(one.surname, other.surname)
    return bool(one.given) and one.given == other.given


def canonical_name(names: Mapping[PersonName, int]) -> str:
    """The fullest form among the names of one person, given how often each occurs.

    The commonest of equally full forms is taken, with the surname last. A patronymic that stands with the first name
    alone is put in: «Нурлан Сабиров» and «Нурлан Ахметович» are «Нурлан Ахметович Сабиров».
    """
    counts: Counter[str] = Counter()
    for name, count in names.items():
        counts[name.text] += count
    best = max(names, key=lambda name: (_fullness(name), not name.text.isupper(), counts[name.text]))
    words = best.text.split(" ")
    if not best.patronymic and len(words) == 2 and fold(words[0]) == best.given:
        patronymic = next((name for name in names if name.patronymic and name.given == best.given), None)
        if patronymic is not None:
            words.insert(1, patronymic.text.split(" ")[1])
    elif best.patronymic and len(words) == 3 and best.surname == (fold(words[0]),):
        words = [*words[1:], words[0]]  # «Ветров Иван Петрович» of a list or a document
    return name_in_case(_NICKNAME.sub("", " ".join(words)))


def gender_of(names: Iterable[PersonName]) -> str | None:
    """Masc or Fem, by the names that are sure of it, the fullest first."""
    for name in sorted(names, key=lambda name: (not name.sure, -_fullness(name))):
        if name.gender in ("Masc", "Fem"):
            return name.gender
    return None
