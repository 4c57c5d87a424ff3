"""The three models over many sequences at once: tags, heads and relations, entity tags."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal, get_args

import numpy as np

from svodka.errors import ConfigError
from svodka.neural.layout import MARGIN, Layout
from svodka.neural.weights import Array, Ids, check_weights, load_embedding, load_model
from svodka.neural.word_rows import CAPACITY, N_FREQUENT, WordRows

Head = Literal["morphology", "syntax", "entities"]
Kernels = Literal["auto", "compiled", "portable"]
HEADS: tuple[Head, ...] = get_args(Head)

# Rows that go through the layers at a time: bounds the memory of a very long document and fits the processor's cache.
BLOCK_ROWS = 512


@dataclass(frozen=True, slots=True)
class Trees:
    """The syntax of the words of all sentences, in order.

    Attributes:
        heads: Head of each word, counted from 1 within its sentence, 0 for the root; one tree a sentence.
        argmax_heads: The heads the model scores best, word by word; not always a tree.
        relations: Position in `labels` of each word's relation to its head.
        labels: UD relations.
    """

    heads: Ids
    argmax_heads: Ids
    relations: Ids
    labels: tuple[str, ...]


def get_kernels(kind: Kernels = "auto") -> ModuleType:
    """The kernels of this kind: `svodka.neural.compiled` or `svodka.neural.portable`.

    Raises:
        ConfigError: The compiled ones are asked for and numba cannot be imported.
    """
    if kind != "portable":
        try:
            from svodka.neural import compiled

            return compiled
        except ImportError as error:
            if kind == "compiled":
                raise ConfigError(f'kernels = "compiled" needs numba ({error}): pip install numba') from error
    from svodka.neural import portable

    return portable


class NeuralModels:
    """Some or all of the models, ready to run.

    Args:
        heads: Which of them.
        kernels: See `get_kernels`.
        capacity: See `svodka.neural.word_rows.WordRows`.

    Raises:
        ConfigError: The weights are missing or not those known.
    """

    def __init__(self, heads: Sequence[Head] = HEADS, *, kernels: Kernels = "auto", capacity: int = CAPACITY) -> None:
        self.heads = tuple(head for head in HEADS if head in heads)
        check_weights(("embedding", *self.heads))
        self._kernels = get_kernels(kernels)
        self._models = {head: load_model(head) for head in self.heads}
        embedding = load_embedding()
        self._rows = WordRows(
            list(self._models.values()), embedding, frequent=embedding.by_frequency[:N_FREQUENT], capacity=capacity
        )

    def prepare(self, words: Ids) -> None:
        """Compute what is missing for the words of a batch, rows of the embedding, in one go."""
        self._rows.prepare(words)

    def tag_morphology(self, layout: Layout) -> tuple[Ids, tuple[str, ...]]:
        """The tag of each word of each sentence as its position in the labels («NOUN|Case=Nom|…»), and the labels."""
        model = self._models["morphology"]
        hidden = self._encode("morphology", layout)[layout.word_rows()]
        weight, bias = _weights(model.head.proj)
        best = np.empty(len(hidden), dtype=np.int64)
        for at in range(0, len(hidden), BLOCK_ROWS):
            rows = slice(at, at + BLOCK_ROWS)
            best[rows] = self._kernels.best_labels(hidden[rows] @ weight, bias)
        return best, model.labels

    def tag_entities(self, layout: Layout) -> tuple[Ids, tuple[str, ...]]:
        """The BIO tag of each word as its position in the labels («B-PER»), and the labels.

        natasha's model reads a whole document as one sequence.
        """
        model = self._models["entities"]
        weight, bias = _weights(model.head.proj)
        emissions = self._encode("entities", layout) @ weight + bias
        transitions = model.head.crf.transitions.array
        tags = self._kernels.best_tags(emissions, transitions, layout.starts, layout.lengths)
        return tags[layout.word_rows()], model.labels

    def parse_syntax(self, layout: Layout) -> Trees:
        """A dependency tree for each sentence; where the best heads make no tree, the best tree."""
        model = self._models["syntax"]
        head, rel = model.head, model.rel
        hidden = self._encode("syntax", layout)
        # slovnet calls the dependant's projection «head» and the head's «tail»
        dependants, heads, rel_heads, rel_tails = _feed_forward((head.head, head.tail, rel.head, rel.tail), hidden)
        (root,) = _feed_forward((head.tail,), head.root.array.reshape(1, -1))[0]
        tree, argmax = self._kernels.best_heads(
            dependants @ head.kernel.array, heads, root, layout.starts, layout.lengths
        )
        words = layout.word_rows()
        tree, argmax = tree[words], argmax[words]
        # row 0 is a gap and stands for the root
        first = np.repeat(layout.starts, layout.lengths) - 1
        rows_of_heads = np.zeros(len(layout.words), dtype=np.int64)
        rows_of_heads[words] = np.where(tree == 0, 0, first + tree)
        rel_heads[0] = _feed_forward((rel.head,), rel.root.array.reshape(1, -1))[0]
        n_labels, size = len(model.labels), rel_tails.shape[1]
        kernel = rel.kernel.array.reshape(-1, n_labels, size).transpose(0, 2, 1).reshape(-1, size * n_labels)
        relations = self._kernels.best_relations(rel_heads, rel_tails, kernel, rows_of_heads)
        return Trees(tree, argmax, relations[words], model.labels)

    def _encode(self, head: Head, layout: Layout) -> Array:
        """The hidden vector of each row, (rows, width of the last layer); gaps hold nothing of use.

        Each layer needs one row more on both sides than it gives.
        """
        model, kernels = self._models[head], self._kernels
        table = self._rows.tables[self.heads.index(head)]
        is_word = layout.is_word
        hidden = np.zeros((len(layout.words), len(model.scale)), dtype=np.float32)
        for start in range(MARGIN, len(layout.words) - MARGIN, BLOCK_ROWS):
            stop = min(start + BLOCK_ROWS, len(layout.words) - MARGIN)
            seen = slice(start - MARGIN, stop + MARGIN)
            slots = self._rows.slots(layout.words[seen])
            rows = kernels.first_layer(slots, layout.shapes[seen], table, model.shape_table)
            masks = is_word[seen]
            for margin, layer in enumerate(model.layers, start=1):
                rows = kernels.convolution(rows[1:-1], masks[margin:-margin], layer.kernel, layer.constant, layer.bias)
            hidden[start:stop] = rows[1:-1] * model.scale + model.shift
        return hidden


def _weights(layer: Any) -> tuple[Array, Array]:  # noqa: ANN401
    return layer.weight.array, layer.bias.array


def _feed_forward(layers: Sequence[Any], inputs: Array) -> list[Array]:
    """The layers of one size side by side over rows of inputs: (rows, size) of each."""
    parameters = zip(*[_weights(layer.proj) for layer in layers], strict=True)
    weight, bias = (np.concatenate(parts, axis=-1) for parts in parameters)
    outputs = [np.empty((len(inputs), len(bias) // len(layers)), dtype=np.float32) for _ in layers]
    for start in range(0, len(inputs), BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        together = inputs[rows] @ weight
        together += bias
        np.maximum(together, 0, out=together)
        for output, part in zip(outputs, np.split(together, len(layers), axis=1), strict=True):
            output[rows] = part
    return outputs
