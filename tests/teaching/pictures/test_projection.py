"""A surface in the plane of the page: every height in its place, what is near before what is far."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from picture_problems import text_problems
from samples import picture

from course_utils.teaching.pictures import Line, Panel, Polygons, Surface, Text
from course_utils.teaching.pictures.projection import CELLS, HEIGHT, even_rows

X, Y = np.linspace(-2, 2, 9), np.linspace(0, 3, 7)
RIDGE = 1 / (1 + np.exp(-(X[None, :] - Y[:, None])))


def surface(**changes: Any) -> Surface:
    return Surface("s", **{"z": RIDGE, "x": X, "y": Y, "low": 0, "high": 1} | changes)


def faces(shown: Surface) -> Polygons:
    (mark,) = [mark for mark in shown.flat() if isinstance(mark, Polygons)]
    return mark


def area(corners: np.ndarray) -> float:
    (a, b), (c, d) = corners[1] - corners[0], corners[2] - corners[0]
    return float(abs(a * d - b * c)) / 2


def test_from_above_it_is_the_map_with_x_to_the_right_and_y_up() -> None:
    above = faces(surface(azimuth=-90, elevation=90))
    triangles = above.vertices.reshape(-1, 3, 2)
    assert sum(map(area, triangles)) == pytest.approx(4), "the whole square from -1 to 1"
    corner = triangles[np.argmin(triangles.sum(axis=(1, 2)))]
    assert corner.min(axis=0) == pytest.approx([-1, -1])
    lowest_left = above.values[np.argmin(triangles.sum(axis=(1, 2)))]
    assert abs(lowest_left - RIDGE[0, 0]) < 0.1
    highest = triangles[np.argmax(above.values)].mean(axis=0)
    assert highest[0] > 0.5
    assert highest[1] < -0.5


def test_from_the_side_heights_are_heights() -> None:
    side = faces(surface(azimuth=-90, elevation=0))
    triangles = side.vertices.reshape(-1, 3, 2)
    heights = triangles[:, :, 1].mean(axis=1)
    slope, offset = np.polyfit(side.values, heights, 1)
    assert np.allclose(heights, slope * side.values + offset)
    assert slope > 0


def test_a_whole_turn_changes_nothing_and_half_a_turn_swaps_the_sides() -> None:
    one, again = faces(surface(azimuth=-120)), faces(surface(azimuth=240))
    assert np.allclose(one.vertices, again.vertices)
    front, back = faces(surface(azimuth=-90)), faces(surface(azimuth=90))
    right_in_front = front.vertices.reshape(-1, 3, 2)[np.argmax(front.values)].mean(axis=0)
    right_behind = back.vertices.reshape(-1, 3, 2)[np.argmax(back.values)].mean(axis=0)
    assert right_in_front[0] == pytest.approx(-right_behind[0])


def test_near_faces_are_painted_after_far_ones() -> None:
    """Seen along y from the front, the rows come from the far end to the near one."""
    flat = faces(surface(z=np.zeros_like(RIDGE), azimuth=-90, elevation=45))
    heights = flat.vertices.reshape(-1, 3, 2)[:, :, 1].mean(axis=1)
    assert (np.diff(heights) <= 1e-9).all(), "on a floor, what is far is higher up on the page"


def test_a_slanted_ridge_has_no_teeth() -> None:
    """Every cell is cut along its more level diagonal, so that level lines are edges."""
    x = np.linspace(0, 1, 5)
    slanted = faces(surface(z=x[None, :] - x[:, None], x=x, y=x, low=-1, high=1, azimuth=-90, elevation=90))
    for triangle, value in zip(slanted.vertices.reshape(-1, 3, 2), slanted.values, strict=True):
        heights = (triangle[:, 0] - triangle[:, 1]) / 2
        assert value == pytest.approx(heights.mean())
        assert len(set(np.round(heights, 9))) == 2, "two corners of three are on one level"


@pytest.mark.parametrize("size", [2, 3, 26, 51, 101, 102])
def test_large_grids_are_thinned_out_but_keep_their_edges(size: int) -> None:
    x = np.linspace(0, 1, size)
    shown = faces(surface(z=np.tile(x, (3, 1)), x=x, y=[0, 1, 2]))
    assert len(shown.counts) <= 2 * CELLS * 2
    above = faces(surface(z=np.tile(x, (3, 1)), x=x, y=[0, 1, 2], azimuth=-90, elevation=90))
    assert sum(map(area, above.vertices.reshape(-1, 3, 2))) == pytest.approx(4)


@pytest.mark.parametrize("azimuth", range(-180, 180, 30))
@pytest.mark.parametrize("elevation", [10, 28, 60])
def test_it_turns_in_its_place_with_words_that_can_be_read(azimuth: int, elevation: int) -> None:
    named = {"labels": ("*x*", "*y*", "*s*"), "elevation": elevation}
    standing = picture(Panel("s", [surface(**named)])).spec(640)
    turned = picture(Panel("s", [surface(azimuth=azimuth, **named)])).spec(640)
    assert turned.json["panels"][0]["box"] == standing.json["panels"][0]["box"]
    limits = [turned.json["panels"][0][axis]["limits"] for axis in ("x", "y")]
    corners = faces(surface(azimuth=azimuth, **named)).vertices
    for places, (low, high) in zip(corners.T, limits, strict=True):
        assert low <= places.min()
        assert places.max() <= high
    problems = text_problems(turned)
    # Where one axis points at the eye its words may meet; none is ever outside.
    assert not any("clipped" in problem for problem in problems), problems
    if azimuth % 90:
        assert problems == []


def test_curves_lie_on_it_and_its_axes_are_named() -> None:
    curve = (X, np.full_like(X, Y[2]), RIDGE[2], "ink")
    shown = surface(curves=[curve], labels=("*x*", "*y*", "*s*"))
    (line,) = [m for m in shown.flat() if isinstance(m, Line) and m.color == "ink"]
    corners = faces(shown).vertices
    for place in zip(line.x, line.y, strict=True):
        assert np.hypot(*(corners - place).T).min() < 1e-9
    words = [mark.string for mark in shown.flat() if isinstance(mark, Text)]
    assert {"*x*", "*y*", "*s*", "−2", "2", "0", "3", "1"} <= set(words)


@pytest.mark.parametrize("elevation", [20, 45, 80])
@pytest.mark.parametrize("side", [-1, 1])
def test_a_wall_hides_as_much_of_a_curve_behind_it_as_it_is_high(side: int, elevation: int) -> None:
    along = np.linspace(-1, 1, 201)
    wall = np.tile((np.abs(along) <= 0.1).astype(float)[:, None], (1, 3))
    floor = (np.zeros_like(along), along, np.zeros_like(along), "ink")
    turned = {"azimuth": 90 * side, "elevation": elevation, "low": 0, "high": 1}
    shown = Surface("s", wall, [-1, 0, 1], along, curves=[floor], **turned)
    (line,) = [mark for mark in shown.flat() if isinstance(mark, Line) and mark.color == "ink"]
    behind = -side * along - 0.1  # the wall, on the floor
    shadow = 2 * HEIGHT / np.tan(np.radians(elevation))
    clear = np.minimum(abs(behind), abs(behind - shadow)) > 0.05  # where one step on the way does not count
    clear &= np.abs(along) > 0.15
    assert clear.sum() > 100
    np.testing.assert_array_equal(np.isnan(line.x)[clear], ((behind > 0) & (behind < shadow))[clear])


def test_a_curve_has_a_rim_that_parts_it_from_every_color() -> None:
    curve = (X, np.full_like(X, Y[2]), RIDGE[2], "ink")
    rim, line = [m for m in surface(curves=[curve]).flat() if isinstance(m, Line) and m.color != "faint"]
    assert (rim.color, line.color) == ("paper", "ink")
    assert rim.width > line.width
    np.testing.assert_array_equal([rim.x, rim.y], [line.x, line.y])


@pytest.mark.parametrize(
    ("size", "count"),
    [(2, 2), (26, 26), (27, 14), (61, 21), (76, 26), (82, 26), (101, 26), (349, 13)],
)
def test_lines_of_a_grid_are_drawn_at_even_steps_where_there_are_enough(size: int, count: int) -> None:
    chosen = even_rows(size)
    assert (chosen[0], chosen[-1], len(chosen)) == (0, size - 1, count)
    steps = set(np.diff(chosen).tolist())
    assert len(steps) == 1 or (size == 82 and steps == {3, 4}), "81 has no part from 12 to 25"


def test_words_stand_beside_the_edges_of_the_box() -> None:
    shown = surface(labels=("*x*", "*y*", "*s*"))
    words = {mark.string: mark for mark in shown.flat() if isinstance(mark, Text)}
    assert {(mark.dx, mark.dy, mark.anchor) for mark in map(words.get, ("*s*", "1"))} == {(-6, 4, "end")}
    assert {(mark.dx, mark.dy, mark.anchor) for mark in map(words.get, ("*x*", "*y*"))} == {
        (-4, 15, "end"),
        (4, 15, "start"),
    }
    assert {(mark.color, mark.halo) for mark in words.values()} == {("muted", False)}
    nameless = [mark.string for mark in surface().flat() if isinstance(mark, Text)]
    assert sorted(nameless) == sorted(["−2", "2", "0", "3", "0", "1"])


@pytest.mark.parametrize("azimuth", [-120.0, 30.0])
@pytest.mark.parametrize("elevation", [10.0, 28.0])
def test_names_of_the_axes_stand_at_the_middles_of_their_edges(azimuth: float, elevation: float) -> None:
    shown = surface(labels=("*x*", "*y*", "*s*"), azimuth=azimuth, elevation=elevation)
    words = {mark.string: mark for mark in shown.flat() if isinstance(mark, Text)}
    floor = {
        (x, y): shown._seen(x, y, 0)
        for x in (X[0], (X[0] + X[-1]) / 2, X[-1])
        for y in (Y[0], (Y[0] + Y[-1]) / 2, Y[-1])
    }
    near = min(((x, y) for x in (X[0], X[-1]) for y in (Y[0], Y[-1])), key=lambda corner: floor[corner][2])
    for name, middle in (("*x*", ((X[0] + X[-1]) / 2, near[1])), ("*y*", (near[0], (Y[0] + Y[-1]) / 2))):
        assert (words[name].x, words[name].y) == pytest.approx(floor[middle][:2])
    left = min(
        ((X[0], Y[0]), (X[0], Y[-1]), (X[-1], Y[0]), (X[-1], Y[-1])), key=lambda corner: floor[corner][0]
    )
    assert (words["*s*"].x, words["*s*"].y) == pytest.approx(shown._seen(*left, 0.5)[:2])
    assert (words["1"].x, words["1"].y) == pytest.approx(shown._seen(*left, 1)[:2])


@pytest.mark.parametrize("azimuth", [-120.0, -60, 30, 150])
@pytest.mark.parametrize("elevation", [10.0, 40])
def test_what_is_behind_is_a_box_without_the_three_edges_at_its_near_upper_corner(
    azimuth: float, elevation: float
) -> None:
    shown = surface(azimuth=azimuth, elevation=elevation, low=-1, high=2)
    edges = [mark for mark in shown.flat() if isinstance(mark, Line)]
    assert {(edge.color, edge.width, edge.x.size) for edge in edges} == {("faint", 1, 2)}
    corners = list(itertools.product((X[0], X[-1]), (Y[0], Y[-1]), (-1, 2)))
    seen = {corner: np.array(shown._seen(*corner)) for corner in corners}
    near = min(corners, key=lambda corner: seen[corner][2])
    pairs = [pair for pair in itertools.combinations(corners, 2) if near not in pair]
    box = [pair for pair in pairs if sum(a != b for a, b in zip(*pair, strict=True)) == 1]
    behind = [[seen[one][:2], seen[other][:2]] for one, other in box]
    found = [[*zip(edge.x, edge.y, strict=True)] for edge in edges]
    assert {ends(pair) for pair in found} == {ends(pair) for pair in behind}
    assert len(found) == len(behind) == 9


def ends(pair: Any) -> frozenset[tuple[float, float]]:
    return frozenset((round(float(x), 6) + 0.0, round(float(y), 6) + 0.0) for x, y in pair)


@pytest.mark.parametrize("azimuth", [-120.0, -60, 30, 150])
def test_numbers_of_an_axis_stand_at_the_ends_that_they_name(azimuth: float) -> None:
    """Along the two edges of the floor that meet at the near corner, but not where both would stand."""
    shown = surface(azimuth=azimuth, x=X + 10, y=Y + 20)
    floor = {(x, y): np.array(shown._seen(x, y, 0)) for x in (8.0, 12.0) for y in (20.0, 23.0)}
    near = min(floor, key=lambda corner: floor[corner][2])
    words = [mark for mark in shown.flat() if isinstance(mark, Text)]
    for axis, ends in ((0, (8.0, 12.0)), (1, (20.0, 23.0))):
        for end in ends:
            (word,) = [mark for mark in words if mark.string == f"{end:g}"]
            corner = (end, near[1]) if axis == 0 else (near[0], end)
            other = tuple(sum(ends) - at if place == axis else at for place, at in enumerate(corner))
            away = floor[other][:2] - floor[corner][:2]
            share = np.dot(np.array([word.x, word.y]) - floor[corner][:2], away) / np.dot(away, away)
            assert 0 < share < 0.25, "on the edge, near its end"
            np.testing.assert_allclose(floor[corner][:2] + share * away, [word.x, word.y])
            upwards = floor[corner][:2] if corner != near else floor[other][:2]
            assert (word.anchor == "start") == (upwards[0] > floor[near][0]), "away from the box"
            assert (word.dx > 0) == (word.anchor == "start")


@pytest.mark.parametrize("elevation", [0.0, 28, 60, 90])
def test_there_is_no_more_paper_around_it_than_its_words_need(elevation: float) -> None:
    corners = list(itertools.product((X[0], X[-1]), (Y[0], Y[-1]), (0, 1)))
    turns = (surface(elevation=elevation, azimuth=azimuth) for azimuth in range(0, 360, 15))
    seen = np.array([shown._seen(*corner)[:2] for shown in turns for corner in corners])
    (left, right), (bottom, top) = surface(elevation=elevation).window()
    (least, lowest), (greatest, highest) = seen.min(axis=0), seen.max(axis=0)
    assert (left, right) == pytest.approx((least, greatest))
    assert 0 < top - highest < 0.1
    assert 0.2 < lowest - bottom < 0.3, "room for words below"
    assert HEIGHT < 1, "it is no taller than wide"


@pytest.mark.parametrize("azimuth", [-120.0, -90.0, 17.0])
@pytest.mark.parametrize("elevation", [0.0, 28.0, 90.0])
def test_to_turn_the_box_changes_no_distance(azimuth: float, elevation: float) -> None:
    x, y, z = np.random.default_rng(0).uniform([[-2], [0], [0]], [[2], [3], [1]], (3, 50))
    seen = np.array(surface(azimuth=azimuth, elevation=elevation)._seen(x, y, z))
    box = np.array([x / 2, 2 * y / 3 - 1, HEIGHT * (2 * z - 1)])
    np.testing.assert_allclose((seen**2).sum(axis=0), (box**2).sum(axis=0))
    np.testing.assert_allclose(seen.T @ seen, box.T @ box, atol=1e-12)


@pytest.mark.parametrize(
    ("z", "x", "y"),
    [([[0, 1]], [0, 1], [0]), ([[0, 1], [1, 2]], [0, 1, 2], [0, 1]), ([[0], [1]], [0], [0, 1])],
)
def test_heights_are_those_of_a_grid_with_two_lines_each_way(z: Any, x: Any, y: Any) -> None:
    with pytest.raises(ValueError, match="has heights of shape"):
        surface(z=z, x=x, y=y)


def test_corners_go_to_the_page_as_two_bytes_each() -> None:
    """They are painted, never read: a turning surface sends half of what single precision would take."""
    spec = picture(Panel("s", [surface()])).spec(640)
    (mark,) = [mark for mark in spec.json["panels"][0]["marks"] if mark["kind"] == "polygons"]
    assert [(mark[axis]["t"], len(mark[axis]["ends"])) for axis in "xy"] == [("u2", 2), ("u2", 2)]
