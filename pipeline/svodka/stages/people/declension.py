"""Declension types of personal names: which nominatives a written form can have, by gender and case.

Types are data (`lexicons/people_declensions.tsv`). A form is generated back, never guessed by analogy: «Обамы» can be
the genitive of Обама, or an undeclined Обамы, and each type says how much that is worth.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from typing import NamedTuple

CASES = ("Nom", "Gen", "Dat", "Acc", "Ins", "Loc")
GENDERS = ("Masc", "Fem", "Plur")
# What all words of a name agree in; those of a family come last.
AGREEMENTS = tuple(product(GENDERS, CASES))


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of a lexicon as dicts; lines that begin with `#` are comments."""
    text = files("svodka.lexicons").joinpath(name).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


class Reading(NamedTuple):
    """One way to read a written form as a case of a name.

    Attributes:
        lemma: The nominative, lower case.
        gender: Masc, Fem or Plur (a family).
        case: UD case.
        weight: How much speaks for it; readings of one form are comparable.
        part: given, patronymic, surname, or any where the form does not tell.
        known: Whether the dictionary has it as a name.
    """

    lemma: str
    gender: str
    case: str
    weight: float
    part: str = "any"
    known: bool = False


@dataclass(slots=True)
class _Ending:
    """What an ending can be.

    Attributes:
        types: The ending of the nominative and what it must look like, for each declension type.
        readings: Number of the type, gender, case, weight and part; by case, then in the order of the types.
    """

    types: list[tuple[str, re.Pattern[str]]]
    readings: list[tuple[int, str, str, float, str]]


@cache
def _endings() -> dict[str, _Ending]:
    rows = read_table("people_declensions.tsv")
    table: dict[str, _Ending] = {}
    numbers: dict[tuple[str, str], int] = {}
    for case, row in product(CASES, rows):
        genders = ("Masc", "Fem") if row["gender"] == "Any" else (row["gender"],)
        for ending in (written.strip("-") for written in row[case.lower()].split("/")):
            entry = table.setdefault(ending, _Ending([], []))
            number = numbers.setdefault((ending, row["id"]), len(entry.types))
            if number == len(entry.types):
                entry.types.append((row["nom"].strip("-"), re.compile(row["where"])))
            entry.readings += [(number, gender, case, float(row["weight"]), row["part"]) for gender in genders]
    return table


_LONGEST_ENDING = 5
_SHORTEST_STEM = 2


@lru_cache(maxsize=1_000)
def declension_readings(form: str) -> tuple[Reading, ...]:
    """All readings of a form (lower case) that a declension type allows, those with the shortest ending first.

    >>> sorted({reading.lemma for reading in declension_readings("обамы") if reading.case == "Gen"})
    ['обама', 'обамы']
    """
    readings: list[Reading] = []
    for length in range(max(0, min(_LONGEST_ENDING, len(form) - _SHORTEST_STEM)) + 1):
        stem = form[: len(form) - length]
        entry = _endings().get(form[len(stem) :])
        if entry is not None:
            lemmas = [
                lemma if where.search(lemma) else None
                for lemma, where in ((stem + nom, where) for nom, where in entry.types)
            ]
            readings += [
                Reading(lemma, gender, case, weight, part)
                for number, gender, case, weight, part in entry.readings
                if (lemma := lemmas[number]) is not None
            ]
    return tuple(readings)
