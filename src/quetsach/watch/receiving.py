"""What a running watch has to do with its listeners: their spools, problems and figures."""

import json
import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from quetsach.errors.exceptions import Problem
from quetsach.watch.keeping import keep_problems
from quetsach.watch.listening.addresses import ListenAddress
from quetsach.watch.listening.spools import USUAL_DAYS, USUAL_LIMIT, Spools
from quetsach.watch.state import WatchState

if TYPE_CHECKING:
    from quetsach.watch.listening.listeners import Listeners
    from quetsach.watch.watching import Watch

SPOOL_FOLDER = "spool"

TIDY_S = 5.0
"""How often the spools are looked through; meanwhile what comes is bounded by its size."""

_KEPT = "listeners"


class Receiving:
    """The listeners of a watch; without any it does nothing."""

    def __init__(
        self,
        state: WatchState,
        addresses: Sequence[ListenAddress],
        zone: str,
        limit: int = USUAL_LIMIT,
        days: int = USUAL_DAYS,
    ) -> None:
        """Open the sockets. Errors: E507, E508, E509."""
        self._state = state
        self._listeners: Listeners | None = None
        self._tidied_s = 0.0
        self.spools = Spools(state.folder / SPOOL_FOLDER, ZoneInfo(zone), limit, days)
        if addresses:
            # A watch that is sent nothing needs none of it.
            from quetsach.watch.listening.listeners import Listeners as Opened

            self._listeners = Opened(addresses, self.spools, kept_figures(state))

    @property
    def follow(self) -> tuple[str, ...]:
        """What the watch follows besides what it was told to: spools that are there."""
        folder = self.spools.folder
        return (str(folder),) if next(folder.glob("*/*.log"), None) is not None else ()

    def start(self) -> None:
        """Begin to receive."""
        if self._listeners is not None:
            self._listeners.start()

    def close(self) -> None:
        """End; what was sent by now is in the spools, for the next watch."""
        if self._listeners is not None:
            self._listeners.close()
            with suppress(sqlite3.Error), self._state.round():
                self._state.set({_KEPT: json.dumps(self._listeners.figures())})

    def tidy(self, watch: "Watch") -> None:
        """Keep the spools within their limit, and tell the watch what it need not look at."""
        if self._listeners is None or time.monotonic() - self._tidied_s < TIDY_S:
            return
        self._tidied_s = time.monotonic()
        folder = str(self.spools.folder)
        places = dict(
            self._state.run(
                "SELECT path, MAX(cursor) FROM stream WHERE substr(path, 1, ?) = ? GROUP BY path",
                *(len(folder), folder),
            )
        )

        def read_to(path: Path) -> int:
            return int(places.get(str(path), 0))

        def let_go(path: Path) -> int:
            watch.roster.let_go(path)
            return read_to(path)

        self._listeners.tidy(read_to, let_go)
        # Months of hours would be looked at each second.
        watch.roster.follow.passed_over = self.spools.read_through
        # What was lost is told with what came next: no zero is had from it.
        for folder, lost in self._listeners.losses().items():
            earlier = watch.losses.get(folder)
            count = int(lost.facts["count"]) + (int(earlier.facts["count"]) if earlier else 0)
            watch.losses[folder] = Problem(lost.code, lost.where, {**lost.facts, "count": count})

    def keep(self, now_us: int) -> list[Problem]:
        """Keep the figures; return what is to be told. It belongs into a round of the state."""
        if self._listeners is None:
            return []
        self._state.set({_KEPT: json.dumps(self._listeners.figures())})
        problems = self._listeners.problems()
        keep_problems(self._state, problems, now_us)
        return problems

    def renew(self) -> list[Problem]:
        """Read the certificates again; return which cannot be used."""
        return [] if self._listeners is None else self._listeners.renew_tls()


def kept_figures(state: WatchState) -> list[dict[str, Any]]:
    """Return the figures of each listener, as the watch kept them last: see ListenerFigures."""
    kept = json.loads(state.setting(_KEPT, "[]"))
    return [one for one in kept if isinstance(one, dict)] if isinstance(kept, list) else []
