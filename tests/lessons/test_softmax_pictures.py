"""What pictures of the lesson on softmax show and say."""

from __future__ import annotations

import numpy as np
import pytest

from course_utils.lessons import softmax as lesson
from course_utils.lessons.softmax.three_classes import CORNERS, GRID_LINES, OUTLINE
from course_utils.teaching.pictures import Line


def test_the_triangle_has_three_equal_sides() -> None:
    sides = np.linalg.norm(np.diff(OUTLINE, axis=0), axis=1)
    np.testing.assert_allclose(sides, [1, 1, 1], rtol=1e-15)
    np.testing.assert_array_equal(OUTLINE[0], OUTLINE[-1])


@pytest.mark.parametrize("winner", range(3))
def test_a_sure_class_lies_in_its_corner(winner: int) -> None:
    z = tuple(20.0 if i == winner else 0.0 for i in range(3))
    panel = lesson.simplex_demo.at(z=z, precision="float16").panels[0][0]
    (point,) = (mark for mark in panel.marks if mark.name == "height in the triangle")
    np.testing.assert_allclose([point.x[0], point.y[0]], CORNERS[winner], atol=1e-3)


@pytest.mark.parametrize(
    ("z", "precision"), [((20, -20, -20), "float64"), ((20, 0, 0), "float32"), ((20, 10, 0), "float16")]
)
def test_a_probability_that_was_rounded_to_one_is_told_apart(z: tuple[float, ...], precision: str) -> None:
    said = lesson.simplex_demo.at(z=z, precision=precision).says
    assert said.endswith("That of class 0 was rounded to 1; on paper it is less.")


@pytest.mark.parametrize(
    ("z", "precision"), [((1, 0, -1), "float64"), ((20, 0, 0), "float64"), ((20, 0, 0), "float16")]
)
def test_a_one_that_is_none_or_stands_beside_zeros_needs_no_word(
    z: tuple[float, ...], precision: str
) -> None:
    assert "rounded to 1" not in lesson.simplex_demo.at(z=z, precision=precision).says


def test_where_no_logit_moves_nobody_gains_or_loses() -> None:
    assert lesson.pull_demo.at(amount=0).says == "While z2 stays, nothing moves."


def test_without_the_1_the_8_leads_alone_as_in_later_notebooks() -> None:
    demo = lesson.hard_digit_demo
    said = demo.at(**demo.presets["No 1 any more"]).says
    assert said.startswith(
        "The largest probability, 0.445, goes to 8. The digit that was meant, 2, gets 0.441."
    )


def test_on_a_line_of_the_grid_one_probability_is_a_quarter_a_half_or_three_quarters() -> None:
    to_plane = np.vstack([CORNERS.T, np.ones(3)])
    points = GRID_LINES.reshape(-1, 2)
    p = np.linalg.solve(to_plane, np.vstack([points.T, np.ones(len(points))])).T
    assert p.min() > -1e-12
    ends = p.reshape(-1, 2, 3)
    kept = np.isclose(ends[:, 0], ends[:, 1])
    assert kept.sum(axis=1).tolist() == [1] * 9, "each line keeps one of them"
    held = sorted((int(k.argmax()), round(float(e[0][k][0]), 9)) for e, k in zip(ends, kept, strict=True))
    assert held == [(i, q) for i in range(3) for q in (0.25, 0.5, 0.75)]


@pytest.mark.parametrize("z0", np.linspace(-10, 10, 41).tolist())
@pytest.mark.parametrize("z1", [-10, -9.5, -8.5, 0, 8.5, 9.5, 10])
def test_a_dashed_diagonal_is_spoken_of_where_one_is_to_be_seen(z0: float, z1: float) -> None:
    shown = lesson.two_classes_demo.at(z0=z0, z1=z1)
    (diagonal,) = [m for m in shown.panels[0][0].marks if isinstance(m, Line) and m.dash == "dashed"]
    assert ("dashed diagonal" in shown.says) == (np.ptp(diagonal.x) >= 1), "as long as the point is wide"
