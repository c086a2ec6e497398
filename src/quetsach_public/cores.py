"""Each process of the public plane keeps to one core."""

import contextlib
import os
import sys
from pathlib import Path


def pin_to_core(run: Path) -> None:
    """Bind this thread, and what it starts from now on, to a core that no other process has.

    Where each has one already, or the system does not want it, nothing is bound; it costs more.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            run.mkdir(parents=True, exist_ok=True)
            free = (core for core in sorted(os.sched_getaffinity(0)) if _take(run / f"core-{core}"))
            core = next(free, None)
            if core is not None:
                os.sched_setaffinity(0, {core})


def _take(path: Path) -> bool:
    """Lock `path` until this process ends; False where another holds it."""
    import fcntl  # which Windows has not

    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return False
    return True
