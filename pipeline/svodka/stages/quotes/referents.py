"""Whom words without a name mean: «он», «министр», «глава ведомства», «компания», a subject that is left out.

Candidates are the people and bodies of the document and those who spoke before. Each has features, which the model
`referent` weighs: agreement, nearness, whether it spoke last, its place in its clause, what its role shares with the
phrase.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from svodka.records import Entity
from svodka.stages.columns import fold
from svodka.stages.quotes.cues import Lexicon, closed_class
from svodka.stages.quotes.phrases import noun_kind
from svodka.stages.quotes.speakers import Asked, Speaker, key_of, speaker_of
from svodka.stages.quotes.view import MARKS, Span, View

MALE = frozenset(("он", "его", "него", "тот", "ему", "им"))
FEMALE = frozenset(("она", "ее", "нее", "та", "ней", "ей"))
PLURAL = frozenset(("они", "их", "них", "те"))
PRONOUNS = MALE | FEMALE | PLURAL
_OFFICE = closed_class("office")
_OFFICES = sorted(_OFFICE)  # a set of strings has another order in each process
_INDEFINITE = closed_class("indefinite")
_STEM = 5
# words that tell nothing of which office it is
_EMPTY = frozenset(word[:5] for word in closed_class("empty"))
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
_SPOKESMEN = closed_class("spokesman")
_ANY_BODY = closed_class("any_body")
_TAKING_UP = closed_class("taking_up")
_MINISTRIES = tuple(sorted(closed_class("ministry")))
_AUTHORITIES = sorted(closed_class("authority"))
_ARTICLES = closed_class("article")
# the surest first
_MEDIA_SIGNS = (
    frozenset(("tied", "medium", "called so", "in name", "unnamed.medium")),
    frozenset(("publishes", "site")),
    frozenset(("spoke.1",)),
)
# what kinds of medium a noun may mean, by the class of the noun
_MEANS = {
    "agency": frozenset(("agency", "any")),
    "paper": frozenset(("paper", "site", "edition", "any")),
    "broadcaster": frozenset(("broadcaster", "any")),
    "portal": frozenset(("site", "portal", "edition", "translations", "any")),
    "edition": frozenset(("paper", "site", "portal", "edition", "broadcaster", "agency", "any")),
}
_MEDIUM_NOUNS = {lemma: name for name in _MEANS for lemma in closed_class(name)}
_PUBLISHING = _ARTICLES | {"опубликовать", "публиковать", "писать", "номер"}
_SHARED = frozenset(("described.shared.1", "described.shared.2"))
_SAME_ROLE = frozenset(("same noun", "same office"))
_ADDRESS = re.compile(r"\.(?:[a-z]{2,4}|ру|рф)\b", re.IGNORECASE)
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
        self._speech = speech
        self._speech_starts = [start for start, _ in speech]
        self.history: list[tuple[int, Speaker]] = []
        self._stems: set[str] = set()  # of the words of the phrase that is asked about
        self.media: set[str] = set()  # names of media that relayed something
        self.papers: list[tuple[str, object]] = []  # documents quoted so far: the word for each, and whose it was
        self._places = [mention.start for mention in view.mentions]

    @cached_property
    def _by_role(self) -> dict[str, list[int]]:
        """Persons by the words of their roles."""
        by_role: dict[str, list[int]] = defaultdict(list)
        for number, entity in enumerate(self.view.entities):
            if entity.label == "PER" and entity.role:
                for word in _words(fold(entity.role)):
                    by_role[word].append(number)
        return by_role

    @cached_property
    def _mentions_of(self) -> dict[int, list[int]]:
        """Positions of the mentions of each entity, those in direct speech left out."""
        mentions_of: dict[int, list[int]] = defaultdict(list)
        for position, mention in enumerate(self.view.mentions):
            if mention.entity is not None and not self._is_spoken(mention.start):
                mentions_of[mention.entity].append(position)
        return mentions_of

    def _is_spoken(self, place: int) -> bool:
        number = bisect_right(self._speech_starts, place) - 1
        return number >= 0 and place < self._speech[number][1]

    @cached_property
    def _dominant(self) -> int | None:
        """The person named most."""
        people = [number for number, entity in enumerate(self.view.entities) if entity.label == "PER"]
        return max(people, key=lambda number: (self.view.entities[number].n_mentions, -number), default=None)

    def sentence(self, place: int) -> int:
        """Number of the sentence of an offset."""
        return self.view.sentence_number(min(self.view.token_at(place), self.view.size - 1))

    def candidates(self, asked: Asked) -> list[tuple[Speaker, list[str]]]:
        """Who may be meant, each with its features, in no order that matters."""
        described = self._description(asked) if asked.kind in NOUNS and asked.kind != "document" else set()
        noun = None if asked.head is None else noun_kind(self.view, asked.head, self.lexicon)
        # inside direct speech, and of a word that several people may be, only who has it in his role
        strict = asked.kind == "role" and (asked.inside or (noun == "separate" and not self._just_spoke(asked)))
        unnamed = noun == "anonymous" and not self.takes_up(asked)
        # media write articles; what else is written they only relay
        relayed = asked.kind == "document" and (asked.head is None or self.view.lemmas[asked.head] not in _ARTICLES)
        found: list[tuple[Speaker, list[str]]] = []
        spoke = self._spoke(asked)
        for number in () if unnamed else self._entities(asked, spoke):
            entity = self.view.entities[number]
            if _clashes(asked, entity.gender) or (relayed and self._is_medium(entity)):
                continue
            if asked.kind == "medium" and self._is_other_medium(asked, number):
                continue
            speaker = speaker_of(number, entity, asked.span)
            features = self._features(asked, number, entity, described, noun)
            told = spoke.pop(key_of(speaker), ["silent"])
            # «представитель союза» may be its deputy head who spoke before
            speaks_for = asked.head is not None and self.view.lemmas[asked.head] in _SPOKESMEN
            body = speaks_for and "spoke.1" in told and not _SHARED.isdisjoint(features)
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
                    features += self._unnamed_features(asked.head, speaker, described)
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
            features.append("taking up" if view.lemmas[head] in _TAKING_UP else "of its own")
        features.append(f"{'described' if self._description(asked) else 'bare'}.{kind}")
        if span[1] + 1 < view.size and view.words[span[1]] == ",":
            features.append("participle" if view.feature(span[1] + 1, "VerbForm") == "Part" else "aside")
        if view.lemmas[span[0]] in _INDEFINITE:
            features.append("indefinite")
        if view.starts[head] < asked.place:
            features.append("before cue")
        if view.lemmas[head] in _OFFICE:
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
                    if entity.role and all(stem in fold(entity.role) for stem in stems)
                ][:_MOST]
            if lemma in _OFFICE:
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
            back = self.sentence(place) - self.sentence(before)
            found[key] = [f"spoke.{min(rank, 3)}", f"spoke back.{_bucket(back)}"]
            if rank == 1:
                found[key].append(f"spoke last.{_bucket(back)}")
            if self.view.line_number(before) == self.view.line_number(place):
                found[key].append("spoke in paragraph")
            if rank >= _HISTORY:
                break
        return found

    # ---- features

    def _features(self, asked: Asked, number: int, entity: Entity, described: set[str], noun: str | None) -> list[str]:
        view = self.view
        features = [f"label.{entity.label}", *self._gender(asked, entity.gender)]
        positions = self._mentions_of[number]
        before = [position for position in positions if view.mentions[position].start < asked.place]
        if not positions:
            features.append("only quoted")
        elif not before:
            features.append("named later")
        else:
            mention = view.mentions[before[-1]]
            back = self.sentence(asked.place) - self.sentence(mention.start)
            features.append(f"back.{_bucket(back)}")
            first = view.token_at(mention.start)
            subject = self._is_subject(first)
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
                role = self._role_features(asked.head, entity, described)
                features += [*role, *(f"{feature} for {noun}" for feature in role)]
            elif asked.kind in ("body", "medium"):
                features += self._body_features(asked.head, number, entity, described)
                if "taking up" in features:
                    features += [f"taking up.{feature}" for feature in features if feature.startswith("back")]
            elif asked.kind == "document":
                features += self._document_features(asked, number)
        if asked.inside:
            features.append("inside")
        return features

    def _gender(self, asked: Asked, known: str | None) -> list[str]:
        if asked.gender not in ("Masc", "Fem"):
            return []
        return ["gender.open" if known is None else "gender.fits"]

    def _role_features(self, head: int, entity: Entity, described: set[str]) -> list[str]:
        lemma = self.view.lemmas[head]
        role = fold(entity.role or "")
        words = _words(role)
        same = lemma in words or (lemma in _SPOKESMEN and not _SPOKESMEN.isdisjoint(words))
        same = same or any(all(stem in role for stem in stems) for stems in self.lexicon.long_titles.get(lemma, ()))
        features = []
        if not role:
            features.append("no role")
        elif same:
            features.append("same noun")
        elif lemma in _OFFICE and not _OFFICE.isdisjoint(words):
            features.append("same office")
        else:
            features.append("other role")
        titles = any(stem in self._stems and title in role for stem, title in self.lexicon.titles)
        if not same and words and role.split()[0][:_STEM] in described:
            features.append("whose office it is")  # «советник президента» is not the president
        if described or titles:
            known = {word.strip('«»"()')[:_STEM] for word in (*words, *fold(entity.organization or "").split())}
            shared = len(described & known) + any(stem in initials_of(role) for stem in described if len(stem) > 2)
            shared += titles
            features.append(f"described.shared.{min(shared, 2)}" if shared else "described.apart")
            if not shared and not same and role:
                features.append("other office" if "same office" in features else "stranger")
        return features

    def _body_features(self, head: int, number: int, entity: Entity, described: set[str]) -> list[str]:
        """«компания» is what was called so, or has the word in its name."""
        view = self.view
        lemma = view.lemmas[head]
        name = entity.name.lower()
        features = ["taking up" if lemma in _TAKING_UP else "of its own"]
        if any(word[: _STEM + 1] == lemma[: _STEM + 1] for word in name.split()):
            features.append("in name")
        if self._is_medium(entity):
            features.append("medium")
        if lemma in ("ведомство", "министерство") and (
            name.startswith(_MINISTRIES) or (lemma == "ведомство" and any(part in name for part in _AUTHORITIES))
        ):
            features.append("ministry")
        if lemma in self._called(number):
            features.append("called so")
        if lemma in _MEDIUM_NOUNS:
            features += self._publishing(number)
            features.append(f"{_MEDIUM_NOUNS[lemma]} for {self._medium_kind(entity) or 'no known medium'}")
        titles = any(stem in self._stems and title in name for stem, title in self.lexicon.titles)
        if described or titles:
            shared = described & {word.strip('«»"()')[:_STEM] for word in fold(entity.name).split()}
            features.append("described.shared" if shared or titles else "described.apart")
        return features

    def _called(self, number: int) -> set[str]:
        """Lemmas of the words right before the mentions of an entity: «газета» of «газета «Труд»»."""
        view = self.view
        firsts = (view.token_at(view.mentions[position].start) for position in self._mentions_of[number])
        places = (first - 1 - (first > 0 and view.words[first - 1] in MARKS) for first in firsts)
        return {view.lemmas[place] for place in places if place >= 0}

    def _publishing(self, number: int) -> list[str]:
        """Signs that an entity is a medium: it publishes something, or has the address of a site for its name."""
        view = self.view
        signs = []
        for position in self._mentions_of[number][:_HISTORY]:
            mention = view.mentions[position]
            if _ADDRESS.match(view.text, mention.end) or _ADDRESS.search(view.text, mention.start, mention.end):
                signs.append("site")
            token = view.token_at(mention.start)
            first, last = view.sentence_of(token)
            if self._is_subject(token) and not _PUBLISHING.isdisjoint(view.lemmas[first:last]):
                signs.append("publishes")
        return list(dict.fromkeys(signs))

    def _is_other_medium(self, asked: Asked, number: int) -> bool:
        """Whether a medium is of another kind than the noun tells: «газета» is no agency."""
        wanted = None if asked.head is None else _MEDIUM_NOUNS.get(self.view.lemmas[asked.head])
        if wanted is None:
            return False
        known = self._medium_kind(self.view.entities[number])
        if known is not None:
            return known not in _MEANS[wanted]
        name = self.view.entities[number].name.lower()
        if any(part in name for part in _AUTHORITIES if part != "служб"):  # but «Русская служба новостей»
            return True
        kinds = {_MEDIUM_NOUNS[lemma] for lemma in self._called(number) if lemma in _MEDIUM_NOUNS}
        return bool(kinds) and wanted not in kinds and kinds.isdisjoint(_MEANS[wanted])

    def _is_medium(self, entity: Entity) -> bool:
        return entity.name in self.media or self._medium_kind(entity) is not None

    def _medium_kind(self, entity: Entity) -> str | None:
        return self.lexicon.media.get(entity.name.lower().strip('«»"'))

    def _description(self, asked: Asked) -> set[str]:
        """Stems of the words that tell which office it is: «связи» and «минсв» of «глава Минсвязи»."""
        view = self.view
        stems: set[str] = set()
        assert asked.span is not None
        for index in range(*asked.span):
            lemma = view.lemmas[index]
            if index == asked.head or view.pos[index] not in ("NOUN", "PROPN", "ADJ", "X") or lemma[0].isdigit():
                continue
            stems.add(lemma[:_STEM])
            if lemma.startswith("мин") and len(lemma) > 6:
                stems.add(lemma[3:][:_STEM])
        self._stems = stems
        return stems - _EMPTY

    def _unnamed_features(self, head: int, speaker: Speaker, described: set[str]) -> list[str]:
        """What a phrase shares with the phrase for somebody without a name: «источник» with «источник в МВД»."""
        words = fold(speaker.name or "").split()
        features = ["same noun"] if self.view.lemmas[head][:6] in {word[:6] for word in words} else ["other noun"]
        if described:
            shared = described & {word.strip('«»"()')[:_STEM] for word in words}
            features.append("described.shared" if shared else "described.apart")
        if (speaker.name or "").lower().strip('«»"') in self.lexicon.media or speaker.name in self.media:
            features.append("medium")
        return [f"unnamed.{feature}" for feature in features]

    def _wrote(self, asked: Asked, speaker: Speaker) -> list[str]:
        """«В письме МИДа говорится, что P. В документе отмечается, что p»: whose the document quoted before was."""
        if asked.kind != "document" or asked.head is None or not self.papers:
            return []
        word, key = self.papers[-1]
        lemma = self.view.lemmas[asked.head]
        if key == key_of(speaker):
            return ["wrote the last", f"wrote the last.{'same' if word == lemma else 'other'} word"]
        return [] if (lemma, key_of(speaker)) in self.papers else ["did not write the last"]

    def _document_features(self, asked: Asked, number: int) -> list[str]:
        """«МИД опубликовал заявление. В документе говорится»: who stands in a sentence with the document before."""
        view = self.view
        features = []
        last = self.sentence(asked.place)
        for position in self._mentions_of[number]:
            mention = view.mentions[position]
            if mention.start >= asked.place:
                break
            first = view.token_at(mention.start)
            back = last - view.sentence_number(first)
            if back > 3:
                continue
            start, end = view.sentence_of(first)
            papers = [index for index in range(start, end) if self.lexicon.nouns.get(view.lemmas[index]) == "document"]
            if papers and view.starts[papers[0]] < asked.place:
                features.append(f"with a document.{min(back, 2)}")
                if self._is_subject(first):
                    features.append("subject with a document")
                if any(view.heads[first] == paper or view.heads[view.heads[first]] == paper for paper in papers):
                    features.append("owner of a document")
                break
        return features

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


def _words(role: str) -> set[str]:
    return {*role.replace("-", " ").split(), *role.split()}


def _bucket(back: int) -> str:
    return str(back) if back <= 3 else "5" if back <= 5 else "8" if back <= 8 else "far"


def initials_of(text: str) -> str:
    """Initial letters of the words: «всероссийской федерации легкой атлетики» → «вфла»."""
    return "".join(word[0] for word in text.split())
