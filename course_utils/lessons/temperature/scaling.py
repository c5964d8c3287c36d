"""“Scaling is a temperature”: multiplying all logits."""

from course_utils.teaching import Question

which_temperature_question = Question(
    "Model A gives the logits (1, 2, 3), model C ten times as much, (10, 20, 30). "
    "At which temperature does A give the probabilities that C gives at T = 1?",
    ["T = 10.", "T = 0.1.", "At none: the ratios of the logits are the same, so the probabilities are too."],
    "B",
    [
        "that more temperature means larger logits. T *divides* them; at T = 10 the differences of A shrink to 0.1.",
        "Dividing by 0.1 multiplies by 10. C is a colder A: λ = 1/T = 10.",
        "of dividing by the sum. Softmax looks at differences, and those are ten times as large in C.",
    ],
)
