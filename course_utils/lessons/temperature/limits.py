"""Section "The two limits": T → 0 and T → ∞."""

from course_utils.teaching import Question

zero_temperature_question = Question(
    "Three classes have the logits (1, 3, 3). Let T go to 0. Where do their probabilities go?",
    [
        "To (0, 1, 0): the first of the largest takes everything.",
        "To (0, ½, ½): the largest share.",
        "To (⅓, ⅓, ⅓).",
        "Nowhere: the formula divides by 0.",
    ],
    "B",
    [
        "of `argmax`, which has to name one class. Softmax gives equal logits equal probabilities at every T, and so in the limit.",
        "The odds between the two are e^0 = 1 at every T, and those of the first against them, e^(−2/T), go to 0.",
        "of T → ∞. Zero is the cold end.",
        "of T = 0 itself. There the formula says nothing; a limit asks where the values go on the way, and these go somewhere.",
    ],
    expected=[35, 35, 5, 25],
)
