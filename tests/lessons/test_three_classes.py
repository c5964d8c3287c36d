"""Three classes in a triangle, in the lesson on softmax."""

from __future__ import annotations

import numpy as np
import pytest

from course_utils.lessons import softmax as lesson
from course_utils.lessons.softmax.three_classes import CORNERS, GRID_LINES, OUTLINE


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
