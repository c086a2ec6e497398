"""How fast one address is served: never refused for what it is, only slowed when it asks too fast.

A thousand phones behind one carrier's address are 5,000 requests in a minute, and all are served.
"""

import secrets
import threading
import time
from collections import OrderedDict
from enum import Enum

RATE = 5_000 / 60
"""Requests a second that one address may ask on and on, of all processes together."""

BURST = 5_000.0
"""Requests that it may ask at once of each process: all may come to the same one."""

MOST_KEPT = 50_000
"""Addresses that are counted at once; those that asked longest ago are forgotten first."""

MOST_WAITING = 8
"""Requests that are slowed at once in one process; more hear at once that it is busy."""

DELAY = 0.2
"""Seconds by which a request is slowed."""


class Pace(Enum):
    """How a request is served."""

    NOW = "now"
    SLOWED = "slowed"
    BUSY = "busy"


class Limits:
    """Counts by address, in memory alone, under numbers that mean nothing outside this process."""

    def __init__(self, rate: float = RATE, burst: float = BURST, most: int = MOST_KEPT) -> None:
        self._rate, self._burst, self._most = rate, burst, most
        self._salt = secrets.randbits(61)
        self._left: OrderedDict[int, tuple[float, float]] = OrderedDict()
        self._waiting = threading.BoundedSemaphore(MOST_WAITING)
        self._lock = threading.Lock()

    def within(self, number: int, now: float | None = None) -> bool:
        """Count one request of the address `number`; False when it asks faster than it may."""
        now = time.monotonic() if now is None else now
        key = hash((self._salt, number))
        with self._lock:
            left, since = self._left.pop(key, (self._burst, now))
            left += (now - since) * self._rate
            if left > self._burst:
                left = self._burst
            self._left[key] = (left - 1 if left >= 1 else left, now)
            if len(self._left) > self._most:
                self._left.popitem(last=False)
        return left >= 1

    def pace(self, number: int) -> Pace:
        """Return how the next request of this address is served, after having waited if slowed."""
        if self.within(number):
            return Pace.NOW
        if not self._waiting.acquire(blocking=False):
            return Pace.BUSY
        try:
            time.sleep(DELAY)
        finally:
            self._waiting.release()
        return Pace.SLOWED
