"""Part of speech, features and lemma of each token: slovnet's tags, and pymorphy's lemma in agreement with them."""

import re
from functools import lru_cache
from itertools import chain, compress
from typing import Any, cast

import numpy as np
from spacy.attrs import LEMMA, MORPH, ORTH, POS
from spacy.tokens import Doc
from spacy.vocab import Vocab

from svodka.document import layers
from svodka.stages.columns import columns
from svodka.stages.pymorphy import Backend, Dictionary, get_dictionary
from svodka.stages.tokenize import clean

# Punctuation and symbols are their own lemmas.
_NO_LEMMA = frozenset(("PUNCT", "SYM", "SPACE"))
_RUSSIAN = re.compile("[а-яё]")
_MAX_ROWS = 100_000


@lru_cache(maxsize=4096)
def split_tag(tag: str) -> tuple[str, str]:
    """Part of speech and sorted features of a slovnet tag.

    >>> split_tag("NOUN|Case=Nom|Animacy=Inan")
    ('NOUN', 'Animacy=Inan|Case=Nom')
    """
    pos, *feats = tag.split("|")
    return pos, "|".join(sorted(feats))


def lemmatize(word: str, pos: str, feats: str, dictionary: Dictionary) -> str:
    """Lower-case lemma; what is no Russian word is its own lemma."""
    word = clean(word).lower()
    if pos in _NO_LEMMA or not _RUSSIAN.search(word):
        return word
    return dictionary.lemma(word, pos, feats)


class _Rows(dict[tuple[str, str], tuple[int, int, int]]):
    """What is written on a token, (part of speech, features, lemma), by its text and tag. Begins anew when it is full.

    The numbers are those of one vocabulary.
    """

    def __init__(self, vocab: Vocab, dictionary: Dictionary) -> None:
        self.vocab = vocab
        self._dictionary = dictionary
        self._by_tag = lru_cache(maxsize=4096)(self._numbers)

    def __missing__(self, word_and_tag: tuple[str, str]) -> tuple[int, int, int]:
        if len(self) >= _MAX_ROWS:
            self.clear()
        word, tag = word_and_tag
        lemma = lemmatize(word, *split_tag(tag), self._dictionary)
        row = self[word_and_tag] = (*self._by_tag(tag), self._add(lemma))
        return row

    def _numbers(self, tag: str) -> tuple[int, int]:
        pos, feats = split_tag(tag)
        return self._add(pos), self.vocab.morphology.add(feats)

    def _add(self, string: str) -> int:
        # kept, for the number is: spaCy takes back what is added within a `memory_zone`
        number: int = cast(Any, self.vocab.strings).add(string, allow_transient=False)
        return number


class MorphologyStage:
    """Component that writes ``token.pos``, ``token.morph`` and ``token.lemma``.

    Args:
        backend: pymorphy3 or pymorphy2.
    """

    def __init__(self, backend: Backend = "pymorphy3") -> None:
        self.dictionary = get_dictionary(backend)
        self._rows: _Rows | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Write the layer on one document."""
        tags = layers(doc)["neural"].pop("tags")
        if self._rows is None or self._rows.vocab is not doc.vocab:
            self._rows = _Rows(doc.vocab, self.dictionary)
        tokens = columns(doc)
        is_word = ~np.array(tokens.is_space, dtype=np.bool_)
        words = compress(tokens.words, is_word)
        found = chain.from_iterable(map(self._rows.__getitem__, zip(words, tags, strict=True)))
        rows = np.zeros((len(doc), 3), dtype=np.uint64)
        rows[:, 0], rows[:, 2] = doc.vocab.strings.add("SPACE"), doc.to_array(ORTH)
        rows[is_word] = np.fromiter(found, np.uint64, 3 * len(tags)).reshape(-1, 3)
        doc.from_array([POS, MORPH, LEMMA], cast(Any, rows))
        return doc
