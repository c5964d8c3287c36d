"""Lesson 07: the linear regions of ReLU networks. What the notebook ``07_linear_regions`` shows and asks."""

from __future__ import annotations

import heapq
import time
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import ListedColormap
from matplotlib.ticker import FuncFormatter

from course_utils.numerics.mlp import MLP
from course_utils.numerics.regions import ActivationRegions, activation_regions, zaslavsky_count
from course_utils.teaching import (
    Check,
    Choice,
    Contract,
    Demo,
    Exercise,
    Float,
    Integer,
    LogFloat,
    Mistake,
    Picture,
    Question,
    Table,
    Vector,
    look,
)
from course_utils.teaching.drawing import color_bar
from course_utils.teaching.text import format_list, format_number

Array = npt.NDArray[np.floating[Any]]
IntArray = npt.NDArray[np.intp]

# ---------------------------------------------------------------------------------------------------
# Networks and their regions
# ---------------------------------------------------------------------------------------------------

SHALLOW, DEEP, MATCHED = "2-20-1", "2-5-5-5-5-1", "2-28-1"
LAST_SEED = 199
SEED = Integer("seed", "Seed of the random weights", low=0, high=LAST_SEED, initial=0)


@lru_cache(maxsize=64)
def network(widths: str, seed: int = 0) -> MLP:
    """Draw the network of this name: `network("2-20-1")`."""
    return MLP.random([int(width) for width in widths.split("-")], seed)


@lru_cache(maxsize=64)
def _regions(net: MLP, half_width: float, center: tuple[float, float] = (0.0, 0.0)) -> ActivationRegions:
    """Return the exact regions in the square window of this half-width."""
    x, y = center
    return activation_regions(net, (x - half_width, x + half_width, y - half_width, y + half_width))


@lru_cache(maxsize=64)
def _linear_count(regions: ActivationRegions) -> int:
    """Count the linear regions: cells that share an edge and an affine map are one."""
    return int(regions.linear_labels().max()) + 1


def color_regions(count: int, neighbors: IntArray) -> IntArray:
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


def two_or_more_colors(regions: ActivationRegions) -> IntArray:
    """Color regions by whether an even (0) or odd (1) number of units is active, which neighbors differ in.

    Crossing a boundary switches one unit. Where two switch at once (equal units), that is no coloring, and
    `color_regions` finds another.
    """
    odd: IntArray = regions.activation_patterns.sum(axis=1) % 2
    a, b = regions.neighbors.T
    return odd if (odd[a] != odd[b]).all() else color_regions(len(regions), regions.neighbors)


class Piece(NamedTuple):
    """One linear piece of a function of one number: `slope * x + intercept` between two ends."""

    low: float
    high: float
    slope: float
    intercept: float


def linear_pieces(mlp: MLP, low: float = -np.inf, high: float = np.inf) -> list[Piece]:
    """Return the linear pieces of a ReLU network with one input and one output, from left to right.

    Layer by layer: on a piece every pre-activation is a straight line, and where one crosses zero the piece
    is cut.

    Examples
    --------
    >>> len(linear_pieces(tent_network(3), 0, 1))
    8
    """
    parts = [(low, high, np.ones(1), np.zeros(1))]
    for weight, bias in zip(mlp.weights[:-1], mlp.biases[:-1], strict=True):
        refined = []
        for left, right, slope, intercept in parts:
            z_slope, z_intercept = weight @ slope, weight @ intercept + bias
            sloping = z_slope != 0
            roots = -z_intercept[sloping] / z_slope[sloping]
            cuts = np.unique(roots[(left < roots) & (roots < right)]).tolist()
            for a, b in pairwise([left, *cuts, right]):
                active = z_slope * _between(a, b) + z_intercept > 0
                refined.append((a, b, np.where(active, z_slope, 0.0), np.where(active, z_intercept, 0.0)))
        parts = refined
    pieces: list[Piece] = []
    for left, right, slope, intercept in parts:
        s, c = float((mlp.weights[-1] @ slope)[0]), float((mlp.weights[-1] @ intercept + mlp.biases[-1])[0])
        if pieces and np.isclose(pieces[-1].slope, s, rtol=1e-9, atol=1e-12):
            pieces[-1] = pieces[-1]._replace(high=right)
        else:
            pieces.append(Piece(left, right, s, c))
    return pieces


def _between(a: float, b: float) -> float:
    """Return some number between two ends, which may be infinite."""
    if np.isinf(a):
        return 0.0 if np.isinf(b) else b - 1 - abs(b)
    return a + 1 + abs(a) if np.isinf(b) else (a + b) / 2


def tent_network(depth: int) -> MLP:
    """Build the network that folds [0, 1] in half `depth` times, with two units per layer."""
    unfold = np.array([[2.0, -4.0]])  # tent(x) = 2 relu(x) − 4 relu(x − 1/2)
    inner = [np.array([[1.0], [1.0]]) @ unfold for _ in range(depth - 1)]
    return MLP(
        [np.array([[1.0], [1.0]]), *inner, unfold], [np.array([0.0, -0.5]) for _ in range(depth)] + [[0.0]]
    )


# ---------------------------------------------------------------------------------------------------
# Pictures
# ---------------------------------------------------------------------------------------------------

# Light tints of the palette, so that boundaries, marks and words stay readable on them.
TINTS = ListedColormap(["#F7D58C", "#B4DDF5", "#8CCFB9", "#F8F2A8", "#E6BFD3", "#D9D9D9"])
MOST_DRAWN = 1000  # polygons; more take longer to draw than a reader waits for a slider


def _title(axes: Axes, text: str) -> None:
    axes.set_title(text, y=1.01)


def _pieces(regions: ActivationRegions, chosen: npt.ArrayLike | None = None) -> list[Array]:
    polygons: list[Array] = list(np.split(regions.polygons, regions.offsets[1:-1]))
    return polygons if chosen is None else [polygons[i] for i in np.asarray(chosen).tolist()]


def _draw(axes: Axes, polygons: list[Array], gid: str, **style: Any) -> PolyCollection:
    """Draw polygons with a thin edge; without smoothing, which would triple the size of the stored picture."""
    look_of_edges = {"edgecolors": look.OUTLINE, "linewidths": 0.5, "antialiaseds": False}
    drawn = PolyCollection(polygons, gid=gid, **{**look_of_edges, **style})
    axes.add_collection(drawn, autolim=False)
    return drawn


def _flat(polygons: list[Array], name: str) -> dict[str, Array]:
    """Return the corners of polygons one after the other, as the arrays of a picture."""
    corners = np.concatenate(polygons) if polygons else np.empty((0, 2))
    return {f"{name} x": corners[:, 0], f"{name} y": corners[:, 1]}


def square_window(axes: Axes, half_width: float, center: tuple[float, float] = (0.0, 0.0)) -> None:
    """Show a square window with five ticks per axis."""
    x, y = center
    axes.set(
        xlim=(x - half_width, x + half_width),
        ylim=(y - half_width, y + half_width),
        xlabel="x0",
    )
    axes.set_xticks(np.linspace(x - half_width, x + half_width, 3))
    axes.set_yticks(np.linspace(y - half_width, y + half_width, 3))
    for axis, middle in ((axes.xaxis, x), (axes.yaxis, y)):
        axis.set_major_formatter(FuncFormatter(partial(_tick, middle=middle, half_width=half_width)))
    # Between two ticks: there the label has the same place, however long their numbers are.
    axes.set_ylabel("x1", rotation=0, ha="center", va="center")
    axes.yaxis.set_label_coords(-16 / (axes.get_position().width * look.PIXELS_WIDE), 0.75)
    axes.grid(False)


def _tick(value: float, _: int, *, middle: float, half_width: float) -> str:
    """Write the middle of an axis as it is, and its ends as steps from there if they are short."""
    if abs(value) >= 1000:
        return f"{format_number(value / 1000, 2)}k"
    if middle == 0 or half_width >= 1:
        return format_number(round(value, 6), 6)
    step = value - middle
    if abs(step) < half_width / 2:
        return format_number(middle, 6)
    return ("+" if step > 0 else "−") + format_number(abs(step))


def draw_regions(
    axes: Axes,
    regions: ActivationRegions,
    name: str = "corner",
    labels: str = "color",
    **style: Any,
) -> dict[str, Any]:
    """Draw regions so that neighbors differ in color, and every boundary as a line.

    Returns the arrays of the picture: corners `name` x and `name` y, and the number of the tint as `labels`.
    """
    chosen = np.argsort(-regions.areas, kind="stable")[:MOST_DRAWN] if len(regions) > MOST_DRAWN else None
    color = two_or_more_colors(regions)
    color = color if chosen is None else color[chosen]
    polygons = _pieces(regions, chosen)
    _draw(
        axes,
        polygons,
        f"{name} x | {name} y | {labels}",
        array=color,
        **{"cmap": TINTS, **style},
        clim=(-0.5, 5.5),
    )
    return {**_flat(polygons, name), labels: color}


def _image(axes: Axes, axis: Array, values: Array, name: str, cmap: str, limits: tuple[float, float]) -> None:
    """Draw values on a grid, each as a square pixel around its point."""
    half_pixel = (axis[1] - axis[0]) / 2
    ends = (axis[0] - half_pixel, axis[-1] + half_pixel)
    axes.imshow(
        values,
        origin="lower",
        extent=(*ends, *ends),
        cmap=cmap,
        vmin=limits[0],
        vmax=limits[1],
        aspect="auto",
        interpolation="nearest",
        gid=f"grid x0 | grid x1 | {name}",
    )


def _scale(axes: Axes, mark_zero: bool = False) -> None:
    """Put a color bar for the image to the right of its axes."""
    low, high = axes.images[0].get_clim()
    ticks = [low, 0, high] if mark_zero else [low, (low + high) / 2, high]
    labels = [format_number(float(f"{tick:.2g}")) for tick in ticks]
    bar = color_bar(axes, axes.images[0], ticks, labels, gap=0.01)
    if mark_zero:
        bar.axhline(0, color=look.OUTLINE, linewidth=1.5)


HINGE_X = np.linspace(-4, 4, 161)
HINGE_NAMES = ("unit 0", "unit 1", "unit 2")


def three_hinges(w: tuple[float, ...], b: tuple[float, ...], a: tuple[float, ...]) -> Picture:
    """Show a1·relu(w1·x + b1) and so on, their sum, and the slope of each piece of the sum."""
    net = MLP([np.array(w)[:, None], np.array(a)[None, :]], [b, [0.0]])
    pieces = linear_pieces(net)
    hinges = np.array(a)[:, None] * np.maximum(np.outer(w, HINGE_X) + np.array(b)[:, None], 0.0)
    total = net.forward(HINGE_X[:, None])[:, 0]
    ends = [max(piece.low, -4.0) for piece in pieces if piece.high > -4 and piece.low < 4] + [4.0]
    slopes = np.array([piece.slope for piece in pieces if piece.high > -4 and piece.low < 4])

    figure, (left, right) = look.panels(2, left=56, gap=60, height=340)
    for values, name, style, dash in zip(
        hinges, HINGE_NAMES, look.CLASSES[::3] + look.CLASSES[1:2], ("--", ":", "-."), strict=True
    ):
        left.plot(HINGE_X, values, dash, color=style.color, label=name, gid=f"x | {name}")
    left.plot(HINGE_X, total, color=look.BLACK, linewidth=2.5, label="sum", gid="x | sum")
    steps_x, steps = np.repeat(ends, 2)[1:-1], np.repeat(slopes, 2)
    right.plot(steps_x, steps, color=look.BLACK, linewidth=2.5, gid="end x | slope there")
    for axes, values, title in (
        (left, [total, *hinges], "three hinges and their sum"),
        (right, [slopes], "slope of the sum"),
    ):
        limit = next(n for n in (2, 4, 8, 16, 32, 64) if n >= np.abs(np.concatenate(values)).max())
        # Above the curves is room for the legend.
        axes.set(xlim=(-4, 4), ylim=(-limit * 1.08, limit * (1.7 if axes is left else 1.08)), xlabel="x")
        axes.set_yticks(np.linspace(-limit, limit, 5))
        _title(axes, title)
    left.legend(loc="upper center", ncols=2, handlelength=1.8, columnspacing=1, borderpad=0.2, framealpha=0.9)

    count = len(pieces)
    said = f"The sum has {count} {'piece' if count == 1 else 'pieces'}, with {'slope' if count == 1 else 'slopes'} {format_list([p.slope for p in pieces])}."
    bends = count - 1
    if bends == 3:
        why = "Each unit bends it once, at x = −b/w."
    else:
        why = (
            f"It bends {('nowhere', 'once', 'twice')[bends]}: the other hinges have no slope, "
            "count for nothing, or cancel each other at one place."
        )
    return Picture(
        figure,
        f"{said} {why}",
        Table(
            "Linear pieces of the sum, from left to right",
            {
                "piece": np.arange(count),
                "from": [_end(piece.low) for piece in pieces],
                "to": [_end(piece.high) for piece in pieces],
                "slope": [piece.slope for piece in pieces],
                "intercept": [piece.intercept for piece in pieces],
            },
            {"pieces": count},
        ),
        {
            "x": HINGE_X,
            "sum": total,
            **dict(zip(HINGE_NAMES, hinges, strict=True)),
            "end x": steps_x,
            "slope there": steps,
        },
    )


def _end(x: float) -> str:
    return format_number(x, 6) if np.isfinite(x) else "no end"


ARRANGEMENT_HALF = 5.0


def arrangement(lines: int, second: int, seed: int) -> Picture:
    """Show the lines of a first layer, and what a second layer adds to them."""
    widths = [2, lines, second, 1] if second else [2, lines, 1]
    full = MLP.random(widths, seed)
    rng_first = MLP([full.weights[0], np.ones((1, lines))], [full.biases[0], [0.0]])
    first = _regions(rng_first, ARRANGEMENT_HALF)
    both = _regions(full, ARRANGEMENT_HALF) if second else first

    figure, (left, right) = look.panels(2, left=50, gap=58, height=350)
    arrays = draw_regions(left, first, "first")
    arrays |= draw_regions(right, both, "both", "color in both")
    for axes in (left, right):
        square_window(axes, ARRANGEMENT_HALF)
    _title(left, f"first layer: {lines} {'line' if lines == 1 else 'lines'}")
    _title(right, f"and a second layer of {second}" if second else "no second layer")
    patterns = ["".join(map(str, row)) for row in first.activation_patterns.astype(int).tolist()]
    if lines <= 6:
        for polygon, pattern in zip(_pieces(first), patterns, strict=True):
            middle = polygon.mean(axis=0)
            if _fits(polygon, middle, len(pattern)):
                left.text(middle[0], middle[1], pattern, ha="center", va="center")

    largest = np.argsort(-first.areas, kind="stable")[:22]
    most = zaslavsky_count(lines)
    parts = "part" if len(first) == 1 else "parts"
    said = f"{lines} {'line cuts' if lines == 1 else 'lines cut'} this window into {len(first)} {parts}."
    plane = (
        "No more are possible, even in the whole plane."
        if len(first) == most
        else f"In the whole plane there are {most}: no two lines are parallel, and no three meet in one point."
    )
    later = (
        f"With a second layer of {second} {'unit' if second == 1 else 'units'} there are {len(both)}, "
        "and its boundaries bend where they cross a line."
        if second
        else ""
    )
    return Picture(
        figure,
        f"{said} {plane} {later}".rstrip(),
        Table(
            "The largest parts of the window, and which units are active there (1) or not (0)"
            if len(first) > 22
            else "The parts of the window, and which units are active there (1) or not (0)",
            {"pattern": [patterns[i] for i in largest], "area": first.areas[largest]},
            {
                "lines": lines,
                "parts in the window": len(first),
                "parts in the whole plane": most,
                "parts with the second layer": len(both),
            },
        ),
        arrays,
    )


def _fits(polygon: Array, middle: Array, letters: int) -> bool:
    """Tell whether a label of so many letters around the middle lies inside a convex polygon."""
    reach = np.array([0.17 * letters + 0.1, 0.33]) * np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    edges = np.roll(polygon, -1, axis=0) - polygon
    offsets = (middle + reach)[:, None, :] - polygon
    return bool((edges[:, 0] * offsets[..., 1] - edges[:, 1] * offsets[..., 0] > 0).all())


WINDOWS = {"±10": 10.0, "±50": 50.0, "±100": 100.0, "±5000": 5000.0}
PIXELS = 120


def four_windows(net: str, window: str, seed: int) -> Picture:
    """Show the output, both components of its gradient on a grid, and the exact regions."""
    half_width = WINDOWS[window]
    mlp = network(net, seed)
    axis = np.linspace(-half_width, half_width, PIXELS)
    output = mlp.forward(np.stack(np.meshgrid(axis, axis), axis=-1))[..., 0]
    d1, d0 = np.gradient(output, axis, axis)  # rows run along x1, so ∂f/∂x1 comes first
    regions = _regions(mlp, half_width)
    steepest = max(np.abs(d0).max(), np.abs(d1).max())

    figure, (top_left, top_right, low_left, low_right) = look.panels(
        2, 2, height=600, left=60, gap=146, right=86, row_gap=86
    )
    _image(top_left, axis, output, "f", "viridis", (float(output.min()), float(output.max())))
    _image(low_left, axis, d0, "∂f/∂x0", "RdBu", (-steepest, steepest))
    _image(low_right, axis, d1, "∂f/∂x1", "RdBu", (-steepest, steepest))
    arrays = draw_regions(top_right, regions)
    for axes, title in (
        (top_left, "output f"),
        (top_right, "exact regions"),
        (low_left, "∂f/∂x0 on the grid"),
        (low_right, "∂f/∂x1 on the grid"),
    ):
        square_window(axes, half_width)
        _title(axes, title)
    for axes in (top_left, low_left, low_right):
        _scale(axes, mark_zero=axes is not top_left)

    linear = _linear_count(regions)
    one_map = (
        "and the gradient changes across every boundary"
        if linear == len(regions)
        else f"which make {linear} linear regions, because some neighbors share their affine map"
    )
    return Picture(
        figure,
        f"In the window {window} the {net} network has {len(regions)} regions, {one_map}. "
        f"Its output goes from {format_number(output.min())} to {format_number(output.max())}.",
        Table(
            f"The {net} network with seed {seed} in the window {window}",
            {
                "": ["f", "∂f/∂x0", "∂f/∂x1"],
                "lowest on the grid": [output.min(), d0.min(), d1.min()],
                "highest on the grid": [output.max(), d0.max(), d1.max()],
            },
            {
                "activation regions": len(regions),
                "linear regions": linear,
                "parameters": mlp.parameter_count,
                "grid points per side": PIXELS,
            },
        ),
        {"grid x0": axis, "grid x1": axis, "f": output, "∂f/∂x0": d0, "∂f/∂x1": d1, **arrays},
    )


def _codes(mlp: MLP, points: Array) -> IntArray:
    """Return the activation pattern of each point as one whole number, a bit per hidden unit."""
    hidden, code, bit = points, np.zeros(points.shape[:-1]), 0
    for weight, bias in zip(mlp.weights[:-1], mlp.biases[:-1], strict=True):
        hidden = np.maximum(hidden @ weight.T + bias, 0.0)
        code += (hidden > 0) @ 2.0 ** np.arange(bit, bit + len(bias))
        bit += len(bias)
    return code.astype(np.intp)


@lru_cache(maxsize=32)
def _seen_by_grid(
    net: str, half_width: float, points: int
) -> tuple[Array, Array, npt.NDArray[np.bool_], float]:
    """Return a grid's axis, ∂f/∂x0 on it, which regions it hits, and in % where np.gradient is wrong."""
    mlp = network(net)
    regions = _regions(mlp, half_width)
    axis = np.linspace(-half_width, half_width, points)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1)
    d1, d0 = np.gradient(mlp.forward(grid)[..., 0], axis, axis)
    code = _codes(mlp, grid)
    bits = regions.activation_patterns.shape[1]
    region_code = (regions.activation_patterns @ 2.0 ** np.arange(bits)).astype(np.intp)
    hit = np.zeros(2**bits, dtype=bool)
    hit[code] = True
    region_of = np.zeros(2**bits, dtype=np.intp)
    region_of[region_code] = np.arange(len(regions))
    true = regions.slopes[region_of[code], 0]
    error = np.abs(d0 - true[..., 0]) + np.abs(d1 - true[..., 1])
    wrong = 100 * float((error > 1e-6 * np.abs(regions.slopes).max()).mean())
    return axis, d0, hit[region_code], round(wrong, 1)


def grid_against_exact(net: str, window: str, points: int) -> Picture:
    """Show a gradient image beside the exact regions, and which of them no grid point hits."""
    half_width = WINDOWS[window]
    regions = _regions(network(net), half_width)
    axis, d0, hit, wrong = _seen_by_grid(net, half_width, points)
    steepest = float(np.abs(regions.slopes).max())
    seen, missed = int(hit.sum()), np.flatnonzero(~hit)

    figure, (left, right) = look.panels(2, left=58, gap=146, height=350)
    _image(left, axis, d0, "∂f/∂x0", "RdBu", (-steepest, steepest))
    _scale(left, mark_zero=True)
    polygons = _pieces(regions)
    middles = np.array([polygons[i].mean(axis=0) for i in missed.tolist()]).reshape(-1, 2)
    _draw(right, polygons, "corner x | corner y", facecolors="white")
    right.plot(*middles.T, "x", color=look.VERMILLION, markersize=6, gid="missed x | missed y")
    for axes, title in ((left, f"∂f/∂x0, {points} × {points} points"), (right, "×: regions it misses")):
        square_window(axes, half_width)
        _title(axes, title)

    share = 100 * float(regions.areas[missed].sum()) / (2 * half_width) ** 2
    farthest = float(np.hypot(*middles.T).max(initial=0))
    where = (
        f"Those it misses cover {format_number(share)} % of the window and lie within {format_number(farthest)} "
        "of its center. "
        if len(missed)
        else ""
    )
    return Picture(
        figure,
        f"A grid of {points} × {points} points sees {seen} of {len(regions)} regions. "
        f"{where}Next to a boundary np.gradient mixes two slopes: it is wrong at {format_number(wrong)} % of the points.",
        Table(
            f"What a grid sees of the {net} network in the window {window}",
            {"regions": ["all", "seen by the grid", "missed"], "how many": [len(regions), seen, len(missed)]},
            {
                "points per side": points,
                "points where np.gradient is wrong, in %": wrong,
                "distance of grid points": float(axis[1] - axis[0]),
                "area of the smallest region": float(regions.areas.min()),
                "share of the window that the missed regions cover, in %": share,
                "farthest of them from the center": farthest,
            },
        ),
        {
            "grid x0": axis,
            "grid x1": axis,
            "∂f/∂x0": d0,
            **_flat(polygons, "corner"),
            "missed x": middles[:, 0],
            "missed y": middles[:, 1],
        },
    )


@lru_cache(maxsize=64)
def _counts_by_width(net: str, seed: int, center: tuple[float, float]) -> tuple[Array, IntArray]:
    """Count the regions in windows of half-widths from 0.01 to 10000, four per decade."""
    half_widths = 10.0 ** np.linspace(-2, 4, 25)
    counts = [len(activation_regions(network(net, seed), _window(h, center))) for h in half_widths]
    return half_widths, np.array(counts)


def _window(half_width: float, center: tuple[float, float]) -> tuple[float, float, float, float]:
    x, y = center
    return x - half_width, x + half_width, y - half_width, y + half_width


def zoom(net: str, half_width: float, center: tuple[float, ...], seed: int) -> Picture:
    """Show the exact regions in a window of any size, and how their number grows with it."""
    middle = (center[0], center[1])
    regions = _regions(network(net, seed), half_width, middle)
    half_widths, counts = _counts_by_width(net, seed, middle)

    figure, (left, right) = look.panels(2, left=64, gap=64, right=30, height=350)
    arrays = draw_regions(left, regions)
    square_window(left, half_width, middle)
    _title(left, f"half-width {_plain(half_width)}")
    right.plot(half_widths, counts, "-", color=look.BLUE, gid="half-width | regions")
    right.plot(
        [half_width],
        [len(regions)],
        "D",
        color=look.VERMILLION,
        markeredgecolor=look.OUTLINE,
        markersize=9,
        gid="here | regions here",
    )
    right.set(xscale="log", xlim=(0.007, 14000), ylim=(0, 450), xlabel="half-width of the window")
    right.set_xticks([0.01, 1, 100, 10000], ["0.01", "1", "100", "10000"])
    right.minorticks_off()
    _title(right, "regions in the window")

    count = len(regions)
    return Picture(
        figure,
        f"The window of half-width {_plain(half_width)} around ({format_number(middle[0])}, "
        f"{format_number(middle[1])}) holds {count} {'region' if count == 1 else 'regions'}. "
        + (
            "On a single region the network is one affine map."
            if count == 1
            else f"The smallest has area {format_number(regions.areas.min())}."
        )
        + f" From half-width {_plain(half_widths[0])} to {_plain(half_widths[-1])} the count goes from {counts[0]} "
        f"to {counts[-1]}.",
        Table(
            f"Regions of the {net} network with seed {seed} in windows around this point",
            {"half-width": half_widths, "regions": counts},
            {
                "half-width here": half_width,
                "regions here": count,
                "linear regions here": _linear_count(regions),
                "smallest area here": float(regions.areas.min()),
            },
        ),
        {**arrays, "here": np.array([half_width]), "regions here": np.array([count])},
    )


@lru_cache(maxsize=16)
def _random_piece_counts(depth: int) -> IntArray:
    """Count the pieces of 100 random networks with two units in each of `depth` layers."""
    widths = [1, *[2] * depth, 1]
    return np.array([len(linear_pieces(MLP.random(widths, seed))) for seed in range(100)])


def _plain(number: float) -> str:
    """Write a positive number without an exponent."""
    return format_number(round(number)) if number >= 1000 else format_number(number)


def fold(depth: int, seed: int) -> Picture:
    """Show the tent map composed with itself, and a random network of the same widths."""
    knots = np.linspace(0, 1, 2**depth + 1)
    folded = tent_network(depth)
    heights = folded.forward(knots[:, None])[:, 0]
    made = len(linear_pieces(folded, 0, 1))
    random_net = MLP.random([1, *[2] * depth, 1], seed)
    random_pieces = linear_pieces(random_net)
    random_count = len(random_pieces)
    bends = np.array([piece.high for piece in random_pieces[:-1]])
    reach = float(max(1.0, 1.3 * np.abs(bends).max(initial=0)))
    random_x = np.array([-reach, *bends, reach])
    random_values = random_net.forward(random_x[:, None])[:, 0]
    typical = _random_piece_counts(depth)

    figure, (left, right) = look.panels(2, left=56, gap=90, right=40)
    left.plot(knots, heights, color=look.BLUE, linewidth=1.5 if depth < 6 else 0.6, gid="knot | height")
    left.set(xlim=(0, 1), ylim=(-0.05, 1.05), xlabel="x")
    _title(left, f"{depth} {'fold' if depth == 1 else 'folds'}: {made} pieces")
    right.plot(random_x, random_values, color=look.VERMILLION, gid="x | random network")
    right.plot(bends, random_values[1:-1], "o", color=look.VERMILLION, gid="bend x | bend height")
    low, high = float(random_values.min()), float(random_values.max())
    if high - low < 1e-9:
        low, high = low - 1, high + 1
    room = (high - low) * 0.08
    right.set(xlim=(-reach, reach), ylim=(low - room, high + room), xlabel="x, as far as it bends")
    right.set_xticks([-reach, 0, reach], [format_number(-reach, 2), "0", format_number(reach, 2)])
    right.set_yticks([low, high], [format_number(low, 2), format_number(high, 2)])
    _title(right, f"random weights: {random_count} {'piece' if random_count == 1 else 'pieces'}")

    units = 2 * depth
    return Picture(
        figure,
        f"Folding {'once' if depth == 1 else f'{depth} times'} makes {made} pieces with {units} hidden units. "
        f"With random weights the same layers make {random_count} on the whole line, "
        f"and {format_number(typical.mean())} on average over 100 seeds. "
        f"In one layer, {units} units make at most {units + 1} pieces, whatever their weights.",
        Table(
            "Linear pieces of functions of one number",
            {
                "network": [
                    "folded, on [0, 1]",
                    "random, on the whole line",
                    "average of 100 random ones",
                    "most of 100 random ones",
                    "at most, in one layer",
                ],
                "pieces": [made, random_count, typical.mean(), int(typical.max()), units + 1],
            },
            {"layers": depth, "hidden units": units, "seeds": 100, "parameters": folded.parameter_count},
        ),
        {
            "knot": knots,
            "height": heights,
            "x": random_x,
            "random network": random_values,
            "bend x": bends,
            "bend height": random_values[1:-1],
        },
    )


LEAK_HALF = 3.0


def remove_the_activation(leak: float, seed: int) -> Picture:
    """Show a 2-20-1 network whose hinges are opened until they are straight lines."""
    mlp = network(SHALLOW, seed)
    regions = _regions(mlp, LEAK_HALF)
    # leak·z + (1 − leak)·relu(z) has slope `leak` below zero and 1 above.
    straight = mlp.weights[1] @ mlp.weights[0]
    slopes = leak * straight + (1 - leak) * regions.slopes[:, 0]
    x = np.linspace(-LEAK_HALF, LEAK_HALF, 121)
    points = np.stack([x, np.zeros_like(x)], axis=-1)
    z = points @ mlp.weights[0].T + mlp.biases[0]
    values = np.where(z > 0, z, leak * z) @ mlp.weights[1][0] + mlp.biases[1][0]
    a, b = regions.neighbors.T
    jump = float(np.abs(slopes[a] - slopes[b]).max()) if leak < 1 else 0.0
    linear = _linear_count(regions) if leak < 1 else 1

    figure, (left, right) = look.panels(2, left=50, gap=140, height=350)
    polygons = _pieces(regions)
    steepest = float(np.abs(regions.slopes[:, 0, 0]).max())
    collection = _draw(
        left,
        polygons,
        "corner x | corner y | slope",
        array=slopes[:, 0],
        cmap="RdBu",
        clim=(-steepest, steepest),
        edgecolors=look.OUTLINE if leak < 1 else "none",  # nothing bends: no boundary
    )
    left.axhline(0, color=look.BLACK, linestyle="--", linewidth=1.5, gid="guide")
    square_window(left, LEAK_HALF)
    _title(left, "∂f/∂x0 on each region")
    ticks = (-steepest, 0, steepest)
    bar = color_bar(left, collection, ticks, [format_number(tick, 2) for tick in ticks])
    bar.axhline(0, color=look.OUTLINE, linewidth=1.5)
    right.plot(x, values, color=look.BLUE, gid="x0 | f")
    limit = next(n for n in (0.5, 1, 2, 4, 8) if n >= np.abs(values).max())
    right.set(xlim=(-LEAK_HALF, LEAK_HALF), ylim=(-limit, limit), xlabel="x0 along the dashed line")
    _title(right, "f where x1 is 0")

    if leak < 1:
        said = (
            f"Slope {format_number(leak)} below zero: {linear} linear regions. "
            f"Across a boundary the gradient jumps by at most {format_number(jump)} in one component."
        )
    else:
        said = (
            "Slope 1 below zero: nothing bends any more, and one linear region is left. "
            f"The 20 units make one affine map, with gradient ({format_number(straight[0, 0])}, {format_number(straight[0, 1])})."
        )
    return Picture(
        figure,
        said,
        Table(
            f"A {SHALLOW} network with slope {format_number(leak)} below zero, where x1 = 0",
            {"x0": x[::10], "f": values[::10]},
            {
                "linear regions": linear,
                "largest jump of a component": jump,
                "∂f/∂x0 without activation": float(straight[0, 0]),
                "∂f/∂x1 without activation": float(straight[0, 1]),
                "hidden units": 20,
            },
        ),
        {**_flat(polygons, "corner"), "slope": slopes[:, 0], "x0": x, "f": values},
    )


EXPLORER_HALF = 10.0


def explorer(net: str, x0: float, x1: float) -> Picture:
    """Show the region of a point: its pattern, its affine map and its area."""
    mlp = network(net)
    regions = _regions(mlp, EXPLORER_HALF)
    point = np.array([x0, x1])
    index = int(regions.locate(point))
    region = regions[index]
    outline = np.vstack([region.polygon, region.polygon[:1]])
    around = int((regions.neighbors == index).any(axis=1).sum())
    slope, intercept = region.slope[0], float(region.intercept[0])
    value = float(slope @ point + intercept)
    active = int(region.pattern.sum())

    figure, (left, right) = look.panels(2, left=50, gap=110, height=380)
    arrays = draw_regions(left, regions)
    left.plot(*outline.T, color=look.BLACK, linewidth=3.5, gid="outline x | outline y")
    left.plot([x0], [x1], "o", color=look.VERMILLION, markeredgecolor="white", markersize=9, gid="x0 | x1")
    square_window(left, EXPLORER_HALF)
    _title(left, f"{len(regions)} regions, one of them outlined")
    tiles = region.pattern.reshape(4, 5).astype(float)
    right.imshow(tiles, cmap="Greys", vmin=0, vmax=1.6, aspect="auto", gid="pattern")
    for (row, column), on in np.ndenumerate(tiles):
        right.text(column, row, f"{on:.0f}", ha="center", va="center", color="white" if on else "black")
    rows = [f"{5 * r}–{5 * r + 4}" if net == SHALLOW else f"layer {r}" for r in range(4)]
    right.set_xticks(range(5), [f"+{i}" if net == SHALLOW else str(i) for i in range(5)])
    right.set_yticks(range(4), rows)
    right.set_xlabel("unit")
    right.grid(False)
    _title(right, "1 = active, 0 = not")

    names = [
        f"unit {i}" if net == SHALLOW else f"layer {i // 5}, unit {i % 5}" for i in range(len(region.pattern))
    ]
    return Picture(
        figure,
        f"Here f(x) = {_affine(slope, intercept)}. "
        f"The region of ({format_number(x0)}, {format_number(x1)}) has area {format_number(region.area)} and "
        f"{around} {'neighbor' if around == 1 else 'neighbors'} in the window; {active} of {len(names)} units are active there.",
        Table(
            f"Hidden units of the {net} network at the chosen point",
            {"": names, "active (1) or not (0)": region.pattern.astype(int)},
            {
                "f here": value,
                "∂f/∂x0": float(slope[0]),
                "∂f/∂x1": float(slope[1]),
                "intercept": intercept,
                "area": region.area,
                "neighbors": around,
                "active units": active,
                "hidden units": len(names),
                "regions in the window": len(regions),
            },
        ),
        {
            **arrays,
            "outline x": outline[:, 0],
            "outline y": outline[:, 1],
            "x0": np.array([x0]),
            "x1": np.array([x1]),
            "pattern": tiles,
        },
    )


def _affine(slope: Array, intercept: float) -> str:
    """Write an affine function of x0 and x1 as one does by hand."""
    terms = [(slope[0], " x0"), (slope[1], " x1"), (intercept, "")]
    words = [f"{'−' if term < 0 else '+'} {format_number(abs(term))}{name}" for term, name in terms]
    written = " ".join(words).removeprefix("+ ")
    return written.replace("− ", "−", 1) if written.startswith("−") else written


@look.applied
def map_of(net: MLP, half_width: float) -> Picture:
    """Draw the exact regions of any network with two inputs; for large ones, say what is left out."""
    regions = activation_regions(net, (-half_width, half_width, -half_width, half_width))
    figure, (axes,) = look.panels(1, left=150, right=130, height=360)
    arrays = draw_regions(axes, regions)
    square_window(axes, half_width)
    widths = "-".join(map(str, net.widths))
    _title(axes, f"regions of a {widths} network")
    drawn = min(len(regions), MOST_DRAWN)
    linear = int(regions.linear_labels().max()) + 1
    left_out = (
        f" The picture draws the {drawn} largest and leaves the rest white." if drawn < len(regions) else ""
    )
    return Picture(
        figure,
        f"In the window ±{format_number(half_width)} this {widths} network has {len(regions)} activation regions, "
        f"and {linear} linear regions.{left_out}",
        Table(
            f"The exact regions of a {widths} network in the window ±{format_number(half_width)}",
            {
                "": ["activation regions", "linear regions", "drawn"],
                "how many": [len(regions), linear, drawn],
            },
            {"smallest area": float(regions.areas.min()), "largest area": float(regions.areas.max())},
        ),
        arrays,
    )


def time_three_ways(net: str = SHALLOW, points: int = 500) -> str:
    """Time three ways to see the regions in ±10, now and on this machine, and say what came out.

    Point by point is measured on 2,000 points and scaled up to the whole grid.
    """
    mlp = network(net)
    axis = np.linspace(-10, 10, points)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1)
    some = grid.reshape(-1, 2)[:: max(1, points**2 // 2000)]

    def one_by_one() -> None:
        for point in some:
            mlp.forward(point)

    loop = _seconds(one_by_one) * points**2 / len(some)
    batch = _seconds(lambda: np.gradient(mlp.forward(grid)[..., 0], axis, axis))
    exact = _seconds(lambda: activation_regions(mlp, (-10.0, 10.0, -10.0, 10.0)).polygons)
    return (
        f"{net} in ±10 on this machine, now: the {points} × {points} grid point by point {_duration(loop)}, "
        f"in one batch with np.gradient {_duration(batch)}, exactly {_duration(exact)}."
    )


def _seconds(action: Any) -> float:
    """Return the best time of five calls."""
    best = np.inf
    for _ in range(5):
        start = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - start)
    return float(best)


def _duration(seconds: float) -> str:
    number, unit = (seconds, "s") if seconds >= 1 else (1e3 * seconds, "ms")
    return f"{float(f'{number:.2g}'):g} {unit}"


# ---------------------------------------------------------------------------------------------------
# Demos
# ---------------------------------------------------------------------------------------------------

hinges_demo = Demo(
    three_hinges,
    (
        Vector(
            "w",
            "Weights w in front of x",
            entries=("w0", "w1", "w2"),
            low=-2,
            high=2,
            initial=(1, -1, 1.5),
            step=0.1,
        ),
        Vector("b", "Biases b", entries=("b0", "b1", "b2"), low=-3, high=3, initial=(1, 0.5, -2), step=0.1),
        Vector(
            "a",
            "Weights a of the hinges",
            entries=("a0", "a1", "a2"),
            low=-2,
            high=2,
            initial=(1, 1, -1),
            step=0.1,
        ),
    ),
    title="Three hinges.",
    look_for="Count the flat steps on the right while you move b, then w, then a: what can make two of them one?",
    presets={
        "One hinge silenced": {"a": (1, 1, 0)},
        "Two hinges at one place": {"w": (1, -1, 1.5), "b": (1, 0.5, 1.5)},
        "They cancel: a straight line": {"w": (1, -1, 0), "b": (1, -1, 0), "a": (1, -1, 0)},
        "A tent": {"w": (1, 1, 1), "b": (1, 0, -1), "a": (1, -2, 1)},
    },
)

arrangement_demo = Demo(
    arrangement,
    (
        Integer("lines", "Units in the first layer", low=1, high=20, initial=4),
        Integer("second", "Units in the second layer", low=0, high=10, initial=0),
        SEED,
    ),
    title="An arrangement of lines.",
    look_for="Cross one line on the left: how many digits of the pattern change?",
    presets={
        "Six lines": {"lines": 6},
        "A second layer bends": {"lines": 4, "second": 3},
        "Twenty lines": {"lines": 20},
        "Ten and ten": {"lines": 10, "second": 10},
    },
)

NETS = (SHALLOW, DEEP, MATCHED)

windows_demo = Demo(
    four_windows,
    (
        Choice("net", "Network", options=NETS),
        Choice("window", "Window", options=tuple(WINDOWS)),
        SEED,
    ),
    title="One network, four windows.",
    look_for="On one region the gradient has one color; find the same boundaries in all four panels.",
    presets={
        "One layer, ±50": {"window": "±50"},
        "One layer, ±5000": {"window": "±5000"},
        "Four layers, ±10": {"net": DEEP},
        "Four layers, ±50": {"net": DEEP, "window": "±50"},
        "Four layers, ±100": {"net": DEEP, "window": "±100"},
        "Four layers, ±5000": {"net": DEEP, "window": "±5000"},
    },
)

grid_demo = Demo(
    grid_against_exact,
    (
        Choice("net", "Network", options=NETS[:2]),
        Choice("window", "Window", options=tuple(WINDOWS)),
        Integer("points", "Grid points per side", low=10, high=500, initial=100),
    ),
    title="What a grid misses.",
    look_for="Raise the number of grid points: which regions stay crossed out to the end, and where do they lie?",
    presets={
        "A fine grid": {"points": 500},
        "A fine grid, far out": {"points": 500, "window": "±5000"},
        "A fine grid, four layers": {"net": DEEP, "points": 500},
        "A coarse grid": {"points": 20},
    },
)

explorer_demo = Demo(
    explorer,
    (
        Choice("net", "Network", options=NETS[:2]),
        Float("x0", "Coordinate x0", low=-10, high=10, initial=2, step=0.1),
        Float("x1", "Coordinate x1", low=-10, high=10, initial=3, step=0.1),
    ),
    title="Walk through the regions.",
    look_for="Move the point across one boundary of the 2-20-1 network: how many tiles change, and what happens to f?",
    presets={
        "At the origin": {"x0": 0, "x1": 0},
        "A corner of the window": {"x0": 10, "x1": 10},
        "Four layers": {"net": DEEP},
        "Four layers, at the origin": {"net": DEEP, "x0": 0, "x1": 0},
    },
)

zoom_demo = Demo(
    zoom,
    (
        Choice("net", "Network", options=NETS),
        LogFloat("half_width", "Half-width of the window", low=0.01, high=10_000, initial=10, step=10**0.1),
        Vector(
            "center", "Center of the window", entries=("x0", "x1"), low=-3, high=3, initial=(0, 0), step=0.1
        ),
        SEED,
    ),
    title="Zoom over six decades, exact at every step.",
    look_for="Zoom in until one region is left, then out until the count stops growing.",
    presets={
        "±50": {"half_width": 50},
        "±100": {"half_width": 100},
        "±5000": {"half_width": 5000},
        "One twentieth": {"half_width": 0.05},
        "Four layers, ±10": {"net": DEEP},
        "Four layers, ±5000": {"net": DEEP, "half_width": 5000},
    },
)

fold_demo = Demo(
    fold,
    (Integer("depth", "Folds (hidden layers of two units)", low=1, high=8, initial=3), SEED),
    title="Folding against chance.",
    look_for="Add layers: what doubles, and what does not?",
    presets={
        "One fold": {"depth": 1},
        "Six folds": {"depth": 6},
        "Eight folds": {"depth": 8},
        "Other random weights": {"seed": 7},
    },
)

leak_demo = Demo(
    remove_the_activation,
    (Float("leak", "Slope below zero", low=0, high=1, initial=0, step=0.05), SEED),
    title="Remove the activation.",
    look_for="Open the hinges from slope 0 to slope 1 and watch the number of linear regions: does it fall slowly?",
    presets={
        "A small leak": {"leak": 0.1},
        "Nearly straight": {"leak": 0.95},
        "Straight": {"leak": 1},
    },
)

# ---------------------------------------------------------------------------------------------------
# Questions
# ---------------------------------------------------------------------------------------------------

pieces_question = Question(
    "A network takes one number x, has three hidden ReLU units and one output. "
    "How many straight pieces can its graph have at most?",
    ["3", "4", "6", "8"],
    "B",
    [
        "of one piece per unit. Each unit brings one *bend*, and three bends separate four pieces.",
        "Each hinge bends the sum at one place; three places cut the line into four pieces.",
        "of two pieces per hinge, added up. The pieces of different hinges share the same line.",
        "of the eight on/off patterns of three units. On a line only four of them can occur: walking along it, "
        "you switch each unit once at most.",
    ],
)

parameters_question = Question(
    "How many parameters (weights and biases) does a network with 2 inputs, 20 hidden units and 1 output have?",
    ["42", "60", "61", "81"],
    "D",
    [
        "that each of the 21 units has two numbers, one weight and one bias. A hidden unit here has *two* weights, "
        "one per input, and the output unit has twenty.",
        "of the weights only: 40 + 20. Every unit also has a bias.",
        "that only the output has a bias. So do the 20 hidden units.",
        "The hidden layer has 20·2 weights and 20 biases, the output 20 weights and 1 bias: 60 + 21.",
    ],
)

lines_question = Question(
    "Four straight lines are drawn across the plane. Into how many parts can they cut it at most?",
    ["5", "8", "11", "16"],
    "C",
    [
        "of parallel lines, where each adds one part. A line that crosses others adds a part for each of them as well.",
        "of lines through one point: each adds two parts. Move them apart and small triangles appear in the middle.",
        "The fourth line crosses the three others, so it passes through four parts and cuts each in two: 7 + 4.",
        "of all on/off patterns of four units, of which there are 16. The plane has room for only 11 of them.",
    ],
)

gradient_question = Question(
    "Along a straight walk through the plane you record ∂f/∂x0 of a ReLU network. What does the record look like?",
    [
        "A smooth curve.",
        "Steps: constant, then a jump, then constant again.",
        "Straight pieces with kinks, like f itself.",
        "Zero, except at the kinks.",
    ],
    "B",
    [
        "of smooth activations. Between two hinges ReLU networks are straight, and the slope of a straight piece is one number.",
        "On a region f is one affine map, so its gradient is one vector. It can change only where a unit switches.",
        "of f itself. Differentiating takes straight pieces to constants.",
        "of the *second* derivative, which vanishes inside every region.",
    ],
)

far_question = Question(
    "You zoom out to ±5000. What does the output of a random 2-20-1 network look like?",
    [
        "Flat: the hinges are all near the origin.",
        "Like a cone: straight wedges that seem to start at the origin.",
        "Like noise: all 211 regions crowd into the picture.",
        "The same as at ±10, with other numbers.",
    ],
    "B",
    [
        "that no hinges means no slope. A hinge never ends: its line runs on, and so does the slope on either side.",
        "Seen from far away every line passes almost through the origin, and the biases hardly count: "
        "f is nearly proportional to the distance along each ray.",
        "of the count alone. It is 211, but the small regions around the origin are less than a pixel wide.",
        "that the picture has no scale. It has one: the biases, which say how far from the origin the lines pass.",
    ],
)

depth_question = Question(
    "Random weights, both networks with 20 hidden units: 2-20-1 and 2-5-5-5-5-1. "
    "Which has more regions in ±5000, usually?",
    [
        "The deep one, by far: depth multiplies regions.",
        "The shallow one.",
        "Equally many: the number of units decides.",
    ],
    "B",
    [
        "of what a deep network *can* do with chosen weights. Random weights do not fold; this page counts them.",
        "It has 211 with hardly an exception. The deep one has about 170 on average, and more than 211 in roughly one case of five.",
        "of the order of magnitude, and that is the right one. But the counts differ, and not in favor of depth.",
    ],
)

leak_question = Question(
    "Replace ReLU by the leaky form that has slope c below zero instead of 0. You raise c from 0 to 0.95. "
    "What happens to the number of linear regions?",
    ["It falls steadily.", "It stays, though the kinks become shallow.", "It becomes 1 as soon as c > 0."],
    "B",
    [
        "that shallow kinks are fewer kinks. Each is still there; only the jump of the gradient shrinks with 1 − c.",
        "As long as the two slopes differ, every line is still a kink. Only at c = 1 do all vanish at once.",
        "of an activation without a flat half. It needs no flat half to bend, only two different slopes.",
    ],
)

exit_question = Question(
    "Exit question. You train a 2-20-1 ReLU network. While its weights change, what can *not* happen?",
    [
        "A region disappears.",
        "The network gets 250 regions in the plane.",
        "The line of a unit leaves the window.",
        "Two regions have the same gradient.",
    ],
    "B",
    [
        "that regions are fixed once and for all. A small triangle shrinks to nothing when three lines meet in one point.",
        "Twenty lines make at most 1 + 20 + 190 = 211 parts, whatever the weights are.",
        "that a line stays near the data. Nothing holds it there: a large bias moves it anywhere.",
        "that every region has a gradient of its own. A unit with a = 0 changes nothing when it switches.",
    ],
)

recall_dead_question = Question(
    "From notebook 05: the pre-activation of a ReLU unit is negative for every training input. "
    "What does gradient descent do with its weights?",
    [
        "It moves them until the unit becomes active.",
        "Nothing: their gradient is 0.",
        "It makes them explode.",
    ],
    "B",
    [
        "that a useless unit gets the strongest push. It gets none: where relu is flat, its derivative is 0.",
        "The gradient passes through relu′ = 0. On this page: the line of a dead unit does not cross the data.",
        "of slopes above 1 that multiply. Here one factor is exactly 0.",
    ],
)

recall_gap_question = Question(
    "From notebook 02: you zoom into a window of width 1e-6 around x0 = 1e6. Neighboring floats lie 1.16e-10 apart there. "
    "About how many different values of x0 does the window hold?",
    ["9 thousand", "9 billion", "infinitely many"],
    "A",
    [
        "Floats are evenly spaced only between powers of two; at 1e6 the gap is 2^−33, and 1e-6/2^−33 is about 8,600.",
        "of the spacing near 1e-6 itself, which is far finer. The gap belongs to the size of the number, not to that of the window.",
        "of the real numbers. That is why the exact regions refuse windows too far from zero for their size.",
    ],
)

# ---------------------------------------------------------------------------------------------------
# Exercises
# ---------------------------------------------------------------------------------------------------


def count_parameters(widths):
    total = 0
    for i in range(1, len(widths)):
        total += widths[i] * (widths[i - 1] + 1)
    return total


parameters_exercise = Exercise(
    "Write `count_parameters(widths)`: how many weights and biases a network of these widths has.",
    Contract(
        "`widths` is a list of two or more whole numbers: inputs, hidden widths (if any), outputs, such as `[2, 20, 1]`. "
        "Every unit after the inputs has one weight per unit of the layer before, and one bias. Return a whole number."
    ),
    count_parameters,
    [
        Check("the shallow network", ([2, 20, 1],)),
        Check("the deep network", ([2, 5, 5, 5, 5, 1],)),
        Check("several outputs", ([3, 4, 10],)),
        Check("no hidden layer", ([5, 2],)),
        Check("one input", ([1, 2, 2, 1],)),
        Check("growing and shrinking", ([64, 32, 100, 7],)),
    ],
    [
        Mistake(
            lambda widths: sum(a * b for a, b in pairwise(widths)),
            "these are the weights. Every unit has a bias as well.",
        ),
        Mistake(
            lambda widths: 2 * sum(widths[1:]),
            "you count one weight and one bias per unit: this is how 2-20-1 comes to 42. A unit has one weight for *each* unit of the layer before.",
        ),
        Mistake(
            lambda widths: sum(a * b for a, b in pairwise(widths)) + sum(widths),
            "the inputs have no biases: nothing is computed there.",
        ),
        Mistake(
            lambda widths: sum(a * b for a, b in pairwise(widths)) + sum(widths[1:-1]),
            "the output units have biases, too.",
        ),
        Mistake(
            lambda widths: sum(a * b for a, b in pairwise(widths)) + len(widths) - 1,
            "you count one bias per layer. There is one per *unit*.",
        ),
        Mistake(
            lambda widths: sum((b + 1) * a for a, b in pairwise(widths)),
            "the bias is on the wrong side: `(n_in + 1) * n_out`, because each of the n_out units has n_in weights and 1 bias.",
        ),
        Mistake(
            lambda widths: (widths[0] + 1) * widths[1] + (widths[1] + 1) * widths[-1],
            "this counts the first hidden layer and an output behind it. Go through *all* neighboring pairs of widths.",
        ),
    ],
    [
        "Count layer by layer: what belongs to one unit?",
        "Σ n_out·(n_in + 1) over neighboring pairs of widths",
        "`zip(widths[:-1], widths[1:])`, or `itertools.pairwise(widths)`, gives the pairs (n_in, n_out).",
    ],
)


def forward_batch(x, weights, biases):
    h = x
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        h = np.maximum(h @ W.T + b, 0)
    return h @ weights[-1].T + biases[-1]


def _rounded(net: MLP) -> tuple[list[Array], list[Array]]:
    return [np.round(w, 2) for w in net.weights], [np.round(b, 2) for b in net.biases]


_SMALL, _TALL, _SQUARE, _WIDE, _LINEAR = (
    _rounded(MLP.random(widths, seed))
    for seed, widths in enumerate([(2, 3, 1), (2, 4, 3, 2, 1), (2, 2, 2, 2), (3, 5, 4), (2, 2)], start=3)
)
POINTS = np.round(np.random.default_rng(5).normal(scale=3, size=(6, 2)), 2)
SPACE = np.round(np.random.default_rng(6).normal(scale=3, size=(4, 3)), 2)


def _activates_the_output(x, weights, biases):
    return np.maximum(forward_batch(x, weights, biases), 0)


def _never_activates(x, weights, biases):
    for W, b in zip(weights, biases, strict=True):
        x = x @ W.T + b
    return x


def _untransposed(x, weights, biases):
    h = x
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        h = np.maximum(h @ W + b, 0)
    return h @ weights[-1] + biases[-1]


def _activates_the_input(x, weights, biases):
    for W, b in zip(weights, biases, strict=True):
        x = np.maximum(x, 0) @ W.T + b
    return x


def _adds_the_bias_late(x, weights, biases):
    h = x
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        h = np.maximum(h @ W.T, 0) + b
    return h @ weights[-1].T + biases[-1]


def _uses_tanh(x, weights, biases):
    h = x
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        h = np.tanh(h @ W.T + b)
    return h @ weights[-1].T + biases[-1]


def _skips_the_middle(x, weights, biases):
    h = np.maximum(x @ weights[0].T + biases[0], 0)
    return h @ weights[-1].T + biases[-1]


def _forgets_the_last_bias(x, weights, biases):
    return forward_batch(x, weights, biases) - biases[-1]


forward_exercise = Exercise(
    "Write `forward_batch(x, weights, biases)`: the outputs of a ReLU network for a batch of points.",
    Contract(
        "`x` has shape (points, inputs); `weights` and `biases` are lists with one array per layer, `weights[l]` of shape "
        "(n_out, n_in) and `biases[l]` of shape (n_out,). There is a ReLU after every layer but the last, so with one layer there is "
        "none. Return an array of shape (points, outputs), right to nine digits. Leave all arguments unchanged.",
        atol=1e-10,
    ),
    forward_batch,
    [
        Check("one hidden layer", (POINTS, *_SMALL)),
        Check("three hidden layers", (POINTS, *_TALL)),
        Check("square layers, where a wrong transpose goes unnoticed", (POINTS, *_SQUARE)),
        Check("three inputs, four outputs", (SPACE, *_WIDE)),
        Check("one layer only, so no ReLU", (POINTS, *_LINEAR)),
        Check("a batch of one", (POINTS[:1], *_TALL)),
        Check("far out", (1000 * POINTS, *_SMALL)),
    ],
    [
        Mistake(
            _activates_the_output,
            "you apply ReLU to the output as well. The last layer has none, or no output could be negative.",
        ),
        Mistake(
            _never_activates, "there is no ReLU between the layers, so the whole network is one affine map."
        ),
        Mistake(
            _untransposed,
            "a weight matrix has shape (n_out, n_in), and points are rows: the product is `h @ W.T`. With square matrices NumPy does not notice.",
        ),
        Mistake(
            _activates_the_input,
            "you apply ReLU *before* each layer, so the inputs lose their negative values.",
        ),
        Mistake(
            _adds_the_bias_late, "the bias is added after the ReLU. It belongs inside: it moves the hinge."
        ),
        Mistake(_uses_tanh, "this is tanh. The activation of this page is `np.maximum(z, 0)`."),
        Mistake(_skips_the_middle, "you use the first layer and the last. Loop over all of them."),
        Mistake(_forgets_the_last_bias, "the bias of the last layer is missing."),
    ],
    [
        "One layer turns a batch h of shape (points, n_in) into one of shape (points, n_out). Do that in a loop.",
        "h ← relu(h Wᵀ + b) for all layers but the last; then h Wᵀ + b without relu",
        "`for W, b in zip(weights[:-1], biases[:-1]): h = np.maximum(h @ W.T + b, 0)`, then one line for the last layer.",
    ],
)


def activation_patterns(x, weights, biases):
    h, patterns = x, []
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        h = np.maximum(h @ W.T + b, 0)
        patterns.append(h > 0)
    return np.concatenate(patterns, axis=1).astype(int)


def _signs(x, weights, biases):
    return 2 * activation_patterns(x, weights, biases) - 1


def _values_instead(x, weights, biases):
    h, values = x, []
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        h = np.maximum(h @ W.T + b, 0)
        values.append(h)
    return np.concatenate(values, axis=1)


def _first_layer_only(x, weights, biases):
    return (x @ weights[0].T + biases[0] > 0).astype(int)


def _last_layer_only(x, weights, biases):
    return activation_patterns(x, weights, biases)[:, -weights[-1].shape[1] :]


def _without_relu(x, weights, biases):
    h, patterns = x, []
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        h = h @ W.T + b
        patterns.append(h > 0)
    return np.concatenate(patterns, axis=1).astype(int)


def _with_the_output(x, weights, biases):
    last = forward_batch(x, weights, biases) > 0
    return np.concatenate([activation_patterns(x, weights, biases), last.astype(int)], axis=1)


def _counts_zero_as_active(x, weights, biases):
    h, patterns = x, []
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        z = h @ W.T + b
        patterns.append(z >= 0)
        h = np.maximum(z, 0)
    return np.concatenate(patterns, axis=1).astype(int)


def _without_biases(x, weights, biases):
    return activation_patterns(x, weights, [0 * b for b in biases])


_ON_A_LINE = (
    [np.array([[1.0, 0.0], [0.0, -1.0]]), np.array([[1.0, 1.0]])],
    [np.array([-1.0, 0.0]), np.array([0.5])],
)
_GRID = np.stack(np.meshgrid(np.linspace(-4, 4, 9), np.linspace(-4, 4, 9)), axis=-1).reshape(-1, 2) + 0.03

patterns_exercise = Exercise(
    "Write `activation_patterns(x, weights, biases)`: which hidden units are active at which point.",
    Contract(
        "The arguments are those of `forward_batch`, with at least one hidden layer. Return an array of shape (points, hidden units) of the whole "
        "numbers 0 and 1, layer after layer from the first: 1 where the pre-activation of that unit is greater than zero, 0 elsewhere. "
        "The output layer does not count. Leave all arguments unchanged."
    ),
    activation_patterns,
    [
        Check("one hidden layer", (POINTS, *_SMALL)),
        Check("three hidden layers", (POINTS, *_TALL)),
        Check("two outputs", (POINTS, *_SQUARE)),
        Check("a grid of points", (_GRID, *_TALL)),
        Check("three inputs", (SPACE, *_WIDE)),
        Check("points on a unit's line", (np.array([[1.0, 0.0], [1.0, -2.0], [3.0, 0.0]]), *_ON_A_LINE)),
    ],
    [
        Mistake(
            lambda x, weights, biases: activation_patterns(x, weights, biases).astype(bool),
            "these are the right answers as True and False. Ask for numbers with `.astype(int)`, so that they can be added up.",
        ),
        Mistake(_signs, "you return −1 and 1. Inactive is 0."),
        Mistake(
            _values_instead,
            "these are the activations themselves. A pattern only says whether they are greater than zero.",
        ),
        Mistake(
            _first_layer_only,
            "this is the first layer only. A region of a deep network is one pattern of *all* hidden units.",
        ),
        Mistake(
            _last_layer_only, "this is the last hidden layer only. Collect the patterns of all hidden layers."
        ),
        Mistake(
            _without_relu, "the next layer gets the pre-activations; it must get what ReLU leaves of them."
        ),
        Mistake(_with_the_output, "the output layer has no ReLU, so it has no pattern: one column too many."),
        Mistake(
            _counts_zero_as_active,
            "a pre-activation of exactly 0 counts as active here. The contract says greater than zero.",
        ),
        Mistake(_without_biases, "the biases are missing, so that every line passes through the origin."),
    ],
    [
        "Walk through the layers as in `forward_batch`, and keep a note of each hidden layer.",
        "pattern of layer l: (z > 0) with z = h Wᵀ + b; then h = relu(z)",
        "Collect `h > 0` of every hidden layer in a list, then `np.concatenate(..., axis=1).astype(int)`.",
    ],
)


def count_regions(W, b, half):
    corners = half * np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    z = corners @ W.T + b
    meets = np.flatnonzero((z.min(axis=0) < 0) & (z.max(axis=0) > 0))
    crossings = 0
    for i in meets:
        for j in meets[meets > i]:
            x = np.linalg.solve(W[[i, j]], -b[[i, j]])
            crossings += int(np.all(np.abs(x) < half))
    return 1 + len(meets) + crossings


def _crossings(W, b, half):
    pairs = [(i, j) for i in range(len(b)) for j in range(i)]
    places = [np.linalg.solve(W[[i, j]], -b[[i, j]]) for i, j in pairs]
    return sum(bool(np.all(np.abs(x) < half)) for x in places)


def _meeting(W, b, half):
    return sum(bool(abs(c) < half * np.abs(row).sum()) for row, c in zip(W, b, strict=True))


def _near_crossings(W, b, half):
    pairs = [(i, j) for i in range(len(b)) for j in range(i)]
    places = [np.linalg.solve(W[[i, j]], -b[[i, j]]) for i, j in pairs]
    return sum(bool(np.linalg.norm(x) < half) for x in places)


def _crossings_in_a_strip(W, b, half):
    pairs = [(i, j) for i in range(len(b)) for j in range(i)]
    places = [np.linalg.solve(W[[i, j]], -b[[i, j]]) for i, j in pairs]
    return sum(bool(abs(x[0]) < half) for x in places)


def _first_layer(units: int, seed: int, scale: float = 1.0) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    return np.round(rng.uniform(-1, 1, (units, 2)), 3), np.round(scale * rng.uniform(-1, 1, units), 3)


regions_exercise = Exercise(
    "Write `count_regions(W, b, half)`: the exact number of regions of one hidden layer in the window [−half, half]².",
    Contract(
        "`W` has shape (units, 2) and `b` shape (units,); the line of unit i is W[i] @ x + b[i] = 0. No row of `W` is zero, no two lines are "
        "parallel, no three meet in one point, no line passes through a corner of the window, and no crossing lies on its edge. `half` is a positive number. "
        "Return a whole number."
    ),
    count_regions,
    [
        Check("four lines, a wide window", (*_first_layer(4, 1), 50.0)),
        Check("four lines, a narrow window", (*_first_layer(4, 1), 0.5)),
        Check("twenty lines", (*_first_layer(20, 2), 3.0)),
        Check("twenty lines, a window that some lines miss", (*_first_layer(20, 3, scale=5), 2.0)),
        Check("one line through the window", (np.array([[1.0, 2.0]]), np.array([0.5]), 1.0)),
        Check("one line that misses it", (np.array([[1.0, 2.0]]), np.array([5.0]), 1.0)),
        Check(
            "a crossing in a corner of the square, outside the circle",
            (np.array([[1.0, 0.1], [0.1, 1.0]]), np.array([-0.95, -0.95]), 1.0),
        ),
        Check(
            "two lines that cross outside", (np.array([[1.0, 0.1], [-1.0, 0.1]]), np.array([0.5, 0.5]), 1.0)
        ),
        Check(
            "a line that cuts off one corner",
            (np.array([[1.0, 1.0], [1.0, -1.0]]), np.array([-1.5, 0.1]), 1.0),
        ),
    ],
    [
        Mistake(
            lambda W, b, half: 1 + len(b) + len(b) * (len(b) - 1) // 2,
            "this is the count in the whole plane. In a window only the crossings *inside* count, and only the lines that meet it.",
        ),
        Mistake(
            lambda W, b, half: 1 + len(b) + _crossings(W, b, half),
            "you count all lines. One that passes outside the window cuts nothing in it.",
        ),
        Mistake(
            lambda W, b, half: _meeting(W, b, half) + _crossings(W, b, half),
            "the 1 is missing: with no line at all there is one region.",
        ),
        Mistake(
            lambda W, b, half: 1 + _meeting(W, b, half) + 2 * _crossings(W, b, half),
            "every crossing is counted twice, once as (i, j) and once as (j, i).",
        ),
        Mistake(
            lambda W, b, half: 1 + _meeting(W, b, half),
            "the crossings are missing. A line adds one region when it enters, and one more at each line it crosses inside.",
        ),
        Mistake(
            lambda W, b, half: 1 + _meeting(W, b, half) + _crossings_in_a_strip(W, b, half),
            "you look at x0 of a crossing only. Both coordinates must lie in the window.",
        ),
        Mistake(
            lambda W, b, half: 1 + _meeting(W, b, half) + _near_crossings(W, b, half),
            "you measure the distance from the origin: that is a round window. This one is a square.",
        ),
        Mistake(
            lambda W, b, half: 2 ** _meeting(W, b, half),
            "this counts all on/off patterns of the lines that meet the window. Most of them occur nowhere.",
        ),
        Mistake(
            lambda W, b, half: 1 + int((np.abs(b) < half).sum()) + _crossings(W, b, half),
            "you compare |b| with the window. How far a line passes from the origin depends on its weights as well: "
            "look at the signs at the four corners.",
        ),
    ],
    [
        "Add the lines one at a time. When a new line enters the window, how many regions does it cut in two?",
        "1 + (lines that meet the window) + (crossings inside the window)",
        "A line meets the window if W[i] @ corner + b[i] has both signs among the four corners; `np.linalg.solve(W[[i, j]], -b[[i, j]])` is the crossing of lines i and j.",
    ],
)


def zigzag(x, depth):
    for _ in range(depth):
        x = 2 * np.maximum(x, 0) - 4 * np.maximum(x - 0.5, 0)
    return x


def _tents_added(x, depth):
    return sum((zigzag(x, 1) / 2**k for k in range(depth)), start=0 * x)


def _sawtooth(x, depth):
    return (2**depth * x) % 1 if depth else x


def _repeats_without_folding(x, depth):
    for _ in range(depth):
        x = 2 * np.maximum(x, 0) - 2 * np.maximum(x - 0.5, 0)
    return x


def _low_tent(x, depth):
    for _ in range(depth):
        x = np.maximum(x, 0) - 2 * np.maximum(x - 0.5, 0)
    return x


def _valley(x, depth):
    for _ in range(depth):
        x = np.maximum(1 - 2 * x, 0) + np.maximum(2 * x - 1, 0)
    return x


_DYADIC = np.arange(65) / 64

zigzag_exercise = Exercise(
    "Write `zigzag(x, depth)`: a network with two ReLU units per layer and weights of your choice that has $2^d$ pieces on [0, 1], d = depth.",
    Contract(
        "`x` is a NumPy array of numbers from 0 to 1, `depth` a whole number from 0 to 10. Return an array of the same shape. "
        "The function starts at 0, rises to 1, falls to 0 and so on, in $2^d$ straight pieces of equal width; with depth 0 it is x itself. "
        "Build it from `np.maximum(..., 0)`, sums and products. Leave `x` unchanged.",
        atol=1e-9,
    ),
    zigzag,
    [
        Check("one fold", (_DYADIC, 1)),
        Check("two folds", (_DYADIC, 2)),
        Check("three folds", (_DYADIC, 3)),
        Check("no fold", (_DYADIC, 0)),
        Check("ten folds", (np.linspace(0, 1, 1000), 10)),
        Check("points as a column", (_DYADIC[:, None], 4)),
    ],
    [
        Mistake(
            lambda x, depth: zigzag(x, 1),
            "this folds once, whatever `depth` is. Feed the result into the next layer.",
        ),
        Mistake(
            lambda x, depth: zigzag(x, depth + 1), "there is one fold too many: depth 0 must give x itself."
        ),
        Mistake(
            _tents_added,
            "you *add* folded functions. Added, bends do not multiply. Apply the fold to the result of the fold.",
        ),
        Mistake(
            _sawtooth,
            "this jumps from 1 back to 0. A ReLU network cannot jump: it must come down as it went up.",
        ),
        Mistake(
            _repeats_without_folding,
            "your second hinge only cancels the first: the function rises and stays up. To come down again it needs twice the weight.",
        ),
        Mistake(
            _low_tent,
            "your tent is only half as high, so that the next layer never reaches its own bend. The fold must fill [0, 1] again.",
        ),
        Mistake(_valley, "this starts at 1 and falls first: a valley instead of a tent."),
    ],
    [
        "Find one fold first: up to 1 at x = ½, and down to 0 again. Its output is in [0, 1], so it can be folded once more.",
        "tent(x) = 2·relu(x) − 4·relu(x − ½), applied d times",
        "`for _ in range(depth):` replace `x` by `2 * np.maximum(x, 0) - ...`.",
    ],
)
