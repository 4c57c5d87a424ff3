"""Roles without a name that the text has tied to one person: «министр добавил», after «министр обороны Иван Орлов».

Only a phrase that says nothing more than the role of one person is taken: precision before recall.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import takewhile
from typing import NamedTuple

from svodka.stages.columns import Columns, fold
from svodka.stages.people.known import Known, likeliest
from svodka.stages.people.noun_phrases import precedes_name, says_what
from svodka.stages.people.role_words import role_word
from svodka.stages.people.tokens import ANIMATE, case_of, is_plural, places_of

_WEAK = frozenset({"family", "people"})
_PHRASE = frozenset({"ADJ", "NOUN", "PROPN"})
# Of several persons with the role the one named last and most is meant, if clearly so.
_LEAD = 1.0
_NATIONAL = ("ский", "цкий")
_SHORTEST_STEM = 4


class Reference(NamedTuple):
    """A phrase tied to an entity.

    Attributes:
        start: First token.
        end: One past the last token.
        group: Number of the entity.
        rule: Id of the rule.
    """

    start: int
    end: int
    group: int
    rule: str


class _Holder(NamedTuple):
    """A person who has a role: the words of all his roles with one head, and where the first of them stands."""

    person: Known
    words: set[str]
    first: int


def find_role_mentions(
    tokens: Columns, people: Iterable[Known], groups: Sequence[int], titles: AbstractSet[int]
) -> list[Reference]:
    """Phrases that stand for a person by the role alone; the persons learn of them.

    Args:
        tokens: The tokens of a document with sentences, parts of speech, features and lemmas.
        people: The persons, with the roles that the text gives beside their names.
        groups: For each token the number of the entity that a mention names there, or -1.
        titles: Tokens of roles beside names.

    Returns:
        The phrases in reading order; their rule is role, or role.near where several persons have the role.
    """
    lemmas = tokens.lemmas
    known = _holders(tokens, people)
    if not known:
        return []
    found: list[Reference] = []
    for place in places_of(lemmas, known.keys()):
        if place in titles or groups[place] >= 0 or not _is_head(tokens, place):
            continue
        start, end = _phrase(tokens, place, groups)
        if says_what(tokens, start, place) or precedes_name(tokens, end, groups):
            continue
        words, holders = _words(tokens, start, end), known[lemmas[place]]
        fitting = [one for one in holders if one.first < start and _says(one.words, words)]
        alone = len(fitting) == 1 and (len(words) > 1 or len(holders) == 1)
        person = fitting[0].person if alone else None
        if not alone and len(fitting) == len(holders):
            person = likeliest(tokens, [one.person for one in fitting], place, _LEAD)
        if person is not None:
            found.append(Reference(start, end, person.group, "role" if alone else "role.near"))
            person.add(start)
    return found


def _holders(tokens: Columns, people: Iterable[Known]) -> dict[str, list[_Holder]]:
    """The persons who have a role, by the lemma of its head."""
    holders: dict[str, dict[int, _Holder]] = {}
    for person in people:
        for start, end in person.roles:
            head = next((place for place in range(start, end) if _is_head(tokens, place)), None)
            if head is not None:
                of_head = holders.setdefault(tokens.lemmas[head], {})
                _, words, first = of_head.get(person.group, (person, set(), start))
                of_head[person.group] = _Holder(person, words | _words(tokens, start, end), min(first, start))
    return {head: list(of_head.values()) for head, of_head in holders.items()}


def _is_head(tokens: Columns, place: int) -> bool:
    entry = role_word(tokens, place) if tokens.pos[place] in ("NOUN", "PROPN") else None
    return entry is not None and entry.group not in _WEAK and not is_plural(tokens, place)


def _words(tokens: Columns, start: int, end: int) -> set[str]:
    return {fold(tokens.lemmas[place]) for place in range(start, end) if _continues(tokens, place)}


def _says(role: AbstractSet[str], words: AbstractSet[str]) -> bool:
    """Whether a role has all words of a phrase; «иранский президент» is the «президент Ирана»."""
    return all(word in role or any(_is_national(word, other) for other in role) for word in words)


def _is_national(adjective: str, name: str) -> bool:
    if not adjective.endswith(_NATIONAL):
        return False
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(adjective, name, strict=False)))
    return shared >= _SHORTEST_STEM and shared >= len(adjective) - _SHORTEST_STEM - 1


def _phrase(tokens: Columns, head: int, groups: Sequence[int]) -> tuple[int, int]:
    """The head with the adjectives before it and the genitives after it."""
    first, last = tokens.sentences[tokens.sentence_of[head]]
    start, end = head, head + 1
    cases = ANIMATE if case_of(tokens, head) in ANIMATE else {case_of(tokens, head)}
    while start > first and tokens.pos[start - 1] == "ADJ" and case_of(tokens, start - 1) in cases:
        start -= 1
    while end < last and _continues(tokens, end) and (case_of(tokens, end) in ("Gen", "") or groups[end] >= 0):
        end += 1
    return start, end


def _continues(tokens: Columns, place: int) -> bool:
    """Whether a word can go on a role phrase: a noun, an adjective, a participle («Соединённых Штатов»)."""
    pos = tokens.pos[place]
    return pos in _PHRASE or (pos == "VERB" and bool(case_of(tokens, place)))
