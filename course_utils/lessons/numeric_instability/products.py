"""Section "Products of probabilities"."""

from __future__ import annotations

from course_utils.teaching import Question

product_question = Question(
    "A model gives each of a hundred independent events the probability 0.0001. "
    "What does `np.prod` say about all of them together?",
    ["`1e-400`", "`0.0`, with a warning", "`0.0`, without a warning", "`nan`"],
    "C",
    [
        "of the real numbers. The smallest positive float64 is about 4.9e−324.",
        "that NumPy tells you. It tells of overflow, of division by zero and of nan; underflow it lets pass.",
        "Underflow is silent: from some factor on, the product is 0, and stays 0.",
        "of overflow. Nothing here is infinite; 0 is a perfectly ordinary number, only the wrong one.",
    ],
    expected=[15, 40, 35, 10],
)
