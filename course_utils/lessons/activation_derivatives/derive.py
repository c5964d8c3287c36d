"""Section "Derive the slopes": of sigmoid and tanh, line by line."""

from course_utils.teaching import Derivation, Step

SIGMOID = {"σ(t)": "1/(1 + exp(-t))"}

sigmoid_derivation = Derivation(
    SIGMOID,
    [
        Step(
            "σ'(x)",
            "exp(-x)/(1 + exp(-x))^2",
            "chain rule: the inner slope is −e^(−x), two minus signs cancel",
        ),
        Step("", "1/(1 + exp(-x)) * (exp(-x)/(1 + exp(-x)))", "two factors; the first is σ(x)"),
        Step("exp(-x)/(1 + exp(-x))", "1 - σ(x)", "what the first factor lacks to 1", blank=True),
        Step("σ'(x)", "σ(x)*(1 - σ(x))", "put together", blank=True),
        Step("", "1/4 - (σ(x) - 1/2)^2", "complete the square: at most 1/4, where σ(x) = 1/2", blank=True),
    ],
    title="The slope of the sigmoid",
    example={"x": 1},
)

tanh_derivation = Derivation(
    {"s": "(exp(x) - exp(-x))/2", "c": "(exp(x) + exp(-x))/2"},
    [
        Step("s'", "c", "the derivative of −e^(−x) is +e^(−x)"),
        Step("c'", "s", "and that of e^(−x) is −e^(−x)", blank=True),
        Step("diff(s/c, x)", "(c*c - s*s)/c^2", "quotient rule", blank=True),
        Step("", "1 - (s/c)^2", "divide term by term, and s/c is tanh(x)"),
        Step("", "4/(exp(x) + exp(-x))^2", "because c² − s² = 1: a form without a subtraction"),
    ],
    title="The slope of tanh = s/c",
    example={"x": 1},
)

relation_derivation = Derivation(
    SIGMOID,
    [
        Step("2*σ(2*x) - 1", "2/(1 + exp(-2*x)) - 1", "definition"),
        Step("", "(1 - exp(-2*x))/(1 + exp(-2*x))", "a common denominator", blank=True),
        Step("", "(exp(x) - exp(-x))/(exp(x) + exp(-x))", "multiply above and below by e^x", blank=True),
        Step("", "tanh(x)", "definition of tanh"),
        Step("diff(tanh(x), x)", "4*σ'(2*x)", "chain rule: twice as steep, and twice as high"),
    ],
    title="tanh is a stretched sigmoid",
    example={"x": 1},
)
