"""The kernels compiled by numba: what `svodka.neural.portable` does, with loops where numpy is the limit.

After a ReLU four of five inputs of a convolution are zero; a loop can pass over them, a matrix product cannot. Trees
and tags are decoded word by word.
"""

from typing import Any

import numpy as np
from numba import njit

from svodka._compat import use_wide_vectors
from svodka.neural.decode import TIE
from svodka.neural.weights import Array, Ids, Mask

use_wide_vectors()

# Rows that are added at a time.
_AT_A_TIME = 8
# Numbers that are compared at a time.
_LANES = 32
# A vector register of the widest processors; a loop of just so many steps needs no remainder.
_VECTOR = 16

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
    active = np.zeros(n_inputs + _AT_A_TIME, dtype=np.int64)
    values = np.zeros(n_inputs + _AT_A_TIME, dtype=np.float32)
    for row in range(n_rows):
        if not is_word[row]:
            continue
        n_active = _positive(inputs[row], active, values)
        # the row before, this one and the one after it lie side by side, as the kernel's columns do
        target = flat[row * width : (row + 3) * width]
        for j in range(3 * width):
            target[j] += constant[j]
        _add_rows(kernel, active, values, n_active, target)
    for j in range(len(flat)):
        flat[j] = max(flat[j], np.float32(0))
    for row in range(n_rows):
        if not is_word[row]:
            output[row + 1] = 0
    return output[1:-1]


@_compile
def _positive(inputs: Array, places: Ids, values: Array) -> int:
    """How many inputs are above zero; their places and values, and zeros after them for `_add_rows`."""
    count = 0
    for place in range(len(inputs)):
        places[count] = place
        values[count] = inputs[place]
        count += inputs[place] > 0
    places[count : count + _AT_A_TIME] = 0
    values[count : count + _AT_A_TIME] = 0
    return count


@_compile
def _add_rows(kernel: Array, places: Ids, factors: Array, count: int, target: Array) -> None:
    """Add the rows of a kernel at these places, each times its factor."""
    for k in range(0, count, _AT_A_TIME):
        k0, k1, k2, k3 = kernel[places[k]], kernel[places[k + 1]], kernel[places[k + 2]], kernel[places[k + 3]]
        k4, k5, k6, k7 = kernel[places[k + 4]], kernel[places[k + 5]], kernel[places[k + 6]], kernel[places[k + 7]]
        v0, v1, v2, v3 = factors[k], factors[k + 1], factors[k + 2], factors[k + 3]
        v4, v5, v6, v7 = factors[k + 4], factors[k + 5], factors[k + 6], factors[k + 7]
        for j in range(len(target)):
            target[j] += ((v0 * k0[j] + v1 * k1[j]) + (v2 * k2[j] + v3 * k3[j])) + (
                (v4 * k4[j] + v5 * k5[j]) + (v6 * k6[j] + v7 * k7[j])
            )


@_compile
def best_labels(scores: Array, bias: Array) -> Ids:
    """See `svodka.neural.portable.best_labels`."""
    best = np.empty(len(scores), dtype=np.int64)
    biased = np.empty(len(bias), dtype=np.float32)
    for row in range(len(scores)):
        for label in range(len(bias)):
            biased[label] = scores[row, label] + bias[label]
        best[row] = _first_best_of_many(biased)
    return best


@_compile
def _first_best_of_many(scores: Array) -> int:
    """As `_first_best`, block by block: to compare and to count is what vectors can do, to stop at the first is not."""
    whole = len(scores) - len(scores) % _LANES
    lanes = np.full(_LANES, scores[0])
    for start in range(0, whole, _LANES):
        block = scores[start : start + _LANES]
        for lane in range(_LANES):
            lanes[lane] = max(lanes[lane], block[lane])
    best = lanes.max()
    for index in range(whole, len(scores)):
        best = max(best, scores[index])
    limit = best - np.float32(TIE)
    first = whole
    for start in range(0, whole, _LANES):
        block = scores[start : start + _LANES]
        near = np.int32(0)
        for lane in range(_LANES):
            near += np.int32(block[lane] >= limit)
        if near:
            first = start
            break
    while scores[first] < limit:
        first += 1
    return first


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
    columns = np.zeros((size, _whole_vectors(n_words + 1)), dtype=np.float32)
    columns[:, 0] = root
    columns[:, 1 : n_words + 1] = heads.T
    scores = np.zeros((n_words, columns.shape[1]), dtype=np.float32)
    places = np.arange(size)
    for word in range(n_words):
        _add_rows(columns, places, dependants[word], size, scores[word])
    return scores[:, : n_words + 1]


@_compile
def _whole_vectors(size: int) -> int:
    return (size + _VECTOR - 1) // _VECTOR * _VECTOR


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
    alive = np.ones(n_words + 1, dtype=np.bool_)
    return _find_cycle(full, alive, np.empty_like(full), np.empty_like(full)) == 0


@_compile
def _find_cycle(heads: Ids, alive: Mask, state: Ids, cycle: Ids) -> int:
    """Write the nodes of a cycle into `cycle`; how many there are. See `svodka.neural.decode._find_cycle`."""
    state[:] = 0
    state[0] = 2
    for start in range(1, len(heads)):
        if not alive[start]:
            continue
        size = 0
        node = start
        while state[node] == 0:
            state[node] = 1
            cycle[size] = node
            size += 1
            node = heads[node]
        if state[node] == 1:
            first = 0
            while cycle[first] != node:
                first += 1
            for index in range(first, size):
                cycle[index - first] = cycle[index]
            return size - first
        for index in range(size):
            state[cycle[index]] = 2
    return 0


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
    state, cycle = np.empty_like(heads), np.empty_like(heads)
    # one row an event: which node the arc from each node enters and which the arc to it leaves from, and the heads that
    # the members of the cycle, marked in `inside`, had in it
    enters, leaves = np.empty((n_nodes, n_nodes), dtype=np.int32), np.empty((n_nodes, n_nodes), dtype=np.int32)
    heads_inside, inside = np.empty_like(enters), np.zeros((n_nodes, n_nodes), dtype=np.bool_)
    stands_for = np.empty(n_nodes, dtype=np.int64)
    n_events = 0
    while True:
        size = _find_cycle(heads, alive, state, cycle)
        if size == 0:
            break
        members = cycle[:size]
        for member in members:
            alive[member] = False
            inside[n_events, member] = True
            heads_inside[n_events, member] = heads[member]
        node = members[0]  # stands for the cycle from now on
        _contract(full, members, heads, alive, enters[n_events], leaves[n_events])
        heads[node] = _first_best_alive(full[node], alive)
        for other in range(1, n_nodes):
            if alive[other] and inside[n_events, heads[other]]:
                heads[other] = node
        alive[node] = True
        stands_for[n_events] = node
        n_events += 1
    for event in range(n_events - 1, -1, -1):
        node = stands_for[event]
        entry = heads[node]
        for other in range(1, n_nodes):
            if inside[event, other]:
                heads[other] = heads_inside[event, other]
                alive[other] = True
            elif alive[other] and heads[other] == node:
                heads[other] = leaves[event, other]
        heads[enters[event, entry]] = entry  # the arc that breaks the cycle
    return heads[1:]


@_compile
def _contract(full: Any, cycle: Ids, heads: Ids, alive: Mask, enters: Any, leaves: Any) -> None:  # noqa: ANN401
    """Let the first node of a cycle stand for all of it; write the nodes that arcs enter and leave from."""
    node, n_members = cycle[0], len(cycle)
    into, out_of = np.empty(n_members), np.empty(n_members)
    for other in range(len(full)):
        if not alive[other]:
            continue
        for k in range(n_members):
            into[k] = full[cycle[k], other] - full[cycle[k], heads[cycle[k]]]
            out_of[k] = full[other, cycle[k]]
        enters[other], leaves[other] = cycle[_first_best(into)], cycle[_first_best(out_of)]
        full[node, other], full[other, node] = into.max(), out_of.max()


@_compile
def _first_best_alive(scores: Any, alive: Mask) -> int:  # noqa: ANN401
    best = -np.inf
    for index in range(len(scores)):
        if alive[index]:
            best = max(best, scores[index])
    for index in range(len(scores)):
        if alive[index] and scores[index] >= best - TIE:
            return index
    return 0


@_compile
def best_relations(heads: Array, tails: Array, kernel: Array, rows_of_heads: Ids) -> Ids:
    """See `svodka.neural.portable.best_relations`."""
    n_rows, size = tails.shape
    n_labels = kernel.shape[1] // size
    width = _whole_vectors(n_labels)
    padded = np.zeros((size, size, width), dtype=np.float32)
    padded[:, :, :n_labels] = kernel.reshape(size, size, n_labels)
    wide_kernel = padded.reshape(size, size * width)
    best = np.empty(n_rows, dtype=np.int64)
    product = np.empty(size * width, dtype=np.float32)
    parts = product.reshape(size, width)
    scores = np.empty(width, dtype=np.float32)
    active = np.zeros(size + _AT_A_TIME, dtype=np.int64)
    values = np.zeros(size + _AT_A_TIME, dtype=np.float32)
    made_for = -1
    for row in np.argsort(rows_of_heads, kind="mergesort"):
        head = rows_of_heads[row]
        if head != made_for:
            made_for = head
            product[:] = 0
            _add_rows(wide_kernel, active, values, _positive(heads[head], active, values), product)
        scores[:] = 0
        _add_rows(parts, active, values, _positive(tails[row], active, values), scores)
        best[row] = _first_best(scores[:n_labels])
    return best
