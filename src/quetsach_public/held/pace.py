"""How often somebody may say to have cleaned, so that one machine fills neither file nor memory."""

from collections import deque
from ipaddress import IPv6Address, IPv6Network, ip_address

MOST_AN_HOUR = 3
MOST_OF_A_NETWORK = 60
"""Presses within an hour of one address, and of an IPv6 network (/64): a machine has all of one."""

MOST = 20_000
"""Addresses and networks of the last hour; beyond them nobody new can press."""

_HOUR = 3600.0


class Pace:
    """Presses of the last hour."""

    def __init__(self) -> None:
        self._pressed: dict[str, deque[float]] = {}

    def take(self, address: str, now: float) -> bool:
        """True where the address may press now; then the press is counted."""
        bounds = _bounds(address)
        times = {key: self._times(key, now) for key in bounds}
        if any(len(times[key]) >= most for key, most in bounds.items()):
            return False
        if len(self._pressed.keys() | times.keys()) > MOST:
            return False
        for key, one in times.items():
            one.append(now)
            self._pressed[key] = one
        return True

    def tidy(self, now: float) -> None:
        """Forget what is older than an hour."""
        old = [key for key, times in self._pressed.items() if times[-1] <= now - _HOUR]
        for key in old:
            del self._pressed[key]

    def _times(self, key: str, now: float) -> deque[float]:
        times = self._pressed.get(key, deque())
        while times and times[0] <= now - _HOUR:
            times.popleft()
        return times


def _bounds(address: str) -> dict[str, int]:
    found = ip_address(address)
    bounds = {address: MOST_AN_HOUR}
    if isinstance(found, IPv6Address):
        bounds[str(IPv6Network((int(found), 64), strict=False))] = MOST_OF_A_NETWORK
    return bounds
