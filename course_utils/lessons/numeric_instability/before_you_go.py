"""Section "Before you go"."""

from __future__ import annotations

from course_utils.teaching import Question

exit_question = Question(
    "Exit question. `z` holds logits of any size, `y` is the right class. Which line computes the loss safely?",
    [
        "`-np.log(softmax(z)[y])`, with a stable softmax.",
        "`-np.log(softmax(z)[y] + 1e-12)`",
        "`np.log(np.sum(np.exp(z))) - z[y]`",
        "`m + np.log(np.sum(np.exp(z - m))) - z[y]`, with `m = z.max()`.",
    ],
    "D",
    [
        "that a stable softmax makes everything after it stable. A probability that is 0 has no logarithm.",
        "of the error message, not of the number. It cannot exceed 27.64 now, however wrong the model is.",
        "of the log of softmax in closed form, which is right. But e^z itself overflows.",
        "This is logsumexp minus the logit of the right class: no exponential exceeds 1, and no logarithm sees a 0.",
    ],
    expected=[25, 25, 10, 40],
)
