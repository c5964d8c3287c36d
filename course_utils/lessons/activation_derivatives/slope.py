"""Section "Measure a slope": finite differences and their two errors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from course_utils.lessons.activation_derivatives.functions import ACTIVATIONS, WINDOW
from course_utils.lessons.arrays import Array, clean
from course_utils.lessons.handles import handle
from course_utils.teaching import Choice, Demo, Float, LogFloat, Question
from course_utils.teaching.pictures import (
    Axis,
    Drag,
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

step_question = Question(
    "You measure the slope of tanh at x = 1 by (f(x + h) − f(x))/h and make h smaller: 10^−2, 10^−5, 10^−8, 10^−11, 10^−14. What does the error do?",
    [
        "It keeps falling, for the derivative is the limit h → 0.",
        "It falls at first, then rises again.",
        "It rises from the start: small numbers are inaccurate.",
        "It falls, then stays where it is.",
    ],
    "B",
    [
        "of the definition, which is about real numbers. In floats, f(x + h) and f(x) become so alike that their "
        "difference is mostly rounding error, and h in the denominator magnifies it.",
        "Two errors compete: the formula's falls like h, that of rounding grows like 1/h. The best h is where they meet.",
        "that small floats are inaccurate. h itself has all its digits; it is the *difference* of two nearly equal "
        "values that loses them, and only once h is tiny.",
        "of a floor of rounding errors. The rounding error of the values has a floor, but you divide it by h.",
    ],
    expected=[35, 45, 10, 10],
)

PROBED = ("tanh", "sigmoid", "ReLU", "ELU", "SiLU")
STEPS = 10.0 ** np.linspace(0, -15, 61)
ACROSS = np.linspace(-0.5, 1.5, 101)  # in steps, from x
STYLES: dict[str, dict[str, Any]] = {
    "forward": {"color": "probabilities", "dash": "dashed"},
    "central": {"color": "target"},
    "complex step": {"color": "ink", "dash": "dotted"},
}
FLOOR = 1e-17  # drawn for an error of exactly 0
AT_THE_KINK = (
    "ReLU has no slope at x = 0, so there is nothing to be measured: the forward difference is 1 at every h, the central one 0.5. "
    "Programs take 0 by convention, and the picture does so too."
)
READABLE = 1e-4  # below this step the errors are mostly rounding, whose digits depend on the processor


def slope_estimates(name: str, x: float, h: Any) -> dict[str, Any]:
    """Return three measured slopes: forward difference, central difference, complex step."""
    f, plain = ACTIVATIONS[name].function, ACTIVATIONS[name].plain
    assert plain is not None
    return {
        "forward": (f(x + h) - f(x)) / h,
        "central": (f(x + h) - f(x - h)) / (2 * h),
        "complex step": np.imag(plain(x + 1j * h)) / h,
    }


def tangent_probe(name: str, x: float, h: float) -> Picture:
    """Show a tangent with the secant that stands in for it, and the error of three ways to measure the slope."""
    exact, value = float(ACTIVATIONS[name].slope(x)), float(ACTIVATIONS[name].function(x))
    curves = {
        way: np.maximum(np.abs(slope - exact), FLOOR)
        for way, slope in slope_estimates(name, x, STEPS).items()
    }
    errors = {way: clean(abs(float(slope) - exact)) for way, slope in slope_estimates(name, x, h).items()}
    many = math.inf if float(ACTIVATIONS[name].function(x + h)) else 0.0  # beside 0; none as far as f is flat
    spacings = abs(exact) * h / float(np.spacing(abs(value))) if value else many
    return Picture(
        [_whole(name, x, exact), _magnified(name, x, h, exact), _missed(curves, h)],
        AT_THE_KINK
        if _at_the_kink(name, x)
        else f"{_seen_at_step(h, errors, spacings)} "
        f"The slope of {name} at x = {format_number(x)} is {format_number(exact, 5)}.{_valley(curves)}",
        table=_table(name, x, h, errors, spacings),
        height=320,
    )


def _at_the_kink(name: str, x: float) -> bool:
    return name == "ReLU" and x == 0


def _whole(name: str, x: float, exact: float) -> Panel:
    f = ACTIVATIONS[name].function
    near, value = np.array([x - 1.5, x + 1.5]), float(f(x))
    bounded = name in ("tanh", "sigmoid")
    low, high, ticks = (-1.5, 1.7, range(-1, 2)) if bounded else (-2.2, 5.4, range(-1, 6))
    return Panel(
        f"{name} and its tangent",
        [
            Line("f", np.asarray(f(WINDOW)), WINDOW, color="logits"),
            Line("tangent", value + exact * (near - x), near, color="ink"),
            handle("f(x)", value, x, "x"),
        ],
        x=Axis("*x*", -5.2, 5.2, ticks=(-5, 0, 5)),
        y=Axis("", low, high, ticks=ticks),
    )


def _magnified(name: str, x: float, h: float, exact: float) -> Panel:
    """Show the curve at the scale of the step, whatever that is: from half a step before x to half a step behind x + h."""
    f, secant = ACTIVATIONS[name].function, slope_estimates(name, x, h)["forward"]
    lens = (np.asarray(f(x + ACROSS * h)) - float(f(x))) / h
    return Panel(
        "magnified until *h* is one wide",
        [
            Line("magnified f", lens, ACROSS, color="logits", width=5, label="*f*"),
            Line("magnified tangent", exact * ACROSS, ACROSS, color="ink", label="tangent"),
            Line("magnified secant", secant * ACROSS, ACROSS, **STYLES["forward"], label="secant"),
            Points("", [0, secant], [0, 1], color="probabilities", size=11),
        ],
        x=Axis(low=-0.5, high=1.5, ticks={0: "*x*", 1: "*x* + *h*"}),
        y=Axis(low=-0.7, high=1.9, ticks=(0, 1)),
        weight=1.25,
    )


def _missed(curves: Mapping[str, Array], h: float) -> Panel:
    return Panel(
        "error of the measured slope",
        [
            *(Line(f"{way}: error", curves[way], STEPS, **style) for way, style in STYLES.items()),
            *(
                Text(way, 1e-15, 1e5, color=style["color"], dx=4, dy=15 * (1 + row))
                for row, (way, style) in enumerate(STYLES.items())
            ),
            Rule("h", h, color="muted", width=3, dash="", drags={"x": Drag("h")}),
        ],
        x=Axis("step *h*", 10**-15.3, 10**0.3, scale="log", ticks=powers_of_ten(-15, -10, -5, 0)),
        y=Axis(low=10**-17.5, high=1e5, scale="log", ticks=powers_of_ten(-15, -10, -5, 0)),
        weight=1.4,
    )


def _table(name: str, x: float, h: float, errors: Mapping[str, float], spacings: float) -> Table:
    exact, measured = float(ACTIVATIONS[name].slope(x)), slope_estimates(name, x, h)
    kink = _at_the_kink(name, x)
    rows = STEPS[4:17:4]
    table_errors = {
        f"error, {way}": np.round(np.abs(slope_estimates(name, x, rows)[way] - exact), 12)
        for way in ("forward", "central")
    }
    return Table(
        "Errors of the measured slope",
        {"step": rows, **table_errors},
        {
            "h": h,
            "slope, by convention" if kink else "slope": exact,
            "float spacings between f(x) and f(x + h)": "too many to count"
            if math.isinf(spacings)
            else float(f"{spacings:.2g}"),
            **({way: float(measured[way]) for way in ("forward", "central")} if kink else {}),
            **(
                {f"error at h, {way}": errors[way] for way in ("forward", "central")} if h >= READABLE else {}
            ),
        },
        digits=2,
    )


def _valley(curves: Mapping[str, Array]) -> str:
    """Say that the errors have a minimum, where both have one: by decades, which no processor moves."""
    for way in ("forward", "central"):
        error = np.log10(curves[way])  # from the largest step to the smallest
        if not min(error[0], error[-1]) > error.min() + 2:
            return ""
    return (
        " The errors of both differences are smallest at a step in between; "
        "below it rounding takes over, and they rise."
    )


def _seen_at_step(h: float, errors: Mapping[str, float], spacings: float) -> str:
    """Say how good the differences are or, where rounding rules, why they are not."""
    step = f"With h = {format_number(h)}"
    if h >= READABLE:
        forward, central = (format_number(errors[way], 2) for way in ("forward", "central"))
        return f"{step} the forward difference is off by {forward}, the central one by {central}."
    if not spacings:
        return f"{step} nothing is lost: f is 0 here and a step to either side."
    if math.isinf(spacings):
        return f"{step}: f is 0 here, and near 0 floats lie so densely that little is lost."
    if spacings < 1:
        return f"{step} the two values of f lie within one float spacing: the computed difference is 0, or whole spacings."
    rounded = float(f"{spacings:.2g}")
    count = format_number(int(rounded) if 10 <= rounded < 1e5 else rounded, 2)
    few = "only " if rounded < 1000 else ""
    return f"{step} the two values of f are {few}about {count} float spacings apart."


tangent_demo = Demo(
    tangent_probe,
    (
        Choice("name", "Function", options=PROBED),
        Float("x", "Point x", low=-5, high=5, initial=1, step=0.1),
        LogFloat("h", "Step h", low=1e-15, high=1, initial=0.01, step=10**0.25, plays=True),
    ),
    title="Tangent probe.",
    look_for="Drag h to the left: when does the error stop falling?",
    presets={
        "A large step": {"h": 1.0},
        "Too small a step": {"h": 1e-15},
        "Forward as good as central": {"x": 0.0},
        "At the kink of ReLU": {"name": "ReLU", "x": 0.0},
        "SiLU, beyond slope 1": {"name": "SiLU", "x": 2.4},
    },
)
