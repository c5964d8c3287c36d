"""Section "All classes at once": the Jacobian of softmax, and the gradient it leads to."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.arrays import clean
from course_utils.lessons.cross_entropy_derivation.four_classes import CLASSES, class_bars, logit_sliders
from course_utils.numerics.losses import one_hot
from course_utils.numerics.softmax import softmax, softmax_jacobian
from course_utils.teaching import Choice, Demo, Derivation, Picture, Question, Step, Table, look
from course_utils.teaching.drawing import marks
from course_utils.teaching.text import format_list, format_number


def jacobian_to_gradient(z: tuple[float, ...], label: str) -> Picture:
    """Show the Jacobian of softmax as tiles, and the gradient it gives beside that of its diagonal alone."""
    true = CLASSES.index(label)
    logits, y = np.array(z), one_hot(true, 4)
    p = softmax(logits)
    jacobian = softmax_jacobian(logits)
    gradient = p - y
    diagonal = np.diag(jacobian) * (-y / p)

    figure, (left, right) = look.panels(2, left=52, gap=60)
    # Diagonal entries p(1 − p) are at most 1/4, and so are the others in size.
    left.imshow(jacobian, cmap="RdBu", vmin=-0.25, vmax=0.25, gid="Jacobian", aspect="auto")
    for (i, j), value in np.ndenumerate(jacobian):
        color = "white" if abs(value) > 0.17 else "black"
        written = f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")
        left.text(j, i, written, ha="center", va="center", color=color)
    left.axhspan(true - 0.49, true + 0.49, fill=False, edgecolor=look.OUTLINE, linewidth=3, gid="guide")
    left.set_xticks(range(4), [f"z{j}" for j in range(4)])
    left.set_yticks(range(4), [f"p{i}" for i in range(4)])
    left.set_title("Jacobian ∂p (row) / ∂z (column)")
    left.grid(False)
    class_bars(right, gradient, "gradient", look.LOGITS, "gradient of the loss", CLASSES, true)
    marks(right, diagonal, "diagonal alone", "diagonal alone", "upper center")
    right.set_ylim(-1.1, 1.55)
    right.set_yticks(np.linspace(-1, 1, 5))
    return Picture(
        figure,
        f"The gradient is {format_list(gradient)}. "
        f"It is the row of {label} divided by −{format_number(p[true])}. "
        f"The diagonal alone would give {format_list(diagonal)}: only the true class would move.",
        Table(
            f"Gradient of −log p with respect to each logit; the true class is {label}",
            {
                "": CLASSES,
                "class": np.arange(4),
                "z": logits,
                "p": p,
                "gradient": gradient,
                "diagonal alone": diagonal,
                **{f"∂p/∂z{j}": jacobian[:, j] for j in range(4)},
            },
            {"sum of the gradient": clean(gradient.sum())},
        ),
        {"Jacobian": jacobian},
    )


jacobian_demo = Demo(
    jacobian_to_gradient,
    (logit_sliders(), Choice("label", "True class", options=CLASSES, initial="fox")),
    title="From the Jacobian to the gradient.",
    look_for="The outlined row, divided by −p of the true class, is the whole gradient. The diamonds use one tile of it.",
    presets={
        "The bear was right": {"label": "bear"},
        "No idea": {"z": (0, 0, 0, 0)},
        "Sure and right": {"z": (-4, -4, 4, -4)},
        "Sure and wrong": {"z": (-4, -4, 4, -4), "label": "dog"},
    },
)

SOFTMAX_OF_N = {"S": "sum(exp(z))", "p(i)": "exp(z[i])/S"}
ANY_LENGTH = {"z": "real vector n", "i": "index", "j": "index"}

jacobian_derivation = Derivation(
    SOFTMAX_OF_N,
    [
        Step("diff(S, z[j])", "exp(z[j])", "only one term of the sum depends on $z_j$"),
        Step(
            "diff(p(i), z[j])",
            "(delta(i, j)*exp(z[i])*S - exp(z[i])*exp(z[j]))/S^2",
            "quotient rule; δ is 1 if i = j, else 0",
        ),
        Step("", "p(i)*(delta(i, j) - p(j))", "both terms divided by S twice", blank=True),
        Step("diff(p(i), z[i])", "p(i)*(1 - p(i))", "the diagonal: i = j", blank=True),
    ],
    title="The Jacobian of softmax, any number of classes",
    assume=ANY_LENGTH,
)

gradient_derivation = Derivation(
    {**SOFTMAX_OF_N, "L": "-sum(y*(z - log(S)))"},
    [
        Step("log(p(i))", "z[i] - log(S)", "logarithm of a quotient; the sum in S has an index of its own"),
        Step("L", "log(S)*sum(y) - dot(y, z)", "multiplied out: every class has the same log S"),
        Step("diff(S, z[i])", "exp(z[i])", "only one term depends on $z_i$"),
        Step("diff(log(S), z[i])", "p(i)", "chain rule: the slope of LSE is softmax", blank=True),
        Step("diff(L, z[i])", "p(i)*sum(y) - y[i]", "lines 2 and 4", blank=True),
    ],
    title="The gradient of cross-entropy, any number of classes, any target",
    assume={"z": "real vector n", "y": "real vector n", "i": "index"},
)

only_true_question = Question(
    "The loss is −log p of the true class, fox: no other p stands in it. One step of gradient descent on "
    "the four logits: which of them move?",
    [
        "Only that of the fox.",
        "That of the fox goes up, all others go down, each in proportion to its p.",
        "That of the fox goes up, that of the strongest rival goes down, the others stay.",
        "All go up, because all probabilities should be good.",
    ],
    "B",
    [
        "that a logit which is not written in the loss is not in it. It is: the sum in the denominator of p "
        "contains all logits.",
        "The gradient is p − y. Against it, the fox is pushed up by 1 − p, every other class down by its own "
        "p.",
        "of a duel. Every class that holds probability has to give some back; the strongest rival only gives "
        "most.",
        "that the pushes are independent. They add up to 0: what one gains the others lose.",
    ],
)
