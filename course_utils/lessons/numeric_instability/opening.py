"""What opens the page: a digit whose logits grow until its probabilities are gone."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.data import load_hard_digit
from course_utils.lessons.arrays import Array, Whole, in_words
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Demo, Float
from course_utils.teaching.pictures import Axis, Bars, Image, Panel, Picture, Points, Table, classes
from course_utils.teaching.text import format_list, format_number

DIGITS = [str(digit) for digit in range(10)]
RIGHT = "The diamonds show what is right."


def louder(k: float) -> Picture:
    """Show what softmax as written makes of a digit's logits times k, in float16."""
    image, logits, _ = load_hard_digit()
    z = (k * logits).astype(np.float16)
    with np.errstate(all="ignore"):
        e = np.exp(z)
        p = e / e.sum()
    true = softmax(z.astype(np.float64))
    return Picture(
        [_image(image), _probabilities(p, true)],
        _said(k, p, true),
        table=Table(
            f"Probabilities in float16, for the logits times {format_number(k)}",
            {
                "digit": DIGITS,
                "logit": z.astype(float),
                "p": [in_words(value) for value in p],
                "right p": true,
            },
            {"most probable digit": int(true.argmax()), "k": k, "what all p should add up to": 1},
            digits=4,
        ),
        height=270,
    )


def _image(image: Whole) -> Panel:
    return Panel(
        "what it reads",
        [Image("", image[::-1], x=(0, 8), y=(0, 8), colormap="gray", low=0, high=16)],
        x=Axis(low=0, high=8, ticks=()),
        y=Axis(low=0, high=8, ticks=()),
        equal=True,
        frame="none",
    )


def _probabilities(p: Array, true: Array) -> Panel:
    heights = np.nan_to_num(p.astype(float))
    return Panel(
        "probabilities of the ten digits, in float16",
        [
            Bars("height of p", heights, color="probabilities", values=_values(p)),
            Points("right p", true, color="target", shape="diamond", size=10, label="right *p*"),
        ],
        x=classes(DIGITS),
        y=Axis(low=0, high=1.12, ticks=(0, 0.5, 1)),
        weight=2,
    )


def _values(p: Array) -> list[str]:
    return ["nan" if np.isnan(v) else format_number(float(v), 2) if v >= 0.01 else "" for v in p]


def _said(k: float, p: Any, true: Array) -> str:
    first = f"Logits times {format_number(k)}: "
    if np.isnan(p).any():
        lost = [str(digit) for digit in np.flatnonzero(np.isnan(p))]
        several = "s" * (len(lost) > 1)
        return (
            f"{first}p of digit{several} {format_list(lost)} is not a number, and every other p is 0. {RIGHT}"
        )
    if not p.any():
        return f"{first}every p is 0. {RIGHT}"
    if np.isclose(true.min(), true.max()):
        return f"{first}all digits are equally probable, p = {format_number(true[0])}."
    top = int(true.argmax())
    return f"{first}digit {top} is the most probable, with p = {format_number(float(p[top]), 2)}."


louder_demo = Demo(
    louder,
    (Float("k", "Logits times k", low=0, high=6, initial=1, step=0.05, plays=True),),
    title="Louder, louder, gone.",
    look_for="Play, or drag k to the right. What becomes of the bars?",
    presets={
        "Twice as loud": {"k": 2},
        "Just before": {"k": 2.95},
        "Three times": {"k": 3},
        "A little more": {"k": 3.1},
    },
)
