"""Part of speech, features and lemma of each token: slovnet's tags, and pymorphy's lemma in agreement with them."""

import re
from functools import lru_cache
from itertools import compress

import numpy as np
from spacy.tokens import Doc

from svodka.document import layers
from svodka.memo import Memo
from svodka.stages.columns import columns, write
from svodka.stages.pymorphy import Backend, Dictionary, get_dictionary
from svodka.stages.tokenize import clean

# Punctuation and symbols are their own lemmas.
_NO_LEMMA = frozenset(("PUNCT", "SYM", "SPACE"))
_RUSSIAN = re.compile("[а-яё]")
_REMEMBERED = 40_000


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


class _Lemmas(Memo[tuple[str, str], str]):
    """Lemma by word form, lower case, and tag."""

    def __init__(self, dictionary: Dictionary) -> None:
        super().__init__(_REMEMBERED)
        self._dictionary = dictionary

    def work_out(self, key: tuple[str, str]) -> str:
        """The lemma of a form and tag not seen yet."""
        word, tag = key
        return lemmatize(word, *split_tag(tag), self._dictionary)


class MorphologyStage:
    """Component that writes ``token.pos``, ``token.morph`` and ``token.lemma``.

    Args:
        backend: pymorphy3 or pymorphy2.
    """

    def __init__(self, backend: Backend = "pymorphy3") -> None:
        self.dictionary = get_dictionary(backend)
        self._lemmas = _Lemmas(self.dictionary)

    def __call__(self, doc: Doc) -> Doc:
        """Write the layer on one document."""
        tags = layers(doc)["neural"].pop("tags")
        tokens = columns(doc)
        is_word = tokens.is_word
        lowers = tokens.lowers if is_word.all() else compress(tokens.lowers, is_word)
        lemmas = list(map(self._lemmas.__getitem__, zip(lowers, tags, strict=True)))
        said = {tag: split_tag(tag) for tag in set(tags)}
        pos, feats = map(list, zip(*map(said.__getitem__, tags), strict=True)) if tags else ([], [])
        for index in np.flatnonzero(~is_word).tolist():
            pos.insert(index, "SPACE")
            feats.insert(index, "")
            lemmas.insert(index, tokens.words[index])
        write(doc, pos=pos, feats=feats, lemmas=lemmas)
        return doc
