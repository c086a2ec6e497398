"""What granian loads: the application of this process's settings, on a core of its own.

Its counters are written to files from then on.
"""

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

from quetsach_public.alone import DelayedApplication
from quetsach_public.app import Application
from quetsach_public.settings import settings

_SET_PDEATHSIG = 1


def serve() -> Application:
    """Return the application behind a proxy."""
    end_with_parent()
    here = settings()
    pin_to_core(here.run)
    application = Application(here)
    application.counts.run()
    application.request_figures.keep_in(here.request_figures, "public")
    application.request_figures.run()
    return application


def serve_alone() -> DelayedApplication:
    """Return the application without a proxy, which makes fast callers wait itself."""
    return DelayedApplication(serve())


def end_with_parent() -> None:
    """Let the system kill this process when the one that started it ends, however that ends.

    Else it would keep the port. Source: prctl(2), PR_SET_PDEATHSIG.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


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
