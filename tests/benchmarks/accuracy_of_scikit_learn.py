"""Train scikit-learn's classifier and the course's on the same digits; print accuracy and time.

scikit-learn is no dependency of the course, so its figures stand in the notebook as constants with a date. To
renew them: ``python tests/benchmarks/accuracy_of_scikit_learn.py`` in an environment that has course and
scikit-learn.
"""

from __future__ import annotations

import platform
import time
import warnings
from collections.abc import Callable
from datetime import date
from functools import partial

import numpy as np
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from course_utils.data import load_digits
from course_utils.numerics.mlp import MLP
from course_utils.numerics.training import accuracy, linear_decay, train

HIDDEN = (32, 64)
SEEDS = range(5)
TRAINING = 1200  # examples; the other 597 are for testing
STEPS, BATCH_SIZE, MOMENTUM = 800, 32, 0.9
LEARNING_RATE = partial(linear_decay, start=0.2, end=0.0, steps=STEPS)


def split_digits() -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return inputs between 0 and 1 with their labels, to train on and to test on."""
    images, labels = load_digits()
    inputs = images.reshape(len(images), -1) / 16
    order = np.random.default_rng(0).permutation(len(labels))
    training, test = order[:TRAINING], order[TRAINING:]
    return (inputs[training], labels[training]), (inputs[test], labels[test])


def of_scikit_learn(hidden: int, seed: int) -> float:
    """Return the test accuracy with scikit-learn's default settings: Adam, 200 rounds of batches of 200."""
    (inputs, labels), test = split_digits()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # 200 rounds are its default, too
        network = MLPClassifier((hidden,), random_state=seed).fit(inputs, labels)
    return float(network.score(*test))


def of_the_course(hidden: int, seed: int) -> float:
    """Return the test accuracy after the last step."""
    (inputs, labels), (test_inputs, test_labels) = split_digits()
    *_, last = train(
        MLP.random((inputs.shape[1], hidden, 10), seed, scheme="he", bias=False),
        inputs,
        labels,
        steps=STEPS,
        learning_rate=LEARNING_RATE,
        momentum=MOMENTUM,
        batch_size=BATCH_SIZE,
        seed=seed,
        snapshot_every=STEPS,
    )
    return accuracy(last.mlp.forward(test_inputs), test_labels)


def summary(measure: Callable[[int, int], float], hidden: int) -> str:
    """Train once per seed, and write accuracy and CPU time in one line."""
    start = time.process_time()
    with threadpool_limits(1):
        results = [measure(hidden, seed) for seed in SEEDS]
    seconds = (time.process_time() - start) / len(results)
    return (
        f"mean {np.mean(results):.2%} (from {min(results):.2%} to {max(results):.2%}), "
        f"{seconds:.2f} s of CPU each"
    )


def main() -> None:
    """Print every figure with its date."""
    on = f"scikit-learn {sklearn.__version__}, NumPy {np.__version__}, {platform.machine()} CPU, one thread"
    print(f"measured {date.today().isoformat()}: {on}, {len(SEEDS)} seeds")
    for hidden in HIDDEN:
        print(f"scikit-learn, {hidden} hidden units: {summary(of_scikit_learn, hidden)}")
        print(f"the course, {hidden} hidden units: {summary(of_the_course, hidden)}")


if __name__ == "__main__":
    main()
