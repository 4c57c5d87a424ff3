"""Texts with stand-off annotation in brat's format (Stenetorp et al. 2012), as NEREL has it.

A ``.txt`` file holds the text, the ``.ann`` file beside it spans, relations, and notes that name what a span means in
a knowledge base: ``T5<TAB>CITY 89 95<TAB>Москве``, ``R1<TAB>WORKS_AS Arg1:T3 Arg2:T7`` and
``N2<TAB>Reference T5 Wikidata:Q649<TAB>Москва``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from svodka.errors import InputError
from svodka.records import Article
from svodka.writers.brat import DOCUMENTS

_SPAN = re.compile(r"(?P<id>T\d+)\t(?P<label>\S+) (?P<start>\d+)(?: [\d; ]+)? (?P<end>\d+)\t")
_RELATION = re.compile(r"R\d+\t(?P<type>\S+) Arg1:(?P<first>T\d+) Arg2:(?P<second>T\d+)")
_NOTE = re.compile(r"N\d+\tReference (?P<span>T\d+) (?P<base>\w+):(?P<id>\S+)\t(?P<title>.*)")

NO_ID = "NULL"
"""The id in a note where the knowledge base lacks what is meant."""


class Span(NamedTuple):
    """An annotated span.

    Attributes:
        start: First code point.
        end: One past the last code point; a discontinuous span goes from its first to its last.
        label: Its kind.
    """

    start: int
    end: int
    label: str

    def inside(self, other: "Span") -> bool:
        """Whether another span holds this one and is longer."""
        return other.start <= self.start and self.end <= other.end and self[:2] != other[:2]

    def overlaps(self, other: "Span") -> bool:
        """Whether they share a code point."""
        return self.start < other.end and other.start < self.end


class Relation(NamedTuple):
    """A relation between two spans."""

    type: str
    first: Span
    second: Span


class Note(NamedTuple):
    """What a span means in a knowledge base.

    Attributes:
        span: The span.
        id: Id in the base, «Q649»; NULL where the base lacks it.
        title: Title of its entry there; may be empty.
    """

    span: Span
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class AnnotatedText:
    """A text, its spans in the order of the file, the relations between them and the notes to them."""

    article: Article
    spans: list[Span]
    relations: list[Relation]
    notes: list[Note]


def is_brat(gold: Path) -> bool:
    """Whether a path is a folder that holds texts with brat annotations (``*.ann``)."""
    return gold.is_dir() and next(gold.rglob("*.ann"), None) is not None


def read_brat(folder: Path) -> Iterator[AnnotatedText]:
    """Texts with their annotation, in order of file names.

    Args:
        folder: Where ``*.ann`` and ``*.txt`` lie side by side, perhaps in folders of their own.

    Raises:
        InputError: An annotation has no text, a relation or note names a span that there is not, or the folder is one
            of corrections, whose labels are others.
    """
    if (folder / DOCUMENTS).exists():
        message = "this is what `svodka export --to brat` wrote; make gold of it with `svodka gold import`"
        raise InputError(message, source=str(folder))
    for file in sorted(folder.rglob("*.ann")):
        yield _read_file(file)


def _read_file(annotations: Path) -> AnnotatedText:
    source = annotations.with_suffix(".txt")
    try:
        with source.open(encoding="utf-8", newline="") as file:
            text = file.read()
    except FileNotFoundError as error:
        raise InputError("this annotation has no text beside it", source=str(annotations)) from error
    spans: dict[str, Span] = {}
    relations: list[re.Match[str]] = []
    notes: list[re.Match[str]] = []
    for line in annotations.read_text(encoding="utf-8").splitlines():
        if span := _SPAN.match(line):
            spans[span["id"]] = Span(int(span["start"]), int(span["end"]), span["label"])
        elif relation := _RELATION.match(line):
            relations.append(relation)
        elif note := _NOTE.match(line):
            notes.append(note)
    try:
        related = [Relation(found["type"], spans[found["first"]], spans[found["second"]]) for found in relations]
        noted = [Note(spans[found["span"]], found["id"], found["title"]) for found in notes]
    except KeyError as error:
        message = f"a relation or note names the span {error}, which there is not"
        raise InputError(message, source=str(annotations)) from error
    return AnnotatedText(Article(text=text, doc_id=annotations.stem), list(spans.values()), related, noted)
