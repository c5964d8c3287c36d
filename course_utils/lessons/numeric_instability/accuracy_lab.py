"""Section "The accuracy lab": errors of several forms against mpmath."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.numerics import softmax as safe
from course_utils.teaching import Choice, Demo
from course_utils.teaching.pictures import Axis, Line, Panel, Picture, Points, Rule, Table, Text
from course_utils.teaching.text import format_list, format_number

SPREADS = np.geomspace(0.1, 1000, 9)
LOGITS, LARGEST_ZERO, LOG_PROBABILITIES = "any logits", "the largest logit is 0", "log-probabilities"
HELPER = "this course’s helper"
COUNT = 8  # logits per vector
VECTORS = 20  # per spread
LAB_SEED = 17  # of the first seeds, the one whose decades are furthest from changing


def _shifted_lse(z):
    m = z.max()
    return m + np.log(np.exp(z - m).sum())


def _log1p_lse(z):
    k = z.argmax()
    return z[k] + np.log1p(np.exp(np.delete(z, k) - z[k]).sum())


def _shifted_softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def _compensated_softmax(z):
    m = z.max()
    d = z - m
    t = d - z
    error = (z - (d - t)) - (m + t)  # exactly what the subtraction z − m has rounded away
    e = np.exp(d) * (1 + error)
    return e / e.sum()


def _scipy(name):
    def function(z):
        import scipy.special

        return getattr(scipy.special, name)(z)

    return function


LAB: dict[str, dict[str, Callable[..., Any]]] = {
    "logsumexp": {
        "as written": lambda z: np.log(np.exp(z).sum()),
        "shifted": _shifted_lse,
        "log1p": _log1p_lse,
        HELPER: safe.logsumexp,
        "SciPy": _scipy("logsumexp"),
    },
    "softmax": {
        "as written": lambda z: np.exp(z) / np.exp(z).sum(),
        "shifted": _shifted_softmax,
        "exp(z − lse)": lambda z: np.exp(z - _shifted_lse(z)),
        "compensated": _compensated_softmax,
        HELPER: safe.softmax,
        "SciPy": _scipy("softmax"),
    },
    "log_softmax": {
        "log of softmax": lambda z: np.log(_shifted_softmax(z)),
        "z − lse": lambda z: z - _shifted_lse(z),
        "log1p": lambda z: (z - z.max()) - np.log1p(np.exp(np.delete(z, z.argmax()) - z.max()).sum()),
        HELPER: safe.log_softmax,
        "SciPy": _scipy("log_softmax"),
    },
}
# Color, dash, shape and its size: where lines coincide, all marks stay visible.
STYLES = {
    "as written": ("wrong", "dashed", "cross", 13),
    "log of softmax": ("wrong", "dashed", "cross", 13),
    "shifted": ("class0", "", "square", 15),
    "z − lse": ("class0", "", "square", 15),
    "log1p": ("target", "", "triangle", 12),
    "exp(z − lse)": ("target", "", "triangle", 12),
    "compensated": ("temperature", "dotted", "star", 13),
    "SciPy": ("ink", "dotted", "diamond", 10),
    HELPER: ("logits", "", "circle", 6),
}
ALL_WRONG = 2.0**53  # ulp: as large as the number itself


def lab_inputs(inputs: str) -> Iterator[tuple[int, Array]]:
    """Yield (number of the spread, vector): the same vectors in every run."""
    random = np.random.default_rng(LAB_SEED)
    for number, spread in enumerate(SPREADS):
        for z in spread * random.normal(size=(VECTORS, COUNT)):
            shift = {LOGITS: 0.0, LARGEST_ZERO: z.max(), LOG_PROBABILITIES: _log1p_lse(z)}[inputs]
            yield number, np.round(z - shift, 9)  # the same on every processor


def true_values(function: str, z: Array) -> tuple[Array, Array]:
    """Return logsumexp, softmax or log_softmax of the stored numbers z, computed by mpmath with 60 digits.

    Returns
    -------
    nearest, rest : ndarray
        Each true value as the sum of two floats.
    """
    from mpmath import mp

    with mp.workdps(60):
        exact = [mp.mpf(float(v)) for v in z]
        largest = max(range(len(z)), key=lambda i: exact[i])
        m = exact[largest]
        others = mp.fsum([mp.exp(v - m) for i, v in enumerate(exact) if i != largest])
        log_total = mp.log1p(others)
        if function == "logsumexp":
            right = [m + log_total]
        elif function == "softmax":
            right = [mp.exp(v - m) / (1 + others) for v in exact]
        else:
            right = [v - m - log_total for v in exact]
        nearest = np.array([float(v) for v in right])
        return nearest, np.array([float(v - float(v)) for v in right])


def errors_in_ulp(values: Array, nearest: Array, rest: Array) -> Array:
    """Return the errors in units of the gap between floats at the true value; inf for inf and nan."""
    errors = np.abs((values - nearest) - rest) / np.spacing(np.abs(nearest))
    return np.where(np.isfinite(values), errors, np.inf)


@functools.cache
def lab_errors(function: str, inputs: str) -> dict[str, Array]:
    """Measure each form of one function against mpmath.

    Returns
    -------
    dict of str to ndarray, shape (spreads,)
        The largest error in ulp over all vectors of a spread; inf where a result is inf or nan, nan where
        nothing could be measured. True values below the smallest normal number are left out: a float64 has
        no room for all their digits.
    """
    worst = {form: np.full(len(SPREADS), np.nan) for form in LAB[function]}
    with np.errstate(all="ignore"):
        for number, z in lab_inputs(inputs):
            nearest, rest = true_values(function, z)
            normal = np.abs(nearest) >= np.finfo(float).tiny
            if not normal.any():
                continue
            for form, compute in LAB[function].items():
                errors = errors_in_ulp(np.atleast_1d(compute(z))[normal], nearest[normal], rest[normal])
                worst[form][number] = np.fmax(worst[form][number], errors.max())
    return worst


def decade(error: float) -> str:
    """Write an error in ulp as its nearest power of ten: the digits differ between processors."""
    if math.isnan(error):
        return "nothing to measure"
    if math.isinf(error):
        return "fails"
    if error < 10:
        return "below 10"
    power = round(math.log10(error))
    return f"about {10**power}" if power < 5 else f"about 1e{power}"


def accuracy_lab(function: str, inputs: str) -> Picture:
    """Show the largest error in ulp of each form of a function, over the spread of its inputs."""
    errors = lab_errors(function, inputs)
    worst = {form: float(np.nanmax(values)) for form, values in errors.items()}
    return Picture(
        [_errors(function, errors)],
        _lab_text(function, worst),
        table=Table(
            f"Largest error of {function} in ulp, as a power of ten, by spread of the logits",
            {
                "form": list(errors),
                **{
                    f"spread {format_number(SPREADS[i])}": [decade(values[i]) for values in errors.values()]
                    for i in range(0, len(SPREADS), 2)
                },
                "worst": [decade(value) for value in worst.values()],
            },
            {
                "vectors per spread": VECTORS,
                "logits per vector": COUNT,
                "inputs": inputs,
                f"{decade(ALL_WRONG)} ulp mean": "100 % wrong",
            },
        ),
        height=380,
    )


def _errors(function: str, errors: dict[str, Array]) -> Panel:
    marks: list[Any] = [
        Rule("", ALL_WRONG, axis="y"),
        Text("100 % wrong", SPREADS[0], ALL_WRONG, dy=15, color="muted"),
    ]
    for form, values in errors.items():
        color, dash, shape, size = STYLES[form]
        works = np.isfinite(values)
        shown = np.where(works, np.maximum(values, 0.1), np.nan)
        label = form if works.all() else ""
        if not works.all():
            last = SPREADS[works][-1]
            rise = [float(shown[works][-1]), 4 * ALL_WRONG]  # from its last point to its words
            marks.append(Line("", rise, [last, last], color=color, width=1.5, dash="dotted"))
            for words, dy in ((form, -28), ("fails beyond", -14)):
                marks.append(Text(words, last, ALL_WRONG, anchor="end", dy=dy, color=color))
        marks += [
            Line("", shown[works], SPREADS[works], color=color, dash=dash, label=label),
            Points(f"error of {form}", shown, SPREADS, color=color, shape=shape, size=size),
        ]
    return Panel(
        f"{function}: largest error in ulp".replace("_", "\\_"),
        marks,
        x=Axis("spread of the logits", 0.08, 1250, scale="log", ticks=(0.1, 1, 10, 100, 1000)),
        y=Axis(low=0.07, high=1e22, scale="log", ticks=(1, 1e4, 1e8, 1e12, 1e16)),
    )


def _lab_text(function: str, worst: dict[str, float]) -> str:
    measured = {form: value for form, value in worst.items() if math.isfinite(value)}
    size = {form: round(math.log10(max(value, 1))) if value >= 10 else 0 for form, value in measured.items()}
    poorest = max(measured, key=lambda form: size[form])
    best = min(measured, key=lambda form: (size[form], form != HELPER))
    if size[poorest] == size[best]:
        said = f"All forms of {function} that give numbers have errors {decade(measured[best])} ulp."
    else:
        said = f"At worst, the error of “{poorest}” is {decade(measured[poorest])} ulp, that of “{best}” {decade(measured[best])}."
    failing = format_list([f"“{form}”" for form in worst if form not in measured])
    return said + (f" Infinity or nan comes from {failing}." if failing else " None gives infinity or nan.")


accuracy_demo = Demo(
    accuracy_lab,
    (
        Choice("function", "Function", options=tuple(LAB), initial="log_softmax"),
        Choice("inputs", "Inputs", options=(LOGITS, LARGEST_ZERO, LOG_PROBABILITIES)),
    ),
    title="Accuracy lab.",
    look_for="Every point is measured now, on your machine. Which form stays at the bottom?",
    presets={
        "softmax": {"function": "softmax"},
        "logsumexp, the largest is 0": {"function": "logsumexp", "inputs": LARGEST_ZERO},
        "logsumexp of log-probabilities": {"function": "logsumexp", "inputs": LOG_PROBABILITIES},
    },
)
