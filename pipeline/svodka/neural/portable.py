"""The kernels in plain numpy, for wherever numba is not; `svodka.neural.compiled` has the same functions.

A row is a word, or a gap between two sequences; `Layout` tells which.
"""

import numpy as np

from svodka.neural.decode import best_tree, first_best, is_tree
from svodka.neural.weights import Array, Ids, Mask

# Rows at a time where a product is labels times the width of a row.
_BLOCK = 1024


def first_layer(slots: Ids, shapes: Ids, table: Array, shape_table: Array) -> Array:
    """The first convolution and its ReLU, from products that are known.

    Args:
        slots: (rows,) where each word's products stand in `table`; 0 in the gaps.
        shapes: (rows,) the same for its shape in `shape_table`; 0 in the gaps.
        table: (slots * 3, filters): what a word adds to the row after it, to its own, to the row before it.
        shape_table: (shapes * 3, filters): the same for its shape, with the bias.

    Returns:
        (rows, filters); zeros in the gaps and in the first and the last row, whose neighbours are not known.
    """
    output = np.zeros((len(slots), table.shape[1]), dtype=np.float32)
    inner = output[1:-1]
    for tap in range(3):
        stop = len(slots) - 2 + tap
        # `mode` other than raise lets numpy copy whole rows
        inner += table.take(3 * slots[tap:stop] + tap, axis=0, mode="clip")
        inner += shape_table.take(3 * shapes[tap:stop] + tap, axis=0, mode="clip")
    np.maximum(inner, 0, out=inner)
    output[shapes == 0] = 0
    return output


def convolution(inputs: Array, is_word: Mask, kernel: Array, constant: Array, bias: Array) -> Array:
    """A convolution and its ReLU.

    Args:
        inputs: (rows, inputs), not negative; zeros in the gaps.
        is_word: (rows,) False in the gaps.
        kernel: See `svodka.neural.weights.Convolution`, as for the next two.
        constant: What a word adds whatever its inputs.
        bias: (filters,).

    Returns:
        (rows, filters), zeros in the gaps; the first and the last row are incomplete.
    """
    width = len(bias)
    product = inputs @ kernel
    product[is_word] += constant
    output = product[:, width : 2 * width] + bias
    output[:-1] += product[1:, :width]
    output[1:] += product[:-1, 2 * width :]
    np.maximum(output, 0, out=output)
    output[~is_word] = 0
    return output


def best_labels(scores: Array, bias: Array) -> Ids:
    """(rows, labels) and (labels,) to add → the best label of each row, the first of those as good as equal."""
    return first_best(scores + bias, axis=1)


def best_tags(emissions: Array, transitions: Array, starts: Ids, lengths: Ids) -> Ids:
    """The best sequence of tags of each sequence of rows.

    Args:
        emissions: (rows, tags).
        transitions: (tag before, tag).
        starts: First row of each sequence.
        lengths: Rows of each sequence.

    Returns:
        (rows,); 0 outside the sequences.
    """
    # all sequences walk in step, the longest first, so that those still under way stand together
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    n_under_way = [int((lengths > step).sum()) for step in range(int(lengths.max(initial=0)))]
    history = np.zeros(emissions.shape, dtype=np.int64)
    score = emissions[starts]
    for step, n_sequences in enumerate(n_under_way[1:], start=1):
        rows = starts[:n_sequences] + step
        # the order of the two additions is slovnet's: sums of floats depend on it
        candidates = score[:n_sequences, :, None] + transitions + emissions[rows][:, None, :]
        history[rows] = first_best(candidates, axis=1)
        score[:n_sequences] = np.take_along_axis(candidates, history[rows][:, None, :], axis=1)[:, 0]
    tags = np.zeros(len(emissions), dtype=np.int64)
    held = lengths > 0
    tags[(starts + lengths - 1)[held]] = first_best(score, axis=1)[held]
    for step in range(len(n_under_way) - 1, 0, -1):
        rows = starts[: n_under_way[step]] + step
        tags[rows - 1] = history[rows, tags[rows]]
    return tags


def best_heads(dependants: Array, heads: Array, root: Array, starts: Ids, lengths: Ids) -> tuple[Ids, Ids]:
    """The head of each word of each sentence.

    Args:
        dependants: (rows, size): each row as a dependant.
        heads: (rows, size): each row as a head.
        root: (size,): the root as a head.
        starts: First row of each sentence.
        lengths: Words of each sentence.

    Returns:
        Twice (rows,): heads that make a tree, and the best ones word by word, which may make none. Words count from 1
        within their sentence, 0 is the root, and 0 stands outside the sentences too.
    """
    argmax = np.zeros(len(dependants), dtype=np.int64)
    tree = argmax.copy()
    for start, stop in zip(starts, starts + lengths, strict=True):
        if start == stop:
            continue
        scores = dependants[start:stop] @ np.concatenate((root[None], heads[start:stop])).T
        found = first_best(scores, axis=1)
        argmax[start:stop] = found
        tree[start:stop] = found if is_tree(found.tolist()) else best_tree(scores)
    return tree, argmax


def best_relations(heads: Array, tails: Array, kernel: Array, rows_of_heads: Ids) -> Ids:
    """The best relation of each row to its head.

    Args:
        heads: (rows, size): each row as a head; not negative, as `tails`.
        tails: (rows, size): each row as a dependant.
        kernel: (size of heads, size of tails * labels).
        rows_of_heads: (rows,) the row of each row's head.
    """
    n_rows, size = tails.shape
    best = np.empty(n_rows, dtype=np.int64)
    for first in range(0, n_rows, _BLOCK):
        rows = slice(first, first + _BLOCK)
        product = (heads[rows_of_heads[rows]] @ kernel).reshape(-1, size, kernel.shape[1] // size)
        best[rows] = first_best((tails[rows][:, None, :] @ product)[:, 0], axis=1)
    return best
