"""“The two limits”: T → 0 and T → ∞."""

from course_utils.teaching import Question

zero_temperature_question = Question(
    "What should `softmax(z, temperature=0)` return?",
    [
        "1 for the largest logit and 0 for the others: that is the limit.",
        "The uniform distribution.",
        "An error.",
    ],
    "C",
    [
        "of the limit for T → 0, which exists and is called hardmax here. But z/0 is not a number, and a limit is not "
        "a value: whoever wants it should say so and call `hardmax`.",
        "of T → ∞. Zero is the cold end.",
        "The formula divides by T. The limit exists but has a name of its own, `hardmax`; a T of 0 is usually a bug "
        "somewhere else, and an error says so where it happens.",
    ],
)
