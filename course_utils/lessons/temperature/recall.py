"""Section "Recall": questions from earlier notebooks."""

from course_utils.teaching import Question

recall_ratio_question = Question(
    "From 01. Adding 5 to z0 alone multiplies the odds p0/p1 by …",
    ["5", "e^5", "something that depends on all the logits"],
    "B",
    [
        "that odds follow the logits one to one. It is the *logarithm* of the odds that grows by 5.",
        "The odds p0/p1 are e^(z0 − z1). At temperature T the factor would be e^(5/T).",
        "of p0 itself, which does depend on all of them. In the odds, the common sum cancels.",
    ],
    expected=[15, 65, 20],
)

recall_log_question = Question(
    "From 02. Why is the loss −log p of the right class computed from the logits, with log_softmax, and not as "
    "`-np.log(softmax(z))`?",
    [
        "It is only faster.",
        "A probability may be too small for a float and become 0, and log(0) is −infinity; z − logsumexp(z) stays finite.",
        "Because softmax overflows for large logits, even if the largest is subtracted first.",
    ],
    "B",
    [
        "that the two differ in speed only. Try z = (0, −1000): one gives infinity, the other 1000.",
        "The logarithm and the exponential cancel on paper. Doing it on paper saves the digits.",
        "of overflow, which subtracting the largest logit does cure. What it cannot cure is p = 0.",
    ],
    expected=[10, 70, 20],
)
