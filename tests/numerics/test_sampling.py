"""Cutting and drawing: against loops that do what the words say."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.numerics.sampling import draw, most_probable
from course_utils.numerics.softmax import softmax

ALMOST_ONE = 1 - 2**-53
SIXTEENTHS = st.lists(st.integers(0, 16), min_size=1, max_size=8).filter(any)  # exact: ties are ties


def slowly_kept(p: list[float], top_k: int, top_p: float) -> list[int]:
    kept: list[int] = []
    while len(kept) < min(top_k, len(p)) and sum(p[i] for i in kept) < top_p:
        kept.append(max((i for i in range(len(p)) if i not in kept), key=lambda i: p[i]))
    return [i for i in kept if p[i] > 0]


@given(SIXTEENTHS, st.integers(1, 9), st.integers(1, 16))
def test_keeps_what_a_loop_keeps(counts: list[int], top_k: int, sixteenths: int) -> None:
    total = 2 ** int(np.ceil(np.log2(sum(counts))))
    p = np.array([*counts, total - sum(counts)]) / total  # dyadic: sums are exact
    top_p = sixteenths / 16
    share = most_probable(p, top_k=top_k, top_p=top_p)
    kept = slowly_kept(p.tolist(), top_k, top_p)
    assert np.flatnonzero(share).tolist() == sorted(kept)
    np.testing.assert_allclose(share[kept], p[kept] / p[kept].sum(), rtol=1e-15)


@given(SIXTEENTHS, st.integers(0, 3))
def test_all_of_them_and_no_limit_are_the_same(counts: list[int], more: int) -> None:
    p = np.array(counts) / sum(counts)
    np.testing.assert_array_equal(most_probable(p, top_k=len(p) + more), most_probable(p))
    np.testing.assert_allclose(most_probable(p), p, rtol=1e-14)
    assert most_probable(p, top_k=1).tolist() == np.eye(len(p))[p.argmax()].tolist()


def test_rounding_loses_no_class() -> None:
    # The sum of ten 0.1 ends below 1: whoever waits for it to reach 1 keeps one class, or draws an eleventh.
    assert np.count_nonzero(most_probable(np.full(10, 0.1), top_p=1.0)) == 10
    assert draw(np.full(10, 0.1), ALMOST_ONE) == 9


def test_a_distribution_may_be_rounded_as_much_as_its_dtype_rounds() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        p = softmax(rng.normal(size=10).astype(np.float16))
        assert p[draw(p, 0.5)] > 0
    with pytest.raises(ValueError, match=r"got a sum of 1\.01"):
        draw([0.5, 0.51], 0.5)


def test_without_a_limit_no_class_is_cut_however_improbable() -> None:
    for p in ([1.0, 1e-7], [1.0, 1e-17, 5e-324], [1e-20, 0.5, 0.5], [0.5, 0.25, 0.25 + 1e-9, 1e-30]):
        assert np.count_nonzero(most_probable(p)) == len(p)
        assert np.count_nonzero(most_probable(p, top_p=1.0)) == len(p)
        assert np.count_nonzero(most_probable(p, top_k=2, top_p=1.0)) == 2


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=12), st.floats(0.01, 0.999))
def test_rounding_decides_at_most_about_a_class_at_a_tie(weights: list[float], top_p: float) -> None:
    """As few as reach the total, in exact arithmetic, unless a total nearly is `top_p`."""
    p = np.array(weights) / sum(weights)
    for total in (top_p, *np.cumsum(np.sort(p)[::-1])[:-1].tolist()):
        if total < 1:
            running, exact = (
                list(itertools.accumulate(sorted(map(Fraction, p), reverse=True))),
                Fraction(total),
            )
            kept = np.count_nonzero(most_probable(p, top_p=total))
            reached = [part - exact for part in running]
            assert kept == len(p) or reached[kept - 1] > -1e-15
            assert kept == 1 or reached[kept - 2] < 1e-15


def test_eight_of_ten_equal_classes_are_a_tie_and_the_words_say_who_decides() -> None:
    assert 8 * Fraction(0.1) == Fraction(0.8)
    assert np.count_nonzero(most_probable([0.1] * 10, top_p=0.8)) == 9
    assert "rounding decides" in " ".join((most_probable.__doc__ or "").split())


def test_draws_every_class_as_often_as_it_should() -> None:
    u = (np.arange(8000) + 0.5) / 8000
    assert np.bincount(draw([0.5, 0.0, 0.125, 0.375], u)).tolist() == [4000, 0, 1000, 3000]


@given(SIXTEENTHS, st.lists(st.floats(0, 1, exclude_max=True)))
def test_never_draws_what_is_impossible(counts: list[int], u: list[float]) -> None:
    p = np.array(counts) / sum(counts)
    assert np.all(p[draw(p, np.array([0.0, *u, ALMOST_ONE]))] > 0)


@pytest.mark.parametrize(
    ("p", "limits", "told"),
    [
        ([0.5, 0.6], {}, "sum is 1"),
        ([1.5, -0.5], {}, "not negative"),
        ([np.nan, 1.0], {}, "not negative"),
        ([[0.5, 0.5]], {}, r"shape \(n,\)"),
        ([], {}, r"shape \(n,\)"),
        ([0.5, 0.5], {"top_p": 0.0}, "above 0"),
        ([0.5, 0.5], {"top_p": np.nan}, "above 0"),
        ([0.5, 0.5], {"top_p": 1.1}, "at most 1"),
        ([0.5, 0.5], {"top_k": 0}, "whole number from 1"),
        ([0.5, 0.5], {"top_k": True}, "whole number from 1"),
        ([0.5, 0.5], {"top_k": 1.5}, "whole number from 1"),
    ],
)
def test_bad_input_gets_one_clear_sentence(p: object, limits: dict[str, float], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        most_probable(p, **limits)  # type: ignore[arg-type]


@pytest.mark.parametrize("u", [-0.1, 1.0, np.nan])
def test_random_numbers_lie_below_one(u: float) -> None:
    with pytest.raises(ValueError, match="below 1"):
        draw([0.5, 0.5], u)
