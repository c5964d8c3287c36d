"""Exercises: whatever a student hands over gets a report that is right, short and kind."""

from __future__ import annotations

import contextlib
import functools
import html
import io
import itertools
import json
import re
import sys
import warnings
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from outcomes import outcome

from course_utils.teaching import Check, Contract, Exercise, Mistake, Pick, Question, Verdict, status_of
from course_utils.teaching.exercise import (
    Result,
    alike,
    problem_of,
    run,
)
from course_utils.teaching.exercise.exercise import KEPT
from course_utils.teaching.exercise.verdict import JSON
from course_utils.teaching.text import LONGEST_REPORT

# --- one exercise with every kind of expectation ---------------------------------------------------


def share(z, power=1):  # type: ignore[no-untyped-def]
    z = np.asarray(z) ** power
    return z / z.sum()


EXERCISE = Exercise(
    "Write `share(z, power=1)`.",
    Contract("*z* is a 1-D array of positive numbers."),
    share,
    [
        Check("three numbers", (np.array([1.0, 2.0, 5.0]),)),
        Check("small & <smaller>", (np.array([1e-12, 1.0]),)),
        Check("squares", (np.array([1, 3]),), {"power": 2}),
    ],
    [
        Mistake(lambda z, power=1: z**power, "you forgot to **divide**."),
        Mistake(lambda z, power=1: z / np.sum(z), "`power` is ignored."),
        Mistake(lambda z: z / np.sum(z), "there is no `power`."),
    ],
    ["Divide.", "z / Σ z", "`z / z.sum()`"],
)


FOLDED = r"^  [✓✗] .*$(?!\n      )"  # the lines of a report that its page folds away


def tags_removed(report: str) -> str:
    """Read a report as a browser shows it: blocks apart, inline elements in their line."""
    inline = re.sub(r"</?(?:strong|em|code)>", "", report)
    return html.unescape(re.sub(r"<[^>]*>", " ", inline))


def words(text: str) -> list[str]:
    return re.sub(r"[✓✗:]|passed\b|failed\b|\bchecks", " ", text).split()


def check_report(verdict: Any) -> Verdict:
    """Require a report that a page can show: same facts in text and HTML, escaped, short, encodable."""
    assert isinstance(verdict, Verdict)
    bundle = verdict._repr_mimebundle_()
    assert list(bundle) == ["text/plain", "text/html", JSON][: 2 + (verdict.status != "not attempted")]
    plain, page = bundle["text/plain"], bundle["text/html"]
    opened = re.sub(r"<details>.*?</details>", "", page)
    assert words(tags_removed(opened)) == words(re.sub(FOLDED, "", plain, flags=re.M))
    tags = ("p", "strong", "em", "code", "ul", "li", "br", "details", "summary")
    written = re.sub(' style="padding: 0.3em 0"', "", page)
    assert set(re.findall(r"<[^>]*>", written)) <= {f"<{slash}{tag}>" for slash in ("", "/") for tag in tags}
    for result in verdict.results:
        assert html.escape(result.problem) in page
    json.dumps(bundle.get(JSON))
    assert all(line.isprintable() for line in plain.splitlines())
    assert max(map(len, plain.splitlines())) < 3 * LONGEST_REPORT
    assert "0x" not in plain
    page.encode()
    assert bool(verdict) == (verdict.status == "passed")
    return verdict


# --- right, in any style ---------------------------------------------------------------------------


class Share:
    def __call__(self, z: Any, power: int = 1) -> Any:
        return share(z, power)

    def method(self, z: Any, power: int = 1) -> Any:
        return share(z, power)


class HostileCallable(Share):
    """Right, but it refuses every question about itself."""

    def __getattr__(self, name: str) -> Any:
        raise ZeroDivisionError

    @property
    def __name__(self) -> str:
        raise SystemExit

    @property
    def __code__(self) -> Any:
        raise SystemExit

    def __repr__(self) -> str:
        raise SystemExit


def loops(z, power=1):  # type: ignore[no-untyped-def]
    result = []
    for number in z:
        total = 0.0
        for other in z:
            total += float(other) ** power
        result.append(float(number) ** power / total)
    return np.array(result)


def into_one_buffer() -> Callable[..., Any]:
    """The same array returned by every call: right each time, overwritten the next time."""
    buffer = np.zeros(10)

    def fill(z: Any, power: int = 1) -> Any:
        buffer[: len(z)] = share(z, power)
        return buffer[: len(z)]

    return fill


class Wrapped:
    def __init__(self, array: Any) -> None:
        self.array = array

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return self.array


@pytest.mark.parametrize(
    "function",
    [
        loops,
        functools.partial(share),
        functools.wraps(share)(lambda *given, **named: share(*given, **named)),
        Share(),
        Share().method,
        pytest.param(HostileCallable(), id="hostile"),
        into_one_buffer(),
        lambda z, power=1: list(share(z, power)),
        lambda z, power=1: tuple(share(z, power).tolist()),
        lambda z, power=1: [np.array(p) for p in share(z, power)],
        lambda z, power=1: share(z, power).astype(np.longdouble),
        lambda z, power=1: np.ma.array(share(z, power)),
        lambda z, power=1: np.ascontiguousarray(share(z, power)[::-1])[::-1],
        lambda z, power=1: Wrapped(share(z, power)),
        lambda z, power=1, *rest, **more: share(z, power) * (1 + 1e-12),
    ],
)
def test_right_in_any_style(function: Any) -> None:
    verdict = check_report(EXERCISE.check(function))
    assert verdict.status == "passed", verdict
    assert verdict.headline == "All 3 checks passed."
    assert verdict.diagnosis == ""


def test_a_list_is_right_with_a_remark() -> None:
    verdict = EXERCISE.check(lambda z, power=1: list(share(z, power)))
    assert "returns a list or tuple" in verdict.remarks[0]
    assert EXERCISE.check(share).remarks == ()


# --- wrong in any style ----------------------------------------------------------------------------


class HostileResult:
    """An object that ends the program whatever one asks of it."""

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise SystemExit("hostile")

    __repr__ = __str__ = __format__ = __len__ = __iter__ = __getitem__ = __eq__ = __bool__ = _refuse
    __array__ = __getattr__ = __float__ = __int__ = __index__ = _refuse
    __hash__ = None  # type: ignore[assignment]
    __class__ = property(_refuse)  # type: ignore[assignment]


class HostileName(type):
    @property
    def __name__(cls) -> str:
        raise SystemExit


class Nameless(metaclass=HostileName):
    pass


class HostileError(BaseException):
    def __str__(self) -> str:
        raise SystemExit

    __repr__ = __str__


class MarkupError(Exception):
    pass


def raising(error: Any) -> Callable[..., Any]:
    def fails(z: Any, power: int = 1) -> Any:
        raise error

    return fails


def recursion(z: Any, power: int = 1) -> Any:
    return recursion(z, power)


def generator(z: Any, power: int = 1) -> Any:
    yield from share(z, power)


def no_return(z: Any, power: int = 1) -> None:
    share(z, power)


def returning(value: Any) -> Callable[..., Any]:
    return lambda z, power=1: value


def changed(change: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda z, power=1: change(share(z, power))


def nested() -> list[Any]:
    innermost: list[Any] = []
    innermost.append(innermost)
    return innermost


@pytest.mark.parametrize(
    ("function", "report"),
    [
        (no_return, "returned None. Is the return statement missing?"),
        (generator, "returned a generator, but should return real numbers."),
        (recursion, "raised RecursionError: maximum recursion depth exceeded"),
        (raising(ValueError("no\nway")), "raised ValueError: no way (line 2 of your function)."),
        (raising(ValueError()), "raised ValueError (line 2 of your function)."),
        (raising(ValueError("\ud800\x1b[31m")), "raised ValueError: \ufffd\ufffd[31m (line"),
        (raising(ValueError("x" * 10**6)), "raised ValueError: xxx"),
        (
            raising(MarkupError("<script>alert('1')</script>")),
            "raised MarkupError: <script>alert('1')</script>",
        ),
        (raising(SystemExit(3)), "raised SystemExit: 3"),
        (raising(GeneratorExit()), "raised GeneratorExit"),
        (raising(HostileError()), "raised HostileError (line 2"),
        (
            raising(BaseExceptionGroup("both", [SystemExit(), ValueError()])),
            "raised BaseExceptionGroup: both",
        ),
        (raising("no error"), "raised TypeError: exceptions must derive from BaseException"),
        (lambda: 1, "takes 0 positional arguments but 1 was given"),
        (lambda z: share(z), "got an unexpected keyword argument 'power'"),
        (lambda a, b, c: 1, "missing 2 required positional arguments: 'b' and 'c'"),
        (int, "raised TypeError: only "),
        (returning(HostileResult()), "returned a HostileResult, but should return real numbers."),
        (lambda z, power=1: HostileResult(), "returned a HostileResult, but should return real numbers."),
        (
            lambda z, power=1: [HostileResult()],
            "returned a list, but should return real numbers.",
        ),
        (returning(Nameless()), "returned an object, but should return real numbers."),
        (returning(HostileResult), "returned a type, but should return real numbers."),
        (returning([1.0, [2.0, 3.0]]), "returned a list of floats and lists of floats, but should"),
        (returning([True, False]), "returned a list of bools, but should return real numbers."),
        (returning(["0.1"]), "returned a list of strings, but should return real numbers."),
        (returning((Fraction(1, 2),)), "returned a tuple of Fractions, but should return real numbers."),
        (returning([[1.0], [2.0, 3.0]]), "returned a list of rows of different lengths, but should"),
        (returning(nested()), "returned a list of lists of lists, but should return real numbers."),
        (returning([1.0, None, 2.0]), "returned a list of floats and Nones, but should return real numbers."),
        (returning([1.0, ..., 2.0]), "returned a list of floats and ..., but should return real numbers."),
        (returning("0.125"), "returned a str, but should return real numbers."),
        (returning(b"0.125"), "returned a bytes, but should return real numbers."),
        (returning({1: 2}), "returned a dict, but should return real numbers."),
        (returning({1.0, 2.0}), "returned a set, but should return real numbers."),
        (returning(True), "returned a bool, but should return real numbers."),
        (returning(10**400), "returned an int too large for a float, but should return real numbers."),
        (returning(10**30), "returned a single number, but should return an array of shape (3,)."),
        (returning(Fraction(1, 8)), "returned a Fraction, but should return floats."),
        (returning(Decimal("0.125")), "returned a Decimal, but should return floats."),
        (returning(slice(3)), "returned a slice, but should return real numbers."),
        (changed(lambda p: p.astype(complex)), "returned an array of dtype complex128, but should"),
        (changed(lambda p: p.astype(object)), "returned an array of dtype object, but should"),
        (changed(lambda p: p.astype(str)), "returned an array of dtype <U32, but should"),
        (changed(lambda p: p > 0), "returned an array of dtype bool, but should"),
        (changed(lambda p: p.astype("M8[s]")), "returned an array of dtype datetime64[s], but should"),
        (changed(lambda p: np.ma.masked_greater(p, 0.5)), "returned a MaskedArray, but should"),
        (changed(lambda p: iter(p)), "returned an iterator, but should"),
        (returning(np.float64(0.5)), "returned a single number, but should return an array of shape (3,)."),
        (returning(np.array(0.5)), "returned a single number, but should return an array of shape (3,)."),
        (returning([]), "returned an array of shape (0,), but should return an array of shape (3,)."),
        (changed(lambda p: p[:, None]), "returned an array of shape (3, 1), but should"),
        (changed(lambda p: np.matrix(p)), "returned an array of shape (1, 3), but should"),
        (returning(np.broadcast_to(0.5, 10**13)), "returned an array of shape (10000000000000,), but should"),
        (changed(lambda p: np.where(p > 0.5, np.nan, p)), "returned nan at index 2, but 0.625 is right."),
        (changed(lambda p: p / 0.0), "returned inf at index 0, but 0.125 is right."),
        (changed(lambda p: -p), "returned -0.125 at index 0, but 0.125 is right."),
        (changed(lambda p: p.astype(int)), "returned 0 at index 0, but 0.125 is right."),
        (changed(lambda p: p[::-1]), "returned 0.625 at index 0, but 0.125 is right."),
        (changed(lambda p: np.round(p, 6)), "returned 0 at index 0, but 1e-12 is right."),
    ],
)
@pytest.mark.filterwarnings("ignore:.*np.matrix:PendingDeprecationWarning")
def test_wrong_in_any_style(function: Any, report: str) -> None:
    verdict = check_report(EXERCISE.check(function))
    assert verdict.status == "failed"
    assert not verdict
    assert report in repr(verdict)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (3, "an int"),
        (..., "an ellipsis"),
        (share(np.ones(2)), "an array of dtype float64"),
        ("share", "a str"),
        pytest.param(HostileResult(), "a HostileResult", id="hostile"),
        ((x for x in ()), "a generator"),
    ],
)
def test_what_is_no_function_is_sent_back(value: Any, kind: str) -> None:
    verdict = check_report(EXERCISE.check(value))
    assert verdict.status == "failed"
    assert (
        verdict.headline
        == f"Hand over the function itself: check(share), without calling it. This is {kind}."
    )


def test_none_is_no_function() -> None:
    verdict = check_report(EXERCISE.check(None))
    assert verdict.headline == "There is no function here, but None. Write share, then check(share)."


def test_the_stub_is_not_attempted_and_half_a_stub_is_not_written() -> None:
    verdict = check_report(EXERCISE.check(lambda *_, **__: ...))
    assert verdict.status == "not attempted"
    assert verdict.results == ()
    verdict = check_report(EXERCISE.check(lambda z, power=1: share(z) if power == 1 else ...))
    assert verdict.status == "failed"
    assert "so this case is not written yet" in verdict.results[2].problem


# --- what a function does besides ------------------------------------------------------------------


def test_a_changed_argument_is_seen_and_the_next_check_is_not_spoiled() -> None:
    def in_place(z, power=1):  # type: ignore[no-untyped-def]
        if z.dtype.kind == "i":
            return share(z, power)
        z **= power
        z /= z.sum()
        return z

    before = [np.array(check.arguments[0]) for check in EXERCISE.checks]
    verdict = check_report(EXERCISE.check(in_place))
    assert verdict.status == "failed"
    assert "changed its argument" in verdict.results[0].problem
    assert verdict.results[2].problem == ""
    for check, array in zip(EXERCISE.checks, before, strict=True):
        np.testing.assert_array_equal(check.arguments[0], array)


@pytest.mark.parametrize(
    ("argument", "change"),
    [
        ([1, [2, 3]], lambda x: x[1].append(4)),
        ([1, [2, 3]], lambda x: x.pop()),
        ({"a": np.zeros(2)}, lambda x: x.pop("a")),
        (np.array([np.nan, 1.0]), lambda x: x.__setitem__(0, 1.0)),
        (np.array([1.0, 2.0, 3.0, 4.0]), lambda x: x[::-1].sort()),
        (np.array([np.inf, 1.0]), lambda x: x.fill(1)),
        *((np.array(values), lambda x: x.fill(3)) for values in ([1, 2], [4, 5], [True, False])),
        (np.arange(6.0), lambda x: x.resize((2, 3), refcheck=False)),
        (np.arange(6).reshape(3, 2), lambda x: x.resize(6, refcheck=False)),
        ((np.array([1.0, 2.0]), 3.0), lambda x: x[0].fill(1)),
    ],
)
def test_changes_of_any_argument_are_seen(argument: Any, change: Callable[[Any], Any]) -> None:
    before = repr(argument)
    for check in (Check("any", (argument,)), Check("any", (), {"x": argument})):
        assert run(change, check).changed_arguments
        assert repr(argument) == before, "only a copy is handed over"
        assert not run(lambda x: 1, check).changed_arguments


@pytest.mark.parametrize("dtype", [float, int, bool, np.float32])
def test_other_bits_of_the_same_numbers_are_no_change(dtype: type) -> None:
    given = np.array([np.nan, -0.0] if np.dtype(dtype).kind == "f" else [1, 0], dtype)
    assert not run(lambda x: np.add(x, dtype(0), out=x), Check("any", (given,))).changed_arguments
    assert not run(lambda x: x.__setitem__(0, dtype(1)), Check("any", (np.ones(2, dtype),))).changed_arguments


def test_an_argument_spoiled_beyond_comparison_is_survived() -> None:
    assert run(lambda x: x.append(HostileResult()), Check("any", ([1.0],))).changed_arguments
    run(lambda x: x.__setitem__(0, HostileResult()), Check("any", ([1.0],)))


def test_printed_text_is_a_remark_escaped_clipped_and_on_one_line() -> None:
    def prints(z, power=1):  # type: ignore[no-untyped-def]
        print("<script>alert(1)</script>\n  ✓ three numbers\x1b[31m")
        print("y" * 10**6, file=sys.stderr)
        return share(z, power)

    screen = io.StringIO()
    with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
        verdict = check_report(EXERCISE.check(prints))
    assert screen.getvalue() == ""
    assert verdict.status == "passed"
    assert "<script>alert(1)</script> ✓ three numbers" in verdict.remarks[0]
    assert "<script>" not in verdict.to_html()
    assert len(verdict.remarks[0]) < 1.5 * LONGEST_REPORT


def test_the_check_of_reports_catches_unescaped_output() -> None:
    verdict = EXERCISE.check(raising(MarkupError("<i>")))

    class Careless(Verdict):
        def to_html(self) -> str:
            return html.unescape(super().to_html())

    with pytest.raises(AssertionError):
        check_report(Careless(**vars(verdict)))


def test_the_check_of_reports_catches_a_missing_fact() -> None:
    class Silent(Verdict):
        def __repr__(self) -> str:
            return self.headline

    with pytest.raises(AssertionError):
        check_report(Silent(**vars(EXERCISE.check(no_return))))


@pytest.mark.parametrize("replacement", [None, io.StringIO(), object()])
def test_a_replaced_standard_output_is_put_back(replacement: Any) -> None:
    def replaces(z, power=1):  # type: ignore[no-untyped-def]
        sys.stdout = sys.stderr = replacement
        return share(z, power)

    before = sys.stdout, sys.stderr
    assert check_report(EXERCISE.check(replaces))
    assert (sys.stdout, sys.stderr) == before


def test_a_closed_standard_output_is_survived() -> None:
    def closes(z, power=1):  # type: ignore[no-untyped-def]
        print("last words")
        sys.stdout.close()
        return share(z, power)

    assert "last words" in check_report(EXERCISE.check(closes)).remarks[0]
    assert not sys.stdout.closed


class HostileWarning(UserWarning):
    def __str__(self) -> str:
        raise SystemExit


def test_warnings_are_remarks_and_never_reach_the_page() -> None:
    def warns(z, power=1):  # type: ignore[no-untyped-def]
        np.log(0.0 * z)
        return share(z, power)

    def warns_itself(z, power=1):  # type: ignore[no-untyped-def]
        warnings.warn("<b>careful</b>.", FutureWarning, stacklevel=1)
        return share(z, power)

    assert check_report(EXERCISE.check(warns)).remarks == (
        "Python warned: divide by zero encountered in log.",
    )
    assert check_report(EXERCISE.check(warns_itself)).remarks == ("Python warned: <b>careful</b>.",)


def test_where_silence_is_in_the_contract_a_warning_fails() -> None:
    def sigmoid(x):  # type: ignore[no-untyped-def]
        e = np.exp(-np.abs(x))
        return np.where(x >= 0, 1, e) / (1 + e)

    def loud(x):  # type: ignore[no-untyped-def]
        return 1 / (1 + np.exp(-x))

    def judged(quiet: bool) -> Verdict:
        contract = Contract("x is an array.", quiet=quiet)
        checks = [Check("far out", (np.array([-1000.0]),)), Check("zero", (np.array([0.0]),))]
        return Exercise("", contract, sigmoid, checks, [Mistake(loud, "it overflows.")], [""] * 3).check(loud)

    assert judged(quiet=False)
    verdict = judged(quiet=True)
    assert [bool(result.problem) for result in verdict.results] == [True, False]
    assert "with a warning: overflow" in verdict.results[0].problem
    assert verdict.diagnosis == "it overflows."


def test_a_hostile_warning_is_survived() -> None:
    def warns(z, power=1):  # type: ignore[no-untyped-def]
        sys.modules["warnings"].warn_explicit(HostileWarning(), None, "file", 1)
        return share(z, power)

    check_report(EXERCISE.check(warns))


def test_underflow_is_as_silent_as_everywhere_in_numpy() -> None:
    def underflows(z, power=1):  # type: ignore[no-untyped-def]
        np.exp(-800.0 * z)
        return share(z, power)

    with np.errstate(all="raise"):
        verdict = EXERCISE.check(underflows)
    assert verdict.status == "passed"
    assert verdict.remarks == ()


def test_settings_of_numpy_and_filters_are_put_back() -> None:
    def sets(z, power=1):  # type: ignore[no-untyped-def]
        np.seterr(all="raise")
        warnings.resetwarnings()
        warnings.simplefilter("error")
        warnings.showwarning = print  # type: ignore[assignment]
        return share(z, power)

    before = np.geterr(), list(warnings.filters), warnings.showwarning
    assert check_report(EXERCISE.check(sets))
    assert (np.geterr(), list(warnings.filters), warnings.showwarning) == before


def test_a_forgotten_await_warns_in_the_report_only() -> None:
    async def later(z, power=1):  # type: ignore[no-untyped-def]
        return share(z, power)

    verdict = check_report(EXERCISE.check(later))
    assert "returned a coroutine" in repr(verdict)
    assert "never awaited" in verdict.remarks[0]


def test_a_conversion_that_prints_is_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    class Talkative(Wrapped):
        def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
            print("converting")
            return self.array

    verdict = check_report(EXERCISE.check(lambda z, power=1: Talkative(share(z, power))))
    assert verdict.status == "passed"
    assert "converting" in verdict.remarks[0]
    assert capsys.readouterr().out == ""


def test_state_from_call_to_call_is_seen() -> None:
    calls = itertools.count()

    def remembers(z, power=1):  # type: ignore[no-untyped-def]
        return share(z, power) * (1 + (next(calls) >= len(EXERCISE.checks)))

    verdict = check_report(EXERCISE.check(remembers))
    assert verdict.headline == "3 of 4 checks passed."
    assert "gave another result for the same arguments" in verdict.results[-1].problem


def test_a_keyboard_interrupt_passes() -> None:
    class Busy:
        def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
            raise KeyboardInterrupt

    for function in (raising(KeyboardInterrupt()), returning(Busy())):
        with pytest.raises(KeyboardInterrupt):
            EXERCISE.check(function)


def test_the_error_line_is_the_student_s_also_when_a_helper_fails() -> None:
    def helper(z: Any) -> Any:
        raise ValueError("deep")

    def calls_helper(z, power=1):  # type: ignore[no-untyped-def]
        z = z + 1
        return helper(z)

    assert "raised ValueError: deep (line 3 of your function)." in repr(EXERCISE.check(calls_helper))


def test_a_function_without_a_plain_name_is_called_yours() -> None:
    for function in (functools.partial(no_return), lambda *_, **__: None):
        assert "your_function([1.0, 2.0, 5.0]) returned None" in repr(EXERCISE.check(function))
    assert "no_return([1.0, 2.0, 5.0]) returned None" in repr(EXERCISE.check(no_return))
    assert "no_return([1, 3], power=2)" in EXERCISE.check(no_return).results[2].problem


# --- errors that the contract asks for -------------------------------------------------------------


@pytest.mark.parametrize("function", [lambda z, power=1: np.ones_like(z), lambda z, power=1: z])
def test_where_a_contract_draws_no_inputs_only_listed_mistakes_are_said(function: Any) -> None:
    """Three checks bear out too much: what else was noticed has no inputs to be confirmed on."""
    assert EXERCISE.check(function).diagnosis == ""
    assert EXERCISE.check(lambda z, power=1: np.array(z) ** power).diagnosis == "you forgot to **divide**."


def root(x):  # type: ignore[no-untyped-def]
    if x < 0:
        raise ArithmeticError("negative")
    return x**0.5


ROOT = Exercise(
    "Write `root(x)`.",
    Contract("x"),
    root,
    [Check("two", (2.0,)), Check("below zero", (-1.0,))],
    [],
    ["", "", ""],
)


def guarded(error: BaseException) -> Callable[[float], float]:
    def guards(x: float) -> float:
        if x < 0:
            raise error
        return x**0.5

    return guards


@pytest.mark.parametrize(
    ("function", "problem"),
    [
        (guarded(ArithmeticError()), ""),
        (guarded(ZeroDivisionError("a kind of ArithmeticError")), ""),
        (guarded(ValueError("x")), "guards(-1) raised ValueError: x, but should raise ArithmeticError."),
        (guarded(SystemExit()), "guards(-1) raised SystemExit, but should raise ArithmeticError."),
        (lambda x: abs(x) ** 0.5, "your_function(-1) returned 1, but should raise ArithmeticError."),
        (
            lambda x: x**0.5 if x > 0 else None,
            "your_function(-1) returned None, but should raise ArithmeticError.",
        ),
        (lambda x: x**0.5 if x > 0 else HostileResult(), "returned a HostileResult, but should raise"),
        (lambda x: x**0.5 if x > 0 else "<b>", "returned '<b>', but should raise"),
    ],
)
def test_bad_input_must_raise_the_right_type(function: Any, problem: str) -> None:
    verdict = check_report(ROOT.check(function))
    assert verdict.results[0] == Result("two")
    assert problem in verdict.results[1].problem
    assert bool(verdict) == (problem == "")


# --- comparison ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("got", "right", "good"),
    [
        (1.0, 1, True),
        (1, 1.0, True),
        (np.array(1.0), 1.0, True),
        (np.float32(0.5), 0.5, True),
        (np.float32(0.1), 0.1, False),
        (1 + 0.9e-9, 1.0, True),
        (1 + 1.1e-9, 1.0, False),
        (1e-300 * (1 + 1e-8), 1e-300, False),
        (0.0, 1e-300, False),
        (1e-300, 0.0, False),
        (-0.0, 0.0, True),
        (np.nan, np.nan, True),
        (np.nan, 1.0, False),
        (1.0, np.nan, False),
        (np.inf, np.inf, True),
        (-np.inf, np.inf, False),
        (np.finfo(float).max, np.inf, False),
        ([1.0], 1.0, False),
        (1.0, [1.0], False),
        ([[1.0, 2.0]], [1.0, 2.0], False),
        ([], [], True),
        ([], [[]], False),
        (np.uint8(255), -1, False),
        (np.uint64(2**63), -(2.0**63), False),
    ],
)
def test_what_counts_as_equal(got: Any, right: Any, good: bool) -> None:
    assert (problem_of(outcome(got), outcome(right), Contract("")) == "") is good
    assert alike(outcome(got), outcome(right), Contract("")) is good


def test_tolerances_are_the_contract_s() -> None:
    assert problem_of(outcome(1.01), outcome(1.0), Contract("", rtol=0.1)) == ""
    assert problem_of(outcome(0.01), outcome(0.0), Contract("", atol=0.1)) == ""
    assert problem_of(outcome(1.01), outcome(1.0), Contract("", rtol=0, atol=0)) != ""


def test_numbers_that_differ_are_written_differently() -> None:
    problem = problem_of(outcome(1 + 1e-12), outcome(1.0), Contract("", rtol=1e-13))
    assert problem == "returned 1.000000000001, but 1.0 is right."


def test_a_solution_that_returns_no_numbers_cannot_judge() -> None:
    assert "the solution returned a str" in problem_of(outcome(1.0), outcome("1"), Contract(""))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (lambda x: 1 / 0, lambda x: 2 / 0, True),
        (lambda x: 1 / 0, lambda x: [][0], False),
        (lambda x: 1 / 0, lambda x: 1, False),
        (lambda x: None, lambda x: None, True),
        (lambda x: None, lambda x: "", False),
        (lambda x: x.sort() or 1.0, lambda x: 1.0, False),
        (lambda x: [1.0, 2.0], lambda x: np.array([1, 2]), True),
    ],
)
def test_behaving_like_means_equal_numbers_or_error_types(one: Any, other: Any, same: bool) -> None:
    probe = Check("", ([2.0, 1.0],))
    assert alike(run(one, probe), run(other, probe), Contract("")) is same


# --- mistakes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(3))
def test_a_listed_mistake_is_named(number: int) -> None:
    mistake = EXERCISE.mistakes[number]
    verdict = check_report(EXERCISE.check(mistake.function))
    assert verdict.diagnosis == mistake.explanation
    assert "Diagnosis: " in repr(verdict)
    assert "<strong>Diagnosis:</strong>" in verdict.to_html()


def test_a_mistake_in_another_style_is_named() -> None:
    assert (
        EXERCISE.check(lambda z, power=1: [float(v) ** power for v in z]).diagnosis
        == "you forgot to **divide**."
    )


def test_behaving_like_a_mistake_on_some_checks_only_is_not_named() -> None:
    def almost(z, power=1):  # type: ignore[no-untyped-def]
        return z**power if power == 1 else z**power + 1

    verdict = check_report(EXERCISE.check(almost))
    assert verdict.status == "failed"
    assert verdict.diagnosis == ""


def test_a_right_function_is_never_diagnosed() -> None:
    mistaken = Exercise(
        EXERCISE.task, EXERCISE.contract, share, EXERCISE.checks, [Mistake(share, "not one")], EXERCISE.hints
    )
    assert mistaken.check(share).diagnosis == ""


# --- hints, solution, static form ------------------------------------------------------------------


def test_hints_come_in_order_and_then_point_to_the_solution() -> None:
    exercise = Exercise("t", Contract("c"), share, EXERCISE.checks, [], ["One `a`.", "Two.", "Three."])
    notes = [exercise.hint() for _ in range(5)]
    assert [repr(note) for note in notes[:3]] == [
        "Hint 1 of 3. One a.",
        "Hint 2 of 3. Two.",
        "Hint 3 of 3. Three.",
    ]
    assert notes[0].html == "<p><strong>Hint 1 of 3.</strong> One <code>a</code>.</p>"
    assert "solution()" in notes[3].plain
    assert notes[4] == notes[3]
    assert list(notes[0]._repr_mimebundle_()) == ["text/plain", "text/html"]


@pytest.mark.parametrize("hints", [[], ["one"], list("four")])
def test_three_hints_exactly(hints: list[str]) -> None:
    with pytest.raises(ValueError, match=f"three hints .* not {len(hints)}"):
        Exercise("t", Contract("c"), share, EXERCISE.checks, [], hints)


def test_an_exercise_without_checks_is_refused() -> None:
    with pytest.raises(ValueError, match="without checks"):
        Exercise("t", Contract("c"), share, [], [], ["", "", ""])


def test_the_solution_is_shown_as_it_is_written() -> None:
    note = ROOT.solution()
    assert note.plain.startswith("def root(x):")
    assert note.plain.endswith("return x**0.5")
    assert "if x &lt; 0:" in note.html


def test_an_instructor_can_hide_solutions_with_one_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    exercise = Exercise("t", Contract("c"), share, EXERCISE.checks, [], ["Divide.", "Two.", "Three."])
    monkeypatch.setenv("COURSE_SOLUTIONS", "hidden")
    assert exercise.solution().plain == "The instructor has hidden the solutions; the hints remain."
    assert "z.sum()" not in exercise.to_html()
    notes = [exercise.hint() for _ in range(4)]
    assert notes[0].plain == "Hint 1 of 3. Divide."
    assert "solution()" not in notes[3].plain
    assert exercise.check(share)

    monkeypatch.setenv("COURSE_SOLUTIONS", "shown")
    assert "z.sum()" in exercise.to_html()


def test_a_misspelled_setting_does_not_show_solutions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_SOLUTIONS", "hide")
    with pytest.raises(ValueError, match="COURSE_SOLUTIONS must be shown or hidden, not 'hide'"):
        ROOT.solution()


def test_the_static_form_folds_hints_and_solution_away() -> None:
    bundle = ROOT._repr_mimebundle_()
    assert list(bundle) == ["text/plain", "text/html"]
    assert bundle["text/plain"] == "Exercise: Write root(x).\nContract: x"
    open_part = re.sub(r"<details>.*?</details>", "", EXERCISE.to_html(), flags=re.S)
    assert "Divide." not in open_part
    assert "z.sum()" not in open_part
    assert EXERCISE.to_html().count(">Hint ") == 3
    assert "return z / z.sum()" in EXERCISE.to_html()


def test_the_stub_is_given_back() -> None:
    assert EXERCISE.reset().plain == "def share(z, power=1):\n    return ...  # your code here"
    assert EXERCISE.reset()._repr_mimebundle_()["text/plain"] == EXERCISE.reset().plain


# --- an exercise whose contract says what may come ------------------------------------------------------


def centered(z, scale=1.0):  # type: ignore[no-untyped-def]
    return scale * (z - np.mean(z, axis=-1, keepdims=True))


def any_table(pick: Pick) -> Any:
    z = pick.numbers(pick.any_shape((1, 2, 3)), -1000, 1000)
    return pick.one_of((z,), Check("", (z,), {"scale": pick.number(0.1, 10, 2.0)}))


CENTERED = Exercise(
    "Write `centered(z, scale=1.0)`.",
    Contract("*z* has one dimension or more.", inputs=any_table, count=120, atol=1e-9),
    centered,
    [
        Check("three numbers", (np.array([1.0, 2.0, 6.0]),)),
        Check("twice", (np.array([1.0, 4.0]),), {"scale": 2.0}),
    ],
    [
        Mistake(lambda z, scale=1.0: z - np.mean(z, axis=-1, keepdims=True), "`scale` is *not used*."),
        Mistake(lambda z, scale=1.0: scale * (z - np.max(z, axis=-1, keepdims=True)), "that is the largest."),
    ],
    ["", "", ""],
    payoff="You can center anything.",
)


def test_success_says_what_can_be_done_now() -> None:
    verdict = check_report(CENTERED.check(centered))
    assert verdict.headline == "All 3 checks passed. You can center anything."
    assert verdict.points(5) == 5.0
    assert type(verdict.points(5)) is float
    assert CENTERED.done
    CENTERED.check(lambda z, scale=1.0: z)
    assert CENTERED.done, "a later attempt takes nothing away"


def test_of_what_is_wrong_only_when_called_once_more_nothing_else_is_said() -> None:
    calls, tried = itertools.count(), len(CENTERED.checks) + CENTERED.contract.count

    def tires(z, scale=1.0):  # type: ignore[no-untyped-def]
        return centered(z, scale) * (1 + (next(calls) >= tried))

    verdict = check_report(CENTERED.check(tires))
    assert [bool(result.problem) for result in verdict.results] == [False, False, False, True]
    assert verdict.diagnosis == ""


def test_a_table_of_the_shown_answers_fails_and_earns_nothing() -> None:
    answers = [centered(*check.arguments, **check.keywords) for check in CENTERED.checks]

    def table(z, scale=1.0):  # type: ignore[no-untyped-def]
        return answers[0] if len(z) == 3 else answers[1]

    verdict = check_report(CENTERED.check(table))
    assert not verdict
    assert [bool(result.problem) for result in verdict.results] == [False, False, True]
    assert verdict.points(10) < 1


@pytest.mark.parametrize(
    "function",
    [
        lambda z, scale=1.0: ...,
        lambda z, scale=1.0: None,
        lambda z, scale=1.0: 0.0,
        lambda z, scale=1.0: np.zeros_like(z),
        lambda z, scale=1.0: z,
    ],
    ids=["stub", "nothing", "number", "zeros", "echo"],
)
def test_what_does_no_work_earns_nothing(function: Any) -> None:
    assert check_report(CENTERED.check(function)).points(10) == 0.0


def test_points_are_a_share_of_the_maximum_to_two_decimals() -> None:
    verdict = CENTERED.check(lambda z, scale=1.0: z - np.mean(z))
    for maximum in (1, 3, 7.5, 100):
        assert verdict.points(maximum) == pytest.approx(maximum * verdict.share, abs=0.005)
        assert verdict.points(maximum) == float(f"{verdict.points(maximum):.2f}")
    assert verdict.points(1e6) != verdict.points(1e6 + 1)


def test_what_is_often_right_earns_a_share() -> None:
    assert 1 < CENTERED.check(lambda z, scale=1.0: z - np.mean(z)).points(10) < 9


def test_the_simplest_failing_input_is_shown() -> None:
    verdict = CENTERED.check(lambda z, scale=1.0: centered(z, scale) * (z.ndim < 2))
    shown = verdict.results[-1].problem.partition(" returned")[0]
    assert shown.count("[") <= 3
    assert shown.count(",") <= 3


def test_another_seed_draws_other_inputs_and_is_recorded() -> None:
    one, other = (CENTERED.check(lambda z, scale=1.0: z - np.mean(z), seed=seed) for seed in (0, 12345))
    assert one.results[-1].problem != other.results[-1].problem
    assert other.to_json()["seed"] == 12345
    assert other.to_json()["exercise"] == "centered"


def clipped_center(z: Any, scale: float = 1.0) -> Any:
    return centered(np.clip(z, -700, 700), scale)


DIAGNOSED = {
    "`scale` is *not used*.": lambda z, scale=1.0: [z - np.mean(z, axis=-1, keepdims=True)][0],
    "always 2 times the right one": lambda z, scale=1.0: 2 * centered(z, scale),
    "with its sign turned around": lambda z, scale=1.0: -centered(z, scale),
    "always too large by exactly 1": lambda z, scale=1.0: centered(z, scale) + 1,
    "transposed": lambda z, scale=1.0: centered(z, scale).T,
    "rounded to 3 decimals": lambda z, scale=1.0: np.round(centered(z, scale), 3),
    "never below 0": lambda z, scale=1.0: np.maximum(centered(z, scale), 0),
    "times the number of": lambda z, scale=1.0: centered(z, scale) * z.shape[-1],
    "plus the mean of `z`": lambda z, scale=1.0: centered(z, scale) + np.mean(z, axis=-1, keepdims=True),
    "`z` clipped at ±700": clipped_center,
    "down the columns": lambda z, scale=1.0: scale * (z - np.mean(z, axis=0, keepdims=True)),
    "taken as one long row": lambda z, scale=1.0: scale * (z - np.mean(z)),
    "float32": lambda z, scale=1.0: centered(z.astype(np.float32), np.float32(scale)),
    "where `scale` is given. There it raises a TypeError": lambda z: centered(z),
    "dimensions of `z` is 3 or more": lambda z, scale=1.0: centered(z, scale) if z.ndim < 3 else np.array(z),
    "overwritten": lambda z, scale=1.0: np.copyto(z, centered(z, scale)) or z,
    "meet a whole array": lambda z, scale=1.0: max(z, 0) - z,
    "`z` back as it came": lambda z, scale=1.0: z,
    "does not depend on the numbers": lambda z, scale=1.0: np.ones_like(z),
    "never a number, whatever the input": lambda z, scale=1.0: z * np.nan,
    "for inputs of the same shape it is": lambda z, scale=1.0: np.array([]),
    "`z` has no effect": lambda z, scale=1.0: scale * np.ones(z.shape).cumsum(axis=-1),
    "`scale` has no effect": lambda z, scale=1.0: 3 * (z - np.mean(z, axis=-1, keepdims=True)),
    "always 3 times what that gives": lambda z, scale=1.0: (
        3 * scale * (z - np.max(z, axis=-1, keepdims=True))
    ),
}


@pytest.mark.parametrize("words", DIAGNOSED)
def test_what_went_wrong_is_named(words: str) -> None:
    verdict = check_report(CENTERED.check(DIAGNOSED[words]))
    assert words in verdict.diagnosis
    assert verdict.mistake


@pytest.mark.parametrize("words", DIAGNOSED)
def test_a_statement_that_fresh_inputs_refute_is_not_made(words: str) -> None:
    """The deliberate fault: a function that does something else on the inputs it was not diagnosed from."""
    calls = itertools.count()
    seen_by_report = len(CENTERED.checks) + CENTERED.contract.count + 1
    wrong = DIAGNOSED[words]

    def turns(z, **given):  # type: ignore[no-untyped-def]
        return wrong(z, **given) if next(calls) < seen_by_report else centered(z, **given) + np.sin(37 * z)

    at_once = (
        "not used",
        "overwritten",
        "whole array",
        "as it came",
        "does not depend",
        "whatever the input",
        "of the same shape",
    )
    if not any(word in words for word in at_once):  # these are told from all that was seen
        assert words not in CENTERED.check(turns).diagnosis


def test_a_listed_mistake_is_named_in_safer_code_too() -> None:
    def naive(z, scale=1.0):  # type: ignore[no-untyped-def]
        return np.log(np.mean(np.exp(z)))

    def right(z, scale=1.0):  # type: ignore[no-untyped-def]
        return np.max(z) + np.log(np.sum(np.exp(z - np.max(z))))

    def safer(z, scale=1.0):  # type: ignore[no-untyped-def]
        return np.max(z) + np.log(np.mean(np.exp(z - np.max(z))))

    contract = Contract("", inputs=lambda pick: (pick.numbers(pick.shape((1, 6)), -1000, 1000, 745.0),))
    exercise = Exercise(
        "", contract, right, EXERCISE.checks[:1], [Mistake(naive, "a mean, not a sum.")], [""] * 3
    )
    assert exercise.check(safer).diagnosis == "a mean, not a sum."
    assert exercise.check(naive).diagnosis == "a mean, not a sum."
    assert exercise.check(lambda z: np.log(np.sum(np.exp(z)))).diagnosis != "a mean, not a sum."


@pytest.mark.parametrize(("overflows_from", "named"), [(7, True), (6, True), (5, True), (4, False)])
def test_a_listed_mistake_is_named_where_at_most_half_overflows(overflows_from: int, named: bool) -> None:
    def whole(z):  # type: ignore[no-untyped-def]
        return np.asarray(z) * 1.0

    def overflowing(z):  # type: ignore[no-untyped-def]
        return whole(z) * (np.inf if len(z) >= overflows_from else 1.0)

    contract = Contract("", inputs=lambda pick: (pick.numbers(pick.shape((2, 6)), 1, 9, 5.0),))
    checks = [Check(f"{length} numbers", (np.arange(1.0, length + 1),)) for length in (3, 4, 5, 6)]
    exercise = Exercise("", contract, share, checks, [Mistake(whole, "not divided.")], [""] * 3)
    assert (exercise.check(overflowing).diagnosis == "not divided.") == named


def warned_from(length: int) -> Any:
    """Double, with a warning of overflow on the way if there are so many numbers."""

    def double(z):  # type: ignore[no-untyped-def]
        np.exp(1000.0 * (len(z) >= length))
        return 2 * z

    return double


UP_TO_TEN = {"inputs": lambda pick: (pick.numbers(pick.shape((1, 10)), 1, 9, 5.0),), "quiet": True}


@pytest.mark.parametrize(
    ("length", "named"), [(2, False), (3, False), (5, True), (7, True), (9, False), (10, False)]
)
def test_a_listed_mistake_is_named_where_it_overflows_on_nearly_the_same_inputs(
    length: int, named: bool
) -> None:
    checks = [Check("three", (np.ones(3),))]
    mistakes = [Mistake(warned_from(6), "it overflows.")]
    exercise = Exercise("", Contract("", **UP_TO_TEN), lambda z: 2 * z, checks, mistakes, [""] * 3)
    assert (exercise.check(warned_from(length)).diagnosis == "it overflows.") == named


@pytest.mark.parametrize(("length", "named"), [(1, False), (4, False), (9, True), (10, True)])
def test_a_listed_mistake_is_named_where_at_most_half_warns(length: int, named: bool) -> None:
    checks = [Check("three", (np.ones(3),))]
    mistakes = [Mistake(lambda z: 2 * z, "not tripled.")]
    exercise = Exercise("", Contract("", **UP_TO_TEN), lambda z: 3 * z, checks, mistakes, [""] * 3)
    assert (exercise.check(warned_from(length)).diagnosis == "not tripled.") == named


def stopping(longest: int, shortest: float = 1.0, longer: float = 2.0, error: str = "not aligned") -> Any:
    """Double up to a length, but for the shortest and longer inputs, and stop with an error beyond."""

    def double(z):  # type: ignore[no-untyped-def]
        if len(z) > longest:
            raise ValueError(error)
        return z * (shortest if len(z) == 1 else longer)

    return double


@pytest.mark.parametrize(
    ("function", "named"),
    [
        (stopping(4, 2.0), True),
        (stopping(4, np.inf), True),
        (stopping(3, 2.0), False),
        (stopping(5, 2.0), False),
        (stopping(4, 2.0, longer=3.0), False),
        (stopping(4, 2.0, error="truth value of an array"), False),
    ],
)
def test_a_listed_mistake_is_named_by_its_errors(function: Any, named: bool) -> None:
    checks = [Check("three", (np.ones(3),))]
    mistakes = [Mistake(stopping(4, np.nan), "only up to four.")]
    exercise = Exercise("", Contract("", **UP_TO_TEN), lambda z: 2 * z, checks, mistakes, [""] * 3)
    assert (exercise.check(function).diagnosis == "only up to four.") == named


def test_only_so_many_draws_of_inputs_are_kept() -> None:
    """Whoever grades a class with a seed for each student would fill the memory."""
    exercise = Exercise(
        "",
        Contract("", inputs=lambda pick: (pick.number(0, 1),), count=1),
        abs,
        [Check("zero", (0.0,))],
        [],
        [""] * 3,
    )
    drawn = [exercise._expected(seed, 1) for seed in range(KEPT)]
    assert all(exercise._expected(seed, 1) is one for seed, one in enumerate(drawn)), "run once, not again"
    for seed in range(KEPT + 1):
        assert exercise.check(abs, seed=seed)
    assert 0 < len(exercise._drawn) <= KEPT


# --- what is done --------------------------------------------------------------------------------------


def test_the_status_of_a_lesson_follows_what_is_done() -> None:
    def renamed(z: np.ndarray, power: float = 1) -> np.ndarray:
        return share(z, power)

    exercise = Exercise("t", Contract("c"), share, EXERCISE.checks, [], [""] * 3)
    question = Question("Why?", ["a", "b"], "B", ["x.", "y."])
    status = status_of({"one_question": question, "one_exercise": exercise, "other": 3})
    assert repr(status()) == (
        "Questions: 0 of 1 done.\n  – one_question\nExercises: 0 of 1 done.\n  – one_exercise"
    )
    assert exercise.check(renamed)
    assert not exercise.done, "a function of another name is looked at, and no answer"
    exercise.check(lambda z, power=1: share(z, power))
    for button in (
        child for child in walk(question.view()) if getattr(child, "description", "") in ("A", "B")
    ):
        assert "0 of 1" in repr(status()).splitlines()[0]
        button.click()
    assert repr(status()).count("1 of 1 done") == 2
    assert "✓ one_exercise" in status().html


def walk(widget: Any) -> Any:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)
