"""The parts of the judge of derivations, each by itself: points, values, signs, words, and notation."""

from __future__ import annotations

import itertools
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from sympy import Abs, Max, Min, Rational, cos, erf, exp, log, sign, sin, sqrt

from course_utils.teaching.algebra import judge, meaning, normal_form, points, scope, syntax
from course_utils.teaching.algebra.points import Undefined, nonzero_at, number_at
from course_utils.teaching.algebra.syntax import NotUnderstood, latex, linear, parse

X, Y = sympy.symbols("x y", real=True)
A, B = sympy.symbols("a b", positive=True)
U = sympy.Symbol("u", nonnegative=True)
N = sympy.Symbol("n", integer=True, positive=True)
COUNT = sympy.Symbol("i", integer=True)
M = sympy.Symbol("m", negative=True)

# --- points ---------------------------------------------------------------------------------------


def first(symbols: Any, count: int) -> list[list[Any]]:
    drawn = itertools.islice(points.points(symbols), count)
    return [[point[symbol] for symbol in sorted(symbols, key=str)] for point in drawn]


def test_the_first_points_read_well_and_meet_the_kinks() -> None:
    readable = [(1, -1), (2, 3), (-1, -2), (3, Rational(1, 2)), (-2, -3), (Rational(1, 2), 1), (0, 0), (1, 1)]
    assert first([Y, X], 8) == [list(pair) for pair in readable]
    assert first([X, Y], 40) == first([Y, X], 40)


def test_then_they_are_of_all_sizes_and_differ_by_their_seed() -> None:
    later = [abs(float(x)) for (x,) in first([X], 408)[8:]]
    sizes = (1, 1, 5, 0.1, 20, 1, 300, 0.001)
    largest = [max(later[place::8]) for place in range(8)]
    assert all(0.7 * size < most <= size for size, most in zip(sizes, largest, strict=True))
    assert all((number * 10**7).is_Integer for (number,) in first([X], 40))
    one, other = (list(itertools.islice(points.points([X], seed), 20)) for seed in "ab")
    assert one[:8] == other[:8]
    assert one[8:] != other[8:]


@pytest.mark.parametrize(
    ("facts", "holds"),
    [
        ({"positive": True}, lambda x: x > 0),
        ({"negative": True}, lambda x: x < 0),
        ({"nonnegative": True}, lambda x: x >= 0),
        ({"nonpositive": True}, lambda x: x <= 0),
        ({"nonzero": True, "real": True}, lambda x: x != 0),
        ({"integer": True}, lambda x: x.is_Integer and -300 <= x <= 300),
        ({"integer": True, "positive": True}, lambda x: x.is_Integer and 1 <= x <= 300),
        ({"integer": True, "nonnegative": True}, lambda x: x.is_Integer and 0 <= x <= 300),
    ],
)
def test_a_point_has_what_is_assumed_of_its_symbol(facts: Any, holds: Any) -> None:
    drawn = [number for (number,) in first([sympy.Symbol("s", **facts)], 300)]
    assert all(map(holds, drawn))
    if "integer" in facts:
        assert {int(number) for number in drawn} >= {1, 2, 3}
        assert max(drawn) > 200, "small ones alone do not tell n from min(n, 10)"
        assert min(drawn) < -200 if len(facts) == 1 else min(drawn) == int("positive" in facts)
    if facts in ({"nonnegative": True}, {"nonpositive": True}):
        assert 0 in drawn, "where its kink is"
    zero = points.fitting(sympy.Symbol("s", **facts), sympy.S.Zero)
    assert zero == (-2 if "negative" in facts else 2 if facts.keys() & {"positive", "nonzero"} else 0)


# --- values ---------------------------------------------------------------------------------------

POINT = {X: Rational(3, 2), Y: Rational(-2), A: Rational(1, 4)}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        (X + Y, "-1/2"),
        (2 * X * Y, "-6"),
        (Y**3, "-8"),
        (Y**-2, "1/4"),
        (A**X, "1/8"),
        (sqrt(A), "1/2"),
        (Max(X, Y, A), "3/2"),
        (Min(X, Y, A), "-2"),
        (Abs(Y), "2"),
        (sign(Y), "-1"),
        (sign(X), "1"),
        (sign(X - X), "0"),
        (exp(sympy.S.Zero), "1"),
        (log(A) / log(4), "-1"),
        (sqrt(Y) ** 2, "-2"),
        (0**X, "0"),
        (0 ** (X - 1), "0"),
    ],
)
def test_a_formula_has_its_value_in_a_point(formula: Any, value: str) -> None:
    got = number_at(formula, POINT)
    assert mpmath.almosteq(got, mpmath.mpmathify(Rational(value)), 1e-15)


@pytest.mark.parametrize(
    ("formula", "defined"),
    [
        (1 / (X - Rational(3, 2)), False),
        (log(X - Rational(3, 2)), False),
        (exp(60_000 * X), True),  # e^90000
        (exp(70_000 * X), False),  # e^105000 is further than a point is followed
        (exp(-70_000 * X), False),
        (erf(26 * X), True),
        (erf(27 * X), False),
        (sin(60_000 * X), True),
        (log(exp(60_000 * X) * exp(60_000 * X)), True),
        (X ** (100_000 * X), True),
        (X ** (200_000 * X * X), False),
        (1 / log(X - Rational(3, 2)), False),
        ((X - Rational(3, 2)) ** (-X), False),
        (0 ** (sympy.I * X), False),
        (sympy.Symbol("unknown"), False),
    ],
)
def test_what_has_no_value_or_one_out_of_reach_is_undefined(formula: Any, defined: bool) -> None:
    if defined:
        number_at(formula, POINT)
    else:
        with pytest.raises(Undefined):
            number_at(formula, POINT)


def test_what_cancellation_leaves_is_no_difference() -> None:
    zero = sin(X) ** 2 + cos(X) ** 2 - 1
    assert nonzero_at(zero, POINT, 4) is None
    assert nonzero_at(sympy.S.Zero, POINT) is None
    assert nonzero_at(zero + Rational(1, 10**30), POINT) == pytest.approx(1e-30)
    tiny = exp(-1000 * X) + X - X  # e^-1500 beside nothing
    assert nonzero_at(tiny, POINT) > 0
    assert nonzero_at(1 + exp(-200 * X) - 1, POINT) > 0
    beside = sympy.Add(
        1, exp(-200 * X), sympy.Mul(-1, sin(X) ** 2 + cos(X) ** 2, evaluate=False), evaluate=False
    )
    assert nonzero_at(beside, POINT, 2) is None, "too small for two precisions"
    assert nonzero_at(beside, POINT, 4) > 0, "and seen with more digits"
    assert number_at(zero + exp(-70 * X), POINT) == 0, "beside numbers around 1"
    assert number_at(zero + exp(-70 * X), POINT, 160) > 0


# --- signs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "strictly", "not_negative"),
    [
        (A, True, True),
        (U, False, True),
        (-A, False, False),
        (X, False, False),
        (A + U, True, True),
        (U + U * A, False, True),
        (A - B, False, False),
        (X**2, False, True),
        (X**2 + 1, True, True),
        (exp(X), True, True),
        (exp(U) - 1, False, True),
        (exp(A) - 1, True, True),
        (exp(X) - 1, False, False),
        (A * (B + 1) / (A + 2), True, True),
        (-(A + 1) * (-B - 2), True, True),
        (-(A + 1) * (B + 2), False, False),
        (X * (A + 1), False, False),
        ((-A - 1) ** 3, False, False),
        (1 / (A + 1), True, True),
        (sqrt(A) + 1, True, True),
    ],
)
def test_a_sign_is_that_of_all_factors_and_terms(formula: Any, strictly: bool, not_negative: bool) -> None:
    form = normal_form.normal(formula)
    assert normal_form.is_positive(form) == strictly
    assert normal_form.is_positive(form, strictly=False) == not_negative


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (log(A * B), log(A) + log(B)),
        (log(A / B**2), log(A) - 2 * log(B)),
        (log(12), 2 * log(2) + log(3)),
        (log(12 * A), 2 * log(2) + log(3) + log(A)),
        (sqrt(4 * A), 2 * sqrt(A)),
        (sqrt(A * X), sqrt(A) * sqrt(X)),
        (A**X * A**Y, A ** (X + Y)),
        (exp(2 * log(A)), A**2),
        (exp(X + log(A)), A * exp(X)),
        (exp((X * log(A) + X * log(B)) / X), A * B),  # the logarithms stand alone only then
        (exp((X * log(A) - X * log(B)) / (2 * X)), sqrt(A) / sqrt(B)),
        (exp((X * log(Y) + X * log(B)) / X), Y * B),
        (sympy.tanh(X), (exp(2 * X) - 1) / (exp(2 * X) + 1)),
        (sympy.cosh(X) ** 2 - sympy.sinh(X) ** 2, sympy.S.One),
        (exp(X / 2) ** 2, exp(X)),
        (1 / (1 + exp(-X)), exp(X) / (1 + exp(X))),
        (A ** Rational(1, 3) * A ** Rational(2, 3), A),
        (erf(X + X), erf(2 * X)),
        ((X + 1) ** 20 / (X + 1) ** 19, X + 1),
        (sqrt(M**2), -M),
        (log(-A * M), log(A) + log(-M)),
        (log((M - 1) * X), log(1 - M) + log(-X)),
        (sympy.Sum(X, (COUNT, 2, N)), (N - 1) * X),
        (sympy.Sum(X + 2 * COUNT, (COUNT, 1, N)), N * X + 2 * sympy.Sum(COUNT, (COUNT, 1, N))),
    ],
)
def test_equal_formulas_have_one_normal_form(one: Any, other: Any) -> None:
    assert normal_form.normal(one - other) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (log(X * Y), log(X) + log(Y)),
        (log(X**2), 2 * log(X)),
        (sqrt(X**2), X),
        (sqrt(X * Y), sqrt(X) * sqrt(Y)),
        (exp(X / 2), exp(X)),
        (log(A + 1), log(A)),
        (erf(2 * X), 2 * erf(X)),
    ],
)
def test_what_is_equal_for_some_numbers_only_keeps_its_own_form(one: Any, other: Any) -> None:
    assert normal_form.normal(one - other) != 0


@pytest.mark.parametrize(
    ("formula", "hard"),
    [
        ((X + Y + 1) ** 38, False),
        ((X + Y + 1) ** 39, True),  # 820 terms
        (X**40, False),
        (X**41, True),
        (X**-40 * Y**-40, False),
        (X**-40 * Y**-40 / A, True),
        (X**-40 * Y**-39 / A + A / X, False),  # one denominator for all
        (log(X - X + sympy.Mul(0, Y, evaluate=False) + 1), False),
        (A ** Rational(1, 40), False),
        (A ** Rational(1, 41), True),
        (sympy.Derivative(sympy.Sum(exp(X * U), (U, 0, N)), N), True),
    ],
)
def test_too_much_work_is_refused(formula: Any, hard: bool) -> None:
    normal_form.normal.cache_clear()
    if hard:
        with pytest.raises(normal_form.TooHard):
            normal_form.normal(formula)
    else:
        normal_form.normal(formula)


@pytest.mark.parametrize(
    ("formula", "kernels"),
    [
        (exp(X) + exp(Y), 2),
        (exp(X) + exp(X / 2), 1),
        (exp(40 * X) + exp(X), 1),
        (exp(41 * X) + exp(X), 2),  # of its own, or e^(-9999) would be lost beside 1
        (exp(-40 * X) + exp(X), 1),
        (exp(-41 * X) + exp(X), 2),
        (A ** Rational(1, 3) + A, 1),
        (sqrt(A) + A ** Rational(1, 3), 1),
        (sqrt(A) + sqrt(B), 2),
        (A ** Rational(79, 2) + sqrt(A), 1),
        (A ** Rational(81, 2) + sqrt(A), 2),
    ],
)
def test_powers_of_one_thing_share_its_name(formula: Any, kernels: int) -> None:
    flat, stands_for = normal_form.named(formula)
    assert len(stands_for) == kernels
    assert flat.xreplace(stands_for) == formula


@pytest.mark.parametrize(
    ("polynomial", "parts"),
    [
        (X**20 * Y**20 - 1, True),
        (X**21 * Y**21 - 1, False),
        (X**2 - 2**78, True),
        (X**2 - 2**82, False),
        (X**2 - Rational(1, 2**78), True),
        (X**2 - Rational(1, 2**82), False),
    ],
)
def test_a_polynomial_that_is_too_large_to_be_split_stays_whole(polynomial: Any, parts: bool) -> None:
    constant, powers = normal_form.factors(polynomial)
    assert (len(powers) > 1) == parts
    assert sympy.expand(constant * sympy.Mul(*(factor**power for factor, power in powers))) == polynomial


def test_roots_of_roots_come_back() -> None:
    for depth in range(1, 4):
        form = A
        for _ in range(depth):
            form = sqrt(form + 1)
        for _ in range(depth):
            form = (form + 1) * (form - 1)
        assert normal_form.normal(form - A) == 0


def test_a_fraction_comes_apart_into_terms_and_factors() -> None:
    assert set(normal_form.terms((X**2 + A) / (B + 1))) == {X**2 / (B + 1), A / (B + 1)}
    constant, powers = normal_form.factors(6 * (X**2 - 1) / (X + 3) ** 2)
    assert constant == 6
    assert dict(powers) == {X - 1: 1, X + 1: 1, X + 3: -2}
    assert normal_form.factored(X**2 - 1) == (X - 1) * (X + 1)
    assert normal_form.factors(sympy.S(5)) == (5, [])
    assert meaning.size(X) == 1
    assert meaning.size(X + 2 * Y) == 5
    assert meaning.size(sin(X)) == 2


# --- words of findings ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (mpmath.mpf("1.5"), 6, "1.5"),
        (mpmath.mpf(-2), 6, "−2"),
        (mpmath.mpf("0.73105857863"), 6, "0.731059"),
        (mpmath.mpf("0.73105857863"), 12, "0.73105857863"),
        (mpmath.mpf("1e-20"), 6, "1e−20"),
        (mpmath.mpc(1, 2), 6, "1 + 2 i"),
        (mpmath.mpc("-1.5", "-2.25"), 6, "−1.5 − 2.25 i"),
        (mpmath.mpc(0, 3), 6, "3 i"),
        (mpmath.mpc("1e-21", 3), 6, "3 i"),
        (mpmath.mpc("1e-19", 3), 6, "1e−19 + 3 i"),
        (mpmath.mpc(3, "1e-21"), 6, "3"),
        (mpmath.mpc(3, "1e-19"), 6, "3 + 1e−19 i"),
        (mpmath.mpc(0, "0.9e-20"), 6, "0"),
    ],
)
def test_a_number_is_written_with_its_digits_real_or_not(value: Any, digits: int, text: str) -> None:
    assert judge.decimal(value, digits) == text


def test_a_point_is_spoken_in_the_order_of_its_names() -> None:
    values = {Y: Rational(-1, 3), X: Rational(5116229, 10**7), A: Rational(1, 999), B: Rational(1, 1001)}
    assert judge.spoken(values, [Y, X]) == "x = 0.5116, y = −1/3"
    assert judge.spoken(values, [A, B]) == "a = 1/999, b = 0.000999"


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (X**2 - A, "-a + x^2"),
        (Abs(X) + Max(X, Y), "abs(x) + max(x, y)"),
        (Min(X, 1), "min(1, x)"),
        (Rational(1, 10**30), "1e−30"),
        (Rational(10**22, 3), "10000000000000000000000/3"),
        (Rational(10**23, 3), "3.33333e+22"),
        (sympy.Integer(10**26), "1e+26"),
        (sympy.Sum(X, (N, 0, 3)), ""),
    ],
)
def test_a_difference_is_written_as_it_can_be_typed(formula: Any, text: str) -> None:
    assert judge.written(formula) == text


def test_the_worst_finding_is_told_and_of_proofs_the_most_remarkable() -> None:
    ranks = [judge.rank(judge.Finding(status)) for status in judge.RANKS[:-1]]  # type: ignore[arg-type]
    proofs = [judge.rank(judge.Finding("proved", how)) for how in judge.METHODS[::-1]]
    assert ranks + proofs == sorted(ranks + proofs)
    assert judge.rank(judge.Finding("proved", f"{judge.CASES} (4)")) == proofs[0]
    assert [bool(judge.Finding(status)) for status in judge.RANKS] == [False] * 4 + [True] * 2  # type: ignore[arg-type]


def test_values_of_a_formula_are_rounded_or_undefined() -> None:
    known = scope.scope_of({}, {"z": "real vector 2"}, [parse("x")], "x")

    def value(text: str, **example: Any) -> str:
        return judge.rounded(known, parse(text), {"x": 2, "z": [1, 4]} | example)

    assert value("x/3") == "0.666667"
    assert value("[x, z[1]]") == "[2, 4]"
    assert value("z*x") == "[2, 8]"
    assert value("[[x, 1], [2, 3]]") == "[[2, 1], [2, 3]]"
    assert value("sqrt(-x)") == value("1/(x - 2)") == value("log(x - 2)") == "undefined"
    assert value("x", x=0.1) == "0.1"
    with pytest.raises(ValueError, match=r"^z needs 2 numbers, not 3$"):
        value("x", z=[1, 2, 3])


# --- assumptions and names ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "length"),
    [
        ("positive", ("positive",), None),
        ("positive integer", ("positive", "integer"), None),
        ("real vector 3", ("real",), 3),
        ("vector n", ("real",), "n"),
        ("index", ("index",), None),
    ],
)
def test_an_assumption_is_read(text: str, words: Any, length: Any) -> None:
    assert scope.assumption(text) == scope.Assumption(words, length)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("real vector", "declared with its length, as in 'real vector 3', not 'real vector'"),
        ("vector 2.5", "declared with its length"),
        ("real vector 0", "declared with its length, as in 'real vector 3', not 'real vector 0'"),
        ("vector ²", "declared with its length"),
        ("even", "'even' is no assumption; the words are real, positive,"),
        ("positive odd", "'odd' is no assumption"),
    ],
)
def test_an_assumption_that_is_none_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        scope.assumption(text)


def test_facts_are_those_of_the_words_and_all_is_real() -> None:
    assert scope.assumption("index").facts == {"real": True, "integer": True, "nonnegative": True}
    assert scope.assumption("negative").facts == {"real": True, "negative": True}


@pytest.mark.parametrize(
    ("definitions", "assume", "words"),
    [
        ({"f": "x"}, {"f": "real"}, "^f is both defined and assumed$"),
        ({"f": "g", "g": "x"}, {}, "^f is defined by g, which is not defined above it$"),
        ({"f": "f + 1"}, {}, "^f is defined by f, which is not defined above it$"),
        ({}, {"a": "vector n", "b": "vector m"}, "^vectors of symbolic length have one and the same length$"),
        ({"f(": "x"}, {}, "a definition is named 'f' or"),
    ],
)
def test_names_that_contradict_each_other_are_refused(definitions: Any, assume: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        scope.scope_of(definitions, assume, [], "x")


def test_what_is_neither_defined_nor_assumed_is_a_real_number() -> None:
    known = scope.scope_of(
        {"f": "x + e", "g(t, s)": "t*s*w"},
        {"z": "vector n", "i": "index"},
        [parse("g(x, y) + sum(z[k], k) + pi")],
        "x",
    )
    assert set(known.assumptions) == {"z", "i", "n", "x", "w", "y"}
    assert known.assumptions["n"] == scope.Assumption(("positive", "integer"))
    assert known.assumptions["x"] == scope.Assumption()
    assert known.definitions["g"][0] == ("t", "s")
    assert known.indices == ["i"]
    assert known.length == "n"
    assert known.names == dict.fromkeys(["f", *known.assumptions], False) | {"g": True}
    assert known.functions[0] == "g"
    assert scope.scope_of({}, {"a": "vector 2", "b": "vector 3"}, [], "x").length is None
    assert scope.scope_of({}, {"a": "vector 2", "b": "vector 2"}, [], "x").length == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("x*y + z", "z + y*x", True),
        ("x*y + z", "x + y + z", False),
        ("(x + y)*z", "z*(y + x)", True),
        ("(x + y)*z", "x*y*z", False),
        ("x + (y + z)", "(z + x) + y", True),
        ("x*(y*z)", "(z*x)*y", True),
        ("x - y", "-y + x", True),
        ("x - y", "y - x", False),
        ("x/y", "y/x", False),
        ("x^y", "y^x", False),
        ("x - (y - z)", "x - y + z", False),
        ("exp(x + y)", "e^(y + x)", True),
        ("exp(x)", "2^x", False),
        ("y^x", "exp(x)", False),
        ("dot(x, y)", "sum(y*x)", True),
        ("dot(x, y)", "sum(x + y)", False),
        ("max(x, y)", "max(y, x)", False),  # of which nothing is known here
        ("λ*x", "x*lambda", True),
        ("f''", "f'", False),
        ("2x", "x*2", True),
        ("2x", "x*3", False),
    ],
)
def test_what_differs_in_order_and_spelling_only_is_written_in_one_way(
    one: str, other: str, same: bool
) -> None:
    known = scope.scope_of({"f": "x"}, dict.fromkeys("xyzλ", "real"), [], "x")
    assert (known.in_order(known.read(one)) == known.in_order(known.read(other))) == same


# --- notation -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "plain", "formula"),
    [
        ("x+y-b", "x + y − b", "x + y - b"),
        ("x-(y-b)", "x − (y − b)", r"x - \left(y - b\right)"),
        ("x*y/b", "x*y/b", r"\frac{x\,y}{b}"),
        ("x/(y*b)", "x/(y*b)", r"\frac{x}{y\,b}"),
        ("x@y", "x@y", r"x\,y"),
        ("-(x+y)*b", "−(x + y)*b", r"-\left(x + y\right)\,b"),
        ("2^-x", "2^−x", "2^{-x}"),
        ("(-x)^2", "(−x)^2", r"\left(-x\right)^{2}"),
        ("x^y^b", "x^y^b", "x^{y^{b}}"),
        ("f'' + g'(x)", "f'' + g'(x)", r"f'' + g'\left(x\right)"),
        ("sqrt(x)+abs(y)", "sqrt(x) + abs(y)", r"\sqrt{x} + \left|y\right|"),
        ("sech(x)", "sech(x)", r"\operatorname{sech}\left(x\right)"),
        ("max(x,y,2)", "max(x, y, 2)", r"\max\left(x, y, 2\right)"),
        ("ln(x)", "log(x)", r"\log\left(x\right)"),
        ("dot(x,y)", "dot(x, y)", r"\left\langle x, y \right\rangle"),
        ("transpose(x+y)", "transpose(x + y)", r"\left(x + y\right)^{\top}"),
        ("delta(i,j)", "delta(i, j)", r"\delta_{i, j}"),
        ("jacobian(p,z)", "jacobian(p, z)", r"\frac{\partial p}{\partial z}"),
        ("diff(x^2,x)", "diff(x^2, x)", r"\frac{d}{d x}\left(x^{2}\right)"),
        ("diff(f,x)", "diff(f, x)", r"\frac{d f}{d x}"),
        ("diff(f)", "diff(f)", r"\mathrm{diff}\left(f\right)"),
        ("diff(f,x,y)", "diff(f, x, y)", r"\mathrm{diff}\left(f, x, y\right)"),
        ("diff'(f,x)", "diff'(f, x)", r"\mathrm{diff}'\left(f, x\right)"),
        ("sum(x*y)", "sum(x*y)", r"\sum x\,y"),
        ("sum(x+y)", "sum(x + y)", r"\sum \left(x + y\right)"),
        ("[x,[1,2]]", "[x, [1, 2]]", r"\begin{bmatrix} x \\ 1 & 2 \end{bmatrix}"),
        ("x[0,1]", "x[0, 1]", "x_{0, 1}"),
        ("(x+y)[i]", "(x + y)[i]", r"\left(x + y\right)_{i}"),
        ("exp(x)^2", "exp(x)^2", r"\left(e^{x}\right)^{2}"),
        ("tanh^2(x)", "tanh(x)^2", r"\tanh^{2}\left(x\right)"),
        ("tanh(x,y)^2", "tanh(x, y)^2", r"\mathrm{tanh}\left(x, y\right)^{2}"),
        ("tanh'(x)^2", "tanh'(x)^2", r"\mathrm{tanh}'\left(x\right)^{2}"),
        ("tanh'(x)", "tanh'(x)", r"\mathrm{tanh}'\left(x\right)"),
        ("exp''(x)", "exp''(x)", r"\mathrm{exp}''\left(x\right)"),
        ("x12 + x_max + alpha", "x12 + x_max + alpha", r"x_{12} + x_{max} + \alpha"),
        ("rate + λ_1", "rate + λ_1", r"\mathrm{rate} + \lambda_{1}"),
        ("2.5E3", "2.5E3", r"2.5 \cdot 10^{3}"),
        (".5", ".5", ".5"),
        ("x·y × 2 ÷ 3", "x*y*2/3", r"\frac{x\,y \cdot 2}{3}"),
        ("x² − y³", "x^2 − y^3", "x^{2} - y^{3}"),
        ("+x", "x", "x"),
    ],
)
def test_a_formula_is_written_on_one_line_and_set(text: str, plain: str, formula: str) -> None:
    node = parse(text)
    assert linear(node) == plain
    assert latex(node) == formula
    assert parse(plain) == node


KNOWN = {"x": False, "y": False, "z": False, "σ": True, "λ": False}


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2x y", "2*x*y"),
        ("xy", "x*y"),
        ("xe", "x*e"),
        ("x(y + 1)", "x*(y + 1)"),
        ("(x)(y)", "x*y"),
        ("2(x)[x, y]", "2*x*[x, y]"),
        ("z_1", "z[1]"),
        ("z_i", "z[i]"),
        ("σ_2", "σ(2)"),
        ("z_{i}(1 - z_{i})", "z[i]*(1 - z[i])"),
        ("δ(i, j)", "delta(i, j)"),
        ("Σ(z)", "sum(z)"),
        ("tanh²(x)", "tanh(x)^2"),
        ("σ^2(x)", "σ(x)^2"),
        ("x**2", "x^2"),
        ("{x}", "(x)"),
        ("-x^2", "-(x^2)"),
        ("x'' ", "x′′"),
        ("x/y/2", "(x/y)/2"),
        ("x - y - 2", "(x - y) - 2"),
    ],
)
def test_what_is_short_is_read_as_what_is_meant(text: str, same: str) -> None:
    assert parse(text, KNOWN) == parse(same, KNOWN)


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("x" + "+x" * 99, True),  # 199 names and signs
        ("x" + "+x" * 100, False),
        ("x" + " " * 499, True),
        ("x" + " " * 500, False),
        ("(" * 19 + "x" + ")" * 19, True),
        ("(" * 20 + "x" + ")" * 20, False),
        ("1e300", True),
        ("1e-300", True),
        ("1e301", False),
        ("1e00000000301", False),
        ("1e+0000000001000000", False),
        ("1e00000000300", True),
        ("1" * 60, True),
        ("1" * 61, False),
        ("x''''", True),
        ("x'''''", False),
    ],
)
def test_a_formula_is_as_long_deep_and_large_as_it_may_be(text: str, fine: bool) -> None:
    if fine:
        parse(text)
    else:
        with pytest.raises(NotUnderstood):
            parse(text)


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("x", ["x", "y"], "x"),
        ("lambda", ["λ"], "λ"),
        ("lam", ["λ"], "λ"),
        ("sigma", ["x", "σ"], "σ"),
        ("Sigma", ["Σ"], "Σ"),
    ],
)
def test_a_letter_is_meant_by_its_name(name: str, known: list[str], found: str) -> None:
    assert syntax.resolve(name, known) == found


@pytest.mark.parametrize(
    ("name", "known", "kind", "sentence"),
    [
        ("exq", ["exp", "log"], "function", "“exq” is not a function here; did you mean exp?"),
        ("expp", ["exp", "log"], "function", "“expp” is not a function here; did you mean exp?"),
        (
            "softmax",
            ["max", "log"],
            "function",
            "“softmax” is not a function here; the functions are max and log.",
        ),
        ("ln10", ["x"], "name", "“ln10” is not defined here; write log(10)."),
        ("log2", ["log"], "function", "“log2” is not a function here; write log(x)/log(2)."),
        (
            "δ_ij",
            ["x"],
            "name",
            "“δ_ij” (with GREEK SMALL LETTER DELTA) is not defined here; write delta(i, j).",
        ),
        (
            "xᵀ",
            ["x"],
            "name",
            "“xᵀ” (with MODIFIER LETTER CAPITAL T) is not defined here; write outer(a, b) for a bᵀ.",
        ),
        ("q", ["x", "y"], "name", "“q” is not defined here; the names are x and y."),
        ("lam", ["x"], "name", "“lam” is not defined here; the names are x."),
        ("х", ["x"], "name", "“х” (with CYRILLIC SMALL LETTER HA) is not defined here; the names are x."),
        (
            "ｘ",
            ["x"],
            "name",
            "“ｘ” (with FULLWIDTH LATIN SMALL LETTER X) is not defined here; did you mean x?",
        ),
        ("m" * 40, ["x"], "name", f"“{'m' * 30}” is not defined here; the names are x."),
        ("rete", ["rate", "x"], "name", "“rete” is not defined here; did you mean rate?"),
        ("reds", ["rate", "x"], "name", "“reds” is not defined here; the names are rate and x."),
    ],
)
def test_an_unknown_name_is_answered_with_a_known_one(
    name: str, known: list[str], kind: str, sentence: str
) -> None:
    with pytest.raises(NotUnderstood) as caught:
        syntax.resolve(name, known, kind)
    assert str(caught.value) == sentence


# --- meaning --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (X, "a number"),
        (np.array([X, Y]), "a vector of 2"),
        (np.array([[X, Y, A]]), "a 1 by 3 matrix"),
        (np.array([[X]] * 8), "an 8 by 1 matrix"),
        (meaning.SLOT + 1, "a vector of symbolic length"),
    ],
)
def test_a_value_is_said_in_words(value: Any, words: str) -> None:
    assert meaning.kind(value) == words


@pytest.mark.parametrize(
    ("base", "exponent", "fine"),
    [
        (X, 60, True),
        (X, 61, False),
        (X, Rational(1, 60), True),
        (X, Rational(1, 61), False),
        (sympy.Integer(2), 400, True),
        (sympy.Integer(2), 401, False),
        (sympy.Integer(12), 200, True),
        (sympy.Integer(12), 201, False),
        (Rational(1, 12), 200, True),
        (Rational(1, 12), -201, False),
        (sympy.S.One, 10**9, True),
        (sympy.S.Zero, 10**9, True),
        (sympy.S.Zero, -1, False),
        (sympy.S.Zero, Rational(-1, 2), False),
    ],
)
def test_a_power_is_worked_out_unless_it_would_take_forever(base: Any, exponent: Any, fine: bool) -> None:
    if fine:
        assert meaning.power(base, sympy.S(exponent)) == base ** sympy.S(exponent)
    else:
        with pytest.raises(NotUnderstood):
            meaning.power(base, sympy.S(exponent))


@pytest.mark.parametrize(
    ("value", "fine"),
    [
        (sympy.Integer(2) ** 2099, True),
        (sympy.Integer(2) ** 2100, False),
        (Rational(1, 2**2100), False),
        (exp(sympy.Integer(10_000)), True),
        (exp(sympy.Integer(10_001)), False),
        (exp(-sympy.Integer(10_001)), False),
        (X + sympy.zoo, False),
        (sympy.nan, False),
        (sympy.oo, False),
    ],
)
def test_numbers_grow_so_large_and_no_larger(value: Any, fine: bool) -> None:
    if fine:
        assert meaning.checked(value) == value
    else:
        with pytest.raises(NotUnderstood):
            meaning.checked(value)


@pytest.mark.parametrize(
    ("formula", "slope"),
    [
        (X**3, 3 * X**2),
        (Abs(X), X / Abs(X)),
        (Max(X, Y), Rational(1, 2) + (X - Y) / Abs(X - Y) / 2),
        (Min(X, Y), Rational(1, 2) - (X - Y) / Abs(X - Y) / 2),
        (Y**2, 0),
        (sign(X) * X, X / Abs(X)),
    ],
)
def test_a_derivative_bends_where_its_formula_does(formula: Any, slope: Any) -> None:
    got = meaning.derivative(formula, X)
    for x, y in ((2, 5), (-3, 1), (4, -1), (-2, -7)):
        assert sympy.simplify((got - slope).subs({X: x, Y: y}).doit()) == 0


def test_derivatives_of_vectors_have_a_row_for_each_entry() -> None:
    of, by = np.array([X * Y, Y**2, X]), np.array([X, Y])
    assert meaning.derivative(of, by).tolist() == [[Y, X], [0, 2 * Y], [1, 0]]
    assert meaning.derivative(of, X).tolist() == [Y, 0, 1]
    assert meaning.derivative(X * Y, by).tolist() == [Y, X]


def test_max_of_several_is_that_of_two_and_two() -> None:
    form = meaning.in_moduli(Max(X, Y, A))
    low = meaning.in_moduli(Min(X, Y, A))
    assert not form.has(Max, Min)
    for x, y, a in itertools.permutations((1, 2, 5)):
        assert form.subs({X: x, Y: -y, A: a}) == max(x, -y, a)
        assert low.subs({X: x, Y: -y, A: a}) == min(x, -y, a)


def test_what_rounding_leaves_of_an_imaginary_part_is_dropped() -> None:
    """Else no maximum could be taken of it."""
    x = sympy.Symbol("x")
    product = sympy.Mul(sympy.sqrt(x), sympy.sqrt(x), evaluate=False)
    point = {x: sympy.Integer(-2)}
    assert abs(number_at(product, point) + 2) < 1e-40
    assert number_at(sympy.Max(product, -1, evaluate=False), point) == -1
