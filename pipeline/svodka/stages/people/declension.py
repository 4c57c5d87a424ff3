"""Declension types of personal names: which nominatives a written form can have, by gender and case.

Types are data (`lexicons/people_declensions.tsv`). A form is generated back, never guessed by analogy: «Обамы» can be
the genitive of Обама, or an undeclined Обамы, and each type says how much that is worth.
"""

import csv
import re
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from typing import NamedTuple

CASES = ("Nom", "Gen", "Dat", "Acc", "Ins", "Loc")
GENDERS = ("Masc", "Fem", "Plur")
# What the words of a name agree in: one person's, then a family's (Plur), then what only places have.
AGREEMENTS = tuple(product((*GENDERS, "Neut"), CASES))
NUMBER_OF = {agreement: number for number, agreement in enumerate(AGREEMENTS)}


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of a lexicon as dicts; lines that begin with `#` are comments."""
    text = files("svodka.lexicons").joinpath(name).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


class Reading(NamedTuple):
    """A nominative that a written form of a name can have.

    Attributes:
        lemma: The nominative, lower case.
        agreements: In which genders and cases it has this form, as places in `AGREEMENTS`; Plur is a family, Neut a
            place.
        weight: How much speaks for it; readings of one form are comparable.
        part: given, patronymic, surname, or any where the form does not tell.
        known: Whether the dictionary has it as a name.
        ending: Length of the ending that was taken off.
    """

    lemma: str
    agreements: tuple[int, ...]
    weight: float
    part: str = "any"
    known: bool = False
    ending: int = 0

    @property
    def cases(self) -> frozenset[str]:
        """The cases in which the nominative has the form."""
        return _cases_of(self.agreements)


@cache
def _cases_of(agreements: tuple[int, ...]) -> frozenset[str]:
    return frozenset(AGREEMENTS[number][1] for number in agreements)


class _Type(NamedTuple):
    nominative: str
    where: re.Pattern[str]
    agreements: tuple[int, ...]
    weight: float
    part: str


@cache
def _types_by_ending() -> dict[str, list[_Type]]:
    """The types that have an ending, each with what the ending is in it."""
    table: dict[str, list[_Type]] = {}
    for row in read_table("people_declensions.tsv"):
        genders = ("Masc", "Fem") if row["gender"] == "Any" else (row["gender"],)
        agreements: dict[str, list[int]] = {}
        for gender, case in product(genders, CASES):
            for ending in row[case.lower()].split("/"):
                agreements.setdefault(ending.strip("-"), []).append(NUMBER_OF[gender, case])
        nominative, where = row["nom"].strip("-"), re.compile(row["where"])
        for ending, numbers in agreements.items():
            kind = _Type(nominative, where, tuple(numbers), float(row["weight"]), row["part"])
            table.setdefault(ending, []).append(kind)
    return table


@cache
def _reaches() -> dict[str, int]:
    """How much of the end of a stem, in letters, the types that have an ending look at."""
    return {
        ending: max(_width(kind.where.pattern) - len(kind.nominative) for kind in kinds)
        for ending, kinds in _types_by_ending().items()
    }


def _width(where: str) -> int:
    """How many letters a pattern of the table matches at most."""
    letters = re.sub(r"\[[^]]*\]", ".", where).replace("?", "").replace("$", "")
    alternatives = re.sub(r"\(([^()]*)\)", lambda group: max(group[1].split("|"), key=len), letters)
    return max(map(len, alternatives.split("|")))


_LONGEST_ENDING = 5
# Letters that no ending changes.
SHORTEST_STEM = 2


@lru_cache(maxsize=5_000)
def _fitting(ending: str, stem_end: str) -> tuple[_Type, ...]:
    """The types that have this ending after a stem with this end."""
    return tuple(kind for kind in _types_by_ending()[ending] if kind.where.search(stem_end + kind.nominative))


@lru_cache(maxsize=1_000)
def declension_readings(form: str) -> tuple[Reading, ...]:
    """All readings of a form (lower case) that a declension type allows, those with the shortest ending first.

    >>> sorted({reading.lemma for reading in declension_readings("обамы") if "Gen" in reading.cases})
    ['обама', 'обамы']
    """
    readings: list[Reading] = []
    reaches = _reaches()
    for length in range(max(0, min(_LONGEST_ENDING, len(form) - SHORTEST_STEM)) + 1):
        end = len(form) - length
        reach = reaches.get(form[end:])
        if reach is not None:
            stem = form[:end]
            for nominative, _, agreements, weight, part in _fitting(form[end:], stem[-reach:]):
                readings.append(Reading(stem + nominative, agreements, weight, part, False, length))
    return tuple(readings)
