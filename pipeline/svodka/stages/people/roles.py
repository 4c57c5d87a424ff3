"""Roles of a person: the words around a name that say who it is.

Before the name: «министром иностранных дел Сергеем Лавровым»; after it, up to the end of the clause: «Карим Масимов,
председатель Комитета национальной безопасности Казахстана:». A role begins with a word of
`lexicons/people_roles.tsv`, or with adjectives that agree with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Span, Token

from svodka.stages.people.declension import read_table
from svodka.stages.people.phrase import normalize_phrase
from svodka.stages.people.spelling import fold
from svodka.stages.pymorphy import Dictionary

_LONGEST_ROLE = 16
_WEAK = frozenset({"family", "people"})
_MODIFIERS = frozenset({"ADJ", "DET", "VERB", "NUM"})
_CLAUSE_ENDS = frozenset(",:;.!?)(—–-…")
_QUOTES = frozenset("«»\"“”„'")
_OPENING = frozenset("«„“")
_INSIDE_ROLE = frozenset({"по", "в", "во", "на", "при", "с", "со", "у", "от", "из", "для", "за", "и", "№"})


@dataclass(frozen=True, slots=True)
class Role:
    """A role phrase tied to a name.

    Attributes:
        start: First token.
        end: One past the last token.
        text: The phrase in the nominative.
        organization: The organisation in it, nominative.
        weak: Whether it only says who somebody is (жена, житель), so that an office comes first.
        rule: before or after.
    """

    start: int
    end: int
    text: str
    organization: str | None
    weak: bool
    rule: str


@cache
def _classes() -> dict[str, str]:
    return {fold(row["role"]): row["class"] for row in read_table("people_roles.tsv")}


def role_class(token: Token) -> str | None:
    """Class of a role word, None where the word is none: «министром» → state."""
    if token.pos_ not in ("NOUN", "PROPN", "ADJ", "VERB"):
        return None
    classes = _classes()
    return classes.get(token.lemma_) or classes.get(fold(token.text))


def find_role(doc: Doc, start: int, end: int, dictionary: Dictionary) -> Role | None:
    """The role that the words around a name give, the one after it first.

    Args:
        doc: Document with parts of speech, features and entities.
        start: First token of the name.
        end: One past its last token.
        dictionary: The pymorphy adapter.
    """
    found = [role for role in (_after(doc, start, end, dictionary), _before(doc, start, dictionary)) if role]
    strong = [role for role in found if not role.weak]
    return next(iter(strong or found), None)


def _case(token: Token) -> str:
    return next(iter(token.morph.get("Case", [])), "")


def _before(doc: Doc, start: int, dictionary: Dictionary) -> Role | None:
    name_case = _case(doc[start])
    sentence_start = doc[start].sent.start
    head = None
    place = start - 1
    while place >= max(sentence_start, start - _LONGEST_ROLE):
        token = doc[place]
        if token.pos_ in ("PUNCT", "SYM") and token.text not in _QUOTES:
            break
        if token.pos_ in ("VERB", "AUX", "PRON", "SCONJ", "PART") and not _case(token):
            break
        if token.pos_ == "ADP" and not _inside_role(token):
            break
        if role_class(token) and _agrees(_case(token), name_case) and token.pos_ in ("NOUN", "PROPN"):
            head = place
        elif place == start - 1 and token.pos_ == "ADP":
            break
        place -= 1
    if head is None:
        return None
    first = _first_modifier(doc, head, sentence_start)
    return _role(doc, first, start, head, "before", dictionary)


def _inside_role(preposition: Token) -> bool:
    """Whether a preposition can stand inside a role: «представитель в ООН», «министр по делам»."""
    return preposition.lower_ in _INSIDE_ROLE


def _agrees(case: str, name_case: str) -> bool:
    return case == name_case or {case, name_case} == {"Gen", "Acc"}


def _first_modifier(doc: Doc, head: int, limit: int) -> int:
    first = head
    case = _case(doc[head])
    while first > limit:
        token = doc[first - 1]
        if token.pos_ not in _MODIFIERS or not _agrees(_case(token), case) or "Poss=Yes" in str(token.morph):
            break
        if token.pos_ == "DET" or (token.pos_ == "VERB" and "Part" not in token.morph.get("VerbForm", [])):
            break
        first -= 1
    return first


def _after(doc: Doc, start: int, end: int, dictionary: Dictionary) -> Role | None:
    sentence_end = doc[end - 1].sent.end
    if end + 1 >= sentence_end or doc[end].text not in (",", "(", "—", "–", "-"):
        return None
    opening = doc[end].text
    first = end + 1
    head = first
    while head < sentence_end and doc[head].pos_ in _MODIFIERS and not role_class(doc[head]):
        head += 1
    if head >= sentence_end or not role_class(doc[head]) or not _agrees_after(doc, start, head, opening):
        return None
    last = head + 1
    while last < sentence_end and last - head < _LONGEST_ROLE:
        token = doc[last]
        if token.is_space or token.text in _CLAUSE_ENDS or (token.pos_ == "PUNCT" and token.text not in _QUOTES):
            break
        if token.pos_ in ("VERB", "AUX", "PRON", "SCONJ") and not _case(token):
            return None  # «…, министр ответил»: the word is the subject of its own clause
        last += 1
    while last > head + 1 and (doc[last - 1].text in _OPENING or doc[last - 1].pos_ == "CCONJ"):
        last -= 1
    return _role(doc, first, last, head, "after", dictionary)


def _agrees_after(doc: Doc, start: int, head: int, opening: str) -> bool:
    if opening in "—–-" and _case(doc[head]) != "Nom":
        return False
    return _case(doc[head]) == "Nom" or _agrees(_case(doc[head]), _case(doc[start]))


def _role(doc: Doc, first: int, last: int, head: int, rule: str, dictionary: Dictionary) -> Role:
    kind = role_class(doc[head])
    return Role(
        start=first,
        end=last,
        text=normalize_phrase(doc[first:last], dictionary),
        organization=_organization(doc, head, last, doc.ents, dictionary),
        weak=kind in _WEAK,
        rule=rule,
    )


def _organization(doc: Doc, head: int, last: int, ents: Sequence[Span], dictionary: Dictionary) -> str | None:
    for ent in ents:
        if ent.label_ == "ORG" and head < ent.start and ent.end <= last:
            return normalize_phrase(doc[ent.start : last], dictionary)
    return None
