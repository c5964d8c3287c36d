"""What opens the page: a digit, the ten logits that a network gives it, and their probabilities."""

from __future__ import annotations

import numpy as np

from course_utils.data import load_hard_digit
from course_utils.lessons.class_bars import logit_panel, logit_sliders, probability_panel
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Demo
from course_utils.teaching.pictures import Axis, Image, Panel, Picture, classes
from course_utils.teaching.text import format_list, format_number

DIGIT = load_hard_digit()
LOGITS = np.round(DIGIT.logits, 2)  # rounded to tenths, those of the 2 and the 8 would be equal
NAMES = [str(digit) for digit in range(10)]


def hard_digit(z: tuple[float, ...]) -> Picture:
    """Show a digit, its ten logits and their probabilities."""
    logits, p = np.array(z), softmax(z)
    winners = np.flatnonzero(p == p.max())
    by_digit = classes(NAMES, "digit")
    return Picture(
        [
            Panel(
                f"meant: {DIGIT.label}",
                [Image("ink", DIGIT.image[::-1], x=(0, 8), y=(0, 8), colormap="gray", low=0, high=16)],
                x=Axis(low=0, high=8),
                y=Axis(low=0, high=8),
                equal=True,
                frame="none",
                weight=0.8,
            ),
            logit_panel(
                logits, by_digit, Axis(low=-16, high=16, ticks=(-15, 0, 15)), values=False, weight=1.6
            ),
            probability_panel(p, by_digit, values=False, weight=1.6),
        ],
        f"The largest probability, {format_number(p.max())}, goes to {format_list([str(k) for k in winners])}. "
        f"The digit that was meant, {DIGIT.label}, gets {format_number(p[DIGIT.label])}.",
        facts={"sum of p": p.sum()},
        height=230,
    )


hard_digit_demo = Demo(
    hard_digit,
    (logit_sliders(15, tuple(LOGITS.tolist()), step=0.01),),
    title="One digit, ten scores.",
    look_for="Drag one logit: what do the other nine probabilities do?",
    presets={
        "Sure of the 2": {"z": tuple(np.where(np.arange(10) == DIGIT.label, 12, LOGITS).tolist())},
        "No 1 any more": {"z": tuple(np.where(np.arange(10) == 1, -15, LOGITS).tolist())},
        "No idea": {"z": (0,) * 10},
    },
)
