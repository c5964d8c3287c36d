"""Section "One knob, two names": T or λ, what it does to probabilities and to their entropy."""

from __future__ import annotations

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.class_bars import by_number, logit_panel, logit_sliders, probability_panel
from course_utils.lessons.handles import handle
from course_utils.numerics.softmax import entropy, hardmax, softmax
from course_utils.teaching import Demo, LogFloat, Question
from course_utils.teaching.pictures import Axis, Line, Panel, Picture, Points, Rule
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
    expected=[25, 50, 10, 15],
)


COLDEST, HOTTEST = 0.05, 20.0
TEMPERATURES = np.geomspace(COLDEST, HOTTEST, 121)


def short(share: float) -> str:
    """Write a probability so that it fits over its bar."""
    return f"{share:.3f}" if share >= 0.0005 else "≈0"


def one_knob(z: tuple[float, ...], temperature: float) -> Picture:
    """Show logits, their probabilities at one temperature, and the entropy at all of them."""
    logits, count = np.array(z), len(z)
    p, p_at_one = softmax(logits, temperature=temperature), softmax(logits)
    coldest, uniform = hardmax(logits), np.full(count, 1 / count)
    now, floor, ceiling = float(entropy(p)), float(entropy(coldest)), float(np.log(count))
    by_class = by_number(count)
    return Picture(
        [
            logit_panel(logits, by_class, Axis(low=-6.3, high=6.3, ticks=(-5, 0, 5))),
            probability_panel(
                p,
                by_class,
                Points("p at T = 1", p_at_one, color="ink", shape="diamond", label="*p* at *T* = 1"),
                title="probabilities *p* at *T*",
                values=[short(share) for share in p],
                weight=1.15,
            ),
            _entropies(logits, temperature, now, floor, ceiling),
        ],
        f"At T = {format_number(temperature)}, where λ = {format_number(1 / temperature)}, "
        f"p = {format_list(p)}. {_effect(logits, temperature, p.max(), p_at_one.max())} "
        f"The entropy is {format_number(now)} nats{_limits(logits, floor, ceiling)}.",
        columns={"z/T": logits / temperature, "limit for T → 0": coldest, "limit for T → ∞": uniform},
        facts={"λ": 1 / temperature},
        height=300,
    )


def _effect(logits: Array, temperature: float, largest: float, at_one: float) -> str:
    """Say what the temperature made of the largest probability."""
    if np.ptp(logits) == 0:
        return "All logits are equal, and then no temperature can tell the classes apart."
    if temperature == 1:
        return "T = 1 is softmax as you know it."
    before, after = format_number(at_one), format_number(largest)
    if before == after:
        moved = f"hardly changed from {before} at T = 1"
    else:
        moved = f"went {'up' if largest > at_one else 'down'} from {before} at T = 1 to {after}"
    return f"The largest probability {moved}; the order of the classes is that of the logits."


def _limits(logits: Array, floor: float, ceiling: float) -> str:
    """Say, as the end of a sentence, between which limits the entropy moves."""
    if np.ptp(logits) == 0:
        return " at every T, the largest there is"
    return f", between its limits {format_number(floor)} for T → 0 and {format_number(ceiling)} for T → ∞"


def _entropies(logits: Array, temperature: float, now: float, floor: float, ceiling: float) -> Panel:
    """Show the entropy at all temperatures, and its limits."""
    along = entropy(softmax(logits / TEMPERATURES[:, np.newaxis]))
    return Panel(
        "entropy in nats",
        [
            Rule("entropy's limit for T → ∞", ceiling, axis="y", dash="dotted"),
            Rule("entropy's limit for T → 0", floor, axis="y", dash="dotted"),
            Line("entropy", along, TEMPERATURES, color="temperature"),
            handle("entropy at T", now, temperature, "temperature", color="temperature", size=14),
        ],
        x=Axis("*T* = 1/λ", COLDEST / 1.2, HOTTEST * 1.2, scale="log", ticks=(0.05, 0.2, 1, 5, 20)),
        y=Axis(low=-0.07, high=1.5, ticks={0: "0", 0.5: "0.5", 1: "1", float(np.log(4)): "log 4"}),
        weight=1.25,
    )


SIXTY_STEPS = 20 ** (1 / 60)  # from 1/20 to 1, and again from 1 to 20

knob_demo = Demo(
    one_knob,
    (
        logit_sliders(5, (0.1, -2, 3.4, 3.3)),
        LogFloat(
            "temperature",
            "Temperature T",
            low=COLDEST,
            high=HOTTEST,
            initial=1,
            step=SIXTY_STEPS,
            reciprocal="Inverse temperature λ",
            plays=True,
        ),
    ),
    title="One knob, two names.",
    look_for="Turn T up, then λ: which bars grow? Does one ever overtake another?",
    presets={
        "Twice as hot": {"temperature": 2},
        "Cold, λ = 10": {"temperature": 0.1},
        "Hot, T = 10": {"temperature": 10},
        "As cold as it goes": {"temperature": COLDEST},
        "A cold tie": {"z": (0.1, -2, 3.4, 3.4), "temperature": COLDEST},
    },
)
