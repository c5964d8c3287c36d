"""Two classes: a sigmoid of the difference."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_utils.lessons.arrays import Array
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Choice, Demo, Float, Picture, Question, Table, look
from course_utils.teaching.drawing import color_bar, in_three_dimensions, plotly_layout, plotly_surface
from course_utils.teaching.text import format_number

diagonal_question = Question(
    "Two logits z0 and z1. In the plane of all pairs, where does p0 have one and the same value?",
    [
        "On horizontal lines, where z1 is the same.",
        "On circles around the origin.",
        "On lines parallel to the diagonal z0 = z1.",
        "On lines z0 + z1 = constant.",
    ],
    "C",
    [
        "that p0 depends on one logit only. Raise the other: it takes its share.",
        "that the length of the vector counts. Adding the same number to both can change the length, but never p0.",
        "It depends on the difference z0 − z1 alone, which is the same on such a line.",
        "of the sum. It is the *difference* that counts: along z0 + z1 = constant, p0 runs through its whole S.",
    ],
)

GRID = np.linspace(-10, 10, 101)
ALONG, ACROSS = "along the diagonal: z0 − z1 = d", "across it: z0 + z1 = d"


def two_classes(line: str, d: float) -> Picture:
    """Show p0 over the plane of two logits, as a surface, a heat map and a slice along a line."""
    plane = softmax(np.stack(np.meshgrid(GRID, GRID), axis=-1))[..., 0]
    z0 = np.linspace(max(-10.0, d - 10), min(10.0, d + 10), 101)  # where the line lies in the window
    z1 = z0 - d if line == ALONG else d - z0
    p0 = softmax(np.stack([z0, z1], axis=-1))[:, 0]
    shown = slice(None, None, 10)

    if line == ALONG:
        seen = f"Along z0 − z1 = {format_number(d)}, p0 is {format_number(p0[0])} everywhere."
        why = "Only the difference counts: p0 = σ(z0 − z1)."
    else:
        seen = (
            f"Along z0 + z1 = {format_number(d)}, p0 rises from {format_number(p0[0])} "
            f"to {format_number(p0[-1])}."
        )
        why = "It is the S-shaped curve σ(z0 − z1), and it passes one half where z0 = z1."
    return Picture(
        lambda: _two_classes(line, d, plane, z0, z1, p0),
        f"{seen} {why}",
        Table(
            f"p0 {line.replace('= d', f'= {format_number(d)}')}",
            {"z0": z0[shown], "z1": z1[shown], "p0": p0[shown]},
        ),
        {
            "grid z0": GRID,
            "grid z1": GRID,
            "plane": plane,
            "z0": z0,
            "z1": z1,
            "p0": p0,
            "every second": plane[::2, ::2],  # as smooth to the eye on a surface, and faster to turn
        },
        plotly=lambda: _two_classes_plotly(plane, z0, z1, p0),
    )


def _two_classes(line: str, d: float, plane: Array, z0: Array, z1: Array, p0: Array) -> Figure:
    figure, (flat, heat, curve, unused) = look.panels(2, 2, height=600, gap=90, right=60)
    unused.remove()
    box, heat_box = curve.get_position(), heat.get_position()
    curve.set_position((box.x0, box.y0, heat_box.x1 - box.x0, box.height))
    _surface(flat, plane)
    _heat_map(heat, plane)
    heat.plot(z0, z1, color="white", linewidth=4, gid="z0 | z1")
    heat.plot(z0, z1, "--", color=look.BLACK, gid="z0 | z1")
    curve.plot(z0, p0, color=look.PROBABILITIES, gid="z0 | p0")
    curve.set(xlim=(-10.5, 10.5), ylim=(-0.05, 1.05), xlabel="z0 along the dashed line", ylabel="p0")
    curve.set_title(f"slice {line.replace('= d', f'= {format_number(d)}')}")
    return figure


def _surface(flat: Axes, plane: Array) -> None:
    """Replace flat axes by a surface over the plane of two logits."""
    axes = in_three_dimensions(flat, left=0.02, down=0.04, wider=0.04, taller=0.07)
    every = slice(None, None, 5)
    axes.plot_surface(
        *np.meshgrid(GRID[every], GRID[every]),
        plane[every, every],
        rstride=1,
        cstride=1,
        cmap="viridis",
        vmin=0,
        vmax=1,
        gid="plane",
    )
    axes.set(xlabel="z0", ylabel="z1", zlabel="p0", zlim=(0, 1), xticks=(-10, 0, 10), yticks=(-10, 0, 10))
    axes.view_init(elev=28, azim=-120)
    axes.set_title("p0 as a surface", y=0.98)


def _heat_map(axes: Axes, plane: Array) -> None:
    half = (GRID[1] - GRID[0]) / 2
    image = axes.imshow(
        plane,
        origin="lower",
        extent=(GRID[0] - half, GRID[-1] + half, GRID[0] - half, GRID[-1] + half),
        cmap="viridis",
        vmin=0,
        vmax=1,
        aspect="auto",
        gid="grid z0 | grid z1 | plane",
    )
    color_bar(axes, image, (0, 0.5, 1))
    axes.set(xlabel="z0", ylabel="z1", xlim=(-10, 10), ylim=(-10, 10))
    axes.set_title("p0 as a heat map")
    axes.grid(False)


def _two_classes_plotly(plane: Array, z0: Array, z1: Array, p0: Array) -> dict[str, Any]:
    """Build the same picture for rotation and hover."""
    hover = "z0 %{x:.2f}<br>z1 %{y:.2f}<br>p0 %{z:.4f}<extra></extra>"
    surface = {
        **plotly_surface(GRID[::2], GRID[::2], plane[::2, ::2]),
        "name": "every second",
        "colorscale": "Viridis",
        "cmin": 0,
        "cmax": 1,
        "showscale": False,
        "hovertemplate": hover,
    }
    heat_map = {
        "type": "heatmap",
        "name": "plane",
        "x": GRID,
        "y": GRID,
        "z": plane,
        "colorscale": "Viridis",
        "zmin": 0,
        "zmax": 1,
        "colorbar": {"len": 0.62, "y": 0.7, "title": {"text": "p0"}},
        "hovertemplate": hover,
    }
    black, dashed = {"width": 6, "color": "black"}, {"width": 4, "color": "black", "dash": "dash"}
    on_the_surface = {"type": "scatter3d", "name": "z0 | z1 | p0", "x": z0, "y": z1, "z": p0, "line": black}
    on_the_map = {"type": "scatter", "name": "z0 | z1", "x": z0, "y": z1, "line": dashed}
    curve = {
        "type": "scatter",
        "name": "z0 | p0",
        "x": z0,
        "y": p0,
        "mode": "lines",
        "line": {"color": look.PROBABILITIES},
        "hovertemplate": "z0 %{x:.2f}<br>p0 %{y:.4f}<extra></extra>",
        "xaxis": "x2",
        "yaxis": "y2",
    }
    silent = {"mode": "lines", "hoverinfo": "skip"}
    lined = {"gridcolor": "#dddddd", "zeroline": False, "showline": True, "linecolor": look.OUTLINE}
    z0_axis = {**lined, "title": {"text": "z0"}, "range": [-10, 10]}
    left, right, above, below = [0, 0.504], [0.604, 1], [0.4324, 1], [0, 0.2924]
    return {
        "data": [
            surface,
            heat_map,
            {**on_the_surface, **silent},
            {**on_the_map, **silent},
            curve,
        ],
        "layout": plotly_layout(
            600,
            {"l": 60, "r": 20, "t": 40, "b": 50},
            {
                "p0 as a surface: drag to rotate": (0.252, 1),
                "p0 as a heat map": (0.802, 1),
                "p0 along the dashed line": (0.5, 0.2924),
            },
            scene={
                "domain": {"x": left, "y": above},
                "xaxis": {"title": {"text": "z0"}, "dtick": 10},
                "yaxis": {"title": {"text": "z1"}, "dtick": 10},
                # What goes up stands above: p0.
                "zaxis": {"title": {"text": ""}, "range": [0, 1], "tickvals": [0.5, 1]},
                "camera": {"eye": {"x": -1.35, "y": -2.3, "z": 1}, "center": {"x": 0, "y": 0, "z": -0.1}},
                "aspectmode": "cube",
            },
            xaxis={**z0_axis, "domain": right, "anchor": "y"},
            yaxis={
                **lined,
                "domain": above,
                "anchor": "x",
                "title": {"text": "z1", "standoff": 0},
                "range": [-10, 10],
            },
            xaxis2={**z0_axis, "domain": [0, 1], "anchor": "y2"},
            yaxis2={
                **lined,
                "domain": below,
                "anchor": "x2",
                "title": {"text": "p0"},
                "range": [-0.05, 1.05],
            },
        ),
    }


two_classes_demo = Demo(
    two_classes,
    (
        Choice("line", "Line through the window", options=(ACROSS, ALONG)),
        Float("d", "Position d of the line", low=-10, high=10, initial=0, step=0.5),
    ),
    title="Two classes.",
    look_for="Find the lines on which p0 does not change, then walk across them.",
    presets={
        "On the tie": {"line": ALONG, "d": 0},
        "Two apart": {"line": ALONG, "d": 2},
        "Across, further out": {"line": ACROSS, "d": 8},
    },
)
