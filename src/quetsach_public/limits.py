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


class Places:
    """Places for what holds a thread: a number in all, and of them a number for each address."""

    def __init__(self, most: int, of_one: int) -> None:
        self._most, self._of_one = most, of_one
        self._taken: Counter[int] = Counter()
        self._lock = threading.Lock()

    def take(self, number: int) -> bool:
        """Take a place for the address `number`; False where there is none for it."""
        with self._lock:
            if self._taken.total() >= self._most or self._taken[number] >= self._of_one:
                return False
            self._taken[number] += 1
            return True

    def leave(self, number: int) -> None:
        """Give a place back that was taken."""
        with self._lock:
            self._taken[number] -= 1
            if not self._taken[number]:
                del self._taken[number]


class Limits:
    """Counts by address, in memory alone, under numbers that mean nothing outside this process."""

    def __init__(self, rate: float = RATE, burst: float = BURST, most: int = MOST_KEPT) -> None:
        self._rate, self._burst, self._most = rate, burst, most
        self._salt = secrets.randbits(61)
        self._left: OrderedDict[int, tuple[float, float]] = OrderedDict()
        self._waiting = Places(MOST_WAITING, MOST_WAITING)
        self._costly = Places(MOST_COSTLY, COSTLY_OF_ONE)
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
            return Pace.SLOWED if _wait(self._costly, number) else Pace.BUSY
        return Pace.SLOWED if _wait(self._waiting, number) else Pace.NOW


def _wait(places: Places, number: int) -> bool:
    """Wait where there is a place to; False at once where there is none."""
    if not places.take(number):
        return False
    try:
        time.sleep(DELAY)
    finally:
        places.leave(number)
    return True
