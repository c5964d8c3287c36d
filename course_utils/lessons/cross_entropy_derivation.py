"""Lesson 06: cross-entropy. What the notebook ``06_cross_entropy_derivation`` shows, proves, asks and sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from course_utils.numerics.losses import kl_divergence, one_hot
from course_utils.numerics.softmax import entropy, log_softmax, softmax, softmax_jacobian, softmax_vjp
from course_utils.teaching import (
    Check,
    Choice,
    Contract,
    Demo,
    Derivation,
    Exercise,
    Float,
    Integer,
    Mistake,
    Picture,
    Question,
    Step,
    Table,
    Vector,
    look,
)
from course_utils.teaching.drawing import bars, marks
from course_utils.teaching.text import format_list, format_number

Array = npt.NDArray[np.floating[Any]]

CLASSES = ("cat", "dog", "fox", "bear")

# ---------------------------------------------------------------------------------------------------
# Pictures
# ---------------------------------------------------------------------------------------------------


def _clean(value: float) -> float:
    """Drop rounding noise, which depends on the processor."""
    return float(np.round(value, 12))


def _bars(
    axes: Axes, heights: Array, gid: str, color: str, title: str, names: Sequence[str], true: int
) -> None:
    """Draw one bar per class and say below which class is the true one."""
    bars(axes, heights, gid, color, title, [f"{n}\n(true)" if i == true else n for i, n in enumerate(names)])


def _point(axes: Axes, x: str, y: str, data: dict[str, Array], marker: str, color: str) -> None:
    axes.plot(
        data[x],
        data[y],
        marker,
        color=color,
        markeredgecolor=look.OUTLINE,
        markersize=11,
        gid=f"{x} | {y}",
    )


CURVE_P = np.geomspace(1e-4, 1, 161)


def confident_and_wrong(z: tuple[float, ...], label: str) -> Picture:
    """Show the probabilities of four classes, and the surprise of the true one on the curve −log p."""
    true = CLASSES.index(label)
    logits = np.array(z)
    p, surprise = softmax(logits), -log_softmax(logits)
    arrays = {
        "curve p": CURVE_P,
        "curve loss": -np.log(CURVE_P),
        "p of the true class": p[[true]],
        "loss": surprise[[true]],
    }

    figure, (left, right) = look.panels(2, left=52)
    _bars(left, p, "p", look.PROBABILITIES, "probabilities p", CLASSES, true)
    left.set_ylim(0, 1.05)
    right.plot(CURVE_P, -np.log(CURVE_P), color=look.OUTLINE, gid="curve p | curve loss")
    _point(right, "p of the true class", "loss", arrays, "o", look.PROBABILITIES)
    right.set(xlim=(-0.07, 1.07), ylim=(-0.5, 9.8), xlabel="p of the true class", ylabel="loss in nats")
    right.set_title("loss −log p")

    favorite = int(np.argmax(p))
    if p[true] < p[favorite]:
        verdict = (
            f"The model prefers {CLASSES[favorite]}, with p = {format_number(p[favorite])}: "
            "the surer it is of that, the larger the loss."
        )
    else:
        verdict = "No class is more probable than the true one."
    return Picture(
        figure,
        f"The loss is {format_number(surprise[true])} nats: the true class, {label}, has p = {format_number(p[true])}. "
        f"{verdict} On the curve, the loss is 0 where that p is 1 and grows without bound as it goes to 0.",
        Table(
            f"Logits, probabilities and surprise; the true class is {label}",
            {
                "": CLASSES,
                "z": logits,
                "p": p,
                "y": one_hot(true, 4),
                "−log p": surprise,
            },
            {"loss": surprise[true]},
        ),
        arrays,
    )


def push_and_pull(z: tuple[float, ...], label: str, rate: float) -> Picture:
    """Show the push −(p − y) on every logit, and what one step along it does to the probabilities."""
    true = CLASSES.index(label)
    logits, y = np.array(z), one_hot(true, 4)
    p = softmax(logits)
    push = y - p
    after = logits + rate * push
    p_after = softmax(after)
    loss, loss_after = -log_softmax(logits)[true], -log_softmax(after)[true]
    up, down = np.where(push > 0, push, np.nan), np.where(push < 0, push, np.nan)

    figure, (left, right) = look.panels(2, left=58)
    _bars(left, push, "−(p − y)", look.LOGITS, "push −(p − y) on each logit", CLASSES, true)
    for values, name, marker in ((up, "up", "^"), (down, "down", "v")):
        left.plot(
            np.arange(4), values, marker, color=look.BLACK, markersize=9, clip_on=False, gid=f"class | {name}"
        )
    left.set_ylim(-1.12, 1.12)
    _bars(right, p, "p", look.PROBABILITIES, "p before and after the step", CLASSES, true)
    marks(right, p_after, "p after", "after the step", "upper center")
    right.set_ylim(0, 1.3)
    right.set_yticks(np.linspace(0, 1, 5))

    others = np.delete(np.arange(4), true)
    moved = (
        f"A step of size {format_number(rate)} takes the loss from {format_number(loss, 4)} to {format_number(loss_after, 4)}."
        if rate
        else f"With step size 0 nothing moves: the loss stays {format_number(loss, 4)}."
    )
    return Picture(
        figure,
        f"{moved} {label.capitalize()} is pushed by {format_number(push[true])}, "
        f"{format_list([CLASSES[i] for i in others])} by {format_list(push[others])}: "
        f"together {format_number(_clean(push.sum()))}.",
        Table(
            f"One step of gradient descent on the logits; the true class is {label}",
            {
                "": CLASSES,
                "class": np.arange(4),
                "z": logits,
                "p": p,
                "y": y,
                "−(p − y)": push,
                "z after": after,
                "p after": p_after,
            },
            {"sum of the pushes": _clean(push.sum()), "loss": loss, "loss after": loss_after},
        ),
        {"up": up, "down": down},
    )


WINDOW_P = np.linspace(0.01, 0.99, 99)
WINDOW_Z = np.linspace(-8, 8, 129)
LOG_LOSS, SQUARED = "log loss", "squared error"


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def log_loss_and_squared_error(z: float, target: str) -> Picture:
    """Compare two losses of one probability, and their slopes with respect to the logit."""
    y = int(target[-1])

    def losses(p: Any) -> tuple[Any, Any]:
        return -np.log(p if y else 1 - p), (p - y) ** 2

    def slopes(logit: Any) -> tuple[Any, Any]:
        p, q = _sigmoid(logit), _sigmoid(-logit)
        error = -q if y else p
        return error, 2 * error * p * q

    p = _sigmoid(z)
    here, slope = (-np.log(p if y else _sigmoid(-z)), (p - y) ** 2), slopes(z)
    arrays = {"p": WINDOW_P, "z": WINDOW_Z, "p now": np.array([p]), "z now": np.array([z])}
    figure, (left, right) = look.panels(2, left=52)
    styles = ((LOG_LOSS, look.PROBABILITIES, "-", "o"), (SQUARED, look.LOGITS, "--", "s"))
    for k, (name, color, dash, marker) in enumerate(styles):
        arrays |= {
            name: losses(WINDOW_P)[k],
            f"slope of {name}": slopes(WINDOW_Z)[k],
            f"{name} now": np.array([here[k]]),
            f"slope of {name} now": np.array([slope[k]]),
        }
        left.plot(WINDOW_P, arrays[name], dash, color=color, label=name, gid=f"p | {name}")
        right.plot(WINDOW_Z, arrays[f"slope of {name}"], dash, color=color, gid=f"z | slope of {name}")
        _point(left, "p now", f"{name} now", arrays, marker, color)
        _point(right, "z now", f"slope of {name} now", arrays, marker, color)
    left.set(xlim=(-0.07, 1.07), ylim=(-0.5, 8.9), xlabel="probability p of y = 1")
    left.set_title(f"loss, target {target}")
    left.legend(loc="upper center")
    right.axhline(0, color=look.OUTLINE, linewidth=1, gid="guide")
    right.set(xlim=(-9, 9), ylim=(-1.2, 1.2), xlabel="logit z")
    right.set_title("slope with respect to the logit")

    ratio = slope[0] / slope[1]
    return Picture(
        figure,
        f"At z = {format_number(z)} the slope of log loss is {format_number(slope[0], 5)}, "
        f"that of squared error {format_number(slope[1])}. "
        f"The target is {target} and p = {format_number(p)}; "
        f"log loss pushes {format_number(round(ratio) if ratio > 100 else ratio)} times as hard.",
        Table(
            f"Two losses of the same prediction, target {target}",
            {
                "": (LOG_LOSS, SQUARED),
                "loss": np.array(here),
                "slope with respect to z": np.array(slope),
            },
            {"p of y = 1": p, "ratio of the slopes": ratio, "z": z, "y": y},
        ),
        arrays,
    )


def surprise_meter(q: float, smoothing: float) -> Picture:
    """Split the cross-entropy of a smoothed target into its entropy and a divergence."""
    y = (1 - smoothing) * one_hot(0, 4) + smoothing / 4

    def prediction(of_true: Any) -> Any:
        of_true = np.asarray(of_true)[..., None]
        return np.where(np.arange(4) == 0, of_true, (1 - of_true) / 3)

    p = prediction(q)
    h, ce = float(entropy(y)), float(-np.sum(y * np.log(p)))
    kl = _clean(float(kl_divergence(np.log(p), y)))
    curve = -np.sum(y * np.log(prediction(WINDOW_P)), axis=-1)
    best = float(y[0])

    figure, (left, middle, right) = look.panels(3, left=44, gap=44)
    _bars(left, y, "y", look.TARGET, "target y, prediction p", ("true", "1", "2", "3"), -1)
    marks(left, p, "p", "p")
    left.set_ylim(0, 1.05)
    for position, (name, height, bottom, color, hatch) in enumerate(
        (
            ("H", h, 0.0, look.TARGET, ""),
            ("KL", kl, h, look.YELLOW, "//"),
            ("CE", ce, 0.0, look.PROBABILITIES, ""),
        )
    ):
        drawn = middle.bar([position], [height], color=color, hatch=hatch, edgecolor=look.OUTLINE, gid=name)
        drawn[0].set_y(bottom)  # passed to bar, it would round the height
    middle.set_xticks(range(3), ["H", "KL", "CE"])
    middle.set_ylim(0, 5)
    middle.set_title("H + KL = CE")
    right.plot(WINDOW_P, curve, color=look.PROBABILITIES, gid="curve p | curve CE")
    right.axvline(best, color=look.REFERENCE, linestyle=":", label="best p", gid="guide")
    right.axhline(h, color=look.TARGET, linestyle="--", label="H", gid="guide")
    right.plot([q], [ce], "o", color=look.BLACK, markeredgecolor="white", markersize=10, gid="q | CE")
    right.set(xlim=(-0.04, 1.04), ylim=(0, 5), xlabel="p of the true class")
    right.set_title("CE in nats")
    right.legend(loc="upper center", borderpad=0.3)
    return Picture(
        figure,
        f"Cross-entropy {format_number(ce)} nats = entropy {format_number(h)} + divergence {format_number(kl)}. "
        f"The target gives the true class {format_number(best)}, so the loss would be smallest at "
        f"p = {format_number(best)}, and there it is {format_number(h)}.",
        Table(
            f"Target with smoothing {format_number(smoothing)}, and prediction",
            {
                "": ("true class", "other class 1", "other class 2", "other class 3"),
                "class": np.arange(4),
                "y": y,
                "p": p,
            },
            {"entropy of y": h, "KL(y‖p)": kl, "cross-entropy": ce, "best p of the true class": best},
        ),
        {
            "H": np.array([h]),
            "KL": np.array([kl]),
            "CE": np.array([ce]),
            "q": np.array([q]),
            "curve p": WINDOW_P,
            "curve CE": curve,
        },
    )


LEADS = np.linspace(-4, 12, 129)


def double_softmax(lead: float, classes: int) -> Picture:
    """Show what becomes of probabilities and loss when softmax is taken a second time by mistake."""

    def logits(of_true: Any) -> Any:
        return np.where(np.arange(classes) == 0, np.asarray(of_true)[..., None], 0.0)

    y = one_hot(0, classes)
    z = logits(lead)
    p, twice = softmax(z), softmax(softmax(z))
    once_curve = -log_softmax(logits(LEADS))[:, 0]
    twice_curve = -log_softmax(softmax(logits(LEADS)))[:, 0]
    loss, loss_twice = -log_softmax(z)[0], -log_softmax(p)[0]
    ceiling = np.e / (np.e + classes - 1)
    push, push_twice = 1 - p[0], -softmax_vjp(z, twice - y)[0]
    arrays = {
        "lead": LEADS,
        "loss": once_curve,
        "loss, softmax twice": twice_curve,
        "lead now": np.array([lead]),
        "loss now": np.array([loss]),
        "loss now, softmax twice": np.array([loss_twice]),
    }

    figure, (left, right) = look.panels(2, left=52)
    names = [str(i) for i in range(classes)]
    _bars(left, p, "p", look.PROBABILITIES, "softmax once and twice", names, -1)
    left.axhline(ceiling, color=look.REFERENCE, linestyle=":", label="its ceiling", gid="guide")
    marks(left, twice, "softmax of p", "softmax of p")
    left.set(xlim=(-0.7, 9.7), ylim=(0, 1.45), xlabel="class (0 is the true one)")
    left.set_yticks(np.linspace(0, 1, 5))
    right.plot(LEADS, once_curve, color=look.PROBABILITIES, label="right", gid="lead | loss")
    right.plot(
        LEADS,
        twice_curve,
        "--",
        color=look.BLACK,
        label="softmax twice",
        gid="lead | loss, softmax twice",
    )
    _point(right, "lead now", "loss now", arrays, "o", look.PROBABILITIES)
    _point(right, "lead now", "loss now, softmax twice", arrays, "D", look.BLACK)
    right.axhline(-np.log(ceiling), color=look.REFERENCE, linestyle=":", label="its floor", gid="guide")
    right.set(xlim=(-5, 13), ylim=(-0.5, 6.8), xlabel="lead of the true class's logit")
    right.set_title("loss in nats")
    right.legend(loc="upper right")
    return Picture(
        figure,
        f"The loss is {format_number(loss)}; with softmax taken twice it is {format_number(loss_twice)}. "
        f"Twice means that p of the true class cannot exceed {format_number(ceiling)}, "
        f"so the loss cannot fall below {format_number(-np.log(ceiling))}. "
        f"The push on the true logit is {format_number(push)} when right, {format_number(push_twice)} when taken twice.",
        Table(
            f"{classes} classes; the logit of class 0 leads by {format_number(lead)}",
            {
                "": [f"class {i}" for i in range(classes)],
                "class": np.arange(classes),
                "z": z,
                "p": p,
                "softmax of p": twice,
            },
            {
                "loss": loss,
                "loss, softmax twice": loss_twice,
                "ceiling of p": ceiling,
                "floor of the loss": -np.log(ceiling),
                "push on the true logit": push,
                "push, softmax twice": push_twice,
            },
        ),
        arrays,
    )


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
    _bars(right, gradient, "gradient", look.LOGITS, "gradient of the loss", CLASSES, true)
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
            {"sum of the gradient": _clean(gradient.sum())},
        ),
        {"Jacobian": jacobian},
    )


def summed_binary_form(z: tuple[float, ...], true: int) -> Picture:
    """Hold p − y against the gradient of the sum of all binary cross-entropies of softmax's outputs."""
    logits, y = np.array(z), one_hot(true, 3)
    p = softmax(logits)
    by_p = (p - y) / (p * (1 - p))
    gradient = softmax_vjp(logits, by_p)
    flipped = np.flatnonzero(gradient * (p - y) < 0)

    figure, (axes,) = look.panels(1, left=60)
    _bars(axes, p - y, "p − y", look.LOGITS, "p − y, and the gradient of the summed binary form", "012", true)
    marks(axes, gradient, "gradient of the sum", "gradient of the sum")
    axes.set(xlim=(-0.6, 3.2), ylim=(-2.2, 2.2))
    signs = (
        "All signs agree here, the sizes do not."
        if len(flipped) == 0
        else f"The sign of {format_list([f'class {i}' for i in flipped])} is the opposite."
    )
    return Picture(
        figure,
        f"p − y is {format_list(p - y)}; the gradient of the summed binary form is {format_list(gradient)}. {signs}",
        Table(
            f"Two gradients with respect to the logits; the true class is {true}",
            {
                "": [f"class {i}" for i in range(3)],
                "class": np.arange(3),
                "z": logits,
                "p": p,
                "p − y": p - y,
                "∂ sum/∂p": by_p,
                "gradient of the sum": gradient,
            },
        ),
    )


# ---------------------------------------------------------------------------------------------------
# Demos
# ---------------------------------------------------------------------------------------------------

Z4 = ("z0", "z1", "z2", "z3")


def _logits(initial: tuple[float, ...] = (0.1, -2, 3.4, 3.3)) -> Vector:
    return Vector("z", "Logits z", entries=Z4, low=-4, high=4, initial=initial, step=0.1)


confident_demo = Demo(
    confident_and_wrong,
    (_logits(), Choice("label", "True class", options=CLASSES, initial="fox")),
    title="Confident and wrong.",
    look_for="Change the true class while the logits rest: the same p can be cheap or expensive.",
    presets={
        "Sure and right": {"z": (-4, -4, 4, -4)},
        "Sure and wrong": {"z": (-4, -4, 4, -4), "label": "dog"},
        "No idea": {"z": (0, 0, 0, 0)},
        "A close call": {"label": "bear"},
    },
)

push_demo = Demo(
    push_and_pull,
    (
        _logits(),
        Choice("label", "True class", options=CLASSES, initial="fox"),
        Float("rate", "Step size", low=0, high=2, initial=1, step=0.1),
    ),
    title="Push and pull.",
    look_for="Who pays for the push on the true class, and who pays most?",
    presets={
        "Sure and wrong": {"z": (-4, -4, 4, -4), "label": "dog"},
        "Sure and right": {"z": (-4, -4, 4, -4)},
        "No idea": {"z": (0, 0, 0, 0)},
        "The cat was right": {"label": "cat", "rate": 2},
    },
)

losses_demo = Demo(
    log_loss_and_squared_error,
    (
        Float("z", "Logit z", low=-8, high=8, initial=-2, step=0.5),
        Choice("target", "Target y", options=("y = 1", "y = 0")),
    ),
    title="Log loss against squared error.",
    look_for="Walk to the side where the model is sure and wrong: which slope is still there?",
    presets={
        "Sure and wrong": {"z": -8},
        "Sure and right": {"z": 8},
        "Undecided": {"z": 0},
        "Sure and wrong, target 0": {"z": 8, "target": "y = 0"},
    },
)

surprise_demo = Demo(
    surprise_meter,
    (
        Float("q", "p of the true class", low=0.01, high=0.99, initial=0.6, step=0.01),
        Float("smoothing", "Smoothing ε", low=0, high=0.5, initial=0, step=0.05),
    ),
    title="Surprise meter.",
    look_for="Only KL can be brought to zero by learning. Where is the bottom of the curve, and how deep is it?",
    presets={
        "Sure": {"q": 0.99},
        "Sure, smoothed target": {"q": 0.99, "smoothing": 0.2},
        "As sure as the target": {"q": 0.85, "smoothing": 0.2},
        "No idea": {"q": 0.25, "smoothing": 0.2},
    },
)

double_demo = Demo(
    double_softmax,
    (
        Float("lead", "Lead of the true logit", low=-4, high=12, initial=4, step=0.5),
        Integer("classes", "Number of classes", low=2, high=10, initial=4),
    ),
    title="Double softmax.",
    look_for="Let the model become perfect: which of the two losses notices?",
    presets={
        "A perfect model": {"lead": 12},
        "No idea": {"lead": 0},
        "Sure and wrong": {"lead": -4},
        "Perfect among ten classes": {"lead": 12, "classes": 10},
    },
)

jacobian_demo = Demo(
    jacobian_to_gradient,
    (_logits(), Choice("label", "True class", options=CLASSES, initial="fox")),
    title="From the Jacobian to the gradient.",
    look_for="The outlined row, divided by −p of the true class, is the whole gradient. The diamonds use one tile of it.",
    presets={
        "The bear was right": {"label": "bear"},
        "No idea": {"z": (0, 0, 0, 0)},
        "Sure and right": {"z": (-4, -4, 4, -4)},
        "Sure and wrong": {"z": (-4, -4, 4, -4), "label": "dog"},
    },
)

binary_demo = Demo(
    summed_binary_form,
    (
        Vector("z", "Logits z", entries=("z0", "z1", "z2"), low=-4, high=4, initial=(0, 1, -0.5), step=0.1),
        Integer("true", "True class", low=0, high=2, initial=0),
    ),
    title="p − y is not the gradient of the summed binary form.",
    look_for="Find logits for which a diamond lies on the other side of zero than its bar.",
    presets={
        "A sign flips": {"z": (0, 2, 3)},
        "No idea": {"z": (0, 0, 0)},
        "Sure and right": {"z": (4, -4, -4)},
    },
)

# ---------------------------------------------------------------------------------------------------
# Derivations
# ---------------------------------------------------------------------------------------------------

TWO_CLASSES = {"f": "exp(x)/(exp(x) + b)", "SC": "-a*log(f) - (1 - a)*log(1 - f)"}
BETWEEN = {"b": "positive"}
NUMBERS = {"x": 1, "b": 2, "a": 1}

two_class_derivation = Derivation(
    TWO_CLASSES,
    [
        Step("f'", "(exp(x)*(exp(x) + b) - exp(x)*exp(x))/(exp(x) + b)^2", "quotient rule"),
        Step("", "exp(x)*b/(exp(x) + b)^2", "the squares cancel", blank=True),
        Step("f'/f", "b/(exp(x) + b)", "divide by f", blank=True),
        Step("", "1 - f", "what is missing from f to 1"),
        Step("-f'/(1 - f)", "-exp(x)/(exp(x) + b)", "divide by 1 − f in the same way", blank=True),
        Step("", "-f", "definition of f"),
        Step("SC'", "-a*f'/f + (1 - a)*f'/(1 - f)", "chain rule, once for each logarithm"),
        Step("", "-a*(1 - f) + (1 - a)*f", "lines 4 and 6", blank=True),
        Step("", "f - a", "the products a·f cancel", blank=True),
    ],
    title="The slope of the loss, two classes",
    assume=BETWEEN,
    example=NUMBERS,
)

slips_derivation = Derivation(
    TWO_CLASSES,
    [
        Step("f'", "exp(x)*b/(exp(x) + b)^2", "quotient rule"),
        Step(
            "f'/f",
            "-b/(exp(x) + b)",
            "divide by f",
            planted="f grows with x and is positive, so f'/f is positive. The minus belongs to −log f, not here.",
        ),
        Step("-f'/(1 - f)", "-exp(x)/(exp(x) + b)", "divide by 1 − f"),
        Step("SC'", "-a*f'/f + (1 - a)*f'/(1 - f)", "chain rule"),
        Step(
            "SC'",
            "-a*b/(exp(x) + b) + exp(x)/(exp(x) + b) + a*exp(x)/(exp(x) + b)",
            "the quotients put in",
            planted="(1 − a) times a quotient has a minus in front of its second part: the last term must be subtracted.",
        ),
        Step(
            "SC'",
            "(exp(x) - a*b + a*exp(x))/(exp(x) + b)",
            "one fraction",
            planted="it inherits the sign of the last term from the line before.",
        ),
        Step(
            "SC'",
            "f - a*(b - exp(x))/(exp(x) + b)",
            "definition of f, and a taken out",
            planted="it inherits the sign once more: the bracket must be b + e^x, which cancels the denominator.",
        ),
        Step("SC'", "f - a", "simplified"),
    ],
    title="The same derivation, as one meets it in print",
    assume=BETWEEN,
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

backward_derivation = Derivation(
    {"p": "exp(z)/sum(exp(z))"},
    [
        Step("jacobian(p, z)", "diag(p) - outer(p, p)", "the Jacobian, as a matrix"),
        Step(
            "transpose(jacobian(p, z)) @ v",
            "diag(p) @ v - dot(p, v)*p",
            "it is symmetric; p pᵀ v = p times a number",
        ),
        Step("", "p*(v - dot(p, v))", "p taken out", blank=True),
        Step(
            "jacobian(p, z) @ (-y/p)",
            "p*sum(y) - y",
            "with v = −y/p, the slope of the loss with respect to p",
            blank=True,
        ),
    ],
    title="Backward through softmax without a matrix, three classes",
    assume={"z": "real vector 3", "v": "real vector 3", "y": "real vector 3"},
)

entropy_derivation = Derivation(
    {"H": "-dot(y, log(y))", "KL": "dot(y, log(y/p))", "CE": "-dot(y, log(p))"},
    [
        Step("KL", "dot(y, log(y)) - dot(y, log(p))", "logarithm of a quotient"),
        Step("", "CE - H", "definitions", blank=True),
        Step("CE", "H + KL", "solved for CE", blank=True),
    ],
    title="Cross-entropy is entropy plus divergence",
    assume={"y": "positive vector 3", "p": "positive vector 3"},
)

summed_binary_derivation = Derivation(
    {"p": "exp(z)/sum(exp(z))", "y": "[a, 1 - a]", "B": "-dot(y, log(p)) - dot(1 - y, log(1 - p))"},
    [
        Step("1 - p", "[p[1], p[0]]", "with two classes, what one lacks is what the other has"),
        Step("B", "-2*dot(y, log(p))", "so the sum says everything twice"),
        Step("diff(B, z)", "2*(p - y)", "twice the gradient of cross-entropy", blank=True),
    ],
    title="The summed binary form, two classes",
    assume={"z": "real vector 2"},
)

# ---------------------------------------------------------------------------------------------------
# Questions
# ---------------------------------------------------------------------------------------------------

surprise_question = Question(
    "Two examples. Model A gives their true classes the probabilities 0.5 and 0.5, model B gives 0.99 and"
    " 0.01. The loss of an example is −log p of its true class. Which model has the smaller *mean* loss?",
    [
        "A, by far.",
        "B: it is nearly certain of one of them.",
        "A and B have the same: their probabilities have the same mean, one half.",
    ],
    "A",
    [
        "A pays −log 0.5 twice. B saves almost all of it once and pays more than six times as much the other "
        "time.",
        "of the best moment of B. From 0.5 to 0.99 there is less than one nat to gain, while below 0.5 there "
        "is no limit to what can be lost.",
        "that the loss looks at the mean of p. It looks at the mean of −log p, and the logarithm punishes "
        "0.01 much more than it rewards 0.99.",
    ],
)

alike_question = Question(
    "One probability p = σ(z), target y = 1. The model is sure and wrong: z = −8. Gradient descent moves z by the slope "
    "of the loss. How do log loss, −log p, and squared error, (p − 1)², compare there?",
    [
        "Alike: both are large for wrong answers, so both have a steep slope.",
        "Squared error is steeper, because it squares a large error.",
        "Log loss has a slope near −1, squared error almost none.",
        "Log loss is infinitely steep, squared error almost flat.",
    ],
    "C",
    [
        "of the two losses as functions of p. The model moves z, and on the way from p to z squared error meets a "
        "factor σ′(z) that is nearly 0 here.",
        "that squaring makes it larger. The error p − 1 is at most 1 in size, and then the chain rule multiplies by σ′(z).",
        "The slope of log loss is p − y. That of squared error is 2(p − y)·p(1 − p), and p(1 − p) has nearly vanished.",
        "of the slope with respect to p, −1/p, which is huge. With respect to z it is multiplied by p(1 − p), "
        "and p − 1 is left.",
    ],
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

explode_question = Question(
    "The model gets surer and surer of a wrong class: p of the true class goes to 0, and the loss −log p grows without "
    "limit. What happens to the gradient with respect to the *logits*?",
    [
        "It grows without limit too.",
        "No entry ever exceeds 1 in size.",
        "It vanishes, because softmax saturates.",
    ],
    "B",
    [
        "of −1/p, the slope with respect to p, which does explode. The Jacobian of softmax contributes a factor p "
        "that cancels it exactly.",
        "Each entry is p − y, a difference of two numbers between 0 and 1. A growing loss with a bounded slope: "
        "it grows like a straight line.",
        "of the Jacobian alone, whose entries do vanish. The factor −1/p of the logarithm brings the slope back: "
        "p − y is near −1 for the true class.",
    ],
)

double_question = Question(
    "`loss(softmax(z), label)`, but the function `loss` already takes softmax of what it is given. Four "
    "classes. The model is perfect: p is (1, 0, 0, 0) and class 0 is right. What loss is reported?",
    [
        "0: softmax of probabilities gives the same probabilities.",
        "Infinity: a logarithm of 0 is taken.",
        "About 0.74, and it cannot get any better.",
        "An error, because probabilities are not logits.",
    ],
    "C",
    [
        "that softmax leaves probabilities alone. It takes them for logits, and 1, 0, 0, 0 are nearly equal "
        "logits.",
        "of log 0, which is never taken: the second softmax makes every entry at least 1/(e + 3).",
        "Taken for logits, 1 leads by 1 only: p becomes e/(e + 3), and −log of that is log(1 + 3/e). Training"
        " goes on, badly, and nothing complains.",
        "that a program knows what its numbers mean. An array is an array, so this bug is silent.",
    ],
)

minimum_question = Question(
    "Targets are smoothed: 0.85 for the true class, 0.05 for each of the three others. What is the smallest "
    "cross-entropy that any model can reach?",
    [
        "0, as always, by predicting 1 for the true class.",
        "The entropy of the target, by predicting the target itself.",
        "−log 0.85, by predicting 0.85 for the true class.",
    ],
    "B",
    [
        "of one-hot targets. Here p = 1 for one class means p = 0 for the others, and their share of the target makes "
        "the loss infinite.",
        "CE = H(y) + KL(y‖p), and KL is 0 exactly where p = y. What is left is H(y), which no model can remove.",
        "of one term of the sum. The three others contribute −0.05·log p each.",
    ],
)

summed_binary_question = Question(
    "Three classes, p = softmax(z). Somebody takes as loss the sum over all three classes of the *binary*"
    " cross-entropy of p_i and y_i. Is p − y the gradient of this sum with respect to z?",
    [
        "Yes: the derivative of each binary cross-entropy with respect to its own logit is p_i − y_i.",
        "No, but it is a multiple of it, so training does the same.",
        "No, and it is not a multiple of it either.",
    ],
    "C",
    [
        "of each class by itself. That derivative is right, but p_i depends on all logits, so each z_j also "
        "appears in the other two terms.",
        "of two classes, where it is exactly 2(p − y). From three classes on, the two directions differ.",
        "The terms from the other classes are missing. For three classes they even turn a sign around for "
        "some logits.",
    ],
)

recall_log_question = Question(
    "From notebook 02. `np.log(softmax(z))` for z = (0, 1000): what is its first entry, and what would be right?",
    [
        "−1000, and that is right.",
        "−inf; right is −1000.",
        "nan; right is −1000.",
        "0; right is −1000.",
    ],
    "B",
    [
        "that a safe softmax makes everything after it safe. Its first entry is e^−1000, which a float rounds to 0.",
        "The safe softmax rounds e^−1000 to 0, and the logarithm of 0 is −inf. `log_softmax` never leaves "
        "the logarithm, so it gives −1000.",
        "of the naive softmax, where inf/inf gives nan. A safe one returns 0 and 1.",
        "of the probability instead of its logarithm.",
    ],
)

recall_ratio_question = Question(
    "From notebook 01. You add 5 to all four logits. What happens to −log p of the true class?",
    ["It falls by 5.", "It rises by 5.", "Nothing.", "That depends on which class is the true one."],
    "C",
    [
        "of −log p = −z_y + log Σ e^z and of its first term only. The second one rises by 5 at the same time.",
        "of the sum of exponentials only. It does grow, and so does the exponential of the true class.",
        "Softmax sees differences only. That is also why the entries of p − y must add up to 0: "
        "a step along (1, 1, 1, 1) changes nothing.",
        "that one class may profit. All exponentials are multiplied by the same number, which cancels.",
    ],
)

exit_question = Question(
    "Exit question. p = (0.7, 0.2, 0.1), and class 1 is the true one. What is the gradient of the cross-entropy with "
    "respect to the logits?",
    ["(0.7, −0.8, 0.1)", "(0, −0.8, 0)", "(0, −5, 0)", "(−0.7, 0.8, −0.1)"],
    "A",
    [
        "It is p − y with y = (0, 1, 0). It adds up to 0.",
        "that only the true class gets a gradient. The others are in the denominator, and −0.8 alone does not add up to 0.",
        "of the slope with respect to p, −1/p. The Jacobian of softmax is still missing.",
        "of the direction in which gradient descent *moves*, −(p − y). The gradient itself points uphill.",
    ],
)

# ---------------------------------------------------------------------------------------------------
# Exercises
# ---------------------------------------------------------------------------------------------------


def cross_entropy(z, labels):
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(z))
    return -log_p[rows, labels].mean()


def _p(z, axis=1):
    """Probabilities that overflow nowhere."""
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _rows_of(table, labels):
    return table[np.arange(len(labels)), labels]


def _narrowone_hot(labels):
    """One-hot rows as wide as the largest label of this batch needs."""
    return np.eye(labels.max() + 1)[labels]


def _naive_cross_entropy(z, labels):
    return -np.mean(_rows_of(z - np.log(np.exp(z).sum(axis=1, keepdims=True)), labels))


FOUR = np.array([[1.0, 0.5, -0.3, 2.0], [0.1, -2.0, 3.4, 3.3], [-1.0, 0.0, 0.5, -0.5]])
SQUARE = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 4.0], [2.0, 1.5, -2.0]])
TALL = np.round(np.random.default_rng(6).normal(scale=3, size=(50, 5)), 2)
TALL_LABELS = np.random.default_rng(7).integers(0, 5, size=50)

LOSS_CHECKS = [
    Check("three examples, four classes", (FOUR, np.array([3, 1, 2]))),
    Check("one example", (FOUR[1:2], np.array([2]))),
    Check("as many examples as classes", (SQUARE, np.array([0, 2, 0]))),
    Check("a batch in which the last classes do not occur", (FOUR, np.array([0, 1, 0]))),
    Check("two classes", (FOUR[:, :2], np.array([1, 0, 0]))),
    Check("one class only", (FOUR[:, :1], np.array([0, 0, 0]))),
    Check("fifty examples", (TALL, TALL_LABELS)),
    Check("equal logits", (np.zeros((2, 4)), np.array([1, 3]))),
    Check("integers", (np.array([[3, -1, 0], [0, 2, 5]]), np.array([1, 1]))),
    Check(
        "hopeless: p of the true class rounds to 0", (np.array([[0.0, 1000.0], [3.0, 1.0]]), np.array([0, 0]))
    ),
    Check("large logits, small difference", (np.array([[1000.0, 1001.0, 999.5]]), np.array([0]))),
    Check("large negative logits", (np.array([[-1000.0, -1001.0], [-2000.0, -2000.0]]), np.array([1, 0]))),
    Check(
        "rows of very different size",
        (np.array([[1000.0, 1002.0, 999.0], [-1000.0, -999.0, -1000.5]]), np.array([0, 2])),
    ),
]

cross_entropy_exercise = Exercise(
    "Write `cross_entropy(z, labels)`: the mean over a batch of −log p of the true class.",
    Contract(
        "`z` is a 2-D NumPy array of logits (floats or integers from −10000 to 10000), one row per example; `labels` is "
        "a 1-D integer array with the index of the true class of each row. Return one number, in nats, right to nine "
        "significant digits or to 1e−12, whichever is easier, and finite, also where p itself rounds to 0. Leave `z` and `labels` unchanged.",
        atol=1e-12,
    ),
    cross_entropy,
    LOSS_CHECKS,
    [
        Mistake(
            lambda z, labels: -np.mean(np.log(_rows_of(_p(z), labels))),
            "you take the logarithm of a softmax that has been rounded. Where p rounds to 0 this is log 0 and the loss "
            "infinite. Stay in logarithms: log p = z − log Σ e^z.",
        ),
        Mistake(
            _naive_cross_entropy,
            "log p = z − log Σ e^z is the right form, but the exponentials overflow (or all vanish) for large logits. "
            "Subtract the largest logit of each row first.",
        ),
        Mistake(
            lambda z, labels: cross_entropy(z, labels) * len(z),
            "this is the *sum* over the batch. The mean does not depend on the size of the batch.",
        ),
        Mistake(
            lambda z, labels: cross_entropy(z, labels) / z.shape[1],
            "you take the mean over examples *and* classes (perhaps of −y·log p with one-hot y). Sum over classes, "
            "then take the mean over examples.",
        ),
        Mistake(
            lambda z, labels: -np.mean(np.sum(_narrowone_hot(labels) * np.log(_p(z)), axis=1)),
            "your one-hot rows are as wide as the largest label *in this batch* demands. They must be as wide as `z`: "
            "a class need not occur in every batch.",
        ),
        Mistake(
            lambda z, labels: -cross_entropy(z, labels),
            "the sign: log p is negative (or 0), and the loss is *minus* log p.",
        ),
        Mistake(
            lambda z, labels: cross_entropy(z, labels) / np.log(2),
            "this is the loss in bits. With the natural logarithm it is in nats.",
        ),
        Mistake(
            lambda z, labels: cross_entropy(_p(z), labels),
            "softmax is taken twice: once of the logits, and again of the probabilities.",
        ),
        Mistake(
            lambda z, labels: cross_entropy(z, z.argmax(axis=1)),
            "you look up the probability of the class the model prefers, not of the *true* class.",
        ),
        Mistake(
            lambda z, labels: -np.mean(_rows_of(z, labels)),
            "this is −z of the true class; log Σ e^z is missing, so adding a constant to all logits changes the loss.",
        ),
        Mistake(
            lambda z, labels: np.mean(1 - _rows_of(_p(z), labels)),
            "this is the mean of 1 − p. The loss is −log p.",
        ),
    ],
    [
        "Write log p of a class as its logit minus something all classes of a row share.",
        "loss = mean of log Σ_j e^(z_j) − z_y, with the largest logit of each row subtracted first.",
        "Subtract `z.max(axis=1, keepdims=True)`, then the log of the row sums of `np.exp`; pick the entries "
        "`[np.arange(len(z)), labels]`, and return minus their mean.",
    ],
)


def cross_entropy_gradient(z, labels):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    gradient = e / e.sum(axis=1, keepdims=True)
    gradient[np.arange(len(z)), labels] -= 1
    return gradient / len(z)


def _target(z, labels):
    return np.eye(z.shape[1])[labels]


def _minus_whole_columns(z, labels):
    gradient = _p(z)
    gradient[:, labels] -= 1
    return gradient / len(z)


def _naive_gradient(z, labels):
    e = np.exp(z)
    return (e / e.sum(axis=1, keepdims=True) - _target(z, labels)) / len(z)


def _true_class_only(z, labels):
    y = _target(z, labels)
    return y * (_p(z) - y) / len(z)


gradient_exercise = Exercise(
    "Write `cross_entropy_gradient(z, labels)`: the gradient, with respect to all logits, of the *mean* cross-entropy "
    "over a batch.",
    Contract(
        "`z` and `labels` as in the exercise before. Return an array of the shape of `z`; entry (k, i) says how fast the "
        "mean loss of the batch grows with logit i of example k. Right to nine significant digits or to 1e−12, whichever "
        "is easier. Leave `z` and `labels` unchanged.",
        atol=1e-12,
    ),
    cross_entropy_gradient,
    LOSS_CHECKS,
    [
        Mistake(
            lambda z, labels: _p(z) - _target(z, labels),
            "this is the gradient of the *sum*. The mean has a factor of one over the number of examples.",
        ),
        Mistake(
            lambda z, labels: (_p(z) - _target(z, labels)) / z.size,
            "you divide by the number of *entries*. The mean is taken over examples, so divide by `len(z)`.",
        ),
        Mistake(
            lambda z, labels: (_target(z, labels) - _p(z)) / len(z),
            "the sign: this is the direction in which gradient descent moves. The gradient is p − y.",
        ),
        Mistake(
            _true_class_only,
            "only the true class gets a gradient here. All logits are in the denominator, so the others get p.",
        ),
        Mistake(
            lambda z, labels: (_p(z) - _narrowone_hot(labels)) / len(z),
            "your one-hot rows are as wide as the largest label *in this batch* demands. They must be as wide as `z`.",
        ),
        Mistake(
            _minus_whole_columns,
            "`p[:, labels] -= 1` subtracts 1 in whole columns. One entry of each row is meant: "
            "`p[np.arange(len(z)), labels]`.",
        ),
        Mistake(
            lambda z, labels: ((_p(z) - _target(z, labels)) / len(z)).mean(axis=0),
            "you have averaged over the batch. Every example has logits of its own, so the gradient has the shape of `z`.",
        ),
        Mistake(
            lambda z, labels: (_p(z, axis=0) - _target(z, labels)) / len(z),
            "softmax is taken down the columns. Each *row* is one example.",
        ),
        Mistake(
            lambda z, labels: -_target(z, labels) / _p(z) / len(z),
            "this is −y/p, the slope with respect to p. The Jacobian of softmax still has to be applied.",
        ),
        Mistake(
            _naive_gradient,
            "right on paper, but the exponentials overflow (or all vanish) for large logits. Subtract the largest logit "
            "of each row first.",
        ),
        Mistake(
            lambda z, labels: cross_entropy_gradient(_p(z), labels),
            "softmax is taken twice: once of the logits, and again of the probabilities.",
        ),
    ],
    [
        "For one example you have derived it. What does the mean over the batch add?",
        "(p − y)/m for every row, with m the number of examples.",
        "Compute p as a batch, then `p[np.arange(len(z)), labels] -= 1`, and return `p / len(z)`.",
    ],
)


def softmax_backward(p, v):
    inner = np.sum(p * v, axis=1, keepdims=True)
    return p * (v - inner)


def _without_keepdims(p, v):
    return p * (v - np.sum(p * v, axis=1))


def _batch_of_pushes() -> list[Check]:
    random = np.random.default_rng(8)
    p = _p(np.round(random.normal(scale=2, size=(6, 4)), 2))
    v = np.round(random.normal(size=(6, 4)), 2)
    square = _p(SQUARE)
    return [
        Check("six examples, four classes", (p, v)),
        Check("one example", (p[:1], v[:1])),
        Check("as many examples as classes", (square, v[:3, :3])),
        Check("v is the slope of −log p of class 0", (p, -np.eye(4)[[0] * 6] / p)),
        Check("the same v for all classes: nothing moves", (p, np.ones((6, 4)))),
        Check("one class only", (np.ones((2, 1)), v[:2, :1])),
        Check("p of exactly 0 and 1", (np.array([[0.0, 1.0, 0.0]]), np.array([[2.0, -1.0, 5.0]]))),
        Check("integers for v", (p, np.arange(24).reshape(6, 4))),
        Check("large v", (p, 1e6 * v)),
    ]


backward_exercise = Exercise(
    "Write `softmax_backward(p, v)`: what backpropagation does at a softmax layer.",
    Contract(
        "`p` is a 2-D array, each row the softmax of one example's logits; `v` has the same shape and holds the slope of "
        "the loss with respect to each p. Return the slope of the loss with respect to each logit, an array of the same "
        "shape, right to nine significant digits or to 1e−12. Leave `p` and `v` unchanged.",
        atol=1e-12,
    ),
    softmax_backward,
    _batch_of_pushes(),
    [
        Mistake(
            lambda p, v: p * (1 - p) * v,
            "you use the diagonal of the Jacobian only. Every p depends on every logit.",
        ),
        Mistake(
            _without_keepdims,
            "the sum has lost its axis (`keepdims=True` is missing). For a square batch NumPy then subtracts the wrong "
            "row's sum without a word.",
        ),
        Mistake(
            lambda p, v: p * (v - np.sum(p * v)),
            "you sum over the whole batch. Each example has a ⟨p, v⟩ of its own.",
        ),
        Mistake(
            lambda p, v: p * (v - v.mean(axis=1, keepdims=True)),
            "you subtract the plain mean of v. The mean must be weighted by p.",
        ),
        Mistake(
            lambda p, v: p * (v - np.sum(v, axis=1, keepdims=True)),
            "you subtract the sum of v. What is needed is ⟨p, v⟩, the sum of p·v.",
        ),
        Mistake(lambda p, v: p * v, "⟨p, v⟩ is not subtracted, so the result does not add up to 0."),
        Mistake(
            lambda p, v: v - np.sum(p * v, axis=1, keepdims=True),
            "the factor p in front is missing.",
        ),
        Mistake(
            lambda p, v: p * (np.sum(p * v, axis=1, keepdims=True) - v),
            "the sign is turned around: it is v − ⟨p, v⟩.",
        ),
        Mistake(
            lambda p, v: p - v,
            "you subtract v as if it were a target. Here v is any slope with respect to p.",
        ),
        Mistake(
            lambda p, v: softmax_backward(p, v) / len(p),
            "you divide by the size of the batch. If the loss is a mean, that factor is in v already.",
        ),
    ],
    [
        "Multiply v by diag(p) − p pᵀ without ever building that matrix.",
        "vᵀJ = p ⊙ (v − ⟨p, v⟩), row by row.",
        "`inner = np.sum(p * v, axis=1, keepdims=True)`, then `p` times a difference.",
    ],
)
