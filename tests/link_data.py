"""Tables of a few documents, made by hand, to be linked."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from svodka.schema import TABLES


def tables_of(documents: Sequence[dict[str, Any]]) -> dict[str, pa.Table]:
    """Tables of documents with id, published and entities; of these what is not told is the default."""
    rows: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("documents", "entities", "roles", "mentions", "quotes")
    }
    for document in documents:
        doc_id = {"doc_id": document["id"]}
        moment: dt.datetime | None = document.get("published")
        rows["documents"].append(doc_id | {"published": moment, "published_day": moment and moment.date()})
        for number, one in enumerate(document["entities"]):
            of = doc_id | {"entity_id": number}
            label = one.get("label", "PER")
            gender = one.get("gender", "Masc") if label == "PER" else None
            rows["entities"].append(of | {"label": label, "name": one["name"], "gender": gender, "n_mentions": 2})
            rows["mentions"].append(of | {"label": label, "kind": "name", "normal": one["name"]})
            rows["roles"] += [of | {"role": role} for role in one.get("roles", ())]
            rows["quotes"] += [of] * one.get("quotes", 0)
    loose = {name: pa.schema([field.with_nullable(True) for field in TABLES[name].schema]) for name in rows}
    return {name: pa.Table.from_pylist(found, schema=loose[name]) for name, found in rows.items()}


def day(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)
