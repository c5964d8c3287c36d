"""Section "Regions that move": the film of a training."""

from __future__ import annotations

import functools
import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from course_utils.lessons.arrays import Array, Whole, with_gaps
from course_utils.lessons.region_maps import (
    at_corners,
    boundary_lines,
    level_pieces,
    square_window,
    window_around,
)
from course_utils.lessons.training_a_classifier.runs import SCHEMES
from course_utils.numerics import training
from course_utils.numerics.mlp import MLP
from course_utils.numerics.regions import ActivationRegions, activation_regions
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Choice, Demo, Integer, Question
from course_utils.teaching.pictures import Axis, Drag, Image, Line, Panel, Picture, Points, Rule, Table
from course_utils.teaching.pictures.colors import hex_of
from course_utils.teaching.text import format_number, percent
from course_utils.words import counted

FILM_HALF = 3.0
FRAMES = 25  # frame n shows the network after n² steps: much happens early
PIXELS = 75
FIELD = {"colormap": "diverging", "low": -0.7, "high": 1.7}  # light, so that lines and points stand out
COUNT = 120  # points
POINTS = (("circle", "#00426e"), ("triangle", "#8a3500"))  # of each class, in the colors of the field


@functools.cache
def two_moons() -> tuple[Array, Whole]:
    """Return points of two interlocking half circles, and which of the two each belongs to."""
    random = np.random.default_rng(0)
    y, angle = np.arange(COUNT) % 2, random.uniform(0, np.pi, COUNT)
    upper, lower = [np.cos(angle), np.sin(angle)], [1 - np.cos(angle), 0.5 - np.sin(angle)]
    x = np.where(y == 0, upper, lower).T - [0.5, 0.25]
    return 1.5 * x + random.normal(0, 0.2, (COUNT, 2)), y


class Frame(NamedTuple):
    """One snapshot of the film, with what is drawn of it."""

    snapshot: training.Snapshot
    regions: ActivationRegions
    boundary: Array
    undecided: float  # share of the window on whose regions both logits are the same function
    right: float


STARTS = ("He", "uniform ±1/√n", "all zero")


@functools.lru_cache(maxsize=16)
def film(net: str, start: str) -> list[Frame]:
    """Train a network on the two moons, and keep the steps 0, 1, 4, 9 and so on with their exact regions."""
    X, y = two_moons()
    widths = [int(width) for width in net.split("-")]
    scheme = SCHEMES[start]
    mlp = MLP.random(widths, seed=1, scheme=scheme, bias=scheme == "uniform")
    frames = []
    for snapshot in training.train(mlp, X, y, steps=FRAMES**2, learning_rate=0.05, momentum=0.8):
        if math.isqrt(snapshot.step) ** 2 != snapshot.step:
            continue
        regions = activation_regions(snapshot.mlp, window_around(FILM_HALF))
        right = training.accuracy(snapshot.mlp.forward(X), y)
        undecided = float(regions.areas[ties(regions)].sum() / regions.areas.sum())
        frames.append(Frame(snapshot, regions, decision_boundary(regions), undecided, right))
    return frames


def ties(regions: ActivationRegions) -> npt.NDArray[np.bool_]:
    """Tell on which regions a network's two logits are equal everywhere.

    So it is where all units of the last hidden layer are off, if the two output biases are equal.

    Examples
    --------
    >>> one_sided = MLP([[[1.0, 0.0]], [[1.0], [-1.0]]], [[0.0], [0.0, 0.0]])  # off where x0 < 0
    >>> regions = activation_regions(one_sided, (-1, 1, -1, 1))
    >>> regions.areas[ties(regions)].tolist()
    [2.0]
    """
    maps = np.concatenate([regions.slopes, regions.intercepts[..., np.newaxis]], axis=-1)
    equal: npt.NDArray[np.bool_] = np.all(maps[:, 0] == maps[:, 1], axis=-1)
    return equal


def decision_boundary(regions: ActivationRegions) -> Array:
    """Return where a network's two logits are equal: one straight piece per region that it crosses.

    On a region both logits are affine, so their difference is zero on a straight line, or nowhere, or on the
    whole region. Whole regions are told by `ties`; their
    edges are left out here.

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
    slopes, intercepts = regions.slopes, regions.intercepts
    ahead = at_corners(regions, slopes[:, 1] - slopes[:, 0], intercepts[:, 1] - intercepts[:, 0])
    pieces = level_pieces(regions, ahead, 0)
    # Where the boundary passes through a corner, rounding makes pieces without length.
    kept = np.ptp(pieces, axis=1).max(axis=-1) > 1e-9
    middles = pieces.mean(axis=1)
    for tied in np.flatnonzero(ties(regions)).tolist():
        kept &= ~_holds(regions[tied].polygon, middles)
    real: Array = pieces[kept]
    return real


def _holds(polygon: Array, points: Array) -> npt.NDArray[np.bool_]:
    """Tell which points lie in a convex polygon or, up to rounding, on its edge.

    >>> _holds(np.array([[0, 0], [1, 0], [0, 1]]), np.array([[0.2, 0.2], [0.5, 0.5], [0.6, 0.6]])).tolist()
    [True, True, False]
    """
    edges, away = np.roll(polygon, -1, axis=0) - polygon, points[:, np.newaxis] - polygon
    turns = edges[:, 0] * away[..., 1] - edges[:, 1] * away[..., 0]
    inside: npt.NDArray[np.bool_] = np.all(turns > -1e-9, axis=-1)
    return inside


FILM_AXIS = np.linspace(-FILM_HALF, FILM_HALF, PIXELS)
FILM_GRID = np.stack(np.meshgrid(FILM_AXIS, FILM_AXIS), axis=-1)


def training_film(net: str, start: str, frame: int) -> Picture:
    """Show the decision boundary and the exact regions of a network at one step of its training."""
    frames = film(net, start)
    shown = frames[frame]
    snapshot, count, pieces = shown.snapshot, len(shown.regions), len(shown.boundary)
    p = softmax(snapshot.mlp.forward(FILM_GRID))[..., 1]
    units = sum(snapshot.mlp.widths[1:-1])
    regions = counted(count, "region")
    return Picture(
        [_map(shown, p, f"{regions}; blue: surely ●, orange: surely ▲"), _losses(frames, frame)],
        f"Step {snapshot.step}: loss {format_number(snapshot.loss, 2)}, {percent(shown.right)} of the points are right, "
        f"and {units} hidden units make {regions} in the window. {_decided(pieces, shown.undecided)}",
        table=Table(
            f"A {net} network that starts with {start} weights, during training",
            {
                "step": [f.snapshot.step for f in frames[::5]],
                "loss": [format_number(f.snapshot.loss, 2) for f in frames[::5]],
                "points right": [percent(f.right) for f in frames[::5]],
                "regions": [len(f.regions) for f in frames[::5]],
                "pieces of the boundary": [len(f.boundary) for f in frames[::5]],
            },
            {
                "step now": snapshot.step,
                "loss now": format_number(snapshot.loss, 2),
                "points right now": percent(shown.right),
                "regions now": count,
                "pieces of the boundary now": pieces,
                **({"equally probable on": percent(shown.undecided)} if shown.undecided else {}),
                "hidden units": units,
            },
        ),
        height=410,
    )


def _decided(pieces: int, undecided: float) -> str:
    """Say where in the window the two classes are equally probable: on lines, on whole regions, or on both.

    Examples
    --------
    >>> _decided(1, 0.25)
    'The boundary has 1 straight piece, in one region. On other regions, 25 % of the window, both classes are equally probable.'
    >>> _decided(0, 0.25)
    'The two classes are equally probable on 25 % of the window, and nowhere else.'
    >>> _decided(0, 1.0), _decided(0, 0.0) == _decided(0, 1.0).replace("every", "no")
    ('The two classes are equally probable everywhere in the window.', True)
    """
    if pieces:
        crossed = (
            "1 straight piece, in one region"
            if pieces == 1
            else f"{pieces} straight pieces, one in each region that it crosses"
        )
        said = f"The boundary has {crossed}."
        tied = f" On other regions, {percent(undecided)} of the window, both classes are equally probable."
        return said + tied * (undecided > 0)
    if 0 < undecided < 1:
        return (
            f"The two classes are equally probable on {percent(undecided)} of the window, and nowhere else."
        )
    return f"The two classes are equally probable {'every' if undecided else 'no'}where in the window."


def _map(shown: Frame, p: Array, title: str) -> Panel:
    X, y = two_moons()
    half_pixel = (FILM_AXIS[1] - FILM_AXIS[0]) / 2
    edges = (-FILM_HALF - half_pixel, FILM_HALF + half_pixel)
    line_x, line_y = with_gaps(shown.boundary)
    return Panel(
        title,
        [
            Image("p of class 1", p, x=edges, y=edges, **FIELD),  # type: ignore[arg-type]
            *boundary_lines(shown.regions, on_paper=False),
            Line("", line_y, line_x, color="#ffffff", width=7),
            Line("x1 of the boundary", line_y, line_x, color=hex_of("ink"), width=4),
            *(
                Points(
                    f"x1 of class {label}",
                    *X[y == label, ::-1].T,
                    color=color,
                    shape=shape,
                    size=8,
                    outline="#ffffff",
                )
                for label, (shape, color) in enumerate(POINTS)
            ),
        ],
        **square_window(FILM_HALF),
        weight=1.7,
    )


def _losses(frames: list[Frame], frame: int) -> Panel:
    losses = [f.snapshot.loss for f in frames]
    return Panel(
        "training loss",
        [
            Line("loss of a frame", losses, range(len(frames)), color="loss", width=3),
            Rule("frame", frame, width=3, dash="", drags={"x": Drag("frame")}),
        ],
        x=Axis(
            "step *n*^2 in frame *n*",
            0,
            FRAMES,
            ticks={n: str(n**2) for n in (0, 10, 15, 20, 25)},
            name="frame",
        ),
        y=Axis(low=0, high=1, ticks=(0, 0.5, 1)),
    )


film_demo = Demo(
    training_film,
    (
        Choice("net", "Network", options=("2-10-2", "2-6-2", "2-6-6-2")),
        Choice("start", "Weights at the start", options=STARTS),
        Integer("frame", "Frame n, after n² steps", low=0, high=FRAMES, initial=FRAMES, plays=True),
    ),
    title="Training film.",
    look_for="Play it: the lines of the units move. Where can the thick boundary bend?",
    presets={
        "Before training": {"frame": 0},
        "After 25 steps": {"frame": 5},
        "After 100 steps": {"frame": 10},
        "Two hidden layers": {"net": "2-6-6-2"},
        "From zero": {"start": "all zero"},
    },
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
    expected=[20, 40, 40],
)
