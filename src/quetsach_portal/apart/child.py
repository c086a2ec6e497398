"""The process that reads what strangers handed in: `python -m quetsach_portal.apart.child`.

It gets its order on stdin as one line of JSON, tells on stdout how far it is, and writes its answer
to a file in the folder that it stands in. It has no database and no secret of the portal, reads its
inputs and writes its folder, as far as the kernel can hold it to that. It ends with its worker:
stdin is a pipe whose end nobody else holds.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module  # noqa: TID251 - the act that the parent ordered
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

import msgspec

from quetsach.confined.shut_in import shut_in
from quetsach_portal.apart.boundary import ANSWER, Limits, Order, Step

OUT_OF_MEMORY = 71
NICE = 10
_EVERY_S = 0.25

Tell: TypeAlias = Callable[[int, int], None]
"""Takes how much is done, and of how much."""


def main() -> None:
    """Do what is ordered."""
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=Order)
    _bound(order.limits)
    shut_in(order.reads, (".", *_of_processes()))
    threading.Thread(target=_end_with_the_worker, daemon=True).start()
    try:
        # Imported after the limits hold: what is loaded is bounded too.
        module, _colon, name = order.act.partition(":")
        answer: bytes = getattr(import_module(module), name)(order.given, Progress())
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    partial = Path(f"{ANSWER}.partial")
    with partial.open("wb") as file:
        file.write(answer)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(ANSWER)


class Progress:
    """Tells on stdout how far the work is, a few times a second."""

    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Write a line, unless the last one was written just now."""
        now = time.monotonic()
        if now >= self._next or done >= total:
            self._next = now + _EVERY_S
            sys.stdout.buffer.write(msgspec.json.encode(Step(done, total)) + b"\n")
            sys.stdout.buffer.flush()


def _of_processes() -> tuple[str, ...]:
    # Without the kernel in Rust a sweep works in several processes, which share locks there.
    return () if find_spec("quetsach_kernel") else ("/dev/shm",)  # noqa: S108  # no file of ours


def _end_with_the_worker() -> None:
    # Not by sys.stdin: its lock would be held for ever, and the interpreter could not end.
    while os.read(0, 4_096):
        pass
    os.killpg(os.getpgid(0), signal.SIGKILL)


def _bound(limits: Limits) -> None:
    import resource

    os.nice(NICE)
    wanted = (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, 2 * limits.seconds),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in wanted:
        hard = resource.getrlimit(kind)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bound, bound))


if __name__ == "__main__":
    main()
