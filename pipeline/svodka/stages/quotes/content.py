"""What of some tokens is content: without punctuation at the edges, in marks as a whole, after openers."""

from svodka.stages.quotes.cues import closed_class
from svodka.stages.quotes.view import CLOSE_MARKS, MARKS, OPEN_MARKS, STOPS, Span, View

_OPENERS = closed_class("opener")
# punctuation that content may begin and end with
_OPENING = OPEN_MARKS | {"("}
_CLOSING = CLOSE_MARKS | {")", "%"}


def content(view: View, first: int, last: int) -> Span | None:
    """Offsets of tokens without punctuation at the edges; a mark that pairs with one inside stays."""
    while first < last and (view.is_space[first] or (view.pos[first] == "PUNCT" and view.words[first] not in _OPENING)):
        first += 1
    while first < last and (
        view.is_space[last - 1]
        or (view.pos[last - 1] == "PUNCT" and view.words[last - 1] not in _CLOSING)
        or view.words[last - 1] in STOPS
    ):
        last -= 1
    if first >= last:
        return None
    if view.words[first] in OPEN_MARKS and view.words[last - 1] in CLOSE_MARKS and last - first > 2:
        inner = [word for word in view.words[first + 1 : last - 1] if word in MARKS]
        if len(inner) % 2 == 0 and not (inner and inner[0] in CLOSE_MARKS and inner[0] not in OPEN_MARKS):
            first, last = first + 1, last - 1
    if not any(view.words[index][0].isalnum() for index in range(first, last)):
        return None
    return view.span_of(first, last)


def is_whole(view: View, span: Span) -> bool:
    """Whether content stands in quotation marks as a whole, the marks left out."""
    first, last = view.tokens_of(span)
    return first > 0 and last < view.size and view.words[first - 1] in OPEN_MARKS and view.words[last] in CLOSE_MARKS


def only_openers(view: View, first: int, opening: int) -> bool:
    """Whether only words such as «при этом», «кроме того» stand before the author's words."""
    return opening - first <= 5 and all(
        view.folded[other] in _OPENERS or view.pos[other] in ("PUNCT", "CCONJ", "ADV", "PART") or view.is_space[other]
        for other in range(first, opening)
    )
