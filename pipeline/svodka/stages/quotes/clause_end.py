"""Where a reported clause ends: before a further cue, the author's words, the clause that goes on above it."""

from svodka.stages.quotes.clause_start import clause_start
from svodka.stages.quotes.cues import Cue, Lexicon, closed_class, cue_at
from svodka.stages.quotes.subjects import is_body_like_subject
from svodka.stages.quotes.view import CLOSE_MARKS, OPEN_MARKS, STOPS, View

ADVERSATIVES = closed_class("adversative")
_CONNECTIVES = closed_class("connective")
_COORDINATORS = closed_class("coordinator")
_LONG_WORD = 3  # letters that a shortening seldom has


def clause_end(view: View, cue_index: int, cue: Cue, start: int, last: int, lexicon: Lexicon) -> int:
    """Token after the content of a reported clause that begins at `start`.

    The clause runs to the end of the sentence unless one of these comes before: author's words in parenthesis
    («…, сообщает ТАСС»), a further cue of the same speaker («…, и отметил, что», «…, добавив, что»), the main clause
    that goes on after a subordinate one, direct speech after a colon.
    """
    end = last
    while end > start and (
        view.is_space[end - 1]
        or view.words[end - 1] in STOPS
        or view.words[end - 1] in (";", ":", ",", "«", "„")
        or (view.words[end - 1] == '"' and view.words[end - 2] == ":")
    ):
        end -= 1
    depth = 0
    for index in range(start, end):
        word = view.words[index]
        if word == "(":
            depth += 1
        elif word == ")":
            depth -= 1
            if depth < 0:
                return _before_punctuation(view, index, start)
        elif word == ":" and index + 1 < end and view.words[index + 1] in OPEN_MARKS and index > start + 1:
            if index + 2 >= end or not view.words[index + 2][:1].isupper():
                continue
            return index
        elif (word == ";" and index > start + 3) or (word == "." and index > start + 1 and _ends_glued(view, index)):
            return index
        elif index > start + 1 and depth == 0:
            cut = _cut_at(view, index, cue_index, start, end, lexicon)
            if cut is not None:
                return _before_punctuation(view, cut, start)
    return _resumed(view, cue_index, start, end)


def tail_start(view: View, first: int, last: int, lexicon: Lexicon) -> int:
    """Where «, сообщает ТАСС» begins at the end of tokens [first, last); `last` where nothing of the kind does."""
    for index in range(last - 1, max(first, last - 14), -1):
        if view.words[index - 1] == "," and view.pos[index] == "VERB":
            cue = cue_at(view, index, lexicon, "P")
            if cue is not None and view.feature(index, "VerbForm") == "Fin" and _is_tail(view, index, last, lexicon):
                return index - 1
    return last


def opens_other_clause(view: View, index: int, start: int) -> int | None:
    """The comma of «, хотя, по словам» and «, но по словам» before a phrase; None where none is after `start`."""
    conjunction = index - 2 if view.words[index - 1] == "," else index - 1
    comma = conjunction - 1
    return comma if comma > start and view.folded[conjunction] in ADVERSATIVES and view.words[comma] == "," else None


def _ends_glued(view: View, stop: int) -> bool:
    """«… избежать выплат.В апреле»: a sentence that ends without a space after it."""
    before, after = view.words[stop - 1], view.words[stop + 1 : stop + 2]
    return before.islower() and len(before) > _LONG_WORD and bool(after) and after[0][:1].isupper()


def _before_punctuation(view: View, index: int, start: int) -> int:
    while index > start + 1 and (
        view.is_space[index - 1]
        or (
            view.pos[index - 1] == "PUNCT" and view.words[index - 1] not in CLOSE_MARKS and view.words[index - 1] != ")"
        )
        or view.folded[index - 1] in _CONNECTIVES
    ):
        index -= 1
    return index


def _cut_at(view: View, index: int, cue_index: int, start: int, end: int, lexicon: Lexicon) -> int | None:
    """Whether a further cue begins at a token; where its words begin."""
    if view.folded[index] in lexicon.phrases:
        opening = _own_source(view, index, start, lexicon)
        if opening is not None:
            return opening
    resumed = _goes_on_about(view, index, cue_index, start)
    if resumed is not None:
        return resumed
    cue = cue_at(view, index, lexicon, "CDPLT")
    if cue is None or (cue.weak and view.feature(index, "VerbForm") != "Conv"):
        return _coordinated(view, index, cue_index, start)
    form = view.feature(index, "VerbForm")
    if form in ("Inf", "Part") and cue.kind != "impersonal":
        return None
    opening = _past_connectives(view, index, start)
    after_comma = view.words[opening - 1] == ","
    own_clause = clause_start(view, index, end, "CTL", lexicon) is not None
    if form == "Conv":
        return opening if after_comma and own_clause else None
    left = _before_own_clause(view, index, cue_index, start) if own_clause else None
    if left is not None:
        return left
    alike = view.feature(index, "Tense") == view.feature(cue_index, "Tense") or own_clause
    if view.heads[index] == cue_index and view.deps[index] == "conj" and alike:
        left = view.edges(index)[0]
        left = opening if not start < left < opening else left
        if view.words[left - 1] == "," or view.pos[left] == "CCONJ":
            return left
    if after_comma and opening == index and _is_tail(view, index, end, lexicon):
        return index
    goes_on = _joins_cue(view, opening, index, cue_index) and (own_clause or _has_other_tense(view, index, start))
    return opening if goes_on else None


def _past_connectives(view: View, index: int, start: int) -> int:
    """The first of the adverbs, particles and conjunctions right before a verb."""
    opening = index
    while (
        opening > start
        and view.words[opening - 1] != ","
        and index - opening < 5
        and (view.pos[opening - 1] in ("ADV", "PART", "CCONJ") or view.folded[opening - 1] in _CONNECTIVES)
    ):
        opening -= 1
    return opening


def _before_own_clause(view: View, index: int, cue_index: int, start: int) -> int | None:
    """Where the words of a further cue with a clause of its own begin; None where it is part of the content."""
    head = view.heads[index]
    if start <= head < index and view.deps[index] == "conj" and _alike(view, index, head):
        return None
    left = _coordinator(view, index, start) if _alike(view, index, cue_index) else None
    if left is not None:
        return left  # «…, и со ссылкой на источники сообщают, что»
    subject = next((child for child in view.children(index) if view.deps[child].startswith("nsubj")), None)
    if subject is None:
        return _other_subject(view, index, start)
    left = view.edges(subject)[0]
    joined = start < left < index and view.words[left - 2] == "," and view.folded[left - 1] in ("а", "но", "и")
    return left - 1 if joined else None  # «…, а глава МИДа отметил, что»


def _joins_cue(view: View, opening: int, index: int, cue_index: int) -> bool:
    """Whether a conjunction joins a verb without a subject to the cue: «сказал, что P, и отметил»."""
    joined = any(view.folded[other] in ("и", "а", "но") for other in range(opening, index))
    return joined and _alike(view, index, cue_index) and not view.has_subject(index)


def _has_other_tense(view: View, index: int, start: int) -> bool:
    """Whether the finite verb before a verb has another tense."""
    embedded = next((other for other in range(index - 1, start - 1, -1) if view.is_finite(other)), None)
    return embedded is not None and view.feature(embedded, "Tense") != view.feature(index, "Tense")


def _other_subject(view: View, index: int, start: int) -> int | None:
    """The «а» of «…, а глава МИДа отметил, что» where the tree gave the subject to another verb."""
    nominative = False
    for other in range(index - 1, max(start + 1, index - 12), -1):
        if view.is_finite(other) or view.words[other] in (":", ";"):
            return None
        nominative = nominative or (view.feature(other, "Case") == "Nom" and view.feature(other, "Animacy") == "Anim")
        if view.words[other - 1] == ",":
            return other if nominative and view.folded[other] in ("а", "но", "однако") else None
    return None


def _own_source(view: View, index: int, start: int, lexicon: Lexicon) -> int | None:
    """The comma before «хотя» in «…, что P, хотя, по словам Орлова, p», where a clause with its own source begins."""
    words = view.folded
    if not any(tuple(words[index : index + len(one.words)]) == one.words for one in lexicon.phrases[words[index]]):
        return None
    return opens_other_clause(view, index, start)


def _alike(view: View, one: int, other: int) -> bool:
    """Whether two verbs have the form that one subject asks for."""
    return all(
        view.feature(one, name) == view.feature(other, name) for name in ("Number", "Gender", "Tense", "VerbForm")
    )


def _coordinator(view: View, index: int, start: int) -> int | None:
    """The «и», «но», «однако» that joins a verb to another before it, with no nominative and no verb between."""
    for other in range(index - 1, max(start, index - 14), -1):
        if view.folded[other] in _COORDINATORS:
            return other - 1 if view.folded[other - 1] == "а" else other
        verb = view.pos[other] == "VERB" and view.feature(other, "VerbForm") in ("Fin", "Conv")
        subject = view.pos[other] in ("NOUN", "PROPN", "PRON") and view.feature(other, "Case") == "Nom"
        if verb or subject or view.words[other] in (";", ":") or view.pos[other] == "SCONJ":
            return None
    return None


def _goes_on_about(view: View, index: int, cue_index: int, start: int) -> int | None:
    """Where the sentence goes on about the speaker: «подтвердил, что приедет, а также оценил реформы».

    The verb has the form of the cue and no subject of its own, and the verb of the clause before it has another form.
    """
    after_adjective = view.pos[cue_index] == "ADJ" and view.heads[index] == cue_index and view.is_finite(index)
    if view.pos[index] != "VERB" or not (_alike(view, index, cue_index) or after_adjective):
        return None
    if view.has_subject(index):
        return None
    left = _coordinator(view, index, start + 1)
    if left is None:
        return None
    if view.feature(index, "VerbForm") == "Conv":
        return left  # «добавив, что P, и призвав»
    embedded = next((other for other in range(left - 1, start - 1, -1) if view.is_finite(other)), None)
    if embedded is not None and view.feature(embedded, "Variant") == "Short":
        embedded = next((other for other in view.children(embedded) if view.pos[other] == "AUX"), embedded)
    strange = embedded is None or not _alike(view, embedded, cue_index)
    aside = view.words[left - 1] == "," and view.folded[left] in ("однако", "но", "а")
    return left if strange and (aside or embedded is not None) else None


def _is_tail(view: View, index: int, end: int, lexicon: Lexicon) -> bool:
    """«…, сообщает ТАСС»: a cue right after a comma whose subject follows and ends the sentence."""
    if view.feature(index, "Person") in ("1", "2") or clause_start(view, index, end, "CTL", lexicon) is not None:
        return False
    for other in range(index + 1, min(end, index + 12)):
        if view.words[other] == ",":
            break
        subject = view.pos[other] in ("NOUN", "PROPN", "PRON", "X") or view.deps[other].startswith("nsubj")
        if subject and (view.feature(other, "Case") in ("Nom", None) or is_body_like_subject(view, other)):
            return not any(view.is_finite(rest) and view.pos[rest] == "VERB" for rest in range(index + 1, other))
        impersonal = view.folded[index] in lexicon.impersonal or view.lemmas[index] in lexicon.impersonal
        if view.folded[other] in ("в", "на") and (impersonal or view.feature(index, "Number") == "Plur"):
            return True
    return False


def _coordinated(view: View, index: int, cue_index: int, start: int) -> int | None:
    """A verb that the tree joins to the cue itself: «сказал, что P, и ушёл»."""
    if view.heads[index] != cue_index or view.deps[index] != "conj" or view.pos[index] != "VERB":
        return None
    if view.feature(index, "VerbForm") != view.feature(cue_index, "VerbForm"):
        return None
    left = view.edges(index)[0]
    left = left if left > start else index
    if view.folded[left] in _CONNECTIVES or view.words[left] == "," or view.words[left - 1] == ",":
        same = all(view.feature(index, name) == view.feature(cue_index, name) for name in ("Number", "Gender", "Tense"))
        has_subject = view.has_subject(index)
        return left if same or has_subject else None
    return None


def _resumed(view: View, cue_index: int, start: int, end: int) -> int:
    """Cut where the clause above the cue goes on: «Когда он заявил, что P, зал ушёл»."""
    if view.feature(cue_index, "VerbForm") == "Part" or view.deps[cue_index] == "acl:relcl":
        return _end_of_aside(view, cue_index, start, end)
    above = [node for node in view.ancestors(cue_index) if start < node < end]
    if not above:
        return end
    inside = {node for node in range(start, end) if cue_index in view.ancestors(node)}
    stop = end
    for index in range(start, end):
        if index not in inside and index > start and not view.is_space[index] and view.pos[index] != "PUNCT":
            stop = index
            break
    return _before_punctuation(view, stop, start) if stop - start >= 2 and stop < end else end


def _end_of_aside(view: View, cue_index: int, start: int, end: int) -> int:
    """«Очевидец, утверждавший, что P, не явился»: where the clause goes on that the aside stands in."""
    alone = view.heads[cue_index] == cue_index  # the tree lost the verb of the sentence
    for index in range(start + 1, end - 1):
        if view.words[index] != ",":
            continue
        rest = range(index + 1, end)
        if alone and view.pos[index + 1] not in ("SCONJ", "CCONJ") and view.has_finite(index + 1, end):
            return index
        verbs = [other for other in rest if view.is_finite(other) and view.pos[other] in ("VERB", "AUX")]
        if verbs and not any(cue_index in view.ancestors(other) for other in verbs):
            return index
    return end
