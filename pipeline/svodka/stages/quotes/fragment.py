"""Quoted words inside the author's sentence: назвал решение «ошибкой», потребовал «немедленно» уйти — or a name.

Whether they are somebody's words is weighed by the model `fragment`: their length and look, what stands before them,
the verbs of the sentence, quotations beside them.
"""

import re
from collections import Counter

from svodka.stages.quotes.author import may_speak
from svodka.stages.quotes.cues import Lexicon, closed_class, cue_at
from svodka.stages.quotes.found import Found, Source
from svodka.stages.quotes.marks import Quoted
from svodka.stages.quotes.quoted_speech import segments
from svodka.stages.quotes.reject import is_announced, is_name
from svodka.stages.quotes.scorer import Scorer
from svodka.stages.quotes.sources import source_of
from svodka.stages.quotes.view import Span, View

_WORD = re.compile(r"\w+")
_REACH = 25
_ADVISING = closed_class("advising")  # «стоит назвать»
_UNREAL = closed_class("unreal")


def find_fragments(
    view: View, quoted: list[Quoted], found: list[Found], headline: Span | None, lexicon: Lexicon, scorer: Scorer
) -> list[Found]:
    """Mixed quotations among the quoted words that no other quotation holds.

    Args:
        view: The document.
        quoted: Quoted words that no others hold, in reading order.
        found: What was found already.
        headline: Offsets of the headline.
        lexicon: The lexicon.
        scorer: The model `fragment`.
    """
    covered = sorted(span for item in found for span in item.segments)
    lines = {view.line_number(start) for start, _ in covered}
    sentences = {view.sentence_number(view.token_at(start)) for start, _ in covered}
    times = Counter(_folded(view, item) for item in quoted)
    added: list[Found] = []
    position = 0
    reach = 0
    for item in quoted:
        while position < len(covered) and covered[position][0] <= item.start:
            reach = max(reach, covered[position][1])
            position += 1
        if item.end - 2 <= reach or (position < len(covered) and covered[position][0] < item.end):
            continue
        certain = _before_cue(view, item, lexicon)
        fragment = certain or _by_cue(view, item, lexicon)
        if fragment is None and headline is not None and item.start < headline[1]:
            continue  # the body tells
        if fragment is None and _is_unreal(view, item):
            continue
        features = _features(view, item, fragment, lexicon)
        if times[_folded(view, item)] > 1:
            features.append("repeated")
        if headline is not None and item.start < headline[1]:
            features.append("headline")
        number = view.sentence_number(view.token_at(item.start))
        features += [
            f"quotation {where}"
            for where, there in (
                ("in sentence", number in sentences),
                ("in sentence before", number - 1 in sentences),
                ("in line", view.line_number(item.start) in lines),
                ("at all", bool(covered)),
            )
            if there
        ]
        score = scorer(features)
        if score <= scorer.threshold and certain is None:
            continue
        if fragment is None:
            fragment = Found(segments(view, item.parts), "mixed", "mixed.weighed", source=Source(kind="dropped"))
        fragment.features = tuple(features)
        if not fragment.segments:
            continue
        if added and added[-1].cue == fragment.cue is not None and added[-1].source is not None:
            added[-1].segments += fragment.segments
        else:
            added.append(fragment)
    return added


def _folded(view: View, item: Quoted) -> str:
    return view.text[item.start : item.end].lower()


def _by_cue(view: View, item: Quoted, lexicon: Lexicon) -> Found | None:
    """Quoted words that a verb of saying or naming governs."""
    first, last = view.tokens_of((item.start, item.end))
    if first >= last:
        return None
    start, _ = view.sentence_of(first)
    for index in range(first - 1, max(start - 1, first - _REACH), -1):
        if view.words[index] in (":", ";"):
            return None
        cue = cue_at(view, index, lexicon, "ANDC")
        if cue is None or not may_speak(view, index, cue):
            continue
        if view.feature(index, "VerbForm") == "Part" and not cue.takes("A"):
            continue
        if view.feature(index, "VerbForm") == "Inf" and view.lemmas[view.heads[index]] in _ADVISING:
            continue
        naming = cue.takes("A")
        if not cue.takes("AN") and cue.weak:
            continue
        governs = any(index in view.ancestors(word)[:8] for word in range(first, last))
        if not governs and not (naming and not view.has_finite(index + 1, first)):
            continue
        source, via = source_of(view, index, cue, lexicon)
        return Found(
            segments=segments(view, item.parts),
            type="mixed",
            rule="mixed.naming" if naming else "mixed.fragment",
            cue=(index, index + 1),
            cue_lemma=cue.lemma,
            source=source,
            via=via,
        )
    return None


def _before_cue(view: View, item: Quoted, lexicon: Lexicon) -> Found | None:
    """«Императором струны» назвал маэстро Орлов; «подарок» — так называют рейд."""
    after = view.token_at(item.end + 1)
    opening = view.token_at(item.start - 1)
    if opening and view.pos[opening - 1] == "NOUN":
        return None  # «директор «Гранита» назвал»
    for index in range(after, min(after + 8, view.size)):
        if view.is_space[index] or view.words[index] in (",", ".", ";", ":"):
            return None
        cue = cue_at(view, index, lexicon, "A")
        if cue is not None and cue.kind == "naming" and may_speak(view, index, cue) and view.is_finite(index):
            if index - after > 1 and view.folded[after + 1] != "так":
                return None
            source, via = source_of(view, index, cue, lexicon)
            spans = segments(view, item.parts)
            return Found(spans, "mixed", "mixed.naming", "inline", (index, index + 1), cue.lemma, source, via)
    return None


def _is_unreal(view: View, item: Quoted) -> bool:
    """«Если вам скажут: «П»»: nobody has said it."""
    mark = view.token_at(item.start - 1)
    start, _ = view.sentence_of(min(mark, view.size - 1))
    return not _UNREAL.isdisjoint(view.folded[start:mark])


def _features(view: View, item: Quoted, fragment: Found | None, lexicon: Lexicon) -> list[str]:
    """What the words look like and what stands around them."""
    text = view.text[item.start : item.end]
    words = _WORD.findall(text)
    first, last = view.tokens_of((item.start, item.end))
    mark = max(view.token_at(item.start - 1), 0)
    size = next((limit for limit in (1, 2, 3, 5, 9) if len(words) <= limit), 20)
    features = [f"words.{size}", "lower" if text[:1].islower() else "upper"]
    features.append(f"{features[1]}.{size}")
    if is_announced(view, item, lexicon):
        features.append("announced")
    elif is_name(view, item, lexicon):
        features.append("like a name")
    if view.has_finite(first, last):
        features.append("finite")
    if text[-1:] in ".!?…":
        features.append("stop inside")
    if "," in text:
        features.append("comma inside")
    if len(words) > 1 and all(word[0].isupper() for word in words):
        features.append("title case")
    if first < last:
        features.append(f"head.{view.pos[first]}")
    before = mark - 1
    if before >= 0 and not view.is_space[before]:
        features.append(f"before.{view.pos[before]}")
        if view.pos[before] in ("NOUN", "PROPN", "ADJ") and text[:1].isupper():
            features.append("name after noun")
        if view.feature(before, "Variant") == "Short" or view.is_finite(before):
            features.append("after predicate")
    after = view.token_at(item.end + 1)
    if after < view.size:
        features.append(f"after.{view.pos[after]}")
    features.append("no cue" if fragment is None else f"cue.{fragment.rule}")
    if fragment is not None and fragment.cue_lemma is not None:
        verb = lexicon.verbs.get(fragment.cue_lemma)
        features.append(f"cue kind.{verb.kind if verb else 'other'}")
        features.append("takes words" if verb is not None and verb.takes("AN") else "takes no words")
        features.append(f"cue.{fragment.rule}.{features[1]}")
    return features
