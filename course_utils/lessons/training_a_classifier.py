"""Lesson 08: training a classifier. What the notebook ``08_training_a_classifier`` shows, asks and sets as exercises."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from course_utils.data import load_digits
from course_utils.lessons.linear_regions import draw_regions, square_window
from course_utils.lessons.temperature import calibration
from course_utils.numerics import training
from course_utils.numerics.losses import cross_entropy
from course_utils.numerics.mlp import MLP
from course_utils.numerics.regions import ActivationRegions, activation_regions
from course_utils.numerics.softmax import softmax
from course_utils.teaching import (
    Check,
    Choice,
    Contract,
    Demo,
    Exercise,
    Float,
    Integer,
    LogFloat,
    Mistake,
    Picture,
    Question,
    Table,
    look,
)
from course_utils.teaching.text import format_number

Array = npt.NDArray[np.floating[Any]]
Whole = npt.NDArray[np.integer[Any]]

# ---------------------------------------------------------------------------------------------------
# Digits and short runs of training on them
# ---------------------------------------------------------------------------------------------------

TRAINING = 1200  # images; the other 597 are for testing
BATCH = 32
CHANCE = float(np.log(10))  # the loss of whoever gives ten digits equal probabilities


class Split(NamedTuple):
    """Digits as rows of 64 numbers from 0 to 1, to train on and to test with."""

    X: Array
    y: Whole
    X_test: Array
    y_test: Whole


@functools.cache
def digits() -> Split:
    """Return the digits in the order and the two parts of the notebook."""
    images, labels = load_digits()
    X = images.reshape(-1, 64) / 16
    order = np.random.default_rng(0).permutation(len(X))
    first, rest = order[:TRAINING], order[TRAINING:]
    return Split(X[first], labels[first], X[rest], labels[rest])


class Run(NamedTuple):
    """What a short run of training on the digits leaves behind."""

    steps: Whole
    losses: Array  # on the training images
    mlp: MLP
    test_accuracy: float


def short_run(mlp: MLP, steps: int, learning_rate: float | Callable[[int], float]) -> Run:
    """Train on the digits without momentum, and stop where the numbers grow beyond all bounds."""
    data, film = digits(), []
    try:
        for snapshot in training.train(
            mlp,
            data.X,
            data.y,
            steps=steps,
            learning_rate=learning_rate,
            batch_size=BATCH,
            snapshot_every=steps // 10,  # each is a forward pass of all images
        ):
            if not np.isfinite(snapshot.loss):
                break
            film.append(snapshot)
    except FloatingPointError:
        pass
    last = film[-1].mlp
    return Run(
        np.array([snapshot.step for snapshot in film]),
        np.array([snapshot.loss for snapshot in film]),
        last,
        training.accuracy(last.forward(data.X_test), data.y_test),
    )


def _rough(loss: float) -> str:
    """Write a loss in two digits: what comes after them is the luck of the batches."""
    return "more than 10" if loss > 10 else format_number(loss, 2)


def _percent(share: float) -> str:
    return f"{format_number(round(100 * share))} %"


def _title(axes: Axes, text: str) -> None:
    axes.set_title(text, y=1.01)


# ---------------------------------------------------------------------------------------------------
# Pictures
# ---------------------------------------------------------------------------------------------------


@look.applied
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
    rows = -(-len(pixels) // 10)
    figure, panels = look.panels(
        10, rows, height=96 * rows, left=12, right=12, gap=12, top=30, bottom=8, row_gap=40
    )
    for axes in panels[len(pixels) :]:
        axes.remove()
    for i, (axes, image, title) in enumerate(zip(panels, pixels, titles, strict=False)):
        axes.imshow(image, cmap="gray_r", vmin=0, vmax=pixels.max(), gid=f"image {i}")
        axes.set_title(title)
        axes.set_axis_off()
    return Picture(
        figure,
        said,
        Table("The images", {"image": np.arange(len(pixels)), "title": titles}),
        {f"image {i}": image for i, image in enumerate(pixels)},
    )


SCHEDULED = 100  # steps of a scheduled run: few enough to train while a slider moves
SHAPES = ("linear", "exponential", "constant")


def _formula(shape: str, t: Array, start: float, end: float) -> Array:
    """Return the bare formula of a schedule, which does not stop at its last step."""
    if shape == "linear":
        return start - (start - end) * t / SCHEDULED
    if shape == "exponential":
        return start * (end / start) ** (t / SCHEDULED)
    return np.full_like(t, start)


def _scheduled_rate(shape: str, start: float, end: float) -> Callable[[Any], Any]:
    if shape == "linear":
        return functools.partial(training.linear_decay, start=start, end=end, steps=SCHEDULED)
    if shape == "exponential":
        return functools.partial(training.exponential_decay, start=start, end=end, steps=SCHEDULED)
    return functools.partial(training.constant, rate=start)


@functools.lru_cache(maxsize=256)
def scheduled_run(shape: str, start: float, end: float) -> Run:
    """Train a 64-32-10 network with one schedule."""
    net = MLP.random((64, 32, 10), seed=0, scheme="he", bias=False)
    return short_run(net, SCHEDULED, _scheduled_rate(shape, start, end))


def schedule(shape: str, start: float, end: float) -> Picture:
    """Show a learning rate by step, and what a real short run with it reaches."""
    t = np.linspace(0, 1.25 * SCHEDULED, 101)
    rate, formula = _scheduled_rate(shape, start, end)(t), _formula(shape, t, start, end)
    run, steady = scheduled_run(shape, start, end), scheduled_run("constant", start, start)

    figure, (left, right) = look.panels(2, left=60, gap=62)
    beyond = t >= SCHEDULED
    left.plot(t, rate, color=look.BLUE, label="used", gid="t | learning rate")
    left.plot(
        t[beyond],
        formula[beyond],
        ":",
        color=look.VERMILLION,
        label="bare formula",
        gid="t beyond | formula beyond",
    )
    for x in (0, SCHEDULED):
        left.axvline(x, color=look.REFERENCE, linestyle=":", linewidth=1, gid="guide")
    left.axhline(0, color=look.OUTLINE, linewidth=1, gid="guide")
    highest = max(start, end)
    left.set(xlim=(-8, 1.25 * SCHEDULED), ylim=(-0.35 * highest, 1.85 * highest), xlabel="step t")
    left.legend(loc="upper right", borderpad=0.3)
    _title(left, "learning rate α")
    right.plot(
        steady.steps,
        steady.losses,
        "--",
        color=look.REFERENCE,
        label="α stays at its start",
        gid="constant step | loss with constant α",
    )
    right.plot(
        run.steps, run.losses, color=look.BLUE, label=f"{shape}", gid="run step | loss with this schedule"
    )
    right.axhline(CHANCE, color=look.REFERENCE, linestyle=":", linewidth=1, gid="guide")
    right.set(yscale="log", xlim=(-4, SCHEDULED + 4), ylim=(0.03, 60), xlabel="step t")
    right.set_yticks([0.1, 1, 10], ["0.1", "1", "10"])
    right.minorticks_off()
    right.legend(loc="upper right", borderpad=0.3)
    _title(right, "training loss")

    falls = "stays at" if shape == "constant" or start == end else f"goes from {format_number(start)} to"
    reached = format_number(start if shape == "constant" else end)
    compared = (
        ""
        if shape == "constant"
        else f" With α constant at {format_number(start)} it would be {_rough(steady.losses[-1])}, and {_percent(steady.test_accuracy)}."
    )
    beyond_end = float(formula[-1])
    if start == end or shape == "constant":
        later = ""
    elif shape == "linear":
        below = ", below zero: uphill" if beyond_end < 0 else ""
        later = f"The straight line would go on past its end{below}."
    else:
        later = "The formula would go on by the same factor per step, and never reach zero."
    return Picture(
        figure,
        f"α {falls} {reached}: after {SCHEDULED} steps the training loss is {_rough(run.losses[-1])} and "
        f"{_percent(run.test_accuracy)} of the test digits are right.{compared} {later}".rstrip(),
        Table(
            f"Learning rate and training loss, {shape}",
            {
                "step": run.steps[::2],
                "α": _scheduled_rate(shape, start, end)(run.steps[::2].astype(float)),
                "training loss": [_rough(loss) for loss in run.losses[::2]],
            },
            {
                "steps": SCHEDULED,
                "test digits right": _percent(run.test_accuracy),
                "training loss with α constant": _rough(steady.losses[-1]),
                "test digits right with α constant": _percent(steady.test_accuracy),
                f"formula at t = {format_number(t[-1])}": beyond_end,
            },
            digits=3,
        ),
        {
            "t": t,
            "learning rate": rate,
            "t beyond": t[beyond],
            "formula beyond": formula[beyond],
            "constant step": steady.steps,
            "loss with constant α": steady.losses,
            "run step": run.steps,
            "loss with this schedule": run.losses,
        },
    )


STEEP = 25.0  # how much steeper the ravine is across than along
DESCENTS = 60  # steps
SOURCE = np.array([-10.0, 1.5])


def height(x: Array) -> Array:
    """Return the height of a ravine, (x0² + 25 x1²)/2, at points of shape (..., 2)."""
    return (x[..., 0] ** 2 + STEEP * x[..., 1] ** 2) / 2


def descend(rate: float, momentum: float) -> Array:
    """Walk down the ravine; return the places of all steps, shape (steps + 1, 2)."""
    places: list[Array] = [SOURCE]
    velocity: Array = np.zeros(2)
    for _ in range(DESCENTS):
        gradient = places[-1] * np.array([1.0, STEEP])
        velocity = training.momentum_step(velocity, gradient, momentum)
        places.append(places[-1] - rate * velocity)
    return np.array(places)


def _level_lines() -> Array:
    """Return x and y of ellipses of equal height, with a gap after each, shape (2, n)."""
    angle = np.linspace(0, 2 * np.pi, 73)
    pieces = []
    for level in (0.5, 4, 14, 32, 58, 90):
        size = np.sqrt(2 * level)
        pieces += [
            np.stack([size * np.cos(angle), size * np.sin(angle) / np.sqrt(STEEP)]),
            np.full((2, 1), np.nan),
        ]
    return np.concatenate(pieces, axis=1)


LEVELS = _level_lines()


def ravine(momentum: float, rate: float) -> Picture:
    """Show a walk down a ravine with momentum, beside the walks that momentum is mistaken for."""
    longer = rate / (1 - momentum)
    walks = {
        "with momentum": descend(rate, momentum),
        "α, no momentum": descend(rate, 0.0),
        "α/(1−μ), no momentum": descend(longer, 0.0),
    }
    heights = {name: height(places) for name, places in walks.items()}
    steps = np.arange(DESCENTS + 1)
    styles = {
        "with momentum": (look.BLUE, "-", "o"),
        "α, no momentum": (look.ORANGE, "--", "s"),
        "α/(1−μ), no momentum": (look.VERMILLION, ":", "^"),
    }

    figure, (left, right) = look.panels(2, left=60, gap=70, height=360, top=78)
    left.plot(*LEVELS, color="#AAAAAA", linewidth=1, gid="level x0 | level x1")
    for name in ("α, no momentum", "with momentum"):
        color, dash, marker = styles[name]
        left.plot(
            *walks[name].T,
            dash,
            color=color,
            marker=marker,
            markersize=5,
            markeredgecolor=look.OUTLINE,
            markeredgewidth=0.5,
            linewidth=1.5,
            gid=f"x0 {name} | x1 {name}",
        )
    left.set(xlim=(-11.5, 5.5), ylim=(-2.6, 2.6), xlabel="x0")
    left.set_ylabel("x1", rotation=0, labelpad=6)
    left.grid(False)
    _title(left, "with and without momentum")
    for name, (color, dash, _) in styles.items():
        right.plot(steps, heights[name], dash, color=color, label=name, gid=f"step | height {name}")
    right.axhline(heights["with momentum"][0], color=look.REFERENCE, linewidth=1, linestyle=":", gid="guide")
    right.set(yscale="log", xlim=(0, DESCENTS), ylim=(1e-6, 1e6), xlabel="step")
    right.set_yticks([1e-6, 1e-3, 1, 1e3, 1e6], ["1e−6", "0.001", "1", "1000", "1e6"])
    right.minorticks_off()
    _title(right, "height f")
    figure.legend(
        *right.get_legend_handles_labels(), loc="upper center", ncols=3, handlelength=2.2, columnspacing=1.4
    )

    start = float(heights["with momentum"][0])
    ends = {name: float(values[-1]) for name, values in heights.items()}

    def outcome(name: str) -> str:
        return (
            "it climbs out of the ravine" if ends[name] > start else f"it is {format_number(ends[name], 2)}"
        )

    said = f"μ = {format_number(momentum)}, α = {format_number(rate)}: after {DESCENTS} steps " + (
        f"the height is {format_number(ends['with momentum'], 2)}, from {format_number(start)} at the start."
        if ends["with momentum"] <= start
        else "the walk has climbed out of the ravine."
    )
    if momentum == 0:
        rest = "Without momentum all three walks are the same."
    else:
        rest = (
            f"With the same α and no momentum {outcome('α, no momentum')}. "
            f"With the rate α/(1−μ) = {format_number(longer)} and no momentum {outcome('α/(1−μ), no momentum')}."
        )

    def in_words(values: Array) -> list[Any]:
        return [float(value) if value <= 1e6 else "more than a million" for value in values]

    chosen = np.arange(0, DESCENTS + 1, 10)
    return Picture(
        figure,
        f"{said} {rest}",
        Table(
            "Height after some steps",
            {"after": chosen, **{name: in_words(values[chosen]) for name, values in heights.items()}},
            {"steps": DESCENTS, "α/(1−μ)": longer, "steeper across than along, times": STEEP},
        ),
        {
            "step": steps,
            "level x0": LEVELS[0],
            "level x1": LEVELS[1],
            **{
                f"{axis} {name}": places[:, i]
                for name, places in walks.items()
                for i, axis in enumerate(("x0", "x1"))
            },
            **{f"height {name}": values for name, values in heights.items()},
        },
    )


SCHEMES = {
    "He": "he",
    "Glorot": "glorot",
    "unit variance": "unit",
    "uniform ±1/√n": "uniform",
    "all zero": "zero",
}
COMPARED = ("He", "Glorot", "unit variance")
WARMING = 50  # steps
WARM_RATE = 0.1


class Start(NamedTuple):
    """A network before training, and its first steps."""

    sizes: Array  # standard deviation of what each layer computes, over all units and images
    silent: float  # share of hidden activations that are 0
    silent_later: float  # the same after training
    run: Run


@functools.lru_cache(maxsize=256)
def started(scheme: str, scale: float, layers: int) -> Start:
    """Draw a network with so many hidden layers of 64 units, and train it for a few steps."""
    drawn = MLP.random([64] * (layers + 1) + [10], seed=0, scheme=SCHEMES[scheme], bias=False)  # type: ignore[arg-type]
    net = MLP([scale * weight for weight in drawn.weights], drawn.biases)
    sizes = np.array([z.std() for z in net.pre_activations(digits().X)])
    run = short_run(net, WARMING, WARM_RATE)
    return Start(sizes, silent_share(net), silent_share(run.mlp), run)


def silent_share(net: MLP) -> float:
    """Return the share of hidden activations that are 0, over all training images."""
    *hidden, _ = net.pre_activations(digits().X)
    return float(np.mean([(z <= 0).mean() for z in hidden]))


def initialization(scheme: str, scale: float, layers: int) -> Picture:
    """Show how large the numbers in each layer are before training, and how training begins."""
    chosen = started(scheme, scale, layers)
    others = {name: started(name, 1.0, layers) for name in COMPARED}
    depth = np.arange(1, layers + 2)
    dashes = dict(zip(COMPARED, (("--", look.GREEN), (":", look.ORANGE), ("-.", look.PURPLE)), strict=True))

    figure, (left, right) = look.panels(2, left=58, gap=62, height=370, top=88)
    arrays: dict[str, Any] = {"layer": depth}
    lines = [("chosen", chosen, "-", look.BLUE)] + [
        (f"{name} × 1", others[name], *dashes[name]) for name in COMPARED
    ]
    for name, start, dash, color in reversed(lines):
        bold = name == "chosen"
        # A size of 0 has no place on a logarithmic axis.
        arrays |= {f"size, {name}": np.where(start.sizes > 0, start.sizes, np.nan)}
        arrays |= {f"step, {name}": start.run.steps, f"loss, {name}": start.run.losses}
        style: dict[str, Any] = {"color": color, "linewidth": 3.5 if bold else 1.8, "label": name}
        left.plot(
            depth,
            arrays[f"size, {name}"],
            dash,
            marker="o",
            markersize=5,
            gid=f"layer | size, {name}",
            **style,
        )
        right.plot(start.run.steps, start.run.losses, dash, gid=f"step, {name} | loss, {name}", **style)
    if not chosen.sizes.any():
        left.text((layers + 2) / 2, 0.02, "chosen: 0 in every layer", ha="center", color=look.BLUE)
    left.set(
        yscale="log", xlim=(0.7, layers + 1.3), ylim=(1e-4, 1e6), xlabel="layer (the last gives the logits)"
    )
    left.set_xticks(depth)
    left.set_yticks([1e-3, 1, 1e3, 1e6], ["0.001", "1", "1000", "1e6"])
    _title(left, "size of z before training")
    right.axhline(CHANCE, color=look.REFERENCE, linestyle=":", linewidth=1, gid="guide")
    right.set(yscale="log", xlim=(-1, WARMING + 1), ylim=(0.1, 200), xlabel="step")
    right.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    _title(right, f"training loss, α = {WARM_RATE}")
    for axes in (left, right):
        axes.minorticks_off()
    handles, names = left.get_legend_handles_labels()
    figure.legend(
        handles[::-1], names[::-1], loc="upper center", ncols=4, handlelength=2.4, columnspacing=1.4
    )

    first, last = float(chosen.run.losses[0]), float(chosen.run.losses[-1])
    described = "all zero" if scheme == "all zero" else f"{scheme} × {format_number(scale)}"
    layer_word = "layer" if layers == 1 else "layers"
    stopped = int(chosen.run.steps[-1])
    later = (
        f"after {WARMING} steps it is {_rough(last)}"
        if stopped == WARMING
        else f"before step {WARMING} the numbers overflow"
    )
    return Picture(
        figure,
        f"{described}, {layers} hidden {layer_word}: the logits start with standard deviation "
        f"{format_number(chosen.sizes[-1])} and the loss at {format_number(first)}; {later}. "
        f"Ten equal probabilities have a loss of {format_number(CHANCE)}. "
        f"Of the hidden activations, {_percent(chosen.silent)} are zero before these steps and {_percent(chosen.silent_later)} after them.",
        Table(
            "Standard deviation of what each layer computes before training",
            {
                "layer": depth,
                "chosen": chosen.sizes,
                **{f"{name} × 1": others[name].sizes for name in COMPARED},
            },
            {
                "loss at the start": first,
                f"loss after {WARMING} steps": _rough(last) if stopped == WARMING else "overflow",
                **{
                    f"loss after {WARMING} steps, {name} × 1": _rough(others[name].run.losses[-1])
                    for name in COMPARED
                },
                "ln 10": CHANCE,
                "learning rate": WARM_RATE,
                "hidden activations that are 0": _percent(chosen.silent),
                "the same after training": _percent(chosen.silent_later),
            },
            digits=3,
        ),
        arrays,
    )


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
    _title(top_left, "loss")
    top_right.set(ylim=(0, 1.05))
    top_right.legend(loc="lower right", borderpad=0.3)
    _title(top_right, "on the test images")
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
    _title(low_left, "is it as right as it says?")
    rank = np.arange(len(active))
    low_right.plot(rank, active, "o", color=look.SKY_BLUE, markeredgecolor=look.OUTLINE, gid="rank | active")
    low_right.axhline(0, color=look.REFERENCE, linestyle=":", linewidth=1, gid="guide")
    low_right.set(xlim=(-1, len(active)), ylim=(-0.05, 1.05), xlabel="hidden units, sorted")
    _title(low_right, "how often each unit is active")

    def two(value: float) -> str:
        return format_number(value, 2)

    losses = f"training loss {two(along.training_loss[place])}, test loss {two(along.test_loss[place])}"
    units = "unit is" if dead == 1 else "units are"
    return Picture(
        figure,
        f"Step {now}, trained on {images}: {losses}; {_percent(along.test_accuracy[place])} of the test digits are "
        f"right, and the network claims {_percent(along.confidence[place])}. "
        f"The test loss was lowest at step {best}, with {two(along.test_loss.min())}. "
        f"{dead or 'No'} hidden {units} dead, and {_percent(sure)} of the test images get a confidence above {SURE}.",
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
                "test accuracy": _percent(along.test_accuracy[place]),
                "mean confidence": _percent(along.confidence[place]),
                "sure is a confidence above": SURE,
                "sure on": _percent(sure),
                "dead units": dead,
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


FILM_HALF = 3.0
FRAMES = 25  # frame n shows the network after n² steps: much happens early
PIXELS = 61
GRAYS = ListedColormap(["#FFFFFF", "#E3E3E3", "#CFCFCF", "#F1F1F1", "#D9D9D9", "#C6C6C6"])


@functools.cache
def two_moons(count: int = 120) -> tuple[Array, Whole]:
    """Return points of two interlocking half circles, and which of the two each belongs to."""
    random = np.random.default_rng(0)
    y, angle = np.arange(count) % 2, random.uniform(0, np.pi, count)
    upper, lower = [np.cos(angle), np.sin(angle)], [1 - np.cos(angle), 0.5 - np.sin(angle)]
    x = np.where(y == 0, upper, lower).T - [0.5, 0.25]
    return 1.5 * x + random.normal(0, 0.2, (count, 2)), y


class Frame(NamedTuple):
    """One snapshot of the film, with what is drawn of it."""

    snapshot: training.Snapshot
    regions: ActivationRegions
    boundary: Array
    right: float


STARTS = {"He": "he", "uniform ±1/√n": "uniform", "all zero": "zero"}


@functools.lru_cache(maxsize=16)
def film(net: str, start: str) -> list[Frame]:
    """Train a network on the two moons, and keep the steps 0, 1, 4, 9 and so on with their exact regions."""
    X, y = two_moons()
    widths = [int(width) for width in net.split("-")]
    mlp = MLP.random(widths, seed=1, scheme=STARTS[start], bias=start == "uniform ±1/√n")  # type: ignore[arg-type]
    window = (-FILM_HALF, FILM_HALF, -FILM_HALF, FILM_HALF)
    frames = []
    for snapshot in training.train(mlp, X, y, steps=FRAMES**2, learning_rate=0.05, momentum=0.8):
        if math.isqrt(snapshot.step) ** 2 != snapshot.step:
            continue
        regions = activation_regions(snapshot.mlp, window)
        right = training.accuracy(snapshot.mlp.forward(X), y)
        frames.append(Frame(snapshot, regions, decision_boundary(regions), right))
    return frames


def decision_boundary(regions: ActivationRegions) -> Array:
    """Return where a network's two logits are equal: one straight piece per region that it crosses.

    On a region both logits are affine, so their difference is zero on a straight line, and that line enters
    and leaves the (convex) region once.

    Returns
    -------
    ndarray, shape (pieces, 2, 2)
        The two ends of each piece.

    Examples
    --------
    >>> mirror = MLP([[[1.0, 0.0]], [[1.0], [-1.0]]], [[2.0], [-2.0, 2.0]])  # x0 = 0 parts the classes
    >>> decision_boundary(activation_regions(mirror, (-1, 1, -1, 1))).tolist()
    [[[0.0, -1.0], [0.0, 1.0]]]
    """
    corners, offsets = regions.polygons, regions.offsets
    region = np.repeat(np.arange(len(regions)), np.diff(offsets))
    following = np.arange(1, len(corners) + 1)
    following[offsets[1:] - 1] = offsets[:-1]
    slope = regions.slopes[:, 1] - regions.slopes[:, 0]
    intercept = regions.intercepts[:, 1] - regions.intercepts[:, 0]
    here = np.einsum("ij,ij->i", slope[region], corners) + intercept[region]
    there = here[following]
    crossed = np.flatnonzero((here > 0) != (there > 0))
    share = (here[crossed] / (here[crossed] - there[crossed]))[:, np.newaxis]
    points = corners[crossed] + share * (corners[following[crossed]] - corners[crossed])
    pieces = points.reshape(-1, 2, 2)
    # Where the boundary passes through a corner, rounding makes pieces without length.
    real: Array = pieces[np.ptp(pieces, axis=1).max(axis=-1) > 1e-9]
    return real


def _as_line(pieces: Array) -> Array:
    """Return x and y of separate straight pieces as one line with gaps, shape (2, n)."""
    gaps = np.full((len(pieces), 1, 2), np.nan)
    return np.concatenate([pieces, gaps], axis=1).reshape(-1, 2).T


FILM_AXIS = np.linspace(-FILM_HALF, FILM_HALF, PIXELS)
FILM_GRID = np.stack(np.meshgrid(FILM_AXIS, FILM_AXIS), axis=-1)


def training_film(net: str, start: str, frame: int) -> Picture:
    """Show the decision boundary and the exact regions of a network at one step of its training."""
    frames = film(net, start)
    shown = frames[frame]
    (X, y), now = two_moons(), shown.snapshot.step
    p = softmax(shown.snapshot.mlp.forward(FILM_GRID))[..., 1]
    line = _as_line(shown.boundary)

    figure, (left, right) = look.panels(2, left=42, gap=64, right=14, height=360, top=34)
    half_pixel = (FILM_AXIS[1] - FILM_AXIS[0]) / 2
    ends = (-FILM_HALF - half_pixel, FILM_HALF + half_pixel)
    left.imshow(
        p,
        origin="lower",
        extent=(*ends, *ends),
        cmap="RdBu",
        vmin=-0.3,
        vmax=1.3,
        aspect="auto",
        interpolation="nearest",
        gid="grid x0 | grid x1 | p of class 1",
    )
    arrays = draw_regions(right, shown.regions, cmap=GRAYS, edgecolors="#777777")
    points: dict[str, Array] = {}
    for axes in (left, right):
        axes.plot(*line, color=look.BLACK, linewidth=3, gid="boundary x0 | boundary x1")
        for label, style in ((0, look.CLASSES[0]), (1, look.CLASSES[1])):
            points |= {f"x0 of class {label}": X[y == label, 0], f"x1 of class {label}": X[y == label, 1]}
            axes.plot(
                *X[y == label].T,
                style.marker,
                color=style.color,
                markeredgecolor=look.OUTLINE,
                markersize=5,
                gid=f"x0 of class {label} | x1 of class {label}",
            )
        square_window(axes, FILM_HALF)
    _title(left, "red: class 0, blue: class 1")
    _title(right, f"{len(shown.regions)} exact {'region' if len(shown.regions) == 1 else 'regions'}")

    count, pieces = len(shown.regions), len(shown.boundary)
    units = sum(shown.snapshot.mlp.widths[1:-1])
    if pieces:
        drawn = f"The boundary has {pieces} straight {'piece' if pieces == 1 else 'pieces'}, one in each region that it crosses."
    else:
        even = np.allclose(p, 0.5, rtol=0, atol=1e-9)
        drawn = f"The two classes are equally probable {'everywhere' if even else 'nowhere'} in the window."
    return Picture(
        figure,
        f"Step {now}: loss {format_number(shown.snapshot.loss, 2)}, {_percent(shown.right)} of the points are right, "
        f"and {units} hidden units make {count} {'region' if count == 1 else 'regions'} in the window. {drawn}",
        Table(
            f"A {net} network that starts with {start} weights, during training",
            {
                "step": [f.snapshot.step for f in frames[::5]],
                "loss": [format_number(f.snapshot.loss, 2) for f in frames[::5]],
                "points right": [_percent(f.right) for f in frames[::5]],
                "regions": [len(f.regions) for f in frames[::5]],
                "pieces of the boundary": [len(f.boundary) for f in frames[::5]],
            },
            {
                "step now": now,
                "loss now": format_number(shown.snapshot.loss, 2),
                "points right now": _percent(shown.right),
                "regions now": count,
                "pieces of the boundary now": pieces,
                "hidden units": units,
            },
        ),
        {
            "grid x0": FILM_AXIS,
            "grid x1": FILM_AXIS,
            "p of class 1": p,
            "boundary x0": line[0],
            "boundary x1": line[1],
            **points,
            **arrays,
        },
    )


# ---------------------------------------------------------------------------------------------------
# Demos
# ---------------------------------------------------------------------------------------------------

schedule_demo = Demo(
    schedule,
    (
        Choice("shape", "Shape", options=SHAPES),
        LogFloat("start", "Learning rate at the start α_s", low=0.01, high=2, initial=0.5, step=10**0.1),
        LogFloat("end", "Learning rate at the end α_e", low=0.001, high=2, initial=0.005, step=10**0.1),
    ),
    title="From α_s to α_e.",
    look_for="Raise the start until the constant rate fails: does a falling rate still learn?",
    presets={
        "Exponential": {"shape": "exponential"},
        "Too small": {"start": 0.02, "end": 0.02},
        "Bold, constant": {"shape": "constant", "start": 1.5},
        "Bold, linear": {"start": 1.5},
        "Bold, exponential": {"shape": "exponential", "start": 1.5},
    },
)

ravine_demo = Demo(
    ravine,
    (
        Float("momentum", "Momentum μ", low=0, high=0.98, initial=0.8, step=0.02),
        LogFloat("rate", "Learning rate α", low=0.002, high=0.16, initial=0.02, step=2 ** (1 / 4)),
    ),
    title="Down a ravine.",
    look_for="Compare the solid with the dotted curve: both have the same step length in the long run.",
    presets={
        "No momentum": {"momentum": 0},
        "No momentum, at the edge": {"momentum": 0, "rate": 0.08},
        "Too much": {"momentum": 0.98},
        "A rate that only momentum bears": {"momentum": 0.8, "rate": 0.1},
    },
)

start_demo = Demo(
    initialization,
    (
        Choice("scheme", "Initialization", options=tuple(SCHEMES)),
        LogFloat("scale", "Weights times", low=0.1, high=10, initial=1, step=10**0.1),
        Integer("layers", "Hidden layers of 64 units", low=1, high=6, initial=3),
    ),
    title="Before the first step.",
    look_for="Which initialization keeps the size of z from layer to layer, and which starts near ln 10?",
    presets={
        "Unit variance": {"scheme": "unit variance"},
        "Glorot, six layers": {"scheme": "Glorot", "layers": 6},
        "He, six layers": {"layers": 6},
        "All zero": {"scheme": "all zero"},
        "Half of He": {"scale": 0.5, "layers": 6},
    },
)

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

film_demo = Demo(
    training_film,
    (
        Choice("net", "Network", options=("2-10-2", "2-6-2", "2-6-6-2")),
        Choice("start", "Weights at the start", options=tuple(STARTS)),
        Integer("frame", "Frame n, after n² steps", low=0, high=FRAMES, initial=FRAMES),
    ),
    title="Training film.",
    look_for="Run through the film with the arrow keys: the lines of the units move, and the boundary bends only where it crosses one.",
    presets={
        "Before training": {"frame": 0},
        "After 25 steps": {"frame": 5},
        "After 100 steps": {"frame": 10},
        "Two hidden layers": {"net": "2-6-6-2"},
        "From zero": {"start": "all zero"},
    },
)

# ---------------------------------------------------------------------------------------------------
# Questions
# ---------------------------------------------------------------------------------------------------

start_question = Question(
    "Before training, a network with small random weights gets a digit to look at. Its ten logits are nearly 0. "
    "What is its loss, about?",
    ["0", "0.1", "ln 10, about 2.3", "10"],
    "C",
    [
        "that an untrained network makes no mistakes because it makes no claims. It does claim something: one tenth for each digit.",
        "of the probability of the right digit, which is about one tenth. The loss is minus its *logarithm*.",
        "Equal logits give each digit the probability one tenth, and −ln(1/10) = ln 10. "
        "A first loss far from this number says that the weights or the code are wrong.",
        "of the number of classes. The loss is the logarithm of that number.",
    ],
)

mean_question = Question(
    "Somebody forgets to divide by the number of examples: the gradient of a batch of 32 is a sum instead of a mean. "
    "Everything else is right. What happens?",
    [
        "The network learns the wrong thing: the direction of the gradient is wrong.",
        "Each step is 32 times as long, as if the learning rate were 32 times as large.",
        "Nothing: the optimum is the same.",
    ],
    "B",
    [
        "that a sum points elsewhere than a mean. It points in exactly the same direction; only its length differs.",
        "The factor 32 can be moved from the gradient to α. A rate that was right for the mean is then far too large, "
        "and changes whenever the batch size does.",
        "of the optimum alone. The way there is a different one: with steps that are 32 times as long it is usually lost.",
    ],
)

schedule_question = Question(
    "A linear schedule α = α_s − (α_s − α_e)·t/N, with α_e nearly 0, was planned for N = 200 steps. "
    "You let it run for 400. What does the second half do if nobody stops the formula?",
    [
        "Nothing: α stays at α_e.",
        "It learns on, more and more slowly.",
        "It undoes the training: α is negative.",
    ],
    "C",
    [
        "of what good implementations do. They clip t at N. The formula itself goes on falling.",
        "of the exponential schedule, which never reaches zero.",
        "Beyond N the line crosses zero, and a step against the gradient becomes a step along it: uphill.",
    ],
)

momentum_question = Question(
    "In the long run, momentum μ = 0.9 makes steps ten times as long. "
    "So is it the same to leave momentum out and to multiply the learning rate by ten?",
    [
        "Yes: momentum is a learning rate in disguise.",
        "No: across a ravine the gradients change their sign, and in the sum they cancel.",
        "No: momentum makes each single step longer from the first one on.",
    ],
    "B",
    [
        "that the gain 1/(1 − μ) holds for all gradients. It holds for one that stays the same. "
        "One that changes its sign at each step is made smaller: by the factor 1/(1 + μ).",
        "Along the ravine the gradients agree and add up; across it they alternate and cancel. A tenfold rate has no such "
        "discretion, and is thrown out of the ravine.",
        "of the formula v = μv + ∇ with a velocity that is there already. At the first step v is just the gradient; "
        "the tenfold length takes many steps to build up.",
    ],
)

zero_question = Question(
    "All weights and biases of a 64-32-10 network start at exactly 0. You train it. What does it learn?",
    [
        "The same as any other network, a little more slowly.",
        "Nothing at all: every gradient is 0.",
        "Only its ten output biases: how frequent each digit is.",
        "All hidden units learn the same feature.",
    ],
    "C",
    [
        "that zero is a neutral place to start. It is a place where the hidden units are silent, and their gradients too.",
        "of the weights, and for these you are right. But p − y is not 0, and it is the gradient of the output biases.",
        "Hidden activations are 0, so the output weights get no gradient; output weights are 0, so nothing comes back to "
        "the hidden layer. Only the output biases get p − y.",
        "of equal weights that are *not* zero. These do get equal gradients and stay equal; at zero they get none.",
    ],
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

film_question = Question(
    "A 2-10-2 network learns to part two classes of points. What happens to its linear regions meanwhile?",
    [
        "They stay where the random weights put them; only the values on them change.",
        "Their number grows with every step, as the network learns more.",
        "Their lines move, and their number goes up and down, but never above 56.",
    ],
    "C",
    [
        "that only the last layer learns. The lines belong to the first one, and it moves as well.",
        "that more regions are more knowledge. Nothing in the loss counts regions: crossings leave the window, others come in.",
        "Each line belongs to a hidden unit, and ten lines never make more than 1 + 10 + 45 regions, trained or not.",
    ],
)

exit_question = Question(
    "Exit question. A training run starts at a loss of 45 on ten classes. What do you look at first?",
    [
        "The learning rate: it is too large.",
        "The initial weights, or the scale of the inputs: the first logits are far too large.",
        "The number of steps: training has hardly begun.",
    ],
    "B",
    [
        "of a loss that *climbs*. Before the first step the learning rate has not been used at all.",
        "Small logits start at ln 10, about 2.3. A mean loss of 45 says that some right answer gets a probability of e^−45 or less.",
        "that every beginning is bad. An ignorant network that knows that it is ignorant starts at ln 10.",
    ],
)

recall_softmax_question = Question(
    "From notebook 02: somebody computes the loss as `-np.log(softmax(z)[y])`, in float64. "
    "For which logits, with y = 0, does this fail, though nothing is wrong with the network?",
    ["(0, 0)", "(−800, 0)", "(800, 0)"],
    "B",
    [
        "that equal logits are a special case. They give one half each, and a loss of ln 2.",
        "The probability of class 0 underflows to 0, and −log 0 is infinite; the true loss is 800. Compute log-softmax from the logits.",
        "that large logits overflow. A softmax that subtracts the maximum gives 1 and 0, and the loss of the right class is 0.",
    ],
)

recall_push_question = Question(
    "From notebook 06: p = (0.7, 0.2, 0.1), and the right class is 1. What is the gradient of the loss with respect to the logits?",
    ["(0, −0.8, 0)", "(0.7, −0.8, 0.1)", "(0.7, 0.2, 0.1)", "(−0.7, 0.8, −0.1)"],
    "B",
    [
        "that only the right class gets a gradient. All three logits move: the sum of the probabilities is 1.",
        "It is p − y: subtract 1 at the right class. The entries add up to 0.",
        "of p alone. The target is still to be subtracted: p − y.",
        "of the direction of the *step*, which goes against the gradient.",
    ],
)

# ---------------------------------------------------------------------------------------------------
# Exercises
# ---------------------------------------------------------------------------------------------------


def linear_decay(t, start, end, steps):
    fraction = np.minimum(t / steps, 1)
    return start - (start - end) * fraction


def _line_for_single_steps(t, start, end, steps):
    if t > steps:
        return end
    return start - (start - end) * t / steps


_SCHEDULE = (
    "`t` is an array of step numbers 0, 1, 2, ... of any shape, or a single one; `start` and `end` are two {rates}, and either may be the larger; "
    "`steps` is N, a whole number from 1 on. Return an array of the shape of `t` (or a single number): exactly `start` at t = 0, exactly `end` "
    "at t = N, and `end` at every later step. Rounding errors do not count."
)


def _schedule_checks(start, end):
    early = np.arange(11)
    return [
        Check("from the first step to the last", (early, start, end, 10)),
        Check("a single step", (3, start, end, 10)),
        Check("what happens after step N", (np.array([10, 11, 15, 25, 1000]), start, end, 10)),
        Check("warm-up: the end is above the start", (np.arange(14), end + 0.01, start, 10)),
        Check("one step only", (np.array([0, 1, 2]), start, end, 1)),
        Check("steps in a table", (early[:6].reshape(2, 3), 2 * start, end, 7)),
        Check("a rate that stays", (early, 0.3, 0.3, 7)),
    ]


linear_decay_exercise = Exercise(
    "Write `linear_decay(t, start, end, steps)`: the learning rate α_s − (α_s − α_e) t/N.",
    Contract(_SCHEDULE.format(rates="learning rates that are not negative"), atol=1e-12),
    linear_decay,
    [*_schedule_checks(0.5, 0.1), Check("an end at zero", (np.arange(13), 0.5, 0.0, 10))],
    [
        Mistake(
            lambda t, start, end, steps: start - (start - end) * t / steps,
            "after step N the line goes on: below `end`, then below 0. A negative learning rate goes *uphill*. Keep t/N at 1 or below.",
        ),
        Mistake(
            lambda t, start, end, steps: start - (start - end) * np.minimum(t / max(steps - 1, 1), 1),
            "you divide by N − 1, so `end` is reached one step too early. From t = 0 to t = N there are N steps.",
        ),
        Mistake(
            lambda t, start, end, steps: end - (end - start) * np.minimum(t / steps, 1),
            "the ends are swapped: this begins with `end`.",
        ),
        Mistake(
            lambda t, start, end, steps: start * (1 - np.minimum(t / steps, 1)),
            "this goes down to 0, whatever `end` is. Only the *difference* of both rates is lost.",
        ),
        Mistake(
            lambda t, start, end, steps: start - end * np.minimum(t / steps, 1),
            "you take away a share of `end`. What is lost on the way is the difference start − end.",
        ),
        Mistake(
            lambda t, start, end, steps: start + (start - end) * np.minimum(t / steps, 1),
            "the sign is wrong: where the rate should fall, it rises.",
        ),
        Mistake(
            lambda t, start, end, steps: start - (start - end) * np.minimum(t // steps, 1),
            "the rate stays at `start` until step N and then jumps. Did you write `t // steps`? It throws the fraction away.",
        ),
        Mistake(
            lambda t, start, end, steps: np.maximum(start - (start - end) * t / steps, end),
            "`np.maximum(..., end)` holds a rate that falls, but during a warm-up it gives `end` from the first step on. Limit the fraction t/N instead: it works both ways.",
        ),
        Mistake(
            lambda t, start, end, steps: np.where(t <= steps, start - (start - end) * t / steps, 0.0),
            "after step N you return 0, so that training stops. The rate stays at `end`.",
        ),
        Mistake(
            lambda t, start, end, steps: start - (start - end) * (t % steps) / steps,
            "`t % steps` starts anew at every N-th step: a sawtooth.",
        ),
        Mistake(
            lambda t, start, end, steps: start - (start - end) * t,
            "the steps are not divided by N, so `end` is reached after one.",
        ),
        Mistake(
            _line_for_single_steps,
            "this works for one step, but `if`, `min` and `max` cannot decide for an array of them. `np.minimum` can.",
        ),
    ],
    [
        "How much of the way lies behind at step t? It is a fraction that never exceeds 1.",
        "f = min(t/N, 1);  α = α_s − (α_s − α_e) f",
        "`fraction = np.minimum(t / steps, 1)`, then the formula with `fraction` in place of t/N.",
    ],
)


def exponential_decay(t, start, end, steps):
    fraction = np.minimum(t / steps, 1)
    return start * (end / start) ** fraction


def _power_for_single_steps(t, start, end, steps):
    if t > steps:
        return end
    return start * (end / start) ** (t / steps)


exponential_decay_exercise = Exercise(
    "Write `exponential_decay(t, start, end, steps)`: the learning rate α_s (α_e/α_s)^(t/N).",
    Contract(_SCHEDULE.format(rates="*positive* learning rates"), atol=1e-12),
    exponential_decay,
    [*_schedule_checks(0.5, 0.1), Check("over four decades", (np.arange(0, 101, 10), 1.0, 1e-4, 100))],
    [
        Mistake(
            lambda t, start, end, steps: start * (end / start) ** (t / steps),
            "after step N the rate goes on falling below `end` (or, after a warm-up, rising above it). Keep t/N at 1 or below.",
        ),
        Mistake(
            lambda t, start, end, steps: start * (end / start) ** np.minimum(t / max(steps - 1, 1), 1),
            "you divide by N − 1, so `end` is reached one step too early. From t = 0 to t = N there are N steps.",
        ),
        Mistake(
            lambda t, start, end, steps: end * (start / end) ** np.minimum(t / steps, 1),
            "the ends are swapped: this begins with `end`.",
        ),
        Mistake(
            linear_decay,
            "this is the straight line. Here every step takes away the same *share* of the rate, not the same amount.",
        ),
        Mistake(
            lambda t, start, end, steps: start * np.exp(-np.minimum(t / steps, 1)),
            "this always ends at α_s/e. The base is α_e/α_s, so that N steps lead to `end`.",
        ),
        Mistake(
            lambda t, start, end, steps: start * 10 ** (np.log(end / start) * np.minimum(t / steps, 1)),
            "two bases are mixed: `np.log` is the natural logarithm, which belongs with `np.exp`. With a base of 10 it is `np.log10`.",
        ),
        Mistake(
            lambda t, start, end, steps: start * (start / end) ** np.minimum(t / steps, 1),
            "the ratio is upside down: where the rate should fall, it rises.",
        ),
        Mistake(
            lambda t, start, end, steps: end + (start - end) * np.exp(-t / steps),
            "this comes closer and closer to `end`, but at t = N a share of 1/e of the way is left.",
        ),
        Mistake(
            lambda t, start, end, steps: np.maximum(start * (end / start) ** (t / steps), end),
            "`np.maximum(..., end)` holds a rate that falls, but during a warm-up it gives `end` from the first step on. Limit the fraction t/N instead: it works both ways.",
        ),
        Mistake(
            lambda t, start, end, steps: start * (end / start) ** np.minimum(t // steps, 1),
            "the rate stays at `start` until step N and then jumps. Did you write `t // steps`? It throws the fraction away.",
        ),
        Mistake(
            lambda t, start, end, steps: np.where(t <= steps, start * (end / start) ** (t / steps), 0.0),
            "after step N you return 0, so that training stops. The rate stays at `end`.",
        ),
        Mistake(
            lambda t, start, end, steps: start * (end / start) ** t,
            "the steps are not divided by N, so `end` is reached after one.",
        ),
        Mistake(
            _power_for_single_steps,
            "this works for one step, but `if`, `min` and `max` cannot decide for an array of them. `np.minimum` can.",
        ),
    ],
    [
        "How much of the way lies behind at step t? Here it is an exponent.",
        "f = min(t/N, 1);  α = α_s (α_e/α_s)^f",
        "`fraction = np.minimum(t / steps, 1)`, then `start` times a power of `end / start`.",
    ],
)


def momentum_step(velocity, gradient, momentum):
    return momentum * velocity + gradient


def _in_place(velocity, gradient, momentum):
    velocity *= momentum
    velocity += gradient
    return velocity


def _in_the_gradient(velocity, gradient, momentum):
    gradient += momentum * velocity
    return gradient


_VELOCITY, _GRADIENT = np.array([0.5, -2.0, 4.0]), np.array([1.0, 3.0, -0.25])

momentum_exercise = Exercise(
    "Write `momentum_step(velocity, gradient, momentum)`: the velocity v_t = μ v_(t−1) + ∇_t after one more gradient.",
    Contract(
        "`velocity` (v_(t−1)) and `gradient` (∇_t) are arrays of floats of one shape, `momentum` (μ) is a number from 0 to below 1. "
        "Return the new velocity, an array of that shape. The step against it, θ − α v, is left to the caller. Leave both arrays unchanged.",
        atol=1e-12,
    ),
    momentum_step,
    [
        Check("already moving", (_VELOCITY, _GRADIENT, 0.9)),
        Check("the first step: no velocity yet", (np.zeros(3), _GRADIENT, 0.9)),
        Check("rolling on where the gradient is zero", (_VELOCITY, np.zeros(3), 0.9)),
        Check("without momentum", (_VELOCITY, _GRADIENT, 0.0)),
        Check(
            "a weight matrix", (np.array([[1.0, 2.0], [-3.0, 0.5]]), np.array([[0.1, 0.0], [4.0, -1.0]]), 0.5)
        ),
        Check("at the final velocity, 10 times the gradient", (10 * _GRADIENT, _GRADIENT, 0.9)),
        Check("at the largest velocity for μ = 0.99", (100 * _GRADIENT, -_GRADIENT, 0.99)),
    ],
    [
        Mistake(
            lambda velocity, gradient, momentum: momentum * velocity + (1 - momentum) * gradient,
            "this is a moving *average* of the gradients (Adam uses one). Momentum adds the whole gradient: it *sums*, which is why steps can become 1/(1 − μ) times as long.",
        ),
        Mistake(
            _in_place,
            "the numbers are right, but the caller's velocity is overwritten. Whoever kept that of an earlier step finds the new one in its place. Make a new array, without `*=` and `+=`.",
        ),
        Mistake(
            _in_the_gradient,
            "the numbers are right, but the caller's gradient is overwritten. Make a new array, without `+=`.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: velocity + momentum * gradient,
            "μ is on the gradient. It belongs on the old velocity: the past fades, and what is new counts fully.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: momentum * velocity - gradient,
            "the gradient is subtracted here, and the step θ − α v subtracts again: the parameters go uphill. The velocity collects gradients as they are.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: -(momentum * velocity + gradient),
            "the sign is turned. The caller subtracts α v, so this goes uphill, and the next step turns the past around once more.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: momentum * (velocity + gradient),
            "μ is on both. The newest gradient counts fully; only the past fades.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: velocity + gradient,
            "μ is missing, so no gradient is ever forgotten and a steady one makes the velocity grow without end.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: gradient,
            "this is gradient descent without momentum: the velocity so far is ignored.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: gradient + momentum * (momentum * velocity + gradient),
            "this looks one step ahead (Nesterov's momentum). The classical velocity stops before: μ v + ∇.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: (1 - momentum) * velocity + momentum * gradient,
            "this is a moving average, and its shares are swapped: a large μ should keep much of the *velocity*.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: (1 - momentum) * velocity + gradient,
            "1 − μ is what friction takes; μ is what is left of the velocity.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: velocity - momentum * velocity - gradient,
            "1 − μ is what friction takes, and the gradient is to be added: v ← μ v + ∇.",
        ),
    ],
    [
        "The velocity remembers. Let the memory fade a little, then add what is new.",
        "v_t = μ v_(t−1) + ∇_t",
        "One line: `momentum` times ..., plus ...; and no `*=` or `+=`, which would write into the caller's array.",
    ],
)


def backward(X, y, W1, b1, W2, b2):
    z = X @ W1.T + b1
    h = np.maximum(z, 0)
    p = softmax(h @ W2.T + b2)
    one_hot = np.eye(len(b2))[y]
    at_logits = (p - one_hot) / len(X)
    at_hidden = (at_logits @ W2) * (z > 0)
    parts = [at_hidden.T @ X, at_hidden.sum(axis=0), at_logits.T @ h, at_logits.sum(axis=0)]
    return np.concatenate([part.ravel() for part in parts])


def _backward_with(*slips):
    """Return the backward pass with one or more slips; each is a real one."""

    def slipped(X, y, W1, b1, W2, b2):
        z = X @ W1.T + b1
        h = np.maximum(z, 0)
        logits = h @ W2.T + b2
        p, one_hot = softmax(logits), np.eye(len(b2))[y]
        if "double softmax" in slips:
            p = softmax(p)
        error = p - one_hot
        if "sign" in slips:
            error = -error
        if "true class only" in slips:
            error = error * one_hot
        if "derivative of softmax" in slips:
            error = error * p * (1 - p)
        if "ReLU after the logits" in slips:
            error = error * (logits > 0)
        at_logits = error if "no mean" in slips else error / len(X)
        if "mean over all entries" in slips:
            at_logits = error / error.size
        mask = z > 0
        if "kink" in slips:
            mask = z >= 0
        if "no mask" in slips:
            mask = np.ones_like(z)
        if "values as mask" in slips:
            mask = h
        if "sign of the error as mask" in slips:
            mask = at_logits @ W2 > 0
        at_hidden = (at_logits @ W2) * mask
        sums = [np.mean if "bias by mean" in slips else np.sum for _ in range(2)]
        first_bias, last_bias = (f(a, axis=0) for f, a in zip(sums, (at_hidden, at_logits), strict=True))
        if "bias not summed" in slips:
            first_bias, last_bias = at_hidden, at_logits
        first, last = at_hidden.T @ X, at_logits.T @ (z if "no ReLU forward" in slips else h)
        if "transposed" in slips:
            first, last = first.T, last.T
        parts = [first, first_bias, last, last_bias]
        if "last layer first" in slips:
            parts = [last, last_bias, first, first_bias]
        if "weights before biases" in slips:
            parts = [first, last, first_bias, last_bias]
        return np.concatenate([part.ravel() for part in parts])

    return slipped


_BACKWARD_SLIPS = {
    "no mean": "the division by the number of examples is missing. The loss is a *mean*, so the step must not grow with the batch.",
    "mean over all entries": "you divide by the number of all entries. The mean goes over the examples, not over the classes.",
    "double softmax": "softmax is applied twice: p went through it already. Logits come in, p comes out, and p − y is the gradient at the *logits*.",
    "no mask": "ReLU is missing on the way back: a unit that was off passes nothing down, so its entry of the gradient is 0 for that example.",
    "ReLU after the logits": "you mask the gradient at the logits. After the last layer there is no ReLU; the mask belongs to the hidden layer.",
    "values as mask": "you multiply by h itself. The derivative of ReLU is 1 where the unit is active, however large its value.",
    "sign of the error as mask": "you mask by the sign of what comes back. Whether ReLU lets it through was decided on the way *forward*, by z.",
    "kink": "a unit at exactly z = 0 counts as active here. The contract takes 0 as the slope there: `z > 0`.",
    "bias not summed": "there is one bias gradient per *example* here. All examples share the bias, so their contributions add up: `.sum(axis=0)`.",
    "bias by mean": "the mean is taken twice for the biases: p − y is divided by the number of examples already. Now *sum* over them.",
    "transposed": "the weight gradients are transposed. They have the shape of the weights, (n_out, n_in): `at_logits.T @ h`, not `h.T @ at_logits`.",
    "no ReLU forward": "the gradient of W2 multiplies by what the last layer was *given*: h, after the ReLU, not z.",
    "sign": "this is y − p. The gradient is p − y: it points uphill, and the step goes against it.",
    "true class only": "only the logit of the true class gets a gradient here. The others get p: every wrong class is pushed down.",
    "derivative of softmax": "p(1 − p) is multiplied in, as for a squared error. Softmax and cross-entropy *together* leave just p − y.",
    "last layer first": "the parts are right, but in the order in which the backward pass finds them. The contract asks for W1, b1, W2, b2.",
    "weights before biases": "the parts are right, but in another order. The contract asks for W1, b1, W2, b2.",
}


def _two_layers(n, inputs, hidden, classes, seed, scale=1.0):
    """Return random arguments of `backward`, with two decimals."""
    rng = np.random.default_rng(seed)
    shapes = [(n, inputs), (hidden, inputs), (hidden,), (classes, hidden), (classes,)]
    X, *parameters = [np.round(scale * rng.normal(size=shape), 2) for shape in shapes]
    return (X, rng.integers(0, classes, n), *parameters)


_AT_THE_KINK = (
    np.array([[1.0, 2.0], [2.0, 1.0]]),
    np.array([1, 0]),
    np.array([[2.0, -1.0], [1.0, 1.0]]),
    np.array([0.0, -1.0]),
    np.array([[1.0, -1.0], [0.5, 2.0]]),
    np.array([0.1, -0.2]),
)

backward_exercise = Exercise(
    "Write `backward(X, y, W1, b1, W2, b2)`: the gradient of the mean cross-entropy of a two-layer network, "
    "logits = relu(X W1ᵀ + b1) W2ᵀ + b2, with respect to all its parameters.",
    Contract(
        "`X` has shape (n, inputs), `y` holds n whole-number labels from 0 on, `W1` has shape (hidden, inputs), `b1` (hidden,), `W2` (classes, hidden), "
        "`b2` (classes,). Return *one* vector: the gradients of W1, b1, W2 and b2, in this order, each in the shape of its parameters and then laid out row by row with "
        "`.ravel()`, joined by `np.concatenate`. The slope of ReLU at 0 is taken as 0. Logits may be large: use the course's `softmax`. Leave all arguments unchanged.",
        atol=1e-11,
    ),
    backward,
    [
        Check("one example", _two_layers(1, 3, 4, 3, seed=0)),
        Check("five examples", _two_layers(5, 3, 4, 3, seed=1)),
        Check("as many inputs as units and classes", _two_layers(4, 3, 3, 3, seed=2)),
        Check("a unit exactly at its kink", _AT_THE_KINK),
        Check("two classes", _two_layers(6, 2, 5, 2, seed=3)),
        Check("large logits", _two_layers(3, 2, 4, 3, seed=4, scale=20.0)),
        Check("ten classes, a batch of eight", _two_layers(8, 5, 6, 10, seed=5)),
    ],
    [Mistake(_backward_with(slip), explanation) for slip, explanation in _BACKWARD_SLIPS.items()],
    [
        "Run the network forward and keep X, z and h. Then walk back: start with p − y at the logits, and at each layer ask what its weights and its bias were multiplied by.",
        "δ2 = (p − **y**)/n;  ∂W2 = δ2ᵀ h;  ∂b2 = Σ δ2;  δ1 = (δ2 W2) ⊙ [z > 0];  ∂W1 = δ1ᵀ X;  ∂b1 = Σ δ1",
        "`at_logits = (softmax(h @ W2.T + b2) - np.eye(len(b2))[y]) / len(X)`, `at_hidden = (at_logits @ W2) * (z > 0)`; then four parts, `.ravel()` and `np.concatenate`.",
    ],
)


def train_loop(X, Y, W, order, batch_size, start, end, steps):
    X, Y = X[order], Y[order]
    film = [W.copy()]
    for t in range(steps):
        first = t * batch_size % len(X)
        rows = slice(first, first + batch_size)
        p = softmax(X[rows] @ W.T)
        rate = start - (start - end) * t / steps
        W = W - rate * (p - Y[rows]).T @ X[rows] / batch_size
        film.append(W)
    return np.array(film)


def _given_loop(X, Y, W, order, batch_size, start, end, steps):
    X, W = X[order], W.copy()
    film, logits = [W.copy()], X @ W.T
    for t in range(steps):
        first = t * batch_size % len(X)
        rows = slice(first, first + batch_size)
        p = softmax(logits[rows])
        error = softmax(p) - Y[rows]
        rate = start - (start - end) * (t // steps)
        W -= rate * error.T @ X[rows]
        film.append(W)
    return np.array(film)


def _loop_with(bugs):
    """Return the loop with these of its bugs left; with all of them it does what the given one does."""

    def loop(X, Y, W, order, batch_size, start, end, steps):
        X, Y = X[order], Y if "labels" in bugs else Y[order]
        film, first_W = [W], W
        for t in range(steps):
            first = t * batch_size % len(X)
            rows = slice(first, first + batch_size)
            p = softmax(X[rows] @ (first_W if "stale" in bugs else W).T)
            error = (softmax(p) if "double" in bugs else p) - Y[rows]
            passed = t // steps if "rate" in bugs else t / steps
            examples = 1 if "mean" in bugs else batch_size
            W = W - (start - (start - end) * passed) * error.T @ X[rows] / examples
            film.append(W)
        return np.array(film[:1] + [W for _ in film[1:]] if "shared" in bugs else film)

    return loop


# In the order in which they are told, which is that of the checks: those first that show in a single step.
_BUGS = {
    "double": "softmax is applied twice. What `p` holds are probabilities already; another softmax presses them together, so that no answer is ever sure and the error never gets small.",
    "mean": "the sum over the batch is not divided by its size: twice as many examples make a step twice as long.",
    "labels": "the images are put in a new order, but their labels are not. Row for row, X and Y must stay together.",
    "shared": "all pictures of the film but the first show the *last* network. `film.append(W)` keeps no copy: it is another name for the one array that `-=` changes in place.",
    "stale": "the logits were computed once, before the first step. Every gradient is that of the *starting* weights; compute them inside the loop, from the W of that step.",
    "rate": "the learning rate does not fall: t // steps is 0 as long as t is below `steps`. A fraction needs `/`.",
}
_NUMBERS = {1: "one bug is", 2: "two bugs are", 3: "three bugs are", 4: "four bugs are", 5: "five bugs are"}


def _bugs_left(bugs: Sequence[str]) -> str:
    """Name one bug, and say how many there are: the hunt goes on."""
    if len(bugs) == len(_BUGS):
        return "this is the loop as it was given, with all its bugs. Take the checks one by one: the first makes a single step with a single example."
    return f"{_NUMBERS[len(bugs)]} left. {'One of them' if len(bugs) > 1 else 'It is this'}: {_BUGS[bugs[0]]}"


def _softmax_regression(n, inputs, classes, seed):
    """Return inputs, one-hot labels and starting weights."""
    rng = np.random.default_rng(seed)
    X, W = np.round(rng.normal(size=(n, inputs)), 2), np.round(rng.normal(size=(classes, inputs)), 2)
    return X, np.eye(classes)[(np.arange(n) + rng.integers(classes)) % classes], W


_THREE, _SIX, _TWELVE = (_softmax_regression(n, 2, 3, seed=n) for n in (3, 6, 12))
_WIDE_TASK = _softmax_regression(6, 5, 4, seed=1)
_TWO_WEIGHTS = np.array([[1.0, -0.5], [0.5, 2.0]])
_KEPT = np.arange(12)

loop_exercise = Exercise(
    "Find the bugs in `train_loop(X, Y, W, order, batch_size, start, end, steps)`: it should train a network of one layer, logits = X Wᵀ, and film it. It runs without "
    "an error. Mend the loop, or write your own.",
    Contract(
        "`X` has shape (n, inputs); `Y` has shape (n, classes) and holds one-hot labels; `W`, of shape (classes, inputs), is where to start. `order` is an array of the row numbers 0 to n − 1: "
        "take the examples in that order, in batches of `batch_size` (which divides n), one batch per step, and begin again when all have been seen. "
        "At step t = 0, 1, ... the weights go against the gradient of the *mean* cross-entropy of their batch, with the learning rate `start` − (`start` − `end`) t / `steps`. "
        "Return an array of shape (steps + 1, classes, inputs): the weights before the first step and after each one. Leave all arguments unchanged.",
        atol=1e-11,
    ),
    train_loop,
    [
        Check("one example, one step", (_THREE[0][:1], _THREE[1][:1], _THREE[2], _KEPT[:1], 1, 0.5, 0.5, 1)),
        Check("a batch of three, one step", (*_THREE, _KEPT[:3], 3, 0.5, 0.5, 1)),
        Check("examples in another order, one step", (*_SIX, np.array([4, 0, 5, 2, 1, 3]), 2, 0.5, 0.5, 1)),
        Check(
            "two pictures after two steps", (np.eye(2), np.eye(2), _TWO_WEIGHTS, _KEPT[:2], 1, 0.5, 0.5, 2)
        ),
        Check("the second step starts from the first", (*_SIX, _KEPT[:6], 2, 0.5, 0.5, 2)),
        Check("a rate that falls, one example in each step", (*_THREE, _KEPT[:3], 1, 0.8, 0.2, 3)),
        Check("no step at all", (*_THREE, _KEPT[:3], 3, 0.5, 0.1, 0)),
        Check("two rounds through all examples", (*_TWELVE, _KEPT[::-1], 4, 0.5, 0.1, 6)),
        Check("five inputs, four classes", (*_WIDE_TASK, np.array([2, 3, 0, 5, 4, 1]), 3, 1.0, 0.0, 5)),
    ],
    [
        Mistake(_given_loop if count == len(_BUGS) else _loop_with(bugs), _bugs_left(bugs))
        for count in range(1, len(_BUGS) + 1)
        for bugs in combinations(_BUGS, count)
    ],
    [
        "The checks are ordered, so mend one after the other. The first makes a single step with a single example: neither the batch nor the order nor the schedule can matter there.",
        "each step: p = softmax(x Wᵀ) with the *present* W;  W ← W − α_t (p − **y**)ᵀ x / batch size;  α_t = α_s − (α_s − α_e) t/N",
        "There are six: `softmax` (how often?), the sum over the batch (is it a mean?), `Y` (in which order?), `film.append(W)` (a copy?), `logits` (computed when?), `//` (a fraction?).",
    ],
)
