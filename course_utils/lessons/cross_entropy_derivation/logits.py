"""Section "From logits, and softmax only once"."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array, clean
from course_utils.lessons.cross_entropy_derivation.batches import (
    LOSS_CHECKS,
    any_labeled_batch,
    narrow_one_hot,
    safe_softmax,
)
from course_utils.lessons.handles import handle
from course_utils.numerics.losses import one_hot
from course_utils.numerics.softmax import log_softmax, softmax, softmax_vjp
from course_utils.teaching import Contract, Demo, Exercise, Float, Integer, Mistake, Question
from course_utils.teaching.pictures import Axis, Bars, Drag, Line, Panel, Picture, Points, Rule
from course_utils.teaching.text import format_number

LEADS = np.linspace(-4, 12, 129)

ONCE: dict[str, Any] = {"color": "probabilities"}
TWICE: dict[str, Any] = {"color": "ink"}


def _of_true(logit: Any, classes: int) -> Any:
    """Return logits of which all but that of the true class, the first, are 0."""
    return np.where(np.arange(classes) == 0, np.asarray(logit)[..., None], 0.0)


def double_softmax(lead: float, classes: int) -> Picture:
    """Show what becomes of probabilities and loss when softmax is taken a second time by mistake."""
    y, z = one_hot(0, classes), _of_true(lead, classes)
    p, twice = softmax(z), softmax(softmax(z))
    loss, loss_twice = clean(-log_softmax(z)[0]), -log_softmax(p)[0]
    ceiling = np.e / (np.e + classes - 1)
    push, push_twice = 1 - p[0], -softmax_vjp(z, twice - y)[0]
    return Picture(
        [_logits(z), _once_and_twice(p, twice, ceiling), _losses(lead, classes, loss, loss_twice, ceiling)],
        f"The loss is {format_number(loss)}; with softmax taken twice it is {format_number(loss_twice)}. "
        f"Twice means that p of the true class cannot exceed {format_number(ceiling)}, "
        f"so the loss cannot fall below {format_number(-np.log(ceiling))}. "
        f"The push on the true logit is {format_number(push)} when right, {format_number(push_twice)} when taken twice.",
        facts={
            "loss": loss,
            "loss, softmax taken twice": loss_twice,
            "push on the true logit": push,
            "push, softmax twice": push_twice,
        },
        height=310,
    )


def _by_class(count: int) -> Axis:
    return Axis("class", -0.6, count - 0.4, ticks={0: "true"})


def _logits(z: Array) -> Panel:
    return Panel(
        "logits *z*",
        [
            Bars("z, true class", z[:1], [0], color="logits", values=True, drags={"y": Drag("lead")}),
            Bars("z, another", z[1:], np.arange(1, len(z)), color="logits", values=True),
        ],
        x=_by_class(len(z)),
        y=Axis(low=-6, high=14.5, ticks=(-4, 0, 4, 8, 12), zero=True),
        weight=0.8,
    )


def _once_and_twice(p: Array, twice: Array, ceiling: float) -> Panel:
    return Panel(
        "softmax once and twice",
        [
            Bars("p", p, **ONCE, label="once"),
            Points("softmax of p", twice, **TWICE, shape="diamond", size=11, label="twice"),
            Rule("ceiling of p", ceiling, axis="y", **TWICE, label="ceiling"),
        ],
        x=_by_class(len(p)),
        y=Axis(low=0, high=1.1, ticks=(0, 0.5, 1)),
    )


def _losses(lead: float, classes: int, loss: float, loss_twice: float, ceiling: float) -> Panel:
    return Panel(
        "loss in nats",
        [
            Rule("floor of the loss", -np.log(ceiling), axis="y", **TWICE, label="floor"),
            Line("loss", -log_softmax(_of_true(LEADS, classes))[:, 0], LEADS, **ONCE),
            Line(
                "loss, softmax twice",
                -log_softmax(softmax(_of_true(LEADS, classes)))[:, 0],
                LEADS,
                **TWICE,
                dash="dashed",
            ),
            handle("loss now", loss, lead, "lead", **ONCE, size=12),
            handle("loss now, softmax twice", loss_twice, lead, "lead", **TWICE, shape="diamond", size=12),
        ],
        x=Axis("lead of the true logit", -4.5, 12.5, ticks=(-4, 0, 4, 8, 12)),
        y=Axis(low=-0.3, high=6.6, ticks=(0, 2, 4, 6)),
        weight=1.2,
    )


double_demo = Demo(
    double_softmax,
    (
        Float("lead", "Lead of the true logit", low=-4, high=12, initial=4, step=0.5, plays=True),
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
    expected=[40, 10, 40, 10],
)


def cross_entropy(z, labels):
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(z))
    return -log_p[rows, labels].mean()


def _rows_of(table, labels):
    return table[np.arange(len(labels)), labels]


def _naive_cross_entropy(z, labels):
    return -np.mean(_rows_of(z - np.log(np.exp(z).sum(axis=1, keepdims=True)), labels))


cross_entropy_exercise = Exercise(
    "Write `cross_entropy(z, labels)`: the mean over a batch of −log p of the true class.",
    Contract(
        "`z` is a 2-D NumPy array of logits (floats or integers from −10000 to 10000), one row per example; `labels` is "
        "a 1-D integer array with the index of the true class of each row. Return one number, in nats, right to nine "
        "significant digits or to 1e−10, whichever is easier, and finite, also where p itself rounds to 0. Leave `z` and `labels` unchanged.",
        atol=1e-10,
        inputs=any_labeled_batch,
    ),
    cross_entropy,
    LOSS_CHECKS,
    [
        Mistake(
            lambda z, labels: -np.mean(np.log(_rows_of(safe_softmax(z), labels))),
            "you take the logarithm of a softmax that has been rounded. Where p rounds to 0 this is log 0 and the loss "
            "infinite. Stay in logarithms: log p = z − log Σ e^z.",
        ),
        Mistake(
            lambda z, labels: -np.mean(np.log(_rows_of(safe_softmax(z), labels) + 1e-12)),
            "adding a small number before the logarithm keeps the loss finite where p rounds to 0, and wrong: no "
            "example costs more than 27.6, however hopeless its logits are. Stay in logarithms: log p = z − log Σ e^z.",
        ),
        Mistake(
            lambda z, labels: -np.mean(np.log(np.clip(_rows_of(safe_softmax(z), labels), 1e-12, 1))),
            "clipping p keeps the loss finite where p rounds to 0, and wrong: every p below 1e-12 costs the same "
            "27.6, however hopeless its logits are. Stay in logarithms: log p = z − log Σ e^z.",
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
            lambda z, labels: -np.mean(np.sum(narrow_one_hot(labels) * np.log(safe_softmax(z)), axis=1)),
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
            lambda z, labels: cross_entropy(safe_softmax(z), labels),
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
            lambda z, labels: np.mean(1 - _rows_of(safe_softmax(z), labels)),
            "this is the mean of 1 − p. The loss is −log p.",
        ),
    ],
    [
        "Write log p of a class as its logit minus something all classes of a row share.",
        "loss = mean of log Σ_j e^(z_j) − z_y, with the largest logit of each row subtracted first.",
        "Subtract `z.max(axis=1, keepdims=True)`, then the log of the row sums of `np.exp`; pick the entries "
        "`[np.arange(len(z)), labels]`, and return minus their mean.",
    ],
    payoff="You can now compute the loss of a classifier from its logits, however sure it is.",
)
