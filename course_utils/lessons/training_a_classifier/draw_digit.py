"""Section "Draw your own digit": a pad, what the network gets of it, what it says, and what its gradient wants."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from course_utils.lessons.arrays import Array, Whole
from course_utils.lessons.training_a_classifier.runs import BATCH, digits, untrained
from course_utils.numerics import training
from course_utils.numerics.losses import cross_entropy
from course_utils.numerics.mlp import MLP
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Bitmap, Choice, Demo
from course_utils.teaching.pictures import Axis, Bars, Image, Line, Paint, Panel, Picture, Table, classes
from course_utils.teaching.text import format_number, with_article

SIDE, BLOCK = 32, 4  # pixels of the pad and of a block
BLOCKS = SIDE // BLOCK
PEN = 4.5  # pixels
WIDE = 20  # pixels: what a digit of the data fills of the 32, from top to bottom
BENT = 1.5  # at most: how much more one side of a drawing is stretched than the other
INK = (260, 370)  # black pixels, of 1,024: what nine of ten digits of the data have
STEPS = 800

Stroke = Sequence[tuple[float, float]]


def drawn(*strokes: Stroke) -> str:
    """Return what a pen leaves on the pad: corners of strokes are places [across, down] in pixels."""
    across, down = np.meshgrid(np.arange(SIDE) + 0.5, np.arange(SIDE) + 0.5)
    pixels = np.stack([across, down], axis=-1)
    ink = np.zeros((SIDE, SIDE), dtype=bool)
    for stroke in strokes:
        corners = np.array(stroke, dtype=float)
        for start, along in zip(corners, np.diff(corners, axis=0), strict=False):
            share = np.clip((pixels - start) @ along / (along @ along), 0, 1)[..., None]
            ink |= np.linalg.norm(pixels - start - share * along, axis=-1) <= PEN / 2
    return "".join(map(str, ink.astype(int).ravel()))


def prepared(bits: Whole) -> Whole:
    """Return a drawing as the data have theirs: 20 wide and 32 high, in the middle, with strokes of one weight.

    What is far from that shape, such as a one or a minus sign, fills one of the two sides and keeps about its own.

    Parameters
    ----------
    bits : ndarray of 0 and 1, shape (32, 32)

    Returns
    -------
    ndarray of the same shape
        All zero where nothing is drawn.

    Examples
    --------
    >>> dot = np.zeros((32, 32), dtype=int)
    >>> dot[3:5, 3:5] = 1
    >>> block_counts(prepared(dot))[0].tolist()
    [0, 0, 6, 12, 12, 6, 0, 0]
    """
    return _of_one_weight(scaled(bits))


def scaled(bits: Whole) -> Whole:
    """Stretch a drawing to the size of the data, neither side by more than `BENT` times as much as the other.

    Examples
    --------
    >>> minus = np.zeros((32, 32), dtype=int)
    >>> minus[3:7, 2:26] = 1
    >>> [int(np.ptp(places)) + 1 for places in np.nonzero(scaled(minus))]
    [5, 20]
    """
    rows, columns = (np.flatnonzero(bits.any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return bits
    cropped = bits[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    high, wide = cropped.shape
    # A one is not blown up to the width of a zero, nor a minus sign to its height.
    width = max(round(min(WIDE, BENT * SIDE * wide / high)), 1)
    height = max(round(min(SIDE, BENT * WIDE * high / wide)), 1)
    centered = np.zeros_like(bits)
    left, top = (SIDE - width) // 2, (SIDE - height) // 2
    centered[top : top + height, left : left + width] = cropped[
        np.ix_(_middles(height, high), _middles(width, wide))
    ]
    return centered


def _middles(count: int, size: int) -> Whole:
    """Return which of `size` pixels lie at the middles of `count` equal parts: first and last ones count alike."""
    return (2 * np.arange(count) + 1) * size // (2 * count)


def _of_one_weight(bits: Whole) -> Whole:
    """Thicken or thin strokes, pixel by pixel, while that brings them nearer to those of the data."""
    target = sum(INK) / 2
    while True:
        padded = np.pad(bits, 1)
        beside = [padded[1:-1, :-2], padded[1:-1, 2:], padded[:-2, 1:-1], padded[2:, 1:-1]]
        thicker = bits.sum() < INK[0]
        changed: Whole = np.max([bits, *beside], axis=0) if thicker else np.min([bits, *beside[:2]], axis=0)
        if INK[0] <= bits.sum() <= INK[1] or abs(changed.sum() - target) >= abs(bits.sum() - target):
            return bits
        bits = changed


def block_counts(bits: Whole) -> Whole:
    """Return how many of the 16 pixels of each block are black, shape (8, 8): an image of the data."""
    counts: Whole = bits.reshape(BLOCKS, BLOCK, BLOCKS, BLOCK).sum(axis=(1, 3))
    return counts


@functools.cache
def reader() -> MLP:
    """Train the network of this notebook, with momentum and a falling rate."""
    data = digits()
    *_, last = training.train(
        untrained(),
        data.X,
        data.y,
        steps=STEPS,
        learning_rate=lambda t: float(training.linear_decay(t, start=0.2, end=0, steps=STEPS)),
        momentum=0.9,
        batch_size=BATCH,
        snapshot_every=STEPS,
    )
    return last.mlp


class Reading(NamedTuple):
    """What the network makes of an image, and which change of its pixels would raise p of the digit meant."""

    logits: Array
    p: Array
    loss: float
    wish: Array  # −∂L/∂x, shape (8, 8)


def read(image: Whole, meant: int) -> Reading:
    """Ask the trained network about an image of 8 × 8 counts, and its gradient about the digit that was meant."""
    net, x = reader(), image.reshape(1, 64) / 16
    *hidden, logits = net.pre_activations(x)
    p = softmax(logits[0])
    upstream = (p - np.eye(10)[meant])[None]
    for z, weights in zip(reversed(hidden), reversed(net.weights[1:]), strict=True):
        upstream = (upstream @ weights) * (z > 0)
    wish = -(upstream @ net.weights[0]).reshape(8, 8)
    return Reading(logits[0], p, float(cross_entropy(logits[0], meant)), wish)


def draw_digit(ink: str, meant: str) -> Picture:
    """Show a drawing, the 64 numbers that the network gets, what it says, and what its gradient wants."""
    bits = np.array(list(ink), dtype=int).reshape(SIDE, SIDE)
    ready = prepared(bits)
    image = block_counts(ready)
    logits, p, loss, wish = read(image, int(meant))
    said = int(p.argmax())
    sure = "more than 0.999" if p[said] > 0.999 else format_number(p[said])
    first = (
        f"The network reads {with_article(str(said))}, with probability {sure}."
        if "1" in ink
        else f"Nothing is drawn, and the network still reads {with_article(str(said))}, with probability {sure}: there is no class “none”."
    )
    lighter = " and blue ones lighter" if image[wish < 0].any() else ""  # what is white cannot be
    change = (
        f"to lower it, make orange pixels darker{lighter}"
        if wish.any()
        else "no pixel has any influence on it"
    )
    return Picture(
        [
            [_pad(bits), _seen(ready, image, wish, meant)],
            [_bars("logits *z*", "z", logits, -30, 30), _bars("probabilities *p*", "p", p, 0, 1)],
        ],
        f"{first} If {with_article(meant)} was meant, the loss is {format_number(loss)}: {change}.",
        table=Table(
            "What the network says",
            {"digit": list(range(10)), "logit z": logits, "probability p": p},
            {
                "digit read": said,
                "digit meant": int(meant),
                "loss": loss,
                "black pixels drawn": ink.count("1"),
                "very sure is more than": 0.999,
            },
            digits=3,
        ),
        height=(235, 160),
    )


BESIDE = BLOCKS + 1  # from where one image begins to where the next one does


def _pad(bits: Whole) -> Panel:
    return _framed("draw here", [_image("drawing", bits, 0, 1, drags=Paint("ink", PEN))], weight=1.4)


def _seen(ready: Whole, image: Whole, wish: Array, meant: str) -> Panel:
    """Show the drawing as the data have theirs, its counts, and in which direction each of them lowers the loss."""
    strongest = max(float(np.abs(wish).max()), 1e-300)
    wished = _image("−∂L/∂x", wish, -strongest, strongest, left=2 * BESIDE, colormap="diverging")
    return _framed(
        f"scaled, counted, and the way to {with_article(meant)}",
        [_image("scaled", ready, 0, 1), _image("count", image, 0, BLOCK**2, left=BESIDE), wished],
        weight=3.25,
    )


def _image(
    name: str, values: Array | Whole, low: float, high: float, *, left: int = 0, **options: Any
) -> Image:
    kept: dict[str, Any] = {"colormap": "gray", "low": low, "high": high, **options}
    return Image(name, values[::-1], x=(left, left + BLOCKS), y=(0, BLOCKS), **kept)


def _framed(title: str, images: list[Image], weight: float) -> Panel:
    around = [
        Line(
            "",
            [0, BLOCKS, BLOCKS, 0, 0],
            np.repeat(image.x, [1, 2])[[0, 0, 1, 1, 0]],
            color="axis",
            width=1.5,
        )
        for image in images
    ]
    wide = images[-1].x[1]
    return Panel(
        title,
        [*images, *around],
        x=Axis("", 0, wide),
        y=Axis("", 0, BLOCKS),
        equal=True,
        frame="none",
        weight=weight,
    )


def _bars(title: str, name: str, values: Array, low: float, high: float) -> Panel:
    color = {"z": "logits", "p": "probabilities"}[name]
    return Panel(
        title,
        [Bars(name, values, color=color)],
        x=classes([str(digit) for digit in range(10)]),
        y=Axis("", low, high, ticks=(low, 0, high) if low else (0, 0.5, 1), zero=True),
    )


SEVEN = drawn([(8, 6), (24, 6), (14, 27)], [(11, 17), (21, 17)])

draw_demo = Demo(
    draw_digit,
    (
        Bitmap("ink", "Your drawing", rows=SIDE, columns=SIDE, initial=SEVEN),
        Choice("meant", "The digit you mean", options=tuple("0123456789"), initial="7"),
    ),
    title="Draw a digit.",
    look_for="Draw by mouse, finger, or arrow keys and space. What fools the network?",
    presets={
        "A three": {
            "ink": drawn(
                [(9, 7), (14, 5), (21, 6), (22, 11), (15, 15), (22, 19), (21, 25), (14, 27), (9, 25)]
            ),
            "meant": "3",
        },
        "Small, in a corner": {"ink": drawn([(23, 3), (29, 3), (25, 12)])},
        "An X": {"ink": drawn([(7, 6), (25, 27)], [(25, 6), (7, 27)])},
        "Nothing": {"ink": "0" * SIDE**2},
    },
)
