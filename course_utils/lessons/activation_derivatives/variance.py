"""“When do variances add?”"""

from course_utils.teaching import Question

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
        "Weights drawn independently make the terms w·x uncorrelated, even where the inputs are not.",
        "of the standard deviation, and of uncorrelated terms only.",
        "of X1 + X1. For terms that do not move together, much cancels.",
    ],
)
