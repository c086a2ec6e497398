"""The table that is in use: a new file takes its place without a request that fails."""

import threading
import time
from pathlib import Path

from quetsach_public.table import Table, TableError

LOOK_EVERY = 1.0
"""Seconds between two looks at the file."""


class HeldTable:
    """The newest table that could be read; what is damaged never replaces one that is whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._table: Table | None = None
        self._mark: tuple[int, int, int] | None = None
        self._looked_at = float("-inf")
        self._lock = threading.Lock()
        self.problem = "there is no table yet"

    def table(self) -> Table | None:
        """Return the table, None where none could be read yet. Costs a look at the clock."""
        if time.monotonic() - self._looked_at >= LOOK_EVERY and self._lock.acquire(blocking=False):
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
            # What was read stays mapped; it says itself when it is too old.
            self.problem = f"there is no table to be read: {type(error).__name__}"
            return
        mark = found.st_ino, found.st_mtime_ns, found.st_size
        if mark == self._mark:
            return
        self._mark = mark
        try:
            self._table, self.problem = Table(self._path), ""
        except (OSError, TableError) as error:
            self.problem = f"{type(error).__name__}: {error}"
