"""The linear regions of a ReLU network as a planar map, refined one layer at a time with array operations
only.

The map is a set of *half-edges*: edge e is the half-edge 2e from its start to its end and 2e + 1 back again,
each with one cell on its left. A layer's lines cut old edges into pieces (at *crossings*), run through cells
as *chords* from one crossing to another, and meet each other inside a cell. Everything that decides how the
new map hangs together is a comparison of integers: a chord starts and ends at known ranks on the way around
its cell, two chords of a cell meet exactly if their ranks interleave, and the next half-edge around each new
cell follows from that. Coordinates only say in which order the meetings stand along a chord.

Chords are directed from the end met first to the end met last, counterclockwise from the cell's first corner
(its *base*). So the base is on the left of every chord, and where chord c meets a later chord d, d comes from
the right of c. No case distinctions are left.

Where rounding could have misled the map it raises `UntrustedMapError`.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from course_utils.numerics._arrays import Float64Array
from course_utils.numerics._cells import (
    LENGTH_TOLERANCE,
    MAX_CHUNK,
    BoolArray,
    Cells,
    CenteredNetwork,
    ComplexArray,
    IntArray,
    Layers,
    chain_rule,
    columns,
    cross,
    polygon_areas,
    slices,
)

LongArray = npt.NDArray[np.int64]

# Positions along an edge are sorted together with the edge's number, as one integer. The position gets the
# bits that the number leaves: 52 for a thousand edges, 43 for half a million.
_SORT_BITS = 62
_MAX_POSITION_BITS = 52
# Points are known to about 1e-15, divided by the sine of the angle at which lines meet there.
_POINT_ERROR = 1e-14
# Half-edges of a cell that are followed at once for all cells; the few cells with more corners take another
# round.
_STEPS_AT_ONCE = 8
# From a piece of an old edge to the next one: by two half-edges forth, or back.
_PIECE_STEP = np.array([2, -2])
# Where chords c and d meet, half-edges h of both arrive forth and h + 3 back; h + 2 leave forth and h + 1
# back. As d comes from the right of c, c's h is followed by d's h + 2, and d's h by c's h + 1; the h + 3 by
# d's h + 1 and c's h + 2.
_TURN_FORTH = np.array([[2], [1]])
_TURN_BACK = np.array([[1], [2]])


class UntrustedMapError(ArithmeticError):
    """Rounding could have misled the planar map; the message says where."""


class PlanarMap(NamedTuple):
    """Convex cells that fill the window, as half-edges.

    Attributes
    ----------
    points : ndarray of complex, shape (n_points,)
        x + iy in window units.
    origins : ndarray, shape (2 * n_edges,)
        The point each half-edge starts from; half-edge h ^ 1 is the same edge in the other direction.
    following : ndarray, shape (2 * n_edges,)
        The next half-edge around the same cell, counterclockwise; outside the window 0.
    loops : ndarray, shape (n_loops,)
        The half-edges around each cell, counterclockwise, one cell after the other.
    loop_cells : ndarray, shape (n_loops,)
        The cell of each of them.
    offsets : ndarray, shape (n_cells + 1,)
        Cell i has the half-edges `loops[offsets[i]:offsets[i + 1]]`; its base is where the first one starts.
    """

    points: ComplexArray
    origins: IntArray
    following: IntArray
    loops: IntArray
    loop_cells: IntArray
    offsets: IntArray


_WINDOW = PlanarMap(
    points=np.array([-1 - 1j, 1 - 1j, 1 + 1j, -1 + 1j]),
    origins=np.array([0, 1, 1, 2, 2, 3, 3, 0]),
    following=np.array([2, 0, 4, 0, 6, 0, 0, 0]),
    loops=np.array([0, 2, 4, 6]),
    loop_cells=np.array([0, 0, 0, 0]),
    offsets=np.array([0, 4]),
)


class Chords(NamedTuple):
    """How one layer cuts the cells of a map.

    New cells are numbered: the part of each old cell at its base, then for each chord the cell on its right
    at its start, then for each meeting the cell on the left of the first and on the right of the second
    chord.

    Attributes
    ----------
    neurons, cells : ndarray, shape (n_chords,)
        The neuron of each chord and the cell it cuts.
    starts, ends : ndarray, shape (n_chords,)
        Ranks of the chord's ends on the way around the cells.
    pairs : ndarray, shape (2, n_meetings)
        The chords that meet, in the first row those with the lower number.
    places : ndarray, shape (2 * n_meetings,)
        Places of all meetings, first as ones of the first chords, then of the second, when sorted by chord
        and along it.
    first_places : ndarray, shape (n_chords,)
        The first such place of each chord.
    """

    neurons: IntArray
    cells: IntArray
    starts: IntArray
    ends: IntArray
    pairs: IntArray
    places: IntArray
    first_places: IntArray

    def carry(self, at_bases: LongArray, step: LongArray) -> LongArray:
        """Values on all new cells, shape (n_new_cells, k), from those at the bases, shape (n_cells, k), and
        the step over each chord from left to right, shape (n_chords, k).
        """
        first, second = self.pairs
        n_meetings = len(first)
        around = np.empty((2 * len(step), step.shape[1]), dtype=np.int64)
        around[self.starts] = step
        around[self.ends] = -step
        # Each chord of a cell is crossed forth and back on the way around: nothing is carried to the next
        # cell.
        np.add.accumulate(around, axis=0, out=around)
        right_of_start = at_bases.take(self.cells, 0) + around.take(self.starts, 0)
        along = np.zeros((len(self.places) + 1, step.shape[1]), dtype=np.int64)
        along[self.places[:n_meetings] + 1] = step.take(second, 0)
        along[self.places[n_meetings:] + 1] = -step.take(first, 0)
        np.add.accumulate(along, axis=0, out=along)
        left_of_start = right_of_start - step - along.take(self.first_places, 0)
        after_meeting = left_of_start.take(first, 0) + along.take(self.places[:n_meetings] + 1, 0)
        return np.concatenate((at_bases, right_of_start, after_meeting))


def refine_planar_map(network: CenteredNetwork) -> Cells:
    """All activation regions in the window.

    Raises
    ------
    UntrustedMapError
        If rounding could have misled the map.
    """
    planar_map = _WINDOW
    if not network.weights:
        return _as_cells(planar_map, network, None)
    change = columns(planar_map.points).dot(network.weights[0])
    active_at_base = change[:1] > network.switches[0]
    for layer in range(len(network.weights)):
        planar_map, chords, change = _refine(planar_map, network, layer, change)
    if len(network.weights) == 1:
        return _as_cells(planar_map, network, lambda w, b: _sums_over_active(w, b, active_at_base, chords))
    return _as_cells(planar_map, network, None)


def _refine(
    old: PlanarMap, network: CenteredNetwork, layer: int, change: Float64Array
) -> tuple[PlanarMap, Chords, Float64Array]:
    """Cut the cells by all neurons of a layer at once.

    `change` holds the layer's pre-activations at all points, as changes from the center; also returned are
    those of the next layer, at the new points.
    """
    switch = network.switches[layer]
    n_loops = len(old.loops)
    crossings = _cross(old, switch, change)
    n_crossings = len(crossings.edges)
    pieces = _cut(crossings.edges, np.arange(n_crossings), len(old.origins) // 2)
    around = _way_around(old, crossings, pieces)
    starts, ends = _pair_ends(around.cells * len(switch) + around.neurons)
    tips = np.concatenate((starts, ends))
    tip_crossing = around.crossings[tips]
    meetings = _meet(starts, ends, crossings.points[tip_crossing])
    n_chords, n_meetings = len(starts), meetings.pairs.shape[1]

    # Chords are cut as edges are, and numbered after them. `chord_pieces` are what their pieces begin with,
    # first forth, then back: in the order of `tips`.
    n_cut_edges = len(old.origins) // 2 + n_crossings
    chord_cuts = _cut(meetings.chords, meetings.places, n_chords)
    chord_pieces = 2 * n_cut_edges + chord_cuts.first.reshape(n_chords, 2).T.ravel()
    before_meeting = 2 * n_cut_edges + chord_cuts.before.reshape(2, n_meetings)

    # The new points are numbered after the old ones: first the crossings, then the meetings.
    numbers = np.arange(len(old.points), len(old.points) + n_crossings + n_meetings)
    crossing, meeting = numbers[:n_crossings], numbers[n_crossings:]
    n_half_edges = 2 * (n_cut_edges + n_chords + 2 * n_meetings)
    origins = np.empty(n_half_edges, dtype=np.intp)
    origins[pieces.first] = old.origins
    origins[pieces.before + 1] = origins[pieces.before + 2] = crossing
    origins[chord_pieces] = crossing[tip_crossing]
    origins[before_meeting + 1] = origins[before_meeting + 2] = meeting

    # The next half-edge around each new cell: at old points, at chord ends, at meetings.
    following = np.zeros(n_half_edges, dtype=np.intp)
    following[around.last] = pieces.first[old.following[old.loops]]
    after_tips = around.leaving[tips]
    following[around.arriving[tips]] = chord_pieces
    following[chord_pieces ^ 1] = after_tips
    crosswise = before_meeting[::-1]
    following[before_meeting] = crosswise + _TURN_FORTH
    following[before_meeting + 3] = crosswise + _TURN_BACK

    representatives = np.concatenate(
        (around.first[old.offsets[:-1]], after_tips[:n_chords], before_meeting[0] + 2)
    )
    loops, loop_cells, offsets = _trace(
        following, representatives, n_loops + len(around.neurons) + 2 * n_chords + 4 * n_meetings
    )
    points = np.concatenate((old.points, crossings.points, meetings.points))
    new = PlanarMap(points, origins, following, loops, loop_cells, offsets)
    chords = Chords(
        around.neurons[starts],
        around.cells[starts],
        starts,
        ends,
        meetings.pairs,
        meetings.places,
        chord_cuts.n_more.cumsum() - chord_cuts.n_more,
    )
    if layer + 1 < len(network.weights):
        rows = _interpolate(change, crossings.from_, crossings.to, crossings.t)
        rows[np.arange(n_crossings), crossings.neurons] = switch[crossings.neurons]
        rows = np.concatenate((change, rows))
        ends_of_first = crossing[tip_crossing.reshape(2, n_chords)[:, meetings.pairs[0]]]
        met_neurons = chords.neurons[meetings.pairs]
        change = _next_layer(network, layer, rows, ends_of_first, meetings.t, met_neurons)
    return new, chords, change


class _Crossings(NamedTuple):
    """Where neurons switch on old edges, sorted along each edge: at t between the points `from_` and `to`."""

    edges: IntArray
    neurons: IntArray
    from_: IntArray
    to: IntArray
    t: Float64Array
    points: ComplexArray


def _cross(old: PlanarMap, switch: Float64Array, change: Float64Array) -> _Crossings:
    """Find the neurons that switch between the ends of an old edge."""
    active = (change > switch).take(old.origins, 0)
    edge, neuron = (active[0::2] != active[1::2]).nonzero()
    from_, to = old.origins[0::2][edge], old.origins[1::2][edge]
    at_from, at_to = change[from_, neuron], change[to, neuron]
    t = (at_from - switch[neuron]) / (at_from - at_to)
    order = sort_along(
        edge, t, len(active) // 2
    )  # within each edge, so edges and their ends stay as they are
    t, neuron = t[order], neuron[order]
    corner = old.points[from_]
    return _Crossings(edge, neuron, from_, to, t, corner + t * (old.points[to] - corner))


class _Pieces(NamedTuple):
    """Into what edges are cut.

    Half-edge h begins with the piece `first[h]`, and edge e has `n_more[e]` more. The half-edge `before` ends
    at each cut; the next two numbers are those that start there.
    """

    n_more: IntArray
    first: IntArray
    before: IntArray


def _cut(edges: IntArray, places: IntArray, n_edges: int) -> _Pieces:
    """Number the pieces of edges, cut once for each of `edges`.

    `places` are those of the cuts among all, when sorted by edge and along it.
    """
    n_more = np.bincount(edges, minlength=n_edges)
    up_to = np.arange(n_edges) + n_more.cumsum()
    first = np.empty((n_edges, 2), dtype=np.intp)
    first[:, 0] = 2 * (up_to - n_more)
    first[:, 1] = 2 * up_to + 1
    return _Pieces(n_more, first.ravel(), 2 * (edges + places))


class _WayAround(NamedTuple):
    """The crossings on the way around all cells: old half-edge by old half-edge, and along each from piece to
    piece. A crossing's place there is the *rank* of the chord's end that it is.

    `first` and `last` are the first and the last piece of each of the old map's loops; all else belongs to
    the crossings: also the pieces that are `arriving` there and `leaving` from there.
    """

    first: IntArray
    last: IntArray
    crossings: IntArray
    neurons: IntArray
    cells: IntArray
    arriving: IntArray
    leaving: IntArray


def _way_around(old: PlanarMap, crossings: _Crossings, pieces: _Pieces) -> _WayAround:
    edges = old.loops >> 1
    count = pieces.n_more[edges]
    first = pieces.first[old.loops]
    one_further = _PIECE_STEP[old.loops & 1]
    loop = np.arange(len(count)).repeat(count)
    step = one_further[loop]
    along = np.arange(len(loop)) - (count.cumsum() - count)[loop]
    arriving = first[loop] + along * step
    leaving = arriving + step
    crossing = (np.minimum(arriving, leaving) >> 1) - edges[loop]
    return _WayAround(
        first,
        first + count * one_further,
        crossing,
        crossings.neurons[crossing],
        old.loop_cells[loop],
        arriving,
        leaving,
    )


class _Meetings(NamedTuple):
    """Where two chords meet inside a cell: at t along the first, which is the one with the lower number.

    `pairs`, `chords` and `places` are those of `Chords`: `chords` the pairs in one row.
    """

    pairs: IntArray
    chords: IntArray
    places: IntArray
    t: Float64Array
    points: ComplexArray


def _meet(starts: IntArray, ends: IntArray, tip_points: ComplexArray) -> _Meetings:
    """Find where chords meet, from the ranks of their ends and, for the order along each, their points."""
    n_chords = len(starts)
    pairs = _interleaved(starts, ends)
    chords = pairs.ravel()
    start = tip_points[:n_chords]
    vector = tip_points[n_chords:] - start
    start, vector = start[pairs], vector[pairs]
    t = cross(start[1] - start[0], vector[::-1]) / cross(vector[0], vector[1])
    order = sort_along(chords, t.ravel(), n_chords)
    places = np.empty(len(chords), dtype=np.intp)
    places[order] = np.arange(len(chords))
    return _Meetings(pairs, chords, places, t[0], start[0] + t[0] * vector[0])


def _pair_ends(key: IntArray) -> tuple[IntArray, IntArray]:
    """Ranks of first and second ends of all chords, sorted by the first; a chord's ends have the same key."""
    by_key = key.argsort(kind="stable")
    starts, ends = by_key[0::2], by_key[1::2]
    key = key[starts]
    if np.count_nonzero(key[1:] == key[:-1]):
        raise UntrustedMapError("a line enters a cell more than once")
    by_start = starts.argsort()
    return starts[by_start], ends[by_start]


def _interleaved(starts: IntArray, ends: IntArray) -> IntArray:
    """All pairs of chords c < d that meet, as two rows: exactly those where d starts inside c's ranks and
    ends outside.

    Chords are sorted by `starts`. The ranks of a cell follow each other, so no pair of different cells comes
    up.
    """
    number = np.arange(len(starts) + 1)
    beyond = starts.searchsorted(ends)
    inside = beyond - number[1:]
    c = number[:-1].repeat(inside)
    d = np.arange(len(c)) - (inside.cumsum() - beyond)[c]
    meets = (ends[d] > ends[c]).nonzero()[0]
    return np.array((c[meets], d[meets]))


def _next_layer(
    network: CenteredNetwork,
    layer: int,
    rows: Float64Array,
    ends: IntArray,
    t: Float64Array,
    neurons: IntArray,
) -> Float64Array:
    """Pre-activations of the next layer, from those of this one: at all points but the meetings (`rows`), and
    at the meetings, at t between the rows `ends` and on the lines of two `neurons`. In pieces, for a wide
    layer's rows would be the largest array of all.
    """
    switch, weight = network.switches[layer], network.weights[layer + 1]
    parts = []
    for part in slices(len(t), len(switch)) or [slice(0, 0)]:
        met_rows = _interpolate(rows, ends[0, part], ends[1, part], t[part])
        met = neurons[:, part]
        met_rows.ravel()[np.arange(0, met_rows.size, len(switch)) + met] = switch[met]
        if part.start == 0:
            met_rows = np.concatenate((rows, met_rows))
        parts.append(network.hidden_change(layer, met_rows).dot(weight))
    return np.concatenate(parts)


def _interpolate(rows: Float64Array, from_: IntArray, to: IntArray, t: Float64Array) -> Float64Array:
    at_from = rows.take(from_, 0)
    result: Float64Array = at_from + t[:, np.newaxis] * (rows.take(to, 0) - at_from)
    return result


def sort_along(edge: IntArray, t: Float64Array, n_edges: int) -> IntArray:
    """The order that sorts by edge, then by the position t in [0, 1) along it."""
    bits = min(_SORT_BITS - n_edges.bit_length(), _MAX_POSITION_BITS)
    position = (t * 2.0**bits).astype(np.int64)
    if np.count_nonzero(position >> bits):  # also true of nan
        raise UntrustedMapError("a crossing falls on the end of its edge")
    position += edge.astype(np.int64) << bits  # an index may have 32 bits only
    return position.argsort()


def _trace(
    following: IntArray, representatives: IntArray, expected: int
) -> tuple[IntArray, IntArray, IntArray]:
    """The half-edges around each cell from its representative on, their cells, and offsets.

    By Euler's formula the cells have `expected` half-edges in total. If the loops do, and are all different,
    each cell has been found exactly once.
    """
    n_cells = len(representatives)
    sizes = np.zeros(n_cells, dtype=np.intp)
    cells, current, n_steps = np.arange(n_cells), representatives, 0
    rounds: list[tuple[IntArray, IntArray]] = []
    while len(cells):
        # Each cell that is still open has more than n_steps half-edges.
        if n_steps * len(cells) > expected:
            raise UntrustedMapError("the number of cells is not the one of Euler's formula")
        steps = np.empty((_STEPS_AT_ONCE + 1, len(cells)), dtype=np.intp)
        steps[0] = current
        for here, there in pairwise(steps):
            following.take(here, out=there, mode="clip")  # the default mode would copy `there` twice
        is_back = steps == (representatives[cells] if rounds else representatives)
        is_back[0] = False  # in the first round the start itself; later no cell gets here that is back
        rounds.append((cells, steps))
        back_after = is_back.argmax(axis=0)
        sizes[cells] = back_after + n_steps
        still_open = (back_after == 0).nonzero()[0]
        # The last half-edge of a round is the first of the next.
        cells, current = cells[still_open], steps[-1, still_open]
        n_steps += _STEPS_AT_ONCE
    offsets = np.zeros(n_cells + 1, dtype=np.intp)
    sizes.cumsum(out=offsets[1:])
    if offsets[-1] != expected:
        raise UntrustedMapError("the number of cells is not the one of Euler's formula")
    loops = np.empty(expected, dtype=np.intp)
    number = np.arange(_STEPS_AT_ONCE + 1)[:, np.newaxis]
    for cells, steps in rounds:
        is_own = number < sizes[cells]
        loops[(number + offsets[cells])[is_own]] = steps[is_own]
        number = number + _STEPS_AT_ONCE
    return loops, np.arange(n_cells).repeat(sizes), offsets


def _as_cells(
    planar_map: PlanarMap,
    network: CenteredNetwork,
    sums_over_active: Callable[[Layers, Layers], tuple[Float64Array, Float64Array]] | None,
) -> Cells:
    """The map as flat arrays, if each half-edge belongs to one cell, and no edge is too short or cell too
    thin.
    """
    points, origins, loops, offsets = (
        planar_map.points,
        planar_map.origins,
        planar_map.loops,
        planar_map.offsets,
    )
    cell_of = np.full(len(origins), -1, dtype=np.intp)
    cell_of[loops] = planar_map.loop_cells
    if np.count_nonzero(cell_of >= 0) != len(loops):
        raise UntrustedMapError("the number of cells is not the one of Euler's formula")
    lengths = np.abs(points[origins[1::2]] - points[origins[0::2]])
    corners = origins[loops]
    polygons = points[corners]
    areas = polygon_areas(polygons, offsets)
    bases = offsets[:-1]
    # Nearly always one comparison settles that no cell is thinner than the tolerance.
    if not (lengths.min() >= LENGTH_TOLERANCE and areas.min() >= LENGTH_TOLERANCE * lengths.max()):
        _check_small_cells(planar_map, lengths, areas)
    inner = (np.minimum(cell_of[0::2], cell_of[1::2]) >= 0).nonzero()[0]
    neighbors = cell_of.reshape(-1, 2).take(inner, 0)

    count = len(bases)
    inner_points = columns(np.add.reduceat(polygons, bases) / (offsets[1:] - bases))

    def patterns(part: slice) -> tuple[BoolArray, ...]:
        return network.active_at(inner_points[part])[0]

    def certain_patterns(part: slice) -> tuple[BoolArray, ...]:
        active, is_certain = network.active_at(inner_points[part])
        if not is_certain:
            raise UntrustedMapError("a neuron is too close to zero inside a cell")
        return active

    def affine_maps(weights: Layers, biases: Layers) -> tuple[Float64Array, Float64Array]:
        # A wide layer's patterns cost more than the whole map. With one layer sums can go from cell to cell
        # instead.
        if sums_over_active is not None and count * len(biases[0]) > MAX_CHUNK:
            return sums_over_active(weights, biases)
        return chain_rule(weights, biases, count, certain_patterns)

    return Cells(points, corners, offsets, areas, neighbors, patterns, affine_maps)


def _check_small_cells(planar_map: PlanarMap, lengths: Float64Array, areas: Float64Array) -> None:
    """Accept edges and cells below the tolerance if they are well above the error of their corners.

    A window that is large for what it shows has many of them. All corners must be convex beyond doubt.
    """
    points, origins, following, loops, loop_cells, offsets = planar_map
    thickness = areas / np.maximum.reduceat(lengths[loops >> 1], offsets[:-1])
    if lengths.min() >= LENGTH_TOLERANCE and thickness.min() >= LENGTH_TOLERANCE:
        return
    ends = origins[following[loops]]
    arriving = points[ends] - points[origins[loops]]
    leaving = points[origins[following[following[loops]]]] - points[ends]
    sine = cross(arriving, leaving) / (np.abs(arriving) * np.abs(leaving))
    if not sine.min() > 0:
        raise UntrustedMapError("a cell is not convex")
    smallest = np.ones(len(points))
    np.minimum.at(smallest, ends, sine)
    error = _POINT_ERROR / smallest
    if not (lengths >= np.maximum(error[origins[0::2]], error[origins[1::2]])).all():
        raise UntrustedMapError("an edge is shorter than the error of its ends")
    cell_error = np.zeros(len(thickness))
    np.maximum.at(cell_error, loop_cells, error[ends])
    if not (thickness >= cell_error).all():
        raise UntrustedMapError("a cell is thinner than the error of its corners")


def _sums_over_active(
    weights: Layers, biases: Layers, active_at_base: BoolArray, chords: Chords
) -> tuple[Float64Array, Float64Array]:
    """Slopes and intercepts of a network with one hidden layer: sums over the active neurons, carried from
    cell to cell.

    Running sums of floats would pile up rounding. Two int64 per number hold each term exactly (unless it is
    below 2**-60 of their sum), so the order of additions does not matter.
    """
    (inner, outer), (inner_bias, outer_bias) = weights, biases
    n_out = len(outer)
    lines = np.concatenate((inner, inner_bias[:, np.newaxis]), axis=1)
    terms = (outer.T[:, :, np.newaxis] * lines[:, np.newaxis]).reshape(len(lines), 3 * n_out)
    exponent = 61 - np.frexp(np.abs(terms).sum(axis=0))[1]
    scaled = np.ldexp(terms, exponent)
    high = np.rint(scaled)
    low = np.rint((scaled - high) * 2.0**51)
    whole = np.concatenate((high, low), axis=1).astype(np.int64)
    # From the left of a chord to its right a neuron switches on, or off if it is on at the base, left of all
    # chords.
    switch = 1 - 2 * active_at_base[chords.cells, chords.neurons].astype(np.int64)
    step = switch[:, np.newaxis] * whole.take(chords.neurons, 0)
    sums = chords.carry(active_at_base.astype(np.int64) @ whole, step).astype(np.float64)
    total = np.ldexp(sums[:, : 3 * n_out] + sums[:, 3 * n_out :] * 2.0**-51, -exponent).reshape(-1, n_out, 3)
    return total[:, :, :2], total[:, :, 2] + outer_bias
