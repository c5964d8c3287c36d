"""Derivatives by computer: differences, the complex step, and a check of formulas against them.

A difference quotient has two errors: the formula's own, which grows with the step h, and rounding, which
grows as h shrinks. Over h their sum is a curve like a U, with its bottom near 1e-5 for central differences.
The complex step subtracts nothing, so it has no rounding side, until h f' underflows; but it needs an
analytic formula.
"""

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from course_utils.numerics._arrays import FLOAT64, FloatArray, as_real, checked_number

TINY = float(np.finfo(FLOAT64).tiny)  # below, numbers have fewer digits

__all__ = ["GradientReport", "central_difference", "check_gradient", "complex_step"]

Function: TypeAlias = Callable[[Any], Any]
Numbers: TypeAlias = npt.NDArray[Any]


def central_difference(
    f: Function, x: npt.ArrayLike, h: float | None = None, *, elementwise: bool = False
) -> FloatArray:
    """Derivatives of f at x by central differences, ``(f(x + h) - f(x - h)) / (2 h)``, one entry at a time.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `x`, returns a number or an array of real numbers.
    x : array_like of real numbers, any shape
    h : float, optional
        Finite and positive, in the unit of `x`. The default is 2^-17 times max(1, abs(x)), entry by entry:
        the bottom of the U for a function that varies as x does.
    elementwise : bool
        Entry i of f(x) depends on entry i of x alone (as for an activation function).

    Returns
    -------
    ndarray or scalar
        Shape ``f(x).shape + x.shape``: for a loss its gradient, of the shape of `x`; in general the Jacobian.
        With `elementwise` only its diagonal, of the shape of `x`. The error is about
        ``h² abs(f''') / 6 + u (abs(f) + abs(x f')) / h`` with u = 2^-53: f is rounded, and so is x ± h.

    Raises
    ------
    TypeError
        If `x` or f(x) does not hold real numbers.
    ValueError
        If `h` is not finite and positive, `x` is empty, or f is not elementwise though it is said to be.

    References
    ----------
    Dennis & Schnabel (1996), "Numerical methods for unconstrained optimization", section 5.6.

    Examples
    --------
    >>> float(central_difference(np.tanh, 0.0, 0.01).round(8))
    0.99996667
    >>> central_difference(lambda x: (x**3).sum(), [1.0, 2.0]).round(6)
    array([ 3., 12.])
    """
    point = _point(x)
    if h is None:
        steps = 2.0**-17 * np.maximum(1.0, np.abs(point))
    else:
        steps = np.full(point.shape, _checked_step(h))

    def slope(j: int) -> Numbers:
        step = steps.flat[j]
        difference: Numbers = _real(f, _moved(point, j, step)) - _real(f, _moved(point, j, -step))
        return difference / (2 * step)

    return _collected([slope(j) for j in range(point.size)], point.shape, elementwise)


def complex_step(
    f: Function, x: npt.ArrayLike, h: float = 1e-100, *, elementwise: bool = False
) -> FloatArray:
    """Derivatives of f at x by a step into the complex plane, ``imag(f(x + i h)) / h``, one entry at a time.

    Nothing is subtracted, so h may be tiny, and the result is as exact as f itself, as long as h f' (and what
    leads to it) does not underflow: with the default h, as long as f' is 0 or above about 1e-207. But f must
    be a plain analytic formula, made of + - × ÷, powers, exp, log, sin, tanh and the like. The safe functions
    of this package use absolute values and comparisons, so they refuse complex input.

    Parameters
    ----------
    f : callable
        Takes a complex array of the shape of `x`, returns a complex number or array.
    x : array_like of real numbers, any shape
    h : float
        Finite and positive.
    elementwise : bool
        As for `central_difference`.

    Returns
    -------
    ndarray or scalar
        As for `central_difference`. The error is about ``h² abs(f''') / 6``: none, apart from that of f,
        where nothing underflows.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers, f refuses complex ones, or f drops the imaginary part.
    ValueError
        As for `central_difference`.

    References
    ----------
    Squire & Trapp (1998), "Using complex variables to estimate derivatives of real functions";
    Martins, Sturdza & Alonso (2003).

    Examples
    --------
    >>> float(complex_step(lambda x: x / (1 + np.exp(-x)), 0.0))
    0.5
    """
    point = _point(x)
    step = _checked_step(h)

    def slope(j: int) -> Numbers:
        value = np.asarray(f(_moved(point, j, 1j * step)))
        if value.dtype.kind != "c":
            raise TypeError(
                f"complex_step needs an analytic formula, but f made {value.dtype} of a complex number "
                "(by abs, a comparison or a conversion?): use central_difference."
            )
        imaginary: Numbers = value.imag.astype(FLOAT64)
        return imaginary / step

    return _collected([slope(j) for j in range(point.size)], point.shape, elementwise)


@dataclass(frozen=True, repr=False)
class GradientReport:
    """What `check_gradient` found at the worst entry; true in a condition if the gradient agrees.

    Attributes
    ----------
    agrees : bool
        Whether every entry is within its tolerance.
    index : tuple of int
        The worst entry: the one whose difference is largest as compared with its tolerance.
    exact, approximate : float
        What the given formula says there, and what the computer measures.
    largest_difference : float
        Between these two; ``inf`` if one of them is nan.
    tolerance : float
        What would have been allowed there.
    method : str
        "complex step" or "central differences".
    """

    agrees: bool
    index: tuple[int, ...]
    exact: float
    approximate: float
    largest_difference: float
    tolerance: float
    method: str

    def __bool__(self) -> bool:
        return self.agrees

    def __repr__(self) -> str:
        place = f" at index {self.index}" if self.index else ""
        return (
            f"The gradient {'agrees' if self.agrees else 'DISAGREES'}: largest difference "
            f"{self.largest_difference:.2g}{place}, exact {self.exact:.8g}, approximate "
            f"{self.approximate:.8g} (by {self.method}, tolerance {self.tolerance:.1g})."
        )


def check_gradient(f: Function, gradient: Function, x: npt.ArrayLike) -> GradientReport:
    """Compare a formula for the derivative of f with what f itself does around x.

    By complex step, where f allows it and both methods agree; else by central differences, each entry with
    the step at the bottom of its own U-curve: steps from 2^-3 to 2^-39 are tried, and for each the error is
    estimated from its neighbor and from rounding.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `x`, returns real numbers.
    gradient : callable
        Takes `x`, returns the derivatives: shape ``f(x).shape + x.shape`` (for a loss, the shape of `x`), or
        the shape of `x` for an elementwise f.
    x : array_like of real numbers, any shape
        Where to compare. Stay away from kinks: there f has no derivative, and differences give the mean of
        the slopes on both sides.

    Returns
    -------
    GradientReport
        An entry agrees within 1e-8 of its size, plus 1e-12 of the largest one, plus 4 times the estimated
        error of the differences, plus the smallest normal number, 2.2e-308.

    Raises
    ------
    TypeError
        If `x`, f(x) or gradient(x) does not hold real numbers.
    ValueError
        If `x` is not finite, the shapes do not fit, or the gradient has the shape of an elementwise function
        and f is none.

    References
    ----------
    Dumontet & Vignes (1977), "Détermination du pas optimal dans le calcul des dérivées sur ordinateur".

    Notes
    -----
    f is called about 40 times for each entry of `x`: check a small network, not a large one.

    Examples
    --------
    >>> bool(check_gradient(lambda x: (x**2).sum(), lambda x: 2 * x, [1.0, 2.0]))
    True
    >>> report = check_gradient(lambda x: (x**2).sum(), lambda x: [2 * x[0], 3 * x[1]], [1.0, 2.0])
    >>> report.agrees, report.index, report.exact, round(report.approximate, 6), report.method
    (False, (1,), 6.0, 4.0, 'complex step')
    """
    point = _point(x)
    if not np.isfinite(point).all():
        raise ValueError(f"x must be finite to be compared at, got {point[~np.isfinite(point)].flat[0]}.")
    value = _real(f, point.copy()[()])
    exact = _real(gradient, point.copy()[()], "gradient(x)")
    elementwise = _is_elementwise(value.shape, point.shape, exact.shape)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        approximate, error = _bottom_of_the_u(f, point, elementwise)
        method = "central differences"
        precise = _complex_step_if_allowed(f, point, elementwise)
        if precise is not None:
            allowed = 1e-6 * np.abs(approximate) + 1e-9 * _scale(approximate) + 4 * error
            if (np.abs(precise - approximate) <= allowed).all():
                approximate, error, method = precise, np.zeros_like(error), "complex step"
        difference = np.abs(exact - approximate)
        difference = np.where(np.isnan(difference), math.inf, difference)
        tolerance = 1e-8 * np.abs(approximate) + 1e-12 * _scale(approximate) + 4 * error + TINY
        # Where no slope could be measured there is nothing to agree with.
        tolerance = np.where(np.isfinite(tolerance), tolerance, 0.0)
        excess = np.where(np.isinf(difference), math.inf, difference / np.maximum(tolerance, TINY))
    worst = tuple(int(i) for i in np.unravel_index(excess.argmax(), excess.shape))
    return GradientReport(
        agrees=bool((difference <= tolerance).all()),
        index=worst,
        exact=float(exact[worst]),
        approximate=float(approximate[worst]),
        largest_difference=float(difference[worst]),
        tolerance=float(tolerance[worst]),
        method=method,
    )


def _bottom_of_the_u(f: Function, point: Numbers, elementwise: bool) -> tuple[Numbers, Numbers]:
    """Central differences, each with the step of the smallest estimated error, and that error."""
    value = np.asarray(f(point.copy()[()]))
    unit = float(np.finfo(value.dtype).eps if value.dtype.kind == "f" else np.finfo(FLOAT64).eps) / 2
    slopes, errors = [], []
    for j in range(point.size):
        scale = 2.0 ** math.floor(math.log2(max(1.0, abs(point.flat[j]))))
        tried, rounding = [], []
        for k in range(3, 40, 2):
            right, left = (_moved(point, j, sign * scale * 2.0**-k) for sign in (1, -1))
            width = np.ravel(right)[j] - np.ravel(left)[j]  # 2h, as x ± h are rounded
            above, below = _real_or_nan(f, right, value.shape), _real_or_nan(f, left, value.shape)
            tried.append((above - below) / width)
            rounding.append(2 * unit * np.maximum(np.abs(above), np.abs(below)) / width)
        # The formula's error goes with h², and the step before was 4h: its error was 16 times as large.
        error = np.abs(np.diff(tried, axis=0)) / 15 + rounding[1:]
        error[np.isnan(error)] = math.inf
        bottom = error.argmin(axis=0)[np.newaxis]
        slopes.append(np.take_along_axis(np.array(tried[1:]), bottom, axis=0)[0])
        errors.append(np.take_along_axis(error, bottom, axis=0)[0])
    error = np.stack(errors, axis=-1)
    error = error.reshape(point.size, -1).diagonal() if elementwise else error
    shape = point.shape if elementwise else value.shape + point.shape
    return np.asarray(_collected(slopes, point.shape, elementwise)), error.reshape(shape).copy()


def _complex_step_if_allowed(f: Function, point: Numbers, elementwise: bool) -> Numbers | None:
    """None if f refuses complex numbers, one way or another."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", np.exceptions.ComplexWarning)  # a discarded imaginary part
        try:
            return np.asarray(complex_step(f, point, elementwise=elementwise))
        except Exception:  # f was not written for this: whatever it raises says no
            return None


def _collected(columns: list[Numbers], shape: tuple[int, ...], elementwise: bool) -> FloatArray:
    """From derivatives with respect to each entry of x, each of the shape of f(x), to the whole."""
    jacobian: FloatArray = np.stack(columns, axis=-1)
    if not elementwise:
        return jacobian.reshape(jacobian.shape[:-1] + shape)[()]
    if jacobian.shape[:-1] != shape:
        raise ValueError(
            f"an elementwise f keeps the shape of x, {shape}, but f(x) has shape {jacobian.shape[:-1]}."
        )
    square = jacobian.reshape(len(columns), len(columns))
    stray = np.argwhere((np.abs(square) > 0) & ~np.eye(len(columns), dtype=bool))
    if stray.size > 0:
        i, j = (tuple(int(k) for k in np.unravel_index(flat, shape)) for flat in stray[0])
        raise ValueError(
            f"f is not elementwise: entry {i} of f(x) changes with entry {j} of x, "
            f"so its derivative is a Jacobian of shape {shape + shape}."
        )
    diagonal: FloatArray = square.diagonal().reshape(shape)
    return diagonal[()]


def _is_elementwise(value: tuple[int, ...], x: tuple[int, ...], gradient: tuple[int, ...]) -> bool:
    if gradient == value + x:
        return False
    if gradient == value == x:
        return True
    raise ValueError(
        f"for x of shape {x} and f(x) of shape {value} the gradient must have shape {value + x}"
        f"{f' (or {x}, if f is elementwise)' if value == x else ''}, got shape {gradient}."
    )


def _point(x: npt.ArrayLike) -> Numbers:
    point = as_real("x", x).astype(FLOAT64)
    if point.size == 0:
        raise ValueError(f"x must have at least one entry, got shape {point.shape}.")
    return point


def _checked_step(h: float) -> float:
    step = checked_number("h", h)
    if not 0 < step < math.inf:
        raise ValueError(f"h must be finite and positive, got {step}.")
    return step


def _moved(point: Numbers, j: int, step: complex) -> Any:
    """`point` with `step` added to its entry j; a scalar if it has no axes."""
    moved = point.astype(np.result_type(point, step))
    moved.flat[j] += step
    return moved[()]


def _real(f: Function, x: Any, name: str = "f(x)") -> Numbers:
    return as_real(name, f(x)).astype(FLOAT64)


def _real_or_nan(f: Function, x: Any, shape: tuple[int, ...]) -> Numbers:
    """f(x), or nan where a large step has left the domain of f."""
    try:
        return _real(f, x)
    except (ValueError, ArithmeticError):
        return np.full(shape, math.nan)


def _scale(a: Numbers) -> float:
    return float(np.max(np.abs(a), initial=0.0, where=np.isfinite(a)))
