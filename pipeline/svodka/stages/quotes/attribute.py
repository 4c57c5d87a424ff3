"""From the words that name a source to the speaker: names, roles, pronouns, left-out subjects, organisations."""

from bisect import bisect_left
from collections import Counter
from dataclasses import replace

from svodka.stages.pymorphy import Dictionary
from svodka.stages.quotes.cues import Lexicon
from svodka.stages.quotes.found import Found, Source
from svodka.stages.quotes.phrases import lower_first, nominative, noun_kind
from svodka.stages.quotes.referents import FEMALE, MALE, PLURAL, PRONOUNS, Referents, Speaker, person_of
from svodka.stages.quotes.sources import named
from svodka.stages.quotes.view import CLOSE_MARKS, DASHES, OPEN_MARKS, STOPS, Span, View

UNKNOWN = Speaker(None)
_FIRST_PERSON = frozenset(("я", "мы", "вы", "ты", "мне", "нам"))
_KIND = {"ORG": "organization", "LOC": "organization", "PER": "person"}
_NOBODY = frozenset(("говорить", "писать", "утверждать", "считать"))
_ISSUED = frozenset(
    ("интервью", "заявление", "обращение", "письмо", "сообщение", "пресс-релиз", "релиз", "комментарий")
)
_NAME_REACH = 18
_MENTIONS_BACK = 200


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
        self.referents = Referents(view, lexicon)
        self._places = [mention.start for mention in view.mentions]
        self._resolved: dict[int, Speaker] = {}
        self._media: list[int] = []
        self._interviewee: Speaker | None = None

    def resolve(self, found: Found) -> Speaker:
        """The speaker of a quotation, remembered for those that follow."""
        place = self.view.starts[found.cue[0]] if found.cue is not None else found.start
        speaker = self._speaker(found, place)
        self._resolved[id(found)] = speaker
        if speaker.name is not None and not found.inside and found.form != "headline":
            self.referents.history.append((place, speaker))
        return speaker

    def medium(self, found: Found, speaker: Speaker) -> str | None:
        """Name of the medium that relays a quotation; None where there is none, or where it is the speaker."""
        if found.via is None:
            return None
        number = self.view.mention_at[found.via]
        if speaker.mention is not None and speaker.mention[0] <= found.via < speaker.mention[1]:
            return None
        if number >= 0 and self.view.mentions[number].label == "ORG":
            relay = self._organization(number, self._tokens(number))
            self._media.append(number)
        else:
            relay = self.of_phrase(named(self.view, found.via), self.view.starts[found.via])
        return relay.name if relay.kind == "organization" and relay.name != speaker.name else None

    def _speaker(self, found: Found, place: int) -> Speaker:
        source = found.source
        if found.same_as is not None:
            return replace(self._resolved.get(id(found.same_as), UNKNOWN), mention=None)
        if source is None:
            return self._last(place) or UNKNOWN
        if source.kind == "unknown":
            return replace(UNKNOWN, mention=source.span)
        if source.kind in ("interviewee", "asks", "initials", "literal", "turn"):
            return self._turn(source, found, place)
        if source.head is None:
            return self._dropped(source, place, found)
        if source.others:
            return self._several(source, place)
        return self.of_phrase(source, place, inside=found.inside)

    def _last(self, place: int) -> Speaker | None:
        """The speaker last heard before a place."""
        for before, speaker in reversed(self.referents.history):
            if before <= place:
                return replace(speaker, mention=None)
        return None

    def _dropped(self, source: Source, place: int, found: Found) -> Speaker:
        last = self._last(place)
        if last is None or (source.number == "Plur" and found.cue_lemma in _NOBODY):
            return UNKNOWN
        if source.number == "Plur" and last.kind == "person":
            return UNKNOWN
        if source.number == "Sing" and source.gender and last.gender and source.gender != last.gender:
            other = self.referents.person_before(place, source.gender)
            return replace(other, mention=None) if other is not None else UNKNOWN
        return last

    # ---- interviews and dialogues

    def _turn(self, source: Source, found: Found, place: int) -> Speaker:
        """The speaker of a turn in an interview or a dialogue."""
        if source.kind == "asks":
            return Speaker("корреспондент", "person", mention=source.span)
        if source.kind == "interviewee":
            person = self.interviewee(place)
            return replace(person, mention=None) if person else UNKNOWN
        if source.kind == "initials" and source.span is not None:
            return self._by_initials(source.span)
        if source.kind == "literal" and source.span is not None:
            words = [
                word.title() if word.isupper() and len(word) > 1 else word
                for word in self.view.words[slice(*source.span)]
            ]
            return self._known_person(" ".join(words), source.span)
        if found.answers is not None:
            other = self._resolved.get(id(found.answers), UNKNOWN)
            for before, speaker in reversed(self.referents.history):
                if before < place and speaker.name != other.name and speaker.kind == "person":
                    return replace(speaker, mention=None)
        return UNKNOWN

    def _by_initials(self, span: Span) -> Speaker:
        letters = [word[0] for word in self.view.words[span[0] : span[1]] if word[0].isupper()]
        for number, entity in enumerate(self.view.entities):
            parts = [word for word in entity.name.split() if len(word) > 2]
            initials = [word[0].upper() for word in parts]
            if (
                entity.label == "PER"
                and len(parts) > 1
                and set(letters) <= set(initials)
                and letters[-1] == initials[-1]
            ):
                return person_of(number, entity, span)
        return Speaker(self.view.text[slice(*self.view.span_of(*span))], "person", mention=span)

    def _known_person(self, name: str, span: Span) -> Speaker:
        surname = name.split()[-1].lower()
        for number, entity in enumerate(self.view.entities):
            if entity.label == "PER" and entity.name.split()[-1].lower() == surname and " " in entity.name:
                return person_of(number, entity, span)
        return Speaker(name, "person", mention=span)

    def interviewee(self, place: int) -> Speaker | None:
        """The person an interview is with: the one named most, among those named before it."""
        if self._interviewee is None:
            entities = self.view.entities
            named_before = Counter(
                mention.entity
                for mention in self.view.mentions
                if mention.start < place and mention.label == "PER" and mention.entity is not None
            )
            full = [number for number in named_before if " " in entities[number].name]
            if full:
                number = max(full, key=lambda number: (named_before[number], entities[number].n_mentions, -number))
                self._interviewee = person_of(number, entities[number], None)
        return self._interviewee

    # ---- phrases

    def of_phrase(self, source: Source, place: int, *, inside: bool = False) -> Speaker:
        """The speaker that a phrase names.

        Args:
            source: The phrase.
            place: Offset of the cue.
            inside: Whether it stands in direct speech, where «девушка» is nobody who spoke before.
        """
        view, head, span = self.view, source.head, source.span
        assert head is not None
        assert span is not None
        word = view.folded[head]
        if source.kind == "document" and view.pos[head] == "PRON":
            return self._document(head, span, place)
        if word in PRONOUNS and view.pos[head] in ("PRON", "DET", "ADJ"):
            return self._pronoun(head, word, place)
        if word in _FIRST_PERSON:
            return Speaker(None, mention=span)
        person = self._person_in(span, head)
        if person is not None:
            mention = view.mentions[person]
            tokens = view.tokens_of((mention.start, mention.end))
            if mention.entity is None:
                return Speaker(mention.normal, "person", None, tokens)
            return person_of(mention.entity, view.entities[mention.entity], tokens)
        kind = noun_kind(view, head, self.lexicon)
        if source.kind == "document" and kind in ("document", None):
            return self._document(head, span, place)
        unnamed = kind == "organization" and view.mention_at[head] < 0
        if unnamed and span[1] - span[0] == 1 and view.feature(head, "Number") == "Sing":
            body = self._last_body(head, place)
            if body is not None:
                return self._organization(body, span)
        exact = self._exact_mention(span)
        if exact is not None:
            mention = view.mentions[exact]
            entity = None if mention.entity is None else view.entities[mention.entity]
            name = self._with_marks(span, balanced(entity.name if entity else mention.normal))
            return Speaker(name, _KIND.get(mention.label, "organization"), mention.entity, span)
        if kind == "medium":
            return self._medium(head, span)
        if kind == "anonymous" and view.lemmas[head].startswith("собеседн"):
            known = self.referents.same_kind(place)
            if known is not None:
                return replace(known, mention=span)
        if kind == "separate" and not inside and span[1] - span[0] == 1:
            known = self._said_before(head, place)
            if known is not None:
                return replace(known, mention=span)
        referent = self.referents.role(head, span, place, source.gender, strict=inside or kind == "separate")
        return referent or self._by_phrase(head, span, kind)

    def _said_before(self, head: int, place: int) -> Speaker | None:
        """«П», — рассказал свидетель: after its verb the word takes up who spoke in the same paragraph."""
        if self.view.starts[head] < place or not self.referents.history:
            return None
        before, speaker = self.referents.history[-1]
        near = self.view.line_number(before) == self.view.line_number(place)
        return speaker if near and speaker.kind == "person" else None

    def _several(self, source: Source, place: int) -> Speaker:
        assert source.head is not None
        assert source.span is not None
        members = [self.of_phrase(Source(head=source.head, span=_first_member(self.view, source)), place)]
        for head in source.others:
            number = self.view.mention_at[head]
            span = self._tokens(number) if number >= 0 else (head, head + 1)
            members.append(self.of_phrase(Source(head=head, span=span), place))
        names = dict.fromkeys(member.name for member in members if member.name)
        return Speaker("; ".join(names) or None, "group", mention=source.span)

    def _by_phrase(self, head: int, span: Span, kind: str | None) -> Speaker:
        view = self.view
        name = lower_first(view, span[0], nominative(view, span, self.dictionary))
        plural = view.feature(head, "Number") == "Plur"
        animate = view.feature(head, "Animacy") == "Anim"
        gender = None
        if kind in ("organization", "medium"):
            shown = "organization"
        elif view.pos[head] in ("SYM", "NUM"):
            shown = "group"
        elif kind in ("role", "person", "anonymous", "separate", "generic") or animate:
            shown = "group" if plural else "person"
            gender = view.feature(head, "Gender") if kind in ("person", "anonymous") else None
        elif kind == "document":
            shown = "organization" if view.lemmas[head] in self.lexicon.venues else "document"
        else:
            shown = "group" if plural else "organization"
        return Speaker(name, shown, None, span, gender=gender)

    def _tokens(self, mention: int) -> Span:
        return self.view.tokens_of((self.view.mentions[mention].start, self.view.mentions[mention].end))

    def _person_in(self, span: Span, head: int) -> int | None:
        """The name of the person that a phrase is about: not «адвокат Орлова», but «адвокат Орлова Иван Петров».

        The name may stand beyond the phrase: «один из зрителей, 60-летний Орлов», «глава фонда (NGO) Орлов».
        """
        view = self.view
        number = view.mention_at[head]
        if number >= 0 and view.mentions[number].label == "PER":
            return number
        if view.pos[head] == "PRON":
            return None
        case = view.feature(head, "Case")
        index = span[0]
        while index < min(span[1] + _NAME_REACH, view.size):
            if index >= span[1] and self._ends_phrase(index):
                return None
            number = view.mention_at[index]
            if number < 0 or view.mentions[number].label != "PER":
                index += 1
                continue
            first, last = self._tokens(number)
            if self._is_apposed(first, last, head, case, beyond=first >= span[1]):
                return number
            index = max(last, index + 1)
        return None

    def _ends_phrase(self, index: int) -> bool:
        view = self.view
        if view.is_space[index] or view.words[index] in STOPS or view.words[index] in (":", ";"):
            return True
        if view.pos[index] == "CCONJ":
            return view.folded[index] != "и" or view.mention_at[min(index + 1, view.size - 1)] >= 0
        if view.pos[index] in ("SCONJ", "PRON", "AUX") or view.lemmas[index] == "который":
            return True
        if view.pos[index] == "VERB" and view.feature(index, "VerbForm") != "Part":
            return True
        return view.words[index] in DASHES and index + 1 < view.size and view.words[index + 1] in OPEN_MARKS

    def _is_apposed(self, first: int, last: int, head: int, case: str | None, *, beyond: bool) -> bool:
        """Whether a name stands in the case of the head, so that it names the one the head is about."""
        view = self.view
        seen = view.feature(first, "Case")
        if not _same_case(seen, case) or view.deps[first] == "nmod":
            return False
        if case == "Gen" and not (view.deps[first] in ("appos", "flat:name") or beyond or view.heads[first] == head):
            return False
        if beyond:
            after = view.words[last] if last < view.size else "."
            other_verb = (
                view.deps[first].startswith("nsubj") and view.is_finite(view.heads[first]) and view.heads[first] > last
            )
            closed = after in STOPS or after in (",", "(", ":", "—", "–", "-", "\n") or view.is_space[last]
            return not other_verb and (closed or view.heads[first] == head or view.is_finite(last))
        return True

    # ---- organisations, media, documents

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
        tokens = self._tokens(number)
        return number if tokens[0] <= first and last - 1 <= tokens[1] <= last + 1 else None

    def _with_marks(self, span: Span, name: str) -> str:
        """«Интерфакс» keeps the marks that the text gives it."""
        opening = self.view.words[span[0]]
        if opening not in OPEN_MARKS or any(mark in name for mark in '«"„“'):
            return name
        return f"{opening}{name}{self.view.words[span[1] - 1]}"

    def _medium(self, head: int, span: Span) -> Speaker:
        """«телеканал «Дождь»» → its name; «газета» alone → the medium named last."""
        view = self.view
        for index in range(head + 1, span[1]):
            if view.words[index] in OPEN_MARKS:
                closing = next((i for i in range(span[1] - 1, index, -1) if view.words[i] in CLOSE_MARKS), None)
                if closing is not None:
                    number = view.mention_at[index + 1]
                    entity = view.mentions[number].entity if number >= 0 else None
                    name = view.text[view.starts[index] : view.ends[closing]]
                    return Speaker(name, "organization", entity, (index, closing + 1))
            number = view.mention_at[index]
            if number >= 0 and view.mentions[number].label == "ORG":
                return self._organization(number, self._tokens(number))
        if span[1] - span[0] == 1 and view.feature(head, "Number") == "Sing":
            last = self._last_medium(view.starts[head])
            if last is not None:
                return self._organization(last, span)
        return self._by_phrase(head, span, "medium")

    def _last_body(self, head: int, place: int) -> int | None:
        """«компания», «ведомство» alone → the organisation that was called so, or has the word in its name."""
        lemma = self.view.lemmas[head]
        for number in self._mentions_before(place):
            mention = self.view.mentions[number]
            if mention.label != "ORG":
                continue
            first = self.view.token_at(mention.start)
            before = first - 1 - (first > 0 and self.view.words[first - 1] in OPEN_MARKS)
            called = before >= 0 and self.view.lemmas[before] == lemma
            if called or (lemma[:6] in mention.normal.lower() and " " in mention.normal):
                return number
            near = self.referents.sentence(place) - self.referents.sentence(mention.start) <= 2
            medium = mention.normal.lower().strip('«»"') in self.lexicon.media
            if lemma == "ведомство" and near and not medium:
                return number
            if lemma in ("ведомство", "министерство") and mention.normal.lower().startswith(
                ("мин", "мид", "мчс", "мвд", "фсб")
            ):
                return number
        return None

    def _is_medium(self, speaker: Speaker) -> bool:
        return (speaker.name or "").lower().strip('«»"') in self.lexicon.media

    def _mentions_before(self, place: int) -> range:
        """Positions of the mentions before a place, the nearest first."""
        last = bisect_left(self._places, place) - 1
        return range(last, max(last - _MENTIONS_BACK, -1), -1)

    def _last_medium(self, place: int) -> int | None:
        """The medium named last before a place: a known one, or one that «газета», «агентство» stands before."""
        view = self.view
        for number in self._mentions_before(place):
            mention = view.mentions[number]
            if mention.label != "ORG":
                continue
            first = view.token_at(mention.start)
            before = first - 1 - (first > 0 and view.words[first - 1] in OPEN_MARKS)
            known = mention.normal.lower().strip('«»"') in self.lexicon.media
            if (
                known
                or number in self._media
                or (before >= 0 and self.lexicon.nouns.get(view.lemmas[before]) == "medium")
            ):
                return number
        return None

    def _organization(self, number: int, span: Span) -> Speaker:
        view = self.view
        mention = view.mentions[number]
        name = balanced(view.entities[mention.entity].name if mention.entity is not None else mention.normal)
        first, last = self._tokens(number)
        if first > 0 and last < view.size and view.words[first - 1] in OPEN_MARKS and view.words[last] in CLOSE_MARKS:
            name = self._with_marks((first - 1, last + 1), name)
        return Speaker(name, "organization", mention.entity, span)

    def _document(self, head: int, span: Span, place: int) -> Speaker:
        """«в сообщении МЧС» → МЧС; «в докладе» → доклад."""
        view = self.view
        if view.pos[head] == "PRON":
            last = self._last(place)
            return replace(last, mention=span) if last is not None else UNKNOWN
        issuer = next(
            (child for child in view.children(head) if child > head and view.feature(child, "Case") == "Gen"), None
        )
        if issuer is None and head + 1 < span[1] and view.mention_at[head + 1] >= 0 and view.pos[head + 1] != "ADP":
            issuer = head + 1
        if issuer is not None and view.pos[issuer] in ("NOUN", "PROPN", "X"):
            source = named(view, issuer)
            kind = noun_kind(view, issuer, self.lexicon)
            if view.mention_at[issuer] >= 0 or kind in ("organization", "role", "generic", "medium", "separate"):
                return replace(self.of_phrase(source, place), mention=span)
        if span[1] - span[0] == 1:
            last = self._last(place)
            if last is not None and view.lemmas[head] in _ISSUED and not self._is_medium(last):
                return replace(last, mention=span)
        return Speaker(lower_first(view, span[0], nominative(view, span, self.dictionary)), "document", None, span)

    # ---- pronouns

    def _pronoun(self, head: int, word: str, place: int) -> Speaker:
        mention = (head, head + 1)
        if word in PLURAL:
            return replace(self._plural(place), mention=mention)
        gender = "Masc" if word in MALE else "Fem" if word in FEMALE else None
        found = self.referents.person_before(place, gender)
        if found is None:
            last = self._last(place)
            found = (
                last
                if last is not None and self.view.features[head].get("Gender") != "Neut" and gender is None
                else UNKNOWN
            )
        return replace(found, mention=mention)

    def _plural(self, place: int) -> Speaker:
        """«они»: the last group that spoke, or the last plural subject."""
        subject = self.referents.plural_subject(place)
        sentence = self.referents.sentence(place)
        for before, speaker in reversed(self.referents.history):
            if before < place and speaker.kind in ("group", "organization"):
                nearer = subject is None or self.view.starts[subject] <= before + 200
                if nearer and sentence - self.referents.sentence(before) <= 4:
                    return speaker
                break
        if subject is None:
            return UNKNOWN
        source = named(self.view, subject)
        return self._several(source, place) if source.others else self.of_phrase(source, place)


def _same_case(one: str | None, other: str | None) -> bool:
    """Whether two cases may be one: the accusative of the living looks like the genitive."""
    return one is None or other is None or one == other or {one, other} == {"Acc", "Gen"}


def balanced(name: str) -> str:
    """A name whose last mark the recognizer left out gets it back: РИА «Новости → РИА «Новости»."""
    if name.count("«") > name.count("»"):
        return name + "»"
    return name + '"' if name.count('"') % 2 else name


def _first_member(view: View, source: Source) -> Span:
    """The first member of a coordinated phrase."""
    assert source.span is not None
    first, last = source.span
    for index in range(first, last):
        if view.folded[index] == "и" or view.words[index] == ",":
            return first, max(index, first + 1)
    return first, last
