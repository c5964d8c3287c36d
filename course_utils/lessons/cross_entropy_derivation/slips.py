"""Section "Find what does not follow": the same derivation with planted slips."""

from __future__ import annotations

from course_utils.lessons.cross_entropy_derivation.derive import BETWEEN, TWO_CLASSES
from course_utils.teaching import Derivation, Step

slips_derivation = Derivation(
    TWO_CLASSES,
    [
        Step("f'", "exp(x)*b/(exp(x) + b)^2", "quotient rule"),
        Step(
            "f'/f",
            "-b/(exp(x) + b)",
            "divide by f",
            planted="f grows with x and is positive, so f'/f is positive. The minus belongs to −log f, not here.",
        ),
        Step("-f'/(1 - f)", "-exp(x)/(exp(x) + b)", "divide by 1 − f"),
        Step("SC'", "-a*f'/f + (1 - a)*f'/(1 - f)", "chain rule"),
        Step(
            "",
            "-a*b/(exp(x) + b) + exp(x)/(exp(x) + b) + a*exp(x)/(exp(x) + b)",
            "the quotients put in",
            planted="(1 − a) times a quotient has a minus in front of its second part: the last term must be subtracted.",
        ),
        Step("", "(exp(x) - a*b + a*exp(x))/(exp(x) + b)", "one fraction"),
        Step("", "f - a*(b - exp(x))/(exp(x) + b)", "definition of f, and a taken out"),
        Step(
            "",
            "f - a",
            "simplified",
            planted="the fraction behind a is not 1. The result is right, but nothing above leads to it.",
        ),
    ],
    title="The same derivation, with slips",
    assume=BETWEEN,
)
