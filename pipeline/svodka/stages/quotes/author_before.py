"""Direct speech after the author's words: Он сказал: «П». Он крикнул «П!»."""

from svodka.stages.quotes.author import may_speak
from svodka.stages.quotes.author_after import before_author
from svodka.stages.quotes.cues import Cue, Lexicon, closed_class, cue_at
from svodka.stages.quotes.found import Found, Source
from svodka.stages.quotes.marks import Quoted
from svodka.stages.quotes.phrases import named, phrase_from
from svodka.stages.quotes.quoted_speech import quotation_of
from svodka.stages.quotes.reject import is_generic, is_sentence
from svodka.stages.quotes.subjects import subject
from svodka.stages.quotes.view import OPEN_MARKS, STOPS, View

_POSSESSIVES = closed_class("possessive")
_LONG = 30  # characters that hardly make a name


def after_colon(view: View, item: Quoted, lexicon: Lexicon) -> Found | None:
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
        if cue is not None and _announces(view, item, index, cue):
            if _is_reported(view, item, index, first, colon, lexicon):
                return None
            return quotation_of(view, item, "direct.after_colon", index, cue, lexicon, 0.95)
    return _after_noun(view, item, first, colon, lexicon) or _after_name(view, item, first, colon, lexicon)


def _announces(view: View, item: Quoted, index: int, cue: Cue) -> bool:
    """Whether a cue before a colon may announce the words after it."""
    if not may_speak(view, index, cue) or (cue.weak and not is_sentence(view, item)):
        return False
    head = view.heads[index]
    return view.feature(index, "VerbForm") != "Inf" or (view.pos[head] == "VERB" and head <= index)


def _is_reported(view: View, item: Quoted, index: int, first: int, colon: int, lexicon: Lexicon) -> bool:
    """Whether the words after a colon are no speech of its cue: nobody says them, or its content stands before."""
    source = subject(view, index)
    if source is not None and source.head is not None and is_generic(view, source.head):
        return True
    if "что" in view.folded[first:index] and before_author(view, item, lexicon) is not None:
        return True  # «Орлов считает, что за мост отвечает мэр: «П», — сказал он»
    has_clause = any(view.folded[other] in ("что", "чтобы") for other in range(index + 1, colon))
    return has_clause and not view.text[item.start].isupper()


def _after_noun(view: View, item: Quoted, first: int, colon: int, lexicon: Lexicon) -> Found | None:
    """Слова министра: «П»."""
    for index in range(colon - 1, max(first - 1, colon - 8), -1):
        if view.lemmas[index] in lexicon.colon_nouns:
            source = _noun_source(view, index, first)
            if source is not None or is_sentence(view, item):
                found = quotation_of(view, item, "direct.after_colon", None, None, lexicon, 0.8)
                found.cue, found.cue_lemma = (index, index + 1), view.lemmas[index]
                found.source = source or Source(kind="dropped")
                return found
    return None


def _after_name(view: View, item: Quoted, first: int, colon: int, lexicon: Lexicon) -> Found | None:
    """Иван Орлов: «П».  В мэрии: «П»."""
    source = _in_body(view, first, colon)
    long = item.parts[-1][1] - item.start > _LONG and view.text[item.start].isupper()
    if source is None and (is_sentence(view, item) or long or _is_named_line(view, item, first, colon)):
        source = _person_among(view, first, colon)
    if source is None:
        return None
    found = quotation_of(view, item, "direct.after_colon", None, None, lexicon, 0.7)
    found.source = source
    return found


def _person_among(view: View, first: int, last: int) -> Source | None:
    """The first nominative among tokens [first, last) that may be a person."""
    for index in range(first, last):
        that = view.folded[index] in ("тот", "та")
        person = view.pos[index] in ("PROPN", "PRON") or view.feature(index, "Animacy") == "Anim" or that
        nominal = view.pos[index] in ("PROPN", "PRON", "NOUN") or that
        if person and nominal and view.feature(index, "Case") == "Nom":
            return named(view, index)
    return None


def after_cue(view: View, item: Quoted, lexicon: Lexicon) -> Found | None:
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
            return quotation_of(view, item, "direct.after_cue", index, cue, lexicon, 0.8)
        return None
    return None


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
            return quotation_of(view, item, "direct.previous_sentence", index, cue, lexicon, 0.7)
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
