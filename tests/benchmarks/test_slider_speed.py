"""What one step of a slider costs the kernel, for every demo: to build the picture, to say what has changed.

Run it with ``pytest tests/benchmarks/test_slider_speed.py --benchmark-enable -n 0``, or as a script for CPU
times alone: ``python tests/benchmarks/test_slider_speed.py``. Building holds the mathematics; where that is
less than 5 ms, the aim for both together is 8 ms.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from discovery import declared

from course_utils.teaching import Demo
from course_utils.teaching.pictures import Picture, Spec
from course_utils.teaching.pictures.changes import changes

DEMOS = declared(Demo)
AIM = 8  # milliseconds
ROUNDS = 15


def say(before: Spec, picture: Picture) -> str:
    """Do what the kernel does with a picture that is built."""
    now = picture.spec(640)
    return json.dumps((changes(before, now) or now).json)


def a_step_away(demo: Demo) -> dict[str, Any]:
    """Return a state beside the default: the first preset."""
    return dict(next(iter(demo.presets.values())))


@pytest.mark.parametrize("demo", DEMOS)
def test_step(demo: Demo, benchmark: Any) -> None:
    state, before = a_step_away(demo), demo.at().spec(640)
    benchmark.group = f"slider step: {demo.title}"
    told = benchmark(lambda: say(before, demo.at(**state)))
    assert len(json.loads(told)["panels"]) == len(before.json["panels"])


def milliseconds(action: Callable[[], object]) -> float:
    """Return the median CPU time of one call."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return 1000 * statistics.median(times)


def row(name: str, demo: Demo) -> str:
    """Return a row of the table of CPU times."""
    state, before = a_step_away(demo), demo.at().spec(640)
    picture = demo.at(**state)
    build, rest = milliseconds(lambda: demo.at(**state)), milliseconds(lambda: say(before, picture))
    return f"| {name} | {build:.1f} | {rest:.1f}{'' if build + rest <= AIM else ' !'} |"


if __name__ == "__main__":
    print("| demo | build, CPU ms | say, CPU ms |\n|---|---|---|")
    for parameter in DEMOS:
        print(row(parameter.id, *parameter.values), flush=True)
