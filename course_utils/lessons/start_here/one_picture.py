"""What opens the page: the course in one picture."""

from __future__ import annotations

import numpy as np

from course_utils.numerics.softmax import softmax
from course_utils.teaching import Demo, LogFloat, Vector
from course_utils.teaching.pictures import Axis, Bars, Drag, Panel, Picture, classes
from course_utils.teaching.text import format_list, format_number

ANIMALS = ("cat", "dog", "fox", "bear")


def scores_and_shares(z: tuple[float, ...], temperature: float) -> Picture:
    """Show four scores, and the shares that softmax makes of them at a temperature."""
    p = softmax(z, temperature=temperature)
    best = [ANIMALS[i] for i in np.flatnonzero(p == p.max())]
    by_animal = classes(ANIMALS)
    return Picture(
        [
            Panel(
                "scores",
                [Bars("score", z, color="logits", values=True, drags={"y": Drag("z", "each")})],
                x=by_animal,
                y=Axis(low=-6.8, high=6.8, ticks=(-5, 0, 5)),
            ),
            Panel(
                "shares",
                [Bars("share", p, color="probabilities", values=True)],
                x=by_animal,
                y=Axis(low=0, high=1.12, ticks=(0, 0.5, 1)),
            ),
        ],
        f"The largest share, {format_number(p.max())}, goes to {format_list(best)}. "
        f"At temperature {format_number(temperature)} the shares are {format_list(p)}.",
        facts={"temperature": temperature, "sum of the shares": p.sum()},
        height=230,
    )


one_picture_demo = Demo(
    scores_and_shares,
    (
        Vector("z", "Scores", entries=ANIMALS, low=-5, high=5, initial=(3.3, 3.4, 0.1, -2), step=0.1),
        LogFloat("temperature", "Temperature", low=0.1, high=10, initial=1, step=10**0.05, plays=True),
    ),
    title="This course in one picture.",
    look_for="Drag a bar. Then turn the temperature.",
    presets={
        "Cold": {"temperature": 0.1},
        "Hot": {"temperature": 10},
        "All equal": {"z": (1, 1, 1, 1)},
        "One far ahead": {"z": (-2, 5, -2, -2)},
    },
)
