"""Section "Differences become ratios": scores shifted and scaled."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.class_bars import class_names, logit_panel, logit_sliders, probability_panel
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Demo, Float, Question
from course_utils.teaching.pictures import Axis, Bars, Panel, Picture, Points, classes, powers_of_ten
from course_utils.teaching.text import format_list, format_number

shift_or_double_question = Question(
    "Three scores, not all equal. Which change of *all* of them changes the probabilities: adding 100 to each, or doubling each?",
    ["Adding 100.", "Doubling.", "Both.", "Neither."],
    "B",
    [
        "of dividing by the sum: there, adding changes the result and doubling cancels. Softmax sees differences only, "
        "and adding 100 keeps all of them.",
        "Doubling doubles every difference, so every ratio of probabilities is squared. "
        "Adding 100 leaves all differences alone.",
        "that any change of the input changes the output. Adding the same number multiplies every "
        "exponential by the same factor, which cancels.",
        "that softmax ignores the unit of the scores as it ignores their zero. Doubling doubles the differences, "
        "so it squares the ratios.",
    ],
    expected=[30, 30, 30, 10],
)


def shift_and_scale(z: tuple[float, ...], factor: float, shift: float) -> Picture:
    """Show scores z, the exponentials of k·z + c, and their probabilities beside those of z alone."""
    scores = np.array(z)
    changed = factor * scores + shift
    exponentials, p, before = np.exp(changed), softmax(changed), softmax(scores)
    ratio, ratio_before = np.exp(changed[0] - changed), np.exp(scores[0] - scores)

    if factor != 1:
        effect = (
            f"Multiplying the scores by {format_number(factor)} raised every ratio of probabilities to the power "
            f"{format_number(factor)}: p0 : p1 went from {format_number(ratio_before[1])} to {format_number(ratio[1])}."
        )
    elif shift != 0:
        effect = (
            f"{'Adding' if shift > 0 else 'Subtracting'} {format_number(abs(shift))} multiplied every exponential "
            "by the same number, which cancels: no probability changed."
        )
    else:
        effect = (
            "These are the scores as given; each ratio of probabilities is e to the difference of two scores."
        )
    by_class = classes(class_names(len(scores)))
    return Picture(
        [
            logit_panel(scores, by_class, Axis(low=-6.5, high=6.5, ticks=(-5, 0, 5)), "scores *z*"),
            Panel(
                "e^{*k·z* + *c*}, by powers of ten",
                [Bars("e^(k·z + c)", exponentials, color="exponentials", values=True)],
                x=by_class,
                y=Axis(low=1e-56, high=1e62, scale="log", ticks=powers_of_ten(-50, -25, 0, 25, 50)),
            ),
            probability_panel(
                p,
                by_class,
                Points("p of z alone", before, color="ink", shape="diamond", label="*p* of *z* alone"),
            ),
        ],
        f"p = {format_list(p)}. {effect}",
        columns={"k·z + c": changed, "p0 : p": ratio, "p0 : p of z alone": ratio_before},
        facts={"sum of p": p.sum()},
        height=300,
    )


shift_and_scale_demo = Demo(
    shift_and_scale,
    (
        logit_sliders(5, (1, 0, -4), label="Scores z"),
        Float("factor", "Factor k", low=0.1, high=3, initial=1, step=0.1),
        Float("shift", "Shift c", low=-100, high=100, initial=0, step=1),
    ),
    title="Shift and scale.",
    look_for="Move both sliders: which of them parts the bars of p from the diamonds?",
    presets={
        "Add 100": {"shift": 100},
        "Subtract 100": {"shift": -100},
        "Double": {"factor": 2},
        "Shrink to a tenth": {"factor": 0.1},
    },
)
