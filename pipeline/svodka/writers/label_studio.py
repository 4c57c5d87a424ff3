"""Tasks for Label Studio with pre-annotations, and the interface to correct them in.

`label_config.xml` is what a project's «Labeling Interface» takes as code, ``tasks.json`` what its «Import» takes; more
than Label Studio takes at once is in ``tasks-2.json`` and so on. Labels, relations, choices and fields are those of
`svodka.corrections.scheme`. A region of Label Studio is one stretch of text, so the parts of a quotation are regions of
their own, each tied to the part before it by the relation Continues.

Offsets count code points, as Label Studio's have since version 1.4
(https://github.com/HumanSignal/label-studio-frontend/pull/308); each line feed and carriage return is one. It keeps no
NUL: in the data U+FFFD stands for it, and ``data.nul`` tells where, so that the import brings it back.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

import orjson

from svodka import __version__
from svodka.corrections.scheme import Annotation, Region
from svodka.tables import Tables
from svodka.writers.annotated import TABLES, annotation_of, article_fields
from svodka.writers.documents import Document, documents
from svodka.writers.label_config import CONTINUES, SHOWN_FIELDS, label_config

NUL = r"\u0000"
"""What a NUL in a field is written as."""

# Label Studio takes 250 MB at once (DATA_UPLOAD_MAX_MEMORY_SIZE), older ones 200 MB or 250,000 tasks:
# https://labelstud.io/guide/tasks
MAX_TASKS = 100_000
MAX_BYTES = 100_000_000


def write_label_studio(parts: Iterable[Tables], folder: Path) -> None:
    """Write tables as tasks with predictions, and ``label_config.xml``.

    Args:
        parts: The tables. A table that was not written is passed over: its annotation is not there.
        folder: An existing folder.
    """
    (folder / "label_config.xml").write_text(label_config(), encoding="utf-8", newline="\n")
    tasks = (orjson.dumps(task_of(document)) for document in documents(parts, TABLES))
    (folder / "tasks.json").write_bytes(b"[]\n")  # what it is where there are no documents
    for number, batch in groupby(_numbered(tasks), key=itemgetter(0)):
        name = "tasks.json" if number == 1 else f"tasks-{number}.json"
        with (folder / name).open("wb") as file:
            _write_array(file, (task for _, task in batch))


def _numbered(tasks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """The tasks, each with the number of the file that it goes to."""
    number, count, size = 1, 0, 0
    for task in tasks:
        if count and (count == MAX_TASKS or size + len(task) > MAX_BYTES):
            number, count, size = number + 1, 0, 0
        count, size = count + 1, size + len(task)
        yield number, task


def _write_array(file: IO[bytes], tasks: Iterable[bytes]) -> None:
    separator = b"[\n"
    for task in tasks:
        file.write(separator + task)
        separator = b",\n"
    file.write(b"\n]\n")


def task_of(document: Document) -> dict[str, Any]:
    """The task of a document: its data, and what svodka found as the prediction."""
    annotation = annotation_of(document)
    confidences = [region.confidence for region in annotation.regions if region.confidence is not None]
    score = {"score": round(sum(confidences) / len(confidences), 4)} if confidences else {}
    results = list(results_of(annotation, document.text))
    return {
        "data": _data(document),
        "predictions": [{"model_version": f"svodka {__version__}", **score, "result": results}],
    }


def _data(document: Document) -> dict[str, Any]:
    values = {"text": document.text, **article_fields(document)}
    values |= {name: values[name] or "" for name in ("title", "published_day")}  # the interface shows them
    nul = {
        name: [place for place, char in enumerate(value) if char == "\x00"]
        for name, value in values.items()
        if value and "\x00" in value
    }
    shown = {name: value and _without_nul(value) for name, value in values.items()}
    return {**shown, "nul": nul} if nul else shown


def _without_nul(text: str) -> str:
    return text.replace("\x00", "\ufffd")


def results_of(annotation: Annotation, text: str) -> Iterator[dict[str, Any]]:
    """The results of a prediction: regions, what is chosen and written at them, and relations."""
    for region in annotation.regions:
        for number, (start, end) in enumerate(region.spans):
            place = {"start": start, "end": end}
            words = {**place, "text": _without_nul(text[start:end]), "labels": [region.label]}
            yield {**_result(_id(region.id, number), "label", "labels", words), **_score(region)}
        first = region.spans[0]
        place = {"start": first[0], "end": first[1]}
        for name, value in region.choices.items():
            yield _result(_id(region.id), name, "choices", {**place, "choices": [value]})
        for name, value in region.fields.items():
            if name in SHOWN_FIELDS:
                yield _result(_id(region.id), name, "textarea", {**place, "text": [value.replace("\x00", NUL)]})
    for region in annotation.regions:
        for number in range(1, len(region.spans)):
            yield _relation(CONTINUES, _id(region.id, number), _id(region.id, number - 1))
    for relation in annotation.relations:
        yield _relation(relation.label, _id(relation.source), _id(relation.target))


def _id(region: str, part: int = 0) -> str:
    return f"r{region}-{part + 1}" if part else f"r{region}"


def _result(id_: str, control: str, type_: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"id": id_, "from_name": control, "to_name": "text", "type": type_, "value": value}


def _score(region: Region) -> dict[str, float]:
    return {} if region.confidence is None else {"score": round(region.confidence, 4)}


def _relation(label: str, source: str, target: str) -> dict[str, Any]:
    return {"type": "relation", "from_id": source, "to_id": target, "direction": "right", "labels": [label]}
