"""The surface of “The roof over the plane”: LSE of two scores over max, to turn."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_utils.lessons.arrays import Array
from course_utils.lessons.logsumexp_versus_max.gap import gap_above_max
from course_utils.lessons.logsumexp_versus_max.plane import WINDOW, _image
from course_utils.numerics.softmax import smooth_max
from course_utils.teaching import Demo, LogFloat, Picture, Table, look
from course_utils.teaching.drawing import color_bar, in_three_dimensions, plotly_layout, plotly_surface
from course_utils.teaching.text import format_number

COARSE = np.linspace(-1, 1, 17)
CORNERS = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])


def surfaces(inverse_temperature: float) -> Picture:
    """Show LSE_λ of two logits as a surface over max, and the gap between the two."""
    k = inverse_temperature
    coarse = np.stack(np.meshgrid(COARSE, COARSE), axis=-1)
    lse, largest = smooth_max(coarse, k), coarse.max(axis=-1)
    fine = gap_above_max(np.stack(np.meshgrid(WINDOW, WINDOW), axis=-1), k)
    tie = np.log(2) / k

    corner, diagonal = float(fine[0, -1]), np.diagonal(lse)
    return Picture(
        lambda: _surfaces(lse, fine),
        f"The surface of LSE lies {format_number(tie)} above the edge of max, and {format_number(corner)} above "
        "it in the corners farthest from the edge. LSE is a rounded roof: in exact arithmetic "
        "it touches max nowhere.",
        Table(
            "LSE along the tie z0 = z1, where the gap is largest",
            {
                "": ["tie"] * len(COARSE),
                "z0 = z1": COARSE,
                "LSE on the tie": diagonal,
                "gap on the tie": np.full(len(COARSE), tie),
            },
            {"gap in the corners z0 − z1 = 2 and −2": corner},
        ),
        {
            "z0": COARSE,
            "z1": COARSE,
            "LSE": lse,
            "max": largest,
            "grid z0": WINDOW,
            "grid z1": WINDOW,
            "gap": fine,
        },
        plotly=lambda: _surfaces_plotly(lse, largest, fine),
    )


def _surfaces(lse: Array, fine: Array) -> Figure:
    figure, (left, right) = look.panels(2, height=360, left=16, gap=60, right=74)
    _roof(left, lse)
    image = _image(right, fine, "grid z0 | grid z1 | gap", cmap="cividis", vmin=0, vmax=0.7)
    color_bar(right, image)
    right.set(xlabel="z0", title="gap LSE − max")
    right.set_ylabel("z1", labelpad=-4)
    return figure


def _roof(flat: Axes, lse: Array) -> None:
    """Replace flat axes by the surface of LSE over the two half planes of max."""
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection

    axes = in_three_dimensions(flat, left=0.01, down=0.1, wider=0.04, taller=0.14)
    halves = [np.column_stack([CORNERS[half], CORNERS[half].max(axis=1)]) for half in ([0, 1, 2], [0, 3, 2])]
    axes.add_collection3d(
        Poly3DCollection(halves, facecolor="#bbbbbb", edgecolor=look.OUTLINE, linewidth=1.5, gid="max")
    )
    axes.plot_surface(
        *np.meshgrid(COARSE, COARSE),
        lse,
        rstride=1,
        cstride=1,
        cmap="viridis",
        vmin=-1,
        vmax=1.75,
        alpha=0.75,
        gid="LSE",
    )
    axes.set(xlabel="z0", ylabel="z1", xlim=(-1, 1), ylim=(-1, 1), zlim=(-1, 1.75))
    axes.set(xticks=(-1, 0, 1), yticks=(-1, 0, 1), zticks=(-1, 0, 1))
    axes.view_init(elev=18, azim=-112)
    axes.set_title("LSE over max (gray)", y=0.99)


def _surfaces_plotly(lse: Array, largest: Array, fine: Array) -> dict[str, Any]:
    """Build the same picture for rotation and hover."""
    hover = {"hovertemplate": "z0 %{x:.2f}<br>z1 %{y:.2f}<br>%{z:.4f}<extra></extra>"}
    roof = {
        **plotly_surface(COARSE, COARSE, largest),
        "name": "max",
        "colorscale": [[0, "#999999"], [1, "#dddddd"]],
        "showscale": False,
        **hover,
    }
    rounded = {
        **plotly_surface(COARSE, COARSE, lse),
        "name": "LSE",
        "colorscale": "Viridis",
        "cmin": -1,
        "cmax": 1.75,
        "opacity": 0.8,
        "showscale": False,
        **hover,
    }
    gap = {
        "type": "heatmap",
        "name": "gap",
        "x": WINDOW,
        "y": WINDOW,
        "z": fine,
        "colorscale": "Cividis",
        "zmin": 0,
        "zmax": 0.7,
        "colorbar": {"len": 0.62, "y": 0.53, "thickness": 16},
        **hover,
    }
    return {
        "data": [roof, rounded, gap],
        "layout": plotly_layout(
            400,
            {"l": 10, "r": 10, "t": 40, "b": 10},
            {"LSE over max (gray): drag to rotate": (0.27, 1), "gap LSE − max": (0.82, 1)},
            scene={
                "domain": {"x": [0, 0.54], "y": [0, 1]},
                "xaxis": {"title": {"text": "z0"}, "dtick": 1},
                "yaxis": {"title": {"text": "z1"}, "dtick": 1},
                # Its −1 would stand on a number of z1.
                "zaxis": {"title": {"text": "value"}, "range": [-1, 1.75], "tickvals": [0, 1]},
                "camera": {"eye": {"x": -1, "y": -2.2, "z": 0.8}, "center": {"x": 0, "y": 0, "z": -0.1}},
                "aspectmode": "cube",
            },
            xaxis={
                "domain": [0.64, 1],
                "anchor": "y",
                "title": {"text": "z0"},
                "range": [-1, 1],
                "dtick": 1,
            },
            yaxis={
                "domain": [0.22, 0.84],
                "anchor": "x",
                "title": {"text": "z1", "standoff": 0},
                "range": [-1, 1],
                "dtick": 1,
            },
        ),
    }


surfaces_demo = Demo(
    surfaces,
    (LogFloat("inverse_temperature", "Inverse temperature λ", low=1, high=100, initial=2, step=10**0.125),),
    title="LSE over max.",
    look_for="Raise λ and watch the rounded roof come down on the edge of max.",
    presets={
        "Smooth": {"inverse_temperature": 1},
        "Sharper": {"inverse_temperature": 10},
        "Nearly max": {"inverse_temperature": 100},
    },
)
