"""The types of annotations in CAS files: those of DKPro Core that INCEpTION has, and layers of its style."""

import warnings
from functools import cache
from typing import TYPE_CHECKING

from svodka.libraries import require

if TYPE_CHECKING:
    from cassis import TypeSystem

_ANNOTATION, _STRING, _FLOAT = "uima.tcas.Annotation", "uima.cas.String", "uima.cas.Float"
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

# Types that dkpro-cassis describes, and the features that are written. With the hundreds that are not, INCEpTION would
# show layers that have nothing in them; ranges and supertypes are before what has them.
_OF_DKPRO_CORE: dict[str, tuple[str, ...]] = {
    FIELD: ("key", "value"),
    SENTENCE: (),
    LEMMA: ("value",),
    POS: ("PosValue", "coarseValue"),
    MORPHOLOGY: ("value", *MORPHOLOGICAL.values()),
    TOKEN: ("lemma", "pos", "morph"),
    DEPENDENCY: ("Governor", "Dependent", "DependencyType", "flavor"),
    ROOT: (),
    NAMED_ENTITY: ("value", "identifier"),
}

# Type: what it extends, what it is, and its features, each a type and a description. DKPro Core's metadata are here
# since dkpro-cassis has no copy of them. INCEpTION makes a layer of spans of a type whose features are primitive, and a
# layer of relations of one that has a Governor and a Dependent of one type besides; «type» and the like are no names
# for features there. Numbers of rows are strings: an integer that is not set is 0 in UIMA, which is a row, too.
_TYPES: dict[str, tuple[str, str, dict[str, tuple[str, str | None]]]] = {
    METADATA: (
        "uima.tcas.DocumentAnnotation",
        "The document.",
        dict.fromkeys(("documentTitle", "documentId", "documentUri", "collectionId"), (_STRING, None)),
    ),
    MENTION: (
        _ANNOTATION,
        "A place that means a person, an organisation or a place.",
        {
            "label": (_STRING, "PER, ORG or LOC"),
            "kind": (_STRING, "name, role (any noun without a name) or pronoun"),
            "normal": (_STRING, "The mention in the nominative"),
            "entity": (_STRING, "Canonical name"),
            "entityId": (_STRING, "entity_id in svodka's tables"),
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
            "quoteId": (_STRING, "quote_id in svodka's tables"),
        },
    ),
    QUOTATION_LINK: (
        _ANNOTATION,
        "From the first segment of a quotation to its cue, its source or a quotation in it; to the next segment.",
        {
            "Governor": (QUOTATION, None),
            "Dependent": (QUOTATION, None),
            "link": (_STRING, "cue, source, contains or next"),
        },
    ),
}


def type_system() -> "TypeSystem":
    """The types of all files.

    Those of DKPro Core are as dkpro-cassis describes them, so that its `merge_typesystems` puts both together.

    Raises:
        MissingLibraryError: dkpro-cassis is not installed.
    """
    cassis = require("cassis", "cas")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of how cassis opens its own file
        core: TypeSystem = cassis.load_dkpro_core_typesystem()
    types: TypeSystem = cassis.TypeSystem()
    for name, features in _OF_DKPRO_CORE.items():
        described = core.get_type(name)
        types.create_type(name, described.supertype.name, described.description)
        for feature in map(described.get_feature, features):
            types.create_feature(name, feature.name, feature.rangeType.name, description=feature.description)
    for name, (extends, description, own_features) in _TYPES.items():
        types.create_type(name, extends, description)
        for feature_name, (kind, meaning) in own_features.items():
            types.create_feature(name, feature_name, kind, description=meaning)
    return _remembering(types)


def _remembering(types: "TypeSystem") -> "TypeSystem":
    """The types, which remember which of them extends which: cassis asks that several times a value it writes."""
    extends = cache(types.is_instance_of)
    types.is_instance_of = lambda kind, parent: extends(getattr(kind, "name", kind), getattr(parent, "name", parent))
    return types
