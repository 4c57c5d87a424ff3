"""Words to vectors: the embedding and the convolutions, over many sequences at once.

Sequences are laid one after another with a row of zeros between them, so that no batch is padded: a convolution of
width 3 sees a zero row where slovnet's padding would stand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from slovnet.shape import word_shape

from svodka.neural.weights import Array, Embedding, Ids, Model, load_embedding

# Rows that go through a layer at a time: bounds the memory of one very long document.
BLOCK_ROWS = 4096


@lru_cache(maxsize=200_000)
def _word_and_shape(word: str) -> tuple[int, int]:
    embedding = load_embedding()
    return embedding.word_ids.get(word.lower(), embedding.unknown), embedding.shape_ids[word_shape(word)]


@dataclass(frozen=True, slots=True)
class Layout:
    """Sequences of words laid out as rows.

    Attributes:
        words: (rows,) row of the embedding; 0 in the gaps.
        shapes: (rows,) row of the embedding of shapes; 0 in the gaps.
        is_word: (rows,) False in the gaps.
        starts: First row of each sequence.
        lengths: Words of each sequence.
    """

    words: Ids
    shapes: Ids
    is_word: np.ndarray[tuple[int], np.dtype[np.bool_]]
    starts: Ids
    lengths: Ids

    @classmethod
    def of(cls, sequences: Iterable[Sequence[str]]) -> "Layout":
        """Lay out sequences of words with one gap row before, between and after them."""
        pairs: list[tuple[int, int]] = [(0, 0)]
        starts, lengths = [], []
        for sequence in sequences:
            starts.append(len(pairs))
            lengths.append(len(sequence))
            pairs += map(_word_and_shape, sequence)
            pairs.append((0, 0))
        starts_, lengths_ = np.array(starts, dtype=np.int64), np.array(lengths, dtype=np.int64)
        is_word = np.ones(len(pairs), dtype=np.bool_)
        is_word[0] = False
        is_word[starts_ + lengths_] = False
        words, shapes = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        return cls(words, shapes, is_word, starts_, lengths_)


def _embed(embedding: Embedding, model: Model, layout: Layout, rows: slice) -> Array:
    slices = np.arange(len(embedding.codes))
    words = embedding.codes[slices, embedding.indexes[layout.words[rows]]]
    vectors = np.concatenate((words.reshape(len(words), -1), model.shapes[layout.shapes[rows]]), axis=1)
    vectors[~layout.is_word[rows]] = 0
    return vectors


def encode(model: Model, layout: Layout) -> Array:
    """The hidden vector of each row, (rows, width of the last layer); zeros in the gaps.

    A layer goes over the rows in blocks that overlap by the two rows that its edges need.
    """
    embedding = load_embedding()
    n_rows = len(layout.words)
    hidden: Array | None = None
    for layer in model.layers:
        width = len(layer.bias)
        output = np.zeros((n_rows, width), dtype=np.float32)
        # the first and the last row are gaps and stay zero
        for first in range(0, n_rows - 2, BLOCK_ROWS - 2):
            rows = slice(first, min(first + BLOCK_ROWS, n_rows))
            inputs = _embed(embedding, model, layout, rows) if hidden is None else hidden[rows]
            product = inputs @ layer.kernel
            block = product[:-2, :width] + product[1:-1, width : 2 * width] + product[2:, 2 * width :] + layer.bias
            np.maximum(block, 0, out=block)
            output[rows.start + 1 : rows.stop - 1] = block * layer.scale + layer.shift
        output[~layout.is_word] = 0
        hidden = output
    assert hidden is not None
    return hidden
