"""Every exercise: its contract is true, right attempts pass, wrong ones fail, and mistakes are named."""

from __future__ import annotations

import importlib
import inspect
import itertools
import json
import re
from typing import Any

import numpy as np
import pytest
from attempts import Function, attempts, listed, told
from discovery import declared, named

from course_utils.teaching import Conjecture, Exercise, Verdict
from course_utils.teaching.exercise import alike, problem_of, run
from course_utils.teaching.exercise.variants import variants
from course_utils.teaching.exercise.verdict import JSON
from course_utils.teaching.text import to_plain

EXERCISES = named(Exercise)
each_exercise = pytest.mark.parametrize("exercise", declared(Exercise))
PRACTICE, OTHER, FRESH = 0, 2026, 12_345


def fails(exercise: Exercise, function: Function) -> bool:
    """Judge without a diagnosis, which would take most of the time; mostly the shown checks say enough."""
    outcomes = [run(function, check) for check in exercise.checks]
    if not isinstance(exercise, Conjecture):
        for check, outcome in zip(exercise.checks, outcomes, strict=True):
            if problem_of(outcome, run(exercise._solution, check), exercise.contract):
                return True
    results, _, _ = exercise.judge(function, outcomes, PRACTICE)
    return any(result.problem for result in results)


def each_attempt(kind: str) -> Any:
    return pytest.mark.parametrize(
        ("name", "function"), [pytest.param(e, f, id=f"{e}: {name}") for e, name, f in attempts(kind)]
    )


# --- attempts ----------------------------------------------------------------------------------------


@each_attempt("RIGHT")
def test_right_in_another_style_passes(name: str, function: Function) -> None:
    verdict = EXERCISES[name].check(function)
    told = (
        "the solution and this right attempt disagree: one of them is wrong, or the contract allows too much"
    )
    assert verdict.status == "passed", f"{told}\n{verdict}"


@each_attempt("WRONG")
def test_wrong_in_another_way_fails(name: str, function: Function) -> None:
    assert not (told := slip_of_the_pen(EXERCISES[name], function)), told
    assert fails(EXERCISES[name], function)


def slip_of_the_pen(exercise: Exercise, function: Function) -> str:
    """Say whether a wrong attempt only fails because a name in it is mistyped or not imported."""
    for outcome in (run(function, check) for check in exercise.checks):
        if outcome.error is not None and issubclass(outcome.error, NameError | ImportError):
            return f"raises {outcome.error_text}: mend it, so that it fails for what it is to show"
    return ""


def test_a_slip_of_the_pen_in_a_mistake_would_be_seen() -> None:
    def mistyped(*_: Any) -> Any:
        raise NameError("name 'mp' is not defined")

    exercise = EXERCISES["start_here.sum_exercise"]
    assert slip_of_the_pen(exercise, mistyped).startswith("raises NameError: name 'mp' is not defined")
    assert slip_of_the_pen(exercise, lambda *_: 1 / 0) == ""


FUNCTIONS = {(exercise, name): function for exercise, name, function in attempts("WRONG")}


@pytest.mark.parametrize(
    ("exercise", "name", "key"), [pytest.param(*one, id=": ".join(one)) for one in told()]
)
def test_what_is_wrong_is_told(exercise: str, name: str, key: str) -> None:
    assert EXERCISES[exercise].check(FUNCTIONS[exercise, name]).mistake == key


@pytest.mark.parametrize(
    ("exercise", "key", "function"), [pytest.param(*one, id=": ".join(one[:2])) for one in listed()]
)
def test_what_a_sentence_describes_is_told_that_sentence(exercise: str, key: str, function: Function) -> None:
    assert EXERCISES[exercise].check(function).mistake == key


@pytest.mark.parametrize("name", EXERCISES)
def test_every_listed_mistake_is_written_anew(name: str) -> None:
    """But for several at once, whose keys join those of the single ones."""
    lesson, variable = name.split(".")
    single = {mistake.key for mistake in EXERCISES[name].mistakes if ", " not in mistake.key}
    written = {key for exercise, key, _ in listed() if exercise == name}
    wanted = [f'write LISTED["{variable}"]["{key}"]' for key in sorted(single - written)]
    wanted += [
        f'remove LISTED["{variable}"]["{key}"]: no mistake has this key' for key in sorted(written - single)
    ]
    if single - written and written - single:
        wanted.append('or give a reworded mistake name="its old key", under which graded work has counted it')
    assert not wanted, f"in tests/lessons/attempts/{lesson}.py, {'; '.join(wanted)}"


@pytest.mark.parametrize("name", EXERCISES)
def test_every_exercise_has_attempts(name: str) -> None:
    lesson, _, variable = name.partition(".")
    for kind, least in (("RIGHT", 1), ("WRONG", 3)):
        count = sum(exercise == name for exercise, _, _ in attempts(kind))
        where = f"{kind} of tests/lessons/attempts/{lesson}.py"
        assert count >= least, f"{where} needs at least {least} for {variable}, not {count}"


def test_the_sweep_would_catch_exercises_that_check_too_little() -> None:
    """The deliberate fault: of every exercise only the first shown check."""
    passed = set()
    for name, _, function in attempts("WRONG"):
        exercise = EXERCISES[name]
        got, right = run(function, exercise.checks[0]), run(exercise._solution, exercise.checks[0])
        if alike(got, right, exercise.contract):
            passed.add(name)
    assert len(passed) > 20


# --- faults of every kind, at every exercise ---------------------------------------------------------

SPOILED: dict[str, Function] = {
    "twice as large": lambda r: 2 * r,
    "turned around": lambda r: -r,
    "too large by a millionth": lambda r: r * (1 + 1e-6),
    "a little more": lambda r: r + 1e-6,
    "rounded": lambda r: np.round(r, 4),
    "held from above": lambda r: np.minimum(r, 0.9),
    "in single precision": lambda r: r.astype(np.float32),
    "in one row": np.ravel,
    "with one axis more": lambda r: r[None],
    "the first only": lambda r: r[:1],
    "transposed": np.transpose,
    "reversed": lambda r: r[::-1],
    "complex": lambda r: r + 0j,
    "text": lambda r: r.astype(str),
    "nothing": lambda r: None,
}


def with_result(exercise: Exercise, spoil: Function) -> Function:
    return lambda *arguments, **keywords: spoil(np.asarray(exercise._solution(*arguments, **keywords)))


def remembering(exercise: Exercise) -> Function:
    """Answer each shape of arguments with what came out when it was met first."""
    met: dict[Any, Any] = {}

    def answer(*arguments: Any, **keywords: Any) -> Any:
        shapes = str([np.shape(a) for a in arguments if isinstance(a, np.ndarray | float)]), str(keywords)
        return met.setdefault(shapes, exercise._solution(*arguments, **keywords))

    return answer


def overwriting(exercise: Exercise) -> Function:
    def overwrite(*arguments: Any, **keywords: Any) -> Any:
        result = exercise._solution(*arguments, **keywords)
        for argument in arguments:
            for part in argument if isinstance(argument, list) else [argument]:
                if isinstance(part, np.ndarray):
                    part *= 0
        return result

    return overwrite


def differs(exercise: Exercise, function: Function) -> bool:
    """Tell whether a function is not the solution's equal on inputs of another seed."""
    calls = exercise._expected(OTHER, min(exercise.contract.count, 60))
    return any(problem_of(run(function, call), right, exercise.contract) for call, right in calls)


@each_exercise
def test_what_spoils_a_right_result_fails(exercise: Exercise) -> None:
    if isinstance(exercise, Conjecture):
        return
    spoiled = [with_result(exercise, spoil) for spoil in SPOILED.values()]
    wrong = [f for f in (*spoiled, overwriting(exercise)) if differs(exercise, f)]
    assert len(wrong) >= 8
    assert [f for f in (*wrong, remembering(exercise)) if not fails(exercise, f)] == []


@each_exercise
def test_variants_of_the_solution_fail(exercise: Exercise) -> None:
    """Mutants, and the same ones that a diagnosis compares a wrong function with."""
    found = variants(exercise._solution)
    assert len(found) > 15
    wrong = [v for v in found[:: len(found) // 12] if differs(exercise, v.function)]
    assert [v.text for v in wrong if not fails(exercise, v.function)] == []
    assert len(wrong) > 4 or isinstance(exercise, Conjecture)


# --- solutions and mistakes --------------------------------------------------------------------------


@each_exercise
def test_the_solution_passes_on_inputs_of_another_seed_without_remarks(exercise: Exercise) -> None:
    verdict = exercise.check(exercise._solution, seed=OTHER)
    assert verdict.status == "passed", verdict
    assert verdict.remarks == ()
    assert verdict.share == 1
    assert exercise.payoff in verdict.headline


@each_exercise
def test_a_solution_raises_only_what_its_contract_says(exercise: Exercise) -> None:
    """Else a check would ask for an error that nobody wants, and take it for right."""
    outcomes = [run(exercise._solution, check) for check in exercise.checks]
    if not isinstance(exercise, Conjecture):
        outcomes += [right for _, right in exercise._expected(OTHER, exercise.contract.count)]
    raised = {outcome.error.__name__ for outcome in outcomes if outcome.error is not None}
    assert [name for name in raised if name not in exercise.task + exercise.contract.text] == []


@each_exercise
def test_every_mistake_is_caught_and_named(exercise: Exercise) -> None:
    assert len(exercise.mistakes) >= 3, "declare three mistakes or more"
    keys = [mistake.key for mistake in exercise.mistakes]
    assert len({*keys}) == len(keys), f"each mistake needs a key of its own, or a name=: {sorted(keys)}"
    for mistake in exercise.mistakes[:: 1 + len(exercise.mistakes) // 25]:  # of six bugs together, some of 63
        verdict = exercise.check(mistake.function)
        assert verdict.status == "failed", f"{mistake.key} is right"
        assert not (told := slip_of_the_pen(exercise, mistake.function)), f"{mistake.key} {told}"
        assert verdict.diagnosis == mistake.explanation, mistake.key
        assert mistake.explanation.endswith((".", "!", "?", ".)")), f"{mistake.key} ends without a stop"
        assert verdict.share < 1


@each_exercise
def test_mistakes_differ_from_each_other(exercise: Exercise) -> None:
    drawn = exercise._expected(PRACTICE, exercise.contract.count)[::10]
    calls = [*exercise.checks, *(call for call, _ in drawn)]
    outcomes = {one.key: [run(one.function, call) for call in calls] for one in exercise.mistakes}
    for (one, first), (other, second) in itertools.combinations(outcomes.items(), 2):
        same = all(alike(a, b, exercise.contract) for a, b in zip(first, second, strict=True))
        assert not same, f"{one} and {other} do the same"


@each_exercise
def test_a_contract_needs_no_other_exercise_on_the_page(exercise: Exercise) -> None:
    """An assignment may consist of its section alone."""
    assert not re.search(r"\bexercise\b|\bthose of `", exercise.contract.text)


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


@pytest.mark.parametrize("error", [ValueError, TypeError, IndexError])
@each_exercise
def test_of_what_only_stops_no_result_is_explained(exercise: Exercise, error: type[Exception]) -> None:
    """Solutions and mistakes that raise the like somewhere explain nothing."""

    def stops(*_: Any, **__: Any) -> None:
        raise error("mine")

    assert exercise.check(stops).diagnosis == ""


@each_exercise
def test_the_stub_in_the_notebook_has_the_solution_s_signature(exercise: Exercise) -> None:
    parameters = inspect.signature(exercise._solution).parameters
    assert f"{exercise.name}({', '.join(map(str, parameters.values()))})" in exercise.task.replace("`", "")


# --- verdicts ----------------------------------------------------------------------------------------


@each_exercise
def test_a_verdict_can_be_counted_graded_and_read(exercise: Exercise) -> None:
    """With a fresh seed, as grading takes one; it is recorded."""
    right, failed = (
        exercise.check(f, seed=FRESH) for f in (exercise._solution, exercise.mistakes[0].function)
    )
    assert (right.status, right.points(7), right.seed) == ("passed", 7.0, FRESH)
    assert (failed.status, failed.points(7), failed.seed) == ("failed", round(7 * failed.share, 2), FRESH)
    assert type(failed.points(7)) is float
    assert failed.share < 1
    assert json.loads(json.dumps(failed._repr_mimebundle_()[JSON])) == {
        "exercise": exercise.name,
        "status": "failed",
        "share": failed.share,
        "mistake": exercise.mistakes[0].key,
        "diagnosis": to_plain(exercise.mistakes[0].explanation),
        "failed": [one.label for one in failed.results if one.problem],
        "seed": FRESH,
    }


@each_exercise
def test_reset_gives_back_a_stub_that_is_not_attempted_yet(exercise: Exercise) -> None:
    cell: dict[str, Any] = {"np": np}
    exec(exercise.reset().plain, cell)
    verdict = exercise.check(cell[exercise.name])
    assert (verdict.status, verdict.points(10)) == ("not attempted", 0)
    assert JSON not in verdict._repr_mimebundle_()


@pytest.mark.parametrize("name", sorted({name.partition(".")[0] for name in EXERCISES}))
def test_a_lesson_says_which_of_its_exercises_are_done(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = importlib.import_module(f"course_utils.lessons.{name}")
    mine = {key: value for key, value in vars(lesson).items() if isinstance(value, Exercise)}
    for exercise in mine.values():
        monkeypatch.setattr(exercise, "_passed", False)
    before = repr(lesson.status())
    for exercise in mine.values():
        exercise.check(exercise._solution)
    for key in mine:
        assert f"– {key}" in before
        assert f"✓ {key}" in repr(lesson.status())
