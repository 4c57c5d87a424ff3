"""What people see and correct in brat and Label Studio: the labels, relations and values, the same in both.

A quotation is a region of one of the `QUOTES` labels. Its source is what the relation Speaker points at: who speaks is
the *name* of that person, organisation, place or Source. A quotation whose source is called otherwise, or nowhere in
the text, has a *speaker* of its own, which overrules that; `NOBODY` as a name or speaker says that the text does not
tell. HasCue points at the words that introduce the speech. A quotation that lies in another needs no relation to it. A
choice that is not made has the value that a reader would assume: an inline quotation, asserted, of a person (an
organisation where Speaker points at one or at a place), a mention by name.

What gold has no place for is not shown, lest somebody correct it in vain.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

QUOTES = {"DirectQuote": "direct", "IndirectQuote": "indirect", "MixedQuote": "mixed"}
"""Labels of quotations, and their type."""

NAMES = {"Person": "PER", "Organization": "ORG", "Place": "LOC"}
"""Labels of mentions, and that of their entity."""

DATES = {"Date": "DATE", "Time": "TIME", "Duration": "DURATION", "Set": "SET", "Age": "AGE"}
"""Labels of date expressions, and their type."""

CUE, SOURCE, ROLE = "Cue", "Source", "Role"

NOBODY = "-"
"""The speaker of a quotation whose source the text does not tell."""

LABELS = (*QUOTES, CUE, SOURCE, *NAMES, ROLE, *DATES)
"""All labels in the order of the menus."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A closed list that a region may have one value of.

    Attributes:
        labels: Labels of the regions that may have it.
        values: Its values; that which is assumed comes first where it does not depend on others.
    """

    labels: tuple[str, ...]
    values: tuple[str, ...]


CHOICES: Mapping[str, Choice] = {
    "Form": Choice(tuple(QUOTES), ("inline", "block", "dash", "headline", "document")),
    "Polarity": Choice(tuple(QUOTES), ("asserted", "negated", "hypothetical")),
    "SpeakerKind": Choice(tuple(QUOTES), ("person", "organization", "group", "document", "unknown")),
    "Naming": Choice(tuple(NAMES), ("name", "role", "pronoun")),
}
"""What is chosen, by name."""

FIELDS: Mapping[str, tuple[str, ...]] = {
    "speaker": tuple(QUOTES),
    "via": tuple(QUOTES),
    "aliases": tuple(QUOTES),
    "name": (*NAMES, SOURCE),
    "role": (ROLE,),
    "edtf": tuple(DATES),
    "start": tuple(DATES),
    "end": tuple(DATES),
    "value": tuple(DATES),
    "mod": tuple(DATES),
}
"""Free text that a region may have, and the labels of those regions. `value` and `mod` (TIMEX3) are only to be read."""

SPEAKER, HAS_CUE, ROLE_OF = "Speaker", "HasCue", "RoleOf"

RELATIONS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    SPEAKER: (tuple(QUOTES), (*NAMES, SOURCE)),
    HAS_CUE: (tuple(QUOTES), (CUE,)),
    ROLE_OF: ((ROLE,), ("Person",)),
}
"""The relations, and the labels that they go from and to."""


@dataclass(slots=True)
class Region:
    """A stretch of the text with a label.

    Attributes:
        id: What relations call it.
        label: One of `LABELS`.
        spans: (start, end) of its parts in reading order, in code points.
        choices: Values by name of the choice.
        fields: Free text by name of the field.
        entity: Number of the entity that it means, where the tables have one.
        link: Id of that entity in an authority file.
        confidence: 0 to 1, of a quotation that svodka found.
        place: Where a file has it, for messages.
    """

    id: str
    label: str
    spans: list[tuple[int, int]]
    choices: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    entity: int | None = None
    link: str | None = None
    confidence: float | None = None
    place: str = ""

    @property
    def start(self) -> int:
        """First code point."""
        return self.spans[0][0]

    @property
    def end(self) -> int:
        """One past the last code point."""
        return self.spans[-1][1]


def reading_order(region: Region) -> tuple[int, int, int]:
    """The key to sort by: what begins first, of these what is longest, of these what comes first in the menus."""
    return region.start, -region.end, LABELS.index(region.label)


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of a region to another, both by their ids."""

    label: str
    source: str
    target: str
    place: str = ""


@dataclass(slots=True)
class Annotation:
    """What is annotated in one document."""

    regions: list[Region] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)


def assumed_speaker(target: Region | None, text: str) -> str | None:
    """Who speaks where the quotation itself does not say: the name of what Speaker points at.

    A mention without a name is called as it stands; of a pronoun or a noun that would tell nothing.
    """
    if target is None:
        return None
    name = target.fields.get("name")
    if name is None and target.choices.get("Naming", "name") == "name":
        name = text[target.start : target.end]
    return None if name == NOBODY else name


def assumed_kind(speaker: str | None, target: Region | None) -> str:
    """What the source is where the quotation does not say: a value of SpeakerKind."""
    if speaker is None:
        return "unknown"
    return "organization" if target is not None and target.label in ("Organization", "Place") else "person"


_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\\]|^\s|\s$")
_ESCAPED = re.compile(r"\\(?:\\|u([0-9a-f]{4}))")


def one_line(text: str) -> str:
    r"""A text for a field of a line: what would end the line or the field is escaped.

    >>> one_line("C:\\новости\nдня")
    'C:\\\\новости\\u000aдня'
    """
    return _UNSAFE.sub(lambda found: r"\\" if found[0] == "\\" else f"\\u{ord(found[0]):04x}", text)


def from_one_line(text: str) -> str:
    """The text that `one_line` wrote."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else "\\", text)
