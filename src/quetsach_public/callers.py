"""Whose address it is that asks: the connection's, or what the own proxy says of it."""

import ipaddress
from collections.abc import Mapping
from typing import NamedTuple

from quetsach_public.addresses import Caller, caller_of

LONGEST = 1_000
"""Characters of X-Forwarded-For that are looked at, from its end."""


class Proxies(NamedTuple):
    """The own proxies' networks: of IPv4 the first and last number, of IPv6 whole."""

    spans4: tuple[tuple[int, int], ...]
    networks6: tuple[ipaddress.IPv6Network, ...]

    def hold(self, address: str, caller: Caller | None) -> bool:
        """True where `address`, which was read as `caller`, is one of an own proxy."""
        if caller is None:
            return False
        if caller.version == 4:
            for first, last in self.spans4:  # noqa: SIM110, any() costs twice as much here
                if first <= caller.number <= last:
                    return True
            return False
        whole = ipaddress.IPv6Address(address.strip().partition("%")[0])
        return any(whole in one for one in self.networks6)


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
    caller = caller_of(address)
    if not proxies.hold(address, caller):
        return caller
    header = environ.get("HTTP_X_FORWARDED_FOR")
    if not header:
        return caller
    rest = str(header)[-LONGEST:]
    while True:
        rest, comma, address = rest.rpartition(",")
        address = address.strip()
        caller = caller_of(address)
        if not comma or not proxies.hold(address, caller):
            return caller
