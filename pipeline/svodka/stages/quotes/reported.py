"""What rules of indirect speech share: whether a cue reports, the quotation it makes, sentences that point back."""

from itertools import pairwise

from svodka.stages.quotes.author import may_speak
from svodka.stages.quotes.cues import Cue, Lexicon, closed_class
from svodka.stages.quotes.found import Found
from svodka.stages.quotes.sources import source_of
from svodka.stages.quotes.view import Span, View

_POINTERS = {"об": "этом", "о": "чем", "обо": "всем", "про": "это"}
_BACKWARD = closed_class("backward")
_BACKWARD_NOUNS = closed_class("backward_noun")
_UNREAL = closed_class("unreported")
_MODALS = closed_class("modal")


def reports(view: View, index: int, cue: Cue) -> bool:
    """Whether the form of the cue tells that something was said by somebody."""
    if not may_speak(view, index, cue) or view.feature(index, "Tense") == "Fut":
        return False
    form = view.feature(index, "VerbForm")
    if form == "Inf":
        head = view.heads[index]
        return view.lemmas[head] in _MODALS and may_speak(view, head, cue)
    if form == "Fin" and view.feature(index, "Person") == "1" and view.feature(index, "Number") == "Plur":
        return False
    return not view.has_child(index, _UNREAL)


def reported(
    view: View, spans: list[Span], rule: str, index: int, cue: Cue, lexicon: Lexicon, confidence: float
) -> Found | None:
    """The quotation of a cue with its source; None where nobody reports («из этого следует, что»)."""
    source, via = source_of(view, index, cue, lexicon)
    if cue.kind == "impersonal" and cue.weak and source.kind == "unknown":
        return None  # «из этого следует, что»
    return Found(
        segments=spans,
        type="indirect",
        rule=rule,
        form="document" if source.kind == "document" else "inline",
        cue=(index, index + 1),
        cue_lemma=cue.lemma,
        source=source,
        via=via,
        confidence=confidence,
    )


def points_back(view: View, first: int, index: int, last: int) -> bool:
    """Whether the tokens from `first` to a cue say «об этом», or «такое заявление», of the sentence before."""
    words = view.folded[first : index + 1]
    for before, word, following in zip(["", *words], words, words[1:], strict=False):
        if _POINTERS.get(word) == following and before != "как":
            # «О чём говорили, он не рассказал» asks
            alone = sum(view.is_finite(other) for other in range(first, last)) == 1
            return following != "чем" or (alone and before != "не")  # «больше не о чем писать»
    lemmas = view.lemmas[first : min(last, first + 9)]
    return not _BACKWARD.isdisjoint(lemmas) and any(
        adjective in _BACKWARD and noun in _BACKWARD_NOUNS for adjective, noun in pairwise(lemmas)
    )
