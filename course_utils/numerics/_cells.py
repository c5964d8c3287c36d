"""What both region engines share: the network seen from a window's center, and the cells they hand back.

Both engines work in *window units*: the window is the square [-1, 1]², and every pre-activation is kept as
its change from the window's center. So a window of size 1e-6 is as accurate as one of size 1: its values are
not small differences of large ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from course_utils.numerics._arrays import Float64Array
from course_utils.numerics.mlp import MLP

ComplexArray = npt.NDArray[np.complex128]
IntArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]
ByteArray = npt.NDArray[np.uint8]
Window = tuple[float, float, float, float]
Layers = Sequence[Float64Array]

# A vertex closer to a line than this (window units: half a window side is 1) counts as on it. Vertices are
# computed to about 1e-15, so three digits are left for lines that meet at a small angle.
LENGTH_TOLERANCE = 1e-12
# A pre-activation smaller than this, relative to the terms it is summed from, may be nothing but rounding.
ZERO_TOLERANCE = 2.0**-44
# At 1e7 a window is still resolved by 1e9 floating-point numbers per side; at 1e12 by a few thousand.
MAX_CENTER_TO_WIDTH = 1e7
_SIZE_LIMITS = (1e-100, 1e100)
# Numbers in a temporary array (1 MB of float64, which fits a cache): large maps are worked through in pieces.
MAX_CHUNK = 2**17


@dataclass(frozen=True)
class CenteredNetwork:
    """The hidden layers of a network, for points in window units around the window's center.

    Attributes
    ----------
    center, half_widths : ndarray, shape (2,)
        A point u in window units stands for x = center + half_widths * u.
    weights : tuple of ndarray, shape (n_in, n_out) each
        Hidden layers only, for points as rows; the first is scaled to take window units.
    switches : tuple of ndarray
        For each neuron of each hidden layer, the change from the center at which it switches: minus its
        pre-activation at the center.
    """

    center: Float64Array
    half_widths: Float64Array
    weights: tuple[Float64Array, ...]
    switches: tuple[Float64Array, ...]

    @classmethod
    def of(cls, mlp: MLP, window: Window) -> CenteredNetwork:
        xmin, xmax, ymin, ymax = window
        center = np.array([(xmin + xmax) / 2, (ymin + ymax) / 2])
        half_widths = np.array([(xmax - xmin) / 2, (ymax - ymin) / 2])
        weights = tuple(np.ascontiguousarray(weight.T) for weight in mlp.weights[:-1])
        if weights:
            weights = (weights[0] * half_widths[:, np.newaxis], *weights[1:])
        switches = _switches(mlp, center)
        reach = np.ones(2)  # bounds of the values in the window, layer by layer
        for weight, switch in zip(weights, switches, strict=True):
            reach = reach @ np.abs(weight) + np.abs(switch)
        refuse_overflow(center, reach)
        return cls(center, half_widths, weights, switches)

    def hidden_change(self, layer: int, change: Float64Array) -> Float64Array:
        """relu(z + change) - relu(z) for the center's pre-activations z, without cancellation."""
        switch = self.switches[layer]
        return np.maximum(change, switch) - np.maximum(switch, 0.0)

    def to_plane(self, points: Float64Array) -> Float64Array:
        """Window units to coordinates of the plane."""
        return self.center + self.half_widths * points

    def to_window(self, points: Float64Array) -> Float64Array:
        """Coordinates of the plane to window units."""
        return (points - self.center) / self.half_widths

    def active_at(self, points: Float64Array) -> tuple[tuple[BoolArray, ...], bool]:
        """Per layer, which neurons are active at points in window units; and if rounding leaves no doubt."""
        patterns, inputs, is_certain = [], points, True
        for layer, (weight, switch) in enumerate(zip(self.weights, self.switches, strict=True)):
            change = inputs.dot(weight)
            pre_activation = change - switch
            is_certain = is_certain and _signs_are_certain(pre_activation, inputs, weight, switch)
            patterns.append(pre_activation > 0)
            if layer + 1 < len(self.weights):
                inputs = self.hidden_change(layer, change)
        return tuple(patterns), is_certain


def _signs_are_certain(
    pre_activation: Float64Array, inputs: Float64Array, weight: Float64Array, switch: Float64Array
) -> bool:
    """Whether no `inputs @ weight - switch` is so small, for its terms, that its sign may be rounding."""
    smallest = np.abs(pre_activation).min(initial=np.inf)
    # By Cauchy and Schwarz no terms add up to more than this: nearly always that settles it for all points.
    if smallest > ZERO_TOLERANCE * (_norm(inputs) * _norm(weight) + _norm(switch)):
        return True
    doubt = ZERO_TOLERANCE * (np.abs(inputs).dot(np.abs(weight)) + np.abs(switch))
    return not np.count_nonzero(np.abs(pre_activation) < doubt)


def _norm(values: Float64Array) -> float:
    flat = values.ravel()
    return sqrt(flat.dot(flat))


def _switches(mlp: MLP, center: Float64Array) -> tuple[Float64Array, ...]:
    """Minus the pre-activations at the center.

    A small window far out makes these large sums that nearly cancel. Extended precision keeps them exact
    enough; where long double is no wider than double, the regions are those of a network whose biases are off
    by one rounding.
    """
    hidden = center.astype(np.longdouble)
    switches = []
    for weight, bias in zip(mlp.weights[:-1], mlp.biases[:-1], strict=True):
        pre_activation = weight.astype(np.longdouble) @ hidden + bias
        switches.append(-pre_activation.astype(np.float64))
        hidden = np.maximum(pre_activation, 0.0)
    return tuple(switches)


@dataclass(frozen=True)
class Cells:
    """Convex cells that fill the window.

    Attributes
    ----------
    points : ndarray of complex, shape (n_points,)
        Vertices x + iy in window units, each stored once.
    corners : ndarray, shape (n_corners,)
        The counterclockwise corners of all cells, one after the other, as indices into `points`.
    offsets : ndarray, shape (n_cells + 1,)
        Cell i has the corners `corners[offsets[i]:offsets[i + 1]]`.
    areas : ndarray, shape (n_cells,)
        In window units.
    neighbors : ndarray, shape (n_pairs, 2)
        Pairs of cells that share an edge.
    patterns : callable
        Takes a slice of cells and returns, per hidden layer, which neurons are active on each, as booleans of
        shape (length of the slice, width). A call, because the patterns of a wide layer need more memory than
        anything else here.
    affine_maps : callable
        Takes weights and biases and returns slopes, shape (n_cells, n_out, 2), and intercepts, (n_cells,
        n_out).
    """

    points: ComplexArray
    corners: IntArray
    offsets: IntArray
    areas: Float64Array
    neighbors: IntArray
    patterns: Callable[[slice], tuple[BoolArray, ...]]
    affine_maps: Callable[[Layers, Layers], tuple[Float64Array, Float64Array]]


def refuse_overflow(*values: Float64Array) -> None:
    if not all(np.isfinite(a).all() for a in values):
        raise ValueError(
            "the network's values may overflow in this window; use smaller weights or a smaller window."
        )


def checked_window(window: Window) -> Window:
    """The window as four floats, or one sentence that says what is wrong with it."""
    try:
        sides = np.asarray(window)
    except ValueError:  # ragged
        sides = np.empty(0)
    if sides.dtype.kind not in "fiu":
        raise TypeError(f"window must be four real numbers (xmin, xmax, ymin, ymax), got {window!r}.")
    if sides.shape != (4,):
        raise ValueError(f"window must be four numbers (xmin, xmax, ymin, ymax), got {window!r}.")
    xmin, xmax, ymin, ymax = map(float, sides)
    for name, low, high in (("x", xmin, xmax), ("y", ymin, ymax)):
        if not low < high:  # also refuses nan
            raise ValueError(f"window must have {name}min < {name}max, got {low} and {high}.")
        width, center = high - low, abs(low / 2 + high / 2)
        if not _SIZE_LIMITS[0] <= width <= _SIZE_LIMITS[1]:
            raise ValueError(
                f"window must be between {_SIZE_LIMITS[0]} and {_SIZE_LIMITS[1]} wide, got {width}."
            )
        if center > MAX_CENTER_TO_WIDTH * width:
            raise ValueError(
                f"window is too far from zero for its size: in {name} |center|/width may be at most "
                f"{MAX_CENTER_TO_WIDTH:.0e}, got {center / width:.1e}."
            )
    return xmin, xmax, ymin, ymax


def columns(points: ComplexArray) -> Float64Array:
    """Complex numbers x + iy as rows (x, y)."""
    return points.view(np.float64).reshape(-1, 2)


def cross(a: ComplexArray, b: ComplexArray) -> Float64Array:
    """The cross product of plane vectors: positive where b points to the left of a."""
    product: Float64Array = a.real * b.imag - a.imag * b.real
    return product


def polygon_areas(polygons: ComplexArray, offsets: IntArray) -> Float64Array:
    """Signed areas of polygons stored one after the other (counterclockwise: positive).

    Each is measured from its own first corner: the shoelace formula around the origin would lose the area of
    a small cell far out.
    """
    starts = offsets[:-1]
    arms = polygons - polygons[starts].repeat(offsets[1:] - starts)
    # From one polygon's last corner to the next one's first there is no edge, and none is counted: every
    # first corner has become 0. The edge that closes each polygon vanishes for the same reason.
    doubled = np.zeros(len(arms))
    doubled[:-1] = cross(arms[:-1], arms[1:])
    areas: Float64Array = np.add.reduceat(doubled, starts) / 2
    return areas


def slices(count: int, width: int) -> list[slice]:
    """Cut `count` rows of the given width into pieces of at most `MAX_CHUNK` numbers."""
    step = max(1, MAX_CHUNK // max(1, width))
    return [slice(begin, begin + step) for begin in range(0, count, step)]


def chain_rule(
    weights: Layers, biases: Layers, count: int, patterns: Callable[[slice], tuple[BoolArray, ...]]
) -> tuple[Float64Array, Float64Array]:
    """The network's affine map on each of `count` cells, from the output back to the input.

    Returns
    -------
    slopes : ndarray, shape (count, n_out, n_in)
    intercepts : ndarray, shape (count, n_out)
    """
    parts = slices(count, max(map(len, biases)) * len(biases[-1]))
    maps = [
        _chain_rule_of_part(weights, biases, patterns(part), min(part.stop, count) - part.start)
        for part in parts
    ]
    if len(maps) == 1:
        return maps[0]
    slopes, intercepts = zip(*maps, strict=True)
    return np.concatenate(slopes), np.concatenate(intercepts)


def _chain_rule_of_part(
    weights: Layers, biases: Layers, patterns: tuple[BoolArray, ...], count: int
) -> tuple[Float64Array, Float64Array]:
    n_out = len(biases[-1])
    # Without a hidden layer there is one cell; with one the first step makes the map of each cell its own.
    gradient, intercepts = weights[-1][np.newaxis], biases[-1][np.newaxis]
    for weight, bias, active in zip(weights[-2::-1], biases[-2::-1], patterns[::-1], strict=True):
        # One matrix product over all cells and outputs: a stack of small ones would be many times slower.
        rows = (gradient * active.astype(np.float64)[:, np.newaxis]).reshape(count * n_out, len(bias))
        intercepts = intercepts + rows.dot(bias).reshape(count, n_out)
        gradient = rows.dot(weight).reshape(count, n_out, -1)
    return gradient, intercepts
