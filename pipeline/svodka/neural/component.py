"""The component that runs the models over a batch of Docs, in one pass, for the stages that come after it."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from spacy.tokens import Doc

from svodka._compat import one_blas_thread
from svodka.document import layers
from svodka.neural.layout import Layout, WordCodes, embedding_rows
from svodka.neural.models import Head, Kernels, NeuralModels
from svodka.neural.weights import Ids, load_embedding
from svodka.stages.casing import cased
from svodka.stages.columns import columns
from svodka.stages.tokenize import clean


class NeuralStage:
    """Component that runs the heads the later stages read, and leaves their results in ``doc._.svodka["neural"]``.

    They have one item a word, that is a token that is no white space: ``tags`` (UD tags as text), ``heads`` and
    ``argmax_heads`` (the head's number among the words of the document, -1 for a root), ``relations``, ``entities``
    (BIO tags).

    Args:
        heads: Any of morphology, syntax, entities.
        kernels: See `svodka.neural.models.get_kernels`.

    Raises:
        ConfigError: The weights or the kernels asked for are not there.
    """

    def __init__(self, heads: Sequence[Head], kernels: Kernels = "auto") -> None:
        with one_blas_thread():
            self.models = NeuralModels(heads, kernels=kernels)
        self._codes = WordCodes(load_embedding())

    def __call__(self, doc: Doc) -> Doc:
        """Run over one document."""
        self._run([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int) -> Iterator[Doc]:
        """Run over a stream, `batch_size` documents at a time."""
        docs = iter(stream)
        while batch := list(itertools.islice(docs, batch_size)):
            self._run(batch)
            yield from batch

    def _run(self, docs: Sequence[Doc]) -> None:
        with one_blas_thread():
            self._run_heads(docs)

    def _run_heads(self, docs: Sequence[Doc]) -> None:
        codes, lengths = zip(*map(self._words, docs), strict=True)
        all_codes = np.concatenate(codes)
        self.models.prepare(embedding_rows(all_codes))
        sizes = np.array([len(words) for words in codes], dtype=np.int64)
        found: dict[str, list[Any]] = {}
        if not {"morphology", "syntax"}.isdisjoint(self.models.heads):
            by_sentence = Layout.of(all_codes, np.concatenate(lengths))
            if "morphology" in self.models.heads:
                found["tags"] = _labelled(*self.models.tag_morphology(by_sentence))
            if "syntax" in self.models.heads:
                trees = self.models.parse_syntax(by_sentence)
                found["heads"] = _in_document(trees.heads, by_sentence.lengths, sizes)
                found["argmax_heads"] = _in_document(trees.argmax_heads, by_sentence.lengths, sizes)
                found["relations"] = _labelled(trees.relations, trees.labels)
        if "entities" in self.models.heads:
            found["entities"] = _labelled(*self.models.tag_entities(Layout.of(all_codes, sizes)))
        stop = 0
        for doc, size in zip(docs, sizes.tolist(), strict=True):
            start, stop = stop, stop + size
            layers(doc)["neural"] = {name: values[start:stop] for name, values in found.items()}

    def _words(self, doc: Doc) -> tuple[Ids, Ids]:
        """Codes of the words of a document, and how many of them each of its sentences has, none empty."""
        tokens = columns(doc)
        words = tokens.words if clean(tokens.text) is tokens.text else list(map(clean, tokens.words))
        lengths = np.bincount(np.array(tokens.sentence_of, dtype=np.int64)[tokens.is_word])
        return self._codes.of(cased(words, tokens))[tokens.is_word], lengths[lengths > 0]


def _labelled(ids: Ids, labels: Sequence[str]) -> list[str]:
    return list(map(labels.__getitem__, ids.tolist()))


def _in_document(heads: Ids, lengths: Ids, sizes: Ids) -> list[int]:
    """Heads counted from 1 within their sentence (0 for a root) → from 0 within their document (-1 for a root).

    Args:
        heads: One a word.
        lengths: Words of each sentence.
        sizes: Words of each document.
    """
    sentence_starts = np.cumsum(lengths) - lengths
    document_starts = np.cumsum(sizes) - sizes
    first = np.repeat(sentence_starts, lengths) - np.repeat(document_starts, sizes)
    numbers: list[int] = np.where(heads == 0, -1, first + heads - 1).tolist()
    return numbers
