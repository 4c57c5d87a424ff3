"""Sequences of words laid out as rows, one after another with a gap between them.

So no batch is padded: a convolution of width 3 sees the zeros of a gap where slovnet's padding would stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from slovnet.shape import word_shape

from svodka.memo import Memo
from svodka.neural.weights import Embedding, Ids, Mask, load_embedding

# Gaps before the first and after the last sequence: three layers of width 3 see so far.
MARGIN = 3
_REMEMBERED = 40_000


class WordCodes(Memo[str, int]):
    """Word → its row of the embedding and its shape, in one number; the shape counts from 1, for 0 is the gap."""

    def __init__(self, embedding: Embedding) -> None:
        super().__init__(_REMEMBERED)
        self._embedding = embedding

    def work_out(self, key: str) -> int:
        """The code of a word not seen yet."""
        row = self._embedding.row_of(key.lower())
        return row << 8 | (self._embedding.shape_ids[word_shape(key)] + 1)

    def of(self, words: Sequence[str]) -> Ids:
        """The codes of words."""
        return np.fromiter(map(self.__getitem__, words), dtype=np.int64, count=len(words))


def embedding_rows(codes: Ids) -> Ids:
    """The row of the embedding in each code."""
    return codes >> 8


@dataclass(frozen=True, slots=True)
class Layout:
    """Rows of words and gaps.

    Attributes:
        words: (rows,) row of the embedding; -1 in the gaps.
        shapes: (rows,) word shape counted from 1; 0 in the gaps.
        starts: First row of each sequence.
        lengths: Words of each sequence.
    """

    words: Ids
    shapes: Ids
    starts: Ids
    lengths: Ids

    @classmethod
    def of(cls, codes: Ids, lengths: Ids) -> "Layout":
        """Lay out the sequences of these lengths that stand one after another in `codes`."""
        starts = MARGIN + np.arange(len(lengths)) + np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))[:-1]
        rows = np.full(len(codes) + len(lengths) + 2 * MARGIN, -1 << 8, dtype=np.int64)
        layout = cls(rows, rows, starts, lengths)
        rows[layout.word_rows()] = codes
        return cls(embedding_rows(rows), rows & 255, starts, lengths)

    @classmethod
    def of_words(cls, sequences: Sequence[Sequence[str]]) -> "Layout":
        """Lay out sequences of words."""
        codes = WordCodes(load_embedding()).of([word for sequence in sequences for word in sequence])
        return cls.of(codes, np.array([len(sequence) for sequence in sequences], dtype=np.int64))

    @property
    def is_word(self) -> Mask:
        """(rows,) False in the gaps."""
        return self.words >= 0

    def word_rows(self) -> Ids:
        """Row of each word."""
        n_words = int(self.lengths.sum())
        return MARGIN + np.arange(n_words) + np.repeat(np.arange(len(self.lengths)), self.lengths)
