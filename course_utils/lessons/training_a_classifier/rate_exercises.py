"""Section "The learning rate, and its schedule": its two exercises."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.teaching import Check, Contract, Exercise, Given, Mistake, Pick


def linear_decay(t, start, end, steps):
    fraction = np.minimum(t / steps, 1)
    return start - (start - end) * fraction


def _line_for_single_steps(t, start, end, steps):
    if t > steps:
        return end
    return start - (start - end) * t / steps


_SCHEDULE = (
    "`t` is an array of step numbers 0, 1, 2, ... of any shape, or a single one; `start` and `end` are two {rates}, and either may be the larger; "
    "`steps` is N, a whole number from 1 on. Return an array of the shape of `t` (or a single number): exactly `start` at t = 0, exactly `end` "
    "at t = N, and `end` at every later step. Rounding errors do not count."
)


_EARLY = np.arange(11)
_CHECKS = [
    Check("from the first step to the last", (_EARLY, 0.5, 0.1, 10)),
    Check("a single step", (3, 0.5, 0.1, 10)),
    Check("what happens after step N", (np.array([10, 11, 15, 25, 1000]), 0.5, 0.1, 10)),
    Check("warm-up: the end is above the start", (np.arange(14), 0.11, 0.5, 10)),
    Check("one step only", (np.array([0, 1, 2]), 0.5, 0.1, 1)),
    Check("steps in a table", (_EARLY[:6].reshape(2, 3), 1.0, 0.1, 7)),
    Check("a rate that stays", (_EARLY, 0.3, 0.3, 7)),
]


def any_schedule(pick: Pick, smallest: float) -> tuple[Any, float, float, int]:
    steps = pick.whole(1, 200, 10, 2)
    some = np.floor(pick.random.random(pick.any_shape((0, 1, 2))) * 2.5 * steps).astype(int)
    last, first, one = (
        np.arange(steps + 3)[-8:],
        np.arange(min(steps + 3, 8)),
        int(2 * steps * pick.random.random()),
    )
    start, end = (pick.number(smallest, 2, 0.1, 0.5, log=True) for _ in range(2))
    return pick.one_of(some, some, last, first, one), start, end, steps


def any_linear_schedule(pick: Pick) -> Given:
    t, start, end, steps = any_schedule(pick, 1e-6)
    start, end = pick.one_of((start, end), (start, end), (0.0, end), (start, 0.0))
    return t, start, end, steps


linear_decay_exercise = Exercise(
    "Write `linear_decay(t, start, end, steps)`: the learning rate α_s − (α_s − α_e) t/N.",
    Contract(
        _SCHEDULE.format(rates="learning rates that are not negative"),
        atol=1e-12,
        inputs=any_linear_schedule,
    ),
    linear_decay,
    [*_CHECKS, Check("an end at zero", (np.arange(13), 0.5, 0.0, 10))],
    [
        Mistake(
            lambda t, start, end, steps: start - (start - end) * t / steps,
            "after step N the line goes on: below `end`, then below 0 (or, after a warm-up, above `end`). A negative learning rate goes *uphill*. Keep t/N at 1 or below.",
        ),
        Mistake(
            lambda t, start, end, steps: start - (start - end) * np.minimum(t / max(steps - 1, 1), 1),
            "you divide by N − 1, so `end` is reached one step too early. From t = 0 to t = N there are N steps.",
        ),
        Mistake(
            lambda t, start, end, steps: end - (end - start) * np.minimum(t / steps, 1),
            "the ends are swapped: this begins with `end`.",
        ),
        Mistake(
            lambda t, start, end, steps: start * (1 - np.minimum(t / steps, 1)),
            "this goes down to 0, whatever `end` is. Only the *difference* of both rates is lost.",
        ),
        Mistake(
            lambda t, start, end, steps: start - end * np.minimum(t / steps, 1),
            "you take away a share of `end`. What is lost on the way is the difference start − end.",
        ),
        Mistake(
            lambda t, start, end, steps: start + (start - end) * np.minimum(t / steps, 1),
            "the sign is wrong: where the rate should fall, it rises.",
        ),
        Mistake(
            lambda t, start, end, steps: start - (start - end) * np.minimum(t // steps, 1),
            "the rate stays at `start` until step N and then jumps. Did you write `t // steps`? It throws the fraction away.",
        ),
        Mistake(
            lambda t, start, end, steps: np.maximum(start - (start - end) * t / steps, end),
            "`np.maximum(..., end)` holds a rate that falls, but during a warm-up it gives `end` from the first step on. Limit the fraction t/N instead: it works both ways.",
        ),
        Mistake(
            lambda t, start, end, steps: np.where(t <= steps, start - (start - end) * t / steps, 0.0),
            "after step N you return 0, so that training stops. The rate stays at `end`.",
        ),
        Mistake(
            lambda t, start, end, steps: start - (start - end) * (t % steps) / steps,
            "`t % steps` starts anew at every N-th step: a sawtooth.",
        ),
        Mistake(
            lambda t, start, end, steps: start - (start - end) * np.minimum(t, 1),
            "the steps are not divided by N, so `end` is reached after one.",
        ),
        Mistake(
            _line_for_single_steps,
            "this works for one step, but `if`, `min` and `max` cannot decide for an array of them. `np.minimum` can.",
        ),
    ],
    [
        "How much of the way lies behind at step t? It is a fraction that never exceeds 1.",
        "f = min(t/N, 1);  α = α_s − (α_s − α_e) f",
        "`fraction = np.minimum(t / steps, 1)`, then the formula with `fraction` in place of t/N.",
    ],
    payoff="You can now let a learning rate fall, or warm up, along a line.",
)


def exponential_decay(t, start, end, steps):
    fraction = np.minimum(t / steps, 1)
    return start * (end / start) ** fraction


def _power_for_single_steps(t, start, end, steps):
    if t > steps:
        return end
    return start * (end / start) ** (t / steps)


exponential_decay_exercise = Exercise(
    "Write `exponential_decay(t, start, end, steps)`: the learning rate α_s (α_e/α_s)^(t/N).",
    Contract(
        _SCHEDULE.format(rates="*positive* learning rates"),
        atol=1e-12,
        inputs=lambda pick: any_schedule(pick, 1e-10),
    ),
    exponential_decay,
    [*_CHECKS, Check("over four decades", (np.arange(0, 101, 10), 1.0, 1e-4, 100))],
    [
        Mistake(
            lambda t, start, end, steps: start * (end / start) ** (t / steps),
            "after step N the rate goes on falling below `end` (or, after a warm-up, rising above it). Keep t/N at 1 or below.",
        ),
        Mistake(
            lambda t, start, end, steps: start * (end / start) ** np.minimum(t / max(steps - 1, 1), 1),
            "you divide by N − 1, so `end` is reached one step too early. From t = 0 to t = N there are N steps.",
        ),
        Mistake(
            lambda t, start, end, steps: end * (start / end) ** np.minimum(t / steps, 1),
            "the ends are swapped: this begins with `end`.",
        ),
        Mistake(
            linear_decay,
            "this is the straight line. Here every step takes away the same *share* of the rate, not the same amount.",
        ),
        Mistake(
            lambda t, start, end, steps: start * np.exp(-np.minimum(t / steps, 1)),
            "this always ends at α_s/e. The base is α_e/α_s, so that N steps lead to `end`.",
        ),
        Mistake(
            lambda t, start, end, steps: start * 10 ** (np.log(end / start) * np.minimum(t / steps, 1)),
            "two bases are mixed: `np.log` is the natural logarithm, which belongs with `np.exp`. With a base of 10 it is `np.log10`.",
        ),
        Mistake(
            lambda t, start, end, steps: start * (start / end) ** np.minimum(t / steps, 1),
            "the ratio is upside down: where the rate should fall, it rises.",
        ),
        Mistake(
            lambda t, start, end, steps: end + (start - end) * np.exp(-t / steps),
            "this comes closer and closer to `end`, but at t = N a share of 1/e of the way is left.",
        ),
        Mistake(
            lambda t, start, end, steps: np.maximum(start * (end / start) ** (t / steps), end),
            "`np.maximum(..., end)` holds a rate that falls, but during a warm-up it gives `end` from the first step on. Limit the fraction t/N instead: it works both ways.",
        ),
        Mistake(
            lambda t, start, end, steps: start * (end / start) ** np.minimum(t // steps, 1),
            "the rate stays at `start` until step N and then jumps. Did you write `t // steps`? It throws the fraction away.",
        ),
        Mistake(
            lambda t, start, end, steps: np.where(t <= steps, start * (end / start) ** (t / steps), 0.0),
            "after step N you return 0, so that training stops. The rate stays at `end`.",
        ),
        Mistake(
            lambda t, start, end, steps: start * (end / start) ** np.minimum(t, 1),
            "the steps are not divided by N, so `end` is reached after one.",
        ),
        Mistake(
            _power_for_single_steps,
            "this works for one step, but `if`, `min` and `max` cannot decide for an array of them. `np.minimum` can.",
        ),
    ],
    [
        "How much of the way lies behind at step t? Here it is an exponent.",
        "f = min(t/N, 1);  α = α_s (α_e/α_s)^f",
        "`fraction = np.minimum(t / steps, 1)`, then `start` times a power of `end / start`.",
    ],
    payoff="You can now let a learning rate fall by the same share in every step.",
)
