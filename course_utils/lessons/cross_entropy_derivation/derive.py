"""Section "The slope, line by line": the derivation for two classes."""

from __future__ import annotations

from course_utils.teaching import Derivation, Step

TWO_CLASSES = {"f": "exp(x)/(exp(x) + b)", "SC": "-a*log(f) - (1 - a)*log(1 - f)"}
BETWEEN = {"b": "positive"}
NUMBERS = {"x": 1, "b": 2, "a": 1}

two_class_derivation = Derivation(
    TWO_CLASSES,
    [
        Step("f'", "(exp(x)*(exp(x) + b) - exp(x)*exp(x))/(exp(x) + b)^2", "quotient rule"),
        Step("", "exp(x)*b/(exp(x) + b)^2", "the squares cancel", blank=True),
        Step("f'/f", "b/(exp(x) + b)", "divide by f", blank=True),
        Step("", "1 - f", "what is missing from f to 1"),
        Step("-f'/(1 - f)", "-exp(x)/(exp(x) + b)", "divide by 1 − f in the same way", blank=True),
        Step("", "-f", "definition of f"),
        Step("SC'", "-a*f'/f + (1 - a)*f'/(1 - f)", "chain rule, once for each logarithm"),
        Step("", "-a*(1 - f) + (1 - a)*f", "lines 4 and 6", blank=True),
        Step("", "f - a", "the products a·f cancel", blank=True),
    ],
    title="The slope of the loss, two classes",
    assume=BETWEEN,
    example=NUMBERS,
)
