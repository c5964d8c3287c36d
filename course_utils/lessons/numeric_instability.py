"""Lesson 02: numeric instability. What the notebook ``02_numeric_instability`` shows, asks and sets as exercises."""

from __future__ import annotations

import functools
import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from course_utils.numerics import softmax as safe
from course_utils.numerics.floats import exp_limits, float_fields, neighbors
from course_utils.teaching import (
    Bits,
    Check,
    Choice,
    Contract,
    Demo,
    Exercise,
    Float,
    Integer,
    LogFloat,
    Mistake,
    Picture,
    Question,
    Table,
    Vector,
    look,
)
from course_utils.teaching.text import format_list, format_number

Array = npt.NDArray[np.floating[Any]]

# ---------------------------------------------------------------------------------------------------
# Pictures: break it yourself
# ---------------------------------------------------------------------------------------------------

NAIVE, STABLE = "as written", "subtract the largest first"


def recorded(function: Callable[..., Any], *arguments: Any) -> tuple[Any, list[str]]:
    """Call a function; return its result and the messages of the warnings it gave."""
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        result = function(*arguments)
    return result, [str(warning.message) for warning in caught]


def _softmax_in_steps(scores: Array, formula: str) -> tuple[Array, Array, Any, Array]:
    argument = scores - scores.max() if formula == STABLE else scores
    e = np.exp(argument)
    total = e.sum()
    return argument, e, total, e / total


def _in_words(value: Any) -> Any:
    """Return a number as it is, and in a word what has overflowed or is no number."""
    if np.isnan(value):
        return "not a number"
    return "overflow" if np.isinf(value) else float(value)


def break_it(z: tuple[float, ...], offset: float, precision: str, formula: str) -> Picture:
    """Show softmax of z + c step by step in one precision, with a word for everything that breaks."""
    scores = (np.array(z) + offset).astype(precision)
    (argument, e, total, p), warned = recorded(_softmax_in_steps, scores, formula)
    limits = exp_limits(precision)
    flags = [_flag(*step, total, precision) for step in zip(e, p, strict=True)]
    power = "e^z" if formula == NAIVE else "e^(z − max)"

    figure, (left, right) = look.panels(2, height=360, left=58, gap=50, bottom=96)
    _arguments(left, argument, [_in_words(value) for value in e], limits, power)
    verdict, reason = _verdict(argument, e, total, p, precision)
    _probabilities(right, p, verdict)
    return Picture(
        figure,
        f"In {precision}, {'no p is a number' if np.isnan(p).all() else f'p = {format_list(p)}'}. {reason} {_said(warned)}",
        Table(
            f"Softmax in {precision}, step by step",
            {
                "": [f"class {i}" for i in range(len(z))],
                "class": np.arange(len(z)),
                "z + c": scores.astype(np.float64),
                "argument of exp": argument.astype(np.float64),
                power: [_in_words(value) for value in e],
                "p": [_in_words(value) for value in p],
                "what happened": flags,
            },
            {
                f"sum of {power}": _in_words(total),
                f"exp overflows above, in {precision}": limits.overflow_above,
                f"exp is 0 below, in {precision}": limits.zero_below,
                "NumPy warned": "; ".join(warned) or "of nothing",
            },
            digits=4,
        ),
        {"height of p": p.astype(np.float64)},
    )


def _flag(e: Any, p: Any, total: Any, precision: str) -> str:
    if np.isinf(e):
        return "e^ overflows: inf; inf/inf is not a number"
    if np.isnan(p):
        return "e^ underflows: 0; 0/0 is not a number"
    if np.isinf(total):
        return "the sum overflows: anything finite / inf is 0"
    if e == 0:
        return "e^ underflows: 0"
    if p == 0:
        return "the quotient underflows: 0"
    if e < np.finfo(precision).tiny:
        return "e^ is subnormal: digits lost"
    return "fine"


def _verdict(argument: Array, e: Array, total: Any, p: Array, precision: str) -> tuple[str, str]:
    if np.isinf(e).any():
        return (
            "inf / inf\nis not a number",
            "Some e^z is too large and becomes infinity; infinity / infinity is not a number.",
        )
    if np.isinf(total):
        return (
            "finite / inf\nis 0",
            "Each e^z fits, but their sum does not: it becomes infinity, and every quotient 0.",
        )
    if total == 0:
        return "0 / 0\nis not a number", "Every e^z is too small and becomes 0; 0 / 0 is not a number."
    if (p == 0).any():
        count = int((p == 0).sum())
        which = format_list([f"class {i}" for i in np.flatnonzero(p == 0)])
        return (
            "",
            f"p of {which} {'is' if count == 1 else 'are'} below what {precision} can hold and became 0.",
        )
    if (e < np.finfo(precision).tiny).any():
        return "", "They still look right, but some e^z is subnormal and has lost digits."
    return "", (
        f"Every step stays within range: the largest argument of exp is {format_number(argument.max(), 4)}, "
        f"and exp overflows above {format_number(exp_limits(precision).overflow_above, 4)}."
    )


def _said(warned: list[str]) -> str:
    return f"NumPy warned: {'; '.join(warned)}." if warned else "NumPy gave no warning."


def _arguments(axes: Axes, argument: Array, e: list[Any], limits: Any, power: str) -> None:
    """Draw what exp gets, between the two limits of the precision."""
    bottom, top = 1.45 * limits.zero_below, 1.6 * limits.overflow_above
    axes.axhspan(limits.overflow_above, top, color="#f6d7c3", gid="guide")
    axes.axhspan(bottom, limits.zero_below, color="#d9d9d9", gid="guide")
    for height, word in ((0.95, "here exp overflows"), (0.05, "here exp is zero")):
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        axes.text(0.5, height, word, ha="center", va="center", transform=axes.transAxes, bbox=box)
    bars = _class_bars(
        axes, argument, [format_number(value, 2) for value in e], look.LOGITS, "argument of exp"
    )
    for bar, value in zip(bars, argument, strict=True):
        if not limits.zero_below < value < limits.overflow_above:
            bar.set_hatch("xx")
    axes.set_ylim(bottom, top)
    axes.set_yticks(
        [limits.zero_below, 0, limits.overflow_above],
        [format_number(limits.zero_below), "0", format_number(limits.overflow_above)],
    )
    axes.axhline(0, color=look.OUTLINE, linewidth=1, gid="guide")
    axes.set_xlabel(f"class, and below it {power}")
    axes.set_title("what exp gets")


def _probabilities(axes: Axes, p: Array, verdict: str) -> None:
    words = [str(format_number(_in_words(value), 2)).replace("not a ", "not a\n") for value in p]
    _class_bars(axes, p, words, look.PROBABILITIES, "height of p")
    axes.text(0.5, 0.5, verdict, ha="center", va="center", fontsize=14, transform=axes.transAxes)
    axes.set_ylim(0, 1.05)
    axes.set_yticks(np.linspace(0, 1, 5))
    axes.set_xlabel("class, and below it p")
    axes.set_title("probabilities p")


def _class_bars(axes: Axes, heights: Array, words: list[str], color: str, name: str) -> Any:
    """Draw one bar per class, with a word below each; room for two lines of it."""
    positions = np.arange(len(heights))
    axes.set_xticks(positions, [f"{i}\n{word}" + "\n" * ("\n" not in word) for i, word in enumerate(words)])
    axes.set_xlim(-0.5, len(heights) - 0.5)
    return axes.bar(positions, heights, 0.6, color=color, edgecolor=look.OUTLINE, gid=name)


# ---------------------------------------------------------------------------------------------------
# Pictures: the bit microscope
# ---------------------------------------------------------------------------------------------------

FIELDS = (("sign", 1), ("exponent", 8), ("fraction", 23))
POWERS = 2.0 ** np.arange(-149, 128)  # of two, from the smallest float32 to the last before overflow
GAPS = np.maximum(2.0**-149, POWERS * 2.0**-23)


def bits_of(x: float) -> str:
    """Return the 32 bits of a float32."""
    return "".join(float_fields(np.float32(x)).bits)


def microscope(bits: str) -> Picture:
    """Show what 32 bits mean as a float32, its neighbors, and how far away they are."""
    x = np.uint32(int(bits, 2)).view(np.float32)
    fields = float_fields(x)
    exact = float(x)
    steps = np.arange(-4, 5)
    around = _around(x, 4)
    inside = np.isfinite(around)
    gap = float(around[5]) - exact if inside[4] and inside[5] else math.nan
    if math.isnan(gap) and inside[4]:
        gap = exact - float(around[3])  # the largest number has no finite neighbor above
    distance = np.where(inside, (around - exact) / gap, np.nan) if inside[4] else np.full(9, np.nan)
    row = np.array([list(bits)], dtype=float)
    written = [format_number(_in_words(v), 9) for v in around]

    figure, (strip, line, scale) = look.panels(1, 3, height=500, row_gap=60)
    _place(strip, 66, 442, 558, 24)
    _place(line, 66, 308, 558, 74)
    _place(scale, 66, 50, 558, 172)
    _bit_strip(strip, row, bits)
    _neighbor_line(line, distance, written if inside[4] else [])
    _gap_curve(scale, abs(exact), gap)

    meaning, formula = _meaning(fields, exact)
    return Picture(
        figure,
        _microscope_text(fields.kind, exact, around, gap, meaning),
        Table(
            "This float32 and its neighbors",
            {
                "step": steps,
                "value": written if inside[4] else ["none"] * 4 + [meaning] + ["none"] * 4,
                "distance in gaps": [float(d) if np.isfinite(d) else "none" for d in distance],
            },
            {
                "bits": " ".join(fields.bits),
                "stored exponent": fields.exponent,
                "stored fraction": fields.fraction,
                "value": formula,
                "gap to the next number": gap if math.isfinite(gap) else "none",
            },
            digits=9,
        ),
        {
            "bits": row,
            "neighbor": distance,
            "height": np.zeros(9),
            "magnitude": POWERS,
            "gap": GAPS,
            "this magnitude": np.array([abs(exact) if exact and math.isfinite(exact) else np.nan]),
            "this gap": np.array([gap]),
        },
    )


def _around(x: np.float32, count: int) -> Array:
    """Return x between its `count` neighbors on either side."""
    below, above = [x], [x]
    for _ in range(count):
        below.append(neighbors(below[-1]).below)
        above.append(neighbors(above[-1]).above)
    return np.array([*below[:0:-1], *above], dtype=np.float64)


def _meaning(fields: Any, exact: float) -> tuple[str, str]:
    """Say what the fields stand for: in words, and as a formula."""
    sign = "−" if fields.sign else "+"
    if fields.kind == "nan":
        return "not a number", "exponent all ones, fraction not zero"
    if fields.kind == "infinite":
        return f"{'minus ' if fields.sign else ''}infinity", "exponent all ones, fraction zero"
    significand = f"{fields.fraction / 2**23:.23f}".rstrip("0").removeprefix("0.") or "0"
    first, power = (0, -126) if fields.exponent == 0 else (1, fields.exponent - 127)
    return (
        format_number(exact, 9) if exact or not fields.sign else "minus zero",
        f"{sign}{first}.{significand} · 2^{power}".replace("-", "−"),
    )


def _microscope_text(kind: str, exact: float, around: Array, gap: float, meaning: str) -> str:
    if kind == "nan":
        return (
            "These bits are not a number. An exponent of all ones with any fraction but zero means just that."
        )
    if kind == "infinite":
        return f"These bits mean {meaning}. An exponent of all ones is kept for what is no ordinary number."
    if kind == "subnormal":
        special = (
            "An exponent of all zeros means a subnormal number: the leading 1 is missing, and so are digits."
        )
    elif kind == "zero":
        special = "All but the sign are zero; the nearest numbers are the smallest subnormal ones."
    else:
        special = (
            "Everything between two neighbors is rounded to one of them, and the larger the numbers, "
            "the wider their gaps."
        )
    following = (
        f"the next float32 is {format_number(around[5], 9)}"
        if math.isfinite(around[5])
        else "the next step up is infinity"
    )
    return f"These bits mean {meaning}; {following}. The gap is {format_number(gap)}. {special}"


def _place(axes: Axes, x: float, y: float, width: float, height: float) -> None:
    """Put axes at a place given in pixels."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    tall = figure.get_size_inches()[1] * look.DOTS_PER_INCH
    axes.set_position((x / look.PIXELS_WIDE, y / tall, width / look.PIXELS_WIDE, height / tall))


def _bit_strip(axes: Axes, row: Array, bits: str) -> None:
    axes.imshow(row, cmap="Greys", vmin=0, vmax=1.3, aspect="auto", gid="bits")
    for i, bit in enumerate(bits):
        axes.text(i, 0, bit, ha="center", va="center", color="white" if bit == "1" else "black")
    edges = np.cumsum([0, *(count for _, count in FIELDS)]) - 0.5
    for edge in edges[1:-1]:
        axes.axvline(edge, color=look.VERMILLION, linewidth=3, gid="guide")
    axes.set_xticks((edges[:-1] + edges[1:]) / 2, [name for name, _ in FIELDS])
    axes.tick_params(length=0)
    axes.set_yticks([])
    axes.grid(False)
    axes.set_title("the bits")


def _neighbor_line(axes: Axes, distance: Array, written: list[str]) -> None:
    axes.axhline(0, color=look.OUTLINE, linewidth=1, gid="guide")
    axes.plot(
        distance, np.zeros(9), "|", color=look.BLUE, markersize=22, markeredgewidth=2, gid="neighbor | height"
    )
    axes.plot(distance[4:5] * 0, [0], "D", color=look.VERMILLION, markersize=9, gid="guide")
    axes.set(xlim=(-4.6, 4.6), ylim=(-1, 1.6), yticks=[])
    axes.set_xticks(range(-4, 5))
    axes.set_xlabel("distance, in units of the gap to the next number", labelpad=2)
    axes.set_title("this number (diamond) and its neighbors")
    axes.grid(False)
    if written:
        for place, word, side in zip(
            (0.01, 0.5, 0.99), written[3:6], ("left", "center", "right"), strict=True
        ):
            axes.text(place, 0.8, word, ha=side, va="center", transform=axes.transAxes)
    else:
        axes.text(0.5, 0.8, "no neighbors", ha="center", va="center", transform=axes.transAxes)


def _gap_curve(axes: Axes, magnitude: float, gap: float) -> None:
    axes.loglog(POWERS, GAPS, color=look.BLUE, gid="magnitude | gap")
    shown = [magnitude if magnitude and math.isfinite(magnitude) else math.nan]
    axes.loglog(
        shown, [gap], "D", color=look.VERMILLION, markeredgecolor="white", gid="this magnitude | this gap"
    )
    axes.set(xlim=(1e-46, 1e43), ylim=(1e-46, 1e34), xlabel="size of the number")
    axes.set_xticks(10.0 ** np.arange(-40, 41, 20))
    axes.set_yticks(10.0 ** np.arange(-40, 31, 20))
    axes.minorticks_off()
    axes.set_title("gap to the next number, over the size of the number")


# ---------------------------------------------------------------------------------------------------
# Pictures: order of addition
# ---------------------------------------------------------------------------------------------------

FEW_DIGITS, TOO_SMALL, COMING_BACK = (
    "0.999 and ten times 0.0001",
    "1 and ten times 1e-16",
    "1e16, ten times 1, and −1e16 at the end",
)
TERMS = {
    FEW_DIGITS: (0.999, 1e-4, 1e-16, 2.0),
    TOO_SMALL: (1.0, 1e-16, 1e-16, 12.0),
    COMING_BACK: (1e16, 1.0, 1.0, 12.0),
}
PLAIN, KAHAN, NEUMAIER = "one after the other", "Kahan", "Neumaier"


def _running(terms: Sequence[float], method: str) -> list[float]:
    """Return the result after each term."""
    total = lost = 0.0
    results = []
    for term in terms:
        if method == KAHAN:
            corrected = term - lost
            new = total + corrected
            lost = (new - total) - corrected
        else:
            new = total + term
            larger, smaller = (total, term) if abs(total) >= abs(term) else (term, total)
            lost += (larger - new) + smaller
        total = new
        results.append(total + lost if method == NEUMAIER else total)
    return results


def _ordered(terms: str, place: int) -> list[float]:
    large, small, _, _ = TERMS[terms]
    ordered = [small] * place + [large] + [small] * (10 - place)
    return [*ordered, -large] if terms == COMING_BACK else ordered


def order_of_addition(terms: str, place: int, method: str) -> Picture:
    """Show how the error of a sum grows term by term, and what it is for every place of the large term."""
    unit, limit = TERMS[terms][2:]
    ordered = _ordered(terms, place)
    results = _running(ordered, method)
    exact = [sum(map(Fraction, ordered[: i + 1])) for i in range(len(ordered))]
    errors = np.array(
        [float((Fraction(r) - e) / Fraction(unit)) for r, e in zip(results, exact, strict=True)]
    )
    finals = [_running(_ordered(terms, k), method)[-1] for k in range(11)]
    final_errors = np.array([float((Fraction(f) - exact[-1]) / Fraction(unit)) for f in finals])

    figure, (left, right) = look.panels(2, left=74, gap=46)
    for axes, heights, name, label in (
        (left, errors, "error after the term", "terms added"),
        (right, final_errors, "final error", "place of the large term"),
    ):
        color = look.SKY_BLUE if axes is left else look.ORANGE
        # Steps are counted from 1, places from 0.
        first = 1 if axes is left else 0
        axes.bar(np.arange(len(heights)) + first, heights, color=color, edgecolor=look.OUTLINE, gid=name)
        axes.axhline(0, color=look.OUTLINE, linewidth=1, gid="guide")
        axes.set(ylim=(-limit, limit), xlabel=label)
        axes.set_xticks(range(0, 13, 2))
        axes.set_xlim(-0.6, 12.6 if axes is left else 10.6)
    right.plot(
        [place], [final_errors[place]], "D", color=look.BLACK, markeredgecolor="white", gid="place | chosen"
    )
    left.set_ylabel("error" if unit == 1 else f"error, in units of {format_number(unit)}")
    left.set_title("error of the running sum")
    right.set_title("final error, by order")

    result = finals[place]
    different = sorted(set(finals))
    many = (
        f"The large term can stand in eleven places; they give {_count(len(different))} different results, "
        f"from {_full(different[0])} to {_full(different[-1])}."
        if len(different) > 1
        else "All eleven places of the large term give this same result."
    )
    return Picture(
        figure,
        f"The result is {_full(result)}; {'this is the exact sum, correctly rounded' if result == float(exact[-1]) else f'the exact sum would round to {_full(float(exact[-1]))}'}. {many}",
        Table(
            f"{terms}, added {'one after the other' if method == PLAIN else f'as {method} does'}",
            {
                "place of the large term": np.arange(11),
                "result": [_full(f) for f in finals],
                "final error": final_errors,
            },
            {
                "result at the chosen place": _full(result),
                "exact sum, rounded": _full(float(exact[-1])),
                "unit of the errors": unit,
            },
        ),
        {
            "error after the term": errors,
            "place": np.array([place]),
            "chosen": final_errors[place : place + 1],
        },
    )


def _full(number: float) -> str:
    """Write a float with every digit Python needs to tell it from its neighbors."""
    return repr(number).replace("-", "−")


def _count(number: int) -> str:
    return ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")[
        number
    ]


# ---------------------------------------------------------------------------------------------------
# Pictures: where digits die
# ---------------------------------------------------------------------------------------------------


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


def _softmax_pair(x):
    z = np.stack([x, np.zeros_like(x)])
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


# What is computed: two ways that agree in the real numbers, and the truth in mpmath.
WAYS: dict[str, tuple[str, Callable[..., Any], str, Callable[..., Any], Callable[[Any, Any], Any]]] = {
    "1 − σ(x)": (
        "1 − σ(x)",
        lambda x: 1 - _sigmoid(x),
        "σ(−x)",
        lambda x: np.exp(-x) / (1 + np.exp(-x)),
        lambda mp, x: mp.exp(-x) / (1 + mp.exp(-x)),
    ),
    "log σ(x)": (
        "log(σ(x))",
        lambda x: np.log(_sigmoid(x)),
        "−log1p(e^(−x))",
        lambda x: -np.log1p(np.exp(-x)),
        lambda mp, x: -mp.log1p(mp.exp(-x)),
    ),
    "log p1 of the logits (x, 0)": (
        "log(softmax)",
        lambda x: np.log(_softmax_pair(x)[1]),
        "log_softmax",
        lambda x: -x - np.log1p(np.exp(-x)),
        lambda mp, x: -x - mp.log1p(mp.exp(-x)),
    ),
    "tanh′(x)": (
        "1 − tanh(x)²",
        lambda x: 1 - np.tanh(x) ** 2,
        "(2t/(1 + t²))², t = e^(−x)",
        lambda x: (2 * np.exp(-x) / (1 + np.exp(-2 * x))) ** 2,
        lambda mp, x: mp.sech(x) ** 2,
    ),
}
X_GRID = np.geomspace(0.1, 1000, 73)
MOST_DIGITS = 53 * math.log10(2)  # of a float64: 15.95
WOBBLE = np.linspace(0.99, 1.01, 15)  # the error at one x is luck; the worst around it is not


@functools.cache
def digits_right(quantity: str, x: float) -> tuple[float, float]:
    """Return how many decimal digits the two ways get right around x, at worst: 0 to 15.95."""
    from mpmath import mp

    _, naive, _, stable, truth = WAYS[quantity]
    around = x * WOBBLE
    with mp.workdps(40), np.errstate(all="ignore"):
        right = [truth(mp, mp.mpf(float(v))) for v in around]
        worst = [_worst(mp, way(around), right) for way in (naive, stable)]
    return worst[0], worst[1]


def _worst(mp: Any, values: Array, right: list[Any]) -> float:
    if not np.isfinite(values).all():
        return 0.0
    error = max(abs(mp.mpf(float(v)) - r) / abs(r) for v, r in zip(values, right, strict=True))
    return float(np.clip(-mp.log10(error), 0, MOST_DIGITS)) if error else MOST_DIGITS


@functools.cache
def _digit_curves(quantity: str) -> Array:
    return np.array([digits_right(quantity, float(x)) for x in X_GRID]).T


def where_digits_die(quantity: str, x: float) -> Picture:
    """Show how many digits of two equivalent formulas are right, over x."""
    naive_name, naive, stable_name, stable, _ = WAYS[quantity]
    curves = _digit_curves(quantity)
    here = np.array(digits_right(quantity, x))
    counts = [int(value) for value in here]  # the next digit is not always right
    with np.errstate(all="ignore"):
        results = [float(way(np.array([x]))[0]) for way in (naive, stable)]

    figure, (axes,) = look.panels(1, left=62)
    axes.semilogx(X_GRID, curves[0], "--", color=look.VERMILLION, label=naive_name, gid="grid x | first way")
    axes.semilogx(X_GRID, curves[1], color=look.BLUE, label=stable_name, gid="grid x | second way")
    axes.plot([x, x], here, "D", color=look.BLACK, markeredgecolor="white", gid="x | digits")
    axes.axvline(x, color=look.REFERENCE, linewidth=1, gid="guide")
    axes.set(xlim=(0.09, 1100), ylim=(-0.8, 22), xlabel="x", ylabel="digits that are right")
    axes.set_yticks(range(0, 17, 4))
    axes.set_xticks([0.1, 1, 10, 100, 1000], ["0.1", "1", "10", "100", "1000"])
    axes.legend(loc="upper left", ncols=2, borderpad=0.3)
    axes.set_title(f"two ways to {quantity}")

    said = [
        f"{name} has {_digits(count)} right"
        for name, count in zip((naive_name, stable_name), counts, strict=True)
    ]
    what = [_notice(result) for result in results]
    lost = [_lost_from(curve) for curve in curves]
    ends = [
        f"{name} has no digit left from x = {format_number(place)} on" if place else f"{name} keeps some"
        for name, place in zip((naive_name, stable_name), lost, strict=True)
    ]
    return Picture(
        figure,
        f"Around x = {format_number(x)}, {said[0]} and {said[1]}. {_lesson_of(counts, results, naive_name)} "
        f"{ends[0]}; {ends[1]}.",
        Table(
            f"Two ways to {quantity}, around x = {format_number(x)}",
            {
                "way": [naive_name, stable_name],
                "digits that are right, at worst": counts,
                "its result is": what,
                "on the axis, no digit left from x": [place or "nowhere" for place in lost],
            },
            {"x": x, "digits a float64 has": "about 16"},
        ),
        {
            "grid x": X_GRID,
            "first way": curves[0],
            "second way": curves[1],
            "digits": here,
            "x": np.array([x, x]),
        },
    )


def _lost_from(curve: Array) -> float | None:
    """Return the first x of the axis from which on no digit is right, to two digits: a place to look at."""
    alive = np.flatnonzero(curve >= 1)
    first = int(alive[-1]) + 1 if len(alive) else 0
    return float(f"{X_GRID[first]:.2g}") if first < len(X_GRID) else None


def _digits(count: int) -> str:
    return "no digit" if count == 0 else f"{count} digit{'s' if count > 1 else ''}"


def _notice(result: float) -> str:
    if result == 0:
        return "exactly 0"
    if math.isinf(result):
        return "minus infinity"
    return "subnormal" if abs(result) < np.finfo(float).tiny else "an ordinary number"


def _lesson_of(counts: list[int], results: list[float], naive_name: str) -> str:
    if results[1] == 0:
        return "The true value is smaller than any positive float64: nothing could hold it."
    if max(counts) < 14:
        return "The true value is so small that a float64 has few digits left for it, or none."
    if results[0] == 0:
        return f"{naive_name} is exactly 0: the true value is small, but far from the smallest float64."
    if math.isinf(results[0]):
        return "The probability became 0, and its logarithm minus infinity."
    if counts[0] < 14:
        return "Subtracting or taking the logarithm near 1 keeps only what the rounding had left over."
    return "Here both are fine."


# ---------------------------------------------------------------------------------------------------
# Pictures: the accuracy lab
# ---------------------------------------------------------------------------------------------------

SPREADS = np.geomspace(0.1, 1000, 9)
LOGITS, LARGEST_ZERO, LOG_PROBABILITIES = "any logits", "the largest logit is 0", "log-probabilities"
COUNT = 8  # logits per vector
VECTORS = 20  # per spread
LAB_SEED = 17  # of the first seeds, the one whose decades are furthest from changing


def _shifted_lse(z):
    m = z.max()
    return m + np.log(np.exp(z - m).sum())


def _log1p_lse(z):
    k = z.argmax()
    return z[k] + np.log1p(np.exp(np.delete(z, k) - z[k]).sum())


def _shifted_softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def _compensated_softmax(z):
    m = z.max()
    d = z - m
    t = d - z
    error = (z - (d - t)) - (m + t)  # exactly what the subtraction z − m has rounded away
    e = np.exp(d) * (1 + error)
    return e / e.sum()


def _scipy(name):
    def function(z):
        import scipy.special

        return getattr(scipy.special, name)(z)

    return function


LAB: dict[str, dict[str, Callable[..., Any]]] = {
    "logsumexp": {
        "as written": lambda z: np.log(np.exp(z).sum()),
        "shifted": _shifted_lse,
        "log1p": _log1p_lse,
        "this course": safe.logsumexp,
        "SciPy": _scipy("logsumexp"),
    },
    "softmax": {
        "as written": lambda z: np.exp(z) / np.exp(z).sum(),
        "shifted": _shifted_softmax,
        "exp(z − lse)": lambda z: np.exp(z - _shifted_lse(z)),
        "compensated": _compensated_softmax,
        "this course": safe.softmax,
        "SciPy": _scipy("softmax"),
    },
    "log_softmax": {
        "log of softmax": lambda z: np.log(_shifted_softmax(z)),
        "z − lse": lambda z: z - _shifted_lse(z),
        "log1p": lambda z: (z - z.max()) - np.log1p(np.exp(np.delete(z, z.argmax()) - z.max()).sum()),
        "this course": safe.log_softmax,
        "SciPy": _scipy("log_softmax"),
    },
}
# Color, marker, its size, and line of each form: where lines coincide, all markers stay visible.
STYLES = {
    "as written": (look.VERMILLION, "x", 10, "--"),
    "log of softmax": (look.VERMILLION, "x", 10, "--"),
    "shifted": (look.ORANGE, "s", 13, "-"),
    "z − lse": (look.ORANGE, "s", 13, "-"),
    "log1p": (look.GREEN, "^", 10, "-"),
    "exp(z − lse)": (look.GREEN, "^", 10, "-"),
    "compensated": (look.PURPLE, "v", 10, "-."),
    "SciPy": (look.BLACK, "D", 7, ":"),
    "this course": (look.BLUE, "o", 4, "-"),
}


def lab_inputs(inputs: str) -> Iterator[tuple[int, Array]]:
    """Yield (number of the spread, vector): the same vectors in every run."""
    random = np.random.default_rng(LAB_SEED)
    for number, spread in enumerate(SPREADS):
        for z in spread * random.normal(size=(VECTORS, COUNT)):
            shift = {LOGITS: 0.0, LARGEST_ZERO: z.max(), LOG_PROBABILITIES: _log1p_lse(z)}[inputs]
            yield number, np.round(z - shift, 9)  # the same on every processor


def true_values(function: str, z: Array) -> tuple[Array, Array]:
    """Return logsumexp, softmax or log_softmax of the stored numbers z, computed by mpmath with 60 digits.

    Returns
    -------
    nearest, rest : ndarray
        Each true value as the sum of two floats.
    """
    from mpmath import mp

    with mp.workdps(60):
        exact = [mp.mpf(float(v)) for v in z]
        largest = max(range(len(z)), key=lambda i: exact[i])
        m = exact[largest]
        others = mp.fsum([mp.exp(v - m) for i, v in enumerate(exact) if i != largest])
        log_total = mp.log1p(others)
        if function == "logsumexp":
            right = [m + log_total]
        elif function == "softmax":
            right = [mp.exp(v - m) / (1 + others) for v in exact]
        else:
            right = [v - m - log_total for v in exact]
        nearest = np.array([float(v) for v in right])
        return nearest, np.array([float(v - float(v)) for v in right])


def errors_in_ulp(values: Array, nearest: Array, rest: Array) -> Array:
    """Return the errors in units of the gap between floats at the true value; inf for inf and nan."""
    errors = np.abs((values - nearest) - rest) / np.spacing(np.abs(nearest))
    return np.where(np.isfinite(values), errors, np.inf)


@functools.cache
def lab_errors(function: str, inputs: str) -> dict[str, Array]:
    """Measure each form of one function against mpmath.

    Returns
    -------
    dict of str to ndarray, shape (spreads,)
        The largest error in ulp over all vectors of a spread; inf where a result is inf or nan, nan where
        nothing could be measured. True values below the smallest normal number are left out: a float64 has
        no room for all their digits.
    """
    worst = {form: np.full(len(SPREADS), np.nan) for form in LAB[function]}
    with np.errstate(all="ignore"):
        for number, z in lab_inputs(inputs):
            nearest, rest = true_values(function, z)
            normal = np.abs(nearest) >= np.finfo(float).tiny
            if not normal.any():
                continue
            for form, compute in LAB[function].items():
                errors = errors_in_ulp(np.atleast_1d(compute(z))[normal], nearest[normal], rest[normal])
                worst[form][number] = np.fmax(worst[form][number], errors.max())
    return worst


def decade(error: float) -> str:
    """Write an error in ulp as its nearest power of ten: the digits differ between processors."""
    if math.isnan(error):
        return "nothing to measure"
    if math.isinf(error):
        return "fails"
    if error < 10:
        return "below 10"
    power = round(math.log10(error))
    return f"about {10**power}" if power < 5 else f"about 1e{power}"


def accuracy_lab(function: str, inputs: str) -> Picture:
    """Show the largest error in ulp of each form of a function, over the spread of its inputs."""
    errors = lab_errors(function, inputs)
    figure, (axes,) = look.panels(1, height=440, left=66, right=166)
    arrays = {"spread": SPREADS}
    for form, values in errors.items():
        color, marker, size, dash = STYLES[form]
        name = f"error of {form}"
        arrays[name] = np.where(np.isfinite(values), np.maximum(values, 0.1), np.nan)
        style: dict[str, Any] = {"color": color, "marker": marker, "markersize": size, "linestyle": dash}
        axes.loglog(
            SPREADS, arrays[name], **style, markerfacecolor="none", label=form, gid=f"spread | {name}"
        )
    axes.set(xlim=(0.07, 1400), ylim=(0.07, 1e18), xlabel="spread of the logits (standard deviation)")
    axes.set_ylabel("largest error in ulp")
    axes.set_yticks([1.0, 1e4, 1e8, 1e12, 1e16])
    axes.set_xticks([0.1, 1, 10, 100, 1000], ["0.1", "1", "10", "100", "1000"])
    axes.minorticks_off()
    axes.axhline(0.5, color=look.REFERENCE, linewidth=1, gid="guide")
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), borderpad=0.3, handlelength=1.8, frameon=False)
    axes.set_title(f"{function}: error against mpmath")

    worst = {form: float(np.nanmax(values)) for form, values in errors.items()}
    return Picture(
        figure,
        _lab_text(function, worst),
        Table(
            f"Largest error of {function} in ulp, as a power of ten, by spread of the logits",
            {
                "form": list(errors),
                **{
                    f"spread {format_number(SPREADS[i])}": [decade(values[i]) for values in errors.values()]
                    for i in range(0, len(SPREADS), 2)
                },
                "worst": [decade(value) for value in worst.values()],
            },
            {"vectors per spread": VECTORS, "logits per vector": COUNT, "inputs": inputs},
        ),
        arrays,
    )


def _lab_text(function: str, worst: dict[str, float]) -> str:
    measured = {form: value for form, value in worst.items() if math.isfinite(value)}
    size = {form: round(math.log10(max(value, 1))) if value >= 10 else 0 for form, value in measured.items()}
    poorest = max(measured, key=lambda form: size[form])
    best = min(measured, key=lambda form: (size[form], form != "this course"))
    if size[poorest] == size[best]:
        said = f"All forms of {function} that give numbers have errors {decade(measured[best])} ulp."
    else:
        said = f"At worst, the error of “{poorest}” is {decade(measured[poorest])} ulp, that of “{best}” {decade(measured[best])}."
    failing = format_list([f"“{form}”" for form in worst if form not in measured])
    return said + (f" Infinity or nan comes from {failing}." if failing else " None gives infinity or nan.")


# ---------------------------------------------------------------------------------------------------
# Demos
# ---------------------------------------------------------------------------------------------------

break_demo = Demo(
    break_it,
    (
        Vector("z", "Logits z", entries=("z0", "z1", "z2"), low=-10, high=10, initial=(0, 1, 2), step=0.5),
        Float("offset", "Offset c, added to all", low=-800, high=800, initial=80, step=0.5),
        Choice("precision", "Precision", options=("float16", "float32", "float64"), initial="float32"),
        Choice("formula", "Formula", options=(NAIVE, STABLE)),
    ),
    title="Break it yourself.",
    look_for="Raise c until words appear in place of numbers, then switch the formula.",
    presets={
        "Add nothing": {"offset": 0},
        "Add 89": {"offset": 89},
        "88.5 twice": {"z": (0, 0, -5), "offset": 88.5},
        "All at −104": {"z": (0, 0, 0), "offset": -104},
        "Add 20, in float16": {"offset": 20, "precision": "float16"},
        "Add 800, in float64": {"offset": 800, "precision": "float64"},
        "Add 800, but subtract the largest": {"offset": 800, "formula": STABLE},
    },
)

microscope_demo = Demo(
    microscope,
    (Bits("bits", "Bits of a float32", groups=FIELDS, initial=bits_of(1.0)),),
    title="Bit microscope.",
    look_for="Switch the last bit of the fraction: you have moved to the next number. How far is it?",
    presets={
        "0.1": {"bits": bits_of(0.1)},
        "16777216, which is 2 to the 24th": {"bits": bits_of(2.0**24)},
        "Largest": {"bits": bits_of(float(np.finfo(np.float32).max))},
        "Smallest": {"bits": bits_of(2.0**-149)},
        "Infinity": {"bits": bits_of(math.inf)},
        "Not a number": {"bits": "0" + "1" * 9 + "0" * 22},
    },
)

order_demo = Demo(
    order_of_addition,
    (
        Choice("terms", "Terms", options=(FEW_DIGITS, TOO_SMALL, COMING_BACK)),
        Integer("place", "Small terms before the large one", low=0, high=10, initial=0),
        Choice("method", "Method", options=(PLAIN, KAHAN, NEUMAIER)),
    ),
    title="Order of addition.",
    look_for="Same terms, other order: move the large term from first to last.",
    presets={
        "Large term last": {"place": 10},
        "Terms too small to count": {"terms": TOO_SMALL},
        "Too small, but first": {"terms": TOO_SMALL, "place": 10},
        "Kahan puts the crumbs aside": {"terms": TOO_SMALL, "method": KAHAN},
        "A large term comes and goes": {"terms": COMING_BACK, "place": 5},
        "Kahan, defeated": {"terms": COMING_BACK, "place": 5, "method": KAHAN},
        "Neumaier": {"terms": COMING_BACK, "place": 5, "method": NEUMAIER},
    },
)

digits_demo = Demo(
    where_digits_die,
    (
        Choice("quantity", "What to compute", options=tuple(WAYS)),
        LogFloat("x", "Number x", low=0.1, high=1000, initial=15, step=1.1),
    ),
    title="Where digits die.",
    look_for="Follow the dashed line to the place where the last right digit is gone, and look at the solid one there.",
    presets={
        "1 − σ at 50": {"x": 50},
        "log σ at 25": {"quantity": "log σ(x)", "x": 25},
        "log of softmax at 800": {"quantity": "log p1 of the logits (x, 0)", "x": 800},
        "tanh′ at 10": {"quantity": "tanh′(x)", "x": 10},
        "tanh′ at 25": {"quantity": "tanh′(x)", "x": 25},
    },
)

accuracy_demo = Demo(
    accuracy_lab,
    (
        Choice("function", "Function", options=tuple(LAB), initial="log_softmax"),
        Choice("inputs", "Inputs", options=(LOGITS, LARGEST_ZERO, LOG_PROBABILITIES)),
    ),
    title="Accuracy lab.",
    look_for="Every point is measured now, on your machine. Which form stays at the bottom from end to end?",
    presets={
        "softmax": {"function": "softmax"},
        "logsumexp, the largest is 0": {"function": "logsumexp", "inputs": LARGEST_ZERO},
        "logsumexp of log-probabilities": {"function": "logsumexp", "inputs": LOG_PROBABILITIES},
    },
)

# ---------------------------------------------------------------------------------------------------
# Questions
# ---------------------------------------------------------------------------------------------------

break_question = Question(
    "The logits are (0, 1, 2) plus a constant c, in float32, and softmax is computed as it is written. "
    "Which of these is the *first* c to give `nan`?",
    ["c = 20.", "c = 89.", "c = 710.", "None of them: `nan` would mean that the data were bad."],
    "B",
    [
        "of float16, whose exp overflows above 11. In float32, e^20 is an ordinary number.",
        "In float32, exp overflows above 88.72. The largest number of the format is about 3.4e38, "
        "and e^89 is larger: infinity over infinity is not a number.",
        "of float64, where exp overflows above 709.78. float32 has a shorter exponent.",
        "that `nan` comes from outside. It is also what infinity/infinity and 0/0 give, with the best of data.",
    ],
)

negative_question = Question(
    "And downward? Three equal logits c, in float32. The right answer is one third each. "
    "Which of these is the *first* c to give `nan`?",
    ["c = −89.", "c = −104.", "c = −745.", "None: e^c only comes closer to zero, and that does no harm."],
    "B",
    [
        "that both sides are symmetric. Below −87.3 float32 still has the subnormal numbers, which reach "
        "down to 1.4e−45, with fewer and fewer digits.",
        "The number e^−104 is less than half of the smallest positive float32, so it becomes 0; then 0/0 is not a number.",
        "of float64. There, exp is 0 below −745.13.",
        "of e^c alone. Harmless by itself, yes, but all three become 0, and so does their sum.",
    ],
)

gap_question = Question(
    "16777216 is 2²⁴, and a float32. Which float32 comes *next*?",
    ["16777216.000001", "16777216.1", "16777217", "16777218"],
    "D",
    [
        "that a float32 has six decimals, here as everywhere. It has 24 binary digits, wherever the number stands.",
        "that floats are evenly spaced and fine enough for a tenth. The gap grows with the number.",
        "that a float holds every whole number. It does up to here; from here on, every second one.",
        "24 binary digits are used up by 16777216, so the last digit counts twos: 16777217 cannot be stored.",
    ],
)

order_question = Question(
    "You add 0.999 and then ten times 0.0001, one after the other, in float64. What does Python show?",
    ["`1.0`", "`0.9999999999999999`", "`1.0000000000000002`", "It depends on the processor."],
    "B",
    [
        "of the real numbers. 0.999 and 0.0001 have no finite binary form, and each addition is rounded again.",
        "Near 1, the tiny terms lose their last digits at every single addition, and here the losses do not cancel.",
        "that rounding errs upward. It errs to whichever side is nearer; here the sum of the errors is negative.",
        "of exp and its friends, which do differ. Addition of two floats is defined to the last bit by a standard.",
    ],
)

shift_question = Question(
    "You subtract the largest logit from all logits before taking exponentials. What does this do to softmax?",
    [
        "It changes the probabilities a little: the price of safety.",
        "It changes nothing in the real numbers, and in floats at most the last digits.",
        "It makes the largest probability 1.",
        "It moves the trouble: now the small ones overflow.",
    ],
    "B",
    [
        "that something must be paid. Adding a constant cancels; it was the first thing you learned about softmax.",
        "Because e^(z − m) = e^z / e^m, every term is divided by the same number, and that cancels. Only rounding differs.",
        "of e^0 = 1, the largest *exponential*. It is still divided by the sum.",
        "that small logits get large. They get more negative; their exponentials may become 0, next to a 1.",
    ],
)

product_question = Question(
    "A model gives each of a hundred independent events the probability 0.0001. "
    "What does `np.prod` say about all of them together?",
    ["`1e-400`", "`0.0`, with a warning", "`0.0`, without a warning", "`nan`"],
    "C",
    [
        "of the real numbers. The smallest positive float64 is about 4.9e−324.",
        "that NumPy tells you. It tells of overflow, of division by zero and of nan; underflow it lets pass.",
        "Underflow is silent: from some factor on, the product is 0, and stays 0.",
        "of overflow. Nothing here is infinite; 0 is a perfectly ordinary number, only the wrong one.",
    ],
)

log_question = Question(
    "The logits are (0, −800) in float64, and softmax subtracts the largest first. What is `np.log(softmax(z))[1]`?",
    ["About −800.", "−infinity, with a warning.", "`nan`.", "0."],
    "B",
    [
        "that log(softmax) and log-softmax are the same. They are, in the real numbers; "
        "between exp and log, the number had to fit into a float.",
        "In float64, e^−800 is 0, and log(0) is −infinity. The shift cures overflow; it cannot cure this.",
        "of 0/0. The sum is 1 here, thanks to the shift; only the second probability is 0.",
        "of the probability itself. That is 0; its logarithm is not.",
    ],
)

digits_question = Question(
    "At x = 40, σ(x) is 1 − 4.2e−18. You want 1 − σ(x). Which form survives?",
    [
        "`1 - sigmoid(x)`, since subtraction is exact enough.",
        "`sigmoid(-x)`",
        "Both: they are the same number.",
        "Neither: 4.2e−18 is too small for a float64.",
    ],
    "B",
    [
        "that subtraction does the damage or not. It is exact here; the digits were lost before, "
        "when σ(40) was rounded to 1.",
        "It never comes near 1, so nothing is rounded away: all digits are right.",
        "of the real numbers, where they are. In floats, the first is exactly 0.",
        "that small means lost. float64 goes down to 4.9e−324; next to *1*, though, 4.2e−18 does not show.",
    ],
)

exit_question = Question(
    "Exit question. `z` holds logits of any size, `y` is the right class. Which line computes the loss safely?",
    [
        "`-np.log(softmax(z)[y])`, with a stable softmax.",
        "`-np.log(softmax(z)[y] + 1e-12)`",
        "`np.log(np.sum(np.exp(z))) - z[y]`",
        "`m + np.log(np.sum(np.exp(z - m))) - z[y]`, with `m = z.max()`.",
    ],
    "D",
    [
        "that a stable softmax makes everything after it stable. A probability that is 0 has no logarithm.",
        "of the error message, not of the number. It cannot exceed 27.64 now, however wrong the model is.",
        "of the log of softmax in closed form, which is right. But e^z itself overflows.",
        "This is logsumexp minus the logit of the right class: no exponential exceeds 1, and no logarithm sees a 0.",
    ],
)

recall_shift_question = Question(
    "From notebook 01. Class 0 has a logit that is 3 above that of class 1; there are eight other classes. "
    "How many times more probable is class 0 than class 1?",
    ["3 times.", "e³ ≈ 20 times.", "It depends on the other eight logits.", "1/(1 + e^−3) ≈ 0.95 times."],
    "B",
    [
        "of ratios of logits. Softmax turns *differences* of logits into ratios of probabilities.",
        "The ratio p0/p1 is e^(z0 − z1): the sum over all classes cancels.",
        "of p0 alone, which does depend on them. In the ratio, the common denominator cancels.",
        "of the probability of class 0 when there are two classes only. The question asks for a ratio.",
    ],
)

recall_pull_question = Question(
    "From notebook 01. The probabilities are (0.5, 0.3, 0.2). The logit of class 2 rises a little. "
    "Who pays more, class 0 or class 1?",
    ["Class 0.", "Class 1, because it is the nearer rival.", "Both the same.", "Neither: only p2 changes."],
    "A",
    [
        "Class i pays p_i·p2, and 0.5 is more than 0.3: everybody pays in proportion to what they have.",
        "of a race with the neighbor. The sum in the denominator hits everybody by the same *factor*.",
        "that the bill is split evenly. All are multiplied by the same factor, so the rich lose more.",
        "that outputs are independent. They share one denominator.",
    ],
)

# ---------------------------------------------------------------------------------------------------
# Exercises
# ---------------------------------------------------------------------------------------------------


def stable_softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def _max_of_everything(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e, axis=-1, keepdims=True)


def _shifted_by(shift):
    def function(z):
        e = np.exp(z - shift(z))
        return e / np.sum(e, axis=-1, keepdims=True)

    return function


def _softmax_as_written(z):
    e = np.exp(z)
    return e / np.sum(e, axis=-1, keepdims=True)


def _clipped(z):
    return _softmax_as_written(np.clip(z, -700, 700))


def _nan_to_num(z):
    return np.nan_to_num(_softmax_as_written(z))


def _softmax_no_keepdims(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1)


def _softmax_whole_sum(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e)


FAR_APART = np.array([[1000.0, 1001.0, 1002.0], [-3.0, 0.0, 1.0], [-2000.0, -2001.0, -2000.5]])

stable_softmax_exercise = Exercise(
    "Write `stable_softmax(z)`: softmax along the last axis, for logits of any size.",
    Contract(
        "`z` is a NumPy array of float64 logits between −100000 and 100000, with one or more dimensions; the classes "
        "are along the last axis. Return an array of the same shape whose entries add up to 1 along that axis, each "
        "right to nine significant digits, the small ones too (what is too small for a float may be 0). "
        "Leave `z` unchanged, and let nothing overflow."
    ),
    stable_softmax,
    [
        Check("ordinary logits", (np.array([1.0, 0.0, -4.0]),)),
        Check("logits around 1000", (np.array([1000.0, 1001.0, 1002.0]),)),
        Check("logits around −1000", (np.array([-1000.0, -1001.0, -1000.5]),)),
        Check("one far ahead", (np.array([5000.0, 0.0, -5000.0]),)),
        Check("small probabilities keep their digits", (np.array([0.0, -600.0, -300.0]),)),
        Check("large ones of both signs", (np.array([99999.0, 99998.5, -99999.0]),)),
        Check("one class only", (np.array([-800.0]),)),
        Check("a batch of rows that are far apart", (FAR_APART,)),
        Check("a batch of two", (FAR_APART[:2],)),
        Check("three dimensions", (np.stack([FAR_APART, FAR_APART[::-1] / 3]),)),
        Check("a wide range", (np.linspace(-650.0, 650.0, 14),)),
    ],
    [
        Mistake(
            _softmax_as_written,
            "this is softmax as written: e^z overflows above 709.78, and below −745.13 every e^z is 0. "
            "Shift the logits first, by what leaves the largest at 0.",
        ),
        Mistake(
            _max_of_everything,
            "you subtract the largest number of the *whole array*. A row that lies 745 below it becomes 0/0. "
            "Every row needs its own largest.",
        ),
        Mistake(
            _shifted_by(lambda z: np.mean(z, axis=-1, keepdims=True)),
            "you subtract the mean. The largest logit may still lie 710 above it and overflow; "
            "only the maximum leaves nothing above 0.",
        ),
        Mistake(
            _shifted_by(lambda z: np.min(z, axis=-1, keepdims=True)),
            "you subtract the *smallest*: now all arguments of exp are positive, and overflow comes sooner.",
        ),
        Mistake(
            _shifted_by(lambda z: np.max(np.abs(z), axis=-1, keepdims=True)),
            "you subtract the largest *absolute value*. If all logits are very negative, this pushes them "
            "further down, to 0/0.",
        ),
        Mistake(
            _clipped,
            "you clip the logits. That prevents overflow by changing the question: 1000 and 1002 become equal.",
        ),
        Mistake(
            _nan_to_num,
            "you replace what is not a number afterwards. The information is gone by then: 0 is a guess.",
        ),
        Mistake(
            _softmax_no_keepdims,
            "the sum has lost its axis (`keepdims=True` is missing). A square batch is divided by the wrong sums, "
            "without a word.",
        ),
        Mistake(
            _softmax_whole_sum,
            "you divide by the sum of the whole array. Each row needs its own sum: `axis=-1, keepdims=True`.",
        ),
        Mistake(
            _shifted_by(lambda z: np.max(z, axis=0, keepdims=True)),
            "you take the largest along the *first* axis; the classes are along the last.",
        ),
    ],
    [
        "Softmax does not see a constant added to all logits of a row. Which constant makes exp safe?",
        "p_i = e^(z_i − m) / Σ_j e^(z_j − m), with m the largest logit of the row",
        "`e = np.exp(z - z.max(axis=-1, keepdims=True))`, then divide by the sum along the same axis.",
    ],
)

BATCH = np.array([[1.0, 2.0, 3.0], [0.0, 2.0, 1.0], [3.0, 1.0, 2.0]])  # the batch of the bug hunt


def softmax_rows(z):
    m = np.max(z, axis=1, keepdims=True)
    e = np.exp(z - m)
    return e / np.sum(e, axis=1, keepdims=True)


def _with_bugs(global_variable: bool, whole_maximum: bool, no_keepdims: bool) -> Callable[..., Any]:
    def function(z):
        m = z.max() if whole_maximum else z.max(axis=1, keepdims=True)
        used = BATCH if global_variable else z
        shift = used.max() if whole_maximum else used.max(axis=1, keepdims=True)
        total = np.exp(used - shift).sum(axis=1, keepdims=not no_keepdims)
        return np.exp(z - m) / total

    return function


_GLOBAL = "the sum comes from the global variable `batch`, not from the argument"
_WHOLE = "the largest is taken over the whole batch, so a row far below it becomes 0/0"
_LOST = "the sum has lost its axis (`keepdims`), so rows are divided by the wrong sums, or shapes do not fit"

bug_hunt_exercise = Exercise(
    "Repair `softmax_rows(z)`: the function above, with its three bugs removed.",
    Contract(
        "`z` is a 2-D NumPy array of float64 logits between −100000 and 100000, one example per row. Return an array of "
        "the same shape whose *rows* add up to 1, right to nine significant digits. Leave `z` unchanged, and depend on "
        "nothing but `z`."
    ),
    softmax_rows,
    [
        Check("the author's own batch", (BATCH,)),
        Check("another square batch", (BATCH[:, ::-1] * 2 + 1,)),
        Check("two examples of three classes", (BATCH[:2] + 0.5,)),
        Check("three examples of two classes", (BATCH[:, 1:] * 3,)),
        Check("rows that are far apart", (FAR_APART,)),
        Check("a batch of one", (np.array([[1000.0, 998.0]]),)),
        Check(
            "rows far apart, four of them",
            (np.array([[0.0, 1.0], [900.0, 901.0], [-900.0, -902.0], [5.0, 5.0]]),),
        ),
    ],
    [
        Mistake(_with_bugs(True, True, True), f"all three bugs are still in: {_GLOBAL}; {_WHOLE}; {_LOST}."),
        Mistake(_with_bugs(True, True, False), f"one bug is gone, two are left: {_GLOBAL}; {_WHOLE}."),
        Mistake(_with_bugs(True, False, True), f"one bug is gone, two are left: {_GLOBAL}; {_LOST}."),
        Mistake(_with_bugs(False, True, True), f"one bug is gone, two are left: {_WHOLE}; {_LOST}."),
        Mistake(_with_bugs(True, False, False), f"two bugs are gone, one is left: {_GLOBAL}."),
        Mistake(_with_bugs(False, True, False), f"two bugs are gone, one is left: {_WHOLE}."),
        Mistake(_with_bugs(False, False, True), f"two bugs are gone, one is left: {_LOST}."),
    ],
    [
        "Read each line and ask: whose numbers is this, and along which axis?",
        "For every row by itself: m = max z_i, then e^(z_i − m) / Σ e^(z_j − m), and only `z` on the right-hand sides.",
        "`m = np.max(z, axis=1, keepdims=True)`, `e = np.exp(z - m)`, and the sum of `e` with the same two keywords.",
    ],
)


def stable_logsumexp(z):
    m = np.max(z)
    return m + np.log(np.sum(np.exp(z - m)))


def _lse_as_written(z):
    return np.log(np.sum(np.exp(z)))


logsumexp_exercise = Exercise(
    "Write `stable_logsumexp(z)`: the logarithm of Σ e^(z_i), for logits of any size.",
    Contract(
        "`z` is a 1-D NumPy array of float64 numbers between −100000 and 100000. Return one number, right to nine "
        "significant digits or, near zero, to 1e-9. Leave `z` unchanged, and let nothing overflow.",
        atol=1e-9,
    ),
    stable_logsumexp,
    [
        Check("ordinary numbers", (np.array([1.0, 2.0, 3.0]),)),
        Check("two equal ones around 1000", (np.array([1000.0, 1000.0]),)),
        Check("all around −1000", (np.array([-1000.0, -1001.0, -1000.5]),)),
        Check("one far ahead", (np.array([5000.0, 0.0, -5000.0]),)),
        Check("one number only", (np.array([-800.0]),)),
        Check("a wide range", (np.linspace(-650.0, 650.0, 14),)),
        Check("log-probabilities: the answer is near 0", (np.log(np.array([0.2, 0.3, 0.5])),)),
        Check("the largest is negative, by its absolute value the smallest", (np.array([-3.0, -2000.0]),)),
        Check("a hundred equal numbers", (np.full(100, 99999.0),)),
    ],
    [
        Mistake(
            _lse_as_written,
            "this is the formula as written: e^z overflows, or all of them are 0 and log(0) is −infinity.",
        ),
        Mistake(
            lambda z: np.log(np.sum(np.exp(z - np.max(z)))),
            "you have shifted by the maximum and not added it back: log Σ e^(z−m) is logsumexp *minus m*.",
        ),
        Mistake(
            lambda z: np.log(np.sum(np.exp(z - np.max(z)))) - np.max(z),
            "you subtract the maximum twice. Taken out of the logarithm, it comes back with a plus.",
        ),
        Mistake(
            np.max,
            "this is the maximum. It is close when one number dominates; logsumexp is larger, by log 2 for two equal ones.",
        ),
        Mistake(
            lambda z: np.max(z) + np.log(np.mean(np.exp(z - np.max(z)))),
            "you take the mean of the exponentials; it must be their sum. The difference is log n.",
        ),
        Mistake(
            lambda z: np.max(z) * np.log(np.sum(np.exp(z - np.max(z)))),
            "the factor e^m inside the logarithm becomes a *term* m outside, not a factor.",
        ),
        Mistake(
            lambda z: np.mean(z) + np.log(np.sum(np.exp(z - np.mean(z)))),
            "you shift by the mean. That is right on paper for every shift; in floats, only the maximum is safe.",
        ),
        Mistake(
            lambda z: np.sum(z),
            "log and exp do not cancel across a sum: log(e^a + e^b) is not a + b.",
        ),
        Mistake(
            lambda z: np.max(np.abs(z)) + np.log(np.sum(np.exp(z - np.max(np.abs(z))))),
            "you shift by the largest *absolute value*. If all numbers are very negative, all exponentials become 0.",
        ),
    ],
    [
        "Pull a common factor out of the sum of exponentials. What does log make of it?",
        "log Σ e^(z_i) = m + log Σ e^(z_i − m), for every m; choose the largest z_i",
        "`m = np.max(z)`, then return `m` plus the log of the sum of `np.exp(z - m)`.",
    ],
)


def stable_log_softmax(z):
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


def _log_softmax_no_keepdims(z):
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1))


log_softmax_exercise = Exercise(
    "Write `stable_log_softmax(z)`: the logarithm of softmax along the last axis, finite for all finite logits.",
    Contract(
        "`z` is a NumPy array of float64 logits between −100000 and 100000, with one or more dimensions; the classes are "
        "along the last axis. Return an array of the same shape, right to nine significant digits or, near zero, to 1e-9. "
        "Leave `z` unchanged, and let nothing overflow.",
        atol=1e-9,
    ),
    stable_log_softmax,
    [
        Check("ordinary logits", (np.array([1.0, 0.0, -4.0]),)),
        Check("logits around 1000", (np.array([1000.0, 1001.0, 1002.0]),)),
        Check("a hopeless class", (np.array([0.0, -800.0]),)),
        Check("a class that is hard to see, but not hopeless", (np.array([0.0, -40.0, -35.0]),)),
        Check("all around −1000", (np.array([-1000.0, -1001.0, -1000.5]),)),
        Check("one class only", (np.array([-800.0]),)),
        Check("large ones of both signs", (np.array([99999.0, 99998.5, -99999.0]),)),
        Check("a batch of rows that are far apart", (FAR_APART,)),
        Check("a batch of two", (FAR_APART[:2],)),
        Check("three dimensions", (np.stack([FAR_APART, FAR_APART[::-1] / 3]),)),
    ],
    [
        Mistake(
            lambda z: np.log(_softmax_as_written(z)),
            "this is the log of softmax as written: nan where e^z overflows, −infinity where p is 0. "
            "Take the logarithm on paper.",
        ),
        Mistake(
            lambda z: np.log(stable_softmax(z)),
            "your softmax is stable, but a probability that has become 0 is 0 for good, and its log −infinity. "
            "Never let the number pass through p: log p = z − logsumexp(z).",
        ),
        Mistake(
            lambda z: np.log(stable_softmax(z) + 1e-12),
            "adding a small number before the logarithm hides −infinity and puts −27.6 in its place: every class below "
            "1e-12 gets the same wrong answer, and the others are wrong from the twelfth digit on.",
        ),
        Mistake(
            lambda z: np.log(np.clip(stable_softmax(z), 1e-15, 1)),
            "clipping p hides −infinity and puts −34.5 in its place: every class below 1e-15 gets the same wrong answer.",
        ),
        Mistake(
            lambda z: z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True)),
            "z − logsumexp(z) is right, but this logsumexp is the naive one: its e^z overflows or vanishes.",
        ),
        Mistake(
            lambda z: z - np.max(z, axis=-1, keepdims=True),
            "you have shifted, and then stopped: the log of the sum of exponentials is still to be subtracted.",
        ),
        Mistake(
            lambda z: -stable_log_softmax(z),
            "the sign is turned around: this is −log p, the loss of each class.",
        ),
        Mistake(
            _log_softmax_no_keepdims,
            "the sum has lost its axis (`keepdims=True` is missing). A square batch gets the wrong sums, without a word.",
        ),
        Mistake(
            lambda z: z - np.max(z) - np.log(np.sum(np.exp(z - np.max(z)))),
            "maximum and sum are taken over the whole array. Each row is a softmax of its own: `axis=-1, keepdims=True`.",
        ),
        Mistake(
            lambda z: z - np.max(z) - np.log(np.sum(np.exp(z - np.max(z)), axis=-1, keepdims=True)),
            "the largest is taken over the whole array: in a row far below it every exponential is 0, and so is the sum.",
        ),
    ],
    [
        "Take the logarithm of the quotient on paper, before any number is rounded.",
        "log p_i = z_i − logsumexp(z) = (z_i − m) − log Σ_j e^(z_j − m)",
        "`shifted = z - z.max(axis=-1, keepdims=True)`; subtract the log of the sum of `np.exp(shifted)` along that axis.",
    ],
)


class Stream:
    """Numbers that can be read once only, from first to last, as from a sensor."""

    def __init__(self, numbers: Sequence[float]) -> None:
        self._numbers = tuple(numbers)
        self._was_read = False

    def __iter__(self) -> Iterator[float]:
        if self._was_read:
            raise RuntimeError("this stream has been read already; it passes once only")
        self._was_read = True
        return iter(self._numbers)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Stream) and self._numbers == other._numbers

    def __hash__(self) -> int:
        return hash(self._numbers)

    def __repr__(self) -> str:
        shown = ", ".join(f"{number:g}" for number in self._numbers[:4])
        return f"Stream of {len(self._numbers)}: {shown}{', ...' if len(self._numbers) > 4 else ''}"


def online_logsumexp(stream):
    m, s = -np.inf, 0.0
    for x in stream:
        new = max(m, x)
        s = s * np.exp(m - new) + np.exp(x - new)
        m = new
    return m + np.log(s)


def _never_rescales(stream):
    m, s = -np.inf, 0.0
    for x in stream:
        m = max(m, x)
        s += np.exp(x - m)
    return m + np.log(s)


def _rescales_the_wrong_way(stream):
    m, s = None, 0.0
    for x in stream:
        if m is None:
            m, s = x, 1.0
            continue
        new = max(m, x)
        s = s * np.exp(new - m) + np.exp(x - new)
        m = new
    return m + np.log(s)


def _starts_at_zero(stream):
    m, s = 0.0, 0.0
    for x in stream:
        new = max(m, x)
        s = s * np.exp(m - new) + np.exp(x - new)
        m = new
    return m + np.log(s)


def _rescales_the_new_term_too(stream):
    m, s = -np.inf, 0.0
    for x in stream:
        new = max(m, x)
        s = (s + np.exp(x - new)) * (1.0 if m == -np.inf else np.exp(m - new))
        m = new
    return m + np.log(s)


def _counts_the_new_maximum_twice(stream):
    m, s = -np.inf, 1.0
    for x in stream:
        new = max(m, x)
        s = (s * np.exp(m - new) if m > -np.inf else s) + np.exp(x - new)
        m = new
    return m + np.log(s)


def _two_passes(stream):
    m = max(stream)
    return m + np.log(sum(np.exp(x - m) for x in stream))


def _as_written_online(stream):
    s = 0.0
    for x in stream:
        s += np.exp(x)
    return np.log(s)


def _forgets_the_maximum(stream):
    m, s = -np.inf, 0.0
    for x in stream:
        new = max(m, x)
        s = s * np.exp(m - new) + np.exp(x - new)
        m = new
    return np.log(s)


online_exercise = Exercise(
    "Write `online_logsumexp(stream)`: logsumexp of numbers that pass by once.",
    Contract(
        "`stream` can be read once, with `for x in stream`; it gives at least one float between −100000 and 100000. You may keep "
        "two numbers, not the stream. (The check sees a second reading; whether you collect the numbers in a list, only you can see.) "
        "Return one number, right to nine significant digits or, near zero, to 1e-9.",
        atol=1e-9,
    ),
    online_logsumexp,
    [
        Check("rising: the maximum changes at every number", (Stream([1.0, 2.0, 3.0]),)),
        Check("falling: it never changes", (Stream([3.0, 2.0, 1.0]),)),
        Check("around 1000", (Stream([1000.0, 1002.0, 1001.0]),)),
        Check("around −1000", (Stream([-1000.0, -1001.0, -999.5]),)),
        Check("a new maximum far above the others", (Stream([-5000.0, 0.0, 5000.0, 4999.0]),)),
        Check("one number", (Stream([-800.0]),)),
        Check("equal numbers", (Stream([7.0] * 10),)),
        Check("up and down", (Stream([0.5, -0.25, 3.0, -900.0, 2.5, 3.0, 1.0]),)),
    ],
    [
        Mistake(
            _as_written_online,
            "this adds up e^x as written: it overflows above 709.78, and far below zero all terms are 0.",
        ),
        Mistake(
            _never_rescales,
            "the sum holds terms relative to *older* maxima. When the maximum rises to m′, what is in the sum must be "
            "multiplied by e^(m − m′).",
        ),
        Mistake(
            _rescales_the_wrong_way,
            "you rescale in the wrong direction. The maximum grew, so the old sum must *shrink*: the factor is e^(old − new).",
        ),
        Mistake(
            _starts_at_zero,
            "the maximum starts at 0. If all numbers are far below, all exponentials vanish next to it. "
            "Start at −infinity, or at the first number.",
        ),
        Mistake(
            _rescales_the_new_term_too,
            "the new term is rescaled together with the old sum. It is relative to the new maximum already.",
        ),
        Mistake(
            _counts_the_new_maximum_twice,
            "the sum starts at 1 although nothing has been read yet: the first number counts twice.",
        ),
        Mistake(
            _two_passes,
            "you read the stream a second time: once for the maximum, once for the sum. It passes once only.",
        ),
        Mistake(
            _forgets_the_maximum, "the maximum must be added back in the end: log s is logsumexp minus m."
        ),
    ],
    [
        "Keep the largest number so far, and the sum of exponentials relative to it. What happens to that sum when the maximum rises?",
        "new m′ = max(m, x), then s′ = s·e^(m − m′) + e^(x − m′); in the end m + log s",
        "Start with `m, s = -np.inf, 0.0`. In the loop: `new = max(m, x)`, update `s` with the formula, then `m = new`.",
    ],
)


def merge_halves(m1, s1, m2, s2):
    m = max(m1, m2)
    s = s1 * np.exp(m1 - m) + s2 * np.exp(m2 - m)
    return np.array([m, s])


def _merge_wrong_way(m1, s1, m2, s2):
    m = max(m1, m2)
    return np.array([m, s1 * np.exp(m - m1) + s2 * np.exp(m - m2)])


def _merge_rescales_one(m1, s1, m2, s2):
    return np.array([max(m1, m2), s1 + s2 * np.exp(m2 - m1)])


merge_exercise = Exercise(
    "Write `merge_halves(m1, s1, m2, s2)`: from the summaries of two halves, the summary of the whole.",
    Contract(
        "A summary of some numbers is their maximum m and s = Σ e^(x − m). An empty half has m = −infinity and s = 0; at most one of "
        "the two is empty. Return `np.array([m, s])` of both halves together, right to nine significant digits, and let nothing overflow."
    ),
    merge_halves,
    [
        Check("the second half is higher", (1.0, 1.5, 3.0, 2.5)),
        Check("the first half is higher", (3.0, 2.5, 1.0, 1.5)),
        Check("equal maxima", (2.0, 1.25, 2.0, 3.0)),
        Check("around 1000", (1000.0, 2.0, 1001.0, 1.5)),
        Check("far apart", (-5000.0, 4.0, 5000.0, 1.0)),
        Check("all far below zero", (-1000.0, 2.0, -1001.0, 1.5)),
        Check("the second half is empty", (5.0, 1.75, -np.inf, 0.0)),
        Check("the first half is empty", (-np.inf, 0.0, -900.0, 1.25)),
    ],
    [
        Mistake(
            lambda m1, s1, m2, s2: np.array([max(m1, m2), s1 + s2]),
            "the two sums are relative to different maxima. Bring both to the common one before you add.",
        ),
        Mistake(
            _merge_wrong_way,
            "you rescale in the wrong direction: relative to a larger maximum, a sum is *smaller*. The factor is e^(old − new).",
        ),
        Mistake(
            _merge_rescales_one,
            "you bring the second sum to the maximum of the first, and return the larger of the two maxima. "
            "Both belong to the *common* maximum.",
        ),
        Mistake(
            lambda m1, s1, m2, s2: np.array([0.0, s1 * np.exp(m1) + s2 * np.exp(m2)]),
            "the sums are taken back to e^x itself, which overflows. Stay relative to the common maximum.",
        ),
        Mistake(
            lambda m1, s1, m2, s2: np.array([m1 + m2, s1 * s2]),
            "this multiplies e^(m1)·s1 by e^(m2)·s2. The exponentials of both halves are to be *added*.",
        ),
        Mistake(
            lambda m1, s1, m2, s2: np.logaddexp(m1 + np.log(s1), m2 + np.log(s2)),
            "this is logsumexp of the whole, and right; but the task asks for the summary [m, s], "
            "from which the next merge can go on.",
        ),
        Mistake(
            lambda m1, s1, m2, s2: np.array([m1, s1]) if m1 > m2 else np.array([m2, s2]),
            "you keep the half with the larger maximum and drop the other.",
        ),
    ],
    [
        "It is the same step as in the stream, with a whole half in place of one number.",
        "m = max(m1, m2), s = s1·e^(m1 − m) + s2·e^(m2 − m)",
        "Compute `m = max(m1, m2)` first; both sums get a factor `np.exp(own maximum - m)`.",
    ],
)
