"""Organisations and places of a document joined by normal form and by abbreviations.

Abbreviations are those that the text introduces («Комитет по делам молодёжи (КДМ)») and those that every reader knows,
in `lexicons/people_synonyms.tsv`. «МВД» joins the only «МВД России» of the document, and «чешская полиция» is
«полиция Чехии».
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from svodka.stages.casing import phrase_in_case
from svodka.stages.columns import Columns, fold
from svodka.stages.people.found import Found
from svodka.stages.people.organizations import place_adjectives
from svodka.stages.people.phrase import nominative_phrase
from svodka.stages.people.synonyms import key_of_name
from svodka.stages.people.tokens import text_of, without_space
from svodka.stages.pymorphy import Dictionary

_QUOTES = str.maketrans("", "", "«»\"“”„'")
_WITH_SHORT = re.compile(r"^(?P<full>.+\w[»\"”]?) ?\((?P<short>[A-ZА-ЯЁ][\w-]*[A-ZА-ЯЁ])\)$")
_SHORTEST_ACRONYM = 3


def cluster_things(
    tokens: Columns, names: Mapping[int, Found], dictionary: Dictionary
) -> tuple[dict[int, str], list[tuple[str, str, list[int]]]]:
    """Join the organisations and places of a document.

    Args:
        tokens: The tokens of a document.
        names: Its organisations and places, by their number among all names.
        dictionary: The pymorphy adapter.

    Returns:
        The normal form of each name, and for each entity its label, its name and the numbers of its mentions.
    """
    attested = frozenset(
        tokens.lowers[name.start]
        for name in names.values()
        if name.end - name.start == 1 and tokens.features[name.start].get("Case") == "Nom"
    )
    normals = {
        number: nominative_phrase(tokens, without_space(tokens, name.start, name.end), dictionary, attested=attested)
        for number, name in names.items()
    }
    traits = {number: _traits_of(_with_place(tokens, name, normals[number])) for number, name in names.items()}
    keys = {number: (name.label, traits[number].key) for number, name in names.items()}
    members: dict[tuple[str, str], list[int]] = {}
    for number, key in keys.items():
        members.setdefault(key, []).append(number)
    for short, full in (*_abbreviations(tokens, names, traits).items(), *_without_owner(names, traits)):
        if short != full and short in members and full in members:
            members[full].extend(members.pop(short))
    entities = [
        (label, _name(label, [normals[number] for number in numbers]), sorted(numbers))
        for (label, _), numbers in members.items()
    ]
    return normals, entities


def _name(label: str, normals: Sequence[str]) -> str:
    """The longest form without an abbreviation in brackets, the commonest of equals."""
    if normals.count(normals[0]) == len(normals):
        longest = _full_form(normals[0])
    else:
        counts = Counter(map(_full_form, normals))
        longest = max(counts, key=lambda name: (len(name), not name.isupper(), counts[name]))
    return phrase_in_case(longest) if label == "LOC" else longest  # an organisation can be called so: «РОСНАНО»


def _full_form(normal: str) -> str:
    match = _with_short(normal)
    return match["full"] if match else normal


def _with_short(normal: str) -> re.Match[str] | None:
    return _WITH_SHORT.match(normal) if normal.endswith(")") else None


class _Traits(NamedTuple):
    """What names are joined by.

    Attributes:
        key: What two spellings of a name have in common: «"Роснефть"» is «Роснефть», «(РФС)» after it is left out,
            «МВД РФ» is «министерство внутренних дел России».
        acronym: Its initials, empty where they are too few.
        short: The abbreviation in brackets at its end, folded, empty where there is none.
        folded: All of it folded.
    """

    key: str
    acronym: str
    short: str
    folded: str


@lru_cache(maxsize=5_000)
def _traits_of(normal: str) -> _Traits:
    match = _with_short(normal)
    written = fold(_full_form(normal).translate(_QUOTES))
    acronym = initials_of(written)
    return _Traits(
        key_of_name(normal),
        acronym if len(acronym) >= _SHORTEST_ACRONYM else "",
        fold(match["short"]) if match else "",
        fold(normal),
    )


def _with_place(tokens: Columns, name: Found, normal: str) -> str:
    """An institution with its place as the adjective does not tell it: «чешская полиция» is «полиция Чехии»."""
    places = place_adjectives()
    owned = name.rule in ("name-institution", "name-owner")
    if not owned or name.end - name.start != 2 or tokens.lemmas[name.start] not in places:
        return normal
    return f"{normal.split(' ')[-1]} {places[tokens.lemmas[name.start]]}"


def _without_owner(
    names: Mapping[int, Found], traits: Mapping[int, _Traits]
) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Keys of organisations without an owner, and of the only one of that name that has one: «МВД», «МВД России»."""
    owned: dict[str, set[str]] = {}
    keys = {traits[number].key for number, name in names.items() if name.label == "ORG"}
    for number, name in names.items():
        if name.rule in ("name-owner", "name-institution"):
            words = traits[number].key.split()
            for length in range(1, len(words)):
                owned.setdefault(" ".join(words[:length]), set()).add(traits[number].key)
    for key in sorted(keys & owned.keys(), key=len, reverse=True):
        if len(owned[key]) == 1:
            yield ("ORG", key), ("ORG", next(iter(owned[key])))


def initials_of(phrase: str) -> str:
    """Acronym of a name.

    >>> initials_of("Комитет национальной безопасности")
    'кнб'
    """
    return "".join(word[0] for word in fold(phrase).replace("-", " ").split() if word[0].isalpha())


def _abbreviations(
    tokens: Columns, names: Mapping[int, Found], traits: Mapping[int, _Traits]
) -> dict[tuple[str, str], tuple[str, str]]:
    """Keys of abbreviations and of the full names they stand for.

    An abbreviation stands in brackets right after the name, inside its span («Российский союз (РС)») or after it, or is
    made of the initials of a name of the document.
    """
    pairs: dict[tuple[str, str], tuple[str, str]] = {}
    acronyms: dict[str, tuple[str, str]] = {}
    for number, (key, acronym, short, _) in traits.items():
        if short:
            pairs[names[number].label, short] = (names[number].label, key)
        if acronym:
            acronyms[acronym] = (names[number].label, key)
    capitals = [number for number, name in names.items() if text_of(tokens, name.start, name.end).isupper()]
    ending_at: dict[int, list[int]] = {}
    for number, name in names.items():
        ending_at.setdefault(name.end, []).append(number)
    for number in capitals:
        abbreviation = names[number]
        before = [full for full in ending_at.get(abbreviation.start - 1, ()) if names[full].label == abbreviation.label]
        if not before or tokens.words[abbreviation.start - 1] != "(":
            continue
        # «комиссия Авиационного комитета (АК)»: the one with these initials, else the longest, which begins first
        full = next((full for full in before if traits[full].acronym == traits[number].folded), before[0])
        # «Дюссельдорф (ФРГ)»: what stands after a place is rather where it lies
        if abbreviation.label == "ORG" or traits[full].acronym == traits[number].folded:
            pairs.setdefault((abbreviation.label, traits[number].key), (abbreviation.label, traits[full].key))
    for number in capitals:
        target = acronyms.get(traits[number].folded)
        if target is not None and target[0] == names[number].label:
            pairs.setdefault((target[0], traits[number].key), target)
    return pairs
