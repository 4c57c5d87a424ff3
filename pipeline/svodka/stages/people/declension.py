"""Declension types of personal names: which nominatives a written form can have, by gender and case.

Types are data (`lexicons/people_declensions.tsv`). A form is generated back, never guessed by analogy: «Обамы» can be
the genitive of Обама, or an undeclined Обамы, and each type says how much that is worth.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

CASES = ("Nom", "Gen", "Dat", "Acc", "Ins", "Loc")
GENDERS = ("Masc", "Fem", "Plur")


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of a lexicon as dicts; lines that begin with `#` are comments."""
    text = files("svodka.lexicons").joinpath(name).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@dataclass(frozen=True, slots=True)
class Reading:
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


@dataclass(frozen=True, slots=True)
class _Type:
    genders: tuple[str, ...]
    nominative: str
    weight: float
    part: str
    where: re.Pattern[str]


@cache
def _types_by_ending() -> dict[tuple[str, str], list[_Type]]:
    """Types by (case, ending)."""
    table: dict[tuple[str, str], list[_Type]] = {}
    for row in read_table("people_declensions.tsv"):
        genders = ("Masc", "Fem") if row["gender"] == "Any" else (row["gender"],)
        kind = _Type(genders, row["nom"].strip("-"), float(row["weight"]), row["part"], re.compile(row["where"]))
        for case in CASES:
            for ending in row[case.lower()].split("/"):
                table.setdefault((case, ending.strip("-")), []).append(kind)
    return table


_LONGEST_ENDING = 5
_SHORTEST_STEM = 2


def declension_readings(form: str) -> Iterator[Reading]:
    """All readings of a form (lower case) that a declension type allows.

    >>> sorted({reading.lemma for reading in declension_readings("обамы") if reading.case == "Gen"})
    ['обама', 'обамы']
    """
    table = _types_by_ending()
    for length in range(max(0, min(_LONGEST_ENDING, len(form) - _SHORTEST_STEM)) + 1):
        stem, ending = (form[:-length], form[-length:]) if length else (form, "")
        for case in CASES:
            for kind in table.get((case, ending), ()):
                lemma = stem + kind.nominative
                if kind.where.search(lemma):
                    for gender in kind.genders:
                        yield Reading(lemma, gender, case, kind.weight, kind.part)
