"""Section "Find what does not follow": the same derivation with planted slips."""

from __future__ import annotations

from course_utils.lessons.cross_entropy_derivation.derive import BETWEEN, TWO_CLASSES
from course_utils.teaching import Derivation, Step

slips_derivation = Derivation(
    TWO_CLASSES,
    [
        Step("p'", "exp(z)*b/(exp(z) + b)^2", "quotient rule"),
        Step(
            "p'/p",
            "-b/(exp(z) + b)",
            "divide by p",
            planted="p grows with z and is positive, so p'/p is positive. The minus belongs to −log p, not here.",
        ),
        Step("-p'/(1 - p)", "-exp(z)/(exp(z) + b)", "divide by 1 − p"),
        Step("L'", "-y*p'/p + (1 - y)*p'/(1 - p)", "chain rule"),
        Step(
            "",
            "-y*b/(exp(z) + b) + exp(z)/(exp(z) + b) + y*exp(z)/(exp(z) + b)",
            "line 1 and the definition of p put in",
            planted="(1 − y) times a quotient has a minus in front of its second part: the last term must be subtracted.",
        ),
        Step("", "(exp(z) - y*b + y*exp(z))/(exp(z) + b)", "one fraction"),
        Step("", "p - y*(b - exp(z))/(exp(z) + b)", "definition of p, and y taken out"),
        Step(
            "",
            "p - y",
            "simplified",
            planted="the fraction behind y is not 1. The result is right, but nothing above leads to it.",
        ),
    ],
    title="The same derivation, with slips",
    **BETWEEN,
)
