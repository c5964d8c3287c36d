"""Section "What the training loss does not tell": accuracy, confidence and the life of the units."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import numpy as np

from course_utils.lessons.arrays import Array, Whole
from course_utils.lessons.calibration import calibration
from course_utils.lessons.training_a_classifier.runs import BATCH, TRAINING, digits, percent
from course_utils.numerics import training
from course_utils.numerics.losses import cross_entropy
from course_utils.numerics.mlp import MLP
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Choice, Demo, Float, Picture, Question, Table, look
from course_utils.teaching.drawing import titled
from course_utils.teaching.text import format_number

WATCHED = 400  # steps
EVERY = 10
FEW = 50
SETS = {f"{FEW} images": FEW, f"{TRAINING} images": TRAINING}
BINS = 5
SURE = 0.99


@functools.cache
def watched(images: str) -> list[training.Snapshot]:
    """Train a 64-32-10 network on the first so many digits, and keep a snapshot of every tenth step."""
    data, count = digits(), SETS[images]
    net = MLP.random((64, 32, 10), seed=0, scheme="he", bias=False)
    return list(
        training.train(
            net,
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


def watch(images: str, step: float) -> Picture:
    """Show loss, accuracy, calibration and the life of the hidden units at one step of a run."""
    data, along = digits(), measured(images)
    place = round(step / EVERY)
    net, now = watched(images)[place].mlp, int(along.steps[place])
    logits = net.forward(data.X_test)
    bins = calibration(logits, data.y_test, 1.0, BINS)
    filled = bins.n > 0
    active = np.sort((net.pre_activations(data.X)[0] > 0).mean(axis=0))
    dead = int((active == 0).sum())
    sure = float((softmax(logits).max(axis=-1) > SURE).mean())
    best = int(along.steps[along.test_loss.argmin()])

    figure, (top_left, top_right, low_left, low_right) = look.panels(2, 2, height=560, left=58, gap=62)
    for axes, lines in (
        (top_left, (("training loss", "--", look.REFERENCE), ("test loss", "-", look.BLUE))),
        (top_right, (("test accuracy", "-", look.TARGET), ("mean confidence", "--", look.PROBABILITIES))),
    ):
        for name, dash, color in lines:
            values = getattr(along, _FIELDS[name])
            axes.plot(along.steps, values, dash, color=color, label=name, gid=f"step | {name}")
            axes.plot(
                [now],
                [values[place]],
                "o" if dash == "-" else "D",
                color=color,
                markeredgecolor=look.OUTLINE,
                markersize=9,
                gid=f"step now | {name} now",
            )
        axes.set(xlim=(-8, WATCHED + 8), xlabel="step")
    top_left.set_ylim(-0.03, 1.05)
    top_left.legend(loc="upper right", borderpad=0.3)
    titled(top_left, "loss")
    top_right.set(ylim=(0, 1.05))
    top_right.legend(loc="lower right", borderpad=0.3)
    titled(top_right, "on the test images")
    low_left.plot([0, 1], [0, 1], color=look.REFERENCE, linewidth=1, gid="guide")
    low_left.plot(
        bins.confidence[filled],
        bins.accuracy[filled],
        "o",
        color=look.PROBABILITIES,
        markeredgecolor=look.OUTLINE,
        markersize=8,
        gid="confidence | accuracy",
    )
    low_left.set(xlim=(0, 1.04), ylim=(-0.04, 1.04), xlabel="confidence", ylabel="accuracy")
    titled(low_left, "is it as right as it says?")
    rank = np.arange(len(active))
    low_right.plot(rank, active, "o", color=look.SKY_BLUE, markeredgecolor=look.OUTLINE, gid="rank | active")
    low_right.axhline(0, color=look.REFERENCE, linestyle=":", linewidth=1, gid="guide")
    low_right.set(xlim=(-1, len(active)), ylim=(-0.05, 1.05), xlabel="hidden units, sorted")
    titled(low_right, "how often each unit is active")

    def two(value: float) -> str:
        return format_number(value, 2)

    losses = f"training loss {two(along.training_loss[place])}, test loss {two(along.test_loss[place])}"
    units = "unit is" if dead == 1 else "units are"
    asked = f"active on none of the {len(data.X)} training digits"
    return Picture(
        figure,
        f"Step {now}, trained on {images}: {losses}; {percent(along.test_accuracy[place])} of the test digits are "
        f"right, and the network claims {percent(along.confidence[place])}. "
        f"The test loss was lowest at step {best}, with {two(along.test_loss.min())}. "
        f"{dead or 'No'} hidden {units} dead ({asked}), and {percent(sure)} of the test images get a confidence above {SURE}.",
        Table(
            f"Confidence and accuracy on the test images at step {now}, in {BINS} bins",
            {
                "bin": [f"{i / BINS:g} to {(i + 1) / BINS:g}" for i in range(BINS)],
                "images": bins.n,
                "confidence in the bin": _or_empty(bins.confidence),
                "accuracy in the bin": _or_empty(bins.accuracy),
            },
            {
                "training loss": two(along.training_loss[place]),
                "test loss": two(along.test_loss[place]),
                "lowest test loss": two(along.test_loss.min()),
                "at step": best,
                "test accuracy": percent(along.test_accuracy[place]),
                "mean confidence": percent(along.confidence[place]),
                "sure is a confidence above": SURE,
                "sure on": percent(sure),
                "dead units": dead,
                "training digits they are tried on": len(data.X),
            },
            digits=2,
        ),
        {
            "step": along.steps,
            **{name: getattr(along, field) for name, field in _FIELDS.items()},
            "step now": np.array([now]),
            **{f"{name} now": getattr(along, field)[[place]] for name, field in _FIELDS.items()},
            "confidence": bins.confidence[filled],
            "accuracy": bins.accuracy[filled],
            "rank": rank,
            "active": active,
        },
    )


_FIELDS = {
    "training loss": "training_loss",
    "test loss": "test_loss",
    "test accuracy": "test_accuracy",
    "mean confidence": "confidence",
}


def _or_empty(values: Array) -> list[Any]:
    return ["empty" if np.isnan(value) else float(value) for value in values]


watch_demo = Demo(
    watch,
    (
        Choice("images", "Trained on", options=tuple(SETS)),
        Float("step", "Step", low=0, high=WATCHED, initial=WATCHED, step=EVERY),
    ),
    title="While it learns.",
    look_for="Move the step with 50 images: when is the test loss lowest, and what do training loss and confidence do after that?",
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
)

confidence_question = Question(
    "A network that was trained on 50 digits claims 90 % on average for new ones: that is the mean of its largest probabilities. "
    "How many of these does it get right?",
    [
        "90 %: a probability of 0.9 is right in nine of ten cases.",
        "90 % or more: training made it sure of what it knows.",
        "Only labels can tell.",
    ],
    "C",
    [
        "that confidence is accuracy. The two agree for a *calibrated* network, and whether it is one has to be measured.",
        "that confidence is earned. It is a number that training pushes towards 1, on images that the network comes to know by heart.",
        "Softmax makes numbers that add up to 1. Whether they are honest, only labels of new images can tell, "
        "as the calibration curve of notebook 03 does.",
    ],
)
