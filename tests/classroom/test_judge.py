"""Grading: the nastiest submissions get the points that were fixed for them, and stop nobody else's."""

from __future__ import annotations

import contextlib
import io
import math
import os
import re
import shutil
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nasty
import numpy as np
import pytest
from landlock import skip_without_landlock

import course_utils
from course_utils.classroom import worker as worker_module
from course_utils.classroom import workers as workers_module
from course_utils.classroom.judge import Cells, Task, judge, short
from course_utils.classroom.records import Graded
from course_utils.classroom.remote import Remote, error_of, replayed
from course_utils.classroom.workers import CannotGrade, Limits, Stopped, Worker, Workers
from course_utils.lessons import numeric_instability as lesson
from course_utils.teaching.exercise import Check, run

if not hasattr(os, "fork"):
    pytest.skip("grading needs Linux", allow_module_level=True)

PACKAGE = Path(course_utils.__file__).parent
LESSON = PACKAGE / "lessons" / "numeric_instability"
TASK = Task("numeric_instability", "stable_softmax_exercise", 10, 7)
PAGE = Cells(("import numpy as np", "from course_utils.lessons import numeric_instability as lesson"))
LIMITS = Limits(call=0.3, all_calls=1.0)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    (folder / "gradebook.db").write_text("points")
    return folder


@pytest.fixture(scope="module")
def workers(course: Path) -> Iterator[Workers]:
    skip_without_landlock()
    with Workers(hidden=[course], known=PAGE.above, limits=LIMITS) as opened:
        yield opened


@pytest.fixture
def fewer_inputs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a check a tenth as long, where it does not matter how many inputs there are."""
    exercise = lesson.stable_softmax_exercise
    monkeypatch.setattr(exercise, "contract", replace(exercise.contract, count=10))


def graded(workers: Workers, cells: Sequence[str], **names: Path) -> Graded:
    given = [f"{name} = {str(place)!r}" for name, place in names.items()]
    return judge(workers, TASK, [*given, *cells], PAGE)[1]


def test_a_machine_without_a_fence_is_refused_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    hear = Workers.hear
    answers = [{"fenced": False, "problem": "no Landlock here"}] * 2
    monkeypatch.setattr(Workers, "hear", lambda self: answers.pop() if answers and hear(self) else hear(self))
    with pytest.raises(CannotGrade, match="no Landlock here"):
        Workers()
    with Workers(fenced=False) as opened, Remote(opened, program("def f(x):\n    return x", "f")) as function:
        assert not answers
        assert function(3) == 3


@pytest.mark.usefixtures("fewer_inputs")
@pytest.mark.parametrize("name", nasty.FULL)
def test_a_right_function_gets_all_points_whatever_stands_around_it(workers: Workers, name: str) -> None:
    kept = graded(workers, nasty.FULL[name])
    assert (kept.status, kept.points) == ("passed", 10), kept


@pytest.mark.usefixtures("fewer_inputs")
@pytest.mark.parametrize("name", nasty.NOTHING)
def test_what_is_wrong_gets_nothing_and_stops_nobody(workers: Workers, course: Path, name: str) -> None:
    source = LESSON / "subtract_the_largest.py"
    cache = LESSON / "__pycache__" / "subtract_the_largest*.pyc"
    kept = graded(workers, nasty.NOTHING[name], LESSON=source, CACHE=cache, COURSE=course / "gradebook.db")
    assert kept.points == 0, kept
    assert kept.status == ("not attempted" if name in nasty.NO_ATTEMPT else "failed"), kept
    with Remote(workers, program("def f(x):\n    return x + 1", "f")) as function:
        assert function(1) == 2


@pytest.mark.parametrize("missing", [(os, "fork"), (socket, "send_fds")], ids=["fork", "send_fds"])
def test_a_machine_without_processes_of_that_kind_is_refused(
    missing: tuple[Any, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(*missing)
    with pytest.raises(CannotGrade, match="Grading needs Linux"):
        Workers()


@pytest.mark.parametrize("error", [BrokenPipeError(), CannotGrade("it has ended")], ids=["pipe", "silence"])
def test_the_process_that_starts_workers_is_started_again(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers, started = object.__new__(Workers), list[bool]()

    def ask(request: bytes, line: int) -> dict[str, Any]:
        if not started:
            raise error
        return {"process": 7}

    monkeypatch.setattr(workers, "_ask", ask)
    monkeypatch.setattr(workers, "_start", lambda: started.append(True))
    monkeypatch.setattr(workers_module, "Worker", lambda workers, process, line, program: (process, program))
    assert workers.open({"name": "f"}) == (7, {"name": "f"})
    assert started == [True]


def test_workers_find_numpy_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = tmp_path / "elsewhere" / "numpy" / "__init__.py"
    there.parent.mkdir(parents=True)
    monkeypatch.setattr(np, "__file__", str(there))
    monkeypatch.setattr(workers_module.sysconfig, "get_config_var", lambda _: str(tmp_path / "gone"))
    places = [Path(place) for place in workers_module.packages()]
    assert [place for place in places if place.is_relative_to(tmp_path)] == [tmp_path / "elsewhere"]
    assert len(set(places)) == len(places)
    assert all(place.is_dir() for place in places)
    assert Path(re.__file__).parents[1] in places, "Python's own modules"


@pytest.mark.parametrize("unread", [b"", b"settings"])
@pytest.mark.parametrize("listen", [Workers.hear, lambda workers: workers._ask(b"open")])
def test_silence_of_the_process_that_starts_workers_is_told(listen: Any, unread: bytes) -> None:
    workers = object.__new__(Workers)
    workers._control, there = socket.socketpair()
    workers._control.sendall(unread)
    there.close()
    with workers._control, pytest.raises(CannotGrade, match="process that starts workers has ended"):
        listen(workers)


def test_whatever_the_course_has_for_submissions_can_be_imported_there(workers: Workers) -> None:
    """Also what nobody has imported before: behind the fence its files are not there."""
    cell = "import importlib\ndef f(name):\n    return importlib.import_module(name).__name__"
    found = [path for part in ("numerics", "data") for path in sorted((PACKAGE / part).glob("[!_]*.py"))]
    names = [f"course_utils.{path.parent.name}.{path.stem}" for path in found]
    with Remote(workers, program(cell, "f")) as function:
        assert [name for name in names if "make_" not in name and function(name) != name] == []
        with pytest.raises(ImportError):
            function("course_utils.lessons")


def test_one_process_starts_all_workers() -> None:
    with Workers(fenced=False) as opened:
        first = opened._process
        for number in range(3):
            with Remote(opened, program("def f(x): return x", "f")) as function:
                assert function(number) == number
        assert opened._process is first
        assert first
        assert first.poll() is None


def test_nothing_that_a_function_says_comes_to_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    cell = "import os, sys\ndef f(x):\n    for n in (1, 2):\n        os.write(n, b'said')\n    return x"
    with (
        Workers(fenced=False) as opened,
        Remote(opened, program(cell, "f")) as function,
    ):
        assert function(3) == 3
    assert capfd.readouterr() == ("", "")


def test_a_page_with_a_cell_that_is_no_python_can_be_graded() -> None:
    with (
        Workers(fenced=False, known=["def (:"]) as opened,
        Remote(opened, program("def f(x): return x", "f")) as function,
    ):
        assert function(3) == 3


def test_numpy_is_asked_about_only_where_nothing_started(monkeypatch: pytest.MonkeyPatch) -> None:
    with Workers(fenced=False) as opened:
        assert opened._process
        opened._process.kill()
        opened._process.wait()
        with pytest.raises(CannotGrade, match=r"has ended\.$"):
            opened.reap(7)
    monkeypatch.setattr(workers_module.sys, "executable", shutil.which("false"))
    with pytest.raises(CannotGrade, match=r"has ended\. Is NumPy installed beside Python"):
        Workers()


def test_where_python_does_not_start_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """However quickly it ends: before it is sent anything, or after."""
    monkeypatch.setattr(workers_module.sys, "executable", shutil.which("false"))
    with pytest.raises(CannotGrade, match="process that starts workers has ended"):
        Workers()


def program(cell: str, name: str) -> dict[str, Any]:
    return {"above": ["import numpy as np"], "others": [], "cells": [cell], "name": name}


@pytest.mark.parametrize("name", nasty.PARTLY)
def test_what_is_partly_right_gets_its_share(workers: Workers, name: str) -> None:
    cells, points = nasty.PARTLY[name]
    assert graded(workers, cells).points == points


def test_there_are_enough_of_them() -> None:
    assert len(nasty.FULL) + len(nasty.NOTHING) + len(nasty.PARTLY) >= 60


@pytest.mark.parametrize("name", ["imports the lesson", "reads the lesson", "loads the lesson from its file"])
def test_without_the_fence_stolen_solutions_would_pass(name: str) -> None:
    space: dict[str, Any] = {"np": np, "LESSON": str(LESSON / "subtract_the_largest.py")}
    exec(nasty.NOTHING[name][0], space)
    assert lesson.stable_softmax_exercise.check(space["stable_softmax"], seed=TASK.seed)


# The judge says of a function elsewhere what the page says of one here.

CELLS = {
    "raises": "def f(x):\n    y = 1\n    raise ValueError('no')",
    "a kind of a known error": "def f(x):\n    return np.linalg.inv(np.zeros((2, 2)))",
    "warns": "def f(x):\n    return np.log(x - x)",
    "prints": "def f(x):\n    print('hello')\n    return x",
    "changes": "def f(x):\n    x += 1\n    return x",
    "float32": "def f(x):\n    return np.float32(x)",
    "long double": "def f(x):\n    return np.longdouble(x) / 3",
    "a list": "def f(x):\n    return [x, 2 * x]",
    "a text": "def f(x):\n    return 'two'",
    "none": "def f(x):\n    return None",
    "dots": "def f(x):\n    return ...",
    "masked": "def f(x):\n    return np.ma.masked_array([1.0, 2.0], [True, False])",
    "a large array": "def f(x):\n    return np.zeros(10**6)",
    "objects": "def f(x):\n    return np.array([None, x])",
    "a fraction": "from fractions import Fraction\ndef f(x):\n    return Fraction(1, 3)",
    "a complex number": "def f(x):\n    return x + 1j",
    "stops": "def f(x):\n    raise StopIteration",
}


@pytest.mark.parametrize("name", CELLS)
def test_an_outcome_is_the_same_here_and_there(workers: Workers, name: str) -> None:
    space: dict[str, Any] = {"np": np}
    exec(CELLS[name], space)
    call = Check("", (np.array([1.0, 2.0]),))
    here = run(space["f"], call)
    with Remote(workers, program(CELLS[name], "f")) as function:
        there = run(function, call)
    assert here.returned.__name__ == there.returned.__name__
    told = "kind", "error", "printed", "changed_arguments"
    assert {key: getattr(here, key) for key in told} == {key: getattr(there, key) for key in told}
    assert here.returned_text() == there.returned_text()
    assert there.error_text.startswith(here.error_text[:100])
    assert there.error_text.endswith(here.error_line)
    assert len(here.warned) == len(there.warned)
    if here.numbers is not None:
        np.testing.assert_array_equal(here.numbers, there.numbers)


def test_words_of_an_error_do_not_make_it_another() -> None:
    assert type(error_of({"kinds": ["builtins.ValueError"], "words": "", "line": 0})) is ValueError
    ours = error_of({"kinds": ["__main__.Mine", "builtins.KeyError"], "words": "here", "line": 3})
    assert isinstance(ours, KeyError)
    assert str(ours) == "here (line 3 of your function)"
    many = error_of({"kinds": ["builtins.ExceptionGroup", "builtins.Exception"], "words": "two", "line": 0})
    assert (type(many).__name__, str(many)) == ("ExceptionGroup", "two"), "though it needs more than words"
    for lie in (None, {}, {"kinds": ["builtins.KeyboardInterrupt"], "words": "", "line": 0}, {"kinds": 5}):
        assert type(error_of(lie)).__mro__[1:3] in ((Exception, BaseException), (object,)), lie
        assert isinstance(error_of(lie), Exception)


@pytest.mark.usefixtures("fewer_inputs")
@pytest.mark.parametrize(
    ("does", "seen"), [("raise ValueError(str(z))", "ValueError"), ("os._exit(3)", "it ended its process.*")]
)
def test_an_error_is_kept_by_its_kind_and_an_end_in_words(workers: Workers, does: str, seen: str) -> None:
    """The words of an error may hold the numbers of the call: for the class it is one behavior."""
    kept = graded(workers, [f"import os\ndef stable_softmax(z):\n    {does}"])
    assert kept.behavior
    assert all(re.fullmatch(seen, one) for one in kept.behavior), kept.behavior


def test_equal_behavior_is_written_alike_and_other_behavior_otherwise() -> None:
    rows = np.linspace(-1, 1, 12).reshape(3, 4)
    assert short(rows) == short(rows + 1e-12) == short(rows.tolist())
    others = rows * (1 + 1e-3), rows.ravel(), rows.T, rows[:, ::-1], rows[:1], -rows
    assert len({short(value) for value in (rows, *others)}) == 1 + len(others)
    assert short(np.zeros(1000)) != short(np.ones(1000)), "of a thousand numbers each is looked at"
    assert len({short(value) for value in (2, [2], [[2]], "2", None, [2, 2])}) == 6


def test_a_task_is_about_an_exercise_of_its_lesson() -> None:
    assert TASK.declared is lesson.stable_softmax_exercise
    for name in ("louder_demo", "nothing"):
        with pytest.raises(LookupError, match=f"the lesson numeric_instability has no exercise {name}"):
            replace(TASK, exercise=name).declared  # noqa: B018


def test_an_error_keeps_its_line_however_much_it_says() -> None:
    told = {"kinds": ["builtins.ValueError"], "words": "no " * 999, "line": 4}
    assert str(error_of(told)).endswith(" (line 4 of your function)")
    assert len(str(error_of(told))) < 200
    assert str(error_of(None)) == ""


@pytest.mark.parametrize(
    ("kinds", "name"),
    [([], "Error"), (["x.no name"], "Error"), (["x.Mine", "y.Other"], "Mine"), (None, "Error")],
)
def test_an_error_of_an_unknown_type_has_its_name_if_it_can(kinds: Any, name: str) -> None:
    error = error_of({"kinds": kinds, "words": "", "line": 0})
    assert (type(error).__name__, type(error).__bases__) == (name, (Exception,))


def test_what_a_call_did_there_is_done_here() -> None:
    array, numbers, text = np.zeros(2), [1, 2], "x"
    done = {"returned": 5, "printed": "hello\n", "warned": ["odd"], "after": [np.array([3.0, 4.0]), [7]]}
    printed = io.StringIO()
    with pytest.warns(RuntimeWarning, match="^odd$"), contextlib.redirect_stdout(printed):
        assert replayed(done, [array, text, numbers]) == 5
    assert printed.getvalue().startswith("hello\n")
    assert (array.tolist(), numbers) == ([3, 4], [7])


@pytest.mark.parametrize("after", [[np.ones(3)], 5, [np.ones(2), [1], [2]], [["a", "b"]]])
def test_arguments_that_cannot_have_become_that_stay(after: Any) -> None:
    array = np.zeros(2)
    assert replayed({"returned": 1, "after": after}, [array, "x"]) == 1
    assert array.tolist() == [0, 0]


# How the judge's end watches a worker.


class Ended(Worker):
    """A worker whose process has ended with this status, after so many seconds of computing."""

    def __init__(self, status: int, computed: float = 0.0) -> None:
        self._workers: Any = SimpleNamespace(limits=Limits(call=2, all_calls=12))
        self._status, self._process, self._began, self.computed = status, 7, None, computed
        self._seconds = math.nan

    def close(self) -> int:
        return self._status


GONE = "it ended its process or cut its line to the judge"


@pytest.mark.parametrize(
    ("status", "computed", "why", "said"),
    [
        (0, 0.1, "", GONE),
        (3, 11.9, "", GONE),
        (-signal.SIGKILL, 0.1, "", GONE),  # the judge has killed who cut the line and went on
        (-signal.SIGSEGV, 0.1, "", "it crashed (SIGSEGV)"),
        (-signal.SIGABRT, 0.1, "", "it crashed (SIGABRT)"),
        (-signal.SIGSYS, 0.1, "", "it crashed (SIGSYS)"),  # as the fence ends calls of another machine
        (-signal.SIGHUP, 0.1, "", "it crashed (SIGHUP)"),
        (-signal.SIGXCPU, 11.9, "", "it computed for 12 s"),
        (-signal.SIGKILL, 12.9, "", "it computed for 12 s"),  # the signal was ignored
        (-signal.SIGKILL, 12.0, "", GONE),  # exactly so long is not longer
        (-signal.SIGKILL, 12.9, "it wrote", "it wrote"),
        (0, 0.1, "it wrote", "it wrote"),
    ],
)
def test_it_is_told_how_a_worker_ended(status: int, computed: float, why: str, said: str) -> None:
    with pytest.raises(Stopped, match=f"^{re.escape(said)}$"):
        Ended(status, computed)._end(why)


ENDLESS = Limits(call=60, all_calls=0.6)  # so that all calls together are too long before one is


@pytest.mark.parametrize(
    ("body", "times", "said"),
    [
        # Its end may be seen before its answer is missed, or after: so these are asked more often.
        ("os.closerange(3, 64)", 9, GONE),
        ("os.closerange(3, 64)\n    while True: pass", 9, GONE),
        ("os._exit(0)", 9, GONE),
        ("while True: pass", 3, "it computed for 1 s"),
        ("signal.signal(signal.SIGXCPU, signal.SIG_IGN)\n    while True: pass", 1, "it computed for 1 s"),
    ],
)
def test_how_a_process_ended_is_told_however_busy_the_machine_is(body: str, times: int, said: str) -> None:
    cell = f"import os, signal\ndef f(x):\n    {body}\n    return x"
    with Workers(fenced=False, limits=ENDLESS) as opened:
        for _ in range(times):
            with (
                Remote(opened, program(cell, "f")) as function,
                pytest.raises(Stopped, match=f"^{re.escape(said)}$"),
            ):
                function(1)


ASLEEP = [(0.0, "S")]


@pytest.mark.parametrize(
    ("seen", "looks", "said"),
    [
        (ASLEEP * 9, 1 + workers_module.ASLEEP, "it waits for something that never comes"),
        ([(0.0, "R"), *ASLEEP * 9], 1 + workers_module.ASLEEP, "it waits"),
        ([*ASLEEP * 3, (0.0, "R"), *ASLEEP * 9], 4 + workers_module.ASLEEP, "it waits"),
        ([*ASLEEP * 3, *[(0.1, "S")] * 9], 4 + workers_module.ASLEEP, "it waits"),
        ([*[(0.0, "T")] * 9, *ASLEEP * 9], 9 + workers_module.ASLEEP, "it waits"),  # not while it is held
        ([(50.0, "R"), (51.0, "R"), (52.0, "R"), (52.1, "R")], 4, "one call computed for more than 2 s"),
    ],
)
def test_a_worker_is_ended_that_computes_too_long_or_sleeps_on(
    seen: list[tuple[float, str]], looks: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = iter(seen)
    monkeypatch.setattr(workers_module, "look_at", lambda process: next(found))
    one = Ended(0)
    for _ in range(looks - 1):
        one.look()
    with pytest.raises(Stopped, match=said):
        one.look()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells it so")
def test_a_look_sees_what_a_process_has_computed() -> None:
    before = os.times()
    seconds, state = workers_module.look_at(os.getpid())
    after = os.times()
    tick = 2 / os.sysconf("SC_CLK_TCK")
    assert before.user + before.system - tick <= seconds <= after.user + after.system + tick
    assert state == "R"


class Torn:
    """A fence that cannot be closed."""

    def close_around_me(self) -> None:
        raise OSError("torn")


@pytest.mark.parametrize("ends_first", [False, True])
def test_nothing_runs_in_a_worker_that_cannot_be_fenced_in(ends_first: bool) -> None:
    here, there = socket.socketpair()
    settings = {"seconds": 9, "memory": 1 << 62}
    child = os.fork()
    if not child:
        here.close()
        worker_module.as_child(there.fileno(), Torn(), settings)  # type: ignore[arg-type]
    there.close()
    if ends_first:  # as where the judge is kept waiting
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)

    class One:
        def reap(self, process: int) -> tuple[int, float]:
            return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), 0.0

    with here, pytest.raises(CannotGrade, match="could not be fenced in: torn"):
        Worker(One(), child, here, program("def f(x): return x", "f"))  # type: ignore[arg-type]
    os.waitpid(child, 0)


class DyingWorkers:
    """Workers whose processes end at a negative number, after so many seconds of work."""

    def __init__(self, seconds: float) -> None:
        self.limits, self.computed, self.ready, self.calls = SimpleNamespace(all_calls=10), seconds, True, 0

    def open(self, program: Any) -> DyingWorkers:
        return self

    def call(self, arguments: Any, keywords: Any) -> Any:
        self.calls += 1
        if arguments[0] < 0:
            raise Stopped("gone")
        return {"returned": arguments[0]}


@pytest.mark.parametrize(
    ("numbers", "seconds", "called"),
    [
        ([-1, 1, 1], 1, 1),  # without any answer so far the first end is the last
        ([1, -1, 1, -1, 1, -1, 1, 1], 1, 6),  # with answers the third
        ([1, -1, 1, 1], 11, 2),  # or what took longer than all calls may
        ([1, -1, 1, -1, 1, 1], 9, 4),  # together
        ([1, -1, 1, -1, 1, 1], 10, 4),  # exactly so long is not longer
    ],
)
def test_a_function_that_ends_its_process_is_called_no_more(
    numbers: list[int], seconds: float, called: int
) -> None:
    workers = DyingWorkers(seconds)
    function = Remote(workers, {"name": "f"})  # type: ignore[arg-type]
    for number in numbers:
        if number < 0 or workers.calls == called:
            with pytest.raises(Stopped, match="gone"):
                function(number)
        else:
            assert function(number) == number
    assert workers.calls == called
