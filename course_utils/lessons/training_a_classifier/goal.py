"""Section "What the training loss does not tell": accuracy, confidence and the life of the units."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import numpy as np

from course_utils.lessons.arrays import Array, Whole, or_empty
from course_utils.lessons.calibration import Calibration, calibration
from course_utils.lessons.training_a_classifier.runs import BATCH, TRAINING, digits, untrained
from course_utils.numerics import training
from course_utils.numerics.losses import cross_entropy
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Choice, Demo, Float, Question
from course_utils.teaching.pictures import (
    Axis,
    Band,
    Bars,
    Drag,
    Line,
    Panel,
    Picture,
    Points,
    Rule,
    Table,
    Text,
)
from course_utils.teaching.text import format_number, percent
from course_utils.words import counted

WATCHED = 400  # steps
EVERY = 10
FEW_IMAGES = 50
SETS = {f"{FEW_IMAGES} images": FEW_IMAGES, f"{TRAINING} images": TRAINING}
BINS = 5


@functools.cache
def watched(images: str) -> list[training.Snapshot]:
    """Train a 64-32-10 network on the first so many digits, and keep a snapshot of every tenth step."""
    data, count = digits(), SETS[images]
    return list(
        training.train(
            untrained(),
            data.X[:count],
            data.y[:count],
            steps=WATCHED,
            learning_rate=0.1,
            momentum=0.9,
            batch_size=BATCH,
            snapshot_every=EVERY,
        )
    )


class Measured(NamedTuple):
    """What the test images say about each snapshot of a run, one entry per snapshot."""

    steps: Whole
    training_loss: Array
    test_loss: Array
    test_accuracy: Array
    confidence: Array


@functools.cache
def measured(images: str) -> Measured:
    """Measure each snapshot of a watched run on the test images."""
    data, film = digits(), watched(images)
    logits = [snapshot.mlp.forward(data.X_test) for snapshot in film]
    return Measured(
        np.array([snapshot.step for snapshot in film]),
        np.array([snapshot.loss for snapshot in film]),
        np.array([cross_entropy(z, data.y_test) for z in logits]),
        np.array([training.accuracy(z, data.y_test) for z in logits]),
        np.array([softmax(z).max(axis=-1).mean() for z in logits]),
    )


@functools.lru_cache(maxsize=128)
def examined(images: str, place: int) -> tuple[Calibration, Array]:
    """Return the calibration of a snapshot on the test images, and how often each unit is active in training."""
    data, net = digits(), watched(images)[place].mlp
    bins = calibration(net.forward(data.X_test), data.y_test, 1.0, BINS)
    return bins, (net.pre_activations(data.X[: SETS[images]])[0] > 0).mean(axis=0)


def watch(images: str, step: float) -> Picture:
    """Show loss, accuracy, calibration and the life of the hidden units at one step of a run."""
    along = measured(images)
    place = round(step / EVERY)
    now, (bins, active) = int(along.steps[place]), examined(images, place)
    dead = int((active == 0).sum())
    best = int(along.steps[along.test_loss.argmin()])

    def two(values: Array) -> str:
        return format_number(values[place], 2)

    return Picture(
        [
            [_losses(along, now, best), _claims(along, now)],
            [_diagram(bins), _units(active)],
        ],
        f"Step {now}, trained on {images}: training loss {two(along.training_loss)}, test loss {two(along.test_loss)}; "
        f"{percent(along.test_accuracy[place])} of the test digits are right, and the network claims "
        f"{percent(along.confidence[place])}. "
        f"The test loss is lowest at step {best}, with {format_number(along.test_loss.min(), 2)}. "
        f"{counted(dead, 'hidden unit is', 'hidden units are') if dead else 'No hidden units are'} silent for all {images} it learns from.",
        table=Table(
            f"Confidence and accuracy on the test images at step {now}, in {BINS} bins",
            {
                "bin": list(map(_bin, range(BINS))),
                "images": bins.n,
                "confidence in the bin": or_empty(bins.confidence),
                "accuracy in the bin": or_empty(bins.accuracy),
            },
            {
                "training loss": two(along.training_loss),
                "test loss": two(along.test_loss),
                "lowest test loss": format_number(along.test_loss.min(), 2),
                "at step": best,
                "test accuracy": percent(along.test_accuracy[place]),
                "mean confidence": percent(along.confidence[place]),
                "silent units": dead,
                "hidden units": len(active),
            },
            digits=2,
        ),
        height=(235, 175),
    )


def _along(title: str, now: int, marks: list[Any], y: Axis) -> Panel:
    """Show something by step, with a line to drag through the training."""
    hand = Rule("step", now, width=3, dash="", drags={"x": Drag("step")})
    return Panel(title, [hand, *marks], x=Axis("step", -5, WATCHED + 5, ticks=(0, 100, 200, 300, 400)), y=y)


def _losses(along: Measured, now: int, best: int) -> Panel:
    lines = [
        Line("loss in training", along.training_loss, along.steps, color="muted", dash="dashed"),
        Line("loss in the test", along.test_loss, along.steps, color="loss", width=3),
        Points("", [along.test_loss.min()], [best], color="loss", shape="star", size=15),
        Text("test, lowest at the star", WATCHED, 1, dx=-8, dy=4, color="loss", anchor="end"),
        Text("training, dashed", WATCHED, 1, dx=-8, dy=21, color="muted", anchor="end"),
    ]
    highest, place = 1.05, along.steps.tolist().index(now)
    both = {"test": along.test_loss[place], "training": along.training_loss[place]}
    if max(both.values()) > highest:  # with room for them, the rise after the star would hardly be seen
        above = ", ".join(f"{name} {format_number(loss, 2)}" for name, loss in both.items() if loss > highest)
        lines.append(Text(f"now above: {above}", WATCHED, 1, dx=-8, dy=38, anchor="end"))
    return _along("loss", now, lines, Axis(low=0, high=highest, ticks=(0, 0.5, 1)))


def _claims(along: Measured, now: int) -> Panel:
    """Show what the network claims above what it does: the gap is what nobody should believe."""
    too_much = np.maximum(along.confidence, along.test_accuracy)
    lines = [
        Band("", along.test_accuracy, too_much, along.steps, color="probabilities", opacity=0.25),
        Line("claimed", along.confidence, along.steps, color="probabilities", width=3),
        Line("right", along.test_accuracy, along.steps, color="target", dash="dashed", width=3),
        Text("claimed: mean confidence", WATCHED, 0.3, dx=-8, color="probabilities", anchor="end"),
        Text("right: accuracy, dashed", WATCHED, 0.3, dx=-8, dy=17, color="target", anchor="end"),
    ]
    return _along("on the test digits", now, lines, Axis(low=0, high=1.05, ticks=(0, 0.5, 1)))


def _bin(place: int) -> str:
    return f"{place / BINS:g} to {(place + 1) / BINS:g}"


SMALLEST_DOT, GROWTH_OF_DOTS = 5, 14  # pixels: the largest dot would have all digits


def _diagram(bins: Calibration) -> Panel:
    """Show confidence against accuracy, each dot with an area that grows with the number of its digits."""
    sizes = SMALLEST_DOT + GROWTH_OF_DOTS * np.sqrt(bins.n / bins.n.sum())
    return Panel(
        "is it as right as it claims?",
        [
            Line("", [0, 1], [0, 1], color="muted", width=1),
            *(
                Points(
                    f"share right, confidence {_bin(place)}",
                    [right],
                    [claimed],
                    color="probabilities",
                    size=size,
                )
                for place, (right, claimed, size) in enumerate(
                    zip(bins.accuracy, bins.confidence, sizes.tolist(), strict=True)
                )
            ),
        ],
        x=Axis("confidence", 0, 1.05, ticks=(0, 0.5, 1)),
        y=Axis("accuracy", 0, 1.05, ticks=(0, 0.5, 1)),
    )


def _units(active: Array) -> Panel:
    """Show for which share of its training images each hidden unit is active; a cross where for none."""
    shares = np.sort(active)
    silent = np.where(shares == 0, 0.0, np.nan)
    units = np.arange(float(len(shares)))
    return Panel(
        "share of its images on which a unit is active",
        [
            Bars("share active", shares, units, color="exponentials", width=0.8),
            Points("", silent, units, color="wrong", shape="cross"),
        ],
        x=Axis("hidden units, sorted", -1, len(shares), ticks=()),
        y=Axis(low=0, high=1.05, ticks=(0, 0.5, 1)),
    )


watch_demo = Demo(
    watch,
    (
        Choice("images", "Trained on", options=tuple(SETS)),
        Float("step", "Step", low=0, high=WATCHED, initial=WATCHED, step=EVERY, plays=True),
    ),
    title="While it learns.",
    look_for="Drag the step: what do training loss and claims do after the test loss was lowest?",
    presets={
        "Untrained": {"step": 0},
        "50 images, step 50": {"step": 50},
        "All images, step 50": {"images": f"{TRAINING} images", "step": 50},
        "All images, at the end": {"images": f"{TRAINING} images"},
    },
)

goal_question = Question(
    "Two networks for the same task. The first has a training loss of 0.001 and a test loss of 0.63, the second 0.25 and 0.28. "
    "Which do you put to work?",
    [
        "The first: training minimizes the loss, and here it is lower by far.",
        "The second: images it has not seen will be its work.",
        "Neither: the two losses should be equal.",
    ],
    "B",
    [
        "that the training loss is the goal. It is the means: images that were trained on never come back, and the first network has learned them by heart.",
        "The test loss estimates what happens on new images, and there the second network is better.",
        "of a gap that has to vanish. Some gap is normal: the training images are those the network was fitted to.",
    ],
    expected=[15, 75, 10],
)
