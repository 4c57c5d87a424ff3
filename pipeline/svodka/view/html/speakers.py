"""Who speaks in a document, each with a number and a colour."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from svodka.writers.documents import Document, Row

N_COLOURS = 12
"""Colours of the style sheet; with more speakers they come again, and the numbers tell them apart."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A source of quotations in a document.

    Attributes:
        number: From 1 on, in the order of their first quotations; 0 for all whose source is not known.
        name: Canonical name.
        kind: As `speaker_kind` of the contract.
        role: The role they have most often, None where there is none.
        entity_id: Entity of the document, None where they are none.
        quotes: Rows of their quotations.
    """

    number: int
    name: str
    kind: str
    role: str | None
    entity_id: int | None
    quotes: list[Row] = field(repr=False)

    @property
    def colour(self) -> int:
        """Colour of the style sheet, from 1 on; 0 is that of nobody."""
        return colour_of(self.number)

    @property
    def mark(self) -> str:
        """What follows their quotations in the text."""
        return str(self.number) if self.number else "?"


def colour_of(number: int, n_colours: int = N_COLOURS) -> int:
    """The colour of the speaker with a number, of so many colours; 0 for nobody.

    >>> colour_of(1), colour_of(13), colour_of(13, 6), colour_of(0)
    (1, 1, 1, 0)
    """
    return (number - 1) % n_colours + 1 if number else 0


def speakers_of(document: Document) -> list[Speaker]:
    """The speakers of a document in the order of their first quotations, at the end nobody if some have no source.

    Quotations with one entity have one speaker; of those without, one name of one kind is one.
    """
    said: dict[tuple[object, ...], list[Row]] = {}
    unknown: list[Row] = []
    for row in document.quotes:
        if row["speaker"] is None:
            unknown.append(row)
        elif row["entity_id"] is not None:
            said.setdefault((row["entity_id"],), []).append(row)
        else:
            said.setdefault((row["speaker_kind"], row["speaker"]), []).append(row)
    names: dict[int, str] = {row["entity_id"]: row["name"] for row in document.entities}
    speakers = [_speaker(number, rows, names) for number, rows in enumerate(said.values(), 1)]
    if unknown:
        speakers.append(Speaker(0, "speaker unknown", "unknown", None, None, unknown))
    return speakers


def in_order(speakers: Iterable[Speaker]) -> list[tuple[Row, Speaker]]:
    """Quotations in their order, each with its speaker."""
    said = ((row, speaker) for speaker in speakers for row in speaker.quotes)
    return sorted(said, key=lambda pair: pair[0]["quote_id"])


def _speaker(number: int, rows: list[Row], names: dict[int, str]) -> Speaker:
    first = rows[0]
    role = _most_frequent(row["role"] for row in rows)
    name = names[first["entity_id"]] if first["entity_id"] in names else first["speaker"]
    return Speaker(number, name, first["speaker_kind"], role, first["entity_id"], rows)


def _most_frequent(roles: Iterable[str | None]) -> str | None:
    counts = Counter(role for role in roles if role)
    return max(counts, key=counts.__getitem__, default=None)
