"""Attempts at the exercise of `start_here`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from allowed import some

from attempts import Allows, Functions, Listed, Told


def exponentials(z: Any) -> Any:
    return np.array([math.exp(score) for score in z])


RIGHT: dict[str, Functions] = {
    "sum_exercise": {
        "loop": lambda z: sum(math.exp(score) for score in z),
        "exact sum": lambda z: math.fsum(np.exp(z)),
        "dot product": lambda z: np.exp(z) @ np.ones(len(z)),
        "log space": lambda z: np.exp(np.logaddexp.reduce(z)),
        "running sum": lambda z: np.cumsum(np.exp(z))[-1],
        "largest score first": lambda z: np.exp(z.max()) * np.exp(z - z.max()).sum(),
        "power of e": lambda z: (np.e**z).sum(),
    },
}
WRONG: dict[str, Functions] = {
    "sum_exercise": {
        "logarithm of the sum": lambda z: np.log(np.sum(np.exp(z))),
        "three scores only": lambda z: np.exp(z[:3]).sum() if len(z) >= 3 else np.exp(z[0]),
        "last one forgotten": lambda z: sum(np.exp(z[i]) for i in range(len(z) - 1)),
        "equal scores counted once": lambda z: np.exp(np.unique(z)).sum(),
    },
}
TOLD: Told = {
    "sum_exercise": {
        "logarithm of the sum": "logarithm",
        "last one forgotten": "argument: without last",
        "equal scores counted once": "argument: unique",
    },
}
LISTED: Listed = {
    "sum_exercise": {
        "this-is-e-to-the-power-of-the-sum": lambda z: math.exp(sum(z)),
        "these-are-the-exponentials-one-for-each-score": exponentials,
        "this-is-the-sum-of-the-scores-themselves": lambda z: sum(z),
        "this-is-their-mean": lambda z: sum(exponentials(z)) / len(z),
    },
}
ALLOWS: Allows = {"sum_exercise": lambda z: some(z, -100, 100, 1, True)}
