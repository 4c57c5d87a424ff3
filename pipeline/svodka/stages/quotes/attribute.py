"""From the words that name a source to the speaker: names, roles, pronouns, left-out subjects, organisations."""

from bisect import bisect_left
from dataclasses import dataclass, replace

from svodka.records import Entity
from svodka.stages.pymorphy import Dictionary
from svodka.stages.quotes.cues import Lexicon
from svodka.stages.quotes.found import Found, Source
from svodka.stages.quotes.phrases import lower_first, nominative, noun_kind
from svodka.stages.quotes.view import CLOSE_MARKS, OPEN_MARKS, Span, View

_MALE = frozenset(("он", "его", "него", "тот", "ему", "им"))
_FEMALE = frozenset(("она", "ее", "нее", "та", "ней", "ей"))
_PLURAL = frozenset(("они", "их", "них", "те"))
_PRONOUNS = _MALE | _FEMALE | _PLURAL
_FIRST_PERSON = frozenset(("я", "мы", "вы", "ты", "мне", "нам"))
_ISSUED = frozenset(("пресс-служба", "сообщение", "заявление", "пресс-релиз", "релиз"))
_KIND = {"ORG": "organization", "LOC": "organization", "PER": "person"}


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


UNKNOWN = Speaker(None)


class Resolver:
    """Finds the speaker of each quotation; quotations are to be given in reading order of their cues.

    Args:
        view: The document.
        lexicon: The lexicon.
        dictionary: For the nominative of phrases.
    """

    def __init__(self, view: View, lexicon: Lexicon, dictionary: Dictionary) -> None:
        self.view = view
        self.lexicon = lexicon
        self.dictionary = dictionary
        self.history: list[tuple[int, Speaker]] = []
        self._resolved: dict[int, Speaker] = {}
        self._places = [mention.start for mention in view.mentions]

    def resolve(self, found: Found) -> Speaker:
        """The speaker of a quotation, remembered for those that follow."""
        place = self.view.starts[found.cue[0]] if found.cue is not None else found.start
        speaker = self._speaker(found, place)
        self._resolved[id(found)] = speaker
        if speaker.name is not None and not found.inside:
            self.history.append((place, speaker))
        return speaker

    def _speaker(self, found: Found, place: int) -> Speaker:
        source = found.source
        if found.same_as is not None:
            known = self._resolved.get(id(found.same_as), UNKNOWN)
            return replace(known, mention=None)
        if source is None:
            return self.last(place) or UNKNOWN
        if source.kind in ("interviewee", "asks", "initials", "turn"):
            return self._turn(source, found, place)
        if source.kind == "unknown":
            return UNKNOWN
        if source.head is None:
            return self._dropped(source, place, found)
        if source.others:
            return self._several(source, place)
        return self.of_phrase(source, place)

    def last(self, place: int) -> Speaker | None:
        """The speaker last heard before a place."""
        for before, speaker in reversed(self.history):
            if before <= place:
                return Speaker(speaker.name, speaker.kind, speaker.entity, None, speaker.role, speaker.gender)
        return None

    def _turn(self, source: Source, found: Found, place: int) -> Speaker:
        """The speaker of a turn in an interview or a dialogue."""
        if source.kind == "asks":
            return Speaker("корреспондент", "person", mention=source.span)
        if source.kind == "interviewee":
            person = self.interviewee(place)
            return person or UNKNOWN
        if source.kind == "initials" and source.span is not None:
            letters = [word[0] for word in self.view.words[source.span[0] : source.span[1]] if word[0].isupper()]
            for number, entity in enumerate(self.view.entities):
                initials = [word[0].upper() for word in entity.name.split()]
                if entity.label == "PER" and letters and set(letters) <= set(initials) and letters[-1] == initials[-1]:
                    return Speaker(entity.name, "person", number, source.span, entity.role, entity.gender)
            return Speaker(self.view.text[slice(*self.view.span_of(*source.span))], "person", mention=source.span)
        if found.answers is not None:
            other = self._resolved.get(id(found.answers), UNKNOWN)
            for before, speaker in reversed(self.history):
                if before < place and speaker.name != other.name and speaker.kind == "person":
                    return replace(speaker, mention=None)
        return UNKNOWN

    def interviewee(self, place: int) -> Speaker | None:
        """The person an interview is with: the one named most before it, the first of equals."""
        counts: dict[int, int] = {}
        for mention in self.view.mentions:
            if mention.start < place and mention.label == "PER" and mention.entity is not None:
                counts[mention.entity] = counts.get(mention.entity, 0) + 1
        if not counts:
            return None
        number = max(counts, key=lambda entity: (self.view.entities[entity].n_mentions + counts[entity], -entity))
        entity = self.view.entities[number]
        return Speaker(entity.name, "person", number, None, entity.role, entity.gender)

    def _dropped(self, source: Source, place: int, found: Found) -> Speaker:
        last = self.last(place)
        plural_nobody = source.number == "Plur" and found.cue_lemma in ("говорить", "писать", "утверждать", "считать")
        if last is None or plural_nobody:
            return UNKNOWN
        if source.number == "Sing" and source.gender and last.gender and source.gender != last.gender:
            other = self._person_before(place, source.gender)
            return other or UNKNOWN
        return last

    def _several(self, source: Source, place: int) -> Speaker:
        assert source.head is not None and source.span is not None
        members = [self.of_phrase(Source(head=source.head, span=_cut(self.view, source)), place)]
        for head in source.others:
            mention = self._mention_in((head, head + 1))
            span = (
                self.view.tokens_of((self.view.mentions[mention].start, self.view.mentions[mention].end))
                if mention is not None
                else (head, head + 1)
            )
            members.append(self.of_phrase(Source(head=head, span=span), place))
        names = [member.name for member in members if member.name]
        return Speaker("; ".join(dict.fromkeys(names)) or None, "group", mention=source.span)

    # ---- phrases

    def of_phrase(self, source: Source, place: int) -> Speaker:
        """The speaker that a phrase names."""
        view, head, span = self.view, source.head, source.span
        assert head is not None and span is not None
        word = view.folded[head]
        if word in _PRONOUNS and view.pos[head] in ("PRON", "DET", "ADJ"):
            return self._pronoun(head, word, place)
        if word in _FIRST_PERSON:
            return Speaker(None, mention=span)
        person = self._person_in(span, head)
        if person is not None:
            mention = view.mentions[person]
            entity = None if mention.entity is None else view.entities[mention.entity]
            tokens = view.tokens_of((mention.start, mention.end))
            return self._person(mention.entity, entity, mention.normal, tokens)
        kind = noun_kind(view, head, self.lexicon)
        if source.kind == "document" and kind in ("document", None):
            return self._document(head, span)
        exact = self._exact_mention(span)
        if exact is not None:
            mention = view.mentions[exact]
            entity = None if mention.entity is None else view.entities[mention.entity]
            name = self._with_marks(span, entity.name if entity else mention.normal)
            return Speaker(name, _KIND.get(mention.label, "organization"), mention.entity, span)
        if kind == "medium":
            return self._medium(head, span, place)
        if kind in ("role", "person", None, "anonymous"):
            known = self._role(head, span, place, kind)
            if known is not None:
                return known
        return self._by_phrase(head, span, kind)

    def _by_phrase(self, head: int, span: Span, kind: str | None) -> Speaker:
        view = self.view
        name = lower_first(view, span[0], nominative(view, span, self.dictionary))
        plural = view.feature(head, "Number") == "Plur"
        animate = view.feature(head, "Animacy") == "Anim"
        if kind in ("organization", "medium"):
            shown = "organization"
        elif kind in ("role", "person", "anonymous") or animate:
            shown = "group" if plural else "person"
        elif kind == "document":
            shown = "document"
        else:
            shown = "group" if plural else "organization"
        return Speaker(name, shown, None, span, gender=view.feature(head, "Gender") if shown == "person" else None)

    def _person(self, number: int | None, entity: Entity | None, normal: str, tokens: Span) -> Speaker:
        if entity is None:
            return Speaker(normal, "person", None, tokens)
        return Speaker(entity.name, "person", number, tokens, entity.role, entity.gender)

    def _mention_in(self, span: Span) -> int | None:
        for index in range(*span):
            if self.view.mention_at[index] >= 0:
                return self.view.mention_at[index]
        return None

    def _person_in(self, span: Span, head: int) -> int | None:
        """The name of the person that a phrase is about: not «адвокат Орлова», but «адвокат Иван Орлов»."""
        view = self.view
        case = view.feature(head, "Case")
        for index in range(span[0], min(span[1] + 1, view.size)):
            number = view.mention_at[index]
            if number < 0 or view.mentions[number].label != "PER":
                continue
            first, last = view.tokens_of((view.mentions[number].start, view.mentions[number].end))
            if first <= head < last:
                return number
            if index == span[1] and view.heads[first] != head:
                continue
            seen = view.feature(first, "Case")
            apposed = view.deps[first] in ("appos", "flat:name", "flat:foreign")
            if (
                apposed
                or (seen == case and (case != "Gen" or view.deps[first] != "nmod"))
                or (seen == "Nom" and case in ("Nom", None))
            ):
                return number
        return None

    def _exact_mention(self, span: Span) -> int | None:
        first, last = span
        while first < last and self.view.words[first] in OPEN_MARKS:
            first += 1
        while last > first and self.view.words[last - 1] in CLOSE_MARKS:
            last -= 1
        if first >= last:
            return None
        number = self.view.mention_at[first]
        if number < 0 or self.view.mentions[number].label == "PER":
            return None
        mention = self.view.mentions[number]
        tokens = self.view.tokens_of((mention.start, mention.end))
        return number if tokens[0] <= first and last - 1 <= tokens[1] and tokens[1] <= last + 1 else None

    def _with_marks(self, span: Span, name: str) -> str:
        """«Интерфакс» keeps the marks that the text gives it."""
        opening = self.view.words[span[0]]
        if opening not in OPEN_MARKS or any(mark in name for mark in '«"„“'):
            return name
        return f"{opening}{name}{self.view.words[span[1] - 1]}"

    def _medium(self, head: int, span: Span, place: int) -> Speaker:
        """«телеканал «Дождь»» → its name; «газета» alone → the medium named last."""
        view = self.view
        for index in range(head + 1, span[1]):
            if view.words[index] in OPEN_MARKS:
                closing = next(
                    (other for other in range(span[1] - 1, index, -1) if view.words[other] in CLOSE_MARKS), None
                )
                if closing is not None:
                    name = view.text[view.starts[index] : view.ends[closing]]
                    return Speaker(name, "organization", self._entity_at(index + 1), (index, closing + 1))
            number = view.mention_at[index]
            if number >= 0 and view.mentions[number].label == "ORG":
                mention = view.mentions[number]
                entity = view.entities[mention.entity].name if mention.entity is not None else mention.normal
                return Speaker(entity, "organization", mention.entity, view.tokens_of((mention.start, mention.end)))
        if span[1] - span[0] == 1 and view.feature(head, "Number") == "Sing":
            for number in range(bisect_left(self._places, place) - 1, -1, -1):
                mention = view.mentions[number]
                first = view.token_at(mention.start)
                quoted = first > 0 and view.words[first - 1] in OPEN_MARKS
                if mention.label == "ORG" and (quoted or mention.normal.lower() in self.lexicon.media):
                    name = view.entities[mention.entity].name if mention.entity is not None else mention.normal
                    if quoted and not any(mark in name for mark in '«"'):
                        name = f"{view.words[first - 1]}{name}{'»' if view.words[first - 1] == '«' else view.words[first - 1]}"
                    return Speaker(name, "organization", mention.entity, span)
        return self._by_phrase(head, span, "medium")

    def _entity_at(self, index: int) -> int | None:
        number = self.view.mention_at[index]
        return self.view.mentions[number].entity if number >= 0 else None

    def _document(self, head: int, span: Span) -> Speaker:
        """«в сообщении МЧС» → МЧС; «в докладе» → доклад."""
        view = self.view
        for index in range(head + 1, span[1]):
            number = view.mention_at[index]
            if (
                number >= 0
                and view.mentions[number].label in ("ORG", "PER")
                and view.feature(index, "Case") in ("Gen", None)
            ):
                mention = view.mentions[number]
                entity = None if mention.entity is None else view.entities[mention.entity]
                first, last = view.tokens_of((mention.start, mention.end))
                whole = (first, max(last, span[1])) if mention.label == "ORG" else (first, last)
                name = entity.name if entity else mention.normal
                if whole[1] > last:
                    name = nominative(view, whole, self.dictionary)
                role = entity.role if entity else None
                return Speaker(name, _KIND[mention.label], mention.entity, span, role)
        for index in range(head + 1, span[1]):
            if (
                view.heads[index] == head
                and view.feature(index, "Case") == "Gen"
                and noun_kind(view, index, self.lexicon) in ("organization", "role", "medium")
            ):
                return Speaker(nominative(view, (index, span[1]), self.dictionary), "organization", None, span)
        return Speaker(lower_first(view, span[0], nominative(view, span, self.dictionary)), "document", None, span)

    # ---- roles and pronouns

    def _role(self, head: int, span: Span, place: int, kind: str | None) -> Speaker | None:
        """«министр», «глава ведомства» → the person the document calls so; None where nobody is."""
        view = self.view
        if view.feature(head, "Number") == "Plur":
            return None
        if kind is None and view.feature(head, "Animacy") != "Anim":
            return None
        lemma = view.lemmas[head]
        candidates = [
            (number, entity)
            for number, entity in enumerate(view.entities)
            if entity.label == "PER" and entity.role and _has_word(entity.role, lemma)
        ]
        bare = span[1] - span[0] == 1
        if not bare:
            words = {
                view.lemmas[index] for index in range(span[0], span[1]) if view.pos[index] in ("NOUN", "PROPN", "ADJ")
            } - {lemma}
            candidates = [item for item in candidates if _shares_stem(item[1].role or "", words)] or []
        if len(candidates) > 1:
            candidates.sort(key=lambda item: self._distance(item[0], place))
        if candidates:
            number, entity = candidates[0]
            return Speaker(entity.name, "person", number, span, entity.role, entity.gender)
        if kind == "anonymous" and bare:
            return self._same_word(lemma, span, place)
        if not bare and not self._generic(span, head):
            return None
        if bare and (kind in ("role", None) or kind == "person"):
            last = self.last(place)
            if last is not None and last.kind == "person" and place - self.history[-1][0] < 700:
                return Speaker(last.name, last.kind, last.entity, span, last.role, last.gender)
            gender = view.feature(head, "Gender")
            near = self._person_before(place, None if kind == "role" else gender)
            if near is not None and kind != "person":
                return Speaker(near.name, near.kind, near.entity, span, near.role, near.gender)
        return None

    def _generic(self, span: Span, head: int) -> bool:
        return False

    def _same_word(self, lemma: str, span: Span, place: int) -> Speaker | None:
        """«собеседник агентства» → the source named before."""
        for before, speaker in reversed(self.history):
            if before < place and speaker.kind == "person" and speaker.entity is None:
                return Speaker(speaker.name, speaker.kind, None, span, gender=speaker.gender)
        return None

    def _distance(self, entity: int, place: int) -> int:
        return min(
            (place - mention.start if mention.start <= place else 10**6 + mention.start - place)
            for mention in self.view.mentions
            if mention.entity == entity
        )

    def _pronoun(self, head: int, word: str, place: int) -> Speaker:
        gender = "Masc" if word in _MALE else "Fem" if word in _FEMALE else None
        if word in _PLURAL:
            for before, speaker in reversed(self.history):
                if before < place and speaker.kind in ("group", "organization"):
                    return Speaker(speaker.name, speaker.kind, speaker.entity, (head, head + 1))
            return Speaker(None, mention=(head, head + 1))
        found = self._person_before(place, gender)
        if found is None:
            return Speaker(None, mention=(head, head + 1))
        return Speaker(found.name, found.kind, found.entity, (head, head + 1), found.role, found.gender)

    def _person_before(self, place: int, gender: str | None) -> Speaker | None:
        """The person that a pronoun means: the last speaker or the last subject that agrees, whichever is nearer."""
        view = self.view
        last = next(
            (
                (before, speaker)
                for before, speaker in reversed(self.history)
                if before < place and speaker.kind == "person" and _fits(speaker.gender, gender)
            ),
            None,
        )
        sentence = view.sentence_number(min(view.token_at(place), view.size - 1)) if view.size else 0
        best: tuple[float, Speaker] | None = None
        for number in range(bisect_left(self._places, place) - 1, -1, -1):
            mention = view.mentions[number]
            if mention.label != "PER" or mention.entity is None:
                continue
            entity = view.entities[mention.entity]
            if not _fits(entity.gender, gender):
                continue
            first = view.token_at(mention.start)
            back = sentence - view.sentence_number(first)
            if back > 6:
                break
            subject = view.deps[first].startswith("nsubj") or (
                view.deps[first] in ("appos", "flat:name") and view.deps[view.heads[first]].startswith("nsubj")
            )
            score = (2.0 if subject else 0.0) - 0.9 * back + (0.5 if back == 0 and subject else 0.0)
            if last is not None and last[1].entity == mention.entity:
                score += 1.5
            if best is None or score > best[0]:
                tokens = view.tokens_of((mention.start, mention.end))
                best = score, self._person(mention.entity, entity, mention.normal, tokens)
        if last is not None:
            back = sentence - view.sentence_number(min(view.token_at(last[0]), view.size - 1))
            score = 2.8 - 0.6 * back
            if best is None or score > best[0]:
                return last[1]
        return best[1] if best is not None else (last[1] if last is not None else None)


def _fits(known: str | None, wanted: str | None) -> bool:
    return known is None or wanted is None or known == wanted


def _has_word(role: str, lemma: str) -> bool:
    words = role.lower().replace("ё", "е").replace("-", " ").split()
    return lemma in words or lemma in role.lower().replace("ё", "е").split()


def _shares_stem(role: str, lemmas: set[str]) -> bool:
    words = role.lower().replace("ё", "е").split()
    return any(word[:5] == lemma[:5] for word in words for lemma in lemmas)


def _cut(view: View, source: Source) -> Span:
    """The first member of a coordinated phrase."""
    assert source.span is not None
    first, last = source.span
    for index in range(first, last):
        if view.folded[index] == "и" or view.words[index] == ",":
            return first, max(index, first + 1)
    return first, last
