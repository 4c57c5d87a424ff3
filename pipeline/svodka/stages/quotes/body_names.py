"""How a body that the text names is called: «Интерфакс», NEWSru.com, группировка «Вега»."""

import re

from svodka.records import Mention
from svodka.stages.pymorphy import Dictionary
from svodka.stages.quotes.cues import closed_class
from svodka.stages.quotes.names import mention_tokens
from svodka.stages.quotes.phrases import lower_first, nominative
from svodka.stages.quotes.speakers import Speaker
from svodka.stages.quotes.view import CLOSE_MARKS, OPEN_MARKS, Span, View

_DOMAIN = re.compile(r"(?:\.[A-Za-z]{2,4}){1,2}\b|\.(?:ру|рф)\b")
_BEARERS = tuple(closed_class("bearer"))


def exact_mention(view: View, span: Span, head: int) -> int | None:
    """The mention of a body or a place that a phrase is, the marks about it left out."""
    first, last = span
    while first < last and view.words[first] in OPEN_MARKS:
        first += 1
    while last > first and view.words[last - 1] in CLOSE_MARKS:
        last -= 1
    if first >= last:
        return None
    number = view.mention_at[first]
    if number < 0 or view.mentions[number].label == "PER" or view.mentions[number].kind != "name":
        return None
    tokens = mention_tokens(view, number)
    return number if tokens[0] <= first and max(last - 1, head + 1) <= tokens[1] <= last + 1 else None


def body_at(view: View, number: int, span: Span) -> Speaker:
    """The speaker that the body of a mention is, its name with the marks that the text gives it."""
    mention = view.mentions[number]
    name = site_of(view, mention) or name_of(view, mention)
    first, last = mention_tokens(view, number)
    if first > 0 and last < view.size and view.words[first - 1] in OPEN_MARKS and view.words[last] in CLOSE_MARKS:
        name = with_marks(view, (first - 1, last + 1), name)
    return Speaker(name, "organization", mention.entity, span)


def medium_in(view: View, first: int, last: int) -> Speaker | None:
    """«телеканал «Дождь»» → «Дождь»: the medium that some of the tokens [first, last) name."""
    for index in range(first, last):
        if view.words[index] in OPEN_MARKS:
            closing = next((i for i in range(index + 2, last) if view.words[i] in CLOSE_MARKS), None)
            if closing is not None:
                number = view.mention_at[index + 1]
                entity = view.mentions[number].entity if number >= 0 else None
                name = view.text[view.starts[index] : view.ends[closing]]
                return Speaker(name, "organization", entity, (index, closing + 1))
        number = view.mention_at[index]
        if number >= 0 and view.mentions[number].label == "ORG":
            return body_at(view, number, mention_tokens(view, number))
    return None


def named_body(view: View, head: int, span: Span, dictionary: Dictionary) -> Speaker | None:
    """«телерадиокорпорация BBC» → BBC; «подпольная группировка «Вега»» → группировка «Вега»."""
    first = head + 1
    if view.pos[head] != "NOUN" or view.feature(head, "Animacy") == "Anim" or first >= span[1]:
        return None
    marked = view.words[first] in OPEN_MARKS
    if not marked and not (view.words[first].isascii() and view.lemmas[head].endswith(_BEARERS)):
        return None
    first += marked
    number = view.mention_at[first] if first < span[1] else -1
    if number < 0 or view.mentions[number].label != "ORG" or view.mentions[number].kind != "name":
        return None
    mention = view.mentions[number]
    whole = mention_tokens(view, number)
    owned = view.feature(first, "Case") == "Gen" and view.folded[first] != view.lemmas[first]
    if whole[0] != first or whole[1] + marked < span[1] or owned:
        return None  # «пресс-служба «Известий»»
    name = mention.normal if mention.entity is None else view.entities[mention.entity].name
    if marked:
        name = lower_first(view, head, nominative(view, (head, span[1]), dictionary))
    return Speaker(name, "organization", mention.entity, span)


def name_of(view: View, mention: Mention) -> str:
    """The name of a mention's entity, else of the mention."""
    return _balanced(mention.normal if mention.entity is None else view.entities[mention.entity].name)


def site_of(view: View, mention: Mention) -> str | None:
    """«NEWSru.com»: the name of a site, whose ending is no part of the mention."""
    ending = _DOMAIN.match(view.text, mention.end)
    return view.text[mention.start : ending.end()] if ending else None


def with_marks(view: View, span: Span, name: str) -> str:
    """«Интерфакс» keeps the marks that the text gives it."""
    opening = view.words[span[0]]
    if opening not in OPEN_MARKS or any(mark in name for mark in '«"„“'):
        return name
    return f"{opening}{name}{view.words[span[1] - 1]}"


def _balanced(name: str) -> str:
    """A name whose last mark the recognizer left out gets it back: РИА «Новости → РИА «Новости»."""
    if name.count("«") > name.count("»"):
        return name + "»"
    return name + '"' if name.count('"') % 2 else name
