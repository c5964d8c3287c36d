"""Speed and memory of softmax and its neighbors beside SciPy's.

``pytest tests/benchmarks -o addopts="" --benchmark-only --benchmark-group-by=group`` compares them in groups;
``python tests/benchmarks/test_softmax_speed.py`` prints the ratios, measured in turns so that a busy machine
slows both alike. Nothing here is asserted: a timing is not a test.
"""

import timeit
import tracemalloc

import numpy as np
import pytest
import scipy.special

from course_utils.numerics import softmax as ours

SHAPES = [(10,), (1000, 10), (1000, 1000), (10**6,)]
FUNCTIONS = ["logsumexp", "softmax", "log_softmax"]
KINDS = ["ordinary", "wide", "hardest"]


def logits(kind, shape):
    """Ordinary logits, widely spread ones, and the hardest: some overflow, some keep their rounding error."""
    x = np.random.default_rng(0).normal(size=shape)
    return {"ordinary": x, "wide": 10 * x, "hardest": 100 * x + 700}[kind]


def implementations(name):
    """Both along the last axis."""
    reference = getattr(scipy.special, name)
    return {"course": getattr(ours, name), "scipy": lambda x: reference(x, axis=-1)}


@pytest.mark.parametrize("library", ["course", "scipy"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_speed(benchmark, name, shape, kind, library):
    f, x = implementations(name)[library], logits(kind, shape)
    benchmark.group = f"{name} {shape} {kind}"
    benchmark.extra_info["peak_memory_bytes"] = peak_memory(f, x)
    result = benchmark(f, x)
    assert np.isfinite(result).all()


def peak_memory(f, x):
    """Most bytes allocated at one time while f(x) runs, its result included."""
    f(x)
    tracemalloc.start()
    f(x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def seconds(f, x, rounds=15):
    """Least time per call, for each of the functions f, measured in turns."""
    calls = max(1, 20_000 // x.size)
    best = [min(timeit.repeat(lambda g=g: g(x), number=calls, repeat=2)) for g in f]
    for _ in range(rounds):
        best = [min(b, timeit.timeit(lambda g=g: g(x), number=calls)) for b, g in zip(best, f, strict=True)]
    return [b / calls for b in best]


if __name__ == "__main__":
    print(f"{'time and peak memory, course / SciPy':40}" + "".join(f"{name:>22}" for name in FUNCTIONS))
    for kind in KINDS:
        for shape in SHAPES:
            x = logits(kind, shape)
            cells = []
            for name in FUNCTIONS:
                pair = list(implementations(name).values())
                (t, t0), (m, m0) = seconds(pair, x), [peak_memory(f, x) for f in pair]
                cells.append(f"{t / t0:8.2f} (memory {m / m0:.2f})")
            print(f"{kind + ' ' + str(shape):40}" + "".join(f"{cell:>22}" for cell in cells))
