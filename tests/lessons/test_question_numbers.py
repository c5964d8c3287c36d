"""Numbers in what is said about an answer: each is in the question itself, or computed here.

What the wrong options say may be any number; what is said of them, and the right one, may not.
"""

from __future__ import annotations

import math
from math import comb, log

import numpy as np
import pytest
from discovery import named
from scipy.integrate import quad
from scipy.special import log_softmax, softmax

from course_utils.notebook_files.numbers import Number, numbers_shown, numbers_to_check
from course_utils.teaching import Question

FLOAT32 = np.finfo(np.float32)
SMALLEST = 2.0**-1074
SPREAD = math.sqrt(784)  # of a sum of 784 terms of variance 1
KEPT, _ = quad(lambda x: math.cosh(SPREAD * x) ** -4 * math.exp(-x * x / 2) / math.sqrt(2 * math.pi), -1, 1)


def most_regions(lines: int) -> int:
    return sum(comb(lines, k) for k in range(3))


def one_after_the_other(terms: list[float]) -> float:
    total = 0.0
    for term in terms:
        total += term
    return total


NUMBERS: dict[str, dict[str, float]] = {
    "activation_derivatives.chain_question": {"1048576": 4**10},
    "activation_derivatives.deep_question": {"53": 1 / KEPT, "15": 784 * KEPT},
    "activation_derivatives.exit_question": {"28": SPREAD},
    "activation_derivatives.saturation_question": {"28": SPREAD, "2.65": math.atanh(0.99)},
    "cross_entropy_derivation.double_question": {"0.74": log(1 + 3 / math.e)},
    "cross_entropy_derivation.exit_question": {"-0.8": 0.2 - 1},
    "linear_regions.depth_question": {"211": most_regions(20)},
    "linear_regions.exit_question": {"190": comb(20, 2), "211": most_regions(20)},
    "linear_regions.far_question": {"211": most_regions(20)},
    "linear_regions.lines_question": {"11": most_regions(4), "16": 2**4},
    "linear_regions.parameters_question": {"81": 60 + 21, "60": 20 * (2 + 1), "40": 20 * 2, "21": 20 + 1},
    "linear_regions.recall_gap_question": {"8600": round(1e-6 / np.spacing(1e6), -2)},
    "logsumexp_versus_max.exit_question": {
        "700": round(log(1000) / 0.01, -2),
        "691": log(1000) / 0.01,
        "100": 1 / 0.01,
    },
    "logsumexp_versus_max.mean_question": {"6.10": 5 + log(3)},
    "logsumexp_versus_max.recall_shift_question": {"-104": log(2**-150), "89": log(FLOAT32.max)},
    "numeric_instability.break_question": {
        "11": log(np.finfo(np.float16).max),
        "88.72": log(FLOAT32.max),
        "86.7": log(FLOAT32.max) - 2,
        "3.4e38": float(FLOAT32.max),
        "709.78": log(np.finfo(np.float64).max),
    },
    "numeric_instability.digits_question": {"4.9e-324": SMALLEST},
    "numeric_instability.gap_question": {
        "16777217": 2**24 + 1,
        "16777218": float(np.nextafter(np.float32(2**24), np.float32(np.inf))),
        "24": FLOAT32.nmant + 1,
        "25": (2**24).bit_length(),
    },
    "numeric_instability.negative_question": {
        "-104": log(2**-150),
        "-87.3": log(FLOAT32.smallest_normal),
        "1.4e-45": float(FLOAT32.smallest_subnormal),
        "-745.13": log(SMALLEST) - log(2),
    },
    "numeric_instability.ones_question": {"256": 2**8, "257": 2**8 + 1},
    "numeric_instability.order_question": {
        "0.9999999999999999": one_after_the_other([0.999, *[0.0001] * 10])
    },
    "numeric_instability.product_question": {"0.0": float(np.prod([1e-4] * 100)), "4.9e-324": SMALLEST},
    "numeric_instability.recall_shift_question": {"20": math.e**3},
    "start_here.step_question": {"2.72": math.e},
    "temperature.entropy_question": {"2.303": log(10)},
    "temperature.recall_log_question": {"1000": -log_softmax([0, -1000])[1]},
    "temperature.top_p_question": {"0.9999999999999999": np.cumsum([0.1] * 10)[-1]},
    "training_a_classifier.exit_question": {"2.3": log(10)},
    "training_a_classifier.film_question": {"56": most_regions(10), "45": comb(10, 2)},
    "training_a_classifier.recall_push_question": {"-0.8": 0.2 - 1},
    "training_a_classifier.recall_softmax_question": {"800": -log_softmax([-800, 0])[0]},
    "training_a_classifier.start_question": {"2.3": log(10)},
}

# Numbers that are nobody's value, and what holds of them.
HOLDS: dict[str, dict[str, bool]] = {
    "linear_regions.exit_question": {"250": most_regions(20) < 250},
    "logsumexp_versus_max.smooth_question": {
        "100": np.allclose(softmax(np.array([1, 2, 4]) + 100), softmax([1, 2, 4]))
    },
    "logsumexp_versus_max.strict_question": {"36": 36 + math.exp(-36) == 36},
    "numeric_instability.break_question": {"89": 20 < log(FLOAT32.max) - 2 < 89},
    "numeric_instability.exit_question": {"27.64": 27.63 < -log(1e-12) < 27.64},
    "softmax.amplify_question": dict.fromkeys(("0.1", "0.2", "0.3"), softmax([0.1, 0.2, 0.3]).max() < 1 / 2),
    "temperature.cut_question": {"0.9": 5 / 15 < 0.9},  # fifteen share it: five of them have less
    "temperature.recall_log_question": {"-1000": softmax([0, -1000])[1] == 0},
    "training_a_classifier.recall_softmax_question": {"-800": softmax([-800, 0])[0] == 0},
}


def told(question: Question) -> set[str]:
    """Return the numbers that are said of an answer and are not given with the question."""
    given = {n.text.lstrip("-") for n in [*Number.all_in(question.prompt), *numbers_shown(question.prompt)]}
    right = question.options[question.letters.index(question.answer)]
    said = {n.text for text in (right, *question.because) for n in numbers_to_check(text)}
    return {text for text in said if text.lstrip("-") not in given}


def test_what_is_computed_is_of_questions_there_are() -> None:
    assert {*NUMBERS, *HOLDS} <= named(Question).keys()


@pytest.mark.parametrize("name", named(Question))
def test_each_number_told_of_an_answer_is_computed(name: str) -> None:
    computed, holds = NUMBERS.get(name, {}), HOLDS.get(name, {})
    assert told(named(Question)[name]) == {*computed, *holds}
    for text, value in computed.items():
        assert Number(text).shows(value), f"{text}, but it is {value:.10g}"
    assert all(holds.values()), holds
