"""Where a reported clause begins and ends: punctuation leads, the tree helps."""

from collections.abc import Container

from svodka.stages.quotes.cues import Cue, Lexicon, closed_class, cue_at
from svodka.stages.quotes.marks import Quoted
from svodka.stages.quotes.phrases import is_glued
from svodka.stages.quotes.subjects import is_body_like_subject
from svodka.stages.quotes.view import CLOSE_MARKS, DASHES, MARKS, OPEN_MARKS, STOPS, Span, View

QUESTION_WORDS = closed_class("question")
CONJUNCTIONS = closed_class("conjunction")
_CORRELATES = closed_class("correlate")
_CONNECTIVES = closed_class("connective")
_OPENERS = closed_class("opener")
# punctuation that content may begin and end with
_OPENING = OPEN_MARKS | {"("}
_CLOSING = CLOSE_MARKS | {")", "%"}
ADVERSATIVES = closed_class("adversative")
_DEGREES = closed_class("degree")
_COORDINATORS = closed_class("coordinator")
_SENTENCE_PARTS = STOPS | {":", ";"}
_REMARKING = closed_class("remarking")
_REACH = 45
_LONG_WORD = 3  # letters that a shortening seldom has


class Zones:
    """Which tokens stand in direct speech, so that no clause runs over its edge.

    Attributes:
        zone: Number of the direct speech of each token, 0 for narration.
        quoted: Quoted words by the offset of their opening mark.
    """

    def __init__(self, view: View) -> None:
        self.view = view
        self.zone = [0] * view.size
        self.count = 0
        self.quoted: dict[int, Quoted] = {}

    def add(self, segments: list[Span]) -> int:
        """Mark the tokens of a direct quotation; the innermost added last wins."""
        self.count += 1
        for segment in segments:
            first, last = self.view.tokens_of(segment)
            self.zone[first:last] = [self.count] * (last - first)
        return self.count

    def limits(self, index: int) -> Span:
        """Tokens [first, last) of the sentence of a token that stand in the same zone."""
        start, end = self.view.sentence_of(index)
        zone = self.zone[index]
        if self.zone[start:end].count(zone) == end - start:
            return start, end
        first, last = index, index + 1
        while first > start and self.zone[first - 1] == zone:
            first -= 1
        while last < end and self.zone[last] == zone:
            last += 1
        return first, last


def clause_start(
    view: View, cue_index: int, last: int, frames: Container[str], lexicon: Lexicon
) -> tuple[int, int] | None:
    """The conjunction that opens the clause of a cue.

    Returns:
        (the conjunction, the first token of the content), None where the cue has no clause. «что» stays outside the
        content; question words, «чтобы» and «ли» inside.
    """
    depth_verb = False
    for index in range(cue_index + 1, min(last, cue_index + _REACH)):
        word = view.words[index]
        if word in _SENTENCE_PARTS and not is_glued(view, index):
            return None
        if view.pos[index] == "VERB":
            if view.is_finite(index) and not _is_aside(view, index, cue_index):
                depth_verb = True
            elif view.feature(index, "VerbForm") == "Conv" and _opens_clause(view, index, lexicon):
                return None  # «сказал он, добавив, что»: the clause is the other one's
        if word != "," or index + 1 >= last:
            continue
        following = index + 1
        opener = view.folded[following]
        if view.pos[following] == "ADP" and following + 1 < last:
            near = index - cue_index <= 6 and view.heads[following] != cue_index
            if near and view.folded[following + 1] in QUESTION_WORDS and "L" in frames and not depth_verb:
                return following, following
            continue
        if opener in CONJUNCTIONS:
            if depth_verb and not _belongs(view, following, cue_index):
                return None
            if opener == "чтобы":
                if view.folded[index - 1] in _CORRELATES and view.folded[index - 2] in ("для", "ради", "с"):
                    return None
                return (following, following) if "T" in frames else None
            if "C" not in frames:
                return None
            if opener == "что" and view.folded[index - 1] in _CORRELATES and view.folded[index - 2] == ",":
                return None
            if opener == "что" and _is_relative(view, following, index, cue_index):
                continue
            if _is_degree(view, cue_index, index):
                return None  # «так довольны, что заплатили»
            if opener in ("мол", "дескать"):
                return following, following
            if opener == "якобы" and not view.has_finite(following, last):
                return None  # «лиц, якобы причастных к аварии»
            if view.lemmas[index - 1] == "факт" or (
                view.folded[index - 1] == "то" and view.lemmas[cue_index] in _REMARKING
            ):
                return None  # «прокомментировал тот факт, что», «комментируя то, что»
            return following, _after_punctuation(view, following + 1, last)
        if "L" in frames and index - cue_index <= 12 and not depth_verb:
            if opener in QUESTION_WORDS and _asks(view, following, cue_index):
                return following, following
            doubt = any(word in ("вряд", "едва") for word in view.folded[following : following + 3])
            if not doubt and any(
                view.folded[other] == "ли" for other in range(following + 1, min(last, following + 4))
            ):
                return following, following
    return None


def _is_degree(view: View, cue_index: int, comma: int) -> bool:
    """«так довольны, что заплатили»; «столь же твёрдо» compares."""
    start = max(cue_index - 3, view.sentence_of(cue_index)[0] + 1)
    return any(
        view.folded[index] in _DEGREES and view.folded[index + 1] != "же" and view.words[index + 1] != ","
        for index in range(start, comma)
    )


def _opens_clause(view: View, gerund: int, lexicon: Lexicon) -> bool:
    """Whether the clause after a gerund is its own: «добавив, что», not «отвечая на вопросы журналистов, что»."""
    cue = cue_at(view, gerund, lexicon, "CTL")
    return cue is not None and cue.kind != "answer"


def _after_punctuation(view: View, index: int, last: int) -> int:
    while index < last and view.pos[index] == "PUNCT" and view.words[index] not in OPEN_MARKS:
        index += 1
    return index


def _is_aside(view: View, index: int, cue_index: int) -> bool:
    """Whether a finite verb between cue and conjunction is of a relative clause about a noun before it."""
    return any(view.deps[node].startswith("acl") for node in (index, *view.ancestors(index)[:3])) or (
        view.feature(index, "Variant") == "Short" and index < cue_index
    )


def _belongs(view: View, conjunction: int, cue_index: int) -> bool:
    return cue_index in view.ancestors(conjunction)[:4]


def _is_relative(view: View, what: int, comma: int, cue_index: int) -> bool:
    """«то, что он видел»: a pronoun, not a conjunction. «о том, что», «тем, что» are conjunctions."""
    if view.deps[what].startswith("nsubj"):
        if comma - cue_index > 4 and not _belongs(view, what, cue_index):
            return True
        if any(view.deps[child] == "obj" and cue_index < child < comma for child in view.children(cue_index)):
            return True  # «меры предусматривают сокращение зарплат, что ведёт к потере»
    return (
        view.folded[comma - 1] == "то"
        and view.deps[what] not in ("mark",)
        and view.folded[comma - 2] not in ("на", "про", "за", "и")
    )


def _asks(view: View, word: int, cue_index: int) -> bool:
    """Whether a question word opens the clause of the cue: «рассказал, как строил мост»."""
    if view.folded[word] == "как" and view.folded[word + 1 : word + 2] in (["и"], ["сообщает"], ["передает"]):
        return False
    path = view.ancestors(word)[:3]
    if cue_index not in path:
        return False
    verb = path[max(path.index(cue_index) - 1, 0)]
    return view.deps[verb] != "advcl" or word - cue_index <= 4


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
    opening = index
    while (
        opening > start
        and view.words[opening - 1] not in (",",)
        and index - opening < 5
        and (view.pos[opening - 1] in ("ADV", "PART", "CCONJ") or view.folded[opening - 1] in _CONNECTIVES)
    ):
        opening -= 1
    after_comma = view.words[opening - 1] == ","
    if form == "Conv":
        return opening if after_comma and clause_start(view, index, end, "CTL", lexicon) is not None else None
    if form in ("Inf", "Part") and cue.kind != "impersonal":
        return None
    own_clause = clause_start(view, index, end, "CTL", lexicon) is not None
    head = view.heads[index]
    inner = start <= head < index and view.deps[index] == "conj" and _alike(view, index, head)
    if own_clause and not inner and _alike(view, index, cue_index):
        left = _coordinator(view, index, start)
        if left is not None:
            return left  # «…, и со ссылкой на источники сообщают, что»
    if own_clause and not inner:
        subject = next((child for child in view.children(index) if view.deps[child].startswith("nsubj")), None)
        left = None if subject is None else view.edges(subject)[0]
        inside = left is not None and start < left < index
        if left is not None and inside and view.words[left - 2] == "," and view.folded[left - 1] in ("а", "но", "и"):
            return left - 1  # «…, а глава МИДа отметил, что»
        other = _other_subject(view, index, start) if subject is None else None
        if other is not None:
            return other
    alike = view.feature(index, "Tense") == view.feature(cue_index, "Tense") or own_clause
    if view.heads[index] == cue_index and view.deps[index] == "conj" and alike:
        left = view.edges(index)[0]
        left = opening if not start < left < opening else left
        if view.words[left - 1] == "," or view.pos[left] == "CCONJ":
            return left
    if after_comma and opening == index and _is_tail(view, index, end, lexicon):
        return index
    same_form = _alike(view, index, cue_index)
    own_subject = view.has_subject(index)
    joined = opening < index and any(view.folded[other] in ("и", "а", "но") for other in range(opening, index))
    if joined and same_form and not own_subject:
        embedded = next((other for other in range(index - 1, start - 1, -1) if view.is_finite(other)), None)
        other_tense = embedded is not None and view.feature(embedded, "Tense") != view.feature(index, "Tense")
        if other_tense or clause_start(view, index, end, "CTL", lexicon) is not None:
            return opening
    return None


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


def opens_other_clause(view: View, index: int, start: int) -> int | None:
    """The comma of «, хотя, по словам» and «, но по словам» before a phrase; None where none is after `start`."""
    conjunction = index - 2 if view.words[index - 1] == "," else index - 1
    comma = conjunction - 1
    return comma if comma > start and view.folded[conjunction] in ADVERSATIVES and view.words[comma] == "," else None


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


def is_dash(view: View, index: int) -> bool:
    """Whether a token is a dash."""
    return view.words[index] in DASHES or view.words[index] == "-"


def tail_start(view: View, first: int, last: int, lexicon: Lexicon) -> int:
    """Where «, сообщает ТАСС» begins at the end of tokens [first, last); `last` where nothing of the kind does."""
    for index in range(last - 1, max(first, last - 14), -1):
        if view.words[index - 1] == "," and view.pos[index] == "VERB":
            cue = cue_at(view, index, lexicon, "P")
            if cue is not None and view.feature(index, "VerbForm") == "Fin" and _is_tail(view, index, last, lexicon):
                return index - 1
    return last


def content(view: View, first: int, last: int) -> Span | None:
    """Offsets of tokens without punctuation at the edges; a mark that pairs with one inside stays."""
    while first < last and (view.is_space[first] or (view.pos[first] == "PUNCT" and view.words[first] not in _OPENING)):
        first += 1
    while first < last and (
        view.is_space[last - 1]
        or (view.pos[last - 1] == "PUNCT" and view.words[last - 1] not in _CLOSING)
        or view.words[last - 1] in STOPS
    ):
        last -= 1
    if first >= last:
        return None
    if view.words[first] in OPEN_MARKS and view.words[last - 1] in CLOSE_MARKS and last - first > 2:
        inner = [word for word in view.words[first + 1 : last - 1] if word in MARKS]
        if len(inner) % 2 == 0 and not (inner and inner[0] in CLOSE_MARKS and inner[0] not in OPEN_MARKS):
            first, last = first + 1, last - 1
    if not any(view.words[index][0].isalnum() for index in range(first, last)):
        return None
    return view.span_of(first, last)


def is_whole(view: View, span: Span) -> bool:
    """Whether content stands in quotation marks as a whole, the marks left out."""
    first, last = view.tokens_of(span)
    return first > 0 and last < view.size and view.words[first - 1] in OPEN_MARKS and view.words[last] in CLOSE_MARKS


def only_openers(view: View, first: int, opening: int) -> bool:
    """Whether only words such as «при этом», «кроме того» stand before the author's words."""
    return opening - first <= 5 and all(
        view.folded[other] in _OPENERS or view.pos[other] in ("PUNCT", "CCONJ", "ADV", "PART") or view.is_space[other]
        for other in range(first, opening)
    )
