"""“A ramp that becomes a step”: one component of softmax over a square of two logits."""

from __future__ import annotations

import numpy as np

from course_utils.numerics.softmax import hardmax, softmax
from course_utils.teaching import Choice, Demo, Float, Picture, Table, look
from course_utils.teaching.drawing import color_bar
from course_utils.teaching.text import format_list, format_number

SQUARE = np.round(np.linspace(-1, 1, 101), 2)
ALONG = np.round(np.linspace(-1, 1, 201), 2)
SHARPNESS = {"λ = 1": 1.0, "λ = 10": 10.0, "λ = 100": 100.0}
DASHES = ("-", "--", "-.", ":")


def on_a_square(component: str, height: float) -> Picture:
    """Show one component of softmax(λz) over a square of two logits for three λ, and its limit."""
    index, height = int(component[1]), round(height, 2)
    plane = np.stack(np.meshgrid(SQUARE, SQUARE), axis=-1)
    line = np.stack([ALONG, np.full_like(ALONG, height)], axis=-1)
    maps = {name: softmax(k * plane)[..., index] for name, k in SHARPNESS.items()}
    slices = {name: softmax(k * line)[:, index] for name, k in SHARPNESS.items()}
    maps["limit"], slices["limit"] = hardmax(plane)[..., index], hardmax(line)[:, index]

    figure, axes = look.panels(4, 2, height=440, left=58, right=66, gap=30, row_gap=80)
    half = (SQUARE[1] - SQUARE[0]) / 2
    ends = (-1 - half, 1 + half)
    for panel, (name, values) in zip(axes[:4], maps.items(), strict=True):
        image = panel.imshow(
            values,
            origin="lower",
            extent=(*ends, *ends),
            cmap="viridis",
            vmin=0,
            vmax=1,
            aspect="auto",
            interpolation="nearest",
            gid=f"grid z0 | grid z1 | map, {name}",
        )
        panel.axhline(height, color="white", linewidth=4, gid="guide")
        panel.axhline(height, color=look.BLACK, linestyle="--", linewidth=1.5, gid="guide")
        panel.set_title(name)
        panel.set_xticks((-1, 0, 1))
        panel.set_yticks((-1, 0, 1), ["−1", "0", "1"] if panel is axes[0] else ["", "", ""])
        panel.set(xlabel="z0", xlim=(-1, 1), ylim=(-1, 1))
        panel.grid(False)
    axes[0].set_ylabel("z1", labelpad=0)
    color_bar(axes[3], image, (0, 0.5, 1))

    for unused in axes[5:]:
        unused.remove()
    curve, left, right = axes[4], axes[4].get_position(), axes[2].get_position()
    curve.set_position((left.x0, left.y0, right.x1 - left.x0 + 0.04, left.height))
    for (name, values), dash in zip(slices.items(), DASHES, strict=True):
        color = look.BLACK if name == "limit" else look.PROBABILITIES
        curve.plot(ALONG, values, dash, color=color, label=name, gid=f"z0 | slice, {name}")
    for level in (0.1, 0.9):
        curve.axhline(level, color=look.REFERENCE, linestyle=":", linewidth=1, gid="guide")
    curve.set(xlim=(-1.02, 1.02), ylim=(-0.05, 1.05), xlabel="z0", ylabel=component)
    curve.set_title(f"{component} along the dashed lines, z1 = {format_number(height)}")
    curve.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), handlelength=2.6)

    width = 2 * np.log(9)
    widths = np.array([width / k for k in SHARPNESS.values()] + [0.0])
    return Picture(
        figure,
        f"Along z1 = {format_number(height)}, {component} goes from {format_number(slices['λ = 1'][0])} to "
        f"{format_number(slices['λ = 1'][-1])} at λ = 1, and from {format_number(slices['λ = 100'][0])} to "
        f"{format_number(slices['λ = 100'][-1])} at λ = 100. "
        f"In z0 − z1, the edge from 0.1 to 0.9 is {format_list(widths[:3])} wide: ten times the λ, a tenth of the width. "
        "The limit is a jump, with one half on the tie itself.",
        Table(
            f"{component} over the square from −1 to 1, and along z1 = {format_number(height)}",
            {
                "": list(maps),
                "smallest in the square": np.array([values.min() for values in maps.values()]),
                "largest": np.array([values.max() for values in maps.values()]),
                "at the left end of the line": np.array([values[0] for values in slices.values()]),
                "at its right end": np.array([values[-1] for values in slices.values()]),
                "edge width in z0 − z1": widths,
                "edge width across the tie": widths / np.sqrt(2),
            },
            {"the edge starts at": 0.1, "the edge ends at": 0.9},
        ),
        {
            "grid z0": SQUARE,
            "grid z1": SQUARE,
            "z0": ALONG,
            **{f"map, {name}": values for name, values in maps.items()},
            **{f"slice, {name}": values for name, values in slices.items()},
        },
    )


square_demo = Demo(
    on_a_square,
    (
        Choice("component", "Component of p", options=("p0", "p1")),
        Float("height", "Height z1 of the dashed line", low=-1, high=1, initial=0, step=0.05),
    ),
    title="A ramp that becomes a step.",
    look_for="From left to right, how does the width of the colored edge change, and where does it stay?",
    presets={
        "The other component": {"component": "p1"},
        "Higher up": {"height": 0.5},
        "At the lower edge": {"height": -1},
    },
)
