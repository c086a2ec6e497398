"""Whose address it is that asks: the connection's, or what the own proxy says of it."""

import ipaddress
from collections.abc import Mapping

from quetsach_public.addresses import Caller, caller_of

LONGEST = 1_000
"""Characters of X-Forwarded-For that are looked at, from its end."""

MOST_KNOWN = 1_000
"""Addresses of own proxies that are known again at once."""


class Proxies:
    """The own proxies' networks: of IPv4 the first and last number, of IPv6 whole."""

    def __init__(
        self,
        spans4: tuple[tuple[int, int], ...],
        networks6: tuple[ipaddress.IPv6Network, ...],
    ) -> None:
        self._spans4, self._networks6 = spans4, networks6
        self._known: set[str] = set()

    @property
    def are_any(self) -> bool:
        """True where there is an own proxy."""
        return bool(self._spans4 or self._networks6)

    def hold(self, address: str) -> bool:
        """True where `address` is one of an own proxy."""
        if address in self._known:
            return True
        caller = caller_of(address)
        if caller is None:
            return False
        if caller.version == 4:
            found = any(first <= caller.number <= last for first, last in self._spans4)
        else:
            whole = ipaddress.IPv6Address(address.strip().partition("%")[0])
            found = any(whole in one for one in self._networks6)
        # Nearly every request comes from the same few.
        if found and len(self._known) < MOST_KNOWN:
            self._known.add(address)
        return found


def proxies_of(text: str) -> Proxies:
    """Return the networks of `text`, parted by commas. Raises ValueError."""
    found = [ipaddress.ip_network(one.strip()) for one in text.split(",") if one.strip()]
    return Proxies(
        tuple(
            (int(one.network_address), int(one.broadcast_address))
            for one in found
            if isinstance(one, ipaddress.IPv4Network)
        ),
        tuple(one for one in found if isinstance(one, ipaddress.IPv6Network)),
    )


def calling(environ: Mapping[str, object], proxies: Proxies) -> Caller | None:
    """Return the address that asks; of forwarded ones the last that no own proxy has.

    A header counts only where the connection itself comes from an own proxy: everybody may write
    one. None where the address cannot be read.
    """
    address = str(environ.get("REMOTE_ADDR", ""))
    if not proxies.hold(address):
        return caller_of(address)
    header = environ.get("HTTP_X_FORWARDED_FOR")
    if not header:
        return caller_of(address)
    rest = str(header)[-LONGEST:]
    while True:
        rest, comma, address = rest.rpartition(",")
        address = address.strip()
        if not comma or not proxies.hold(address):
            return caller_of(address)


def came_by_proxy(environ: Mapping[str, object], proxies: Proxies) -> bool:
    """True where the connection comes from an own proxy."""
    return proxies.hold(str(environ.get("REMOTE_ADDR", "")))
