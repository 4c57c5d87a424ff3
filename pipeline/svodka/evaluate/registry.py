"""Persons and organisations joined across documents, against ids of a knowledge base.

NEREL (Loukachevitch et al. 2021, 2022) notes for each name what it means in Wikidata. Of the names that the pipeline
finds exactly, those with an id are compared: by B³ (Bagga and Baldwin 1998) over mentions, where errors within a
document count too, and by pairs of entities of two documents. Names without an id, and notes whose title is a common
noun («полиция», «правительство»), which give a kind and not one of it, are left out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from spacy.language import Language

from svodka.errors import InputError
from svodka.evaluate.brat import NO_ID, AnnotatedText, read_brat
from svodka.evaluate.report import Disagreement, Report, Score, Tally
from svodka.link.registry import link_tables
from svodka.run.local import run_batches
from svodka.stages.pymorphy import get_dictionary
from svodka.tables import Tables

LABELS = {"PERSON": "PER", "ORGANIZATION": "ORG"}


class Item(NamedTuple):
    """A name in a document, found exactly.

    Attributes:
        doc_id: The document.
        start: First code point.
        end: One past the last code point.
        label: PER or ORG.
        id: What gold says it means.
        title: Title of that in the knowledge base.
        row: Its row of the registry.
    """

    doc_id: str
    start: int
    end: int
    label: str
    id: str
    title: str
    row: str


def evaluate_registry(gold: Path, predictions: Path | None = None, *, nlp: Language | None = None) -> Report:
    """Measure how entities are joined across documents.

    Args:
        gold: A folder in brat's format with notes of ids.
        predictions: A folder of tables with mentions and entities; they are linked anew.
        nlp: The pipeline to run over the gold texts where there are no predictions.

    Returns:
        For PER and ORG the B³ of mentions, and «pairs»: precision and recall over pairs of entities of two documents.

    Raises:
        InputError: Gold or predictions cannot be read, or there are neither predictions nor a pipeline.
    """
    texts = list(read_brat(gold))
    if predictions is not None:
        tables = Tables.read_parquet(predictions)
    elif nlp is not None:
        tables = Tables.from_rows(run_batches(nlp, [text.article for text in texts]))
    else:
        raise InputError("give a folder of predictions or a pipeline")
    items = list(_items(texts, _rows_of_mentions(tables)))
    bodies = {text.article.doc_id: text.article.text for text in texts}
    return Report.of("registry", _compare(items, bodies), _figures)


def _rows_of_mentions(tables: Tables) -> dict[tuple[str, int, int, str], str]:
    """The row of the registry of each mention by name, by its place."""
    linked = link_tables({name: tables.arrow(name) for name in tables}, get_dictionary())
    rows = {(doc_id, entity): row for doc_id, entity, row in zip(*linked.entities.to_pydict().values(), strict=True)}
    names = tables.mentions[tables.mentions["kind"] == "name"]
    columns = (names[column] for column in ("doc_id", "start", "end", "label", "entity_id"))
    return {
        (doc_id, start, end, label): rows[doc_id, entity]
        for doc_id, start, end, label, entity in zip(*columns, strict=True)
    }


def _items(texts: Sequence[AnnotatedText], rows: Mapping[tuple[str, int, int, str], str]) -> Iterator[Item]:
    for text in texts:
        doc_id = text.article.doc_id
        for (start, end, kind), id_, title in text.notes:
            row = rows.get((doc_id, start, end, LABELS.get(kind, "")))
            if row is not None and id_ != NO_ID and not title[:1].islower():
                yield Item(doc_id, start, end, LABELS[kind], id_, title, row)


class _Groups:
    """How many items share a row, an id, or both.

    Args:
        items: Mentions, or one for each entity of a document.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        self.rows = Counter(item.row for item in items)
        self.ids = Counter((item.label, item.id) for item in items)
        self.both = Counter((item.row, item.id) for item in items)

    def sizes(self, item: Item) -> tuple[int, int, int]:
        """Items of its row, of its id, and of both."""
        return self.rows[item.row], self.ids[item.label, item.id], self.both[item.row, item.id]


def _compare(
    items: Sequence[Item], texts: Mapping[str, str]
) -> Iterator[tuple[Mapping[str, float], list[Disagreement]]]:
    of_documents: dict[str, list[Item]] = {doc_id: [] for doc_id in texts}
    for item in items:
        of_documents[item.doc_id].append(item)
    units = {doc_id: _entities(own) for doc_id, own in of_documents.items()}
    mentions = _Groups(items)
    named = _Groups([unit for own in units.values() for unit in own])
    most = {
        key: Counter(getattr(item, other) for item in group).most_common(1)[0][0]
        for one, other in (("row", "id"), ("id", "row"))
        for key, group in _grouped(items, one).items()
    }
    titles = {item.id: item.title or item.id for item in items}
    for doc_id, own in of_documents.items():
        counts: dict[str, float] = defaultdict(float)
        for item in own:
            row, id_, both = mentions.sizes(item)
            counts[f"mentions {item.label}"] += 1
            counts[f"precision {item.label}"] += both / row
            counts[f"recall {item.label}"] += both / id_
        here = _Groups(units[doc_id])
        for unit in units[doc_id]:
            pairs = (all_ - own_ for all_, own_ in zip(named.sizes(unit), here.sizes(unit), strict=True))
            for name, count in zip(("joined", "gold", "right"), pairs, strict=True):
                counts[f"{name} {unit.label}"] += count
        yield counts, list(_disagreements(texts[doc_id], units[doc_id], most, titles))


def _entities(items: Sequence[Item]) -> list[Item]:
    """One item for each row in a document, with the id that most of its mentions have."""
    chosen = []
    for group in _grouped(items, "row").values():
        counts = Counter(item.id for item in group)
        chosen.append(min(group, key=lambda item: (-counts[item.id], item.start)))
    return chosen


def _grouped(items: Sequence[Item], field: str) -> dict[str, list[Item]]:
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        groups[getattr(item, field)].append(item)
    return groups


def _disagreements(
    text: str, units: Sequence[Item], most: Mapping[str, str], titles: Mapping[str, str]
) -> Iterator[Disagreement]:
    """Names in a row with another id than most of it, and names in another row than most of their id."""
    for unit in units:
        kind = "joined" if most[unit.row] != unit.id else "apart" if most[unit.id] != unit.row else ""
        if kind:
            gold, predicted = titles[unit.id], titles[most[unit.row]] if kind == "joined" else None
            yield Disagreement.at(unit.doc_id, kind, text, unit.start, unit.end, gold, predicted)


def _figures(tally: Tally) -> tuple[Score, ...]:
    scores = []
    for label in LABELS.values():
        mentions = f"mentions {label}"
        scores.append(tally.f1(f"B3 {label}", f"precision {label}", mentions, mentions, f"recall {label}"))
        scores.append(tally.f1(f"pairs {label}", f"right {label}", f"joined {label}", f"gold {label}"))
    return tuple(scores)
