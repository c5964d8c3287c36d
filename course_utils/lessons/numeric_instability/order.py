"""The order of addition."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from course_utils.teaching import Choice, Demo, Integer, Picture, Question, Table, look
from course_utils.teaching.text import format_number

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
