"""Prodigy's tasks with pre-annotations (https://prodi.gy/docs/api-interfaces: «spans_manual», «relations»)."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from spacy.tokens import Doc, Span

from svodka.writers.docbin import make_docs

if TYPE_CHECKING:
    from svodka.tables import Tables

_META = ("doc_id", "title", "author", "url", "published", "source")


def write_prodigy(parts: "Iterable[Tables]", target: Path) -> None:
    r"""Write tasks as JSON lines, a document a task: a quotation and who says it may stand paragraphs apart.

    ::

        prodigy spans.manual news blank:ru tasks.jsonl \
            --label PER,ORG,LOC,DIRECT,INDIRECT,MIXED,CUE,SOURCE,DATE,TIME,DURATION,SET,AGE

    A task has the tokens of svodka, so that Prodigy does not cut the text itself; white space is a token that cannot be
    chosen. Spans are mentions by label, dates by type, each segment of a quotation by its type, its cue, and the words
    that name its source, CUE and SOURCE; their ``id`` is table and number of the row, ``quotes-3``. Spans overlap.

    Relations run from a quotation to its CUE and SOURCE, from a further segment of it to the one before (PART), from a
    mention to the one before of the same entity (SAME). Prodigy's interface of relations does not show spans that
    overlap: for ``rel.manual`` keep those of `spans` that are to be connected; other interfaces pass relations through.

    Documents without tokens are left out; a warning names them.

    Prodigy is sold, and could not be had to test with: the tasks are what its documentation describes, read with srsly
    as it reads them, and their tokens and spans are checked with spaCy. It makes their hashes itself.

    Args:
        parts: The tables.
        target: The file.

    Raises:
        ExportError: The table of sentences or of tokens was not written.
    """
    with target.open("wb") as file:
        for doc in make_docs(parts):
            file.write(orjson.dumps(_task(doc), option=orjson.OPT_APPEND_NEWLINE))


def _task(doc: Doc) -> dict[str, Any]:
    spans = list(_spans(doc))
    article = doc._.svodka["article"]
    return {
        "text": doc.text,
        "meta": {name: article[name] for name in _META if article[name] is not None},
        "tokens": [_token(doc, number) for number in range(len(doc))],
        "spans": sorted((_span(*named) for named in spans), key=lambda span: (span["start"], -span["end"])),
        "relations": list(_relations(doc, spans)),
    }


def _token(doc: Doc, number: int) -> dict[str, Any]:
    token = doc[number]
    start, end = token.idx, token.idx + len(token)
    values = {"text": token.text, "start": start, "end": end, "id": number, "ws": bool(token.whitespace_)}
    return values | ({"disabled": True} if token.is_space else {})


def _spans(doc: Doc) -> Iterator[tuple[str, Span]]:
    """Group and span of all that is annotated, save roles, which lie in mentions or beside them."""
    for name, group in doc.spans.items():
        if name != "roles":
            yield from ((name, span) for span in group)


def _span(name: str, span: Span) -> dict[str, Any]:
    return _place(span) | {"id": f"{name}-{span.id_}"}


def _place(span: Span) -> dict[str, Any]:
    """A span; its last token is in it."""
    return {
        "start": span.start_char,
        "end": span.end_char,
        "token_start": span.start,
        "token_end": span.end - 1,
        "label": span.label_.upper(),
    }


def _relations(doc: Doc, spans: Iterable[tuple[str, Span]]) -> Iterator[dict[str, Any]]:
    """Relations between the spans of a task."""
    rows: dict[str, dict[int, list[Span]]] = {"quotes": {}, "cues": {}, "sources": {}}
    mentions: dict[int | None, list[Span]] = {}
    entities = [mention["entity"] for mention in doc._.svodka["mentions"]]
    for name, span in spans:
        if name in rows:
            rows[name].setdefault(int(span.id_), []).append(span)
        elif name == "mentions":
            mentions.setdefault(entities[int(span.id_)], []).append(span)
    for number, segments in rows["quotes"].items():
        for name, label in (("cues", "CUE"), ("sources", "SOURCE")):
            yield from (_relation(segments[0], place, label) for place in rows[name].get(number, ()))
        yield from (_relation(later, earlier, "PART") for earlier, later in pairwise(segments))
    for entity, named in mentions.items():
        if entity is not None:
            yield from (_relation(later, earlier, "SAME") for earlier, later in pairwise(named))


def _relation(head: Span, child: Span, label: str) -> dict[str, Any]:
    return {
        "head": head.end - 1,
        "child": child.end - 1,
        "head_span": _place(head),
        "child_span": _place(child),
        "label": label,
    }
