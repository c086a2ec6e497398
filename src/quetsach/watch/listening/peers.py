"""Who sends: the address of a peer as it stands in a spool, and how many connections it has."""

from collections import Counter
from dataclasses import dataclass, field
from ipaddress import IPv6Address
from typing import Any

MOST_CONNECTIONS = 512
MOST_OF_ONE = 128
"""So many connections are taken in all, and of one address, behind which an office may be: one that
is broken or hostile opens more and more."""

NOBODY = "::"
"""The sender of what comes over a unix socket."""


def sender_of(peer: Any) -> str:
    """Return the address of a socket's peer: without port and zone; IPv4 in IPv6 as IPv4."""
    if not isinstance(peer, tuple) or not peer:
        return NOBODY
    host = str(peer[0]).partition("%")[0]
    if ":" not in host:
        return host
    address = IPv6Address(host)
    return str(address.ipv4_mapped or address)


@dataclass
class ConnectionLimits:
    """Which connections are taken. Those of a unix socket have no address to be counted by."""

    most: int = MOST_CONNECTIONS
    most_of_one: int = MOST_OF_ONE
    _of: Counter[str] = field(default_factory=Counter)

    def take(self, sender: str) -> bool:
        """Return whether one more connection of `sender` is taken, and count it if so."""
        most_of_one = self.most if sender == NOBODY else self.most_of_one
        if self._of.total() >= self.most or self._of[sender] >= most_of_one:
            return False
        self._of[sender] += 1
        return True

    def leave(self, sender: str) -> None:
        """Forget a connection that was taken."""
        self._of[sender] -= 1
        if self._of[sender] <= 0:
            del self._of[sender]
