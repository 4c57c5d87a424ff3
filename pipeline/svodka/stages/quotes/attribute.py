"""From the words that name a source to the speaker: names, roles, pronouns, left-out subjects, organisations."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf

from svodka.stages.pymorphy import Dictionary
from svodka.stages.quotes.bodies import SITES, earlier_body
from svodka.stages.quotes.body_names import body_at, exact_mention, medium_in, name_of, named_body, site_of, with_marks
from svodka.stages.quotes.candidates import candidates
from svodka.stages.quotes.cues import Lexicon, closed_class
from svodka.stages.quotes.documents import ISSUERS, antecedent_of, issuer_of
from svodka.stages.quotes.found import Found, Source
from svodka.stages.quotes.names import mention_tokens, name_at, person_in
from svodka.stages.quotes.phrases import lower_first, named, nominative, noun_kind, phrase_of
from svodka.stages.quotes.referents import FEMALE, MALE, NOUNS, PLURAL, PRONOUNS, Referents
from svodka.stages.quotes.scorer import Scorer
from svodka.stages.quotes.speakers import Asked, Speaker, key_of, person_of
from svodka.stages.quotes.turns import interviewee, person_by_initials, person_by_label
from svodka.stages.quotes.unnamed import asked_of, by_phrase
from svodka.stages.quotes.view import Span, View

UNKNOWN = Speaker(None)
_FIRST_PERSON = closed_class("interlocutor")
_KIND = {"ORG": "organization", "LOC": "organization", "PER": "person"}
_VAGUE = closed_class("vague")
_DATA = closed_class("data")
_PRESS = closed_class("press")


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
            relay = body_at(self.view, number, mention_tokens(self.view, number))
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
            unknown = last is None or last.kind == "person" or found.cue_lemma in _VAGUE
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
            return person_by_initials(self.view, source.span)
        if source.kind == "literal" and source.span is not None:
            return person_by_label(self.view, source.span)
        if found.answers is not None:
            other = self._resolved.get(id(found.answers), UNKNOWN)
            for before, speaker in reversed(self.referents.history):
                if before < place and speaker.name != other.name and speaker.kind == "person":
                    return replace(speaker, mention=None)
        return UNKNOWN

    def interviewee(self, place: int) -> Speaker | None:
        """The person an interview is with."""
        if self._interviewee is None:
            self._interviewee = interviewee(self.view, place)
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
        exact = exact_mention(view, span, head)
        if exact is not None:
            mention = view.mentions[exact]
            name = site_of(view, mention) or with_marks(view, span, name_of(view, mention))
            return Speaker(name, _KIND.get(mention.label, "organization"), mention.entity, span)
        if kind == "medium":
            return self._medium(head, span)
        asked = asked_of(view, head, span, kind, place, source.gender, inside=inside)
        chosen = self.choose(asked) if asked is not None else None
        told = chosen or named_body(view, head, span, self.dictionary) or self._same_body(head, span)
        return told or self.by_phrase(head, span, kind)

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

    def by_phrase(self, head: int, span: Span, kind: str | None) -> Speaker:
        """The speaker who has no other name than the words of the text."""
        return by_phrase(self.view, head, span, kind, self.lexicon, self.dictionary)

    # ---- organisations, media, documents

    def _medium(self, head: int, span: Span) -> Speaker:
        """«телеканал «Дождь»» → its name; «газета» alone → the medium named last."""
        view = self.view
        named_medium = medium_in(view, head + 1, span[1])
        if named_medium is not None:
            return named_medium
        asked = Asked("medium", view.starts[head], head, span)
        collective = view.feature(head, "Number") == "Plur" or view.lemmas[head] in _PRESS
        chosen = None if collective else self.choose(asked)
        speaker = chosen or self._owner_of_site(head, span) or self.by_phrase(head, span, "medium")
        if not collective and speaker.name is not None:
            self.referents.media.relayed.add(speaker.name)
        return speaker

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

    def _document(self, head: int, span: Span, place: int) -> Speaker:
        """«в сообщении МЧС» → МЧС; «в докладе» → доклад; «письмо, в котором говорится» → письмо."""
        view = self.view
        if view.folded[head].startswith("котор"):
            noun = antecedent_of(view, head)
            if noun is not None:
                return replace(self._document(noun, phrase_of(view, noun), place), mention=span)
        issuer = issuer_of(view, head, span, self.lexicon)
        if issuer is not None and view.pos[issuer] in ("NOUN", "PROPN", "X"):
            source = named(view, issuer)
            kind = noun_kind(view, issuer, self.lexicon)
            told = view.mention_at[issuer] >= 0 or kind in ISSUERS
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


def _first_member(view: View, source: Source) -> Span:
    """The first member of a coordinated phrase."""
    assert source.span is not None
    first, last = source.span
    for index in range(first, last):
        if view.folded[index] == "и" or view.words[index] == ",":
            return first, max(index, first + 1)
    return first, last
