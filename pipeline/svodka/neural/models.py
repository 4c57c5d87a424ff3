"""The three models over sequences of words: tags, trees, entity spans."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from svodka.neural.decode import best_tree, first_best, is_tree, viterbi
from svodka.neural.encoder import Layout, encode
from svodka.neural.weights import Array, Ids, Model, load_model


@dataclass(frozen=True, slots=True)
class Tree:
    """The syntax of a sentence; words count from 1, head 0 is the root.

    Attributes:
        heads: Heads that make a tree.
        relations: UD relation of each word to its head.
        argmax_heads: The heads the model scores best, word by word; not always a tree.
    """

    heads: list[int]
    relations: list[str]
    argmax_heads: list[int]


def tag_morphology(layout: Layout) -> list[list[str]]:
    """UD tags («NOUN|Case=Nom|…») of each word of each sentence."""
    model = load_model("morphology")
    hidden = encode(model, layout)
    best = first_best(_linear(model.head.proj, hidden), axis=1)
    return [[model.labels[tag] for tag in best[rows]] for rows in _rows(layout)]


def tag_entities(layout: Layout) -> list[list[str]]:
    """BIO tags («B-PER») of each word; natasha's model reads a whole document as one sequence."""
    model = load_model("entities")
    emissions = _linear(model.head.proj, encode(model, layout))
    transitions = model.head.crf.transitions.array
    return [[model.labels[tag] for tag in viterbi(emissions[rows], transitions)] for rows in _rows(layout)]


def parse_syntax(layout: Layout) -> list[Tree]:
    """A dependency tree for each sentence; where the best heads make no tree, the best tree."""
    model = load_model("syntax")
    hidden = encode(model, layout)
    # slovnet calls the dependant's projection «head» and the head's «tail»
    root = model.head.root.array.reshape(1, -1)
    dependants = _feed_forward(model.head.head, hidden) @ model.head.kernel.array
    heads = _feed_forward(model.head.tail, hidden)
    root_head = _feed_forward(model.head.tail, root)
    trees: list[tuple[list[int], list[int]]] = []
    rows_of_heads = np.zeros(len(hidden), dtype=np.int64)
    for rows in _rows(layout):
        scores = dependants[rows] @ np.concatenate((root_head, heads[rows])).T
        argmax = first_best(scores, axis=1).tolist()
        tree = argmax if is_tree(argmax) else best_tree(scores)
        trees.append((tree, argmax))
        rows_of_heads[rows] = [rows.start + head - 1 if head else 0 for head in tree]
    relations = _relations(model, hidden, rows_of_heads)
    return [
        Tree(tree, [model.labels[rel] for rel in relations[rows]], argmax)
        for (tree, argmax), rows in zip(trees, _rows(layout), strict=True)
    ]


def _relations(model: Model, hidden: Array, rows_of_heads: Ids) -> Ids:
    """Best relation of each row to its head's row; row 0 is a gap and stands for the root."""
    rel = model.rel
    heads = _feed_forward(rel.head, hidden)
    heads[0] = _feed_forward(rel.head, rel.root.array.reshape(1, -1))[0]
    tails = _feed_forward(rel.tail, hidden)
    width = tails.shape[1]
    best = np.empty(len(hidden), dtype=np.int64)
    block = 1024  # the product is labels x width floats a row
    for first in range(0, len(hidden), block):
        rows = slice(first, first + block)
        product = (heads[rows_of_heads[rows]] @ rel.kernel.array).reshape(-1, len(model.labels), width)
        best[rows] = first_best((product @ tails[rows][:, :, None])[:, :, 0], axis=1)
    return best


def _linear(layer: Any, inputs: Array) -> Array:  # noqa: ANN401
    output: Array = inputs @ layer.weight.array + layer.bias.array
    return output


def _feed_forward(layer: Any, inputs: Array) -> Array:  # noqa: ANN401
    return np.maximum(_linear(layer.proj, inputs), 0)


def _rows(layout: Layout) -> Sequence[slice]:
    return [slice(start, start + n) for start, n in zip(layout.starts.tolist(), layout.lengths.tolist(), strict=True)]
