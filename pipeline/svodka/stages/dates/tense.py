"""The direction of time at an expression: what the verb it belongs to says, and whether it speaks of plans."""

from spacy.tokens import Doc, Token

from svodka.stages.dates.resolve import FUTURE, OPEN, PAST, PRESENT
from svodka.stages.dates.site import features, words

_VERBAL = frozenset({"VERB", "AUX"})
_AHEAD = frozenset({"на", "до", "по", "к", "ко", "позднее", "позже", "не"})  # «перенесли на пятницу», «до пятницы»


def direction(doc: Doc, first: int, last: int) -> int:
    """PAST, PRESENT, FUTURE or OPEN for the tokens `first` to `last` (exclusive).

    The nearest verb above the expression in the tree decides; where the tree has none, the nearest finite verb of the
    sentence. A word of planning on the way up («запланировано», «обещает») means the future.
    """
    if first >= len(doc):
        return OPEN
    before = doc[first - 1].lower_ if first else ""
    if last - first == 1 and doc[first].pos_ == "ADJ" and doc[first].head.i >= last:
        before = ""  # «на воскресный матч»: the preposition is the noun's
    verb, planned = _climb(_head(doc, first, last))
    low, high = _clause(doc, first, last)
    if verb is None or not low <= verb.i < high:
        near = _nearest(doc, first, last, low, high)
        if near is not None:
            verb, planned = near, False
    if verb is None:
        sentence = doc[first].sent if doc.has_annotation("SENT_START") else doc[:]
        verb = _nearest(doc, first, last, sentence.start, sentence.end)
    if planned:
        return FUTURE
    if before in _AHEAD and before != "не":
        if verb is None or not _unfinished_past(verb):
            return FUTURE if before != "к" and before != "ко" else _tense(verb)
        return PAST
    return _tense(verb)


def _head(doc: Doc, first: int, last: int) -> Token:
    """The token of the span whose head lies outside."""
    for i in range(first, last):
        token = doc[i]
        if not first <= token.head.i < last:
            return token
    return doc[first]


def _climb(token: Token) -> tuple[Token | None, bool]:
    """The first verb at or above a token, and whether it or what governs it plans."""
    plan = words("plan")
    current = token
    for _ in range(12):  # a tree may be deep, and heads may run in a circle
        if current.pos_ in _VERBAL or _is_short_participle(current):
            if current.lemma_ in plan:
                return current, features(current).get("Tense") != "Past"
            if features(current).get("VerbForm") == "Inf":
                governor, planned = _governor(current)
                return governor, planned
            return current, False
        if current is not token and current.lemma_ in plan:
            return current, True
        if current.head.i == current.i:
            return None, False
        current = current.head
    return None, False


def _governor(infinitive: Token) -> tuple[Token | None, bool]:
    """Whose time an infinitive has: «планирует открыть» is future, «сумел открыть» past, «будет открыт» future."""
    governor = infinitive.head
    if governor.i == infinitive.i:
        auxiliary = next((child for child in infinitive.children if child.pos_ == "AUX"), None)
        return auxiliary or infinitive, auxiliary is None
    if governor.lemma_ in words("plan"):
        return governor, True
    if governor.pos_ in {"ADJ", "ADV", "NOUN"}:
        return governor, True  # «намерен открыть», «можно открыть», «обещание открыть»
    return governor, False


def _is_short_participle(token: Token) -> bool:
    return token.pos_ == "ADJ" and features(token).get("VerbForm") == "Part"


def _clause(doc: Doc, first: int, last: int) -> tuple[int, int]:
    """From the comma, bracket or quotation mark before to the one after: a clause, roughly."""
    low, high = first, last
    while low > 0 and not doc[low].is_sent_start and doc[low - 1].pos_ != "PUNCT":
        low -= 1
    while high < len(doc) and not doc[high].is_sent_start and doc[high].pos_ != "PUNCT":
        high += 1
    return low, high


def _nearest(doc: Doc, first: int, last: int, low: int, high: int) -> Token | None:
    """The finite verb from `low` to `high` that stands nearest; None without one."""
    best, distance = None, 1 << 30
    for i in range(low, high):
        token = doc[i]
        if token.pos_ in _VERBAL and features(token).get("VerbForm") == "Fin":
            away = first - i if i < first else i - last
            if away < distance:
                best, distance = token, away
    return best


def _tense(verb: Token | None) -> int:
    if verb is None:
        return OPEN
    if verb.lower_ in words("will_be") or any(child.lower_ in words("will_be") for child in verb.children):
        return FUTURE  # «будет похоронен»; the tagger takes «будет» for a present
    said = features(verb)
    tense = said.get("Tense")
    if tense == "Fut":
        return FUTURE
    if tense == "Past" or (said.get("VerbForm") == "Conv" and said.get("Aspect") == "Perf"):
        return PAST
    return PRESENT if tense == "Pres" else OPEN


def _unfinished_past(verb: Token) -> bool:
    """«работал до марта» looks back, «арестовали до марта» ahead."""
    said = features(verb)
    return said.get("Tense") == "Past" and said.get("Aspect") == "Imp"
