"""Section "Recall": questions from earlier notebooks."""

from course_utils.teaching import Question

recall_temperature_question = Question(
    "From notebook 03. Two classes have probabilities 0.9 and 0.1 at T = 1, a ratio of 9 : 1. What is the ratio at T = 2?",
    ["4.5 : 1", "3 : 1", "81 : 1", "9 : 1, for temperature does not change the order."],
    "B",
    [
        "of halving the ratio. T halves the difference of the *logits*, and differences become ratios.",
        "The ratio is e^(difference of logits). Half the difference is the square root of the ratio.",
        "of T = 1/2, which squares the ratio. A higher temperature brings probabilities closer together.",
        "that the same order means the same ratio. The order stays, the ratio does not.",
    ],
    expected=[35, 50, 10, 5],
)

recall_lse_question = Question(
    "From notebook 04. The smooth maximum of x and 0 is log(e^x + 1). What is its slope?",
    ["max(x, 0)", "1/(1 + e^(−x))", "1 for x > 0, otherwise 0", "1/(1 + e^x)"],
    "B",
    [
        "of the function that it smooths. The slope of a smooth max is a smooth *arg max*.",
        "The slope of LSE is softmax, here of the logits x and 0: the sigmoid. This function is called softplus; the section *Safe sigmoid, safe softplus* of notebook 05 computes it.",
        "of the slope of max itself. The smooth one goes from 0 to 1 gradually.",
        "of the other class: this is the probability of the 0, and the slope with respect to that one.",
    ],
    expected=[10, 65, 15, 10],
)
