"""Bodies that the text names by a part of their name, or by what they put on their site."""

from svodka.stages.quotes.cues import closed_class
from svodka.stages.quotes.found import Source
from svodka.stages.quotes.phrases import phrase_of
from svodka.stages.quotes.view import Span, View

SITES = closed_class("site")
_PARTS = closed_class("part")
_MESSAGES = closed_class("message")


def earlier_body(view: View, head: int, span: Span) -> Source | None:
    """«пресс-служба МВД» for the «пресс-служба» alone that follows it; None where the noun is no part of another body.

    Args:
        view: The document.
        head: The noun.
        span: Tokens of its phrase.
    """
    if span[1] - span[0] > 1 or view.lemmas[head] not in _PARTS:
        return None
    for index in range(head - 1, -1, -1):
        if view.lemmas[index] == view.lemmas[head]:
            phrase = phrase_of(view, index)
            if _has_owner(view, index, phrase[1]):
                return Source(head=index, span=phrase)
    return None


def _has_owner(view: View, noun: int, last: int) -> bool:
    """Whether a genitive, a name or «по …» follows a noun in its phrase."""
    after = noun + 1
    if after >= last:
        return False
    named = view.mention_at[after] >= 0 and view.feature(after, "Case") != "Dat"
    return named or view.feature(after, "Case") == "Gen" or view.folded[after] == "по"


def owner_of_its_site(view: View, head: int, span: Span) -> int | None:
    """«в сообщении на сайте МЧС»: the name of who has the site that a message is on.

    Args:
        view: The document.
        head: The noun for the message.
        span: Tokens of its phrase.
    """
    if view.lemmas[head] not in _MESSAGES:
        return None
    for index in range(head + 1, span[1] - 1):
        if view.lemmas[index] in SITES and view.feature(index, "Case") == "Loc":
            owner = index + 1
            return owner if view.mention_at[owner] >= 0 and view.feature(owner, "Case") in ("Gen", None) else None
    return None
