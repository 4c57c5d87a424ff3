r"""brat's stand-off annotation: a folder that opens in brat as it is (https://brat.nlplab.org/standoff.html).

A document is ``NAME.txt``, the text exactly, and ``NAME.ann``; labels, relations and values are those of
`svodka.corrections.scheme`, which the ``.conf`` files tell brat. Offsets count code points, as brat's do.

    T3	DirectQuote 1 14;40 51	Мост построен Приезжайте
    T5	Person 25 30	Орлов
    R1	Speaker Arg1:T3 Arg2:T5
    A1	Form T3 dash
    N1	Reference T5 svodka:0	Иван Орлов
    #1	AnnotatorNotes T3	via=ТАСС

N lines name the entity of a mention, and its id in the user's authority file. ``tools.conf`` declares them as
references without a database: brat shows the names, and keeps the lines, older ones one of them, when a mention is
edited; what is not declared it would remove. What else is free text stands in notes as ``key=value; key=value``, where
``\n`` and its like are ``\u000a``. A span is cut where a line ends, or a tab stands in it, since brat's files are lines
of tabs.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote as percent_encoded

from svodka.corrections.scheme import (
    CHOICES,
    DATES,
    FIELDS,
    NAMES,
    QUOTES,
    RELATIONS,
    Annotation,
    Region,
    one_line,
)
from svodka.tables import Tables
from svodka.writers.annotated import TABLES, annotation_of, article_fields
from svodka.writers.documents import Document, documents
from svodka.writers.filenames import FileNames

DOCUMENTS = "documents.jsonl"
"""The file that says what the documents are: a line each."""

CUT = "\t\x0b\x0c\r\x1c\x1d\x1e\x85\u2028\u2029"
"""What a span is cut at beside the line feed: what Python, and so brat, takes for the end of a line, and the tab."""

ENTITY, AUTHORITY = "svodka", "authority"
"""What references are to: the number of an entity in the tables, its id in an authority file."""

_UNCUT = re.compile(f"[^\n{CUT}]+")
_KEY_AHEAD = re.compile(rf";(?=\s*(?:{'|'.join(FIELDS)})\s*[=:])", re.IGNORECASE)

_GUIDE = """\
# What is annotated, and how to correct it; `svodka gold import` reads it back.
# Who speaks: draw Speaker from the quotation to a Person, Organization or Place, or to a Source, which is any other
# words that name who speaks. The name of that is the speaker: of a mention, the name that is shown under its entity.
# A note says it otherwise: name=Иван Орлов at the mention or Source; speaker=Иван Орлов at the quotation, where the
# text names nobody nearby. speaker=- is nobody that the text tells. via=ТАСС is the medium that relays the words.
# HasCue goes to the words that introduce the speech. The parts of one quotation are one discontinuous span.
# A date has its value in a note: edtf=2024-03-14, edtf=2024-03, edtf=2024-03-16/2024-03-17.
# value and mod in such a note are TIMEX3's, to be looked at only.
# An attribute that is not set: Form inline, Polarity asserted, Naming name, SpeakerKind as the Speaker is labelled.
# brat deletes a span only when no relation goes to or from it: delete those first. To make a span end in another line,
# draw it anew: one that is moved there brat shows no more. The line of a long quotation goes on to the right.
# https://brat.nlplab.org/configuration.html says how this file is read.
"""

_ESCAPED_SEMICOLON = r"\\u003b"

_COLOURS = {
    "DirectQuote": "#ffe08a", "IndirectQuote": "#ffd0a8", "MixedQuote": "#f7b9a0", "Cue": "#d9d9d9",
    "Source": "#e3c6f0", "Person": "#a9d6ff", "Organization": "#a8e6cf", "Place": "#d4edaa", "Role": "#c9dcf2",
    "Date": "#f4b6d2", "Time": "#f4b6d2", "Duration": "#f7cfe0", "Set": "#f7cfe0", "Age": "#f7cfe0",
}  # fmt: skip
_SHORTCUTS = {"D": "DirectQuote", "I": "IndirectQuote", "M": "MixedQuote", "C": "Cue", "S": "Source", "P": "Person",
              "O": "Organization", "L": "Place", "T": "Date"}  # fmt: skip


def write_brat(parts: Iterable[Tables], folder: Path) -> None:
    """Write tables as brat's text and annotation files, with its configuration and ``documents.jsonl``.

    Args:
        parts: The tables. A table that was not written is passed over: its annotation is not there.
        folder: An existing folder.
    """
    for name, content in CONFIGURATION.items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")
    names = FileNames()
    with (folder / DOCUMENTS).open("w", encoding="utf-8", newline="\n") as index:
        for document in documents(parts, TABLES):
            name = names.name(document.doc_id)
            (folder / f"{name}.txt").write_bytes(document.text.encode())
            lines = annotation_lines(annotation_of(document), document.text)
            content = "".join(f"{line}\n" for line in lines)
            (folder / f"{name}.ann").write_text(content, encoding="utf-8", newline="\n")
            index.write(json.dumps(_about(document, f"{name}.txt"), ensure_ascii=False) + "\n")


def _about(document: Document, file: str) -> dict[str, str | None]:
    return {"file": file, **article_fields(document), "text_sha256": document.row["text_sha256"]}


def annotation_lines(annotation: Annotation, text: str) -> Iterator[str]:
    """The lines of an annotation file: T, then R, A, N and notes."""
    cut = {region.id: list(fragments(text, region.spans)) for region in annotation.regions}
    regions = [region for region in annotation.regions if cut[region.id]]  # of line ends alone nothing can be shown
    for region in regions:
        places = ";".join(f"{start} {end}" for start, end in cut[region.id])
        words = " ".join(text[start:end] for start, end in cut[region.id])
        yield f"T{region.id}\t{region.label} {places}\t{words}"
    relations = [relation for relation in annotation.relations if cut[relation.source] and cut[relation.target]]
    for number, relation in enumerate(relations, 1):
        yield f"R{number}\t{relation.label} Arg1:T{relation.source} Arg2:T{relation.target}"
    choices = [(region, *choice) for region in regions for choice in region.choices.items()]
    for number, (region, name, value) in enumerate(choices, 1):
        yield f"A{number}\t{name} T{region.id} {value}"
    references = [(region, *reference) for region in regions for reference in _references(region)]
    for number, (region, reference, title) in enumerate(references, 1):
        yield f"N{number}\tReference T{region.id} {reference}\t{title}"
    notes = [(region, note) for region in regions if (note := _note(region))]
    for number, (region, note) in enumerate(notes, 1):
        yield f"#{number}\tAnnotatorNotes T{region.id}\t{note}"


def fragments(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    r"""The spans without the line ends and tabs in them.

    >>> list(fragments("До\tпосле\nтого", [(0, 13)]))
    [(0, 2), (3, 8), (9, 13)]
    """
    for start, end in spans:
        for piece in _UNCUT.finditer(text, start, end):
            yield piece.span()


def _references(region: Region) -> Iterator[tuple[str, str]]:
    if region.entity is not None and "name" in region.fields:
        name = one_line(region.fields["name"])
        yield f"{ENTITY}:{region.entity}", name
        if region.link is not None:
            yield f"{AUTHORITY}:{percent_encoded(region.link, safe='') or '%'}", name


def _note(region: Region) -> str:
    named_by_entity = region.entity is not None
    return "; ".join(
        f"{name}={_KEY_AHEAD.sub(_ESCAPED_SEMICOLON, one_line(value))}"
        for name, value in region.fields.items()
        if not (named_by_entity and name == "name")
    )


def _annotation_conf() -> str:
    quotes, names, dates = ("".join(f"\t{label}\n" for label in labels) for labels in (QUOTES, NAMES, DATES))
    relations = "".join(
        f"{label}\tArg1:{'|'.join(sources)}, Arg2:{'|'.join(targets)}\n"
        for label, (sources, targets) in RELATIONS.items()
    )
    attributes = "".join(
        f"{name}\tArg:{'|'.join(choice.labels)}, Value:{'|'.join(choice.values)}\n" for name, choice in CHOICES.items()
    )
    return (
        f"{_GUIDE}[entities]\n!Quotation\n{quotes}Cue\nSource\n!Name\n{names}Role\n!Time_expression\n{dates}\n"
        f"[relations]\n<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>\n{relations}\n"
        f"[events]\n\n[attributes]\n{attributes}"
    )


def _visual_conf() -> str:
    labels = {"Quotation": "quotation", "Name": "name", "Time_expression": "time expression",
              "DirectQuote": "direct | dir", "IndirectQuote": "indirect | ind", "MixedQuote": "mixed | mix",
              "Organization": "Organization | Org", "HasCue": "cue", "Speaker": "speaker", "RoleOf": "of"}  # fmt: skip
    shown = "".join(f"{label} | {form}\n" for label, form in labels.items())
    colours = "".join(f"{label}\tbgColor:{colour}\n" for label, colour in _COLOURS.items())
    return (
        f"[labels]\n{shown}\n[drawing]\nSPAN_DEFAULT\tfgColor:black, bgColor:white, borderColor:darken\n"
        f"ARC_DEFAULT\tcolor:black, arrowHead:triangle-5\n{colours}"
        "Speaker\tcolor:#7a3e9d\nHasCue\tcolor:#707070, dashArray:3-3\nRoleOf\tcolor:#4f79a8, dashArray:3-3\n"
    )


def _tools_conf() -> str:
    # brat refuses a reference without an address; «<NONE>» keeps it from asking a server for what the reference means
    references = "".join(f"{name}\tDB:<NONE>, <URL>:about:blank\n" for name in (ENTITY, AUTHORITY))
    return (
        "[options]\nTokens\ttokenizer:whitespace\nSentences\tsplitter:newline\nValidation\tvalidate:all\n\n"
        f"[normalization]\n{references}"
    )


CONFIGURATION = {
    "annotation.conf": _annotation_conf(),
    "visual.conf": _visual_conf(),
    "tools.conf": _tools_conf(),
    "kb_shortcuts.conf": "".join(f"{key}\t{label}\n" for key, label in _SHORTCUTS.items()),
}
"""brat's files of configuration by name."""
