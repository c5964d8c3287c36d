"""Section "Are you ready?": five small questions on what the course takes for granted."""

from __future__ import annotations

from course_utils.teaching import Question

logarithm_question = Question(
    "Logarithms. What is log(a·b), for positive a and b?",
    ["log a · log b", "log a + log b", "log(a + b)"],
    "B",
    [
        "that the logarithm of a product is a product. It turns products into *sums*.",
        "It turns products into sums, as e^(x + y) = e^x · e^y turns sums into products.",
        "of the logarithm of a sum. That has no such rule, and is the subject of notebook 04.",
    ],
    expected=[10, 80, 10],
)

chain_question = Question(
    "The chain rule. What is the derivative of e^(3x) with respect to x?",
    ["e^(3x)", "3 e^(3x)", "3x e^(3x − 1)"],
    "B",
    [
        "of e^x, which is its own derivative. The inner function 3x has the derivative 3, and that is a factor.",
        "The derivative of the outer function, e^(3x), times that of the inner one, 3.",
        "of the rule for powers of x. Here x stands in the exponent.",
    ],
    expected=[20, 70, 10],
)

axis_question = Question(
    "Axes. What is `np.array([[1, 2], [3, 4]]).sum(axis=1)`?",
    ["`[4, 6]`", "`[3, 7]`", "`10`"],
    "B",
    [
        "that `axis=1` leaves the columns. It is the axis that is *summed over*: along each row.",
        "Axis 1 runs along a row, so each row becomes one number: 1 + 2 and 3 + 4.",
        "of the sum of everything, which is what `sum()` without an axis gives.",
    ],
    expected=[35, 60, 5],
)

broadcasting_question = Question(
    "Broadcasting. `a` has the shape (4, 3) and `b` the shape (3,). What is the shape of `a * b`?",
    ["(4, 3)", "(3,)", "None: the shapes do not fit."],
    "A",
    [
        "NumPy lines shapes up from the right: 3 meets 3, and b is used for each of the four rows.",
        "of a sum over the rows. `*` multiplies entry by entry and keeps all of them.",
        "that both must have equally many axes. A missing axis on the left is filled in; (4,) would not fit.",
    ],
    expected=[55, 5, 40],
)

product_question = Question(
    "Matrices. `W` has the shape (5, 3) and `x` the shape (3,). What is the shape of `W @ x`?",
    ["(5, 3)", "(3,)", "(5,)"],
    "C",
    [
        "of `W * x`, entry by entry. `@` adds up along each row.",
        "that the vector keeps its length. Each of the five rows gives one number.",
        "Each row of W meets x, three products are added up, and that happens five times.",
    ],
    expected=[20, 15, 65],
)
