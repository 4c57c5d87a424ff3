"""Which quotation words in marks and their cue make, and whether they begin a sentence."""

from svodka.stages.quotes.cues import Cue, Lexicon
from svodka.stages.quotes.found import Found
from svodka.stages.quotes.marks import Quoted
from svodka.stages.quotes.sources import source_of, subject_within
from svodka.stages.quotes.view import CLOSE_MARKS, Span, View

BEFORE = ("direct.before_dash", "direct.before_dash_only", "direct.before_comma")


def quotation_of(
    view: View, item: Quoted, rule: str, cue_index: int | None, cue: Cue | None, lexicon: Lexicon, confidence: float
) -> Found:
    """The quotation that words in marks are.

    Args:
        view: The document.
        item: The words.
        rule: Id of the rule that found it.
        cue_index: Token of the cue, None where there is none.
        cue: The cue.
        lexicon: The lexicon.
        confidence: How sure the rule is.
    """
    source, via = (
        source_of(view, cue_index, cue, lexicon) if cue_index is not None and cue is not None else (None, None)
    )
    if source is not None and cue_index is not None and rule in BEFORE:
        after = view.token_at(item.end)
        source = subject_within(view, source, cue_index, after, view.sentence_of(cue_index)[1])
    return Found(
        segments=segments(view, item.parts),
        type="direct",
        rule=rule,
        form="document" if cue is not None and cue.kind == "impersonal" else "inline",
        cue=None if cue_index is None else (cue_index, cue_index + 1),
        cue_lemma=None if cue is None else cue.lemma,
        source=source,
        via=via,
        confidence=confidence,
    )


def segments(view: View, parts: list[Span]) -> list[Span]:
    """Content of spans: no white space, no comma or dash at the edges."""
    found = []
    for start, end in parts:
        text = view.text
        while start < end and (text[start].isspace() or text[start] in ",—–" or text[start] == "-"):
            start += 1
        while start < end and (text[end - 1].isspace() or text[end - 1] in ",;:—–" or text[end - 1] == "-"):
            end -= 1
        if any(character.isalnum() for character in text[start:end]):
            found.append((start, end))
    return found


def begins_sentence(view: View, item: Quoted) -> bool:
    """Whether words in marks stand at the beginning of a sentence or a line."""
    before = view.text[max(item.start - 13, 0) : max(item.start - 1, 0)].rstrip(" \t\u00a0")
    return not before or before[-1] in ".!?…\n\r" or (before[-1] in CLOSE_MARKS and before[-2:-1] in ".!?…")
