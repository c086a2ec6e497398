"""Counters in memory, brought to the portal's inbox every few seconds.

What was counted since the last time is lost when the machine dies: at most FLUSH_EVERY seconds.
"""

import atexit
import json
import os
import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

FLUSH_EVERY = 5.0
"""Seconds; the loss window."""

MOST_KINDS = 20_000
"""Different counters that are held between two flushes: units × kinds × acts. More are dropped."""

MOST_FILES = 20_000
"""Files that may lie in the inbox while the portal is down: more than a day of two processes."""


class Act(StrEnum):
    """What people say they did."""

    JOINED = "joined"
    SCANNED = "scanned"
    CLEANED = "cleaned"
    PULLED = "pulled"


@dataclass(frozen=True)
class Count:
    """What is counted together: an act on a day under a unit's code ("" for none).

    `of` says more where the act has kinds: which material was pulled.
    """

    act: Act
    code: str
    day: date
    of: str = ""


class Counts:
    """The counters of one process."""

    def __init__(self, inbox: Path) -> None:
        self._inbox = inbox
        self._held: Counter[Count] = Counter()
        self._lock = threading.Lock()
        self.dropped = 0
        """Counts since the start that found no room or came too fast; `/health` tells them."""

    def add(self, count: Count) -> None:
        """Count one."""
        with self._lock:
            if count in self._held or len(self._held) < MOST_KINDS:
                self._held[count] += 1
            else:
                self.dropped += 1

    def drop(self) -> None:
        """Tell of one that is not counted."""
        with self._lock:
            self.dropped += 1

    def flush(self) -> Path | None:
        """Bring what was counted to the inbox, as one file that appears whole; None for nothing.

        What cannot be written is held until the next time.
        """
        with self._lock:
            held, self._held = self._held, Counter()
        if not held:
            return None
        name = f"{time.time_ns():020d}-{secrets.token_hex(8)}.json"
        try:
            self._inbox.mkdir(parents=True, exist_ok=True)
            if sum(1 for _ in os.scandir(self._inbox)) >= MOST_FILES:
                raise OSError("the inbox is full")
            aside = self._inbox / f".{name}"
            aside.write_text(_text(held), encoding="utf-8")
            aside.replace(self._inbox / name)
        except OSError:
            with self._lock:
                held.update(self._held)
                self._held = held
            return None
        return self._inbox / name

    def run(self) -> None:
        """Flush every FLUSH_EVERY seconds from now on, and once more at the end."""
        atexit.register(self.flush)
        threading.Thread(target=self._run, name="counts", daemon=True).start()

    def _run(self) -> None:
        while True:
            time.sleep(FLUSH_EVERY)
            self.flush()


def _text(held: Counter[Count]) -> str:
    rows = [
        {
            "act": one.act.value,
            "code": one.code,
            "day": one.day.isoformat(),
            "of": one.of,
            "count": many,
        }
        for one, many in sorted(held.items(), key=lambda item: _order(item[0]))
    ]
    return json.dumps({"version": 1, "counts": rows}, ensure_ascii=False)


def _order(one: Count) -> tuple[str, ...]:
    return one.day.isoformat(), one.code, one.act.value, one.of
