"""Clauses of nouns of speech that have an owner: «заявление Орлова о том, что P», «версия следствия, что P»."""

from svodka.stages.quotes.clause_end import clause_end
from svodka.stages.quotes.clause_start import QUESTION_WORDS
from svodka.stages.quotes.content import content
from svodka.stages.quotes.cues import Cue, Lexicon, closed_class
from svodka.stages.quotes.found import Found, Source
from svodka.stages.quotes.phrases import named, noun_kind
from svodka.stages.quotes.subjects import subject
from svodka.stages.quotes.view import Span, View

_APPEARING = closed_class("appearing")
_LINKS = (("о", "том", ",", "что"), ("в", "том", ",", "что"), (",", "что"), (",", "будто"), ("о", "том", ",", "будто"))
_REACH = 14


def noun_clause(view: View, noun: int, limits: Span, lexicon: Lexicon) -> Found | None:
    """The clause of a noun of speech; None where it has none, or nobody owns it.

    Args:
        view: The document.
        noun: Token of the noun.
        limits: Tokens [first, last) to stay in.
        lexicon: The lexicon.
    """
    _, last = limits
    opening = _opening(view, noun, last)
    if opening is None:
        return None
    start, first = opening
    source = _owner(view, noun, start, lexicon)
    if source is None:
        return None
    cue = Cue(view.lemmas[noun], "noun", frozenset("C"))
    span = content(view, first, clause_end(view, noun, cue, first, _own_end(view, noun, first, last), lexicon))
    if span is None or not view.has_finite(*view.tokens_of(span)):
        return None
    return Found(
        segments=[span],
        type="indirect",
        rule="indirect.noun",
        cue=(noun, noun + 1),
        cue_lemma=cue.lemma,
        source=source,
        confidence=0.7,
    )


def _opening(view: View, noun: int, last: int) -> tuple[int, int] | None:
    """Where the conjunction and where the clause begins."""
    for index in range(noun + 1, min(noun + _REACH, last)):
        if view.lemmas[noun] == "вопрос":
            asked = _question(view, index, last)
            if asked is not None:
                return index, asked
        for link in _LINKS:
            if tuple(view.folded[index : index + len(link)]) == link:
                near = link[0] != "," or index == view.edges(noun)[0] or index - noun <= 6
                return (index, index + len(link)) if near else None
        if view.words[index] in (",", ":", ";", ".") or view.is_finite(index):
            return None
    return None


def _question(view: View, index: int, last: int) -> int | None:
    """Where an indirect question begins after «на вопрос журналистов», «… о том,»; None where none does."""
    if view.folded[index : index + 3] == ["о", "том", ","]:
        index += 2
    if view.words[index] != "," or index + 1 >= last:
        return None
    asks = view.folded[index + 1] in QUESTION_WORDS or "ли" in view.folded[index + 2 : index + 4]
    return index + 1 if asks else None


def _owner(view: View, noun: int, start: int, lexicon: Lexicon) -> Source | None:
    """The genitive of the noun that can speak, or who comes forward with it: «с заявлением о том, что P, вышел X»."""
    for child in view.children(noun):
        if noun < child < start and view.feature(child, "Case") == "Gen" and _speaks(view, child, lexicon):
            return named(view, child)
    verb = view.heads[noun]
    if view.lemmas[verb] in _APPEARING:
        return _place(view, verb, lexicon)
    if view.lemmas[verb] in ("выступить", "выступать") and view.feature(noun, "Case") == "Ins":
        return subject(view, verb)
    return None


def _place(view: View, verb: int, lexicon: Lexicon) -> Source | None:
    """«В прессе появилась информация о том, что P»: the medium it appeared in."""
    for child in view.children(verb):
        if view.feature(child, "Case") == "Loc" and noun_kind(view, child, lexicon) == "medium":
            return named(view, child)
    return None


def _speaks(view: View, index: int, lexicon: Lexicon) -> bool:
    named_body = view.mention_at[index] >= 0 and view.mentions[view.mention_at[index]].label != "LOC"
    return named_body or view.feature(index, "Animacy") == "Anim" or noun_kind(view, index, lexicon) is not None


def _own_end(view: View, noun: int, first: int, last: int) -> int:
    """Where the clause above the noun goes on: «заявление о том, что P, вызвало споры»."""
    for index in range(first + 2, last - 1):
        if view.words[index] == "," and noun not in view.ancestors(index + 1) and view.pos[index + 1] != "SCONJ":
            return index
    return last
