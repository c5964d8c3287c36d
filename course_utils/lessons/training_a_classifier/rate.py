"""Section "The learning rate, and its schedule"; its two exercises are in `rate_exercises`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.handles import handle
from course_utils.lessons.training_a_classifier.runs import CHANCE, Run, rough, short_run, untrained
from course_utils.numerics import training
from course_utils.teaching import Choice, Demo, LogFloat, Question
from course_utils.teaching.pictures import Axis, Drag, Line, Panel, Picture, Rule, Table, Text
from course_utils.teaching.text import format_number, percent

SCHEDULED = 100  # steps of a scheduled run: few enough to train while a slider moves
SEEN = 0.05  # difference of two learning rates that a picture shows
SEEN_OF_FORMULA = 0.2  # share of the bare formula's way beyond the end that is worth a word
LAST = 125  # step up to which the formulas are followed
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
    return short_run(untrained(), SCHEDULED, _scheduled_rate(shape, start, end))


def schedule(shape: str, start: float, end: float) -> Picture:
    """Show a learning rate by step, and what a real short run with it reaches."""
    run, steady = scheduled_run(shape, start, end), scheduled_run("constant", start, start)
    beyond_end = float(_formula(shape, np.array(float(LAST)), start, end))
    moves = shape != "constant" and start != end

    goes = (
        f"goes from {format_number(start)} to {format_number(end)}"
        if moves
        else f"stays at {format_number(start)}"
    )
    reads = f"the training loss is {rough(run.losses[-1])} and {percent(run.test_accuracy)} of the test digits are right"
    said = [f"α {goes}: after {SCHEDULED} steps {reads}."]
    if shape == "constant":
        said.append("A constant rate has no end: α_e does not count.")
    if moves:
        said.append(
            f"With α constant it would be {rough(steady.losses[-1])}, and {percent(steady.test_accuracy)}."
        )
        said.append(_later(shape, beyond_end))
    return Picture(
        [_rates(shape, start, end), _losses(shape, run, steady)],
        " ".join(said),
        table=Table(
            f"Learning rate and training loss, {shape}",
            {
                "step": run.steps,
                "α": _scheduled_rate(shape, start, end)(run.steps.astype(float)),
                "training loss": list(map(rough, run.losses)),
                "with α constant": [
                    *map(rough, steady.losses),
                    *["overflow"] * (len(run.steps) - len(steady.steps)),
                ],
            },
            {
                "steps": SCHEDULED,
                "test digits right": percent(run.test_accuracy),
                "test digits right with α constant": percent(steady.test_accuracy),
                f"formula at t = {LAST}": beyond_end,
            },
        ),
        height=270,
    )


def _later(shape: str, beyond_end: float) -> str:
    """Say what becomes of a rate that moves if its formula is not stopped."""
    if shape == "exponential":
        return "The formula would go on by the same factor per step, and never reach zero."
    return f"The straight line would go on past its end{', below zero: uphill' if beyond_end < 0 else ''}."


def _rates(shape: str, start: float, end: float) -> Panel:
    t = np.linspace(0, LAST, 101)
    beyond, rate = t[t >= SCHEDULED], _scheduled_rate(shape, start, end)
    bare, (low, high) = _formula(shape, beyond, start, end), (-0.6, 2.1)
    shown = (np.abs(bare - rate(beyond)) > SEEN) & (low <= bare) & (bare <= high)
    ends = [(0, start, "start")] + [(SCHEDULED, end, "end")] * (shape != "constant")
    return Panel(
        "learning rate *α*",
        [
            Rule("", SCHEDULED, dash="dotted"),
            Line("formula", bare, beyond, color="wrong", dash="dotted", width=3),
            Line("learning rate", rate(t), t, color="ink", width=3),
            *(
                handle(f"α at the {control}", value, step, {"y": Drag(control)})
                for step, value, control in ends
            ),
            Text("*N*", SCHEDULED, -0.55, dx=6, color="muted"),
            *(
                [Text("dotted: the bare formula", SCHEDULED, -0.55, dx=-6, color="wrong", anchor="end")]
                if shown.mean() > SEEN_OF_FORMULA
                else []
            ),
        ],
        x=Axis("step *t*", -4, LAST, ticks=(0, 50, SCHEDULED)),
        y=Axis(low=low, high=high, ticks=(0, 1, 2), zero=True),
    )


def _losses(shape: str, run: Run, steady: Run) -> Panel:
    marks: list[Any] = [Line("loss", run.losses, run.steps, color="loss", width=3)]
    marks.append(Text(f"{shape} rate", 0, 20, color="loss"))
    if shape != "constant":
        marks.insert(0, Line("loss, constant", steady.losses, steady.steps, color="muted", dash="dashed"))
        marks.append(Text("constant rate, dashed", LAST, 20, color="muted", anchor="end"))
    return Panel(
        "training loss",
        [
            Rule("", CHANCE, axis="y", dash="dotted"),
            Text("log 10", LAST, CHANCE, dy=-5, color="muted", anchor="end"),
            *marks,
        ],
        x=Axis("step *t*", -4, LAST, ticks=(0, 50, SCHEDULED)),
        y=Axis(low=0.05, high=30, scale="log", ticks={0.1: "0.1", 1: "1", 10: "10"}),
    )


schedule_demo = Demo(
    schedule,
    (
        Choice("shape", "Shape", options=SHAPES),
        LogFloat("start", "Start α_s", low=0.01, high=2, initial=1.5, step=10**0.1),
        LogFloat("end", "End α_e", low=0.001, high=2, initial=0.005, step=10**0.1),
    ),
    title="From α_s to α_e.",
    look_for="Drag the start: when does a constant rate fail where one that falls still learns?",
    presets={
        "Exponential": {"shape": "exponential"},
        "Constant": {"shape": "constant"},
        "A moderate start": {"start": 0.5},
        "Too small": {"start": 0.02, "end": 0.02},
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
    expected=[35, 20, 45],
)
