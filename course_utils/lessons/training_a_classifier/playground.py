"""Section "A playground": any small network learns three classes before your eyes, with its exact regions."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator

import numpy as np

from course_utils.lessons.arrays import Array, Whole, with_gaps
from course_utils.lessons.region_maps import at_corners, boundary_lines, square_window, window_around
from course_utils.numerics import training
from course_utils.numerics.mlp import MLP
from course_utils.numerics.regions import ActivationRegions, activation_regions
from course_utils.teaching import Choice, Demo, Integer, LogFloat
from course_utils.teaching.pictures import (
    Axis,
    Drag,
    Line,
    Panel,
    Picture,
    Points,
    Polygons,
    Rule,
    Table,
    powers_of_ten,
)
from course_utils.teaching.text import format_number, percent
from course_utils.words import counted

POINTS, CLASSES, HALF, MOST_STEPS = 120, 3, 3.0, 300
MOMENTUM = 0.9
# In areas the hue of class2 is too near to that of class0; each tint is that of its class.
LOOKS = (("circle", "class0", "tint0"), ("triangle", "class1", "tint1"), ("square", "class3", "tint2"))
TASKS = ("three arms", "three clouds", "three rings")


@functools.cache
def task(name: str) -> tuple[Array, Whole]:
    """Return points of three classes, within a window of ±3."""
    random = np.random.default_rng(0)
    y = np.arange(POINTS) % CLASSES
    share, noise = random.uniform(0, 1, POINTS), random.normal(0, 1, (POINTS, 2))
    if name == "three arms":
        radius, angle = 0.3 + 2.3 * share, 2 * np.pi * y / CLASSES + 3.2 * share
        return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1) + 0.08 * noise, y
    if name == "three rings":
        angle = 2 * np.pi * share
        return (0.2 + 1.1 * y[:, None]) * np.stack([np.cos(angle), np.sin(angle)], axis=-1) + 0.13 * noise, y
    middles = np.array([[-1.2, -0.9], [1.4, -0.6], [0, 1.4]])
    return middles[y] + 0.55 * noise, y


class Course:
    """A training that goes on as far as somebody asks: each step is computed once."""

    def __init__(self, name: str, widths: tuple[int, ...], rate: float) -> None:
        self.X, self.y = task(name)
        self._shown: list[training.Snapshot] = []
        self._coming = training.train(
            MLP.random(widths, seed=1, scheme="he", bias=True),
            self.X,
            self.y,
            steps=MOST_STEPS,
            learning_rate=rate,
            momentum=MOMENTUM,
        )

    def upto(self, step: int) -> list[training.Snapshot]:
        """Return the snapshots from step 0 to this one."""
        self._shown += itertools.islice(self._coming, max(0, step + 1 - len(self._shown)))
        return self._shown[: step + 1]


@functools.lru_cache(maxsize=16)
def course(name: str, widths: tuple[int, ...], rate: float) -> Course:
    """Return the training of one network, as far as it has come."""
    return Course(name, widths, rate)


@functools.lru_cache(maxsize=64)
def regions_of(mlp: MLP) -> ActivationRegions:
    """Return the exact regions of a network in the window."""
    return activation_regions(mlp, window_around(HALF))


def areas_of_classes(regions: ActivationRegions) -> tuple[list[Array], Whole, list[Array]]:
    """Cut regions, on each of which all logits are affine, where another logit becomes the largest.

    Returns
    -------
    areas : list of ndarray, shape (corners, 2)
        Together the whole window.
    classes : ndarray of int
        The class whose logit is the largest there.
    borders : list of ndarray, shape (2, 2)
        Straight pieces on which the two largest logits are equal.

    Examples
    --------
    >>> mirror = MLP([[[1.0, 0.0]], [[1.0], [-1.0], [0.0]]], [[2.0], [-2.0, 2.0, -9.0]])
    >>> areas, classes, borders = areas_of_classes(activation_regions(mirror, (-1, 1, -1, 1)))
    >>> classes.tolist(), [sorted(border.tolist()) for border in borders]
    ([0, 1], [[[0.0, -1.0], [0.0, 1.0]]])
    """
    offsets = regions.offsets
    z = at_corners(regions, regions.slopes, regions.intercepts)
    largest = z.argmax(axis=1)
    least, most = (f.reduceat(largest, offsets[:-1]) for f in (np.minimum, np.maximum))
    areas: list[Array] = []
    borders: list[Array] = []
    classes: list[int] = []
    for i, (first, last) in enumerate(itertools.pairwise(offsets)):
        if least[i] == most[i]:  # an affine difference that is positive at all corners is so between them
            areas.append(regions.polygons[first:last])
            classes.append(int(least[i]))
            continue
        corners = np.hstack([regions.polygons[first:last], z[first:last]]).tolist()
        for one in range(z.shape[1]):
            part = corners
            for other in range(z.shape[1]):
                part = _where_first_is_larger(part, 2 + one, 2 + other) if other != one else part
            if len(part) < 3:
                continue
            areas.append(np.array(part)[:, :2])
            classes.append(one)
            borders += [np.array([a[:2], b[:2]]) for a, b in _borders(part, one)]
    return areas, np.array(classes), borders


Corner = list[float]  # x0, x1 and the logits there


def _where_first_is_larger(corners: list[Corner], one: int, other: int) -> list[Corner]:
    """Return the part of a convex polygon in which one logit is not below another."""
    kept = []
    for here, there in zip(corners, corners[1:] + corners[:1], strict=True):
        ahead, then = here[one] - here[other], there[one] - there[other]
        if ahead >= 0:
            kept.append(here)
        if (ahead > 0 > then) or (ahead < 0 < then):
            share = ahead / (ahead - then)
            cut = [a + share * (b - a) for a, b in zip(here, there, strict=True)]
            cut[one] = cut[other] = max(cut[one], cut[other])
            kept.append(cut)
    return kept


def _borders(part: list[Corner], one: int) -> Iterator[tuple[Corner, Corner]]:
    """Yield the edges of a class's area beyond which a class with a higher number wins."""
    for here, there in zip(part, part[1:] + part[:1], strict=True):
        for other in range(one + 1, len(here) - 2):
            if all(
                abs(end[2 + one] - end[2 + other]) <= 1e-9 * (1 + abs(end[2 + one])) for end in (here, there)
            ):
                yield here, there


def playground(data: str, rate: float, layers: int, units: int, step: int) -> Picture:
    """Show a network of any small shape at one step of its training."""
    widths = (2, *[units] * layers, CLASSES)
    run = course(data, widths, rate)
    shown = run.upto(step)
    last = shown[-1]
    regions = regions_of(last.mlp)
    right = training.accuracy(last.mlp.forward(run.X), run.y)
    count = counted(len(regions), "region")
    cutting = len(np.unique(regions.boundaries()[1]))
    losses = np.array([snapshot.loss for snapshot in shown])
    kept = np.unique(np.linspace(0, step, 11).round().astype(int))
    return Picture(
        [_map(run, regions, f"{count}, and where each class wins"), _losses(losses, step)],
        f"Step {step}: the loss is {format_number(last.loss)}, and {percent(right)} of the points are right. "
        f"{_cut(layers * units, cutting, count)}",
        table=Table(
            f"Training loss of a {'-'.join(map(str, widths))} network on {data}",
            {"step": kept, "loss": losses[kept]},
            {
                "step now": step,
                "points right": percent(right),
                "points": POINTS,
                "regions": len(regions),
                "hidden units": layers * units,
                "hidden units that cut the window": cutting,
                "momentum": MOMENTUM,
                "classes": CLASSES,
            },
        ),
        height=400,
    )


def _cut(units: int, cutting: int, parts: str) -> str:
    """Say which hidden units cut the window, and into what.

    Examples
    --------
    >>> _cut(16, 16, "40 regions")
    '16 hidden units cut the window into 40 regions.'
    >>> _cut(16, 10, "27 regions")
    '10 of the 16 hidden units cut the window, into 27 regions.'
    >>> _cut(16, 0, "1 region")
    'No hidden unit cuts the window: it is 1 region.'
    """
    if cutting == 0:
        return f"No hidden unit cuts the window: it is {parts}."
    if cutting == units:
        return f"{counted(units, 'hidden unit cuts', 'hidden units cut')} the window into {parts}."
    return (
        f"{cutting} of the {units} hidden units {'cuts' if cutting == 1 else 'cut'} the window, into {parts}."
    )


def _map(run: Course, regions: ActivationRegions, title: str) -> Panel:
    areas, classes, borders = areas_of_classes(regions)
    x, y = with_gaps(np.reshape(borders, (-1, 2, 2)))
    return Panel(
        title,
        [
            Polygons("", areas, fill=[LOOKS[one][2] for one in classes.tolist()]),
            *boundary_lines(regions),
            Line("", y, x, color="ink", width=3.5),
            *(
                Points(f"x1 of class {label}", *run.X[run.y == label, ::-1].T, color=color, shape=shape)
                for label, (shape, color, _) in enumerate(LOOKS)
            ),
        ],
        **square_window(HALF),
        weight=1.7,
    )


def _losses(losses: Array, step: int) -> Panel:
    return Panel(
        "training loss",
        [
            Line("loss until now", losses, np.arange(len(losses)), color="loss", width=3),
            Rule("step now", step, width=3, dash="", drags={"x": Drag("step")}),
        ],
        x=Axis("step", 0, MOST_STEPS, ticks=(0, 100, 200, MOST_STEPS)),
        y=Axis(
            low=1e-6,
            high=10,
            scale="log",
            ticks=powers_of_ten(-6, -4, -2, 0),
        ),
    )


playground_demo = Demo(
    playground,
    (
        Choice("data", "Data", options=TASKS),
        LogFloat("rate", "Learning rate α", low=0.001, high=10, initial=0.1, step=10**0.25),
        Integer("layers", "Hidden layers", low=1, high=3, initial=2),
        Integer("units", "Units in each", low=1, high=12, initial=8),
        Integer("step", "Step", low=0, high=MOST_STEPS, initial=100, plays=True),
    ),
    title="A playground.",
    look_for="Play. How few units can tell the three arms apart?",
    presets={
        "Before training": {"step": 0},
        "One layer": {"layers": 1, "units": 12, "step": MOST_STEPS},
        "Three units are too few": {"layers": 1, "units": 3, "step": MOST_STEPS},
        "Rings": {"data": "three rings", "step": 200},
        "Too bold": {"rate": 3.1622776601683795, "step": 100},
    },
)
