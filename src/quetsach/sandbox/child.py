"""The process that reads what strangers wrote: `python -m quetsach.sandbox.child`.

It gets its order and its bytes on stdin, and writes progress and its answer to the pipe that was
its stdout. Before it reads those bytes or imports the act, its memory, time and files are bounded,
and the kernel refuses it other files, sockets and processes, as far as the kernel offers that. It
has no database and no secret. It ends with its caller: nobody else holds the end of its stdin.
"""

import math
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from importlib import import_module  # noqa: TID251 - an act is named by the process that asks for it
from importlib.util import find_spec
from typing import BinaryIO

import msgspec

from quetsach.sandbox import clock
from quetsach.sandbox.contract import (
    ANSWER,
    FRAME,
    OUT_OF_MEMORY,
    PROGRESS,
    SandboxLimits,
    SandboxProgress,
    SandboxTask,
)
from quetsach.sandbox.shut_in import shut_in
from quetsach.started_threads import StartedThread

NICE = 10
_EVERY_S = 0.25


def main() -> None:
    """Carry out the order on stdin."""
    # What a C library writes to stdout must not come between the bytes of the answer.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=SandboxTask)
    bound(order.limits)
    shared = _shared_memory() if order.writes else ()
    writes = (*order.writes, *shared)
    shut_in(order.reads, writes, profile=order.profile, ports=order.ports)
    clock.enter()
    clock.arm(order.limits.own_seconds or order.limits.seconds)
    try:
        payload = sys.stdin.buffer.read(order.size)
        StartedThread(_end_with_caller)
        module, _colon, name = order.act.partition(":")
        answer: bytes = getattr(import_module(module), name)(payload, Progress(answers))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    with answers:
        _write(answers, ANSWER, answer)


class Progress:
    """Reports to the caller how far the work is, a few times a second."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._next = 0.0
        # Workers of a sweep report, too; a frame must not lie inside another.
        self._lock = threading.Lock()

    def __call__(self, done: int, total: int) -> None:
        """Report it, unless the last report is younger than a quarter of a second."""
        with self._lock:
            now = time.monotonic()
            if now >= self._next or done >= total:
                self._next = now + _EVERY_S
                _write(self._out, PROGRESS, msgspec.json.encode(SandboxProgress(done, total)))


def bound(limits: SandboxLimits) -> None:
    """Bound what this process may use, where the system offers it; Windows does not."""
    try:
        import resource
    except ImportError:
        return
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, max(nice, NICE))
    cpu = limits.cpu_seconds or math.ceil(2 * limits.seconds)
    bounds = (
        (resource.RLIMIT_AS, limits.memory, limits.memory),
        # At the second bound Linux sends SIGKILL, which does not say why; SIGXCPU comes before.
        (resource.RLIMIT_CPU, cpu, cpu + 1),
        (resource.RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes),
        (resource.RLIMIT_CORE, 0, 0),
    )
    for kind, *pair in bounds:
        most = resource.getrlimit(kind)[1]
        soft, hard = (
            bound if most == resource.RLIM_INFINITY else min(bound, most) for bound in pair
        )
        resource.setrlimit(kind, (soft, hard))


def _write(out: BinaryIO, kind: bytes, content: bytes) -> None:
    out.write(FRAME.pack(kind, len(content)))
    out.write(content)
    out.flush()


def _shared_memory() -> tuple[str, ...]:
    # Without the kernel in Rust a sweep works in several processes, which share locks there.
    return () if find_spec("quetsach_kernel") else ("/dev/shm",)  # noqa: S108  # no file of ours


def _end_with_caller() -> None:
    # Not by sys.stdin: its lock would be held for ever, and the interpreter could not end.
    while os.read(0, 4_096):
        pass
    if os.name != "posix":
        os._exit(1)
    # A nested process stays in the group of the one around it, which goes on. Where the filter of
    # that one counts, no signal is allowed.
    with suppress(PermissionError):
        if os.getpgid(0) == os.getpid():
            os.killpg(os.getpid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    main()
