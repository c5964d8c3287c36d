"""Ticks: round numbers, even steps, and texts that tell one from the other."""

from __future__ import annotations

import numpy as np
import pytest

from course_utils.teaching.pictures import Axis, Line, Panel, Picture, layout
from course_utils.teaching.pictures.ticks import linear_ticks, log_ticks, tick_texts


@pytest.mark.parametrize("most", [2, 3, 5, 7])
def test_linear_ticks_are_round_even_and_within(most: int) -> None:
    random = np.random.default_rng(0)
    for low, span in zip(random.normal(size=200) * 10, 10 ** random.uniform(-6, 6, size=200), strict=True):
        ticks = linear_ticks(low, low + span, most)
        assert 1 <= len(ticks) <= most
        assert low - 1e-9 * span <= ticks[0]
        assert ticks[-1] <= low + span * (1 + 1e-9)
        if len(ticks) > 1:
            step = (ticks[-1] - ticks[0]) / (len(ticks) - 1)
            assert np.allclose(np.diff(ticks), step, rtol=1e-6)
            mantissa = float(f"{step:e}".partition("e")[0])
            assert round(mantissa, 4) in (1, 2, 5, 10)


def test_ticks_are_exact_far_from_zero() -> None:
    assert linear_ticks(1e12, 1e12 + 4, 5) == [1e12 + k for k in range(5)]
    assert linear_ticks(1, 1 + 4e-9, 5) == [1 + k * 1e-9 for k in range(5)]
    assert linear_ticks(0, 0.7, 8) == [k / 10 for k in range(8)]


@pytest.mark.parametrize("most", [2, 3, 7])
def test_an_end_that_is_round_but_for_rounding_errors_has_its_tick(most: int) -> None:
    assert linear_ticks(0.1 + 0.2, 0.9, 8)[0] == 0.3
    assert linear_ticks(-0.9, -0.1 - 0.2, 8)[-1] == -0.3
    assert log_ticks(0.2 * (1 + 1e-12), 0.5 * (1 - 1e-12), 4) == [0.2, 0.5]
    assert not {0.2, 0.5} & set(log_ticks(0.2 * (1 + 1e-6), 0.5 * (1 - 1e-6), 4))
    assert log_ticks(0.01 * (1 + 1e-12), 100 * (1 - 1e-12), 5) == [0.01, 0.1, 1, 10, 100]
    assert 1 < len(linear_ticks(0, 10 * most * (1 - 1e-11), most)) <= most, "one more would be too many"


def test_there_are_as_many_ticks_as_there_is_room_for() -> None:
    counts = [[len(linear_ticks(0, high, most)) for most in (2, 3, 6, 11)] for high in (1, 10, 1e-7, 1e7)]
    assert counts == [[2, 3, 6, 11]] * 4
    assert linear_ticks(0, 4, 4) == [0, 2, 4]
    assert linear_ticks(0.5, 2.5, 2) == [1, 2]
    assert linear_ticks(0, 300, 4) == [0, 100, 200, 300]


@pytest.mark.parametrize("step", [1, 2, 3, 5, 10, 20, 30, 50, 100])
def test_powers_of_ten_stand_at_even_steps_of_which_one_is_at_1(step: int) -> None:
    for shift in (0, 1):
        ticks = log_ticks(10.0 ** (-2 * step), 10.0 ** (2 * step + shift * (step - 1)), 5)
        assert ticks == [float(f"1e{k * step}") for k in (-2, -1, 0, 1, 2)]


def test_within_two_decades_also_2_and_5_have_ticks_if_there_is_room() -> None:
    assert log_ticks(1, 10, 4) == [1, 2, 5, 10]
    assert log_ticks(1, 10, 3) == [1, 10]
    assert log_ticks(0.5, 30, 7) == [0.5, 1, 2, 5, 10, 20]
    assert log_ticks(1, 99, 7) == [1, 2, 5, 10, 20, 50]
    assert log_ticks(1, 100, 7) == [1, 10, 100]
    assert log_ticks(4, 40, 7) == [5, 10, 20]
    assert log_ticks(0.03, 0.9, 7) == [0.05, 0.1, 0.2, 0.5]


def test_log_ticks_are_powers_within() -> None:
    for low, high, most in ((1e-3, 1e3, 7), (1e-300, 1e300, 6), (0.5, 2000, 4), (1, 10, 5), (3, 4, 5)):
        ticks = log_ticks(low, high, most)
        assert len(ticks) <= max(most, 2)
        assert all(low * (1 - 1e-9) <= tick <= high * (1 + 1e-9) for tick in ticks)
    assert log_ticks(1e-3, 1e3, 7) == [1e-3, 1e-2, 0.1, 1, 10, 100, 1000]
    assert 1.0 in log_ticks(1e-300, 1e300, 6)
    assert log_ticks(1.5, 6, 4) == [2, 5]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (3, 4, [3, 3.5, 4]),
        (2.2, 4.8, [2.5, 3, 3.5, 4, 4.5]),
        (6, 9, [6, 7, 8, 9]),
        (11, 19, [12, 14, 16, 18]),
        (30, 40, [30, 35, 40]),
        (0.5, 0.7, [0.5, 0.55, 0.6, 0.65, 0.7]),
        (1, 1.0001, [1, 1.00005, 1.0001]),
    ],
)
def test_between_1_2_and_5_a_logarithmic_axis_has_the_ticks_of_a_linear_one(
    low: float, high: float, ticks: list[float]
) -> None:
    assert log_ticks(low, high, 5) == ticks
    axis = Axis("n", low, high, scale="log")
    ((_, first), *_, (_, last)) = layout.axis_ticks(axis, (low, high), 5)
    assert (first, last) == (f"{ticks[0]:g}", f"{ticks[-1]:.10g}")


def test_a_power_of_ten_stays_where_a_linear_axis_has_no_more_ticks() -> None:
    assert log_ticks(1.5, 60, 2) == [10]
    assert log_ticks(6.4, 9e11, 2) == [1e10], "0 is no tick, as near as it is"


@pytest.mark.parametrize(
    ("values", "log", "texts"),
    [
        ([], False, []),
        ([0], False, ["0"]),
        ([0, 99_999], False, ["0", "99999"]),
        ([0, 100_000], False, ["0", "10^{5}"]),
        ([0.0001, 1], False, ["0.0001", "1"]),
        ([0.0001, 1], True, ["10^{−4}", "1"]),
        ([0.001, 1], True, ["0.001", "1"]),
        ([0, 0.001], False, ["0", "0.001"]),
        ([0, 0.0005], False, ["0", "5·10^{−4}"]),
        ([-1e6, -2.5e5, 1e6], False, ["−10^{6}", "−2.5·10^{5}", "10^{6}"]),
        ([1.25e6], False, ["1.25·10^{6}"]),
        ([1e6, 1_001_000], False, ["1000000", "1001000"]),
        ([1e6 - 1, 1e6 + 1], False, ["999999", "1000001"]),
        ([1e10 - 2, 1e10 - 1], False, ["9999999998", "9999999999"]),
        ([2e10, 2.0001e10], False, ["2·10^{10}", "2.0001·10^{10}"]),
        ([1.2345e-4], False, ["1.2345·10^{−4}"]),
        ([-0.25, 1.5], False, ["−0.25", "1.5"]),
        ([-1, -0.5, 0, 0.5, 1], False, ["−1", "−0.5", "0", "0.5", "1"]),
        ([0, 2e5, 4e5], False, ["0", "2·10^{5}", "4·10^{5}"]),
        ([-2e-5, 0, 2e-5], False, ["−2·10^{−5}", "0", "2·10^{−5}"]),
        ([1e-9, 1e-3, 1000], True, ["10^{−9}", "10^{−3}", "10^{3}"]),
        ([0.01, 1, 100], True, ["0.01", "1", "100"]),
    ],
)
def test_far_and_small_numbers_are_written_as_powers_unless_late_digits_tell_them_apart(
    values: list[float], log: bool, texts: list[str]
) -> None:
    assert tick_texts(values, log) == texts


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([1e10, 1e10 + 1], ["10^{10}", "1.0000000001·10^{10}"]),
        ([0.00012345678, 0.00012345679], ["1.2345678·10^{−4}", "1.2345679·10^{−4}"]),
        ([1.0, 1.0000000000005, 1.000000000001], ["1", "1.0000000000005", "1.000000000001"]),
        ([-1, -1 - 2**-52], ["−1", "−1.0000000000000002"]),
        ([1e17, 1e17 + 16], ["10^{17}", "1.0000000000000002·10^{17}"]),
        ([0.5, 0.5, 0.1 + 0.2], ["0.5", "0.5", "0.3"]),
    ],
)
def test_different_numbers_are_written_with_as_many_digits_as_tell_them_apart(
    values: list[float], texts: list[str]
) -> None:
    assert tick_texts(values) == texts


@pytest.mark.parametrize("low", [1e10, -1e10 - 5, 1e15])
def test_no_two_ticks_far_from_zero_say_the_same(low: float) -> None:
    ticks = layout.axis_ticks(Axis("n", low, low + 5), (low, low + 5), 7)
    assert [at for at, _ in ticks] == [low + k for k in range(6)]
    assert len({text for _, text in ticks}) == 6


@pytest.mark.parametrize("at", [1e17, -1e17, 1e300])
@pytest.mark.parametrize("axis", [Axis("y"), Axis("y", low=1e300), Axis("y", high=-1e300)])
def test_the_same_number_far_from_zero_again_and_again_has_limits_around_it(at: float, axis: Axis) -> None:
    low, high = axis.limits([(at, at)])
    assert low < high
    if axis.low is axis.high:
        assert low < at < high
    texts = [text for _, text in layout.axis_ticks(axis, (low, high), 5)]
    assert len(texts) == len(set(texts)) > 1
    assert Picture([Panel("", [Line("y", [at, at], [0, 1], color="ink")], y=axis)], "A line.").svg(640)
