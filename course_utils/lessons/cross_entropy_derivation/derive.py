"""Section "The slope, line by line": the derivation for two classes, first of the probability, then of the loss."""

from __future__ import annotations

from typing import Any

from course_utils.teaching import Derivation, Step

TWO_CLASSES = {"p": "exp(z)/(exp(z) + b)", "L": "-y*log(p) - (1 - y)*log(1 - p)"}
BETWEEN: dict[str, Any] = {"assume": {"b": "positive", "z": "real", "y": "real"}, "variable": "z"}

slope_of_p = Derivation(
    {"p": TWO_CLASSES["p"]},
    [
        Step("p'", "(exp(z)*(exp(z) + b) - exp(z)*exp(z))/(exp(z) + b)^2", "quotient rule"),
        Step("", "exp(z)*b/(exp(z) + b)^2", "the squares cancel"),
        Step("p'/p", "b/(exp(z) + b)", "divide by p", blank=True),
        Step("", "1 - p", "what is missing from p to 1", blank=True),
    ],
    title="The slope of the probability",
    assume={"b": "positive", "z": "real"},
    variable="z",
    example={"z": 1, "b": 2},
)

slope_of_loss = Derivation(
    TWO_CLASSES,
    [
        Step("p'/p", "1 - p", "the last line of the first piece"),
        Step("p'/(1 - p)", "p", "divide p′ by 1 − p in the same way", blank=True),
        Step("L'", "-y*p'/p + (1 - y)*p'/(1 - p)", "chain rule, once for each logarithm"),
        Step("", "-y*(1 - p) + (1 - y)*p", "lines 1 and 2", blank=True),
        Step("", "p - y", "the products y·p cancel", blank=True),
    ],
    title="The slope of the loss",
    example={"z": 1, "b": 2, "y": 1},
    **BETWEEN,
)
