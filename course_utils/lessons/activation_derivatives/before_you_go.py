"""Section "Before you go"."""

from course_utils.teaching import Question

exit_question = Question(
    "Exit question. A colleague's network of ten tanh layers with 784 units each hardly learns. "
    "The weights were drawn with standard deviation 1. What do you try first?",
    [
        "More training steps.",
        "A learning rate a thousand times larger.",
        "Weights with standard deviation 1/28.",
        "Sigmoid instead of tanh.",
    ],
    "C",
    [
        "that it only needs patience. The gradient at the first layer is about a hundred thousand times as long as that at the last: no step is right for both, however many there are.",
        "of gradients that have vanished, because the slopes of saturated units are tiny. With these weights they explode instead, about fourfold at each layer on the way back: larger steps make the first layers jump about even more.",
        "1/28 is 1/√784: then the sums Σ w x of a layer have the spread of its inputs, tanh works mostly where it is steep, and the gradient keeps about a quarter of its length through all ten layers.",
        "that tanh is to blame. With these weights most sigmoids are saturated too, and even their small slopes let the gradient grow by more than half at each layer on average. The scale is the trouble.",
    ],
    expected=[10, 20, 60, 10],
)
