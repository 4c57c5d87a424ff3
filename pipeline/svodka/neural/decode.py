"""Scores to structures: the best tag sequence of a CRF, and the best tree of arc scores."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from svodka.neural.weights import Array, Ids

# BLAS sums in another order when a batch has another size, which moves a score by about 1e-6. Repeated words in a
# sentence can have equal scores, so what is nearer than this is a tie, and the first one wins in every batch.
TIE = 1e-4


def first_best(scores: npt.NDArray[Any], axis: int) -> Ids:
    """Index of the best score along an axis, the first of those that are as good as equal."""
    best: Ids = (scores >= scores.max(axis, keepdims=True) - TIE).argmax(axis)
    return best


def viterbi(emissions: Array, transitions: Array) -> list[int]:
    """The best sequence of tags.

    Args:
        emissions: (words, tags) scores.
        transitions: (tag before, tag) scores.
    """
    if not len(emissions):
        return []
    score = emissions[0]
    columns = np.arange(emissions.shape[1])
    history = np.empty(emissions.shape, dtype=np.int64)
    for index in range(1, len(emissions)):
        # the order of the two additions is slovnet's: sums of floats depend on it
        candidates = score[:, None] + transitions + emissions[index][None, :]
        history[index] = first_best(candidates, axis=0)
        score = candidates[history[index], columns]
    tags = [int(first_best(score, axis=0))]
    for index in range(len(emissions) - 1, 0, -1):
        tags.append(int(history[index, tags[-1]]))
    return tags[::-1]


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

    Chu and Liu (1965), Edmonds (1967) over a dense matrix. The single root is had by making every arc from the root
    dearer than any tree without it can repay (Zmigrod et al. 2020, «Please mind the root»).

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
    return [int(head) for head in _arborescence(full)[1:]]


def _find_cycle(heads: Ids) -> list[int]:
    state = [0] * len(heads)
    state[0] = 2
    for start in range(1, len(heads)):
        path = []
        node = start
        while state[node] == 0:
            state[node] = 1
            path.append(node)
            node = int(heads[node])
        if state[node] == 1:
            return path[path.index(node) :]
        for seen in path:
            state[seen] = 2
    return []


def _arborescence(scores: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> Ids:
    """Best incoming arcs of a graph rooted at node 0, cycles contracted one at a time."""
    heads = first_best(scores, axis=1)
    heads[0] = 0
    cycle = _find_cycle(heads)
    if not cycle:
        return heads
    inside = np.zeros(len(scores), dtype=np.bool_)
    inside[cycle] = True
    outside = np.flatnonzero(~inside)
    members = np.array(cycle)
    # Contract the cycle to one node, the last of the smaller graph.
    into = scores[np.ix_(members, outside)] - scores[members, heads[members]][:, None]
    out_of = scores[np.ix_(outside, members)]
    smaller = np.full((len(outside) + 1, len(outside) + 1), -np.inf)
    smaller[:-1, :-1] = scores[np.ix_(outside, outside)]
    smaller[-1, :-1] = into.max(0)
    smaller[:-1, -1] = out_of.max(1)
    enters, leaves = members[first_best(into, axis=0)], members[first_best(out_of, axis=1)]
    solved = _arborescence(smaller)
    for index, node in enumerate(outside):
        if node:
            head = solved[index]
            heads[node] = leaves[index] if head == len(outside) else outside[head]
    entry = solved[-1]  # the arc that breaks the cycle
    heads[enters[entry]] = outside[entry]
    return heads
