"""Whose address it is that asks: the connection's, or what the own proxy says of it."""

import ipaddress
from collections.abc import Mapping, Sequence

from quetsach_public.addresses import Caller, caller_of

Proxies = Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]

LONGEST = 1_000
"""Characters of X-Forwarded-For that are looked at, from its end."""


def proxies_of(text: str) -> Proxies:
    """Return the networks of `text`, parted by commas. Raises ValueError."""
    return [ipaddress.ip_network(one.strip()) for one in text.split(",") if one.strip()]


def calling(environ: Mapping[str, object], proxies: Proxies) -> Caller | None:
    """Return the address that asks; of forwarded ones the last that no own proxy has.

    A header counts only where the connection itself comes from an own proxy: everybody may write
    one. None where the address cannot be read.
    """
    address = str(environ.get("REMOTE_ADDR", ""))
    if not proxies or not _is_own(address, proxies):
        return caller_of(address)
    header = environ.get("HTTP_X_FORWARDED_FOR")
    if not header:
        return caller_of(address)
    for one in reversed(str(header)[-LONGEST:].split(",")):
        address = one.strip()
        if not _is_own(address, proxies):
            break
    return caller_of(address)


def _is_own(text: str, proxies: Proxies) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in one for one in proxies)
