"""Feeds: lists fetched on behalf of a server's users, who may send it to no place that it likes."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from quetsach.addresses import parse_address
from quetsach.errors.exceptions import QuetsachError
from quetsach.hostnames import parse_name
from quetsach.indicators.fetch.connection import (
    Credentials,
    FetchBounds,
    FetchedList,
    parse_target,
)
from quetsach.indicators.fetch.fetch import FetchOptions, ServerInterface, fetch_list
from quetsach.texts import _

BOUNDS = FetchBounds(wait_s=20.0, request_s=180.0, largest=50 * 1024 * 1024)


HIDING = tuple(
    ip_network(text)
    for text in (
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "::/96",
        "::ffff:0:0:0/96",
        "fec0::/10",
    )
)
"""IPv6 networks that hold an IPv4 address within, or none of the world (RFC 6052, 8215, 3056, 4291,
2765, 3879): Python calls them global, and a way may lead from them into an office."""


@dataclass(frozen=True)
class AllowedHosts:
    """Whom feeds may be fetched from: names of hosts, and networks.

    A name that leads into a network that is not public is refused unless that network is named too.
    """

    names: frozenset[str]
    networks: tuple[IPv4Network | IPv6Network, ...]

    @classmethod
    def named(cls, texts: Iterable[str]) -> "AllowedHosts":
        """Return what `texts` name; what is neither a name nor a network allows nothing."""
        names, networks = set(), []
        for text in texts:
            try:
                networks.append(ip_network(text, strict=False))
            except ValueError:
                name = parse_name(text)
                names.add("" if name is None else name.ascii)
        return cls(frozenset(names - {""}), tuple(networks))

    def allows(self, host: str) -> bool:
        """True when `host`, as `parse_target` returns it, is named."""
        return host in self.names or (parse_address(host) is not None and self._holds(host))

    def admits(self, peer: str) -> bool:
        """True when the address that a name led to is public, or in a network that is named."""
        address = parse_address(peer)
        if address is None:
            return False
        hides = any(address in network for network in HIDING)
        is_public = address.is_global and not address.is_multicast and not hides
        return is_public or self._holds(peer)

    def _holds(self, text: str) -> bool:
        address = parse_address(text)
        return any(address in network for network in self.networks)


def host_of(url: str, allowed: AllowedHosts) -> str:
    """Return the host of a feed's address. Errors: E214 for one that is wrong or not allowed."""
    target = parse_target(url)
    if not allowed.allows(target.host):
        reason = _("this host is not among those that feeds are fetched from")
        raise QuetsachError("E214", str(target), reason=reason)
    return target.host


def fetch_feed(
    url: str, target: Path, kind: str, allowed: AllowedHosts, *, secret: str = "", etag: str = ""
) -> FetchedList:
    """Write the whole list of a feed to `target`; nothing where `etag` says that it is the same.

    `kind` is taxii, misp, misp-feed or http; `secret` is "user:password" or a token, "" for none.
    Errors: E213 to E216; E214 also for a host that is not allowed.
    """
    host_of(url, allowed)
    user, colon, password = secret.partition(":")
    options = FetchOptions(
        interface=ServerInterface(kind),
        credentials=Credentials(user, password) if colon else Credentials(token=secret),
        bounds=BOUNDS,
        etag=etag if kind == ServerInterface.HTTP else "",
        admits=allowed.admits,
    )
    return fetch_list(url, target, options)
