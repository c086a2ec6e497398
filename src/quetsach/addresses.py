"""Addresses and networks in their one canonical form, and whether one can be anybody's server."""

import ipaddress
import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

_LONGEST = 128
"""No written address or network is longer, zone and mask included; in characters."""

_FOUR = re.compile(r"(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3}")

# Asked for every address of every record: what is in its one form already is not parsed.
_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_CANONICAL_FOUR = re.compile(rf"{_BYTE}(?:\.{_BYTE}){{3}}")


class AddressScope(StrEnum):
    """What the registries say an address is for."""

    PUBLIC = "public"
    DOCUMENTATION = "documentation"
    PRIVATE = "private"
    RESERVED = "reserved"


# Source: IANA special-purpose address registries, IPv4 and IPv6; the first that fits decides.
_RANGES = (
    ("192.0.2.0/24", AddressScope.DOCUMENTATION),
    ("198.51.100.0/24", AddressScope.DOCUMENTATION),
    ("203.0.113.0/24", AddressScope.DOCUMENTATION),
    ("2001:db8::/32", AddressScope.DOCUMENTATION),
    ("10.0.0.0/8", AddressScope.PRIVATE),
    ("172.16.0.0/12", AddressScope.PRIVATE),
    ("192.168.0.0/16", AddressScope.PRIVATE),
    ("100.64.0.0/10", AddressScope.PRIVATE),
    ("127.0.0.0/8", AddressScope.PRIVATE),
    ("169.254.0.0/16", AddressScope.PRIVATE),
    ("::1/128", AddressScope.PRIVATE),
    ("fc00::/7", AddressScope.PRIVATE),
    ("fe80::/10", AddressScope.PRIVATE),
    ("fec0::/10", AddressScope.PRIVATE),
    ("0.0.0.0/8", AddressScope.RESERVED),
    ("224.0.0.0/4", AddressScope.RESERVED),
    ("240.0.0.0/4", AddressScope.RESERVED),
    ("::/128", AddressScope.RESERVED),
    ("ff00::/8", AddressScope.RESERVED),
)


def bounds(span: Address | Network) -> tuple[int, int]:
    """Return the first and the last address of `span`, as integers."""
    if isinstance(span, IPv4Address | IPv6Address):
        return int(span), int(span)
    return int(span.network_address), int(span.broadcast_address)


_SPANS = {
    version: tuple(
        (*bounds(ipaddress.ip_network(text)), standing)
        for text, standing in _RANGES
        if (":" in text) == (version == 6)
    )
    for version in (4, 6)
}


def parse_address(text: str) -> Address | None:
    """Return the address that `text` writes, or None.

    `::ffff:a.b.c.d` is the IPv4 address; a zone (`%eth0`) is dropped; leading zeros are refused,
    because some programs read them as octal.
    """
    if len(text) > _LONGEST:
        return None
    if _FOUR.fullmatch(text):
        try:
            return IPv4Address(bytes(map(int, text.split("."))))
        except ValueError:  # a number above 255
            return None
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if mapped is None else mapped


def canonical_address(text: str) -> str | None:
    """Return the shortest text of the address that `text` writes, or None."""
    if _CANONICAL_FOUR.fullmatch(text):
        return text
    found = parse_address(text)
    return None if found is None else str(found)


def parse_network(text: str) -> tuple[Network, bool] | None:
    """Return the network `text` writes (`a/len`, `a/mask`) and whether host bits were cut off."""
    if len(text) > _LONGEST:
        return None
    try:
        written = ipaddress.ip_interface(text)
    except ValueError:
        return None
    network: Network = written.network
    cut = int(written.ip) != int(network.network_address)
    mapped = network.network_address
    if isinstance(mapped, IPv6Address) and mapped.ipv4_mapped and network.prefixlen >= 96:
        network = IPv4Network((int(mapped.ipv4_mapped), network.prefixlen - 96))
    return network, cut


def parse_range(first: str, last: str) -> list[Network] | None:
    """Return the networks that together cover `first` to `last`, or None if they are no range."""
    low, high = parse_address(first), parse_address(last)
    if low is None or high is None or low.version != high.version or int(low) > int(high):
        return None
    if isinstance(low, IPv4Address) and isinstance(high, IPv4Address):
        return list(ipaddress.summarize_address_range(low, high))
    if isinstance(low, IPv6Address) and isinstance(high, IPv6Address):
        return list(ipaddress.summarize_address_range(low, high))
    return None


def standing(span: Address | Network) -> AddressScope:
    """Return what `span` is for; a network that only touches a special range counts as special."""
    low, high = bounds(span)
    for first, last, found in _SPANS[span.version]:
        if low <= last and first <= high:
            return found
    return AddressScope.PUBLIC


def special_spans(version: int) -> list[tuple[int, int]]:
    """Return first and last address of the private and reserved ranges of an IP version."""
    special = (AddressScope.PRIVATE, AddressScope.RESERVED)
    return [(first, last) for first, last, found in _SPANS[version] if found in special]


def is_nobody(span: Address | Network) -> bool:
    """Return whether `span` is the unspecified or the broadcast address, which no machine holds."""
    low, high = bounds(span)
    return low == high and (low == 0 or (span.version == 4 and low == 2**32 - 1))


CARRIER = ipaddress.ip_network("100.64.0.0/10")
"""Between a provider's translation and its customers (RFC 6598): never a machine of its own."""


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Address | None:
    """Return what the module ipaddress reads, or None: the same is asked for several networks."""
    if _CANONICAL_FOUR.fullmatch(text):
        return IPv4Address(bytes(map(int, text.split("."))))
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def is_within(address: str, networks: Sequence[Network]) -> bool:
    """Return whether `address` lies in one of `networks`; False for what is no address."""
    parsed = _parsed(address)
    if parsed is None:
        return False
    return any(parsed in network for network in networks if network.version == parsed.version)


def overlaps(span: Address | Network, networks: Sequence[Network]) -> bool:
    """Return whether `span` has an address in common with one of `networks`."""
    low, high = bounds(span)
    for network in networks:
        if network.version == span.version:
            first, last = bounds(network)
            if low <= last and first <= high:
                return True
    return False
