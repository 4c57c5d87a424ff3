"""Part of speech, features and lemma of each token: slovnet's tags, and pymorphy's lemma in agreement with them."""

from functools import lru_cache
from typing import Any, cast

import numpy as np
from spacy.attrs import LEMMA, MORPH, POS
from spacy.tokens import Doc

from svodka.document import layers
from svodka.stages.pymorphy import Backend, Dictionary, get_dictionary
from svodka.stages.tokenize import clean

# Punctuation and symbols are their own lemmas.
_NO_LEMMA = frozenset(("PUNCT", "SYM", "SPACE"))


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
    word = clean(word)
    if pos in _NO_LEMMA or not any("а" <= letter <= "я" or letter == "ё" for letter in word.lower()):
        return word.lower()
    return dictionary.lemma(word, pos, feats)


class MorphologyStage:
    """Component that writes ``token.pos``, ``token.morph`` and ``token.lemma``.

    Args:
        backend: pymorphy3 or pymorphy2.
    """

    def __init__(self, backend: Backend = "pymorphy3") -> None:
        self.dictionary = get_dictionary(backend)

    def __call__(self, doc: Doc) -> Doc:
        """Write the layer on one document."""
        tags = iter(layers(doc)["neural"].pop("tags"))
        strings, morphology = doc.vocab.strings, doc.vocab.morphology
        rows = np.zeros((len(doc), 3), dtype=np.uint64)
        space = strings.add("SPACE")
        for token in doc:
            if token.is_space:
                rows[token.i] = space, 0, strings.add(token.text)
                continue
            pos, feats = split_tag(next(tags))
            lemma = lemmatize(token.text, pos, feats, self.dictionary)
            rows[token.i] = strings.add(pos), morphology.add(feats), strings.add(lemma)
        doc.from_array([POS, MORPH, LEMMA], cast(Any, rows))
        return doc
