"""How fast one address is served: never refused for what it is, only slowed when it asks too fast.

Pages are always served; forms and large files of an address that asks too fast may hear "busy".

A thousand phones behind one carrier's address are 5,000 requests in a minute, and all are served.
"""

import secrets
import threading
import time
from collections import Counter, OrderedDict
from enum import Enum

RATE = 5_000 / 60
"""Requests a second that one address may ask on and on, of all processes together."""

BURST = 5_000.0
"""Requests that it may ask at once of each process: all may come to the same one."""

MOST_KEPT = 50_000
"""Addresses that are counted at once; those that asked longest ago are forgotten first."""

MOST_WAITING = 6
"""Pages that are slowed at once in one process, as each holds a thread meanwhile."""

MOST_COSTLY = 4
"""Forms and large files that are slowed at once in one process."""

COSTLY_OF_ONE = 2
"""Of these as many of one address: it takes no place from another."""

DELAY = 0.2
"""Seconds by which a request is slowed."""


class Pace(Enum):
    """How a request is served."""

    NOW = "now"
    SLOWED = "slowed"
    BUSY = "busy"


def costs(method: object, path: str) -> bool:
    """True for what costs more than a page from memory: forms, and files of megabytes."""
    return method == "POST" or path.startswith(("/tai-lieu/tep/", "/danh-sach-mo/"))


class Limits:
    """Counts by address, in memory alone, under numbers that mean nothing outside this process."""

    def __init__(self, rate: float = RATE, burst: float = BURST, most: int = MOST_KEPT) -> None:
        self._rate, self._burst, self._most = rate, burst, most
        self._salt = secrets.randbits(61)
        self._left: OrderedDict[int, tuple[float, float]] = OrderedDict()
        self._waiting: Counter[int] = Counter()
        self._costly: Counter[int] = Counter()
        self._lock = threading.Lock()

    def within(self, number: int, now: float | None = None, take: int = 1) -> bool:
        """Count one request of the address `number`; False when it asks faster than it may.

        With `take` 0 it is only told whether the next one would be within.
        """
        now = time.monotonic() if now is None else now
        key = hash((self._salt, number))
        with self._lock:
            left, since = self._left.pop(key, (self._burst, now))
            left += (now - since) * self._rate
            if left > self._burst:
                left = self._burst
            self._left[key] = (left - take if left >= 1 else left, now)
            if len(self._left) > self._most:
                self._left.popitem(last=False)
        return left >= 1

    def pace(self, number: int, *, costs: bool = False) -> Pace:
        """Return how the next request of this address is served, after having waited if slowed.

        Behind a carrier's address one who floods has neighbours. So a page from memory is always
        served, as it costs no more than saying that it is busy; only what `costs` may be refused.
        """
        if self.within(number):
            return Pace.NOW
        if costs:
            is_slowed = self._wait(self._costly, number, MOST_COSTLY, COSTLY_OF_ONE)
            return Pace.SLOWED if is_slowed else Pace.BUSY
        is_slowed = self._wait(self._waiting, number, MOST_WAITING, MOST_WAITING)
        return Pace.SLOWED if is_slowed else Pace.NOW

    def _wait(self, waiting: Counter[int], number: int, most: int, of_one: int) -> bool:
        """Wait where there is a place to; False at once where there is none."""
        with self._lock:
            if waiting.total() >= most or waiting[number] >= of_one:
                return False
            waiting[number] += 1
        try:
            time.sleep(DELAY)
        finally:
            with self._lock:
                waiting[number] -= 1
                if not waiting[number]:
                    del waiting[number]
        return True
