"""Section "Momentum": walks down a ravine."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.numerics import training
from course_utils.teaching import (
    Check,
    Contract,
    Demo,
    Exercise,
    Float,
    Given,
    LogFloat,
    Mistake,
    Pick,
    Picture,
    Question,
    Table,
    look,
)
from course_utils.teaching.drawing import titled
from course_utils.teaching.text import format_number

STEEP = 25.0  # how much steeper the ravine is across than along
DESCENTS = 60  # steps
SOURCE = np.array([-10.0, 1.5])


def height(x: Array) -> Array:
    """Return the height of a ravine, (x0² + 25 x1²)/2, at points of shape (..., 2)."""
    return (x[..., 0] ** 2 + STEEP * x[..., 1] ** 2) / 2


def descend(rate: float, momentum: float) -> Array:
    """Walk down the ravine; return the places of all steps, shape (steps + 1, 2)."""
    places: list[Array] = [SOURCE]
    velocity: Array = np.zeros(2)
    for _ in range(DESCENTS):
        gradient = places[-1] * np.array([1.0, STEEP])
        velocity = training.momentum_step(velocity, gradient, momentum)
        places.append(places[-1] - rate * velocity)
    return np.array(places)


def _level_lines() -> Array:
    """Return x and y of ellipses of equal height, with a gap after each, shape (2, n)."""
    angle = np.linspace(0, 2 * np.pi, 73)
    pieces = []
    for level in (0.5, 4, 14, 32, 58, 90):
        size = np.sqrt(2 * level)
        pieces += [
            np.stack([size * np.cos(angle), size * np.sin(angle) / np.sqrt(STEEP)]),
            np.full((2, 1), np.nan),
        ]
    return np.concatenate(pieces, axis=1)


LEVELS = _level_lines()


def ravine(momentum: float, rate: float) -> Picture:
    """Show a walk down a ravine with momentum, beside the walks that momentum is mistaken for."""
    longer = rate / (1 - momentum)
    walks = {
        "with momentum": descend(rate, momentum),
        "α, no momentum": descend(rate, 0.0),
        "α/(1−μ), no momentum": descend(longer, 0.0),
    }
    heights = {name: height(places) for name, places in walks.items()}
    steps = np.arange(DESCENTS + 1)
    styles = {
        "with momentum": (look.BLUE, "-", "o"),
        "α, no momentum": (look.ORANGE, "--", "s"),
        "α/(1−μ), no momentum": (look.VERMILLION, ":", "^"),
    }

    figure, (left, right) = look.panels(2, left=60, gap=70, height=360, top=78)
    left.plot(*LEVELS, color="#AAAAAA", linewidth=1, gid="level x0 | level x1")
    for name in ("α, no momentum", "with momentum"):
        color, dash, marker = styles[name]
        left.plot(
            *walks[name].T,
            dash,
            color=color,
            marker=marker,
            markersize=5,
            markeredgecolor=look.OUTLINE,
            markeredgewidth=0.5,
            linewidth=1.5,
            gid=f"x0 {name} | x1 {name}",
        )
    left.set(xlim=(-11.5, 5.5), ylim=(-2.6, 2.6), xlabel="x0")
    left.set_ylabel("x1", rotation=0, labelpad=6)
    left.grid(False)
    titled(left, "with and without momentum")
    for name, (color, dash, _) in styles.items():
        right.plot(steps, heights[name], dash, color=color, label=name, gid=f"step | height {name}")
    right.axhline(heights["with momentum"][0], color=look.REFERENCE, linewidth=1, linestyle=":", gid="guide")
    right.set(yscale="log", xlim=(0, DESCENTS), ylim=(1e-6, 1e6), xlabel="step")
    right.set_yticks([1e-6, 1e-3, 1, 1e3, 1e6], ["1e−6", "0.001", "1", "1000", "1e6"])
    right.minorticks_off()
    titled(right, "height f")
    figure.legend(
        *right.get_legend_handles_labels(), loc="upper center", ncols=3, handlelength=2.2, columnspacing=1.4
    )

    start = float(heights["with momentum"][0])
    ends = {name: float(values[-1]) for name, values in heights.items()}

    def outcome(name: str) -> str:
        return (
            "it climbs out of the ravine" if ends[name] > start else f"it is {format_number(ends[name], 2)}"
        )

    said = f"μ = {format_number(momentum)}, α = {format_number(rate)}: after {DESCENTS} steps " + (
        f"the height is {format_number(ends['with momentum'], 2)}, from {format_number(start)} at the start."
        if ends["with momentum"] <= start
        else "the walk has climbed out of the ravine."
    )
    if momentum == 0:
        rest = "Without momentum all three walks are the same."
    else:
        rest = (
            f"With the same α and no momentum {outcome('α, no momentum')}. "
            f"With the rate α/(1−μ) = {format_number(longer)} and no momentum {outcome('α/(1−μ), no momentum')}."
        )

    def in_words(values: Array) -> list[Any]:
        return [float(value) if value <= 1e6 else "more than a million" for value in values]

    chosen = np.arange(0, DESCENTS + 1, 10)
    return Picture(
        figure,
        f"{said} {rest}",
        Table(
            "Height after some steps",
            {"after": chosen, **{name: in_words(values[chosen]) for name, values in heights.items()}},
            {"steps": DESCENTS, "α/(1−μ)": longer, "steeper across than along, times": STEEP},
        ),
        {
            "step": steps,
            "level x0": LEVELS[0],
            "level x1": LEVELS[1],
            **{
                f"{axis} {name}": places[:, i]
                for name, places in walks.items()
                for i, axis in enumerate(("x0", "x1"))
            },
            **{f"height {name}": values for name, values in heights.items()},
        },
    )


ravine_demo = Demo(
    ravine,
    (
        Float("momentum", "Momentum μ", low=0, high=0.98, initial=0.8, step=0.02),
        LogFloat("rate", "Learning rate α", low=0.002, high=0.16, initial=0.02, step=2 ** (1 / 4)),
    ),
    title="Down a ravine.",
    look_for="Compare the solid with the dotted curve: both have the same step length in the long run.",
    presets={
        "No momentum": {"momentum": 0},
        "No momentum, at the edge": {"momentum": 0, "rate": 0.08},
        "Too much": {"momentum": 0.98},
        "A rate that only momentum bears": {"momentum": 0.8, "rate": 0.1},
    },
)

momentum_question = Question(
    "In the long run, momentum μ = 0.9 makes steps ten times as long. "
    "So is it the same to leave momentum out and to multiply the learning rate by ten?",
    [
        "Yes: momentum is a learning rate in disguise.",
        "No: where the walk swings across a ravine its gradients change their sign, and in the sum they cancel.",
        "No: momentum makes each single step longer from the first one on.",
    ],
    "B",
    [
        "that the gain 1/(1 − μ) holds for all gradients. It holds for one that stays the same. "
        "One that changes its sign at each step is made smaller: by the factor 1/(1 + μ).",
        "Along the ravine the gradients agree and add up; where they alternate, across it, they cancel. A tenfold rate has no such "
        "discretion, and is thrown out of the ravine.",
        "of the formula v = μv + ∇ with a velocity that is there already. At the first step v is just the gradient; "
        "the tenfold length takes many steps to build up.",
    ],
)


def momentum_step(velocity, gradient, momentum):
    return momentum * velocity + gradient


def _in_place(velocity, gradient, momentum):
    velocity *= momentum
    velocity += gradient
    return velocity


def _in_the_gradient(velocity, gradient, momentum):
    gradient += momentum * velocity
    return gradient


_VELOCITY, _GRADIENT = np.array([0.5, -2.0, 4.0]), np.array([1.0, 3.0, -0.25])


def any_motion(pick: Pick) -> Given:
    shape = pick.any_shape((1, 2, 3), longest=4)
    return pick.numbers(shape, -100, 100), pick.numbers(shape, -100, 100), pick.number(0, 0.999, 0.9, 0.5)


momentum_exercise = Exercise(
    "Write `momentum_step(velocity, gradient, momentum)`: the velocity v_t = μ v_(t−1) + ∇_t after one more gradient.",
    Contract(
        "`velocity` (v_(t−1)) and `gradient` (∇_t) are arrays of floats (from −100 to 100) of one shape, `momentum` (μ) is a number from 0 to below 1. "
        "Return the new velocity, an array of that shape. The step against it, θ − α v, is left to the caller. Leave both arrays unchanged.",
        atol=1e-12,
        inputs=any_motion,
    ),
    momentum_step,
    [
        Check("already moving", (_VELOCITY, _GRADIENT, 0.9)),
        Check("the first step: no velocity yet", (np.zeros(3), _GRADIENT, 0.9)),
        Check("rolling on where the gradient is zero", (_VELOCITY, np.zeros(3), 0.9)),
        Check("without momentum", (_VELOCITY, _GRADIENT, 0.0)),
        Check(
            "a weight matrix", (np.array([[1.0, 2.0], [-3.0, 0.5]]), np.array([[0.1, 0.0], [4.0, -1.0]]), 0.5)
        ),
        Check("at the final velocity, 10 times the gradient", (10 * _GRADIENT, _GRADIENT, 0.9)),
        Check("at the largest velocity for μ = 0.99", (100 * _GRADIENT, -_GRADIENT, 0.99)),
    ],
    [
        Mistake(
            lambda velocity, gradient, momentum: momentum * velocity + (1 - momentum) * gradient,
            "this is a moving *average* of the gradients (Adam uses one). Momentum adds the whole gradient: it *sums*, which is why steps can become 1/(1 − μ) times as long.",
        ),
        Mistake(
            _in_place,
            "the numbers are right, but the caller's velocity is overwritten. Whoever kept that of an earlier step finds the new one in its place. Make a new array, without `*=` and `+=`.",
        ),
        Mistake(
            _in_the_gradient,
            "the numbers are right, but the caller's gradient is overwritten. Make a new array, without `+=`.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: velocity + momentum * gradient,
            "μ is on the gradient. It belongs on the old velocity: the past fades, and what is new counts fully.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: momentum * velocity - gradient,
            "the gradient is subtracted here, and the step θ − α v subtracts again: the parameters go uphill. The velocity collects gradients as they are.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: -(momentum * velocity + gradient),
            "the sign is turned. The caller subtracts α v, so this goes uphill, and the next step turns the past around once more.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: momentum * (velocity + gradient),
            "μ is on both. The newest gradient counts fully; only the past fades.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: velocity + gradient,
            "μ is missing, so no gradient is ever forgotten and a steady one makes the velocity grow without end.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: gradient,
            "this is gradient descent without momentum: the velocity so far is ignored.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: gradient + momentum * (momentum * velocity + gradient),
            "this looks one step ahead (Nesterov's momentum). The classical velocity stops before: μ v + ∇.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: (1 - momentum) * velocity + momentum * gradient,
            "this is a moving average, and its shares are swapped: a large μ should keep much of the *velocity*.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: (1 - momentum) * velocity + gradient,
            "1 − μ is what friction takes; μ is what is left of the velocity.",
        ),
        Mistake(
            lambda velocity, gradient, momentum: velocity - momentum * velocity - gradient,
            "1 − μ is what friction takes, and the gradient is to be added: v ← μ v + ∇.",
        ),
    ],
    [
        "The velocity remembers. Let the memory fade a little, then add what is new.",
        "v_t = μ v_(t−1) + ∇_t",
        "One line: `momentum` times ..., plus ...; and no `*=` or `+=`, which would write into the caller's array.",
    ],
    payoff="You can now give gradient descent a memory.",
)
