"""Lesson 01: what its pictures show, computed anew."""

from __future__ import annotations

import numpy as np
import pytest

from course_utils.data import load_hard_digit
from course_utils.lessons.softmax.attention import DIMENSIONS, KEYS, attention_demo, spreads
from course_utils.lessons.softmax.hard_digit import hard_digit_demo


def shares(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max())
    return np.asarray(e / e.sum())


def test_the_page_opens_with_the_logits_of_the_hard_digit() -> None:
    digit = load_hard_digit()
    data = hard_digit_demo.at().data
    np.testing.assert_allclose(data["z"], digit.logits, atol=0.05 + 1e-9)
    np.testing.assert_allclose(data["p"], shares(np.array(data["z"])), rtol=1e-12)
    assert int(np.argmax(data["p"])) == 1 != digit.label
    np.testing.assert_array_equal(data["ink"], digit.image[::-1])


def test_a_class_that_loses_its_logit_leaves_its_share_to_the_others() -> None:
    before, after = (
        np.array(hard_digit_demo.at(**s).data["p"]) for s in ({}, hard_digit_demo.presets["No 1 any more"])
    )
    rest = np.arange(10) != 1
    assert after[1] < 1e-7
    np.testing.assert_allclose(after[rest] / before[rest], 1 / (1 - before[1]), rtol=1e-6)


@pytest.mark.parametrize("power", [1, 4, 8])
def test_weights_are_softmax_of_scores_with_and_without_the_root(power: int) -> None:
    data = attention_demo.at(power=power).data
    scores = np.array(data["q·k"])
    assert scores.shape == (KEYS,)
    np.testing.assert_allclose(data["softmax of q·k"], shares(scores), rtol=1e-12)
    np.testing.assert_allclose(data["softmax of q·k/√d"], shares(scores / np.sqrt(2.0**power)), rtol=1e-12)


def test_scores_spread_like_the_root_of_the_dimension() -> None:
    every = np.array([spreads(seed) for seed in range(31)])
    np.testing.assert_allclose(np.sqrt(np.mean(every**2, axis=0)), np.sqrt(DIMENSIONS), rtol=0.03)
    assert (np.abs(every / np.sqrt(DIMENSIONS) - 1) < 0.25).all()
