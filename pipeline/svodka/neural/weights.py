"""The weights: three slovnet models and the navec embedding they share, read from natasha's wheel.

Nothing is downloaded and natasha itself is not imported (it would load yargy and both dictionaries); only its data
files are read, through slovnet's and navec's own readers. What is constant between two non-linear steps is multiplied
out here: batch normalisation goes into the next layer, the shapes' part of the first layer becomes a table.
"""

import hashlib
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.strings import hash_string  # type: ignore[attr-defined]

from svodka._compat import package_path
from svodka.errors import ConfigError

Array = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

WEIGHT_FILES = {
    "embedding": "data/emb/navec_news_v1_1B_250K_300d_100q.tar",
    "morphology": "data/model/slovnet_morph_news_v1.tar",
    "syntax": "data/model/slovnet_syntax_news_v1.tar",
    "entities": "data/model/slovnet_ner_news_v1.tar",
}
# SHA-256 of the files that this code was measured with; models/manifest.json tells where they come from.
KNOWN_WEIGHTS = {
    "embedding": "f07270833d78523edc5781538d67038e95b43975e4a7ae757c693b687f9cbfca",
    "morphology": "54812762a641c742dbfa9c950c4b53bbb469301983077ed01b9f074643d540d3",
    "syntax": "0759ce82eaac4430f5b4ac27b2444aa6e4b6501ca38c2f45d62467265383d85e",
    "entities": "16c3343a6572ddf0e2b2fc1923113de15a7f5ca5bde90e780dd590418665603e",
}


@dataclass(frozen=True, slots=True)
class Convolution:
    """A convolution of width 3 over rows that are not negative, before its ReLU.

    Attributes:
        kernel: (inputs, 3 * filters): what an input adds to the row before, to its own and to the row after it, side by
            side.
        constant: (3 * filters,): what any word adds there, whatever its inputs; a gap adds nothing.
        bias: (filters,).
    """

    kernel: Array
    constant: Array
    bias: Array


@dataclass(frozen=True, slots=True)
class Model:
    """One slovnet model; row 0 of its tables is the gap between two sequences and is zero.

    Attributes:
        word_kernel: (300, 3 * filters): the first layer over the embedding of a word, as in `Convolution`, but for the
            tap first: what a word gives to the row after it, to its own and to the row before it.
        shape_table: ((shapes + 1) * 3, filters): the first layer over the embedding of a word's shape, taps as there;
            the bias is in it.
        layers: The second and the third layer.
        scale: (filters,) of the last layer's normalisation.
        shift: (filters,) of the last layer's normalisation.
        labels: Output labels: tags, relations or BIO tags.
        head: The slovnet record of the output layers.
        rel: The slovnet record of the relation layers, syntax only.
    """

    word_kernel: Array
    shape_table: Array
    layers: tuple[Convolution, Convolution]
    scale: Array
    shift: Array
    labels: tuple[str, ...]
    head: Any
    rel: Any


@dataclass(frozen=True, slots=True)
class Embedding:
    """The quantised navec embedding: a row of `indexes` picks one of 256 centroids for each slice of the vector.

    Attributes:
        indexes: (words, slices) uint8.
        codes: (slices, centroids, slice width).
        hashes: (words,) hash of each word form, lower case, in ascending order.
        rows: (words,) its row.
        shape_ids: Row of each word shape.
        unknown: Row of the words that are not among these.
        by_frequency: (words,) rows in descending order of the words' frequency in the news that navec was trained on.
    """

    indexes: npt.NDArray[np.uint8]
    codes: Array
    hashes: "array[int]"
    rows: npt.NDArray[np.int32]
    shape_ids: dict[str, int]
    unknown: int
    by_frequency: Ids

    def row_of(self, word: str) -> int:
        """The row of a word form, lower case.

        Words are told by spaCy's 64-bit hash, which needs a fifth of the memory that a dict of them needs.
        """
        hash_ = hash_string(word)
        place = bisect_left(self.hashes, hash_)
        known = place < len(self.hashes) and self.hashes[place] == hash_
        return int(self.rows[place]) if known else self.unknown

    def vectors(self, words: Ids) -> Array:
        """(words, 300): the vectors of these rows."""
        n_slices, n_centroids, width = self.codes.shape
        places = self.indexes[words] + n_centroids * np.arange(n_slices)
        # `mode` other than raise lets numpy copy whole pieces
        vectors: Array = self.codes.reshape(-1, width).take(places, axis=0, mode="clip").reshape(len(words), -1)
        return vectors


def weight_files() -> dict[str, Path]:
    """Path of each weight file inside the installed natasha package."""
    folder = package_path("natasha")
    return {name: folder / file for name, file in WEIGHT_FILES.items()}


def check_weights(names: tuple[str, ...] = tuple(KNOWN_WEIGHTS)) -> None:
    """Refuse weights other than those known: the same code on others would give tables of unknown quality.

    Raises:
        ConfigError: A file is missing or has another SHA-256; the message names it and the way out.
    """
    for name, path in weight_files().items():
        if name not in names:
            continue
        way_out = "install the version that requirements.lock names: pip install natasha==1.6.0"
        if not path.is_file():
            raise ConfigError(f"{path}: the {name} weights are missing; {way_out}")
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != KNOWN_WEIGHTS[name]:
            raise ConfigError(f"{path}: the {name} weights are not those svodka knows (SHA-256 {found}); {way_out}")


@cache
def load_model(name: str) -> Model:
    """The model of this name (morphology, syntax or entities)."""
    from slovnet.exec.model import NER, Morph, Syntax
    from slovnet.exec.pack import Pack

    kind = {"morphology": Morph, "syntax": Syntax, "entities": NER}[name]
    with Pack(str(weight_files()[name])) as pack:
        record = pack.load_model(kind)
        record = record.inject_arrays(dict(pack.load_arrays(record.weights)))
        labels = tuple(pack.load_vocab("rel" if name == "syntax" else "tag").items)
    shapes = record.emb.shape.weight.array
    first, second, third = record.encoder.layers
    taps = first.conv.weight.array.transpose(2, 1, 0)  # previous, this, next row x inputs x filters
    n_inputs = taps.shape[1]
    from_shapes = np.zeros((len(shapes) + 1, 3, taps.shape[2]), dtype=np.float32)
    from_shapes[1:] = np.einsum("si,tif->stf", shapes, taps[:, n_inputs - shapes.shape[1] :])
    from_shapes[1:, 1] += first.conv.bias.array
    scale, shift = _normalisation(third)
    return Model(
        word_kernel=_side_by_side(taps[:, : n_inputs - shapes.shape[1]]),
        shape_table=aligned(from_shapes.reshape(-1, taps.shape[2])),
        layers=(_convolution(first, second), _convolution(second, third)),
        scale=scale,
        shift=shift,
        labels=labels,
        head=record.head,
        rel=getattr(record, "rel", None),
    )


def _convolution(before: Any, layer: Any) -> Convolution:  # noqa: ANN401
    """A layer with the normalisation of the one before it multiplied in."""
    scale, shift = _normalisation(before)
    taps = layer.conv.weight.array.transpose(2, 1, 0)[::-1]  # a row is the next of the row before it
    kernel = _side_by_side(taps)
    return Convolution(
        kernel=aligned(kernel * scale[:, None]),
        constant=shift @ kernel,
        bias=layer.conv.bias.array.astype(np.float32),
    )


def _side_by_side(taps: Array) -> Array:
    """(3, inputs, filters) → (inputs, 3 * filters)."""
    return aligned(taps.transpose(1, 0, 2).reshape(taps.shape[1], -1))


def aligned(values: Array) -> Array:
    """A contiguous copy that begins where a cache line does: a vector across two lines takes twice as long."""
    memory = np.empty(values.size + 16, dtype=np.float32)
    skipped = -memory.ctypes.data % 64 // 4
    copy = memory[skipped : skipped + values.size].reshape(values.shape)
    copy[...] = values
    return copy


def _normalisation(layer: Any) -> tuple[Array, Array]:  # noqa: ANN401
    """Scale and shift that a layer's batch normalisation comes to."""
    norm = layer.norm
    scale = (norm.weight.array / norm.std.array).astype(np.float32)
    return scale, (norm.bias.array - norm.mean.array * scale).astype(np.float32)


@lru_cache(maxsize=1)
def load_embedding() -> Embedding:
    """The embedding that the three models share; their vocabularies are one and the same."""
    from gzip import GzipFile

    from navec.navec import PQ_, VOCAB
    from navec.tar import Tar
    from slovnet.exec.pack import Pack

    files = weight_files()
    # navec's own reader goes on to multiply out the centroids with each other, which takes longer than the rest
    with Tar(str(files["embedding"])) as tar:
        file = tar.load(PQ_)
        n_words, width, n_slices, n_centroids = np.frombuffer(file.read(16), dtype=np.uint32).tolist()
        indexes = np.frombuffer(file.read(n_words * n_slices), dtype=np.uint8)
        codes = np.frombuffer(file.read(n_centroids * width * 4), dtype=np.float32)
        with GzipFile(fileobj=tar.load(VOCAB)) as vocabulary:
            n_counts = int.from_bytes(vocabulary.read(4), "little")
            counts = np.frombuffer(vocabulary.read(4 * n_counts), dtype=np.uint32).astype(np.int64)
    with Pack(str(files["morphology"])) as pack:
        words, shapes = pack.load_vocab("word"), pack.load_vocab("shape")
    hashes = np.fromiter(map(hash_string, words.items), dtype=np.uint64, count=len(words))
    order = np.argsort(hashes)
    counts[words.unk_id] = counts.sum()  # not counted there, and more frequent than any word
    return Embedding(
        indexes=indexes.reshape(n_words, n_slices),
        codes=codes.reshape(n_slices, n_centroids, -1),
        hashes=array("Q", hashes[order].tobytes()),
        rows=order.astype(np.int32),
        shape_ids=shapes.item_ids,
        unknown=words.unk_id,
        by_frequency=np.argsort(-counts, kind="stable"),
    )
