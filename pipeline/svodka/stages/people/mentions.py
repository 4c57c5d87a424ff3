"""Spans of names, mended where the entity model errs systematically; ``doc.ents`` itself is left as it is."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from svodka.stages.people.names import is_initial
from svodka.stages.people.roles import role_word
from svodka.stages.pymorphy import Dictionary

_LABELS = frozenset({"PER", "ORG", "LOC"})
_PAIRS = {"«": "»", "“": "”", "„": "“", '"': '"', "(": ")"}
_NAME_PARTS = frozenset({"Name", "Surn", "Patr"})


@dataclass(frozen=True, slots=True)
class Found:
    """A name in the text.

    Attributes:
        start: First token.
        end: One past the last token.
        label: PER, ORG or LOC.
        rule: name, or how the span differs from the entity model's: name-initials, name-title, name-quote.
    """

    start: int
    end: int
    label: str
    rule: str = "name"


def find_names(doc: Doc, dictionary: Dictionary) -> list[Found]:
    """Names in reading order, none overlapping another."""
    found: list[Found] = []
    for span in doc.ents:
        if span.label_ not in _LABELS or span.text.isspace():
            continue
        mended = _person(doc, span, dictionary) if span.label_ == "PER" else _thing(doc, span)
        if mended is None:
            continue
        if found and mended.start < found[-1].end:
            if found[-1].end >= mended.end:
                continue
            mended = Found(found[-1].end, mended.end, mended.label, mended.rule)
        if doc[mended.start : mended.end].text.isspace():
            continue
        found.append(mended)
    return found


def _person(doc: Doc, span: Span, dictionary: Dictionary) -> Found | None:
    start, end, rule = span.start, span.end, "name"
    while end - start > 1 and _dangles(doc[start:end]):
        end -= 1
    while end - start > 1 and _is_title(doc[start], doc[start + 1], dictionary):
        start, rule = start + 1, "name-title"
    if end - start == 1 and _is_common_noun(doc[start], dictionary):
        return None
    first, last = _with_initials(doc, start, end)
    if (first, last) != (start, end):
        start, end, rule = first, last, "name-initials"
    return Found(start, end, "PER", rule)


def _dangles(span: Span) -> bool:
    """Whether the last word is a comma, an opening mark, or a closing one without its partner: «Глафира)»."""
    last = span[-1].text
    if last in {",", *_PAIRS} and last != '"':
        return True
    opening = {mark for mark, closing in _PAIRS.items() if closing == last}
    return bool(opening) and not any(token.text in opening for token in span[:-1])


def _is_title(token: Token, following: Token, dictionary: Dictionary) -> bool:
    """Whether the first word of a person's span is a title or a common noun: «Мулла Омар», «Робота Кондолизу Райс»."""
    if following.is_punct or not following.text[:1].isupper():
        return False
    readings = dictionary.analyses(token.text)
    if any(reading.known and reading.grammemes & _NAME_PARTS for reading in readings):
        return False
    if role_word(token):
        return True
    begins = token.is_sent_start or token.text.islower()
    return bool(begins) and any(reading.known and reading.pos == "NOUN" for reading in readings)


def _is_common_noun(token: Token, dictionary: Dictionary) -> bool:
    """Whether a lone word at the start of a sentence is no name: «Премьера», «Корр.:»."""
    if not token.is_sent_start or not token.text.istitle():
        return False
    if role_word(token):
        return True
    readings = [reading for reading in dictionary.analyses(token.text) if reading.known and reading.pos == "NOUN"]
    return bool(readings) and all(
        reading.features.get("Animacy") == "Inan" and not reading.grammemes & {*_NAME_PARTS, "Geox"}
        for reading in readings
    )


def _with_initials(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """The span with the initials that stand before it or after it in its sentence: «И. П. Орлова», «Орлов И. П.»."""
    sentence = doc[start].sent
    while start - 2 >= sentence.start and doc[start - 1].text == "." and is_initial(doc[start - 2].text):
        start -= 2
    while end + 1 < sentence.end and is_initial(doc[end].text) and doc[end + 1].text == ".":
        end += 2
    if end < sentence.end and is_initial(doc[end - 1].text) and doc[end].text == "." and end - start > 1:
        end += 1
    return start, end


def _thing(doc: Doc, span: Span) -> Found:
    """An organisation or place with the closing quotation mark that belongs to it: «фонда "Новый мир»."""
    end, rule = span.end, "name"
    if end < len(doc) and len(span) > 1:
        for mark in _unclosed(doc[span.start : end]):
            if doc[end].text == _PAIRS[mark]:
                end, rule = end + 1, "name-quote"
                break
    return Found(span.start, end, span.label_, rule)


def _unclosed(span: Span) -> Iterator[str]:
    """Opening marks of the span that have no partner in it, the last first."""
    texts = [token.text for token in span]
    for place in range(len(texts) - 1, -1, -1):
        mark = texts[place]
        open_ascii = mark != '"' or texts.count('"') % 2 == 1
        if mark in _PAIRS and open_ascii and _PAIRS[mark] not in texts[place + 1 :]:
            yield mark
