"""The search of section "Claims on trial": counterexamples in real arithmetic and in floats."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from course_utils.lessons.logsumexp_versus_max.gap import gap_above_max
from course_utils.numerics.softmax import smooth_max
from course_utils.teaching import Result, Verdict
from course_utils.teaching.text import brief, format_number

Case = tuple[tuple[float, ...], float]  # logits z, inverse temperature λ
RANDOM_CASES, CLIMBING_STEPS = 300, 200
SLACK = 1e-12  # a bound is a rounded number: it may miss the truth by this part of itself


@cache
def _corner_cases() -> tuple[Case, ...]:
    """Ties, leaders and ramps, the simplest first."""
    patterns = [
        pattern
        for n in (1, 2, 3, 10)
        for pattern in (
            (0.0,) * n,
            (5.0,) * n,
            (-5.0,) * n,
            (1.0,) + (0.0,) * (n - 1),
            (0.0,) * (n - 1) + (36.0,),
            (0.0,) * (n - 1) + (-36.0,),
            tuple(float(i) for i in range(n)),
        )
    ]
    ordinary = [(pattern, k) for k in (1.0, 10.0, 0.1, 100.0, 0.01) for pattern in dict.fromkeys(patterns)]
    extreme = [((0.0,) * 10_000, 1.0), ((0.0, 0.0), 1e-9), ((0.0, 0.0), 1e9)]
    return (*ordinary, *extreme)


@cache
def _random_cases() -> tuple[Case, ...]:
    """Random logits of many sizes, the same ones in every run, with few digits so that they can be read."""
    random = np.random.default_rng(4)
    cases = []
    for _ in range(RANDOM_CASES):
        n, scale = int(random.integers(1, 8)), float(random.choice([0.1, 1, 10, 100]))
        z = tuple(float(v) for v in np.round(random.uniform(-1, 1, n) * scale, 2))
        cases.append((z, float(random.choice([0.1, 0.5, 1, 2, 10]))))
    return tuple(cases)


def _cases() -> tuple[Case, ...]:
    return (*_corner_cases(), *_random_cases())


def exact_gap(
    z: Sequence[float] | npt.NDArray[np.float64], inverse_temperature: float, digits: int = 50
) -> Decimal:
    """LSE_λ(z) − max(z) of exactly these floats, to so many digits, with nothing but the definition."""
    with localcontext() as context:
        k, logits = Decimal(inverse_temperature), [Decimal(v) for v in z]
        top = max(logits)
        spread = float(k * (top - min(logits)))
        context.prec = digits + math.ceil(spread / math.log(10)) + 5  # so that 1 + e^−spread is not 1
        total = sum(((k * (v - top)).exp() for v in logits), Decimal(0))
        gap = total.ln() / k
    with localcontext() as context:
        context.prec = digits
        return +gap


class Exact(Decimal):
    """A decimal number that takes floats at their exact value, so that a claim may mix the two."""


def _taking_floats(plain: Callable[..., Any]) -> Callable[..., Any]:
    def operation(self: Exact, *others: Any) -> Any:
        result = plain(self, *(Decimal(float(v)) if isinstance(v, float) else v for v in others))
        return Exact(result) if isinstance(result, Decimal) else result

    return operation


for _name in ("add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv", "neg", "abs"):
    setattr(Exact, f"__{_name}__", _taking_floats(getattr(Decimal, f"__{_name}__")))


def _holds_in_reals(claim: Callable[[list[Any], Any, Any], bool], case: Case) -> bool:
    with localcontext() as context:
        context.prec = 250  # e^−400 needs 174 digits behind the point
        z, k = [Exact(v) for v in case[0]], Exact(case[1])
        gap = exact_gap(*case, digits=230)
        return any(claim(list(z), k, max(z) + gap * (1 + Decimal(change))) for change in (0, -SLACK, SLACK))


def try_to_refute(claim: Callable[[list[Any], Any, Any], bool]) -> Verdict:
    """Search for logits and λ > 0 for which a claim is false, in real arithmetic and in float64.

    Parameters
    ----------
    claim : callable
        Takes a list of logits z, the inverse temperature and LSE_λ(z), and returns whether the claim holds.
        It is called with floats, and with decimal numbers of more digits than matter; so use ``+ - * /``,
        comparisons, ``max``, ``min``, ``sum`` and ``len``. In real arithmetic, a claim that becomes true when
        LSE − max changes by one part in 1e12 is not refuted: a rounded logarithm in it does no harm.
    """
    cases = [(z, k) for z, k in _cases() if k * (max(z) - min(z)) <= 400]
    real = next((case for case in cases if not _holds_in_reals(claim, case)), None)
    floats = next(
        ((z, k) for z, k in cases if not claim(list(z), k, float(smooth_max(np.array(z), k)))),
        None,
    )
    results = [
        Result(
            f"{name} ({len(cases)} cases)", f"false for z = {list(case[0])}, λ = {case[1]:g}" if case else ""
        )
        for name, case in (("real arithmetic", real), ("float64 arithmetic", floats))
    ]
    if real:
        headline = "Refuted."
    elif floats:
        headline = "Not refuted on paper, but refuted in floating-point numbers."
    else:
        headline = "No counterexample found. That is not a proof."
    return Verdict("failed" if real or floats else "passed", headline, tuple(results), folded=False)


def refute_bound(bound: Callable[[npt.NDArray[np.float64], float], float]) -> list[Result]:
    """Search for logits that lie farther below their LSE than a bound allows, and for a bound that is too high."""
    tries = 0

    def excess(case: Case) -> float:
        """How far the gap exceeds the bound, in units of 1/λ."""
        nonlocal tries
        tries += 1
        z, k = case
        gap = float(gap_above_max(np.array(z), k))
        allowed = bound(np.array(z), k)
        return (gap - allowed - SLACK * abs(allowed)) * k

    found = None
    scores: list[tuple[float, Case]] = []
    for case in _cases():
        scores.append((excess(case), case))
        if scores[-1][0] > 0 and _really_exceeds(bound, case):
            found = case
            break
    if found is None:
        scores.sort(key=lambda pair: pair[0])
        closest = {len(case[0]): case for _, case in scores}  # for each number of logits
        found = next(filter(None, (_climb(case, excess, bound) for case in closest.values())), None)
    return [
        Result(
            f"true in real arithmetic ({tries} cases tried)",
            _counterexample(found, bound) if found else "",
        ),
        Result("sharp where all logits are equal", _too_generous(bound)),
        _in_floats(bound),
    ]


def _climb(case: Case, excess: Callable[[Case], float], bound: Callable[..., float]) -> Case | None:
    """Move logits and λ a little, keep what brings the gap closer to the bound, and report if it exceeds it."""
    random = np.random.default_rng(len(case[0]))
    best = excess(case)
    for _ in range(CLIMBING_STEPS):
        z, k = list(case[0]), case[1]
        i, kind = int(random.integers(len(z))), int(random.integers(3))
        if kind == 0:
            z[i] = max(z)
        elif kind == 1:
            z[i] = round(z[i] + float(random.normal()) * 10.0 ** -random.integers(4) / k, 4)
        else:
            k = min(100.0, max(0.01, k * float(random.choice([0.5, 2.0]))))
        value = excess((tuple(z), k))
        if value > 0 and _really_exceeds(bound, (tuple(z), k)):
            return tuple(z), k
        if value > best:
            best, case = value, (tuple(z), k)
    return None


def _really_exceeds(bound: Callable[..., float], case: Case) -> bool:
    """Confirm a counterexample in 50 digits; what float64 says about it is not enough."""
    allowed = Decimal(bound(np.array(case[0]), case[1]))
    return exact_gap(*case) > allowed + Decimal(SLACK) * abs(allowed)


def _counterexample(case: Case, bound: Callable[..., float]) -> str:
    z, k = case
    return (
        f"Refuted by z = {brief(np.array(z))}, λ = {k:g}: LSE − max is {format_number(float(exact_gap(z, k)), 6)}, "
        f"but your bound allows only {format_number(bound(np.array(z), k), 6)}."
    )


def _too_generous(bound: Callable[..., float]) -> str:
    """Name equal logits at which the bound lies above the gap, or nothing."""
    for n in (2, 3, 10, 100, 1):
        for k in (1.0, 10.0, 0.1):
            for height in (0.0, 2.5):
                z = np.full(n, height)
                gap, allowed = float(exact_gap(z, k)), bound(z, k)
                if allowed > gap * (1 + SLACK):
                    which = f"z = {brief(z)}" if n <= 10 else f"{n} logits that are all {height:g}"
                    digits = 6 if f"{gap:.6g}" != f"{allowed:.6g}" else 14
                    return (
                        f"Too generous for {which} at λ = {k:g}: there LSE − max is {format_number(gap, digits)}, "
                        f"and your bound says {format_number(allowed, digits)}."
                    )
    return ""


def _in_floats(bound: Callable[..., float]) -> Result:
    """Compare float64 results of both sides: true up to rounding is all one can ask."""
    for z, k in _cases():
        left, right = float(smooth_max(np.array(z), k)), max(z) + bound(np.array(z), k)
        if left > right + 4 * np.spacing(max(abs(left), abs(right))):
            return Result(
                "true in float64, up to rounding",
                f"At z = {brief(np.array(z))}, λ = {k:g} float64 gives LSE = {left!r}, above max + bound = {right!r}.",
            )
    return Result(f"true in float64, up to rounding ({len(_cases())} cases tried)")
