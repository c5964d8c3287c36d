"""Section "Output and gradient": the same network in four windows."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.linear_regions.networks import (
    DEEP,
    NETS,
    SEED,
    WINDOWS,
    linear_count,
    network,
    regions_within,
    steepest_slopes,
)
from course_utils.lessons.region_maps import (
    areas,
    boundary_lines,
    dotted_key,
    level_lines,
    level_pieces,
    output_at_corners,
    slope_colors,
    slope_key,
    square_window,
    tinted,
)
from course_utils.numerics.mlp import MLP
from course_utils.numerics.regions import ActivationRegions
from course_utils.teaching import Choice, Demo, Question
from course_utils.teaching.pictures import Image, Panel, Picture, Polygons, Table, Text
from course_utils.teaching.pictures.ticks import linear_ticks, tick_texts
from course_utils.teaching.text import format_number
from course_utils.words import counted

PIXELS = 89
LEVELS = 14  # lines of equal height, at most
HIGH = 0.12  # of the half-width, what is kept free for a line of text
SHOWN = ("output f", "slope ∂f/∂x0", "slope ∂f/∂x1", "exact regions")


def windows(net: str, window: str, shows: str, seed: int) -> Picture:
    """Show the output, one component of its gradient, or the regions; all exact but for the colors of the first."""
    half_width = WINDOWS[window]
    mlp = network(net, seed)
    regions = regions_within(mlp, half_width)
    linear = linear_count(regions)
    one_map = (
        "and the gradient changes across every boundary"
        if linear == len(regions)
        else f"which make {counted(linear, 'linear region')}, because "
        f"{'all' if linear == 1 else 'some neighbors'} share their affine map"
    )
    output = output_at_corners(regions)  # on each region f is affine, so its extremes lie in corners
    slopes, steepest = regions.slopes[:, 0], steepest_slopes(mlp)
    marks = {
        SHOWN[0]: lambda: _output(mlp, regions, half_width),
        SHOWN[1]: lambda: [_slopes(regions, 0)],
        SHOWN[2]: lambda: [_slopes(regions, 1)],
        SHOWN[3]: lambda: [tinted(regions), *boundary_lines(regions, linear=True)],
    }[shows]()
    heights = ", ".join(mark.string for mark in marks if isinstance(mark, Text))
    return Picture(
        [
            Panel(
                f"{_title(shows, output, steepest, dotted_key(regions, linear))}, *h* = {window[1:]}",
                marks,
                **square_window(half_width, named=True),
            )
        ],
        f"In the window {window} the {net} network has {counted(len(regions), 'region')}, {one_map}. "
        f"Its output {_goes(output.min(), output.max())}.",
        table=Table(
            f"The {net} network with seed {seed} in the window {window}",
            {
                "": ["f", "∂f/∂x0", "∂f/∂x1"],
                "lowest": [output.min(), *slopes.min(axis=0)],
                "highest": [output.max(), *slopes.max(axis=0)],
            },
            {
                **{f"steepest ∂f/∂x{i} in all windows": slope for i, slope in enumerate(steepest)},
                "activation regions": len(regions),
                "linear regions": linear,
                "parameters": mlp.parameter_count,
                **({"written on lines of equal height": heights} if heights else {}),
            },
        ),
        height=420,
    )


def _constant(low: float, high: float) -> bool:
    """Tell whether only rounding parts the lowest value from the highest."""
    return bool(np.isclose(low, high, rtol=1e-9, atol=1e-12))


def _goes(low: float, high: float) -> str:
    """Say between which values the output lies."""
    if _constant(low, high):
        return f"is {format_number(low)} everywhere"
    least, most = (format_number(x, 6 if f"{low:.3g}" == f"{high:.3g}" else 3) for x in (low, high))
    return f"goes from {least} to {most}"


def _output(mlp: MLP, regions: ActivationRegions, half_width: float) -> list[Any]:
    """Return the output on a grid, each number as a square around its point, and exact lines of equal height."""
    axis = np.linspace(-half_width, half_width, PIXELS)
    output = mlp.forward(np.stack(np.meshgrid(axis, axis), axis=-1))[..., 0]
    half_pixel = (axis[1] - axis[0]) / 2
    edges = (axis[0] - half_pixel, axis[-1] + half_pixel)
    low, high = float(output.min()), float(output.max())
    if _constant(low, high):  # the scale of its colors has two ends all the same
        return [Image(SHOWN[0], output, x=edges, y=edges, low=low - 1, high=high + 1)]
    levels = linear_ticks(low, high, LEVELS)
    return [
        Image(SHOWN[0], output, x=edges, y=edges, low=low, high=high),
        level_lines(regions, output_at_corners(regions), levels),
        *_heights(regions, half_width, levels),
    ]


def _heights(regions: ActivationRegions, half_width: float, levels: list[float]) -> list[Text]:
    """Write the heights where their lines leave the window, as far as there is room."""
    found: list[Text] = []
    taken: list[tuple[float, float]] = []
    for level, words in zip(levels, tick_texts(levels), strict=True):
        ends = level_pieces(regions, output_at_corners(regions), level).reshape(-1, 2)
        at_sides = ends[np.isclose(abs(ends[:, 0]), half_width) & (abs(ends[:, 1]) < (1 - HIGH) * half_width)]
        for x, y in at_sides[np.argsort(-at_sides[:, 0], kind="stable")].tolist():  # rather to the right
            if all(np.sign(x) != np.sign(other) or abs(y - at) > HIGH * half_width for other, at in taken):
                taken.append((x, y))
                anchor = "end" if x > 0 else "start"
                found.append(Text(words, x, y, anchor=anchor, dx=-3 if x > 0 else 3, dy=4))
                break
    return found


def _slopes(regions: ActivationRegions, component: int) -> Polygons:
    slopes, scale = slope_colors(regions, component, steepest_slopes(regions.mlp)[component])
    return areas(regions, SHOWN[1 + component], values=slopes, **scale)


def _title(shows: str, output: Array, steepest: tuple[float, float], dotted: str) -> str:
    """Return what is shown, with mathematics."""
    titles = (
        "output *f*" + ", with lines of equal height" * (not _constant(output.min(), output.max())),
        *(f"∂*f*/∂*x*_{i}: {slope_key(slope)}" for i, slope in enumerate(steepest)),
        f"exact regions{dotted}",
    )
    return dict(zip(SHOWN, titles, strict=True))[shows]


windows_demo = Demo(
    windows,
    (
        Choice("net", "Network", options=NETS),
        Choice("window", "Window", options=tuple(WINDOWS)),
        Choice("shows", "Show", options=SHOWN),
        SEED,
    ),
    title="One network, four windows.",
    look_for="Zoom out with the window: what becomes of the hills?",
    presets={
        "Its slope": {"shows": SHOWN[1]},
        "Its regions": {"shows": SHOWN[3]},
        "Far out": {"window": "±5000"},
        "Four layers": {"net": DEEP, "shows": SHOWN[3]},
        "Four layers, far out": {"net": DEEP, "window": "±5000"},
    },
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
    expected=[15, 55, 20, 10],
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
    expected=[25, 35, 25, 15],
)
