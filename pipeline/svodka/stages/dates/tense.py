"""The direction of time at an expression: what the verb it belongs to says, and whether it speaks of plans."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from svodka.stages.columns import Columns
from svodka.stages.dates.resolve import FUTURE, OPEN, PAST, PRESENT
from svodka.stages.dates.site import words

_VERBAL = frozenset({"VERB", "AUX"})
_AHEAD = frozenset({"на", "до", "по"})  # «перенесли на пятницу», «до пятницы»
_CLAUSE_ENDS = frozenset({",", ";", ":", ".", "!", "?", "…", "(", ")", "—", "–", "-"})
_PARTICIPLE = re.compile(r"\w{3,}(?:(?P<past>вш)|щ)(?:ий|его|ему|им|ем|ая|ей|ую|ее|ие|их|ими)(?:ся)?")
_REACH = 60  # how many tokens away a verb is looked for: a sentence can be as long as a text


class Direction(NamedTuple):
    """Where an expression lies in time, as far as the words around it say.

    Attributes:
        side: PAST, PRESENT, FUTURE or OPEN.
        sure: The verb that says so governs the expression itself, not a noun that it may belong to.
    """

    side: int
    sure: bool = True


def direction(tokens: Columns, first: int, last: int, *, counted: bool = False, since: bool = False) -> Direction:
    """The direction of the tokens `first` to `last` (exclusive).

    The nearest verb above the expression in the tree decides; where the tree has none in the clause, the nearest finite
    verb of the clause, then of the sentence. A word of planning on the way up («запланировано», «обещает») means the
    future, and so does «до» or «по» before what a verb of a finished action governs («арестовали до пятницы»), and
    «на» with a verb of planning («перенесли на пятницу»).

    Args:
        tokens: The text.
        first: First token of the expression.
        last: One past its last token.
        counted: It counts units («на следующий год уехал»), where a past verb is believed.
        since: It is where something began: «торгуют с понедельника».
    """
    if first >= len(tokens):
        return Direction(OPEN)
    top = _head(tokens, first, last)
    if last - first == 1 and tokens.pos[first] == "ADJ" and tokens.heads[first] >= last:
        side = _tense(tokens, _climb(tokens, top).verb)
        return Direction(OPEN if side == PRESENT else side, sure=False)  # «апрельские выборы» have a time of their own
    ahead = _AHEAD & {tokens.lowers[first], tokens.lowers[first - 1] if first else ""}
    of_participle = _of_participle(tokens, first)
    if of_participle is not None:
        return Direction(of_participle)
    verb, planned, through_noun = _climb(tokens, top)
    low, high = _clause(tokens, first, last)
    sure = not through_noun
    if verb is None or not low <= verb < high:
        near = _nearest(tokens, first, last, low, high)
        if near is not None:
            verb, planned = near, _plans(tokens, near)
        else:
            sure = False
            planned = planned and verb is not None and tokens.features[verb].get("VerbForm") != "Part"
    elif tokens.features[verb].get("Variant") == "Short" and not _was(tokens, verb):
        sure = False  # «открыто с 5 по 9 мая» tells what is, not what was
    if verb is None:
        verb = _nearest(tokens, first, last, *_around(tokens, first, last))
    if planned:
        return Direction(FUTURE, sure)
    if "на" in ahead:  # «перенесли на пятницу», but «на 1 апреля долг составил» and «на следующий год уехал»
        plans = verb is not None and tokens.lemmas[verb] in words("plan")
        return Direction(FUTURE if plans else _tense(tokens, verb), plans or (counted and sure))
    if ahead:
        return Direction(PAST if verb is not None and _unfinished_past(tokens, verb) else FUTURE)
    side = _tense(tokens, verb)
    if since and side in {OPEN, PRESENT}:
        return Direction(PAST)  # «торгуют с понедельника»
    return Direction(side, sure)


def _plans(tokens: Columns, verb: int) -> bool:
    """«обещают в субботу», but neither «обещали», whose plan may be over, nor «должно было»."""
    if tokens.lemmas[verb] in words("planned") and tokens.features[verb].get("Variant") == "Short":
        return not _was(tokens, verb)
    if tokens.lemmas[verb] not in words("plan") or tokens.features[verb].get("Tense") == "Past":
        return False
    return not _was(tokens, verb)


def _was(tokens: Columns, verb: int) -> bool:
    """«был» stands beside it."""
    return not {"был", "было", "была", "были"}.isdisjoint(tokens.lowers[max(verb - 1, 0) : verb + 2])


def _of_participle(tokens: Columns, first: int) -> int | None:
    """The time of a participle right before an expression or its preposition: «прошедшего в среду»."""
    place = first - 2 if first > 1 and tokens.pos[first - 1] == "ADP" else first - 1
    if place < 0:
        return None
    if tokens.features[place].get("VerbForm") == "Part" and tokens.features[place].get("Case"):
        return FUTURE if tokens.lemmas[place] in words("plan") else _tense(tokens, place)
    unknown = tokens.pos[place] in {"NOUN", "ADJ"} and _PARTICIPLE.fullmatch(tokens.lowers[place])
    return (PAST if unknown["past"] else PRESENT) if unknown else None  # the tagger takes many for nouns


def _head(tokens: Columns, first: int, last: int) -> int:
    """The token of the span whose head lies outside."""
    return next((i for i in range(first, last) if not first <= tokens.heads[i] < last), first)


class _Governor(NamedTuple):
    verb: int | None
    planned: bool
    through_noun: bool


def _climb(tokens: Columns, index: int) -> _Governor:
    """The first verb at or above a token, whether it or what governs it plans, and whether a noun stands between."""
    plan = words("plan")
    current, through_noun = index, False
    for _ in range(12):  # a tree may be deep, and heads may run in a circle
        if tokens.pos[current] in _VERBAL or _is_short_participle(tokens, current):
            if tokens.lemmas[current] in plan:
                return _Governor(current, _plans(tokens, current), through_noun)
            if tokens.features[current].get("VerbForm") == "Inf":
                return _Governor(*_governor(tokens, current), through_noun)
            return _Governor(current, False, through_noun)
        if current != index:
            if tokens.lemmas[current] in plan:
                return _Governor(current, _plans(tokens, current), through_noun)
            through_noun = through_noun or tokens.pos[current] in {"NOUN", "PROPN"}
        if tokens.heads[current] == current:
            break
        current = tokens.heads[current]
    return _Governor(None, False, through_noun)


def _governor(tokens: Columns, infinitive: int) -> tuple[int, bool]:
    """Whose time an infinitive has: «планирует открыть» is future, «сумел открыть» past, «будет открыт» future."""
    governor = tokens.heads[infinitive]
    if governor == infinitive:
        auxiliary = next((child for child in _children(tokens, infinitive) if tokens.pos[child] == "AUX"), None)
        return infinitive if auxiliary is None else auxiliary, auxiliary is None
    if tokens.lemmas[governor] in words("plan"):
        return governor, _plans(tokens, governor) or tokens.pos[governor] == "VERB"
    if tokens.pos[governor] in {"ADJ", "ADV", "NOUN"}:
        return governor, True  # «намерен открыть», «можно открыть», «обещание открыть»
    return governor, False


def _children(tokens: Columns, index: int) -> Iterator[int]:
    """Dependents of a token, in order."""
    start, end = _around(tokens, index, index + 1)
    return (i for i, head in enumerate(tokens.heads[start:end], start) if head == index and i != index)


def _around(tokens: Columns, first: int, last: int) -> tuple[int, int]:
    """The sentence of a span as (first token, one past the last), cut where it goes on too far."""
    start, _ = tokens.sentences[tokens.sentence_of[first]]
    _, end = tokens.sentences[tokens.sentence_of[last - 1]]
    return max(start, first - _REACH), min(end, last + _REACH)


def _is_short_participle(tokens: Columns, index: int) -> bool:
    return tokens.pos[index] == "ADJ" and tokens.features[index].get("VerbForm") == "Part"


def _clause(tokens: Columns, first: int, last: int) -> tuple[int, int]:
    """From the comma, bracket or dash before to the one after: a clause, roughly."""
    low, high = first, last
    start, end = _around(tokens, first, last)
    while low > start and tokens.lowers[low - 1] not in _CLAUSE_ENDS:
        low -= 1
    while high < end and tokens.lowers[high] not in _CLAUSE_ENDS:
        high += 1
    return low, high


def _nearest(tokens: Columns, first: int, last: int, low: int, high: int) -> int | None:
    """The finite verb from `low` to `high` that stands nearest; None without one."""
    best, distance = None, 1 << 30
    for i, pos in enumerate(tokens.pos[low:high], low):
        if pos in _VERBAL and tokens.features[i].get("VerbForm") == "Fin":
            away = first - i if i < first else i - last
            if away < distance:
                best, distance = i, away
    return best


def _tense(tokens: Columns, verb: int | None) -> int:
    if verb is None:
        return OPEN
    will_be = words("will_be")
    if tokens.lowers[verb] in will_be or any(tokens.lowers[child] in will_be for child in _children(tokens, verb)):
        return FUTURE  # «будет похоронен»; the tagger takes «будет» for a present
    said = tokens.features[verb]
    tense = "Past" if _was(tokens, verb) else said.get("Tense")
    if tense == "Fut":
        return FUTURE
    if tense == "Past" or (said.get("VerbForm") == "Conv" and said.get("Aspect") == "Perf"):
        return PAST
    if tense == "Pres":
        return PAST if tokens.lemmas[verb] in words("report") else PRESENT  # «передаёт в среду агентство»
    return OPEN


def _unfinished_past(tokens: Columns, verb: int) -> bool:
    """«работал до марта» looks back, «арестовали до марта» ahead."""
    said = tokens.features[verb]
    return said.get("Tense") == "Past" and said.get("Aspect") == "Imp"
