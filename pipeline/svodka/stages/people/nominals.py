"""Nouns that take up a person, an organisation or a place named before: «актёр», «ведомство», «компания», «страна».

A noun means the one of those named of late whom it fits (`lexicons/people_nominals.tsv`), if it stands alone or with
«этот»: whatever else modifies it can introduce somebody new. Of several that fit the one named last and most
is meant, if clearly so.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from typing import NamedTuple

from svodka.stages.columns import Columns
from svodka.stages.people.declension import read_table
from svodka.stages.people.known import Known, calls_of_body, calls_of_person, calls_of_place, likeliest
from svodka.stages.people.noun_phrases import precedes_name, says_what
from svodka.stages.people.role_mentions import Reference
from svodka.stages.people.tokens import case_of, is_plural, places_of

# With these a noun still means what was named before.
_DEMONSTRATIVE = frozenset({"этот", "данный"})
# After these it means somebody else, or nobody.
_OTHER = frozenset({"как", "не", "другой", "один", "каждый", "любой", "свой", "наш", "ваш", "мой"})
_ADJECTIVAL = frozenset({"ADJ", "DET", "NUM"})
_MODIFIERS = frozenset({"nmod", "amod", "appos", "acl", "acl:relcl", "flat", "flat:name", "nummod"})
_MODIFIERS_REACH = 6
_LEAD = 1.0
_STRANGER_BACK = 5
_RULES = {"PER": "nominal.person", "ORG": "nominal.body", "LOC": "nominal.place"}


class _Noun(NamedTuple):
    label: str
    gender: str
    of: frozenset[str]


@cache
def _nouns() -> Mapping[str, _Noun]:
    return {
        row["noun"]: _Noun(row["label"], row["gender"].strip("-"), frozenset(row["of"].split()))
        for row in read_table("people_nominals.tsv")
    }


@cache
def _heads() -> frozenset[str]:
    return frozenset(noun.split()[0] for noun in _nouns())


@cache
def _body_nouns() -> frozenset[str]:
    return frozenset(word for noun in _nouns().values() if noun.label == "ORG" for word in noun.of)


def find_nominals(
    tokens: Columns, known: Iterable[Known], groups: Sequence[int], titles: AbstractSet[int]
) -> list[Reference]:
    """The nouns that take up an entity; the entities learn of them.

    Args:
        tokens: The tokens of a document with sentences, parts of speech, features, lemmas and relations.
        known: The entities; what each was called is read here, where a noun asks for it.
        groups: For each token the number of the entity that a mention names there, or -1.
        titles: Tokens of roles beside names.

    Returns:
        The phrases in reading order; their rule is nominal.person, nominal.body or nominal.place.
    """
    heads, lemmas, pos = _heads(), tokens.lemmas, tokens.pos
    places = places_of(lemmas, heads)
    if not places:
        return []
    found: list[Reference] = []
    strangers: dict[str, int] = {}
    called: dict[str, list[Known]] = {}
    done = 0
    for place in places:
        if (
            place < done
            or groups[place] >= 0
            or place in titles
            or pos[place] not in ("NOUN", "PROPN")
            or is_plural(tokens, place)
        ):
            continue
        lemma, noun, end = _noun_at(tokens, place)
        if noun is None:
            continue
        done = end
        start, sentence = _start(tokens, place), tokens.sentence_of[place]
        if precedes_name(tokens, end, groups):
            continue
        if start is None or _is_modified(tokens, place, end):
            strangers[lemma] = sentence
            continue
        if says_what(tokens, start, place) or sentence - strangers.get(lemma, -_STRANGER_BACK - 1) <= _STRANGER_BACK:
            continue
        if noun.label not in called:
            called[noun.label] = [_with_calls(tokens, one) for one in known if one.label == noun.label]
        fitting = [one for one in called[noun.label] if _fits(noun, one)]
        meant = likeliest(tokens, fitting, place, _LEAD)
        if meant is not None:
            found.append(Reference(start, end, meant.group, _RULES[noun.label]))
            meant.add(start)
    return found


def _with_calls(tokens: Columns, one: Known) -> Known:
    if one.label == "PER":
        one.called = frozenset(calls_of_person(tokens, one.roles))
    elif one.label == "ORG":
        one.called = frozenset(calls_of_body(tokens, one, _body_nouns()))
    else:
        one.called = frozenset(calls_of_place(tokens, one))
    return one


def _noun_at(tokens: Columns, place: int) -> tuple[str, _Noun | None, int]:
    """The entry of a noun, or of a noun and its genitive («глава государства»), and where it ends."""
    nouns, lemma = _nouns(), tokens.lemmas[place]
    if place + 1 < len(tokens):
        both = f"{lemma} {tokens.lemmas[place + 1]}"
        if both in nouns:
            return both, nouns[both], place + 2
    return lemma, nouns.get(lemma), place + 1


def _fits(noun: _Noun, one: Known) -> bool:
    agrees = not noun.gender or one.gender is None or one.gender == noun.gender
    return agrees and not noun.of.isdisjoint(one.called)


def _start(tokens: Columns, head: int) -> int | None:
    """First token of the phrase, None where something before the noun makes it mean another."""
    if head == tokens.sentences[tokens.sentence_of[head]][0]:
        return head
    before = head - 1
    lemma = tokens.lemmas[before]
    if lemma in _DEMONSTRATIVE:
        return before
    modifies = tokens.pos[before] in _ADJECTIVAL or tokens.features[before].get("VerbForm") == "Part"
    agrees = tokens.heads[before] == head or case_of(tokens, before) == case_of(tokens, head)
    return None if lemma in _OTHER or (modifies and agrees) else head


def _is_modified(tokens: Columns, head: int, end: int) -> bool:
    """Whether something after the noun belongs to it: a genitive, a phrase, a clause."""
    last = tokens.sentences[tokens.sentence_of[head]][1]
    if end < last and case_of(tokens, end) == "Gen" and tokens.pos[end] in ("NOUN", "PROPN", "ADJ"):
        return True
    heads, deps = tokens.heads, tokens.deps
    return any(
        heads[place] == head and deps[place] in _MODIFIERS for place in range(end, min(last, end + _MODIFIERS_REACH))
    )
