"""The contract: the tables, their columns with types and descriptions, their keys and closed values.

Offsets count Unicode code points into ``documents.text``, half-open. Null means unknown; there is no "" and no -1.
Keys are (doc_id, x_id); ids count from 0 in reading order. `SCHEMA_VERSION` steps with every change. `TABLES` are those
of a run, `CORPUS_TABLES` those that ``svodka link`` makes of them.
"""

from dataclasses import dataclass, field
from types import MappingProxyType

import pyarrow as pa

SCHEMA_VERSION = "1.2"

_SEGMENTS = pa.list_(
    pa.field(
        "item",
        pa.struct([pa.field("start", pa.int32(), nullable=False), pa.field("end", pa.int32(), nullable=False)]),
        nullable=False,
    )
)
UPOS = (
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM",
    "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X",
)  # fmt: skip
"""Universal parts of speech."""

_INSTANT = pa.timestamp("us", tz="UTC")

_NAMES = pa.list_(pa.field("item", pa.string(), nullable=False))
REGISTRY_ROLE = pa.schema(
    [
        pa.field("role", pa.string(), nullable=False),
        pa.field("organization", pa.string()),
        pa.field("first", pa.date32()),
        pa.field("last", pa.date32()),
        pa.field("n_documents", pa.int32(), nullable=False),
    ]
)
"""A role of a row of the registry: first and last day of publication, and documents that give it."""

_ROLES = pa.list_(pa.field("item", pa.struct(list(REGISTRY_ROLE)), nullable=False))


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: Its name.
        type: Its Arrow type.
        description: What it holds, in one sentence.
        nullable: Whether null (unknown) may stand in it.
        values: The only values it may have, where they are closed.
        refers_to: Table whose key it points to, together with doc_id where that is part of the key.
    """

    name: str
    type: pa.DataType
    description: str
    nullable: bool = False
    values: tuple[str, ...] = ()
    refers_to: str | None = None

    @property
    def field(self) -> pa.Field:
        """The Arrow field."""
        return pa.field(self.name, self.type, nullable=self.nullable, metadata={"description": self.description})


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        name: Its name.
        description: What a row is.
        columns: Its columns beside ``doc_id``, which comes first in every table of documents.
        key: Column that is unique, within a document where the table is one of documents; None where the document
            itself is the key, or there is none.
        doc_id_nullable: Whether a row may belong to no document.
        of_documents: Whether each row belongs to a document, so that the table has a column ``doc_id``.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    key: str | None = None
    doc_id_nullable: bool = False
    of_documents: bool = True
    schema: pa.Schema = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(
            self,
            "schema",
            pa.schema(
                [column.field for column in self.all_columns],
                metadata={"svodka.schema": SCHEMA_VERSION, "svodka.table": self.name},
            ),
        )

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """Its columns, ``doc_id`` included."""
        doc_id = Column("doc_id", pa.string(), "Document the row belongs to.", nullable=self.doc_id_nullable)
        return (doc_id, *self.columns) if self.of_documents else self.columns

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the columns that tell a row from all others; none where nothing does."""
        if self.key is None:
            return ("doc_id",) if self.name == "documents" else ()
        return ("doc_id", self.key) if self.of_documents else (self.key,)


_SPAN = (
    Column("start", pa.int32(), "First code point in documents.text."),
    Column("end", pa.int32(), "One past the last code point."),
)
_SENTENCE = Column("sent_id", pa.int32(), "Sentence in which the span starts.", refers_to="sentences")
_TEXT = Column("text", pa.string(), "The slice documents.text[start:end].")
_RULE = Column("rule", pa.string(), "Id of the rule that made the row.")

DOCUMENTS = Table(
    "documents",
    "One article.",
    (
        Column("source", pa.string(), "File and row, or outlet, the article came from.", nullable=True),
        Column("url", pa.string(), "Address of the page.", nullable=True),
        Column("title", pa.string(), "Headline, where the source gives it apart from the text.", nullable=True),
        Column("author", pa.string(), "Who wrote it, as the source has it.", nullable=True),
        Column("published", _INSTANT, "Moment of publication; midnight where only the day is known.", nullable=True),
        Column("published_day", pa.date32(), "Day of it where it was published; dates count from it.", nullable=True),
        Column(
            "published_from",
            pa.string(),
            "Where the moment of publication was read.",
            nullable=True,
            values=("metadata", "html", "url", "text"),
        ),
        Column("language", pa.string(), "ISO 639-1 code of the pipeline's language."),
        Column(
            "encoding", pa.string(), "What the text was decoded from; null where it came as a string.", nullable=True
        ),
        Column("text", pa.string(), "The text as stored; every offset points into it."),
        Column("text_sha256", pa.string(), "SHA-256 of the text in UTF-8, hexadecimal."),
        Column("n_chars", pa.int32(), "Code points of the text."),
        Column("n_sents", pa.int32(), "Sentences."),
        Column("n_tokens", pa.int32(), "Tokens, white space not counted."),
        Column(
            "status",
            pa.string(),
            "ok; partial: a stage failed, see errors; failed: no stage could run.",
            values=("ok", "partial", "failed"),
        ),
    ),
)
SENTENCES = Table(
    "sentences",
    "One sentence; a line break ends one too.",
    (
        Column("sent_id", pa.int32(), "Number of the sentence in the document."),
        *_SPAN,
        Column("token_start", pa.int32(), "Its first token.", refers_to="tokens"),
        Column("token_end", pa.int32(), "One past its last token."),
    ),
    key="sent_id",
)
TOKENS = Table(
    "tokens",
    "One token; white space is none.",
    (
        Column("token_id", pa.int32(), "Number of the token in the document."),
        Column("sent_id", pa.int32(), "Sentence the token is in.", refers_to="sentences"),
        *_SPAN,
        _TEXT,
        Column(
            "lemma", pa.string(), "Dictionary form, lower case, ё written as е; null without morphology.", nullable=True
        ),
        Column("pos", pa.string(), "Universal part of speech; null without morphology.", nullable=True, values=UPOS),
        Column(
            "feats",
            pa.string(),
            "Universal features, sorted, «Case=Nom|Number=Sing»; null where there are none.",
            nullable=True,
        ),
        Column(
            "head",
            pa.int32(),
            "token_id of the syntactic head; null for the root, and without syntax.",
            nullable=True,
            refers_to="tokens",
        ),
        Column("dep", pa.string(), "Universal relation to the head; null without syntax.", nullable=True),
        Column("head_repaired", pa.bool_(), "Whether the head differs from the model's own, which made no tree."),
    ),
    key="token_id",
)
MENTIONS = Table(
    "mentions",
    "One place of the text that means a person, an organisation or a place; one can lie in another.",
    (
        Column("mention_id", pa.int32(), "Number of the mention in the document."),
        Column("entity_id", pa.int32(), "Entity it names.", nullable=True, refers_to="entities"),
        _SENTENCE,
        *_SPAN,
        Column("token_start", pa.int32(), "Its first token.", refers_to="tokens"),
        Column("token_end", pa.int32(), "One past its last token."),
        _TEXT,
        Column("label", pa.string(), "Kind of entity.", values=("PER", "ORG", "LOC")),
        Column(
            "kind", pa.string(), "How it names it: role is any noun without a name.", values=("name", "role", "pronoun")
        ),
        Column("normal", pa.string(), "The mention in the nominative."),
        _RULE,
    ),
    key="mention_id",
)
ENTITIES = Table(
    "entities",
    "One person, organisation or place of a document, all mentions joined.",
    (
        Column("entity_id", pa.int32(), "Number of the entity in the document, by first mention."),
        Column("label", pa.string(), "Kind of entity.", values=("PER", "ORG", "LOC")),
        Column("name", pa.string(), "Canonical name: nominative, the fullest form that the document supports."),
        Column("gender", pa.string(), "Gender of a person.", nullable=True, values=("Masc", "Fem")),
        Column("role", pa.string(), "First office of a person in `roles`, else its first role.", nullable=True),
        Column("organization", pa.string(), "Organisation the role belongs to, nominative.", nullable=True),
        Column("n_mentions", pa.int32(), "Mentions in the document."),
        Column("link", pa.string(), "Id in the user's authority file.", nullable=True),
    ),
    key="entity_id",
)
ROLES = Table(
    "roles",
    "One place of the text that gives a person a role.",
    (
        Column("role_id", pa.int32(), "Number of the role in the document."),
        Column("entity_id", pa.int32(), "Person who has it.", refers_to="entities"),
        _SENTENCE,
        *_SPAN,
        _TEXT,
        Column("role", pa.string(), "Role or title, nominative, its organisation included."),
        Column("organization", pa.string(), "Organisation the role belongs to, nominative.", nullable=True),
        _RULE,
    ),
    key="role_id",
)
DATES = Table(
    "dates",
    "One date or time expression.",
    (
        Column("date_id", pa.int32(), "Number of the expression in the document."),
        _SENTENCE,
        *_SPAN,
        _TEXT,
        Column("type", pa.string(), "TIMEX3 type, and AGE.", values=("DATE", "TIME", "DURATION", "SET", "AGE")),
        Column("value", pa.string(), "TIMEX3 value."),
        Column(
            "edtf",
            pa.string(),
            "Extended Date/Time Format; null for what is no point or interval of the calendar.",
            nullable=True,
        ),
        Column("start_date", pa.date32(), "First day, inclusive; null where open or unknown.", nullable=True),
        Column("end_date", pa.date32(), "Last day, inclusive; null where open or unknown.", nullable=True),
        Column(
            "granularity",
            pa.string(),
            "Finest unit named.",
            values=("time", "day", "week", "month", "quarter", "half", "season", "year", "decade", "century"),
        ),
        Column(
            "mod",
            pa.string(),
            "TIMEX3 modifier.",
            nullable=True,
            values=("START", "MID", "END", "APPROX", "BEFORE", "AFTER"),
        ),
        Column("anchor_date", pa.date32(), "Day it was counted from.", nullable=True),
        Column("anchor_from", pa.string(), "Where that day came from.", nullable=True, values=("published", "text")),
        _RULE,
    ),
    key="date_id",
)
QUOTES = Table(
    "quotes",
    "One quotation and its source.",
    (
        Column("quote_id", pa.int32(), "Number of the quotation in the document."),
        Column("parent_id", pa.int32(), "Quotation that contains it.", nullable=True, refers_to="quotes"),
        _SENTENCE,
        Column("type", pa.string(), "How the words are given.", values=("direct", "indirect", "mixed")),
        Column("form", pa.string(), "Form on the page.", values=("inline", "block", "dash", "headline", "document")),
        Column("start", pa.int32(), "Start of the first segment."),
        Column("end", pa.int32(), "End of the last segment."),
        Column("segments", _SEGMENTS, "The content: spans without marks and author's words."),
        Column("text", pa.string(), "The slice documents.text[start:end], author's words within it included."),
        Column("cue", pa.string(), "Words that introduce the speech.", nullable=True),
        Column("cue_start", pa.int32(), "First code point of the cue.", nullable=True),
        Column("cue_end", pa.int32(), "One past its last code point.", nullable=True),
        Column("cue_lemma", pa.string(), "Lemma of the cue.", nullable=True),
        Column("mention", pa.string(), "Words that name the source of this quotation.", nullable=True),
        Column("mention_start", pa.int32(), "First code point of the mention.", nullable=True),
        Column("mention_end", pa.int32(), "One past its last code point.", nullable=True),
        Column(
            "speaker", pa.string(), "Canonical name of the source; null where the text does not tell.", nullable=True
        ),
        Column(
            "speaker_kind",
            pa.string(),
            "What the source is.",
            values=("person", "organization", "group", "document", "unknown"),
        ),
        Column("entity_id", pa.int32(), "Entity of the source.", nullable=True, refers_to="entities"),
        Column("role", pa.string(), "Role of the source, nominative.", nullable=True),
        Column("via", pa.string(), "Medium that relays the words.", nullable=True),
        Column(
            "polarity",
            pa.string(),
            "Whether the text says that it was said.",
            values=("asserted", "negated", "hypothetical"),
        ),
        _RULE,
        Column("confidence", pa.float32(), "0 to 1."),
    ),
    key="quote_id",
)
ERRORS = Table(
    "errors",
    "Something that could not be read or done; it costs no other document anything.",
    (
        Column("source", pa.string(), "File and row it came from.", nullable=True),
        Column("stage", pa.string(), "read, the stage that failed, or run: a limit of the run."),
        Column("error_type", pa.string(), "Class of the error; of run: timeout, too_long or died."),
        Column("message", pa.string(), "What is wrong and what to do."),
    ),
    doc_id_nullable=True,
)

TABLES = MappingProxyType(
    {table.name: table for table in (DOCUMENTS, SENTENCES, TOKENS, MENTIONS, ENTITIES, ROLES, DATES, QUOTES, ERRORS)}
)
"""The tables of a run by name, in the order of the pipeline."""

REGISTRY = Table(
    "registry",
    "One person, organisation or place of the corpus, the entities of all documents joined.",
    (
        Column("registry_id", pa.string(), "Key, made from what tells it from others: it outlives new documents."),
        Column("label", pa.string(), "Kind of entity.", values=("PER", "ORG", "LOC")),
        Column("name", pa.string(), "The fullest of its canonical names, the commonest of equally full ones."),
        Column("names", _NAMES, "Its canonical names in documents, the commonest first."),
        Column("gender", pa.string(), "Gender of a person.", nullable=True, values=("Masc", "Fem")),
        Column("roles", _ROLES, "Roles of a person by first day, with first and last day of publication."),
        Column("first_date", pa.date32(), "First day of publication; null where no document has one.", nullable=True),
        Column("last_date", pa.date32(), "Last day of publication.", nullable=True),
        Column("n_documents", pa.int32(), "Documents that name it."),
        Column("n_mentions", pa.int32(), "Mentions in all documents."),
        Column(
            "n_quotes", pa.int32(), "Quotations whose source it is; null where the tables have none.", nullable=True
        ),
        Column("link", pa.string(), "Id in the user's authority file.", nullable=True),
    ),
    key="registry_id",
    of_documents=False,
)
REGISTRY_ENTITIES = Table(
    "registry_entities",
    "Which row of the registry an entity of a document belongs to; every entity stands here once.",
    (
        Column("entity_id", pa.int32(), "Entity of the document.", refers_to="entities"),
        Column("registry_id", pa.string(), "Its row of the registry.", refers_to="registry"),
    ),
    key="entity_id",
)

CORPUS_TABLES = MappingProxyType({table.name: table for table in (REGISTRY, REGISTRY_ENTITIES)})
"""The tables that ``svodka link`` makes of those of a run."""

ALL_TABLES = MappingProxyType({**TABLES, **CORPUS_TABLES})
"""All tables by name."""


def nested_schema() -> pa.Schema:
    """The schema of a nested row: a document's columns, and each other table as a list of structs without doc_id."""
    fields = list(DOCUMENTS.schema)
    for table in TABLES.values():
        if table is not DOCUMENTS:
            struct = pa.struct([column.field for column in table.columns])
            fields.append(pa.field(table.name, pa.list_(pa.field("item", struct, nullable=False)), nullable=False))
    return pa.schema(fields, metadata={"svodka.schema": SCHEMA_VERSION})


NESTED = nested_schema()
