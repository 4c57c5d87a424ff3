"""Speech by layout: a line with the speaker's name and paragraphs after it, interviews with labels, dash dialogues."""

import re
from dataclasses import dataclass

from svodka.stages.quotes.author import may_speak, split_turn, without
from svodka.stages.quotes.cues import Lexicon, closed_class, cue_at
from svodka.stages.quotes.found import Found, Source
from svodka.stages.quotes.phrases import noun_kind, phrase_of
from svodka.stages.quotes.quoted_speech import segments
from svodka.stages.quotes.sources import source_of
from svodka.stages.quotes.view import DASHES, OPEN_MARKS, Span, View

_REMARK = re.compile(r"\s*\([А-ЯЁ][^()\n]{1,60}[.!?…]\)\s*")
_INITIALS = re.compile(r"[А-ЯЁ]\.\s?(?:[А-ЯЁ]\.)?")
_COLON_OR_BRACKET = re.compile(r"[:«»()]")
_DASH = re.compile(r"[—–―-]\s+")
_SERVICE = re.compile(r"(?:Подробнее|Читайте|Источник|Фото|Видео|Смотрите|Ранее|Напомним|Справка)\b")
_ASKS = closed_class("asks")
_ANSWERS = closed_class("answers")
_TALK = closed_class("talk")
_BULLETS = "•·*▪"
_MAX_LABEL = 200
_MAX_PARAGRAPHS = 30


@dataclass(frozen=True, slots=True)
class Label:
    """The words before a colon that say whose speech follows.

    Attributes:
        line: Number of its line.
        tokens: Tokens [first, last) of the label, without the colon.
        start: Offset where the speech begins in this line; None where it begins in the next.
        kind: name, role, question, answer or cue.
        described: Whether an office follows the name: «Орлов, мэр:».
        cue: Token of the cue, for «Орлов написал в блоге:».
    """

    line: int
    tokens: Span
    start: int | None
    kind: str
    described: bool = False
    cue: int | None = None


def find_turns(view: View, lexicon: Lexicon) -> list[Found]:
    """Speech that the layout attributes, in reading order."""
    labels = _labels(view, lexicon)
    found: list[Found] = []
    for position, label in enumerate(labels):
        following = labels[position + 1].line if position + 1 < len(labels) else len(view.lines)
        turn = _block(view, label, following, labels, lexicon)
        if turn is not None:
            found.append(turn)
    taken = {view.line_number(start) for turn in found for start, _ in turn.segments}
    return found + _dialogues(view, taken, lexicon)


# ---- labels


def _labels(view: View, lexicon: Lexicon) -> list[Label]:
    labels = [label for number in range(len(view.lines)) if (label := _label(view, number, lexicon)) is not None]
    inline = [label for label in labels if label.start is not None and not label.described and label.line > 0]
    if len(inline) < 2:
        labels = [label for label in labels if label.start is None or label.described]
    return [label for label in labels if label.line > 0 or label.start is None]


def _label(view: View, number: int, lexicon: Lexicon) -> Label | None:
    start, end = view.lines[number]
    text = view.text
    if not (text[start].isupper() or text[start] in '«"'):
        return None
    colon = _colon(text, start, min(end, start + _MAX_LABEL))
    if colon is None and text[end - 1] == ":":
        colon = end - 1
    if colon is None:
        return None
    first, last = view.tokens_of((start, colon))
    if last <= first:
        return None
    speech = colon + 1
    while speech < end and text[speech].isspace():
        speech += 1
    inline = speech if speech < end else None
    if inline is None and number + 1 >= len(view.lines):
        return None
    after = text[inline] if inline is not None else text[view.lines[number + 1][0]]
    if after in OPEN_MARKS or (inline is not None and not (after.isupper() or after in DASHES or after == "-")):
        return None
    if inline is not None and inline == colon + 1:
        return None  # «12:30», «http://»
    verbs = [index for index in range(first, last) if view.is_finite(index) and view.pos[index] == "VERB"]
    if verbs:
        return _announced(view, number, first, last, lexicon) if inline is None else None
    kind = _kind(view, first, last, lexicon)
    if kind is None or (kind == "role" and inline is not None):
        return None
    return Label(number, (first, last), inline, kind, described=_is_described(view, first, last))


def _colon(text: str, start: int, end: int) -> int | None:
    """The first colon outside quotation marks and parentheses."""
    if text.find(":", start, end) < 0:
        return None
    depth = 0
    for match in _COLON_OR_BRACKET.finditer(text, start, end):
        character = match.group()
        if character in "«(":
            depth += 1
        elif character in "»)":
            depth = max(depth - 1, 0)
        elif not depth:
            return match.start()
    return None


def _kind(view: View, first: int, last: int, lexicon: Lexicon) -> str | None:
    if last - first > 40:
        return None
    word = view.folded[first]
    if word in _ASKS and (last == first + 1 or view.words[first + 1] in (".", "(")):
        return "question"
    if word in _ANSWERS and last == first + 1:
        return "answer"
    if _INITIALS.match(view.text[view.starts[first] : view.ends[last - 1]]) and last - first <= 6:
        return "name"
    number = view.mention_at[first]
    if number >= 0 and view.mentions[number].label == "PER":
        _, after = view.tokens_of((view.mentions[number].start, view.mentions[number].end))
        if after >= last or view.words[after] in (",", "(", "-") or view.words[after] in DASHES:
            return "name"
        return None
    if view.words[first] in OPEN_MARKS and last - first <= 8:
        return "name"
    if _name_by_shape(view, first, last) > first:
        return "literal"
    noun = next((index for index in range(first, min(last, first + 3)) if view.pos[index] == "NOUN"), None)
    if noun is None or last - first > 8 or view.feature(noun, "Case") != "Nom":
        return None
    return "role" if noun_kind(view, noun, lexicon) in ("role", "separate", "person", "anonymous") else None


def _name_by_shape(view: View, first: int, last: int) -> int:
    """The end of «Роман ДЕГТЯРЁВ» before a parenthesis, comma or dash, where no name was recognised; else `first`."""
    end = first
    while end < last and view.words[end][0].isupper() and view.words[end].replace("-", "").isalpha():
        end += 1
    followed = end >= last or view.words[end] in (",", "(", "-") or view.words[end] in DASHES
    nominative = view.feature(first, "Case") in ("Nom", None) or (end < last and view.words[end] == ",")
    return end if 2 <= end - first <= 3 and followed and nominative else first


def _is_described(view: View, first: int, last: int) -> bool:
    number = view.mention_at[first]
    if number < 0 or view.mentions[number].label != "PER":
        end = _name_by_shape(view, first, last)
        return first < end < last
    _, after = view.tokens_of((view.mentions[number].start, view.mentions[number].end))
    return after + 1 < last and after - first >= 2


def _announced(view: View, number: int, first: int, last: int, lexicon: Lexicon) -> Label | None:
    """Орлов написал в своём блоге: — and the words follow in the next paragraph, without marks."""
    start, _ = view.sentence_of(last - 1)
    for index in range(last - 1, max(start, first) - 1, -1):
        cue = cue_at(view, index, lexicon, "DC")
        listed = view.text[view.lines[number + 1][0]] in _BULLETS
        if cue is not None and not cue.weak and not listed and may_speak(view, index, cue):
            return Label(number, (first, last), None, "cue", cue=index)
    return None


# ---- blocks


def _block(view: View, label: Label, following: int, labels: list[Label], lexicon: Lexicon) -> Found | None:
    line = label.line
    parts: list[Span] = []
    if label.start is not None:
        parts.append((label.start, view.lines[line][1]))
    transcript = label.start is not None and not label.described
    for number in range(line + 1, min(following, line + 1 + _MAX_PARAGRAPHS)):
        between = transcript and following < len(view.lines)
        if parts and not between and not _goes_on(view, number, label, lexicon):
            break
        if (
            not parts
            and (_DASH.match(view.text, view.lines[number][0]) is None)
            and _SERVICE.match(view.text, view.lines[number][0])
        ):
            break
        parts.append(view.lines[number])
    spans = segments(view, _without_remarks(view.text, parts))
    if not spans:
        return None
    if label.cue is not None:
        cue = cue_at(view, label.cue, lexicon, "DC")
        assert cue is not None
        source, via = source_of(view, label.cue, cue, lexicon)
        tokens = (label.cue, label.cue + 1)
        form = "document" if source.kind == "document" else "block"
        return Found(spans, "direct", "block.after_cue", form, tokens, cue.lemma, source, via, 0.8)
    rule = "block.speaker_line" if label.start is None or label.described else "block.label"
    return Found(spans, "direct", rule, "block", source=_label_source(view, label), confidence=0.9)


def _label_source(view: View, label: Label) -> Source:
    first, last = label.tokens
    if label.kind == "answer":
        return Source(kind="interviewee", span=label.tokens)
    if label.kind == "question":
        inside = next((index for index in range(first + 1, last) if view.mention_at[index] >= 0), None)
        if inside is not None:
            people = [index for index in range(first, last) if view.mention_at[index] >= 0]
            person = next((i for i in people if view.mentions[view.mention_at[i]].label == "PER"), inside)
            return Source(head=person, span=_mention_span(view, person))
        return Source(kind="asks" if view.folded[first] not in ("вопрос", "в") else "unknown", span=(first, first + 1))
    if view.words[first] in OPEN_MARKS:
        return Source(head=first + 1, span=(first, last))
    if label.kind == "role":
        noun = next(index for index in range(first, last) if view.pos[index] == "NOUN")
        return Source(head=noun, span=phrase_of(view, noun))
    if label.kind == "literal":
        return Source(kind="literal", span=(first, _name_by_shape(view, first, last)))
    number = view.mention_at[first]
    if number >= 0 and len(view.mentions[number].normal.replace(".", "").replace(" ", "")) > 2:
        return Source(head=first, span=_mention_span(view, first))
    return Source(kind="initials", span=(first, last))


def _mention_span(view: View, index: int) -> Span:
    mention = view.mentions[view.mention_at[index]]
    return view.tokens_of((mention.start, mention.end))


def _goes_on(view: View, number: int, label: Label, lexicon: Lexicon) -> bool:
    """Whether a paragraph is still the speaker's: somebody says «я», «мы» or «вы» in it, and nobody is spoken of."""
    start, end = view.lines[number]
    if _SERVICE.match(view.text, start):
        return False
    first, last = view.tokens_of((start, end))
    speaker = view.mention_at[label.tokens[0]]
    entity = view.mentions[speaker].entity if speaker >= 0 else None
    depth = 0
    talks = False
    for index in range(first, last):
        if view.words[index] in ("«", "„"):
            depth += 1
        elif view.words[index] in ("»", "“"):
            depth = max(depth - 1, 0)
        if depth:
            continue
        mention = view.mention_at[index]
        if mention >= 0 and entity is not None and view.mentions[mention].entity == entity:
            return False
        cue = cue_at(view, index, lexicon, "D") if view.pos[index] == "VERB" else None
        if cue is not None and any(
            view.mention_at[child] >= 0 for child in view.children(index) if view.deps[child] == "nsubj"
        ):
            return False
        talks = talks or view.folded[index] in _TALK or view.feature(index, "Person") in ("1", "2")
    return talks


def _without_remarks(text: str, parts: list[Span]) -> list[Span]:
    """Leave out «(Смеётся.)»."""
    kept: list[Span] = []
    for start, end in parts:
        for remark in _REMARK.finditer(text, start, end):
            kept.append((start, remark.start()))
            start = remark.end()
        kept.append((start, end))
    return [(start, end) for start, end in kept if start < end]


# ---- dialogues


def _dialogues(view: View, taken: set[int], lexicon: Lexicon) -> list[Found]:
    """Lines that begin with a dash, in groups of those that answer each other."""
    lines = [
        number
        for number, (start, end) in enumerate(view.lines)
        if number not in taken
        and (match := _DASH.match(view.text, start, end))
        and _begins_speech(view.text, match.end(), end)
    ]
    groups: list[list[int]] = []
    for number in lines:
        if groups and number - groups[-1][-1] <= 3:
            groups[-1].append(number)
        else:
            groups.append([number])
    found: list[Found] = []
    for group in groups:
        found += _dialogue(view, group, lexicon)
    return found


def _begins_speech(text: str, start: int, end: int) -> bool:
    return start < end and (text[start].isupper() or text[start] in '«"…(') and text[end - 1] != ";"


def _dialogue(view: View, group: list[int], lexicon: Lexicon) -> list[Found]:
    turns: list[Found] = []
    for number in group:
        start, end = view.lines[number]
        match = _DASH.match(view.text, start, end)
        assert match is not None
        span = (match.end(), end)
        cut = split_turn(view, span, lexicon, [], any_verb=True)
        if cut is None:
            parts = [span]
            turn = Found([], "direct", "dash.turn", "dash", source=Source(kind="turn"), confidence=0.8)
        else:
            index, cue, gaps = cut
            parts = without([span], gaps)
            source, via = source_of(view, index, cue, lexicon)
            turn = Found([], "direct", "dash.author", "dash", (index, index + 1), cue.lemma, source, via, 0.9)
        turn.line = number
        turn.segments = segments(view, _without_remarks(view.text, parts))
        if turn.segments:
            turns.append(turn)
    asked = any(view.text[turn.end - 1 : turn.end + 1].find("?") >= 0 for turn in turns)
    if not any(turn.cue for turn in turns) and (len(turns) < 2 or not asked):
        return []
    _alternate(view, turns)
    return turns


def _alternate(view: View, turns: list[Found]) -> None:
    """Turns without author's words: question and answer in an interview, else the speaker of the turn before last."""
    interview = not any(turn.cue for turn in turns) and len(turns) >= 4
    for position, turn in enumerate(turns):
        if turn.cue is not None:
            continue
        if interview:
            turn.source = Source(kind="unknown") if position % 2 == 0 else Source(kind="interviewee")
            if position + 1 < len(turns):
                turn.segments += segments(view, view.lines[turn.line + 1 : turns[position + 1].line])
        elif position >= 2:
            turn.same_as = turns[position - 2]
        elif position == 1:
            turn.answers = turns[0]
