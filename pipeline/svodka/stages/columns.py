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
from spacy.attrs import DEP, HEAD, IDX, LEMMA, LENGTH, MORPH, POS, SENT_START, SPACY
from spacy.tokens import Doc

_Values = npt.NDArray[np.uint64]
_ATTRIBUTES = [IDX, LENGTH, LEMMA, POS, MORPH, DEP, HEAD, SENT_START, SPACY]


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
        heads: Index of each token's head; its own for a root and where there is no tree.
    """

    def __init__(self, doc: Doc, values: _Values, text: str) -> None:
        self._strings = doc.vocab.strings
        self._values = values
        self.text = text
        signed = values.view(np.int64)
        starts = signed[:, 0]
        self.starts: list[int] = starts.tolist()
        self.ends: list[int] = (starts + signed[:, 1]).tolist()
        # as spaCy does, no relation is read as no head
        self.heads: list[int] = (np.arange(len(signed)) + np.where(signed[:, 5] == 0, 0, signed[:, 6])).tolist()

    def __len__(self) -> int:
        return len(self.starts)

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
        return self._decode(2)

    @cached_property
    def pos(self) -> list[str]:
        """UD parts of speech."""
        return self._decode(3)

    @cached_property
    def feats(self) -> list[str]:
        """UD features as text, «Case=Nom|Number=Sing»; "" where there is none."""
        return self._decode(4, {"_": ""})  # spaCy writes no features as «_»

    @cached_property
    def features(self) -> list[Mapping[str, str]]:
        """UD features by name."""
        return list(map(split_features, self.feats))

    @cached_property
    def deps(self) -> list[str]:
        """UD relations to the head."""
        return self._decode(5)

    @cached_property
    def is_space(self) -> list[bool]:
        """Whether a token is white space."""
        return list(map(str.isspace, self.words))

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Tokens [start, end) of each sentence."""
        if not len(self):
            return []
        begins = self._values[:, 7] == 1
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

    def take_over(self, before: "Columns") -> None:
        """Take the lists that earlier columns of the same tokens had decoded and that have not changed since."""
        changed = (self._values != before._values).any(axis=0)
        for name, attributes in _MADE_OF.items():
            if name in before.__dict__ and not changed[attributes].any():
                self.__dict__[name] = before.__dict__[name]

    def is_of(self, values: _Values) -> bool:
        """Whether the document still has the values these columns were made of."""
        return np.array_equal(self._values, values)

    def is_of_tokens(self, values: _Values) -> bool:
        """Whether the document still has the tokens these columns were made of."""
        return np.array_equal(self._values[:, :2], values[:, :2])


# The attributes that each list is decoded from.
_TEXT, _LEMMA, _POS, _MORPH, _DEP, _SENTENCE = [0, 1], [2], [3], [4], [5], [7]
_MADE_OF = {
    "words": _TEXT, "lowers": _TEXT, "folded": _TEXT, "is_space": _TEXT, "lemmas": _LEMMA, "pos": _POS,
    "feats": _MORPH, "features": _MORPH, "deps": _DEP, "sentences": _SENTENCE, "sentence_of": _SENTENCE,
}  # fmt: skip
_made: WeakKeyDictionary[Doc, Columns] = WeakKeyDictionary()


def columns(doc: Doc, text: str | None = None) -> Columns:
    """The columns of a document; what is decoded stays for as long as its tokens keep their annotation.

    Args:
        doc: A document.
        text: Its text, where the caller has it: spaCy puts it together anew each time.
    """
    values = cast(_Values, doc.to_array(_ATTRIBUTES).reshape(-1, len(_ATTRIBUTES)))
    known = _made.get(doc)
    if known is not None and known.is_of(values):
        return known
    before = known if known is not None and known.is_of_tokens(values) else None
    made = _made[doc] = Columns(doc, values, text or (before.text if before else doc.text))
    if before:
        made.take_over(before)
    return made
