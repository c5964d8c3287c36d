"""Section "The proof of the bounds", line by line."""

from course_utils.teaching import Derivation, Step

TWO_SCORES = {"LSE": "log(exp(λ*a) + exp(λ*b))/λ"}

lower_proof = Derivation(
    TWO_SCORES,
    [
        Step("LSE", "log(exp(λ*a)*(1 + exp(λ*(b - a))))/λ", "the larger exponential leaves the sum"),
        Step("", "a + log(1 + exp(λ*(b - a)))/λ", "logarithm of a product"),
        Step("exp(λ*(b - a))", "0", "no exponential is negative", relation=">="),
        Step("LSE", "a", "so the logarithm is at least log 1 = 0", relation=">="),
    ],
    title="Never below the larger score",
    assume={"λ": "positive"},
    given=("a >= b",),
    example={"a": 2, "b": 1.5, "λ": 3},
)

upper_proof = Derivation(
    TWO_SCORES,
    [
        Step(
            "LSE - a",
            "log(1 + exp(λ*(b - a)))/λ",
            "the larger exponential leaves the sum, and its logarithm is λ·a",
        ),
        Step("λ*(b - a)", "0", "a is the larger score", relation="<="),
        Step("exp(λ*(b - a))", "1", "the exponential keeps the order: what is it at 0?", "<=", blank=True),
        Step("1 + exp(λ*(b - a))", "2", "add 1", "<=", blank=True),
        Step("LSE - a", "log(2)/λ", "the logarithm keeps the order, and λ is positive", "<=", blank=True),
    ],
    title="Never far above it",
    assume={"λ": "positive"},
    given=("a >= b",),
    example={"a": 2, "b": 1.5, "λ": 3},
)

both_bounds = Derivation(
    TWO_SCORES,
    [
        Step("max(a, b)", "LSE", "lower bound", relation="<="),
        Step("", "max(a, b) + log(2)/λ", "upper bound", relation="<="),
    ],
    title="Both bounds, whichever score is the larger",
    assume={"λ": "positive"},
)
