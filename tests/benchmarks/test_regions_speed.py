"""How fast linear regions are enumerated, as ratios to evaluating the same network on a 500 x 500 grid.

Run with `pytest tests/benchmarks/test_regions_speed.py --benchmark-enable -n 0 -s`. Ratios, regions
and memory are printed, and stand in `extra_info` of `--benchmark-json=FILE`. Nothing here asserts a time.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest

from course_utils.numerics.mlp import MLP
from course_utils.numerics.regions import ActivationRegions, activation_regions

WINDOW = (-10.0, 10.0, -10.0, 10.0)
AXIS = np.linspace(-10, 10, 500)
GRID = np.stack(np.meshgrid(AXIS, AXIS), axis=-1)
POINTS_SAMPLED = 1000
BATCH = 5000

SMALL = {(2, 20, 1): 199, (2, 5, 5, 5, 5, 1): 103}
LARGE = {(2, 1000, 1): 463_892, (2, 128, 128, 128, 128, 1): 101_942}


def enumerate_regions(mlp: MLP) -> ActivationRegions:
    """Polygons and affine maps; some of them are computed only when asked for."""
    regions = activation_regions(mlp, WINDOW)
    assert len(regions.polygons) == regions.offsets[-1]
    assert len(regions.slopes) == len(regions.intercepts) == len(regions)
    return regions


def whole_grid_and_gradient(mlp: MLP) -> object:
    return np.gradient(mlp.forward(GRID)[..., 0], AXIS, AXIS)


def grid_in_batches(mlp: MLP) -> object:
    points = GRID.reshape(-1, 2)
    return np.concatenate([mlp.forward(points[i : i + BATCH]) for i in range(0, len(points), BATCH)])


def point_by_point(mlp: MLP) -> object:
    """A sample of the grid, one call of the network for each point."""
    values = np.empty(POINTS_SAMPLED)
    for i in range(POINTS_SAMPLED):
        values[i] = mlp.forward(np.array([AXIS[i % 500], AXIS[i // 500]]))[0]
    return values


def point_by_point_without_numpy(mlp: MLP) -> object:
    """The same sample in plain Python: numbers, lists and loops."""
    layers = [(w.tolist(), b.tolist()) for w, b in zip(mlp.weights, mlp.biases, strict=True)]
    axis = AXIS.tolist()
    values = []
    for i in range(POINTS_SAMPLED):
        x = [axis[i % 500], axis[i // 500]]
        for weights, biases in layers[:-1]:
            x = [
                max(sum(w * v for w, v in zip(row, x, strict=True)) + b, 0.0)
                for row, b in zip(weights, biases, strict=True)
            ]
        ((row,), (b,)) = layers[-1]
        values.append(sum(w * v for w, v in zip(row, x, strict=True)) + b)
    return values


def seconds(function: Callable[[MLP], object], mlp: MLP, repeats: int = 1) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        function(mlp)
    return (time.perf_counter() - start) / repeats


def peak_megabytes(function: Callable[[MLP], object], mlp: MLP) -> float:
    tracemalloc.start()
    function(mlp)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def report(benchmark, mlp: MLP, **numbers: float) -> None:
    regions = activation_regions(mlp, WINDOW)
    benchmark.extra_info["network"] = "-".join(map(str, mlp.widths))
    benchmark.extra_info["regions"] = len(regions)
    benchmark.extra_info["engine"] = regions.engine
    benchmark.extra_info["peak MB"] = round(peak_megabytes(enumerate_regions, mlp), 1)
    benchmark.extra_info |= {name: float(f"{number:.4g}") for name, number in numbers.items()}
    print("\n", benchmark.extra_info)


@pytest.mark.parametrize("widths", SMALL)
def test_small_networks(benchmark, widths):
    mlp = MLP.random(widths, 0)
    regions = benchmark.pedantic(enumerate_regions, args=(mlp,), rounds=100, warmup_rounds=3)
    assert len(regions) == SMALL[widths]
    if benchmark.disabled:
        return
    # Taken in turns, so that a busy machine slows all of them alike.
    ours, grid, points, plain, splitter = [], [], [], [], []
    assert np.allclose(point_by_point(mlp), point_by_point_without_numpy(mlp))
    for _ in range(25):
        ours.append(seconds(enumerate_regions, mlp, 20))
        points.append(seconds(point_by_point, mlp) * GRID[..., 0].size / POINTS_SAMPLED)
        plain.append(seconds(point_by_point_without_numpy, mlp) * GRID[..., 0].size / POINTS_SAMPLED)
        ours.append(seconds(enumerate_regions, mlp, 20))
        grid.append(seconds(whole_grid_and_gradient, mlp))
        splitter.append(seconds(lambda net: activation_regions(net, WINDOW, engine="splitter"), mlp))
    best = min(ours)
    report(
        benchmark,
        mlp,
        milliseconds=best * 1e3,
        grid_and_gradient_milliseconds=min(grid) * 1e3,
        grid_and_gradient_over_ours=min(grid) / best,
        point_by_point_seconds=min(points),
        point_by_point_over_ours=min(points) / best,
        plain_python_seconds=min(plain),
        plain_python_over_ours=min(plain) / best,
        splitter_over_ours=min(splitter) / best,
    )


@pytest.mark.parametrize("widths", LARGE)
def test_large_networks(benchmark, widths):
    if benchmark.disabled:
        pytest.skip("takes seconds; runs with --benchmark-enable")
    mlp = MLP.random(widths, 0)
    regions = benchmark.pedantic(enumerate_regions, args=(mlp,), rounds=3, warmup_rounds=1)
    assert len(regions) == LARGE[widths]
    pairs = [(seconds(enumerate_regions, mlp), seconds(grid_in_batches, mlp)) for _ in range(5)]
    ours, batches = map(min, zip(*pairs, strict=True))
    report(benchmark, mlp, seconds=ours, batches_seconds=batches, ours_over_batches=ours / batches)
