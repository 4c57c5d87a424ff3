"""What spellings and short names of an organisation or place have in common: «МИД РФ» is Russia's foreign ministry."""

import re
from functools import cache, lru_cache

from svodka.stages.columns import fold
from svodka.stages.people.declension import read_table

QUOTATION_MARKS = re.compile(r"[«»\"“”„'’‘`]")
_BRACKET = re.compile(r" ?\([^)]*\)?$")
_DASH = re.compile(r"\s*[–—-]\s*")
_LONGEST_COUNTRY = 3
_LONGEST_SHORT_NAME = 4


@lru_cache(maxsize=100_000)
def key_of_name(name: str) -> str:
    """The name, folded, without marks and what is in brackets at its end, its body and country by their usual names.

    >>> key_of_name("«Роснефть»"), key_of_name("МИД Российской Федерации"), key_of_name("Нью – Йорк")
    ('роснефть', 'министерство иностранных дел россии', 'нью-йорк')
    """
    words = _DASH.sub("-", fold(QUOTATION_MARKS.sub("", _BRACKET.sub("", name)))).split()
    key = " ".join(words)
    if key in countries():
        return countries()[key]
    for size in range(min(_LONGEST_COUNTRY, len(words) - 1), 0, -1):
        country = _genitives().get(" ".join(words[-size:]))
        if country:
            words[-size:] = [country]
            break
    for size in range(min(_LONGEST_SHORT_NAME, len(words)), 0, -1):
        body = _synonyms().get(" ".join(words[:size]))
        if body:
            words[:size] = [body]
            break
    return " ".join(words) or fold(name)


@cache
def _synonyms() -> dict[str, str]:
    """Full names of bodies by their short names, folded."""
    return {other: row["name"] for row in read_table("people_synonyms.tsv") for other in row["other"].split("|")}


@cache
def countries() -> dict[str, str]:
    """Folded names of countries by each of their names."""
    rows = read_table("people_countries.tsv")
    return {
        fold(name): fold(row["country"])
        for row in rows
        for name in (row["country"], *row["other"].split("|"))
        if name != "-"
    }


@cache
def _genitives() -> dict[str, str]:
    """The genitive by which a country is known, by each genitive of its names, folded."""
    genitives = [fold(row["genitive"]).split("|") for row in read_table("people_countries.tsv")]
    return {form: forms[0] for forms in genitives for form in forms}


@cache
def genitive_of_country() -> dict[str, str]:
    """The genitive by which a country is known, by its folded name."""
    return {fold(row["country"]): fold(row["genitive"]).split("|")[0] for row in read_table("people_countries.tsv")}
