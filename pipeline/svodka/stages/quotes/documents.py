"""Whose a document is that says something: «в сообщении МЧС», «в письме, в котором говорится»."""

from svodka.stages.quotes.bodies import owner_of_its_site
from svodka.stages.quotes.cues import Lexicon
from svodka.stages.quotes.phrases import noun_kind
from svodka.stages.quotes.view import Span, View

ISSUERS = frozenset(("organization", "role", "generic", "medium", "separate"))  # kinds of nouns for who issues one


def issuer_of(view: View, head: int, span: Span, lexicon: Lexicon) -> int | None:
    """Head of the words after a noun for a document that tell who issued it.

    Args:
        view: The document.
        head: The noun.
        span: Tokens of its phrase.
        lexicon: The lexicon.
    """
    issuer = next(
        (child for child in view.children(head) if child > head and view.feature(child, "Case") == "Gen"), None
    )
    after = head + 1
    if issuer is None and after < span[1] and view.mention_at[after] >= 0 and view.pos[after] != "ADP":
        issuer = after
    if issuer is None and after < view.size and noun_kind(view, after, lexicon) in ("medium", "organization"):
        issuer = after  # «в сообщениях СМИ», whatever the tree makes of a word that does not decline
    return owner_of_its_site(view, head, span) if issuer is None else issuer


def antecedent_of(view: View, relative: int) -> int | None:
    """The noun before the comma that a relative pronoun agrees with."""
    start, _ = view.sentence_of(relative)
    for index in range(relative - 1, max(start - 1, relative - 10), -1):
        agrees = view.feature(index, "Number") == view.feature(relative, "Number") and (
            view.feature(relative, "Gender") in (None, view.feature(index, "Gender"))
        )
        if view.pos[index] == "NOUN" and agrees:
            return index
    return None
