"""What a phrase without a name shares with somebody: with his role, his name, the document he is named beside."""

from collections.abc import Iterable
from dataclasses import dataclass

from svodka.records import Entity
from svodka.stages.columns import fold
from svodka.stages.quotes.cues import Lexicon, closed_class
from svodka.stages.quotes.media import Media
from svodka.stages.quotes.mentions import Mentions, is_subject
from svodka.stages.quotes.speakers import Asked
from svodka.stages.quotes.view import View

OFFICE = closed_class("office")
SPOKESMEN = closed_class("spokesman")
TAKING_UP = closed_class("taking_up")
_STEM = 5
_EMPTY = frozenset(word[:_STEM] for word in closed_class("empty"))
_MINISTRIES = tuple(closed_class("ministry"))
_AUTHORITIES = closed_class("authority")


@dataclass(frozen=True, slots=True)
class Description:
    """The words of a phrase beside its head.

    Attributes:
        stems: Their stems.
        telling: Those that tell which office or body it is: «связи» and «минсв» of «нынешний глава Минсвязи».
    """

    stems: frozenset[str] = frozenset()
    telling: frozenset[str] = frozenset()


def describe(view: View, asked: Asked) -> Description:
    """How the words that are asked about describe whom they mean."""
    stems: set[str] = set()
    assert asked.span is not None
    for index in range(*asked.span):
        lemma = view.lemmas[index]
        if index == asked.head or view.pos[index] not in ("NOUN", "PROPN", "ADJ", "X") or lemma[0].isdigit():
            continue
        stems.add(lemma[:_STEM])
        if lemma.startswith("мин") and len(lemma) > 6:
            stems.add(lemma[3:][:_STEM])
    return Description(frozenset(stems), frozenset(stems - _EMPTY))


class Likeness:
    """Features of what phrases and the people and bodies of a document have in common.

    Args:
        view: The document.
        lexicon: The lexicon.
        mentions: Where its entities are named.
        media: Its media.
    """

    def __init__(self, view: View, lexicon: Lexicon, mentions: Mentions, media: Media) -> None:
        self.view = view
        self.lexicon = lexicon
        self.mentions = mentions
        self.media = media

    def role(self, head: int, entity: Entity, described: Description) -> list[str]:
        """What the noun of a phrase and what describes it share with the role of a person."""
        lemma = self.view.lemmas[head]
        role = fold(entity.role or "")
        words = role_words(role)
        same = lemma in words or (lemma in SPOKESMEN and not SPOKESMEN.isdisjoint(words))
        same = same or any(is_in_full(stems, role) for stems in self.lexicon.long_titles.get(lemma, ()))
        features = []
        if not role:
            features.append("no role")
        elif same:
            features.append("same noun")
        elif lemma in OFFICE and not OFFICE.isdisjoint(words):
            features.append("same office")
        else:
            features.append("other role")
        titles = self._has_title(described, role)
        if not same and words and role.split()[0][:_STEM] in described.telling:
            features.append("whose office it is")  # «советник президента» is not the president
        if described.telling or titles:
            known = _stems((*words, *fold(entity.organization or "").split()))
            initials = initials_of(role)
            shared = len(described.telling & known) + titles
            shared += any(stem in initials for stem in described.telling if len(stem) > 2)
            features.append(f"described.shared.{min(shared, 2)}" if shared else "described.apart")
            if not shared and not same and role:
                features.append("other office" if "same office" in features else "stranger")
        return features

    def body(self, head: int, number: int, entity: Entity, described: Description) -> list[str]:
        """«компания» is what was called so, or has the word in its name."""
        lemma = self.view.lemmas[head]
        name = entity.name.lower()
        features = ["taking up" if lemma in TAKING_UP else "of its own"]
        if any(word[: _STEM + 1] == lemma[: _STEM + 1] for word in name.split()):
            features.append("in name")
        if self.media.is_medium(entity.name):
            features.append("medium")
        if _is_ministry(lemma, name):
            features.append("ministry")
        if lemma in self.mentions.called(number):
            features.append("called so")
        features += self.media.features(lemma, number)
        titles = self._has_title(described, name)
        if described.telling or titles:
            shared = described.telling & _stems(fold(entity.name).split())
            features.append("described.shared" if shared or titles else "described.apart")
        return features

    def unnamed(self, head: int, name: str, described: Description) -> list[str]:
        """What a phrase shares with the phrase for somebody without a name: «источник» with «источник в МВД»."""
        words = fold(name).split()
        features = ["same noun"] if self.view.lemmas[head][:6] in {word[:6] for word in words} else ["other noun"]
        if described.telling:
            shared = described.telling & _stems(words)
            features.append("described.shared" if shared else "described.apart")
        if self.media.is_medium(name):
            features.append("medium")
        return [f"unnamed.{feature}" for feature in features]

    def document(self, place: int, number: int) -> list[str]:
        """«МИД опубликовал заявление. В документе говорится»: who stands in a sentence with the document before."""
        view = self.view
        features = []
        last = view.sentence_at(place)
        for position in self.mentions.of(number):
            mention = view.mentions[position]
            if mention.start >= place:
                break
            first = view.token_at(mention.start)
            back = last - view.sentence_number(first)
            if back > 3:
                continue
            start, end = view.sentence_of(first)
            papers = [index for index in range(start, end) if self.lexicon.nouns.get(view.lemmas[index]) == "document"]
            if papers and view.starts[papers[0]] < place:
                features.append(f"with a document.{min(back, 2)}")
                if is_subject(view, first):
                    features.append("subject with a document")
                if any(view.heads[first] == paper or view.heads[view.heads[first]] == paper for paper in papers):
                    features.append("owner of a document")
                break
        return features

    def _has_title(self, described: Description, text: str) -> bool:
        """Whether a role or a name has in full what a phrase says in short."""
        return any(stem in described.stems and title in text for stem, title in self.lexicon.titles)


def is_in_full(stems: tuple[str, ...], role: str) -> bool:
    """Whether a role is a title in full: all stems of the title stand in it."""
    return all(stem in role for stem in stems)


def role_words(role: str) -> set[str]:
    """Words of a role, those with a hyphen whole and in parts."""
    return {*role.replace("-", " ").split(), *role.split()}


def _stems(words: Iterable[str]) -> set[str]:
    return {word.strip('«»"()')[:_STEM] for word in words}


def _is_ministry(lemma: str, name: str) -> bool:
    """Whether «министерство» or «ведомство» may take up a body of this name."""
    if lemma == "ведомство" and any(part in name for part in _AUTHORITIES):
        return True
    return lemma in ("ведомство", "министерство") and name.startswith(_MINISTRIES)


def initials_of(text: str) -> str:
    """Initial letters of the words: «всероссийской федерации легкой атлетики» → «вфла»."""
    return "".join(word[0] for word in text.split())
