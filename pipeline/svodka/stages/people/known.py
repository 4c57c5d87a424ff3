"""What a document has told of its entities, for those who look for what refers to them."""

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from svodka.stages.columns import Columns, fold
from svodka.stages.people.declension import read_table
from svodka.stages.people.role_words import role_word
from svodka.stages.people.synonyms import countries
from svodka.stages.people.tokens import is_plural

Span = tuple[int, int]

_NO_MARKS = str.maketrans("", "", "«»\"“”„'(),.")
_OPENING = frozenset("«„“\"'(")
_MINISTRIES = ("мин", "мид")
# Sentences back that an entity can be taken up from.
_FARTHEST = 8
# What a mention is worth, and how many count.
_TOLD, _MOST_TOLD = 0.3, 6
# Nobody has told what it is.
UNKNOWN = "@unknown"


@dataclass(slots=True)
class Known:
    """An entity and what it was called.

    Attributes:
        group: Its number.
        label: PER, ORG or LOC.
        names: Token spans of its names, in order.
        name: Its canonical name.
        gender: Masc or Fem of a person, None where that is unknown.
        roles: Token spans of the roles beside a person's names, in order.
        called: Words of its roles, or heads of its names; a class of people_roles.tsv has @ before it.
        places: First tokens of all its mentions so far, rising.
    """

    group: int
    label: str
    names: Sequence[Span]
    name: str = ""
    gender: str | None = None
    roles: Sequence[Span] = ()
    called: frozenset[str] = frozenset()
    places: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.places = [start for start, _ in self.names]

    def add(self, place: int) -> None:
        """Take in a mention."""
        insort(self.places, place)

    def told_before(self, place: int) -> int:
        """How many mentions it has before a token."""
        return bisect_left(self.places, place)


def likeliest(tokens: Columns, fitting: Sequence[Known], place: int, lead: float) -> Known | None:
    """The entity that was named last and most before a token, None where another comes near it.

    Args:
        tokens: The tokens of a document.
        fitting: The entities to choose from.
        place: The token.
        lead: By how many points it must be ahead: a sentence nearer is a point, a mention more a part of one.
    """
    sentence = tokens.sentence_of[place]
    ranked: list[tuple[float, int, Known]] = []
    for one in fitting:
        told = one.told_before(place)
        if told:
            back = sentence - tokens.sentence_of[one.places[told - 1]]
            if back <= _FARTHEST:
                ranked.append((_TOLD * min(told, _MOST_TOLD) - back, -one.group, one))
    if not ranked:
        return None
    ranked.sort(reverse=True)
    clear = len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= lead
    return ranked[0][2] if clear else None


# ---- what entities are called


def calls_of_person(tokens: Columns, roles: Sequence[Span]) -> Iterator[str]:
    """The role words of a person, and their classes: министр, @state."""
    lemmas = tokens.lemmas
    for start, end in roles:
        for place in range(start, end):
            entry = role_word(tokens, place)
            if entry is not None:
                yield fold(lemmas[place])
                yield f"@{entry.group}"
                if lemmas[place] == "глава" and any(word.startswith(_MINISTRIES) for word in lemmas[place + 1 : end]):
                    yield "министр"
                break


@cache
def _bodies() -> dict[str, dict[str, str]]:
    bodies: dict[str, dict[str, str]] = {"word": {}, "prefix": {}, "suffix": {}}
    for row in read_table("people_bodies.tsv"):
        bodies[row["match"]][row["key"]] = row["called"]
    return bodies


@cache
def _called(word: str) -> str | None:
    bodies = _bodies()
    if word in bodies["word"]:
        return bodies["word"][word]
    for prefix, called in bodies["prefix"].items():
        if word.startswith(prefix) and len(word) > len(prefix) + 2:
            return called
    return next((called for suffix, called in bodies["suffix"].items() if word.endswith(suffix)), None)


def calls_of_body(tokens: Columns, body: Known, nouns: frozenset[str]) -> set[str]:
    """What an organisation is, by its names and the nouns before them; `UNKNOWN` where neither tells.

    Args:
        tokens: The tokens of a document.
        body: The organisation.
        nouns: The nouns that can tell.
    """
    lemmas = tokens.lemmas
    words = fold(body.name).translate(_NO_MARKS).split()
    noun = next((word for word in words if word in nouns), None)
    noun = noun or next(filter(None, map(_called, words)), None)
    called = {noun} if noun else set()
    for start, _ in body.names:
        before = start - 1
        quoted = before >= 0 and tokens.words[before] in _OPENING
        before -= quoted
        if before >= 0 and lemmas[before] in nouns and not is_plural(tokens, before):
            case, of_noun = tokens.features[start].get("Case"), tokens.features[before].get("Case")
            if quoted or not case or case == "Nom" or case == of_noun != "Gen":
                called.add(lemmas[before])
    return called or {UNKNOWN}


@cache
def _republics() -> frozenset[str]:
    return frozenset(row["name"] for row in read_table("people_republics.tsv"))


def calls_of_place(tokens: Columns, place: Known) -> set[str]:
    """What a place is: a country, a republic, or what its name or the noun before it says."""
    name = fold(place.name)
    called = {kind for kind, names in (("country", countries()), ("republic", _republics())) if name in names}
    for start, end in place.names:
        called.update(tokens.lemmas[start:end])
        if start and not is_plural(tokens, start - 1):
            called.add(tokens.lemmas[start - 1])
    return called
