"""Direct speech in quotation marks: before, after and around the author's words."""

import re

from svodka.stages.quotes.author import cue_among, split_turn, without
from svodka.stages.quotes.author_after import before_author
from svodka.stages.quotes.author_before import after_colon, after_cue
from svodka.stages.quotes.cues import Lexicon
from svodka.stages.quotes.found import Found
from svodka.stages.quotes.marks import Quoted
from svodka.stages.quotes.quoted_speech import BEFORE, begins_sentence, quotation_of, segments
from svodka.stages.quotes.reject import is_sentence
from svodka.stages.quotes.view import Span, View

_LIST = re.compile(r"[ ,;]*(?:и\s+|или\s+)?")
_SPEECH = "DCP"
_CATAPHORIC = (
    ("так",),
    ("такими", "словами"),
    ("с", "такими", "словами"),
    ("этими", "словами"),
    ("с", "этими", "словами"),
)
_MAX_RUN = 12


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
            or after_colon(view, item, lexicon)
            or before_author(view, item, lexicon)
            or after_cue(view, item, lexicon)
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


def _run(view: View, items: list[Quoted], number: int) -> list[int]:
    """Items that a comma or «и» alone parts: «Свободу!», «Позор!»."""
    run = [number]
    for following in range(number + 1, min(number + _MAX_RUN, len(items))):
        between = view.text[items[run[-1]].end + 1 : items[following].start - 1]
        if len(between) > 8 or not _LIST.fullmatch(between):
            break
        run.append(following)
    return run


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


def _next_sentence(view: View, item: Quoted, lexicon: Lexicon) -> Found | None:
    """«П». Так решение прокомментировал адвокат."""
    if not (begins_sentence(view, item) and is_sentence(view, item)):
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
    return quotation_of(view, item, "direct.next_sentence", *found, lexicon, 0.85)


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
    found = quotation_of(view, item, "direct.split", index, cue, lexicon, 0.95)
    found.segments = segments(view, without(item.parts, gaps))
    return found


def is_floating(view: View, item: Quoted) -> bool:
    """Whether quoted words make whole sentences of their own, as those that go on after «П», — сказал он."""
    if not (begins_sentence(view, item) and is_sentence(view, item)):
        return False
    after = view.text[item.end + 1 : item.end + 3].strip()
    return view.text[item.end - 1] in ".!?…" or not after or after[0] in ".!?…"
