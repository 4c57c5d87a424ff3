"""The people stage: mentions with their nominative, joined to entities; persons with gender, role and organisation."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from spacy.tokens import Doc

from svodka.document import set_records
from svodka.records import Entity, Mention, Role
from svodka.stages.columns import Columns, columns, read_entities
from svodka.stages.people.coref import canonical_name, cluster_people, gender_of
from svodka.stages.people.found import Found
from svodka.stages.people.known import Known
from svodka.stages.people.mentions import find_names
from svodka.stages.people.names import PersonName, form_of, normalize_person, parse_name, support_of
from svodka.stages.people.phrase import LONGEST_ACRONYM, nominative_phrase, normalize_phrase
from svodka.stages.people.pronouns import normal_of
from svodka.stages.people.readings import is_family
from svodka.stages.people.references import find_references
from svodka.stages.people.role_mentions import Reference
from svodka.stages.people.role_phrase import RolePhrases
from svodka.stages.people.role_predicates import find_predicate_roles
from svodka.stages.people.roles import FoundRole, RoleFinder
from svodka.stages.people.things import cluster_things
from svodka.stages.people.tokens import begins_sentence, text_of, without_space
from svodka.stages.pymorphy import Backend, Dictionary, get_dictionary

__all__ = ["PeopleStage", "find_people", "nominative_phrase", "nominatives", "normalize_person", "normalize_phrase"]


@dataclass(slots=True)
class _Group:
    """An entity in the making, with the numbers of the names that mention it."""

    label: str
    name: str
    places: list[int]
    gender: str | None = None
    roles: list[FoundRole] = field(default_factory=list)


# Kinds of mentions by the first part of their rule; all others are names.
_KINDS = {"role": "role", "nominal": "role", "pronoun": "pronoun"}


class _Tied(NamedTuple):
    """A mention, tied to the number of its group."""

    start: int
    end: int
    group: int
    normal: str
    rule: str


def nominatives(doc: Doc, dictionary: Dictionary) -> list[str]:
    """The nominative of each span of ``doc.ents`` by itself, without what the document says elsewhere."""
    tokens = columns(doc)
    return [
        parse_name(tokens, without_space(tokens, start, end), dictionary).text
        if label == "PER"
        else nominative_phrase(tokens, without_space(tokens, start, end), dictionary)
        for start, end, label in read_entities(doc)
    ]


def find_people(doc: Doc, dictionary: Dictionary) -> tuple[list[Mention], list[Entity], list[Role]]:
    """Mentions, entities and roles of a document.

    Args:
        doc: Document with sentences, parts of speech, features, lemmas and ``doc.ents``; dependencies are used where
            it has them.
        dictionary: The pymorphy adapter.

    Returns:
        Mentions in reading order, each with the position of its entity; entities in order of first mention; and roles
        in reading order, each with the position of its person.
    """
    tokens, entities = columns(doc), read_entities(doc)
    found = find_names(tokens, entities, dictionary)
    numbers = [0] * len(tokens)
    for number, name in enumerate(found, 1):
        if name.label == "PER":
            numbers[name.start : name.end] = [number] * (name.end - name.start)
    organizations = {name.start: name.end for name in found if name.label == "ORG"}
    people, normals = _people(tokens, found, RoleFinder(RolePhrases(tokens, numbers, organizations, dictionary)))
    things, other_normals = _things(tokens, found, dictionary)
    normals |= other_normals
    groups = [*people, *things]
    starts, ends = tokens.starts, tokens.ends
    mentions = [
        _Tied(starts[found[place].start], ends[found[place].end - 1], number, normals[place], found[place].rule)
        for number, group in enumerate(groups)
        for place in group.places
    ]
    for reference in find_references(tokens, _known(found, groups)):
        start, end = starts[reference.start], ends[reference.end - 1]
        mentions.append(_Tied(start, end, reference.group, _normal(tokens, reference, dictionary), reference.rule))
    return _records(tokens, mentions, groups)


def _normal(tokens: Columns, reference: Reference, dictionary: Dictionary) -> str:
    """The nominative of a reference, without the capitals that its sentence or headline gave it."""
    start, end = reference.start, reference.end
    if reference.rule.startswith("pronoun"):
        return normal_of(tokens, start)
    phrase = nominative_phrase(tokens, without_space(tokens, start, end), dictionary)
    if phrase.isupper() and len(phrase) > LONGEST_ACRONYM:
        return phrase.lower()
    return phrase[0].lower() + phrase[1:] if begins_sentence(tokens, start) else phrase


def _records(
    tokens: Columns, mentions: list[_Tied], groups: Sequence[_Group]
) -> tuple[list[Mention], list[Entity], list[Role]]:
    """Records of the mentions, their entities and the roles of these, numbered in reading order."""
    mentions.sort(key=lambda mention: mention[:2])
    counts = Counter([mention.group for mention in mentions])  # in order of first mention
    numbers = {group: number for number, group in enumerate(counts)}
    records = [
        Mention(
            start=start,
            end=end,
            label=groups[group].label,
            kind=_KINDS.get(rule.partition(".")[0], "name"),
            normal=normal,
            entity=numbers[group],
            rule=rule,
        )
        for start, end, group, normal, rule in mentions
    ]
    roles = sorted(
        (tokens.starts[role.start], tokens.ends[role.end - 1], numbers[group], role)
        for group in counts
        for role in groups[group].roles
    )
    return (
        records,
        [_entity(groups[group], count) for group, count in counts.items()],
        [
            Role(start=start, end=end, entity=entity, role=role.text, organization=role.organization, rule=role.rule)
            for start, end, entity, role in roles
        ],
    )


def _known(found: Sequence[Found], groups: Sequence[_Group]) -> list[Known]:
    """What those who look for references know of the entities."""
    return [
        Known(
            number,
            group.label,
            names=[(found[place].start, found[place].end) for place in group.places],
            name=group.name,
            gender=group.gender,
            roles=[(role.start, role.end) for role in group.roles],
        )
        for number, group in enumerate(groups)
    ]


def _entity(group: _Group, n_mentions: int) -> Entity:
    role = None
    if group.roles:  # an office before a mere relation, else the first
        role = next((role for role in group.roles if not role.weak), group.roles[0])
    return Entity(
        label=group.label,
        name=group.name,
        gender=group.gender,
        role=role.text if role else None,
        organization=role.organization if role else None,
        n_mentions=n_mentions,
    )


def _people(tokens: Columns, found: Sequence[Found], finder: RoleFinder) -> tuple[list[_Group], dict[int, str]]:
    """Persons, and the nominative of each of their mentions."""
    places = [place for place, name in enumerate(found) if name.label == "PER"]
    words = [without_space(tokens, found[place].start, found[place].end) for place in places]
    forms = [form_of(tokens, one) for one in words]
    support = support_of(forms, finder.phrases.dictionary)
    names = [
        parse_name(tokens, one, finder.phrases.dictionary, support=support, form=form)
        for one, form in zip(words, forms, strict=True)
    ]
    normals = {place: name.text for place, name in zip(places, names, strict=True)}
    for number in _sharing(tokens, names, words, finder.phrases.dictionary):
        shared = [*words[number], words[number + 1][-1]]
        names[number] = parse_name(tokens, shared, finder.phrases.dictionary)
    roles = _roles(found, places, finder)
    groups = []
    for cluster in cluster_people(names, _aliases(tokens, [found[place] for place in places])):
        mentions = [places[number] for number in cluster.places]
        of_person = [role for place in mentions for role in roles[place]]
        groups.append(_Group("PER", canonical_name(cluster.names), mentions, gender_of(cluster.names), of_person))
    return groups, normals


def _sharing(
    tokens: Columns, names: Sequence[PersonName], words: Sequence[Sequence[int]], dictionary: Dictionary
) -> list[int]:
    """Numbers of the first names whose surname stands in the plural after the next: «Анна и Иван Орловы»."""
    return [
        number
        for number, (one, other) in enumerate(pairwise(names))
        if one.given
        and one.lone
        and other.given
        and is_family(tokens.words[words[number + 1][-1]], dictionary)
        and tokens.lowers[words[number][-1] + 1 : words[number + 1][0]] == ["и"]
    ]


def _roles(found: Sequence[Found], places: Sequence[int], finder: RoleFinder) -> dict[int, list[FoundRole]]:
    """The roles of each person's name: those beside it, then those that predicates give it."""
    roles = {place: finder.find(found[place].start, found[place].end) for place in places}
    beside = [(role.start, role.end) for of_name in roles.values() for role in of_name]
    for number, role in find_predicate_roles(finder, beside):
        roles[number - 1].append(role)
    return roles


def _aliases(tokens: Columns, names: Sequence[Found]) -> dict[int, int]:
    """Persons in brackets right after a person: another name of the same, «Леннарта Берга (Lennart Berg)».

    Two surnames («Орлов (Зимин)») are two persons, unless one is written in Latin letters.
    """
    return {
        number: number - 1
        for number, (name, alias) in enumerate(pairwise(names), 1)
        if text_of(tokens, name.end, alias.start) == "("
        and tokens.words[alias.end : alias.end + 1] == [")"]
        and (
            max(name.end - name.start, alias.end - alias.start) > 1
            or tokens.words[name.start].isascii() != tokens.words[alias.start].isascii()
        )
    }


def _things(tokens: Columns, found: Sequence[Found], dictionary: Dictionary) -> tuple[list[_Group], dict[int, str]]:
    """Organisations and places, and the nominative of each of their mentions."""
    chosen = {place: name for place, name in enumerate(found) if name.label != "PER"}
    normals, entities = cluster_things(tokens, chosen, dictionary)
    return [_Group(label, name, places) for label, name, places in entities], normals


class PeopleStage:
    """Component that writes the layers ``mentions``, ``entities`` and ``roles``.

    Args:
        backend: pymorphy3 or pymorphy2.
    """

    def __init__(self, backend: Backend = "pymorphy3") -> None:
        self.dictionary = get_dictionary(backend)

    def __call__(self, doc: Doc) -> Doc:
        """Store the mentions and entities of the document."""
        mentions, entities, roles = find_people(doc, self.dictionary)
        set_records(doc, "mentions", mentions)
        set_records(doc, "entities", entities)
        set_records(doc, "roles", roles)
        return doc
