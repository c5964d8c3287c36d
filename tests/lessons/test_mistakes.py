"""What is told to the author of a listed mistake is true of its code, on all inputs of the exercise.

The words are read by rule: "overflows" says that NumPy warns of it somewhere, "never overflows" that it never
does, "is ignored" that another value changes nothing, and so on. Every number of two digits or more stands in
the mistaken code, or in FIGURES with what it says of that code.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
from discovery import named

from course_utils.teaching import Check, Exercise, Mistake
from course_utils.teaching.exercise import Outcome, run

PRACTICE = 0
EXERCISES = named(Exercise)


class Listed(NamedTuple):
    """One mistake of one exercise; hashed by what it says."""

    exercise: str
    explanation: str

    @property
    def mistake(self) -> Mistake:
        return next(m for m in EXERCISES[self.exercise].mistakes if m.explanation == self.explanation)

    @property
    def function(self) -> Callable[..., Any]:
        return self.mistake.function


EVERY = [
    Listed(name, mistake.explanation)
    for name, exercise in EXERCISES.items()
    for mistake in exercise.mistakes[:: 1 + len(exercise.mistakes) // 25]  # of six bugs together, some of 63
]


def saying(pattern: str) -> Any:
    """Those mistakes whose explanation has these words; there are some."""
    found = [one for one in EVERY if re.search(pattern, one.explanation)]
    assert found, pattern
    return pytest.mark.parametrize("one", found, ids=[f"{n}: {t[:40]}" for n, t in found])


@cache
def calls(name: str) -> list[tuple[Check, Outcome]]:
    """The inputs of an exercise, each with what is right."""
    exercise = EXERCISES[name]
    every = [*exercise.checks, *(call for call, _ in exercise._expected(PRACTICE, exercise.contract.count))]
    return [(call, run(exercise._solution, call)) for call in every]


@cache
def outcomes(one: Listed) -> list[Outcome]:
    """What the mistaken code does on them, and what vanishes in it."""

    def loud(*arguments: Any, **keywords: Any) -> Any:
        with np.errstate(under="warn"):
            return one.function(*arguments, **keywords)

    return [run(loud, call) for call, _ in calls(one.exercise)]


def pairs(one: Listed) -> Iterator[tuple[Check, np.ndarray, np.ndarray]]:
    """Where both return numbers: the call, the mistaken result and the right one."""
    for (call, right), got in zip(calls(one.exercise), outcomes(one), strict=True):
        if got.numbers is not None and right.numbers is not None:
            yield call, got.numbers, right.numbers


def warns(word: str) -> Callable[[Listed], bool]:
    return lambda one: any(word in warning for got in outcomes(one) for warning in got.warned)


def returns(test: Callable[[Any], Any]) -> Callable[[Listed], bool]:
    return lambda one: any(np.any(test(got.numbers)) for got in outcomes(one) if got.numbers is not None)


def raises(one: Listed) -> bool:
    both = zip(calls(one.exercise), outcomes(one), strict=True)
    return any(got.error is not None and got.error is not right.error for (_, right), got in both)


class Effect(NamedTuple):
    """Something that can be seen, the words that say it, and words around them that deny it or advise."""

    says: str
    seen: Callable[[Listed], bool]
    denies: str = "(?!)"
    advises: str = "(?!)"


EFFECTS = {
    "overflow": Effect(
        "overflow",
        warns("overflow"),
        "never overflows|from overflowing|prevents overflow|overflow is cured",
    ),
    "warning": Effect("warn", warns("")),
    "infinity": Effect(
        "infinit",
        returns(np.isinf),
        "hides −infinity",
        "infinity over infinity|Start at −infinity|and for infinity. Ask",
    ),
    "nan": Effect(
        r"\bnan\b|not a number|\b0/0|\b0 by 0|infinity over infinity",
        returns(np.isnan),
        "replace what is not a number",
        "every comparison with nan",
    ),
    "log 0": Effect(r"log 0|log\(0\)", warns("divide by zero encountered in log")),
    "underflow": Effect(
        r"vanish|(becomes?|rounds to|are|every (e\^z|exponential) is) 0(?![\w./])",
        warns("underflow"),
        advises="a probability that has become 0. Use",  # where NumPy is told to keep quiet: see FIGURES
    ),
    "error": Effect("refuses to|do not fit|cannot (take|decide)|raises an|passes once", raises),
    "an argument changed": Effect(
        "is overwritten", lambda one: any(got.changed_arguments for got in outcomes(one))
    ),
}


@pytest.mark.parametrize("one", EVERY, ids=[f"{n}: {t[:40]}" for n, t in EVERY])
def test_what_a_mistake_is_said_to_do_is_seen(one: Listed) -> None:
    for name, effect in EFFECTS.items():
        plain = re.sub(f"{effect.denies}|{effect.advises}", "", one.explanation)
        if re.search(effect.says, plain):
            assert effect.seen(one), f"no {name}"
        elif re.search(effect.denies, one.explanation):
            assert not effect.seen(one), f"{name} after all"


@pytest.mark.parametrize("name", EFFECTS)
def test_an_effect_is_said_of_some_and_is_not_seen_in_all(name: str) -> None:
    assert any(re.search(EFFECTS[name].says, one.explanation) for one in EVERY)
    assert not all(EFFECTS[name].seen(one) for one in EVERY)


@pytest.mark.parametrize("one", EVERY, ids=[f"{n}: {t[:40]}" for n, t in EVERY])
def test_who_overwrites_an_argument_is_told(one: Listed) -> None:
    changed = any(got.changed_arguments for got in outcomes(one))
    assert changed == ("is overwritten" in one.explanation)


@saying("square (batch|matrices)")
def test_a_square_table_passes_without_a_word_and_another_does_not(one: Listed) -> None:
    loud = {True: False, False: False}
    for (call, _), got in zip(calls(one.exercise), outcomes(one), strict=True):
        given = [part for a in call.arguments for part in (a if isinstance(a, list) else [a])]
        tables = [np.shape(a) for a in given if np.ndim(a) == 2]
        if tables and all(np.ndim(a) < 3 for a in given):
            loud[all(shape == tables[0][:1] * 2 for shape in tables)] |= got.error is not None
    assert loud == {True: False, False: True}


LETTERS = {"T": "temperature", "λ": "inverse_temperature", "velocity so far": "velocity"}
NO_EFFECT = r"`?(velocity so far|\w+)`? (?:has no effect|is ignored)|whatever `(\w+)` is|does not know (λ)"


@saying(NO_EFFECT)
def test_what_is_ignored_changes_nothing(one: Listed) -> None:
    (written,) = filter(None, re.search(NO_EFFECT, one.explanation).groups())  # type: ignore[union-attr]
    solution = inspect.signature(EXERCISES[one.exercise]._solution)
    name = LETTERS.get(written, written)
    given = [
        solution.bind(*call.arguments, **call.keywords).arguments
        for call, right in calls(one.exercise)
        if right.error is None
    ]
    values = [arguments[name] for arguments in given if name in arguments]
    differ = 0
    for arguments, other in zip(given, values[1:], strict=False):
        value = 1 - 2 * arguments[name] if isinstance(arguments.get(name), np.ndarray) else other
        calls_ = [Check("", (), arguments), Check("", (), {**arguments, name: value})]
        right = [run(EXERCISES[one.exercise]._solution, call) for call in calls_]
        if all(result.error is None for result in right):
            got = [run(one.function, Check("", tuple(c.keywords.values()))).numbers for c in calls_]
            np.testing.assert_allclose(*got, rtol=1e-12)
            differ += not np.array_equal(right[0].numbers, right[1].numbers)  # type: ignore[arg-type]
    assert differ > 2


@saying("right for (positive|negative) x")
def test_where_a_mistake_is_said_to_be_right_it_is(one: Listed) -> None:
    tolerance = EXERCISES[one.exercise].contract.rtol
    sign = 1 if "right for positive x" in one.explanation else -1
    for call, got, right in pairs(one):
        there = sign * np.asarray(call.arguments[0]) > 0
        normal = there & (np.abs(right) > np.finfo(float).tiny)
        np.testing.assert_allclose(got[normal], right[normal], rtol=tolerance)


@saying("[Tt]he sign is turned|^the sign: |^this is y − p")
def test_a_sign_is_turned(one: Listed) -> None:
    for _, got, right in pairs(one):
        np.testing.assert_allclose(got, -right, rtol=1e-6, atol=1e-9)


# --- figures -----------------------------------------------------------------------------------------

Function = Callable[..., Any]


def is_loud(f: Function, *arguments: Any) -> bool:
    return bool(run(f, Check("", arguments)).warned)


def digits_agree(one: float, other: float, first: int) -> bool:
    """Whether two numbers differ in this digit, and in none before."""
    written, too = (f"{number:.15e}".replace(".", "") for number in (one, other))
    return written[: first - 1] == too[: first - 1] and written[first - 1] != too[first - 1]


SCORES = np.array([1.0, 2.0, 4.0])

# What an explanation says with a number, and how it shows in the mistaken function f and the right one g.
FIGURES: dict[str, Callable[[Function, Function], Any]] = {
    "right for 784 inputs only": lambda f, g: np.isclose(f(784, 9), g(784, 9)) and f(785, 9) == f(784, 9),
    "all of them from about 19 on": lambda f, g: f(18.5) > 0 and f(19.5) == 0,
    "overflows from about 355 on": lambda f, g: is_loud(f, 355.5) and not is_loud(f, 354.5),
    "below about −709": lambda f, g: is_loud(f, -710.0) and not is_loud(f, -709.0),
    "σ(−700) is not σ(−500)": lambda f, g: f(-700.0) == f(-500.0) and g(-700.0) < g(-500.0),
    "at −40 nothing is left": lambda f, g: f(-40.0) == 0 < g(-40.0),
    "rounds to 1 from about 37 on": lambda f, g: f(-36.5) > 0 and f(-37.5) == 0,
    "at 20.5 still counts in the eleventh digit": lambda f, g: digits_agree(g(20.5), f(20.5), 11),
    "off by up to 0.0025": lambda f, g: 0.0024 < np.ptp([0, *np.abs(f(X) - g(X))]) <= 0.0025,
    "this is how 2-20-1 comes to 42": lambda f, g: f([2, 20, 1]) == 42 != g([2, 20, 1]),
    "at λ = 1e−9 the logarithm is about 1e−9": lambda f, g: 1e-9 < 1e-9 * f(SCORES, 1e-9) < 5e-9,
    "At λ = 0.001 the difference from the mean already shows in the fourth digit": lambda f, g: digits_agree(
        f(SCORES, 0.001), g(SCORES, 0.001), 4
    ),
    "overflows above 709.78": lambda f, g: is_loud(f, [709.79]) and not is_loud(f, [709.78]),
    "below −745.13 every e^z is 0": lambda f, g: np.isnan(f([-745.14])).all() and f([-745.13]) == 1,
    "more than 745.13 below it": lambda f, g: (
        np.isnan(f([[0.0], [-745.14]])[1]).all() and f([[0.0], [-745.13]])[1] == 1
    ),
    "may still lie 710 above it": lambda f, g: is_loud(f, [710.0, *[-1e-9] * 9, -710.0]),
    "1000 and 1002 become equal": lambda f, g: np.ptp(f([1000.0, 1002.0])) == 0,
    "puts −27.6 in its place": lambda f, g: f"{f([0.0, -1000.0])[1]:.1f}" == "-27.6",
    "27.6, however hopeless its logits are": lambda f, g: f"{f([[0.0, 2e4]], [0]):.1f}" == "27.6",
    "a probability that has become 0. Use": lambda f, g: (
        f([[0.0, 2e4]], [0]) < 0.06 < 19 < g([[0.0, 2e4]], [0])
    ),
    "puts −34.5 in its place": lambda f, g: f"{f([0.0, -1000.0])[1]:.1f}" == "-34.5",
}
X = np.linspace(-30, 30, 60_001)
NUMBER = re.compile(r"(?<![\w.])−?\d+(?:\.\d+)?(?:e[−-]\d+)?")


def figures(text: str) -> set[str]:
    """Numbers of two digits or more."""
    return {n for n in NUMBER.findall(text) if len(re.sub(r"\D", "", n)) > 1}


@pytest.mark.parametrize("one", EVERY, ids=[f"{n}: {t[:40]}" for n, t in EVERY])
def test_numbers_of_an_explanation_are_those_of_the_code(one: Listed) -> None:
    held = {phrase for phrase in FIGURES if phrase in one.explanation}
    rest = figures(one.explanation) - figures(" ".join(held))
    code = inspect.getsource(one.function) if rest else ""
    assert [n for n in rest if n.replace("−", "-") not in code] == []


@pytest.mark.parametrize("phrase", FIGURES)
def test_a_figure_is_right(phrase: str) -> None:
    found = [one for one in EVERY if phrase in one.explanation]
    assert found
    for one in found:
        f, g = (given_lists(function) for function in (one.function, EXERCISES[one.exercise]._solution))
        with np.errstate(all="ignore"):
            assert FIGURES[phrase](f, g)


def given_lists(function: Function) -> Function:
    """The function, that makes arrays of lists of floats."""
    return lambda *given: function(*(np.array(a) if np.array(a).dtype == float else a for a in given))


def test_more_than_e_to_the_1_over_t_is_out_of_reach_for_a_softmax_taken_twice() -> None:
    one = next(
        one for one in EVERY if "no class then gets more than e^(1/T) times as much" in one.explanation
    )
    seen = 0
    for call, got, _ in pairs(one):
        temperature = [*call.arguments, *call.keywords.values()][1]
        if temperature > 0.01:
            ratio = got.max(axis=-1) / got.min(axis=-1)
            assert (ratio <= np.exp(1 / temperature) * (1 + 1e-9)).all()
            seen += ratio.size
    assert seen > 100
