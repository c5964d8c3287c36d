"""Small data that ships with the course: handwritten digits, scores for them, and a language model.

Where they come from and who may use them how stands in ``README.md`` beside this file;
``make_digits.py`` and ``make_characters.py`` are the scripts that made the files.
"""

from __future__ import annotations

from itertools import count, takewhile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from course_utils.data.characters import NextCharacter
from course_utils.numerics.mlp import MLP

__all__ = [
    "DigitScores",
    "Digits",
    "HardDigit",
    "NextCharacter",
    "load_digit_logits",
    "load_digits",
    "load_hard_digit",
    "load_next_character",
]

FOLDER = Path(__file__).parent
HARD = 5  # of the 1,097 test images: a 2 for everyone but the network, which hesitates between 1, 8 and 2


class Digits(NamedTuple):
    """Handwritten digits: `images` of shape (n, 8, 8), each pixel from 0 (white) to 16, and `labels` (n,)."""

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.intp]


class DigitScores(NamedTuple):
    """What a classifier said about images it was not trained on: `logits` (n, 10), with labels and images."""

    logits: npt.NDArray[np.float64]
    labels: npt.NDArray[np.intp]
    images: npt.NDArray[np.uint8]


class HardDigit(NamedTuple):
    """One image (8, 8) that a classifier finds hard, its ten `logits`, and the digit that was meant."""

    image: npt.NDArray[np.uint8]
    logits: npt.NDArray[np.float64]
    label: int


def load_digits() -> Digits:
    """Return the 1,797 handwritten digits, about 180 of each.

    Returns
    -------
    Digits
        A named tuple ``(images, labels)``.

    References
    ----------
    E. Alpaydin and C. Kaynak (1998), "Optical Recognition of Handwritten Digits", UCI Machine Learning
    Repository, https://doi.org/10.24432/C50P49.

    Examples
    --------
    >>> images, labels = load_digits()
    >>> images.shape, images.max(), labels[:5]
    ((1797, 8, 8), np.uint8(16), array([0, 1, 2, 3, 4]))
    """
    stored = _read("digits.npz")
    return Digits(stored["images"], stored["labels"].astype(np.intp))


def load_digit_logits() -> tuple[DigitScores, DigitScores]:
    """Return a network's logits for the 1,697 digits it was not trained on, in two parts.

    The network was trained for very long on the other 100 digits; it is right more rarely than it believes.

    Returns
    -------
    fit, test : DigitScores
        600 examples to fit something on, such as a temperature, and 1,097 others to test it on.

    Examples
    --------
    >>> fit, test = load_digit_logits()
    >>> fit.logits.shape, test.logits.shape
    ((600, 10), (1097, 10))
    >>> float(np.mean(test.logits.argmax(axis=-1) == test.labels).round(3))
    0.9
    """
    stored, (images, labels) = _read("digit_logits.npz"), load_digits()

    def part(name: str) -> DigitScores:
        rows = stored[f"{name}_rows"]  # in the arrays of load_digits
        return DigitScores(stored[f"{name}_logits"].astype(np.float64), labels[rows], images[rows])

    return part("fit"), part("test")


def load_hard_digit() -> HardDigit:
    """Return the digit that runs through the course: a 2, easy to read, that the network takes for a 1.

    It is one of the test images of `load_digit_logits`, with the logits of the same network.

    Returns
    -------
    HardDigit
        A named tuple ``(image, logits, label)``.

    Examples
    --------
    >>> image, logits, label = load_hard_digit()
    >>> logits[[1, 8, 2]].round(3), label
    (array([3.625, 3.087, 3.075]), 2)
    >>> p = np.exp(logits) / np.exp(logits).sum()
    >>> p.argsort()[:-4:-1], p.max().round(2)
    (array([1, 8, 2]), np.float64(0.43))
    """
    _, (logits, labels, images) = load_digit_logits()
    return HardDigit(images[HARD], logits[HARD], int(labels[HARD]))


def load_next_character() -> NextCharacter:
    """Return a small language model: which character comes next, after ten others, in the books about Alice?

    Returns
    -------
    NextCharacter
        With `logits(text)` and `generate(prompt, n, temperature=…, top_k=…, top_p=…, seed=…)`.

    Examples
    --------
    >>> model = load_next_character()
    >>> model.alphabet[model.logits("the white rabbi").argmax()]
    't'
    """
    stored = _read("next_character.npz")
    layers = [str(i) for i in takewhile(lambda i: f"weights_{i}" in stored, count())]
    mlp = MLP([stored[f"weights_{i}"] for i in layers], [stored[f"biases_{i}"] for i in layers])
    return NextCharacter(str(stored["alphabet"]), mlp)


def _read(name: str) -> dict[str, npt.NDArray[Any]]:
    with np.load(FOLDER / name) as stored:
        return dict(stored)
