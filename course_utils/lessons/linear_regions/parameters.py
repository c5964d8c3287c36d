"""Section "How many parameters?"."""

from __future__ import annotations

from itertools import pairwise

from course_utils.teaching import Check, Contract, Exercise, Given, Mistake, Pick, Question

parameters_question = Question(
    "How many parameters (weights and biases) does a network with 2 inputs, one hidden layer of 20 units and 1 output have?",
    ["42", "60", "61", "81"],
    "D",
    [
        "that each of the 21 units has two numbers, one weight and one bias. A hidden unit here has *two* weights, "
        "one per input, and the output unit has twenty.",
        "of the weights only: 40 + 20. Every unit also has a bias.",
        "that only the output has a bias. So do the 20 hidden units.",
        "The hidden layer has 20·2 weights and 20 biases, the output 20 weights and 1 bias: 60 + 21.",
    ],
    expected=[35, 15, 10, 40],
)


def count_parameters(widths):
    total = 0
    for i in range(1, len(widths)):
        total += widths[i] * (widths[i - 1] + 1)
    return total


def any_widths(pick: Pick) -> Given:
    widest = pick.one_of(100, 100, 100, 5001)  # two such layers have more weights than a float32 can count
    return ([pick.whole(1, widest, 2, 20) for _ in range(pick.whole(2, 7))],)


parameters_exercise = Exercise(
    "Write `count_parameters(widths)`: how many weights and biases a network of these widths has.",
    Contract(
        "`widths` is a list of two or more whole numbers: inputs, hidden widths (if any), outputs, such as `[2, 20, 1]`. "
        "Every unit after the inputs has one weight per unit of the layer before, and one bias. Return a whole number.",
        inputs=any_widths,
    ),
    count_parameters,
    [
        Check("the shallow network", ([2, 20, 1],)),
        Check("the deep network", ([2, 5, 5, 5, 5, 1],)),
        Check("several outputs", ([3, 4, 10],)),
        Check("no hidden layer", ([5, 2],)),
        Check("one input", ([1, 2, 2, 1],)),
        Check("growing and shrinking", ([64, 32, 100, 7],)),
    ],
    [
        Mistake(
            lambda widths: sum(a * b for a, b in pairwise(widths)),
            "these are the weights. Every unit has a bias as well.",
        ),
        Mistake(
            lambda widths: 2 * sum(widths[1:]),
            "you count one weight and one bias per unit: this is how 2-20-1 comes to 42. A unit has one weight for *each* unit of the layer before.",
        ),
        Mistake(
            lambda widths: sum(a * b for a, b in pairwise(widths)) + sum(widths),
            "the inputs have no biases: nothing is computed there.",
        ),
        Mistake(
            lambda widths: sum(a * b for a, b in pairwise(widths)) + sum(widths[1:-1]),
            "the output units have biases, too.",
        ),
        Mistake(
            lambda widths: sum(a * b for a, b in pairwise(widths)) + len(widths) - 1,
            "you count one bias per layer. There is one per *unit*.",
        ),
        Mistake(
            lambda widths: sum((b + 1) * a for a, b in pairwise(widths)),
            "the bias is on the wrong side: `(n_in + 1) * n_out`, because each of the n_out units has n_in weights and 1 bias.",
        ),
        Mistake(
            lambda widths: (widths[0] + 1) * widths[1] + (widths[1] + 1) * widths[-1],
            "this counts the first hidden layer and an output behind it. Go through *all* neighboring pairs of widths.",
        ),
    ],
    [
        "Count layer by layer: what belongs to one unit?",
        "Σ n_out·(n_in + 1) over neighboring pairs of widths",
        "`zip(widths[:-1], widths[1:])`, or `itertools.pairwise(widths)`, gives the pairs (n_in, n_out).",
    ],
    payoff="You can now say how large any network of this kind is.",
)
