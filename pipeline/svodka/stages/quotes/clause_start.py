"""Where a reported clause begins: at which conjunction or question word after its cue."""

from collections.abc import Container

from svodka.stages.quotes.cues import Lexicon, closed_class, cue_at
from svodka.stages.quotes.phrases import is_glued
from svodka.stages.quotes.view import OPEN_MARKS, STOPS, Span, View

QUESTION_WORDS = closed_class("question")
CONJUNCTIONS = closed_class("conjunction")
_CORRELATES = closed_class("correlate")
_DEGREES = closed_class("degree")
_REMARKING = closed_class("remarking")
_SENTENCE_PARTS = STOPS | {":", ";"}
_REACH = 45


def clause_start(view: View, cue_index: int, last: int, frames: Container[str], lexicon: Lexicon) -> Span | None:
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
                return _of_purpose(view, index, frames)
            if "C" not in frames:
                return None
            if opener == "что" and view.folded[index - 1] in _CORRELATES and view.folded[index - 2] == ",":
                return None
            if opener == "что" and _is_relative(view, following, index, cue_index):
                continue
            return _of_statement(view, cue_index, index, last)
        if (
            "L" in frames
            and index - cue_index <= 12
            and not depth_verb
            and _opens_question(view, index, cue_index, last)
        ):
            return following, following
    return None


def _of_purpose(view: View, comma: int, frames: Container[str]) -> Span | None:
    """«потребовал, чтобы»; not «для того, чтобы», which tells what for the cue is said."""
    if view.folded[comma - 1] in _CORRELATES and view.folded[comma - 2] in ("для", "ради", "с"):
        return None
    return (comma + 1, comma + 1) if "T" in frames else None


def _of_statement(view: View, cue_index: int, comma: int, last: int) -> Span | None:
    """«сказал, что», «сказал, мол»; None where the conjunction opens no statement of the cue."""
    opener = view.folded[comma + 1]
    if _is_degree(view, cue_index, comma):
        return None  # «так довольны, что заплатили»
    if opener in ("мол", "дескать"):
        return comma + 1, comma + 1
    if opener == "якобы" and not view.has_finite(comma + 1, last):
        return None  # «лиц, якобы причастных к аварии»
    remarked = view.folded[comma - 1] == "то" and view.lemmas[cue_index] in _REMARKING
    if view.lemmas[comma - 1] == "факт" or remarked:
        return None  # «прокомментировал тот факт, что», «комментируя то, что»
    return comma + 1, _after_punctuation(view, comma + 2, last)


def _opens_question(view: View, comma: int, cue_index: int, last: int) -> bool:
    """«спросил, когда», «спросил, откроют ли»; not «вряд ли», which asks nothing."""
    first = comma + 1
    if view.folded[first] in QUESTION_WORDS and _asks(view, first, cue_index):
        return True
    doubt = any(word in ("вряд", "едва") for word in view.folded[first : first + 3])
    return not doubt and "ли" in view.folded[first + 1 : min(last, first + 4)]


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
