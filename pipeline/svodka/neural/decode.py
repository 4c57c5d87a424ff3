"""Scores to structures: the best label, and the best tree of arc scores."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from svodka.neural.weights import Array, Ids, Mask

# BLAS sums in another order when a batch has another size, which moves a score by about 1e-6. Repeated words in a
# sentence can have equal scores, so what is nearer than this is a tie, and the first one wins in every batch.
TIE = 1e-4


def first_best(scores: npt.NDArray[Any], axis: int) -> Ids:
    """Index of the best score along an axis, the first of those that are as good as equal."""
    best: Ids = (scores >= scores.max(axis, keepdims=True) - TIE).argmax(axis)
    return best


def is_tree(heads: Sequence[int]) -> bool:
    """Whether heads (0 is the root, words count from 1) make one tree with a single word below the root.

    >>> is_tree([2, 0, 2]), is_tree([0, 0, 2]), is_tree([2, 1, 0])
    (True, False, False)
    """
    if sum(head == 0 for head in heads) != 1:
        return False
    state = [0] * (len(heads) + 1)  # 1: on the path being walked, 2: known to reach the root
    state[0] = 2
    for word in range(1, len(heads) + 1):
        path = []
        while state[word] == 0:
            state[word] = 1
            path.append(word)
            word = heads[word - 1]
        if state[word] == 1:
            return False
        for seen in path:
            state[seen] = 2
    return True


def best_tree(scores: Array) -> list[int]:
    """The highest-scoring tree with a single word below the root.

    Chu and Liu (1965), Edmonds (1967) over a dense matrix, each cycle contracted in place to one of its nodes. The
    single root is had by making every arc from the root dearer than any tree without it can repay (Zmigrod et al. 2020,
    «Please mind the root»).

    Args:
        scores: (words, words + 1): the score of each head of each word; column 0 is the root.

    Returns:
        The head of each word, 0 for the root, words counted from 1.
    """
    n_words = len(scores)
    full = np.full((n_words + 1, n_words + 1), -np.inf)
    full[1:] = scores
    spread = float(scores.max() - scores.min()) + 1
    full[1:, 0] -= spread * (n_words + 1)
    np.fill_diagonal(full, -np.inf)
    heads = first_best(full, axis=1)
    alive = np.ones(n_words + 1, dtype=np.bool_)
    contracted = []
    while len(cycle := _find_cycle(heads, alive)):
        alive[cycle] = False
        outside = np.flatnonzero(alive)
        into = full[np.ix_(cycle, outside)] - full[cycle, heads[cycle]][:, None]
        out_of = full[np.ix_(outside, cycle)]
        enters, leaves = cycle[first_best(into, axis=0)], cycle[first_best(out_of, axis=1)]
        contracted.append((cycle, heads[cycle], outside, enters, leaves))
        node = cycle[0]  # stands for the cycle from now on
        alive[node] = True
        full[node, outside] = into.max(axis=0)
        full[outside, node] = out_of.max(axis=1)
        heads[outside[np.isin(heads[outside], cycle)]] = node
        heads[node] = outside[first_best(full[node, outside], axis=0)]
    for cycle, heads_inside, outside, enters, leaves in reversed(contracted):
        node, entry = cycle[0], heads[cycle[0]]
        below = heads[outside] == node
        heads[outside[below]] = leaves[below]
        heads[cycle] = heads_inside
        heads[enters[outside == entry]] = entry  # the arc that breaks the cycle
    return [int(head) for head in heads[1:]]


def _find_cycle(heads: Ids, alive: Mask) -> Ids:
    """The nodes of a cycle among those alive, in the order it is walked; empty where there is none."""
    state = np.zeros(len(heads), dtype=np.int8)  # 1: on the path being walked, 2: known to reach the root
    state[0] = 2
    for start in np.flatnonzero(alive).tolist():
        path = []
        node = start
        while state[node] == 0:
            state[node] = 1
            path.append(node)
            node = int(heads[node])
        if state[node] == 1:
            return np.array(path[path.index(node) :])
        state[path] = 2
    return np.zeros(0, dtype=np.int64)
