"""Three classes in a triangle, in the lesson on softmax."""

from __future__ import annotations

import numpy as np
import pytest

from course_utils.lessons import softmax as lesson
from course_utils.lessons.softmax.three_classes import CORNERS, OUTLINE


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
