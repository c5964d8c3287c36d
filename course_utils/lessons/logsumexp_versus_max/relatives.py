"""Section "Mellowmax and the Boltzmann mean": other functions that soften max."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.class_bars import by_number, logit_panel, logit_sliders
from course_utils.lessons.logsumexp_versus_max.gap import gap_above_max
from course_utils.numerics.softmax import logsumexp, smooth_max, softmax
from course_utils.teaching import Check, Contract, Demo, Exercise, Float, Given, Mistake, Pick
from course_utils.teaching.pictures import (
    Axis,
    Drag,
    Line,
    Panel,
    Picture,
    Points,
    Rule,
    Table,
)
from course_utils.teaching.text import format_number

LAMBDAS = np.linspace(-10, 10, 161)


def relatives(z: tuple[float, ...], inverse_temperature: float) -> Picture:
    """Show LSE, mellowmax and the Boltzmann mean of three logits over all λ, negative ones too."""
    logits, k = np.array(z), inverse_temperature
    with np.errstate(divide="ignore", invalid="ignore"):
        lse = logsumexp(LAMBDAS[:, None] * logits) / LAMBDAS
    lse_line = np.where(LAMBDAS == 0, np.nan, lse)  # at λ = 0 it has no value: the line is broken
    mellow = np.where(LAMBDAS == 0, logits.mean(), lse - np.log(len(z)) / np.where(LAMBDAS == 0, 1, LAMBDAS))
    weights = softmax(LAMBDAS[:, None] * logits)
    boltzmann = weights @ logits
    means = [float(smooth_max(logits, k, normalized=True)), float(softmax(k * logits) @ logits)]
    here = [float(smooth_max(logits, k)) if k else "no value", *means]

    said, facts = _at(logits, k, here)
    shown = slice(None, None, 8)
    return Picture(
        [
            logit_panel(logits, by_number(len(z)), VALUES),
            _curves(logits, k, lse_line, mellow, boltzmann, means),
        ],
        f"{said} {_along(logits, mellow, boltzmann)}",
        table=Table(
            "Three functions of λ",
            {
                "": ["this λ", *["on the axis"] * len(LAMBDAS[shown])],
                "inverse temperature": [k, *LAMBDAS[shown]],
                "LSE at λ": [here[0], *(v if np.isfinite(v) else "no value" for v in lse_line[shown])],
                "mellowmax at λ": [here[1], *mellow[shown]],
                "Boltzmann mean at λ": [here[2], *boltzmann[shown]],
            },
            facts,
        ),
        height=350,
    )


def _along(logits: Array, mellow: Array, boltzmann: Array) -> str:
    """Say where the two means begin and end on the axis, if they move at all."""
    if np.ptp(logits) == 0:
        return f"All logits are equal: both means are {format_number(logits[0])} at every λ, and only LSE leaves it."
    return (
        f"From λ = {format_number(LAMBDAS[0])} to {format_number(LAMBDAS[-1])}, mellowmax goes from "
        f"{format_number(mellow[0])} to {format_number(mellow[-1])} and the Boltzmann mean from "
        f"{format_number(boltzmann[0])} to {format_number(boltzmann[-1])}."
    )


def _at(logits: Array, k: float, values: list[Any]) -> tuple[str, dict[str, float]]:
    """Say what LSE, mellowmax and the Boltzmann mean are at one λ, and return the numbers they are held against."""
    lse, mellow, boltzmann = values
    low, high = logits.min(), logits.max()
    facts = {"min": low, "mean": logits.mean(), "max": high}
    if k == 0:
        said = (
            f"At λ = 0 both mellowmax and the Boltzmann mean are the plain mean, {format_number(mellow)}, "
            "and LSE has no value."
        )
        return said, facts
    if k > 0:
        name, edge, side, beyond = "max", high, "above", float(gap_above_max(logits, k))
    else:
        name, edge, side, beyond = "min", low, "below", float(gap_above_max(-logits, -k))
    alike = f"{lse:.3g}" == f"{edge:.3g}"  # where one logit leads clearly
    said = (
        f"At λ = {format_number(k)}, LSE is {format_number(lse)}, mellowmax {format_number(mellow)} and "
        f"the Boltzmann mean {format_number(boltzmann)}."
    )
    if low < high:
        said += (
            f" Only LSE leaves the range from min = {format_number(low)} to max = {format_number(high)}"
            f"{f': it lies {format_number(beyond)} {side} {name}' if alike else ''}."
        )
    return said, {**facts, f"LSE {side} {name}": beyond}


def _curves(
    logits: Array, k: float, lse: Array, mellow: Array, boltzmann: Array, means: list[float]
) -> Panel:
    """Show all three by λ, and the two means at this one."""
    return Panel(
        "three functions of λ",
        [
            *(
                Rule("", height, axis="y", dash="dotted", label=name)
                for name, height in _marked(logits).items()
            ),
            Rule("λ", k, color="ink", width=1.5, dash="", drags={"x": Drag("inverse_temperature")}),
            Line("LSE", lse, LAMBDAS, color="ink", dash="dotted", label="LSE"),
            Line("mellowmax", mellow, LAMBDAS, color="temperature", label="mellowmax"),
            Line(
                "Boltzmann mean",
                boltzmann,
                LAMBDAS,
                color="probabilities",
                dash="dashed",
                label="Boltzmann mean",
            ),
            Points("", means, [k, k], color="ink", size=10),
        ],
        x=Axis("inverse temperature λ", -10.7, 10.7, ticks=(-10, -5, 0, 5, 10)),
        y=VALUES,
        weight=4,
    )


VALUES = Axis(low=-6, high=6, ticks=(-6, -3, 0, 3, 6))


def _marked(z: Array) -> dict[str, float]:
    """Return the values between which the two means run, each once."""
    named = {"max": float(z.max()), "mean": float(z.mean()), "min": float(z.min())}
    return {name: value for name, value in named.items() if np.ptp(z) > 0.5 or name == "mean"}


relatives_demo = Demo(
    relatives,
    (
        logit_sliders(3, (2, 1, -1)),
        Float(
            "inverse_temperature", "Inverse temperature λ", low=-10, high=10, initial=1, step=0.25, plays=True
        ),
    ),
    title="LSE and its relatives.",
    look_for="Which curve is broken at λ = 0? What do the others show there?",
    presets={
        "λ = 0": {"inverse_temperature": 0},
        "Soft minimum": {"inverse_temperature": -3},
        "All equal": {"z": (1, 1, 1)},
        "One outsider": {"z": (3, 3, -3), "inverse_temperature": 0.5},
    },
)


def mellowmax(z, inverse_temperature):
    d = inverse_temperature * (z - np.mean(z))
    if inverse_temperature == 0:
        return np.mean(z)
    if np.max(np.abs(d)) < 1:
        return np.mean(z) + np.log1p(np.mean(np.expm1(d))) / inverse_temperature
    m = np.max(d)
    return np.mean(z) + (m + np.log(np.mean(np.exp(d - m)))) / inverse_temperature


def _direct_mellowmax(z, inverse_temperature):
    m = np.max(inverse_temperature * z)
    return (m + np.log(np.mean(np.exp(inverse_temperature * z - m)))) / inverse_temperature


def _patched(z, inverse_temperature):
    if inverse_temperature == 0:
        return np.mean(z)
    return _direct_mellowmax(z, inverse_temperature)


def any_scores_and_any_sharpness(pick: Pick) -> Given:
    k = pick.one_of(1, 1, -1) * pick.number(1e-15, 1000, 1.0, 1e-8, 1e-3, log=True)
    z = pick.numbers(pick.shape((1, 7)), -1000, 1000, types=(float, int))
    return z, pick.one_of(k, k, k, float(f"{k:.1g}"), 0, 0.0)


mellowmax_exercise = Exercise(
    "Write `mellowmax(z, inverse_temperature)`: log(mean of e^(λ z_i))/λ for *every* λ, also 0, where it is the plain mean, "
    "and near 0, where the exponentials are rounded to 1 and the formula has lost the scores before it divides.",
    Contract(
        "`z` is a 1-D NumPy array of at least one score between −1000 and 1000 (floats or integers); `inverse_temperature` is any "
        "number λ between −1000 and 1000: positive, negative, tiny or 0. Return one number, right to nine significant "
        "digits or, near zero, to 1e−9. Leave `z` unchanged.",
        inputs=any_scores_and_any_sharpness,
        atol=1e-9,
    ),
    mellowmax,
    [
        Check("λ = 1", (np.array([1.0, 2.0, 4.0]), 1.0)),
        Check("λ = 0: the mean", (np.array([1.0, 2.0, 4.0]), 0.0)),
        Check("λ = 1e−9", (np.array([1.0, 2.0, 4.0]), 1e-9)),
        Check("λ = 1e−14", (np.array([1.0, 2.0, 4.0]), 1e-14)),
        Check("λ = −1e−10", (np.array([1.0, 2.0, 4.0]), -1e-10)),
        Check("λ = 0.001: the correction to the mean counts", (np.array([1.0, 2.0, 4.0]), 1e-3)),
        Check("λ = −2: a soft minimum", (np.array([1.0, 2.0, 4.0]), -2.0)),
        Check("large scores", (np.array([1000.0, 998.0]), 3.0)),
        Check("large scores, negative λ", (np.array([-1000.0, -998.0]), -3.0)),
        Check("equal scores", (np.array([0.7, 0.7, 0.7]), 5.0)),
        Check("integers", (np.array([3, 1]), 0.5)),
        Check("very sharp", (np.array([1.0, 2.0, 4.0]), 1000.0)),
    ],
    [
        Mistake(
            lambda z, k: np.log(np.mean(np.exp(k * z))) / k,
            "this is the formula as it stands: it overflows, loses digits near λ = 0 and divides 0 by 0 there.",
        ),
        Mistake(
            _direct_mellowmax,
            "overflow is cured, but the formula has no value at λ = 0, and near it all digits are lost: log(mean) needs log1p and expm1.",
        ),
        Mistake(
            _patched,
            "λ = 0 is right now, but it is not the only dangerous place: at λ = 1e−9 the logarithm is about 1e−9, while it is "
            "the logarithm of a number rounded near 1. Use expm1 and log1p.",
        ),
        Mistake(
            lambda z, k: smooth_max(z, k) - np.log(len(z)) / k if k else np.mean(z),
            "you subtract log(n)/λ from LSE. Near λ = 0 both are huge and nearly equal, and their difference has lost the "
            "scores: keep the mean outside of the logarithm, and use log1p and expm1.",
        ),
        Mistake(
            lambda z, k: np.mean(z) if abs(k) < 0.01 else _direct_mellowmax(z, k),
            "you return the mean for all small λ. At λ = 0.001 the difference from the mean already shows in the fourth digit.",
        ),
        Mistake(
            lambda z, k: (
                np.mean(z) + np.log1p(np.mean(np.expm1(k * (z - np.mean(z))))) / k if k else np.mean(z)
            ),
            "near λ = 0 this is right, with scores measured from their mean. For large λ the exponentials overflow: there, shift "
            "by the largest λ·z instead.",
        ),
        Mistake(
            lambda z, k: np.log1p(np.mean(np.expm1(k * z))) / k if k else np.mean(z),
            "`log1p` and `expm1` of λ·z are right near λ·z = 0. Farther off they overflow, or a small e^(λz) loses its digits "
            "to the −1: measure scores from their mean, and shift by the largest λ·z where that is large.",
        ),
        Mistake(
            lambda z, k: float(smooth_max(z, k)) if k else np.mean(z),
            "this adds the exponentials. Take their mean, so that the result stays between min and max.",
        ),
        Mistake(
            lambda z, k: float(softmax(k * z) @ z),
            "this is the Boltzmann mean Σ p_i·z_i, another way from min to max.",
        ),
    ],
    [
        "Near λ = 0 every exponential is nearly 1. Keep only how far it is from 1.",
        "mean + log(1 + mean(e^d − 1))/λ with d = λ·(z − mean); for large |d|, shift by the largest d.",
        "`d = inverse_temperature * (z - np.mean(z))`; if all |d| < 1 use `np.log1p(np.mean(np.expm1(d)))`, else "
        "`m + np.log(np.mean(np.exp(d - m)))` with `m = np.max(d)`; divide by λ, add the mean; treat λ = 0 apart.",
    ],
    payoff="You can now go from minimum to mean to maximum with one number, without losing digits anywhere.",
)
