"""The author's words about direct speech: the cue among them, and what they cut out of a turn."""

import re

from svodka.stages.quotes.cues import Cue, Lexicon, closed_class, cue_at
from svodka.stages.quotes.view import Span, View, is_dash

# what parts the author's words from speech, as a whole token each: see _BOUNDARY and DASHES
_INNER_DASH = re.compile(r"[,.!?…]\s*[—–―−-]")
_BOUNDARY = frozenset((",", "!", "?", "…", "...", ".", "?!", "!?", "!!!", "!..", "?.."))
_HYPOTHETICAL = closed_class("unreal")
_SPOKEN = closed_class("turn_taker")
_MAX_AUTHOR = 45


def split_turn(
    view: View, span: Span, lexicon: Lexicon, skip: list[Span], *, any_verb: bool = False
) -> tuple[int, Cue, list[Span]] | None:
    """Author's words between dashes inside direct speech.

    Args:
        view: The document.
        span: Offsets of the speech.
        lexicon: The lexicon.
        skip: Offsets of quoted words inside it, which are not looked into.
        any_verb: Whether any verb with a subject after it will do for a cue («— хмурится Котова»).

    Returns:
        The token and entry of the cue, and the spans of the author's words; None where there are none.
    """
    if _INNER_DASH.search(view.text, *span) is None:
        return None
    first, last = view.tokens_of(span)
    gaps: list[Span] = []
    cue_found: tuple[int, Cue] | None = None
    index = first + 1
    while index < last - 1:
        hole = next((end for start, end in skip if start <= view.starts[index] < end), None)
        if hole is not None:
            index = max(view.token_at(hole), index + 1)
            continue
        if not (is_dash(view, index) and view.words[index - 1] in _BOUNDARY):
            index += 1
            continue
        found = cue_among(view, index + 1, min(last, index + 8), lexicon, "DP", reach=4)
        if found is None and any_verb:
            found = _any_verb(view, index + 1, last)
        spoken = found is not None and not _SPOKEN.isdisjoint(view.folded[index + 1 : found[0] + 3])
        if found is None or spoken or not view.words[index + 1][:1].islower():
            index += 1
            continue
        ending = next(
            (
                other
                for other in range(found[0] + 1, min(last, index + _MAX_AUTHOR))
                if is_dash(view, other) and view.words[other - 1] in (",", ".", ":", "!", "?")
            ),
            None,
        )
        cue_found = cue_found or found
        gap_end = view.ends[ending] if ending is not None else span[1]
        gaps.append((view.starts[index], gap_end))
        index = (ending if ending is not None else last) + 1
    return (*cue_found, gaps) if cue_found is not None else None


def _any_verb(view: View, first: int, last: int) -> tuple[int, Cue] | None:
    """A finite verb right after the dash with a nominative person after it: «— хмурится Котова»."""
    if first < last and view.folded[first] == "с":
        first = next(
            (index + 1 for index in range(first, min(last, first + 4)) if view.folded[index] == "словами"), last
        )
        verb = next((index for index in range(first, min(last, first + 6)) if view.is_finite(index)), None)
    else:
        verb = first if first < last and view.is_finite(first) and view.pos[first] == "VERB" else None
    if verb is None:
        return None
    for index in range(first, min(last, verb + 5)):
        person = view.pos[index] == "PROPN" or view.feature(index, "Animacy") == "Anim" or view.pos[index] == "PRON"
        if person and view.feature(index, "Case") == "Nom":
            return verb, Cue(view.lemmas[verb], "manner", frozenset("D"), weak=True)
    return None


def without(parts: list[Span], gaps: list[Span]) -> list[Span]:
    """Spans without the gaps inside them."""
    kept: list[Span] = []
    for start, end in parts:
        for gap_start, gap_end in gaps:
            if start <= gap_start < end:
                kept.append((start, gap_start))
                start = gap_end
        kept.append((start, end))
    return kept


def cue_among(
    view: View, first: int, last: int, lexicon: Lexicon, frames: str, *, reach: int
) -> tuple[int, Cue] | None:
    """The first finite cue among tokens [first, last), at most `reach` words away."""
    for index in range(first, min(last, first + reach + 1)):
        if view.words[index] in (":", ";"):
            return None
        cue = cue_at(view, index, lexicon, frames)
        told = view.feature(index, "VerbForm") != "Part" or (cue is not None and cue.kind == "impersonal")
        if cue is not None and may_speak(view, index, cue) and told:
            return index, cue
    return None


def may_speak(view: View, index: int, cue: Cue) -> bool:
    """Whether the form of a cue reports something said: no imperative, no «если скажет», no «не сказал»."""
    negated = index > 0 and view.folded[index - 1] == "не"
    if (cue.negated is not None and negated != cue.negated) or view.feature(index, "Mood") == "Imp":
        return False
    return not view.has_child(index, _HYPOTHETICAL)
