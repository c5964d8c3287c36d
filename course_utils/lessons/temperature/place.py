"""Section "Before or after?": under the logits, under p, or as an exponent of p."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.class_bars import by_number, logit_panel, logit_sliders
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Demo, LogFloat, Question
from course_utils.teaching.pictures import Axis, Bars, Panel, Picture, Rule, Text, classes
from course_utils.teaching.text import format_list, format_number

place_question = Question(
    "Somebody has only the probabilities p = softmax(z) and no logits. Which recipe gives softmax(z/T)?",
    [
        "Divide p by T, then divide by the sum.",
        "Raise p to the power 1/T, then divide by the sum.",
        "Apply softmax to p/T.",
        "None: without the logits it is impossible.",
    ],
    "B",
    [
        "that T can be applied to p as it is to z. Dividing p by T and then by the sum only brings p back.",
        "Because log p is z plus a constant, p^(1/T) = e^(log(p)/T) is e^(z/T) times a constant, which the sum removes.",
        "of p as another set of logits. But two probabilities lie at most half as far apart as their logits: the result is "
        "too flat at every T. This is a bug that real programs have.",
        "that softmax forgets the logits. It forgets only the constant that softmax does not see anyway.",
    ],
    expected=[35, 25, 20, 20],
)


RECIPES = (
    "softmax(*z*/*T*), wanted",
    "*p*/*T*",
    "*p*/*T*, sum made 1",
    "softmax(*p*/*T*)",
    "*p*^{1/*T*}, sum made 1",
)
HATCHES = ("", "//", "..")


def before_or_after(z: tuple[float, ...], temperature: float) -> Picture:
    """Show places for a temperature: under the logits, under p (and then?), and as an exponent of p."""
    logits, p = np.array(z), softmax(z)
    wanted, power = softmax(logits, temperature=temperature), p ** (1 / temperature)
    shares = np.array([wanted, p / temperature, p, softmax(p / temperature), power / power.sum()])
    sums = shares.sum(axis=1)
    return Picture(
        [
            logit_panel(logits, by_number(len(z)), Axis(low=-6.3, high=6.3, ticks=(-5, 0, 5))),
            _recipes(shares, sums),
        ],
        f"At T = {format_number(temperature)}, softmax(z/T) = {format_list(wanted)}. "
        f"{_verdict(temperature, bool(np.ptp(logits) == 0), sums[1])}",
        facts={"sum of p/T": sums[1]},
        height=300,
    )


def _verdict(temperature: float, equal: bool, total: float) -> str:
    """Say which recipes are right; `total` is the sum of p/T."""
    if equal and temperature == 1:
        return "With equal logits and T = 1 all recipes agree."
    if equal:
        return f"With equal logits all recipes agree, except that p/T adds up to {format_number(total)}."
    if temperature == 1:
        return (
            "At T = 1 there is nothing to do: only softmax(p/T) goes wrong, because it takes softmax twice."
        )
    return (
        f"Dividing p by T gives numbers that add up to {format_number(total)}, and making their sum 1 "
        "again only brings p back. Raising p to the power 1/T and making the sum 1 gives softmax(z/T)."
    )


def _recipes(shares: Array, sums: Array) -> Panel:
    edges = np.cumsum(shares, axis=1)
    return Panel(
        "five recipes and their shares",
        [
            *(
                Bars(
                    f"class {i}",
                    shares[:, i],
                    base=edges[:, i] - shares[:, i],
                    color=f"class{i}",
                    hatch=HATCHES[i],
                    horizontal=True,
                    label=f"for *z*_{i}",
                )
                for i in range(3)
            ),
            *(Rule("", edge, color="ink") for edge in edges[0, :2]),
            *(
                Text(f"sum {format_number(total)}", 2.5, row, anchor="end", dy=4)
                for row, total in enumerate(sums)
            ),
        ],
        x=Axis("share", 0, 2.5, ticks=(0, 0.5, 1, 1.5, 2)),
        y=classes(RECIPES),
        weight=3,
    )


place_demo = Demo(
    before_or_after,
    (
        logit_sliders(5, (2, 1, -0.5)),
        LogFloat("temperature", "Temperature T", low=0.5, high=4, initial=2, step=2 ** (1 / 8), plays=True),
    ),
    title="Before or after?",
    look_for="Move T: which row of shares keeps to the dashed lines of the first?",
    presets={
        "T = 1": {"temperature": 1},
        "Cold": {"temperature": 0.5},
        "Hot": {"temperature": 4},
        "All equal": {"z": (0, 0, 0)},
    },
)
