"""Roles without a name that the text has tied to one person: «министр добавил», after «министр обороны Иван Орлов».

Only a phrase that says nothing more than the role of exactly one person is taken: precision before recall.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from svodka.stages.columns import Columns, fold
from svodka.stages.people.declension import read_table
from svodka.stages.people.roles import role_word
from svodka.stages.people.tokens import case_of, is_plural

_WEAK = frozenset({"family", "people"})
_PHRASE = frozenset({"ADJ", "NOUN", "PROPN"})


@cache
def _offices() -> frozenset[str]:
    return frozenset(row["noun"] for row in read_table("people_offices.tsv"))


def find_role_mentions(
    tokens: Columns, roles: Mapping[int, Sequence[tuple[int, int]]], names: Sequence[int]
) -> list[tuple[int, int, int]]:
    """Phrases that stand for a person by the role alone.

    Args:
        tokens: The tokens of a document with sentences, parts of speech, features and lemmas.
        roles: Token spans of the roles that the text gives beside the names of each person, by person.
        names: For each token the number of the name it belongs to, from 1, or 0.

    Returns:
        (first token, one past the last, person) of each phrase, in reading order.
    """
    lemmas = tokens.lemmas
    known: dict[str, dict[int, tuple[set[str], int]]] = {}
    taken: set[int] = set()
    for person, spans in roles.items():
        for start, end in spans:
            taken.update(range(start, end))
            head = next((place for place in range(start, end) if _is_head(tokens, place)), None)
            if head is not None:
                of_head = known.setdefault(lemmas[head], {})
                words, first = of_head.get(person, (set(), start))
                of_head[person] = (words | _words(tokens, start, end), min(first, start))
    if not known:
        return []
    found: list[tuple[int, int, int]] = []
    for place in [place for place, lemma in enumerate(lemmas) if lemma in known]:
        if place in taken or names[place] or not _is_head(tokens, place):
            continue
        start, end = _phrase(tokens, place, names)
        if _is_office(tokens, start):
            continue
        words, of_lemma = _words(tokens, start, end), known[lemmas[place]]
        persons = [person for person, (of_role, _) in of_lemma.items() if words <= of_role]
        bare_elsewhere = len(words) == 1 and len(of_lemma) > 1
        if len(persons) == 1 and not bare_elsewhere and of_lemma[persons[0]][1] < start:
            found.append((start, end, persons[0]))
    return found


def _is_head(tokens: Columns, place: int) -> bool:
    entry = role_word(tokens, place) if tokens.pos[place] in ("NOUN", "PROPN") else None
    return entry is not None and entry.group not in _WEAK and not is_plural(tokens, place)


def _words(tokens: Columns, start: int, end: int) -> set[str]:
    return {fold(tokens.lemmas[place]) for place in range(start, end) if _continues(tokens, place)}


def _phrase(tokens: Columns, head: int, names: Sequence[int]) -> tuple[int, int]:
    """The head with the adjectives before it and the genitives after it."""
    first, last = tokens.sentences[tokens.sentence_of[head]]
    start, end = head, head + 1
    while start > first and tokens.pos[start - 1] == "ADJ" and case_of(tokens, start - 1) == case_of(tokens, head):
        start -= 1
    while end < last and _continues(tokens, end) and (case_of(tokens, end) in ("Gen", "") or names[end]):
        end += 1
    return start, end


def _continues(tokens: Columns, place: int) -> bool:
    """Whether a word can go on a role phrase: a noun, an adjective, a participle («Соединённых Штатов»)."""
    pos = tokens.pos[place]
    return pos in _PHRASE or (pos == "VERB" and bool(case_of(tokens, place)))


def _is_office(tokens: Columns, start: int) -> bool:
    """Whether the word before the phrase makes it an office: «выборы президента», «в качестве вице-президента»."""
    return start > 0 and tokens.lemmas[start - 1] in _offices()
