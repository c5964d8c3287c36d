"""Section "The order of addition"."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.handles import handle
from course_utils.numerics.floats import sum_forward, sum_kahan, sum_neumaier
from course_utils.teaching import Choice, Demo, Integer, Question
from course_utils.teaching.pictures import Axis, Bars, Drag, Panel, Picture, Points, Table, Text
from course_utils.teaching.text import format_number, with_minus

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
    expected=[40, 35, 5, 20],
)

FEW_DIGITS, TOO_SMALL, COMING_BACK = (
    "0.999 and ten times 0.0001",
    "1 and ten times 1e−16",
    "1e16, ten times 1, and −1e16 at the end",
)
TERMS = {  # the large term, the small ones, and the unit of the errors
    FEW_DIGITS: (0.999, 1e-4, 1e-17),
    TOO_SMALL: (1.0, 1e-16, 1e-16),
    COMING_BACK: (1e16, 1.0, 1.0),
}
LIMIT, ROW = 12, 9.6  # what the axes of errors reach, and where the terms stand, in these units
COUNTS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"]
PLAIN, KAHAN, NEUMAIER = "one after the other", "Kahan", "Neumaier"
METHODS = {PLAIN: sum_forward, KAHAN: sum_kahan, NEUMAIER: sum_neumaier}


def in_order(terms: str, place: int) -> list[float]:
    large, small, _ = TERMS[terms]
    ordered = [small] * place + [large] + [small] * (10 - place)
    return [*ordered, -large] if terms == COMING_BACK else ordered


def order_of_addition(terms: str, place: int, method: str) -> Picture:
    """Show how the error of a sum grows term by term, and what it is for every place of the large term."""
    unit = TERMS[terms][2]
    ordered = in_order(terms, place)
    added = METHODS[method]
    results = [float(added(ordered[: i + 1])) for i in range(len(ordered))]
    exact = [sum(map(Fraction, ordered[: i + 1])) for i in range(len(ordered))]
    errors = np.array(
        [float((Fraction(r) - e) / Fraction(unit)) for r, e in zip(results, exact, strict=True)]
    )
    finals = [float(added(in_order(terms, k))) for k in range(11)]
    final_errors = np.array([float((Fraction(f) - exact[-1]) / Fraction(unit)) for f in finals])

    result = finals[place]
    different = sorted(set(finals))
    many = (
        f"The large term can stand in eleven places; they give {COUNTS[len(different)]} different results, "
        f"from {_full(different[0])} to {_full(different[-1])}."
        if len(different) > 1
        else "All eleven places of the large term give this same result."
    )
    exactly = float(exact[-1])
    return Picture(
        [[_terms(place, errors, unit), _orders(place, final_errors, _full(result))]],
        f"The result is {_full(result)}; "
        f"{'this is the exact sum, correctly rounded' if result == exactly else f'the exact sum would round to {_full(exactly)}'}. {many}",
        table=Table(
            f"{terms}, added {'one after the other' if method == PLAIN else f'as {method} does'}",
            {
                "place of the large term": np.arange(11),
                "result": [_full(f) for f in finals],
                "final error": final_errors,
            },
            {
                "result at the chosen place": _full(result),
                "exact sum, rounded": _full(exactly),
                "unit of the errors": unit,
            },
        ),
        height=300,
    )


def _terms(place: int, errors: Array, unit: float) -> Panel:
    """Draw the terms in their order, and below each how far off the sum is once it has been added."""
    count = len(errors)
    small = [i for i in range(count) if i != place and i < 11]
    big: dict[str, Any] = {"color": "logits", "shape": "square", "size": 20}
    return Panel(
        "the terms, ■ the large one, and the error so far",
        [
            Bars("error after the term", errors, 1 + np.arange(count), color="wrong", width=0.6),
            Points("", [ROW] * len(small), 1 + np.array(small), color="logits", size=8),
            *([Points("", [ROW], [12], **big)] if count > 11 else []),
            handle("", ROW, 1 + place, {"x": Drag("place", offset=-1)}, **big),
        ],
        x=Axis("terms added", 0.4, 12.6, ticks=range(1, 13, 2)),
        y=Axis(f"error, in units of {format_number(unit)}", -LIMIT, LIMIT, ticks=(-LIMIT, 0, LIMIT)),
        weight=1.15,
    )


def _orders(place: int, final_errors: Array, result: str) -> Panel:
    chosen = np.arange(11) == place
    return Panel(
        "error of the whole sum, for each order",
        [
            Bars(
                "final error",
                final_errors,
                np.arange(11.0),
                color="wrong",
                width=0.6,
                faded=(~chosen).tolist(),
            ),
            handle("", 0.0, place, "place", color="logits", shape="square", size=15),
            Text(f"sum: {result}", 5, ROW, anchor="middle", dy=5, size=15),
        ],
        x=Axis("small terms before the large one", -0.6, 10.6, ticks=range(0, 11, 2)),
        y=Axis(low=-LIMIT, high=LIMIT, ticks=(-LIMIT, 0, LIMIT)),
    )


def _full(number: float) -> str:
    """Write a float with every digit Python needs to tell it from its neighbors."""
    return with_minus(repr(number))


order_demo = Demo(
    order_of_addition,
    (
        Choice("terms", "Terms", options=(FEW_DIGITS, TOO_SMALL, COMING_BACK)),
        Integer("place", "Small terms before the large one", low=0, high=10, initial=0, plays=True),
        Choice("method", "Method", options=(PLAIN, KAHAN, NEUMAIER)),
    ),
    title="Order of addition.",
    look_for="Same terms, other order: drag the large term ■ from first to last.",
    presets={
        "Large term last": {"place": 10},
        "Terms too small to count": {"terms": TOO_SMALL},
        "A large term comes and goes": {"terms": COMING_BACK, "place": 5},
        "Kahan, defeated": {"terms": COMING_BACK, "place": 5, "method": KAHAN},
        "Neumaier": {"terms": COMING_BACK, "place": 5, "method": NEUMAIER},
    },
)
