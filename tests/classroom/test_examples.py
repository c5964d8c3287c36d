"""Examples show how it was written, not who wrote it."""

from __future__ import annotations

import pytest

from course_utils.classroom.examples import LEFT_OUT, LONGEST, anonymous, examples_of
from course_utils.classroom.records import Graded

NAMED = '''# Ada Lovelace
"""By Ada."""
import numpy as np  # Ada's

def f(x):
    """Ada's function."""
    "Ada again"
    print(f"Ada says {x}", b"Ada")
    return x
'''


def test_comments_docstrings_and_texts_are_gone_and_the_code_stays() -> None:
    shown = anonymous(NAMED)
    assert "Ada" not in shown
    assert shown.splitlines() == [
        "import numpy as np",
        "",
        "def f(x):",
        "    print(f'…{x}', b'...')",
        "    return x",
    ]


def test_a_function_that_holds_only_a_name_is_still_code() -> None:
    assert anonymous('def f(x):\n    """Ada."""') == "def f(x):\n    pass"


def test_texts_of_the_exercise_stay() -> None:
    code = "def f(x):\n    raise ValueError('T must be positive')"
    assert anonymous(code, known="raise ValueError('T must be positive')") == code
    assert anonymous(code) == "def f(x):\n    raise ValueError('…')"


@pytest.mark.parametrize("student", ["ada", "Ada.Lovelace", "lovelace_ada_99"])
def test_code_that_names_its_author_is_no_example(student: str) -> None:
    assert anonymous("def f(x):\n    ada_result = x\n    return ada_result", student) == ""


UNREADABLE = {
    "nothing": "",
    "no Python": "def f(:",
    "a zero byte": "\0",
    "too many brackets": "(" * 500 + ")" * 500,
    "too deep": "-" * 5_000 + "x",
    "far too deep": "-" * 100_000 + "x",
    "a number too long to write": "x = 0x" + "f" * 5_000,
}


@pytest.mark.parametrize("code", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_python_is_no_example(code: str) -> None:
    assert anonymous(code) == ""


def test_two_letters_of_a_name_are_in_any_code() -> None:
    code = "def f(line):\n    return line.max()"
    assert anonymous(code, "li-ma") == code
    assert anonymous(code, "f. lin") == ""
    assert anonymous(code, "f. lo") == code, "an initial is in any code, too"


@pytest.mark.parametrize(
    ("student", "name"),
    [
        ("li-wu", "wu_li_softmax"),
        ("Li Wu", "softmax_Li"),
        ("li_wu", "wu2"),
        ("s4711815", "s4711815"),
        ("s4711815", "r4711815"),
        ("ada_4711", "x_4711"),
    ],
)
def test_code_with_a_short_name_or_a_number_of_its_author_is_no_example(student: str, name: str) -> None:
    code = f"def f(x):\n    {name} = x\n    return {name}"
    assert anonymous(code, student) == ""
    assert anonymous(code, "s815_ng") == code


def test_long_code_is_cut() -> None:
    assert len(anonymous("x = 1\n" * LONGEST).splitlines()) == LONGEST
    assert LEFT_OUT not in anonymous("x = 1\n" * LONGEST)
    assert anonymous("x = 1\n" * 100).splitlines()[LONGEST:] == ["…"]


def test_the_same_code_in_another_layout_is_one_example_and_the_most_frequent_is_first() -> None:
    written = ["x=1 # a", "x  =  1", "y = 2", "x=3", "x=44", "x=555"]
    graded = [("", Graded("failed", code=code)) for code in written]
    assert examples_of(graded) == ("x = 1", "x = 3", "y = 2")
