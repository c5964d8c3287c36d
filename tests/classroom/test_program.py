"""Of a submission only what a function needs is run, and only what the student wrote is an attempt."""

from __future__ import annotations

import pytest

from course_utils.classroom.program import needed, statements
from course_utils.classroom.worker import Attempt

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
