"""The networks of this lesson by name, the windows it looks through, and their exact regions."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course_utils.lessons.region_maps import window_around
from course_utils.numerics.mlp import MLP
from course_utils.numerics.regions import ActivationRegions, activation_regions
from course_utils.teaching import Integer

SHALLOW, DEEP, MATCHED = "2-20-1", "2-5-5-5-5-1", "2-28-1"
LAST_SEED = 199
SEED = Integer("seed", "Seed of the random weights", low=0, high=LAST_SEED, initial=0)


@lru_cache(maxsize=64)
def network(widths: str, seed: int = 0) -> MLP:
    """Draw the network of this name: `network("2-20-1")`."""
    return MLP.random([int(width) for width in widths.split("-")], seed)


@lru_cache(maxsize=64)
def regions_within(
    net: MLP, half_width: float, center: tuple[float, float] = (0.0, 0.0)
) -> ActivationRegions:
    """Return the exact regions in the square window of this half-width."""
    return activation_regions(net, window_around(half_width, center))


@lru_cache(maxsize=64)
def steepest_slopes(net: MLP) -> tuple[float, float]:
    """Return how steep the output is along x0 and along x1 where it is steepest, in the largest window."""
    slopes = np.abs(regions_within(net, FARTHEST).slopes[:, 0]).max(axis=0)
    return float(slopes[0]), float(slopes[1])


@lru_cache(maxsize=64)
def active_counts(net: MLP) -> tuple[int, int]:
    """Return how many hidden units are active where the fewest and where the most are, in the largest window."""
    counts = regions_within(net, FARTHEST).activation_patterns.sum(axis=1)
    return int(counts.min()), int(counts.max())


@lru_cache(maxsize=64)
def linear_count(regions: ActivationRegions) -> int:
    """Count the linear regions: cells that share an edge and an affine map are one."""
    return int(regions.linear_labels().max()) + 1


FARTHEST = 5000.0
WINDOWS = {"±10": 10.0, "±50": 50.0, "±100": 100.0, "±5000": FARTHEST}

NETS = (SHALLOW, DEEP, MATCHED)
