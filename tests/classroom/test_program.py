"""Of a submission only what a function needs is run, and only what the student wrote is an attempt."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course_utils.classroom.channel import to_frame
from course_utils.classroom.program import needed, statements
from course_utils.classroom.worker import Attempt, answer, raised

PAGE = "import numpy as np\nfrom course_utils.numerics.softmax import softmax", "z = np.ones(3)"


def kept(*cells: str) -> list[str]:
    program = [one for cell in cells for one in statements(cell)]
    return [program[place].source for place in needed(program, ["f"])]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["x = 1", "def f(z): return z"], ["def f(z): return z"]),
        (["e = 1", "def f(z):\n    e = 2\n    return e"], ["def f(z):\n    e = 2\n    return e"]),
        (["import math as m", "f = lambda z: m.exp(z)"], ["import math as m", "f = lambda z: m.exp(z)"]),
        (["T = {}", "T['a'] = 1", "f = lambda z: T[z]"], ["T = {}", "T['a'] = 1", "f = lambda z: T[z]"]),
        (["f = 1", "f.cache = 2", "print(f)"], ["f = 1", "f.cache = 2"]),
        (["for n in range(3):\n    g = n", "f = g"], ["for n in range(3):\n    g = n", "f = g"]),
        (
            ["from math import *", "def f(z): return exp(z)"],
            ["from math import *", "def f(z): return exp(z)"],
        ),
        (["class A:\n    b = g", "g = 1", "f = A"], ["class A:\n    b = g", "g = 1", "f = A"]),
        (["class A:\n    f = 2", "f = 3"], ["f = 3"]),
        (["T = []", "T.append(1)", "U.append(2)", "f = T"], ["T = []", "T.append(1)", "f = T"]),
        (["T[0].x[1] += 1", "f = T"], ["T[0].x[1] += 1", "f = T"]),
        (["for n in U:\n    T.append(n)", "f = T"], ["for n in U:\n    T.append(n)", "f = T"]),
        (["def add():\n    T.append(1)", "f = T"], ["f = T"]),
        (["f = 1", "del f"], ["f = 1", "del f"]),
        (["T = float", "def f(z: T): return z"], ["T = float", "def f(z: T): return z"]),
        (
            ["def begin():\n    global f, g\n    f = g = 1", "begin()"],
            ["def begin():\n    global f, g\n    f = g = 1", "begin()"],
        ),
        (
            ["try:\n    pass\nexcept OSError:\n    T[0] = 1", "f = T"],
            ["try:\n    pass\nexcept OSError:\n    T[0] = 1", "f = T"],
        ),
        (["%matplotlib inline\n!ls\nprint?\nf = 1"], ["f = 1"]),
        (["x = 1\nx?  \n\n\ndef f(z):\n    return z"], ["def f(z):\n    return z"]),
        (["\n%%time\nf = 1"], ["f = 1"]),
        (["%%bash\nf = 1"], []),
        (["%%bash\n%%time\nf = 1"], []),
        (['f = """\n%%time\n"""'], ['f = """\n%%time\n"""']),
        (["def f(z): return z", "f(2)"], ["def f(z): return z"]),
        (
            ["def begin():\n    global f\n    f = 1", "begin()"],
            ["def begin():\n    global f\n    f = 1", "begin()"],
        ),
        (["from math import e, pi", "f = e"], ["from math import e, pi", "f = e"]),
        (["from math import pi", "f = e"], ["f = e"]),
    ],
)
def test_a_function_needs_what_it_reads_and_what_changes_that(cells: list[str], expected: list[str]) -> None:
    assert kept(*cells) == expected


def test_no_other_cell_is_run() -> None:
    attempt = Attempt(list(PAGE), [], ["1 / 0", "while True: pass", "def f(z): return z"], "f")
    assert attempt.value(2) == 2
    assert attempt.problem == ""
    assert attempt.code == "def f(z): return z"


UNREADABLE = ["def g(:", "\0", "(" * 500, "-" * 5_000 + "x", "-" * 100_000 + "x"]


@pytest.mark.parametrize("cell", UNREADABLE, ids=range(len(UNREADABLE)))
def test_a_cell_that_cannot_be_read_keeps_no_other_from_being(cell: str) -> None:
    attempt = Attempt(list(PAGE), [], [cell, "def f(z): return z"], "f")
    assert (attempt.value(2), attempt.problem) == (2, "")
    broken = Attempt(list(PAGE), [], [f"{cell}\ndef f(z): return z"], "f")
    assert not broken.found
    assert broken.problem.startswith("The cell with f is no Python")


@pytest.mark.parametrize("cell", UNREADABLE, ids=range(len(UNREADABLE)))
def test_a_cell_of_the_page_that_cannot_be_read_keeps_nobody_from_being_judged(cell: str) -> None:
    attempt = Attempt([cell, "t = 2"], [cell, "import math"], ["def f(z): return t * math.floor(z)"], "f")
    assert (attempt.value(2.5), attempt.problem) == (4, "")


@pytest.mark.parametrize(
    ("above", "cells"),
    [
        (["z = missing"], ["def f(x): return z"]),  # the page's own: no fault of the student
        ([], ["def f(x): return 1", "f.table[0] = 2"]),  # and what binds nothing can be spared
    ],
)
def test_of_what_stops_only_what_the_function_is_made_from_is_a_problem(
    above: list[str], cells: list[str]
) -> None:
    attempt = Attempt(above, [], cells, "f")
    assert attempt.found
    assert attempt.problem == ""


def test_the_first_problem_is_told() -> None:
    attempt = Attempt([], [], ["a = missing", "b = a.b", "def f(x): return b"], "f")
    assert attempt.problem == "Your code stops: NameError: name 'missing' is not defined"


def error_in(function: Any, *given: Any) -> dict[str, Any]:
    try:
        function(*given)
    except Exception as error:
        return raised(error, function)
    raise AssertionError("nothing was raised")


def test_an_error_names_the_line_of_the_function_where_it_was_met_last() -> None:
    def down(n: int) -> float:
        if n == 0:
            raise ValueError("ground")
        return down(n - 1)

    assert error_in(down, 3) == {
        "kinds": ["builtins.ValueError", "builtins.Exception", "builtins.BaseException", "builtins.object"],
        "words": "ground",
        "line": 3,
    }
    assert error_in(lambda x: x[0], 3)["line"] == 1
    assert error_in(down)["line"] == 0, "it was not begun"
    assert error_in(float, "x")["line"] == 0, "it has no lines"


@pytest.mark.parametrize(("step", "sent"), [(1, True), (-1, True), (0, False)])
def test_arguments_come_back_where_they_have_changed(step: int, sent: bool) -> None:
    def move(x: np.ndarray, places: list[float], *, by: np.ndarray) -> float:
        x += step
        by -= step
        places[0] += step
        return 1.0

    given = {"number": 5, "arguments": [np.array([2.0]), [3.0]], "keywords": {"by": np.array([4.0])}}
    found = answer(move, to_frame(given))
    assert (found["returned"], found["number"]) == (1.0, 5)
    after = [[2 + step], [3 + step], [4 - step]] if sent else None
    assert (found["after"] and [list(one) for one in found["after"]]) == after


def test_the_pages_own_statements_are_no_attempt() -> None:
    for cells in (
        [*PAGE],
        [PAGE[0] + "\n" + PAGE[1]],
        ["from course_utils.numerics.softmax import softmax  # mine"],
    ):
        assert not Attempt(list(PAGE), [], cells, "softmax").found
    attempt = Attempt(list(PAGE), [], [*PAGE, "def softmax(z): return z"], "softmax")
    assert attempt.value(3) == 3


def test_a_later_import_of_the_page_does_not_replace_what_the_student_wrote() -> None:
    later = "from course_utils.numerics.softmax import softmax"
    attempt = Attempt(["import numpy as np"], [later], ["def softmax(z): return 7", later], "softmax")
    assert attempt.value(0) == 7


@pytest.mark.parametrize("later", ["from course_utils.numerics.softmax import softmax", "softmax = float"])
def test_what_the_page_has_below_stands_for_no_attempt(later: str) -> None:
    attempt = Attempt([], [later], ["@missing\ndef softmax(z): return z"], "softmax")
    assert attempt.value is None
    assert "name 'missing' is not defined" in attempt.problem


def test_of_what_the_page_has_below_only_imports_are_there() -> None:
    attempt = Attempt([], ["import math", "h = 1"], ["def f(z): return math.floor(z) + h"], "f")
    with pytest.raises(NameError, match="'h'"):
        attempt.value(1)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("def f(z:\n    return z", "The cell with f is no Python in line"),
        ("f = missing(3)", "Your code stops: NameError: name 'missing' is not defined"),
        ("g = lesson.secret\ndef f(z): return g", "name 'lesson' is not defined"),
    ],
)
def test_what_keeps_a_function_from_being_is_said(cell: str, said: str) -> None:
    assert said in Attempt(list(PAGE), [], [cell], "f").problem
