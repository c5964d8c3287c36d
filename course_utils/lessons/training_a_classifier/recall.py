"""Section "Recall"."""

from __future__ import annotations

from course_utils.teaching import Question

recall_softmax_question = Question(
    "From notebook 02: somebody computes the loss as `-np.log(softmax(z)[y])`, in float64, with a softmax that subtracts the maximum. "
    "For which logits, with y = 0, does this fail, though nothing is wrong with the network?",
    ["(0, 0)", "(−800, 0)", "(800, 0)"],
    "B",
    [
        "that equal logits are a special case. They give one half each, and a loss of log 2.",
        "The probability of class 0 underflows to 0, and −log 0 is infinite; the true loss is 800. Compute log-softmax from the logits.",
        "that large logits overflow. This softmax gives 1 and 0, and the loss of the right class is 0.",
    ],
    expected=[15, 60, 25],
)

recall_push_question = Question(
    "From notebook 06: p = (0.7, 0.2, 0.1), and the right class is 1. What is the gradient of the loss with respect to the logits?",
    ["(0, −0.8, 0)", "(0.7, −0.8, 0.1)", "(0.7, 0.2, 0.1)", "(−0.7, 0.8, −0.1)"],
    "B",
    [
        "that only the right class gets a gradient. All three logits move: the sum of the probabilities is 1.",
        "It is p − y: subtract 1 at the right class. The entries add up to 0.",
        "of p alone. The target is still to be subtracted: p − y.",
        "of the direction of the *step*, which goes against the gradient.",
    ],
    expected=[15, 60, 10, 15],
)
