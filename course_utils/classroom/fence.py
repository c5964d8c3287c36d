"""What fences a worker in: files by Landlock, system calls by seccomp, computing and memory by limits.

All three are Linux's own and need no rights, no container and no other program. Files: only what is on a list
can be read, nothing can be written or started, so neither the lessons, nor other submissions, nor the
gradebook are there. System calls: computing, reading and answering is allowed, everything else is refused, so
there are no other processes, no signals, no network, and no sleeping. What is refused raises an `OSError` in
the student's function, which then has failed like any other function that raises.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import struct
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

READ_FILE, READ_DIR = 1 << 2, 1 << 3
RIGHTS = (13, 14, 15, 15, 16)  # how many rights on files Landlock knows, by its version; later ones 16
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every machine
NO_NEW_PRIVILEGES, SECCOMP, DEATH_SIGNAL, FILTER = 38, 22, 1, 2
REFUSED, ALLOWED, KILLED = 0x0005_0001, 0x7FFF_0000, 0x8000_0000  # with EPERM; go on; end the process
WAKE = 1  # the one use of futex that never waits

# Numbers of the system calls that computing needs, as <asm/unistd.h> has them: x86_64, aarch64.
CALLS = {
    "read": (0, 63), "write": (1, 64), "open": (2, None), "close": (3, 57), "stat": (4, None),
    "fstat": (5, 80), "lstat": (6, None), "lseek": (8, 62), "mmap": (9, 222), "mprotect": (10, 226),
    "munmap": (11, 215), "brk": (12, 214), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139), "pread64": (17, 67), "readv": (19, 65), "writev": (20, 66),
    "access": (21, None), "sched_yield": (24, 124), "mremap": (25, 216), "madvise": (28, 233),
    "getpid": (39, 172), "exit": (60, 93), "uname": (63, 160), "getcwd": (79, 17), "readlink": (89, None),
    "gettimeofday": (96, 169), "getrusage": (98, 165), "sysinfo": (99, 179), "times": (100, 153),
    "getuid": (102, 174), "getgid": (104, 176), "geteuid": (107, 175), "getegid": (108, 177),
    "getppid": (110, 173), "sigaltstack": (131, 132), "gettid": (186, 178), "time": (201, None),
    "sched_getaffinity": (204, 123), "getdents64": (217, 61), "restart_syscall": (219, 128),
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "exit_group": (231, 94), "openat": (257, 56),
    "newfstatat": (262, 79), "readlinkat": (267, 78), "faccessat": (269, 48), "getcpu": (309, 168),
    "getrandom": (318, 278), "statx": (332, 291), "rseq": (334, 293), "faccessat2": (439, 439),
}  # fmt: skip
FUTEX = (202, 98)
MACHINES = {"x86_64": (0, 0xC000_003E), "aarch64": (1, 0xC000_00B7)}  # column above, and the kernel's name


class NoFence(OSError):
    """This machine cannot fence a worker in."""


def spread(paths: Iterable[Path], without: Iterable[Path]) -> Iterator[Path]:
    """Yield the paths, each that holds something forbidden as its parts without that.

    Examples
    --------
    >>> here = Path(__file__).parent
    >>> fence = here / "fence.py"
    >>> fence in spread([here], [here / "judge.py"]), here / "judge.py" in spread([here], [here / "judge.py"])
    (True, False)
    >>> list(spread([here], [fence.parents[2]]))
    []
    """
    forbidden = [path.resolve() for path in without]
    for path in paths:
        real = path.resolve()
        if not real.exists() or any(real.is_relative_to(place) for place in forbidden):
            continue
        if real.is_dir() and any(place.is_relative_to(real) for place in forbidden):
            yield from spread(sorted(real.iterdir()), forbidden)
        else:
            yield real


class Fence:
    """The fence of this machine, to be built once and closed around each worker.

    Parameters
    ----------
    readable : iterable of Path
        Files and folders that a worker may read.
    listed : iterable of Path
        Folders whose names it may see; imports look there.
    """

    def __init__(self, readable: Iterable[Path], listed: Iterable[Path]) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._libc.syscall.restype = ctypes.c_long
        self._program = filter_program(platform.machine())
        self._rules = self._landlock(readable, listed)

    def _landlock(self, readable: Iterable[Path], listed: Iterable[Path]) -> int:
        version = self._libc.syscall(CREATE_RULESET, None, 0, 1)
        if version < 1:
            raise NoFence("this kernel has no Landlock, which keeps files from students' code")
        rights = (1 << RIGHTS[min(version, len(RIGHTS)) - 1]) - 1
        # Files, ports and what lies outside: a kernel that knows less is given the first of these only.
        handled = struct.pack("=QQQ", rights, 3, 3)
        size = 24 if version >= 6 else 16 if version >= 4 else 8
        rules = self._checked(self._libc.syscall(CREATE_RULESET, handled, size, 0), "Landlock")
        for paths, allowed in ((readable, READ_FILE | READ_DIR), (listed, READ_DIR)):
            for path in paths:
                self._allow(rules, path, allowed)
        return int(rules)

    def _allow(self, rules: int, path: Path, allowed: int) -> None:
        place = os.open(path, os.O_PATH)
        try:
            if not path.is_dir():
                allowed &= READ_FILE
            rule = struct.pack("=Qi", allowed, place)
            self._checked(self._libc.syscall(ADD_RULE, rules, 1, rule, 0), f"Landlock, {path}")
        finally:
            os.close(place)

    def close_around_me(self) -> None:
        """Fence this process in, for good."""
        steps = ctypes.create_string_buffer(self._program)
        program = struct.pack("HP", len(self._program) // 8, ctypes.addressof(steps))
        self._checked(self._libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0), "no new privileges")
        self._checked(self._libc.syscall(RESTRICT_SELF, self._rules, 0), "Landlock")
        os.close(self._rules)
        self._checked(self._libc.prctl(SECCOMP, FILTER, program), "seccomp")

    @staticmethod
    def _checked(result: int, what: str) -> int:
        if result < 0:
            number = ctypes.get_errno()
            raise NoFence(number, f"{what}: {os.strerror(number)}")
        return result


def filter_program(machine: str) -> bytes:
    """Write the program by which the kernel judges each system call; see seccomp(2)."""
    if machine not in MACHINES:
        raise NoFence(f"the system calls of {machine} are not known here, only of {', '.join(MACHINES)}")
    column, name = MACHINES[machine]
    load, alu_and, equal, answer = 0x20, 0x54, 0x15, 0x06  # instructions of the classic BPF
    number, kind, second_argument = 0, 4, 24  # where they stand; of an argument the lower half comes first
    program = [(load, 0, 0, kind), (equal, 1, 0, name), (answer, 0, 0, KILLED), (load, 0, 0, number)]
    for numbers in CALLS.values():
        if (call := numbers[column]) is not None:
            program += [(equal, 0, 1, call), (answer, 0, 0, ALLOWED)]
    program += [
        (equal, 1, 0, FUTEX[column]),
        (answer, 0, 0, REFUSED),
        (load, 0, 0, second_argument),
        (alu_and, 0, 0, 0x7F),
        (equal, 0, 1, WAKE),
        (answer, 0, 0, ALLOWED),
        (answer, 0, 0, REFUSED),
    ]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def limit(seconds: int, memory: int) -> None:
    """Limit this process: seconds of computing, bytes of memory, no files written, no dump when it crashes.

    Wherever one of these limits is unknown or lower already, that stays. Who has computed so long is ended by
    SIGXCPU, by which that is told from being killed, and who ignores it, a second later.
    """
    import resource

    wanted = {"CPU": seconds, "AS": memory, "FSIZE": 0, "CORE": 0, "NOFILE": 64, "MEMLOCK": 0, "MSGQUEUE": 0}
    for name, value in wanted.items():
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if kind is not None:
            ends = value, value + 1 if name == "CPU" else value
            before = resource.getrlimit(kind)
            soft, hard = (
                end if was == resource.RLIM_INFINITY else min(end, was)
                for end, was in zip(ends, before, strict=True)
            )
            resource.setrlimit(kind, (soft, hard))


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent ends; elsewhere than on Linux nothing happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DEATH_SIGNAL, signal.SIGKILL)
