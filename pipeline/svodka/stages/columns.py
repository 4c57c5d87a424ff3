"""A document's tokens as plain lists, decoded from spaCy once for all stages that ask.

Reading ``token.lemma_`` and its like one by one costs more than most rules do; a list costs nothing.
"""

from collections.abc import Mapping
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import cast
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
from spacy.attrs import DEP, HEAD, IDX, LEMMA, LENGTH, MORPH, ORTH, POS, SENT_START
from spacy.tokens import Doc

_Values = npt.NDArray[np.uint64]
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
    """

    def __init__(self, doc: Doc, values: _Values, text: str | None, before: "Columns | None" = None) -> None:
        """Make the columns.

        Args:
            doc: The document.
            values: Its attributes, (tokens, attributes).
            text: Its text, if it is known.
            before: Columns of the same tokens, made before the annotation changed; what has not is taken from them.
        """
        self._strings = doc.vocab.strings
        self._values = values
        if before is None:
            starts, lengths = doc.to_array([IDX, LENGTH]).reshape(-1, 2).astype(np.int64).T
            self.text = doc.text if text is None else text
            self.starts: list[int] = starts.tolist()
            self.ends: list[int] = (starts + lengths).tolist()
        else:
            self.text, self.starts, self.ends = before.text, before.starts, before.ends
            changed = (values != before._values).any(axis=0).tolist()
            for name, attribute in _MADE_OF.items():
                if name in before.__dict__ and not changed[attribute]:
                    self.__dict__[name] = before.__dict__[name]

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def heads(self) -> list[int]:
        """Index of each token's head; its own for a root, and where there is no relation, as in spaCy."""
        relations, offsets = self._values[:, 4], self._values[:, 5].view(np.int64)
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
    def is_space(self) -> list[bool]:
        """Whether a token is white space."""
        return list(map(str.isspace, self.words))

    @cached_property
    def is_word(self) -> npt.NDArray[np.bool_]:
        """Whether a token is no white space, as an array."""
        return ~np.array(self.is_space, dtype=np.bool_)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Tokens [start, end) of each sentence."""
        if not len(self):
            return []
        begins = self._values[:, 6] == 1
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

    def _decode(self, column: int, renamed: Mapping[str, str] = MappingProxyType({})) -> list[str]:
        ids = self._values[:, column].tolist()
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
        return np.array_equal(self._values[:, 0], values[:, 0])


# The attribute that each list is decoded from.
_MADE_OF = {
    "words": 0, "lowers": 0, "folded": 0, "is_space": 0, "is_word": 0, "lemmas": 1, "pos": 2, "feats": 3, "features": 3,
    "deps": 4, "sentences": 6, "sentence_of": 6,
}  # fmt: skip
_made: WeakKeyDictionary[Doc, Columns] = WeakKeyDictionary()


def remember(doc: Doc, **lists: list[str]) -> None:
    """Take the lists that a stage has just written, so that nobody decodes them.

    Args:
        doc: The document, with the annotation written.
        lists: Columns by name, one item a token.
    """
    columns(doc).__dict__.update(lists)


def columns(doc: Doc, text: str | None = None) -> Columns:
    """The columns of a document; what is decoded stays for as long as its tokens keep their annotation.

    Args:
        doc: A document.
        text: Its text, where the caller has it: spaCy puts it together anew each time.
    """
    values = cast(_Values, doc.to_array(_ATTRIBUTES).reshape(-1, len(_ATTRIBUTES)))
    known = _made.get(doc)
    if known is not None:
        if known.is_of(values):
            return known
        if not known.is_of_tokens(values):
            known = None
    made = _made[doc] = Columns(doc, values, text, known)
    return made
