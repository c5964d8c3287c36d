"""“One knob, two names”: T or λ, what it does to probabilities and to their entropy."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from course_utils.numerics.softmax import entropy, hardmax, softmax
from course_utils.teaching import Demo, LogFloat, Picture, Question, Table, Vector, look
from course_utils.teaching.drawing import bars, marks
from course_utils.teaching.text import format_list, format_number

hotter_question = Question(
    "You raise the temperature from 1 to 2. The logits are not all equal. What happens to the largest probability, "
    "and to the order of the classes?",
    [
        "It rises: a higher temperature makes the model more confident. The order stays.",
        "It falls. The order stays.",
        "It falls, and a close rival may overtake.",
        "It changes from call to call: temperature adds randomness.",
    ],
    "B",
    [
        "that hot means strong. T divides the logits: differences shrink and probabilities move together.",
        "All differences are halved, so the odds move toward 1; but z_i > z_j still means z_i/T > z_j/T.",
        "that a rival can pass. Dividing by a positive number keeps the order, and so do e^z and the common sum.",
        "of sampling. Softmax with a temperature is a plain function: same logits, same T, same probabilities.",
    ],
)

entropy_question = Question(
    "Entropy measures, in nats, how uncertain a distribution is. What is the largest entropy that four classes can have?",
    ["1", "log 4, about 1.386", "4", "There is no largest."],
    "B",
    [
        "that it is scaled like a probability. In *base* 4 the largest would be 1; here the logarithm is natural.",
        "At p = 1/4 each, every term is −¼ log ¼, and four of them make log 4. No other p reaches it.",
        "that it counts classes. It is the logarithm of such a count: e^H is the number of equally likely "
        "classes that would be just as uncertain.",
        "that uncertainty has no end. With four classes, nothing is more uncertain than all four equally likely.",
    ],
)


def log_axis(axes: Axes, ticks: tuple[float, ...], both_names: bool = False) -> None:
    """Put temperatures on a logarithmic axis, with λ = 1/T as a second line of labels on demand."""
    labels = [f"{t:g}\n{1 / t:g}" if both_names else f"{t:g}" for t in ticks]
    axes.set_xscale("log")
    axes.set_xticks(ticks, labels)
    axes.minorticks_off()


COLDEST, HOTTEST = 0.05, 20.0
TEMPERATURES = np.geomspace(COLDEST, HOTTEST, 121)


def one_knob(z: tuple[float, ...], temperature: float) -> Picture:
    """Show probabilities at one temperature, and the entropy at all of them."""
    logits, count = np.array(z), len(z)
    p, p_at_one = softmax(logits, temperature=temperature), softmax(logits)
    coldest, uniform = hardmax(logits), np.full(count, 1 / count)
    along = entropy(softmax(logits / TEMPERATURES[:, np.newaxis]))
    now, floor, ceiling = float(entropy(p)), float(entropy(coldest)), float(np.log(count))

    figure, (left, right) = look.panels(2, left=48, bottom=74, height=340)
    bars(left, p, "p", look.PROBABILITIES, "probabilities p", [str(i) for i in range(count)])
    marks(left, p_at_one, "p at T = 1", "at T = 1")
    left.axhline(1 / count, color=look.REFERENCE, linestyle=":", gid="guide")
    left.set(xlabel="class", ylim=(0, 1.3))
    left.set_yticks(np.linspace(0, 1, 5))
    right.plot(TEMPERATURES, along, color=look.TEMPERATURE, gid="T | entropy along T")
    for limit in (floor, ceiling):
        right.axhline(limit, color=look.REFERENCE, linestyle=":", gid="guide")
    right.plot(
        [temperature],
        [now],
        "o",
        color=look.TEMPERATURE,
        markeredgecolor=look.OUTLINE,
        markersize=11,
        gid="T now | entropy now",
    )
    log_axis(right, (0.05, 0.2, 1, 5, 20), both_names=True)
    right.set(xlabel="T, and λ = 1/T below it", ylim=(-0.07, 1.5))
    right.set_title("entropy in nats", y=1.01)

    change = p.max() - p_at_one.max()
    if np.ptp(logits) == 0:
        effect = "All logits are equal, and then no temperature can tell the classes apart."
    elif temperature == 1:
        effect = "T = 1 is softmax as you know it."
    else:
        effect = (
            f"The largest probability went {'up' if change > 0 else 'down'} from {format_number(p_at_one.max())} "
            f"at T = 1 to {format_number(p.max())}; the order of the classes is that of the logits."
        )
    return Picture(
        figure,
        f"At T = {format_number(temperature)}, where λ = {format_number(1 / temperature)}, "
        f"p = {format_list(p)}. {effect} "
        f"The entropy is {format_number(now)} nats, between its limits {format_number(floor)} for T → 0 "
        f"and {format_number(ceiling)} for T → ∞.",
        Table(
            "Logits and probabilities, and their limits",
            {
                "": [f"class {i}" for i in range(count)],
                "class": np.arange(count),
                "z": logits,
                "z/T": logits / temperature,
                "p": p,
                "p at T = 1": p_at_one,
                "limit for T → 0": coldest,
                "limit for T → ∞": uniform,
            },
            {
                "T": temperature,
                "λ": 1 / temperature,
                "entropy in nats": now,
                "its limit for T → 0": floor,
                "its limit for T → ∞": ceiling,
            },
        ),
        {
            "T": TEMPERATURES,
            "entropy along T": along,
            "T now": np.array([temperature]),
            "entropy now": np.array([now]),
        },
    )


SIXTY_STEPS = 20 ** (1 / 60)  # from 1/20 to 1, and again from 1 to 20

knob_demo = Demo(
    one_knob,
    (
        Vector(
            "z",
            "Logits z",
            entries=("z0", "z1", "z2", "z3"),
            low=-5,
            high=5,
            initial=(0.1, -2, 3.4, 3.3),
            step=0.1,
        ),
        LogFloat(
            "temperature",
            "Temperature T",
            low=COLDEST,
            high=HOTTEST,
            initial=1,
            step=SIXTY_STEPS,
            reciprocal="Inverse temperature λ",
        ),
    ),
    title="One knob, two names.",
    look_for="Turn T up, then λ: which bar shrinks, which grow, and does one ever overtake another?",
    presets={
        "Twice as hot": {"temperature": 2},
        "Cold, λ = 10": {"temperature": 0.1},
        "Hot, T = 10": {"temperature": 10},
        "As cold as it goes": {"temperature": COLDEST},
        "A cold tie": {"z": (0.1, -2, 3.4, 3.4), "temperature": COLDEST},
    },
)
