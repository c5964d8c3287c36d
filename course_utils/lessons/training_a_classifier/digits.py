"""Section "Ten digits and one loss"."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from course_utils.teaching import Question
from course_utils.teaching.pictures import Axis, Image, Panel, Picture, Table, Text

ACROSS = 10  # digits in a row
WIDE, TALL = 9.5, 12  # pixels of the digit, and room around it


def show_digits(images: npt.ArrayLike, titles: list[str], said: str) -> Picture:
    """Show digits in rows of ten, each under its title.

    Parameters
    ----------
    images : array_like, shape (n, 8, 8) or (n, 64)
    titles : list of str
        One or two words for each image.
    said : str
        One sentence: which images these are.
    """
    pixels = np.asarray(images, dtype=float).reshape(-1, 8, 8)
    rows = -(-len(pixels) // ACROSS)
    marks: list[Any] = []
    for i, (image, title) in enumerate(zip(pixels, titles, strict=True)):
        left, low = WIDE * (i % ACROSS), TALL * (rows - 1 - i // ACROSS)
        x, y = (left, left + 8), (low, low + 8)
        marks += [
            Image(
                f"image {i}", image[::-1], x=x, y=y, colormap="gray", low=0, high=float(pixels.max()) or 1.0
            ),
            Text(title, left + 4, low + 9, anchor="middle"),
        ]
    return Picture(
        [
            Panel(
                "",
                marks,
                x=Axis("", -0.75, WIDE * ACROSS - 0.75),
                y=Axis("", -0.5, TALL * rows - 0.5),
                equal=True,
                frame="none",
            )
        ],
        said,
        table=Table("The images", {"image": np.arange(len(pixels)), "title": titles}),
        height=90 * rows,
    )


start_question = Question(
    "Before training, a network with small random weights gets a digit to look at. Its ten logits are nearly 0. "
    "What is its loss, about?",
    ["0", "0.1", "log 10, about 2.3", "10"],
    "C",
    [
        "that an untrained network makes no mistakes because it makes no claims. It does claim something: one tenth for each digit.",
        "of the probability of the right digit, which is about one tenth. The loss is minus its *logarithm*.",
        "Equal logits give each digit the probability one tenth, and −log(1/10) = log 10. "
        "A first loss far from this number says that the weights or the code are wrong.",
        "of the number of classes. The loss is the logarithm of that number.",
    ],
    expected=[15, 10, 60, 15],
)
