"""FactRuEval 2016 (Starostin et al. 2016), a devset of news with objects, coreference and facts.

Beside each ``.txt`` lie ``.spans`` (id type start length …), ``.objects`` (id type span ids # comment), ``.coref``
(blocks: entity id and object ids, then its properties) and ``.facts`` (blocks: number and type, then one argument a
line: «Who obj98 Ху Цзиньтао», «Position span22863 председателя»).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from svodka.evaluate.brat import Span
from svodka.records import Article


class Object(NamedTuple):
    """A mention of an object.

    Attributes:
        kind: Person, Org, LocOrg, Location …
        spans: Its parts, «name», «surname», «org_descr» …
        entity: Id of the entity it is a mention of, None where the annotators left it alone.
    """

    kind: str
    spans: tuple[Span, ...]
    entity: str | None

    @property
    def whole(self) -> Span:
        """From its first to its last part."""
        return Span(min(span.start for span in self.spans), max(span.end for span in self.spans), self.kind)


class Occupation(NamedTuple):
    """A fact of type Occupation: the entity of the person, and the spans that name the position."""

    entity: str
    positions: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class FactText:
    """A text with its objects and the occupations of its persons."""

    article: Article
    objects: list[Object]
    occupations: list[Occupation]


def is_factrueval(gold: Path) -> bool:
    """Whether a path is a folder in FactRuEval's format."""
    return gold.is_dir() and next(gold.glob("*.spans"), None) is not None


def read_factrueval(folder: Path) -> Iterator[FactText]:
    """The texts in order of file names."""
    for file in sorted(folder.glob("*.spans")):
        yield _read_text(file)


def _read_text(file: Path) -> FactText:
    spans: dict[str, Span] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        number, kind, start, length = line.split()[:4]
        spans[number] = Span(int(start), int(start) + int(length), kind)
    entity_of: dict[str, str] = {}
    for block in _blocks(file.with_suffix(".coref")):
        entity, *mentions = block[0].split()
        entity_of |= dict.fromkeys(mentions, entity)
    objects = []
    for line in file.with_suffix(".objects").read_text(encoding="utf-8").splitlines():
        number, kind, *parts = line.partition("#")[0].split()
        objects.append(Object(kind, tuple(spans[part] for part in parts), entity_of.get(number)))
    occupations = [
        occupation
        for block in _blocks(file.with_suffix(".facts"))
        if block[0].split()[1] == "Occupation" and (occupation := _occupation(block[1:], spans)) is not None
    ]
    with file.with_suffix(".txt").open(encoding="utf-8", newline="") as text:
        return FactText(Article(text=text.read(), doc_id=file.stem), objects, occupations)


def _blocks(file: Path) -> Iterator[list[str]]:
    """Runs of lines between empty ones."""
    if not file.exists():
        return
    block: list[str] = []
    for line in [*file.read_text(encoding="utf-8").splitlines(), ""]:
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []


def _occupation(lines: list[str], spans: dict[str, Span]) -> Occupation | None:
    """The person and the positions among the arguments; None where either is missing."""
    arguments = [line.split()[:2] for line in lines]
    entity = next(
        (value.removeprefix("obj") for name, value in arguments if name == "Who" and value[:3] == "obj"), None
    )
    positions = [spans[value[4:]] for name, value in arguments if name == "Position" and value[4:] in spans]
    return Occupation(entity, tuple(positions)) if entity and positions else None
