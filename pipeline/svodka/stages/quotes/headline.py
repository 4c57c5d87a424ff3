"""Quotations in the headline: their speaker is told by the body, or by the name beside a colon or dash."""

import re
from collections.abc import Iterator

from svodka.stages.columns import fold
from svodka.stages.quotes.cues import Lexicon, closed_class
from svodka.stages.quotes.found import Found, Source
from svodka.stages.quotes.marks import Quoted
from svodka.stages.quotes.phrases import noun_kind, phrase_of
from svodka.stages.quotes.quoted_speech import segments
from svodka.stages.quotes.reject import is_announced, is_sentence
from svodka.stages.quotes.view import DASHES, MARKS, Span, View

_WORD = re.compile(r"\w+")
_FIRST_PERSON = closed_class("first")
_TRAILING = re.compile(r"\s[—–-]\s(?=[^—–]*$)")
_MAX_HEADLINE = 300
_MAX_SUBHEADING = 120
_STEM = 5
_SPEAKING = frozenset(("role", "separate", "person", "anonymous", "organization", "medium", "group"))
_ALIKE = 0.7


def headline_of(view: View, title: str | None) -> Span | None:
    """The first line where it is a headline: the article's title, or a line that ends without a full stop."""
    if len(view.lines) < 2:
        return None
    start, end = view.lines[0]
    line = view.text[start:end]
    if title is not None and title.strip() == line:
        return start, end
    return (start, end) if end - start <= _MAX_HEADLINE and line[-1] not in ".,;:" else None


def find_headline(
    view: View, headline: Span, quoted: list[Quoted], found: list[Found], lexicon: Lexicon
) -> list[Found]:
    """Quotations of the headline that the rules for running text have not found.

    Args:
        view: The document.
        headline: Offsets of the headline.
        quoted: All quoted words.
        found: What was found already.
        lexicon: The lexicon.
    """
    start, end = headline
    taken = [span for item in found for span in item.segments]
    body = [item for item in found if item.start >= end and not item.inside]
    added: list[Found] = []
    for item in quoted:
        if not (start <= item.start < end) or any(first < item.end and item.start < last for first, last in taken):
            continue
        if is_announced(view, item, lexicon):
            continue
        whole = is_sentence(view, item) and view.text[item.start].isupper()
        words = len(_WORD.findall(view.text[item.start : item.end]))
        said = words > 2 or view.has_finite(*view.tokens_of((item.start, item.end)))
        if not said:
            continue  # a name
        repeated = _cited(view.text, item, body) or (_repeated(view.text, item, body) if whole else None)
        spans = segments(view, item.parts)
        if not spans or not (repeated or (whole and _talks(view, item))):
            continue
        beside = _beside(view, item, end, lexicon)
        added.append(
            Found(
                segments=spans,
                type="direct" if view.text[item.start].isupper() else "mixed",
                rule="headline.quoted",
                form="headline",
                source=beside or Source(kind="unknown"),
                same_as=repeated,
                confidence=0.85 if repeated else 0.6,
            )
        )
    for line in (headline, *_subheadings(view, end)):
        if not any(first < line[1] and line[0] < last for first, last in taken):
            named = _colon(view, line, lexicon) if line != headline or not added else None
            named = named or _trailing(view, line, lexicon)
            if named is not None:
                added.append(named)
    return added


def _subheadings(view: View, after: int) -> Iterator[Span]:
    """Lines of the body that are headlines: short, no full stop, text after them."""
    for start, end in view.lines[:-1]:
        if start >= after and end - start <= _MAX_SUBHEADING and view.text[end - 1].isalnum():
            while not view.text[start].isalnum() and start < end:
                start += 1  # «- Орлов: мост откроют»
            yield start, end


def _stems(text: str, spans: list[Span]) -> set[str]:
    return {fold(word)[:_STEM] for start, end in spans for word in _WORD.findall(text[start:end])}


def _repeated(text: str, item: Quoted, body: list[Found]) -> Found | None:
    """The quotation of the body that has most of these words."""
    words = _stems(text, item.parts)
    if len(words) < 2:
        return None
    shared = [len(words & _stems(text, other.segments)) for other in body]
    most = max(shared, default=0)
    return body[shared.index(most)] if most >= _ALIKE * len(words) else None


def _cited(text: str, item: Quoted, body: list[Found]) -> Found | None:
    """The quotation of the body that has these very words, in this order."""
    phrase = _sequence(text, (item.start, item.end))
    return next((other for other in body if any(phrase in _sequence(text, span) for span in other.segments)), None)


def _sequence(text: str, span: Span) -> str:
    return " " + "  ".join(fold(word)[:_STEM] for word in _WORD.findall(text[slice(*span)])) + " "


def _talks(view: View, item: Quoted) -> bool:
    first, last = view.tokens_of((item.start, item.end))
    return any(
        view.folded[index] in _FIRST_PERSON or view.feature(index, "Person") in ("1", "2")
        for index in range(first, last)
    )


def _beside(view: View, item: Quoted, end: int, lexicon: Lexicon) -> Source | None:
    """«П» — руководитель кооператива."""
    index = view.token_at(item.end + 1)
    if index >= view.size or not (view.words[index] in DASHES or view.words[index] in ("-", ":")):
        return None
    last = view.token_at(end)
    if view.has_finite(index + 1, last):
        return None
    for head in range(index + 1, min(index + 6, view.size)):
        if view.starts[head] >= end:
            return None
        person = view.label_at(head) == "PER"
        if person or noun_kind(view, head, lexicon) in ("role", "person", "group", "organization"):
            return Source(head=head, span=phrase_of(view, head))
    return None


def _trailing(view: View, headline: Span, lexicon: Lexicon) -> Found | None:
    """Мост откроют в мае — замминистра."""
    match = _TRAILING.search(view.text, *headline)
    if match is None:
        return None
    first, last = view.tokens_of((match.end(), headline[1]))
    before = view.tokens_of((headline[0], match.start()))
    if not 0 < last - first <= 4 or view.has_finite(first, last) or not view.has_finite(*before):
        return None
    person = view.label_at(first) == "PER"
    office = noun_kind(view, first, lexicon) in ("role", "separate") and view.feature(first, "Case") == "Nom"
    if not person and not office:
        return None
    return Found(
        segments=segments(view, [(headline[0], match.start())]),
        type="indirect",
        rule="headline.trailing",
        form="headline",
        source=Source(head=first, span=(first, last)),
        confidence=0.7,
    )


def _colon(view: View, headline: Span, lexicon: Lexicon) -> Found | None:
    """Орлов: мост откроют в мае."""
    start, end = headline
    colon = view.text.find(":", start, end)
    if colon < 0 or not view.text[colon + 1 : colon + 2].isspace():
        return None
    first, last = view.tokens_of((start, colon))
    content = view.tokens_of((colon + 1, end))
    talks = not _FIRST_PERSON.isdisjoint(view.folded[slice(*content)])
    if not 0 < last - first <= 7 or view.has_finite(first, last) or not (talks or view.has_finite(*content)):
        return None
    if any(view.words[index] in MARKS and index > first for index in range(first, last - 1)):
        return None
    head = next(
        (
            index
            for index in range(first, last)
            if view.pos[index] in ("NOUN", "PROPN", "PRON", "X")
            and (view.feature(index, "Case") in ("Nom", None) or view.words[index].isupper())
        ),
        None,
    )
    if head is None:
        return None
    number = view.mention_at[head]
    known = _later_person(view, head) if number < 0 and last - first == 1 else None
    if known is not None:
        source, speaks = Source(kind="literal", span=(first, last)), True
    else:
        source, speaks = Source(head=head, span=(first, last)), _names_body(view, head)
    speaks = speaks or number >= 0 or noun_kind(view, head, lexicon) in _SPEAKING
    if not speaks or (view.mention_at[last - 1] < 0 and number >= 0):
        return None
    _, stop = view.sentence_of(content[0])
    spans = segments(view, [(colon + 1, min(end, view.ends[stop - 1]))])
    if not spans:
        return None
    first_person = any(
        view.folded[index] in _FIRST_PERSON or view.feature(index, "Person") == "1" for index in range(*content)
    )
    return Found(
        segments=spans,
        type="direct" if first_person else "indirect",
        rule="headline.colon",
        form="headline",
        source=source,
        confidence=0.7,
    )


def _later_person(view: View, head: int) -> int | None:
    """The person of the body whose surname a word of the headline is."""
    word = view.folded[head]
    people = enumerate(view.entities)
    return next((n for n, e in people if e.label == "PER" and fold(e.name).split()[-1] == word), None)


def _names_body(view: View, head: int) -> bool:
    """Whether a word of the headline is the name of an organisation of the body."""
    word = view.folded[head]
    return len(word) > 3 and any(e.label == "ORG" and fold(e.name).startswith(word) for e in view.entities)
