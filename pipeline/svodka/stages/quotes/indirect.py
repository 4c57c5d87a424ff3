"""Indirect speech: clauses of a cue, clauses before it, after a colon, «об этом сообщил»; finds all of it."""

from collections.abc import Iterator
from itertools import compress
from operator import or_

from svodka.stages.quotes.according import according_to
from svodka.stages.quotes.clause_end import clause_end, tail_start
from svodka.stages.quotes.clause_start import QUESTION_WORDS, clause_start
from svodka.stages.quotes.content import content
from svodka.stages.quotes.cues import Cue, Lexicon, closed_class, cue_at
from svodka.stages.quotes.found import Found
from svodka.stages.quotes.marks import Quoted
from svodka.stages.quotes.nouns import noun_clause
from svodka.stages.quotes.parenthesis import parenthesis, subject_after
from svodka.stages.quotes.quoted_speech import segments
from svodka.stages.quotes.reject import PREDICATIVES, is_generic, is_thing
from svodka.stages.quotes.reported import points_back, reported, reports
from svodka.stages.quotes.sources import source_of
from svodka.stages.quotes.view import OPEN_MARKS, STOPS, Span, View, is_dash
from svodka.stages.quotes.zones import Zones

_POINTER_REACH = 14
_FRONT = 8  # where «о том, что» may stand before its cue
_BESIDE = frozenset(("indirect.parenthetical", "indirect.according_to"))
_SET_PHRASES = closed_class("set_phrase")  # «как правило»


def find_indirect(view: View, zones: Zones, lexicon: Lexicon) -> list[Found]:
    """Indirect speech of the whole document, in the order of its cues."""
    found: list[Found] = []
    for index in _triggers(view, lexicon):
        if view.folded[index] in lexicon.phrases:
            aside = according_to(view, zones, index, lexicon)
            if aside is not None:
                found.append(aside)
        if view.lemmas[index] in lexicon.clause_nouns:
            stated = noun_clause(view, index, zones.limits(index), lexicon)
            if stated is not None:
                found.append(stated)
        cue = cue_at(view, index, lexicon, "CTLP")
        if cue is None or not reports(view, index, cue):
            continue
        limits = zones.limits(index)
        for rule in (_backward, _complement, _fronted, _colon, parenthesis):
            quotation = rule(view, zones, limits, index, cue, lexicon)
            if quotation is not None:
                found.append(quotation)
                break
    for quotation in found:
        quotation.inside = zones.zone[view.token_at(quotation.start)] > 0
        if quotation.rule in _BESIDE:
            first, end = view.tokens_of(quotation.segments[-1])
            _extend(view, zones, quotation, first, end, sure=True)
    return found


def _triggers(view: View, lexicon: Lexicon) -> Iterator[int]:
    """Tokens that may be a cue or begin a phrase that names a source."""
    lemmas = map(lexicon.cue_lemmas.__contains__, view.lemmas)
    forms = map(lexicon.trigger_forms.__contains__, view.folded)
    return compress(range(view.size), map(or_, lemmas, forms))


def _complement(view: View, zones: Zones, limits: Span, index: int, cue: Cue, lexicon: Lexicon) -> Found | None:
    """Орлов сообщил, что P.  Орлов спросил, готов ли он."""
    if not cue.takes("CTL"):
        return None
    _, last = limits
    opening = clause_start(view, index, last, cue.frames, lexicon)
    if opening is None or opening[1] >= last:
        return None
    conjunction, first = opening
    if view.folded[conjunction] == "чтобы" and _is_purpose(view, first, last):
        return None
    end = clause_end(view, index, cue, first, last, lexicon)
    span = content(view, first, end)
    if span is None:
        return None
    rule = "indirect.complement"
    if view.feature(index, "VerbForm") == "Conv":
        rule = "indirect.gerund"
    elif cue.kind == "impersonal":
        rule = "indirect.impersonal"
    elif view.folded[conjunction] == "чтобы":
        rule = "indirect.purpose"
    elif conjunction == first:
        rule = "indirect.question"
    found = reported(view, _parallel(view, span), rule, index, cue, lexicon, 0.9)
    if found is None:
        return None
    subject = found.source
    if subject is not None and subject.kind == "named" and subject.head is not None and is_generic(view, subject.head):
        return None
    if cue.kind in ("criticize", "praise_social") and (found.source is None or found.source.head is None):
        return None
    if found.source is not None and found.source.head is not None and view.folded[found.source.head] in ("вы", "ты"):
        return None
    if cue.kind == "opinion_thought" and found.source is not None and is_thing(view, found.source, lexicon):
        return None  # «соглашение предполагает, что»
    _extend(view, zones, found, first, end)
    return found


def _fronted_question(view: View, first: int, index: int, cue: Cue, lexicon: Lexicon) -> Span | None:
    """Когда откроют мост, Орлов рассказал журналистам."""
    if not cue.takes("L") or view.folded[first] not in QUESTION_WORDS:
        return None
    if view.folded[first] == "как" and (
        view.folded[first + 1] in _SET_PHRASES
        or any(cue_at(view, other, lexicon, "CDP") is not None for other in range(first + 1, min(first + 4, index)))
    ):
        return None  # «Как правило, P», «Как сообщает ТАСС, P»
    commas = [other for other in range(first + 2, index) if view.words[other] == ","]
    if not commas or index - commas[-1] > 12 or view.has_finite(commas[-1], index):
        return None
    own = any(
        view.deps[child].startswith("nsubj") and child > commas[-1] and view.lemmas[child] != "который"
        for child in view.children(index)
    )
    return content(view, first, commas[-1]) if own and view.has_finite(first, commas[-1]) else None


def _parallel(view: View, span: Span) -> list[Span]:
    """«что P1 и что P2» is one quotation of two segments."""
    first, last = view.tokens_of(span)
    for index in range(first + 2, last - 2):
        if view.folded[index] == "что" and view.folded[index - 1] in ("и", "также") and view.deps[index] == "mark":
            before = content(view, first, index - 1 - (view.folded[index - 2] == "а"))
            after = content(view, index + 1, last)
            if before is not None and after is not None and view.has_finite(first, index):
                return [before, after]
    return [span]


def _fronted(view: View, zones: Zones, limits: Span, index: int, cue: Cue, lexicon: Lexicon) -> Found | None:
    """О том, что P, сообщил Орлов."""
    first, _ = limits
    asked = _fronted_question(view, first, index, cue, lexicon)
    if asked is not None:
        return reported(view, [asked], "indirect.fronted", index, cue, lexicon, 0.8)
    if not cue.takes("C") or view.words[index - 1] != ",":
        return None
    for start in range(first, min(first + _FRONT, index - 4)):
        if view.folded[start : start + 4] == ["о", "том", ",", "что"]:
            span = content(view, start + 4, index - 1)
            told = any(cue_at(view, other, lexicon, "CL") is not None for other in range(first, start))
            if not told and span is not None and view.has_finite(start + 4, index - 1):
                return reported(view, [span], "indirect.fronted", index, cue, lexicon, 0.8)
    return None


def _is_purpose(view: View, first: int, last: int) -> bool:
    """«требуют подавления, чтобы не дать им уйти»: an infinitive after «чтобы» tells what for, not what was said."""
    verb = next((index for index in range(first, last) if view.pos[index] in ("VERB", "AUX")), None)
    return verb is not None and view.feature(verb, "VerbForm") == "Inf"


def _extend(view: View, zones: Zones, found: Found, first: int, end: int, *, sure: bool = False) -> None:
    """Quoted words that begin in the last segment and run over the end of its sentence belong to it to their end.

    Where they have to be `sure`, marks that were paired over the author's words or over lines do not count.
    """
    for index in range(first, end):
        if view.words[index] not in OPEN_MARKS:
            continue
        item = zones.quoted.get(view.starts[index])
        if item is not None and item.end > view.ends[end - 1] and not (sure and _is_astray(view, found, item)):
            *before, (start, _) = found.segments
            if index == first:
                found.segments = before + segments(view, item.parts)
            else:
                found.segments = [*before, (start, item.parts[0][1]), *item.parts[1:]]
            return


def _is_astray(view: View, found: Found, item: Quoted) -> bool:
    """Whether marks pair over lines, over the cue, or before the end of a sentence: one of them must be missing."""
    if view.line_number(item.start) != view.line_number(item.end) or found.cue is None:
        return True
    after = view.text[item.end + 1 : item.end + 2]
    closed = view.text[item.end - 1] in ".!?…" or after in ("", ".", "!", "?", "…", "\n")
    return not closed or item.start <= view.starts[found.cue[0]] < item.end


def _colon(view: View, zones: Zones, limits: Span, index: int, cue: Cue, lexicon: Lexicon) -> Found | None:
    """Оппозиционеры уверены: P."""
    if cue.weak or cue.kind == "impersonal" or view.feature(index, "VerbForm") == "Conv":
        return None
    _, last = limits
    if ":" not in view.words[index + 1 : min(last, index + 12)]:
        return None
    if any(view.deps[child] == "obj" and child > index for child in view.children(index)):
        return None  # «робот напоминает человека: у него есть голова»
    for colon in range(index + 1, last):
        word = view.words[colon]
        if word == ":":
            following = view.next_word(colon + 1)
            if following >= last or view.words[following] in OPEN_MARKS or is_dash(view, following):
                return None
            if not view.has_finite(following, last) and PREDICATIVES.isdisjoint(view.folded[following:last]):
                return None
            end = clause_end(view, index, cue, following, last, lexicon)
            span = content(view, following, end)
            return None if span is None else reported(view, [span], "indirect.colon", index, cue, lexicon, 0.75)
        if word in STOPS or (view.is_finite(colon) and view.pos[colon] == "VERB"):
            return None
    return None


# ---- a sentence that points back


def _backward(view: View, zones: Zones, limits: Span, index: int, cue: Cue, lexicon: Lexicon) -> Found | None:
    """P. Об этом сообщил Орлов."""
    first, last = limits
    if view.feature(index, "VerbForm") == "Conv":
        return None
    after = view.folded[index + 1 : index + 3] in (["об", "этом"], ["про", "это"])
    if after and any(view.is_finite(other) and view.pos[other] == "VERB" for other in range(first, index)):
        return None  # «Он всё нашёл, после чего сообщил об этом»
    if not after and (index - first > _POINTER_REACH or not points_back(view, first, index, last)):
        return None
    relaying = _relaying(view, first, last, lexicon)
    others = [other for other in relaying if other != index]
    if index in relaying:
        return None  # «Об этом, как передаёт ТАСС, заявил Орлов»: the words are Орлов's
    number = view.sentence_number(index)
    if number == 0:
        return None
    start, end = view.sentences[number - 1]
    span = content(view, start, end)
    if span is None or zones.zone[view.token_at(span[0])] != zones.zone[index]:
        return None
    if view.line_number(view.starts[first]) - view.line_number(span[0]) > 1:
        return None
    source, via = source_of(view, index, cue, lexicon)
    if via is None and others:
        via = subject_after(view, others[0], last)
    return Found(
        segments=[span],
        type="indirect",
        rule="indirect.backward",
        cue=(index, index + 1),
        cue_lemma=cue.lemma,
        source=source,
        via=via,
        confidence=0.85,
    )


def _relaying(view: View, first: int, last: int, lexicon: Lexicon) -> list[int]:
    """Cues of words that only relay what a sentence says: «, как передаёт ТАСС,», «…, передаёт ТАСС»."""
    cues = [
        index
        for index in range(first + 1, last)
        if (cue := cue_at(view, index, lexicon, "CTLP")) is not None and reports(view, index, cue)
    ]
    relaying = [index for index in cues if "как" in view.folded[max(index - 2, first) : index]]
    # «Об этом, передаёт «Интерфакс», говорится в докладе»
    relaying += [index for index in cues[:-1] if view.words[index - 1] == "," and index not in relaying]
    tail = tail_start(view, first, last, lexicon) + 1
    if tail in cues and any(index < tail and index not in relaying for index in cues):
        relaying.append(tail)
    return relaying if len(relaying) < len(cues) else []
