"""“Before or after?”: under the logits, under p, or as an exponent of p."""

from __future__ import annotations

import numpy as np

from course_utils.numerics.softmax import softmax
from course_utils.teaching import Demo, LogFloat, Picture, Question, Table, Vector, look
from course_utils.teaching.drawing import bars, marks
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
)


def before_or_after(z: tuple[float, ...], temperature: float) -> Picture:
    """Show three places for a temperature: under the logits, under p, and as an exponent of p."""
    logits, names = np.array(z), [str(i) for i in range(len(z))]
    p = softmax(logits)
    before, divided = softmax(logits, temperature=temperature), p / temperature
    power = p ** (1 / temperature)
    power = power / power.sum()

    figure, panels = look.panels(3, left=60, gap=62)
    shown = {"softmax(z/T)": before, "p/T": divided, "p^(1/T), renormalized": power}
    titles = ("softmax(z/T)", "p/T", "$p^{1/T}$, renormalized")
    for axes, (name, heights), title in zip(panels, shown.items(), titles, strict=True):
        bars(axes, heights, name, look.PROBABILITIES, title, names)
        axes.set(xlabel="class", ylim=(0, 1.3))
        axes.set_yticks(np.linspace(0, 1, 5))
    tallest = float(divided.max())
    if tallest > 1:
        panels[1].set_ylim(0, 1.3 * tallest)
        panels[1].set_yticks(np.arange(np.ceil(tallest) + 1))
    for axes in panels[1:]:
        marks(axes, before, "softmax(z/T)", "softmax(z/T)")

    if temperature == 1:
        verdict = "At T = 1 all three are the same: dividing by 1 changes nothing."
    else:
        verdict = (
            f"Dividing p by T gives numbers that add up to {format_number(divided.sum())}, and making their sum 1 "
            "again would only bring p back. Raising p to the power 1/T and making the sum 1 gives softmax(z/T)."
        )
    return Picture(
        figure,
        f"At T = {format_number(temperature)}, softmax(z/T) = {format_list(before)}. {verdict}",
        Table(
            "Three places for a temperature",
            {
                "": [f"class {i}" for i in range(len(z))],
                "class": np.arange(len(z)),
                "z": logits,
                "p": p,
                **shown,
            },
            {"T": temperature, "sum of p/T": divided.sum(), "sum of the others": 1},
        ),
    )


place_demo = Demo(
    before_or_after,
    (
        Vector("z", "Logits z", entries=("z0", "z1", "z2"), low=-5, high=5, initial=(2, 1, -0.5), step=0.1),
        LogFloat("temperature", "Temperature T", low=0.25, high=4, initial=2, step=2 ** (1 / 8)),
    ),
    title="Before or after?",
    look_for="Compare the bars of the second and third panel with the diamonds, which repeat the first.",
    presets={
        "T = 1": {"temperature": 1},
        "Cold": {"temperature": 0.25},
        "Hot": {"temperature": 4},
        "All equal": {"z": (0, 0, 0)},
    },
)
