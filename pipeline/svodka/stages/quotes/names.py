"""The name of the person that a phrase is about."""

from svodka.stages.quotes.phrases import is_abbreviated, is_glued
from svodka.stages.quotes.view import DASHES, OPEN_MARKS, STOPS, Span, View

_NAME_REACH = 18


def mention_tokens(view: View, mention: int) -> Span:
    """Tokens [first, last) of a mention."""
    return view.tokens_of((view.mentions[mention].start, view.mentions[mention].end))


def name_at(view: View, index: int) -> int | None:
    """The mention of a person by name that covers a token; None where none does."""
    number = view.mention_at[index]
    named = number >= 0 and view.mentions[number].label == "PER" and view.mentions[number].kind == "name"
    return number if named else None


def person_in(view: View, span: Span, head: int, gender: str | None, *, body: bool = False) -> int | None:
    """The name of the person that a phrase is about: not «адвокат Орлова», but «адвокат Орлова Иван Петров».

    The name may stand beyond the phrase: «один из зрителей, 60-летний Орлов», «глава фонда (NGO) Орлов».

    Args:
        view: The document.
        span: Tokens of the phrase.
        head: Its head.
        gender: What the verb shows.
        body: Whether the phrase is about a body, which no name beyond it belongs to.
    """
    number = name_at(view, head)
    if number is not None:
        return number
    if view.pos[head] == "PRON":
        return None
    case = view.feature(head, "Case")
    before = _named_before(view, span[0])
    if before is not None and case == "Nom":
        return before
    index = span[0]
    body = body or view.pos[head] in ("PROPN", "X") or view.mention_at[head] >= 0
    while index < (span[1] if body else min(span[1] + _NAME_REACH, view.size)):
        if index >= span[1] and (_ends_phrase(view, index) or _is_other_subject(view, index, case)):
            return None
        number = name_at(view, index)
        if number is None:
            index += 1
            continue
        first, last = mention_tokens(view, number)
        if first > span[1] and _is_one_of_many(view, first, last, head):
            return None
        owned = body and view.feature(first, "Case") == "Gen"  # «со ссылкой на пресс-службу Орлова»
        if not owned and _is_apposed(view, first, last, head, case, beyond=first >= span[1]):
            return number
        if case == "Nom" and _closes_phrase(view, number, first, last, span, gender):
            return number
        index = max(last, index + 1)
    return None


def _is_one_of_many(view: View, first: int, last: int, head: int) -> bool:
    """«Как говорят врачи, Орлов поправится»: a single name after a comma and a plural."""
    single = last >= view.size or (view.words[last] != "," and view.folded[last] != "и")
    return view.words[first - 1] == "," and view.feature(head, "Number") == "Plur" and single


def _is_other_subject(view: View, index: int, case: str | None) -> bool:
    """«По сообщениям прессы, роман Орловой начался»: a nominative beyond a phrase in another case."""
    return view.pos[index] == "NOUN" and view.feature(index, "Case") == "Nom" and case not in ("Nom", None)


def _is_nominative(view: View, first: int) -> bool:
    """Whether the people stage has a name for a nominative as it stands."""
    mention = view.mentions[view.mention_at[first]]
    gender = None if mention.entity is None else view.entities[mention.entity].gender
    words = mention.normal.split()
    declined = any(word[-1] in "ая" for word in words) if gender == "Fem" else words[-1][-1] not in "аеёиоуыэюя"
    return mention.normal == view.text[mention.start : mention.end] and len(words) > 1 and declined


def _named_before(view: View, first: int) -> int | None:
    """«Андрей Козлов, директор центра, сказал»: the name that the phrase is an apposition of."""
    if first < 2 or view.words[first - 1] != ",":
        return None
    number = name_at(view, first - 2)
    if number is None:
        return None
    start, _ = mention_tokens(view, number)
    return number if view.feature(start, "Case") == "Nom" else None


def _closes_phrase(view: View, number: int, first: int, last: int, span: Span, gender: str | None) -> bool:
    """«представитель компании Александра Галимова»: a name after other words, of the gender of the verb."""
    entity = view.mentions[number].entity
    known = None if entity is None else view.entities[entity].gender
    alone = last >= span[1] and first - span[0] >= 2 and view.pos[first - 1] in ("NOUN", "PROPN")
    return alone and last - first > 1 and known is not None and known == gender


def _ends_phrase(view: View, index: int) -> bool:
    if view.words[index] == "." and (is_abbreviated(view, index) or is_glued(view, index)):
        return False
    if view.is_space[index] or view.words[index] in STOPS or view.words[index] in (":", ";"):
        return True
    if view.pos[index] == "CCONJ":
        following = view.mention_at[min(index + 1, view.size - 1)]
        return view.folded[index] != "и" or (following >= 0 and following != view.mention_at[index])
    if view.pos[index] in ("SCONJ", "PRON", "AUX") or view.lemmas[index] == "который":
        return True
    if view.pos[index] == "VERB" and view.feature(index, "VerbForm") != "Part":
        return True
    return view.words[index] in DASHES and index + 1 < view.size and view.words[index + 1] in OPEN_MARKS


def _is_apposed(view: View, first: int, last: int, head: int, case: str | None, *, beyond: bool) -> bool:
    """Whether a name stands in the case of the head, so that it names the one the head is about."""
    seen = view.feature(first, "Case")
    if case == "Nom" and _is_nominative(view, first):
        seen = "Nom"  # «начальник водоканала Эльмира Каюмова», which the tagger takes for a genitive
    if not _same_case(seen, case) or (view.deps[first] == "nmod" and not (case == seen == "Nom")):
        return False
    if case == "Gen" and not (view.deps[first] in ("appos", "flat:name") or beyond or view.heads[first] == head):
        return False
    if beyond:
        after = view.words[last] if last < view.size else "."
        other_verb = (
            view.deps[first].startswith("nsubj") and view.is_finite(view.heads[first]) and view.heads[first] > last
        )
        closed = after in STOPS or after in (",", "(", ":", "—", "–", "-", "\n") or view.is_space[last]
        return not other_verb and (closed or view.heads[first] == head or view.is_finite(last))
    return True


def _same_case(one: str | None, other: str | None) -> bool:
    """Whether two cases may be one: the accusative of the living looks like the genitive."""
    return one is None or other is None or one == other or {one, other} == {"Acc", "Gen"}
