"""Addresses as numbers: IPv4 in 32 bits, of IPv6 the upper 64, which is what a network is given."""

import ipaddress
from bisect import bisect_right
from collections.abc import Mapping
from socket import AF_INET, inet_pton
from typing import BinaryIO, NamedTuple, cast

BITS_V6 = 64
"""What lies below belongs to one device of one network, and is never looked at."""


class ClientAddress(NamedTuple):
    """Who asks: `version` is 4 or 6, `number` the 32 bits or the upper 64 bits of the address."""

    version: int
    number: int


def caller_of(text: str) -> ClientAddress | None:
    """Return the address that `text` spells, None for none; `::ffff:a.b.c.d` is IPv4."""
    try:
        return ClientAddress(4, int.from_bytes(inet_pton(AF_INET, text), "big"))
    except (OSError, ValueError):
        return _slowly(text)


def _slowly(text: str) -> ClientAddress | None:
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return ClientAddress(6, int(address) >> BITS_V6)
        address = address.ipv4_mapped
    return ClientAddress(4, int(address))


def spelled(caller: ClientAddress) -> str:
    """Return the address as people read it, of IPv6 the /64 network."""
    if caller.version == 4:
        return str(ipaddress.IPv4Address(caller.number))
    return f"{ipaddress.IPv6Address(caller.number << BITS_V6)}/64"


def span_of(network: str) -> tuple[int, int, int]:
    """Return version, first and last number of a network such as 198.51.100.0/24 or 2001:db8::/40.

    Raises ValueError for what is no network, and for IPv6 networks smaller than /64.
    """
    parsed = ipaddress.ip_network(network)
    first, last = int(parsed.network_address), int(parsed.broadcast_address)
    if parsed.version == 4:
        return 4, first, last
    if parsed.prefixlen > BITS_V6:
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


def is_inside_address(caller: ClientAddress) -> bool:
    """True for what no line has outside: private, shared by carriers, multicast."""
    firsts, lasts = _EDGES[caller.version]
    place = bisect_right(firsts, caller.number) - 1
    return place >= 0 and caller.number <= lasts[place]


LONGEST = 1_000
"""Characters of X-Forwarded-For that are looked at, from its end."""

MOST_KNOWN = 1_000
"""Addresses of own proxies that are known again at once."""


class ProxyNetworks:
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
            is_own = any(first <= caller.number <= last for first, last in self._spans4)
        else:
            whole = ipaddress.IPv6Address(address.strip().partition("%")[0])
            is_own = any(whole in one for one in self._networks6)
        # Nearly every request comes from the same few.
        if is_own and len(self._known) < MOST_KNOWN:
            self._known.add(address)
        return is_own


def proxies_of(text: str) -> ProxyNetworks:
    """Return the networks of `text`, parted by commas. Raises ValueError."""
    networks = [ipaddress.ip_network(one.strip()) for one in text.split(",") if one.strip()]
    return ProxyNetworks(
        tuple(
            (int(one.network_address), int(one.broadcast_address))
            for one in networks
            if isinstance(one, ipaddress.IPv4Network)
        ),
        tuple(one for one in networks if isinstance(one, ipaddress.IPv6Network)),
    )


def calling(environ: Mapping[str, object], proxies: ProxyNetworks) -> ClientAddress | None:
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
    if "," not in rest:
        return caller_of(rest.strip())
    while True:
        rest, comma, address = rest.rpartition(",")
        address = address.strip()
        if not comma or not proxies.hold(address):
            return caller_of(address)


def port_of(environ: Mapping[str, object], proxies: ProxyNetworks) -> int | None:
    """Return the caller's source port as the own proxy says it, else that of the connection.

    None where neither is known: a port that a stranger wrote is worth nothing.
    """
    is_proxied = proxies.hold(str(environ.get("REMOTE_ADDR", "")))
    text = str(environ.get("HTTP_X_CLIENT_PORT" if is_proxied else "REMOTE_PORT", ""))
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text[:6]) < 65_536 else None


def is_from_proxy(environ: Mapping[str, object], proxies: ProxyNetworks) -> bool:
    """True where the connection comes from an own proxy."""
    return proxies.hold(str(environ.get("REMOTE_ADDR", "")))


LONGEST_FORM = 2_000


def is_from_here(environ: Mapping[str, object]) -> bool:
    """False for a form that another site's page sends."""
    site = str(environ.get("HTTP_SEC_FETCH_SITE", ""))
    if site:
        return site in ("same-origin", "none")
    origin = str(environ.get("HTTP_ORIGIN", ""))
    # The own proxy gives the scheme; any other writer of this header only refuses himself.
    if environ.get("HTTP_X_FORWARDED_PROTO") == "https" and origin.startswith("http:"):
        return False
    return not origin or origin.partition("://")[2] == str(environ.get("HTTP_HOST", ""))


def length_of(environ: Mapping[str, object]) -> int | None:
    """Return how long the form is, None for one that is too long to be ours."""
    try:
        length = int(str(environ.get("CONTENT_LENGTH") or 0))
    except ValueError:
        return None
    return length if 0 <= length <= LONGEST_FORM else None


def body_of(environ: Mapping[str, object]) -> str | None:
    """Return the form that was sent, None for one that is too long to be ours."""
    length = length_of(environ)
    if length is None:
        return None
    return cast("BinaryIO", environ["wsgi.input"]).read(length).decode("utf-8", "replace")
