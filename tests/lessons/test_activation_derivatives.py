"""What the pictures of lesson 05 take as known: peaks, lowest points, complex formulas, expectations."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from course_utils.lessons import activation_derivatives as lesson
from course_utils.lessons.activation_derivatives import own
from course_utils.lessons.activation_derivatives.chain import CHAINS, DEEPEST, DRAWN, chain, power_of
from course_utils.lessons.activation_derivatives.dead import dead_relu
from course_utils.lessons.activation_derivatives.deep import (
    DEPTH,
    FUNCTIONS,
    KEEPING,
    deep,
    deep_demo,
    growth,
    measured,
)
from course_utils.lessons.activation_derivatives.functions import ACTIVATIONS, NAMES
from course_utils.lessons.activation_derivatives.relatives import lowest_point
from course_utils.lessons.activation_derivatives.saturation import (
    GLOROT,
    SATURATED,
    expected_saturation,
    saturation_demo,
)
from course_utils.lessons.activation_derivatives.slope import PROBED, STEPS, slope_estimates, tangent_demo
from course_utils.numerics import training
from course_utils.numerics.activations import ACTIVATIONS as BY_NAME
from course_utils.numerics.depth import there_and_back
from course_utils.numerics.mlp import MLP
from course_utils.teaching.algebra.syntax import linear
from course_utils.teaching.pictures import Line, Picture

DENSE = np.linspace(-12, 12, 240_001)


@pytest.mark.parametrize("name", NAMES)
def test_no_slope_exceeds_the_largest_and_the_peak_has_it(name: str) -> None:
    shown = ACTIVATIONS[name]
    slopes = np.asarray(shown.slope(DENSE))
    assert slopes.max() <= shown.steepest * (1 + 1e-12)
    assert slopes.max() == pytest.approx(shown.steepest, abs=1e-5)
    if shown.peak is not None:
        assert shown.slope(shown.peak) == pytest.approx(shown.steepest, rel=1e-12)
        assert DENSE[np.argmax(slopes)] == pytest.approx(shown.peak, abs=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_the_lowest_point_is_where_the_function_turns(name: str) -> None:
    values = np.asarray(ACTIVATIONS[name].function(DENSE))
    point = lowest_point(name)
    if point is None:
        assert np.all(np.diff(values) >= 0)
    else:
        x, low = point
        assert ACTIVATIONS[name].slope(x) == pytest.approx(0, abs=1e-12)
        assert low <= values.min() <= low + 1e-8


@pytest.mark.parametrize("name", PROBED)
def test_the_formula_for_complex_numbers_is_the_same_function(name: str) -> None:
    shown, x = ACTIVATIONS[name], np.linspace(-5, 5, 101)
    assert shown.plain is not None
    np.testing.assert_allclose(np.real(shown.plain(x + 0j)), shown.function(x), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(
        np.imag(shown.plain(x + 1e-30j)) / 1e-30, shown.slope(x), rtol=1e-12, atol=1e-15
    )


def test_measured_slopes_at_one() -> None:
    slopes = slope_estimates("tanh", 1.0, 0.01)
    exact = ACTIVATIONS["tanh"].slope(1.0)
    assert slopes["forward"] - exact == pytest.approx(-3.2e-3, abs=5e-5)
    assert slopes["central"] - exact == pytest.approx(1.0e-5, abs=5e-7)


@pytest.mark.parametrize("name", PROBED)
def test_what_is_said_of_the_errors_over_all_steps_is_so(name: str) -> None:
    """From h = 1 on they need not fall: the forward error of SiLU at 2.1 rises to begin with."""
    told = 0
    for x in np.linspace(-5, 5, 101).round(1):
        said = tangent_demo.at(name=name, x=x).says
        assert "first fall" not in said
        if "of both differences are smallest at a step in between" not in said:
            continue
        told += 1
        exact = float(ACTIVATIONS[name].slope(x))
        for way in ("forward", "central"):
            error = np.abs(slope_estimates(name, x, STEPS)[way] - exact)
            best = int(error.argmin())
            assert STEPS[-1] < STEPS[best] < STEPS[0]
            below = error[best:]
            assert below[-1] > 100 * below[0]
            decades = [below[k : k + 12].max() for k in range(0, len(below) - 11, 12)]  # of three each
            assert (np.diff(decades) > 0).all()
    assert told or name == "ReLU"


@pytest.mark.parametrize("name", PROBED)
def test_nothing_is_said_to_be_lost_only_where_f_is_flat(name: str) -> None:
    """On its flat half the values of ReLU are equal: no float lies between them."""
    for x in np.linspace(-5, 5, 101).round(1):
        for h in (1e-15, 1e-10, 1e-5, 0.178, 1):
            f, picture = ACTIVATIONS[name].function, tangent_demo.at(name=name, x=x, h=h)
            flat = not any(f(np.array([x - h, x, x + h])))
            if h < 1e-4:
                assert ("nothing is lost" in picture.says) == flat
            if flat:
                assert "little is lost" not in picture.says
            spacings = picture.table.summary["float spacings between f(x) and f(x + h)"]
            assert (spacings == 0) <= (f(x) == f(x + h))
            assert (spacings == 0) >= flat


@pytest.mark.parametrize("name", PROBED)
def test_values_within_one_spacing_are_not_said_to_be_a_part_of_it_apart(name: str) -> None:
    """Two floats cannot be 0.0016 spacings apart; what is computed are whole ones."""
    told = 0
    for x in np.linspace(-5, 5, 101).round(1):
        f, said = ACTIVATIONS[name].function, tangent_demo.at(name=name, x=x, h=1e-15).says
        assert "about 0" not in said
        if "lie within one float spacing" in said:
            told += 1
            steps = abs(float(f(x + 1e-15)) - float(f(x))) / np.spacing(abs(float(f(x))))
            assert steps in (0, 0.5, 1, 2)  # at a power of two the spacing is half as wide on one side
    assert told or name == "ReLU"


def test_saturation_is_what_many_draws_show() -> None:
    assert expected_saturation(28) == pytest.approx(0.925, abs=5e-4)
    assert expected_saturation(28 * GLOROT) == pytest.approx(0.031, abs=5e-4)
    draws = 1.23 * np.random.default_rng(0).standard_normal(1_000_000)
    share = np.mean(np.abs(np.tanh(draws)) > SATURATED)
    assert share == pytest.approx(expected_saturation(1.23), abs=1e-3)


def test_what_is_only_nearly_never_expected_is_not_called_0_percent() -> None:
    assert "; under 0.1 % were expected" in saturation_demo.at(fan_in=1, weight_std=0.05).says


def test_the_ceiling_of_ten_sigmoids_is_reached_with_what_the_question_allows() -> None:
    """Without biases the best is less than half of it."""
    best = {}
    for biases in (False, True):
        x, slopes = np.linspace(-20, 20, 40_001), 1.0
        for _ in range(10):
            slopes = slopes * BY_NAME["sigmoid"].derivative(x)
            x = np.asarray(BY_NAME["sigmoid"].function(x))
            x = x - x[x.size // 2] * biases
        best[biases] = float(np.max(slopes))
    assert best[False] < 0.5 * 0.25**10
    allowed = "biases" in lesson.chain_question.prompt
    assert best[allowed] == pytest.approx(1e-6, rel=0.1)  # "about one millionth"


def test_terms_are_uncorrelated_for_weights_of_the_mean_that_is_named() -> None:
    said = lesson.variance_question.because[1]
    random = np.random.default_rng(0)
    x = random.multivariate_normal([0, 0], [[1, 0.9], [0.9, 1]], 200_000)
    w = random.standard_normal(x.shape)
    assert abs(np.corrcoef((w * x).T)[0, 1]) < 0.01
    assert np.corrcoef(((w + 1) * x).T)[0, 1] > 0.4
    assert "independently with mean 0" in said


def test_ten_sigmoids_and_their_ceiling() -> None:
    picture = chain("sigmoid", 10, 1.0)
    assert picture.data["ceiling of log10 of the size"][-1] == pytest.approx(10 * np.log10(0.25))
    tracks = picture.data["log10 of the size of its product"].reshape(DRAWN, -1)[:, :-1]
    assert (tracks <= picture.data["ceiling of log10 of the size"] + 1e-12).all()


@pytest.mark.parametrize("name", NAMES)
def test_a_largest_slope_is_spoken_of_where_there_is_one(name: str) -> None:
    """That of softplus, σ, comes as near to 1 as you like, and never there."""
    assert ("which no product reaches" in chain(name, 3, 1.0).says) == (name == "softplus")
    assert ("with the largest slope at every layer" in chain(name, 3, 1.0).says) == (name != "softplus")


@pytest.mark.parametrize("spread", [0.1, 1.0, 10.0])
@pytest.mark.parametrize("name", NAMES)
def test_the_median_of_a_chain_is_that_of_the_sizes_of_its_products(name: str, spread: float) -> None:
    """Left of their lowest points GELU and SiLU fall: products have both signs, and another median."""
    pre = spread * np.random.default_rng(5).standard_normal((CHAINS, DEEPEST))
    for depth in (1, 3, 10):
        slopes = np.asarray(ACTIVATIONS[name].slope(pre[:, :depth]))
        alive = slopes[(slopes != 0).all(axis=1)]
        picture = chain(name, depth, spread)
        if not len(alive):
            assert f"the product is 0 in all {CHAINS} chains" in picture.says
            continue
        sizes = np.log10(np.abs(alive)).sum(axis=1)  # of products that no float may hold
        middle = float(np.median(sizes))
        assert picture.data["median of log10 of the size"][-1] == pytest.approx(middle)
        words = "the median size of the product is" if len(alive) == CHAINS else "of median size"
        assert f"{words} {power_of(middle)}" in picture.says
        assert (np.sign(alive).prod(axis=1) < 0).any() == (name in ("GELU", "SiLU") and spread >= 1)


def test_a_dead_unit_stays_dead_and_a_leak_revives_it() -> None:
    assert set(dead_relu(-5.0, 0.0).data["bias"]) == {-5.0}
    assert dead_relu(-5.0, 0.2).data["bias"][-1] == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("seed", range(5))
def test_a_silent_unit_rests_for_good_in_the_first_layer_only(seed: int) -> None:
    """Behind a layer that learns its z may become positive: the answer used to call that impossible."""
    later = MLP([[[1.0]], [[-1.0], [1.0]], np.eye(2)], [[0.0], [0.5, 0.0], [0.0, 0.0]])
    film = list(training.train(later, [[1.0]], [0], steps=60, learning_rate=0.5))
    sums = [float(shot.mlp.pre_activations(np.array([[1.0]]))[1][0, 0]) for shot in film]
    assert sums[0] < 0 < max(sums)
    asleep = next(step for step, z in enumerate(sums) if z > 0)
    for shot in film[: asleep + 1]:
        assert shot.mlp.weights[1][0] == later.weights[1][0], "its own weights rest while that lasts"
    assert film[-1].mlp.weights[1][0] != later.weights[1][0]

    random = np.random.default_rng(seed)
    X, y = random.normal(size=(30, 2)), random.integers(0, 2, 30)
    net = MLP.random((2, 6, 5, 2), seed)
    biases = [net.biases[0] - [99, 0, 0, 0, 0, 0], *net.biases[1:]]
    *_, last = training.train(MLP(net.weights, biases), X, y, steps=200, learning_rate=0.5)
    assert (last.mlp.weights[0][0] == net.weights[0][0]).all()
    assert (last.mlp.weights[0][1:] != net.weights[0][1:]).any()
    told = lesson.dead_question.because[2]
    assert (
        "Under plain gradient descent its own weights rest as long as that lasts, "
        "and in the first layer it lasts for good"
    ) in told


@pytest.mark.parametrize(
    ("exponent", "written"),
    [(0, "1"), (-6.0206, "9.5e−7"), (-501.75, "1.8e−502"), (2.0, "100"), (-4.0, "1e−4"), (-3.0001, "1e−3")],
)
def test_powers_are_written_even_where_no_float_holds_them(exponent: float, written: str) -> None:
    assert power_of(exponent) == written


@pytest.mark.parametrize(
    ("name", "weight_std", "fate"),
    [
        ("tanh", 1.0, "explodes"),
        ("ReLU", 1.0, "explodes"),
        ("GELU", 0.25, "explodes"),
        ("tanh", KEEPING, "holds"),
        ("ReLU", math.sqrt(2) * KEEPING, "holds"),
        ("sigmoid", 0.7, "holds"),
        ("ReLU", KEEPING, "vanishes"),
        ("GELU", KEEPING, "vanishes"),
        ("sigmoid", KEEPING, "vanishes"),
        ("tanh", 0.01, "vanishes"),
    ],
)
def test_slopes_and_weights_decide_what_becomes_of_a_gradient(
    name: str, weight_std: float, fate: str
) -> None:
    assert f"The gradient {fate}" in deep(name, weight_std).says


def test_slopes_alone_are_a_wrong_guess() -> None:
    """They say that the gradient of ten saturated layers vanishes. It explodes."""
    picture = deep_demo.at()
    assert picture.table.columns["layer"][-1] == 1
    assert picture.data["slopes alone"][-1] < 1e-6
    assert picture.data["length of the gradient"][-1] > 1e3


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_named_scale_keeps_the_length(name: str) -> None:
    picture = deep(name, 1.0)
    edge = picture.table.summary["scale at which the length is kept"]
    said = float(picture.says.rpartition("σ_w = ")[2].rstrip("."))
    for scale in (float(edge), said):
        run = measured(name, scale)
        assert 0.97 < run.length[0] / run.length[-1] < 1.03
    for other, sign in ((edge / 2, -1), (edge * 1.4, 1)):
        run = measured(name, float(other))
        assert sign * np.log(run.length[0] / run.length[-1]) > 0


def test_one_over_the_root_of_the_fan_in_keeps_the_sums_and_not_what_comes_after() -> None:
    for name, faded in (("tanh", 0.1), ("ReLU", 0.005)):
        sums = measured(name, KEEPING).sum_square
        assert sums[0] == pytest.approx(1, abs=0.1)
        assert sums[-1] < faded
        assert (np.diff(sums) < 0).all()
    factors = growth(measured("tanh", KEEPING).slope_square, KEEPING)
    assert factors[0] < 0.5 < 0.85 < factors[-1] < 1  # no scale is the edge for all layers
    factors = growth(measured("ReLU", math.sqrt(2) * KEEPING).slope_square, math.sqrt(2) * KEEPING)
    np.testing.assert_allclose(factors, 1, atol=0.1)


def through_ten_layers(name: str, weight_std: float) -> float:
    """Return by what factor the gradient grows in the network that the exit question asks about."""
    random = np.random.default_rng(5)
    weights = [weight_std * random.standard_normal((784, 784)) for _ in range(DEPTH)]
    x, direction = random.standard_normal((2, 8, 784))
    gradients = there_and_back(weights, BY_NAME[name], x, direction).gradients
    return float(np.linalg.norm(gradients[0]) / np.linalg.norm(gradients[-1]))


def test_what_the_questions_say_of_ten_layers_with_784_units() -> None:
    assert 5e4 < through_ten_layers("tanh", 1.0) < 5e5  # "about a hundred thousand times as long"
    assert through_ten_layers("tanh", 1.0) ** (1 / 9) == pytest.approx(4, abs=0.3)  # "about fourfold"
    assert through_ten_layers("tanh", 1 / 28) == pytest.approx(0.25, abs=0.07)  # "a quarter of its length"
    assert 1.5 < through_ten_layers("sigmoid", 1.0) ** (1 / 9) < 1.8  # "by more than half"
    f = 28 * np.linspace(-6, 6, 1_000_001)
    weight = np.exp(-((f / 28) ** 2) / 2)
    slope_square = np.sum(weight / np.cosh(f) ** 4) / np.sum(weight)
    assert 1 / slope_square == pytest.approx(53, abs=0.5)  # "a factor of about 53"
    assert 14.5 < 784 * slope_square < 15  # "a factor of nearly 15"


def dips_and_never_climbs_faster_than_one(x: np.ndarray) -> np.ndarray:
    return np.where(x < 0, 2 * x / (1 + np.exp(-x)), x)


def test_to_lie_below_the_line_is_what_makes_a_slope_exceed_one_and_to_dip_is_not() -> None:
    x = np.linspace(-30, 30, 600_001)
    right = x > 0
    for name in ("SiLU", "GELU"):
        values = np.asarray(ACTIVATIONS[name].function(x))
        assert (values[right & (x < 8)] < x[right & (x < 8)]).all()
        assert values[-1] == pytest.approx(x[-1], abs=1e-9)
        assert ACTIVATIONS[name].slope(0.0) == pytest.approx(0.5)
        assert ACTIVATIONS[name].steepest > 1.09
    softplus = np.asarray(ACTIVATIONS["softplus"].function(x))
    assert (softplus > x)[x < 30].all()
    assert ACTIVATIONS["softplus"].slope(0.0) == pytest.approx(0.5)
    assert np.asarray(ACTIVATIONS["softplus"].slope(x)).max() <= 1
    dipping = dips_and_never_climbs_faster_than_one(x)
    assert dipping.min() == pytest.approx(-0.557, abs=1e-3)
    assert (np.diff(dipping) / np.diff(x)).max() <= 1 + 1e-6


def test_the_slope_at_a_kink_is_called_a_convention() -> None:
    assert "by convention" in tangent_demo.at(name="ReLU", x=0.0).says
    assert "by convention" not in tangent_demo.at(name="ReLU", x=0.1).says
    assert "by convention" not in tangent_demo.at(name="SiLU", x=0.0).says


# --- an activation that is typed --------------------------------------------------------------------

EXPONENTS = ["2.1234567", "1.23456789", "1000001", "1e15", "1e-9", "1e-30", "1e300", "2e-300", "5", "2.0"]
EXPONENTS += [".5", "0.1", "1", "1.5e2", "123456789012345678", "3." + "14159" * 9]


@pytest.mark.parametrize("exponent", EXPONENTS)
@pytest.mark.parametrize("base", ["x", "(1 + x^2)"])
def test_the_exponent_of_a_slope_is_one_less_to_the_last_digit(base: str, exponent: str) -> None:
    written = linear(own.slope(own.read(f"{base}^{exponent}"))).replace("−", "-")
    factor, _, power = written.partition(f"{base}^")
    if not power:  # x^1, written as x
        power = "1"
    elif power.startswith("("):
        left, _, right = power[1 : power.index(")")].partition(" - ")
        power = str(Fraction(left) - Fraction(right))
    else:
        power = power.partition("*")[0]
    assert Fraction(power) == Fraction(exponent) - 1
    assert Fraction(factor.partition("*")[0] if "*" in factor else "1") == Fraction(exponent)
    own.read(written)


@pytest.mark.parametrize(
    ("text", "limits"),
    [("10x", (-6, 6)), ("5x^2", (-1.2, 6)), ("-5x^2", (-6, 1.2)), ("2tanh(x)", None), ("0.1x", (-1.2, 1.2))],
)
def test_a_drawn_formula_has_room_and_no_more_than_the_picture_has(
    text: str, limits: tuple[float, float] | None
) -> None:
    picture = own.own_activation(text)
    assert isinstance(picture, Picture)
    panel = picture.panels[0][0]
    (line,) = panel.marks
    assert isinstance(line, Line)
    assert (panel.y.low, panel.y.high) == (limits or (line.y.min(), line.y.max()))


TYPED = [
    "x*sigmoid(x)",
    "x tanh(softplus(x))",
    "x/(1 + abs(x))",
    "max(0.1x, x)",
    "min(max(0, x), 6)",
    "x(1 + erf(x/sqrt(2)))/2",
    "relu(x)^2 - e^-x",
    "-(-x)*sin(x) + cos(2x)^3",
    "(1 + x^2)^x/2^x",
    "exp(-x^2)/(3 - 1)",
    "sign(x)*log(1 + abs(x))",
    "x - step(x)",
    "5",
]


@pytest.mark.parametrize("text", TYPED)
def test_the_slope_of_what_is_typed_is_the_one_that_is_measured(text: str) -> None:
    formula = own.read(text)
    x = np.random.default_rng(1).uniform(-4, 4, 200)
    h = 1e-5
    measured = (own.value(formula, x + h) - own.value(formula, x - h)) / (2 * h)
    exact = own.value(own.slope(formula), x)
    np.testing.assert_allclose(exact, measured, rtol=1e-5, atol=1e-6 * max(1.0, np.abs(measured).max()))
    written = own.read(linear(own.slope(formula)).replace("−", "-"))
    np.testing.assert_allclose(own.value(written, x), exact, err_msg="what is written is what is drawn")


@pytest.mark.parametrize("text", TYPED)
def test_what_is_typed_is_drawn_and_told(text: str) -> None:
    picture = lesson.own_activation(text)
    assert isinstance(picture, Picture)
    slopes = own.value(own.slope(own.read(text)), own.WINDOW)
    np.testing.assert_allclose(picture.data["slope"], np.where(abs(slopes) < 1e6, slopes, np.nan))
    assert picture.spec(640).json["height"] <= 560
    assert f" {np.isfinite(slopes).sum()} point" in picture.says


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("x + sin(x)^2 + cos(x)^2", "1 + 2*sin(x)*cos(x) − 2*cos(x)*sin(x)"),
        ("sin(x) - cos(x)", "cos(x) + sin(x)"),
        ("3 - cos(x)", "sin(x)"),
        ("cos(x)", "−sin(x)"),
    ],
)
def test_a_slope_is_written_without_two_signs_in_a_row(text: str, written: str) -> None:
    assert linear(own.slope(own.read(text))) == written


def test_a_slope_that_only_rounding_moves_is_the_same_throughout() -> None:
    slopes = own.value(own.slope(own.read("x + sin(x)^2 + cos(x)^2")), own.WINDOW)
    assert 0 < np.ptp(slopes) < 1e-15
    assert "it is 1 throughout." in lesson.own_activation("x + sin(x)^2 + cos(x)^2").says
    assert "lies between 0.995 and 1.00," in lesson.own_activation("x + 0.0025cos(x)*2").says


@pytest.mark.parametrize(
    "text",
    [
        "x.real",
        "__import__('os')",
        "foo(x)",
        "y",
        "[x]",
        "x'",
        "tanh x",
        "max(x)",
        "log(-1-x^2)",
        "9^9^9^9",
        "",
    ],
)
def test_what_cannot_be_an_activation_is_answered_with_a_sentence(text: str) -> None:
    verdict = lesson.own_activation(text)
    assert not isinstance(verdict, Picture)
    assert not verdict
    assert verdict.headline.endswith(".")


@pytest.mark.parametrize("name", [name for name in NAMES if ACTIVATIONS[name].plain])
def test_the_formula_for_complex_numbers_is_that_of_the_function(name: str) -> None:
    """Also its slope, by the complex step: f(x + ih) = f(x) + ih f'(x) up to h²."""
    one, x, h = ACTIVATIONS[name], np.linspace(-5, 5, 40), 1e-20
    assert one.plain
    moved = one.plain(x + 1j * h)
    np.testing.assert_allclose(np.real(moved), one.function(x), rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(np.imag(moved) / h, one.slope(x), rtol=1e-12, atol=1e-15)
