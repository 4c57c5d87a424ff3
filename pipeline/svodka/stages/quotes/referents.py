"""Whom a pronoun or a role noun means: «он», «министр», «глава ведомства», «собеседник агентства»."""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property

from svodka.records import Entity
from svodka.stages.columns import fold
from svodka.stages.quotes.cues import Lexicon, closed_class
from svodka.stages.quotes.phrases import noun_kind
from svodka.stages.quotes.view import Span, View

MALE = frozenset(("он", "его", "него", "тот", "ему", "им"))
FEMALE = frozenset(("она", "ее", "нее", "та", "ней", "ей"))
PLURAL = frozenset(("они", "их", "них", "те"))
PRONOUNS = MALE | FEMALE | PLURAL
_OFFICE = closed_class("office")
_OFFICES = sorted(_OFFICE)  # a set of strings has another order in each process
_INDEFINITE = closed_class("indefinite")
_STEM = 5
_EMPTY = frozenset(("нынеш", "бывши", "росси", "экс", "сам", "этот"))
# stems of what somebody heads, and the title of who heads it
_TITLES = (
    ("госуд", "президент"),
    ("госуд", "король"),
    ("прави", "премьер"),
    ("внешн", "иностран"),
    ("внешн", "мид"),
    ("военн", "оборон"),
)
_SENTENCES_BACK = 8
_MAX_CANDIDATES = 40


@dataclass(frozen=True, slots=True)
class Speaker:
    """A source resolved in its document.

    Attributes:
        name: Canonical name; None where the text does not tell.
        kind: person, organization, group, document or unknown.
        entity: Position in the document's entities.
        mention: Tokens [first, last) that name it.
        role: Role of a person.
        gender: Masc or Fem, where known.
    """

    name: str | None
    kind: str = "unknown"
    entity: int | None = None
    mention: Span | None = None
    role: str | None = None
    gender: str | None = None


def person_of(number: int, entity: Entity, mention: Span | None) -> Speaker:
    """The speaker that an entity is."""
    return Speaker(entity.name, "person", number, mention, entity.role, entity.gender)


class Referents:
    """The people of a document and who spoke last.

    Args:
        view: The document.
        lexicon: The lexicon.
    """

    def __init__(self, view: View, lexicon: Lexicon) -> None:
        self.view = view
        self.lexicon = lexicon
        self.history: list[tuple[int, Speaker]] = []
        self._places = [mention.start for mention in view.mentions]

    @cached_property
    def _by_role(self) -> dict[str, list[int]]:
        """Persons by the words of their roles."""
        by_role: dict[str, list[int]] = defaultdict(list)
        for number, entity in enumerate(self.view.entities):
            if entity.label == "PER" and entity.role:
                role = fold(entity.role)
                for word in {*role.replace("-", " ").split(), *role.split()}:
                    by_role[word].append(number)
        return by_role

    @cached_property
    def _mentions_of(self) -> dict[int, list[int]]:
        """Offsets of the mentions of each entity."""
        mentions_of: dict[int, list[int]] = defaultdict(list)
        for mention in self.view.mentions:
            if mention.entity is not None:
                mentions_of[mention.entity].append(mention.start)
        return mentions_of

    def sentence(self, place: int) -> int:
        """Number of the sentence of an offset."""
        return self.view.sentence_number(min(self.view.token_at(place), self.view.size - 1))

    def role(self, head: int, span: Span, place: int, gender: str | None, *, strict: bool) -> Speaker | None:
        """The person that a role phrase means; None where it introduces somebody new.

        Candidates are weighed: the same word in their role, an office of the same sort, words that the phrase shares
        with their role and organisation, nearness, and whether they spoke last.

        Args:
            head: Head of the phrase.
            span: Its tokens.
            place: Offset of the cue.
            gender: What the verb shows.
            strict: Whether only those count whose role has the word itself.
        """
        view = self.view
        kind = noun_kind(view, head, self.lexicon)
        if view.feature(head, "Number") == "Plur" or view.lemmas[span[0]] in _INDEFINITE:
            return None
        if kind not in ("role", "generic", "separate", "anonymous") and view.feature(head, "Animacy") != "Anim":
            return None
        if kind in ("person", "anonymous") or (kind is None and span[1] - span[0] > 2):
            strict = True
        described = self._description(head, span)
        best: tuple[float, int, Entity] | None = None
        for number in self._candidates(view.lemmas[head], place):
            entity = view.entities[number]
            if not fits(entity.gender, gender):
                continue
            score = self._role_score(number, entity, view.lemmas[head], described, place, strict)
            if score is not None and (best is None or score > best[0]):
                best = score, number, entity
        if best is not None and best[0] >= (1.5 if not described else 1.8):
            return person_of(best[1], best[2], span)
        if not strict and not described and kind != "separate":
            near = self.person_before(place, gender)
            return replace(near, mention=span) if near is not None else None
        return None

    def _candidates(self, lemma: str, place: int) -> set[int]:
        """Entities whose role has the word, or is an office where it is one, and the people named of late."""
        found = set(self._by_role.get(lemma, ())[:_MAX_CANDIDATES])
        if lemma in _OFFICE:
            found.update(number for word in _OFFICES for number in self._by_role.get(word, ())[:_MAX_CANDIDATES])
        last = bisect_left(self._places, place)
        for mention in self.view.mentions[max(last - _MAX_CANDIDATES, 0) : last]:
            if mention.label == "PER" and mention.entity is not None:
                found.add(mention.entity)
        found.update(speaker.entity for _, speaker in self.history[-3:] if speaker.entity is not None)
        return {number for number in found if self.view.entities[number].label == "PER"}

    def _description(self, head: int, span: Span) -> set[str]:
        """Stems of the words that tell which office it is: «связи» and «минсв» of «глава Минсвязи»."""
        view = self.view
        stems: set[str] = set()
        for index in range(*span):
            lemma = view.lemmas[index]
            if index == head or view.pos[index] not in ("NOUN", "PROPN", "ADJ", "X") or lemma[0].isdigit():
                continue
            stems.add(lemma[:_STEM])
            if lemma.startswith("мин") and len(lemma) > 6:
                stems.add(lemma[3:][:_STEM])
        return stems - _EMPTY

    def _role_score(
        self, number: int, entity: Entity, lemma: str, described: set[str], place: int, strict: bool
    ) -> float | None:
        role = fold(entity.role or "")
        words = role.replace("-", " ").split()
        same = lemma in words or lemma in role.split()
        if strict and not same:
            return None
        score = 3.0 if same else 0.0
        if not same and lemma in _OFFICE and any(word in _OFFICE for word in words):
            score = 2.0
        elif not same and role and lemma in _OFFICE:
            score = -1.0
        stranger = False
        if described:
            known = {word.strip('«»"()')[:_STEM] for word in (*words, *fold(entity.organization or "").split())}
            shared = len(described & known) + any(stem in initials_of(role) for stem in described if len(stem) > 2)
            shared += any(stem in described and office in role for stem, office in _TITLES)
            score += min(1.5 * shared, 3.0) if shared else (-0.5 if same else -1.5)
            stranger = not shared and not same and bool(role)
        last = self.history[-1] if self.history else None
        if last is not None and last[1].entity == number:
            late = max(0.0, 2.5 - 0.4 * (self.sentence(place) - self.sentence(last[0])))
            score += 0.4 * late if stranger else late
        before = self._mentions_of[number][: bisect_left(self._mentions_of[number], place)]
        if not before:
            return score - 1.0
        return score - min(0.15 * (self.sentence(place) - self.sentence(before[-1])), 1.5)

    def same_kind(self, place: int) -> Speaker | None:
        """The unnamed source that spoke before, else whoever did: «собеседник агентства»."""
        for before, speaker in reversed(self.history[-_MAX_CANDIDATES:]):
            if before < place and speaker.kind == "person" and speaker.entity is None:
                return speaker
        people = (speaker for before, speaker in reversed(self.history) if before < place and speaker.kind == "person")
        return next(people, None)

    def person_before(self, place: int, gender: str | None) -> Speaker | None:
        """The person that a pronoun means: a late speaker or a late subject that agrees."""
        view = self.view
        sentence = self.sentence(place)
        best: tuple[float, Speaker] | None = None
        for before, speaker in reversed(self.history[-12:]):
            if before >= place or speaker.kind != "person" or not fits(speaker.gender, gender):
                continue
            score = 2.8 - 0.6 * (sentence - self.sentence(before))
            if best is None or score > best[0]:
                best = score, speaker
        for number in range(bisect_left(self._places, place) - 1, -1, -1):
            mention = view.mentions[number]
            if mention.label != "PER" or mention.entity is None:
                continue
            first = view.token_at(mention.start)
            back = sentence - view.sentence_number(first)
            if back > _SENTENCES_BACK:
                break
            entity = view.entities[mention.entity]
            if not fits(entity.gender, gender):
                continue
            score = (2.5 if self._is_subject(first) else 0.0) - 0.8 * back
            if best is None or score > best[0]:
                best = score, person_of(mention.entity, entity, None)
        return best[1] if best is not None else None

    def _is_subject(self, first: int) -> bool:
        view = self.view
        dep, head = view.deps[first], view.heads[first]
        if dep in ("appos", "flat:name", "conj"):
            dep = view.deps[head]
        return dep.startswith("nsubj")

    def plural_subject(self, place: int) -> int | None:
        """Head of the last plural or coordinated subject in the two sentences before a place."""
        view = self.view
        number = self.sentence(place)
        for back in range(3):
            if number - back < 0:
                break
            start, end = view.sentences[number - back]
            for index in range(start, end):
                if view.starts[index] >= place:
                    break
                if not view.deps[index].startswith("nsubj") or view.pos[index] not in ("NOUN", "PROPN"):
                    continue
                several = any(view.deps[child] == "conj" for child in view.children(index))
                if (
                    view.feature(index, "Number") == "Plur"
                    or several
                    or (view.feature(view.heads[index], "Number") == "Plur")
                ):
                    return index
        return None


def initials_of(text: str) -> str:
    """Initial letters of the words: «всероссийской федерации легкой атлетики» → «вфла»."""
    return "".join(word[0] for word in text.split())


def fits(known: str | None, wanted: str | None) -> bool:
    """Whether two genders may be of one person."""
    return known is None or wanted not in ("Masc", "Fem") or known == wanted
