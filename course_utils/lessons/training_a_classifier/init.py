"""Section "Where to start": initial weights."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.training_a_classifier.runs import CHANCE, Run, digits, percent, rough, short_run
from course_utils.numerics.mlp import MLP
from course_utils.teaching import Choice, Demo, Integer, LogFloat, Picture, Question, Table, look
from course_utils.teaching.drawing import titled
from course_utils.teaching.text import format_number

SCHEMES = {
    "He": "he",
    "Glorot": "glorot",
    "unit variance": "unit",
    "uniform ±1/√n": "uniform",
    "all zero": "zero",
}
COMPARED = ("He", "Glorot", "unit variance")
WARMING = 50  # steps
WARM_RATE = 0.1


class Start(NamedTuple):
    """A network before training, and its first steps."""

    sizes: Array  # standard deviation of what each layer computes, over all units and images
    silent: float  # share of hidden activations that are 0
    silent_later: float  # the same after training
    run: Run


@functools.lru_cache(maxsize=256)
def started(scheme: str, scale: float, layers: int) -> Start:
    """Draw a network with so many hidden layers of 64 units, and train it for a few steps."""
    drawn = MLP.random([64] * (layers + 1) + [10], seed=0, scheme=SCHEMES[scheme], bias=False)  # type: ignore[arg-type]
    net = MLP([scale * weight for weight in drawn.weights], drawn.biases)
    sizes = np.array([z.std() for z in net.pre_activations(digits().X)])
    run = short_run(net, WARMING, WARM_RATE)
    return Start(sizes, silent_share(net), silent_share(run.mlp), run)


def silent_share(net: MLP) -> float:
    """Return the share of hidden activations that are 0, over all training images."""
    *hidden, _ = net.pre_activations(digits().X)
    return float(np.mean([(z <= 0).mean() for z in hidden]))


def initialization(scheme: str, scale: float, layers: int) -> Picture:
    """Show how large the numbers in each layer are before training, and how training begins."""
    chosen = started(scheme, scale, layers)
    others = {name: started(name, 1.0, layers) for name in COMPARED}
    depth = np.arange(1, layers + 2)
    dashes = dict(zip(COMPARED, (("--", look.GREEN), (":", look.ORANGE), ("-.", look.PURPLE)), strict=True))

    figure, (left, right) = look.panels(2, left=58, gap=62, height=370, top=88)
    arrays: dict[str, Any] = {"layer": depth}
    lines = [("chosen", chosen, "-", look.BLUE)] + [
        (f"{name} × 1", others[name], *dashes[name]) for name in COMPARED
    ]
    for name, start, dash, color in reversed(lines):
        bold = name == "chosen"
        # A size of 0 has no place on a logarithmic axis.
        arrays |= {f"size, {name}": np.where(start.sizes > 0, start.sizes, np.nan)}
        arrays |= {f"step, {name}": start.run.steps, f"loss, {name}": start.run.losses}
        style: dict[str, Any] = {"color": color, "linewidth": 3.5 if bold else 1.8, "label": name}
        left.plot(
            depth,
            arrays[f"size, {name}"],
            dash,
            marker="o",
            markersize=5,
            gid=f"layer | size, {name}",
            **style,
        )
        right.plot(start.run.steps, start.run.losses, dash, gid=f"step, {name} | loss, {name}", **style)
    if not chosen.sizes.any():
        left.text((layers + 2) / 2, 0.02, "chosen: 0 in every layer", ha="center", color=look.BLUE)
    left.set(
        yscale="log", xlim=(0.7, layers + 1.3), ylim=(1e-4, 1e6), xlabel="layer (the last gives the logits)"
    )
    left.set_xticks(depth)
    left.set_yticks([1e-3, 1, 1e3, 1e6], ["0.001", "1", "1000", "1e6"])
    titled(left, "size of z before training")
    right.axhline(CHANCE, color=look.REFERENCE, linestyle=":", linewidth=1, gid="guide")
    right.set(yscale="log", xlim=(-1, WARMING + 1), ylim=(0.1, 200), xlabel="step")
    right.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    titled(right, f"training loss, α = {WARM_RATE}")
    for axes in (left, right):
        axes.minorticks_off()
    handles, names = left.get_legend_handles_labels()
    figure.legend(
        handles[::-1], names[::-1], loc="upper center", ncols=4, handlelength=2.4, columnspacing=1.4
    )

    first, last = float(chosen.run.losses[0]), float(chosen.run.losses[-1])
    described = "all zero" if scheme == "all zero" else f"{scheme} × {format_number(scale)}"
    layer_word = "layer" if layers == 1 else "layers"
    stopped = int(chosen.run.steps[-1])
    later = (
        f"after {WARMING} steps it is {rough(last)}"
        if stopped == WARMING
        else f"before step {WARMING} the numbers overflow"
    )
    return Picture(
        figure,
        f"{described}, {layers} hidden {layer_word}: the logits start with standard deviation "
        f"{format_number(chosen.sizes[-1])} and the loss at {format_number(first)}; {later}. "
        f"Ten equal probabilities have a loss of {format_number(CHANCE)}. "
        f"Of the hidden activations, {percent(chosen.silent)} are zero before these steps and {percent(chosen.silent_later)} after them.",
        Table(
            "Standard deviation of what each layer computes before training",
            {
                "layer": depth,
                "chosen": chosen.sizes,
                **{f"{name} × 1": others[name].sizes for name in COMPARED},
            },
            {
                "loss at the start": first,
                f"loss after {WARMING} steps": rough(last) if stopped == WARMING else "overflow",
                **{
                    f"loss after {WARMING} steps, {name} × 1": rough(others[name].run.losses[-1])
                    for name in COMPARED
                },
                "ln 10": CHANCE,
                "learning rate": WARM_RATE,
                "hidden activations that are 0": percent(chosen.silent),
                "the same after training": percent(chosen.silent_later),
            },
            digits=3,
        ),
        arrays,
    )


start_demo = Demo(
    initialization,
    (
        Choice("scheme", "Initialization", options=tuple(SCHEMES)),
        LogFloat("scale", "Weights times", low=0.1, high=10, initial=1, step=10**0.1),
        Integer("layers", "Hidden layers of 64 units", low=1, high=6, initial=3),
    ),
    title="Before the first step.",
    look_for="Which initialization keeps the size of z from layer to layer, and which starts near ln 10?",
    presets={
        "Unit variance": {"scheme": "unit variance"},
        "Glorot, six layers": {"scheme": "Glorot", "layers": 6},
        "He, six layers": {"layers": 6},
        "All zero": {"scheme": "all zero"},
        "Half of He": {"scale": 0.5, "layers": 6},
    },
)

zero_question = Question(
    "All weights and biases of a 64-32-10 network start at exactly 0. You train it. What does it learn?",
    [
        "The same as any other network, a little more slowly.",
        "Nothing at all: every gradient is 0.",
        "Only its ten output biases: how frequent each digit is.",
        "All hidden units learn the same feature.",
    ],
    "C",
    [
        "that zero is a neutral place to start. It is a place where the hidden units are silent, and their gradients too.",
        "of the weights, and for these you are right. But p − y is not 0, and it is the gradient of the output biases.",
        "Hidden activations are 0, so the output weights get no gradient; output weights are 0, so nothing comes back to "
        "the hidden layer. Only the output biases get p − y.",
        "of equal weights that are *not* zero. These do get equal gradients and stay equal; at zero they get none.",
    ],
)
