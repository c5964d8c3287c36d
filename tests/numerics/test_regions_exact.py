"""Regions against exact rational arithmetic: no tolerance, no rounding, every coincidence seen."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from course_utils.numerics.mlp import MLP
from course_utils.numerics.regions import ActivationRegions, activation_regions

Point = tuple[Fraction, Fraction]


@dataclass
class ExactRegion:
    polygon: list[Point]
    rows: list[tuple[Fraction, Fraction, Fraction]]  # layer input: a x + b y + c
    pattern: tuple[bool, ...] = ()

    @property
    def area(self) -> Fraction:
        ring = [*self.polygon, self.polygon[0]]
        return sum(((x0 * y1 - x1 * y0) for (x0, y0), (x1, y1) in pairwise(ring)), Fraction(0)) / 2


def exact_regions(mlp: MLP, window: tuple[float, float, float, float]) -> list[ExactRegion]:
    """Cell by cell, in rational arithmetic. After the last layer `rows` is the network's affine map."""
    xmin, xmax, ymin, ymax = map(Fraction, window)
    one, zero = Fraction(1), Fraction(0)
    corners = [(xmin, ymin), (xmax, ymin), (xmax, ymax), (xmin, ymax)]
    cells = [ExactRegion(corners, [(one, zero, zero), (zero, one, zero)])]
    for weight, bias in zip(mlp.weights[:-1], mlp.biases[:-1], strict=True):
        cells = [piece for cell in cells for piece in _exact_split(cell, _affine(weight, bias, cell.rows))]
    for cell in cells:
        cell.rows = _affine(mlp.weights[-1], mlp.biases[-1], cell.rows)
    return cells


def _affine(weight, bias, rows):
    product = [
        [sum(Fraction(w) * row[k] for w, row in zip(ws, rows, strict=True)) for k in range(3)]
        for ws in weight
    ]
    return [(a, b, c + Fraction(d)) for (a, b, c), d in zip(product, bias, strict=True)]


def _exact_split(cell: ExactRegion, rows) -> list[ExactRegion]:
    pieces: list[tuple[list[Point], tuple[bool, ...]]] = [(cell.polygon, ())]
    for a, b, c in rows:
        after = []
        for polygon, pattern in pieces:
            values = [a * x + b * y + c for x, y in polygon]
            if max(values) > 0 > min(values):
                after.append((_exact_clip(polygon, values), (*pattern, True)))
                after.append((_exact_clip(polygon, [-v for v in values]), (*pattern, False)))
            else:
                after.append((polygon, (*pattern, max(values) > 0)))
        pieces = after
    zero = (Fraction(0),) * 3
    return [
        ExactRegion(
            polygon,
            [row if on else zero for row, on in zip(rows, pattern, strict=True)],
            cell.pattern + pattern,
        )
        for polygon, pattern in pieces
    ]


def _exact_clip(polygon, values):
    kept = []
    for i, (p, v) in enumerate(zip(polygon, values, strict=True)):
        q, w = polygon[i - 1], values[i - 1]
        if v * w < 0:
            t = w / (w - v)
            kept.append((q[0] + t * (p[0] - q[0]), q[1] + t * (p[1] - q[1])))
        if v >= 0:
            kept.append(p)
    return kept


def assert_equals_exact(regions: ActivationRegions, exact: list[ExactRegion]) -> None:
    """The same patterns, and for each the same polygon, area and affine map."""
    patterns = [tuple(map(bool, row)) for row in regions.activation_patterns]
    by_pattern = {cell.pattern: cell for cell in exact}
    assert len(by_pattern) == len(exact)
    assert len(set(patterns)) == len(patterns)
    assert set(patterns) == by_pattern.keys()
    xmin, xmax, ymin, ymax = regions.window
    widths = np.array([xmax - xmin, ymax - ymin])
    sizes = np.abs(regions.slopes).max(initial=0), np.abs(regions.intercepts).max(initial=0)
    for region, pattern in zip(regions, patterns, strict=True):
        cell = by_pattern[pattern]
        assert region.area > 0
        assert region.area == pytest.approx(float(cell.area), rel=1e-9, abs=1e-11 * widths.prod())
        exact_points = np.array([[float(c) for c in p] for p in cell.polygon])
        distances = np.abs((region.polygon[:, None] - exact_points) / widths).max(axis=2)
        assert distances.min(axis=0).max() < 1e-9
        rows = np.array([[float(v) for v in row] for row in cell.rows])
        np.testing.assert_allclose(region.slope, rows[:, :2], rtol=1e-9, atol=1e-13 * sizes[0])
        np.testing.assert_allclose(
            region.intercept, rows[:, 2], rtol=1e-9, atol=1e-12 * (sizes[1] + sizes[0])
        )


ENGINES = ["auto", "splitter"]
WINDOWS = [(-1, 1, -1, 1), (-50, 50, -50, 50), (0.25, 0.75, -3.0, 4.0), (1000, 1001, -1000.5, -999.5)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("widths", [(2, 1, 1), (2, 7, 1), (2, 5, 4, 2), (2, 3, 3, 3, 1), (2, 2, 2, 2, 2, 1)])
def test_random_nets_equal_exact_arithmetic(widths, window, engine):
    for seed in range(2):
        mlp = MLP.random(widths, seed)
        assert_equals_exact(activation_regions(mlp, window, engine=engine), exact_regions(mlp, window))


def degenerate_net(rng: np.random.Generator) -> MLP:
    """Small whole numbers, so that lines meet in one point, run along each other, through corners or not at
    all.
    """
    depth = int(rng.integers(1, 4))
    widths = (2, *(int(n) for n in rng.integers(1, 7 if depth == 1 else 5, depth)), int(rng.integers(1, 3)))
    weights = [rng.integers(-2, 3, (n, m)).astype(float) for m, n in pairwise(widths)]
    biases = [rng.integers(-1, 2, n) * rng.choice([0.0, 0.5, 1.0]) for n in widths[1:]]
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        i, j = rng.integers(0, len(weight), 2)
        match rng.integers(0, 5):
            case 0:  # duplicated
                weight[i], bias[i] = weight[j], bias[j]
            case 1:  # opposite
                weight[i], bias[i] = -weight[j], -bias[j]
            case 2:  # zero
                weight[i], bias[i] = 0, 0
            case 3:  # dead
                weight[i], bias[i] = 0, -1
    return MLP(weights, biases)


DEGENERATE_WINDOWS = [
    (-1, 1, -1, 1),
    (-2, 2, -2, 2),
    (-3, 1, 0, 5),
    (-0.5, 0.5, -1.5, 0.5),
    (-64, 64, -64, 64),
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", range(150))
def test_degenerate_nets_equal_exact_arithmetic(seed, engine):
    rng = np.random.default_rng(seed)
    mlp = degenerate_net(rng)
    window = DEGENERATE_WINDOWS[seed % len(DEGENERATE_WINDOWS)]
    assert_equals_exact(activation_regions(mlp, window, engine=engine), exact_regions(mlp, window))
