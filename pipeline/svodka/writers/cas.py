"""UIMA CAS in XMI, one file a document, for INCEpTION and all that reads DKPro Core's types."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svodka.libraries import require
from svodka.records import from_float32
from svodka.tables import Tables
from svodka.writers import cas_types as types
from svodka.writers.documents import Document, Row, documents, part_of, span_of
from svodka.writers.filenames import FileNames
from svodka.writers.xml_text import replace_forbidden

if TYPE_CHECKING:
    from cassis import Annotation, Cas, TypeSystem

_TABLES = ("sentences", "tokens", "mentions", "entities", "roles", "dates", "quotes")
# Features, and the columns that they hold.
_OF_ARTICLE = {"documentTitle": "title", "documentId": "doc_id", "documentUri": "url", "collectionId": "source"}
_OF_DATE = {
    "dateType": "type", "value": "value", "edtf": "edtf", "firstDay": "start_date", "lastDay": "end_date",
    "modifier": "mod", "anchor": "anchor_date",
}  # fmt: skip
_OF_QUOTATION = {
    "quoteType": "type", "form": "form", "speaker": "speaker", "speakerKind": "speaker_kind", "speakerRole": "role",
    "via": "via", "polarity": "polarity",
}  # fmt: skip
_README = """\
Annotations by svodka as UIMA CAS (XMI), for INCEpTION (https://inception-project.github.io).

1. Make a project. In Settings, Layers, import TypeSystem.xml: it has the layers Quotation, QuotationLink, Mention,
   Role and Date. Sentences, tokens, lemmas, parts of speech, morphology, dependencies and named entities are layers
   that every project has.
2. In Settings, Documents, import the .xmi files as "UIMA CAS XMI (XML 1.0)". Import the layers first: what a project
   has no layer for is left out.

A quotation of several segments is a span for each; QuotationLink ties them by "next", and the first of them by "cue"
and "source" to the words that introduce it and name its source, by "contains" to a quotation within it.
"""


def write_cas(parts: Iterable[Tables], folder: Path) -> None:
    """Write documents as ``NAME.xmi``, with ``TypeSystem.xml`` and a ``README.txt`` on how INCEpTION reads them.

    Sentence, Token, Lemma, POS, MorphologicalFeatures, Dependency and NamedEntity are DKPro Core's; what it has nothing
    for is in layers of its own, which ``TypeSystem.xml`` describes. Offsets are those of UIMA, units of UTF-16. The
    text is the document's, but XML 1.0 cannot hold every character: U+FFFD stands for each that it cannot, here and in
    all strings, so that offsets stay.

    Args:
        parts: The tables.
        folder: An existing folder.

    Raises:
        ExportError: The table of sentences or of tokens was not written.
        MissingLibraryError: dkpro-cassis is not installed.
    """
    type_system = types.type_system()
    type_system.to_xml(folder / "TypeSystem.xml")
    (folder / "README.txt").write_text(_README, encoding="utf-8", newline="\n")
    names = FileNames()
    for document in documents(parts, _TABLES):
        _Writer(document, type_system).write().to_xmi(folder / f"{names.name(document.doc_id)}.xmi")


class _Writer:
    """Makes the CAS of a document."""

    def __init__(self, document: Document, type_system: "TypeSystem") -> None:
        self._document = document
        self._entities: dict[int | None, Row] = {row["entity_id"]: row for row in document.entities}
        self._cas: Cas = require("cassis", "cas").Cas(type_system, sofa_string=replace_forbidden(document.text))

    def write(self) -> "Cas":
        self._add_metadata()
        for row in self._document.sentences:
            self._add(types.SENTENCE, span_of(row))
        self._add_tokens()
        self._add_mentions()
        for row in self._document.roles:
            person = self._entities.get(row["entity_id"], {}).get("name")
            self._add(types.ROLE, span_of(row), title=row["role"], organization=row["organization"], person=person)
        for row in self._document.dates:
            self._add_date(row)
        self._add_quotations()
        return self._cas

    def _add(self, name: str, span: tuple[int, int], **features: Any) -> "Annotation":  # noqa: ANN401
        values = {key: replace_forbidden(value) if isinstance(value, str) else value for key, value in features.items()}
        annotation: Annotation = self._cas.typesystem.get_type(name)(begin=span[0], end=span[1], **values)
        self._cas.add(annotation)
        return annotation

    def _add_metadata(self) -> None:
        row = self._document.row
        whole = (0, len(self._document.text))
        self._add(types.METADATA, whole, language=row["language"], **_features(row, _OF_ARTICLE))
        published = row["published"] and row["published"].isoformat()
        for key, value in (("author", row["author"]), ("published", published)):
            if value is not None:
                self._add(types.FIELD, whole, key=key, value=value)

    def _add_tokens(self) -> None:
        tokens = {row["token_id"]: self._add_token(row) for row in self._document.tokens}
        for row in self._document.tokens:
            if row["dep"] is not None:
                is_root = row["head"] is None
                token = tokens[row["token_id"]]
                head = token if is_root else tokens[row["head"]]  # as DKPro Core has it: the root is its own head
                features = {"Governor": head, "Dependent": token, "DependencyType": row["dep"], "flavor": "basic"}
                self._add(types.ROOT if is_root else types.DEPENDENCY, span_of(row), **features)

    def _add_token(self, row: Row) -> "Annotation":
        span = span_of(row)
        features: dict[str, Annotation] = {}
        if row["lemma"] is not None:
            features["lemma"] = self._add(types.LEMMA, span, value=row["lemma"])
        if row["pos"] is not None:
            features["pos"] = self._add(types.POS, span, PosValue=row["pos"], coarseValue=row["pos"])
        if row["feats"] is not None:
            features["morph"] = self._add(types.MORPHOLOGY, span, value=row["feats"], **_morphology(row["feats"]))
        return self._add(types.TOKEN, span, **features)

    def _add_mentions(self) -> None:
        for row in self._document.mentions:
            entity = self._entities.get(row["entity_id"], {})
            if row["kind"] == "name":
                self._add(types.NAMED_ENTITY, span_of(row), value=row["label"], identifier=entity.get("link"))
            features = {name: row[name] for name in ("label", "kind", "normal")}
            self._add(
                types.MENTION, span_of(row), **features, entity=entity.get("name"), entityId=_number(row["entity_id"])
            )

    def _add_date(self, row: Row) -> None:
        self._add(types.DATE, span_of(row), **_features(row, _OF_DATE))

    def _add_quotations(self) -> None:
        first: dict[int, Annotation] = {}
        for row in self._document.quotes:
            features = _features(row, _OF_QUOTATION)
            features["confidence"] = from_float32(row["confidence"])
            features["quoteId"] = _number(row["quote_id"])
            segments = [
                self._add(types.QUOTATION, span_of(segment), part="content", **features) for segment in row["segments"]
            ]
            first[row["quote_id"]] = segments[0]
            for segment, following in pairwise(segments):
                self._link(segment, following, "next")
        words: dict[tuple[str, tuple[int, int]], Annotation] = {}
        for row in self._document.quotes:
            quotation = first[row["quote_id"]]
            if row["parent_id"] is not None:
                self._link(first[row["parent_id"]], quotation, "contains")
            for part, column in (("cue", "cue"), ("source", "mention")):
                span = part_of(row, column)
                if span is not None:
                    if (part, span) not in words:
                        words[part, span] = self._add(types.QUOTATION, span, part=part)
                    self._link(quotation, words[part, span], part)

    def _link(self, governor: "Annotation", dependent: "Annotation", link: str) -> None:
        # INCEpTION wants relations where their targets are
        span = (dependent.begin, dependent.end)
        self._add(types.QUOTATION_LINK, span, Governor=governor, Dependent=dependent, link=link)


def _features(row: Row, columns: Mapping[str, str]) -> dict[str, Any]:
    return {feature: row[column] for feature, column in columns.items()}


def _number(number: int | None) -> str | None:
    """A number of a row, as `svodka.writers.cas_types` has it."""
    return None if number is None else str(number)


def _morphology(features: str) -> dict[str, str]:
    pairs = (feature.split("=", 1) for feature in features.split("|"))
    return {types.MORPHOLOGICAL[name]: value for name, value in pairs if name in types.MORPHOLOGICAL}
