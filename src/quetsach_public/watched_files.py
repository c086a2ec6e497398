"""Files that the portal writes now and then, kept in memory.

A new file is taken up without a request that fails; a damaged one never replaces a whole one.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from quetsach_public.table import AddressTable, TableError

TABLE_CHECK_INTERVAL_S = 1.0
FILE_CHECK_INTERVAL_S = 2.0
"""Seconds between two checks of the table, and of any other file."""

Held = TypeVar("Held")


class WatchedTable:
    """The newest table that could be read."""

    def __init__(self, path: Path, check_interval_s: float = TABLE_CHECK_INTERVAL_S) -> None:
        self._path, self._check_interval_s = path, check_interval_s
        self._table: AddressTable | None = None
        self._mark: tuple[int, int, int] | None = None
        self._looked_at = float("-inf")
        self._lock = threading.Lock()
        self.problem = "there is no table yet"

    def table(self) -> AddressTable | None:
        """Return the table, None where none could be read yet. Costs a look at the clock."""
        is_due = time.monotonic() - self._looked_at >= self._check_interval_s
        if is_due and self._lock.acquire(blocking=False):
            try:
                self._look()
                self._looked_at = time.monotonic()
            finally:
                self._lock.release()
        return self._table

    def _look(self) -> None:
        try:
            status = self._path.stat()
        except OSError as error:
            self._cannot(error)
            return
        mark = status.st_ino, status.st_mtime_ns, status.st_size
        if mark == self._mark:
            return
        try:
            self._table, self.problem = AddressTable(self._path), ""
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


class WatchedFile(Generic[Held]):
    """The newest content of a file that could be read."""

    def __init__(
        self,
        path: Path,
        read: Callable[[Path], Held],
        check_interval_s: float = FILE_CHECK_INTERVAL_S,
    ) -> None:
        """Take `read`, which raises OSError or ValueError for what cannot be read."""
        self._path, self._read, self._check_interval_s = path, read, check_interval_s
        self._held: Held | None = None
        self._mark: tuple[int, int, int] | None = None
        self._looked_at = float("-inf")
        self._lock = threading.Lock()

    def held(self) -> Held | None:
        """Return the content, None where none could be read yet."""
        is_due = time.monotonic() - self._looked_at >= self._check_interval_s
        if is_due and self._lock.acquire(blocking=False):
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
