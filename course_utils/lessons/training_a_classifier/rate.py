"""Section "The learning rate, and its schedule"; its two exercises are in `rate_exercises`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.training_a_classifier.runs import CHANCE, Run, percent, rough, short_run
from course_utils.numerics import training
from course_utils.numerics.mlp import MLP
from course_utils.teaching import Choice, Demo, LogFloat, Picture, Question, Table, look
from course_utils.teaching.drawing import titled
from course_utils.teaching.text import format_number

SCHEDULED = 100  # steps of a scheduled run: few enough to train while a slider moves
SHAPES = ("linear", "exponential", "constant")


def _formula(shape: str, t: Array, start: float, end: float) -> Array:
    """Return the bare formula of a schedule, which does not stop at its last step."""
    if shape == "linear":
        return start - (start - end) * t / SCHEDULED
    if shape == "exponential":
        return start * (end / start) ** (t / SCHEDULED)
    return np.full_like(t, start)


def _scheduled_rate(shape: str, start: float, end: float) -> Callable[[Any], Any]:
    if shape == "linear":
        return functools.partial(training.linear_decay, start=start, end=end, steps=SCHEDULED)
    if shape == "exponential":
        return functools.partial(training.exponential_decay, start=start, end=end, steps=SCHEDULED)
    return functools.partial(training.constant, rate=start)


@functools.lru_cache(maxsize=256)
def scheduled_run(shape: str, start: float, end: float) -> Run:
    """Train a 64-32-10 network with one schedule."""
    net = MLP.random((64, 32, 10), seed=0, scheme="he", bias=False)
    return short_run(net, SCHEDULED, _scheduled_rate(shape, start, end))


def schedule(shape: str, start: float, end: float) -> Picture:
    """Show a learning rate by step, and what a real short run with it reaches."""
    t = np.linspace(0, 1.25 * SCHEDULED, 101)
    rate, formula = _scheduled_rate(shape, start, end)(t), _formula(shape, t, start, end)
    run, steady = scheduled_run(shape, start, end), scheduled_run("constant", start, start)

    figure, (left, right) = look.panels(2, left=60, gap=62)
    beyond = t >= SCHEDULED
    left.plot(t, rate, color=look.BLUE, label="used", gid="t | learning rate")
    left.plot(
        t[beyond],
        formula[beyond],
        ":",
        color=look.VERMILLION,
        label="bare formula",
        gid="t beyond | formula beyond",
    )
    for x in (0, SCHEDULED):
        left.axvline(x, color=look.REFERENCE, linestyle=":", linewidth=1, gid="guide")
    left.axhline(0, color=look.OUTLINE, linewidth=1, gid="guide")
    highest = max(start, end)
    left.set(xlim=(-8, 1.25 * SCHEDULED), ylim=(-0.35 * highest, 1.85 * highest), xlabel="step t")
    left.legend(loc="upper right", borderpad=0.3)
    titled(left, "learning rate α")
    right.plot(
        steady.steps,
        steady.losses,
        "--",
        color=look.REFERENCE,
        label="α stays at its start",
        gid="constant step | loss with constant α",
    )
    right.plot(
        run.steps, run.losses, color=look.BLUE, label=f"{shape}", gid="run step | loss with this schedule"
    )
    right.axhline(CHANCE, color=look.REFERENCE, linestyle=":", linewidth=1, gid="guide")
    right.set(yscale="log", xlim=(-4, SCHEDULED + 4), ylim=(0.03, 60), xlabel="step t")
    right.set_yticks([0.1, 1, 10], ["0.1", "1", "10"])
    right.minorticks_off()
    right.legend(loc="upper right", borderpad=0.3)
    titled(right, "training loss")

    falls = "stays at" if shape == "constant" or start == end else f"goes from {format_number(start)} to"
    reached = format_number(start if shape == "constant" else end)
    compared = (
        ""
        if shape == "constant"
        else f" With α constant at {format_number(start)} it would be {rough(steady.losses[-1])}, and {percent(steady.test_accuracy)}."
    )
    beyond_end = float(formula[-1])
    if start == end or shape == "constant":
        later = ""
    elif shape == "linear":
        below = ", below zero: uphill" if beyond_end < 0 else ""
        later = f"The straight line would go on past its end{below}."
    else:
        later = "The formula would go on by the same factor per step, and never reach zero."
    return Picture(
        figure,
        f"α {falls} {reached}: after {SCHEDULED} steps the training loss is {rough(run.losses[-1])} and "
        f"{percent(run.test_accuracy)} of the test digits are right.{compared} {later}".rstrip(),
        Table(
            f"Learning rate and training loss, {shape}",
            {
                "step": run.steps[::2],
                "α": _scheduled_rate(shape, start, end)(run.steps[::2].astype(float)),
                "training loss": [rough(loss) for loss in run.losses[::2]],
            },
            {
                "steps": SCHEDULED,
                "test digits right": percent(run.test_accuracy),
                "training loss with α constant": rough(steady.losses[-1]),
                "test digits right with α constant": percent(steady.test_accuracy),
                f"formula at t = {format_number(t[-1])}": beyond_end,
            },
            digits=3,
        ),
        {
            "t": t,
            "learning rate": rate,
            "t beyond": t[beyond],
            "formula beyond": formula[beyond],
            "constant step": steady.steps,
            "loss with constant α": steady.losses,
            "run step": run.steps,
            "loss with this schedule": run.losses,
        },
    )


schedule_demo = Demo(
    schedule,
    (
        Choice("shape", "Shape", options=SHAPES),
        LogFloat("start", "Learning rate at the start α_s", low=0.01, high=2, initial=0.5, step=10**0.1),
        LogFloat("end", "Learning rate at the end α_e", low=0.001, high=2, initial=0.005, step=10**0.1),
    ),
    title="From α_s to α_e.",
    look_for="Raise the start until the constant rate fails: does a falling rate still learn?",
    presets={
        "Exponential": {"shape": "exponential"},
        "Too small": {"start": 0.02, "end": 0.02},
        "Bold, constant": {"shape": "constant", "start": 1.5},
        "Bold, linear": {"start": 1.5},
        "Bold, exponential": {"shape": "exponential", "start": 1.5},
    },
)

schedule_question = Question(
    "A linear schedule α = α_s − (α_s − α_e)·t/N, with α_e nearly 0, was planned for N = 200 steps. "
    "You let it run for 400. What does the second half do if nobody stops the formula?",
    [
        "Nothing: α stays at α_e.",
        "It learns on, more and more slowly.",
        "It undoes the training: α is negative.",
    ],
    "C",
    [
        "of what good implementations do. They clip t at N. The formula itself goes on falling.",
        "of the exponential schedule, which never reaches zero.",
        "Beyond N the line crosses zero, and a step against the gradient becomes a step along it: uphill.",
    ],
)
