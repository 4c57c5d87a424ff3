"""The words that head a role phrase, by class: offices, professions, ranks, family."""

from dataclasses import dataclass
from functools import cache, lru_cache

from svodka.stages.columns import Columns, fold
from svodka.stages.people.declension import read_table

# Classes that say who somebody is, not what he does: жена, житель, обвиняемый.
PERSONAL = frozenset({"family", "people", "case"})
# Those and what one did, won or owns («основатель», «чемпион»): no professions.
NO_PROFESSION = PERSONAL | {"deed"}
_LONGEST_PREFIX = 8
_SHORTEST_WORD = 4
_FEMININE = frozenset("ая")
_POS = frozenset({"NOUN", "PROPN", "ADJ", "VERB"})
# Endings of «управляющий» in all cases, genders and numbers.
_PARTICIPLE_ENDINGS = ("ий", "его", "ему", "им", "ем", "ая", "ей", "ую", "ие", "их", "ими")


@dataclass(frozen=True, slots=True)
class RoleWord:
    """An entry of the lexicon.

    Attributes:
        group: state, law, army …
        relation: Whether a genitive after it can name whose he is.
        governs: Case of the noun that a participle governs: «управляющий делами», «исполняющий обязанности»; Gen for
            the undeclined «врио», which agrees with nothing.
    """

    group: str
    relation: bool
    governs: str = ""


@cache
def lexicon() -> dict[str, RoleWord]:
    """The entries by lemma, ё folded to е, those of governing participles by form."""
    entries: dict[str, RoleWord] = {}
    for row in read_table("people_roles.tsv"):
        governs = row["governs"].strip("-")
        word = RoleWord(row["class"], row["relation"] == "yes", governs)
        role = fold(row["role"])
        # a participle's lemma is its verb, so its forms are looked up as they stand
        participle = governs and role.endswith("ий")
        forms = [role.removesuffix("ий") + ending for ending in _PARTICIPLE_ENDINGS] if participle else [role]
        entries |= dict.fromkeys(forms, word)
    return entries


@cache
def _parts(kind: str) -> dict[str, str]:
    """Parts of words of a kind, each with what it is replaced by."""
    rows = (row["part"].partition("=") for row in read_table("people_role_parts.tsv") if row["kind"] == kind)
    return {fold(part): fold(other) for part, _, other in rows}


@lru_cache(maxsize=16_000)
def role_entry(word: str) -> RoleWord | None:
    """Entry of a lemma, lower case and ё folded; of a compound or a feminine that of the word it is made of.

    >>> role_entry("тележурналистка").group, role_entry("режиссер-постановщик").group
    ('media', 'culture')
    """
    entries = lexicon()
    if word in entries:
        return entries[word]
    if "-" in word:
        first, _, last = word.rpartition("-")
        if first in entries and not entries[first].governs:
            return entries[first]
        return role_entry(last) if first in _parts("hyphen") or first in _parts("prefix") else None
    for length in range(2, min(_LONGEST_PREFIX, len(word) - _SHORTEST_WORD) + 1):
        if word[:length] in _parts("prefix") and (entry := role_entry(word[length:])) is not None:
            return entry
    for feminine, masculine in _parts("feminine").items() if word[-1:] in _FEMININE else ():
        if word.endswith(feminine):
            return entries.get(word.removesuffix(feminine) + masculine)
    return None


@cache
def undeclined_words() -> frozenset[str]:
    """Words of the lexicon that show no case: «врио», «замглавы»."""
    return frozenset(word for word, entry in lexicon().items() if entry.governs == "Gen")


def role_word(tokens: Columns, place: int) -> RoleWord | None:
    """Entry of a role word, None where the word is none: «министром» → state."""
    if tokens.pos[place] not in _POS:
        return None
    return role_entry(tokens.lemmas[place]) or role_entry(tokens.folded[place])


def group_of_phrase(phrase: str) -> str | None:
    """Class of the first word of the lexicon in a role phrase in the nominative, None where it has none."""
    entries = (role_entry(word) for word in fold(phrase).split())
    return next((entry.group for entry in entries if entry is not None), None)
