"""Which organisations of a document are media, and of what kind: «газета» is no agency."""

import re

from svodka.stages.quotes.cues import Lexicon, closed_class
from svodka.stages.quotes.mentions import Mentions, is_subject
from svodka.stages.quotes.view import View

# what kinds of medium a noun may mean, by the class of the noun
_MEANS = {
    "agency": frozenset(("agency", "any")),
    "paper": frozenset(("paper", "site", "edition", "any")),
    "broadcaster": frozenset(("broadcaster", "any")),
    "portal": frozenset(("site", "portal", "edition", "translations", "any")),
    "edition": frozenset(("paper", "site", "portal", "edition", "broadcaster", "agency", "any")),
}
_NOUNS = {lemma: name for name in _MEANS for lemma in closed_class(name)}
_PUBLISHING = closed_class("article") | closed_class("publishing")
_AUTHORITIES = closed_class("authority") - {"служб"}  # «Русская служба новостей» is a medium
_ADDRESS = re.compile(r"\.(?:[a-z]{2,4}|ру|рф)\b", re.IGNORECASE)
_MOST = 4  # mentions that are looked at


class Media:
    """The media of a document.

    Args:
        view: The document.
        lexicon: The lexicon.
        mentions: Where its entities are named.

    Attributes:
        relayed: Names of those that relayed something so far.
    """

    def __init__(self, view: View, lexicon: Lexicon, mentions: Mentions) -> None:
        self.view = view
        self.lexicon = lexicon
        self.mentions = mentions
        self.relayed: set[str] = set()

    def is_medium(self, name: str) -> bool:
        """Whether a name is that of a medium: one that relayed something, or that the lexicon knows."""
        return name in self.relayed or self._kind(name) is not None

    def features(self, lemma: str, number: int) -> list[str]:
        """Signs that an organisation is the medium that a noun means; none where the noun is not one for media."""
        if lemma not in _NOUNS:
            return []
        kind = self._kind(self.view.entities[number].name) or "no known medium"
        return [*self._publishing(number), f"{_NOUNS[lemma]} for {kind}"]

    def is_other(self, lemma: str, number: int) -> bool:
        """Whether an organisation is no medium, or one of another kind than a noun tells."""
        wanted = _NOUNS.get(lemma)
        if wanted is None:
            return False
        name = self.view.entities[number].name
        known = self._kind(name)
        if known is not None:
            return known not in _MEANS[wanted]
        if any(part in name.lower() for part in _AUTHORITIES):
            return True
        kinds = {_NOUNS[noun] for noun in self.mentions.called(number) if noun in _NOUNS}
        return bool(kinds) and wanted not in kinds and kinds.isdisjoint(_MEANS[wanted])

    def _publishing(self, number: int) -> list[str]:
        """Signs that an entity is a medium: it publishes something, or has the address of a site for its name."""
        view = self.view
        signs = []
        for position in self.mentions.of(number)[:_MOST]:
            mention = view.mentions[position]
            if _ADDRESS.match(view.text, mention.end) or _ADDRESS.search(view.text, mention.start, mention.end):
                signs.append("site")
            token = view.token_at(mention.start)
            first, last = view.sentence_of(token)
            if is_subject(view, token) and not _PUBLISHING.isdisjoint(view.lemmas[first:last]):
                signs.append("publishes")
        return list(dict.fromkeys(signs))

    def _kind(self, name: str) -> str | None:
        return self.lexicon.media.get(name.lower().strip('«»"'))
