"""Who speaks, and what is asked about words that name nobody."""

from dataclasses import dataclass

from svodka.records import Entity
from svodka.stages.quotes.view import Span


@dataclass(frozen=True, slots=True)
class Speaker:
    """A source resolved in its document.

    Attributes:
        name: Canonical name; None where the text does not tell.
        kind: person, organization, group, document or unknown.
        entity: Position in the document's entities.
        mention: Tokens [first, last) that name it.
        role: Role of a person.
        gender: Masc or Fem, where known.
    """

    name: str | None
    kind: str = "unknown"
    entity: int | None = None
    mention: Span | None = None
    role: str | None = None
    gender: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Words, or a missing subject, whose referent is asked for.

    Attributes:
        kind: pronoun, role (a noun for a person), body and medium (a noun for an organisation), document (of which
            somebody is the author), dropped, floating (a sentence without a cue) or fragment (a part of one).
        place: Offset of the cue.
        head: Head of the words; None where there are none.
        span: Tokens of the words.
        gender: What the words or the verb show: Masc, Fem or None.
        inside: Whether it stands in direct speech.
    """

    kind: str
    place: int
    head: int | None = None
    span: Span | None = None
    gender: str | None = None
    inside: bool = False


def person_of(number: int, entity: Entity, mention: Span | None) -> Speaker:
    """The speaker that an entity is."""
    return Speaker(entity.name, "person", number, mention, entity.role, entity.gender)


def speaker_of(number: int, entity: Entity, mention: Span | None) -> Speaker:
    """The speaker that an entity of any kind is."""
    if entity.label == "PER":
        return person_of(number, entity, mention)
    return Speaker(entity.name, "organization", number, mention)


def key_of(speaker: Speaker) -> object:
    """What tells speakers apart: the entity, else the name."""
    return speaker.entity if speaker.entity is not None else speaker.name
