"""The classifier of section "Does confidence mean accuracy?": its logits for real digits, at any temperature."""

from __future__ import annotations

import functools

import numpy as np

from course_utils.data import DigitScores, load_digit_logits
from course_utils.lessons.arrays import Array
from course_utils.lessons.calibration import fit_temperature, mean_nll
from course_utils.numerics.softmax import softmax

FITTING, TESTING = "600 images for fitting", "1,097 images for testing"


@functools.cache
def digit_scores() -> dict[str, DigitScores]:
    fit, test = load_digit_logits()
    return {TESTING: test, FITTING: fit}


@functools.cache
def fitted_to_digits() -> float:
    """Return the temperature with the highest likelihood on the part for fitting."""
    fit = digit_scores()[FITTING]
    return float(fit_temperature(fit.logits, fit.labels))


PART_TEMPERATURES = np.geomspace(0.5, 8, 33)


@functools.cache
def along_temperatures(part: str) -> tuple[Array, Array]:
    """Return negative log-likelihood and mean confidence of one part at all temperatures of the picture."""
    scores = digit_scores()[part]
    loss = [mean_nll(scores.logits, scores.labels, t) for t in PART_TEMPERATURES]
    confidence = [softmax(scores.logits, temperature=t).max(axis=-1).mean() for t in PART_TEMPERATURES]
    return np.array(loss), np.array(confidence)
