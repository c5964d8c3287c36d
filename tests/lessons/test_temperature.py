"""What lesson 03 computes for its pictures, against independent computations."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from artists import number_problems
from painted import mark_problems

from course_utils.data import load_digit_logits
from course_utils.lessons import temperature as lesson
from course_utils.lessons.calibration import calibration
from course_utils.lessons.temperature.digits import fitted_to_digits
from course_utils.lessons.temperature.draw import inverse_cdf, sampling_demo, top_p_shares
from course_utils.lessons.temperature.fitting import fit_temperature
from course_utils.lessons.temperature.square import strips
from course_utils.notebook_files.files import NOTEBOOKS
from course_utils.numerics.softmax import softmax


def test_top_p_shares_keep_the_fewest_that_reach_the_total() -> None:
    p = np.array([0.06, 0.31, 0.02, 0.25, 0.17, 0.19])
    for top_p in np.linspace(0.05, 1, 20):
        kept = top_p_shares(p, top_p) > 0
        assert p[kept].sum() >= top_p - 1e-12
        assert p[kept].sum() - p[kept].min() < top_p
        assert p[kept].min() >= p[~kept].max(initial=0)


def test_the_inverse_distribution_function_draws_every_class_as_often_as_it_should() -> None:
    p = np.array([0.5, 0.0, 0.125, 0.375])
    u = (np.arange(8000) + 0.5) / 8000
    assert np.bincount(inverse_cdf(p, u)).tolist() == [4000, 0, 1000, 3000]
    assert inverse_cdf(np.full(10, 0.1), np.array([1 - 2**-53])).tolist() == [9]


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.46])
def test_calibration_counts_as_a_loop_does(temperature: float) -> None:
    _, test = load_digit_logits()
    found = calibration(test.logits, test.labels, temperature, bins=10)
    p = softmax(test.logits, temperature=temperature)
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(10)]
    for row, label in zip(p, test.labels, strict=True):
        bins[min(int(row.max() * 10), 9)].append((row.max(), row.argmax() == label))
    error = 0.0
    for content, n, confidence, accuracy in zip(bins, found.n, found.confidence, found.accuracy, strict=True):
        assert len(content) == n
        if content:
            means = np.mean(content, axis=0)
            np.testing.assert_allclose([confidence, accuracy], means)
            error += len(content) / len(test.labels) * abs(means[0] - means[1])
    assert found.ece == pytest.approx(error)
    assert found.nll == pytest.approx(-np.mean(np.log(p[np.arange(len(p)), test.labels])))


def test_the_fitted_temperature_repairs_the_network() -> None:
    _, test = load_digit_logits()
    best = fitted_to_digits()
    assert best == pytest.approx(2.457, abs=1e-3)
    before, after = (calibration(test.logits, test.labels, t, 10) for t in (1.0, best))
    assert after.overall_accuracy == before.overall_accuracy
    assert after.nll < 0.65 * before.nll
    assert after.ece < 0.3 * before.ece


def test_the_surest_errors_are_what_they_say() -> None:
    picture = lesson.surest_errors()
    assert mark_problems(picture) + number_problems(picture, {}) == []
    assert all(a != b for a, b in zip(picture.data["meant"], picture.data["network says"], strict=True))


def test_the_opening_says_what_holds_for_all_images_and_not_for_a_part() -> None:
    _, test = load_digit_logits()
    found = calibration(test.logits, test.labels, 1.0, bins=10)
    cells = json.loads((NOTEBOOKS / "03_temperature.ipynb").read_text("utf-8"))["cells"]
    told = re.search(r"claims ([\d.]+) % on average and is right in ([\d.]+) %", "".join(cells[0]["source"]))
    assert told
    assert told.groups() == (f"{100 * found.mean_confidence:.1f}", f"{100 * found.overall_accuracy:.1f}")


def test_one_temperature_is_honest_on_average_and_not_for_every_class() -> None:
    _, test = load_digit_logits()
    p = softmax(test.logits, temperature=fitted_to_digits())
    said, confidence = p.argmax(axis=-1), p.max(axis=-1)
    right = said == test.labels
    assert confidence.mean() == pytest.approx(right.mean(), abs=0.02)
    of_class = [confidence[said == digit].mean() - right[said == digit].mean() for digit in range(10)]
    assert np.argmax(of_class) == 8
    assert of_class[8] > 0.15


def test_a_best_temperature_below_one_does_not_mean_more_right_than_claimed() -> None:
    """Four examples that claim more than they keep, and still are fitted best by T < 1."""
    z = np.array([[0.0, 1.0, 3.0], [0.0, 0.0, 3.0], [0.0, 2.0, 0.0], [2.0, 0.0, 3.0]])
    y = np.array([2, 2, 1, 0])
    found = calibration(z, y, 1.0, bins=10)
    assert found.mean_confidence > found.overall_accuracy + 0.05
    best = fit_temperature(z, y)
    assert best < 0.85
    assert calibration(z, y, best, bins=10).nll < found.nll
    assert calibration(z, y, best, bins=10).mean_confidence > found.mean_confidence


@pytest.mark.parametrize("k", [1.0, 10.0, 100.0, np.inf])
def test_strips_of_the_square_hold_what_they_say_and_leave_no_gap(k: float) -> None:
    corners, p0 = strips(k)
    areas = []
    for strip, value in zip(corners, p0, strict=True):
        x, y = strip.T
        areas.append(abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2)
        d = np.unique((x - y).round(12))
        with np.errstate(invalid="ignore", over="ignore"):
            low, high = np.sort(np.where(d == 0, 0.5, 1 / (1 + np.exp(-k * d))))
        assert low <= value <= high
        assert high - low <= 1 / 32 + 1e-9 or k == np.inf
    assert sum(areas) == pytest.approx(4)


def test_the_sentence_counts_how_many_counts_are_within_two_deviations() -> None:
    told = set()
    for seed in range(21):
        picture = sampling_demo.at(seed=seed, temperature=5.0, draws="1,000")
        columns = picture.table.columns
        off = np.abs(np.asarray(columns["drawn"]) - columns["expected"])
        within = int(np.sum(off <= 2 * np.asarray(columns["standard deviation"])))
        assert f"{within} of the 6 counts" in picture.description
        told.add(within)
    assert min(told) < 6  # not always all of them
