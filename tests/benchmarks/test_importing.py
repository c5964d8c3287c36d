"""CPU time of importing a lesson, on top of NumPy and ipywidgets; the design allows 0.3 s.

Run with ``pytest tests/benchmarks --benchmark-enable --numprocesses=0 -s``. Other tests see that it can be.
"""

from __future__ import annotations

import subprocess
import sys

import pytest
from discovery import LESSONS
from pytest_benchmark.fixture import BenchmarkFixture


def seconds_on_top(lesson: str) -> float:
    """Return the CPU seconds of one import in a fresh process."""
    code = f"""
import time, numpy, ipywidgets
began = time.process_time()
import course_utils.lessons.{lesson}
print(time.process_time() - began)"""
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)


@pytest.mark.parametrize("lesson", LESSONS)
def test_importing_a_lesson(lesson: str, benchmark: BenchmarkFixture) -> None:
    if benchmark.disabled:
        pytest.skip("takes seconds; runs with --benchmark-enable")
    measured: list[float] = []
    benchmark.pedantic(lambda: measured.append(seconds_on_top(lesson)), rounds=3)
    benchmark.extra_info["CPU seconds, best of 3"] = min(measured)
    print(f"{lesson}: {min(measured):.2f} s of CPU")
