"""The tail of the normal distribution, to a few units in the last place.

``Φ(-a) = exp(-a²/2) scaled_tail(a)``: all that is steep stands in the exponential, the rest is smooth. And
the argument is not divided by √2 and rounded, as erfc wants it: far out that alone costs hundreds of units.
"""

import numpy as np

from course_utils.numerics._arrays import Float64Array
from course_utils.numerics._exponentials import upper_half

FAR = 40.0  # beyond, exp(-a²/2) and its product with a are 0 in float64


def scaled_tail(a: Float64Array) -> Float64Array:
    """``exp(a²/2) Φ(-a)`` for a >= 0, about 0.4/a for large a, from one Chebyshev series.

    Times ``1 + a`` it lies between 0.39 and 0.53, and is smooth in ``s = (a - 5) / (a + 5)``, -1 <= s <= 1
    (Shepherd & Laframboise 1981, "Chebyshev approximation of (1 + 2x) exp(x²) erfc x in 0 ≤ x < ∞").
    """
    series = np.polynomial.chebyshev.chebval((a - 5) / (a + 5), COEFFICIENTS)
    tail: Float64Array = series / (1 + a)
    return tail


def bell(a: Float64Array, factor: float) -> Float64Array:
    """``exp(-factor a²)`` for 0 <= a <= FAR; `factor` is a power of 2.

    The exponential turns the rounding error of a² into a relative one, hundreds of units for a = 38. So a is
    cut in two: the square of the upper half is exact, and the rest is small (Cody 1969 does the same).
    """
    upper = upper_half(a)
    value = np.exp(-factor * upper * upper)
    corrected: Float64Array = value + value * np.expm1(factor * (upper - a) * (upper + a))
    return corrected


# Of (1 + a) exp(a²/2) Φ(-a); the tests compute them again, with 40 digits.
COEFFICIENTS = [
    0.4619742120721857,
    -0.06516520239491264,
    -0.005458781501136567,
    0.01229619904556344,
    -0.006470872915703688,
    0.0022407355224168305,
    -0.0005638623774651974,
    9.984031082925812e-05,
    -9.849514843168493e-06,
    -4.032494233045217e-07,
    2.99023962013034e-07,
    -3.032070748442814e-08,
    -4.617665713929027e-09,
    1.3298288008382692e-09,
    3.007242719019045e-11,
    -4.4299537255328156e-11,
    1.3999857147018152e-12,
    1.4718957028912571e-12,
    -9.325953119165372e-14,
    -5.294681169067695e-14,
    3.958188414414517e-15,
    2.1048214642963194e-15,
    -1.345671286136144e-16,
    -9.097614914495833e-17,
]
