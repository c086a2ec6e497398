"""The table that is in use: a new file takes its place without a request that fails."""

import threading
import time
from pathlib import Path

from quetsach_public.table import Table, TableError

LOOK_EVERY = 1.0
"""Seconds between two looks at the file."""


class HeldTable:
    """The newest table that could be read; what is damaged never replaces one that is whole."""

    def __init__(self, path: Path, look_every: float = LOOK_EVERY) -> None:
        self._path, self._look_every = path, look_every
        self._table: Table | None = None
        self._mark: tuple[int, int, int] | None = None
        self._looked_at = float("-inf")
        self._lock = threading.Lock()
        self.problem = "there is no table yet"

    def table(self) -> Table | None:
        """Return the table, None where none could be read yet. Costs a look at the clock."""
        if time.monotonic() - self._looked_at >= self._look_every and self._lock.acquire(False):
            try:
                self._look()
                self._looked_at = time.monotonic()
            finally:
                self._lock.release()
        return self._table

    def _look(self) -> None:
        try:
            found = self._path.stat()
        except OSError as error:
            self._cannot(error)
            return
        mark = found.st_ino, found.st_mtime_ns, found.st_size
        if mark == self._mark:
            return
        try:
            self._table, self.problem = Table(self._path), ""
        except OSError as error:
            # It may pass: too many open files, a disk away for a moment. The next look tries again.
            self._cannot(error)
            return
        except TableError as error:
            self.problem = f"TableError: {error}"
        self._mark = mark

    def _cannot(self, error: OSError) -> None:
        # What was read stays mapped; it says itself when it is too old. No path: /health tells it.
        self.problem = f"there is no table to be read: {type(error).__name__}, {error.strerror}"
