"""Section "A smooth version of what?"."""

from course_utils.teaching import Question

smooth_question = Question(
    "max takes scores and returns *one number*, the largest score. argmax says *which* score that is. "
    "Of which of the two is softmax a smooth version?",
    [
        "Of max: the name says so.",
        "Of argmax: it says which score wins, in shares of 1.",
        "Of both.",
        "Of neither: it is a smooth version of the sum.",
    ],
    "B",
    [
        "of the name, and it misleads. Softmax of (1, 2, 4) is three numbers below 1; nothing like 4 is among them.",
        "Softmax returns one share per score. Sharpen it, and the winner's share goes to 1: the answer to "
        "*which*, not to *how much*.",
        "that a smooth version may answer two questions at once. Softmax does not return the size of the winner: "
        "adding 100 to all scores moves the maximum by 100 and softmax not at all.",
        "of the denominator, a sum of exponentials. Its logarithm is what this notebook is about.",
    ],
    expected=[50, 35, 10, 5],
)
