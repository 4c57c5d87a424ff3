"""The main word of a role: «президент» of «бывший президент Украины»."""

import re
from functools import lru_cache
from typing import NamedTuple

from svodka.stages.pymorphy import get_dictionary

_WORD = re.compile(r"(?<![\w-])(?:(?:[^\W\d_]{1,2}\.)+|[^\W\d_]+(?:[-‐‑–][^\W_]+)*)")
_MODIFIERS = frozenset({"ADJ", "DET", "NUM", "VERB"})  # a verb that has a case is a participle
_LIKELY = 0.1  # of nouns: «по» is hardly ever a name


class _Word(NamedTuple):
    """What a word can be in the nominative.

    Attributes:
        modifies: What stands before a noun.
        is_head: A noun, or a participle that stands for one: «управляющий».
        is_noun: A noun.
        is_person: A noun that means a living being.
    """

    modifies: bool
    is_head: bool
    is_noun: bool
    is_person: bool


def head_of(role: str) -> str:
    """The word that a role is headed by, lower case; "" of a role without any word.

    Roles of the tables are in the nominative, and what modifies a noun stands before it. Of several words that can be
    both, «ведущий эксперт», the last one is the noun, unless what follows is only what it governs, «исполняющий
    обязанности».

    >>> head_of("бывший президент Украины"), head_of("ведущий эксперт"), head_of("исполняющий обязанности мэра")
    ('президент', 'эксперт', 'исполняющий')
    """
    before = ""
    for found in _WORD.finditer(role.lower()):
        word = _word(found[0])
        if not word.modifies:
            is_noun = word.is_person or (word.is_noun and not (before and _word(before).is_head))
            return found[0] if is_noun or not before else before
        before = found[0]
    return before


@lru_cache(maxsize=10_000)
def _word(form: str) -> _Word:
    possible = (one for one in get_dictionary().analyses(form) if one.pos in _MODIFIERS or one.score >= _LIKELY)
    nominatives = [one for one in possible if one.features.get("Case") == "Nom"]
    kinds = {one.pos for one in nominatives}
    return _Word(
        modifies=not kinds.isdisjoint(_MODIFIERS),
        is_head=not kinds.isdisjoint({"NOUN", "VERB"}),
        is_noun="NOUN" in kinds,
        is_person=any(one.pos == "NOUN" and one.features.get("Animacy") == "Anim" for one in nominatives),
    )
