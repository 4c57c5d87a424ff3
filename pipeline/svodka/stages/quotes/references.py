"""Whom words refer to as their source: «со ссылкой на МВД», «ссылаясь на очевидцев», «согласно мнению экспертов»."""

from svodka.stages.quotes.cues import Lexicon, closed_class
from svodka.stages.quotes.found import Source
from svodka.stages.quotes.phrases import named, noun_kind, phrase_from
from svodka.stages.quotes.subjects import noun_before
from svodka.stages.quotes.view import View

REPORTS = closed_class("report")
_REFERRING = closed_class("referring")
_BELONGING = closed_class("belonging")


def primary_source(view: View, cue_index: int, lexicon: Lexicon) -> Source | None:
    """«сообщает ТАСС со ссылкой на МВД» → МВД."""
    start, end = view.sentence_of(cue_index)
    last = min(end, cue_index + 16)
    for index in range(cue_index - 1, max(start, cue_index - 14), -1):
        if view.words[index] in (",", ":", ";") or view.is_finite(index):
            break
        if view.folded[index : index + 2] == ["ссылкой", "на"]:  # «WSJ со ссылкой на источники пишет»
            head = phrase_from(view, index + 2, "Acc")
            return None if head is None or head >= cue_index else _referred(view, head, lexicon)
    if _REFERRING.isdisjoint(view.folded[cue_index + 1 : last]):
        return None
    for index in range(cue_index + 1, last):
        word = view.folded[index]
        if word == "," and view.folded[index + 1 : index + 2] not in (["ссылаясь"], ["со"]):
            return None
        if word in _REFERRING and view.folded[index + 1 : index + 2] == ["на"]:
            head = phrase_from(view, index + 2, "Acc")
            if head is None or view.lemmas[head] in _BELONGING:
                return genitive_of(view, head)
            return _referred(view, head, lexicon)
    return None


def reference_after(view: View, index: int, lexicon: Lexicon) -> Source | None:
    """«по сообщению ТАСС со ссылкой на МВД»: whom the words at a token refer to."""
    start = index + (view.words[index : index + 1] == [","])
    if view.folded[start : start + 3] != ["со", "ссылкой", "на"]:
        return None
    head = phrase_from(view, start + 3, "Acc")
    return None if head is None else _referred(view, head, lexicon)


def report_source(view: View, head: int) -> Source | None:
    """«согласно мнению экспертов» → эксперты; a report that nobody owns has no source; None where it is no report."""
    if view.lemmas[head] not in REPORTS:
        return None
    return genitive_of(view, head) or Source(kind="unknown")


def relative_source(view: View, first: int, relative: int) -> Source | None:
    """«Орлов, по словам которого»: the noun before the phrase that the pronoun agrees with.

    Args:
        view: The document.
        first: First token of the phrase, after a comma.
        relative: The pronoun.
    """
    start, _ = view.sentence_of(first)
    if first - 2 < start or view.words[first - 1] != ",":
        return None
    return noun_before(view, first, relative, first)


def genitive_of(view: View, head: int | None) -> Source | None:
    """Whose a noun is: «мнение экспертов» → эксперты."""
    if head is not None:
        for child in view.children(head):
            if view.feature(child, "Case") == "Gen" and view.pos[child] in ("NOUN", "PROPN"):
                return named(view, child)
    return None


def _referred(view: View, head: int, lexicon: Lexicon) -> Source:
    """«со ссылкой на заявление МИДа»: what is referred to, a document of its author's."""
    source = named(view, head)
    if noun_kind(view, head, lexicon) == "document":
        source.kind = "document"
    return source
