"""Public resolvers that answer over TLS or HTTPS: what is asked there, no DNS log of ours shows.

Source: the operators' own pages on DNS over TLS (RFC 7858), HTTPS (RFC 8484) and QUIC (RFC 9250),
as of September 2026: Google, Cloudflare, Quad9, Cisco, AdGuard, NextDNS, CleanBrowsing, Control D,
Mullvad, DNS.SB, Alibaba, Tencent, 360, Yandex, Apple. The list is short on purpose: it names blind
spots and blames nobody.
"""

from collections.abc import Mapping
from functools import lru_cache

from quetsach.addresses import canonical_address
from quetsach.hostnames import name_from_log
from quetsach.schema import Event

NAMES: frozenset[str] = frozenset(
    (
        *("dns.google", "dns64.dns.google", "cloudflare-dns.com", "one.one.one.one"),
        *("dns.quad9.net", "dns9.quad9.net", "dns10.quad9.net", "dns11.quad9.net"),
        *("doh.opendns.com", "dns.opendns.com", "doh.familyshield.opendns.com", "dns.umbrella.com"),
        *("doh.umbrella.com", "dns.adguard.com", "dns.adguard-dns.com", "family.adguard-dns.com"),
        *("unfiltered.adguard-dns.com", "dns.nextdns.io", "doh.cleanbrowsing.org"),
        *("security-filter-dns.cleanbrowsing.org", "dns.controld.com", "freedns.controld.com"),
        *("dns.mullvad.net", "adblock.dns.mullvad.net", "base.dns.mullvad.net", "doh.dns.sb"),
        *("dot.sb", "doh.sb", "dns.alidns.com", "doh.pub", "dot.pub", "doh.360.cn", "dot.360.cn"),
        *("common.dot.dns.yandex.net", "doh.dns.apple.com", "doh.dns.yandex.net"),
    )
)
"""Their names; what lies below one belongs to it as well (`mozilla.cloudflare-dns.com`)."""

ADDRESSES: frozenset[str] = frozenset(
    (
        *("8.8.8.8", "8.8.4.4", "2001:4860:4860::8888", "2001:4860:4860::8844"),
        *("1.1.1.1", "1.0.0.1", "1.1.1.2", "1.0.0.2", "1.1.1.3", "1.0.0.3"),
        *("2606:4700:4700::1111", "2606:4700:4700::1001", "2606:4700:4700::1112"),
        *("9.9.9.9", "149.112.112.112", "9.9.9.10", "9.9.9.11", "149.112.112.10", "149.112.112.11"),
        *("2620:fe::fe", "2620:fe::9", "2620:fe::10", "2620:fe::11"),
        *("208.67.222.222", "208.67.220.220", "208.67.222.123", "208.67.220.123"),
        *("2620:119:35::35", "2620:119:53::53", "94.140.14.14", "94.140.15.15"),
        *("2a10:50c0::ad1:ff", "2a10:50c0::ad2:ff", "94.140.14.140", "94.140.14.141"),
        *("185.228.168.9", "185.228.169.9", "185.228.168.168", "76.76.2.0", "76.76.10.0"),
        *("194.242.2.2", "194.242.2.3", "185.222.222.222", "45.11.45.11"),
        *("223.5.5.5", "223.6.6.6", "2400:3200::1", "1.12.12.12", "120.53.53.53"),
        *("77.88.8.8", "77.88.8.1"),
    )
)
"""Their addresses; they count on the ports of HTTPS, TLS and QUIC only."""

TLS_PORT = 853
"""DNS over TLS and over QUIC, whoever answers (RFC 7858, RFC 9250)."""

LOOK_AT = 300
"""How much of a name is looked at."""

PORTS = frozenset({443, TLS_PORT, 784, 8853})
"""Where they are asked unseen."""

NAME_FIELDS = (
    *("tls.client.server_name", "url.domain", "destination.domain", "dns.question.name"),
)


def encrypted_resolver(event: Event) -> str | None:
    """Return the public resolver that the source of `event` could ask unseen, None if none.

    What a device of the office stopped is no blind spot.
    """
    if event.get("event.type") == "denied":
        return None
    values: Mapping[str, object] = event
    for field in NAME_FIELDS:
        text = values.get(field)
        if isinstance(text, str) and (name := resolver_called(text[:LOOK_AT])):
            return name
    port, written = event.get("destination.port"), event.get("destination.ip")
    if port not in PORTS or written is None:
        return None
    address = _address_of(written[:LOOK_AT])
    return address if address in ADDRESSES or (port == TLS_PORT and address) else None


@lru_cache(maxsize=16_384)
def _address_of(written: str) -> str | None:
    return canonical_address(written)


@lru_cache(maxsize=16_384)
def resolver_called(text: str) -> str | None:
    """Return the resolver that `text`, a name as a log writes it, is or lies below; else None."""
    rest = name_from_log(text)
    while rest:
        if rest in NAMES:
            return rest
        rest = rest.partition(".")[2]
    return None
