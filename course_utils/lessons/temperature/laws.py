"""Section "Two laws of temperature": what T does to odds and to entropy."""

from course_utils.teaching import Question

which_temperature_question = Question(
    "One model gives the logits (1, 2, 3), another half as much, (0.5, 1, 1.5). "
    "At which temperature does the first give the probabilities that the second gives at T = 1?",
    ["T = 2.", "T = 0.5.", "At none: the ratios of the logits are the same, so the probabilities are too."],
    "A",
    [
        "Dividing by 2 halves all differences. The second model is the first, twice as hot.",
        "that T multiplies. T *divides* the logits; at T = 0.5 the differences of the first double.",
        "of dividing by the sum. Softmax looks at differences, and those are half as large in the second.",
    ],
    expected=[30, 55, 15],
)

entropy_question = Question(
    "Entropy measures, in nats, how uncertain a distribution is. What is the largest entropy that ten classes can have?",
    ["1", "log 10, about 2.303", "10", "There is no largest."],
    "B",
    [
        "that it is scaled like a probability. In *base* 10 the largest would be 1; here the logarithm is natural.",
        "At p = 1/10 each, every term is −1/10 log 1/10, and ten of them make log 10. No other p reaches it.",
        "that it counts classes. It is the logarithm of such a count: e^H is the number of equally likely "
        "classes that would be just as uncertain.",
        "that uncertainty has no end. With ten classes, nothing is more uncertain than all ten equally likely.",
    ],
    expected=[30, 40, 15, 15],
)
