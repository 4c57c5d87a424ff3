"""The weights: three slovnet models and the navec embedding they share, read from natasha's wheel.

Nothing is downloaded and natasha itself is not imported (it would load yargy and both dictionaries); only its data
files are read, through slovnet's and navec's own readers.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from svodka._compat import package_path

Array = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

EMBEDDING_FILE = "data/emb/navec_news_v1_1B_250K_300d_100q.tar"
MODEL_FILES = {
    "morphology": "data/model/slovnet_morph_news_v1.tar",
    "syntax": "data/model/slovnet_syntax_news_v1.tar",
    "entities": "data/model/slovnet_ner_news_v1.tar",
}


@dataclass(frozen=True, slots=True)
class Convolution:
    """A convolution of width 3, then ReLU, then batch normalisation folded into a scale and a shift.

    Attributes:
        kernel: (inputs, 3 * filters): the products with the previous, this and the next row, side by side.
        bias: (filters,).
        scale: (filters,).
        shift: (filters,).
    """

    kernel: Array
    bias: Array
    scale: Array
    shift: Array


@dataclass(frozen=True, slots=True)
class Model:
    """One slovnet model without its embedding of words.

    Attributes:
        shapes: (shapes, 30), the embedding of word shapes.
        layers: The convolutions.
        labels: Output labels: tags, relations or BIO tags.
        head: The slovnet record of the output layers.
        rel: The slovnet record of the relation layers, syntax only.
    """

    shapes: Array
    layers: tuple[Convolution, ...]
    labels: tuple[str, ...]
    head: Any
    rel: Any


@dataclass(frozen=True, slots=True)
class Embedding:
    """The quantised navec embedding: a row of `indexes` picks one of 256 centroids for each slice of the vector.

    Attributes:
        indexes: (words, slices) uint8.
        codes: (slices, centroids, slice width).
        word_ids: Row of each word form, lower case.
        shape_ids: Row of each word shape.
        unknown: Row of words that are not in `word_ids`.
    """

    indexes: npt.NDArray[np.uint8]
    codes: Array
    word_ids: dict[str, int]
    shape_ids: dict[str, int]
    unknown: int


def weight_files() -> dict[str, Path]:
    """Path of each weight file inside the installed natasha package."""
    folder = package_path("natasha")
    return {"embedding": folder / EMBEDDING_FILE} | {name: folder / file for name, file in MODEL_FILES.items()}


def _convolution(layer: Any) -> Convolution:  # noqa: ANN401
    weight = layer.conv.weight.array  # filters x inputs x 3
    norm = layer.norm
    scale = norm.weight.array / norm.std.array
    return Convolution(
        kernel=np.ascontiguousarray(weight.transpose(1, 2, 0).reshape(weight.shape[1], -1), dtype=np.float32),
        bias=layer.conv.bias.array.astype(np.float32),
        scale=scale.astype(np.float32),
        shift=(norm.bias.array - norm.mean.array * scale).astype(np.float32),
    )


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
    return Model(
        shapes=record.emb.shape.weight.array,
        layers=tuple(_convolution(layer) for layer in record.encoder.layers),
        labels=labels,
        head=record.head,
        rel=getattr(record, "rel", None),
    )


@lru_cache(maxsize=1)
def load_embedding() -> Embedding:
    """The embedding that the three models share; their vocabularies are one and the same."""
    from navec import Navec
    from slovnet.exec.pack import Pack

    files = weight_files()
    navec = Navec.load(str(files["embedding"]))
    with Pack(str(files["morphology"])) as pack:
        words, shapes = pack.load_vocab("word"), pack.load_vocab("shape")
    return Embedding(
        indexes=navec.pq.indexes,
        codes=navec.pq.codes,
        word_ids=words.item_ids,
        shape_ids=shapes.item_ids,
        unknown=words.unk_id,
    )
