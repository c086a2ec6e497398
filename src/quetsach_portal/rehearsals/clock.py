"""The clock of a rehearsal: some whole days ahead of the real one.

All code of the portal reads the time by `django.utils.timezone.now`, and by `localdate` and
`localtime`, which ask it. The settings of a rehearsal put this clock in its place before any table
is loaded, as fields take the function itself for their default. In the real portal nothing of this
is ever called.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

FILE = "clock"
MOST_DAYS = 400
"""Further than that no campaign goes."""

_REAL_NOW = timezone.now


class RehearsalClock:
    """A clock that is `days` ahead, kept in a file of the rehearsal's folder.

    One thread runs the jobs; it alone moves the clock, between two jobs, so that no lease of a
    running job is over at once. A page asks for days and waits until they have come.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._changed = threading.Condition()
        self.days = _days_in(self._file)
        self._wanted = self._done = self.days

    def now(self) -> datetime:
        """Return the moment of the rehearsal, aware."""
        return _REAL_NOW() + timedelta(days=self.days)

    def ask_for(self, days: int, wait_s: float) -> bool:
        """Ask for `days` more, and wait until they and what they made due are done.

        Return False where that took longer than `wait_s`.
        """
        with self._changed:
            self._wanted = min(MOST_DAYS, self._wanted + max(0, days))
            wanted = self._wanted
            return self._changed.wait_for(lambda: self._done >= wanted, wait_s)

    def move(self, run_due: Callable[[], object]) -> bool:
        """Go on by one day that was asked for, run what is due then; False where none was."""
        if self._wanted <= self.days:
            return False
        next_day = self.days + 1
        self._file.write_text(str(next_day))
        self.days = next_day
        run_due()
        with self._changed:
            self._done = next_day
            self._changed.notify_all()
        return True


def _days_in(path: Path) -> int:
    try:
        return min(MOST_DAYS, max(0, int(path.read_text())))
    except (OSError, ValueError):
        return 0


_installed: list[RehearsalClock] = []


def install(folder: Path) -> RehearsalClock:
    """Let this process read the time of the rehearsal in `folder`; return its clock."""
    clock = RehearsalClock(folder)
    timezone.now = clock.now
    _installed[:] = [clock]
    return clock


def running_clock() -> RehearsalClock:
    """Return the clock of this process. Errors: IndexError outside a rehearsal."""
    return _installed[0]
