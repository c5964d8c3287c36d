"""A point that is named after a curve, "loss now" or "loss at this λ", lies on it wherever controls stand.

Both are computed by themselves: a wrong formula in one of them shows. Other points lie on a line as well, of
whatever name: those are listed by theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from control_values import end_states
from discovery import declared, named

from course_utils.teaching import Demo, Picture
from course_utils.teaching.pictures import Axis, Line, Panel, Points, Rule

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


# Points that lie on some line of their panel, or on a rule, wherever controls stand.
DRAWN_ON = {
    "activation_derivatives.deep_demo": ["", "growth now"],
    "activation_derivatives.functions_demo": ["largest slope"],
    "activation_derivatives.tangent_demo": ["", "f(x)"],
    "cross_entropy_derivation.push_demo": ["z after, true class"],
    "cross_entropy_derivation.surprise_demo": ["CE now"],
    "linear_regions.fold_demo": ["pieces now"],
    "linear_regions.hinges_demo": [""],
    "logsumexp_versus_max.entropy_demo": ["LSE, at q = p"],
    "logsumexp_versus_max.maps_demo": ["corner of max"],
    "logsumexp_versus_max.relatives_demo": [""],
    "logsumexp_versus_max.roof_demo": ["roof"],
    "logsumexp_versus_max.shift_demo": [""],
    "logsumexp_versus_max.tangents_demo": ["LSE at this x", "measured slope"],
    "numeric_instability.digits_demo": ["digits"],
    "softmax.simplex_demo": ["height in the triangle"],
    "softmax.two_classes_demo": ["z1 of the point"],
    "start_here.exponential_demo": ["e^z here", "e^z one higher"],
    "temperature.gumbel_demo": ["", "expected"],
    "temperature.sampling_demo": ["expected"],
    "temperature.square_demo": [""],
    "training_a_classifier.ravine_demo": ["", "x1 after one step"],
    "training_a_classifier.schedule_demo": ["α at the end", "α at the start"],
    "training_a_classifier.start_demo": ["", "size in the first layer"],
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


def share(axis: Axis, values: object) -> np.ndarray:
    """Return where values lie along an axis, from 0 at its lower end to 1."""
    low, high = along(axis, [axis.low, axis.high])
    return (along(axis, values) - low) / (high - low)


def distance(points: np.ndarray, path: np.ndarray) -> np.ndarray:
    """Return how far points of shape (n, 2) are from a path, which has gaps where it is not a number."""
    start, step = path[:-1], np.diff(path, axis=0)
    long = np.maximum((step**2).sum(axis=1), np.finfo(float).tiny)
    along = np.clip(((points[:, np.newaxis] - start) * step).sum(axis=2) / long, 0, 1)
    away = points[:, np.newaxis] - start - along[..., np.newaxis] * step
    return np.nan_to_num(np.hypot(away[..., 0], away[..., 1]), nan=np.inf).min(axis=1, initial=np.inf)


def away_from_all(panel: Panel, points: Points) -> np.ndarray:
    """Return how far points are from the nearest line or rule, as a share of the panel."""
    places = np.stack([share(panel.x, points.x), share(panel.y, points.y)], axis=1)
    away = [np.full(len(places), np.inf)]
    for mark in panel.marks:
        if isinstance(mark, Line):
            path = np.stack([share(panel.x, mark.x), share(panel.y, mark.y)], axis=1)
            away.append(distance(places, path))
        elif isinstance(mark, Rule):
            across = "xy".index(mark.axis)
            away.append(np.abs(places[:, across] - share((panel.x, panel.y)[across], mark.at)))
    return np.min(away, axis=0)


@pytest.mark.parametrize("demo", [one for one in declared(Demo) if one.id in DRAWN_ON])
def test_a_point_lies_on_a_line(demo: Demo, request: pytest.FixtureRequest) -> None:
    names = DRAWN_ON[request.node.callspec.id]
    met = set()
    for state in end_states(demo):
        for panel in (panel for row in demo.at(**state).panels for panel in row):
            for mark in panel.marks:
                if isinstance(mark, Points) and mark.name in names and len(np.ravel(mark.x)):
                    assert np.nanmax(away_from_all(panel, mark)) < 1e-3, (state, mark.name)
                    met.add(mark.name)
    assert sorted(met) == names
