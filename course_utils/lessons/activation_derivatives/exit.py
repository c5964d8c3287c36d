"""“Before you go”."""

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
        "that it only needs patience. The slopes of saturated units are tiny, and ten of them multiply.",
        "of making up for small gradients. They are small by different, enormous factors from layer to layer; no one rate fits.",
        "1/28 is 1/√784: then Σ w x has the spread of its inputs, tanh works mostly where it is steep, and much more of the product of slopes survives.",
        "that tanh is to blame. The slope of the sigmoid is at most 1/4: the chain would shrink even faster.",
    ],
)
