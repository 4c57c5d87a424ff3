"""Where the people and bodies of a document are named: outside direct speech, as a subject, after which noun."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from svodka.stages.quotes.view import MARKS, Span, View


class Mentions:
    """The mentions of each entity of a document; who is only named in direct speech seldom speaks.

    Args:
        view: The document.
        speech: Offsets of direct speech, in order.
    """

    def __init__(self, view: View, speech: Sequence[Span]) -> None:
        self.view = view
        self._speech = speech
        self._speech_starts = [start for start, _ in speech]

    def of(self, number: int) -> list[int]:
        """Positions of the mentions of an entity, those in direct speech left out."""
        return self._by_entity[number]

    @cached_property
    def _by_entity(self) -> dict[int, list[int]]:
        by_entity: dict[int, list[int]] = defaultdict(list)
        for position, mention in enumerate(self.view.mentions):
            if mention.entity is not None and not self._is_spoken(mention.start):
                by_entity[mention.entity].append(position)
        return by_entity

    def _is_spoken(self, place: int) -> bool:
        number = bisect_right(self._speech_starts, place) - 1
        return number >= 0 and place < self._speech[number][1]

    def called(self, number: int) -> set[str]:
        """Lemmas of the words right before the mentions of an entity: «газета» of «газета «Труд»»."""
        view = self.view
        firsts = (view.token_at(view.mentions[position].start) for position in self.of(number))
        places = (first - 1 - (first > 0 and view.words[first - 1] in MARKS) for first in firsts)
        return {view.lemmas[place] for place in places if place >= 0}


def is_subject(view: View, first: int) -> bool:
    """Whether the name that begins at a token is the subject of a verb, or belongs to one."""
    dep, head = view.deps[first], view.heads[first]
    if dep in ("appos", "flat:name", "conj"):
        dep = view.deps[head]
    return dep.startswith("nsubj")
