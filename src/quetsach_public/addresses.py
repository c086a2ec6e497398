"""Addresses as numbers: IPv4 in 32 bits, of IPv6 the upper 64, which is what a network is given."""

import ipaddress
from bisect import bisect_right
from socket import AF_INET, inet_pton
from typing import NamedTuple

BITS_V6 = 64
"""What lies below belongs to one device of one network, and is never looked at."""


class Caller(NamedTuple):
    """Who asks: `version` is 4 or 6, `number` the 32 bits or the upper 64 bits of the address."""

    version: int
    number: int


def caller_of(text: str) -> Caller | None:
    """Return the address that `text` spells, None for none; `::ffff:a.b.c.d` is IPv4."""
    try:
        return Caller(4, int.from_bytes(inet_pton(AF_INET, text), "big"))
    except (OSError, ValueError):
        return _slowly(text)


def _slowly(text: str) -> Caller | None:
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return Caller(6, int(address) >> BITS_V6)
        address = address.ipv4_mapped
    return Caller(4, int(address))


def spelled(caller: Caller) -> str:
    """Return the address as people read it, of IPv6 the /64 network."""
    if caller.version == 4:
        return str(ipaddress.IPv4Address(caller.number))
    return f"{ipaddress.IPv6Address(caller.number << BITS_V6)}/64"


def span_of(network: str) -> tuple[int, int, int]:
    """Return version, first and last number of a network such as 198.51.100.0/24 or 2001:db8::/40.

    Raises ValueError for what is no network, and for IPv6 networks smaller than /64.
    """
    found = ipaddress.ip_network(network)
    first, last = int(found.network_address), int(found.broadcast_address)
    if found.version == 4:
        return 4, first, last
    if found.prefixlen > BITS_V6:
        raise ValueError(f"{network}: IPv6 networks are kept down to /64")
    return 6, first >> BITS_V6, last >> BITS_V6


_NOWHERE = [
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
    *("172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3"),
    *("::/64", "fc00::/7", "fe80::/10", "ff00::/8"),
]


def _edges(version: int) -> tuple[list[int], list[int]]:
    spans = sorted(span_of(one) for one in _NOWHERE)
    found = [(first, last) for which, first, last in spans if which == version]
    return [first for first, _ in found], [last for _, last in found]


_EDGES = {4: _edges(4), 6: _edges(6)}


def is_inside_address(caller: Caller) -> bool:
    """True for what no line has outside: private, shared by carriers, multicast."""
    firsts, lasts = _EDGES[caller.version]
    place = bisect_right(firsts, caller.number) - 1
    return place >= 0 and caller.number <= lasts[place]
