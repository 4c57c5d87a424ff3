"""Roles of persons: the pairs of a person and the words that say what he is, against NEREL and FactRuEval.

The gold pairs of NEREL (Loukachevitch et al. 2021) are its relations WORKS_AS from a PERSON to a PROFESSION. Of
professions of one person that are nested in one another the outermost counts («директора [департамента]»), and a
relation that is repeated for several mentions of the person counts once. PERSON spans are one person where NEREL joins
them by ALTERNATIVE_NAME, refers both to one item of Wikidata, or where they read the same. Those of FactRuEval
(Starostin et al. 2016) are the positions of its facts of type Occupation; it states a fact once a document and mostly
where an employer is named too, so that precision says little there.

The pairs found are the rows of `roles` and the mentions of kind role. What is no profession is left out by the class
of its head in `lexicons/people_roles.tsv` (`svodka.stages.people.role_words.NO_PROFESSION`: жена, житель,
обвиняемый, основатель, чемпион).

A found pair is right, and a gold pair found, where both hold:

- the place: each of the two spans overlaps the head of the other, its first word that the dictionary reads as a noun
  for persons. So «известный российский политик» and «политик» are one, «помощник министра» and «министра» are not;
- the person: a mention by name of the entity overlaps a PERSON span of the gold person. NEREL relates a role to any
  mention of a person, not the nearest, so the mention is not asked for.

`pair half` asks for the same person and half of the characters of both spans together (Jaccard ≥ 0.5), `pair exact`
for the same span. `distinct` counts each person and head lemma once a document, wherever it stands. `workplace`
compares roles that have an organisation with WORKPLACE from a PERSON to an ORGANIZATION: the role's span must overlap
the organisation, and the person be the same.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from svodka.document import get_mentions, get_roles
from svodka.errors import InputError
from svodka.evaluate.brat import NO_ID, AnnotatedText, Span, is_brat, read_brat
from svodka.evaluate.factrueval import FactText, is_factrueval, read_factrueval
from svodka.evaluate.gold import predictions_by_document, read_table
from svodka.evaluate.report import Disagreement, Report, Score, Tally
from svodka.records import Article
from svodka.stages.people.role_words import NO_PROFESSION, group_of_phrase
from svodka.stages.pymorphy import Analysis, get_dictionary

_WORD = re.compile(r"[\w-]{2,}")
_HALF = 0.5


class GoldRole(NamedTuple):
    """A span that belongs to a person: a profession or a workplace."""

    person: str
    span: Span


@dataclass(frozen=True, slots=True)
class RoleText:
    """A text, the persons of the spans that name them, and what these persons are."""

    article: Article
    persons: Mapping[Span, str]
    roles: Sequence[GoldRole]
    workplaces: Sequence[GoldRole] = ()


class FoundPair(NamedTuple):
    """A role as found: number of the entity, place, and whether it has an organisation."""

    entity: int
    span: Span
    organization: bool = False


@dataclass(slots=True)
class Found:
    """What was found in a document: the places of persons' names by entity, and the roles of these entities."""

    names: list[tuple[int, Span]] = field(default_factory=list)
    pairs: list[FoundPair] = field(default_factory=list)


def evaluate_roles(gold: Path, predictions: Path | None = None, *, nlp: Language | None = None) -> Report:
    """Measure the roles of persons: which words say what somebody is.

    Args:
        gold: A folder of NEREL or of FactRuEval.
        predictions: A folder of tables with roles and mentions; its documents are called as the texts are.
        nlp: The pipeline to run over the texts where there are no predictions.

    Returns:
        Figures over pairs of a person and a role: found where head and person agree («pair»), with half of the
        characters («pair half») or the same span («pair exact»), once a document («distinct»), and the employers
        («workplace»).

    Raises:
        InputError: Gold or predictions cannot be read, or there are neither predictions nor a pipeline.
    """
    texts = list(_read_roles(gold))
    articles = [text.article for text in texts]
    found = predictions_by_document(articles, predictions, nlp, from_tables=_from_tables, from_doc=_from_doc)
    return score(texts, found)


def score(texts: Sequence[RoleText], found: Mapping[str, Found]) -> Report:
    """The report of what was found in gold texts, by document."""
    comparisons = (_compare(text, found.get(text.article.doc_id, Found())) for text in texts)
    has_workplaces = any(text.workplaces for text in texts)
    return Report.of("roles", comparisons, _figures if has_workplaces else lambda tally: _figures(tally)[:-1])


def _figures(tally: Tally) -> tuple[Score, ...]:
    sides = ("predicted pair", "gold pair")
    return (
        tally.f1("pair", "right pair", *sides, "found pair"),
        tally.f1("pair half", "right half", *sides, "found half"),
        tally.f1("pair exact", "right exact", *sides, "found exact"),
        tally.f1("distinct", "right distinct", "predicted distinct", "gold distinct"),
        tally.f1("workplace", "right workplace", "predicted workplace", "gold workplace", "found workplace"),
    )


# ---- comparison


def head_of(text: str, span: Span) -> Span:
    """The head of a phrase: its first word that can be a noun that names persons, else its first word.

    Words that can be adjectives come after those that cannot: «главный [редактор]», «военный [лётчик]».
    """
    words = [Span(word.start(), word.end(), span.label) for word in _WORD.finditer(text, span.start, span.end)]
    if not words:
        return span
    return max(words, key=lambda word: _rank(text[word.start : word.end]))


@lru_cache(maxsize=20_000)
def _rank(word: str) -> int:
    """How well a word can head a role: 2 as an animate noun only, 1 as one among other readings."""
    readings = get_dictionary().analyses(word)
    if not any(_names_persons(reading) for reading in readings):
        return 0
    return 1 if any(reading.pos in ("ADJ", "VERB") for reading in readings) else 2


def _names_persons(reading: Analysis) -> bool:
    return reading.pos == "NOUN" and "anim" in reading.grammemes


def _compare(gold: RoleText, found: Found) -> tuple[Counter[str], list[Disagreement]]:
    text = gold.article.text
    persons = _persons_of(gold, found)
    nobody: frozenset[str] = frozenset()

    def count(
        name: str, expected: Sequence[GoldRole], pairs: Sequence[FoundPair], same: Callable[[Span, Span], bool]
    ) -> Counter[str]:
        def hit(role: GoldRole, pair: FoundPair) -> bool:
            return role.person in persons.get(pair.entity, nobody) and same(role.span, pair.span)

        return Counter(
            {
                f"right {name}": sum(any(hit(role, pair) for role in expected) for pair in pairs),
                f"found {name}": sum(any(hit(role, pair) for pair in pairs) for role in expected),
                f"predicted {name}": len(pairs),
                f"gold {name}": len(expected),
            }
        )

    heads = {span: head_of(text, span) for _, span in gold.roles} | {
        pair.span: head_of(text, pair.span) for pair in found.pairs
    }

    def same_head(one: Span, other: Span) -> bool:
        return heads[one].overlaps(other) and heads[other].overlaps(one)

    counts = count("pair", gold.roles, found.pairs, same_head)
    counts += count("half", gold.roles, found.pairs, lambda one, other: _jaccard(one, other) >= _HALF)
    counts += count("exact", gold.roles, found.pairs, lambda one, other: one[:2] == other[:2])
    placed = [pair for pair in found.pairs if pair.organization]
    counts += count("workplace", gold.workplaces, placed, Span.overlaps)
    expected = {(person, _lemma(text, heads[span])) for person, span in gold.roles}
    answers = {
        (min(persons.get(entity, nobody), default=f"entity {entity}"), _lemma(text, heads[span]))
        for entity, span, _ in found.pairs
    }
    distinct = {"right": len(expected & answers), "predicted": len(answers), "gold": len(expected)}
    counts.update({f"{side} distinct": number for side, number in distinct.items()})
    return counts, list(_disagreements(gold, found, persons, same_head))


def _persons_of(gold: RoleText, found: Found) -> dict[int, frozenset[str]]:
    """The gold persons that each entity is, by the names of both."""
    persons: dict[int, set[str]] = {}
    for entity, name in found.names:
        hits = {person for span, person in gold.persons.items() if span.overlaps(name)}
        persons.setdefault(entity, set()).update(hits)
    return {entity: frozenset(keys) for entity, keys in persons.items()}


def _jaccard(one: Span, other: Span) -> float:
    common = min(one.end, other.end) - max(one.start, other.start)
    return common / (one.end - one.start + other.end - other.start - common) if common > 0 else 0.0


def _lemma(text: str, head: Span) -> str:
    word = text[head.start : head.end]
    readings = get_dictionary().analyses(word)
    lemmas = [reading.lemma for reading in sorted(readings, key=_names_persons, reverse=True)]
    return next(iter(lemmas), word.lower()).replace("ё", "е")


def _disagreements(
    gold: RoleText, found: Found, persons: Mapping[int, frozenset[str]], same: Callable[[Span, Span], bool]
) -> Iterator[Disagreement]:
    doc_id, text = gold.article.doc_id, gold.article.text
    names = {entity: text[span.start : span.end] for entity, span in reversed(found.names)}
    for person, span in gold.roles:
        there = [pair.entity for pair in found.pairs if same(span, pair.span)]
        if not any(person in persons.get(entity, ()) for entity in there):
            shown = ", ".join(names.get(entity, "?") for entity in there) or None
            yield Disagreement.at(doc_id, "person" if there else "missed", text, span.start, span.end, person, shown)
    for entity, span, _ in found.pairs:
        if not any(same(role.span, span) for role in gold.roles):
            yield Disagreement.at(doc_id, "spurious", text, span.start, span.end, None, names.get(entity))


# ---- gold


def _read_roles(path: Path) -> Iterator[RoleText]:
    if is_factrueval(path):
        yield from map(_roles_of_facts, read_factrueval(path))
    elif is_brat(path):
        yield from map(_roles_of_relations, read_brat(path))
    else:
        raise InputError("roles are measured on a folder of NEREL or FactRuEval", source=str(path))


def _roles_of_facts(text: FactText) -> RoleText:
    persons = {
        found.whole: found.entity for found in text.objects if found.kind == "Person" and found.entity is not None
    }
    roles = [GoldRole(fact.entity, span) for fact in text.occupations for span in fact.positions]
    return RoleText(text.article, persons, _outermost(roles))


def _roles_of_relations(text: AnnotatedText) -> RoleText:
    persons = _joined_persons(text)

    def related(kind: str, label: str) -> list[GoldRole]:
        return _outermost(
            [
                GoldRole(persons[relation.first], relation.second)
                for relation in text.relations
                if relation.type == kind and relation.first in persons and relation.second.label == label
            ]
        )

    return RoleText(text.article, persons, related("WORKS_AS", "PROFESSION"), related("WORKPLACE", "ORGANIZATION"))


def _joined_persons(text: AnnotatedText) -> dict[Span, str]:
    """The person of each PERSON span: spans that NEREL joins have the same, called by its first mention."""
    spans = sorted({span for span in text.spans if span.label == "PERSON"})
    first: dict[Span, Span] = {span: span for span in spans}

    def root(span: Span) -> Span:
        while first[span] != span:
            span = first[span]
        return span

    def join(one: Span, other: Span) -> None:
        low, high = sorted((root(one), root(other)))
        first[high] = low

    known: dict[str, Span] = {}
    items = {note.span: note.id for note in text.notes if note.id != NO_ID}
    for span in spans:
        keys = [text.article.text[span.start : span.end]]
        if span in items:
            keys.append(items[span])
        for key in keys:
            join(span, known.setdefault(key, span))
    for relation in text.relations:
        if relation.type == "ALTERNATIVE_NAME" and relation.first in first and relation.second in first:
            join(relation.first, relation.second)
    return {span: f"{text.article.text[root(span).start : root(span).end]}@{root(span).start}" for span in spans}


def _outermost(roles: Sequence[GoldRole]) -> list[GoldRole]:
    """The roles without repetitions and without those nested in another one of the same person, in reading order."""
    return sorted(
        {role for role in roles if not any(role.person == one.person and role.span.inside(one.span) for one in roles)},
        key=lambda role: (role.span, role.person),
    )


# ---- predictions


def _from_doc(doc: Doc) -> Found:
    found = Found()
    for role in get_roles(doc):
        _add(found, role.entity, role.start, role.end, role.role, role.organization)
    for mention in get_mentions(doc):
        _add_mention(found, mention.kind, mention.label, mention.entity, mention.start, mention.end, mention.normal)
    return found


def _from_tables(tables: Path) -> dict[str, Found]:
    by_document: dict[str, Found] = {}
    for doc_id, rows in read_table(tables, "roles").items():
        found = by_document.setdefault(doc_id, Found())
        for row in rows:
            _add(found, row["entity_id"], row["start"], row["end"], row["role"], row["organization"])
    for doc_id, rows in read_table(tables, "mentions").items():
        found = by_document.setdefault(doc_id, Found())
        for row in rows:
            fields = ("kind", "label", "entity_id", "start", "end", "normal")
            _add_mention(found, *(row[name] for name in fields))
    return by_document


def _add(found: Found, entity: int, start: int, end: int, phrase: str, organization: str | None = None) -> None:
    if group_of_phrase(phrase) not in NO_PROFESSION:
        found.pairs.append(FoundPair(entity, Span(start, end, "role"), organization is not None))


def _add_mention(found: Found, kind: str, label: str, entity: int | None, start: int, end: int, normal: str) -> None:
    if entity is None or label != "PER":
        return
    if kind == "name":
        found.names.append((entity, Span(start, end, label)))
    elif kind == "role":
        _add(found, entity, start, end, normal)
