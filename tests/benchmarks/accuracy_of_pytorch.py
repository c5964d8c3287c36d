"""Measure PyTorch as the accuracy lab of notebook 02 does; print what the notebook quotes.

PyTorch is no dependency of the course, so its figures stand in the notebook as constants with a date. To
renew them: ``python tests/benchmarks/accuracy_of_pytorch.py`` in an environment that has course and torch.
"""

from __future__ import annotations

import platform
from datetime import date

import numpy as np
import torch

from course_utils.lessons.numeric_instability import accuracy_lab as lab

FUNCTIONS = {
    "logsumexp": lambda z: torch.logsumexp(z, 0),
    "softmax": lambda z: torch.softmax(z, 0),
    "log_softmax": lambda z: torch.log_softmax(z, 0),
}


def lab_table(function: str, inputs: str) -> list[float]:
    """Return PyTorch's largest error in ulp for each spread of the lab."""
    worst = np.full(len(lab.SPREADS), np.nan)
    for number, z in lab.lab_inputs(inputs):
        nearest, rest = lab.true_values(function, z)
        normal = np.abs(nearest) >= np.finfo(float).tiny
        if normal.any():
            result = np.atleast_1d(FUNCTIONS[function](torch.from_numpy(z)).numpy())
            errors = lab.errors_in_ulp(result[normal], nearest[normal], rest[normal])
            worst[number] = np.fmax(worst[number], errors.max())
    return worst.tolist()


def softplus_error() -> float:
    """Return the largest error in ulp of ``softplus`` between 20 and 37, where it returns its argument."""
    from mpmath import mp

    x = np.linspace(20.001, 36.9, 200)
    with mp.workdps(40):
        right = [mp.log1p(mp.exp(mp.mpf(float(v)))) for v in x]
        nearest = np.array([float(v) for v in right])
        rest = np.array([float(v - float(v)) for v in right])
    result = torch.nn.functional.softplus(torch.from_numpy(x)).numpy()
    return float(lab.errors_in_ulp(result, nearest, rest).max())


def main() -> None:
    """Print every figure with its date."""
    on = f"PyTorch {torch.__version__}, {platform.machine()} CPU, float64"
    print(f"measured {date.today().isoformat()}: {on}")
    for function in FUNCTIONS:
        for inputs in (lab.LOGITS, lab.LARGEST_ZERO):
            errors = lab_table(function, inputs)
            by_spread = ", ".join(lab.decade(error) for error in errors[::2])
            print(f"{function}, {inputs}: worst {lab.decade(np.nanmax(errors))} ({by_spread})")
    print(f"softplus between 20 and 37: {lab.decade(softplus_error())}")


if __name__ == "__main__":
    main()
