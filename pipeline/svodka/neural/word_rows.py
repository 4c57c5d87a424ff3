"""The first layer's products of word forms: computed once a form, kept while it is in use.

The first convolution is linear in the embedding, so what a word form adds to its neighbours' rows and to its own is a
constant. Frequent forms are prepared once for this machine in a file that all processes map and share; the others are
computed when they are met, and the least recently used give way.
"""

import hashlib
import logging
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import platformdirs

from svodka._compat import blas_name
from svodka.neural.weights import KNOWN_WEIGHTS, Array, Embedding, Ids, Model

logger = logging.getLogger(__name__)

# Forms that are prepared: 9 KB each for three models, 221 MB that processes share. Of the tokens of news that a process
# has not seen, 8 in 100 are other forms.
N_FREQUENT = 24_000
# Other forms that are kept: 14 MB a process. Twice as many would spare one computation in fifty.
CAPACITY = 1_500
# Forms are computed so many at a time: BLAS sums in one order only in full blocks, and a row must not depend on what
# else was missing.
_BLOCK = 128
_FILE_VERSION = 3


class WordRows:
    """Rows of the first layer for several models at once.

    Slot 0 is the gap, zeros; then the frequent forms; then those computed when they are met.

    Attributes:
        tables: One a model, (slots * 3, filters): what the word in a slot adds to the row after it, to its own and to
            the row before it.
    """

    def __init__(
        self, models: Sequence[Model], embedding: Embedding, *, frequent: Ids, capacity: int = CAPACITY
    ) -> None:
        """Map the frequent forms, and make room for others.

        Args:
            models: The models whose first layer is wanted.
            embedding: The embedding they share.
            frequent: Rows of the embedding to prepare; may be empty.
            capacity: Other forms kept at a time; at least the rows that are asked for at once.
        """
        self._embedding = embedding
        self._n_models = len(models)
        self._kernel = np.concatenate([model.word_kernel for model in models], axis=1)
        self._slot_of = np.full(len(embedding.indexes) + 1, -1, dtype=np.int32)  # the last one is for the gap, -1
        self._slot_of[-1] = 0
        self._first = 1 + len(frequent)
        self._slot_of[frequent] = np.arange(1, self._first)
        self._word_in = np.full(capacity, -1, dtype=np.int64)
        self._used = np.zeros(capacity, dtype=np.int64)
        self._clock = 0
        n_filters = self._kernel.shape[1] // (3 * len(models))
        shape = (len(models), (self._first + capacity) * 3, n_filters)
        tables = _map_frequent(shape, frequent, self._kernel, self._compute)
        self.tables: list[Array] = [np.asarray(tables[index]) for index in range(len(models))]

    def prepare(self, words: Ids) -> None:
        """Compute the forms that are missing all at once, which is faster than a few in each call of `slots`.

        Args:
            words: Any; what goes beyond the capacity is left for later.
        """
        missing = self._missing(words)
        self._add(missing[: len(self._used)])

    def slots(self, words: Ids) -> Ids:
        """The slot of each word (a row of the embedding, -1 for a gap).

        Slots hold until the next call.

        Args:
            words: At most as many different ones as the capacity.
        """
        self._add(self._missing(words))
        return self._slot_of[words].astype(np.int64)

    def _missing(self, words: Ids) -> Ids:
        """Those that have no slot; the others count as used just now."""
        slots = self._slot_of[words]
        self._clock += 1
        self._used[slots[slots >= self._first] - self._first] = self._clock
        return np.unique(words[slots < 0])

    def _add(self, words: Ids) -> None:
        if not len(words):
            return
        places = np.argpartition(self._used, len(words) - 1)[: len(words)]
        gone = self._word_in[places]
        self._slot_of[gone[gone >= 0]] = -1
        self._word_in[places] = words
        self._used[places] = self._clock
        slots = self._first + places
        self._slot_of[words] = slots
        for table, rows in zip(self.tables, self._compute(words), strict=True):
            table.reshape(-1, 3, table.shape[1])[slots] = rows

    def _compute(self, words: Ids) -> Array:
        """(models, words, 3, filters)."""
        padded = np.zeros(-(-len(words) // _BLOCK) * _BLOCK, dtype=np.int64)
        padded[: len(words)] = words
        vectors = self._embedding.vectors(padded)
        rows = np.empty((len(padded), self._kernel.shape[1]), dtype=np.float32)
        for start in range(0, len(padded), _BLOCK):
            block = slice(start, start + _BLOCK)
            np.matmul(vectors[block], self._kernel, out=rows[block])
        return rows[: len(words)].reshape(len(words), self._n_models, 3, -1).swapaxes(0, 1)


def cache_folder() -> Path:
    """The user's folder for what svodka prepares once; it may be deleted at any time."""
    return Path(platformdirs.user_cache_dir("svodka", appauthor=False))


def _map_frequent(
    shape: tuple[int, int, int], frequent: Ids, kernel: Array, compute: Callable[[Ids], Array]
) -> np.ndarray[tuple[int, int, int], np.dtype[np.float32]]:
    """Tables with the rows of the frequent forms in place and zeros elsewhere.

    They are a private mapping of a file: what is read stays shared with other processes, what is written is this
    process's own. The file has only the frequent rows on disk, the rest of it is a hole.
    """
    # any two models have tables of one shape; another BLAS sums in another order
    description = (
        f"{_FILE_VERSION} {shape} {KNOWN_WEIGHTS} {blas_name()}".encode() + kernel[0].tobytes() + frequent.tobytes()
    )
    path = cache_folder() / f"word-rows-{hashlib.sha256(description).hexdigest()[:16]}.f32"
    size = 4 * shape[0] * shape[1] * shape[2]
    try:
        if not path.is_file() or path.stat().st_size != size:
            _write(path, shape, frequent, compute)
        return np.memmap(path, dtype=np.float32, mode="c", shape=shape)
    except OSError as error:
        logger.info("%s cannot be written or read (%s): the frequent forms are prepared in memory", path, error)
        tables = np.zeros(shape, dtype=np.float32)
        _fill(tables, frequent, compute)
        return tables


def _write(path: Path, shape: tuple[int, int, int], frequent: Ids, compute: Callable[[Ids], Array]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".partial", delete=False) as file:
        partial = Path(file.name)
    try:
        tables = np.memmap(partial, dtype=np.float32, mode="w+", shape=shape)
        _fill(tables, frequent, compute)
        tables.flush()
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _fill(
    tables: np.ndarray[tuple[int, int, int], np.dtype[np.float32]],
    frequent: Ids,
    compute: Callable[[Ids], Array],
) -> None:
    for at in range(0, len(frequent), 1024):
        words = frequent[at : at + 1024]
        for table, rows in zip(tables, compute(words), strict=True):
            table[3 * (1 + at) : 3 * (1 + at + len(words))] = rows.reshape(-1, table.shape[1])
