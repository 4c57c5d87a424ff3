"""Who speaks in a document: what the quotations of a TEI file point to."""

import re

from svodka.writers.documents import Document, Row

_MARKS = re.compile('["«»„“”]')


class Sources:
    """Who speaks: the ids of entities, and of the sources of quotations that are no entities.

    Attributes:
        others: Sources that are no entities: their id, by kind, name and role.
    """

    def __init__(self, document: Document) -> None:
        self.others: dict[tuple[str, str, str | None], str] = {}
        self._entities = {row["entity_id"] for row in document.entities}
        self._named = {_bare(row["name"]): row["entity_id"] for row in document.entities if row["label"] == "ORG"}
        for quote in document.quotes:
            self.speaker(quote)
            self.medium(quote)

    def speaker(self, quote: Row) -> str | None:
        """The id of the source of a quotation; None where the text does not tell."""
        entity = self.entity(quote["entity_id"])
        if entity is not None or quote["speaker"] is None:
            return entity
        return self._other(quote["speaker_kind"], quote["speaker"], quote["role"])

    def entity(self, entity_id: int | None) -> str | None:
        """The id of an entity; None where there is none, or no table of entities."""
        return f"entity-{entity_id}" if entity_id in self._entities else None

    def medium(self, quote: Row) -> str | None:
        """The id of the medium that relays a quotation."""
        if quote["via"] is None:
            return None
        named = self._named.get(_bare(quote["via"]))
        if named is not None:
            return f"entity-{named}"
        return self._other("organization", quote["via"], None)

    def _other(self, kind: str, name: str, role: str | None) -> str:
        return self.others.setdefault((kind, name, role), f"source-{len(self.others)}")


def _bare(name: str) -> str:
    """A name without quotation marks: a medium has those that the text gives it."""
    return _MARKS.sub("", name)
