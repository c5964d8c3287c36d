"""Section "Before you go"."""

from __future__ import annotations

from course_utils.teaching import Question

exit_question = Question(
    "Exit question. p = (0.7, 0.2, 0.1), and class 1 is the true one. What is the gradient of the cross-entropy with "
    "respect to the logits?",
    ["(0.7, −0.8, 0.1)", "(0, −0.8, 0)", "(0, −5, 0)", "(−0.7, 0.8, −0.1)"],
    "A",
    [
        "It is p − y with y = (0, 1, 0). It adds up to 0.",
        "that only the true class gets a gradient. The others are in the denominator, and −0.8 alone does not add up to 0.",
        "of the slope with respect to p, −1/p. The Jacobian of softmax is still missing.",
        "of the direction in which gradient descent *moves*, −(p − y). The gradient itself points uphill.",
    ],
    expected=[60, 15, 10, 15],
)
