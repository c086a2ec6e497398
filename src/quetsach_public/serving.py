"""What granian loads: the application of this process's settings, its counters being flushed."""

import contextlib
import os
import sys
from pathlib import Path

from quetsach_public.alone import DelayedApplication
from quetsach_public.app import Application
from quetsach_public.settings import settings

# Each process of the plane keeps to one core.


def pin_to_core(run: Path) -> None:
    """Bind this thread, and what it starts from now on, to a core that no other process has.

    Where each has one already, or the system does not want it, nothing is bound; it costs more.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            run.mkdir(parents=True, exist_ok=True)
            free = (one for one in sorted(os.sched_getaffinity(0)) if _take(run / f"core-{one}"))
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


_here = settings()
pin_to_core(_here.run)
application = Application(_here)
alone = DelayedApplication(application)
application.counts.run()
