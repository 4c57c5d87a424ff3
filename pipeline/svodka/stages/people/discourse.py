"""What a pronoun can mean: the persons and things of the sentences before it, and their places in their clauses."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import NamedTuple

from svodka.stages.columns import Columns
from svodka.stages.lexicons import speech_verbs
from svodka.stages.people.tokens import places_of

SUBJECTS = frozenset({"nsubj", "nsubj:pass", "csubj"})
OBJECTS = frozenset({"obj", "iobj"})
# Relations under which a noun is another name of its head: «министр Орлов», «компания «Заря»».
_SAME_AS_HEAD = frozenset({"appos", "flat", "flat:name", "flat:foreign", "conj"})
# Relations of verbs that take over the subject of their head.
_SHARING = frozenset({"conj", "xcomp", "advcl", "ccomp", "csubj"})
_MARKS = frozenset('«»„“”"')
_CLOSING = frozenset("»“”")
# Fewer words in quotation marks are a name or a term, no speech.
_SHORTEST_SPEECH = 4
# «По его словам», «по данным министерства».
_WORDS_OF = frozenset({"слово", "мнение", "данные", "оценка", "утверждение", "информация", "версия", "сведение"})
_DEEPEST = 40


def says(tokens: Columns, head: int) -> bool:
    """Whether a phrase is somebody whose words are told: «сказал он», «по словам Орлова»."""
    above = tokens.heads[head]
    if tokens.deps[head] == "nsubj":
        return tokens.lemmas[above] in speech_verbs()
    return tokens.lemmas[above] in _WORDS_OF and "по" in tokens.lowers[max(above - 2, 0) : above]


class Referent(NamedTuple):
    """A phrase that a pronoun can stand for.

    Attributes:
        place: Its first token.
        head: The token whose relation tells what it is in its clause.
        group: Number of the entity, -1 where it has no name.
        gender: Masc, Fem, Neut, or "" where that is unknown.
        kind: person or body (with a name), being or thing (without), or open, a pronoun that was not tied.
        subject: Whether it is the subject of its clause.
        points: What speaks for it, wherever the pronoun stands.
    """

    place: int
    head: int
    group: int
    gender: str
    kind: str
    subject: bool
    points: float


class Discourse:
    """The referents of a document, sentence by sentence, and the clauses they stand in.

    Args:
        tokens: The tokens of a document with sentences, parts of speech, features and relations.
        groups: For each token the number of the entity that a mention names there, or -1.
        mentions: First token and entity of each mention, in order.
        genders: Masc, Fem, or "" where that is unknown, of each person by number.
        titles: Tokens of roles that stand beside a name, and mean nobody else.
        points: The points of kinds of referents, of subject and object.
    """

    def __init__(
        self,
        tokens: Columns,
        groups: Sequence[int],
        mentions: Iterable[tuple[int, int]],
        genders: Mapping[int, str],
        titles: AbstractSet[int],
        points: Mapping[str, float],
    ) -> None:
        self.tokens = tokens
        self.groups = groups
        self.genders = dict(genders)
        self.titles = titles
        self.points = points
        self._mentions: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for place, group in mentions:
            self._mentions[tokens.sentence_of[place]].append((place, group))
        self._named: dict[int, list[Referent]] = {}
        self._nouns: dict[int, list[Referent]] = {}
        self._subjects: dict[int, list[int]] = {}

    def named(self, sentence: int) -> list[Referent]:
        """The mentions of a sentence, in order; pronouns are added to the list as they are read."""
        known = self._named.get(sentence)
        if known is None:
            known = self._named[sentence] = [self._of_mention(*mention) for mention in self._mentions[sentence]]
        return known

    def nouns(self, sentence: int) -> list[Referent]:
        """The nouns of a sentence that are in the singular and part of no mention."""
        known = self._nouns.get(sentence)
        if known is None:
            start, end = self.tokens.sentences[sentence]
            places = [place for place, pos in enumerate(self.tokens.pos[start:end], start) if pos == "NOUN"]
            known = self._nouns[sentence] = self._of_nouns(places)
        return known

    def subjects(self, sentence: int) -> list[Referent]:
        """Those of them that are the subject of a clause."""
        pos = self.tokens.pos
        return self._of_nouns([place for place in self._subject_places(sentence) if pos[place] == "NOUN"])

    def _of_nouns(self, places: Sequence[int]) -> list[Referent]:
        groups, titles, features = self.groups, self.titles, self.tokens.features
        found: list[Referent] = []
        for place in places:
            traits = features[place]
            gender = traits.get("Gender")
            if gender and groups[place] < 0 and traits.get("Number") != "Plur" and place not in titles:
                kind = "being" if traits.get("Animacy") == "Anim" else "thing"
                found.append(self.referent(place, self.top(place), -1, gender, kind))
        return found

    def referent(self, place: int, head: int, group: int, gender: str, kind: str) -> Referent:
        """A phrase as something to refer to; arguments as of `Referent`."""
        points, dep = self.points[kind], self.tokens.deps[head]
        subject = dep in SUBJECTS if dep else self.is_subject(head)
        if subject:
            points += self.points["subject"]
        elif dep in OBJECTS:
            points += self.points["object"]
        return Referent(place, head, group, gender, kind, subject, points)

    def _of_mention(self, place: int, group: int) -> Referent:
        head = self.top(place)
        traits = self.tokens.features
        gender = self.genders.get(group)
        if gender is None:
            gender = traits[head].get("Gender") or traits[place].get("Gender", "?")
            return self.referent(place, head, group, gender, "body")
        if not gender and self.is_subject(head):
            # a name that does not tell takes the gender of its verb from here on: «Ким Чен заявила»
            seen = traits[self.tokens.heads[head]].get("Gender", "")
            if seen in ("Masc", "Fem"):
                gender = self.genders[group] = seen
        return self.referent(place, head, group, gender, "person")

    def top(self, place: int) -> int:
        """The token by which the phrase of a token hangs in its clause: «министр» of «министр Иван Орлов»."""
        deps = self.tokens.deps
        if deps[place] not in _SAME_AS_HEAD:
            return place
        heads, features = self.tokens.heads, self.tokens.features
        for _ in range(_DEEPEST):
            head = heads[place]
            if deps[place] not in _SAME_AS_HEAD or head == place:
                break
            case, of_head = features[place].get("Case"), features[head].get("Case")
            if case and of_head and case != of_head:
                break  # «друг Панина»: whatever the relation says, the name is not the friend's
            place = head
        return place

    def is_subject(self, head: int) -> bool:
        """Whether a phrase is the subject of its clause; without syntax, whether it is in the nominative."""
        dep = self.tokens.deps[head]
        return dep in SUBJECTS if dep else self.tokens.features[head].get("Case") == "Nom"

    def predicates(self, place: int) -> list[int]:
        """The predicates whose subject a pronoun cannot mean: that of its clause, and those which share its subject.

        «Орлов приехал, чтобы обсудить с ним …»: «обсудить» and «приехал». None for a pronoun inside the subject. The
        verb right before it is the first, whatever the tree says.
        """
        tokens = self.tokens
        deps, heads, pos = tokens.deps, tokens.heads, tokens.pos
        with_subject = {heads[subject] for subject in self._subject_places(tokens.sentence_of[place])}
        found: list[int] = []
        after_verb = place > 0 and pos[place - 1] == "VERB" and deps[place] not in SUBJECTS
        for _ in range(_DEEPEST):
            head = place - 1 if after_verb and not found else heads[place]
            if head == place or (not found and deps[place] in SUBJECTS):
                break
            place = head
            if pos[place] not in ("VERB", "AUX") and place not in with_subject:
                continue
            found.append(place)
            dep = deps[place]
            finite = dep != "conj" and tokens.features[place].get("VerbForm") == "Fin"
            if place in with_subject or dep not in _SHARING or finite:
                break
        return found

    def _subject_places(self, sentence: int) -> list[int]:
        known = self._subjects.get(sentence)
        if known is None:
            start, end = self.tokens.sentences[sentence]
            deps = self.tokens.deps[start:end]
            known = self._subjects[sentence] = [place for place, dep in enumerate(deps, start) if dep in SUBJECTS]
        return known

    def owners(self, place: int) -> set[int]:
        """The tokens whose phrases a token is part of: «адвокат» for «его» in «его адвокат».

        Not «Орлов» for «его» in «Орлов и его адвокат».
        """
        heads, deps = self.tokens.heads, self.tokens.deps
        found: set[int] = set()
        for _ in range(_DEEPEST):
            head = heads[place]
            if head == place:
                break
            if deps[place] != "conj":
                found.add(head)
            place = head
        return found

    @cached_property
    def speech(self) -> list[int]:
        """For each token the number of the direct speech it stands in, 0 outside."""
        tokens = self.tokens
        words, starts = tokens.words, tokens.starts
        numbers = [0] * len(words)
        number = depth = first = 0
        for place in places_of(words, _MARKS):
            word = words[place]
            if depth and "\n" in tokens.text[starts[first] : starts[place]]:
                depth = 0  # speech without its closing mark ends with its line
            if not depth:
                if word != "»" and word != "”":
                    first, depth = place, 1
            elif word in _CLOSING or word == '"':
                depth -= 1
                if not depth and place - first > _SHORTEST_SPEECH:
                    number += 1
                    numbers[first : place + 1] = [number] * (place + 1 - first)
            else:
                depth += 1
        return numbers

    def is_inside_speech(self, sentence: int, place: int) -> bool:
        """Whether a sentence lies wholly in direct speech that a place is outside of."""
        start, end = self.tokens.sentences[sentence]
        speech = self.speech
        return 0 < speech[start] == speech[end - 1] != speech[place]
