"""Heads and relations of each token, one tree a sentence."""

from typing import Any

import numpy as np
from spacy.attrs import HEAD
from spacy.tokens import Doc

from svodka.document import layers
from svodka.stages.columns import columns, write


class SyntaxStage:
    """Component that writes ``token.head`` and ``token.dep``.

    ``doc._.svodka["argmax_heads"]`` keeps the head that the model scored best for each token (index into the Doc, -1
    for the root and for white space): where it differs from the tree's, the arc was repaired.
    """

    def __call__(self, doc: Doc) -> Doc:
        """Write the layer on one document."""
        found = layers(doc)["neural"]
        tokens = columns(doc)
        words = np.flatnonzero(tokens.is_word)
        heads, argmax_heads = (np.array(found.pop(name), dtype=np.int64) for name in ("heads", "argmax_heads"))
        relations = found.pop("relations")
        places = np.arange(len(tokens))
        absolute, best = places.copy(), np.full(len(tokens), -1)
        absolute[words] = np.where(heads < 0, words, words[heads])
        best[words] = np.where(argmax_heads < 0, -1, words[argmax_heads])
        related = absolute.tolist()
        for index in np.flatnonzero(~tokens.is_word).tolist():
            absolute[index] = support(words, index, tokens.sentences[tokens.sentence_of[index]])
            relations.insert(index, "")
        layers(doc)["argmax_heads"] = best.tolist()
        write(doc, {HEAD: (absolute - places).view(np.uint64)}, heads=related, deps=relations)
        return doc


def support(words: np.ndarray[Any, np.dtype[np.int64]], index: int, sentence: tuple[int, int]) -> int:
    """The word that white space hangs on: the one before it in its sentence, else the first one, else itself."""
    place = int(np.searchsorted(words, index))
    if place and words[place - 1] >= sentence[0]:
        return int(words[place - 1])
    return int(words[place]) if place < len(words) and words[place] < sentence[1] else index
