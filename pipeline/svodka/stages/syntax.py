"""Heads and relations of each token, one tree a sentence."""

from typing import Any, cast

import numpy as np
from spacy.attrs import DEP, HEAD
from spacy.tokens import Doc

from svodka.document import layers
from svodka.stages.columns import columns


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
        ids = {relation: doc.vocab.strings.add(relation) for relation in set(found["relations"])}
        rows = np.zeros((len(doc), 2), dtype=np.uint64)
        offsets = rows[:, 0].view(np.int64)
        offsets[words] = np.where(heads < 0, 0, words[heads] - words)
        rows[words, 1] = list(map(ids.__getitem__, found.pop("relations")))
        for index in np.flatnonzero(~tokens.is_word).tolist():
            offsets[index] = _support(words, index, tokens.sentences[tokens.sentence_of[index]]) - index
        best = np.full(len(doc), -1, dtype=np.int64)
        best[words] = np.where(argmax_heads < 0, -1, words[argmax_heads])
        layers(doc)["argmax_heads"] = best.tolist()
        doc.from_array([HEAD, DEP], cast(Any, rows))
        return doc


def _support(words: np.ndarray[Any, np.dtype[np.int64]], index: int, sentence: tuple[int, int]) -> int:
    """The word that white space hangs on: the one before it in its sentence, else the first one, else itself."""
    place = int(np.searchsorted(words, index))
    if place and words[place - 1] >= sentence[0]:
        return int(words[place - 1])
    return int(words[place]) if place < len(words) and words[place] < sentence[1] else index
