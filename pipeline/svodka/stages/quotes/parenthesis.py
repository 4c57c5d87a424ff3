"""Author's words in parenthesis: «P, сообщил Орлов», «Как сообщил Орлов, P»."""

from svodka.stages.quotes.according import relative_clause
from svodka.stages.quotes.clause_end import tail_start
from svodka.stages.quotes.content import content, is_whole, only_openers
from svodka.stages.quotes.cues import Cue, Lexicon, closed_class
from svodka.stages.quotes.found import Found
from svodka.stages.quotes.phrases import aside_end, noun_kind
from svodka.stages.quotes.quoted_speech import segments
from svodka.stages.quotes.reject import FIRST
from svodka.stages.quotes.reported import points_back, reported
from svodka.stages.quotes.sources import subject_within
from svodka.stages.quotes.subjects import is_body_like_subject
from svodka.stages.quotes.view import CLOSE_MARKS, OPEN_MARKS, STOPS, Span, View, is_dash
from svodka.stages.quotes.zones import Zones

_HEARSAY = closed_class("hearsay")
_COMPARING = closed_class("comparing")
_BEFORE_CUE = frozenset(("ADV", "PART", "SCONJ", "CCONJ", "PRON", "ADP", "ADJ", "NOUN", "DET"))


def parenthesis(view: View, zones: Zones, limits: Span, index: int, cue: Cue, lexicon: Lexicon) -> Found | None:
    """P, сообщил Орлов.  Как сообщил Орлов, P.  P, сообщил Орлов, p."""
    if not cue.takes("P") or (view.feature(index, "VerbForm") not in ("Fin", None) and cue.kind != "impersonal"):
        return None
    if view.feature(index, "Person") == "1":
        return None
    first, last = limits
    begun = _opening_of(view, first, index)
    if begun is None:
        return None
    opening, with_how = begun
    if not _stands_apart(view, first, opening, with_how=with_how):
        return None
    if view.words[opening - 1] == ":":
        first = opening
    if not with_how and not _has_speaker(view, opening, index, last, cue, lexicon):
        return None
    closing = _aside_end(view, index, last, cue, lexicon, at_end=not with_how)
    if closing is None:
        return None
    confidence = 0.9 if with_how or closing >= last - 1 else 0.8
    last = tail_start(view, closing, last, lexicon)
    if points_back(view, first if opening > first else closing, last, last):
        return None  # «Как передаёт ТАСС, об этом заявил Орлов» is about the sentence before
    relative = relative_clause(view, first, last, opening, closing) if opening > first else None
    if relative is not None:
        first, last = relative  # «мост, который, как сообщил Орлов, закрыт»
    if first > 0 and zones.zone[first - 1] != zones.zone[index]:
        return None  # these are the author's words of direct speech
    parts = _cut_out(view, first, opening, closing, last, index)
    if not parts:
        return None
    found = reported(view, parts, "indirect.parenthetical", index, cue, lexicon, confidence)
    if found is not None and found.source is not None:
        found.source = subject_within(view, found.source, index, opening, max(closing, index + 1))
    if found is not None and not with_how and is_dash(view, opening - 1) and _speaks_himself(view, parts):
        found.type, found.form, found.rule = "direct", "dash", "dash.unmarked"
        found.segments += _after_author(view, closing, limits[1])
    return found


def _opening_of(view: View, first: int, index: int) -> tuple[int, bool] | None:
    """Where the author's words begin, and whether with «как»; None where the cue is amid other words."""
    opening = index
    while (
        opening > first
        and index - opening < 4
        and view.pos[opening - 1] in _BEFORE_CUE
        and view.words[opening - 1] != ","
    ):
        opening -= 1
    how = next((other for other in range(opening, index) if view.folded[other] == "как"), None)
    if how is not None:
        compares = how > first and view.folded[how - 1] in _COMPARING
        return None if compares else (how, True)
    return None if any(view.pos[other] not in ("ADV", "PART") for other in range(opening, index)) else (opening, False)


def _stands_apart(view: View, first: int, opening: int, *, with_how: bool) -> bool:
    """Whether the author's words begin after a comma, a bracket or a dash, or with «как» at the head of a sentence."""
    before = view.words[opening - 1]
    at_start = opening == first or only_openers(view, first, opening)
    if not with_how:
        return opening != first and (before in (",", "(") or (is_dash(view, opening - 1) and not at_start))
    joined = view.pos[opening - 1] == "CCONJ"  # «…, и как отметил Орлов, P»
    return at_start or joined or before in (",", "(", ":") or is_dash(view, opening - 1)


def _has_speaker(view: View, opening: int, index: int, last: int, cue: Cue, lexicon: Lexicon) -> bool:
    """Whether a cue without «как» has its subject after it, or needs none: «P, говорят, p»."""
    about = view.folded[index + 1 : index + 3]
    if about[:1] in (["о"], ["об"]) and about[1:] != ["этом"]:
        return False  # «В частности, сообщается о столкновениях», «…, заявили о готовности бороться»
    hearsay = view.folded[index] in _HEARSAY and view.words[index - 1] == "," == view.words[min(index + 1, last - 1)]
    if not hearsay and subject_after(view, index, last, impersonal=cue.kind == "impersonal") is None:
        return False
    return _is_speaker_after(view, index, last, lexicon) or not _has_subject_before(view, index, opening)


def _speaks_himself(view: View, parts: list[Span]) -> bool:
    """Whether words before a dash are in the first person, so that they are a reply without marks."""
    return any(not FIRST.isdisjoint(view.folded[slice(*view.tokens_of(part))]) for part in parts)


def _after_author(view: View, closing: int, last: int) -> list[Span]:
    """What goes on after the author's words and another dash: «…, — рассказывает Орлов. — Нам звонили»."""
    if view.next_word(closing) < last:
        return []
    dash = view.next_word(last)
    if dash + 1 >= view.size or not is_dash(view, dash) or "\n" in view.text[view.ends[last - 1] : view.starts[dash]]:
        return []
    _, end = view.sentence_of(dash)
    return segments(view, [view.span_of(dash + 1, end)])


def subject_after(view: View, index: int, last: int, *, impersonal: bool = False) -> int | None:
    """The nominative, or the «в МВД» of a plural or impersonal verb, that follows a cue in parenthesis."""
    skipped = 0
    for other in range(index + 1, min(last, index + 14)):
        if other < skipped or (view.words[other] == "," and _in_date(view, other)):
            continue  # «сообщило во вторник, 19 марта, министерство»
        if view.words[other] == "«":
            closing = next((end for end in range(other, min(other + 8, last)) if view.words[end] == "»"), other)
            following = min(closing + 1, last - 1)
            told = view.pos[following] in ("NOUN", "PROPN") and view.feature(following, "Case") == "Nom"
            skipped = closing + 1 if told else other  # «сообщили «Ленте.ру» организаторы»
            continue
        if view.words[other] in (",", ":") or view.words[other] in STOPS:
            return None
        pos = view.pos[other]
        subject = pos in ("NOUN", "PROPN", "PRON", "X") or view.deps[other].startswith("nsubj")
        if subject and (view.feature(other, "Case") in ("Nom", None) or is_body_like_subject(view, other)):
            return other
        if view.folded[other] in ("в", "во", "на") and (impersonal or view.feature(index, "Number") == "Plur"):
            return other
        if pos == "VERB" and view.feature(other, "VerbForm") == "Fin":
            return None
    return None


def _noun_described(view: View, comma: int) -> int | None:
    """«Как отмечается в коммюнике, распространённом вчера, P»: the noun that «распространённом» may describe."""
    described = view.heads[min(comma + 1, view.size - 1)]
    return described if described < comma and view.pos[described] in ("NOUN", "PROPN") else None


def _in_date(view: View, comma: int) -> bool:
    """Whether a comma stands before or after a day of the month."""
    return any(word[:1].isdigit() for word in view.words[comma - 3 : comma + 2])


def _has_subject_before(view: View, index: int, opening: int) -> bool:
    return any(view.deps[child].startswith("nsubj") and child < opening for child in view.children(index))


def _is_speaker_after(view: View, index: int, last: int, lexicon: Lexicon) -> bool:
    """Whether the nominative after a cue is a person, a body or a source without a name."""
    subject = subject_after(view, index, last)
    if subject is None or view.feature(subject, "Case") != "Nom":
        return False
    speaks = noun_kind(view, subject, lexicon) in ("anonymous", "organization")
    return speaks or view.feature(subject, "Animacy") == "Anim" or view.mention_at[subject] >= 0


def _aside_end(view: View, index: int, last: int, cue: Cue, lexicon: Lexicon, *, at_end: bool) -> int | None:
    """Token after the author's words: the comma that closes them, or the end; None where a clause follows instead."""
    subject = subject_after(view, index, last)
    other = index + 1
    while other < last:
        word = view.words[other]
        if word in OPEN_MARKS and word != '"':
            other += 1
            while other < last and view.words[other] not in CLOSE_MARKS:
                other += 1
        elif word == "," and _in_date(view, other) and (subject or 0) > other:
            pass  # «сообщило во вторник, 19 марта, министерство»
        elif word == "," or word == ")":
            following = view.folded[other + 1] if other + 1 < last else ""
            if following in ("что", "чтобы", "будто") and cue.takes("CT"):
                return None
            # an apposition or a relative clause about the source is part of the author's words
            referring = view.folded[other + 1 : other + 4] == ["со", "ссылкой", "на"]
            if following in ("который", "которая", "которые", "которое", "ссылаясь") or referring:
                other += 1
                continue
            described = _noun_described(view, other) if cue.kind == "impersonal" else subject
            apposed = (
                None
                if described is None or described > other
                else aside_end(view, other, described, last, at_end=at_end)
            )
            if apposed is None:
                apposed = _apposition_end(view, other, last, lexicon)
            if apposed is not None:
                other = apposed
                continue
            return other
        elif word == ":":
            return None
        other += 1
    return last


def _apposition_end(view: View, comma: int, last: int, lexicon: Lexicon) -> int | None:
    """«Как отмечает Иван Орлов, директор фонда, P»: the comma after the office; None where no office follows."""
    person = view.label_at(comma - 1) == "PER"
    for index in range(comma + 1, min(comma + 4, last)):
        if view.pos[index] == "NOUN":
            office = noun_kind(view, index, lexicon) in ("role", "separate", "person")
            if not person or not office or view.feature(index, "Case") not in ("Nom", None):
                return None
            end = next((other for other in range(index + 1, min(index + 16, last)) if view.words[other] == ","), None)
            return end if end is not None and not view.has_finite(comma, end) else None
    return None


def _cut_out(view: View, first: int, opening: int, closing: int, last: int, index: int) -> list[Span]:
    """The sentence without the author's words: what stands before them, after them, or both."""
    before = content(view, first, opening) if opening > first else None
    after = content(view, closing, last) if closing < last else None
    if before is not None and only_openers(view, first, opening) and after is not None:
        if is_whole(view, after):
            before = None  # «Кроме того, сообщил Орлов, «P»»
    elif before is not None and after is not None and _is_remark(view, first, opening, closing, last, index):
        after = None
    parts = [span for span in (before, after) if span is not None]
    if len(parts) == 1:
        start, end = view.tokens_of(parts[0])
        if end - start < 2:
            return []
    return parts


def _is_remark(view: View, first: int, opening: int, closing: int, last: int, index: int) -> bool:
    """Whether what follows the author's words is more about the speaker and no part of the content."""
    if not view.has_finite(first, opening):
        return False
    following = view.next_word(closing + 1)
    if following >= last:
        return True
    if view.feature(following, "VerbForm") in ("Conv", "Part"):
        return True
    if view.pos[following] in ("SCONJ", "CCONJ"):
        return index in view.ancestors(following) if view.has_finite(following, last) else False
    if not view.has_finite(following, last):
        # «Это потребует, заметил он, вложений»: the words belong to the clause before
        return not any(first <= view.heads[other] < opening for other in range(following, last))
    return index in view.ancestors(following)
