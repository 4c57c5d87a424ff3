"""Direct speech before the author's words: «П», — сказал он."""

import re

from svodka.stages.quotes.author import cue_among
from svodka.stages.quotes.cues import Lexicon
from svodka.stages.quotes.found import Found
from svodka.stages.quotes.marks import Quoted
from svodka.stages.quotes.phrases import named
from svodka.stages.quotes.quoted_speech import begins_sentence, quotation_of, segments
from svodka.stages.quotes.reject import is_name, is_sentence
from svodka.stages.quotes.subjects import subject
from svodka.stages.quotes.view import DASHES, OPEN_MARKS, View

_AFTER = re.compile(r"(?P<stop>[.!?…]*)(?P<comma>,?)\s*(?P<dash>[—–―−-]+\s+)?")
_REACH = 10


def before_author(view: View, item: Quoted, lexicon: Lexicon) -> Found | None:
    """«П», — сказал он.  «П», сказал он.  «П» заявил он."""
    match = _AFTER.match(view.text, item.end + 1)
    if match is None or "\n" in match.group():
        return None
    if match["stop"] and not match["dash"]:
        return None
    first = view.token_at(match.end())
    if first >= view.size or view.is_space[first]:
        return None
    last = _author_end(view, first)
    if match["dash"]:
        inner_stop = view.text[item.end - 1] in ".!?…," if item.end > item.start else False
        found = cue_among(view, first, last, lexicon, "DCP", reach=_REACH)
        if found is not None:
            index, cue = found
            close = index - first <= 3
            if (match["comma"] or inner_stop or (close and not cue.weak)) and (close or not cue.weak):
                return quotation_of(view, item, "direct.before_dash", index, cue, lexicon, 0.97)
        if (match["comma"] or inner_stop) and is_sentence(view, item):
            return _verbless(view, item, first, last)
        return _with_these_words(view, item, first)
    found = cue_among(view, first, last, lexicon, "D", reach=3)
    if found is None or found[1].weak:
        return None
    index, cue = found
    if match["comma"] and begins_sentence(view, item) and (is_sentence(view, item) or not is_name(view, item, lexicon)):
        return quotation_of(view, item, "direct.before_comma", index, cue, lexicon, 0.9)
    if not match["comma"] and index == first and is_sentence(view, item) and begins_sentence(view, item):
        return quotation_of(view, item, "direct.before_bare", index, cue, lexicon, 0.8)
    return None


def _with_these_words(view: View, item: Quoted, first: int) -> Found | None:
    """«П» — с этими словами врач обратилась к горожанам."""
    if view.folded[first : first + 3] not in (["с", "этими", "словами"], ["с", "такими", "словами"]):
        return None
    _, end = view.sentence_of(first)
    verb = next((index for index in range(first + 3, end) if view.is_finite(index)), None)
    source = None if verb is None else subject(view, verb)
    if source is None:
        return None
    cue = first, first + 3
    return Found(segments(view, item.parts), "direct", "direct.with_words", cue=cue, cue_lemma="слово", source=source)


def _verbless(view: View, item: Quoted, first: int, last: int) -> Found | None:
    """«П», — хмурится Котова.  «П», — министр.  No verb of the lexicon, but a subject beside the dash."""
    for index in range(first, min(last, first + 6)):
        if view.folded[index] in ("это", "все", "так"):
            return None
        if view.pos[index] in ("NOUN", "PROPN", "PRON") and view.feature(index, "Case") == "Nom":
            animate = view.feature(index, "Animacy") == "Anim" or view.pos[index] in ("PROPN", "PRON")
            if not animate:
                return None
            verbs = [verb for verb in range(first, index) if view.is_finite(verb)]
            source = named(view, index)
            return Found(
                segments=segments(view, item.parts),
                type="direct",
                rule="direct.before_dash_only",
                cue=(verbs[0], verbs[0] + 1) if verbs else None,
                cue_lemma=view.lemmas[verbs[0]] if verbs else None,
                source=source,
                confidence=0.7,
            )
    return None


def _author_end(view: View, first: int) -> int:
    """End of the author's words: the sentence's end, or a dash or colon before the quotation goes on.

    No farther than a cue is looked for.
    """
    _, end = view.sentence_of(first)
    end = min(end, first + _REACH + 1)
    if OPEN_MARKS.isdisjoint(view.words[first + 1 : end]):
        return end
    for index in range(first + 1, end):
        if view.words[index] in OPEN_MARKS and _continues(view, index - 1):
            return index
    return end


def _continues(view: View, index: int) -> bool:
    return view.words[index] in DASHES or view.words[index] in ("-", ":")
