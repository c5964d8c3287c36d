"""The fence: its tables against the headers of the kernel, its filter against a reading of it by rule."""

from __future__ import annotations

import ctypes
import errno
import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from landlock import skip_without_landlock

from course_utils.classroom import fence

HEADERS = Path("/usr/include")
NAMES = ({}, {"newfstatat": "fstatat"})  # where a header calls a system call otherwise


def defined(*files: str, of: str = "", value: str = r"[^\s/].*?") -> dict[str, str]:
    """What headers define: names that begin so, without that, and what stands there."""
    found = [path for name in files for path in HEADERS.glob(name)]
    if not found:
        pytest.skip(f"no {files[0]} in {HEADERS}")
    text = "\n".join(path.read_text("utf-8", "replace") for path in found)
    return dict(re.findall(rf"^#\s*define\s+{of}(\w+)\s+({value})\s*(?:/\*.*)?$", text, re.MULTILINE))


@pytest.mark.parametrize(
    ("column", "header"), [(0, "*/asm/unistd_64.h"), (1, "asm-generic/unistd.h")], ids=["x86_64", "aarch64"]
)
def test_system_calls_have_the_numbers_of_the_headers(column: int, header: str) -> None:
    numbers = defined(header, of="__NR(?:3264)?_", value=r"\d+")
    if column == 0 and numbers.get("read") != "0":
        pytest.skip("the headers are those of another machine")
    for name, given in {**fence.CALLS, "futex": fence.FUTEX}.items():
        right = numbers.get(NAMES[column].get(name, name))
        assert given[column] == (None if right is None else int(right)), name
    calls = ("create_ruleset", "add_rule", "restrict_self")
    assert [int(numbers[f"landlock_{name}"]) for name in calls] == [
        fence.CREATE_RULESET,
        fence.ADD_RULE,
        fence.RESTRICT_SELF,
    ]


def test_what_the_kernel_is_asked_for_has_the_values_of_the_headers() -> None:
    names = defined("linux/prctl.h", "linux/seccomp.h", "linux/landlock.h", "linux/futex.h")
    written = {name: re.fullmatch(r"(0x[\da-fA-F]+|\d+)U?", value) for name, value in names.items()}
    values = {name: int(number[1], 0) for name, number in written.items() if number}
    assert [values[f"PR_SET_{name}"] for name in ("NO_NEW_PRIVS", "SECCOMP", "PDEATHSIG")] == [
        fence.NO_NEW_PRIVILEGES,
        fence.SECCOMP,
        fence.DEATH_SIGNAL,
    ]
    assert values["SECCOMP_MODE_FILTER"] == fence.FILTER
    assert values["SECCOMP_RET_ERRNO"] | errno.EPERM == fence.REFUSED
    assert values["SECCOMP_RET_ALLOW"] == fence.ALLOWED
    assert values["SECCOMP_RET_KILL_PROCESS"] == fence.KILLED
    assert values["FUTEX_WAKE"] == fence.WAKE
    rights = {name: value.strip("()") for name, value in names.items() if name.startswith("LANDLOCK_ACCESS")}
    for right, name in ((fence.READ_FILE, "READ_FILE"), (fence.READ_DIR, "READ_DIR")):
        assert rights[f"LANDLOCK_ACCESS_FS_{name}"] == f"1ULL << {right.bit_length() - 1}"


def test_machines_have_the_names_that_the_kernel_gives_them() -> None:
    """Both are little-endian and of 64 bits."""
    numbers = defined("linux/elf-em.h", of="EM_", value=r"\d+")
    kinds = defined("linux/audit.h", of="__AUDIT_ARCH_", value=r"0x[\da-f]+")
    for machine, (_, name) in fence.MACHINES.items():
        assert name == int(numbers[machine.upper()]) | int(kinds["64BIT"], 16) | int(kinds["LE"], 16)


def answer(program: bytes, machine: int, call: int, second: int) -> int:
    """Read a filter of the classic BPF as the kernel does; see seccomp(2)."""
    seen = struct.pack("=iIQ6Q", call, machine, 0, 0, second, 0, 0, 0, 0)
    steps, at, value = list(struct.iter_unpack("=HBBI", program)), 0, 0
    while True:
        code, met, missed, k = steps[at]
        at += 1
        if code == 0x06:
            return int(k)
        if code == 0x20:
            (value,) = struct.unpack_from("=I", seen, k)
        elif code == 0x54:
            value &= k
        else:
            assert code == 0x15
            at += met if value == k else missed


@pytest.mark.parametrize("machine", fence.MACHINES)
def test_the_filter_allows_what_is_listed_and_nothing_else(machine: str) -> None:
    column, kernel = fence.MACHINES[machine]
    program = fence.filter_program(machine)
    allowed = {call for call in range(600) if answer(program, kernel, call, 0) == fence.ALLOWED}
    listed = [numbers[column] for numbers in fence.CALLS.values() if numbers[column] is not None]
    assert allowed == set(listed)
    assert len(allowed) == len(listed)
    assert {answer(program, kernel, call, 0) for call in range(600)} == {fence.ALLOWED, fence.REFUSED}
    other = next(k for _, k in fence.MACHINES.values() if k != kernel)
    assert {answer(program, other, call, 1) for call in range(600)} == {fence.KILLED}


@pytest.mark.parametrize("machine", fence.MACHINES)
def test_of_a_futex_only_waking_is_allowed(machine: str) -> None:
    column, kernel = fence.MACHINES[machine]
    waking = {
        second
        for second in range(512)  # 128: of this process only; 256: by the clock on the wall
        if answer(fence.filter_program(machine), kernel, fence.FUTEX[column], second) == fence.ALLOWED
    }
    assert waking == {1, 129, 257, 385}


def test_a_machine_whose_calls_are_not_known_has_no_fence() -> None:
    with pytest.raises(fence.NoFence, match="of riscv64 are not known here, only of x86_64, aarch64"):
        fence.filter_program("riscv64")


class NotedRules:
    """Takes the kernel's place: notes what each rule allows, by the folder or file that it is about."""

    def __init__(self, version: int = 6) -> None:
        self.version = version
        self.handled: tuple[int, ...] = ()
        self.allowed: dict[Path, int] = {}

    def syscall(self, call: int, *given: object) -> int:
        if call == fence.CREATE_RULESET and given[0] is None:
            return self.version
        if call == fence.CREATE_RULESET:
            attributes, size, _ = given
            assert isinstance(attributes, bytes)
            assert isinstance(size, int)
            assert len(attributes) >= size, "nothing is read behind what is given"
            self.handled = tuple(number for (number,) in struct.iter_unpack("=Q", attributes[:size]))
        if call == fence.ADD_RULE:
            rights, place = struct.unpack("=Qi", given[2])  # type: ignore[arg-type]
            self.allowed[Path(f"/proc/self/fd/{place}").resolve()] = rights
        return 6  # a ruleset


def test_what_is_readable_is_read_and_what_is_on_the_way_only_listed(tmp_path: Path) -> None:
    folder, on_the_way, file = tmp_path / "folder", tmp_path / "way", tmp_path / "file"
    folder.mkdir()
    on_the_way.mkdir()
    file.touch()
    one = object.__new__(fence.Fence)
    one._libc = noted = NotedRules()  # type: ignore[assignment]
    assert one._landlock([folder, file], [on_the_way]) == 6
    read, listing = 0b0100, 0b1000  # as Landlock counts them, from its first version on
    assert noted.allowed == {folder: read | listing, file: read, on_the_way: listing}


def built(version: int) -> NotedRules:
    """Build a fence, with this version of Landlock, around nothing."""
    one = object.__new__(fence.Fence)
    one._libc = noted = NotedRules(version)  # type: ignore[assignment]
    one._landlock([], [])
    return noted


@pytest.mark.parametrize("version", range(1, 9))
def test_all_that_a_version_of_landlock_can_refuse_is_refused(version: int) -> None:
    """As landlock(7) has it: rights on files, then on ports, then on what is outside."""
    newer = {"refer": 2, "truncate": 3, "devices": 5}
    rights = 13 + sum(version >= since for since in newer.values())
    expected = [2**rights - 1, *[0b11] * (version >= 4), *[0b11] * (version >= 6)]
    assert built(version).handled == tuple(expected)


@pytest.mark.parametrize("version", [-1, 0])
def test_a_kernel_without_landlock_has_no_fence(version: int) -> None:
    with pytest.raises(fence.NoFence, match="this kernel has no Landlock"):
        built(version)


def test_what_the_kernel_says_is_told() -> None:
    skip_without_landlock()
    one = fence.Fence([], [])
    ctypes.set_errno(0)
    result = one._libc.syscall(fence.ADD_RULE, -1, 1, None, 0)
    with pytest.raises(fence.NoFence, match="a rule: ") as told:
        one._checked(result, "a rule")
    assert told.value.errno in (errno.EBADF, errno.EINVAL)
    assert one._checked(0, "a rule") == 0
    os.close(one._rules)


def test_what_is_not_there_hides_nothing_of_the_rest(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).touch()
    asked = [tmp_path / "none", tmp_path / "a", tmp_path / "b", tmp_path / "c"]
    assert list(fence.spread(asked, [tmp_path / "b"])) == [tmp_path / "a", tmp_path / "c"]


@pytest.mark.parametrize(("soft", "hard"), [(2, 3), (2, 50), (50, 50), (2, -1), (-1, -1)])
def test_limits_are_only_ever_lowered(soft: int, hard: int, monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")
    known = {name for name in dir(resource) if name.startswith("RLIMIT_")}
    monkeypatch.delattr(resource, "RLIMIT_CORE")
    names = {getattr(resource, name): name.removeprefix("RLIMIT_") for name in known - {"RLIMIT_CORE"}}
    found = {}
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda kind, pair: found.update({names[kind]: pair}))
    fence.limit(7, 1 << 40)
    low, high = (1 << 62 if end == resource.RLIM_INFINITY else end for end in (soft, hard))
    assert found["CPU"] == (min(7, low), min(8, high)), "a second between the signal and the end"
    assert found["AS"] == (min(1 << 40, low), min(1 << 40, high))
    nothing = {"FSIZE", "MEMLOCK", "MSGQUEUE"} & found.keys()  # the last one is Linux's
    assert "FSIZE" in nothing, "files could be written"
    assert {name for name, pair in found.items() if pair == (0, 0)} == nothing
    assert all(a <= low and a <= b <= high for a, b in found.values())
    assert "CORE" not in found


def test_nothing_is_written_when_a_process_has_been_limited(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    code = "from course_utils.classroom import fence; fence.limit(9, 1 << 40); import resource, signal\n"
    code += (
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); print(*resource.getrlimit(resource.RLIMIT_CORE))\n"
    )
    code += f"import os\nos.write(os.open({str(tmp_path / 'x')!r}, os.O_CREAT | os.O_WRONLY), b'1')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "File too large" in done.stderr
    assert (tmp_path / "x").read_bytes() == b""
    assert done.stdout.split() == ["0", "0"]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] != 0, "this process is free as before"


ORPHAN = """
import os, sys
from course_utils.classroom.fence import die_with_parent
ready, told = os.pipe()
if not os.fork():
    die_with_parent()
    os.write(told, b"x")
    sys.stdin.read()
    print("alive", flush=True)
    os._exit(0)
os.read(ready, 1)
os._exit(0)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
def test_a_worker_ends_with_whoever_forked_it() -> None:
    parent = subprocess.Popen([sys.executable, "-c", ORPHAN], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert parent.wait() == 0
    assert parent.communicate()[0] == b"", "the child reads on after its parent has ended"
