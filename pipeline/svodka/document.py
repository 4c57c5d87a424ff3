"""Where svodka keeps its layers in a spaCy `Doc`.

Span and Token extensions collide between layers and DocBin refuses dataclasses, so there is one stored extension,
``doc._.svodka``, a dict of plain values. ``doc._.quotes``, ``doc._.dates`` and ``doc._.people`` are views of it.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from spacy.tokens import Doc

from svodka.records import Article, DateExpr, Entity, InText, Mention, Quote, Record, Role
from svodka.stages.columns import columns
from svodka.view.ipython import register_formatter

Place = TypeVar("Place", bound=InText)

_LAYERS: dict[str, type[Record]] = {
    "mentions": Mention,
    "entities": Entity,
    "roles": Role,
    "dates": DateExpr,
    "quotes": Quote,
}
# The records that a stage of this process has stored, beside the plain values they were stored as.
_known_records: WeakKeyDictionary[Doc, dict[str, tuple[list[dict[str, Any]], list[Any]]]] = WeakKeyDictionary()


# Where spaCy keeps the extension; to look there takes a tenth of the time that ``doc._`` takes.
_KEY = ("._.", "svodka", None, None)


def layers(doc: Doc) -> dict[str, Any]:
    """The dict of plain values that holds svodka's layers of this document."""
    user_data: dict[Any, Any] = doc.user_data
    stored: dict[str, Any] | None = user_data.get(_KEY)
    if stored is None:
        stored = doc._.svodka = {}
    return stored


def _stored(doc: Doc) -> Mapping[str, Any]:
    """As `layers`, to read only: what is not there stays so."""
    user_data: dict[Any, Any] = doc.user_data
    return user_data.get(_KEY) or {}


def set_records(doc: Doc, layer: str, records: Iterable[Record]) -> None:
    """Store the records of a layer (mentions, entities, roles, dates or quotes), replacing what was there."""
    known = list(records)
    plain = layers(doc)[layer] = [] if columns(doc).hidden else [record.to_plain() for record in known]
    _known_records.setdefault(doc, {})[layer] = plain, known


def has_layer(doc: Doc, layer: str) -> bool:
    """Whether a stage has written this layer, be it empty."""
    return layer in _stored(doc)


def _records(doc: Doc, layer: str) -> list[Any]:
    plain = _stored(doc).get(layer, ())
    stored, known = _known_records.get(doc, {}).get(layer, (None, []))
    if stored is plain:  # not replaced by values from elsewhere, such as a DocBin
        return list(known)
    kind = _LAYERS[layer]
    return [kind.from_plain(values) for values in plain]


def get_mentions(doc: Doc) -> list[Mention]:
    """Mentions in reading order; empty before the people stage."""
    return _records(doc, "mentions")


def get_entities(doc: Doc) -> list[Entity]:
    """Entities in order of their first mention; empty before the people stage."""
    return _records(doc, "entities")


def get_people(doc: Doc) -> list[Entity]:
    """The entities that are persons."""
    return [entity for entity in get_entities(doc) if entity.label == "PER"]


def get_roles(doc: Doc) -> list[Role]:
    """Roles of persons in reading order; empty before the people stage."""
    return _records(doc, "roles")


def get_dates(doc: Doc) -> list[DateExpr]:
    """Date and time expressions in reading order."""
    return _records(doc, "dates")


def get_quotes(doc: Doc) -> list[Quote]:
    """Quotations in reading order."""
    return _records(doc, "quotes")


def set_article(doc: Doc, article: Article) -> None:
    """Tell the stages what is known about the article this document was made from."""
    values = article.to_plain()
    del values["text"], values["tokens"]  # they are the Doc's own
    layers(doc)["article"] = values


def get_title(doc: Doc) -> str | None:
    """The headline that the article's source gave, if it did."""
    title: str | None = _stored(doc).get("article", {}).get("title")
    return title


def get_anchor(doc: Doc) -> dt.date | None:
    """The day of publication, if it is known."""
    anchor: str | None = _stored(doc).get("article", {}).get("anchor")
    return dt.date.fromisoformat(anchor) if anchor else None


def get_article(doc: Doc) -> Article:
    """The article of this document; only its text where the document was made from a bare string."""
    values = _stored(doc).get("article", {})
    return Article(text=columns(doc).text, **values)


def _knowing_text(get: Callable[[Doc], list[Place]]) -> Callable[[Doc], list[Place]]:
    """The same for those who look at the records: each knows its words. Stages have the text at hand, and no need."""

    def view(doc: Doc) -> list[Place]:
        records = get(doc)
        if any(record.whole is None for record in records):
            text = columns(doc).text
            for record in records:
                record.keep_text(text)
        return records

    return view


def register() -> None:
    """Register the Doc extensions, and in a notebook how a Doc looks; calling it again changes nothing."""
    if not Doc.has_extension("svodka"):
        Doc.set_extension("svodka", default=None)
    views = {
        "quotes": _knowing_text(get_quotes),
        "dates": _knowing_text(get_dates),
        "people": get_people,
        "mentions": _knowing_text(get_mentions),
        "entities": get_entities,
        "roles": _knowing_text(get_roles),
    }
    for name, getter in views.items():
        if not Doc.has_extension(name):
            Doc.set_extension(name, getter=getter)
    register_formatter()


register()
