"""A document's tokens as plain lists, decoded from spaCy once for all stages that ask.

Reading ``token.lemma_`` and its like one by one costs more than most rules do; a list costs nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, cast
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
from spacy.attrs import DEP, HEAD, IDX, LEMMA, LENGTH, MORPH, ORTH, POS, SENT_START
from spacy.tokens import Doc, Span

from svodka.lexical import get_string_ids

# First token, one past the last, label.
EntitySpan = tuple[int, int, str]
_Values = npt.NDArray[np.uint64]
_Places = npt.NDArray[np.int64]
# In the order of the table `_MADE_OF`.
_ATTRIBUTES = [ORTH, LEMMA, POS, MORPH, DEP, HEAD, SENT_START]


def fold(text: str) -> str:
    """Lower case, е for ё."""
    return text.lower().replace("ё", "е")


@lru_cache(maxsize=8192)
def split_features(feats: str) -> Mapping[str, str]:
    """The UD features of «Case=Nom|Number=Sing» by name.

    >>> split_features("Case=Nom|Number=Sing")["Case"]
    'Nom'
    """
    return MappingProxyType(dict(part.split("=", 1) for part in feats.split("|") if "=" in part))


class Columns:
    """The tokens of a document, white space included; all lists have one item a token.

    What a stage has not written yet is empty: lemmas, pos, feats and deps are "", a head is the token itself.

    Attributes:
        text: The text of the document.
        starts: First code point of each token.
        ends: One past the last code point of each token.
        held: Whether nobody but svodka's stages writes to the document, so that no change need be looked for.
        hidden: Whether nobody will see the document either: it has no tokens then, what stages write stays here.
        entities: The entities that a stage has written; None where they stand in the document alone.
    """

    def __init__(self, doc: Doc, values: _Values, text: str, starts: _Places, ends: _Places) -> None:
        """Make the columns.

        Args:
            doc: The document.
            values: Its attributes, (attributes, tokens).
            text: Its text.
            starts: First code point of each token.
            ends: One past the last code point of each token.
        """
        self.text = text
        self.starts: list[int] = starts.tolist()
        self.ends: list[int] = ends.tolist()
        self.held = self.hidden = False
        self.entities: list[EntitySpan] | None = None
        self._strings = doc.vocab.strings
        self._values = values

    def changed(self, doc: Doc, values: _Values) -> "Columns":
        """Columns of the same tokens with other annotation; what has not changed is taken from these."""
        made = Columns(doc, values, self.text, np.array(self.starts), np.array(self.ends))
        changes = (values != self._values).any(axis=1).tolist()
        for name, made_of in _MADE_OF.items():
            if name in self.__dict__ and not any(changes[column] for column in made_of):
                made.__dict__[name] = self.__dict__[name]
        return made

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def heads(self) -> list[int]:
        """Index of each token's head; its own for a root, and where there is no relation, as in spaCy."""
        relations, offsets = self._values[4], self._values[5].view(np.int64)
        heads: list[int] = (np.arange(len(offsets)) + np.where(relations == 0, 0, offsets)).tolist()
        return heads

    @cached_property
    def words(self) -> list[str]:
        """The tokens as written."""
        text = self.text
        return [text[start:end] for start, end in zip(self.starts, self.ends, strict=True)]

    @cached_property
    def lowers(self) -> list[str]:
        """The tokens in lower case."""
        return list(map(str.lower, self.words))

    @cached_property
    def folded(self) -> list[str]:
        """The tokens in lower case, е for ё."""
        if "ё" not in self.text and "Ё" not in self.text:
            return self.lowers
        return [fold(word) for word in self.words]

    @cached_property
    def lemmas(self) -> list[str]:
        """Lemmas."""
        return self._decode(1)

    @cached_property
    def pos(self) -> list[str]:
        """UD parts of speech."""
        return self._decode(2)

    @cached_property
    def feats(self) -> list[str]:
        """UD features as text, «Case=Nom|Number=Sing»; "" where there is none."""
        return self._decode(3, {"_": ""})  # spaCy writes no features as «_»

    @cached_property
    def features(self) -> list[Mapping[str, str]]:
        """UD features by name."""
        return list(map(split_features, self.feats))

    @cached_property
    def deps(self) -> list[str]:
        """UD relations to the head."""
        return self._decode(4)

    @cached_property
    def is_word(self) -> npt.NDArray[np.bool_]:
        """Whether a token is no white space, as an array."""
        return ~np.fromiter(map(str.isspace, self.words), np.bool_, len(self))

    @cached_property
    def is_space(self) -> list[bool]:
        """Whether a token is white space."""
        spaces: list[bool] = (~self.is_word).tolist()
        return spaces

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Tokens [start, end) of each sentence."""
        if not len(self):
            return []
        begins = self._values[6] == 1
        begins[0] = True
        starts = np.flatnonzero(begins).tolist()
        return list(zip(starts, [*starts[1:], len(self)], strict=True))

    @cached_property
    def sentence_of(self) -> list[int]:
        """Number of each token's sentence."""
        numbers: list[int] = []
        for number, (start, end) in enumerate(self.sentences):
            numbers += [number] * (end - start)
        return numbers

    def rewrite(self, attributes: Mapping[int, _Values], lists: Mapping[str, Any]) -> None:
        """Follow a stage that has written attributes, and take the lists that say the same."""
        written = {column for name in lists for column in _MADE_OF[name]}
        for attribute, values in attributes.items():
            column = _ATTRIBUTES.index(attribute)
            self._values[column] = values
            written.add(column)
        for name in [name for name, made_of in _MADE_OF.items() if not written.isdisjoint(made_of)]:
            self.__dict__.pop(name, None)
        self.__dict__.update(lists)

    def _decode(self, column: int, renamed: Mapping[str, str] = MappingProxyType({})) -> list[str]:
        ids = self._values[column].tolist()
        strings = self._strings
        names = {one: strings[one] for one in set(ids)}
        if renamed:
            names = {one: renamed.get(name, name) for one, name in names.items()}
        return list(map(names.__getitem__, ids))

    def is_of(self, values: _Values) -> bool:
        """Whether the document still has the values these columns were made of."""
        return np.array_equal(self._values, values)

    def is_of_tokens(self, values: _Values) -> bool:
        """Whether the document still has the tokens these columns were made of."""
        return np.array_equal(self._values[0], values[0])


# The attributes that each list is decoded from.
_MADE_OF = {
    "words": (0,), "lowers": (0,), "folded": (0,), "is_space": (0,), "is_word": (0,), "lemmas": (1,), "pos": (2,),
    "feats": (3,), "features": (3,), "deps": (4,), "heads": (4, 5), "sentences": (6,), "sentence_of": (6,),
}  # fmt: skip
# The attributes that stages write as lists of strings.
_WRITTEN_AS = {"lemmas": LEMMA, "pos": POS, "feats": MORPH, "deps": DEP}
_made: WeakKeyDictionary[Doc, Columns] = WeakKeyDictionary()


def columns(doc: Doc) -> Columns:
    """The columns of a document; what is decoded stays for as long as its tokens keep their annotation."""
    known = _made.get(doc)
    if known is not None and known.held:
        return known
    values = _read(doc)
    if known is not None and known.is_of(values):
        return known
    if known is not None and known.is_of_tokens(values):
        made = known.changed(doc, values)
    else:
        starts, lengths = doc.to_array([IDX, LENGTH]).reshape(-1, 2).astype(np.int64).T
        made = Columns(doc, values, doc.text, starts, starts + lengths)
    _made[doc] = made
    return made


def _read(doc: Doc) -> _Values:
    return cast(_Values, doc.to_array(_ATTRIBUTES).reshape(-1, len(_ATTRIBUTES)).T.copy())


def set_columns(
    doc: Doc,
    text: str,
    starts: _Places,
    ends: _Places,
    attributes: Mapping[int, _Values],
    *,
    hidden: bool = False,
    **lists: Any,  # noqa: ANN401
) -> None:
    """Take what the tokenizer knows of a document that it has just made, so that nobody reads it from there.

    Args:
        doc: The document.
        text: Its text.
        starts: First code point of each token.
        ends: One past the last code point of each token.
        attributes: Values by attribute, one a token; the others are not set yet.
        hidden: Whether nobody will see the document, so that it has no tokens of its own.
        lists: Columns by name, one item a token.
    """
    made = _made[doc] = Columns(doc, np.zeros((len(_ATTRIBUTES), len(starts)), np.uint64), text, starts, ends)
    made.held = made.hidden = hidden
    made.rewrite(attributes, lists)


def write(doc: Doc, attributes: Mapping[int, _Values] = MappingProxyType({}), **lists: Any) -> None:  # noqa: ANN401
    """Write lists of strings into a document, and keep them, so that nobody decodes them.

    Args:
        doc: The document.
        attributes: What is to be written of other lists, one value a token.
        lists: Columns by name, one item a token.
    """
    known = columns(doc)
    if not known.hidden:
        encoded = {_WRITTEN_AS[name]: _encoded(doc, name, lists[name]) for name in lists if name in _WRITTEN_AS}
        attributes = {**attributes, **encoded}
        doc.from_array(list(attributes), cast(Any, np.stack(list(attributes.values())).T))
    known.rewrite(attributes, lists)


def _encoded(doc: Doc, name: str, strings: Sequence[str]) -> _Values:
    """Numbers of strings in the document's vocabulary."""
    ids = get_string_ids(doc.vocab)
    if name == "feats":
        strings = [feats or "_" for feats in strings]  # so spaCy writes no features
    return np.fromiter(map(ids.__getitem__, strings), np.uint64, len(strings))


def write_entities(doc: Doc, spans: list[EntitySpan]) -> None:
    """Write the entities of a document."""
    known = columns(doc)
    if not known.hidden:
        doc.set_ents([Span(doc, start, end, label=label) for start, end, label in spans])
    known.entities = spans


def read_entities(doc: Doc) -> list[EntitySpan]:
    """The entities of a document, in order."""
    known = _made.get(doc)
    if known is not None and known.held and known.entities is not None:  # else nobody would tell of a change
        return known.entities
    return [(span.start, span.end, span.label_) for span in doc.ents]


@contextmanager
def held(docs: Iterable[Doc]) -> Iterator[None]:
    """As long as this lasts, nobody but svodka's stages writes to the documents: `columns` looks for no changes."""
    holding = [found for found in map(columns, docs) if not found.held]
    for found in holding:
        found.held = True
        found.entities = None  # spaCy's may have changed since they were written
    try:
        yield
    finally:
        for found in holding:
            found.held = False
