"""Section "When do variances add?"."""

from course_utils.teaching import Derivation, Question, Step

variance_question = Question(
    "X1 and X2 both have mean 0 and variance 1. What is the variance of X1 + X2?",
    [
        "2, always: variances add.",
        "2 if X1 and X2 are uncorrelated; otherwise anything from 0 to 4.",
        "√2, always.",
        "4, always: twice the spread.",
    ],
    "B",
    [
        "of the rule without its condition. If X2 = −X1, the sum is 0.",
        "Var(X1 + X2) = Var X1 + Var X2 + 2 Cov(X1, X2), and the covariance lies between −1 and 1. "
        "Weights drawn independently with mean 0 make the terms w·x uncorrelated, even where the inputs are not.",
        "of the standard deviation, and of uncorrelated terms only.",
        "of X1 + X1. For terms that do not move together, much cancels.",
    ],
    expected=[30, 55, 10, 5],
)

depth_derivation = Derivation(
    {"G(u, v)": "(r*(u*d + v*e))^2", "g(k)": "(n*s^2*q)^k*a"},
    [
        Step(
            "G(u, v)",
            "r^2*(u^2*d^2 + 2*u*v*d*e + v^2*e^2)",
            "multiplied out: two squares and a mixed product",
        ),
        Step(
            "(G(s, s) + G(s, -s))/2",
            "r^2*s^2*(d^2 + e^2)",
            "both signs of a weight: the mixed product cancels",
            blank=True,
        ),
        Step("g(k + 1)/g(k)", "n*s^2*q", "so a layer of n units multiplies the square by n s² q", blank=True),
        Step(
            "log(g(k)/g(0))",
            "k*log(n*s^2*q)",
            "on a logarithmic axis a straight line, up or down",
            blank=True,
        ),
    ],
    title="The square of a gradient on its way back",
    assume=dict.fromkeys(("n", "s", "q", "a"), "positive"),
)
