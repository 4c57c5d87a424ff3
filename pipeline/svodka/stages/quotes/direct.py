"""Direct speech in quotation marks: before, after and around the author's words."""

import re

from svodka.stages.quotes.author import cue_among, may_speak, split_turn, without
from svodka.stages.quotes.cues import Cue, Lexicon, closed_class, cue_at
from svodka.stages.quotes.found import Found, Source
from svodka.stages.quotes.marks import Quoted
from svodka.stages.quotes.phrases import named, phrase_from
from svodka.stages.quotes.reject import is_generic, is_name, is_sentence
from svodka.stages.quotes.sources import source_of, subject_within
from svodka.stages.quotes.subjects import subject
from svodka.stages.quotes.view import CLOSE_MARKS, DASHES, OPEN_MARKS, STOPS, Span, View

_AFTER = re.compile(r"(?P<stop>[.!?…]*)(?P<comma>,?)\s*(?P<dash>[—–―−-]+\s+)?")
_LIST = re.compile(r"[ ,;]*(?:и\s+|или\s+)?")
_SPEECH = "DCP"
_CATAPHORIC = (
    ("так",),
    ("такими", "словами"),
    ("с", "такими", "словами"),
    ("этими", "словами"),
    ("с", "этими", "словами"),
)
_AFTER_REACH = 10
BEFORE = ("direct.before_dash", "direct.before_dash_only", "direct.before_comma")
_MAX_RUN = 12
_LONG = 30  # characters that hardly make a name
_POSSESSIVES = closed_class("possessive")


def find_direct(
    view: View, items: list[Quoted], lexicon: Lexicon, within: list[Span] | None = None
) -> list[tuple[list[int], Found]]:
    """Direct speech among quoted words that stand side by side.

    Args:
        view: The document.
        items: Quoted words of one level, in reading order.
        lexicon: The lexicon.
        within: Content of the direct speech that holds them, None where none does; its author's words are not theirs.

    Returns:
        What was found, each with the positions of the items that it is made of.
    """
    found: list[tuple[list[int], Found]] = []
    taken: set[int] = set()
    for number, item in enumerate(items):
        if number in taken or (item.parent is not None and item.end == item.parent.end):
            continue
        quotation = (
            _split(view, item, lexicon)
            or _after_colon(view, item, lexicon)
            or _before_author(view, item, lexicon)
            or _after_cue(view, item, lexicon)
            or _next_sentence(view, item, lexicon)
        )
        if quotation is None:
            continue
        if within is not None and quotation.cue is not None and not _holds(within, view.starts[quotation.cue[0]]):
            continue
        members = _run(view, items, number) if quotation.rule == "direct.after_colon" else [number]
        if quotation.rule == "direct.before_dash" and number and number - 1 not in taken:
            between = view.text[items[number - 1].end + 1 : item.start - 1]
            if _LIST.fullmatch(between) and between.strip():
                members = [number - 1, number]  # «Рано» и «опасно», — говорят эксперты
                quotation.segments = segments(view, items[number - 1].parts)
        quotation.inside = within is not None
        members = members + _joined(view, items, members[-1], quotation)
        taken.update(members)
        for member in members[1:]:
            quotation.segments += segments(view, items[member].parts)
        if quotation.segments:
            found.append((members, quotation))
    return found


def _holds(spans: list[Span], offset: int) -> bool:
    return any(start <= offset < end for start, end in spans)


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


def _run(view: View, items: list[Quoted], number: int) -> list[int]:
    """Items that a comma or «и» alone parts: «Свободу!», «Позор!»."""
    run = [number]
    for following in range(number + 1, min(number + _MAX_RUN, len(items))):
        between = view.text[items[run[-1]].end + 1 : items[following].start - 1]
        if len(between) > 8 or not _LIST.fullmatch(between):
            break
        run.append(following)
    return run


def _quotation(
    view: View, item: Quoted, rule: str, cue_index: int | None, cue: Cue | None, lexicon: Lexicon, confidence: float
) -> Found:
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


# ---- the author's words after the quotation


def _before_author(view: View, item: Quoted, lexicon: Lexicon) -> Found | None:
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
        found = cue_among(view, first, last, lexicon, _SPEECH, reach=_AFTER_REACH)
        if found is not None:
            index, cue = found
            close = index - first <= 3
            if (match["comma"] or inner_stop or (close and not cue.weak)) and (close or not cue.weak):
                return _quotation(view, item, "direct.before_dash", index, cue, lexicon, 0.97)
        if (match["comma"] or inner_stop) and is_sentence(view, item):
            return _verbless(view, item, first, last)
        return _with_these_words(view, item, first)
    found = cue_among(view, first, last, lexicon, "D", reach=3)
    if found is None or found[1].weak:
        return None
    index, cue = found
    if (
        match["comma"]
        and _begins_sentence(view, item)
        and (is_sentence(view, item) or not is_name(view, item, lexicon))
    ):
        return _quotation(view, item, "direct.before_comma", index, cue, lexicon, 0.9)
    if not match["comma"] and index == first and is_sentence(view, item) and _begins_sentence(view, item):
        return _quotation(view, item, "direct.before_bare", index, cue, lexicon, 0.8)
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
    end = min(end, first + _AFTER_REACH + 1)
    if OPEN_MARKS.isdisjoint(view.words[first + 1 : end]):
        return end
    for index in range(first + 1, end):
        if view.words[index] in OPEN_MARKS and _continues(view, index - 1):
            return index
    return end


def _continues(view: View, index: int) -> bool:
    return view.words[index] in DASHES or view.words[index] in ("-", ":")


def _joined(view: View, items: list[Quoted], last: int, quotation: Found) -> list[int]:
    """Items that go on after the author's words: «П», — сказал он, — «п»."""
    if quotation.rule not in BEFORE:
        return []
    following = last + 1
    if following >= len(items):
        return []
    between = view.text[items[last].end + 1 : items[following].start - 1]
    rest = between.rstrip()
    if len(between) < 250 and "\n" not in between and rest[-1:] in "—–-" and rest[:-1].rstrip()[-1:] in (",", ".", ":"):
        return [following]
    return []


# ---- the author's words before the quotation


def _after_colon(view: View, item: Quoted, lexicon: Lexicon) -> Found | None:
    """Он сказал: «П»."""
    colon = view.token_at(item.start - 1) - 1
    while colon > 0 and view.is_space[colon]:
        colon -= 1
    if colon < 1 or view.words[colon] != ":":
        return None
    start, _ = view.sentence_of(colon)
    first = colon
    while first > start and (view.words[first - 1] == "." or view.words[first - 1] not in STOPS):
        first -= 1
    for index in range(colon - 1, first - 1, -1):
        cue = cue_at(view, index, lexicon, "DCNL")
        if cue is None or not may_speak(view, index, cue):
            continue
        if cue.weak and not is_sentence(view, item):
            continue
        head = view.heads[index]
        if view.feature(index, "VerbForm") == "Inf" and (view.pos[head] != "VERB" or head > index):
            continue
        source = subject(view, index)
        if source is not None and source.head is not None and is_generic(view, source.head):
            return None
        if "что" in view.folded[first:index] and _before_author(view, item, lexicon) is not None:
            return None  # «Орлов считает, что за мост отвечает мэр: «П», — сказал он»
        has_clause = any(view.folded[other] in ("что", "чтобы") for other in range(index + 1, colon))
        if has_clause and not view.text[item.start].isupper():
            return None
        return _quotation(view, item, "direct.after_colon", index, cue, lexicon, 0.95)
    for index in range(colon - 1, max(first - 1, colon - 8), -1):
        if view.lemmas[index] in lexicon.colon_nouns:
            source = _noun_source(view, index, first)
            if source is not None or is_sentence(view, item):
                found = _quotation(view, item, "direct.after_colon", None, None, lexicon, 0.8)
                found.cue, found.cue_lemma = (index, index + 1), view.lemmas[index]
                found.source = source or Source(kind="dropped")
                return found
    body = _in_body(view, first, colon)
    if body is not None:
        found = _quotation(view, item, "direct.after_colon", None, None, lexicon, 0.7)
        found.source = body
        return found
    words = item.parts[-1][1] - item.start
    long = words > _LONG and view.text[item.start].isupper()
    if is_sentence(view, item) or long or _is_named_line(view, item, first, colon):
        for index in range(first, colon):
            that = view.folded[index] in ("тот", "та")
            person = view.pos[index] in ("PROPN", "PRON") or view.feature(index, "Animacy") == "Anim" or that
            nominal = view.pos[index] in ("PROPN", "PRON", "NOUN") or that
            if person and nominal and view.feature(index, "Case") == "Nom":
                found = _quotation(view, item, "direct.after_colon", None, None, lexicon, 0.7)
                found.source = named(view, index)
                return found
    return None


def _in_body(view: View, first: int, colon: int) -> Source | None:
    """«В мэрии: «П»» at the head of a line."""
    if view.folded[first] not in ("в", "во", "на") or colon - first > 6:
        return None
    head = phrase_from(view, first + 1, "Loc", 5)
    if head is None or view.feature(head, "Case") not in ("Loc", None) or view.has_finite(first, colon):
        return None
    return named(view, head)


def _is_named_line(view: View, item: Quoted, first: int, colon: int) -> bool:
    """«Иван Орлов: «Наш Версаль»» as a line of its own."""
    start, end = view.lines[view.line_number(item.start)]
    number = view.mention_at[first]
    person = number >= 0 and view.mentions[number].label == "PER"
    return person and view.starts[first] == start and colon - first <= 4 and item.end >= end - 2


def _noun_source(view: View, noun: int, first: int) -> Source | None:
    """«Мухина в ответ: «…»», «слова министра: «…»», «его слова: «…»»."""
    for child in view.children(noun):
        if view.folded[child] in _POSSESSIVES:
            return Source(head=child, span=(child, child + 1))
        if view.feature(child, "Case") == "Gen" and view.pos[child] in ("NOUN", "PROPN"):
            return named(view, child)
    for index in range(first, noun):
        if view.feature(index, "Case") == "Nom" and view.pos[index] in ("PROPN", "PRON", "NOUN"):
            return named(view, index)
    return None


def _after_cue(view: View, item: Quoted, lexicon: Lexicon) -> Found | None:
    """Он крикнул «П!».  The cue stands right before the mark."""
    mark = view.token_at(item.start - 1)
    for index in range(mark - 1, max(mark - 4, -1), -1):
        if view.pos[index] == "PUNCT" or view.is_space[index]:
            return None
        cue = cue_at(view, index, lexicon, "D")
        if cue is None:
            continue
        if cue.weak or cue.takes("A") or not may_speak(view, index, cue):
            return None
        last = view.text[item.end - 1]
        if (last in "!?…." and view.text[item.start].isupper()) or (
            is_sentence(view, item) and view.text[item.start].isupper()
        ):
            return _quotation(view, item, "direct.after_cue", index, cue, lexicon, 0.8)
        return None
    return None


def _next_sentence(view: View, item: Quoted, lexicon: Lexicon) -> Found | None:
    """«П». Так решение прокомментировал адвокат."""
    if not (_begins_sentence(view, item) and is_sentence(view, item)):
        return None
    index = view.token_at(item.end)
    while index < view.size and (view.pos[index] == "PUNCT" or view.is_space[index]):
        index += 1
    if not any(tuple(view.folded[index : index + len(words)]) == words for words in _CATAPHORIC):
        return None
    if view.line_number(view.starts[index]) != view.line_number(item.end):
        return None
    found = cue_among(view, index, view.sentence_of(index)[1], lexicon, _SPEECH, reach=15)
    if found is None:
        return None
    return _quotation(view, item, "direct.next_sentence", *found, lexicon, 0.85)


# ---- the author's words inside the quotation


def _split(view: View, item: Quoted, lexicon: Lexicon) -> Found | None:
    """«П, — сказал он, — п».  «П, — сказал он. — П»."""
    cut = split_turn(
        view,
        (item.start, item.end),
        lexicon,
        [(child.start - 1, child.end + 1) for child in item.children],
        any_verb=True,
    )
    if cut is None:
        return None
    index, cue, gaps = cut
    found = _quotation(view, item, "direct.split", index, cue, lexicon, 0.95)
    found.segments = segments(view, without(item.parts, gaps))
    return found


# ---- words without a cue of their own


def is_floating(view: View, item: Quoted) -> bool:
    """Whether quoted words make whole sentences of their own, as those that go on after «П», — сказал он."""
    if not (_begins_sentence(view, item) and is_sentence(view, item)):
        return False
    after = view.text[item.end + 1 : item.end + 3].strip()
    return view.text[item.end - 1] in ".!?…" or not after or after[0] in ".!?…"


def announced_before(view: View, item: Quoted, lexicon: Lexicon) -> Found | None:
    """Подсудимый говорил двенадцать минут. «П».  The sentence before has a cue, its subject and no content."""
    mark = view.token_at(item.start - 1)
    number = view.sentence_number(mark)
    if view.sentences[number][0] != mark or number == 0:
        return None
    start, end = view.sentences[number - 1]
    if view.line_number(view.starts[start]) != view.line_number(item.start):
        return None
    if any(view.words[index] in OPEN_MARKS or view.folded[index] == "что" for index in range(start, end)):
        return None
    for index in range(start, end):
        cue = cue_at(view, index, lexicon, "D")
        if (
            cue is None
            or cue.kind not in ("say_neutral", "manner", "answer", "explain_add")
            or not view.is_finite(index)
        ):
            continue
        if may_speak(view, index, cue) and view.has_subject(index):
            return _quotation(view, item, "direct.previous_sentence", index, cue, lexicon, 0.7)
    return None


def _begins_sentence(view: View, item: Quoted) -> bool:
    before = view.text[max(item.start - 13, 0) : max(item.start - 1, 0)].rstrip(" \t\u00a0")
    return not before or before[-1] in ".!?…\n\r" or (before[-1] in CLOSE_MARKS and before[-2:-1] in ".!?…")
