"""Where a reported clause begins: at which conjunction or question word after its cue."""

from collections.abc import Container

from svodka.stages.quotes.cues import Lexicon, closed_class, cue_at
from svodka.stages.quotes.phrases import is_glued
from svodka.stages.quotes.view import OPEN_MARKS, STOPS, View

QUESTION_WORDS = closed_class("question")
CONJUNCTIONS = closed_class("conjunction")
_CORRELATES = closed_class("correlate")
_DEGREES = closed_class("degree")
_REMARKING = closed_class("remarking")
_SENTENCE_PARTS = STOPS | {":", ";"}
_REACH = 45


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
