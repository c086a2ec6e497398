"""Run a program with the shim before it: look at its calls, or fail one of them.

The shim (shim.c) is compiled once by the C compiler of the machine.
"""

import ctypes
import errno
import hashlib
import mmap
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tools.faults.sites import Fault, Site, sites_of

_SOURCE = Path(__file__).with_name("shim.c")
_HEAD = struct.Struct("=QQQQq")
_NOTES_BYTES = 32 << 20
LONGEST_S = 120.0
"""A run that takes longer never ends."""
_ORPHANS_S = 10.0
_BECOME_SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER: what a killed program leaves running becomes our child."""


class NoCompilerError(Exception):
    """There is no C compiler here, or no Linux."""


@dataclass(frozen=True)
class ShimmedRun:
    """How a run ended and what it asked.

    Shapes: `code` is negative for a signal; `has_fired` tells whether the fault was reached;
    `left_running` counts processes that outlived it by ten seconds, `is_stuck` that it never ended.
    """

    code: int
    stdout: str
    stderr: str
    sites: tuple[Site, ...]
    has_fired: bool
    left_running: int
    is_stuck: bool


def compiled_shim() -> Path:
    """Return the compiled shim. Errors: NoCompilerError."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None or not sys.platform.startswith("linux"):
        raise NoCompilerError(
            "the fault simulator asks for Linux and a C compiler: apt-get install gcc libc6-dev"
        )
    digest = hashlib.sha256(_SOURCE.read_bytes()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"quetsach-faults-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    library = folder / f"shim-{digest}.so"
    if not library.exists():
        aside = folder / f"shim-{digest}.{os.getpid()}"
        subprocess.run(
            [compiler, "-shared", "-fPIC", "-O2", "-o", str(aside), str(_SOURCE)], check=True
        )
        aside.replace(library)
    return library


def run_shimmed(
    words: Sequence[str],
    world: Path,
    *,
    environment: Mapping[str, str],
    fault: Fault | None = None,
) -> ShimmedRun:
    """Run `words` in the folder `world`, with `fault` where one is given, and wait for its end.

    The process and all that it starts are looked at, whatever environment they get. Every path
    below `world` counts. Errors: NoCompilerError.
    """
    library = compiled_shim()
    with run_notes() as notes:
        settings = {
            **environment,
            "LD_PRELOAD": str(library),
            "QUETSACH_FAULTS_ROOT": str(world.resolve()),
            "QUETSACH_FAULTS_MEMORY": notes.name,
            "QUETSACH_FAULTS_PLAN": plan_of(fault),
        }
        adopt_orphans()
        process = subprocess.Popen(
            list(words),
            cwd=world,
            env=settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        is_stuck = False
        try:
            stdout, stderr = process.communicate(timeout=LONGEST_S)
        except subprocess.TimeoutExpired:
            is_stuck = True
            os.killpg(process.pid, signal.SIGKILL)
            stdout, stderr = process.communicate()
        end = RunEnd(process.returncode, end_of_orphans(), is_stuck)
        return shimmed_run(end, stdout, stderr, notes.fileno())


@dataclass(frozen=True)
class RunEnd:
    """How a process ended: see ShimmedRun."""

    code: int
    left_running: int
    is_stuck: bool


def shimmed_run(end: RunEnd, stdout: bytes, stderr: bytes, notes: int) -> ShimmedRun:
    """Return the run that ended so, with what stands in its notes."""
    text, has_fired = _read(notes)
    return ShimmedRun(
        end.code,
        stdout.decode(errors="replace"),
        stderr.decode(errors="replace"),
        sites_of(text),
        has_fired,
        end.left_running,
        end.is_stuck,
    )


@contextmanager
def run_notes() -> Iterator[IO[bytes]]:
    """Give the file that the processes of a run note their calls in."""
    with tempfile.NamedTemporaryFile(prefix="quetsach-notes-") as notes:
        notes.truncate(_NOTES_BYTES)
        yield notes


def adopt_orphans() -> None:
    """Make what a killed program leaves running a child of ours."""
    ctypes.CDLL(None).prctl(_BECOME_SUBREAPER, 1, 0, 0, 0)


def plan_of(fault: Fault | None) -> str:
    """Return what the shim is asked for."""
    if fault is None:
        return ""
    lasts = "+" if fault.kind.endswith("+") else ""
    kind = fault.kind.removesuffix("+")
    named = kind if kind in ("short", "kill") else str(getattr(errno, kind))
    return f"{fault.call} {named}{lasts} {fault.place} {fault.role}"


def _read(file: int) -> tuple[str, bool]:
    with mmap.mmap(file, _NOTES_BYTES, prot=mmap.PROT_READ) as memory:
        used, size, _matched, fired, _first = _HEAD.unpack_from(memory)
        if used > size:
            raise AssertionError(f"the notes of a run have {used} bytes, more than {size}")
        raw = memory[_HEAD.size : _HEAD.size + used]
    return raw.decode(errors="replace"), fired > 0


def end_of_orphans() -> int:
    """Wait for what the run left running; after ten seconds end it, and return their number."""
    until, ended = time.monotonic() + _ORPHANS_S, 0
    while True:
        try:
            number, _status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if number:
            continue
        if time.monotonic() >= until:
            for child in _children():
                ended += 1
                os.kill(child, signal.SIGKILL)
            until = time.monotonic() + _ORPHANS_S
        time.sleep(0.01)


def _children() -> list[int]:
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    return [int(number) for number in listed.read_text().split()]
