"""Section "Find the error": LSE is not invariant."""

from course_utils.teaching import Derivation, Step

invariance_error = Derivation(
    {"LSE(z)": "log(exp(z[0]) + exp(z[1]) + exp(z[2]))"},
    [
        Step("LSE(z + b)", "log(exp(z[0] + b) + exp(z[1] + b) + exp(z[2] + b))", "definition"),
        Step("", "log(exp(b)*(exp(z[0]) + exp(z[1]) + exp(z[2])))", "a common factor"),
        Step(
            "",
            "log(exp(z[0]) + exp(z[1]) + exp(z[2]))",
            "the common factor cancels",
            planted="in softmax the factor e^b cancels against the denominator; LSE has none. "
            "The logarithm turns the factor into a term: LSE moves by b, just as max does.",
        ),
        Step("", "LSE(z)", "definition"),
    ],
    title="“LSE is invariant: LSE(z + b) = LSE(z)”",
    assume={"z": "real vector 3"},
)
