"""Section "Before you go"."""

from __future__ import annotations

from course_utils.teaching import Question

exit_question = Question(
    "Exit question. A training run starts at a loss of 45 on ten classes. What do you look at first?",
    [
        "The learning rate: it is too large.",
        "The initial weights, or the scale of the inputs: the first logits are far too large.",
        "The number of steps: training has hardly begun.",
    ],
    "B",
    [
        "of a loss that *climbs*. Before the first step the learning rate has not been used at all.",
        "Small logits start at log 10, about 2.3. A mean loss of 45 says that some right answer gets a probability of e^−45 or less.",
        "that every beginning is bad. An ignorant network that knows that it is ignorant starts at log 10.",
    ],
    expected=[45, 45, 10],
)
