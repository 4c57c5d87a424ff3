"""The people stage: mentions with their nominative, joined to entities; persons with gender, role and organisation."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from spacy.tokens import Doc, Span

from svodka.document import set_records
from svodka.records import Entity, Mention
from svodka.stages.people.coref import canonical_name, cluster_people, gender_of
from svodka.stages.people.mentions import find_names
from svodka.stages.people.names import form_of, normalize_person, parse_name, support_of
from svodka.stages.people.phrase import normalize_phrase
from svodka.stages.people.role_mentions import find_role_mentions
from svodka.stages.people.roles import Role, find_roles
from svodka.stages.people.things import cluster_things
from svodka.stages.pymorphy import Backend, Dictionary, get_dictionary

__all__ = ["PeopleStage", "find_people", "normalize_person", "normalize_phrase"]


@dataclass(slots=True)
class _Group:
    """An entity in the making: its first mention decides its place in the document's list."""

    places: list[int]
    entity: Entity
    roles: list[Role] = field(default_factory=list)


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
    numbers = [0] * len(doc)
    for place, span in enumerate(spans):
        if span.label_ == "PER":
            numbers[span.start : span.end] = [place + 1] * len(span)
    people, normals = _people(doc, spans, numbers, dictionary)
    things, other_normals = _things(doc, spans, dictionary)
    normals.update(other_normals)
    groups = [*people, *things]
    mentions = [
        (span.start_char, span.end_char, group, normals[place], found[place].rule)
        for group in groups
        for place in group.places
        for span in [spans[place]]
    ]
    tied = {place: [(role.start, role.end) for role in group.roles] for place, group in enumerate(groups)}
    for start, end, place in find_role_mentions(doc, tied, numbers):
        phrase = Span(doc, start, end)
        mentions.append(
            (phrase.start_char, phrase.end_char, groups[place], normalize_phrase(phrase, dictionary), "role")
        )
    return _records(mentions)


def _records(found: list[tuple[int, int, _Group, str, str]]) -> tuple[list[Mention], list[Entity]]:
    """Records of (start, end, entity, normal form, rule), numbered in reading order."""
    found.sort(key=lambda mention: mention[:2])
    numbers: dict[int, int] = {}
    entities: list[Entity] = []
    for _, _, group, _, _ in found:
        if id(group) not in numbers:
            numbers[id(group)] = len(entities)
            entities.append(group.entity)
    counts = Counter(numbers[id(group)] for _, _, group, _, _ in found)
    mentions = [
        Mention(
            start=start,
            end=end,
            label=group.entity.label,
            kind="role" if rule == "role" else "name",
            normal=normal,
            entity=numbers[id(group)],
            rule=rule,
        )
        for start, end, group, normal, rule in found
    ]
    return mentions, [replace(entity, n_mentions=counts[number]) for number, entity in enumerate(entities)]


def _people(
    doc: Doc, spans: Sequence[Span], numbers: Sequence[int], dictionary: Dictionary
) -> tuple[list[_Group], dict[int, str]]:
    """Persons, and the nominative of each of their mentions."""
    places = [place for place, span in enumerate(spans) if span.label_ == "PER"]
    support = support_of((form_of(spans[place]) for place in places), dictionary)
    names = [parse_name(spans[place], dictionary, support=support) for place in places]
    groups = []
    for cluster in cluster_people(names, _aliases(doc, [spans[place] for place in places])):
        found = sorted(places[number] for number in cluster.places)
        roles = [
            role
            for place in found
            for role in find_roles(doc, spans[place].start, spans[place].end, numbers, dictionary)
        ]
        # an office before a mere relation, else the first
        role = next((role for role in roles if not role.weak), roles[0] if roles else None)
        entity = Entity(
            label="PER",
            name=canonical_name(cluster.names),
            gender=gender_of(cluster.names),
            role=role.text if role else None,
            organization=role.organization if role else None,
        )
        groups.append(_Group(found, entity, roles))
    return groups, {place: name.text for place, name in zip(places, names, strict=True)}


def _aliases(doc: Doc, spans: Sequence[Span]) -> dict[int, int]:
    """Persons in brackets right after a person: another name of the same, «Леннарта Берга (Lennart Berg)»."""
    return {
        place + 1: place
        for place, (name, alias) in enumerate(pairwise(spans))
        if doc[name.end : alias.start].text == "(" and alias.end < len(doc) and doc[alias.end].text == ")"
    }


def _things(doc: Doc, spans: Sequence[Span], dictionary: Dictionary) -> tuple[list[_Group], dict[int, str]]:
    """Organisations and places, and the nominative of each of their mentions."""
    chosen = {place: span for place, span in enumerate(spans) if span.label_ != "PER"}
    normals, entities = cluster_things(doc, chosen, dictionary)
    return [_Group(places, Entity(label=label, name=name)) for label, name, places in entities], normals


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
