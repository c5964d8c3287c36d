"""Section "Repair the confidence"."""

from __future__ import annotations

from course_utils.teaching import Question

confidence_question = Question(
    "A network that was trained on 50 digits claims 90 % on average for new ones: that is the mean of its largest probabilities. "
    "How many of these does it get right?",
    [
        "90 %: a probability of 0.9 is right in nine of ten cases.",
        "90 % or more: training made it sure of what it knows.",
        "Only labels can tell.",
    ],
    "C",
    [
        "that confidence is accuracy. The two agree for a *calibrated* network, and whether it is one has to be measured.",
        "that confidence is earned. It is a number that training pushes towards 1, on images that the network comes to know by heart.",
        "Softmax makes numbers that add up to 1. Whether they are honest, only labels of new images can tell, "
        "as the calibration curve of notebook 03 does.",
    ],
    expected=[45, 15, 40],
)
