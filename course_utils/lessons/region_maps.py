"""Exact regions as a map: filled so that neighbors differ, each boundary in the style of its layer."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array, Whole, with_gaps
from course_utils.numerics.regions import ActivationRegions
from course_utils.teaching.pictures import Axis, Line, Polygons
from course_utils.teaching.pictures.colors import hex_of
from course_utils.teaching.text import format_number

MOST_DRAWN = 1000  # polygons; more take longer to paint than a reader waits for a slider
# The first layer draws thin straight lines; what later layers add is told apart by color, width and dash.
LAYER_STYLES: tuple[dict[str, Any], ...] = (
    {"label": "first layer", "color": "layer1", "width": 1},
    {"label": "second", "color": "layer2", "width": 2.5},
    {"label": "third", "color": "layer3", "width": 2.5, "dash": "dashed"},
    {"label": "fourth", "color": "layer4", "width": 2.5, "dash": "dotted"},
)

# The first layer's lines are whole: black dots are no other boundary's.
SAME_MAP: dict[str, Any] = {"label": "", "color": "layer1", "width": 2, "dash": "dotted"}
WITHIN = -1  # where a layer has its number, what lies within a linear region


def color_regions(count: int, neighbors: Whole) -> Whole:
    """Give each region a color from 0 to 5 such that regions that share an edge differ.

    Regions of the plane always have one with at most five neighbors. Take such a region away, again and
    again; put them back in reverse order, each with a color that its (at most five) neighbors do not have.

    Examples
    --------
    >>> color_regions(3, np.array([[0, 1], [1, 2]])).tolist()
    [0, 1, 0]
    """
    around: list[list[int]] = [[] for _ in range(count)]
    for a, b in neighbors.tolist():
        around[a].append(b)
        around[b].append(a)
    degree = [len(others) for others in around]
    heap = [(d, i) for i, d in enumerate(degree)]
    heapq.heapify(heap)
    removed, order = [False] * count, []
    while heap:
        d, i = heapq.heappop(heap)
        if removed[i] or d != degree[i]:
            continue
        removed[i] = True
        order.append(i)
        for j in around[i]:
            if not removed[j]:
                degree[j] -= 1
                heapq.heappush(heap, (degree[j], j))
    color = np.full(count, -1)
    for i in reversed(order):
        taken = {int(color[j]) for j in around[i]}
        color[i] = next(c for c in range(count + 1) if c not in taken)
    return color


@lru_cache(maxsize=64)
def two_or_more_colors(regions: ActivationRegions) -> Whole:
    """Color regions by whether an even (0) or odd (1) number of units is active, which neighbors differ in.

    Crossing a boundary switches one unit. Where two switch at once (equal units), that is no coloring, and
    `color_regions` finds another.
    """
    odd: Whole = regions.activation_patterns.sum(axis=1) % 2
    a, b = regions.neighbors.T
    return odd if (odd[a] != odd[b]).all() else color_regions(len(regions), regions.neighbors)


def tinted(regions: ActivationRegions) -> Polygons:
    """Return the regions in light tints, neighbors in different ones; of very many the largest only."""
    tints = two_or_more_colors(regions)
    polygons = np.split(regions.polygons, regions.offsets[1:-1])
    if len(regions) > MOST_DRAWN:
        largest = np.argsort(-regions.areas, kind="stable")[:MOST_DRAWN]
        fill = [f"tint{tints[i]}" for i in largest]
        return Polygons("corner", [polygons[i] for i in largest], fill=fill, edge="layer1")
    fill = [f"tint{tint}" for tint in tints.tolist()]
    return areas(regions, "corner", fill=fill, edge="layer1", edge_width=0.5)


def areas(regions: ActivationRegions, name: str, **colors: Any) -> Polygons:
    """Return all regions as areas."""
    return Polygons(name, (regions.polygons, np.diff(regions.offsets)), **colors)


def slope_colors(regions: ActivationRegions, component: int, steepest: float) -> tuple[Array, dict[str, Any]]:
    """Return one component of the gradient in each region, and a scale of colors with 0 in its middle.

    There is room beyond the steepest slope at the ends of the scale, for lines on it to stay readable.
    """
    slopes: Array = regions.slopes[:, 0, component]
    return slopes, {"colormap": "diverging", "low": -1.25 * steepest, "high": 1.25 * steepest}


def slope_key(steepest: float) -> str:
    """Say what the colors of `slope_colors` mean.

    Examples
    --------
    >>> slope_key(0.2564)
    'blue −0.26, orange 0.26'
    """
    end = format_number(steepest, 2)
    return f"blue −{end}, orange {end}"


@lru_cache(maxsize=64)
def boundary_lines(regions: ActivationRegions, on_paper: bool = True, linear: bool = False) -> list[Line]:
    """Return the boundaries as one line with gaps for each hidden layer that makes any.

    Not on paper, but on areas with the colors of a map, they are dark whatever the paper is. `linear`: those
    within a linear region, across which the affine map stays the same, are a line of their own.
    """
    pieces, units = regions.boundaries()
    layers = np.repeat(np.arange(len(regions.mlp.widths) - 2), regions.mlp.widths[1:-1])[units]
    if linear:
        one, other = regions.linear_labels()[regions.beside_boundaries()].T
        layers = np.where(one == other, WITHIN, layers)
    lines = []
    for layer in np.unique(layers).tolist():
        here = layers == layer
        parts = [
            path
            for unit in np.unique(units[here]).tolist()
            for path in _paths(pieces[here & (units == unit)])
        ]
        x, y = np.concatenate([[*path, (np.nan, np.nan)] for path in parts]).T
        style = SAME_MAP if layer == WITHIN else LAYER_STYLES[min(layer, len(LAYER_STYLES) - 1)]
        color = style["color"] if on_paper else hex_of(style["color"])
        label = style["label"] if len(regions.mlp.widths) > 3 else None
        if layer == WITHIN:  # over the edges of the areas
            lines.append(Line("", y, x, color="paper", width=4))
        lines.append(Line("", y, x, **{**style, "color": color, "label": label}))
    return lines


def dotted_key(regions: ActivationRegions, linear_count: int) -> str:
    """Say, after what a map shows, what `boundary_lines` dots in it, if anything."""
    return " (black dots: same map)" if linear_count < len(regions) else ""


def _paths(pieces: Array) -> list[list[tuple[float, float]]]:
    """Join pieces of shape (n, 2, 2) that meet, and leave out the corners where nothing bends."""
    at: dict[tuple[float, float], list[tuple[float, float]]] = defaultdict(list)
    for one, other in pieces.tolist():
        at[tuple(one)].append(tuple(other))
        at[tuple(other)].append(tuple(one))
    paths = []
    ends = [place for place, others in at.items() if len(others) % 2]
    for start in [*ends, *at]:  # what has no end goes around, and may begin anywhere
        while at[start]:
            path = [start]
            while at[path[-1]]:
                following = at[path[-1]].pop()
                at[following].remove(path[-1])
                path.append(following)
            paths.append(_bends(path))
    return paths


def _bends(path: list[tuple[float, float]]) -> list[tuple[float, float]]:
    kept = path[:1]
    for here, after in pairwise(path[1:]):
        before = np.subtract(here, kept[-1])
        following = np.subtract(after, here)
        turn = before[0] * following[1] - before[1] * following[0]
        if abs(turn) > 1e-7 * np.linalg.norm(before) * np.linalg.norm(following):
            kept.append(here)
    return [*kept, path[-1]]


def level_lines(regions: ActivationRegions, values: Array, levels: Iterable[float]) -> Line:
    """Return where a function that is affine on each region has these values, exactly.

    Parameters
    ----------
    regions : ActivationRegions
    values : ndarray, shape (number of corners,)
        The function at each corner of each region, in the order of ``regions.polygons``.
    levels : iterable of float

    Examples
    --------
    >>> from course_utils.numerics.mlp import MLP
    >>> from course_utils.numerics.regions import activation_regions
    >>> regions = activation_regions(MLP([[[1.0, 0.0]]], [[0.0]]), (-1, 1, -1, 1))
    >>> line = level_lines(regions, regions.polygons[:, 0], [0.5])
    >>> line.x.tolist()[:2], sorted(line.y.tolist()[:2])
    ([0.5, 0.5], [-1.0, 1.0])
    """
    pieces = np.concatenate([level_pieces(regions, values, level) for level in levels])
    x, y = with_gaps(pieces)
    return Line("", y, x, color="paper", width=1)


def level_pieces(regions: ActivationRegions, values: Array, level: float) -> Array:
    """Return where a function that is affine on each region has this value, shape (pieces, 2, 2).

    That is one straight piece, from edge to edge, in each region that it crosses; `values` as for `level_lines`.
    """
    here = values - level
    there = here[regions.next_corners]
    crossed = np.flatnonzero((here > 0) != (there > 0))  # twice in each region: they are convex
    share = (here[crossed] / (here[crossed] - there[crossed]))[:, np.newaxis]
    start, end = regions.polygons[crossed], regions.polygons[regions.next_corners[crossed]]
    pieces: Array = (start + share * (end - start)).reshape(-1, 2, 2)
    return pieces


def at_corners(regions: ActivationRegions, slopes: Array, intercepts: Array) -> Array:
    """Return the affine function of each region at its corners, in the order of ``regions.polygons``.

    Slopes have shape (regions, …, 2), intercepts (regions, …), and the values (number of corners, …).
    """
    of_region = regions.corner_regions
    values: Array = np.einsum("i...j,ij->i...", slopes[of_region], regions.polygons) + intercepts[of_region]
    return values


def output_at_corners(regions: ActivationRegions) -> Array:
    """Return the first output at each corner of each region, in the order of ``regions.polygons``."""
    return at_corners(regions, regions.slopes[:, 0], regions.intercepts[:, 0])


def window_around(
    half_width: float, center: tuple[float, float] = (0.0, 0.0)
) -> tuple[float, float, float, float]:
    """Return the ends of a square window, as `activation_regions` takes them."""
    x, y = center
    return x - half_width, x + half_width, y - half_width, y + half_width


def square_window(
    half_width: float, center: tuple[float, float] = (0.0, 0.0), named: bool = False
) -> dict[str, Any]:
    """Return the axes of a panel that shows a square window; `named`: for one whose size changes."""
    return {
        f"{axis}": _window_axis(f"*x*_{number}", center[number], half_width, named)
        for number, axis in enumerate(("x", "y"))
    } | {"equal": True}


def _window_axis(label: str, middle: float, half_width: float, named: bool) -> Axis:
    places = (middle - half_width, middle, middle + half_width)
    # Names take the same room for every size, so that nothing jumps.
    names = ("−*h*", "", "*h*") if named else [format_number(place, 4) for place in places]
    return Axis(label, places[0], places[-1], ticks=dict(zip(places, names, strict=True)))
