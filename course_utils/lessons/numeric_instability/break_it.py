"""Section "It breaks": softmax step by step in one precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from course_utils.lessons.arrays import Array, in_words
from course_utils.lessons.class_bars import class_names, logit_sliders
from course_utils.numerics.floats import ExpLimits, exp_limits
from course_utils.numerics.softmax import softmax
from course_utils.teaching import Choice, Demo, Float, Question
from course_utils.teaching.numbers_in_text import parsed
from course_utils.teaching.pictures import (
    Axis,
    Band,
    Bars,
    Drag,
    Panel,
    Picture,
    Points,
    Table,
    Text,
    classes,
)
from course_utils.teaching.text import format_list, format_number

break_question = Question(
    "The logits are (0, 1, 2) plus a constant c, in float32, and softmax is computed as it is written. "
    "Which of these is the *first* c to give `nan`?",
    ["c = 20.", "c = 89.", "c = 710.", "None of them: `nan` would mean that the data were bad."],
    "B",
    [
        "of float16, whose exp overflows above 11. In float32, e^20 is an ordinary number.",
        "In float32, exp overflows above 88.72, because the largest number of the format is about 3.4e38. "
        "The largest logit is c + 2, so from about c = 86.7 on there is an infinity, and infinity over infinity is not a number.",
        "of float64, where exp overflows above 709.78. float32 has a shorter exponent.",
        "that `nan` comes from outside. It is also what infinity/infinity and 0/0 give, with the best of data.",
    ],
    expected=[10, 40, 35, 15],
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
    expected=[30, 30, 10, 30],
)

NAIVE, STABLE = "as written", "subtract the largest first"


def softmax_in_steps(scores: Array, formula: str) -> tuple[Array, Array, Any, Array]:
    """Return what exp gets, what it makes of it, the sum and the quotients."""
    argument = scores - scores.max() if formula == STABLE else scores
    e = np.exp(argument)
    total = e.sum()
    return argument, e, total, e / total


def warnings_of(e: Array, total: Any, p: Array) -> list[str]:
    """Return what NumPy says of these steps, in its words, also where it says nothing: in a browser.

    Examples
    --------
    >>> inf, nan = np.inf, np.nan
    >>> warnings_of(np.array([inf, 1.0]), inf, np.array([nan, 0.0]))
    ['overflow encountered in exp', 'invalid value encountered in divide']
    """
    events = {
        "overflow encountered in exp": np.isinf(e).any(),
        "overflow encountered in reduce": np.isinf(total) and np.isfinite(e).all(),
        "invalid value encountered in divide": np.isnan(p).any(),
    }
    return [message for message, happened in events.items() if happened]


def break_it(z: tuple[float, ...], offset: float, precision: str, formula: str) -> Picture:
    """Show softmax of z + c step by step in one precision, with a word for everything that breaks."""
    scores = (np.array(z) + offset).astype(precision)
    with np.errstate(all="ignore"):
        argument, e, total, p = softmax_in_steps(scores, formula)
    warned = warnings_of(e, total, p)
    limits = exp_limits(precision)
    flags = [_flag(*step, total, precision) for step in zip(e, p, strict=True)]
    power = "e^z" if formula == NAIVE else "e^(z − max)"
    true = softmax(scores.astype(np.float64))  # never overflows, and has room for what p cannot hold
    return Picture(
        [
            _arguments(argument, e, limits, _held(z, offset, formula)),
            _probabilities(e, total, p, true),
        ],
        f"In {precision}, {'no p is a number' if np.isnan(p).all() else f'p = {format_list(p)}'}. "
        f"{_reason(argument, e, total, p, true, power)} {_said(warned)}",
        table=Table(
            f"Softmax in {precision}, step by step",
            {
                "": class_names(len(z)),
                "z + c": scores.astype(np.float64),
                "argument of exp": argument.astype(np.float64),
                power: [in_words(value) for value in e],
                "p": [in_words(value) for value in p],
                "true p": true,
                "what happened": flags,
            },
            {
                f"sum of {power}": in_words(total),
                f"exp overflows above, in {precision}": limits.overflow_above,
                f"exp is 0 below, in {precision}": limits.zero_below,
                "NumPy warned": "; ".join(warned) or "of nothing",
            },
            digits=4,
        ),
        height=310,
    )


def _held(z: tuple[float, ...], offset: float, formula: str) -> Drag:
    """Return how the top of a bar sets its logit: what exp gets is z + c, or z less the largest."""
    return Drag("z", "each", offset=-offset if formula == NAIVE else max(z))


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
    if p < np.finfo(precision).tiny:
        return "the quotient is subnormal: digits lost"
    return "fine"


def _reason(argument: Array, e: Array, total: Any, p: Array, true: Array, power: str) -> str:
    """Say in a sentence what became of softmax."""
    info = np.finfo(p.dtype)
    if np.isinf(e).any():
        return f"Some {power} is too large and becomes infinity; infinity / infinity is not a number."
    if np.isinf(total):
        return f"Each {power} fits, but their sum does not: it becomes infinity, and every quotient 0."
    if total == 0:
        return f"Every {power} is too small and becomes 0; 0 / 0 is not a number."
    right = f"the true p are {format_list(true)}"
    if (lost := (e == 0) & (true >= info.smallest_subnormal)).any():
        return f"{power} of {_classes(lost)} became 0, and p with it; {right}."
    said = []
    if (p == 0).any():
        said.append(f"p of {_classes(p == 0)}: below what {p.dtype} can hold, and so exactly 0.")
    small = [name for name, values in ((power, e), ("p", p)) if ((values > 0) & (values < info.tiny)).any()]
    if small and _as_written(p[p > 0]) != _as_written(true[p > 0]):
        said.append(f"Some {small[0]} is subnormal and has lost digits; {right}.")
    elif small and not said:
        said.append(f"Some {small[0]} is subnormal and has fewer digits; those shown here are right.")
    if said:
        return " ".join(said)
    return (
        f"Every step stays within range: the largest argument of exp is {format_number(argument.max(), 4)}, "
        f"and exp overflows above {format_number(exp_limits(p.dtype).overflow_above, 4)}."
    )


def _as_written(values: Array) -> list[float]:
    """Return the numbers that a reader sees: 1 and 1.00 are the same."""
    return [parsed(format_number(value)) for value in values]


def _classes(chosen: npt.NDArray[np.bool_]) -> str:
    return format_list([f"class {i}" for i in np.flatnonzero(chosen)])


def _said(warned: list[str]) -> str:
    return f"NumPy warned: {'; '.join(warned)}." if warned else "NumPy gave no warning."


def _arguments(argument: Array, e: Array, limits: ExpLimits, held: Drag) -> Panel:
    """Draw what exp gets, between the two limits of the precision."""
    bottom, top = 1.6 * limits.zero_below, 1.6 * limits.overflow_above
    everywhere = [-0.6, len(argument) - 0.4]
    written = [
        # on the free side of 0: at the end of its bar a number would stand in the band it does not reach
        Text(
            f"*e*^{{{format_number(x, 4)}}} = {_short(value)}",
            place,
            0.0,
            anchor="middle",
            dy=(16 if x > 0 else -7) + (place % 2) * (16 if x > 0 else -16),  # long neighbors have no room
        )
        for place, (x, value) in enumerate(zip(argument, e, strict=True))
    ]
    return Panel(
        "what exp gets, and what it makes of it",
        [
            Band("", limits.overflow_above, [top] * 2, everywhere, color="wrong", opacity=0.16),
            Band("", bottom, [limits.zero_below] * 2, everywhere, color="muted", opacity=0.22),
            Bars(
                "argument of exp",
                argument.astype(np.float64),
                color="logits",
                width=0.62,
                drags={"y": held},
            ),
            *written,
        ],
        x=classes(class_names(len(argument))),
        y=Axis(
            low=bottom,
            high=top,
            ticks={
                (bottom + limits.zero_below) / 2: "*e*^x = 0",
                **{at: format_number(at) for at in (limits.zero_below, 0.0, limits.overflow_above)},
                (top + limits.overflow_above) / 2: "*e*^x = ∞",
            },
        ),
    )


def _probabilities(e: Array, total: Any, p: Array, true: Array) -> Panel:
    broken = not np.isfinite(total) or total == 0
    written = [
        f"{_short(part)}/{_short(total)} = {_short(value)}" if broken else _short(value)
        for part, value in zip(e, p, strict=True)
    ]
    return Panel(
        "probabilities *p*",
        [
            Bars("height of p", np.nan_to_num(p.astype(np.float64)), color="probabilities", values=written),
            Points("true p", true, color="target", shape="diamond", size=10, label="right *p*"),
        ],
        x=classes(class_names(len(p))),
        y=Axis(low=0, high=1.12, ticks=(0, 0.5, 1)),
    )


def _short(value: Any) -> str:
    """Write a number in two digits, and what is none as NumPy's users know it."""
    return "nan" if np.isnan(value) else "∞" if np.isinf(value) else format_number(float(value), 2)


break_demo = Demo(
    break_it,
    (
        logit_sliders(100, (0, 1, 2), step=0.5),
        Float("offset", "Offset c, added to all", low=-800, high=800, initial=80, step=0.5, plays=True),
        Choice("precision", "Precision", options=("float16", "float32", "float64"), initial="float32"),
        Choice("formula", "Formula", options=(NAIVE, STABLE)),
    ),
    title="Break it yourself.",
    look_for="Raise c until words appear in place of numbers, then switch the formula.",
    presets={
        "Add 89": {"offset": 89},
        "88.5 twice": {"z": (0, 0, -5), "offset": 88.5},
        "All at −104": {"z": (0, 0, 0), "offset": -104},
        "Add 20, in float16": {"offset": 20, "precision": "float16"},
        "Add 800, but subtract the largest": {"offset": 800, "formula": STABLE},
    },
)
