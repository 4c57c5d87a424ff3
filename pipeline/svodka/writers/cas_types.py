"""The types of annotations in CAS files: those of DKPro Core that INCEpTION has, and layers of its style."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

_ANNOTATION, _STRING, _INTEGER, _FLOAT = "uima.tcas.Annotation", "uima.cas.String", "uima.cas.Integer", "uima.cas.Float"
_CORE = "de.tudarmstadt.ukp.dkpro.core.api."

METADATA = f"{_CORE}metadata.type.DocumentMetaData"
FIELD = f"{_CORE}metadata.type.MetaDataStringField"
SENTENCE = f"{_CORE}segmentation.type.Sentence"
TOKEN = f"{_CORE}segmentation.type.Token"
LEMMA = f"{_CORE}segmentation.type.Lemma"
POS = f"{_CORE}lexmorph.type.pos.POS"
MORPHOLOGY = f"{_CORE}lexmorph.type.morph.MorphologicalFeatures"
DEPENDENCY = f"{_CORE}syntax.type.dependency.Dependency"
ROOT = f"{_CORE}syntax.type.dependency.ROOT"
NAMED_ENTITY = f"{_CORE}ner.type.NamedEntity"
MENTION = "webanno.custom.Mention"
ROLE = "webanno.custom.Role"
DATE = "webanno.custom.Date"
QUOTATION = "webanno.custom.Quotation"
QUOTATION_LINK = "webanno.custom.QuotationLink"

MORPHOLOGICAL = {
    "Gender": "gender", "Number": "number", "Case": "case", "Degree": "degree", "VerbForm": "verbForm",
    "Tense": "tense", "Mood": "mood", "Voice": "voice", "Person": "person", "Aspect": "aspect", "Animacy": "animacy",
}  # fmt: skip
"""Universal features that DKPro Core has a feature for."""

# Type: what it extends, what it is, and its features, each a type or a type and a description. INCEpTION makes a layer
# of spans of a type whose features are primitive, and a layer of relations of one that has a Governor and a Dependent
# of one type besides; «type» and the like are no names for features there.
_TYPES: dict[str, tuple[str, str, dict[str, str | tuple[str, str]]]] = {
    METADATA: (
        "uima.tcas.DocumentAnnotation",
        "The document.",
        dict.fromkeys(("documentTitle", "documentId", "documentUri", "collectionId"), _STRING),
    ),
    FIELD: (_ANNOTATION, "What else is known of the document.", {"key": _STRING, "value": _STRING}),
    SENTENCE: (_ANNOTATION, "A sentence.", {}),
    LEMMA: (_ANNOTATION, "A dictionary form.", {"value": _STRING}),
    POS: (_ANNOTATION, "A universal part of speech.", {"PosValue": _STRING, "coarseValue": _STRING}),
    MORPHOLOGY: (
        _ANNOTATION,
        "Universal features.",
        dict.fromkeys(("value", *MORPHOLOGICAL.values()), _STRING),
    ),
    TOKEN: (_ANNOTATION, "A token.", {"lemma": LEMMA, "pos": POS, "morph": MORPHOLOGY}),
    DEPENDENCY: (
        _ANNOTATION,
        "A universal relation.",
        {"Governor": TOKEN, "Dependent": TOKEN, "DependencyType": _STRING, "flavor": _STRING},
    ),
    ROOT: (DEPENDENCY, "The root of a sentence.", {}),
    NAMED_ENTITY: (_ANNOTATION, "A name.", {"value": _STRING, "identifier": _STRING}),
    MENTION: (
        _ANNOTATION,
        "A place that means a person, an organisation or a place.",
        {
            "label": (_STRING, "PER, ORG or LOC"),
            "kind": (_STRING, "name, role (any noun without a name) or pronoun"),
            "normal": (_STRING, "The mention in the nominative"),
            "entity": (_STRING, "Canonical name"),
            "entityId": (_INTEGER, "entity_id in svodka's tables"),
        },
    ),
    ROLE: (
        _ANNOTATION,
        "A place that gives a person a role.",
        {
            "title": (_STRING, "Role or title, nominative"),
            "organization": (_STRING, "Organisation the role belongs to, nominative"),
            "person": (_STRING, "Canonical name of who has it"),
        },
    ),
    DATE: (
        _ANNOTATION,
        "A date or time expression.",
        {
            "dateType": (_STRING, "DATE, TIME, DURATION, SET or AGE"),
            "value": (_STRING, "TIMEX3 value"),
            "edtf": (_STRING, "Extended Date/Time Format"),
            "firstDay": (_STRING, "First day, inclusive"),
            "lastDay": (_STRING, "Last day, inclusive"),
            "modifier": (_STRING, "TIMEX3 modifier"),
            "anchor": (_STRING, "Day it was counted from"),
        },
    ),
    QUOTATION: (
        _ANNOTATION,
        "A segment of a quotation, a cue, or words that name a source.",
        {
            "part": (_STRING, "content, cue or source; the other features are of content"),
            "quoteType": (_STRING, "direct, indirect or mixed"),
            "form": (_STRING, "inline, block, dash, headline or document"),
            "speaker": (_STRING, "Canonical name of the source"),
            "speakerKind": (_STRING, "person, organization, group, document or unknown"),
            "speakerRole": (_STRING, "Role of the source, nominative"),
            "via": (_STRING, "Medium that relays the words"),
            "polarity": (_STRING, "asserted, negated or hypothetical"),
            "confidence": (_FLOAT, "0 to 1"),
            "quoteId": (_INTEGER, "quote_id in svodka's tables"),
        },
    ),
    QUOTATION_LINK: (
        _ANNOTATION,
        "From the first segment of a quotation to its cue, its source or a quotation in it; to the next segment.",
        {"Governor": QUOTATION, "Dependent": QUOTATION, "link": (_STRING, "cue, source, contains or next")},
    ),
}


def type_system() -> str:
    """The types of all files, as UIMA describes them.

    See https://uima.apache.org/d/uimaj-current/references.html#ugr.ref.xml.component_descriptor.type_system.
    """
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier">',
            "<types>",
            *(_described(name, *described) for name, described in _TYPES.items()),
            "</types>",
            "</typeSystemDescription>\n",
        )
    )


def _described(name: str, extends: str, description: str, features: dict[str, str | tuple[str, str]]) -> str:
    lines = []
    for feature, kind in features.items():
        kind, meaning = (kind, "") if isinstance(kind, str) else kind
        elements = (("name", feature), ("description", meaning), ("rangeTypeName", kind))
        lines.append(f"  <featureDescription>{_elements(elements)}</featureDescription>\n")
    head = _elements((("name", name), ("description", description), ("supertypeName", extends)))
    return f"<typeDescription>{head}\n<features>\n{''.join(lines)}</features>\n</typeDescription>"


def _elements(contents: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<{name}>{escape(content)}</{name}>" for name, content in contents)
