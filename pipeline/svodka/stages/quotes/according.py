"""«По словам Орлова, P», «согласно докладу, P», «по его мнению, P»: a source named by a phrase."""

from svodka.stages.quotes.clause_end import ADVERSATIVES, opens_other_clause, tail_start
from svodka.stages.quotes.content import content, only_openers
from svodka.stages.quotes.cues import Lexicon, Phrase, closed_class
from svodka.stages.quotes.found import Found, Source
from svodka.stages.quotes.phrases import aside_end, named, noun_kind, phrase_from, phrase_of
from svodka.stages.quotes.references import reference_after, relative_source, report_source
from svodka.stages.quotes.view import CLOSE_MARKS, DASHES, Span, View, is_dash
from svodka.stages.quotes.zones import Zones

_POSSESSIVES = closed_class("possessive")
_CONJUNCTIONS = ADVERSATIVES | {"и"}
_WITHIN = 5  # from the first word of a phrase to its noun, with an owner inside: «по его собственным словам»
_ASIDE = 16  # tokens in brackets, or between a dash and a comma, after a source
_RELATIVE = 25  # tokens of a relative clause after a source
_BETWEEN = frozenset(("ADJ", "DET", "PRON", "NUM", "ADV"))
_LAW = closed_class("law")
_NOBODY = closed_class("nobody")
_FREE = closed_class("free")
_SUBORDINATE = frozenset(("acl:relcl", "acl", "advcl", "ccomp", "conj", "csubj"))
_PREDICATE = frozenset(("VERB", "ADJ", "NOUN", "AUX"))
_CLAUSE_MARKS = frozenset((",", "—", ";", "(", "–"))
_BEFORE_ASIDE = frozenset(("PUNCT", "CCONJ", "SCONJ", "ADV", "PART", "SPACE"))
_VERBLESS = closed_class("verbless")


def according_to(view: View, zones: Zones, index: int, lexicon: Lexicon) -> Found | None:
    """The quotation whose source a phrase names that begins at a token: «P, по данным Росстата, p»."""
    seconds = lexicon.phrase_seconds[view.folded[index]]
    if seconds and seconds.isdisjoint(view.folded[index + 1 : index + _WITHIN]):
        return None
    match = _phrase_at(view, index, lexicon)
    if match is None:
        return None
    phrase, noun, source, end = match
    if phrase.words[-1] not in _FREE and index > 0 and view.pos[index - 1] not in _BEFORE_ASIDE:
        return None  # «решение по заявлению партии», not «по заявлению партии, …»
    if source.head is not None and view.folded[source.head].startswith("котор"):
        antecedent = None if phrase.kind == "document" else relative_source(view, index, source.head)
        if antecedent is None:
            return None  # «версия, согласно которой»
        source = antecedent  # «Орлов, по словам которого P»
    if source.head is not None and phrase.kind in ("speaker", "view") and not _can_speak(view, source.head, lexicon):
        return None
    first, last = zones.limits(index)
    if first > view.sentence_of(index)[0] and view.words[first] in CLOSE_MARKS:
        return None  # «П», — заявил, по сообщению агентства, Орлов
    end = min(end, last)
    via = None
    referred = reference_after(view, end, lexicon)
    if referred is not None and referred.span is not None and referred.head is not None:
        source, via = referred, source.head
        end = min(_aside_tail(view, referred.span[1], referred.head), last)
    parts = _content_around(view, noun, (first, last), (index, end), lexicon)
    if not parts:
        return None
    first_token, last_token = view.token_at(parts[0][0]), view.token_at(parts[-1][1])
    if last_token - first_token < 2 or not (_opens_sentence(view, index, first, end) or _has_predicate(view, parts)):
        return None
    return Found(
        segments=parts,
        type="indirect",
        rule="indirect.according_to",
        form="document" if source.kind == "document" else "inline",
        cue=(index, noun + 1) if noun >= index else (index, index + 1),
        cue_lemma=" ".join(phrase.words),
        source=source,
        via=via,
        confidence=0.85,
    )


def _content_around(view: View, noun: int, limits: Span, aside: Span, lexicon: Lexicon) -> list[Span]:
    """Offsets of what a source named by a phrase says: before the phrase, after it, or both.

    Args:
        view: The document.
        noun: Last word of the phrase.
        limits: Tokens of the sentence.
        aside: Tokens of the phrase and its source.
        lexicon: The lexicon.
    """
    (first, last), (index, end) = limits, aside
    left, right = _scope(view, noun, first, last, index, end)
    if opens_other_clause(view, index, left):
        left = index
    if index > first and view.words[index - 1] == "(":
        closing = next((other for other in range(end, last) if view.words[other] == ")"), last)
        left, right = index, min(right, closing)  # «… (по данным МВД, P)»
    right = tail_start(view, max(left, end), right, lexicon) if end < right else right
    left = next((other + 1 for other in range(index - 1, left - 1, -1) if view.words[other] in (":", ";")), left)
    before = content(view, left, index) if left < index else None
    if before is not None and _only_conjunctions(view, left, index):
        before = None
    if before is not None and _only_relative(view, before):
        before = None  # «который, по оценкам компании, стоит миллиард»
    after = content(view, end, right) if end < right else None
    return [span for span in (before, after) if span is not None]


def _only_conjunctions(view: View, first: int, last: int) -> bool:
    return all(view.pos[index] == "PUNCT" or view.folded[index] in _CONJUNCTIONS for index in range(first, last))


def _only_relative(view: View, span: Span) -> bool:
    """«который», «в котором»."""
    first, last = view.tokens_of(span)
    return last - first <= 2 and view.folded[last - 1].startswith("котор")


def _opens_sentence(view: View, index: int, first: int, end: int) -> bool:
    """Whether a phrase with a comma after it opens the sentence, whose rest is its content: «По его словам, P»."""
    return only_openers(view, first, index) and end < view.size and view.words[end] == ","


def _can_speak(view: View, head: int, lexicon: Lexicon) -> bool:
    """Whether a noun can name a source: «с точки зрения экспертов», not «с точки зрения количества»."""
    if view.pos[head] in ("PROPN", "PRON", "X", "DET", "NUM", "SYM") or view.feature(head, "Animacy") == "Anim":
        return True
    return view.mention_at[head] >= 0 or noun_kind(view, head, lexicon) is not None


def _has_predicate(view: View, parts: list[Span]) -> bool:
    for part in parts:
        first, last = view.tokens_of(part)
        if view.has_finite(first, last) or any(
            view.words[index] in DASHES or view.pos[index] in ("VERB", "AUX") or view.folded[index] in _VERBLESS
            for index in range(first, last)
        ):
            return True
    return False


def _phrase_at(view: View, index: int, lexicon: Lexicon) -> tuple[Phrase, int, Source, int] | None:
    """The phrase that begins at a token: its entry, its last word, its source and the token after it."""
    for phrase in lexicon.phrases[view.folded[index]]:
        size = len(phrase.words)
        if tuple(view.folded[index : index + size]) == phrase.words:
            noun = index + size - 1
            if phrase.kind == "nobody":
                return phrase, noun, Source(kind="unknown"), noun + 1
            # «по данным из разных источников»
            after = noun + 1 + (view.folded[noun + 1 : noun + 2] in (["из"], ["от"]))
            head = phrase_from(view, after, phrase.case)
            if head is not None and lexicon.venues.get(view.lemmas[head]) == "time" and view.mention_at[head] < 0:
                return None  # «по данным 2013 года»
            if head is not None and view.folded[head] in _POSSESSIVES:
                return phrase, noun, Source(head=head, span=(head, head + 1)), head + 1
            if (
                head is not None
                and (view.pos[head] != "NUM" or view.lemmas[head] == "один")
                and view.folded[head] not in ("всему", "этому", "того", "тому")
            ):
                source = _one_of(view, named(view, head))
                assert source.span is not None
                if phrase.kind == "document" and not _LAW.isdisjoint(view.lemmas[slice(*source.span)]):
                    return None
                told = report_source(view, head) if phrase.kind == "document" else None
                if told is not None:
                    end = source.span[1]
                    return phrase, noun, told, max(end, _aside_tail(view, end, head))
                if phrase.kind == "document":
                    source.kind = "document"
                assert source.span is not None
                return phrase, noun, source, max(source.span[1], _aside_tail(view, source.span[1], head))
            if phrase.kind == "data" and view.folded[noun + 1 : noun + 2] in (["на"], [","]):
                return None
            continue
        if size == 2 and phrase.words[0] in ("по", "на", "с", "со"):
            for noun in range(index + 2, min(index + _WITHIN, view.size)):
                if view.folded[noun] != phrase.words[1]:
                    if view.pos[noun] not in _BETWEEN and view.folded[noun] not in _POSSESSIVES:
                        break
                    continue
                owner = next((other for other in range(index + 1, noun) if view.folded[other] in _POSSESSIVES), None)
                if owner is not None:
                    return phrase, noun, Source(head=owner, span=(owner, owner + 1)), noun + 1
                if any(view.folded[other] in _NOBODY for other in range(index + 1, noun)):
                    break
                head = phrase_from(view, noun + 1, phrase.case)
                if head is not None and view.pos[head] != "NUM":
                    source = named(view, head)
                    assert source.span is not None
                    return phrase, noun, source, source.span[1]
                return phrase, noun, Source(kind="unknown"), noun + 1
    return None


def _one_of(view: View, source: Source) -> Source:
    """«одного из наиболее известных центров»: to its end, whatever the tree makes of the adjectives."""
    assert source.span is not None
    first, last = source.span
    if view.folded[last - 1] == "одного" and view.folded[last : last + 1] == ["из"]:
        several = phrase_from(view, last + 1, "Gen")
        if several is not None:
            source.span = first, phrase_of(view, several)[1]
    return source


def _aside_tail(view: View, index: int, head: int) -> int:
    """The end of what is said of the source: «по словам Орлова, который видел это, P», «по данным союза (СТС), P»."""
    index = _after_brackets(view, index)
    end = _after_dash(view, index, head) or _after_apposition(view, index, head) or _after_relative(view, index)
    return end or index


def _after_brackets(view: View, index: int) -> int:
    """«по данным союза (СТС), P»: the comma after the brackets that open at a token, else the token itself."""
    if index >= view.size or view.words[index] != "(":
        return index
    closing = _next(view, ")", index, min(index + _ASIDE, view.sentence_of(index)[1]))
    return closing + 1 if closing is not None and view.words[closing + 1 : closing + 2] == [","] else index


def _after_dash(view: View, index: int, head: int) -> int | None:
    """«по данным одного из центров - Института Орлова, P»: the comma after a name in the same case."""
    if index + 1 >= view.size or not is_dash(view, index):
        return None
    if view.feature(index + 1, "Case") != view.feature(head, "Case"):
        return None
    comma = _next(view, ",", index, min(index + _ASIDE, view.sentence_of(index)[1]))
    return None if comma is None or view.has_finite(index, comma) else comma


def _after_apposition(view: View, index: int, head: int) -> int | None:
    """«по словам Орлова, директора фонда, P»: the comma after the apposition."""
    return aside_end(view, index, head, view.sentence_of(index)[1]) if index < view.size else None


def _after_relative(view: View, index: int) -> int | None:
    """«по словам Орлова, который видел это, P»: the comma after the relative clause."""
    if index + 1 >= view.size or view.words[index] != "," or view.lemmas[index + 1] != "который":
        return None
    return _next(view, ",", index + 2, min(index + _RELATIVE, view.size))


def _next(view: View, mark: str, first: int, last: int) -> int | None:
    return next((index for index in range(first, last) if view.words[index] == mark), None)


def relative_clause(view: View, first: int, last: int, start: int, end: int) -> Span | None:
    """«…, в котором, по словам Орлова, P, …»: the clause of the relative pronoun before a phrase."""
    for pronoun in range(start - 1, max(first, start - 6), -1):
        if view.is_finite(pronoun) and view.pos[pronoun] == "VERB":
            return None
        if view.lemmas[pronoun] != "который":
            continue
        comma = next((other for other in range(pronoun, max(first, pronoun - 4), -1) if view.words[other] == ","), None)
        if comma is None:
            return None
        verb = next((other for other in range(end, last) if view.is_finite(other)), None)
        if verb is None:
            return None
        stop = next((other for other in range(verb, last) if view.words[other] in (",", ";", ")")), last)
        return comma + 1, stop
    return None


def _scope(view: View, noun: int, first: int, last: int, start: int, end: int) -> Span:
    """The clause that a phrase belongs to: the whole sentence, or the subordinate clause it stands in.

    Args:
        view: The document.
        noun: Last word of the phrase.
        first: First token of the sentence.
        last: Token after the sentence.
        start: First token of the phrase.
        end: Token after its source.
    """
    relative = relative_clause(view, first, last, start, end)
    if relative is not None:
        return relative
    verb = view.heads[noun]
    for _ in range(6):
        governor = view.heads[verb]
        if governor == verb:
            break
        left, right = view.edges(verb)
        if view.deps[verb] in _SUBORDINATE and view.pos[verb] in _PREDICATE and governor < start and left > first:
            opened = any(view.words[other] in _CLAUSE_MARKS for other in range(left - 1, min(left, start) + 1))
            if opened:
                stop = max(right + 1, end)
                while stop < last and view.pos[stop] != "PUNCT":
                    stop += 1
                return left, last if stop < end + 2 else min(stop, last)
        verb = governor
    return first, last
