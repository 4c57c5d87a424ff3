"""Whom words without a name mean: «он», «министр», «глава ведомства», «компания», a subject that is left out.

Candidates are the people and bodies of the document and those who spoke before. Each has features, which the model
`referent` weighs: agreement, nearness, whether it spoke last, its place in its clause, what its role shares with the
phrase.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from svodka.records import Entity
from svodka.stages.columns import fold
from svodka.stages.quotes.cues import Lexicon, closed_class
from svodka.stages.quotes.likeness import (
    OFFICE,
    SPOKESMEN,
    TAKING_UP,
    Description,
    Likeness,
    describe,
    is_in_full,
    role_words,
)
from svodka.stages.quotes.media import Media
from svodka.stages.quotes.mentions import Mentions, is_subject
from svodka.stages.quotes.phrases import noun_kind
from svodka.stages.quotes.speakers import Asked, Speaker, key_of, speaker_of
from svodka.stages.quotes.view import Span, View

MALE = closed_class("he")
FEMALE = closed_class("she")
PLURAL = closed_class("they")
PRONOUNS = MALE | FEMALE | PLURAL
_OFFICES = sorted(OFFICE)  # a set of strings has another order in each process
_INDEFINITE = closed_class("indefinite")
# what may be meant: labels of entities, kinds of those without a name who spoke before
NOUNS = frozenset(("role", "body", "medium", "document"))  # kinds of words that may mean somebody new
_LABELS = {
    "pronoun": ("PER",),
    "role": ("PER",),
    "body": ("ORG",),
    "medium": ("ORG",),
    "document": ("ORG", "PER"),
    "dropped": ("PER", "ORG"),
    "floating": ("PER", "ORG"),
    "fragment": ("PER", "ORG"),
}
_ANYBODY = frozenset(("person", "organization", "group", "document"))
_UNNAMED = {
    "pronoun": frozenset(("person",)),
    "role": frozenset(("person",)),
    "body": frozenset(("organization",)),
    "medium": frozenset(("organization",)),
    "document": _ANYBODY,
    "dropped": _ANYBODY,
    "floating": _ANYBODY,
    "fragment": _ANYBODY,
}
_ANY_BODY = closed_class("any_body")
_ARTICLES = closed_class("article")
# the surest first
_MEDIA_SIGNS = (
    frozenset(("tied", "medium", "called so", "in name", "unnamed.medium")),
    frozenset(("publishes", "site")),
    frozenset(("spoke.1",)),
)
_SHARED = frozenset(("described.shared.1", "described.shared.2"))
_SAME_ROLE = frozenset(("same noun", "same office"))
_QUOTED_IN_HEADLINE = re.compile(r":\s*[«\"„“]")
_MOST = 12
_HISTORY = 4
_LONG_HISTORY = 16
_REACH = 200


class Referents:
    """The people and bodies of a document and who spoke last.

    Args:
        view: The document.
        lexicon: The lexicon.
        speech: Offsets of direct speech, in order; who is only named there seldom speaks.
    """

    def __init__(self, view: View, lexicon: Lexicon, speech: Sequence[Span]) -> None:
        self.view = view
        self.lexicon = lexicon
        self.mentions = Mentions(view, speech)
        self.media = Media(view, lexicon, self.mentions)
        self.likeness = Likeness(view, lexicon, self.mentions, self.media)
        self.history: list[tuple[int, Speaker]] = []
        self.papers: list[tuple[str, object]] = []  # documents quoted so far: the word for each, and whose it was
        self._places = [mention.start for mention in view.mentions]

    @cached_property
    def _by_role(self) -> dict[str, list[int]]:
        """Persons by the words of their roles."""
        by_role: dict[str, list[int]] = defaultdict(list)
        for number, entity in enumerate(self.view.entities):
            if entity.label == "PER" and entity.role:
                for word in role_words(fold(entity.role)):
                    by_role[word].append(number)
        return by_role

    @cached_property
    def _dominant(self) -> int | None:
        """The person named most."""
        people = [number for number, entity in enumerate(self.view.entities) if entity.label == "PER"]
        return max(people, key=lambda number: (self.view.entities[number].n_mentions, -number), default=None)

    def candidates(self, asked: Asked) -> list[tuple[Speaker, list[str]]]:
        """Who may be meant, each with its features, in no order that matters."""
        described = describe(self.view, asked) if asked.kind in NOUNS and asked.kind != "document" else Description()
        noun = None if asked.head is None else noun_kind(self.view, asked.head, self.lexicon)
        lemma = None if asked.head is None else self.view.lemmas[asked.head]
        # inside direct speech, and of a word that several people may be, only who has it in his role
        strict = asked.kind == "role" and (asked.inside or (noun == "separate" and not self._just_spoke(asked)))
        unnamed = noun == "anonymous" and not self.takes_up(asked)
        # media write articles; what else is written they only relay
        relayed = asked.kind == "document" and lemma not in _ARTICLES
        found: list[tuple[Speaker, list[str]]] = []
        spoke = self._spoke(asked)
        for number in () if unnamed else self._entities(asked, spoke):
            entity = self.view.entities[number]
            if _clashes(asked, entity.gender) or (relayed and self.media.is_medium(entity.name)):
                continue
            if asked.kind == "medium" and lemma is not None and self.media.is_other(lemma, number):
                continue
            speaker = speaker_of(number, entity, asked.span)
            features = self._features(asked, number, entity, described, noun)
            told = spoke.pop(key_of(speaker), ["silent"])
            # «представитель союза» may be its deputy head who spoke before
            body = lemma in SPOKESMEN and "spoke.1" in told and not _SHARED.isdisjoint(features)
            if "stranger" in features or (strict and "same noun" not in features and not body):
                continue
            features += told
            features.append(f"named for {noun}")
            features += self._wrote(asked, speaker)
            found.append((speaker, features))
        for before, speaker in reversed(self.history[-_LONG_HISTORY:]):
            key = key_of(speaker)
            if before >= asked.place or speaker.entity is not None or speaker.kind not in _UNNAMED[asked.kind]:
                continue
            if noun == "person" and self._is_anonymous(speaker):
                continue  # «пострадавший» is not the source in the police who spoke before
            if _clashes(asked, speaker.gender):
                continue
            if speaker.name and key in spoke:
                features = [f"unnamed.{speaker.kind}", f"unnamed for {noun}", *spoke.pop(key)]
                features += self._gender(asked, speaker.gender)
                if asked.head is not None:
                    features += self.likeness.unnamed(asked.head, speaker.name, described)
                features += self._wrote(asked, speaker)
                found.append((speaker, features))
        found = _certain(asked.kind, found)
        return [(speaker, [f"{asked.kind}.{feature}" for feature in features]) for speaker, features in found]

    def _is_anonymous(self, speaker: Speaker) -> bool:
        words = fold(speaker.name or "").split()
        return any(self.lexicon.nouns.get(word) == "anonymous" for word in words[:2])

    def _just_spoke(self, asked: Asked) -> bool:
        """«П», — рассказал свидетель: after its verb the word may take up who spoke in the same paragraph."""
        if asked.head is None or self.view.starts[asked.head] < asked.place or not self.history:
            return False
        return self.view.line_number(self.history[-1][0]) == self.view.line_number(asked.place)

    def quoted_in_headline(self, asked: Asked) -> Speaker | None:
        """«Иван Орлов: «Мост готов»» and then «П», — пишет журналист: he is whom the headline quotes."""
        if asked.kind != "role" or asked.inside or self.history or not self.view.mentions:
            return None
        mention = self.view.mentions[0]
        quoted = _QUOTED_IN_HEADLINE.match(self.view.text, mention.end)
        if quoted is None or mention.label != "PER" or mention.entity is None or asked.place < quoted.end():
            return None
        entity = self.view.entities[mention.entity]
        other = entity.role is not None and asked.head is not None and self.view.lemmas[asked.head] not in entity.role
        return None if other or _clashes(asked, entity.gender) else speaker_of(mention.entity, entity, asked.span)

    def takes_up(self, asked: Asked) -> bool:
        """Whether words always mean somebody named before: «собеседник агентства», «газета», «ведомство» alone."""
        if asked.head is None or asked.span is None:
            return False
        lemma = self.view.lemmas[asked.head]
        alone = asked.span[1] - asked.span[0] == 1
        again = asked.head > 0 and self.view.folded[asked.head - 1] == "же"  # «тот же аналитик»
        return again or lemma.startswith("собеседни") or (alone and (asked.kind == "medium" or lemma in _ANY_BODY))

    def new(self, asked: Asked) -> list[str]:
        """Features of the phrase's meaning somebody who has no name in the text."""
        view, head, span = self.view, asked.head, asked.span
        assert head is not None
        assert span is not None
        kind = noun_kind(view, head, self.lexicon)
        features = [f"kind.{kind}", f"size.{min(span[1] - span[0], 4)}"]
        if asked.kind == "body":
            features.append("taking up" if view.lemmas[head] in TAKING_UP else "of its own")
        features.append(f"{'described' if describe(view, asked).telling else 'bare'}.{kind}")
        if span[1] + 1 < view.size and view.words[span[1]] == ",":
            features.append("participle" if view.feature(span[1] + 1, "VerbForm") == "Part" else "aside")
        if view.lemmas[span[0]] in _INDEFINITE:
            features.append("indefinite")
        if view.starts[head] < asked.place:
            features.append("before cue")
        if view.lemmas[head] in OFFICE:
            features.append("office")
        if asked.inside:
            features.append("inside")
        if asked.kind == "document":
            features.append(f"lemma.{view.lemmas[head]}")
        return [f"{asked.kind}.new.{feature}" for feature in features]

    # ---- who

    def _entities(self, asked: Asked, spoke: dict[object, list[str]]) -> Iterator[int]:
        wanted = _LABELS[asked.kind]
        seen: set[int] = set()
        last = bisect_left(self._places, asked.place)
        for position in range(last - 1, max(last - _REACH, -1), -1):
            number = self.view.mentions[position].entity
            if number is None or number in seen or self.view.entities[number].label not in wanted:
                continue
            if asked.kind in ("floating", "fragment", "dropped") and self.view.entities[number].label == "ORG":
                continue  # only one that spoke
            seen.add(number)
            yield number
            if len(seen) >= _MOST:
                break
        others: list[int] = []
        if asked.head is not None and asked.kind == "role":
            lemma = self.view.lemmas[asked.head]
            others += self._by_role.get(lemma, ())[:_MOST]
            for stems in self.lexicon.long_titles.get(lemma, ()):
                others += [
                    number
                    for number, entity in enumerate(self.view.entities)
                    if entity.role and is_in_full(stems, fold(entity.role))
                ][:_MOST]
            if lemma in OFFICE:
                others += [number for word in _OFFICES for number in self._by_role.get(word, ())[:_MOST]]
        others += [
            speaker.entity
            for before, speaker in self.history[-_LONG_HISTORY:]
            if speaker.entity is not None
            and before < asked.place
            and self.view.entities[speaker.entity].label in wanted
        ]
        for number in others:
            if number not in seen:
                seen.add(number)
                yield number

    def _spoke(self, asked: Asked) -> dict[object, list[str]]:
        """Features of those who spoke of late, of the kinds that are asked for."""
        found: dict[object, list[str]] = {}
        place, kinds = asked.place, _UNNAMED[asked.kind]
        for before, speaker in reversed(self.history[-_LONG_HISTORY:]):
            key = key_of(speaker)
            if before >= place or speaker.kind not in kinds or key in found:
                continue
            rank = len(found) + 1
            back = self.view.sentence_at(place) - self.view.sentence_at(before)
            found[key] = [f"spoke.{min(rank, 3)}", f"spoke back.{_bucket(back)}"]
            if rank == 1:
                found[key].append(f"spoke last.{_bucket(back)}")
            if self.view.line_number(before) == self.view.line_number(place):
                found[key].append("spoke in paragraph")
            if rank >= _HISTORY:
                break
        return found

    # ---- features

    def _features(
        self, asked: Asked, number: int, entity: Entity, described: Description, noun: str | None
    ) -> list[str]:
        view = self.view
        features = [f"label.{entity.label}", *self._gender(asked, entity.gender)]
        positions = self.mentions.of(number)
        before = [position for position in positions if view.mentions[position].start < asked.place]
        if not positions:
            features.append("only quoted")
        elif not before:
            features.append("named later")
        else:
            mention = view.mentions[before[-1]]
            back = self.view.sentence_at(asked.place) - self.view.sentence_at(mention.start)
            features.append(f"back.{_bucket(back)}")
            first = view.token_at(mention.start)
            subject = is_subject(view, first)
            features.append(f"{'subject' if subject else 'no subject'}.{_bucket(back)}")
            if asked.kind == "fragment" and subject:
                features.append(f"subject beside words.{min(back, 2)}")
            if not subject and view.feature(first, "Case") == "Nom":
                features.append(f"nominative.{_bucket(back)}")
            if view.line_number(mention.start) == view.line_number(asked.place):
                features.append("in paragraph")
            features.append(f"named.{min(len(before), 4)}")
            if before[-1] == bisect_left(self._places, asked.place) - 1:
                features.append("nearest")
        if number == self._dominant:
            features.append("dominant")
        if asked.head is not None:
            tied = view.mention_at[asked.head]
            if tied >= 0 and view.mentions[tied].kind != "name" and view.mentions[tied].entity is not None:
                features.append("tied" if view.mentions[tied].entity == number else "tied to another")
            if asked.kind == "role":
                role = self.likeness.role(asked.head, entity, described)
                features += [*role, *(f"{feature} for {noun}" for feature in role)]
            elif asked.kind in ("body", "medium"):
                features += self.likeness.body(asked.head, number, entity, described)
                if "taking up" in features:
                    features += [f"taking up.{feature}" for feature in features if feature.startswith("back")]
            elif asked.kind == "document":
                features += self.likeness.document(asked.place, number)
        if asked.inside:
            features.append("inside")
        return features

    def _gender(self, asked: Asked, known: str | None) -> list[str]:
        if asked.gender not in ("Masc", "Fem"):
            return []
        return ["gender.open" if known is None else "gender.fits"]

    def _wrote(self, asked: Asked, speaker: Speaker) -> list[str]:
        """«В письме МИДа говорится, что P. В документе отмечается, что p»: whose the document quoted before was."""
        if asked.kind != "document" or asked.head is None or not self.papers:
            return []
        word, key = self.papers[-1]
        lemma = self.view.lemmas[asked.head]
        if key == key_of(speaker):
            return ["wrote the last", f"wrote the last.{'same' if word == lemma else 'other'} word"]
        return [] if (lemma, key_of(speaker)) in self.papers else ["did not write the last"]

    def plural_subject(self, place: int) -> int | None:
        """Head of the last plural or coordinated subject in the two sentences before a place."""
        view = self.view
        number = self.view.sentence_at(place)
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


def _certain(kind: str, found: list[tuple[Speaker, list[str]]]) -> list[tuple[Speaker, list[str]]]:
    """Only those that the words point to, where there are any: media, or the holder of the office that is described."""
    if kind == "medium":
        ways = ([item for item in found if not signs.isdisjoint(item[1])] for signs in _MEDIA_SIGNS)
        return next(filter(None, ways), [])
    if kind == "role":
        pointed = [item for item in found if not _SHARED.isdisjoint(item[1]) and not _SAME_ROLE.isdisjoint(item[1])]
        return pointed or found
    return found


def _clashes(asked: Asked, known: str | None) -> bool:
    """Whether a gender cannot be the one asked for."""
    return known is not None and asked.gender in ("Masc", "Fem") and known != asked.gender


def _bucket(back: int) -> str:
    return str(back) if back <= 3 else "5" if back <= 5 else "8" if back <= 8 else "far"
