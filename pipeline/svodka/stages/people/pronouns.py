"""Personal pronouns tied to the person they mean, where one person is clearly the likeliest.

Every referent of the last sentences that agrees in gender gets points (`lexicons/people_salience.tsv`), after what
cannot be meant is left out: the subject of the pronoun's own clause («Орлов поддержал его»), what the pronoun is a part
of («его адвокат»), and in direct speech who speaks. After the salience factors of Lappin and Leass (1994), «An
algorithm for pronominal anaphora resolution», and the antecedent indicators of Mitkov (1998).
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from svodka.stages.columns import Columns
from svodka.stages.people.declension import read_table
from svodka.stages.people.discourse import OBJECTS, Discourse, Referent, says
from svodka.stages.people.known import Known
from svodka.stages.people.role_mentions import Reference
from svodka.stages.people.tokens import begins_sentence, places_of

_MASCULINE = frozenset({"он", "его", "него", "ему", "нему", "им", "ним", "нем"})
_FEMININE = frozenset({"она", "ее", "нее", "ей", "ней", "ею", "нею"})
_FORMS = {"Masc": _MASCULINE, "Fem": _FEMININE}
# These are plural too, which only the tag tells.
_TWO_NUMBERS = frozenset({"им", "ним"})
# After these a pronoun hardly means a person: «в нём указано», «после него».
_BEFORE_THINGS = {"нем": frozenset({"в", "на"}), "ней": frozenset({"в", "на"})} | dict.fromkeys(
    ("него", "нее"), frozenset({"после"})
)
_BEGINNING = frozenset('«„“"—–-(:')
_DASHES = frozenset("—–-")
_POS = frozenset({"PRON", "DET"})
# «его» and «ему» can mean something neuter.
_AGREEING = {"Masc": frozenset({"Masc", "Neut", ""}), "Fem": frozenset({"Fem", ""})}
_SENTENCES_BACK = 2
# Sentences of a speech that the pronoun is outside of are not counted, but all are read.
_MOST_BACK = 5
_NOUNS_BACK = 1
_MOST_TOLD = 4
_MOST_NAMED = 6


@cache
def points_by_feature() -> Mapping[str, float]:
    """The table of `lexicons/people_salience.tsv`."""
    return {row["feature"]: float(row["points"]) for row in read_table("people_salience.tsv")}


def normal_of(tokens: Columns, place: int) -> str:
    """The nominative of a pronoun that means one person."""
    return "он" if tokens.folded[place] in _MASCULINE else "она"


def find_pronouns(discourse: Discourse, people: Mapping[int, Known]) -> list[Reference]:
    """The pronouns that mean a person with a name, in reading order.

    Args:
        discourse: The referents of a document, which learns of the pronouns.
        people: The persons by number.

    Returns:
        The pronouns; their rule is pronoun.subject, pronoun.possessive or pronoun.object.
    """
    tokens = discourse.tokens
    found: list[Reference] = []
    # a pronoun of a gender that nobody has means no person, and is in nobody's way
    genders = {person.gender for person in people.values()}
    wanted = {gender: forms for gender, forms in _FORMS.items() if not genders.isdisjoint((gender, None))}
    for place in places_of(tokens.folded, frozenset().union(*wanted.values())):
        word = tokens.folded[place]
        gender = next(gender for gender, forms in wanted.items() if word in forms)
        if tokens.pos[place] not in _POS or (word in _TWO_NUMBERS and tokens.features[place].get("Number") != "Sing"):
            continue
        if _is_hardly_person(tokens, place):
            continue
        pronoun = _Pronoun(discourse, place, gender)
        group = _chosen(pronoun, people)
        kind = "open" if group < 0 else "person"
        discourse.named(pronoun.sentence).append(discourse.referent(place, place, group, gender, kind))
        if group >= 0:
            found.append(Reference(place, place + 1, group, pronoun.rule))
    return found


class _Pronoun:
    """A pronoun and its place in its clause."""

    def __init__(self, discourse: Discourse, place: int, gender: str) -> None:
        tokens = discourse.tokens
        self.discourse = discourse
        self.place = place
        self.gender = gender
        self.sentence = tokens.sentence_of[place]
        self.subject = discourse.is_subject(place)
        self.possessive = tokens.pos[place] == "DET" or tokens.deps[place] in ("det", "nmod")

    @property
    def rule(self) -> str:
        if self.subject:
            return "pronoun.subject"
        return "pronoun.possessive" if self.possessive else "pronoun.object"

    def candidates(self, people: Mapping[int, Known]) -> list[tuple[Referent, int]]:
        """The referents before the pronoun that agree with it, each with how many sentences back it stands.

        Nothing where no person is among them. Of nouns without a name only those are given that can have as many
        points as a person: all of the sentence, and the subjects of the one before.
        """
        discourse, place, agreeing = self.discourse, self.place, _AGREEING[self.gender]
        sentences = self._sentences()
        found = [
            (referent, steps)
            for sentence, steps in sentences
            for referent in discourse.named(sentence)
            if referent.gender in agreeing and referent.place < place
        ]
        if not any(referent.group in people for referent, _ in found):
            return []
        for sentence, steps in sentences:
            if steps <= _NOUNS_BACK:
                nouns = discourse.subjects(sentence) if steps else discourse.nouns(sentence)
                found += [(noun, steps) for noun in nouns if noun.gender in agreeing and noun.place < place]
        return found

    def _sentences(self) -> list[tuple[int, int]]:
        """The sentences that a pronoun can refer to, with how many back they are, those of a speech not counted."""
        discourse, here = self.discourse, self.sentence
        sentences, steps = [(here, 0)], 0
        for sentence in range(here - 1, max(here - _MOST_BACK, 0) - 1, -1):
            steps += not discourse.is_inside_speech(sentence, self.place)
            if steps > _SENTENCES_BACK:
                break
            sentences.append((sentence, steps))
        return sentences

    def weighed(self, candidates: Sequence[tuple[Referent, int]]) -> Iterator[tuple[Referent, float]]:
        """The candidates that the pronoun can mean, with what speaks for each where it stands."""
        discourse, place = self.discourse, self.place
        tokens, speech, points = discourse.tokens, discourse.speech, discourse.points
        speaks, animate = says(tokens, place), _is_animate(tokens, place)
        here, excluded = speech[place], self._excluded(candidates)
        parallel = points["parallel"] if self.subject else 0.0
        joined = discourse.top(tokens.heads[place]) if self.possessive and tokens.lowers[place - 1] == "и" else -1
        for referent, steps in candidates:
            start, head, _, gender, kind, subject, sum_of = referent
            if head in excluded:
                continue
            there = speech[start]
            if here and subject and (there != here or _is_authors(tokens, head)):
                continue  # who speaks, in the words of the author around the speech or inside it
            sum_of += points["sentence"] * steps + points["word"] * (place - start)
            if subject:
                sum_of += parallel
            if animate and kind in ("body", "thing"):
                sum_of += points["actor"]
            if speaks and says(tokens, head):
                sum_of += points["speaker"]
            if there != here:
                sum_of += points["quoted" if there else "unquoted"]
            if not gender:
                sum_of += points["unsure"]
            if head == joined:
                sum_of += points["joined"]
            yield referent, sum_of

    def _excluded(self, candidates: Sequence[tuple[Referent, int]]) -> set[int]:
        """Heads of the candidates in the sentence of the pronoun that it cannot mean, because of where both stand."""
        discourse, place = self.discourse, self.place
        heads, deps = discourse.tokens.heads, discourse.tokens.deps
        near = {one.head for one, steps in candidates if not steps}
        excluded = near & discourse.owners(place)
        if self.subject:
            return excluded | {head for head in near if deps[head] in OBJECTS and heads[head] == heads[place]}
        predicates = discourse.predicates(place)
        return excluded | {head for head in near if heads[head] in predicates and discourse.is_subject(head)}


def _is_hardly_person(tokens: Columns, place: int) -> bool:
    """Whether a pronoun means a thing by what stands before it, or God, by a capital inside a sentence."""
    before = tokens.lowers[place - 1] if place else ""
    if before in _BEFORE_THINGS.get(tokens.folded[place], ()):
        return True
    capital = tokens.words[place][0].isupper() and tokens.words[place].istitle()
    return (
        capital and not begins_sentence(tokens, place) and before not in _BEGINNING and not tokens.is_space[place - 1]
    )


def _is_animate(tokens: Columns, place: int) -> bool:
    """Whether a pronoun rather means somebody than something: an active subject, one with a brother or an opinion."""
    if tokens.deps[place] == "nsubj" or says(tokens, place):
        return True
    return tokens.deps[place] == "det" and tokens.features[tokens.heads[place]].get("Animacy") == "Anim"


def _is_authors(tokens: Columns, head: int) -> bool:
    """Whether somebody is named by the author inside a speech: «…, — объяснил Орлов. — …»."""
    verb = tokens.heads[head]
    return verb > 0 and tokens.words[verb - 1] in _DASHES and says(tokens, head)


def _key(referent: Referent) -> int:
    """Number of the entity; what has no name is itself alone, below 0."""
    return referent.group if referent.group >= 0 else -1 - referent.place


def _chosen(pronoun: _Pronoun, people: Mapping[int, Known]) -> int:
    """Number of the person that a pronoun means, -1 where that stays open."""
    candidates = pronoun.candidates(people)
    if not candidates:
        return -1
    points = pronoun.discourse.points
    told: dict[int, int] = {}
    for referent, _ in candidates:
        told[_key(referent)] = told.get(_key(referent), -1) + 1
    best: dict[int, float] = {}
    for referent, sum_of in pronoun.weighed(candidates):
        best[_key(referent)] = max(best.get(_key(referent), sum_of), sum_of)
    for key in best:
        best[key] += points["told"] * min(told[key], _MOST_TOLD)
        if key in people:
            best[key] += points["theme"] * min(people[key].told_before(pronoun.place), _MOST_NAMED)
    ranked = sorted(best, key=best.__getitem__, reverse=True)[:2]
    if not ranked or ranked[0] not in people or best[ranked[0]] < points["enough"]:
        return -1
    clear = len(ranked) == 1 or best[ranked[0]] - best[ranked[1]] >= points["margin"]
    return ranked[0] if clear else -1
