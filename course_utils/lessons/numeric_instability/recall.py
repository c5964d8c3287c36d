"""Section "Recall": two questions from notebook 01."""

from __future__ import annotations

from course_utils.teaching import Question

recall_shift_question = Question(
    "From notebook 01. Class 0 has a logit that is 3 above that of class 1; there are eight other classes. "
    "How many times more probable is class 0 than class 1?",
    ["3 times.", "e³ ≈ 20 times.", "It depends on the other eight logits.", "1/(1 + e^−3) ≈ 0.95 times."],
    "B",
    [
        "of ratios of logits. Softmax turns *differences* of logits into ratios of probabilities.",
        "The ratio p0/p1 is e^(z0 − z1): the sum over all classes cancels.",
        "of p0 alone, which does depend on them. In the ratio, the common denominator cancels.",
        "of the probability of class 0 when there are two classes only. The question asks for a ratio.",
    ],
    expected=[15, 55, 20, 10],
)

recall_pull_question = Question(
    "From notebook 01. The probabilities are (0.5, 0.3, 0.2). The logit of class 2 rises a little. "
    "Who pays more, class 0 or class 1?",
    ["Class 0.", "Class 1, because it is the nearer rival.", "Both the same.", "Neither: only p2 changes."],
    "A",
    [
        "Class i pays p_i·p2, and 0.5 is more than 0.3: everybody pays in proportion to what they have.",
        "of a race with the neighbor. The sum in the denominator hits everybody by the same *factor*.",
        "that the bill is split evenly. All are multiplied by the same factor, so the rich lose more.",
        "that outputs are independent. They share one denominator.",
    ],
    expected=[50, 20, 20, 10],
)
