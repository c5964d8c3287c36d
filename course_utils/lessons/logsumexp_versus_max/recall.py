"""Section "Recall": questions from earlier notebooks."""

from course_utils.teaching import Question

recall_shift_question = Question(
    "From notebook 02. In float32, naive softmax of (1000, 1001, 1002) gives nan three times. Why?",
    [
        "The exponentials underflow to 0, and 0/0 is nan.",
        "The exponentials overflow to infinity, and infinity/infinity is nan.",
        "The scores are too large to be stored in float32.",
    ],
    "B",
    [
        "of scores near −104 or below. Those underflow; these are far on the other side.",
        "The exponential exceeds the largest float32 from about x = 89 on. Subtracting the maximum first cures it.",
        "that 1000 is a large number for a float. It is stored exactly; its *exponential* is what does not fit.",
    ],
    expected=[15, 75, 10],
)

recall_temperature_question = Question(
    "From notebook 03. You multiply all logits by λ = 10 before softmax. What is another name for that?",
    ["A temperature of 10.", "A temperature of 1/10.", "A shift by 10, which changes nothing."],
    "B",
    [
        "that a large factor is a high temperature. Softmax with temperature divides: z/T, so λ = 1/T.",
        "Dividing by T = 1/10 is multiplying by 10: cold, so the leader takes nearly everything.",
        "of *adding* 10 to all logits. Multiplying stretches their differences.",
    ],
    expected=[30, 65, 5],
)
