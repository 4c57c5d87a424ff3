"""What was corrected in brat: a folder that `svodka.writers.brat` wrote, or one with its labels.

brat itself changes lines: each time it opens a document it puts one more tab before the names of references, and a span
that was moved across the end of a line it writes on several, which it cannot read any more.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from svodka.corrections.build import Warn, article_from
from svodka.corrections.scheme import FIELDS, Annotation, Region, Relation, from_one_line
from svodka.errors import InputError
from svodka.records import Article
from svodka.writers.brat import CUT, DOCUMENTS

_LINE = re.compile(r"^(?:T\d+\t.*(?:\n+(?![A-Z#*]\d*\t).+)*|.*)$", re.MULTILINE)
"""A line, or those of a span that was moved across the ends of lines."""
_REGION = re.compile(r"(?P<id>T\d+)\t(?P<label>\S+) (?P<spans>\d+ \d+(?:;\d+ \d+)*)\t(?P<words>.*)", re.DOTALL)
_RELATION = re.compile(r"R\d+\t(?P<label>\S+) Arg1:(?P<source>\S+) Arg2:(?P<target>\S+)\s*")
_CHOICE = re.compile(r"[AM]\d+\t(?P<name>\S+) (?P<region>\S+) (?P<value>\S+)\s*")
_REFERENCE = re.compile(r"N\d+\tReference (?P<region>\S+) \S+\t+(?P<name>.*)", re.DOTALL)
_NOTE = re.compile(r"#\d+\tAnnotatorNotes (?P<region>\S+)\t(?P<note>.*)", re.DOTALL)
_OF_RELATION = re.compile(r"#\d+\tAnnotatorNotes R\d+\t")
_OTHER = re.compile(r"N\d+\t|#\d*\t|\s*$")
_KEY = re.compile(rf"(?:^|;)\s*({'|'.join(FIELDS)})\s*[=:]", re.IGNORECASE)
_ONLY_CUT = re.compile(f"[{re.escape(CUT)}]+")
"""What may lie between the parts of a span that were one: ends of lines, but not of paragraphs, and tabs."""


def read_corrections(folder: Path, warn: Warn) -> Iterator[tuple[Article, Annotation]]:
    """The documents of a folder in order of the file names, with what is annotated in them.

    Args:
        folder: Where ``*.ann`` and ``*.txt`` lie side by side, perhaps in folders of their own.
        warn: Is told of what cannot be used, with file and line.

    Raises:
        InputError: ``documents.jsonl`` is not in its layout.
    """
    for index in sorted({file.parent for file in folder.rglob("*.ann")}):
        about = _read_about(index / DOCUMENTS)
        for text in sorted(index.glob("*.txt")):
            if text.name in about and not text.with_suffix(".ann").exists():
                warn(str(text), "this text has no annotation beside it any more; it is left out")
        for file in sorted(index.glob("*.ann")):
            document = _read_document(file, about, warn)
            if document is not None:
                yield document


def _read_about(index: Path) -> dict[str, dict[str, Any]]:
    """What the articles are, by the names of their files."""
    if not index.exists():
        return {}
    try:
        lines = index.read_text(encoding="utf-8").split("\n")
        rows = [json.loads(line) for line in lines if line.strip()]
        return {row["file"]: row for row in rows}
    except (KeyError, TypeError, ValueError) as error:
        message = f"not the layout that `svodka export --to brat` writes ({type(error).__name__}: {error})"
        raise InputError(message, source=str(index)) from error


def _read_document(file: Path, about: dict[str, dict[str, Any]], warn: Warn) -> tuple[Article, Annotation] | None:
    source = file.with_suffix(".txt")
    try:
        text = source.read_bytes().decode()
        content = file.read_bytes().decode()
    except FileNotFoundError:
        warn(str(file), "this annotation has no text beside it; it is left out")
        return None
    except UnicodeDecodeError as error:
        warn(str(file), f"text or annotation is not UTF-8 at byte {error.start}; the document is left out")
        return None
    row = about.get(source.name)
    if row is None:
        warn(str(file), f"{DOCUMENTS} does not tell what this is; its id is the name of the file")
        row = {}
    elif row.get("text_sha256", "") != sha256(text.encode()).hexdigest():
        warn(str(source), "the text is not the one that was exported; the tables made of that one have other offsets")
    article = article_from(row, text, row.get("doc_id") or file.stem, str(file), warn)
    return article, _Lines(file, text, warn).read(content)


class _Note(NamedTuple):
    region: str
    text: str
    place: str


@dataclass(slots=True)
class _Lines:
    """The lines of an annotation file on their way to regions and relations."""

    file: Path
    text: str
    warn: Warn
    regions: dict[str, Region] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    choices: list[tuple[re.Match[str], str]] = field(default_factory=list)
    references: list[tuple[re.Match[str], str]] = field(default_factory=list)
    notes: list[_Note] = field(default_factory=list)

    def read(self, content: str) -> Annotation:
        """What is annotated; lines may stand in any order."""
        number = 1
        for line in _LINE.findall(content.replace("\r\n", "\n")):
            self._take(line, f"{self.file}:{number}")
            number += line.count("\n") + 1
        for found, place in self.choices:
            if region := self._region(found["region"], place):
                self._put(region.choices, found["name"], found["value"], place)
        for found, place in self.references:
            if region := self._region(found["region"], place):
                region.fields.setdefault("name", from_one_line(found["name"]))
        noted: dict[str, dict[str, str]] = defaultdict(dict)
        for note in self.notes:
            if region := self._region(note.region, note.place):
                for name, value in self._values(note):
                    self._put(noted[region.id], name, value, note.place)
        for id_, values in noted.items():
            self.regions[id_].fields |= values  # a name in a note is the corrected one
        return Annotation(list(self.regions.values()), self.relations)

    def _take(self, line: str, place: str) -> None:
        if found := _REGION.fullmatch(line):
            self._take_region(found, place)
        elif found := _RELATION.fullmatch(line):
            self.relations.append(Relation(found["label"], found["source"], found["target"], place))
        elif found := _CHOICE.fullmatch(line):
            self.choices.append((found, place))
        elif found := _REFERENCE.fullmatch(line):
            self.references.append((found, place))
        elif _OF_RELATION.match(line):
            self.warn(place, "a note at a relation is not read; write it at the quotation or the mention")
        elif found := _NOTE.fullmatch(line):
            self.notes.append(_Note(found["region"], found["note"], place))
        elif not _OTHER.match(line):
            self.warn(place, f"not a line of brat's that is read here: {line[:60]!r}")

    def _take_region(self, found: re.Match[str], place: str) -> None:
        if found["id"] in self.regions:
            self.warn(place, f"a second {found['id']}; the first is kept")
            return
        pairs = [pair.split() for pair in found["spans"].split(";")]
        spans = [(int(start), int(end)) for start, end in pairs]
        words = " ".join(self.text[start:end] for start, end in spans)
        if found["words"].strip() and words != found["words"]:
            self.warn(place, f"the text there is {words[:60]!r}, not {found['words'][:60]!r}; the offsets count")
        self.regions[found["id"]] = Region(found["id"], found["label"], self._joined(spans), place=place)

    def _joined(self, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The spans, those that were cut only for the sake of brat's lines joined again."""
        joined: list[tuple[int, int]] = []
        for start, end in spans:
            if joined and _ONLY_CUT.fullmatch(self.text, joined[-1][1], start):
                joined[-1] = joined[-1][0], end
            else:
                joined.append((start, end))
        return joined

    def _region(self, id_: str, place: str) -> Region | None:
        if id_ not in self.regions:
            self.warn(place, f"it belongs to {id_}, which is not there")
        return self.regions.get(id_)

    def _put(self, values: dict[str, str], name: str, value: str, place: str) -> None:
        if name in values:
            self.warn(place, f"a second {name}; the first is kept")
        values.setdefault(name, value)

    def _values(self, note: _Note) -> Iterator[tuple[str, str]]:
        keys = list(_KEY.finditer(note.text))
        if note.text[: keys[0].start() if keys else None].strip():
            self.warn(note.place, f"a note has no key before {note.text[:40]!r}; write such as «speaker=…; via=…»")
        ends = [key.start() for key in keys[1:]]
        for key, end in zip(keys, [*ends, len(note.text)], strict=False):  # without a key, nothing
            yield key[1].lower(), from_one_line(note.text[key.end() : end].strip())
