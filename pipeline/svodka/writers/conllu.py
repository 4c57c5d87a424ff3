"""CoNLL-U: tokens, morphology and syntax as Universal Dependencies has them, mentions and entities as CorefUD has them.

Formats: https://universaldependencies.org/format.html, https://ufal.mff.cuni.cz/corefud (``Entity=`` in MISC). White
space is kept as UDPipe keeps it, see `svodka.readers.conllu`, which restores the text from the file to the code point.
"""

import datetime as dt
import json
import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from svodka.readers.conllu import NOT_HELD, escape
from svodka.writers.documents import Document, Row, documents

if TYPE_CHECKING:
    from svodka.tables import Tables

logger = logging.getLogger(__name__)

_TYPES = {"PER": "person", "ORG": "organization", "LOC": "place"}
_METADATA = ("title", "author", "url", "published", "published_day", "published_from", "source")
_ENTITY = ("label", "name", "gender", "role", "organization", "link")
_LINE_BREAK = re.compile("[\n\r\u2028\u2029]")
_WHITE = re.compile(r"\s+")
_PLAIN = re.compile("[А-Яа-яЁё!-~«»—]+")
# Vowels and finals of Hangul: no marks, yet NFC would compose them with a letter before them.
_JOINED = re.compile("[\u1160-\u11ff]")
_NO_CHARACTER, _NO_LETTER = "□", "◌"


def write_conllu(parts: "Iterable[Tables]", target: Path) -> None:
    """Write one CoNLL-U file.

    A document begins with ``# newdoc id``, a line of the text with ``# newpar``. The file keeps UD's rules of level 2;
    where the pipeline ran without morphology or syntax these columns are ``_``, which keeps level 1.

    FORM is the token as it stands in the text, save what UD refuses: letters and their marks are composed (NFC), white
    space in a token is one space, a control character or U+FFFD is «□», a mark without a letter stands on «◌». The
    token as it was is then in MISC, ``SpacesInToken``. LEMMA is written likewise.

    Mentions are ``Entity=(e1-person-1-kind:name,normal:Иван%20Орлов)``: the entity, counted through the file; its type;
    the head among the words; how it names the entity, and its nominative. All columns of the entities stand in a
    comment of their document, ``# json_entities``.

    Documents without tokens cannot be written; a warning names them.

    Args:
        parts: The tables.
        target: The file.

    Raises:
        ExportError: The table of sentences or of tokens was not written.
    """
    n_entities = 0
    with target.open("w", encoding="utf-8", newline="\n") as file:
        for document in documents(parts, {"sentences", "tokens", "mentions", "entities"}):
            if document.sentences:
                file.writelines(_lines(document, n_entities))
                n_entities += len(document.entities)
            else:
                logger.warning("%r has no tokens, so it is not in the file", document.doc_id)


def _lines(document: Document, n_entities: int) -> Iterator[str]:
    """The lines of a document; its entities are counted from a number."""
    text = document.text
    starts = [token["start"] for token in document.tokens]
    ends = [token["end"] for token in document.tokens]
    gaps = [text[end:start] for end, start in zip([0, *ends], [*starts, len(text)], strict=True)]
    entities = _entity_marks(document, n_entities)
    name = _percent(document.doc_id, ".:~+-")
    for number, sentence in enumerate(document.sentences):
        first, last = sentence["token_start"], sentence["token_end"]
        tokens = document.tokens[first:last]
        forms = [_form(token["text"]) for token in tokens]
        if number == 0:
            yield from _document_comments(document, name, n_entities)
        if number == 0 or _LINE_BREAK.search(gaps[first]):
            yield "# newpar\n"
        yield f"# sent_id = {name}-{number + 1}\n"
        spelled = (form + " " * bool(gap) for form, gap in zip(forms, gaps[first + 1 : last + 1], strict=True))
        yield f"# text = {''.join(spelled).rstrip()}\n"
        for index, (token, form) in enumerate(zip(tokens, forms, strict=True), start=first):
            misc = _spaces(gaps, index) | entities.get(index, {})
            if form != token["text"]:
                misc["SpacesInToken"] = escape(token["text"])
            yield _word_line(token, form, first, misc)
        yield "\n"


def _word_line(token: Row, form: str, first: int, misc: Mapping[str, str]) -> str:
    dep, head = token["dep"], token["head"]
    columns = (
        str(token["token_id"] - first + 1),
        form,
        _form(token["lemma"]) if token["lemma"] else "_",
        token["pos"] or "_",
        "_",
        token["feats"] or "_",
        "_" if dep is None else "0" if head is None else str(head - first + 1),
        dep or "_",
        "_",
        "|".join(f"{key}={misc[key]}" for key in sorted(misc)) or "_",
    )
    return "\t".join(columns) + "\n"


def _form(text: str) -> str:
    """A token as a column can hold it."""
    if _PLAIN.fullmatch(text):
        return text
    composed = _WHITE.sub(" ", unicodedata.normalize("NFC", text)).strip(" ")
    held = "".join(
        _NO_CHARACTER if char == NOT_HELD or unicodedata.category(char) == "Cc" else char for char in composed
    )
    first = held[:1] or _NO_CHARACTER
    is_mark = unicodedata.category(first).startswith("M") or _JOINED.match(first)
    return f"{_NO_LETTER}{held}" if is_mark else held or first


def _spaces(gaps: list[str], index: int) -> dict[str, str]:
    """What MISC tells of the white space around a token.

    UD has no document end in SpaceAfter=No: there nothing is said, and nothing is meant.
    """
    misc = {"SpacesBefore": escape(gaps[0])} if index == 0 and gaps[0] else {}
    after, is_last = gaps[index + 1], index + 2 == len(gaps)
    if after not in ("", " ") or (is_last and after):
        misc["SpacesAfter"] = escape(after)
    elif not after and not is_last:
        misc["SpaceAfter"] = "No"
    return misc


# ---- comments


def _document_comments(document: Document, name: str, n_entities: int) -> Iterator[str]:
    yield f"# newdoc id = {name}\n"
    yield "# global.Entity = eid-etype-head-other\n"
    if name != document.doc_id:
        yield _json_comment("doc_id", document.doc_id)
    for key in _METADATA:
        value = document.row[key]
        if isinstance(value, dt.date):
            value = value.isoformat()
        if value is not None:
            yield f"# {key} = {value}\n" if _is_one_line(value) else _json_comment(key, value)
    if document.entities:
        rows = [
            {"eid": _eid(n_entities, entity["entity_id"])}
            | {column: entity[column] for column in _ENTITY if entity[column] is not None}
            for entity in document.entities
        ]
        yield _json_comment("entities", rows)


def _json_comment(key: str, value: object) -> str:
    """A comment whose value may hold anything, as udapi reads it."""
    readable = json.dumps(value, ensure_ascii=False)
    return f"# json_{key} = {readable if _is_one_line(readable) else json.dumps(value)}\n"


def _is_one_line(value: str) -> bool:
    is_held = value.isprintable() and NOT_HELD not in value and unicodedata.is_normalized("NFC", f" {value}")
    return bool(value) and is_held and value == value.strip()


def _percent(text: str, kept: str) -> str:
    """Letters, digits and what is kept; all else, and «%» too, as the bytes of a URL.

    >>> _percent("Мост.", "."), _percent("a-b c%", ".")
    ('Мост.', 'a%2Db%20c%25')
    """
    letters = r"\w" if unicodedata.is_normalized("NFC", text) else "A-Za-z0-9_"
    return re.sub(rf"[^{letters}{re.escape(kept)}]", lambda match: quote(match[0], safe="").replace("-", "%2D"), text)


# ---- entities


def _eid(n_entities: int, entity_id: int) -> str:
    return f"e{n_entities + entity_id + 1}"


def _entity_marks(document: Document, n_entities: int) -> dict[int, dict[str, str]]:
    """Token → the brackets of mentions that begin or end there, in CorefUD's order.

    What closes precedes what opens; the longer mention opens first and closes last; one of a single word stands within
    what else opens or closes there.
    """
    opening: dict[int, list[tuple[int, str]]] = {}
    closing: dict[int, list[tuple[int, str]]] = {}
    single: dict[int, str] = {}
    for number, mention in enumerate(document.mentions):
        first, last = mention["token_start"], mention["token_end"] - 1
        eid, opened = _bracket(document, mention, n_entities, number)
        if first == last:
            single[first] = f"{single.get(first, '')}({opened})"
        else:
            opening.setdefault(first, []).append((-last, f"({opened}"))
            closing.setdefault(last, []).append((-first, f"{eid})"))
    marks = {}
    for index in opening.keys() | closing.keys() | single.keys():
        opens, closes = ("".join(mark for _, mark in sorted(ends.get(index, ()))) for ends in (opening, closing))
        alone = single.get(index, "")
        marks[index] = {"Entity": closes + opens + alone if opens else alone + closes}
    return marks


def _bracket(document: Document, mention: Row, n_entities: int, number: int) -> tuple[str, str]:
    """The id of a mention's entity, and what its opening bracket says."""
    label, entity_id = mention["label"], mention["entity_id"]
    eid = f"{_eid(n_entities, 0)}m{number}" if entity_id is None else _eid(n_entities, entity_id)
    words = range(mention["token_start"], mention["token_end"])
    heads = (document.tokens[word]["head"] for word in words)
    head = next((place for place, outer in enumerate(heads, start=1) if outer not in words), 1)
    other = f"kind:{mention['kind']},normal:{_percent(mention['normal'], '.')}"
    return eid, f"{eid}-{_TYPES[label]}-{head}-{other}"
