"""Section "Before you go"."""

from __future__ import annotations

from course_utils.teaching import Question

exit_question = Question(
    "Exit question. Model A gives the logits (1, 2, 3), model B (11, 12, 13), model C (10, 20, 30). "
    "Which of them give the same probabilities?",
    ["A and B.", "A and C.", "All three.", "No two of them."],
    "A",
    [
        "B is A with 10 added everywhere, and softmax does not see that.",
        "of ratios of scores: C is ten times A. Softmax sees differences, and those are ten times as large in C.",
        "that only the order counts. The order is the same in all three, but in C the winner takes nearly everything.",
        "that other logits mean other probabilities. Adding a constant is the one change that softmax cannot see.",
    ],
    expected=[65, 15, 10, 10],
)
