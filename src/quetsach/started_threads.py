"""A thread that has begun, or an error: never a wait for one that got no memory to begin."""

import _thread
from collections.abc import Callable

BEGIN_S = 30.0
"""So long may a thread take to begin on a machine under load."""


class StartedThread:
    """A thread that does `work`, and does not keep the process from ending.

    `threading.Thread.start` waits for ever for a thread that ended before it said that it began, as
    one does that gets no memory. Source: CPython, Lib/threading.py, Thread.start.
    Errors: MemoryError where it does not begin.
    """

    def __init__(self, work: Callable[[], object]) -> None:
        began, self._ended = _thread.allocate_lock(), _thread.allocate_lock()
        began.acquire()
        self._ended.acquire()

        def run() -> None:
            began.release()
            try:
                work()
            finally:
                self._ended.release()

        try:
            self.number = _thread.start_new_thread(run, ())
        except RuntimeError as error:
            raise MemoryError("no thread can be started") from error
        if not began.acquire(timeout=BEGIN_S):
            raise MemoryError("no thread can be started")

    def join(self, timeout_s: float) -> bool:
        """Wait at most so long for its end; return whether it has ended."""
        if not self._ended.acquire(timeout=timeout_s):
            return False
        self._ended.release()
        return True
