"""Attempts at the exercises of `temperature`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from attempts import Functions, Told
from course_utils.lessons.temperature.fitting import fit_temperature
from course_utils.lessons.temperature.top_p import ALMOST_ONE, sample_top_p
from course_utils.numerics.softmax import hardmax, log_softmax, softmax

# --- softmax with temperature -------------------------------------------------------------------------------


def by_rows(z: Any, temperature: Any) -> Any:
    if math.isnan(temperature) or math.isinf(temperature) or temperature <= 0:
        raise ValueError(temperature)
    out = np.empty(np.shape(z))
    for place in np.ndindex(out.shape[:-1]):
        row = [float(score) for score in z[place]]
        e = [math.exp((score - max(row)) / temperature) for score in row]
        out[place] = [term / math.fsum(e) for term in e]
    return out


def by_logarithm(z: Any, temperature: Any) -> Any:
    if not (np.isfinite(temperature) and temperature > 0):
        raise ValueError("bad temperature")
    scaled = z / temperature
    return np.exp(scaled - np.logaddexp.reduce(scaled, axis=-1, keepdims=True))


def by_lambda(z: Any, temperature: Any) -> Any:
    if not 0 < temperature < float("inf"):
        raise ValueError("bad temperature")
    shifted = np.asarray(z, dtype=float) - np.max(z, axis=-1, keepdims=True)
    return softmax(shifted * (1 / temperature))


def checked(function: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(z: Any, temperature: Any) -> Any:
        if not 0 < temperature < np.inf:
            raise ValueError("bad temperature")
        return function(z, temperature)

    return guarded


WRONG_TEMPERATURE = {
    "shifts by the unscaled largest": checked(
        lambda z, t: np.exp(z / t - z.max()) / np.exp(z / t - z.max()).sum(axis=-1, keepdims=True)
    ),
    "square of T": checked(lambda z, t: softmax(z, temperature=t**2)),
    "root of T": checked(lambda z, t: softmax(z, temperature=t**0.5)),
    "clips the exponents": checked(lambda z, t: np.exp(np.clip(z / t, -700, 700)) / 1.0),
    "whole-number T": checked(lambda z, t: softmax(z, temperature=max(1, int(t)))),
    "default for T": checked(lambda z, t: softmax(z)),
    "absolute T": lambda z, t: checked(lambda z, t: softmax(z, temperature=t))(z, abs(t)),
    "uniform at infinity": lambda z, t: np.full(z.shape, 1 / z.shape[-1]) if t == np.inf else by_rows(z, t),
    "TypeError": lambda z, t: by_rows(z, t) if 0 < t < np.inf else [][t],
    "hardmax below 0.1": checked(lambda z, t: hardmax(z) if t < 0.1 else softmax(z, temperature=t)),
    "sums to 1 by the last entry": checked(
        lambda z, t: np.concatenate(
            [
                softmax(z, temperature=t)[..., :-1],
                1 - softmax(z, temperature=t)[..., :-1].sum(-1, keepdims=True),
            ],
            axis=-1,
        )
    ),
}

# --- fitting T ----------------------------------------------------------------------------------------------


def loss(z: Any, y: Any, t: float) -> float:
    return -float(np.mean(log_softmax(z, temperature=t)[np.arange(len(y)), y]))


def by_golden_section(z: Any, y: Any) -> Any:
    low, high, ratio = math.log(0.05), math.log(20), (math.sqrt(5) - 1) / 2
    for _ in range(50):
        a, b = high - ratio * (high - low), low + ratio * (high - low)
        if loss(z, y, math.exp(a)) < loss(z, y, math.exp(b)):
            high = b
        else:
            low = a
    return math.exp((low + high) / 2)


def by_loop(z: Any, y: Any) -> Any:
    low, high = 0.05, 20.0
    for _ in range(40):
        middle = math.sqrt(low * high)
        p = softmax(z, temperature=middle)
        expected = sum(float(p[i] @ z[i]) for i in range(len(y)))
        if expected > sum(float(z[i, y[i]]) for i in range(len(y))):
            low = middle  # too cold: it expects more than it gets
        else:
            high = middle
    return np.array(low)


def brier(z: Any, y: Any) -> Any:
    truth = np.eye(z.shape[1])[y]
    grid = np.geomspace(0.05, 20, 200)
    return grid[int(np.argmin([np.mean((softmax(z, temperature=t) - truth) ** 2) for t in grid]))]


WRONG_FIT = {
    "brier score": brier,
    "searches up to 10": lambda z, y: min(10.0, fit_temperature(z, y)),
    "searches from 0.1": lambda z, y: max(0.1, fit_temperature(z, y)),
    "first half only": lambda z, y: fit_temperature(z[: len(y) // 2 + 1], y[: len(y) // 2 + 1]),
    "first class": lambda z, y: fit_temperature(z, np.zeros_like(y)),
    "square root": lambda z, y: math.sqrt(fit_temperature(z, y)),
}

# --- top-p --------------------------------------------------------------------------------------------------


def by_lists(p: Any, top_p: Any, u: Any) -> Any:
    kept, total = set(), 0.0
    for i in sorted(range(len(p)), key=lambda i: -p[i]):
        if total >= top_p:
            break
        kept.add(i)
        total += p[i]
    mass = math.fsum(p[i] for i in kept)
    drawn = []
    for number in u:
        left, answer = 0.0, max(i for i in kept if p[i] > 0)
        for i in range(len(p)):
            left += p[i] / mass if i in kept else 0.0
            if number < left:
                answer = i
                break
        drawn.append(answer)
    return np.array(drawn)


def by_comparison(p: Any, top_p: Any, u: Any) -> Any:
    larger = (p[None, :] > p[:, None]) | (
        (p[None, :] == p[:, None]) & (np.arange(len(p))[None, :] < np.arange(len(p))[:, None])
    )
    share = np.where(larger @ p < top_p, p, 0)
    edges = share.cumsum() / share.cumsum()[-1]
    return (np.asarray(u)[:, None] >= edges).sum(axis=1)


def reverse_ties(p: Any, top_p: Any, u: Any) -> Any:
    order = np.argsort(p, kind="stable")[::-1]
    before = np.cumsum(p[order]) - p[order]
    kept = np.where(np.isin(np.arange(len(p)), order[before < top_p]), p, 0)
    return by_comparison(kept, 1.0, u)


def clipped(p: Any, top_p: Any, u: Any) -> Any:
    order = np.argsort(-p, kind="stable")
    before = np.cumsum(p[order]) - p[order]
    share = np.where(np.isin(np.arange(len(p)), order[before < top_p]), p, 0)
    return np.minimum(np.searchsorted(np.cumsum(share), u * 1.0, side="right"), len(p) - 1)


WRONG_TOP_P = {
    "the later of equals": reverse_ties,
    "clips to the last class": clipped,
    "the least probable": lambda p, top_p, u: sample_top_p((1 - p) / (1 - p).sum(), top_p, u),
    "equal shares": lambda p, top_p, u: sample_top_p((p > 0) / (p > 0).sum(), top_p, u),
    "mirrored u": lambda p, top_p, u: sample_top_p(p, top_p, np.clip(1 - u, 0, ALMOST_ONE)),
    "one-hot": lambda p, top_p, u: np.eye(len(p))[sample_top_p(p, top_p, u)],
    "softmax of p": lambda p, top_p, u: sample_top_p(softmax(p), top_p, u),
    "at least one draw": lambda p, top_p, u: sample_top_p(p, top_p, u) if len(u) else np.zeros(1, dtype=int),
}

RIGHT: dict[str, Functions] = {
    "temperature_exercise": [by_rows, by_logarithm, by_lambda],
    "fit_exercise": [by_golden_section, by_loop],
    "top_p_exercise": [by_lists, by_comparison],
}
WRONG: dict[str, Functions] = {
    "temperature_exercise": WRONG_TEMPERATURE,
    "fit_exercise": WRONG_FIT,
    "top_p_exercise": WRONG_TOP_P,
}
TOLD: Told = {
    "temperature_exercise": {
        "square of T": "argument: square",
        "root of T": "argument: root",
        "default for T": "t-has-no-effect",
    },
    "fit_exercise": {
        "searches up to 10": "ceiling",
        "square root": "root",
    },
    "top_p_exercise": {
        "clips to the last class": "the-kept-classes-do-not-share-the-probability-of-the",
    },
}
