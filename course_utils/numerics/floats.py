"""Floating-point numbers under the microscope: their bits, neighbors, limits, errors and sums."""

import math
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from course_utils.numerics._arrays import as_real

__all__ = [
    "ExpLimits",
    "FloatFields",
    "Neighbors",
    "exp_limits",
    "float_fields",
    "neighbors",
    "sum_forward",
    "sum_kahan",
    "sum_neumaier",
    "sum_pairwise",
    "ulp_error",
]

Float: TypeAlias = np.floating[Any]
Floats: TypeAlias = npt.NDArray[Float]


def ulp_error(approx: npt.ArrayLike, exact: Any) -> Any:
    """Distance from `approx` to `exact` in units in the last place.

    The unit is the gap between the numbers of the dtype of `approx` around the *exact* value, so a correctly
    rounded result has an error of at most 0.5.

    Parameters
    ----------
    approx : number or array
        Results in float16, float32 or float64; Python floats and integers count as float64.
    exact : number or sequence of numbers, broadcast with `approx`
        The truth as float, int, Fraction, Decimal, or number of mpmath: all are taken as they are, exactly.

    Returns
    -------
    float, or ndarray of float
        In ulp. Never nan, so that a nan cannot slip through a test ``error <= bound``: nan where a number
        is right counts as infinitely wrong, nan where nan is right as 0.

    Raises
    ------
    TypeError
        If `approx` or `exact` does not hold real numbers.

    References
    ----------
    Goldberg (1991), "What every computer scientist should know about floating-point arithmetic", section 1.2;
    Muller (2005), "On the definition of ulp(x)".

    Examples
    --------
    >>> from fractions import Fraction
    >>> round(ulp_error(0.1 + 0.2, Fraction(3, 10)), 6)
    0.8
    >>> ulp_error(np.float32([1, 2]), [1, 2 - 2**-24]).tolist()
    [0.0, 0.5]
    """
    a = _as_floats("approx", approx)
    one_error = np.frompyfunc(lambda number, truth: _ulp_error(number, truth, a.dtype), 2, 1)
    with np.errstate(all="ignore"):  # a comparison with nan, deep inside Fraction
        errors = one_error(a.astype(np.float64), np.asarray(exact, dtype=object))
    return errors.astype(np.float64) if isinstance(errors, np.ndarray) else errors


def _ulp_error(approx: float, exact: Any, dtype: np.dtype[Any]) -> float:
    info = np.finfo(dtype)
    truth = _as_fraction(exact)
    if isinstance(truth, float):  # inf or nan
        return 0.0 if approx == truth or (approx != approx and truth != truth) else math.inf
    if math.isnan(approx):
        return math.inf
    if math.isinf(approx):
        halfway = Fraction(float(info.max)) + Fraction(2) ** (info.maxexp - info.nmant - 2)
        return 0.0 if (truth if approx > 0 else -truth) >= halfway else math.inf
    ulp = Fraction(2) ** (max(_exponent(truth), int(info.minexp)) - info.nmant)
    error = abs(Fraction(approx) - truth) / ulp
    return float(error) if error < Fraction(2) ** 1000 else math.inf


def _as_fraction(number: Any) -> Fraction | float:
    """A finite number as a fraction, without rounding; inf and nan as floats."""
    if isinstance(number, Fraction):
        return number
    if hasattr(number, "_mpf_"):  # mpmath's own form: (-1)^sign * mantissa * 2^exponent
        sign, mantissa, exponent, width = number._mpf_
        if abs(exponent + width) > 10**5 or (
            exponent and not mantissa
        ):  # exp(-1e300) as a fraction fills the memory
            return float(number) if exponent > 0 or not mantissa else Fraction(0)
        return Fraction(-int(mantissa) if sign else int(mantissa)) * Fraction(2) ** int(exponent)
    try:
        return Fraction(number) if math.isfinite(number) else float(number)
    except OverflowError:  # an integer too large for a float
        return Fraction(number)
    except TypeError:
        raise TypeError(f"exact must hold real numbers, got {number!r}.") from None


def _exponent(number: Fraction) -> int:
    """The integer e with 2^e <= abs(number) < 2^(e + 1)."""
    if number == 0:
        return -(10**9)
    size = abs(number)
    e = size.numerator.bit_length() - size.denominator.bit_length()
    return e if size >= Fraction(2) ** e else e - 1


class FloatFields(NamedTuple):
    """The three fields of a binary floating-point number, as the integers that are stored.

    The value is ``(-1)^sign * 1.fraction * 2^(exponent - bias)``; with exponent 0 (zero and the subnormals)
    ``(-1)^sign * 0.fraction * 2^(1 - bias)``; an exponent of all ones means inf, or nan if fraction is not 0.
    """

    sign: int
    exponent: int
    fraction: int
    exponent_width: int
    fraction_width: int

    @property
    def bias(self) -> int:
        """What is subtracted from the stored exponent: 15, 127 or 1023."""
        return int(2 ** (self.exponent_width - 1)) - 1

    @property
    def bits(self) -> tuple[str, str, str]:
        """Sign, exponent and fraction as strings of 0 and 1."""
        return (
            f"{self.sign:b}",
            f"{self.exponent:0{self.exponent_width}b}",
            f"{self.fraction:0{self.fraction_width}b}",
        )

    @property
    def kind(self) -> str:
        """One of "zero", "subnormal", "normal", "infinite", "nan"."""
        if self.exponent == 2**self.exponent_width - 1:
            return "nan" if self.fraction else "infinite"
        if self.exponent == 0:
            return "subnormal" if self.fraction else "zero"
        return "normal"


def float_fields(x: npt.ArrayLike) -> FloatFields:
    """Sign, exponent and fraction of one float16, float32 or float64.

    Parameters
    ----------
    x : number
        Python floats and integers count as float64.

    Returns
    -------
    FloatFields

    Raises
    ------
    TypeError
        If `x` is not a real number.
    ValueError
        If `x` is an array of more than one number.

    References
    ----------
    IEEE 754-2019, section 3.4.

    Examples
    --------
    >>> float_fields(np.float16(-1.5)).bits
    ('1', '01111', '1000000000')
    >>> float_fields(np.float32(1e-45)).kind
    'subnormal'
    """
    a = _as_floats("x", x)
    if a.shape != ():
        raise ValueError(f"float_fields takes one number of shape (), got an array of shape {a.shape}.")
    width = 8 * a.dtype.itemsize
    fraction_width = int(np.finfo(a.dtype).nmant)
    exponent_width = width - 1 - fraction_width
    stored = int(a.view(f"u{a.dtype.itemsize}"))
    return FloatFields(
        sign=stored >> (width - 1),
        exponent=(stored >> fraction_width) % 2**exponent_width,
        fraction=stored % 2**fraction_width,
        exponent_width=exponent_width,
        fraction_width=fraction_width,
    )


class Neighbors(NamedTuple):
    """The next smaller and the next larger number of a dtype."""

    below: Any
    above: Any


def neighbors(x: npt.ArrayLike) -> Neighbors:
    """The floating-point numbers next to `x` on either side, in its own dtype.

    Parameters
    ----------
    x : number or array
        Python floats and integers count as float64.

    Returns
    -------
    Neighbors
        ``(below, above)``, each with the shape and dtype of `x`. Beyond the largest number lies ``inf``.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers.

    References
    ----------
    IEEE 754-2019, section 5.3.1 (nextUp, nextDown).

    Examples
    --------
    >>> below, above = neighbors(np.float32(2**24))
    >>> float(below), float(above)
    (16777215.0, 16777218.0)
    """
    a = _as_floats("x", x)
    with np.errstate(all="ignore"):
        return Neighbors(np.nextafter(a, a.dtype.type(-np.inf)), np.nextafter(a, a.dtype.type(np.inf)))


class ExpLimits(NamedTuple):
    """Where the exponential function of a dtype stops working, as real numbers (rounded to float64)."""

    zero_below: float
    subnormal_below: float
    overflow_above: float


def exp_limits(dtype: npt.DTypeLike) -> ExpLimits:
    """Between which arguments ``exp`` has a finite, positive, fully accurate result in `dtype`.

    Parameters
    ----------
    dtype : float16, float32 or float64

    Returns
    -------
    ExpLimits
        ``zero_below``: exp rounds to 0; ``subnormal_below``: it loses digits; ``overflow_above``: it is inf.

    Raises
    ------
    TypeError
        If `dtype` is not one of the three.

    Examples
    --------
    >>> [round(limit, 2) for limit in exp_limits(np.float32)]
    [-103.97, -87.34, 88.72]
    """
    d = np.dtype(dtype)
    if d.kind != "f" or d.itemsize > 8:
        raise TypeError(f"exp_limits knows float16, float32 and float64, got {d}.")
    info = np.finfo(d)
    smallest_exponent = int(info.minexp) - int(info.nmant)  # of the smallest subnormal
    return ExpLimits(
        zero_below=(smallest_exponent - 1) * math.log(2),  # half of that rounds to 0
        subnormal_below=int(info.minexp) * math.log(2),
        overflow_above=math.log(float(info.max)),
    )


def sum_forward(x: npt.ArrayLike) -> Any:
    """Sum from left to right, as a loop does it.

    Parameters
    ----------
    x : sequence of real numbers, shape (n,)
        Summed in its own float dtype; integers and booleans as float64.

    Returns
    -------
    scalar of that dtype
        Off by at most about ``(n - 1) u sum(|x|)``, with u = 2^-53 in float64.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers.
    ValueError
        If `x` is not one-dimensional.

    References
    ----------
    Higham (2002), "Accuracy and stability of numerical algorithms", section 4.2.

    Examples
    --------
    >>> float(sum_forward([0.999] + [1e-4] * 10))
    0.9999999999999999
    """
    terms = _terms("sum_forward", x)
    with np.errstate(all="ignore"):
        total = terms.dtype.type(0)
        for term in terms:
            total = total + term
    return total


def sum_pairwise(x: npt.ArrayLike) -> Any:
    """Sum of the sums of both halves, each summed in the same way.

    Parameters
    ----------
    x : sequence of real numbers, shape (n,)
        Summed in its own float dtype; integers and booleans as float64.

    Returns
    -------
    scalar of that dtype
        Off by at most about ``log2(n) u sum(|x|)``.

    Raises
    ------
    TypeError, ValueError
        As for `sum_forward`.

    References
    ----------
    Higham (2002), section 4.2, equation (4.6). (``np.sum`` does this with blocks of 128.)

    Examples
    --------
    >>> float(sum_pairwise([0.1] * 8))
    0.8
    """
    terms = _terms("sum_pairwise", x)
    if terms.size <= 1:
        return terms[0] if terms.size else terms.dtype.type(0)
    middle = terms.size // 2
    with np.errstate(all="ignore"):
        return sum_pairwise(terms[:middle]) + sum_pairwise(terms[middle:])


def sum_kahan(x: npt.ArrayLike) -> Any:
    """Compensated sum: what one addition loses is put back into the next term.

    Parameters
    ----------
    x : sequence of real numbers, shape (n,)
        Summed in its own float dtype; integers and booleans as float64.

    Returns
    -------
    scalar of that dtype
        Off by at most about ``2 u sum(|x|)``, whatever n is. A term larger than the running sum defeats it:
        see `sum_neumaier`.

    Raises
    ------
    TypeError, ValueError
        As for `sum_forward`.

    References
    ----------
    Kahan (1965); Higham (2002), section 4.3, algorithm 4.2.

    Examples
    --------
    >>> float(sum_kahan([0.999] + [1e-4] * 10))
    1.0
    >>> float(sum_kahan([1.0, 1e100, 1.0, -1e100]))
    0.0
    """
    terms = _terms("sum_kahan", x)
    with np.errstate(all="ignore"):
        total = lost = terms.dtype.type(0)
        for term in terms:
            corrected = term - lost
            new_total = total + corrected
            lost = (new_total - total) - corrected
            total = new_total
    return total if np.isfinite(total) else sum_forward(terms)  # inf - inf above is nan


def sum_neumaier(x: npt.ArrayLike) -> Any:
    """Compensated sum that also survives terms larger than the running sum.

    What each addition loses is exactly known (it is the smaller number that loses digits) and summed apart.

    Parameters
    ----------
    x : sequence of real numbers, shape (n,)
        Summed in its own float dtype; integers and booleans as float64.

    Returns
    -------
    scalar of that dtype
        Off by at most about ``u |sum(x)| + n^2 u^2 sum(|x|)``.

    Raises
    ------
    TypeError, ValueError
        As for `sum_forward`.

    References
    ----------
    Neumaier (1974); Ogita, Rump & Oishi (2005), "Accurate sum and dot product", proposition 4.5.

    Examples
    --------
    >>> float(sum_neumaier([1.0, 1e100, 1.0, -1e100]))
    2.0
    """
    terms = _terms("sum_neumaier", x)
    with np.errstate(all="ignore"):
        total = lost = terms.dtype.type(0)
        for term in terms:
            new_total = total + term
            larger, smaller = (total, term) if abs(total) >= abs(term) else (term, total)
            lost = lost + ((larger - new_total) + smaller)
            total = new_total
        return total + lost if np.isfinite(total) else total


def _as_floats(name: str, x: npt.ArrayLike) -> Floats:
    """`x` as an array of float16, float32 or float64."""
    a = as_real(name, x)
    result: Floats = a if a.dtype.kind == "f" and a.dtype.itemsize <= 8 else a.astype(np.float64)
    return result.astype(result.dtype.newbyteorder("="), copy=False)


def _terms(name: str, x: npt.ArrayLike) -> Floats:
    a = _as_floats("x", x)
    if a.ndim != 1:
        raise ValueError(f"{name} takes a sequence of shape (n,), got an array of shape {a.shape}.")
    return a
