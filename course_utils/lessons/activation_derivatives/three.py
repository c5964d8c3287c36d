"""Section "Three functions", and a ReLU made of a list."""

from course_utils.teaching import Question

peak_question = Question(
    "The sigmoid climbs from 0 to 1. How large is its largest slope?",
    ["1", "1/2", "1/4", "It depends on how far out you look."],
    "C",
    [
        "of its largest *value*, or of tanh. The sigmoid needs several units of x to climb by 1.",
        "of the value at 0, σ(0) = 1/2. The slope there is σ(0)·(1 − σ(0)).",
        "Its slope is σ(1 − σ), a product of two numbers that add up to 1. It is largest where they are equal: 1/2 · 1/2.",
        "that it keeps getting steeper. It flattens on both sides of 0.",
    ],
    expected=[40, 20, 35, 5],
)

list_question = Question(
    "Someone writes ReLU as `np.array([max(0, v) for v in x])` and tests it with `x = np.array([-1.5, -0.5])`. "
    "What comes out?",
    [
        "`array([0., 0.])`, as with `np.maximum(0, x)`.",
        "An array of *integers*.",
        "An error, because `max` cannot compare an int with a NumPy float.",
    ],
    "B",
    [
        "that the array remembers what it was made from. `max` returned its first argument, the integer 0, twice; "
        "of a list of integers NumPy makes an integer array.",
        "Both entries are the Python integer 0, so `np.array` chooses an integer type. Whatever is later written "
        "into that array loses its decimals, without a warning.",
        "of a strict language. Python compares numbers of different types without complaint.",
    ],
    expected=[55, 30, 15],
)
