"""Organisations and places of a document joined by normal form, and by abbreviations that the text introduces."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from spacy.tokens import Doc, Span

from svodka.stages.people.phrase import normalize_phrase
from svodka.stages.people.spelling import fold
from svodka.stages.pymorphy import Dictionary

_QUOTES = str.maketrans("", "", "«»\"“”„'")
_WITH_SHORT = re.compile(r"^(?P<full>.+\w[»\"”]?) ?\((?P<short>[A-ZА-ЯЁ][\w-]*[A-ZА-ЯЁ])\)$")
_SHORTEST_ACRONYM = 3


def cluster_things(
    doc: Doc, spans: Mapping[int, Span], dictionary: Dictionary
) -> tuple[dict[int, str], list[tuple[str, str, list[int]]]]:
    """Join the organisations and places of a document.

    Args:
        doc: The document.
        spans: Its organisations and places, by their number among all names.
        dictionary: The pymorphy adapter.

    Returns:
        The normal form of each span, and for each entity its label, its name and the numbers of its spans.
    """
    attested = _attested(spans.values())
    normals = {number: normalize_phrase(span, dictionary, attested=attested) for number, span in spans.items()}
    members: dict[tuple[str, str], list[int]] = {}
    for number, span in spans.items():
        members.setdefault((span.label_, _key(normals[number])), []).append(number)
    for short, full in _abbreviations(doc, spans, normals).items():
        if short != full and short in members and full in members:
            members[full].extend(members.pop(short))
    entities = [
        (label, _name([normals[number] for number in numbers]), sorted(numbers))
        for (label, _), numbers in members.items()
    ]
    return normals, entities


def _attested(spans: Iterable[Span]) -> frozenset[str]:
    """Lower-case single words that the document has as names in the nominative."""
    words = (span[0] for span in spans if len(span) == 1)
    return frozenset(word.lower_ for word in words if "Nom" in word.morph.get("Case", []))


def _name(normals: Sequence[str]) -> str:
    """The longest form without an abbreviation in brackets, the commonest of equals."""
    counts = Counter(_full_form(normal) for normal in normals)
    return max(counts, key=lambda name: (len(name), counts[name]))


def _full_form(normal: str) -> str:
    match = _WITH_SHORT.match(normal)
    return match["full"] if match else normal


def _key(normal: str) -> str:
    """What two spellings of a name have in common: «"Роснефть"» is «Роснефть», «(РФС)» after the name is left out."""
    return fold(_full_form(normal).translate(_QUOTES))


def initials_of(phrase: str) -> str:
    """Acronym of a name.

    >>> initials_of("Комитет национальной безопасности")
    'кнб'
    """
    return "".join(word[0] for word in fold(phrase).replace("-", " ").split() if word[0].isalpha())


def _abbreviations(
    doc: Doc, spans: Mapping[int, Span], normals: Mapping[int, str]
) -> dict[tuple[str, str], tuple[str, str]]:
    """Keys of abbreviations and of the full names they stand for.

    An abbreviation stands in brackets right after the name, inside its span («Российский союз (РС)») or after it, or is
    made of the initials of a name of the document.
    """
    pairs: dict[tuple[str, str], tuple[str, str]] = {}
    acronyms: dict[str, tuple[str, str]] = {}
    for number, span in spans.items():
        key = (span.label_, _key(normals[number]))
        match = _WITH_SHORT.match(normals[number])
        if match:
            pairs[span.label_, fold(match["short"])] = key
        acronym = initials_of(key[1])
        if len(acronym) >= _SHORTEST_ACRONYM:
            acronyms[acronym] = key
    for (one, full), (other, short) in pairwise(spans.items()):
        if full.label_ == short.label_ and doc[full.end : short.start].text == "(" and short.text.isupper():
            pairs.setdefault((short.label_, _key(normals[other])), (full.label_, _key(normals[one])))
    for number, span in spans.items():
        acronym = fold(normals[number])
        target = acronyms.get(acronym)
        if span.text.isupper() and target is not None and target[0] == span.label_:
            pairs.setdefault((span.label_, acronym), target)
    return pairs
