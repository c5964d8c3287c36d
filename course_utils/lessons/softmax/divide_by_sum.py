"""Section "Why not divide by the sum?"."""

from __future__ import annotations

from course_utils.teaching import Question

divide_by_sum_question = Question(
    "A model gives three classes the scores 1, 0 and −4. To get probabilities you divide each score by the sum "
    "of the scores. What do you get?",
    [
        "Three numbers between 0 and 1 that add up to 1.",
        "Three numbers that add up to 1, but the lowest score gets the largest of them.",
        "An error, because scores must not be negative.",
    ],
    "B",
    [
        "that dividing by the sum always makes probabilities. It makes the *sum* 1, and nothing else.",
        "The sum is −3, so the division turns every sign around: −1/3, 0 and 4/3.",
        "that Python would protect you. It divides without complaint; only your eye can object to a "
        "probability of 4/3.",
    ],
    expected=[50, 40, 10],
)
