"""What was corrected in Label Studio: what it exports as JSON, a list of tasks with their annotations.

JSON-MIN and its other exports lack the relations between regions. Of several annotations of a task the one starred as
ground truth counts, else the one submitted or updated last; cancelled ones and drafts do not, nor do predictions. What
a relation without a label is follows from the regions that it ties.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from svodka.corrections.build import Warn, article_from
from svodka.corrections.scheme import CHOICES, FIELDS, QUOTES, RELATIONS, Annotation, Region, Relation
from svodka.errors import InputError
from svodka.records import Article
from svodka.writers.label_config import CONTINUES
from svodka.writers.label_studio import NUL

# What a result has to have as strings.
_OF_RELATION, _OF_REGION = ("from_id", "to_id"), ("id", "from_name", "type")


def read_corrections(file: Path, warn: Warn) -> Iterator[tuple[Article, Annotation]]:
    """The annotated tasks of an export, with what is annotated in them.

    Args:
        file: What Label Studio exports as JSON.
        warn: Is told of what cannot be used, with file and task.

    Raises:
        InputError: The file is not such an export.
    """
    try:
        tasks = orjson.loads(file.read_bytes())
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", source=str(file)) from error
    except orjson.JSONDecodeError as error:
        message = f"not a JSON file ({error}); of Label Studio's exports take «JSON»"
        raise InputError(message, source=str(file)) from error
    if not isinstance(tasks, list) or not all(isinstance(task, dict) and "data" in task for task in tasks):
        message = "not what Label Studio exports as JSON, a list of tasks with data and annotations"
        hint = "; of its exports take «JSON», not «JSON-MIN» or another" if isinstance(tasks, list) else ""
        raise InputError(message + hint, source=str(file))
    skipped = 0
    for number, task in enumerate(tasks, 1):
        place = f"{file}: task {task.get('id', number)}"
        annotations = _submitted(task)
        if not annotations:
            skipped += 1
            continue
        results = annotations[-1]["result"]
        if len(annotations) > 1:
            told = "the one starred as ground truth is taken, else the one submitted last"
            warn(place, f"{len(annotations)} annotations; {told}, with {len(results)} results")
        document = _document(task, results, place, warn)
        if document is not None:
            yield document
    if skipped:
        warn(str(file), f"{skipped} of {len(tasks)} tasks have no submitted annotation; they are left out")


def _submitted(task: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The annotations that were submitted; the one that counts is the last."""
    annotations = [
        annotation
        for annotation in task.get("annotations") or []
        if isinstance(annotation, dict)
        and not annotation.get("was_cancelled")
        and isinstance(annotation.get("result"), list)
    ]
    return sorted(annotations, key=_weight)


def _weight(annotation: Mapping[str, Any]) -> tuple[bool, str]:
    time = annotation.get("updated_at") or annotation.get("created_at") or ""
    return bool(annotation.get("ground_truth")), str(time)


def _document(
    task: Mapping[str, Any], results: Iterable[Any], place: str, warn: Warn
) -> tuple[Article, Annotation] | None:
    data = task["data"]
    if not isinstance(data, dict) or not isinstance(data.get("text"), str) or not data["text"]:
        warn(place, "its data has no text; it is left out")
        return None
    data = _with_nul(data)
    doc_id = data.get("doc_id") or str(task.get("id", ""))
    if not doc_id:
        warn(place, "it has no id; it is left out")
        return None
    return article_from(data, data["text"], doc_id, place, warn), _Results(data["text"], place, warn).read(results)


def _with_nul(data: dict[str, Any]) -> dict[str, Any]:
    """The data with the NULs that Label Studio does not keep."""
    restored = dict(data)
    for name, places in (data.get("nul") or {}).items():
        characters = list(str(data.get(name) or ""))
        for place in places:
            if place < len(characters) and characters[place] == "\ufffd":
                characters[place] = "\x00"
        restored[name] = "".join(characters)
    return restored


class _Results:
    """The results of an annotation on their way to regions and relations."""

    def __init__(self, text: str, place: str, warn: Warn) -> None:
        self.text = text
        self.place = place
        self.warn = warn
        self.regions: dict[str, Region] = {}

    def read(self, results: Iterable[Any]) -> Annotation:
        """What is annotated."""
        sound = [result for result in results if self._is_result(result)]
        for result in sound:
            if result["type"] == "labels":
                self._take_region(result)
        for result in sound:
            if result["type"] in ("choices", "textarea"):
                self._take_value(result)
        relations = [
            Relation(label, result["from_id"], result["to_id"], self._at(result["from_id"]))
            for result in sound
            if result["type"] == "relation"
            for label in self._labels_of(result)
        ]
        return self._joined(relations)

    def _is_result(self, result: object) -> bool:
        if isinstance(result, dict):
            keys = _OF_RELATION if result.get("type") == "relation" else _OF_REGION
            if all(isinstance(result.get(key), str) for key in keys):
                return True
        self.warn(self.place, f"a result that is not read here: {str(result)[:80]}")
        return False

    def _at(self, id_: str) -> str:
        return f"{self.place}, region {id_}"

    def _labels_of(self, result: Mapping[str, Any]) -> list[str]:
        """The labels of a relation; where nobody chose one, that which its ends can have."""
        if labels := result.get("labels"):
            return [str(label) for label in labels]
        source, target = (self.regions.get(result[key]) for key in ("from_id", "to_id"))
        label = None if source is None or target is None else _label_between(source, target)
        if label is None:
            told = "has no label, and its ends do not say which; it is left out"
            self.warn(self._at(result["from_id"]), f"a relation to {result['to_id']} {told}")
        return [] if label is None else [label]

    def _take_region(self, result: Mapping[str, Any]) -> None:
        id_, place = result["id"], self._at(result["id"])
        value = _dict(result.get("value"))
        labels = value.get("labels")
        if not labels or not all(isinstance(value.get(key), int) for key in ("start", "end")):
            self.warn(place, "a region without label or offsets; it is left out")
            return
        if len(labels) > 1:
            self.warn(place, f"labels {', '.join(map(str, labels))}: there can be one; the first is kept")
        span = self._span(value, place)
        self.regions[id_] = Region(id_, str(labels[0]), [span], place=place)

    def _span(self, value: Mapping[str, Any], place: str) -> tuple[int, int]:
        """Start and end; they count UTF-16 where only so they give the words that Label Studio had there."""
        start, end, words = value["start"], value["end"], value.get("text")
        if not isinstance(words, str) or _alike(self.text[start:end], words):
            return start, end
        units = self.text.encode("utf-16-le")
        before, within = units[: 2 * start], units[2 * start : 2 * end]
        if _alike(within.decode("utf-16-le", "replace"), words):
            first = len(before.decode("utf-16-le", "replace"))
            return first, first + len(within.decode("utf-16-le", "replace"))
        self.warn(place, f"the text there is {self.text[start:end][:60]!r}, not {words[:60]!r}; the offsets count")
        return start, end

    def _take_value(self, result: Mapping[str, Any]) -> None:
        id_, name, value = result["id"], result["from_name"], result.get("value")
        place = self._at(id_)
        kind, known = ("choices", CHOICES) if result["type"] == "choices" else ("text", FIELDS)
        if id_ not in self.regions:
            self.warn(place, f"{name} belongs to a region that is not there or has no label")
        elif name not in known:
            self.warn(place, f"no {kind} {name!r}; there are {', '.join(known)}")
        else:
            given = _dict(value).get(kind)
            given = given if isinstance(given, list) else [given]
            values = [str(item).replace(NUL, "\x00") for item in given if item]
            if len(values) > 1:
                self.warn(place, f"{name} has several values; the first is kept")
            if values:
                target = self.regions[id_].choices if kind == "choices" else self.regions[id_].fields
                target.setdefault(name, values[0])

    def _joined(self, relations: Iterable[Relation]) -> Annotation:
        """Regions and relations, the parts of a quotation joined to one region."""
        whole = {id_: id_ for id_ in self.regions}  # the region that each is a part of
        kept = []
        for relation in relations:
            if relation.label != CONTINUES:
                kept.append(relation)
            elif relation.source not in whole or relation.target not in whole:
                self.warn(relation.place, f"{CONTINUES} names {relation.target}, which is not there")
            else:
                one, other = whole[relation.source], whole[relation.target]
                first, further = sorted((one, other), key=lambda id_: self.regions[id_].start)
                whole = {id_: first if part == further else part for id_, part in whole.items()}
                self._join(self.regions[first], self.regions[further])
        regions = [region for id_, region in self.regions.items() if whole[id_] == id_]
        moved = [
            Relation(relation.label, whole.get(relation.source, relation.source),
                     whole.get(relation.target, relation.target), relation.place)
            for relation in kept
        ]  # fmt: skip
        return Annotation(regions, moved)

    def _join(self, first: Region, further: Region) -> None:
        if first is further:
            return
        if first.label != further.label:
            self.warn(further.place, f"{further.label} continues {first.label}; the label of the first part counts")
        first.spans = sorted([*first.spans, *further.spans])
        first.choices = {**further.choices, **first.choices}
        first.fields = {**further.fields, **first.fields}


def _label_between(one: Region, other: Region) -> str | None:
    """What a relation between two regions can only be, in whichever direction it was drawn."""
    for label, (sources, targets) in RELATIONS.items():
        if any(a.label in sources and b.label in targets for a, b in ((one, other), (other, one))):
            return label
    apart = one.end <= other.start or other.end <= one.start
    return CONTINUES if one.label in QUOTES and other.label in QUOTES and apart else None


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _alike(words: str, other: str) -> bool:
    """Whether words are the same to Label Studio, which writes a line end as backslash and n, and keeps no NUL."""
    folded = words.replace("\r", "\n").replace("\n", "\\n").replace("\x00", "\ufffd")
    return folded == other.replace("\r", "\n").replace("\n", "\\n").replace("\x00", "\ufffd")
