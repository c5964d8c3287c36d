"""Attempts at the exercises of `temperature`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from allowed import between, floats, labels, some

from attempts import Allows, Functions, Listed, Told
from course_utils.lessons.calibration import fit_temperature
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
    "refuses integers": checked(lambda z, t: by_rows(z, t) if isinstance(t, float) else by_rows(z, math.nan)),
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
    "floats": lambda p, top_p, u: sample_top_p(p, top_p, u).astype(float),
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
        "refuses integers": "where",
    },
    "fit_exercise": {
        "searches up to 10": "ceiling",
        "square root": "root",
    },
    "top_p_exercise": {
        "floats": "floats",
        "clips to the last class": "the-last-class-gets-the-probability-of-all-that-were",
    },
}

# --- the listed mistakes, from their sentences alone --------------------------------------------------------


def refuses_zero_only(z: Any, t: Any) -> Any:
    if t == 0:
        raise ValueError("the temperature must not be 0")
    return softmax(z / t)


def refuses_by_one_comparison(z: Any, t: Any) -> Any:
    if t <= 0:
        raise ValueError("the temperature must be positive")
    return softmax(z / t)


def asserts(z: Any, t: Any) -> Any:
    assert 0 < t < np.inf, "the temperature must be positive and finite"
    return softmax(z / t)


def limit_at_zero(z: Any, t: Any) -> Any:
    return hardmax(z) if t == 0 else by_lambda(z, t)


def tiny_instead(z: Any, t: Any) -> Any:
    return softmax(z / max(t, 1e-8))


def power_of_p(z: Any, t: Any) -> Any:
    powers = softmax(z) ** (1 / t)
    return powers / powers.sum(axis=-1, keepdims=True)


def naive(z: Any, t: Any) -> Any:
    e = np.exp(z / t)
    return e / np.sum(e, axis=-1, keepdims=True)


def one_sum_for_all(z: Any, t: Any) -> Any:
    e = np.exp((z - np.max(z, axis=-1, keepdims=True)) / t)
    return e / e.sum()


def losses(z: Any, y: Any, t: Any) -> Any:
    """The loss at each of many temperatures."""
    return -at_true_class(log_softmax(z / t), y).mean(axis=-1)


def at_true_class(values: Any, y: Any) -> Any:
    return values[:, np.arange(len(y)), y]


def best(grid: Any, losses: Callable[[Any], Any]) -> float:
    return float(grid[np.argmin(losses(grid[:, None, None]))])


def best_of_all(losses: Callable[[Any], Any]) -> float:
    """Search on finer and finer grids around the best temperature."""
    low, high = 0.05, 20.0
    for _ in range(4):
        middle = best(np.geomspace(low, high, 21), losses)
        width = (high / low) ** 0.05
        low, high = max(0.05, middle / width), min(20.0, middle * width)
    return middle


def mean_p(z: Any, y: Any) -> float:
    return best_of_all(lambda t: -at_true_class(softmax(z / t), y).mean(axis=-1))


def confident_as_accurate(z: Any, y: Any) -> float:
    accuracy = np.mean(np.argmax(z, axis=1) == y)
    return best_of_all(lambda t: abs(softmax(z / t).max(axis=-1).mean(axis=-1) - accuracy))


def by_hundredths(z: Any, y: Any) -> float:
    tenth = best(np.linspace(0.1, 20, 200), lambda t: losses(z, y, t))
    return best(np.clip(tenth + np.linspace(-0.1, 0.1, 21), 0.05, 20), lambda t: losses(z, y, t))


def likeliest_prediction(z: Any, y: Any) -> float:
    return best_of_all(lambda t: -np.log(softmax(z / t).max(axis=-1)).mean(axis=-1))


def from_logarithms(z: Any, y: Any) -> float:
    return best_of_all(lambda t: -np.log(at_true_class(softmax(z / t), y)).mean(axis=-1))


def kept_of(p: Any, number: int) -> Any:
    """The probabilities of so many of the most probable classes, 0 for the others."""
    order = np.argsort(-p, kind="stable")
    kept = np.zeros(len(p))
    kept[order[:number]] = p[order[:number]]
    return kept


def needed(p: Any, top_p: Any) -> int:
    """How many of the most probable classes are needed for a total of top_p."""
    total, number = 0.0, 0
    for share in sorted(p, reverse=True):
        if total >= top_p:
            break
        total += share
        number += 1
    return number


def drawn(kept: Any, u: Any, side: Any = "right") -> Any:
    edges = np.cumsum(kept)
    return np.searchsorted(edges / edges[-1], u, side=side)


def first_true(p: Any, top_p: Any, u: Any) -> Any:
    total = np.cumsum(np.sort(p)[::-1])
    return drawn(kept_of(p, np.argmax(total >= top_p) + 1), u)


def two_lines_that_trust_sums(p: Any, top_p: Any, u: Any) -> Any:
    order = np.argsort(-p, kind="stable")
    number = np.argmax(p[order].cumsum() >= top_p) + 1
    kept = np.where(np.isin(np.arange(len(p)), order[:number]), p, 0)
    return np.searchsorted((kept / sum(kept)).cumsum(), u, side="right")


def while_not_exceeded(p: Any, top_p: Any) -> int:
    """How many of the most probable classes have a total that does not exceed top_p."""
    total, number = 0.0, 0
    for share in sorted(p, reverse=True):
        total += share
        number += total <= top_p
    return number


def stops_before(p: Any, top_p: Any, u: Any) -> Any:
    return drawn(kept_of(p, while_not_exceeded(p, top_p)), u)


def stops_before_but_keeps_one(p: Any, top_p: Any, u: Any) -> Any:
    return drawn(kept_of(p, while_not_exceeded(p, top_p) or 1), u)


def last_one_dropped(p: Any, top_p: Any, u: Any) -> Any:
    return drawn(kept_of(p, np.sum(np.cumsum(np.sort(p)[::-1]) < top_p)), u)


def one_too_many(p: Any, top_p: Any, u: Any) -> Any:
    total = np.cumsum(np.sort(p)[::-1])
    return drawn(kept_of(p, np.sum(total <= top_p) + 1), u)


def not_shared(p: Any, top_p: Any, u: Any) -> Any:
    return np.searchsorted(np.cumsum(kept_of(p, needed(p, top_p))), u, side="right")


def in_order_of_p(p: Any, top_p: Any, u: Any) -> Any:
    order = np.argsort(-p, kind="stable")[: needed(p, top_p)]
    return order[drawn(p[order], u)]


def places(p: Any, top_p: Any, u: Any) -> Any:
    return drawn(np.sort(p)[::-1][: needed(p, top_p)], u)


def rest_to_the_last(p: Any, top_p: Any, u: Any) -> Any:
    edges = np.cumsum(kept_of(p, needed(p, top_p)))
    edges[-1] = 1
    return np.searchsorted(edges, u, side="right")


def at_least(p: Any, threshold: Any) -> Any:
    return [share if share >= threshold else 0 for share in p]


def as_they_come(p: Any, top_p: Any, u: Any) -> Any:
    before = np.cumsum(p) - p
    return drawn(np.where(before < top_p, p, 0), u)


def divided_first(p: Any, top_p: Any, u: Any) -> Any:
    kept = kept_of(p, needed(p, top_p))
    return np.searchsorted(np.cumsum(kept / kept.sum()), u, side="right")


LISTED: Listed = {
    "temperature_exercise": {
        "you-multiply-by-t": checked(lambda z, t: softmax(z * t)),
        "t-divides-the-probabilities": checked(lambda z, t: softmax(z) / t),
        "t-has-no-effect": checked(
            lambda z, t: (softmax(z) / t) / np.sum(softmax(z) / t, axis=-1, keepdims=True)
        ),
        "you-take-softmax-twice-p-t-serves-as-logits": checked(lambda z, t: softmax(softmax(z) / t)),
        "raising-p-to-the-power-1-t-is-right-on": checked(power_of_p),
        "large-logits-overflow": checked(naive),
        "you-sum-over-the-whole-array": checked(one_sum_for_all),
        "the-formula-is-right-but-a-bad-temperature-comes-out": lambda z, t: softmax(z / t),
        "you-refuse-t-0-only": refuses_zero_only,
        "temperature-0-is-false-for-nan-as-every-comparison-with": refuses_by_one_comparison,
        "assert-raises-an-assertionerror-and-disappears-under-python-o": asserts,
        "t-0-gives-the-limit-here": limit_at_zero,
        "you-replace-small-temperatures-by-a-tiny-positive-one-1e": tiny_instead,
    },
    "fit_exercise": {
        "this-is-λ-1-t": lambda z, y: 1 / best_of_all(lambda t: losses(z, y, t)),
        "you-maximize-the-mean-of-p-at-the-true-class": mean_p,
        "you-make-mean-confidence-equal-to-accuracy": confident_as_accurate,
        "the-coldest-t-wins-every-time": likeliest_prediction,
        "you-treat-probabilities-as-logits-softmax-was-applied-twice": lambda z, y: best_of_all(
            lambda t: losses(softmax(z), y, t)
        ),
        "you-try-whole-numbers-only": lambda z, y: min(range(1, 21), key=lambda t: loss(z, y, t)),
        "your-grid-of-tenths-is-too-coarse-three-digits-need": lambda z, y: best(
            np.linspace(0.1, 19.9, 199), lambda t: losses(z, y, t)
        ),
        "your-grid-of-hundredths-is-still-too-coarse-for-three": by_hundredths,
        "you-never-go-below-t-1": lambda z, y: max(1.0, by_golden_section(z, y)),
        "you-take-the-logarithm-of-a-probability-that-has-become": from_logarithms,
    },
    "top_p_exercise": {
        "np-argmax-total-top-p-asks-for-the-first-true": first_true,
        "the-formula-is-right-but-computed-sums-may-end-just": two_lines_that_trust_sums,
        "you-stop-before-top-p-is-exceeded": stops_before,
        "you-keep-at-least-one-class-but-stop-before-top": stops_before_but_keeps_one,
        "you-keep-the-classes-up-to-which-the-total-is": last_one_dropped,
        "where-the-total-meets-top-p-exactly-you-keep-one": one_too_many,
        "the-kept-classes-do-not-share-the-probability-of-the": not_shared,
        "the-last-class-gets-the-probability-of-all-that-were": rest_to_the_last,
        "your-intervals-are-in-order-of-probability": in_order_of_p,
        "you-return-places-in-the-sorted-order": places,
        "you-compare-each-p-with-top-p": lambda p, top_p, u: drawn(at_least(p, top_p), u),
        "you-compare-each-p-with-a-threshold-1-top-p": lambda p, top_p, u: drawn(at_least(p, 1 - top_p), u),
        "you-add-up-the-classes-as-they-come": as_they_come,
        "top-p-has-no-effect-you-draw-from-all-classes": lambda p, top_p, u: drawn(p, u),
        "a-u-on-the-border-falls-to-the-left-side": lambda p, top_p, u: drawn(
            kept_of(p, needed(p, top_p)), u, "left"
        ),
        "the-last-edge-of-your-intervals-may-lie-just-below": divided_first,
    },
}

# --- what the contracts allow ----------------------------------------------------------------------


def tempered(z: Any, temperature: float) -> bool:
    sane = z.ndim > 0 and z.size > 0 and z.dtype in (np.float64, np.int64)
    if not 0 < temperature < np.inf:
        return bool(sane)
    return sane and between(temperature, 1e-100, 1e100) and np.abs(z).max() <= 1e5 * temperature * (1 + 1e-9)


ALLOWS: Allows = {
    "temperature_exercise": tempered,
    "fit_exercise": lambda z, y: labels(y, *z.shape) and (np.ptp(z, axis=1) > 0).all(),
    "top_p_exercise": lambda p, top_p, u: (
        some(p, 0, 1, 1) and np.isclose(p.sum(), 1) and 0 < top_p <= 1 and floats(u, 0, np.nextafter(1, 0), 1)
    ),
}
