"""The clock by which a process in the sandbox ends itself, also where C code does not return."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

_IS_OFFERED = hasattr(signal, "setitimer")
_MARK = "QUETSACH_SANDBOXED"


def enter() -> None:
    """Mark this process, and all that it starts, as one in the sandbox."""
    os.environ[_MARK] = "1"


def is_inside() -> bool:
    """Return whether this process, or one that started it, runs in the sandbox."""
    return _MARK in os.environ


def arm(seconds: float) -> None:
    """End this process after `seconds`; without effect where the system has no such clock."""
    if _IS_OFFERED:
        signal.setitimer(signal.ITIMER_REAL, max(0.01, seconds))


@contextmanager
def stopped() -> Iterator[None]:
    """Stop the clock of this process while it waits for another, whose own time is bounded."""
    is_used = _IS_OFFERED and is_inside()
    remaining_s = signal.setitimer(signal.ITIMER_REAL, 0)[0] if is_used else 0.0
    try:
        yield
    finally:
        if remaining_s:
            arm(remaining_s)
