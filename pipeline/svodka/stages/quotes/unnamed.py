"""What becomes of words that name nobody: who is asked for, and what they are called if nobody of the text is meant."""

from svodka.stages.pymorphy import Dictionary
from svodka.stages.quotes.cues import Lexicon
from svodka.stages.quotes.phrases import lower_first, nominative
from svodka.stages.quotes.speakers import Asked, Speaker
from svodka.stages.quotes.view import Span, View


def asked_of(
    view: View, head: int, span: Span, kind: str | None, place: int, gender: str | None, *, inside: bool
) -> Asked | None:
    """What to ask about a phrase without a name that may take up somebody; None where it cannot."""
    if view.feature(head, "Number") == "Plur":
        return None
    if kind == "organization":
        return Asked("body", place, head, span, inside=inside)
    animate = view.feature(head, "Animacy") == "Anim"
    if animate or kind in ("role", "generic", "separate", "anonymous", "person"):
        if kind == "person" and gender is None and view.pos[head] == "NOUN":
            gender = view.feature(head, "Gender")  # «по словам женщины»
        return Asked("role", place, head, span, gender, inside=inside)
    return None


def by_phrase(view: View, head: int, span: Span, kind: str | None, lexicon: Lexicon, dictionary: Dictionary) -> Speaker:
    """The speaker who has no other name than the words of the text.

    Args:
        view: The document.
        head: Head of the words.
        span: Tokens of the words.
        kind: Kind of the head; see ``lexicons/speaker_nouns.tsv``.
        lexicon: The lexicon.
        dictionary: For the nominative.
    """
    first = span[0] + (view.lemmas[span[0]] == "сам" and span[0] < head)  # «сам координатор»
    name = lower_first(view, first, nominative(view, (first, span[1]), dictionary))
    plural = view.feature(head, "Number") == "Plur"
    animate = view.feature(head, "Animacy") == "Anim"
    gender = None
    if kind in ("organization", "medium"):
        shown = "organization"
    elif view.lemmas[head] == "один" and not plural:
        shown = "person" if _is_of_people(view, span) else "organization"  # «один из лидеров», «одно из агентств»
    elif kind == "group" or view.pos[head] in ("SYM", "NUM"):
        shown = "group"
    elif kind in ("role", "person", "anonymous", "separate", "generic") or animate or _is_somebody(view, head):
        shown = "group" if plural else "person"
        gender = view.feature(head, "Gender") if kind in ("person", "anonymous") else None
    elif kind == "document":
        shown = "organization" if view.lemmas[head] in lexicon.venues else "document"
    else:
        shown = "group" if plural else "organization"
    return Speaker(name, shown, None, span, gender=gender)


def _is_of_people(view: View, span: Span) -> bool:
    """Whether the first noun of a phrase, if it has one, is a living being: «один из лидеров»."""
    noun = next((index for index in range(*span) if view.pos[index] == "NOUN"), None)
    return noun is None or view.feature(noun, "Animacy") == "Anim"


def _is_somebody(view: View, head: int) -> bool:
    """«неизвестный», «пострадавшая»: an adjective or participle that stands for a person."""
    nominal = view.pos[head] == "ADJ" or view.feature(head, "VerbForm") == "Part"
    return nominal and view.feature(head, "Gender") in ("Masc", "Fem")
