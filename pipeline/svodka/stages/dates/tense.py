"""The direction of time at an expression: what the verb it belongs to says, and whether it speaks of plans."""

from collections.abc import Iterator

from svodka.stages.columns import Columns
from svodka.stages.dates.resolve import FUTURE, OPEN, PAST, PRESENT
from svodka.stages.dates.site import words

_VERBAL = frozenset({"VERB", "AUX"})
_AHEAD = frozenset({"на", "до", "по", "к", "ко", "позднее", "позже", "не"})  # «перенесли на пятницу», «до пятницы»
_REACH = 60  # how many tokens away a verb is looked for: a sentence can be as long as a text


def direction(tokens: Columns, first: int, last: int) -> int:
    """PAST, PRESENT, FUTURE or OPEN for the tokens `first` to `last` (exclusive).

    The nearest verb above the expression in the tree decides; where the tree has none, the nearest finite verb of the
    sentence. A word of planning on the way up («запланировано», «обещает») means the future.
    """
    if first >= len(tokens):
        return OPEN
    before = tokens.lowers[first - 1] if first else ""
    if last - first == 1 and tokens.pos[first] == "ADJ" and tokens.heads[first] >= last:
        before = ""  # «на воскресный матч»: the preposition is the noun's
    verb, planned = _climb(tokens, _head(tokens, first, last))
    low, high = _clause(tokens, first, last)
    if verb is None or not low <= verb < high:
        near = _nearest(tokens, first, last, low, high)
        if near is not None:
            verb, planned = near, False
    if verb is None:
        verb = _nearest(tokens, first, last, *_around(tokens, first, last))
    if planned:
        return FUTURE
    if before in _AHEAD and before != "не":
        if verb is None or not _unfinished_past(tokens, verb):
            return FUTURE if before != "к" and before != "ко" else _tense(tokens, verb)
        return PAST
    return _tense(tokens, verb)


def _head(tokens: Columns, first: int, last: int) -> int:
    """The token of the span whose head lies outside."""
    return next((i for i in range(first, last) if not first <= tokens.heads[i] < last), first)


def _climb(tokens: Columns, index: int) -> tuple[int | None, bool]:
    """The first verb at or above a token, and whether it or what governs it plans."""
    plan = words("plan")
    current = index
    for _ in range(12):  # a tree may be deep, and heads may run in a circle
        if tokens.pos[current] in _VERBAL or _is_short_participle(tokens, current):
            if tokens.lemmas[current] in plan:
                return current, tokens.features[current].get("Tense") != "Past"
            if tokens.features[current].get("VerbForm") == "Inf":
                return _governor(tokens, current)
            return current, False
        if current != index and tokens.lemmas[current] in plan:
            return current, True
        if tokens.heads[current] == current:
            return None, False
        current = tokens.heads[current]
    return None, False


def _governor(tokens: Columns, infinitive: int) -> tuple[int, bool]:
    """Whose time an infinitive has: «планирует открыть» is future, «сумел открыть» past, «будет открыт» future."""
    governor = tokens.heads[infinitive]
    if governor == infinitive:
        auxiliary = next((child for child in _children(tokens, infinitive) if tokens.pos[child] == "AUX"), None)
        return infinitive if auxiliary is None else auxiliary, auxiliary is None
    if tokens.lemmas[governor] in words("plan"):
        return governor, True
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
    """From the comma, bracket or quotation mark before to the one after: a clause, roughly."""
    low, high = first, last
    start, end = _around(tokens, first, last)
    while low > start and tokens.pos[low - 1] != "PUNCT":
        low -= 1
    while high < end and tokens.pos[high] != "PUNCT":
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
    tense = said.get("Tense")
    if tense == "Fut":
        return FUTURE
    if tense == "Past" or (said.get("VerbForm") == "Conv" and said.get("Aspect") == "Perf"):
        return PAST
    return PRESENT if tense == "Pres" else OPEN


def _unfinished_past(tokens: Columns, verb: int) -> bool:
    """«работал до марта» looks back, «арестовали до марта» ahead."""
    said = tokens.features[verb]
    return said.get("Tense") == "Past" and said.get("Aspect") == "Imp"
