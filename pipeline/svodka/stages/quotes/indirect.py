"""Indirect speech: clauses of a cue, author's words in parenthesis, «об этом сообщил»."""

from collections.abc import Iterator
from itertools import compress, pairwise
from operator import or_

from svodka.stages.quotes.according import according_to
from svodka.stages.quotes.clauses import (
    QUESTION_WORDS,
    Zones,
    clause_end,
    clause_start,
    content,
    is_dash,
    is_whole,
    only_openers,
    tail_start,
)
from svodka.stages.quotes.cues import Cue, Lexicon, closed_class
from svodka.stages.quotes.direct import may_speak, segments
from svodka.stages.quotes.found import Found, Source
from svodka.stages.quotes.nouns import noun_clause
from svodka.stages.quotes.phrases import noun_kind
from svodka.stages.quotes.reject import FIRST, PREDICATIVES, is_generic
from svodka.stages.quotes.sources import cue_at, is_body_like_subject, source_of, subject_within
from svodka.stages.quotes.view import CLOSE_MARKS, OPEN_MARKS, STOPS, Span, View

_POINTERS = {"об": "этом", "о": "чем", "обо": "всем", "про": "это"}
_POINTER_REACH = 14
_FRONT = 8  # where «о том, что» may stand before its cue
_BACKWARD = frozenset(("такой", "соответствующий", "подобный", "аналогичный"))
_BACKWARD_NOUNS = frozenset(
    ("заявление", "мнение", "информация", "сообщение", "вывод", "данные", "предположение", "прогноз")
)
_HEARSAY = frozenset(("говорят", "пишут"))
_UNREAL = frozenset(("если", "бы", "чтобы", "вряд"))
_MODALS = closed_class("modal")


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
        if cue is None or not _reports(view, index, cue):
            continue
        limits = zones.limits(index)
        for rule in (_backward, _complement, _fronted, _colon, _parenthesis):
            quotation = rule(view, zones, limits, index, cue, lexicon)
            if quotation is not None:
                found.append(quotation)
                break
    for quotation in found:
        quotation.inside = zones.zone[view.token_at(quotation.start)] > 0
    return found


def _triggers(view: View, lexicon: Lexicon) -> Iterator[int]:
    """Tokens that may be a cue or begin a phrase that names a source."""
    lemmas = map(lexicon.cue_lemmas.__contains__, view.lemmas)
    forms = map(lexicon.trigger_forms.__contains__, view.folded)
    return compress(range(view.size), map(or_, lemmas, forms))


def _reports(view: View, index: int, cue: Cue) -> bool:
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


def _indirect(
    view: View, spans: list[Span], rule: str, index: int, cue: Cue, lexicon: Lexicon, confidence: float
) -> Found | None:
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
    found = _indirect(view, _parallel(view, span), rule, index, cue, lexicon, 0.9)
    if found is None:
        return None
    subject = found.source
    if subject is not None and subject.kind == "named" and subject.head is not None and is_generic(view, subject.head):
        return None
    if cue.kind in ("criticize", "praise_social") and (found.source is None or found.source.head is None):
        return None
    if found.source is not None and found.source.head is not None and view.folded[found.source.head] in ("вы", "ты"):
        return None
    if cue.kind == "opinion_thought" and found.source is not None and _is_thing(view, found.source, lexicon):
        return None  # «соглашение предполагает, что»
    _extend(view, zones, found, first, end)
    return found


def _fronted_question(view: View, first: int, index: int, cue: Cue) -> Span | None:
    """Когда откроют мост, Орлов рассказал журналистам."""
    if not cue.takes("L") or view.folded[first] not in QUESTION_WORDS:
        return None
    commas = [other for other in range(first + 2, index) if view.words[other] == ","]
    if not commas or index - commas[-1] > 12 or view.has_finite(commas[-1], index):
        return None
    own = any(view.deps[child].startswith("nsubj") and child > commas[-1] for child in view.children(index))
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
    asked = _fronted_question(view, first, index, cue)
    if asked is not None:
        return _indirect(view, [asked], "indirect.fronted", index, cue, lexicon, 0.8)
    if not cue.takes("C") or view.words[index - 1] != ",":
        return None
    for start in range(first, min(first + _FRONT, index - 4)):
        if view.folded[start : start + 4] == ["о", "том", ",", "что"]:
            span = content(view, start + 4, index - 1)
            if span is not None and view.has_finite(start + 4, index - 1):
                return _indirect(view, [span], "indirect.fronted", index, cue, lexicon, 0.8)
    return None


def _is_purpose(view: View, first: int, last: int) -> bool:
    """«требуют подавления, чтобы не дать им уйти»: an infinitive after «чтобы» tells what for, not what was said."""
    verb = next((index for index in range(first, last) if view.pos[index] in ("VERB", "AUX")), None)
    return verb is not None and view.feature(verb, "VerbForm") == "Inf"


def _is_thing(view: View, source: Source, lexicon: Lexicon) -> bool:
    """Whether a subject is a thing that does not think."""
    head = source.head
    if (
        head is None
        or view.pos[head] != "NOUN"
        or view.feature(head, "Animacy") != "Inan"
        or view.mention_at[head] >= 0
    ):
        return False
    return noun_kind(view, head, lexicon) in (None, "document")


def _extend(view: View, zones: Zones, found: Found, first: int, end: int) -> None:
    """Quoted words that begin in the clause and run over the end of its sentence belong to it to their end."""
    for index in range(first, end):
        if view.words[index] not in OPEN_MARKS:
            continue
        item = zones.quoted.get(view.starts[index])
        if item is not None and item.end > view.ends[end - 1]:
            if index == first:
                found.segments = segments(view, item.parts)
            else:
                found.segments = [(found.segments[0][0], item.parts[0][1]), *item.parts[1:]]
            return


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
            return None if span is None else _indirect(view, [span], "indirect.colon", index, cue, lexicon, 0.75)
        if word in STOPS or (view.is_finite(colon) and view.pos[colon] == "VERB"):
            return None
    return None


# ---- author's words in parenthesis


def _parenthesis(view: View, zones: Zones, limits: Span, index: int, cue: Cue, lexicon: Lexicon) -> Found | None:
    """P, сообщил Орлов.  Как сообщил Орлов, P.  P, сообщил Орлов, p."""
    if not cue.takes("P") or (view.feature(index, "VerbForm") not in ("Fin", None) and cue.kind != "impersonal"):
        return None
    if view.feature(index, "Person") == "1":
        return None
    first, last = limits
    opening = index
    while (
        opening > first
        and index - opening < 4
        and (view.pos[opening - 1] in ("ADV", "PART", "SCONJ", "CCONJ", "PRON", "ADP", "ADJ", "NOUN", "DET"))
        and view.words[opening - 1] not in (",",)
    ):
        opening -= 1
    how = next((other for other in range(opening, index) if view.folded[other] == "как"), None)
    if how is not None:
        if how > first and view.folded[how - 1] in ("того", "так", "такой", "тогда", "такие", "до"):
            return None
        opening = how
    elif any(view.pos[other] not in ("ADV", "PART") for other in range(opening, index)):
        return None
    at_start = opening == first or only_openers(view, first, opening)
    joined = how is not None and view.pos[opening - 1] == "CCONJ"  # «…, и как отметил Орлов, P»
    bounds = (",", "(", ":") if how is not None else (",", "(")
    if not at_start and not joined and view.words[opening - 1] not in bounds and not is_dash(view, opening - 1):
        return None
    if view.words[opening - 1] == ":":
        first = opening
    if how is None and (opening == first or (view.words[opening - 1] not in (",", "(") and at_start)):
        return None
    hearsay = view.folded[index] in _HEARSAY and view.words[index - 1] == "," == view.words[min(index + 1, last - 1)]
    alone = how is None and _subject_after(view, index, last, impersonal=cue.kind == "impersonal") is None
    if alone and not hearsay:
        return None
    if how is None and not _is_speaker_after(view, index, last) and _has_subject_before(view, index, opening):
        return None
    closing = _aside_end(view, index, last, cue, lexicon)
    if closing is None:
        return None
    confidence = 0.9 if how is not None or closing >= last - 1 else 0.8
    last = tail_start(view, closing, last, lexicon)
    if _points_back(view, first if opening > first else closing, last, last):
        return None  # «Как передаёт ТАСС, об этом заявил Орлов» is about the sentence before
    if first > 0 and zones.zone[first - 1] != zones.zone[index]:
        return None  # these are the author's words of direct speech
    parts = _cut_out(view, first, opening, closing, last, index)
    if not parts:
        return None
    found = _indirect(view, parts, "indirect.parenthetical", index, cue, lexicon, confidence)
    if found is not None and found.source is not None:
        found.source = subject_within(view, found.source, index, opening, max(closing, index + 1))
    if found is not None and how is None and is_dash(view, opening - 1) and _speaks_himself(view, parts):
        found.type, found.form, found.rule = "direct", "dash", "dash.unmarked"
        found.segments += _after_author(view, closing, limits[1])
    return found


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


def _subject_after(view: View, index: int, last: int, *, impersonal: bool = False) -> int | None:
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


def _in_date(view: View, comma: int) -> bool:
    """Whether a comma stands before or after a day of the month."""
    return any(word[:1].isdigit() for word in view.words[comma - 3 : comma + 3])


def _has_subject_before(view: View, index: int, opening: int) -> bool:
    return any(view.deps[child].startswith("nsubj") and child < opening for child in view.children(index))


def _is_speaker_after(view: View, index: int, last: int) -> bool:
    """Whether the nominative after a cue is a person or a named body."""
    subject = _subject_after(view, index, last)
    if subject is None or view.feature(subject, "Case") != "Nom":
        return False
    return view.feature(subject, "Animacy") == "Anim" or view.mention_at[subject] >= 0


def _aside_end(view: View, index: int, last: int, cue: Cue, lexicon: Lexicon) -> int | None:
    """Token after the author's words: the comma that closes them, or the end; None where a clause follows instead."""
    other = index + 1
    while other < last:
        word = view.words[other]
        if word in OPEN_MARKS and word != '"':
            other += 1
            while other < last and view.words[other] not in CLOSE_MARKS:
                other += 1
        elif word == "," and _in_date(view, other) and (_subject_after(view, index, last) or 0) > other:
            pass  # «сообщило во вторник, 19 марта, министерство»
        elif word == "," or word == ")":
            following = view.folded[other + 1] if other + 1 < last else ""
            if following in ("что", "чтобы", "будто") and cue.takes("CT"):
                return None
            # an apposition or a relative clause about the source is part of the author's words
            if following in ("который", "которая", "которые", "которое") or following == "ссылаясь":
                other += 1
                continue
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
    number = view.mention_at[comma - 1]
    person = number >= 0 and view.mentions[number].label == "PER"
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


# ---- a sentence that points back


def _backward(view: View, zones: Zones, limits: Span, index: int, cue: Cue, lexicon: Lexicon) -> Found | None:
    """P. Об этом сообщил Орлов."""
    first, last = limits
    if view.feature(index, "VerbForm") == "Conv":
        return None
    after = view.folded[index + 1 : index + 3] in (["об", "этом"], ["про", "это"])
    if not after and (index - first > _POINTER_REACH or not _points_back(view, first, index, last)):
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
        via = _subject_after(view, others[0], last)
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
        if (cue := cue_at(view, index, lexicon, "CTLP")) is not None and _reports(view, index, cue)
    ]
    relaying = [index for index in cues if "как" in view.folded[max(index - 2, first) : index]]
    # «Об этом, передаёт «Интерфакс», говорится в докладе»
    relaying += [index for index in cues[:-1] if view.words[index - 1] == "," and index not in relaying]
    tail = tail_start(view, first, last, lexicon) + 1
    if tail in cues and any(index < tail and index not in relaying for index in cues):
        relaying.append(tail)
    return relaying if len(relaying) < len(cues) else []


def _points_back(view: View, first: int, index: int, last: int) -> bool:
    words = view.folded[first : index + 1]
    for word, following in pairwise(words):
        if _POINTERS.get(word) == following:
            # «О чём говорили, он не рассказал» asks
            return following != "чем" or sum(view.is_finite(other) for other in range(first, last)) == 1
    lemmas = view.lemmas[first : min(last, first + 9)]
    return not _BACKWARD.isdisjoint(lemmas) and any(
        adjective in _BACKWARD and noun in _BACKWARD_NOUNS for adjective, noun in pairwise(lemmas)
    )
