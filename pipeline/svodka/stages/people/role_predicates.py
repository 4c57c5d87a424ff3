"""Roles that a clause says of a person: «Орлов назначен директором», «директором стал Орлов», «занимал пост министра».

The role stands in the instrumental beside a verb of `lexicons/people_role_predicates.tsv`, or in the genitive after a
noun of office. Its person is the subject, or, of verbs of appointment in the active voice, the object.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from svodka.stages.columns import Columns
from svodka.stages.people.declension import read_table
from svodka.stages.people.role_phrase import ACTING, is_acting
from svodka.stages.people.role_words import undeclined_words
from svodka.stages.people.roles import FoundRole, RoleFinder
from svodka.stages.people.tokens import case_of, is_plural, places_of

_FARTHEST_VERB = 12
_FARTHEST_NAME = 16
_FARTHEST_SUBJECT = 40
# «отставка Орлова с поста», «Орлов на посту»: an office that somebody has or had without a verb.
_FROM_OFFICE = frozenset({"с", "со"})
_CLAUSE_ENDS = frozenset(".;:!?…()")
_DASHES = frozenset("—–-")
_AND = frozenset({"и"})
_HE = frozenset({"он", "она"})
# So many sentences after its last subject a text goes on about a person.
_LONGEST_MEMORY = 6
_RELATIVES = frozenset({"который"})
_LIST_WORDS = frozenset({"а", "затем", "потом", "позже", "также", "далее", "впоследствии"})
_SUBJECT_POS = frozenset({"NOUN", "PROPN", "PRON", "DET"})


class _Predicate(NamedTuple):
    """A verb that gives a role, its kind, and whether the person is its object."""

    place: int
    kind: str
    takes_object: bool


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(row["word"] for row in read_table("people_role_predicates.tsv") if row["kind"] == kind)


@cache
def _kinds() -> dict[str, str]:
    verbs = ("copula", "appoint", "remove", "hold")
    return {row["word"]: row["kind"] for row in read_table("people_role_predicates.tsv") if row["kind"] in verbs}


def find_predicate_roles(finder: RoleFinder, taken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, FoundRole]]:
    """Roles that predicates give to names.

    A clause without a subject of its own («Работал инженером.», «С 1992 года — директор.») or with «он» goes on about
    the only person who was a subject in one of the last sentences.

    Args:
        finder: The finder of the document.
        taken: Token spans of the roles that stand beside names.

    Yields:
        The number of the name, from 1, and the role.
    """
    tokens, names = finder.phrases.tokens, finder.phrases.names
    inside = {place for start, end in taken for place in range(start, end)}
    cues = _cues(tokens)
    topic, age, first = None, 0, 0
    for start, end in tokens.sentences:
        last = bisect_left(cues, end, first)
        places, first = cues[first:last], last
        named = any(names[start:end])
        if not named and topic is None:
            continue
        clauses = _Clauses(finder, inside, start, end, topic)
        yield from clauses.roles(places)
        age += 1
        if named:
            subjects = clauses.subjects()
            if subjects:
                topic, age = subjects[0] if len(subjects) == 1 else None, 0
        if age > _LONGEST_MEMORY:
            topic = None


def _cues(tokens: Columns) -> list[int]:
    """Places where a role can begin: instrumentals, nouns of office, undeclined role words, dashes, «и. о.»."""
    feats = {feats for feats in set(tokens.feats) if "Case=Ins" in feats}
    places = {*places_of(tokens.feats, feats), *places_of(tokens.lemmas, _cue_words())}
    if any(acting in tokens.text for acting in ACTING):
        places.update(place for place in places_of(tokens.lowers, _AND) if is_acting(tokens, place))
    return sorted(places)


@cache
def _cue_words() -> frozenset[str]:
    return _words("office") | undeclined_words() | _DASHES


class _Clauses:
    """The clauses of a sentence that has names.

    Args:
        finder: The finder of the document.
        inside: Places of the roles that stand beside names.
        start: First token of the sentence.
        end: One past its last token.
        topic: First token of the name that the text goes on about.
    """

    def __init__(self, finder: RoleFinder, inside: set[int], start: int, end: int, topic: int | None) -> None:
        self.finder, self.phrases, self.tokens = finder, finder.phrases, finder.phrases.tokens
        self.names = finder.phrases.names
        self.inside, self.start, self.end, self.topic = inside, start, end, topic

    def subjects(self) -> list[int]:
        """First tokens of the names in the nominative."""
        names, tokens = self.names, self.tokens
        return [
            place
            for place in range(self.start, self.end)
            if names[place]
            and (place == self.start or names[place - 1] != names[place])
            and case_of(tokens, place) == "Nom"
            and (place == self.start or tokens.pos[place - 1] != "ADP")
        ]

    def roles(self, places: Sequence[int]) -> Iterator[tuple[int, FoundRole]]:
        """The name and the role of each predicate that can begin at one of these places."""
        tokens, phrases = self.tokens, self.phrases
        done = self.start
        for place in places:
            if place < done or place in self.inside:
                continue
            if tokens.words[place] in _DASHES:
                yield from self._after_dash(place)
                continue
            office = tokens.lemmas[place] in _words("office")
            head = phrases.head_from(place + office, self.end)
            if head is None or head in self.inside:
                continue
            first = phrases.first_modifier(head, self.start)
            spans = self._list(first, head)
            if phrases.is_one_of(head) and not office:
                first = place
            done = spans[-1][1]
            begin = self._begin(first, head, place if office else None)
            if begin is None:
                continue
            if (owner := self._person(begin, done, office)) is not None:
                yield from ((owner, self.finder.role(*span, "predicate")) for span in spans)
            elif (topic := self._topic_of(begin, done, office)) is not None:
                yield from ((topic, self.finder.role(*span, "carried")) for span in spans)

    def _begin(self, first: int, head: int, office: int | None) -> int | None:
        """First token of the predicate, None where the role is none: an object of a preposition, «кандидат на пост»."""
        tokens = self.tokens
        if office is None:
            bare = first == self.start or tokens.pos[first - 1] != "ADP"
            declined = "Ins" in (case_of(tokens, head), case_of(tokens, first)) or self.phrases.is_undeclined(head)
            return first if bare and declined else None
        begin = office
        while begin > self.start and tokens.pos[begin - 1] in ("ADJ", "DET"):
            begin -= 1
        if begin > self.start and tokens.pos[begin - 1] == "ADP":
            begin -= 1
        of_candidate = begin > self.start and tokens.lemmas[begin - 1] in _words("candidate")
        declined = case_of(tokens, head) == "Gen" or self.phrases.is_undeclined(head)
        return begin if declined and not of_candidate else None

    def _list(self, first: int, head: int) -> list[tuple[int, int, int]]:
        """Start, end and head of the roles in one case that begin here: «инженером, дизайнером и поваром»."""
        tokens, phrases = self.tokens, self.phrases
        case, spans = case_of(tokens, head), []
        while True:
            last = phrases.end_of(head, self.end)
            spans.append((first, last, head))
            first = last
            while first < self.end and (tokens.lowers[first] in (",", "и") or tokens.lowers[first] in _LIST_WORDS):
                first += 1
            following = phrases.head_from(first, self.end) if first > last else None
            if following is None or case_of(tokens, following) != case or following in self.inside:
                return spans
            head = following

    def _after_dash(self, dash: int) -> Iterator[tuple[int, FoundRole]]:
        """The number of a name and its roles after a time and a dash: «с 1992 года — директор»."""
        tokens, names = self.tokens, self.names
        head = self.phrases.head_from(dash + 1, self.end) if dash + 1 < self.end else None
        if head is None or head in self.inside or case_of(tokens, head) != "Nom" or is_plural(tokens, head):
            return
        begin = dash
        while begin > self.start and tokens.words[begin - 1] != "," and not names[begin - 1]:
            begin -= 1
        time = tokens.words[begin:dash]
        if not any(word[:1].isdigit() for word in time) or "ADP" not in tokens.pos[begin : begin + 2]:
            return
        named = next((names[place] for place in range(begin - 1, self.start - 1, -1) if names[place]), 0)
        owner = named or (0 if self.topic is None else names[self.topic])
        for span in self._list(self.phrases.first_modifier(head, dash + 1), head) if owner else ():
            yield owner, self.finder.role(*span, "predicate" if named else "carried")

    # ---- the verb

    def _person(self, begin: int, end: int, office: bool) -> int | None:
        """Number of the name that the role [begin, end) is said of."""
        if office and begin > self.start and self.tokens.lowers[begin] in _FROM_OFFICE:
            left = self._who_left(begin)
            if left is not None:
                return left
        predicate = self._predicate_of(begin, end, office)
        if predicate is None:
            return None
        verb = predicate.place
        if verb >= end:
            return self._name_after(verb, predicate) or self._subject(begin, predicate)
        return (
            self._name_between(verb, begin, predicate)
            or self._subject(verb, predicate)
            or self._name_after(end - 1, predicate)
        )

    def _predicate_of(self, begin: int, end: int, office: bool) -> _Predicate | None:
        """The verb that says the role [begin, end) of somebody: right after it, else before it, else after it."""
        after = self._verb_after(end)
        before = None if after is not None and after.place <= end + 1 else self._verb_before(begin)
        predicate = before or after
        if predicate is None or (predicate.kind in ("remove", "hold") and not office) or self._is_unreal(predicate):
            return None
        return predicate

    def _who_left(self, begin: int) -> int | None:
        """The name in «отставка Орлова с поста директора», «Орлов объявил об уходе с поста директора»."""
        if self.names[begin - 1]:
            return self.names[begin - 1]
        if self.tokens.lemmas[begin - 1] not in _words("leave"):
            return None
        return self._subject(begin - 1, _Predicate(begin - 1, "hold", takes_object=False))

    def _verb_before(self, begin: int) -> _Predicate | None:
        for place in range(begin - 1, max(self.start, begin - _FARTHEST_VERB) - 1, -1):
            if self._ends_clause(place):
                return None
            if self.tokens.pos[place] in ("VERB", "AUX"):
                return self._predicate(place)
        return None

    def _verb_after(self, end: int) -> _Predicate | None:
        for place in range(end, min(self.end, end + 4)):
            if self._ends_clause(place) or self.tokens.words[place] == ",":
                return None
            if self.tokens.pos[place] == "VERB":
                return self._predicate(place)
            if self.tokens.pos[place] == "AUX" and self.tokens.pos[place + 1 : place + 2] != ["VERB"]:
                return self._predicate(place)
        return None

    def _predicate(self, place: int) -> _Predicate | None:
        kind = _kinds().get(self.tokens.lemmas[place])
        features = self.tokens.features[place]
        # «будет исполнять», and the «Назначить …» of a decree
        real = place == self.start or self.tokens.lemmas[place - 1] == "быть"
        if kind is None or (features.get("VerbForm") == "Inf" and not real):
            return None
        passive = features.get("Voice") == "Pass"
        return _Predicate(place, kind, kind in ("appoint", "remove") and not passive)

    def _is_unreal(self, predicate: _Predicate) -> bool:
        """Whether the clause says that it is not so, or only may be."""
        lemmas = self.tokens.lemmas[max(self.start, predicate.place - 4) : predicate.place + 3]
        return not _words("unreal").isdisjoint(lemmas)

    def _ends_clause(self, place: int) -> bool:
        return self.tokens.words[place] in _CLAUSE_ENDS or (
            self.tokens.is_space[place] and not self.phrases.is_gap(place)
        )

    # ---- the name

    def _is_right(self, place: int, predicate: _Predicate) -> bool:
        """Whether the name that begins at a place has the case of the verb's subject, or object."""
        tokens = self.tokens
        if place > self.start and tokens.pos[place - 1] == "ADP":
            return False
        case = case_of(tokens, place)
        if predicate.takes_object:
            return case in ("Acc", "Gen")
        return case == "Nom" or self.phrases.could_be(place, "Nom")

    def _name_after(self, verb: int, predicate: _Predicate) -> int | None:
        """The first name after a verb: «директором назначен бывший министр Орлов»."""
        for place in range(verb + 1, min(self.end, verb + _FARTHEST_NAME)):
            if self.names[place]:
                if self._is_right(place, predicate):
                    return self.names[place]
            elif self._ends_clause(place) or self.tokens.words[place] == ",":
                return None
        return None

    def _name_between(self, verb: int, begin: int, predicate: _Predicate) -> int | None:
        """The name between verb and role: «назначил Орлова директором»."""
        for place in range(begin - 1, verb, -1):
            begins = self.names[place] and self.names[place - 1] != self.names[place]
            if begins and self._is_right(place, predicate):
                return self.names[place]
        return None

    def _subject(self, verb: int, predicate: _Predicate) -> int | None:
        """The name before a verb that is its subject, or the object of «Орлова назначили директором»."""
        tokens, names = self.tokens, self.names
        if tokens.pos[verb] == "VERB" and case_of(tokens, verb):
            return self._modified(verb)
        limit = max(self.start, verb - _FARTHEST_SUBJECT)
        place = verb
        while (place := place - 1) >= limit:
            if tokens.words[place] == ")":
                place = next((opening for opening in range(place, limit, -1) if tokens.words[opening] == "("), limit)
            elif names[place]:
                begins = place == self.start or names[place - 1] != names[place]
                if begins and self._is_right(place, predicate):
                    return names[place]
            elif place in self.inside:
                continue
            elif tokens.lemmas[place] in _RELATIVES:
                return self._modified(place)
            elif self._is_other_subject(place):
                return None
        return None

    def _is_other_subject(self, place: int) -> bool:
        """Whether a word ends the search for a subject: it is one itself, or begins the clause."""
        tokens = self.tokens
        if tokens.pos[place] == "SCONJ" or tokens.words[place] in _CLAUSE_ENDS:
            return True
        return tokens.pos[place] in _SUBJECT_POS and case_of(tokens, place) == "Nom"

    def _topic_of(self, begin: int, end: int, office: bool) -> int | None:
        """The person the text goes on about, where the clause has no other subject than «он»."""
        tokens, topic, features = self.tokens, self.topic, self.tokens.features
        predicate = self._predicate_of(begin, end, office) if topic is not None else None
        if topic is None or predicate is None or predicate.takes_object or predicate.place >= end:
            return None
        shown = features[predicate.place]
        if "Case" in shown:
            return None
        if shown.get("Number") == "Plur" or shown.get("Person", "3") != "3":
            return None
        genders = {features[topic].get("Gender", ""), shown.get("Gender", "")} - {""}
        if len(genders) > 1:
            return None
        for place in range(self.start, self.end):
            if tokens.words[place] in _CLAUSE_ENDS and place >= end:
                break
            is_subject = tokens.pos[place] in _SUBJECT_POS and case_of(tokens, place) == "Nom"
            if self.names[place] or tokens.pos[place] == "SCONJ" or (is_subject and tokens.lemmas[place] not in _HE):
                return None
        return self.names[topic]

    def _modified(self, place: int) -> int | None:
        """The name that a participle or «который» belongs to, right before its comma: «Орлова, ставшего мэром»."""
        for before in range(place - 1, max(self.start, place - 5), -1):
            if self.tokens.words[before] == ",":
                return self.names[before - 1] or None
        return None
