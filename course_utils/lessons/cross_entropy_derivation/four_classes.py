"""Four classes, the controls for their logits, and the panels that several pictures of this lesson share."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.lessons.arrays import Array
from course_utils.lessons.class_bars import logit_sliders
from course_utils.teaching import Choice
from course_utils.teaching.pictures import Axis, DragTo, Points, classes

CLASSES = ("cat", "dog", "fox", "bear")
BY_CLASS = classes(CLASSES)
WINDOW_P = np.linspace(0.01, 0.99, 99)
LABEL = Choice("label", "True class", options=CLASSES, initial="fox")
LOGITS = Axis(low=-5.6, high=5.6, ticks=(-5, 0, 5))
LOGIT_SLIDERS = logit_sliders(4, (0.1, -2, 3.4, 3.3))


def target_points(y: Array) -> Points:
    """Mark the target, 1 at the true class and 0 elsewhere; the 1 can be moved to another class."""
    drags = DragTo(_true_class, ("label",), "target")
    return Points("y", y, color="target", shape="diamond", size=11, label="target *y*", drags=drags)


def _true_class(x: float, y: float, index: int, state: dict[str, Any]) -> dict[str, Any]:
    """Make the class true to which the target is dragged."""
    return {"label": CLASSES[round(float(np.clip(x, 0, 3)))]}
