"""Readings of one word of a personal name, by the dictionary and by the declension types."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple

from svodka.stages.columns import fold
from svodka.stages.people.declension import (
    AGREEMENTS,
    CASES,
    GENDERS,
    NUMBER_OF,
    Reading,
    declension_readings,
    read_table,
)
from svodka.stages.pymorphy import Dictionary

# What a reading is worth beside the declension types' own weights (1 to 4).
_KNOWN = {"Patr": 7.0, "Name": 6.0, "Surn": 3.5}
_KNOWN_NOUN = 2.2
# «Бергович» alone is rather a surname, which can be a woman's.
_LONE_PATRONYMIC = 3.0
_SHARED = 1.5
_PERSONS = ("Masc", "Fem")
# The dictionary has undeclined twins of declined first names: «Анне» is rather a case of Анна.
_FIXED = 1.5
_KNOWN_ADJECTIVE = 1.8
_PARTS = {"Patr": "patronymic", "Name": "given", "Surn": "surname"}

# Chinese, Korean and Vietnamese names: «Ким Чен Ына», «Си Цзиньпину», but «Ху Цзиньтао», «Пак Чон Хи».
_EASTERN = 1.5
_EASTERN_ENDINGS = (
    ("Nom", "", ""), ("Gen", "а", ""), ("Acc", "а", ""), ("Dat", "у", ""), ("Ins", "ом", ""), ("Loc", "е", ""),
    ("Gen", "я", "й"), ("Acc", "я", "й"), ("Dat", "ю", "й"), ("Ins", "ем", "й"), ("Loc", "е", "й"),
)  # fmt: skip
_VOWELS = frozenset("аеёиоуыэюя")

_NOT_DECLINED_AFTER_PARTICLE = frozenset("иэоуыюе")

# What it is worth that a word has no reading in the gender and case of the others.
_NOT_DECLINED = -1.0


class Options(NamedTuple):
    """The strongest reading of a word for each gender and case, in the order of `AGREEMENTS`.

    Attributes:
        readings: None where the word has none.
        weights: What each is worth, the document's votes counted.
    """

    readings: tuple[Reading | None, ...]
    weights: tuple[float, ...]


@cache
def name_particles() -> frozenset[str]:
    """Words of names that are never inflected, lower case: «фон», «аль»."""
    return frozenset(row["word"] for row in read_table("people_particles.tsv"))


@cache
def family_first() -> frozenset[str]:
    """Family names that stand before the first name, lower case."""
    return frozenset(row["name"] for row in read_table("people_family_first.tsv"))


@cache
def _undeclined_names() -> dict[str, Reading]:
    """First names that have one form in all cases: «Джилл», «Антонио»."""
    return {
        name: Reading(name, tuple(NUMBER_OF[row["gender"], case] for case in CASES), _KNOWN["Name"], "given", True)
        for row in read_table("people_given_names.tsv")
        for name in row["names"].split()
    }


@lru_cache(maxsize=4_000)
def word_readings(text: str, dictionary: Dictionary) -> tuple[Reading, ...]:
    """Readings of one word of a name; a hyphenated word is read part by part, in one gender and case.

    >>> from svodka.stages.pymorphy import get_dictionary
    >>> readings = word_readings("Салтыкова-Щедрина", get_dictionary())
    >>> sorted({reading.lemma for reading in readings if "Acc" in reading.cases})
    ['салтыков-щедрин', 'салтыкова-щедрина']
    """
    form = text.lower()
    undeclined = _undeclined_names().get(fold(form))
    known = (undeclined,) if undeclined else tuple(_dictionary_readings(text, dictionary))
    if "-" in form.strip("-") and not any(reading.known for reading in known):
        return _hyphenated(form, dictionary)
    readings = (*known, *declension_readings(form))
    patronymics = {reading.lemma for reading in readings if reading.part == "patronymic"}
    if patronymics:  # «Абишевича» is no nominative of a name Абишевича
        readings = tuple(reading for reading in readings if reading.lemma in patronymics)
    return readings


def _hyphenated(form: str, dictionary: Dictionary) -> tuple[Reading, ...]:
    pieces = form.split("-")
    if pieces[0] in name_particles() and form[-1] in _NOT_DECLINED_AFTER_PARTICLE:  # «аль-Малики»
        numbers = tuple(number for number, (gender, _) in enumerate(AGREEMENTS) if gender in _PERSONS)
        return (Reading(form, numbers, _KNOWN["Surn"]),)
    nothing = [None] * len(AGREEMENTS)
    parts = [_strongest(word_readings(piece, dictionary)).readings if piece else nothing for piece in pieces]
    readings: list[Reading] = []
    for number, *chosen in zip(range(len(AGREEMENTS)), *parts, strict=True):
        *first, last = chosen
        if last is None or AGREEMENTS[number][0] not in GENDERS:
            continue
        lemma = "-".join(
            reading.lemma if reading and reading.weight > 0 else piece
            for reading, piece in zip(chosen, pieces, strict=True)
        )
        weight = last.weight + 0.3 * sum(reading.weight if reading else 0.0 for reading in first)
        readings.append(Reading(lemma, (number,), weight, last.part, last.known))
    return tuple(readings)


def _dictionary_readings(text: str, dictionary: Dictionary) -> Iterator[Reading]:
    form = text.lower()
    for analysis in dictionary.analyses(text):  # as written, as other stages have asked for it
        if not analysis.known:
            continue
        features = analysis.features
        case, number, gender = features.get("Case", ""), features.get("Number"), features.get("Gender")
        for use in _uses(analysis.pos, analysis.grammemes, case, number, gender):
            lemma = analysis.inflect(*use.nominative) if use.nominative else form
            lemma = lemma or (analysis.lemma if use.falls_back_to_lemma else form)
            yield Reading(lemma, use.agreements, use.weight, use.part, use.known)


class _Use(NamedTuple):
    """What an analysis of the dictionary says as a reading of a name; the first four are as in `Reading`.

    Attributes:
        agreements: In which gender and case.
        weight: How much speaks for it.
        part: given, patronymic, surname, or any.
        known: Whether the dictionary has it as a name.
        nominative: What the lemma is inflected to; nothing where it is the form.
        falls_back_to_lemma: Whether the lemma stands in where that form is missing, else the form does.
    """

    agreements: tuple[int, ...]
    weight: float
    part: str
    known: bool
    nominative: tuple[str, ...]
    falls_back_to_lemma: bool = False


@lru_cache(maxsize=2_000)
def _uses(pos: str, grammemes: frozenset[str], case: str, number: str | None, gender: str | None) -> tuple[_Use, ...]:
    """The uses of an analysis, one for each gender it can have."""
    if case not in CASES:
        return ()
    kind = next((name for name in _KNOWN if name in grammemes), None)
    if number == "Plur":
        agreements = (NUMBER_OF["Plur", case],)
        if kind != "Surn":
            return ()
        # «Владимира и Людмилы Путиных»: beside a first name the plural is one person's
        shared = (_Use((NUMBER_OF[one, case],), _SHARED, "surname", True, ("Nom", "Sing", one)) for one in _PERSONS)
        return (_Use(agreements, 2.0, "surname", True, ("Nom", "Plur")), *shared)
    genders = [one for one in _PERSONS if gender in (None, one)]
    fixed = "Fixd" in grammemes
    uses = []
    for one in genders:
        agreements = (NUMBER_OF[one, case],)
        if kind is not None:
            nominative = () if fixed else ("Nom", "Sing") if kind == "Name" else ("Nom", "Sing", one)
            weight = _KNOWN[kind] - _FIXED * (fixed and kind == "Name")
            uses.append(_Use(agreements, weight, _PARTS[kind], True, nominative, True))
        elif pos == "NOUN" and not fixed:
            uses.append(_Use(agreements, _KNOWN_NOUN, "any", False, ("Nom", "Sing")))
        elif pos == "ADJ":
            uses.append(_Use(agreements, _KNOWN_ADJECTIVE, "any", False, ("Nom", "Sing", one)))
    return tuple(uses)


def _strongest(readings: Iterable[Reading], votes: Mapping[str, float] = MappingProxyType({})) -> Options:
    """The strongest reading of each gender and case; the first of equals."""
    chosen: list[Reading | None] = [None] * len(AGREEMENTS)
    weights = [_NOT_DECLINED] * len(AGREEMENTS)
    for reading in readings:
        weight = reading.weight + votes.get(reading.lemma, 0.0)
        for number in reading.agreements:
            if chosen[number] is None or weight > weights[number]:
                chosen[number], weights[number] = reading, weight
    return Options(tuple(chosen), tuple(weights))


@lru_cache(maxsize=5_000)
def nominatives(text: str, dictionary: Dictionary) -> tuple[str, ...]:
    """All nominatives that a word of a name can have, in alphabetical order."""
    return tuple(sorted({reading.lemma for reading in word_readings(text, dictionary)}))


def options_of(text: str, votes: Mapping[str, float], alone: bool, dictionary: Dictionary) -> Options:
    """How a word can be read, alone or in a longer name, with what the document adds to the weight of a nominative."""
    if not votes:
        return _options(text, (), alone, dictionary)
    own = tuple([(lemma, votes[lemma]) for lemma in nominatives(text, dictionary) if lemma in votes])
    return _options(text, own, alone, dictionary)


@lru_cache(maxsize=5_000)
def _options(text: str, votes: tuple[tuple[str, float], ...], alone: bool, dictionary: Dictionary) -> Options:
    readings = word_readings(text, dictionary)
    if alone:
        readings = tuple(
            [
                reading._replace(weight=reading.weight - _LONE_PATRONYMIC) if reading.part == "patronymic" else reading
                for reading in readings
            ]
        )
    return _strongest(readings, dict(votes))


@lru_cache(maxsize=5_000)
def eastern_options(text: str, last: bool, dictionary: Dictionary) -> Options:
    """Readings in a name with the family name first: the last word alone is inflected, and only after a consonant."""
    form = text.lower()
    persons = [number for number, (gender, _) in enumerate(AGREEMENTS) if gender in _PERSONS]
    if not last:
        given = () if form in family_first() else (r for r in word_readings(text, dictionary) if r.known)
        return _strongest((Reading(form, tuple(persons), _EASTERN), *given))
    inflected = [
        Reading(
            form.removesuffix(ending) + nominative,
            (NUMBER_OF["Masc", case],),
            (2.0 if len(ending) < 2 else 3.5) * _EASTERN,
        )
        for case, ending, nominative in _EASTERN_ENDINGS
        if form.endswith(ending)
    ]
    inflected = [reading for reading in inflected if _VOWELS & set(reading.lemma) and reading.lemma[-1] not in _VOWELS]
    if form[-1] not in _VOWELS:
        persons = [number for number in persons if "Nom" in AGREEMENTS[number] or "Fem" in AGREEMENTS[number]]
    return _strongest((Reading(form, tuple(persons), _EASTERN), *inflected))


@lru_cache(maxsize=5_000)
def is_known_as(word: str, part: str, dictionary: Dictionary) -> bool:
    """Whether the dictionary has a word as this part of a name."""
    return any(reading.part == part and reading.known for reading in word_readings(word, dictionary))


@lru_cache(maxsize=5_000)
def is_family(text: str, dictionary: Dictionary) -> bool:
    """Whether the dictionary has a word as the plural of a surname: «Орловых»."""
    return any(AGREEMENTS[number][0] == "Plur" for r in word_readings(text, dictionary) for number in r.agreements)


@lru_cache(maxsize=5_000)
def part_of(text: str, lemma: str, dictionary: Dictionary, gender: str | None = None) -> str:
    """Which part of a name a word is by itself, read as this nominative: given, patronymic, surname or any.

    «Бергович» is a patronymic of a man and a surname of a woman; without a gender it may be either.
    """
    lemma = fold(lemma)
    parts = {
        reading.part
        for reading in word_readings(text, dictionary)
        if reading.part != "any"
        and fold(reading.lemma) == lemma
        and (gender is None or any(AGREEMENTS[number][0] == gender for number in reading.agreements))
    }
    if "given" in parts:
        return "given"
    if "patronymic" in parts and "surname" not in parts:
        return "patronymic"
    return "surname" if "surname" in parts else "any"
