"""Section "Where to start": initial weights."""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.training_a_classifier.runs import CHANCE, SCHEMES, Run, digits, rough, short_run
from course_utils.numerics.mlp import MLP
from course_utils.teaching import Choice, Demo, Integer, LogFloat, Question
from course_utils.teaching.pictures import (
    Axis,
    Drag,
    Line,
    Panel,
    Picture,
    Points,
    Rule,
    Table,
    Text,
    powers_of_ten,
)
from course_utils.teaching.text import format_number, percent
from course_utils.words import counted

COMPARED = {
    "He": "dashed",
    "Glorot": "dotted",
    "unit variance": "",
}  # and how they are drawn: in gray, thinner
DEEPEST = 6  # hidden layers
WARMING = 50  # steps
WARM_RATE = 0.1


class Start(NamedTuple):
    """A network before training, and its first steps."""

    sizes: Array  # standard deviation of what each layer computes, over all units and images
    silent: float  # share of hidden activations that are 0
    silent_later: float  # the same after training, or after the last step before the numbers overflow
    run: Run

    @property
    def arrived(self) -> bool:
        """Whether no number has overflowed on the way to the last step."""
        return int(self.run.steps[-1]) == WARMING


@functools.lru_cache(maxsize=256)
def started(scheme: str, scale: float, layers: int) -> Start:
    """Draw a network with so many hidden layers of 64 units, and train it for a few steps."""
    drawn = MLP.random([64] * (layers + 1) + [10], seed=0, scheme=SCHEMES[scheme], bias=False)
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
    return Picture(
        [_sizes(scale, chosen, others), _losses(chosen, others)],
        _said(scheme, scale, layers, chosen),
        table=_table(chosen, others),
        height=300,
    )


def _said(scheme: str, scale: float, layers: int, chosen: Start) -> str:
    """Say how the network starts, and where some steps take it."""
    name = scheme[0].upper() + scheme[1:]
    later = (
        f"after {WARMING} steps it is {rough(chosen.run.losses[-1])}"
        if chosen.arrived
        else f"before step {WARMING} the numbers overflow"
    )
    silent_later = f" and {percent(chosen.silent_later)} after them" if chosen.arrived else ""
    return (
        f"{name if scheme == 'all zero' else f'{name} × {format_number(scale)}'}, "
        f"{counted(layers, 'hidden layer')}: the logits start with standard deviation "
        f"{format_number(chosen.sizes[-1])} and the loss at {format_number(chosen.run.losses[0])}; {later}. "
        f"Ten equal probabilities have a loss of {format_number(CHANCE)}. "
        f"Of the hidden activations, {percent(chosen.silent)} are zero before these steps{silent_later}."
    )


def _table(chosen: Start, others: dict[str, Start]) -> Table:
    return Table(
        "Standard deviation of what each layer computes before training",
        {
            "layer": np.arange(1, len(chosen.sizes) + 1),
            "chosen": chosen.sizes,
            **{f"{name} × 1": start.sizes for name, start in others.items()},
        },
        {
            "loss at the start": float(chosen.run.losses[0]),
            f"loss after {WARMING} steps": rough(chosen.run.losses[-1]) if chosen.arrived else "overflow",
            **{
                f"loss after {WARMING} steps, {name} × 1": rough(start.run.losses[-1])
                for name, start in others.items()
            },
            "classes": 10,
            "log 10": CHANCE,
            "steps": WARMING,
            "learning rate": WARM_RATE,
            "hidden activations that are 0": percent(chosen.silent),
            "the same after training": percent(chosen.silent_later) if chosen.arrived else "overflow",
        },
        digits=3,
    )


def _sizes(scale: float, chosen: Start, others: dict[str, Start]) -> Panel:
    """Show the size of the numbers by layer; 0 has no place on a logarithmic axis."""
    layers = np.arange(1.0, len(chosen.sizes) + 1)
    own = (
        [
            Line("size, chosen", chosen.sizes, layers, color="logits", width=4),
            Points("", chosen.sizes, layers, color="logits"),
            # All numbers of the first layer are proportional to its weights.
            Points(
                "size in the first layer",
                chosen.sizes[:1],
                [1],
                color="logits",
                size=15,
                drags={"y": Drag("scale", scale=scale / float(chosen.sizes[0]))},
            ),
        ]
        if chosen.sizes.any()
        else [Text("chosen: 0 in every layer", 4, LOW, dy=-8, color="logits", anchor="middle")]
    )
    return Panel(
        "size of the sums, before training",
        [
            *(
                Line(
                    f"size, {name} × 1",
                    start.sizes,
                    layers,
                    color="muted",
                    dash=COMPARED[name],
                    width=1.5,
                    label=name,
                )
                for name, start in others.items()
            ),
            *own,
        ],
        x=Axis(
            "layer (the last gives the logits)", 0.7, DEEPEST + 4, ticks=range(1, DEEPEST + 2), name="layer"
        ),
        y=Axis(low=LOW, high=HIGH, scale="log", ticks=powers_of_ten(-4, -2, 0, 2, 4, 6)),
        weight=1.25,
    )


LOW, HIGH = 1e-5, 1e7
END = WARMING + 30  # of the axis of steps: the labels of the lines are written beyond the last one


def _losses(chosen: Start, others: dict[str, Start]) -> Panel:
    """Show how training begins; one loss before an overflow is a point, not a line."""
    first, highest = float(chosen.run.losses[0]), 2e5
    compared = [
        Line(
            f"loss, {name} × 1",
            start.run.losses,
            start.run.steps,
            color="muted",
            dash=COMPARED[name],
            width=1.5,
            label=name * start.arrived,
        )
        for name, start in others.items()
    ]
    begins = "begins " * bool((chosen.run.losses <= highest).any())
    unseen = [f"chosen: {begins}above the picture"] * (first > highest)
    unseen += ["then overflow" if unseen else "chosen: overflows"] * (not chosen.arrived)
    words = [(said, "loss") for said in unseen]
    for name, start in others.items():
        if (start.run.losses <= highest).sum() < 2:  # no line to be seen
            words.append((f"{name} × 1: beyond the picture", "muted"))
    return Panel(
        f"training loss, *α* = {WARM_RATE}",
        [
            *compared,
            Line("loss", chosen.run.losses, chosen.run.steps, color="loss", width=4),
            Points("", [first if first <= highest else np.nan], [0], color="loss"),
            *(
                Text(said, END, highest, dx=-4, dy=14 + 17 * row, color=color, anchor="end")
                for row, (said, color) in enumerate(words)
            ),
            Rule("", CHANCE, axis="y", dash="dotted"),
            Text("log 10", END, CHANCE, dy=-5, color="muted", anchor="end"),
        ],
        x=Axis("step", -1, END, ticks=(0, 25, WARMING)),
        y=Axis(low=0.2, high=highest, scale="log", ticks=powers_of_ten(0, 1, 2, 3, 4, 5)),
    )


start_demo = Demo(
    initialization,
    (
        Choice("scheme", "Initialization", options=tuple(SCHEMES)),
        LogFloat("scale", "Weights times", low=0.1, high=10, initial=1, step=10**0.1),
        Integer("layers", "Hidden layers of 64", low=1, high=DEEPEST, initial=3),
    ),
    title="Before the first step.",
    look_for="Drag the first point until the blue line lies flat. Where does the loss start?",
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
        "of equal weights that are *not* zero. With equal biases these do get equal gradients and stay equal; at zero they get none.",
    ],
    expected=[10, 40, 15, 35],
)
