"""The clock that ends a process from outside its code, also where C code does not come back."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_IS_THERE = hasattr(signal, "setitimer")


def arm(seconds: float) -> None:
    """End this process after `seconds` of reading; where the system has no such clock, nothing."""
    if _IS_THERE:
        signal.setitimer(signal.ITIMER_REAL, max(0.01, seconds))


@contextmanager
def stopped() -> Iterator[None]:
    """Stop the clock while another process works, whose own time is bounded."""
    left = signal.setitimer(signal.ITIMER_REAL, 0)[0] if _IS_THERE else 0.0
    try:
        yield
    finally:
        if left:
            arm(left)
