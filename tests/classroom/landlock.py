"""Whether this machine can fence in students' code, by what its kernel answers when asked directly.

Where it can, a fence that cannot be built is a fault of the course: its tests then fail and are not skipped.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys

import pytest

CREATE_RULESET, ONLY_ITS_VERSION = 444, 1  # as landlock_create_ruleset(2) has them


def landlock_version() -> int:
    """Return the version of Landlock in this kernel, 0 where there is none."""
    if sys.platform != "linux":
        return 0
    return max(0, ctypes.CDLL(None).syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ONLY_ITS_VERSION))


def skip_without_landlock() -> None:
    """Skip a test whose fence no code could build on this machine."""
    if not hasattr(os, "fork"):
        pytest.skip("grading needs Linux")
    if platform.machine() not in {"x86_64", "aarch64"}:
        pytest.skip(f"which system calls {platform.machine()} has is not known")
    if not landlock_version():
        pytest.skip("this kernel has no Landlock")
