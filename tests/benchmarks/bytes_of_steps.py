"""How many bytes the kernel sends for one step of a control, for every demo: median and largest.

Run it as a script: ``PYTHONPATH=. python tests/benchmarks/bytes_of_steps.py [text ...]``, for the demos whose
module or name contains a text, or for all. Each control is moved by one notch, at its default, in all presets
and at five random places. The aims: a median of at most 8 kB, and never more than 60 kB.
"""

from __future__ import annotations

import bisect
import json
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "lessons"))
from control_values import random_value
from discovery import declared

from course_utils.teaching import Demo
from course_utils.teaching.controls import Control
from course_utils.teaching.pictures import Spec
from course_utils.teaching.pictures.changes import changes

RANDOM_PLACES = 5
MEDIAN, LARGEST = 8_000, 60_000


def beside(control: Control, value: Any) -> Any:
    """Return what one notch of the first slider makes of a value, which may stand between two."""
    slider, *_ = control.moves(value)
    at = slider.index(value) if value in slider else bisect.bisect(slider, value) - 1
    return slider[at + 1] if at + 1 < len(slider) else slider[at - 1]


def steps(demo: Demo) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yield the moved control and the states before and after."""
    random = np.random.default_rng(0)
    for control in demo.controls:
        states = [demo.defaults, *map(dict, demo.presets.values())]
        states += [
            demo.defaults | {control.name: random_value(control, random)} for _ in range(RANDOM_PLACES)
        ]
        for state in states:
            if control.moves(state[control.name]):  # else it is drawn by hand
                value = beside(control, state[control.name])
                yield control.name, state, state | {control.name: value}


def size(spec: Spec) -> int:
    return len(json.dumps(spec.json, separators=(",", ":"))) + sum(map(len, spec.buffers))


def told(before: Spec, now: Spec) -> int:
    """Return the bytes of an answer to a page that has the picture before."""
    return size(changes(before, now) or now)


def row(name: str, demo: Demo) -> tuple[str, list[int]]:
    found = [
        (told(demo.at(**before).spec(640), demo.at(**after).spec(640)), moved)
        for moved, before, after in steps(demo)
    ]
    sizes = [bytes_ for bytes_, _ in found]
    median, (largest, moved) = statistics.median(sizes), max(found)
    marks = ("" if median <= MEDIAN else " !", "" if largest <= LARGEST else " !")
    whole = size(demo.at().spec(640))
    cells = [
        name,
        f"{whole / 1e3:.1f}",
        f"{median / 1e3:.1f}{marks[0]}",
        f"{largest / 1e3:.1f}{marks[1]} ({moved})",
    ]
    return f"| {' | '.join(cells)} |", sizes


if __name__ == "__main__":
    print("| demo | whole, kB | step, median kB | largest kB (control) |\n|---|---|---|---|")
    everything: list[int] = []
    for parameter in declared(Demo):
        (demo,) = parameter.values
        chosen = not sys.argv[1:] or any(text in parameter.id for text in sys.argv[1:])
        if chosen:
            line, sizes = row(parameter.id, demo)
            everything += sizes
            print(line, flush=True)
    print(f"| all | | {statistics.median(everything) / 1e3:.1f} | {max(everything) / 1e3:.1f} |")
