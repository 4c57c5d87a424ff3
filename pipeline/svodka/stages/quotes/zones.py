"""Which tokens stand in direct speech, so that no clause runs over its edge."""

from svodka.stages.quotes.marks import Quoted
from svodka.stages.quotes.view import Span, View


class Zones:
    """Which tokens stand in direct speech, so that no clause runs over its edge.

    Attributes:
        zone: Number of the direct speech of each token, 0 for narration.
        quoted: Quoted words by the offset of their opening mark.
    """

    def __init__(self, view: View) -> None:
        self.view = view
        self.zone = [0] * view.size
        self.count = 0
        self.quoted: dict[int, Quoted] = {}

    def add(self, segments: list[Span]) -> int:
        """Mark the tokens of a direct quotation; the innermost added last wins."""
        self.count += 1
        for segment in segments:
            first, last = self.view.tokens_of(segment)
            self.zone[first:last] = [self.count] * (last - first)
        return self.count

    def limits(self, index: int) -> Span:
        """Tokens [first, last) of the sentence of a token that stand in the same zone."""
        start, end = self.view.sentence_of(index)
        zone = self.zone[index]
        if self.zone[start:end].count(zone) == end - start:
            return start, end
        first, last = index, index + 1
        while first > start and self.zone[first - 1] == zone:
            first -= 1
        while last < end and self.zone[last] == zone:
            last += 1
        return first, last
