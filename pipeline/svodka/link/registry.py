"""The registry of a corpus, made of the tables of its documents.

Everything is made anew from the tables each time, whatever the order of their rows, so that linking documents that came
later gives what linking all at once does. A registry_id is a hash of what tells somebody apart: label and name; a
patronymic, gender or career only where namesakes have others; the document for those who join nobody; the id for those
whom an authority file has. So it changes only where new documents bring such a namesake, or a full name for who had
initials or a surname, and where the authority file changes.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from svodka.link.authority import Authority, role_words
from svodka.link.names import take_apart
from svodka.link.people import Person, join_people
from svodka.link.things import Thing, join_things
from svodka.schema import REGISTRY, REGISTRY_ENTITIES, REGISTRY_ROLE
from svodka.stages.columns import fold
from svodka.stages.people.spelling import bare_acronym
from svodka.stages.pymorphy import Dictionary

_ENTITY = ["doc_id", "entity_id"]
_ID_DIGITS = 16

# The columns that a registry is made of.
NEEDED = {
    "documents": ("doc_id", "published_day"),
    "entities": ("doc_id", "entity_id", "label", "name", "gender", "role", "organization", "n_mentions"),
    "roles": ("doc_id", "entity_id", "role", "organization"),
    "mentions": ("doc_id", "entity_id", "label", "kind", "normal"),
    "quotes": ("doc_id", "entity_id"),
}


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking a corpus gave.

    Attributes:
        registry: One row a person, organisation or place, those of most documents first.
        entities: The row of each entity, by document and entity.
        links: Id in the authority file by registry_id.
        n_ambiguous: Rows that several rows of the authority file fit, so that they got no link.
    """

    registry: pa.Table
    entities: pa.Table
    links: Mapping[str, str]
    n_ambiguous: int


def link_tables(tables: Mapping[str, pa.Table], dictionary: Dictionary, authority: Authority | None = None) -> Linked:
    """Join the entities of documents.

    Args:
        tables: Tables of a run by name, at least their columns `NEEDED`; documents and entities must be there. Roles
            are taken from the entities where there is no table of them.
        dictionary: The pymorphy adapter.
        authority: The user's authority file.
    """
    columns = {
        name: tables["entities"][name].to_pylist() for name in ("label", "name", "gender", "n_mentions", *_ENTITY)
    }
    places = list(zip(columns["doc_id"], columns["entity_id"], strict=True))
    columns["day"] = _days(tables["documents"], columns["doc_id"])
    roles = _roles(tables)
    words = _words_of_roles(roles)
    names = ("doc_id", "label", "name", "gender", "n_mentions", "day")
    of_roles = (words.get(place, frozenset()) for place in places)
    found = list(map(_Found, *(columns[name] for name in names), of_roles))
    others = _other_names(tables.get("mentions"))
    keys = _keys(found, [others.get(place, ()) for place in places], dictionary)
    by_key, n_ambiguous = _links(keys, found, authority) if authority else ({}, 0)
    # one id is one row, whatever the names
    united = {key: f"{key.split('|', 1)[0]}||{link}" for key, link in by_key.items()}
    ids = {key: _registry_id(united.get(key, key)) for key in set(keys)}
    links = {ids[key]: link for key, link in by_key.items()}
    entities = pd.DataFrame(columns).assign(registry_id=[ids[key] for key in keys])
    entities["day"] = pd.array(columns["day"], dtype="Int32")
    bridge = entities[REGISTRY_ENTITIES.schema.names].sort_values(_ENTITY)
    return Linked(
        _registry(entities, roles, tables.get("quotes"), links, dictionary),
        pa.Table.from_pandas(bridge, schema=REGISTRY_ENTITIES.schema, preserve_index=False),
        links,
        n_ambiguous,
    )


def _registry_id(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8")).hexdigest()[:_ID_DIGITS]


class _Found(NamedTuple):
    """An entity of a document; `roles` are the words of its roles, `day` counts from 1970."""

    doc_id: str
    label: str
    name: str
    gender: str | None
    n_mentions: int
    day: int | None
    roles: frozenset[str]


def _days(documents: pa.Table, doc_ids: Sequence[str]) -> list[int | None]:
    """The day on which each document was published, counted from 1970; None where it is unknown."""
    days = documents["published_day"].cast(pa.int32())
    day_of = dict(zip(documents["doc_id"].to_pylist(), days.to_pylist(), strict=True))
    return list(map(day_of.get, doc_ids))


def _roles(tables: Mapping[str, pa.Table]) -> pd.DataFrame:
    """Roles of entities: doc_id, entity_id, role, organization."""
    source = tables.get("roles", tables["entities"])
    source = source.filter(pc.is_valid(source["role"]))
    return pd.DataFrame({name: source[name].to_pylist() for name in (*_ENTITY, "role", "organization")})


def _words_of_roles(roles: pd.DataFrame) -> dict[tuple[str, int], frozenset[str]]:
    """Words of the roles of each entity that has any, by document and entity."""
    words: dict[tuple[str, int], frozenset[str]] = defaultdict(frozenset)
    for doc_id, entity_id, role in zip(roles["doc_id"], roles["entity_id"], roles["role"], strict=True):
        words[doc_id, entity_id] |= role_words([role])
    return dict(words)


def _keys(found: Sequence[_Found], others: Sequence[tuple[str, ...]], dictionary: Dictionary) -> list[str]:
    """The key of each entity, its label first."""
    people = [Person(one.doc_id, one.name, one.gender, one.roles, one.day) for one in found if one.label == "PER"]
    things = [
        Thing(one.doc_id, one.label, one.name, one.n_mentions, names)
        for one, names in zip(found, others, strict=True)
        if one.label != "PER"
    ]
    of_people, of_things = iter(join_people(people, dictionary)), iter(join_things(things))
    return [f"{one.label}|{next(of_people if one.label == 'PER' else of_things)}" for one in found]


def _other_names(mentions: pa.Table | None) -> dict[tuple[str, int], tuple[str, ...]]:
    """The mentions of organisations and places in capitals, which may be acronyms, by document and entity."""
    if mentions is None:
        return {}
    is_name = pc.and_(pc.not_equal(mentions["label"], "PER"), pc.equal(mentions["kind"], "name"))
    capitals = mentions.filter(pc.and_(is_name, pc.utf8_is_upper(mentions["normal"])))
    capitals = capitals.group_by([*_ENTITY, "normal"]).aggregate([])
    names: dict[tuple[str, int], tuple[str, ...]] = defaultdict(tuple)
    for doc_id, entity_id, normal in zip(*(capitals[name].to_pylist() for name in (*_ENTITY, "normal")), strict=True):
        names[doc_id, entity_id] += (normal,)
    return names


def _links(keys: Sequence[str], found: Sequence[_Found], authority: Authority) -> tuple[dict[str, str], int]:
    """Ids in the authority file by key, and how many keys several of its rows fit."""
    names: dict[str, set[str]] = defaultdict(set)
    genders: dict[str, Counter[str]] = defaultdict(Counter)
    roles: dict[str, frozenset[str]] = defaultdict(frozenset)
    for key, one in zip(keys, found, strict=True):
        names[key].add(one.name)
        roles[key] |= one.roles
        if one.gender:
            genders[key][one.gender] += 1
    links = {}
    n_ambiguous = 0
    for key, known in names.items():
        if key.startswith("PER|"):
            fitting = authority.of_person(known, _commonest(genders[key]), roles[key])
        else:
            fitting = authority.of_thing(known)
        if len(fitting) == 1:
            links[key] = fitting[0].id
        n_ambiguous += len(fitting) > 1
    return links, n_ambiguous


def _commonest(counts: Counter[str]) -> str | None:
    """The value that is counted most often; None where there is none, or two are as common."""
    (first, count), (_, second) = [*counts.most_common(2), (None, 0), (None, 0)][:2]
    return first if count > second else None


def _registry(
    entities: pd.DataFrame,
    roles: pd.DataFrame,
    quotes: pa.Table | None,
    links: Mapping[str, str],
    dictionary: Dictionary,
) -> pa.Table:
    grouped = entities.groupby("registry_id", sort=False)
    rows = grouped.agg(
        label=("label", "first"),
        first_date=("day", "min"),
        last_date=("day", "max"),
        n_documents=("doc_id", "nunique"),
        n_mentions=("n_mentions", "sum"),
    )
    rows["names"] = _by_frequency(entities, ["registry_id"], "name").groupby("registry_id")["name"].agg(list)
    rows["name"] = [
        _fullest(label, names, dictionary) for label, names in zip(rows["label"], rows["names"], strict=True)
    ]
    genders: dict[str, Counter[str]] = defaultdict(Counter)
    gendered = entities.dropna(subset=["gender"])
    for key, gender in zip(gendered["registry_id"], gendered["gender"], strict=True):
        genders[key][gender] += 1
    rows["gender"] = [_commonest(genders[key]) for key in rows.index]
    rows["link"] = rows.index.map(links)
    found = _roles_of_rows(entities, roles)
    rows["roles"] = pd.Series({key: found.get(key, []) for key in rows.index})
    rows["n_quotes"] = pd.NA if quotes is None else _count_quotes(entities, quotes).reindex(rows.index).fillna(0)
    rows = rows.reset_index().sort_values(
        ["n_documents", "label", "name", "registry_id"], ascending=[False, True, True, True]
    )
    return pa.table([_column(rows[field.name], field.type) for field in REGISTRY.schema], schema=REGISTRY.schema)


def _column(values: pd.Series, arrow: pa.DataType) -> pa.Array:
    plain = [None if value is pd.NA or value is None or value != value else value for value in values]
    if pa.types.is_date32(arrow):
        return pa.array(plain, pa.int32()).cast(arrow)
    return pa.array(plain, arrow)


def _by_frequency(frame: pd.DataFrame, by: list[str], value: str) -> pd.DataFrame:
    """The values of each group, those of most documents first."""
    counts = frame.drop_duplicates([*by, "doc_id", value]).groupby([*by, value]).size().rename("n").reset_index()
    return counts.sort_values([*by, "n", value], ascending=[True] * len(by) + [False, True])


def _fullest(label: str, names: Sequence[str], dictionary: Dictionary) -> str:
    """The fullest of names that stand in order of frequency.

    An organisation's acronym comes after its full names, and what has more in brackets after what has not.
    """
    plain = [name for name in names if "(" not in name] or names
    if label == "PER":
        return max(plain, key=lambda name: take_apart(name, dictionary).fullness)
    return next((name for name in plain if label != "ORG" or not bare_acronym(name)), plain[0])


def _roles_of_rows(entities: pd.DataFrame, roles: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """The roles of each row of the registry by first day; what differs in capitals and ё is one."""
    known = roles.merge(entities[[*_ENTITY, "registry_id", "day"]], on=_ENTITY)
    known["folded"] = known["role"].map(fold)
    by = ["registry_id", "folded"]
    found = known.groupby(by).agg(first=("day", "min"), last=("day", "max"), n_documents=("doc_id", "nunique"))
    for column in ("role", "organization"):
        found[column] = _by_frequency(known.dropna(subset=[column]), by, column).groupby(by)[column].first()
    found = found.reset_index().sort_values(["registry_id", "first", "folded"])
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    values = {name: _column(found[name], REGISTRY_ROLE.field(name).type).to_pylist() for name in REGISTRY_ROLE.names}
    for registry_id, *role in zip(found["registry_id"], *values.values(), strict=True):
        rows[registry_id].append(dict(zip(values, role, strict=True)))
    return rows


def _count_quotes(entities: pd.DataFrame, quotes: pa.Table) -> pd.Series:
    """How many quotations each row of the registry is the source of."""
    spoken = quotes.filter(pc.is_valid(quotes["entity_id"]))
    frame = pd.DataFrame({name: spoken[name].to_pylist() for name in _ENTITY}, columns=_ENTITY)
    return frame.merge(entities[[*_ENTITY, "registry_id"]], on=_ENTITY).groupby("registry_id").size()
