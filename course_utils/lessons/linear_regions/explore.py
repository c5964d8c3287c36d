"""Section "A region and its map"."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array, Whole
from course_utils.lessons.linear_regions.networks import (
    DEEP,
    NETS,
    active_counts,
    network,
    regions_within,
    steepest_slopes,
)
from course_utils.lessons.region_maps import (
    areas,
    boundary_lines,
    output_at_corners,
    slope_colors,
    slope_key,
)
from course_utils.numerics.mlp import MLP
from course_utils.numerics.regions import ActivationRegions, Region
from course_utils.teaching import Choice, Demo, LogFloat, Vector
from course_utils.teaching.pictures import (
    Axis,
    Drag,
    Line,
    Panel,
    Picture,
    Points,
    Polygons,
    Table,
    Text,
    Tiles,
)
from course_utils.teaching.pictures.colors import hex_of
from course_utils.teaching.text import format_number
from course_utils.words import counted

SLOPES = {"slope ∂f/∂x0": 0, "slope ∂f/∂x1": 1}
FILLS = (*SLOPES, "active units")
ROOM = 0.7  # of the way from the center to the edge of the window, where the point may be


def explorer(net: str, fill: str, half_width: float, point: tuple[float, ...]) -> Picture:
    """Show the region of a point: its pattern, its affine map and its area."""
    mlp = network(net)
    x = np.array(point)
    # Around the origin, or as far from there as the point needs it to keep off the edges.
    center = x - x.clip(-ROOM * half_width, ROOM * half_width)
    regions = regions_within(mlp, half_width, (center[0], center[1]))
    region = regions[int(regions.locate(x))]
    around = int((regions.neighbors == region.index).any(axis=1).sum())
    slope, intercept = region.slope[0], float(region.intercept[0])
    value = float(slope @ x + intercept)
    active = int(region.pattern.sum())
    units = [f"layer {i // 5 + 1}, unit {i % 5}" if net == DEEP else f"unit {i}" for i in range(20)]
    return Picture(
        [
            [
                _map(regions, fill, region, point),
                _surface(regions, fill, region, (point[0], point[1], value)),
            ],
            [_pattern(region, net)],
        ],
        f"At ({format_number(x[0])}, {format_number(x[1])}) f is {format_number(value)}, "
        f"and in the whole outlined region f(x) = {affine(slope, intercept)}. "
        f"In the window the region has area {format_number(region.area)} and "
        f"{counted(around, 'neighbor')}; {active} of {len(units)} units are active there.",
        table=Table(
            f"Hidden units of the {net} network at the chosen point",
            {"": units, "active (1) or not (0)": region.pattern.astype(int)},
            {
                "f here": value,
                "∂f/∂x0": float(slope[0]),
                "∂f/∂x1": float(slope[1]),
                "intercept": intercept,
                "area": region.area,
                "neighbors": around,
                "active units": active,
                "hidden units": len(units),
                "regions in the window": len(regions),
                **_ends(fill, mlp),
                **dict(zip(("left end", "right end", "lower end", "upper end"), regions.window, strict=True)),
            },
        ),
        height=(345, 82),
    )


def _map(regions: ActivationRegions, fill: str, region: Region, point: tuple[float, ...]) -> Panel:
    values, scale = _values(regions, fill)
    hand = {"x": Drag("point", 0), "y": Drag("point", 1)}
    return Panel(
        f"{counted(len(regions), 'region')}; {_key(fill, regions.mlp)}",
        [
            areas(regions, fill, values=values, chosen=[region.index], **scale),
            *boundary_lines(regions, on_paper=False),
            Points("x1 of the point", point[1:], point[:1], color="ink", size=14, drags=hand),
        ],
        **_window(regions),
        weight=2.2,
        zooms="half_width",
    )


def _window(regions: ActivationRegions) -> dict[str, Any]:
    """Return axes that say in words where they end: as wide for every window, so that nothing jumps."""
    left, right, low, high = regions.window
    ends = [format_number(end) for end in regions.window]
    return {
        "x": Axis(
            "*x*_0 from {} to {}, *x*_1 from {} to {}".format(*ends), left, right, ticks=(), name="*x*_0"
        ),
        "y": Axis("*x*_1", low, high, ticks=()),
        "equal": True,
    }


def _key(fill: str, mlp: MLP) -> str:
    """Say what the colors mean: the same in every window."""
    if fill in SLOPES:
        return f"∂*f*/∂*x*_{SLOPES[fill]}: {slope_key(steepest_slopes(mlp)[SLOPES[fill]])}"
    return "active units: white {}, gray {}".format(*active_counts(mlp))


def _ends(fill: str, mlp: MLP) -> dict[str, float]:
    """Return the numbers of the key, for the table."""
    if fill in SLOPES:
        return {f"steepest {fill.split()[-1]} in all windows": steepest_slopes(mlp)[SLOPES[fill]]}
    return dict(
        zip(("fewest active in all windows", "most active in all windows"), active_counts(mlp), strict=True)
    )


def _values(regions: ActivationRegions, fill: str) -> tuple[Array, dict[str, Any]]:
    """Return what colors the regions, and the scale."""
    if fill in SLOPES:
        return slope_colors(regions, SLOPES[fill], steepest_slopes(regions.mlp)[SLOPES[fill]])
    active = regions.activation_patterns.sum(axis=1).astype(float)
    fewest, most = active_counts(regions.mlp)
    # No darker than to leave lines of all colors readable.
    return active, {"colormap": "gray", "low": fewest, "high": fewest + (most - fewest) / 0.6}


def _surface(
    regions: ActivationRegions, fill: str, region: Region, place: tuple[float, float, float]
) -> Panel:
    lifted, order, lowest, highest = _lifted(regions)
    floor = _seen(np.array([[-1, 1, 1, -1, -1], [-1, -1, 1, 1, -1]]), np.full(5, -1))
    left, right, low, _ = regions.window
    across = 2 * np.array([[place[0] - left], [place[1] - low]]) / (right - left) - 1
    (u,), (v,) = _seen(across, 2 * (np.array(place[2:]) - lowest) / (highest - lowest) - 1)
    values, scale = _values(regions, fill)
    facets = Polygons(
        "",
        [lifted[i] for i in order],
        values=values[order],
        edge=hex_of("layer1"),
        edge_width=0.5,
        chosen=np.flatnonzero(order == region.index).tolist(),
        **scale,
    )
    return Panel(
        "*f* above the map: one flat piece per region",
        [
            Line("", floor[1], floor[0], color="faint", width=1),
            facets,
            Points("", [v], [u], color="ink", size=11),
            *(Text(name, x, y, color="muted", anchor="middle", dy=14) for name, x, y in CORNERS),
        ],
        x=Axis(low=-1.45, high=1.45),
        y=Axis(low=-1.45, high=1.25),
        equal=True,
        frame="none",
        weight=1.6,
    )


@lru_cache(maxsize=64)
def _lifted(regions: ActivationRegions) -> tuple[list[Array], Whole, float, float]:
    """Return all regions as they lie in space, which to paint first, and the range of f."""
    left, right, low, _ = regions.window
    x = 2 * (regions.polygons - [left, low]) / (right - left) - 1
    f = output_at_corners(regions)
    lowest, highest = float(f.min()), max(float(f.max()), float(f.min()) + 1e-12)
    lifted = _seen(x.T, 2 * (f - lowest) / (highest - lowest) - 1)
    middles = np.add.reduceat(x, regions.offsets[:-1]) / np.diff(regions.offsets)[:, None]
    parts = np.split(lifted.T, regions.offsets[1:-1])
    return parts, np.argsort(middles @ TOWARD, kind="stable"), lowest, highest


def _seen(x: Array, height: Array) -> Array:
    """Return places to the right and up, shape (2, n), of points in a box from −1 to 1, seen from the front."""
    right, toward = np.array([[-TOWARD[1], TOWARD[0]], TOWARD]) @ x
    return np.stack([right, 0.6 * height - RISE * toward])


TOWARD = np.array([np.cos(np.radians(-115)), np.sin(np.radians(-115))])  # from where one looks
RISE = 0.45
# Names of the axes below the front edges of the floor.
CORNERS = (("*x*_0", 0.75, -1.05), ("*x*_1", -1.2, -0.55))


def _pattern(region: Region, net: str) -> Panel:
    on = region.pattern[None].astype(float)
    tiles = Tiles(
        "pattern",
        on,
        rows=[""],
        columns=[f"{i % 5}" if net == DEEP else str(i) for i in range(20)],
        texts=[[f"{one:.0f}" for one in on[0]]],
        palette=("faint", "ink"),
    )
    layers = "4 layers of 5 units" if net == DEEP else "units 0 to 19"
    return Panel(f"pattern, 1 = active: {layers}", [tiles])


def affine(slope: Array, intercept: float) -> str:
    """Write an affine function of x0 and x1 as one does by hand: without what is 0, unless all is."""
    terms = [(slope[0], " x0"), (slope[1], " x1"), (intercept, "")]
    kept = [term for term in terms if term[0]] or terms[-1:]
    words = [f"{'−' if term < 0 else '+'} {format_number(abs(term))}{name}" for term, name in kept]
    written = " ".join(words).removeprefix("+ ")
    return written.replace("− ", "−", 1) if written.startswith("−") else written


explorer_demo = Demo(
    explorer,
    (
        Choice("net", "Network", options=NETS[:2]),
        Choice("fill", "Color regions by", options=FILLS),
        LogFloat("half_width", "Half-width", low=0.1, high=10, initial=5, step=10**0.05),
        Vector("point", "Point", entries=("x0", "x1"), low=-10, high=10, initial=(2, 3), step=0.1),
    ),
    title="Walk through the regions.",
    look_for="Drag the point across one line: which tiles change, and f?",
    presets={
        "At the origin": {"point": (0, 0)},
        "Zoomed in": {"half_width": 1, "point": (0.7, 0.6)},
        "By active units": {"fill": "active units"},
        "Four layers": {"net": DEEP},
        "Four layers, at the origin": {"net": DEEP, "point": (0, 0)},
    },
)
