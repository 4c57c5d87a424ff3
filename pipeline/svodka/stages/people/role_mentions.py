"""Roles without a name that the text has tied to one person: «министр добавил», after «министр обороны Иван Орлов».

Only a phrase that says nothing more than the role of exactly one person is taken: precision before recall.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from spacy.tokens import Doc, Token

from svodka.stages.people.declension import read_table
from svodka.stages.people.roles import is_plural, role_word
from svodka.stages.people.spelling import fold

_WEAK = frozenset({"family", "people"})
_PHRASE = frozenset({"ADJ", "NOUN", "PROPN"})


@cache
def _offices() -> frozenset[str]:
    return frozenset(row["noun"] for row in read_table("people_offices.tsv"))


def find_role_mentions(
    doc: Doc, roles: Mapping[int, Sequence[tuple[int, int]]], names: Sequence[int]
) -> list[tuple[int, int, int]]:
    """Phrases that stand for a person by the role alone.

    Args:
        doc: Document with sentences, parts of speech, features and lemmas.
        roles: Token spans of the roles that the text gives beside the names of each person, by person.
        names: For each token the number of the name it belongs to, from 1, or 0.

    Returns:
        (first token, one past the last, person) of each phrase, in reading order.
    """
    known: dict[str, dict[int, tuple[set[str], int]]] = {}
    taken = [False] * len(doc)
    for person, spans in roles.items():
        for start, end in spans:
            taken[start:end] = [True] * (end - start)
            head = next((token for token in doc[start:end] if _is_head(token)), None)
            if head is not None:
                words, first = known.setdefault(head.lemma_, {}).get(person, (set(), start))
                known[head.lemma_][person] = (words | _words(doc[start:end]), min(first, start))
    found: list[tuple[int, int, int]] = []
    for token in doc if known else ():
        if token.lemma_ in known and not taken[token.i] and not names[token.i] and _is_head(token):
            start, end = _phrase(doc, token, names)
            words = _words(doc[start:end])
            persons = [person for person, (of_role, _) in known[token.lemma_].items() if words <= of_role]
            bare_elsewhere = len(words) == 1 and len(known[token.lemma_]) > 1
            if _is_office(doc, start):
                continue
            if len(persons) == 1 and not bare_elsewhere and known[token.lemma_][persons[0]][1] < start:
                found.append((start, end, persons[0]))
    return found


def _is_head(token: Token) -> bool:
    entry = role_word(token) if token.pos_ in ("NOUN", "PROPN") else None
    return entry is not None and entry.group not in _WEAK and not is_plural(token)


def _words(tokens: Iterable[Token]) -> set[str]:
    return {fold(token.lemma_) for token in tokens if _continues(token)}


def _phrase(doc: Doc, head: Token, names: Sequence[int]) -> tuple[int, int]:
    """The head with the adjectives before it and the genitives after it."""
    start, end, limit = head.i, head.i + 1, head.sent.end
    while start > head.sent.start and doc[start - 1].pos_ == "ADJ" and _case(doc[start - 1]) == _case(head):
        start -= 1
    while end < limit and _continues(doc[end]) and (_case(doc[end]) in ("Gen", "") or names[end]):
        end += 1
    return start, end


def _continues(token: Token) -> bool:
    """Whether a word can go on a role phrase: a noun, an adjective, a participle («Соединённых Штатов»)."""
    return token.pos_ in _PHRASE or (token.pos_ == "VERB" and bool(_case(token)))


def _is_office(doc: Doc, start: int) -> bool:
    """Whether the word before the phrase makes it an office: «выборы президента», «в качестве вице-президента»."""
    return start > 0 and doc[start - 1].lemma_ in _offices()


def _case(token: Token) -> str:
    return next(iter(token.morph.get("Case", [])), "")
