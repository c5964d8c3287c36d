"""The linear regions of a ReLU network, cut out cell by cell: the readable reference.

Start with the window as the only cell. On a cell, every neuron of the next layer is an affine function, so it
is zero on a straight line. If the line passes through the cell, cut the cell in two; go on until no neuron of
the layer changes sign on any cell; then take the next layer.

Two ideas make this safe in floating point:

- A vertex closer to the line than a tolerance counts as *on* it. So three lines through one point stay three
  lines through one point, and no cell is thinner than the tolerance.
- Cells that share an edge share its end points, and the vertex where a line crosses the edge is made once. So
  the cells fit together without gaps, and "has an edge in common" is a question about integers.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from course_utils.numerics._arrays import Float64Array
from course_utils.numerics._cells import (
    LENGTH_TOLERANCE,
    ZERO_TOLERANCE,
    BoolArray,
    Cells,
    CenteredNetwork,
    chain_rule,
    polygon_areas,
)
from course_utils.numerics.mlp import MLP


@dataclass
class Cell:
    """A convex polygon on which all neurons so far keep their sign.

    `corners` are vertex numbers, counterclockwise. On the cell, the input of the next layer is
    `matrix @ x + offset`. `patterns` holds one boolean array per layer done.
    """

    corners: list[int]
    matrix: Float64Array
    offset: Float64Array
    patterns: list[BoolArray]


@dataclass
class Mesh:
    """The vertices of all cells.

    `points[v]` is in window units; `values[v]` are the pre-activations of the current layer, as changes from
    the window's center. `on_edge[a, b]` is the vertex at which the edge from a to b has been cut.
    """

    points: list[Float64Array]
    values: list[Float64Array]
    on_edge: dict[tuple[int, int], int]

    def cut_edge(self, a: int, b: int, neuron: int, switch: float) -> int:
        """The vertex where `neuron` is zero between a and b; a cell on the other side may have made it
        already.
        """
        if (a, b) not in self.on_edge:
            at_a = self.values[a][neuron] - switch
            at_b = self.values[b][neuron] - switch
            t = at_a / (at_a - at_b)
            values = self.values[a] + t * (self.values[b] - self.values[a])
            values[neuron] = switch
            self.on_edge[a, b] = self.on_edge[b, a] = len(self.points)
            self.points.append(self.points[a] + t * (self.points[b] - self.points[a]))
            self.values.append(values)
        return self.on_edge[a, b]

    def with_new_vertices(self, corners: list[int]) -> list[int]:
        """The same polygon, with the vertices that cuts on the other side of its edges have made."""
        return [v for a, b in _edges(corners) for v in (a, *self._between(a, b))]

    def _between(self, a: int, b: int) -> list[int]:
        between = []
        to_do = [(a, b)]  # a list, as halves of halves may go deeper than Python calls
        while to_do:
            a, b = to_do.pop()
            if (middle := self.on_edge.get((a, b))) is not None:
                to_do += [(middle, b), (a, middle)]
            else:
                between.append(b)
        return between[:-1]


def split_into_cells(mlp: MLP, network: CenteredNetwork) -> tuple[Cells, Float64Array, Float64Array]:
    """All activation regions in the window, with the slopes and intercepts of the network on them.

    Returns
    -------
    cells : Cells
    slopes : ndarray, shape (n_cells, n_out, 2)
    intercepts : ndarray, shape (n_cells, n_out)
    """
    mesh = Mesh(
        points=[np.array(p) for p in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]],
        values=[],
        on_edge={},
    )
    cells = [Cell([0, 1, 2, 3], np.eye(2), np.zeros(2), [])]
    inputs = np.array(mesh.points)
    for layer, weight in enumerate(network.weights):
        sizes = np.abs(inputs) @ np.abs(weight) + np.abs(network.switches[layer])
        mesh.values = _pre_activations(network, layer, inputs, sizes)
        cells = [
            piece
            for cell in cells
            for piece in _split_cell(cell, mesh, mlp, network, layer, sizes[cell.corners].max(axis=0))
        ]
        for cell in cells:
            cell.corners = mesh.with_new_vertices(cell.corners)
        inputs = network.hidden_change(layer, np.array(mesh.values))
    slopes = np.array([mlp.weights[-1] @ cell.matrix for cell in cells])
    intercepts = np.array([mlp.weights[-1] @ cell.offset + mlp.biases[-1] for cell in cells])
    return _as_cells(cells, mesh), slopes, intercepts


def _pre_activations(
    network: CenteredNetwork, layer: int, inputs: Float64Array, sizes: Float64Array
) -> list[Float64Array]:
    """One row per vertex; values that may be nothing but rounding become exactly zero."""
    switch = network.switches[layer]
    change = inputs @ network.weights[layer]
    is_zero = np.abs(change - switch) <= ZERO_TOLERANCE * sizes
    return list(np.where(is_zero, switch, change))


def _split_cell(
    cell: Cell, mesh: Mesh, mlp: MLP, network: CenteredNetwork, layer: int, sizes: Float64Array
) -> list[Cell]:
    """The cell, cut by every neuron of the layer that changes sign on it."""
    matrix = mlp.weights[layer] @ cell.matrix
    offset = mlp.weights[layer] @ cell.offset + mlp.biases[layer]
    switch = network.switches[layer]
    # How large a pre-activation is at the tolerated distance from its line: gradient times distance.
    steepness = np.hypot(*(matrix * network.half_widths).T)
    margin = np.maximum(LENGTH_TOLERANCE * steepness, ZERO_TOLERANCE * sizes)

    done = []
    to_do = [(cell.corners, np.zeros(len(switch), dtype=bool), 0)]
    while to_do:
        corners, active, first = to_do.pop()
        corners = mesh.with_new_vertices(corners)
        values = np.array([mesh.values[v][first:] for v in corners]) - switch[first:]
        # What counts as on the line is on it from now on: the next layer must not see the difference.
        on_line = np.abs(values) <= margin[first:]
        values[on_line] = 0.0
        for v, row in zip(corners, on_line, strict=True):
            mesh.values[v][first:][row] = switch[first:][row]
        lowest, highest = values.min(axis=0), values.max(axis=0)
        cuts = np.flatnonzero((highest > margin[first:]) & (lowest < -margin[first:]))
        until = int(cuts[0]) if cuts.size else len(lowest)
        active[first : first + until] = (highest + lowest > 0)[:until]
        if not cuts.size:
            slope, constant = matrix * active[:, np.newaxis], offset * active
            done.append(Cell(corners, slope, constant, [*cell.patterns, active]))
            continue
        neuron = first + until
        positive, negative = _cut(
            corners, values[:, until], float(margin[neuron]), mesh, neuron, float(switch[neuron])
        )
        switched_on = active.copy()
        switched_on[neuron] = True
        to_do += [(negative, active, neuron + 1), (positive, switched_on, neuron + 1)]
    return done


def _cut(
    corners: list[int], values: Float64Array, margin: float, mesh: Mesh, neuron: int, switch: float
) -> tuple[list[int], list[int]]:
    """Cut a convex polygon along the line on which `neuron` is zero; return its positive and its negative
    part.
    """
    side = np.where(values > margin, 1, np.where(values < -margin, -1, 0))
    # Turn the polygon so that its negative corners come last: (on the line) positive (on the line) negative.
    start = next(i for i in range(len(corners)) if side[i - 1] == -1 and side[i] != -1)
    corners, side, values = (
        corners[start:] + corners[:start],
        np.roll(side, -start),
        np.abs(np.roll(values, -start)),
    )
    positive, negative = np.flatnonzero(side == 1), np.flatnonzero(side == -1)

    # Where the line leaves the positive part: at the corner closest to it, or between two corners.
    leave, first_negative = int(positive[-1]) + 1, int(negative[0])
    if leave < first_negative:
        leave += int(values[leave:first_negative].argmin())
    else:
        corners.insert(leave, mesh.cut_edge(corners[leave - 1], corners[leave], neuron, switch))
    # Where it enters: likewise, between the last corner (negative) and the first positive one.
    if positive[0] > 0:
        enter = int(values[: positive[0]].argmin())
    else:
        enter, leave = 0, leave + 1
        corners.insert(0, mesh.cut_edge(corners[-1], corners[0], neuron, switch))
    return corners[enter : leave + 1], corners[leave:] + corners[: enter + 1]


def _edges(corners: list[int]) -> list[tuple[int, int]]:
    return list(zip(corners, corners[1:] + corners[:1], strict=True))


def _as_cells(cells: list[Cell], mesh: Mesh) -> Cells:
    """The cells as flat arrays; two cells are neighbors if they have an edge in common."""
    owners = defaultdict(list)
    for number, cell in enumerate(cells):
        for a, b in _edges(cell.corners):
            owners[min(a, b), max(a, b)].append(number)
    pairs = {(min(o), max(o)) for o in owners.values() if len(o) == 2}
    layers = range(len(cells[0].patterns))
    layer_patterns = [np.array([cell.patterns[layer] for cell in cells]) for layer in layers]

    def patterns(part: slice) -> tuple[BoolArray, ...]:
        return tuple(active[part] for active in layer_patterns)

    points = np.array(mesh.points).view(np.complex128).ravel()
    corners = np.concatenate([cell.corners for cell in cells]).astype(np.intp)
    offsets = np.cumsum([0] + [len(cell.corners) for cell in cells])
    return Cells(
        points=points,
        corners=corners,
        offsets=offsets,
        areas=polygon_areas(points[corners], offsets),
        neighbors=np.array(sorted(pairs), dtype=np.intp).reshape(-1, 2),
        patterns=patterns,
        affine_maps=lambda weights, biases: chain_rule(weights, biases, len(cells), patterns),
    )
