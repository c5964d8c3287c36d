"""A point that is named after a curve, "loss now" or "loss at this λ", lies on it wherever controls stand.

Both are computed by themselves: a wrong formula in one of them shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from control_values import end_states
from discovery import declared, named

from course_utils.teaching import Demo, Picture
from course_utils.teaching.pictures import Axis, Line, Panel, Points

# All such points: one that gets another name, which this does not read, is missed.
MET = {
    "activation_derivatives.dead_demo": ["bias at the start"],
    "cross_entropy_derivation.confident_demo": ["loss now"],
    "cross_entropy_derivation.double_demo": ["loss now", "loss now, softmax twice"],
    "cross_entropy_derivation.losses_demo": [
        "log loss now",
        "slope of log loss now",
        "slope of squared error now",
        "squared error now",
    ],
    "linear_regions.zoom_demo": ["regions here"],
    "logsumexp_versus_max.entropy_demo": ["score + entropy/λ at this q"],
    "logsumexp_versus_max.gap_demo": ["LSE − max at this λ"],
    "softmax.two_classes_demo": ["σ(z0 − z1) at the point"],
    "temperature.knob_demo": ["entropy at T"],
    "temperature.reliability_demo": ["confidence at T", "loss at T"],
    "training_a_classifier.ravine_demo": ["x1 at the start"],
}


def on_curves(picture: Picture) -> Iterator[tuple[Panel, Line, Points]]:
    """Yield the points of a picture that are named after a curve of their panel, with that curve."""
    for row in picture.panels:
        for panel in row if isinstance(row, tuple) else (row,):
            lines = {mark.name: mark for mark in panel.marks if isinstance(mark, Line)}
            for mark in panel.marks:
                curve = lines.get(re.sub(r" (now|here|at .*?)(?=,|$)", "", mark.name, count=1))
                if isinstance(mark, Points) and curve is not None and curve.name != mark.name:
                    yield panel, curve, mark


def along(axis: Axis, values: object) -> np.ndarray:
    """Return where values lie along an axis; what lies below its lower end, there."""
    places: np.ndarray = np.asarray(values, dtype=float)
    return np.log(np.maximum(places, axis.low or 0)) if axis.scale == "log" else places


@pytest.mark.parametrize("demo", [one for one in declared(Demo) if one.id in MET])
def test_a_point_that_is_named_after_a_curve_lies_on_it(demo: Demo) -> None:
    for state in end_states(demo):
        for panel, curve, points in on_curves(demo.at(**state)):
            x, y = along(panel.x, curve.x), along(panel.y, curve.y)
            at, here = along(panel.x, points.x), along(panel.y, points.y)
            near = 1e-3 * np.ptp(y)
            if (np.diff(x) > 0).all():
                assert np.abs(np.interp(at, x, y) - here).max() <= near, (state, points.name)
            else:  # it turns back: a point is one of its corners
                away = np.hypot(at[:, np.newaxis] - x, here[:, np.newaxis] - y).min(axis=1)
                assert away.max() <= near, (state, points.name)


def test_all_such_points_are_met() -> None:
    found = {
        name: sorted(mark.name for *_, mark in on_curves(demo.at())) for name, demo in named(Demo).items()
    }
    assert {name: points for name, points in found.items() if points} == MET
