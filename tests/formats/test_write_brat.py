"""brat's folders: read by brat's own rules, and by the library bratly."""

import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from export_data import SENTENCES, hostile_tables, odd_texts, sample_tables, tables_of
from svodka.tables import Tables
from svodka.writers.brat import fragments


@dataclass
class Standoff:
    """An annotation file read by brat's published rules (https://brat.nlplab.org/standoff.html)."""

    spans: dict[str, tuple[str, list[tuple[int, int]], str]] = field(default_factory=dict)
    relations: list[tuple[str, str, str]] = field(default_factory=list)
    attributes: dict[tuple[str, str], str] = field(default_factory=dict)
    references: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


def standoff(file: Path) -> Standoff:
    """Read a file as brat does: line by line, where Python's `str.splitlines` ends them."""
    content = file.read_bytes().decode()
    assert content.splitlines() == content.split("\n")[:-1]
    found = Standoff()
    ids = []
    for line in content.splitlines():
        id_, data, *tail = line.split("\t")
        ids.append(id_)
        assert re.fullmatch(r"[TRAN#][1-9]\d*", id_)
        kind = id_[0]
        assert len(tail) == (kind in "TN#")
        if kind == "T":
            label, places = data.split(" ", 1)
            pairs = [pair.split(" ") for pair in places.split(";")]
            found.spans[id_] = label, [(int(start), int(end)) for start, end in pairs], tail[0]
        elif kind == "R":
            label, source, target = data.split(" ")
            found.relations.append((label, source.removeprefix("Arg1:"), target.removeprefix("Arg2:")))
        elif kind == "A":
            name, target, value = data.split(" ")
            assert (name, target) not in found.attributes
            found.attributes[name, target] = value
        elif kind == "N":
            label, target, reference = data.split(" ")
            assert label == "Reference"
            found.references.setdefault(target, []).append((reference, tail[0]))
        else:
            label, target = data.split(" ")
            assert (label, target in found.notes) == ("AnnotatorNotes", False)
            found.notes[target] = tail[0]
    assert len(ids) == len(set(ids))
    return found


def configuration(folder: Path) -> dict[str, list[str]]:
    """The lines of the sections of ``annotation.conf``."""
    sections: dict[str, list[str]] = {}
    for line in (folder / "annotation.conf").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            sections[line.strip("[]")] = current = []
        elif line and not line.startswith("#"):
            current.append(line)
    assert list(sections) == ["entities", "relations", "events", "attributes"]
    return sections


def check_folder(folder: Path) -> list[tuple[str, Standoff]]:
    """The documents of a folder that keeps all of brat's rules: texts and what is annotated."""
    sections = configuration(folder)
    labels = {line.strip() for line in sections["entities"] if not line.startswith("!")}
    relations, attributes = (
        {
            label: [set(argument.split(":")[1].split("|")) for argument in arguments.split(", ")]
            for label, arguments in (line.split("\t") for line in sections[name])
        }
        for name in ("relations", "attributes")
    )
    documents = []
    for file in sorted(folder.glob("*.ann")):
        text = file.with_suffix(".txt").read_bytes().decode()
        found = standoff(file)
        for label, spans, words in found.spans.values():
            assert label in labels
            assert words == " ".join(text[start:end] for start, end in spans)
            assert words.strip()  # else brat takes it for missing, and writes the file anew
            assert all(0 <= start < end <= len(text) for start, end in spans)
            assert all(first[1] <= second[0] for first, second in pairwise(spans))
        for label, source, target in found.relations:
            assert found.spans[source][0] in relations[label][0]
            assert found.spans[target][0] in relations[label][1]
        for (name, target), value in found.attributes.items():
            assert found.spans[target][0] in attributes[name][0]
            assert value in attributes[name][1]
        assert {*found.references, *found.notes} <= found.spans.keys()
        for references in found.references.values():
            assert all(
                re.fullmatch(r"(svodka:\d+|authority:\S+)", reference) and name for reference, name in references
            )
        documents.append((text, found))
    return documents


def exported(tables: Tables, folder: Path) -> list[tuple[str, Standoff]]:
    tables.to_brat(folder)
    return check_folder(folder)


def test_a_folder_as_it_stands_in_brat(tmp_path: Path) -> None:
    tables = tables_of("\n".join(SENTENCES))
    ((text, found),) = exported(tables, tmp_path)
    quotes = {words: id_ for id_, (label, _, words) in found.spans.items() if label == "DirectQuote"}
    first = quotes["Мост откроют 16 числа Приезжайте"]
    assert [text[start:end] for start, end in found.spans[first][1]] == ["Мост откроют 16 числа", "Приезжайте"]
    by_label = {label: target for label, source, target in found.relations if source == first}
    assert found.spans[by_label["Speaker"]][2] == "Иван Орлов"
    assert found.spans[by_label["HasCue"]][2] == "сообщил"
    assert found.references[by_label["Speaker"]][0][1] == "Иван Орлов"
    assert {"Мост готов", "Он сказал: „Мост готов“"} <= quotes.keys()


def test_every_reference_is_declared_lest_brat_remove_it(tmp_path: Path) -> None:
    """A mention that is edited loses references to what no line of ``[normalization]`` names."""
    ((_, found),) = exported(tables_of("\n".join(SENTENCES)), tmp_path)
    _, section = (tmp_path / "tools.conf").read_text(encoding="utf-8").split("[normalization]\n")
    declared = dict(line.split("\t") for line in section.splitlines())
    assert {reference.split(":")[0] for named in found.references.values() for reference, _ in named} == {"svodka"}
    assert declared.keys() == {"svodka", "authority"}
    for arguments in declared.values():
        assert all(re.fullmatch(r"(DB|<URL>):\S+", argument) for argument in arguments.split(", "))


def test_all_tables_are_there(tmp_path: Path) -> None:
    tables = sample_tables()
    documents = exported(tables, tmp_path)
    labels = [label for _, found in documents for label, *_ in found.spans.values()]
    counts = {name: tables.arrow(name).num_rows for name in ("quotes", "mentions", "dates", "roles")}
    kinds = {"quotes": r"\w+Quote", "mentions": "Person|Organization|Place", "roles": "Role",
             "dates": "Date|Time|Duration|Set|Age"}  # fmt: skip
    assert {name: sum(bool(re.fullmatch(kind, label)) for label in labels) for name, kind in kinds.items()} == counts
    relations = [label for _, found in documents for label, *_ in found.relations]
    quotes = tables.arrow("quotes")
    assert relations.count("HasCue") == quotes.num_rows - quotes["cue"].null_count
    assert relations.count("Speaker") == quotes.num_rows - quotes["mention"].null_count


def test_the_documents_are_named(tmp_path: Path) -> None:
    tables = hostile_tables()
    exported(tables, tmp_path)
    lines = (tmp_path / "documents.jsonl").read_bytes().decode().split("\n")[:-1]
    rows = [json.loads(line) for line in lines]
    expected: list[dict[str, Any]] = tables.arrow("documents").to_pylist()
    for row, document in zip(rows, expected, strict=True):
        assert (tmp_path / row["file"]).read_bytes() == document["text"].encode()
        assert row["published"] == document["published"].isoformat()
        for name in ("doc_id", "title", "author", "url", "source", "text_sha256"):
            assert row[name] == document[name]


@settings(max_examples=25)
@given(odd_texts())
def test_odd_texts_keep_the_rules(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    tables = tables_of(text)
    ((written, found),) = exported(tables, tmp_path_factory.mktemp("brat"))
    assert written == text
    quotes = [spans for label, spans, _ in found.spans.values() if label.endswith("Quote")]
    segments = [[(one["start"], one["end"]) for one in row] for row in tables.arrow("quotes")["segments"].to_pylist()]
    assert sorted(quotes) == sorted(list(fragments(text, row)) for row in segments)


def bratly_lines(file: Path) -> Iterator[object]:
    """What bratly makes of the lines of a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # bratly configures pydantic in the old way
        bratly = import_module("bratly")
    readers = {"R": bratly.RelationAnnotation, "A": bratly.AttributeAnnotation, "N": bratly.NormalizationAnnotation,
               "#": bratly.NoteAnnotation}  # fmt: skip
    entities = {}
    for line in file.read_text(encoding="utf-8").split("\n")[:-1]:
        if line.startswith("T"):
            found = bratly.EntityAnnotation.from_line(line)
            entities[found.id] = found
        else:
            found = readers[line[0]].from_line(line, entities)
        assert str(found) == line
        yield found


def test_bratly_reads_every_line(tmp_path: Path) -> None:
    for name, tables in (("samples", sample_tables()), ("hostile", hostile_tables())):
        tables.to_brat(tmp_path / name)
        files = sorted((tmp_path / name).glob("*.ann"))
        assert sum(len(list(bratly_lines(file))) for file in files) > 50


def test_ids_of_an_authority_file_are_references(tmp_path: Path) -> None:
    tables = tables_of(SENTENCES[0])
    entities = tables.arrow("entities")
    column = entities.schema.get_field_index("link")
    links = [f"Q{number} a:b" for number in range(entities.num_rows)]
    linked = Tables({**{name: tables.arrow(name) for name in tables}, "entities": entities.set_column(
        column, entities.schema.field(column), [links])})  # fmt: skip
    ((_, found),) = exported(linked, tmp_path)
    orlov = next(references for references in found.references.values() if references[0][1] == "Иван Орлов")
    number = orlov[0][0].removeprefix("svodka:")
    assert orlov[1:] == [(f"authority:Q{number}%20a%3Ab", "Иван Орлов")]


def test_tables_that_were_not_written_are_passed_over(tmp_path: Path) -> None:
    tables = sample_tables()
    only = Tables({name: tables.arrow(name) for name in ("documents", "quotes")})
    documents = exported(only, tmp_path)
    labels = {label for _, found in documents for label, *_ in found.spans.values()}
    assert labels == {"DirectQuote", "IndirectQuote", "MixedQuote", "Cue", "Source"}
