"""How fast one address is served: never refused for what it is, only slowed when it asks too fast.

Pages are always served; forms and large files of an address that asks too fast may hear "busy".
Nothing waits here, as that would hold a thread: nginx does the waiting (`Reply.slowed`), or a
coroutine where there is no nginx (`alone.py`).

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

COSTLY_RATE = 20
"""Forms and large files a second of an address that asks too fast, of all processes together.

Behind a carrier's address they may be a neighbour's; more of them hear "busy".
"""


_KEY_BITS = 66
"""More than the number of an address has: the upper half of IPv6, and its version."""


class RequestPace(Enum):
    """How a request is served."""

    NOW = "now"
    SLOWED = "slowed"
    BUSY = "busy"


def costs(method: object, path: str) -> bool:
    """True for what costs more than a page from memory: forms, and files of megabytes."""
    return method == "POST" or path.startswith(("/tai-lieu/tep/", "/danh-sach-mo/"))


class PaceLimits:
    """Counts by address, in memory alone, under numbers that mean nothing outside this process."""

    def __init__(self, rate: float = RATE, burst: float = BURST, most: int = MOST_KEPT) -> None:
        self._rate, self._burst, self._most = rate, burst, most
        self._salt = secrets.randbits(_KEY_BITS)
        self._left: OrderedDict[int, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def within(self, number: int, now: float | None = None, take: int = 1) -> bool:
        """Count one request of the address `number`; False when it asks faster than it may.

        With `take` 0 it is only told whether the next one would be within.
        """
        now = time.monotonic() if now is None else now
        key = number ^ self._salt
        with self._lock:
            tokens, since = self._left.pop(key, (self._burst, now))
            tokens += (now - since) * self._rate
            if tokens > self._burst:
                tokens = self._burst
            self._left[key] = (tokens - take if tokens >= 1 else tokens, now)
            if len(self._left) > self._most:
                self._left.popitem(last=False)
        return tokens >= 1


class Paces:
    """Tells how each address is served by one of `workers` processes."""

    def __init__(
        self,
        workers: int = 1,
        *,
        all_asked: PaceLimits | None = None,
        costly: PaceLimits | None = None,
    ) -> None:
        self._all = all_asked or PaceLimits(RATE / workers)
        self._costly = costly or PaceLimits(COSTLY_RATE / workers, COSTLY_RATE)

    def pace(self, number: int, *, costs: bool = False) -> RequestPace:
        """Return how the next request of this address is served.

        Behind a carrier's address one who floods has neighbours. So a page from memory is always
        served, as it costs no more than saying that it is busy; only what `costs` may be refused.
        """
        if self._all.within(number):
            return RequestPace.NOW
        if costs and not self._costly.within(number):
            return RequestPace.BUSY
        return RequestPace.SLOWED
