"""Quoted words inside somebody's reported act: назвал решение «ошибкой», потребовал «немедленно» уйти."""

from svodka.stages.quotes.cues import Lexicon
from svodka.stages.quotes.direct import may_speak, segments
from svodka.stages.quotes.found import Found
from svodka.stages.quotes.marks import Quoted
from svodka.stages.quotes.reject import is_announced, is_name
from svodka.stages.quotes.sources import cue_at, source_of
from svodka.stages.quotes.view import View

_REACH = 25


def find_fragments(view: View, quoted: list[Quoted], found: list[Found], lexicon: Lexicon) -> list[Found]:
    """Mixed quotations among the quoted words that no other quotation holds."""
    covered = sorted(span for item in found for span in item.segments)
    added: list[Found] = []
    position = 0
    reach = 0
    for item in quoted:
        while position < len(covered) and covered[position][0] <= item.start:
            reach = max(reach, covered[position][1])
            position += 1
        if item.end <= reach or (position < len(covered) and covered[position][0] < item.end):
            continue
        fragment = _fragment(view, item, lexicon)
        if fragment is not None:
            if added and added[-1].cue == fragment.cue and added[-1].source is not None:
                added[-1].segments += fragment.segments
            else:
                added.append(fragment)
    return added


def _fragment(view: View, item: Quoted, lexicon: Lexicon) -> Found | None:
    if is_announced(view, item, lexicon) or (view.text[item.start].isupper() and is_name(view, item, lexicon)):
        return None
    first, last = view.tokens_of((item.start, item.end))
    if first >= last:
        return None
    start, _ = view.sentence_of(first)
    for index in range(first - 1, max(start - 1, first - _REACH), -1):
        if view.words[index] in (":", ";"):
            return None
        cue = cue_at(view, index, lexicon, "AN")
        if cue is not None and may_speak(view, index, cue) and view.feature(index, "VerbForm") != "Part":
            named = cue.takes("A")
            governs = any(index in view.ancestors(word)[:8] for word in range(first, last))
            if not governs and not (named and not view.has_finite(index + 1, first)):
                continue
            if not named and view.text[item.start].isupper():
                return None
            source, via = source_of(view, index, cue, lexicon)
            return (
                Found(
                    segments=segments(view, item.parts),
                    type="mixed",
                    rule="mixed.naming" if named else "mixed.fragment",
                    cue=(index, index + 1),
                    cue_lemma=cue.lemma,
                    source=source,
                    via=via,
                    confidence=0.8 if named else 0.6,
                )
                if segments(view, item.parts)
                else None
            )
    return None
