"""What is no speech: marks that hold a name, a title, a slogan or a term, and subjects that neither say nor think."""

from svodka.stages.quotes.cues import Lexicon, closed_class
from svodka.stages.quotes.found import Source
from svodka.stages.quotes.marks import Quoted
from svodka.stages.quotes.phrases import noun_kind
from svodka.stages.quotes.view import View

PREDICATIVES = closed_class("predicative")
FIRST = closed_class("first")
_GENERIC = closed_class("generic")


def is_generic(view: View, head: int) -> bool:
    """Whether a source is nobody: proverbs, laws, practice («пословица гласит», «опыт показывает»)."""
    return view.lemmas[head] in _GENERIC


def is_sentence(view: View, item: Quoted) -> bool:
    """Whether quoted words read as a sentence: a verb, or a final mark, in at least two words."""
    first, last = view.tokens_of((item.start, item.end))
    words = sum(word[0].isalnum() for word in view.words[first:last])
    if words < 2 or words >= 8:
        return words >= 8
    if item.end > item.start and view.text[item.end - 1] in ".!?…":
        return True
    return words >= 3 and (view.has_finite(first, last) or not PREDICATIVES.isdisjoint(view.folded[first:last]))


def is_name(view: View, item: Quoted, lexicon: Lexicon) -> bool:
    """Whether quoted words are a name: what stands before them says so, or they look like one."""
    return is_announced(view, item, lexicon) or _looks_like_name(view, item)


def is_announced(view: View, item: Quoted, lexicon: Lexicon) -> bool:
    """Whether the words before the mark announce a name: «газета», «ООО», «так называемый», «плакат».

    A noun such as «школа» announces only what has a capital letter.
    """
    mark = view.token_at(item.start - 1)
    if mark == 0 or mark > view.size:
        return False
    before = mark - 1
    lemma = view.lemmas[before]
    capital = not view.text[item.start].islower()
    if (
        (lemma in lexicon.name_nouns and capital)
        or lemma in lexicon.name_forms
        or view.folded[before] in lexicon.name_forms
    ):
        return True
    if lemma in lexicon.motto_nouns or (
        before and view.lemmas[before - 1] in lexicon.motto_nouns and view.words[before] == ":"
    ):
        return True
    return any(
        tuple(view.folded[mark - len(words) : mark]) == words
        for words in lexicon.name_phrases.get(view.folded[before], ())
    )


def _looks_like_name(view: View, item: Quoted) -> bool:
    first, last = view.tokens_of((item.start, item.end))
    if last - first > 6 or view.has_finite(first, last):
        return False
    text = view.text[item.start : item.end]
    return not text[:1].islower() and text[-1:] not in ".!?…"


def is_thing(view: View, source: Source, lexicon: Lexicon) -> bool:
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
