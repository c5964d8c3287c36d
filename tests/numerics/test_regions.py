"""Linear regions: laws that hold for every network, known counts, hard networks, bad input.

Exact rational arithmetic stands in `test_regions_exact.py`.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_regions_exact import assert_equals_exact, exact_regions

from course_utils.numerics import _planar_map
from course_utils.numerics import regions as regions_module
from course_utils.numerics._cells import MAX_CHUNK, CenteredNetwork
from course_utils.numerics._planar_map import UntrustedMapError, refine_planar_map
from course_utils.numerics.mlp import MLP
from course_utils.numerics.regions import (
    ActivationRegions,
    activation_regions,
    hanin_rolnick_estimate,
    montufar_lower_bound,
    serra_upper_bound,
    window_count,
    zaslavsky_count,
)

PLAIN = (-10.0, 10.0, -10.0, 10.0)


def centroids(regions: ActivationRegions) -> np.ndarray:
    """The mean of each region's corners: a point inside it."""
    counts = np.diff(regions.offsets)[:, np.newaxis]
    return np.add.reduceat(regions.polygons, regions.offsets[:-1]) / counts


def assert_sound(regions: ActivationRegions) -> None:
    """Everything that must hold between window, polygons, patterns, affine maps, neighbors and network."""
    xmin, xmax, ymin, ymax = regions.window
    width = np.array([xmax - xmin, ymax - ymin])
    polygons, offsets = regions.polygons, regions.offsets
    assert offsets[0] == 0
    assert offsets[-1] == len(polygons)
    assert (np.diff(offsets) >= 3).all()
    assert (polygons >= (xmin, ymin)).all()
    assert (polygons <= (xmax, ymax)).all()

    assert (regions.areas > 0).all()
    assert regions.areas.sum() == pytest.approx(width.prod(), rel=1e-9)

    # Corners go around their region. Counterclockwise and convex: every corner turns left, up to rounding.
    following, owner = regions.next_corners, regions.corner_regions
    for region in [*regions][:100]:
        here = np.flatnonzero(owner == region.index)
        np.testing.assert_array_equal(polygons[here], region.polygon)
        np.testing.assert_array_equal(following[here], np.roll(here, -1))
    edges = (polygons[following] - polygons) / width
    turns = edges[:, 0] * edges[following, 1] - edges[:, 1] * edges[following, 0]
    center_ratio = np.abs(np.reshape(regions.window, (2, 2)).mean(axis=1)).max() / width.min()
    assert turns.min() > -1e-12 - 1e-15 * center_ratio

    # No two regions share a pattern, and it is the one that the network has inside.
    assert len(np.unique(regions.packed_patterns, axis=0)) == len(regions)
    inner = centroids(regions)
    located = regions.locate(inner)
    wide = np.sqrt(regions.areas / width.prod()) > 1e-7 * max(1.0, center_ratio * 1e-3)
    np.testing.assert_array_equal(located[wide], np.arange(len(regions))[wide])

    # The affine map is the network's.
    values = np.einsum("nij,nj->ni", regions.slopes, inner) + regions.intercepts
    size = np.abs(values).max() + np.abs(regions.slopes).max() * np.abs(regions.window).max() + 1e-3
    np.testing.assert_allclose(values, regions.mlp.forward(inner), rtol=1e-9, atol=1e-12 * size)

    # Neighbors share exactly one edge, and the network is continuous across it.
    a, b = regions.neighbors.T
    assert (a != b).all()
    assert len({frozenset(pair) for pair in regions.neighbors.tolist()}) == len(a)
    corners = regions._cells.corners
    sides: dict[tuple[int, int], list[int]] = {}
    for p, q, cell in zip(corners.tolist(), corners[following].tolist(), owner.tolist(), strict=True):
        sides.setdefault((min(p, q), max(p, q)), []).append(cell)
    inner_edges = {edge: cells for edge, cells in sides.items() if len(cells) == 2}
    assert {frozenset(c) for c in inner_edges.values()} == {frozenset(p) for p in regions.neighbors.tolist()}
    points = regions._network.to_plane(regions._cells.points.view(float).reshape(-1, 2))
    for edge, (left, right) in list(inner_edges.items())[:500]:
        ends = points[list(edge)]
        on_left = ends @ regions.slopes[left].T + regions.intercepts[left]
        on_right = ends @ regions.slopes[right].T + regions.intercepts[right]
        np.testing.assert_allclose(on_left, on_right, rtol=1e-9, atol=1e-11 * size)


nets = st.builds(
    MLP.random,
    st.lists(st.integers(1, 7), min_size=1, max_size=4).map(lambda hidden: (2, *hidden, 2)),
    st.integers(0, 2**32 - 1),
    st.sampled_from(["uniform", "he", "glorot"]),
    st.booleans(),
)
sizes = st.floats(-6, 6).map(lambda exponent: 10.0**exponent)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(nets, sizes, st.floats(-3, 3), st.floats(-3, 3))
def test_laws_hold_for_random_nets_and_windows(mlp, size, x, y):
    x, y = x * size, y * size
    regions = activation_regions(mlp, (x - size, x + size, y - size / 3, y + size))
    assert_sound(regions)


@settings(max_examples=30, derandomize=True, deadline=None)
@given(nets, sizes)
def test_both_engines_agree(mlp, size):
    window = (-size, 2 * size, -size, size)
    fast, reference = activation_regions(mlp, window), activation_regions(mlp, window, engine="splitter")
    assert reference.engine == "splitter"
    assert reference.fallback_reason is None
    assert len(fast) == len(reference)
    if fast.engine == "splitter":
        return
    assert fast.fallback_reason is None
    order = reference.locate(centroids(fast))
    assert sorted(order) == list(range(len(fast)))
    np.testing.assert_array_equal(fast.activation_patterns, reference.activation_patterns[order])
    np.testing.assert_allclose(fast.areas, reference.areas[order], rtol=1e-6, atol=1e-12 * size**2)
    scale = np.abs(reference.slopes).max() + 1e-300
    np.testing.assert_allclose(fast.slopes, reference.slopes[order], rtol=1e-9, atol=1e-13 * scale)
    same_pairs = {frozenset(order[pair]) for pair in fast.neighbors}
    assert same_pairs == {frozenset(pair) for pair in reference.neighbors.tolist()}


@pytest.mark.parametrize("window", [(-1, 1, -1, 1), PLAIN, (-5000, 5000, -5000, 5000), (0, 0.5, -2, 3)])
@pytest.mark.parametrize("width", [1, 2, 20, 60])
def test_one_hidden_layer_has_one_region_more_than_lines_and_crossings(width, window):
    for seed in range(5):
        mlp = MLP.random((2, width, 1), seed)
        assert len(activation_regions(mlp, window)) == window_count(mlp, window)


def test_known_counts():
    assert len(activation_regions(MLP.random((2, 20, 1), 0), PLAIN)) == 199
    assert len(activation_regions(MLP.random((2, 5, 5, 5, 5, 1), 0), PLAIN)) == 103
    everywhere = (-5000.0, 5000.0, -5000.0, 5000.0)
    shallow = [activation_regions(MLP.random((2, 20, 1), seed), everywhere) for seed in range(60)]
    deep = [activation_regions(MLP.random((2, 5, 5, 5, 5, 1), seed), everywhere) for seed in range(60)]
    assert {r.engine for r in shallow + deep} == {"planar map"}
    assert np.mean([len(r) for r in shallow]) == pytest.approx(211, abs=0.5)
    assert 140 < np.mean([len(r) for r in deep]) < 200


@pytest.mark.parametrize("widths", [(2, 20, 1), (2, 5, 5, 5, 5, 1), (2, 12, 9, 2)])
def test_no_pattern_that_a_grid_finds_is_missing(widths):
    mlp = MLP.random(widths, 3)
    regions = activation_regions(mlp, PLAIN)
    grid = np.stack(np.meshgrid(np.linspace(-9.99, 9.98, 300), np.linspace(-9.97, 9.99, 300)), axis=-1)
    hidden, patterns = grid, []
    for weight, bias in zip(mlp.weights[:-1], mlp.biases[:-1], strict=True):
        before = hidden @ weight.T + bias
        patterns.append(before > 0)
        hidden = np.maximum(before, 0)
    seen = np.concatenate(patterns, axis=-1)
    index = regions.locate(grid)
    assert index.shape == (300, 300)
    np.testing.assert_array_equal(regions.activation_patterns[index], seen)
    assert 0 < len(np.unique(index)) <= len(regions)


@pytest.mark.parametrize(
    "widths",
    [
        (2, 1, 1),
        (2, 1, 1, 1, 1),
        (2, 60, 1),
        (2, 6, 6, 6, 6, 6, 6, 6, 6, 1),
        (2, 3, 50, 3),
        (2, 12, 12, 12, 4),
    ],
)
@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
def test_shapes_of_networks(widths, size):
    for seed in range(2):
        assert_sound(activation_regions(MLP.random(widths, seed), (-size, size, -size, size)))


def test_no_hidden_layer_is_one_region():
    regions = activation_regions(MLP.random((2, 3), 0), PLAIN)
    assert len(regions) == 1
    assert regions.activation_patterns.shape == (1, 0)
    assert regions.locate([[0, 0], [11, 0]]).tolist() == [0, -1]
    assert regions.linear_labels().tolist() == [0]
    assert_sound(regions)


def test_a_wide_layer_is_summed_exactly():
    """Above a size, slopes are carried from cell to cell; they equal sums over the active neurons."""
    mlp = MLP.random((2, 90, 2), 0)
    regions = activation_regions(mlp, (-40, 40, -40, 40))
    assert len(regions) * 90 > MAX_CHUNK
    active = regions.activation_patterns.astype(float)
    direct = np.einsum("rn,on,ni->roi", active, mlp.weights[1], mlp.weights[0], optimize=True)
    np.testing.assert_allclose(regions.slopes, direct, rtol=0, atol=1e-14)
    constant = active @ (mlp.weights[1] * mlp.biases[0]).T + mlp.biases[1]
    np.testing.assert_allclose(regions.intercepts, constant, rtol=0, atol=1e-14)
    assert (np.abs(regions.slopes).max(axis=(1, 2)) > 0).all()
    assert (
        len(np.unique(regions.packed_patterns, axis=0)) == len(regions) == window_count(mlp, regions.window)
    )


def test_zooming_in_keeps_what_is_there():
    """Around a vertex, windows of all sizes show the same handful of regions with the same slopes."""
    mlp = MLP.random((2, 8, 8, 1), 4)
    whole = activation_regions(mlp, (-2, 2, -2, 2))
    corners, counts = np.unique(whole._cells.corners, return_counts=True)
    points = whole._cells.points[corners]
    vertex = points[(counts == 4) & (np.abs(points.real) < 0.9) & (np.abs(points.imag) < 0.9)][0] * 2
    for size in 10.0 ** np.arange(-2, -7, -1):
        near = activation_regions(
            mlp, (vertex.real - size, vertex.real + size, vertex.imag - size, vertex.imag + size)
        )
        assert_sound(near)
        if size < 1e-4:
            assert len(near) == 4
            outer = whole.locate(centroids(near))
            np.testing.assert_allclose(near.slopes, whole.slopes[outer], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("exponent", [-8, -4, 4, 8])
def test_scale_of_the_weights_does_not_matter(exponent):
    plain = MLP.random((2, 6, 5, 1), 1)
    scale = 10.0**exponent
    # Scaling a layer's weights and all biases after it leaves every line where it is.
    factors = [scale ** (i + 1) for i in range(3)]
    scaled = MLP(
        [w * scale for w in plain.weights], [b * f for b, f in zip(plain.biases, factors, strict=True)]
    )
    expected, regions = activation_regions(plain, PLAIN), activation_regions(scaled, PLAIN)
    assert_sound(regions)
    np.testing.assert_array_equal(regions.activation_patterns, expected.activation_patterns)
    np.testing.assert_allclose(regions.slopes, expected.slopes * scale**3, rtol=1e-9)


def test_weights_of_very_different_size():
    rng = np.random.default_rng(8)
    for _ in range(20):
        widths = (2, 4, 3, 1)
        weights = [rng.normal(size=(n, m)) * 10.0 ** rng.uniform(-8, 8, (n, 1)) for m, n in pairwise(widths)]
        biases = [w[:, 0] * rng.uniform(-1, 1, len(w)) for w in weights]
        assert_sound(activation_regions(MLP(weights, biases), (-1, 1, -1, 1)))


def test_float32_weights_give_the_regions_of_their_float64_twins():
    mlp = MLP.random((2, 9, 4, 1), 2)
    single = [w.astype(np.float32) for w in mlp.weights], [b.astype(np.float32) for b in mlp.biases]
    double = [w.astype(float) for w in single[0]], [b.astype(float) for b in single[1]]
    a, b = activation_regions(MLP(*single), PLAIN), activation_regions(MLP(*double), PLAIN)
    assert_sound(a)
    np.testing.assert_array_equal(a.polygons, b.polygons)


HARD = {
    "zero biases": MLP.random((2, 8, 6, 1), 0, bias=False),
    "three lines through a point": MLP([[[1, 0], [0, 1], [1, 1]], [[1, 1, 1]]], [[-0.3, -0.2, -0.5], [0]]),
    "duplicated neuron": MLP([[[1, 2], [1, 2], [3, -1]], [[1, 1, 1]]], [[0.1, 0.1, 0.2], [0]]),
    "opposite neurons": MLP([[[1, 2], [-1, -2], [3, -1]], [[1, 1, 1]]], [[0.1, -0.1, 0.2], [0]]),
    "line through corners": MLP([[[1, 1], [1, -1]], [[1, 1]]], [[0, 0], [0]]),
    "line along the window's edge": MLP([[[1, 0], [0, 1]], [[1, 1]]], [[1, -1], [0]]),
    "three tenths": MLP(
        [[[1, 0], [0, 1]], [[0.1, 0], [0.2, 0], [0.3, 1]], [[1, 1, -1]], [[1]]], [[0, 0], [0, 0, 0], [0], [0]]
    ),
}


@pytest.mark.parametrize("name", HARD)
def test_hard_networks_fall_back_and_say_so(name):
    mlp = HARD[name]
    regions = activation_regions(mlp, (-1, 1, -1, 1))
    assert regions.engine == "splitter"
    assert regions.fallback_reason
    assert "splitter" in repr(regions)
    assert_sound(regions)


EASY = {
    "zero neuron": MLP([[[0, 0], [1, 2]], [[1, 1]]], [[0, 0.1], [0]]),
    "dead neuron": MLP([[[0, 0], [1, 2]], [[1, 1], [-1, -1]], [[1, 1]]], [[-1, 0.1], [0.3, -0.2], [0]]),
    "line outside": MLP([[[1, 0], [1, 2]], [[1, 1]]], [[5, 0.1], [0]]),
    "parallel lines": MLP([[[1, 2], [1, 2], [1, 2]], [[1, 1, 1]]], [[0.1, 0.2, 0.3], [0]]),
}


@pytest.mark.parametrize("name", EASY)
def test_networks_that_only_look_hard(name):
    regions = activation_regions(EASY[name], (-1, 1, -1, 1))
    assert regions.engine == "planar map"
    assert_sound(regions)


def test_a_neuron_that_is_zero_on_a_cell_is_inactive_there():
    regions = activation_regions(EASY["zero neuron"], (-1, 1, -1, 1))
    assert not regions.activation_patterns[:, 0].any()
    assert len(regions) == 2


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("engine", ["auto", "splitter"])
def test_a_neuron_whose_terms_cancel_is_inactive_though_they_are_rounded(seed, engine):
    """``c (a b x) - a (b c x)`` is 0, as it is not where each product is rounded."""
    a, b, c = np.random.default_rng(seed).uniform(0.5, 2, 3)
    mlp = MLP([[[a, 0], [b, 0]], [[b, 0], [0, c]], [[c, -a]], [[1]]], [[0, 0], [0, 0], [0], [0]])
    regions = activation_regions(mlp, (-1, 1, -1, 1), engine=engine)
    assert sorted(regions.activation_patterns.tolist()) == [[False] * 5, [True] * 4 + [False]]


# What fools the planar map, by the guard that notices. Two more ("a line enters a cell more than once", and
# Euler's formula once all cells are traced) have never been needed: they are assertions.
CAUGHT = {
    "a crossing falls on the end of its edge": (MLP([[[1, 1]], [[1]]], [[0], [0]]), PLAIN),
    "a cell is not convex": (MLP([[[-2, 2]], [[0], [-1]]], [[0], [-1, -1]]), (-0.5, 0.5, -1.5, 0.5)),
    "the number of cells is not the one of Euler's formula": (
        MLP([[[2, -2], [-2, 1], [2, 1]], [[-2, -1, 1]]], [[0, 0, 0], [-0.5]]),
        (-3, 1, 0, 5),
    ),
    "an edge is shorter than the error of its ends": (
        MLP([[[1 / 3, 2 / 3], [1 / 3, -2 / 3]], [[1, 1]]], [[1 / 7, 1 / 7], [0]]),
        (-3, 1, 0, 5),
    ),
    "a cell is thinner than the error of its corners": (
        MLP([[[-1 - 1e-13, 1e-13]], [[1]]], [[1], [0]]),
        (-3, 1, 0, 5),
    ),
    "a neuron is too close to zero inside a cell": (
        MLP([[[1, 2]], [[-2]], [[2], [-1]]], [[0.5], [0], [0, 0]]),
        PLAIN,
    ),
}


@pytest.mark.parametrize("guard", CAUGHT)
def test_each_guard_catches_what_fools_the_planar_map(guard):
    mlp, window = CAUGHT[guard]
    regions = activation_regions(mlp, window)
    assert regions.fallback_reason == guard
    assert_sound(regions)


def test_more_lines_than_python_calls_within_calls():
    """A line twice, so that the splitter is needed, and a thousand across it, from left to right."""
    places = np.linspace(-0.9, 0.9, 1000)
    lines = [[0, 1], [0, 1], *([1, 0] for _ in places)]
    mlp = MLP([lines, np.ones((1, 1002))], [[0, 0, *-places], [0]])
    regions = activation_regions(mlp, PLAIN)
    assert (regions.engine, len(regions)) == ("splitter", 2 * 1001)


@pytest.mark.parametrize("window", [(-0.1, 0.2, -0.05, 0.1), (-0.2, 0.4, -0.3, 0.6)])
@pytest.mark.parametrize("engine", ["auto", "splitter"])
def test_a_vertex_on_a_line_is_on_it_for_the_next_layer_too(window, engine):
    """Behind the neuron that is 0 there nothing else is: what rounding left of it would decide."""
    weights = [[[0, -1], [1, 1], [1, -2], [-2, 0]], [[1, 0, 1, 1]], [[1]]]
    mlp = MLP(weights, [[0] * 4, [0], [0]])
    assert_equals_exact(activation_regions(mlp, window, engine=engine), exact_regions(mlp, window))


@pytest.mark.parametrize("widths", [(2, 20, 1), (2, 5, 5, 5, 5, 1)])
def test_edges_and_positions_share_64_bits_where_an_index_has_32(widths, monkeypatch):
    """As in a Python in the browser: there NumPy counts edges in int32."""
    sort_along, mlp, window = _planar_map.sort_along, MLP.random(widths, 0), (-10, 10, -10, 10)
    right = activation_regions(mlp, window)
    monkeypatch.setattr(
        _planar_map, "sort_along", lambda edge, t, n_edges: sort_along(edge.astype(np.int32), t, n_edges)
    )
    regions = activation_regions(mlp, window)
    assert regions.engine == right.engine == "planar map"
    np.testing.assert_array_equal(regions.polygons, right.polygons)


@pytest.mark.parametrize("widths", [(2, 9, 1), (2, 5, 5, 1), (2, 4, 3, 3, 2)])
def test_affine_maps_are_right_where_every_layer_counts_as_wide(widths, monkeypatch):
    monkeypatch.setattr(_planar_map, "MAX_CHUNK", 0)
    regions = activation_regions(MLP.random(widths, 1), PLAIN)
    assert regions.engine == "planar map"
    assert_sound(regions)


def test_what_large_terms_leave_when_they_cancel_has_all_its_digits(monkeypatch):
    monkeypatch.setattr(_planar_map, "MAX_CHUNK", 0)
    small = 2.0**-40 / 3
    mlp = MLP([[[1, 0], [1, 0], [0.5, 1]], [[1, -1, small]]], [[0, 1, 0.1], [0]])
    regions = activation_regions(mlp, PLAIN)
    assert regions.engine == "planar map"
    all_active = regions.activation_patterns.all(axis=1)
    np.testing.assert_allclose(regions.slopes[all_active], [[[0.5 * small, small]]], rtol=1e-15)


def test_tiny_cells_are_trusted_as_far_as_their_corners_are_known():
    """They are some 1e-9 of the window in one, 1e-10 in the other, where the smallest may be rounding."""
    mlp = MLP.random((2, 20, 1), 0)
    near, far = (activation_regions(mlp, (-half, half, -half, half)) for half in (1e9, 1e10))
    assert (near.engine, far.engine) == ("planar map", "splitter")
    assert len(near) == zaslavsky_count(20)
    assert_sound(near)


def test_a_map_that_is_not_trusted_raises_inside():
    network = CenteredNetwork.of(HARD["three lines through a point"], (-1.0, 1.0, -1.0, 1.0))
    with pytest.raises(UntrustedMapError):
        refine_planar_map(network)


def test_locate():
    regions = activation_regions(MLP.random((2, 9, 4, 1), 2), PLAIN)
    points = np.random.default_rng(0).uniform(-12, 12, (40, 50, 2))
    index = regions.locate(points)
    assert index.shape == (40, 50)
    outside = (np.abs(points) > 10).any(axis=-1)
    np.testing.assert_array_equal(index == -1, outside)
    inside = points[~outside]
    values = (
        np.einsum("nij,nj->ni", regions.slopes[index[~outside]], inner := inside)
        + regions.intercepts[index[~outside]]
    )
    np.testing.assert_allclose(values, regions.mlp.forward(inner), atol=1e-13)
    assert regions.locate([np.nan, 0.0]) == -1
    # Corners, edges and the window's own corners belong to a region that has them.
    for point in regions.polygons[::7]:
        region = regions[int(regions.locate(point))]
        assert np.hypot(*(region.polygon - point).T).min() < 1e-12


def test_locate_on_degenerate_points():
    regions = activation_regions(HARD["zero biases"], (-1, 1, -1, 1))
    for point in ([0, 0], [1, 1], [-1, 1], [1e-17, -1e-17], [0, 1e-300]):
        polygon = regions[int(regions.locate(point))].polygon
        following = np.roll(polygon, -1, axis=0) - polygon
        to_point = np.array(point) - polygon
        assert (following[:, 0] * to_point[:, 1] - following[:, 1] * to_point[:, 0]).min() > -1e-12


def test_iteration_and_indexing():
    regions = activation_regions(MLP.random((2, 4, 3, 2), 1), PLAIN)
    listed = list(regions)
    assert len(listed) == len(regions)
    for i, region in enumerate(listed):
        assert region.index == i
        x, y = region.polygon.T
        shoelace = 0.5 * (x @ np.roll(y, -1) - y @ np.roll(x, -1))
        assert region.area == pytest.approx(shoelace)
        assert region.pattern.shape == (7,)
        assert region.slope.shape == (2, 2)
        assert region.intercept.shape == (2,)
        np.testing.assert_array_equal(region.pattern, regions.activation_patterns[i])
    assert regions[-1].index == len(regions) - 1
    with pytest.raises(IndexError):
        regions[len(regions)]


def test_linear_regions_join_cells_across_which_nothing_changes():
    # Nothing listens to the second neuron: its line separates cells, not linear regions.
    mlp = MLP([[[1, 0.1], [0.2, 1], [1, -1]], [[1, 0, 2]]], [[0.1, 0.2, 0.3], [0]])
    regions = activation_regions(mlp, (-1, 1, -1, 1))
    labels = regions.linear_labels()
    assert len(regions) == 7
    for i, j in product(range(7), repeat=2):
        same_map = (
            regions.activation_patterns[i, [0, 2]].tolist() == regions.activation_patterns[j, [0, 2]].tolist()
        )
        assert (labels[i] == labels[j]) == same_map
    np.testing.assert_array_equal(np.unique(labels), np.arange(labels.max() + 1))


def test_linear_regions_with_a_hole_are_one_and_equal_maps_apart_are_two():
    # f = relu(1 - relu(|x| + |y| - ...)) style bump: flat outside all around (one region with a hole).
    weights = [[[1, 0], [-1, 0], [0, 1], [0, -1]], [[-1, -1, -1, -1]], [[1]]]
    ring = activation_regions(MLP(weights, [[0, 0, 0, 0], [0.5], [0]]), (-1, 1, -1, 1))
    labels = ring.linear_labels()
    flat = np.abs(ring.slopes).max(axis=(1, 2)) == 0
    assert len(set(labels[flat])) == 1
    assert len(ring) == 8
    assert labels.max() + 1 == 5
    # relu(x - 1/2) + relu(-x - 1/2): flat in the middle; then f = 0 on both sides of a strip with slope.
    strip = MLP([[[1, 0], [1, 0]], [[1, -1], [-1, 1]], [[1, 1]]], [[0.25, -0.25], [0, 0], [0]])
    cells = activation_regions(strip, (-1, 1, -1, 1))
    slopes = cells.slopes[:, 0, 0]
    assert len(set(cells.linear_labels()[slopes == 0])) == 2


def test_labels_of_a_random_deep_net_follow_the_maps():
    regions = activation_regions(MLP.random((2, 5, 5, 5, 5, 1), 0), PLAIN)
    labels = regions.linear_labels()
    for a, b in regions.neighbors:
        equal = np.allclose(regions.slopes[a], regions.slopes[b], rtol=1e-10, atol=1e-13)
        assert (labels[a] == labels[b]) == equal


@pytest.mark.parametrize(
    ("window", "error", "message"),
    [
        ((1, -1, -1, 1), ValueError, "xmin < xmax, got 1.0 and -1.0"),
        ((-1, 1, 2, 2), ValueError, "ymin < ymax, got 2.0 and 2.0"),
        ((np.nan, 1, -1, 1), ValueError, "xmin < xmax"),
        ((-np.inf, np.inf, -1, 1), ValueError, "wide, got inf"),
        ((1e6, 1e6 + 1e-6, 0, 1), ValueError, r"\|center\|/width may be at most 1e\+07"),
        ((-1, 1, -1), ValueError, "four numbers"),
        (((-1, 1), (-1, 1)), ValueError, "four numbers"),
        (((-1, 1), -1), ValueError, "four numbers"),
        (("a", "b", "c", "d"), TypeError, "four real numbers"),
        ((-1, 1, -1, 1j), TypeError, "four real numbers"),
        (None, TypeError, "four real numbers"),
    ],
)
def test_bad_windows(window, error, message):
    with pytest.raises(error, match=message):
        activation_regions(MLP.random((2, 3, 1), 0), window)


def test_bad_networks_and_arguments():
    with pytest.raises(ValueError, match="2 inputs to have regions in the plane, got 3"):
        activation_regions(MLP.random((3, 4, 1), 0), PLAIN)
    for f in (activation_regions, window_count):
        with pytest.raises(TypeError, match="mlp must be an MLP, got list"):
            f([np.eye(2)], PLAIN)
    with pytest.raises(ValueError, match="engine must be 'auto' or 'splitter', got 'fast'"):
        activation_regions(MLP.random((2, 4, 1), 0), PLAIN, engine="fast")
    for window in ((1, 2, 1, 2), (-1, 1, -1, 1)):  # at the center, and away from it only
        with pytest.raises(ValueError, match="overflow"):
            activation_regions(MLP([np.full((2, 2), 1e300)] * 3, [np.zeros(2)] * 3), window)
        with pytest.raises(ValueError, match="overflow"):  # in the last layer only
            activation_regions(MLP([np.full((2, 2), 1e200)] * 2, [np.ones(2)] * 2), window)
    regions = activation_regions(MLP.random((2, 4, 1), 0), PLAIN)
    with pytest.raises(ValueError, match=r"points must have shape \(\.\.\., 2\), got \(3,\)"):
        regions.locate([1, 2, 3])
    with pytest.raises(TypeError, match="points must hold real numbers"):
        regions.locate(["a", "b"])


def test_a_window_may_lie_far_out_for_its_size():
    mlp = MLP.random((2, 20, 1), 0)
    regions = activation_regions(mlp, (1.0, 1.000001, -1.000001, -1.0))
    assert_sound(regions)


# --- the checks above see what is wrong ---


def sabotage(**changes):
    def apply(regions: ActivationRegions) -> ActivationRegions:
        cells = regions._cells
        new = replace(cells, **{name: change(getattr(cells, name)) for name, change in changes.items()})
        return replace(regions, _cells=new)

    return apply


def swapped(values):
    values = values.copy()
    values[[0, 1]] = values[[1, 0]]
    return values


@pytest.mark.parametrize(
    "spoil",
    [
        sabotage(points=lambda p: p + 1e-6 * (np.arange(len(p)) == 30)),
        sabotage(corners=swapped),
        sabotage(areas=lambda a: -a),
        sabotage(areas=lambda a: a * 1.001),
        sabotage(neighbors=lambda n: n[1:]),
        sabotage(neighbors=lambda n: np.concatenate((n, n[:1]))),
        sabotage(patterns=lambda patterns: lambda part: tuple(np.zeros_like(a) for a in patterns(part))),
        lambda r: replace(r, slopes=swapped(r.slopes)),
        lambda r: replace(r, intercepts=r.intercepts + 1e-6),
        lambda r: replace(r, slopes=r.slopes * (1 + 1e-6)),
    ],
)
def test_the_laws_catch_a_broken_result(spoil):
    regions = activation_regions(MLP.random((2, 6, 5, 1), 1), PLAIN)
    assert_sound(regions)
    with pytest.raises(AssertionError):
        assert_sound(spoil(regions))


# --- formulas ---


def test_zaslavsky_by_counting_lines_one_by_one():
    for n in range(30):
        assert zaslavsky_count(n) == 1 + sum(range(n + 1))
        assert zaslavsky_count(n, 1) == n + 1
    assert [zaslavsky_count(n, 3) for n in range(6)] == [1, 2, 4, 8, 15, 26]  # cake numbers


def serra_by_enumeration(widths):
    inputs, hidden = widths[0], widths[1:-1]
    total = 0
    for js in product(*(range(n + 1) for n in hidden)):
        limits = [
            min([inputs, hidden[k], *(hidden[i] - js[i] for i in range(k))]) for k in range(len(hidden))
        ]
        if all(j <= limit for j, limit in zip(js, limits, strict=True)):
            term = 1
            for n, j in zip(hidden, js, strict=True):
                term *= zaslavsky_count(n, j) - (zaslavsky_count(n, j - 1) if j else 0)  # C(n, j)
            total += term
    return total


@pytest.mark.parametrize(
    "widths", [(2, 3, 1), (2, 1, 4, 1), (2, 4, 2, 3, 1), (3, 2, 5, 4, 1), (1, 3, 4, 1), (2, 5, 5, 5, 5, 1)]
)
def test_serra_is_its_sum(widths):
    assert serra_upper_bound(widths) == serra_by_enumeration(widths)


def test_serra_and_montufar_for_one_input_and_one_layer():
    for hidden in ([3, 4], [2, 2, 2], [5, 3, 7]):
        assert serra_upper_bound((1, *hidden, 1)) == np.prod([n + 1 for n in hidden])
    for n in range(2, 12):
        assert montufar_lower_bound((2, n, 1)) == serra_upper_bound((2, n, 1)) == zaslavsky_count(n)


def zigzag_layer(width: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Turn 0..1 into `width` + 1 pieces that all cover 0..1: where hinges lie and face, and what each counts.

    The slopes are 2, -1, 1, -1 ... times `width` + 1. The third hinge faces left and the others right: so the
    first slope is that of the third hinge, 2 = 1 - (-1). With two hinges no choice of slopes does that.
    """
    slopes = (width + 1) * np.array([2, *((-1) ** np.arange(1, width + 1))])
    facing = np.where(np.arange(width) == 2, -1, 1)
    return np.arange(1, width + 1) / (width + 1), facing, np.diff(slopes)


@pytest.mark.parametrize("hidden", [(3,), (3, 3), (5, 3), (4, 3, 3)])
def test_the_upper_bound_is_reached_for_one_input_by_layers_of_three_and_more(hidden):
    weights, biases = [], []
    incoming, constant = np.array([[1.0, 0.0]]), 0.0  # the second input counts for nothing
    for width in hidden:
        hinges, facing, outgoing = zigzag_layer(width)
        weights.append(np.outer(facing, incoming))
        biases.append(facing * (constant - hinges))
        incoming = outgoing[np.newaxis].astype(float)
        constant = 1 - outgoing @ np.maximum(0, facing * (hinges[0] - hinges))  # 1 at the first hinge
    mlp = MLP([*weights, np.ones((1, hidden[-1]))], [*biases, [0.0]])
    regions = activation_regions(mlp, (-0.5, 1.5, -1, 1))
    assert len(regions) == serra_upper_bound((1, *hidden, 1)) == np.prod([n + 1 for n in hidden])


def test_the_upper_bound_is_not_reached_for_one_input_by_two_layers_of_two():
    random = np.random.default_rng(0)
    hinges, far = np.sort(random.normal(size=(200_000, 2))), 1e6
    facing, outgoing = random.choice([-1, 1], (200_000, 2)), random.normal(size=(200_000, 2, 2))
    x = np.stack([np.full(len(hinges), -far), *hinges.T, np.full(len(hinges), far)], axis=-1)
    h = np.maximum(0, facing[:, np.newaxis] * (x[..., np.newaxis] - hinges[:, np.newaxis]))
    z = np.einsum("nki,nji->njk", h, outgoing) + random.normal(size=(200_000, 2, 1))
    zeros = (np.diff(np.sign(z)) != 0).sum(axis=(1, 2))  # between hinges a pre-activation is straight
    assert 1 + 2 + zeros.max() == 7 < serra_upper_bound((1, 2, 2, 1)) == 9
    assert "for one input if every hidden width is at least 3" in " ".join(serra_upper_bound.__doc__.split())


def folding_net(folds: int, normals: np.ndarray, offsets: np.ndarray) -> MLP:
    """Fold both axes of [-1, 1]² in half `folds` times, then cut the last square by given lines."""
    spread = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])  # relu(t) and relu(-t) of each axis
    gather = np.array([[2.0, 2.0, 0.0, 0.0], [0.0, 0.0, 2.0, 2.0]])  # t -> 2 |t| - 1, onto [-1, 1] again
    weights, biases = [spread], [np.zeros(4)]
    for _ in range(folds - 1):
        weights.append(spread @ gather)
        biases.append(spread @ [-1, -1])
    weights.append(normals @ gather)
    biases.append(normals @ [-1, -1] + offsets)
    return MLP([*weights, np.ones((1, len(normals)))], [*biases, [0]])


@pytest.mark.parametrize("folds", [1, 2, 3])
def test_montufar_is_reached_by_folding(folds):
    rng = np.random.default_rng(0)
    angles, offsets = rng.uniform(0, np.pi, 4), rng.uniform(-0.2, 0.2, 4)
    normals = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    window = (-1, 1, -1, 1)
    in_one_square = window_count(MLP([normals, np.ones((1, 4))], [offsets, [0]]), window)
    mlp = folding_net(folds, normals, offsets)
    assert in_one_square == zaslavsky_count(4) == 11
    assert len(activation_regions(mlp, window)) == 4**folds * 11 == montufar_lower_bound(mlp.widths)
    assert montufar_lower_bound(mlp.widths) <= serra_upper_bound(mlp.widths)


@pytest.mark.parametrize(
    ("widths", "bound", "said"),
    [((2, 5, 5, 5, 5, 1), 1024, "far fewer than the 1024"), ((2, 3, 3, 1), 7, "mostly more than the 7")],
)
def test_random_nets_may_lie_on_either_side_of_the_lower_bound(widths, bound, said):
    window = (-5000, 5000, -5000, 5000)
    counts = np.array(
        [activation_regions(MLP.random(widths, seed), window).linear_labels().max() + 1 for seed in range(40)]
    )
    assert montufar_lower_bound(widths) == bound
    assert counts.max() < bound / 4 if "fewer" in said else np.mean(counts > bound) > 0.9
    shallow = MLP.random((2, 9, 1), 0)  # lines in general position
    assert activation_regions(shallow, window).linear_labels().max() + 1 == montufar_lower_bound((2, 9, 1))
    doc = " ".join(montufar_lower_bound.__doc__.split())
    assert said in doc
    assert "random networks stay far below it" not in doc


def test_no_random_net_exceeds_the_upper_bound():
    for widths in [(2, 1, 3, 1), (2, 2, 2, 2, 1), (2, 3, 2, 4, 1), (2, 4, 4, 1)]:
        most = max(
            len(activation_regions(MLP.random(widths, seed), (-99, 99, -99, 99))) for seed in range(60)
        )
        assert most <= serra_upper_bound(widths)


def test_the_upper_bound_is_reached_by_a_narrow_net():
    # 2-1-n: one line, then on its active side up to n parallel ones: 1 + 1 + n regions.
    for n in range(1, 5):
        mlp = MLP([[[1, 0.3]], np.ones((n, 1)), np.ones((1, n))], [[0.0], -np.linspace(0.1, 0.5, n), [0]])
        assert len(activation_regions(mlp, (-1, 1, -1, 1))) == serra_upper_bound((2, 1, n, 1)) == n + 2


def test_the_average_of_random_nets_is_about_the_estimate():
    for widths in [(2, 20, 1), (2, 10, 10, 1), (2, 5, 5, 5, 5, 1)]:
        counts = [
            len(activation_regions(MLP.random(widths, seed), (-5000, 5000, -5000, 5000)))
            for seed in range(40)
        ]
        assert np.mean(counts) == pytest.approx(hanin_rolnick_estimate(20), rel=0.25)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: zaslavsky_count(-1), "hyperplanes must be a whole number"),
        (lambda: zaslavsky_count(2.5), "got 2.5"),
        (lambda: montufar_lower_bound((2, 1, 5, 1)), "at least as wide as the input"),
        (lambda: montufar_lower_bound((2, 5)), "one or more hidden widths"),
        (lambda: serra_upper_bound((2, 0, 1)), "every width must be a whole number from 1 on, got 0"),
        (lambda: hanin_rolnick_estimate(1, 2), "at least as many neurons as inputs"),
        (lambda: window_count(MLP.random((2, 3, 3, 1), 0), PLAIN), "one hidden layer, got widths"),
        (lambda: window_count(MLP.random((2, 3, 1), 0), (1, -1, 1, -1)), "xmin < xmax"),
        (lambda: window_count(MLP.random((2, 3, 1), 0), (-1, 1, -1, np.nan)), "ymin < ymax"),
        (lambda: window_count(MLP.random((2, 3, 1), 0), (-1, 1, -1)), "four numbers"),
    ],
)
def test_bad_counts(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_public_names():
    assert all(hasattr(regions_module, name) for name in regions_module.__all__)
