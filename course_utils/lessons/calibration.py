"""Calibration, measured: how well confidence and accuracy agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array, Whole
from course_utils.numerics.softmax import log_softmax, softmax


@dataclass(frozen=True)
class Calibration:
    """How well confidence and accuracy agree, per bin and on the whole."""

    n: Whole
    confidence: Array  # mean per bin; not a number where the bin is empty
    accuracy: Array
    deviation: Array  # of the accuracy, if the confidences were right
    mean_confidence: float
    overall_accuracy: float
    ece: float
    nll: float


def calibration(logits: Array, labels: Whole, temperature: float, bins: int) -> Calibration:
    """Sort examples into bins of equal width by confidence, and compare it with accuracy in each bin."""
    p = softmax(logits, temperature=temperature)
    confidence, right = p.max(axis=-1), p.argmax(axis=-1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)

    def total(values: Any) -> Array:
        sums: Array = np.bincount(place, weights=values, minlength=bins).astype(float)
        return sums

    n = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        return Calibration(
            n,
            total(confidence) / n,
            total(right) / n,
            np.sqrt(total(confidence * (1 - confidence))) / n,
            float(confidence.mean()),
            float(right.mean()),
            float(np.abs(total(confidence) - total(right)).sum() / len(labels)),
            mean_nll(logits, labels, temperature),
        )


def mean_nll(logits: Array, labels: Whole, temperature: float) -> float:
    """Negative log-likelihood per example, in nats."""
    log_p = log_softmax(logits, temperature=temperature)
    return float(-log_p[np.arange(len(labels)), labels].mean())


# An exercise of notebook 03 shows this as its solution.
def fit_temperature(z, y):
    coldest, hottest = 1 / 20, 20
    low, high = 1 / hottest, 1 / coldest  # of λ
    z_true = z[np.arange(len(y)), y]
    for _ in range(50):
        lam = (low + high) / 2
        p = softmax(lam * z)
        slope = np.mean((p * z).sum(axis=-1) - z_true)
        low, high = (low, lam) if slope > 0 else (lam, high)
    return 1 / lam
