"""Section "A region and its map"."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.linear_regions.networks import DEEP, NETS, SHALLOW, network, regions_within
from course_utils.lessons.regions_drawn import draw_regions, square_window
from course_utils.teaching import Choice, Demo, Float, Picture, Table, look
from course_utils.teaching.drawing import titled
from course_utils.teaching.text import format_number

EXPLORER_HALF = 10.0


def explorer(net: str, x0: float, x1: float) -> Picture:
    """Show the region of a point: its pattern, its affine map and its area."""
    mlp = network(net)
    regions = regions_within(mlp, EXPLORER_HALF)
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
    titled(left, f"{len(regions)} regions, one of them outlined")
    tiles = region.pattern.reshape(4, 5).astype(float)
    right.imshow(tiles, cmap="Greys", vmin=0, vmax=1.6, aspect="auto", gid="pattern")
    for (row, column), on in np.ndenumerate(tiles):
        right.text(column, row, f"{on:.0f}", ha="center", va="center", color="white" if on else "black")
    rows = [f"{5 * r}–{5 * r + 4}" if net == SHALLOW else f"layer {r}" for r in range(4)]
    right.set_xticks(range(5), [f"+{i}" if net == SHALLOW else str(i) for i in range(5)])
    right.set_yticks(range(4), rows)
    right.set_xlabel("unit")
    right.grid(False)
    titled(right, "1 = active, 0 = not")

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
