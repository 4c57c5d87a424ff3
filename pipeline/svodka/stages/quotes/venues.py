"""Which medium something was said to: «в интервью РБК», «сказал он «Интерфаксу»», «(цитата по «Интерфаксу»)»."""

from collections.abc import Iterator

from svodka.stages.columns import fold
from svodka.stages.quotes.cues import Lexicon, closed_class
from svodka.stages.quotes.view import OPEN_MARKS, View

_REACH = 12
_CITED = 4  # tokens between «цитата» and the medium
_MEDIA = closed_class("medium_name")
# the name of a medium after these stands in the clause that is reported, or in parentheses
_REPORTED = frozenset((":", ";", "(", ")")) | closed_class("reporting")


def venue_of(view: View, cue_index: int, lexicon: Lexicon) -> int | None:
    """First token of the name of the medium that a cue says something to."""
    return next((index for index in _places(view, cue_index) if _is_venue(view, index, cue_index, lexicon)), None)


def _places(view: View, cue_index: int) -> Iterator[int]:
    """Where names of organisations begin in the sentence of a cue: after it first, then before it, nearest first."""
    start, end = view.sentence_of(cue_index)
    after_cue = range(cue_index + 1, min(end, cue_index + _REACH))
    before_cue = range(cue_index - 1, max(start, cue_index - _REACH) - 1, -1)
    for index in (*after_cue, *before_cue):
        number = view.mention_at[index]
        if number >= 0 and view.mentions[number].label == "ORG" and view.mentions[number].start == view.starts[index]:
            yield index


def _is_venue(view: View, name: int, cue_index: int, lexicon: Lexicon) -> bool:
    """Whether the organisation whose name begins at a token is the medium that a cue says something to."""
    between = view.folded[min(name, cue_index) : max(name, cue_index)]
    if "цитата" in between[-_CITED:]:
        return True  # «сказал Орлов (цитата по «Интерфаксу»)»
    if not _REPORTED.isdisjoint(between):
        return False
    noun = view.lemmas[name - 1] if name and view.words[name - 1] not in OPEN_MARKS else view.lemmas[name - 2]
    case = view.feature(name, "Case")
    if lexicon.venues.get(noun) == "medium" or (lexicon.nouns.get(noun) == "medium" and case != "Nom"):
        return True  # «в интервью РБК», «рассказал агентству «Интерфакс»»
    return case == "Dat" and "," not in between and _is_medium_name(view, name, lexicon)


def _is_medium_name(view: View, index: int, lexicon: Lexicon) -> bool:
    """Whether the name that begins at a token may be that of a medium: known, in marks, or in Latin letters."""
    name = fold(view.mentions[view.mention_at[index]].normal)
    first = name.split()[0].strip('«»"')
    known = name.strip('«»"') in lexicon.media or first in lexicon.media or first in _MEDIA
    marked = not OPEN_MARKS.isdisjoint(name) or (index > 0 and view.words[index - 1] in OPEN_MARKS)
    return known or marked or view.words[index].isascii() or lexicon.nouns.get(first) == "medium"
