"""Section "Recall"."""

from __future__ import annotations

from course_utils.teaching import Question

recall_log_question = Question(
    "From notebook 02. `np.log(softmax(z))` for z = (0, 1000): what is its first entry, and what would be right?",
    [
        "−1000, and that is right.",
        "−inf; right is −1000.",
        "nan; right is −1000.",
        "0; right is −1000.",
    ],
    "B",
    [
        "that a safe softmax makes everything after it safe. Its first entry is e^−1000, which a float rounds to 0.",
        "The safe softmax rounds e^−1000 to 0, and the logarithm of 0 is −inf. `log_softmax` never leaves "
        "the logarithm, so it gives −1000.",
        "of the other entry of the naive softmax, where inf/inf is nan. Its first one is 1/inf = 0, and the logarithm −inf here too.",
        "of the probability instead of its logarithm.",
    ],
    expected=[15, 65, 15, 5],
)

recall_ratio_question = Question(
    "From notebook 01. You add 5 to all four logits. What happens to −log p of the true class?",
    ["It falls by 5.", "It rises by 5.", "Nothing.", "That depends on which class is the true one."],
    "C",
    [
        "of −log p = −z_y + log Σ e^z and of its first term only. The second one rises by 5 at the same time.",
        "of the sum of exponentials only. It does grow, and so does the exponential of the true class.",
        "Softmax sees differences only. That is also why the entries of p − y must add up to 0: "
        "a step along (1, 1, 1, 1) changes nothing.",
        "that one class may profit. All exponentials are multiplied by the same number, which cancels.",
    ],
    expected=[10, 10, 75, 5],
)
