"""“The two limits”: T → 0 and T → ∞."""

from course_utils.teaching import Question

zero_temperature_question = Question(
    "What does the formula p_i = e^(z_i/T) / Σ_j e^(z_j/T) say at T = 0?",
    [
        "1 for the largest logit and 0 for the others.",
        "The same probability for all.",
        "Nothing: it divides by 0.",
    ],
    "C",
    [
        "of the limit for T → 0. It exists, and is called `hardmax` here; but it is not a value of the formula, and at a tie it is "
        "not this one either: the largest logits share the 1.",
        "of T → ∞. Zero is the cold end.",
        "What a program makes of T = 0 is its own choice. The `softmax` of this course raises an error; a chatbot takes the most "
        "probable word.",
    ],
)
