"""The linear regions of a ReLU network with two inputs, exactly, and formulas that count them.

An *activation region* is a largest convex cell of the window on which no pre-activation changes sign. On each
the network is one affine map. Neighbors may share that map (where a neuron switches but nothing listens to
it), so the *linear regions* are unions of cells: `ActivationRegions.linear_labels`.

Two engines give the same answer: a planar map refined layer by layer with array operations only, and a plain
cell-by-cell splitter with a tolerance, which is the one to read. The fast one notices when rounding could
have misled it (lines through one point, along an edge, through a corner) and leaves the network to the
splitter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from course_utils.numerics._arrays import Float64Array, as_real
from course_utils.numerics._cells import (
    BoolArray,
    ByteArray,
    Cells,
    CenteredNetwork,
    IntArray,
    Window,
    checked_window,
    columns,
    cross,
    refuse_overflow,
    slices,
)
from course_utils.numerics._counts import (
    hanin_rolnick_estimate,
    montufar_lower_bound,
    serra_upper_bound,
    window_count,
    zaslavsky_count,
)
from course_utils.numerics._planar_map import UntrustedMapError, refine_planar_map
from course_utils.numerics._splitter import split_into_cells
from course_utils.numerics.mlp import MLP

__all__ = [
    "ActivationRegions",
    "Region",
    "activation_regions",
    "hanin_rolnick_estimate",
    "montufar_lower_bound",
    "serra_upper_bound",
    "window_count",
    "zaslavsky_count",
]

Engine = Literal["planar map", "splitter"]

# Two affine maps closer than this, relative to the terms they are summed from, count as one.
_SAME_MAP = 1e-12


@dataclass(frozen=True, eq=False)
class Region:
    """One activation region: a convex polygon on which `f(x) = slope @ x + intercept`.

    Attributes
    ----------
    index : int
    polygon : ndarray, shape (k, 2)
        Corners, counterclockwise.
    area : float
    pattern : ndarray of bool, shape (number of hidden neurons,)
        Which hidden neurons are active, layer by layer.
    slope : ndarray, shape (n_out, 2)
    intercept : ndarray, shape (n_out,)
    """

    index: int
    polygon: Float64Array
    area: float
    pattern: BoolArray
    slope: Float64Array
    intercept: Float64Array


@dataclass(frozen=True, eq=False)
class ActivationRegions:
    """All activation regions of `mlp` in `window`; made by `activation_regions`.

    Attributes
    ----------
    mlp : MLP
    window : tuple of float
        (xmin, xmax, ymin, ymax).
    slopes : ndarray, shape (n, n_out, 2)
        Gradients: on region i, `f(x) = slopes[i] @ x + intercepts[i]`.
    intercepts : ndarray, shape (n, n_out)
    offsets : ndarray, shape (n + 1,)
        Region i is the polygon `polygons[offsets[i]:offsets[i + 1]]`.
    neighbors : ndarray, shape (n_pairs, 2)
        Pairs of regions that share an edge, each pair once.
    engine : {"planar map", "splitter"}
        Which engine gave the answer.
    fallback_reason : str or None
        Why the planar map was not trusted and the splitter did the work.
    """

    mlp: MLP
    window: Window
    slopes: Float64Array
    intercepts: Float64Array
    engine: Engine
    fallback_reason: str | None
    _cells: Cells
    _network: CenteredNetwork

    def __post_init__(self) -> None:
        refuse_overflow(self.slopes, self.intercepts)

    def __len__(self) -> int:
        return len(self._cells.offsets) - 1

    def __repr__(self) -> str:
        widths = "-".join(map(str, self.mlp.widths))
        return f"<{len(self)} activation regions of a {widths} network, by the {self.engine}>"

    def __iter__(self) -> Iterator[Region]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: int) -> Region:
        i = range(len(self))[index]
        return Region(
            index=i,
            polygon=self.polygons[self.offsets[i] : self.offsets[i + 1]],
            area=float(self.areas[i]),
            pattern=_unpacked(self.packed_patterns[i : i + 1], self._hidden_count)[0],
            slope=self.slopes[i],
            intercept=self.intercepts[i],
        )

    @property
    def offsets(self) -> IntArray:
        return self._cells.offsets

    @property
    def neighbors(self) -> IntArray:
        return self._cells.neighbors

    @cached_property
    def polygons(self) -> Float64Array:
        """Corners of all regions, counterclockwise, one region after the other: shape (n_corners, 2)."""
        points = self._network.to_plane(columns(self._cells.points))
        # Center plus half a width may miss the window's edge by one rounding.
        sides = np.array(self.window)
        points = np.minimum(np.maximum(points, sides[0::2]), sides[1::2])
        polygons: Float64Array = points.take(self._cells.corners, axis=0)
        return polygons

    @cached_property
    def next_corners(self) -> IntArray:
        """For each corner in `polygons`, which of them is the next around its region: shape (n_corners,)."""
        following = np.arange(1, self.offsets[-1] + 1, dtype=np.intp)
        following[self.offsets[1:] - 1] = self.offsets[:-1]
        return following

    @cached_property
    def corner_regions(self) -> IntArray:
        """For each corner in `polygons`, the index of its region: shape (n_corners,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    @cached_property
    def areas(self) -> Float64Array:
        """Areas, shape (n,), measured before the corners are rounded to coordinates of the plane."""
        scale: np.float64 = self._network.half_widths.prod()
        return self._cells.areas * scale

    @cached_property
    def packed_patterns(self) -> ByteArray:
        """`activation_patterns`, eight neurons per byte: `np.packbits(..., axis=1, bitorder="little")`."""
        packed = np.empty((len(self), -(-self._hidden_count // 8)), dtype=np.uint8)
        for part in slices(len(self), self._hidden_count):
            active = np.concatenate([*self._cells.patterns(part), packed[part, :0]], axis=1)
            packed[part] = np.packbits(active.astype(bool, copy=False), axis=1, bitorder="little")
        return packed

    @property
    def activation_patterns(self) -> BoolArray:
        """Which hidden neurons are active (pre-activation > 0) on each region: bool, (n, hidden neurons).

        One byte per entry: 464 MB for the 464,000 regions of a 2-1000-1 network; see `packed_patterns`.
        """
        return _unpacked(self.packed_patterns, self._hidden_count)

    @property
    def _hidden_count(self) -> int:
        return sum(self.mlp.widths[1:-1])

    def locate(self, points: npt.ArrayLike) -> IntArray:
        """The region of each point of shape (..., 2), as indices of shape (...); -1 outside the window.

        A point on an edge belongs to one of the regions that meet there.

        Raises
        ------
        TypeError
            If `points` are not real numbers.
        ValueError
            If the last axis of `points` is not 2 long.
        """
        where = as_real("points", points)
        if where.ndim == 0 or where.shape[-1] != 2:
            raise ValueError(f"points must have shape (..., 2), got {where.shape}.")
        flat = where.reshape(-1, 2).astype(np.float64)
        xmin, xmax, ymin, ymax = self.window
        x, y = flat.T
        inside = np.flatnonzero((xmin <= x) & (x <= xmax) & (ymin <= y) & (y <= ymax))
        found = np.full(len(flat), -1, dtype=np.intp)
        found[inside] = self._locate_inside(self._network.to_window(flat[inside]))
        return found.reshape(where.shape[:-1])

    def _locate_inside(self, points: Float64Array) -> IntArray:
        """By activation pattern, which no two regions share; by distance where rounding made up a pattern."""
        if not self._hidden_count:
            return np.zeros(len(points), dtype=np.intp)
        known = _as_words(self.packed_patterns)
        order = np.argsort(known)
        active, _ = self._network.active_at(points)
        wanted = _as_words(np.packbits(np.concatenate(active, axis=1), axis=1, bitorder="little"))
        found: IntArray = order[np.searchsorted(known, wanted, sorter=order).clip(max=len(order) - 1)]
        for i in np.flatnonzero(known[found] != wanted):
            found[i] = self._nearest(points[i])
        return found

    def _nearest(self, point: Float64Array) -> int:
        """The region deepest inside whose edges a point in window units lies."""
        corners = self._cells.points[self._cells.corners]
        along = corners[self.next_corners] - corners
        depth = cross(along, complex(*point) - corners) / np.abs(along)
        return int(np.minimum.reduceat(depth, self.offsets[:-1]).argmax())

    def boundaries(self) -> tuple[Float64Array, IntArray]:
        """Where regions meet, and which hidden unit switches there.

        Returns
        -------
        pieces : ndarray, shape (n, 2, 2)
            Both ends of each straight piece of boundary. Pieces that meet share their end exactly.
        units : ndarray of int, shape (n,)
            Numbers of the hidden units, layer by layer; the first one where several switch at once.

        Examples
        --------
        >>> net = MLP(weights=[[[1.0, 0.0]], [[1.0]]], biases=[[0.5], [0.0]])
        >>> pieces, units = activation_regions(net, (-1, 1, -1, 1)).boundaries()
        >>> np.sort(pieces, axis=1).tolist(), units.tolist()
        ([[[-0.5, -1.0], [-0.5, 1.0]]], [0])
        """
        corners, (one, other) = self._inner_edges[:, 0], self.beside_boundaries().T
        switched = self.activation_patterns[one] != self.activation_patterns[other]
        units: IntArray = switched.argmax(axis=1) if len(one) else np.empty(0, dtype=np.intp)
        return self.polygons[np.stack([corners, self.next_corners[corners]], axis=1)], units

    def beside_boundaries(self) -> IntArray:
        """Return the two regions that each piece of `boundaries` parts, shape (n, 2)."""
        beside: IntArray = self.corner_regions[self._inner_edges]
        return beside

    @cached_property
    def _inner_edges(self) -> IntArray:
        """Each edge of two regions, as the corner of either with which it begins: shape (n, 2)."""
        tails = self._cells.corners
        heads = tails[self.next_corners]
        edges = np.minimum(tails, heads) * np.int64(len(self._cells.points)) + np.maximum(tails, heads)
        order = np.argsort(edges, kind="stable")
        inner = edges[order[1:]] == edges[order[:-1]]
        return np.stack([order[:-1][inner], order[1:][inner]], axis=1)

    def linear_labels(self) -> IntArray:
        """Number the linear regions: one label per activation region, shape (n,), from 0 on.

        Regions get the same label if edges join them across which the affine map stays the same. The joined
        regions are the *linear* regions. They need not be convex and may have holes. Two maps count as equal
        if they differ by less than 1e-12 of the terms they are summed from.
        """
        sizes = self._cells.affine_maps(
            [np.abs(w) for w in self.mlp.weights], [np.abs(b) for b in self.mlp.biases]
        )
        a, b = self.neighbors.T
        same = np.ones(len(a), dtype=bool)
        for values, size in zip((self.slopes, self.intercepts), sizes, strict=True):
            limit = _SAME_MAP * np.maximum(size[a], size[b])
            same &= (np.abs(values[a] - values[b]) <= limit).all(axis=tuple(range(1, values.ndim)))
        return _connected_components(len(self), a[same], b[same])


def activation_regions(
    mlp: MLP, window: Window, *, engine: Literal["auto", "splitter"] = "auto"
) -> ActivationRegions:
    """The activation regions of a ReLU network with two inputs, as polygons with their affine maps.

    Parameters
    ----------
    mlp : MLP
        Two inputs, any number of hidden layers and outputs.
    window : (xmin, xmax, ymin, ymax)
        The center may be at most 1e7 widths away from zero: farther out too few floating-point numbers lie in
        the window.
    engine : {"auto", "splitter"}
        "auto" takes the planar map and falls back to the splitter by itself.

    Notes
    -----
    Cells thinner than 1e-12 of half the window's side may be left out. A pre-activation counts as zero where
    it is below 2**-44 of the terms that its change from the window's center is summed from: in a large window
    a small constant behind neurons that are off may be lost. A neuron that is zero on a whole cell counts as
    inactive there. Beyond float64 are networks that climb so steeply that much happens inside such a thin
    cell, and weights whose products underflow (below 1e-308).

    Raises
    ------
    TypeError
        If `mlp` is not an `MLP` or the window does not hold real numbers.
    ValueError
        If the network does not have two inputs, the window is not (xmin, xmax, ymin, ymax) with xmin < xmax
        and ymin < ymax, its center is too far out, or the network's values may overflow in it.

    Examples
    --------
    >>> net = MLP(weights=[[[1.0, 0.0], [0.0, 1.0]], [[1.0, 1.0]]], biases=[[0.0, 0.25], [0.0]])
    >>> regions = activation_regions(net, (-1, 1, -1, 1))
    >>> len(regions)
    4
    >>> regions.areas.round(3).tolist()
    [0.75, 0.75, 1.25, 1.25]
    >>> regions.slopes[regions.locate([0.5, 0.5])]
    array([[1., 1.]])
    """
    if not isinstance(mlp, MLP):
        raise TypeError(f"mlp must be an MLP, got {type(mlp).__name__}.")
    n_in = mlp.weights[0].shape[1]
    if n_in != 2:
        raise ValueError(f"the network must have 2 inputs to have regions in the plane, got {n_in}.")
    if engine not in ("auto", "splitter"):
        raise ValueError(f"engine must be 'auto' or 'splitter', got {engine!r}.")
    frame = checked_window(window)
    with np.errstate(all="ignore"):
        network = CenteredNetwork.of(mlp, frame)
        reason = None
        if engine == "auto":
            try:
                cells = refine_planar_map(network)
                slopes, intercepts = cells.affine_maps(mlp.weights, mlp.biases)
                return ActivationRegions(mlp, frame, slopes, intercepts, "planar map", None, cells, network)
            except UntrustedMapError as error:
                reason = str(error)
        cells, slopes, intercepts = split_into_cells(mlp, network)
        return ActivationRegions(mlp, frame, slopes, intercepts, "splitter", reason, cells, network)


def _unpacked(bits: ByteArray, count: int) -> BoolArray:
    return np.unpackbits(bits, axis=1, count=count, bitorder="little").astype(bool)


def _as_words(bits: ByteArray) -> npt.NDArray[np.bytes_]:
    """Each row of bytes as one item that can be sorted and compared."""
    return np.ascontiguousarray(bits).view(f"S{bits.shape[1]}").ravel()


def _connected_components(count: int, a: IntArray, b: IntArray) -> IntArray:
    """Number the connected components of a graph with edges a-b: 0, 1, ... by their smallest node."""
    root = np.arange(count)
    while True:
        lower = np.minimum(root[a], root[b])
        changed = root.copy()
        np.minimum.at(changed, root[a], lower)
        np.minimum.at(changed, root[b], lower)
        while not np.array_equal(changed, shorter := changed[changed]):
            changed = shorter
        if np.array_equal(changed, root):
            return np.unique(root, return_inverse=True)[1].astype(np.intp)
        root = changed
