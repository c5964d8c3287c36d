"""Section "Momentum": walks down a ravine; its exercise is in `momentum_exercise`."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.numerics import training
from course_utils.teaching import Demo, Float, LogFloat, Question
from course_utils.teaching.pictures import (
    Axis,
    Drag,
    DragTo,
    Line,
    Panel,
    Picture,
    Points,
    Rule,
    Table,
    Text,
    powers_of_ten,
)
from course_utils.teaching.text import format_number

STEEP = 25.0  # how much steeper the ravine is across than along
SLOPES = np.array([1.0, STEEP])  # of the gradient, per step to the side
DESCENTS, LAST = 60, 70  # steps; the axis leaves room for words
HIGHEST = 1e9  # height on the axis, which leaves room for words above every start
SLOWEST, FASTEST = 0.002, 0.16  # learning rates
WINDOW = 12.0  # how far the map reaches along the ravine, to either side


def height(x: Array) -> Array:
    """Return the height of a ravine, (x0² + 25 x1²)/2, at points of shape (..., 2)."""
    total: Array = (SLOPES * x**2).sum(axis=-1) / 2
    return total


def descend(start: Array, rate: float, momentum: float) -> Array:
    """Walk down the ravine; return the places of all steps, shape (steps + 1, 2)."""
    places: list[Array] = [start]
    velocity: Array = np.zeros(2)
    for _ in range(DESCENTS):
        velocity = training.momentum_step(velocity, SLOPES * places[-1], momentum)
        places.append(places[-1] - rate * velocity)
    return np.array(places)


def in_sight(walk: Array) -> Array:
    """Return a walk up to the first place far outside of the map: one that climbs out would go on without bound.

    Examples
    --------
    >>> in_sight(np.array([[0.0, 0.0], [99.0, 0.0], [-1e9, 0.0]])).tolist()
    [[0.0, 0.0], [99.0, 0.0]]
    """
    far = np.flatnonzero(np.abs(walk).max(axis=1) > 4 * WINDOW)
    return walk[: far[0] + 1] if far.size else walk


def _level_lines() -> Array:
    """Return x and y of ellipses of equal height, with a gap after each, shape (2, n)."""
    angle = np.append(np.linspace(0, 2 * np.pi, 73), np.nan)
    axes = [np.sqrt(2 * level / SLOPES) for level in (0.5, 4, 14, 32, 58, 90)]
    ellipses = [np.stack([a * np.cos(angle), b * np.sin(angle)]) for a, b in axes]
    return np.concatenate(ellipses, axis=1)


LEVELS = _level_lines()


def ravine(momentum: float, rate: float, x0: float, x1: float) -> Picture:
    """Show a walk down a ravine with momentum, beside the walks that momentum is mistaken for."""
    start, longer = np.array([x0, x1]), rate / (1 - momentum)
    walk, plain, bold = (descend(start, a, mu) for a, mu in ((rate, momentum), (rate, 0.0), (longer, 0.0)))
    steps, heights = np.arange(DESCENTS + 1.0), [height(places) for places in (walk, plain, bold)]
    names = ("with momentum", "α, no momentum", "α/(1−μ), no momentum")
    chosen = np.arange(0, DESCENTS + 1, 10)
    return Picture(
        [[_map(*map(in_sight, (walk, plain, bold)))], [_heights(steps, heights)]],
        _said(start, momentum, rate, [float(values[-1]) for values in heights]),
        table=Table(
            "Height after some steps",
            {
                "after": chosen,
                **{name: _in_words(values[chosen]) for name, values in zip(names, heights, strict=True)},
            },
            {"steps": DESCENTS, "α/(1−μ)": longer, "curvature along x0": 1.0, "curvature along x1": STEEP},
        ),
        height=(225, 180),
    )


def _in_words(values: Array) -> list[Any]:
    return [float(value) if value <= 1e6 else "more than a million" for value in values]


def limit(momentum: float) -> float:
    """Return the product of rate and curvature beyond which a walk climbs out: 2(1 + μ).

    Along one axis of curvature c, x_t+1 − (1 + μ − αc) x_t + μ x_t−1 = 0. It grows without bound if one of the
    roots of r² − (1 + μ − αc) r + μ lies beyond ±1. The first to get there is the one at −1, where αc = 2(1 + μ).
    """
    return 2 * (1 + momentum)


def _said(start: Array, momentum: float, rate: float, ends: list[float]) -> str:
    """Say where the walks end; one that stands higher than it started need not climb out."""
    if not start.any():
        return "The walk starts at the lowest point: the gradient is 0, and all three walks stay there."
    first, steepest = float(height(start)), float(SLOPES[start != 0].max())

    def beyond(rate: float, momentum: float) -> float:
        """Tell by how much a walk is beyond the limit: 0 if at it, up to rounding."""
        excess = rate * steepest - limit(momentum)
        return excess if abs(excess) > 1e-9 else 0.0

    def outcome(rate: float, end: float) -> str:
        climbs = end > first and beyond(rate, 0.0) > 0
        return "it climbs out of the ravine" if climbs else f"it is {format_number(end)}"

    said = f"μ = {format_number(momentum)}, α = {format_number(rate)}: after {DESCENTS} steps "
    if ends[0] <= first * (1 + 1e-9):
        said += f"the height is {format_number(ends[0])}, from {format_number(first)} at the start."
    elif beyond(rate, momentum) > 0:
        said += "the walk is higher than at the start: it climbs out of the ravine."
    else:
        later = ", and comes down later" if beyond(rate, momentum) < 0 else " for good"
        said += f"the height is {format_number(ends[0])}, above the {format_number(first)} at the start: it swings{later}."
    if momentum == 0:
        return f"{said} Without momentum all three walks are the same."
    longer = rate / (1 - momentum)
    return (
        f"{said} With the same α and no momentum {outcome(rate, ends[1])}. "
        f"With the rate α/(1−μ) = {format_number(longer)} and no momentum {outcome(longer, ends[2])}."
    )


def rate_of_step(x: float, y: float, index: int, state: dict[str, Any]) -> dict[str, Any]:
    """Return the learning rate that takes the first step as far as a place that it is dragged to."""
    start = np.array([state["x0"], state["x1"]])
    gradient = SLOPES * start
    if not gradient.any():
        return {}
    along = (start - [x, y]) @ gradient / (gradient @ gradient)
    return {"rate": float(np.clip(along, SLOWEST, FASTEST))}


def _map(walk: Array, plain: Array, bold: Array) -> Panel:
    hands = {"x": Drag("x0"), "y": Drag("x1")}
    return Panel(
        "seen from above: drag the start, or the end of the first step",
        [
            Line("", LEVELS[1], LEVELS[0], color="axis", width=1),
            Line("x1, no momentum", plain[:, 1], plain[:, 0], color="muted", width=1.5, dash="dashed"),
            Points("", plain[:, 1], plain[:, 0], color="muted", shape="square", size=4, outline="muted"),
            Line("x1, α/(1−μ), no momentum", bold[:, 1], bold[:, 0], color="wrong", width=1.5, dash="dotted"),
            Points("", bold[:, 1], bold[:, 0], color="wrong", shape="triangle", size=5, outline="wrong"),
            Line("x1", walk[:, 1], walk[:, 0], color="gradient"),
            Points("", walk[:, 1], walk[:, 0], color="gradient", size=6, outline="gradient"),
            Points("x1 at the start", walk[:1, 1], walk[:1, 0], color="ink", size=15, drags=hands),
            Points(
                "x1 after one step",
                walk[1:2, 1],
                walk[1:2, 0],
                color="gradient",
                shape="diamond",
                size=13,
                drags=DragTo(rate_of_step, ("rate",), "End of the first step"),
            ),
        ],
        x=Axis("*x*_0", -WINDOW, WINDOW, ticks=(-10, 0, 10)),
        y=Axis("*x*_1", -3, 3, ticks=(-2, 0, 2)),
        equal=True,
    )


def _heights(steps: Array, heights: list[Array]) -> Panel:
    """Show all three heights; 0 has no place on a logarithmic axis."""
    styles: dict[str, dict[str, Any]] = {
        "height with momentum": {"color": "gradient", "width": 3},
        "height, α, no momentum": {"color": "muted", "dash": "dashed"},
        "height, α/(1−μ), no momentum": {"color": "wrong", "dash": "dotted", "width": 2.5},
    }
    drawn = [
        Line(name, np.where(values > 0, values, np.nan), steps, **style)
        for (name, style), values in zip(styles.items(), heights, strict=True)
    ]
    keys = ("with momentum", "*α*, no momentum (dashed)", "*α*/(1−*μ*), no momentum (dotted)")
    return Panel(
        "height",
        [
            Rule("", max(float(heights[0][0]), 1e-9), axis="y", dash="dotted"),
            *reversed(drawn),
            *(
                Text(key, LAST, HIGHEST, dy=12 + 17 * row, color=style["color"], anchor="end")
                for row, (key, style) in enumerate(zip(keys, styles.values(), strict=True))
            ),
        ],
        x=Axis("step", 0, LAST, ticks=(0, 20, 40, 60)),
        y=Axis(low=1e-6, high=HIGHEST, scale="log", ticks=powers_of_ten(-6, -3, 0, 3, 6)),
    )


ravine_demo = Demo(
    ravine,
    (
        Float("momentum", "Momentum μ", low=0, high=0.98, initial=0.8, step=0.02, plays=True),
        LogFloat("rate", "Learning rate α", low=SLOWEST, high=FASTEST, initial=0.02, step=2 ** (1 / 4)),
        Float("x0", "Start x0", low=-11.5, high=11.5, initial=-10, step=0.25),
        Float("x1", "Start x1", low=-2.5, high=2.5, initial=1.5, step=0.1),
    ),
    title="Down a ravine.",
    look_for="Where the gradient stays the same, solid and dotted steps come to be equally long. Which walk gets down?",
    presets={
        "No momentum": {"momentum": 0},
        "No momentum, at the edge": {"momentum": 0, "rate": 0.08},
        "Too much": {"momentum": 0.98},
        "A small rate": {"rate": 0.005},
        "A rate that only momentum bears": {"momentum": 0.8, "rate": 0.1},
    },
)

momentum_question = Question(
    "Against a gradient that stays the same, momentum μ = 0.9 in the end makes steps ten times as long. "
    "So is it the same to leave momentum out and to multiply the learning rate by ten?",
    [
        "Yes: momentum is a learning rate in disguise.",
        "No: where the walk swings across a ravine its gradients change their sign, and in the sum they cancel.",
        "No: momentum makes each single step longer from the first one on.",
    ],
    "B",
    [
        "that the gain 1/(1 − μ) holds for all gradients. It holds for one that stays the same. "
        "One that changes its sign at each step is made smaller: by the factor 1/(1 + μ).",
        "Along the ravine the gradients agree and add up; where they alternate, across it, they cancel. A tenfold rate has no such "
        "discretion, and is thrown out of the ravine.",
        "of the formula v = μv + ∇ with a velocity that is there already. At the first step v is just the gradient; "
        "the tenfold length takes many steps to build up.",
    ],
    expected=[40, 40, 20],
)
