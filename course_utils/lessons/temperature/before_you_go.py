"""Section "Before you go"."""

from course_utils.teaching import Question

exit_question = Question(
    "Exit question. On held-out images the best temperature of a network is T = 0.7. What do you know about it?",
    [
        "At T = 1 it is too sure of its answers.",
        "At T = 1 it is too cautious: surer probabilities fit the held-out labels better.",
        "At T = 0.7 it is more accurate than at T = 1.",
        "It needs more training.",
    ],
    "B",
    [
        "that the fit undoes too much heat. T < 1 *sharpens*; what needs sharpening was too cautious.",
        "Dividing by 0.7 makes differences larger: the data ask for more confidence than the network had.",
        "that calibration improves answers. The top class is the same at every T.",
        "that every misfit means too little training. Calibration says whether confidence and accuracy agree, no more.",
    ],
    expected=[25, 50, 20, 5],
)
