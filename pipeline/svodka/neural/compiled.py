"""The kernels compiled by numba: what `svodka.neural.portable` does, with loops where numpy is the limit.

After a ReLU four of five inputs of a convolution are zero; a loop can pass over them, a matrix product cannot. Trees
and tags are decoded word by word.
"""

from typing import Any

import numpy as np
from numba import njit

from svodka.neural.decode import TIE
from svodka.neural.weights import Array, Ids, Mask

# Multiplications and additions may be fused, and no number is a NaN; the order of sums stays as written.
_compile = njit(cache=True, fastmath={"contract", "nnan", "nsz"})


@_compile
def first_layer(slots: Ids, shapes: Ids, table: Array, shape_table: Array) -> Array:
    """See `svodka.neural.portable.first_layer`."""
    n_rows, width = len(slots), table.shape[1]
    output = _aligned(n_rows * width).reshape(n_rows, width)
    output[:] = 0
    for row in range(1, n_rows - 1):
        if shapes[row] == 0:
            continue
        before, after = row - 1, row + 1
        words = table[3 * slots[before]], table[3 * slots[row] + 1], table[3 * slots[after] + 2]
        outlines = shape_table[3 * shapes[before]], shape_table[3 * shapes[row] + 1], shape_table[3 * shapes[after] + 2]
        target = output[row]
        for j in range(width):
            total = words[0][j] + words[1][j] + words[2][j] + outlines[0][j] + outlines[1][j] + outlines[2][j]
            target[j] = max(total, np.float32(0))
    return output


@_compile
def _aligned(size: int) -> Array:
    """Floats that begin where a cache line does: a vector across two lines takes twice as long."""
    memory = np.empty(size + 16, dtype=np.float32)
    skipped = (-memory.ctypes.data % 64) // 4
    return memory[skipped : skipped + size]


@_compile
def convolution(inputs: Array, is_word: Mask, kernel: Array, constant: Array, bias: Array) -> Array:
    """See `svodka.neural.portable.convolution`."""
    n_rows, n_inputs = inputs.shape
    width = len(bias)
    flat = _aligned((n_rows + 2) * width)
    output = flat.reshape(n_rows + 2, width)
    for row in range(n_rows + 2):
        output[row] = bias
    active = np.zeros(n_inputs + 8, dtype=np.int64)
    values = np.zeros(n_inputs + 8, dtype=np.float32)
    for row in range(n_rows):
        if not is_word[row]:
            continue
        n_active = 0
        for j in range(n_inputs):
            active[n_active] = j
            values[n_active] = inputs[row, j]
            n_active += inputs[row, j] > 0
        for j in range(n_active, n_active + 8):
            active[j] = 0
            values[j] = 0
        # the row before, this one and the one after it lie side by side, as the kernel's columns do
        target = flat[row * width : (row + 3) * width]
        for j in range(3 * width):
            target[j] += constant[j]
        for k in range(0, n_active, 8):
            k0, k1, k2, k3 = kernel[active[k]], kernel[active[k + 1]], kernel[active[k + 2]], kernel[active[k + 3]]
            k4, k5, k6, k7 = kernel[active[k + 4]], kernel[active[k + 5]], kernel[active[k + 6]], kernel[active[k + 7]]
            v0, v1, v2, v3 = values[k], values[k + 1], values[k + 2], values[k + 3]
            v4, v5, v6, v7 = values[k + 4], values[k + 5], values[k + 6], values[k + 7]
            for j in range(3 * width):
                target[j] += ((v0 * k0[j] + v1 * k1[j]) + (v2 * k2[j] + v3 * k3[j])) + (
                    (v4 * k4[j] + v5 * k5[j]) + (v6 * k6[j] + v7 * k7[j])
                )
    for j in range(len(flat)):
        flat[j] = max(flat[j], np.float32(0))
    for row in range(n_rows):
        if not is_word[row]:
            output[row + 1] = 0
    return output[1:-1]


@_compile
def best_labels(scores: Array, bias: Array) -> Ids:
    """See `svodka.neural.portable.best_labels`."""
    best = np.empty(len(scores), dtype=np.int64)
    biased = np.empty(len(bias), dtype=np.float32)
    for row in range(len(scores)):
        for label in range(len(bias)):
            biased[label] = scores[row, label] + bias[label]
        best[row] = _first_best(biased)
    return best


@_compile
def _first_best(scores: Any) -> int:  # noqa: ANN401
    best = scores[0]
    for index in range(1, len(scores)):
        best = max(best, scores[index])
    limit = best - scores.dtype.type(TIE)
    for index in range(len(scores)):
        if scores[index] >= limit:
            return index
    return 0


@_compile
def best_tags(emissions: Array, transitions: Array, starts: Ids, lengths: Ids) -> Ids:
    """See `svodka.neural.portable.best_tags`."""
    n_tags = emissions.shape[1]
    tags = np.zeros(len(emissions), dtype=np.int64)
    history = np.empty(emissions.shape, dtype=np.int8)
    score, following = np.empty(n_tags, dtype=np.float32), np.empty(n_tags, dtype=np.float32)
    candidates = np.empty(n_tags, dtype=np.float32)
    for sequence in range(len(starts)):
        start, length = starts[sequence], lengths[sequence]
        if length == 0:
            continue
        score[:] = emissions[start]
        for row in range(start + 1, start + length):
            for tag in range(n_tags):
                for before in range(n_tags):
                    # the order of the two additions is slovnet's: sums of floats depend on it
                    candidates[before] = (score[before] + transitions[before, tag]) + emissions[row, tag]
                before = _first_best(candidates)
                history[row, tag] = before
                following[tag] = candidates[before]
            score[:] = following
        tags[start + length - 1] = _first_best(score)
        for row in range(start + length - 1, start, -1):
            tags[row - 1] = history[row, tags[row]]
    return tags


@_compile
def _arc_scores(dependants: Array, heads: Array, root: Array) -> Array:
    n_words, size = dependants.shape
    columns = np.empty((size, n_words + 1), dtype=np.float32)
    columns[:, 0] = root
    columns[:, 1:] = heads.T
    scores = np.zeros((n_words, n_words + 1), dtype=np.float32)
    for word in range(n_words):
        for k in range(size):
            factor, column, target = dependants[word, k], columns[k], scores[word]
            for head in range(n_words + 1):
                target[head] += factor * column[head]
    return scores


@_compile
def best_heads(dependants: Array, heads: Array, root: Array, starts: Ids, lengths: Ids) -> tuple[Ids, Ids]:
    """See `svodka.neural.portable.best_heads`."""
    argmax = np.zeros(len(dependants), dtype=np.int64)
    tree = argmax.copy()
    for sentence in range(len(starts)):
        start, stop = starts[sentence], starts[sentence] + lengths[sentence]
        if start == stop:
            continue
        scores = _arc_scores(dependants[start:stop], heads[start:stop], root)
        for word in range(stop - start):
            argmax[start + word] = _first_best(scores[word])
        found = argmax[start:stop]
        tree[start:stop] = found if is_tree(found) else best_tree(scores)
    return tree, argmax


@_compile
def is_tree(heads: Ids) -> bool:
    """See `svodka.neural.decode.is_tree`."""
    n_words = len(heads)
    n_roots = 0
    for head in heads:
        n_roots += head == 0
    if n_roots != 1:
        return False
    full = np.zeros(n_words + 1, dtype=np.int64)
    full[1:] = heads
    return len(_find_cycle(full, np.ones(n_words + 1, dtype=np.bool_))) == 0


@_compile
def _find_cycle(heads: Ids, alive: Mask) -> Ids:
    """See `svodka.neural.decode._find_cycle`."""
    state = np.zeros(len(heads), dtype=np.int8)
    state[0] = 2
    path = np.empty(len(heads), dtype=np.int64)
    for start in range(1, len(heads)):
        if not alive[start]:
            continue
        size = 0
        node = start
        while state[node] == 0:
            state[node] = 1
            path[size] = node
            size += 1
            node = heads[node]
        if state[node] == 1:
            first = 0
            while path[first] != node:
                first += 1
            return path[first:size]
        for index in range(size):
            state[path[index]] = 2
    return path[:0]


@_compile
def best_tree(scores: Array) -> Ids:
    """See `svodka.neural.decode.best_tree`."""
    n_nodes = len(scores) + 1
    full = np.full((n_nodes, n_nodes), -np.inf)
    full[1:] = scores
    spread = float(scores.max() - scores.min()) + 1
    full[1:, 0] -= spread * n_nodes
    heads = np.zeros(n_nodes, dtype=np.int64)
    for node in range(1, n_nodes):
        full[node, node] = -np.inf
        heads[node] = _first_best(full[node])
    alive = np.ones(n_nodes, dtype=np.bool_)
    contracted = []
    while True:
        cycle = _find_cycle(heads, alive)
        if len(cycle) == 0:
            break
        for member in cycle:
            alive[member] = False
        outside = np.flatnonzero(alive)
        heads_inside = heads[cycle]
        enters, leaves = _contract(full, cycle, heads_inside, outside)
        contracted.append((cycle, heads_inside, outside, enters, leaves))
        node = cycle[0]  # stands for the cycle from now on
        candidates = full[node][outside]
        heads[node] = outside[_first_best(candidates)]
        for other in outside:
            if other and not alive[heads[other]]:
                heads[other] = node
        alive[node] = True
    for event in range(len(contracted) - 1, -1, -1):
        cycle, heads_inside, outside, enters, leaves = contracted[event]
        node = cycle[0]
        entry = heads[node]
        heads[cycle] = heads_inside
        for index in range(len(outside)):
            if outside[index] and heads[outside[index]] == node:
                heads[outside[index]] = leaves[index]
            if outside[index] == entry:
                heads[enters[index]] = entry  # the arc that breaks the cycle
    return heads[1:]


@_compile
def _contract(full: Any, cycle: Ids, heads_inside: Ids, outside: Ids) -> tuple[Ids, Ids]:  # noqa: ANN401
    """Let the first node of a cycle stand for all of it; the node each arc enters, and the one each leaves from."""
    n_members = len(cycle)
    enters, leaves = np.empty(len(outside), dtype=np.int64), np.empty(len(outside), dtype=np.int64)
    into, out_of = np.empty((len(outside), n_members)), np.empty((len(outside), n_members))
    for index in range(len(outside)):
        for k in range(n_members):
            into[index, k] = full[cycle[k], outside[index]] - full[cycle[k], heads_inside[k]]
            out_of[index, k] = full[outside[index], cycle[k]]
        enters[index], leaves[index] = cycle[_first_best(into[index])], cycle[_first_best(out_of[index])]
    for index in range(len(outside)):
        full[cycle[0], outside[index]] = into[index].max()
        full[outside[index], cycle[0]] = out_of[index].max()
    return enters, leaves


@_compile
def best_relations(heads: Array, tails: Array, kernel: Array, rows_of_heads: Ids) -> Ids:
    """See `svodka.neural.portable.best_relations`."""
    n_rows, size = tails.shape
    n_labels = kernel.shape[1] // size
    best = np.empty(n_rows, dtype=np.int64)
    product = np.empty(kernel.shape[1], dtype=np.float32)
    scores = np.empty(n_labels, dtype=np.float32)
    made_for = -1
    for row in np.argsort(rows_of_heads, kind="mergesort"):
        head = rows_of_heads[row]
        if head != made_for:
            made_for = head
            product[:] = 0
            for k in range(size):
                factor = heads[head, k]
                if factor > 0:
                    weights = kernel[k]
                    for j in range(len(product)):
                        product[j] += factor * weights[j]
        scores[:] = 0
        for k in range(size):
            factor = tails[row, k]
            if factor > 0:
                part = product[k * n_labels : (k + 1) * n_labels]
                for label in range(n_labels):
                    scores[label] += factor * part[label]
        best[row] = _first_best(scores)
    return best
