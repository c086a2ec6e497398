"""What the portal writes now and then, held in memory; a damaged file replaces no whole one."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

LOOK_EVERY = 2.0
"""Seconds between two looks at a file."""

Held = TypeVar("Held")


class HeldFile(Generic[Held]):
    """The newest content of a file that could be read."""

    def __init__(
        self, path: Path, read: Callable[[Path], Held], look_every: float = LOOK_EVERY
    ) -> None:
        """Take `read`, which raises OSError or ValueError for what cannot be read."""
        self._path, self._read, self._look_every = path, read, look_every
        self._held: Held | None = None
        self._mark: tuple[int, int, int] | None = None
        self._looked_at = float("-inf")
        self._lock = threading.Lock()

    def held(self) -> Held | None:
        """Return the content, None where none could be read yet."""
        if time.monotonic() - self._looked_at >= self._look_every and self._lock.acquire(False):
            try:
                self._look()
                self._looked_at = time.monotonic()
            finally:
                self._lock.release()
        return self._held

    def _look(self) -> None:
        try:
            found = self._path.stat()
            mark = found.st_ino, found.st_mtime_ns, found.st_size
            if mark == self._mark:
                return
            self._held = self._read(self._path)
        except OSError:
            # It may pass: too many open files, a disk away for a moment. The next look tries again.
            return
        except ValueError:
            # What was read before is shown on; it says itself of when it is.
            pass
        self._mark = mark
