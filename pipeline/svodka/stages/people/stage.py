"""The people stage: mentions with their nominative, joined to entities; persons with gender, role and organisation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from spacy.tokens import Doc, Span

from svodka.document import set_records
from svodka.records import Entity, Mention
from svodka.stages.people.coref import canonical_name, cluster_people, gender_of, initials_of
from svodka.stages.people.mentions import find_names
from svodka.stages.people.names import form_of, normalize_person, parse_name, support_of
from svodka.stages.people.phrase import normalize_phrase
from svodka.stages.people.roles import Role, find_roles
from svodka.stages.people.spelling import fold
from svodka.stages.pymorphy import Backend, Dictionary, get_dictionary

__all__ = ["PeopleStage", "find_people", "normalize_person", "normalize_phrase"]

_QUOTES = str.maketrans("", "", "«»\"“”„'")


@dataclass(slots=True)
class _Group:
    """An entity in the making: its first mention decides its place in the document's list."""

    spans: list[int]
    entity: Entity


def find_people(doc: Doc, dictionary: Dictionary) -> tuple[list[Mention], list[Entity]]:
    """Mentions and entities of a document.

    Args:
        doc: Document with sentences, parts of speech, features, lemmas and ``doc.ents``; dependencies are used where
            it has them.
        dictionary: The pymorphy adapter.

    Returns:
        Mentions in reading order, each with the position of its entity, and entities in order of first mention.
    """
    found = find_names(doc, dictionary)
    spans = [Span(doc, name.start, name.end, label=name.label) for name in found]
    normals: dict[int, str] = {}
    groups = [*_people(doc, spans, dictionary, normals), *_things(doc, spans, dictionary, normals)]
    groups.sort(key=lambda group: min(group.spans))
    entity_of = {place: number for number, group in enumerate(groups) for place in group.spans}
    mentions = [
        Mention(
            start=span.start_char,
            end=span.end_char,
            label=span.label_,
            normal=normals[place],
            entity=entity_of[place],
            rule=name.rule,
        )
        for place, (name, span) in enumerate(zip(found, spans, strict=True))
    ]
    return mentions, [group.entity for group in groups]


def _people(doc: Doc, spans: Sequence[Span], dictionary: Dictionary, normals: dict[int, str]) -> list[_Group]:
    places = [place for place, span in enumerate(spans) if span.label_ == "PER"]
    support = support_of((form_of(spans[place]) for place in places), dictionary)
    names = [parse_name(spans[place], dictionary, support=support) for place in places]
    numbers = [0] * len(doc)
    for place in places:
        numbers[spans[place].start : spans[place].end] = [place + 1] * len(spans[place])
    groups = []
    for cluster in cluster_people(names, _aliases(doc, [spans[place] for place in places])):
        found = sorted(places[number] for number in cluster.places)
        role = _first_role(doc, [spans[place] for place in found], numbers, dictionary)
        entity = Entity(
            label="PER",
            name=canonical_name(cluster.names),
            gender=gender_of(cluster.names),
            role=role.text if role else None,
            organization=role.organization if role else None,
            n_mentions=len(found),
        )
        groups.append(_Group(found, entity))
    for place, name in zip(places, names, strict=True):
        normals[place] = name.text
    return groups


def _aliases(doc: Doc, spans: Sequence[Span]) -> dict[int, int]:
    """Persons in brackets right after a person: another name of the same, «Леннарта Берга (Lennart Berg)»."""
    return {
        place + 1: place
        for place, (name, alias) in enumerate(pairwise(spans))
        if doc[name.end : alias.start].text == "(" and alias.end < len(doc) and doc[alias.end].text == ")"
    }


def _first_role(doc: Doc, spans: Iterable[Span], numbers: Sequence[int], dictionary: Dictionary) -> Role | None:
    """The first role that the document gives a person, an office before a mere relation."""
    roles = [role for span in spans for role in find_roles(doc, span.start, span.end, numbers, dictionary)]
    return next((role for role in roles if not role.weak), roles[0] if roles else None)


def _things(doc: Doc, spans: Sequence[Span], dictionary: Dictionary, normals: dict[int, str]) -> list[_Group]:
    """Organisations and places: by label and normal form, and by abbreviations introduced in the text."""
    members: dict[tuple[str, str], list[int]] = {}
    attested = _attested(spans)
    for place, span in enumerate(spans):
        if span.label_ != "PER":
            normals[place] = normalize_phrase(span, dictionary, attested=attested)
            members.setdefault((span.label_, _key(normals[place])), []).append(place)
    for short, full in _abbreviations(doc, spans, normals).items():
        if short != full and short in members and full in members:
            members[full].extend(members.pop(short))
    groups = []
    for (label, _), found in members.items():
        name = max((normals[place] for place in sorted(found)), key=len)
        groups.append(_Group(found, Entity(label=label, name=name, n_mentions=len(found))))
    return groups


def _attested(spans: Iterable[Span]) -> frozenset[str]:
    """Lower-case single words that the document has as names in the nominative."""
    words = (span[0] for span in spans if len(span) == 1 and span.label_ != "PER")
    return frozenset(word.lower_ for word in words if "Nom" in word.morph.get("Case", []))


def _key(normal: str) -> str:
    return fold(normal.translate(_QUOTES))


def _abbreviations(doc: Doc, spans: Sequence[Span], normals: dict[int, str]) -> dict[tuple[str, str], tuple[str, str]]:
    """Keys of abbreviations and of the full names they stand for: «Комитет национальной безопасности (КНБ)»."""
    pairs: dict[tuple[str, str], tuple[str, str]] = {}
    for place, (full, short) in enumerate(pairwise(spans)):
        if "PER" in (full.label_, short.label_) or full.label_ != short.label_:
            continue
        between = doc[full.end : short.start].text
        if between == "(" and short.text.isupper() and _key(short.text) == initials_of(normals[place]):
            pairs[short.label_, _key(normals[place + 1])] = (full.label_, _key(normals[place]))
    return pairs


class PeopleStage:
    """Component that writes the layers ``mentions`` and ``entities``.

    Args:
        backend: pymorphy3 or pymorphy2.
    """

    def __init__(self, backend: Backend = "pymorphy3") -> None:
        self.dictionary = get_dictionary(backend)

    def __call__(self, doc: Doc) -> Doc:
        """Store the mentions and entities of the document."""
        mentions, entities = find_people(doc, self.dictionary)
        set_records(doc, "mentions", mentions)
        set_records(doc, "entities", entities)
        return doc
