"""The kernels compiled by numba: what `svodka.neural.portable` does, with loops where numpy is the limit.

After a ReLU four of five inputs of a convolution are zero; a loop can pass over them, a matrix product cannot. What the
loop does for each input, two functions that are written in LLVM's own terms do with vectors that stay in registers
(`_places_above_zero`, `_add_products`). Trees and tags are decoded word by word.

All is in one file because numba compiles a function anew when its own file changes, not when a callee's does.
"""

from collections.abc import Callable
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils as untyped_cgutils
from numba.extending import intrinsic as untyped_intrinsic

from svodka._compat import use_wide_vectors
from svodka.neural.decode import TIE
from svodka.neural.weights import Array, Ids, Mask

use_wide_vectors()

cgutils: Any = untyped_cgutils
intrinsic: Any = untyped_intrinsic

# Numbers in a vector, the register of the widest processors; LLVM makes several of it on others.
_VECTOR = 16
# Vectors whose sums are held at a time: half of the registers or less.
_HELD = 12 if llvm.get_host_cpu_features().get("avx512f") else 6

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
        for j in range(width):
            output[row, j] = bias[j]
    places = np.empty(n_inputs + _VECTOR, dtype=np.int32)
    products = _aligned(3 * width)
    for row in range(n_rows):
        if not is_word[row]:
            continue
        for j in range(3 * width):  # numba assigns a whole array at a fifth of the speed
            products[j] = constant[j]
        _add_products(kernel, inputs[row], places, _places_above_zero(inputs[row], places), products)
        # the row before, this one and the one after it lie side by side, as the kernel's columns do
        target = flat[row * width : (row + 3) * width]
        for j in range(3 * width):
            target[j] += products[j]
    for j in range(len(flat)):
        flat[j] = max(flat[j], np.float32(0))
    for row in range(n_rows):
        if not is_word[row]:
            output[row + 1] = 0
    return output[1:-1]


_FLOATS, _INTEGERS = ir.VectorType(ir.FloatType(), _VECTOR), ir.VectorType(ir.IntType(32), _VECTOR)
_BITS = ir.VectorType(ir.IntType(1), _VECTOR)
_INT16, _INT32, _INT64 = ir.IntType(16), ir.IntType(32), ir.IntType(64)


@intrinsic  # type: ignore[untyped-decorator]
def _places_above_zero(typing: Any, row: Any, places: Any) -> tuple[Any, Callable[..., Any]]:  # noqa: ANN401
    """Write the places at which a row is above zero; how many there are.

    Args:
        typing: numba's own.
        row: Its length is a multiple of 16.
        places: (length + 16,) int32.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ANN401
        source, target = _pointers(context, builder, signature.args, arguments)
        length = context.make_array(signature.args[0])(context, builder, arguments[0]).nitems
        compress = _declared(
            builder, "llvm.experimental.vector.compress.v16i32", _INTEGERS, _INTEGERS, _BITS, _INTEGERS
        )
        count_bits = _declared(builder, "llvm.ctpop.i16", _INT16, _INT16)
        count = cgutils.alloca_once_value(builder, _INT64(0))
        with cgutils.for_range_slice(builder, _INT64(0), length, _INT64(_VECTOR), intp=_INT64) as (start, _):
            above = builder.fcmp_ordered(">", _load(builder, source, start, _FLOATS), _FLOATS([0.0] * _VECTOR))
            here = builder.add(_spread(builder, builder.trunc(start, _INT32)), _INTEGERS(list(range(_VECTOR))))
            packed = builder.call(compress, [here, above, _INTEGERS(ir.Undefined)])
            known = builder.load(count)
            _store(builder, packed, target, known)
            found = builder.call(count_bits, [builder.bitcast(above, _INT16)])
            builder.store(builder.add(known, builder.zext(found, _INT64)), count)
        return builder.load(count)

    return types.intp(row, places), generate


@intrinsic  # type: ignore[untyped-decorator]
def _add_products(
    typing: Any, kernel: Any, row: Any, places: Any, count: Any, target: Any  # noqa: ANN401
) -> tuple[Any, Callable[..., Any]]:  # fmt: skip
    """Add to a target the rows of a kernel at these places, each times the number that the row has at the place.

    The order of the sum is that of the places.

    Args:
        typing: numba's own.
        kernel: (places, columns), a multiple of 16 columns.
        row: The factors.
        places: int32.
        count: How many places.
        target: (columns,).
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ANN401
        matrix = context.make_array(signature.args[0])(context, builder, arguments[0])
        width = cgutils.unpack_tuple(builder, matrix.shape)[1]
        factors, numbers, sums = _pointers(
            context, builder, [signature.args[n] for n in (1, 2, 4)], [arguments[n] for n in (1, 2, 4)]
        )
        fused = _declared(builder, "llvm.fma.v16f32", _FLOATS, _FLOATS, _FLOATS, _FLOATS)

        def add(first: Any, n_vectors: int) -> None:  # noqa: ANN401
            """Columns from `first` on, as many as these vectors have; their sums stay in registers."""
            columns = [builder.add(first, _INT64(vector * _VECTOR)) for vector in range(n_vectors)]
            begin = builder.block
            held = [_load(builder, sums, column, _FLOATS) for column in columns]
            loop, end = builder.append_basic_block("loop"), builder.append_basic_block("end")
            builder.branch(loop)
            builder.position_at_end(loop)
            step, *totals = (builder.phi(kind) for kind in (_INT64, *[_FLOATS] * len(held)))
            place = builder.sext(builder.load(builder.gep(numbers, [step])), _INT64)
            line = builder.mul(place, width)
            weights = [_load(builder, matrix.data, builder.add(line, column), _FLOATS) for column in columns]
            factor = _spread(builder, builder.load(builder.gep(factors, [place])))
            new = [builder.call(fused, [factor, weight, total]) for weight, total in zip(weights, totals, strict=True)]
            following = builder.add(step, _INT64(1))
            for value, before, after in zip((step, *totals), (_INT64(0), *held), (following, *new), strict=True):
                value.add_incoming(before, begin)
                value.add_incoming(after, loop)
            builder.cbranch(builder.icmp_signed("<", following, arguments[3]), loop, end)
            builder.position_at_end(end)
            for total, column in zip(new, columns, strict=True):
                _store(builder, total, sums, column)

        whole = builder.sub(width, builder.srem(width, _INT64(_HELD * _VECTOR)))
        with builder.if_then(builder.icmp_signed(">", arguments[3], _INT64(0))):
            for start, stop, n_vectors in ((_INT64(0), whole, _HELD), (whole, width, 1)):
                span = _INT64(n_vectors * _VECTOR)
                with cgutils.for_range_slice(builder, start, stop, span, intp=_INT64) as (first, _):
                    add(first, n_vectors)
        return context.get_dummy_value()

    return types.void(kernel, row, places, count, target), generate


def _pointers(context: Any, builder: Any, kinds: Any, arrays: Any) -> list[Any]:  # noqa: ANN401
    """Where the numbers of each array begin."""
    if any(kind.layout != "C" or kind.ndim != 1 for kind in kinds):
        raise TypeError(f"rows must be contiguous: {kinds}")
    return [context.make_array(kind)(context, builder, one).data for kind, one in zip(kinds, arrays, strict=True)]


def _load(builder: Any, pointer: Any, place: Any, kind: Any) -> Any:  # noqa: ANN401
    return builder.load(builder.bitcast(builder.gep(pointer, [place]), kind.as_pointer()), align=4)


def _store(builder: Any, vector: Any, pointer: Any, place: Any) -> None:  # noqa: ANN401
    builder.store(vector, builder.bitcast(builder.gep(pointer, [place]), vector.type.as_pointer()), align=4)


def _spread(builder: Any, number: Any) -> Any:  # noqa: ANN401
    """A vector that has the number in each place."""
    empty = ir.VectorType(number.type, _VECTOR)(ir.Undefined)
    return builder.shuffle_vector(builder.insert_element(empty, number, _INT32(0)), empty, _INTEGERS([0] * _VECTOR))


def _declared(builder: Any, name: str, result: Any, *arguments: Any) -> Any:  # noqa: ANN401
    return cgutils.get_or_insert_function(builder.module, ir.FunctionType(result, arguments), name)


@_compile
def best_labels(scores: Array, bias: Array) -> Ids:
    """See `svodka.neural.portable.best_labels`."""
    best = np.empty(len(scores), dtype=np.int64)
    biased = np.full(_whole_vectors(len(bias)), np.float32(-np.inf))
    for row in range(len(scores)):
        for label in range(len(bias)):
            biased[label] = scores[row, label] + bias[label]
        best[row] = _first_best_in_vectors(biased)
    return best


@intrinsic  # type: ignore[untyped-decorator]
def _first_best_in_vectors(typing: Any, scores: Any) -> tuple[Any, Callable[..., Any]]:  # noqa: ANN401
    """As `_first_best`, of float32 that fill whole vectors."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ANN401
        (source,) = _pointers(context, builder, signature.args, arguments)
        length = context.make_array(signature.args[0])(context, builder, arguments[0]).nitems
        n_vectors, span = builder.udiv(length, _INT64(_VECTOR)), _INT64(_VECTOR)
        larger = _declared(builder, "llvm.maxnum.v16f32", _FLOATS, _FLOATS, _FLOATS)
        largest = _declared(builder, "llvm.vector.reduce.fmax.v16f32", ir.FloatType(), _FLOATS)
        first_bit = _declared(builder, "llvm.cttz.i16", _INT16, _INT16, ir.IntType(1))
        highest = cgutils.alloca_once_value(builder, _load(builder, source, _INT64(0), _FLOATS))
        with cgutils.for_range(builder, n_vectors) as loop:
            numbers = _load(builder, source, builder.mul(loop.index, span), _FLOATS)
            builder.store(builder.call(larger, [builder.load(highest), numbers]), highest)
        limit = builder.fsub(builder.call(largest, [builder.load(highest)]), ir.FloatType()(float(np.float32(TIE))))
        first = cgutils.alloca_once_value(builder, _INT64(0))
        with cgutils.for_range(builder, n_vectors) as loop:
            start = builder.mul(loop.index, span)
            near = builder.fcmp_ordered(">=", _load(builder, source, start, _FLOATS), _spread(builder, limit))
            bits = builder.bitcast(near, _INT16)
            with builder.if_then(builder.icmp_unsigned("!=", bits, _INT16(0))):
                place = builder.zext(builder.call(first_bit, [bits, ir.IntType(1)(0)]), _INT64)
                builder.store(builder.add(start, place), first)
                loop.do_break()
        return builder.load(first)

    return types.intp(scores), generate


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
    places = np.arange(size).astype(np.int32)
    for word in range(n_words):
        _add_products(columns, dependants[word], places, size, scores[word])
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
    into, out_of = np.full(len(full), -np.inf), np.full(len(full), -np.inf)
    for member in cycle:
        lost = full[member, heads[member]]
        for other in range(len(full)):
            into[other] = max(into[other], full[member, other] - lost)
            out_of[other] = max(out_of[other], full[other, member])
    for member in cycle[::-1]:  # the first of those that are as good as equal comes last, and stays
        lost = full[member, heads[member]]
        for other in range(len(full)):
            if full[member, other] - lost >= into[other] - TIE:
                enters[other] = member
            if full[other, member] >= out_of[other] - TIE:
                leaves[other] = member
    for other in range(len(full)):
        if alive[other]:
            full[cycle[0], other], full[other, cycle[0]] = into[other], out_of[other]


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
    places = np.empty(size + _VECTOR, dtype=np.int32)
    made_for = -1
    for row in np.argsort(rows_of_heads, kind="mergesort"):
        head = rows_of_heads[row]
        if head != made_for:
            made_for = head
            product[:] = 0
            count = _places_above_zero(heads[head], places)
            _add_products(wide_kernel, heads[head], places, count, product)
        scores[:] = 0
        count = _places_above_zero(tails[row], places)
        _add_products(parts, tails[row], places, count, scores)
        best[row] = _first_best(scores[:n_labels])
    return best
