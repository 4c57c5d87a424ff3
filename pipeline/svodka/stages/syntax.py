"""Heads and relations of each token, one tree a sentence."""

from typing import Any, cast

import numpy as np
from spacy.attrs import DEP, HEAD
from spacy.tokens import Doc

from svodka.document import layers


class SyntaxStage:
    """Component that writes ``token.head`` and ``token.dep``.

    ``doc._.svodka["argmax_heads"]`` keeps the head that the model scored best for each token (index into the Doc, -1
    for the root and for white space): where it differs from the tree's, the arc was repaired.
    """

    def __call__(self, doc: Doc) -> Doc:
        """Write the layer on one document."""
        trees = iter(layers(doc)["neural"].pop("trees"))
        offsets = np.zeros(len(doc), dtype=np.int64)
        relations = np.zeros(len(doc), dtype=np.uint64)
        argmax_heads = [-1] * len(doc)
        for sentence in doc.sents:
            words = [token.i for token in sentence if not token.is_space]
            if not words:
                continue
            tree = next(trees)
            for word, head, relation, argmax in zip(words, *tree, strict=True):
                offsets[word] = words[head - 1] - word if head else 0
                relations[word] = doc.vocab.strings.add(relation)
                argmax_heads[word] = words[argmax - 1] if argmax else -1
            # white space hangs on the word before it, or on the first one of the sentence
            before = words[0]
            for index in range(sentence.start, sentence.end):
                if doc[index].is_space:
                    offsets[index] = before - index
                else:
                    before = index
        layers(doc)["argmax_heads"] = argmax_heads
        rows = np.stack((offsets.astype(np.uint64), relations), axis=1)
        doc.from_array([HEAD, DEP], cast(Any, rows))
        return doc
