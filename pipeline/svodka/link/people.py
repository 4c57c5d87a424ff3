"""Persons of documents joined to persons of a corpus, as far as their names and roles allow.

A wrong join is worse than a missed one. Full names join («Иван Орлов», «Орлов Иван»), with a patronymic where no other
competes. A name with initials joins the only full name that it fits. A surname alone joins the person of the corpus who
alone has it, or is named far more often than all others who do, where a role or the time agrees; and its like where
nobody has it. First names alone join nobody. Namesakes to whom some documents give a role in sport and others an office
stay apart. Each person gets a key, what its names have in common; persons with one key are one.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from svodka.link.names import Name, is_unisex, take_apart
from svodka.stages.columns import fold
from svodka.stages.people.declension import read_table
from svodka.stages.pymorphy import Dictionary

# Within how many days of a person's documents a surname alone is taken for that person.
NEAR_DAYS = 30

# How many times more often than all others of a surname somebody must be named to be meant by the surname alone: where
# a role or the time speaks for nobody else, and where it does. The first goes for a full name without patronymic too.
_KNOWN = 2
_FAMOUS = 10

# How many persons of documents must have a common surname and no fuller name anywhere to be taken for one.
_KNOWN_BY_SURNAME = 5

_PATRONYMICS = ("вич", "ич", "вна", "чна", "шна", "оглы", "кызы")


class Person(NamedTuple):
    """A person of a document.

    Attributes:
        doc_id: The document.
        name: Canonical name.
        gender: Masc, Fem or None.
        roles: Words of the roles, folded.
        day: Day of publication as a number, None where it is unknown.
    """

    doc_id: str
    name: str
    gender: str | None = None
    roles: frozenset[str] = frozenset()
    day: int | None = None


@dataclass(slots=True)
class _Bearer:
    """A person of the corpus whom a shorter name can mean, with the days on which it was named as numbers."""

    count: int = 0
    names: set[Name] = field(default_factory=set)
    genders: Counter[str] = field(default_factory=Counter)
    roles: set[str] = field(default_factory=set)
    days: set[int] = field(default_factory=set)

    def add(self, name: Name, person: Person) -> None:
        """Take in a person of a document."""
        self.count += 1
        self.names.add(name)
        self.roles |= person.roles
        if person.gender:
            self.genders[person.gender] += 1
        if person.day is not None:
            self.days.add(person.day)

    def fits(self, name: Name, gender: str | None) -> bool:
        """Whether a shorter name with this surname does not contradict it."""
        if gender and self.genders and self.genders[gender] < max(self.genders.values()):
            return False
        return not name.initials or any(_initials_fit(name.initials, own) for own in self.names)

    def agrees(self, person: Person) -> bool:
        """Whether a role or the time speaks for its being this person."""
        if self.roles & person.roles & _offices():
            return True
        near = () if person.day is None else range(person.day - NEAR_DAYS, person.day + NEAR_DAYS + 1)
        return any(day in self.days for day in near)


@cache
def _offices() -> frozenset[str]:
    """Words that name what somebody does; «россии» and «господин» do not."""
    rows = read_table("people_roles.tsv")
    return frozenset(fold(row["role"]) for row in rows if row["class"] not in ("family", "people"))


def _initials_fit(initials: Sequence[str], name: Name) -> bool:
    words = (name.given, name.middle) if name.is_full else name.initials
    return all(not word or word.startswith(initial) for initial, word in zip(initials, words, strict=False))


def join_people(people: Sequence[Person], dictionary: Dictionary) -> list[str]:
    """The key of each person; equal keys are one person, in whatever order the persons come.

    Args:
        people: The persons of all documents.
        dictionary: The pymorphy adapter.
    """
    names = _surname_last([take_apart(person.name, dictionary) for person in people])
    keys = _careers_apart(_by_full_name(names, people, dictionary), people)
    bearers: dict[str, dict[str, _Bearer]] = defaultdict(lambda: defaultdict(_Bearer))
    _take_in(bearers, keys, names, people)
    for choose in (_by_initials, _by_surname):
        found = {
            number: key
            for number, (name, person) in enumerate(zip(names, people, strict=True))
            if number not in keys and (key := choose(name, person, bearers[name.last])) is not None
        }
        keys |= found
        _take_in(bearers, found, names, people)
    keys |= _by_nickname(names, people, bearers)
    return [keys.get(number) or _own_key(person) for number, person in enumerate(people)]


def _take_in(
    bearers: dict[str, dict[str, _Bearer]], keys: Mapping[int, str], names: Sequence[Name], people: Sequence[Person]
) -> None:
    """Enter persons under their surnames."""
    for number, key in keys.items():
        bearers[names[number].last][key].add(names[number], people[number])


def _surname_last(names: Sequence[Name]) -> list[Name]:
    """The names, «Фримен Мартин» turned where the corpus has «Мартин Фримен» more often."""
    counts = Counter((name.given, name.last) for name in names if name.is_full)

    def turned(name: Name) -> Name:
        here, there = (name.given, name.last), (name.last, name.given)
        if name.is_full and not name.middle and (counts[there], there) > (counts[here], here) and counts[there]:
            return Name(name.last, "", name.given)
        return name

    return list(map(turned, names))


def _by_full_name(names: Sequence[Name], people: Sequence[Person], dictionary: Dictionary) -> dict[int, str]:
    """Keys of the persons with a first name and a surname, by number."""
    namesakes: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, name in enumerate(names):
        if name.is_full:
            namesakes[name.given, name.last].append(number)
    keys = {}
    for (given, last), numbers in namesakes.items():
        # a gender is a guess where the first name is foreign, and tells namesakes apart only where both bear it
        genders = {people[number].gender for number in numbers} if is_unisex(given, dictionary) else set()
        apart = {"Masc", "Fem"} <= genders
        groups: dict[str, list[int]] = defaultdict(list)
        for number in numbers:
            groups[(people[number].gender or "") if apart else ""].append(number)
        for gender, group in groups.items():
            telling = _telling_middles(Counter(names[number].middle for number in group))
            for number in group:
                keys[number] = "|".join(filter(None, (f"{given} {last}", gender, telling[names[number].middle])))
    return keys


@cache
def _career_of() -> dict[str, str]:
    return {row["word"]: row["career"] for row in read_table("link_careers.tsv")}


def _careers_apart(keys: Mapping[int, str], people: Sequence[Person]) -> dict[int, str]:
    """The keys, a career added where namesakes have careers that nobody has both of; the commonest one adds nothing."""
    careers = {number: {_career_of()[word] for word in people[number].roles & _career_of().keys()} for number in keys}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for number, found in careers.items():
        if found:
            counts[keys[number]].update(found)
    whole = {keys[number] for number, found in careers.items() if len(found) > 1}
    apart = counts.keys() - whole
    main = {key: max(count, key=lambda career: (count[career], career)) for key, count in counts.items()}
    return {
        number: "|".join((key, *(careers[number] - {main[key]}))) if key in apart else key
        for number, key in keys.items()
    }


def _telling_middles(middles: Counter[str]) -> dict[str, str]:
    """What of each patronymic or second name tells namesakes apart: nothing where it is the common one, or rare."""
    words = {middle for middle in middles if len(middle) > 1}
    competing = sorted({word for word in words if word.endswith(_PATRONYMICS)} or words)
    main = max(competing, key=lambda word: middles[word], default="")
    alone = middles[main] > _KNOWN * sum(middles[word] for word in competing if word != main)
    known_without = middles[""] > _FAMOUS * sum(middles[word] for word in words)
    telling = {word: "" if known_without or (word == main and alone) else word for word in words} | {"": ""}
    initials = middles.keys() - words - {""}
    for initial in initials:
        fitting = [word for word in words if word.startswith(initial)]
        if len(fitting) == 1:
            telling[initial] = telling[fitting[0]]
        else:
            telling[initial] = "" if not words and len(initials) == 1 else initial
    return telling


def _by_initials(name: Name, person: Person, bearers: Mapping[str, _Bearer]) -> str | None:
    """Key of a person with initials: that of the full name it fits, alone or by far, or two initials and the surname.

    One initial says little more than a surname: a role or the time must agree.
    """
    if not name.initials:
        return None
    fitting = {key: bearer.count for key, bearer in bearers.items() if bearer.fits(name, person.gender)}
    best = max(fitting, key=fitting.__getitem__, default="")
    if best and fitting[best] > _FAMOUS * (sum(fitting.values()) - fitting[best]):
        return best if len(name.initials) > 1 or bearers[best].agrees(person) else None
    return f"{' '.join(name.initials)} {name.last}" if not fitting and len(name.initials) > 1 else None


def _by_surname(name: Name, person: Person, bearers: Mapping[str, _Bearer]) -> str | None:
    """Key of the person whom a surname alone means."""
    fitting = {key: bearer for key, bearer in bearers.items() if bearer.fits(name, person.gender)}
    if not fitting or not name.is_lone or name.part == "given":
        return None
    best = max(fitting, key=lambda key: fitting[key].count)
    others = [bearer for key, bearer in fitting.items() if key != best]
    alone = not any(bearer.agrees(person) for bearer in others)
    clearly = fitting[best].count > (_KNOWN if alone else _FAMOUS) * sum(bearer.count for bearer in others)
    return best if clearly and fitting[best].agrees(person) else None


def _by_nickname(
    names: Sequence[Name], people: Sequence[Person], bearers: Mapping[str, Mapping[str, _Bearer]]
) -> dict[int, str]:
    """Keys of persons known by one word of which nobody in the corpus has a fuller name: «Рональдиньо», «Ленин»."""
    groups: dict[str, list[int]] = defaultdict(list)
    for number, (name, person) in enumerate(zip(names, people, strict=True)):
        fuller = any(bearer.fits(name, person.gender) for bearer in bearers[name.last].values())
        if name.is_lone and name.part != "given" and person.gender and not fuller:
            groups[f"{name.last}|{person.gender}"].append(number)
    return {
        number: key
        for key, numbers in groups.items()
        if names[numbers[0]].part != "surname" or len(numbers) >= _KNOWN_BY_SURNAME
        for number in numbers
    }


def _own_key(person: Person) -> str:
    """Key of a person who joins nobody in other documents."""
    return "|".join((fold(person.name), person.gender or "", person.doc_id))
