"""Organisations named by what they are and whose: «ГУ МВД России», «правительство Сербии», «чешская полиция».

The entity model marks «МВД» and «России» apart and leaves «правительство» out. Here the name reaches over what it
belongs to, and `lexicons/people_institutions.tsv` tells the nouns that make a name with a place or an organisation. The
places and organisations inside stay names of their own.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from svodka.stages.columns import Columns, fold
from svodka.stages.people.declension import read_table
from svodka.stages.people.found import Found
from svodka.stages.people.synonyms import countries
from svodka.stages.people.tokens import case_of, places_of

_OWNERS = frozenset({"LOC", "ORG"})
_PLACE = frozenset({"LOC"})
_ORGANIZATION = frozenset({"ORG"})
_HEADS = frozenset({"NOUN", "PROPN"})
_MODIFIERS = frozenset({"ADJ", "VERB"})
# The tagger gives acronyms and foreign names no case.
_OWNED = frozenset({"Gen", ""})
_LONGEST_COMPLEMENT = 8
_COMPLEMENT = frozenset({"NOUN", "PROPN", "ADJ", "VERB"})
_QUOTES = {"«": "»", "“": "”", "„": "“", '"': '"'}
# They stand between an institution and the name of its place, which then has any case: «суда штата Массачусетс».
_PLACES = frozenset(
    {"штат", "город", "район", "область", "край", "округ", "республика", "провинция", "поселок", "село"}
)


class _Institution(NamedTuple):
    """An entry of the lexicon: what can own it, and what else belongs to its name."""

    owner: str
    adjective: bool
    complement: bool
    number: str
    tail: str

    def owners(self, *, told: bool) -> frozenset[str]:
        """Labels of what can own it, where an adjective or noun tells of which kind it is or none does."""
        if self.owner == "told":
            return _OWNERS if told else _ORGANIZATION
        return {"place": _PLACE, "organization": _ORGANIZATION, "any": _OWNERS}[self.owner]


@cache
def _institutions() -> dict[str, _Institution]:
    return {
        row["noun"]: _Institution(
            row["owner"],
            row["adjective"] == "yes",
            row["complement"] == "yes",
            row["number"],
            row["tail"],
        )
        for row in read_table("people_institutions.tsv")
    }


# What the entity model takes for an organisation can have a region: «МВД по Чечне».
_OTHER = _Institution("any", adjective=False, complement=False, number="", tail="по")


@cache
def place_adjectives() -> dict[str, str]:
    """Adjectives of places, and the places in the genitive: «чешский», «Чехии»."""
    return {row["adjective"]: row["genitive"] for row in read_table("people_place_adjectives.tsv")}


@cache
def _passing_adjectives() -> frozenset[str]:
    return frozenset(row["adjective"] for row in read_table("people_passing_adjectives.tsv"))


def is_institution(lemma: str) -> bool:
    """Whether a noun names an organisation when it has an owner: «правительство»."""
    return lemma in _institutions()


@cache
def _syllabic() -> re.Pattern[str]:
    syllables = {row["part"]: row["syllables"].replace(" ", "|") for row in read_table("people_syllables.tsv")}
    return re.compile(rf"(?:{syllables['beginning']})[а-я]{{0,9}}?(?:{syllables['ending']})[а-я]{{0,3}}")


@lru_cache(maxsize=5_000)
def is_syllabic(word: str) -> bool:
    """Whether a word is put together of syllables as the names of bodies are: «Роскомстатом», «Генштаба»."""
    return word[:1].isupper() and _syllabic().fullmatch(fold(word)) is not None


def with_owners(tokens: Columns, names: Sequence[Found]) -> list[Found]:
    """The names, with organisations that reach over their owners.

    Args:
        tokens: The tokens of a document.
        names: Its names in reading order, none overlapping another.

    Returns:
        Names in reading order, the longer first where two begin together; a name inside another is whole in it.
    """
    lexicon = _institutions()
    joiner = _Joiner(tokens, names)
    organizations = [name.start for name in names if name.label == "ORG"]
    heads = [place for place in places_of(tokens.lemmas, lexicon.keys()) if place not in joiner.inside]
    for place in sorted([*organizations, *heads], reverse=True):  # from its end: «пресс-служба ГУ МВД России»
        joiner.join(place)
    return sorted(joiner.names.values(), key=lambda name: (name.start, -name.end))


class _Joiner:
    """Makes organisations reach over their owners, one after another.

    Attributes:
        tokens: The tokens of a document.
        names: Its names so far, by their first token.
        inside: The tokens that are part of a name of the entity model.
    """

    def __init__(self, tokens: Columns, names: Sequence[Found]) -> None:
        self.tokens = tokens
        self.names = {name.start: name for name in names}
        self.inside = {place for name in names for place in range(name.start, name.end)}
        self._without_tail: dict[int, Found] = {}

    def join(self, place: int) -> None:
        """Add what belongs to the organisation, or to the noun that may name one, that begins at this token."""
        name = self.names.get(place)
        found = self._institution(place) if name is None else self._longer(name)
        if found is not None:
            self.names.pop(place, None)
            self.names[found.start] = found

    def _with_tail(self, start: int, end: int, entry: _Institution, rule: str) -> Found:
        """The organisation [start, end) with its region, seat or business, which an organisation in it then has not.

        «ГУ МВД России по Москве» is the one of Moscow, not «МВД России».
        """
        last = self._end_of_tail(end, entry)
        if entry.tail == "по" and entry is not _OTHER:
            for place in range(start + 1, end):
                if place in self._without_tail:
                    self.names[place] = self._without_tail[place]
        if last > end:
            self._without_tail[start] = Found(start, end, "ORG", rule)
        return Found(start, last, "ORG", rule)

    def _longer(self, name: Found) -> Found | None:
        """A name of the entity model with its owner, region and the adjective before it; None where it has none."""
        tokens = self.tokens
        head = next((place for place in range(name.start, name.end) if tokens.pos[place] in _HEADS), name.start)
        entry = _institutions().get(tokens.lemmas[head], _OTHER)
        owners = _OWNERS if tokens.words[name.end - 1][-1].isalnum() else _PLACE  # «АО «Звезда» МВД» are two
        end = self._end_of_owner(name.end, owners, in_quotes=False)
        start = self._first_adjective(head, case_of(tokens, head)) if entry.adjective and head == name.start else head
        start = start if self._has_place(start, head) else name.start
        found = self._with_tail(start, end, entry, "name-owner")
        return found if found[:2] != name[:2] else None

    def _institution(self, head: int) -> Found | None:
        """The organisation that a noun of the lexicon makes with its owner or the adjective of its place."""
        tokens, entry = self.tokens, _institutions()[self.tokens.lemmas[head]]
        features = tokens.features[head]
        if tokens.pos[head] not in _HEADS or features.get("Number", entry.number) != entry.number:
            return None
        start = self._first_adjective(head, features.get("Case", ""))
        complement = self._end_of_complement(head + 1) if entry.complement else head + 1
        owners = entry.owners(told=start < head or complement > head + 1)
        end = self._end_of_owner(complement, owners, in_quotes=True)
        if end == complement and not (entry.adjective and self._has_place(start, head)):
            return None
        return self._with_tail(start, end, entry, "name-institution")

    def _end_of_owner(self, end: int, labels: frozenset[str], *, in_quotes: bool) -> int:
        """One past the owner in the genitive that follows, perhaps in quotation marks; `end` where none does."""
        tokens, names = self.tokens, self.names
        if end + 1 >= len(tokens):
            return names[end].end if self._is_owner(end, labels) else end
        is_place = tokens.lemmas[end] in _PLACES and case_of(tokens, end) == "Gen"
        for place, kind in ((end, tokens.lemmas[end - 1] in _PLACES), (end + 1, is_place)):
            if kind and place in names and names[place].label == "LOC":
                return names[place].end
        if self._is_owner(end, labels):
            of_place = names[end].label == "LOC"  # «администрация Советского района Омска»
            return self._end_of_owner(names[end].end, _PLACE, in_quotes=False) if of_place else names[end].end
        closing = _QUOTES.get(tokens.words[end])
        if in_quotes and closing and self._is_owner(end + 1, labels):
            last = names[end + 1].end
            return last + (tokens.words[last : last + 1] == [closing])
        return end

    def _is_owner(self, place: int, labels: frozenset[str]) -> bool:
        """Whether a name in the genitive begins here, in the sentence of the token before."""
        tokens, name = self.tokens, self.names.get(place)
        if name is None or name.label not in labels or case_of(tokens, place) not in _OWNED:
            return False
        foreign = name.label == "ORG" and tokens.words[place].isascii() and not tokens.words[place - 1].islower()
        return not foreign and tokens.sentence_of[place] == tokens.sentence_of[place - 1]

    def _end_of_tail(self, end: int, entry: _Institution) -> int:
        """One past the region, seat or business: «МВД по Чечне», «посольство Чехии в Москве», «… по обороне»."""
        tokens, names = self.tokens, self.names
        if tokens.lowers[end : end + 1] != [entry.tail]:
            return end
        region = names.get(end + 1)
        if region is not None and region.label == "LOC":
            if entry is _OTHER and tokens.lemmas[end + 1] in countries():
                return end  # «резолюция ООН по Ираку»
            return self._end_of_owner(region.end, _PLACE, in_quotes=False)
        if entry is _OTHER or entry.tail != "по" or case_of(tokens, end + 1) != "Dat":
            return end
        return self._end_of_nouns(end + 1, frozenset({"Dat", "Gen"}))

    def _first_adjective(self, head: int, case: str) -> int:
        """First of the adjectives before a noun that agree with it and can be part of its name."""
        tokens, passing, first = self.tokens, _passing_adjectives(), head
        while (
            first > 0
            and tokens.pos[first - 1] in _MODIFIERS
            and first - 1 not in self.inside
            and case
            and case_of(tokens, first - 1) == case
            and tokens.lemmas[first - 1] not in passing
            and not tokens.words[first - 1][0].isdigit()
        ):
            first -= 1
        return first

    def _has_place(self, start: int, head: int) -> bool:
        adjectives = place_adjectives()
        return any(self.tokens.lemmas[place] in adjectives for place in range(start, head))

    def _end_of_complement(self, start: int) -> int:
        """One past the nouns in the genitive after a noun, names left out: «министерство науки и образования»."""
        return self._end_of_nouns(start, frozenset({"Gen"}))

    def _end_of_nouns(self, start: int, cases: frozenset[str]) -> int:
        """One past the nouns and adjectives in these cases; what stands between two with «и» is one of them."""
        tokens, end = self.tokens, start
        last = min(tokens.sentences[tokens.sentence_of[start - 1]][1], start + _LONGEST_COMPLEMENT)
        while end < last and end not in self.names:
            joined = end > start and tokens.lowers[end] == "и" and end + 1 < last and end + 1 not in self.names
            place = end + joined
            if tokens.pos[place] not in _COMPLEMENT or case_of(tokens, place) not in cases:
                break
            end = place + 1
        return end
