"""Section "Does softmax amplify differences?"."""

from __future__ import annotations

from course_utils.teaching import Question

amplify_question = Question(
    "Dividing the scores 1, 2 and 3 by their sum gives the best of them one half; softmax gives it more. "
    "For which scores does softmax give the best *less* than dividing does?",
    ["0.1, 0.2 and 0.3.", "10, 20 and 30.", "For none: softmax always sharpens."],
    "A",
    [
        "Dividing sees ratios, and gives one half again. Softmax sees differences, and these are small.",
        "that large scores come out flatter. Their differences are 10, and softmax gives the best nearly everything.",
        "of the slogan. How sharp softmax is depends on how large the *differences* are, in whatever unit the "
        "scores have.",
    ],
    expected=[35, 15, 50],
)
