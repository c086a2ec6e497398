"""When folders are sealed: at once for a new device, each hour, each day once more."""

from zoneinfo import ZoneInfo

from quetsach.clocks import MICROSECONDS
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.findings.steps import format_hour, local_day
from quetsach.watch.sealing import HOURLY, INSTANT, SealedFolder, Sealer
from quetsach.watch.state import WatchState

AT_ONCE_US = 60 * MICROSECONDS
"""Folders for new devices follow each other no faster: what comes meanwhile is in the next."""

DAY_WAITS_US = 3600 * MICROSECONDS
"""A day is named again so long after its end: its last leases have come by then."""

AGAIN_US = 60 * MICROSECONDS
"""So long after a folder could not be written it is tried again."""

FLUSH, FLUSHED = "flush_us", "flushed_us"
"""Settings: when somebody asked to seal at once, and what was answered last."""

SEALING = "is_sealing"
"""Setting: empty where the running watch writes no folders."""

_HOUR_US = 3600 * MICROSECONDS


class SealTimes:
    """Seals when it is time to; whoever calls `look` often enough misses nothing."""

    def __init__(self, state: WatchState, sealer: Sealer, zone: ZoneInfo) -> None:
        self._state, self.sealer, self._zone = state, sealer, zone
        self._has_new = False
        self._instant_us = 0
        self._failed_us = 0

    def met_new(self) -> None:
        """Take note that a device was met that was not met lately."""
        self._has_new = True

    def look(self, now_us: int) -> list[SealedFolder] | Problem:
        """Return the folders that were due now, or why one could not be written.

        Errors: sqlite3.Error.
        """
        if now_us - self._failed_us < AGAIN_US:
            return []
        try:
            return self._due(now_us)
        except QuetsachError as error:
            # Nothing is lost: what is in no folder is told in the next.
            self._failed_us = now_us
            return error.problem

    def end(self, now_us: int) -> list[SealedFolder] | Problem:
        """Return the folder of what is left when the watch ends."""
        try:
            return self._sealed(HOURLY, now_us)
        except QuetsachError as error:
            return error.problem

    def _due(self, now_us: int) -> list[SealedFolder]:
        folders: list[SealedFolder] = []
        hour = format_hour(now_us // _HOUR_US * _HOUR_US, self._zone)
        asked_us = int(self._state.setting(FLUSH, "0"))
        is_asked = asked_us > int(self._state.setting(FLUSHED, "0"))
        if is_asked or self._state.setting("sealed_hour", "") != hour:
            is_first = not self._state.setting("sealed_hour", "")
            if not is_first or is_asked:
                folders += self._sealed(HOURLY, now_us)
            self._remember({"sealed_hour": hour, **({FLUSHED: str(asked_us)} if is_asked else {})})
        elif self._has_new and now_us - self._instant_us >= AT_ONCE_US:
            self._instant_us = now_us
            folders += self._sealed(INSTANT, now_us)
        return folders + self._days(now_us)

    def _sealed(self, kind: str, now_us: int) -> list[SealedFolder]:
        self._has_new = False
        sealed = self.sealer.seal(kind, now_us)
        return [] if sealed is None else [sealed]

    def _days(self, now_us: int) -> list[SealedFolder]:
        """Return the folders of the days that ended and were not named again yet."""
        today = local_day(now_us - DAY_WAITS_US, self._zone)
        done = self._state.setting("day_done", "")
        days = self._state.run(
            "SELECT DISTINCT day FROM outbox WHERE day > ? AND day < ? ORDER BY day", done, today
        )
        folders = []
        for (day,) in days:
            sealed = self.sealer.seal_day(day, now_us)
            folders += [] if sealed is None else [sealed]
            self._remember({"day_done": day})
        return folders

    def _remember(self, settings: dict[str, str]) -> None:
        with self._state.round():
            self._state.set(settings)
