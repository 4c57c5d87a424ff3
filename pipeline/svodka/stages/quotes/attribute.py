"""From the words that name a source to the speaker: names, roles, pronouns, left-out subjects, organisations."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf

from svodka.stages.pymorphy import Dictionary
from svodka.stages.quotes.bodies import SITES, earlier_body, owner_of_its_site
from svodka.stages.quotes.candidates import candidates
from svodka.stages.quotes.cues import Lexicon, closed_class
from svodka.stages.quotes.found import Found, Source
from svodka.stages.quotes.names import mention_tokens, name_at, person_in
from svodka.stages.quotes.phrases import lower_first, named, nominative, noun_kind, phrase_of
from svodka.stages.quotes.referents import FEMALE, MALE, NOUNS, PLURAL, PRONOUNS, Referents
from svodka.stages.quotes.scorer import Scorer
from svodka.stages.quotes.speakers import Asked, Speaker, key_of, person_of
from svodka.stages.quotes.view import CLOSE_MARKS, OPEN_MARKS, Span, View

UNKNOWN = Speaker(None)
_FIRST_PERSON = frozenset(("я", "мы", "вы", "ты", "мне", "нам"))
_KIND = {"ORG": "organization", "LOC": "organization", "PER": "person"}
_NOBODY = frozenset(("говорить", "писать", "утверждать", "считать"))
_DATA = frozenset(("данные", "информация", "сведение", "подсчет", "оценка"))
_DOMAIN = re.compile(r"(?:\.[A-Za-z]{2,4}){1,2}\b|\.(?:ру|рф)\b")
_ISSUERS = frozenset(("organization", "role", "generic", "medium", "separate"))
_PRESS = closed_class("press")
_BEARERS = tuple(sorted(closed_class("bearer")))


class Resolver:
    """Finds the speaker of each quotation; quotations are to be given in reading order of their cues.

    Args:
        view: The document.
        lexicon: The lexicon.
        dictionary: For the nominative of phrases.
        scorers: The models `source` and `referent`.
        speech: Offsets of direct speech, in order.
    """

    def __init__(
        self,
        view: View,
        lexicon: Lexicon,
        dictionary: Dictionary,
        scorers: Mapping[str, Scorer],
        speech: Sequence[Span] = (),
    ) -> None:
        self.view = view
        self.lexicon = lexicon
        self.dictionary = dictionary
        self.scorers = scorers
        self.referents = Referents(view, lexicon, speech)
        self._resolved: dict[int, Speaker] = {}
        self._interviewee: Speaker | None = None

    def resolve(self, found: Found) -> Speaker:
        """The speaker of a quotation, remembered for those that follow."""
        place = self.view.starts[found.cue[0]] if found.cue is not None else found.start
        speaker = self._speaker(found, place)
        self._resolved[id(found)] = speaker
        source = found.source
        if source is not None and source.kind == "document" and source.head is not None and speaker.name is not None:
            self.referents.papers.append((self.view.lemmas[source.head], key_of(speaker)))
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
            relay = self._organization(number, mention_tokens(self.view, number))
            if relay.name is not None:
                self.referents.media.relayed.add(relay.name)
        else:
            relay = self.of_phrase(named(self.view, found.via), self.view.starts[found.via])
        return relay.name if relay.kind == "organization" and relay.name != speaker.name else None

    def _speaker(self, found: Found, place: int) -> Speaker:
        source = self._reconsidered(found)
        if found.same_as is not None:
            return replace(self._resolved.get(id(found.same_as), UNKNOWN), mention=None)
        if source is None:
            return self._dropped(Source(kind="dropped"), place, found)
        if source.kind == "unknown":
            return replace(UNKNOWN, mention=source.span)
        if source.kind in ("interviewee", "asks", "initials", "literal", "turn"):
            return self._turn(source, found, place)
        if source.head is None:
            return self._dropped(source, place, found)
        if source.others and not self._is_one(source):
            return self._several(source, place)
        return self.of_phrase(source, place, inside=found.inside)

    def _is_one(self, source: Source) -> bool:
        """«отмечает Иван Орлов, автор доклада и профессор»: offices after a name and a verb in the singular."""
        assert source.head is not None
        named_one = source.number == "Sing" and name_at(self.view, source.head) is not None
        return named_one and all(name_at(self.view, other) is None for other in source.others)

    def _reconsidered(self, found: Found) -> Source | None:
        """The source that the rules found where they are sure, else the candidate with the most weight."""
        source = found.source
        if source is None or found.cue is None or source.kind not in ("named", "dropped") or source.path == "tree":
            return source
        if source.kind == "named" and not source.path:
            return source
        return self.choose_source(found.cue[0], source)

    def choose_source(self, cue: int, ruled: Source) -> Source:
        """Which words name the source of a cue, by the model `source`; a dropped source where none do."""
        scorer = self.scorers["source"]
        best, most = None, scorer.threshold
        for candidate in candidates(self.view, cue, ruled, self.lexicon):
            score = scorer(candidate.features)
            if score > most:
                best, most = candidate.head, score
        if best == ruled.head:
            return ruled
        if best is None:
            return Source(kind="dropped", gender=ruled.gender, number=ruled.number)
        chosen = named(self.view, best)
        chosen.gender, chosen.number, chosen.path = ruled.gender, ruled.number, "weighed"
        return chosen

    def _last(self, place: int) -> Speaker | None:
        """The speaker last heard before a place."""
        for before, speaker in reversed(self.referents.history):
            if before <= place:
                return replace(speaker, mention=None)
        return None

    def _dropped(self, source: Source, place: int, found: Found) -> Speaker:
        """Whose the words are where the subject is left out, or a whole sentence stands in marks without a cue."""
        last = self._last(place)
        if source.number == "Plur":
            unknown = last is None or last.kind == "person" or found.cue_lemma in _NOBODY
            return UNKNOWN if unknown or last is None else last
        kind = "dropped" if found.cue is not None else "floating" if found.type == "direct" else "fragment"
        gender = source.gender if source.number == "Sing" else None
        chosen = self.choose(Asked(kind, place, gender=gender, inside=found.inside))
        return chosen if chosen is not None else UNKNOWN

    def choose(self, asked: Asked) -> Speaker | None:
        """Whom words without a name mean, by the weights of the model `referent`; None where nobody of the text."""
        quoted = self.referents.quoted_in_headline(asked)
        if quoted is not None:
            return quoted
        scorer = self.scorers["referent"]
        # a pronoun always means somebody
        certain = asked.kind == "pronoun" or self.referents.takes_up(asked)
        best, most = None, -inf if certain else scorer.threshold
        for speaker, features in self.referents.candidates(asked):
            score = scorer(features)
            if score > most:
                best, most = speaker, score
        new = best is not None and asked.kind in NOUNS and not self.referents.takes_up(asked)
        if new and scorer(self.referents.new(asked)) > most:
            return None
        return None if best is None else replace(best, mention=asked.span)

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
        kind = noun_kind(view, head, self.lexicon)
        body = kind in ("organization", "medium") or view.feature(head, "Animacy") == "Inan"
        person = person_in(view, span, head, source.gender, body=body)
        if person is not None:
            mention = view.mentions[person]
            tokens = mention_tokens(view, person)
            others = self._people_after(tokens[1]) if view.feature(head, "Number") == "Plur" else []
            if others:
                return self._group([person, *others], (tokens[0], mention_tokens(self.view, others[-1])[1]))
            if mention.entity is None:
                return Speaker(mention.normal, "person", None, tokens)
            return person_of(mention.entity, view.entities[mention.entity], tokens)
        if source.kind == "document" and kind in ("document", None):
            return self._document(head, span, place)
        exact = self._exact_mention(span, head)
        if exact is not None:
            mention = view.mentions[exact]
            entity = None if mention.entity is None else view.entities[mention.entity]
            name = self._site(mention.start, mention.end) or self._with_marks(
                span, balanced(entity.name if entity else mention.normal)
            )
            return Speaker(name, _KIND.get(mention.label, "organization"), mention.entity, span)
        if kind == "medium":
            return self._medium(head, span)
        asked = self._asked(head, span, kind, place, source.gender, inside=inside)
        chosen = self.choose(asked) if asked is not None else None
        told = chosen or self._named_body(head, span) or self._same_body(head, span)
        return told or self._by_phrase(head, span, kind)

    def _asked(
        self, head: int, span: Span, kind: str | None, place: int, gender: str | None, *, inside: bool
    ) -> Asked | None:
        """What to ask about a phrase without a name that may take up somebody; None where it cannot."""
        view = self.view
        if view.feature(head, "Number") == "Plur":
            return None
        if kind == "organization":
            return Asked("body", place, head, span, inside=inside)
        animate = view.feature(head, "Animacy") == "Anim"
        if animate or kind in ("role", "generic", "separate", "anonymous", "person"):
            if kind == "person" and gender is None and view.pos[head] == "NOUN":
                gender = view.feature(head, "Gender")  # «по словам женщины»
            return Asked("role", place, head, span, gender, inside=inside)
        return None

    def _people_after(self, index: int) -> list[int]:
        """Names that go on after a name: «исследователи Иван Орлов, Анна Лебедева и Павел Климов»."""
        view = self.view
        found: list[int] = []
        while index + 1 < view.size and (view.words[index] == "," or view.folded[index] == "и"):
            number = name_at(view, index + 1)
            if number is None:
                break
            found.append(number)
            index = mention_tokens(self.view, number)[1]
        return found

    def _group(self, mentions: list[int], span: Span) -> Speaker:
        names = []
        for number in mentions:
            mention = self.view.mentions[number]
            names.append(mention.normal if mention.entity is None else self.view.entities[mention.entity].name)
        return Speaker("; ".join(dict.fromkeys(names)), "group", mention=span)

    def _several(self, source: Source, place: int) -> Speaker:
        assert source.head is not None
        assert source.span is not None
        members = [self.of_phrase(Source(head=source.head, span=_first_member(self.view, source)), place)]
        for head in source.others:
            number = self.view.mention_at[head]
            span = mention_tokens(self.view, number) if number >= 0 else (head, head + 1)
            members.append(self.of_phrase(Source(head=head, span=span), place))
        names = dict.fromkeys(member.name for member in members if member.name)
        if len(names) == 1 and members[0].entity is not None and members[0].entity == members[-1].entity:
            return members[-1]  # «актриса и певица Анна Лебедева»
        return Speaker("; ".join(names) or None, "group", mention=source.span)

    def _by_phrase(self, head: int, span: Span, kind: str | None) -> Speaker:
        view = self.view
        first = span[0] + (view.lemmas[span[0]] == "сам" and span[0] < head)  # «сам координатор»
        name = lower_first(view, first, nominative(view, (first, span[1]), self.dictionary))
        plural = view.feature(head, "Number") == "Plur"
        animate = view.feature(head, "Animacy") == "Anim"
        gender = None
        if kind in ("organization", "medium"):
            shown = "organization"
        elif view.lemmas[head] == "один" and not plural:
            shown = "person" if _is_of_people(view, span) else "organization"  # «один из лидеров», «одно из агентств»
        elif kind == "group" or view.pos[head] in ("SYM", "NUM"):
            shown = "group"
        elif kind in ("role", "person", "anonymous", "separate", "generic") or animate or _is_somebody(view, head):
            shown = "group" if plural else "person"
            gender = view.feature(head, "Gender") if kind in ("person", "anonymous") else None
        elif kind == "document":
            shown = "organization" if view.lemmas[head] in self.lexicon.venues else "document"
        else:
            shown = "group" if plural else "organization"
        return Speaker(name, shown, None, span, gender=gender)

    # ---- organisations, media, documents

    def _exact_mention(self, span: Span, head: int) -> int | None:
        first, last = span
        while first < last and self.view.words[first] in OPEN_MARKS:
            first += 1
        while last > first and self.view.words[last - 1] in CLOSE_MARKS:
            last -= 1
        if first >= last:
            return None
        number = self.view.mention_at[first]
        if number < 0 or self.view.mentions[number].label == "PER" or self.view.mentions[number].kind != "name":
            return None
        tokens = mention_tokens(self.view, number)
        return number if tokens[0] <= first and max(last - 1, head + 1) <= tokens[1] <= last + 1 else None

    def _site(self, start: int, end: int) -> str | None:
        """«NEWSru.com»: the name of a site, whose ending is no part of the mention."""
        ending = _DOMAIN.match(self.view.text, end)
        return self.view.text[start : ending.end()] if ending else None

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
                closing = next((i for i in range(index + 2, span[1]) if view.words[i] in CLOSE_MARKS), None)
                if closing is not None:
                    number = view.mention_at[index + 1]
                    entity = view.mentions[number].entity if number >= 0 else None
                    name = view.text[view.starts[index] : view.ends[closing]]
                    return Speaker(name, "organization", entity, (index, closing + 1))
            number = view.mention_at[index]
            if number >= 0 and view.mentions[number].label == "ORG":
                return self._organization(number, mention_tokens(self.view, number))
        asked = Asked("medium", view.starts[head], head, span)
        collective = view.feature(head, "Number") == "Plur" or view.lemmas[head] in _PRESS
        chosen = None if collective else self.choose(asked)
        speaker = chosen or self._owner_of_site(head, span) or self._by_phrase(head, span, "medium")
        if not collective and speaker.name is not None:
            self.referents.media.relayed.add(speaker.name)
        return speaker

    def _named_body(self, head: int, span: Span) -> Speaker | None:
        """«телерадиокорпорация BBC» → BBC; «подпольная группировка «Вега»» → группировка «Вега»."""
        view, first = self.view, head + 1
        if view.pos[head] != "NOUN" or view.feature(head, "Animacy") == "Anim" or first >= span[1]:
            return None
        marked = view.words[first] in OPEN_MARKS
        if not marked and not (view.words[first].isascii() and view.lemmas[head].endswith(_BEARERS)):
            return None
        first += marked
        number = view.mention_at[first] if first < span[1] else -1
        if number < 0 or view.mentions[number].label != "ORG" or view.mentions[number].kind != "name":
            return None
        mention = view.mentions[number]
        whole = mention_tokens(view, number)
        owned = view.feature(first, "Case") == "Gen" and view.folded[first] != view.lemmas[first]
        if whole[0] != first or whole[1] + marked < span[1] or owned:
            return None  # «пресс-служба «Известий»»
        name = mention.normal if mention.entity is None else view.entities[mention.entity].name
        if marked:
            name = lower_first(view, head, nominative(view, (head, span[1]), self.dictionary))
        return Speaker(name, "organization", mention.entity, span)

    def _same_body(self, head: int, span: Span) -> Speaker | None:
        """«в пресс-службе» after «пресс-служба МВД»: the body that the noun alone takes up."""
        before = earlier_body(self.view, head, span)
        body = None if before is None or before.head is None else self.of_phrase(before, self.view.starts[before.head])
        return replace(body, mention=span) if body is not None and body.kind == "organization" else None

    def _owner_of_site(self, head: int, span: Span) -> Speaker | None:
        """«на сайте ведомства» → ведомство; None where the site itself is named, or nobody known owns it."""
        view = self.view
        if view.lemmas[head] not in SITES:
            return None
        for child in view.children(head):
            body = noun_kind(view, child, self.lexicon) in ("organization", "medium")
            if child > head and view.feature(child, "Case") == "Gen" and view.pos[child] == "NOUN" and body:
                owner = self.of_phrase(named(view, child), view.starts[head])
                return None if owner.entity is None else replace(owner, mention=span)
        return None

    def _organization(self, number: int, span: Span) -> Speaker:
        view = self.view
        mention = view.mentions[number]
        entity = None if mention.entity is None else view.entities[mention.entity]
        name = self._site(mention.start, mention.end) or balanced(entity.name if entity else mention.normal)
        first, last = mention_tokens(self.view, number)
        if first > 0 and last < view.size and view.words[first - 1] in OPEN_MARKS and view.words[last] in CLOSE_MARKS:
            name = self._with_marks((first - 1, last + 1), name)
        return Speaker(name, "organization", mention.entity, span)

    def _document(self, head: int, span: Span, place: int) -> Speaker:
        """«в сообщении МЧС» → МЧС; «в докладе» → доклад; «письмо, в котором говорится» → письмо."""
        view = self.view
        if view.folded[head].startswith("котор"):
            noun = self._antecedent(head)
            if noun is not None:
                return replace(self._document(noun, phrase_of(view, noun), place), mention=span)
        issuer = next(
            (child for child in view.children(head) if child > head and view.feature(child, "Case") == "Gen"), None
        )
        after = head + 1
        if issuer is None and after < span[1] and view.mention_at[after] >= 0 and view.pos[after] != "ADP":
            issuer = after
        if issuer is None and after < view.size and noun_kind(view, after, self.lexicon) in ("medium", "organization"):
            issuer = after  # «в сообщениях СМИ», whatever the tree makes of a word that does not decline
        if issuer is None:
            issuer = owner_of_its_site(view, head, span)
        if issuer is not None and view.pos[issuer] in ("NOUN", "PROPN", "X"):
            source = named(view, issuer)
            kind = noun_kind(view, issuer, self.lexicon)
            told = view.mention_at[issuer] >= 0 or kind in _ISSUERS
            if told or view.feature(issuer, "Animacy") == "Anim":
                author = replace(self.of_phrase(source, place), mention=span)
                if told or author.entity is not None or author.kind == "group":
                    return author
                issuer = None  # «в пресс-релизе производителя» takes up somebody
        chosen = self.choose(Asked("document", place, head, span)) if issuer is None else None
        if chosen is not None:
            return chosen
        if view.pos[head] == "PRON":
            return replace(UNKNOWN, mention=span)
        return Speaker(lower_first(view, span[0], nominative(view, span, self.dictionary)), "document", None, span)

    def _antecedent(self, relative: int) -> int | None:
        """The noun before the comma that a relative pronoun agrees with."""
        view = self.view
        start, _ = view.sentence_of(relative)
        for index in range(relative - 1, max(start - 1, relative - 10), -1):
            agrees = view.feature(index, "Number") == view.feature(relative, "Number") and (
                view.feature(relative, "Gender") in (None, view.feature(index, "Gender"))
            )
            if view.pos[index] == "NOUN" and agrees:
                return index
        return None

    # ---- pronouns

    def _pronoun(self, head: int, word: str, place: int) -> Speaker:
        mention = (head, head + 1)
        if word in PLURAL:
            return replace(self._plural(place), mention=mention)
        gender = "Masc" if word in MALE else "Fem" if word in FEMALE else None
        if gender == "Masc" and self.view.features[head].get("Gender") == "Neut":
            gender = None
        chosen = self.choose(Asked("pronoun", place, head, mention, gender))
        return replace(chosen or self._body_before(head, place) or UNKNOWN, mention=mention)

    def _body_before(self, head: int, place: int) -> Speaker | None:
        """«По её данным» where no woman is about: the body that spoke last, as «пресс-служба»."""
        last = self._last(place)
        data = head + 1 < self.view.size and self.view.lemmas[head + 1] in _DATA
        return last if data and last is not None and last.kind == "organization" else None

    def _plural(self, place: int) -> Speaker:
        """«они»: the last group that spoke, or the last plural subject."""
        subject = self.referents.plural_subject(place)
        sentence = self.view.sentence_at(place)
        for before, speaker in reversed(self.referents.history):
            if before < place and speaker.kind in ("group", "organization"):
                nearer = subject is None or self.view.starts[subject] <= before
                if nearer and sentence - self.view.sentence_at(before) <= 4:
                    return speaker
                break
        if subject is None:
            return UNKNOWN
        source = named(self.view, subject)
        return self._several(source, place) if source.others else self.of_phrase(source, place)


def _is_of_people(view: View, span: Span) -> bool:
    """Whether the first noun of a phrase, if it has one, is a living being: «один из лидеров»."""
    noun = next((index for index in range(*span) if view.pos[index] == "NOUN"), None)
    return noun is None or view.feature(noun, "Animacy") == "Anim"


def _is_somebody(view: View, head: int) -> bool:
    """«неизвестный», «пострадавшая»: an adjective or participle that stands for a person."""
    nominal = view.pos[head] == "ADJ" or view.feature(head, "VerbForm") == "Part"
    return nominal and view.feature(head, "Gender") in ("Masc", "Fem")


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
