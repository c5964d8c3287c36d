"""Every exercise: its contract is true, right attempts pass, wrong ones fail, and mistakes are named."""

from __future__ import annotations

import importlib
import inspect
import itertools
from typing import Any

import numpy as np
import pytest
from attempts import Function, attempts, told
from discovery import declared

from course_utils.teaching import Conjecture, Exercise, Verdict
from course_utils.teaching.exercise import alike, run

EXERCISES = declared(Exercise)
each_exercise = pytest.mark.parametrize("exercise", EXERCISES)
PRACTICE = 0


def exercise_named(name: str) -> Exercise:
    lesson, variable = name.split(".")
    exercise: Exercise = getattr(importlib.import_module(f"course_utils.lessons.{lesson}"), variable)
    return exercise


def fails(exercise: Exercise, function: Function) -> bool:
    """Judge without a diagnosis, which would take most of the time."""
    outcomes = [run(function, check) for check in exercise.checks]
    results, _, _ = exercise.judge(function, outcomes, PRACTICE)
    return any(result.problem for result in results)


def each_attempt(kind: str) -> Any:
    return pytest.mark.parametrize(
        ("name", "function"), [pytest.param(e, f, id=f"{e}: {name}") for e, name, f in attempts(kind)]
    )


# --- attempts ----------------------------------------------------------------------------------------


@each_attempt("RIGHT")
def test_right_in_another_style_passes(name: str, function: Function) -> None:
    verdict = exercise_named(name).check(function)
    assert verdict.status == "passed", verdict


@each_attempt("WRONG")
def test_wrong_in_another_way_fails(name: str, function: Function) -> None:
    assert fails(exercise_named(name), function)


FUNCTIONS = {(exercise, name): function for exercise, name, function in attempts("WRONG")}


@pytest.mark.parametrize(
    ("exercise", "name", "key"), [pytest.param(*one, id=": ".join(one)) for one in told()]
)
def test_what_is_wrong_is_told(exercise: str, name: str, key: str) -> None:
    assert exercise_named(exercise).check(FUNCTIONS[exercise, name]).mistake == key


@pytest.mark.parametrize("name", [parameter.id for parameter in EXERCISES])
def test_every_exercise_has_attempts(name: str) -> None:
    assert any(exercise == name for exercise, _, _ in attempts("RIGHT"))
    assert sum(exercise == name for exercise, _, _ in attempts("WRONG")) >= 3


def test_the_sweep_would_catch_exercises_that_check_too_little() -> None:
    """The deliberate fault: of every exercise only the first shown check."""
    passed = set()
    for name, _, function in attempts("WRONG"):
        exercise = exercise_named(name)
        got, right = run(function, exercise.checks[0]), run(exercise._solution, exercise.checks[0])
        if alike(got, right, exercise.contract):
            passed.add(name)
    assert len(passed) > 20


# --- solutions and mistakes --------------------------------------------------------------------------


@each_exercise
def test_the_solution_passes_on_inputs_of_another_seed_without_remarks(exercise: Exercise) -> None:
    for seed in (PRACTICE, 2026):
        verdict = exercise.check(exercise._solution, seed=seed)
        assert verdict.status == "passed", verdict
        assert verdict.remarks == ()
        assert verdict.share == 1
    assert exercise.payoff in verdict.headline


@each_exercise
def test_every_mistake_is_caught_and_named(exercise: Exercise) -> None:
    assert len(exercise.mistakes) >= 3
    assert len({mistake.key for mistake in exercise.mistakes}) == len(exercise.mistakes)
    for mistake in exercise.mistakes:
        verdict = exercise.check(mistake.function)
        assert verdict.status == "failed"
        assert verdict.diagnosis == mistake.explanation
        assert verdict.share < 1


@each_exercise
def test_mistakes_differ_from_each_other(exercise: Exercise) -> None:
    calls = [*exercise.checks, *(call for call, _ in exercise._others(PRACTICE)[::10])]
    outcomes = [[run(mistake.function, call) for call in calls] for mistake in exercise.mistakes]
    for one, other in itertools.combinations(outcomes, 2):
        assert not all(alike(a, b, exercise.contract) for a, b in zip(one, other, strict=True))


@each_exercise
def test_every_contract_draws_its_inputs(exercise: Exercise) -> None:
    assert isinstance(exercise, Conjecture) or exercise.contract.inputs
    assert isinstance(exercise, Conjecture) or exercise.payoff.startswith("You can now ")


@each_exercise
def test_the_solution_is_short_and_readable(exercise: Exercise) -> None:
    source = exercise.solution().plain
    assert source.startswith("def ")
    assert len(source.splitlines()) <= 12


def raising(*_: Any, **__: Any) -> None:
    raise RuntimeError("mine")


def empty(*_: Any, **__: Any) -> Any:
    return np.empty((0, 7))


@pytest.mark.parametrize(
    ("function", "status", "words"),
    [
        (lambda *_, **__: ..., "not attempted", "replace the ..."),
        (lambda *_, **__: None, "failed", "return"),
        (lambda *_, **__: "0.5", "failed", "returned a str"),
        (lambda *_, **__: 1j, "failed", "real numbers"),
        (raising, "failed", "RuntimeError: mine"),
        (empty, "failed", "(0, 7)"),
        (lambda first, *_, **__: first, "failed", ""),
        (lambda *_, **__: 1.0, "failed", ""),
        (3.5, "failed", "without calling it"),
        (None, "failed", "no function here"),
    ],
)
@each_exercise
def test_odd_attempts_get_a_sensible_report_and_no_points(
    exercise: Exercise, function: Any, status: str, words: str
) -> None:
    verdict = exercise.check(function)
    assert isinstance(verdict, Verdict)
    assert verdict.status == status
    assert words in repr(verdict)
    assert verdict.points(10) == 0 or isinstance(exercise, Conjecture)


@each_exercise
def test_the_stub_in_the_notebook_has_the_solution_s_signature(exercise: Exercise) -> None:
    parameters = inspect.signature(exercise._solution).parameters
    assert f"{exercise.name}({', '.join(map(str, parameters.values()))})" in exercise.task.replace("`", "")
