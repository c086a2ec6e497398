"""Contact with a public resolver over TLS or HTTPS is seen by its name, or by address and port."""

from typing import Any, cast

import pytest

from quetsach.addresses import canonical_address
from quetsach.hostnames import parse_name
from quetsach.scanning.public_resolvers import ADDRESSES, NAMES, encrypted_resolver
from quetsach.schema import Event


@pytest.mark.parametrize(
    ("event", "resolver"),
    [
        ({"tls.client.server_name": "DNS.google."}, "dns.google"),
        ({"dns.question.name": "mozilla.cloudflare-dns.com"}, "cloudflare-dns.com"),
        ({"url.domain": "abc123.dns.nextdns.io"}, "dns.nextdns.io"),
        ({"destination.ip": "8.8.8.8", "destination.port": 443}, "8.8.8.8"),
        ({"destination.ip": "2001:4860:4860:0::8888", "destination.port": 853},
         "2001:4860:4860::8888"),
        ({"destination.ip": "198.51.100.7", "destination.port": 853}, "198.51.100.7"),
        # What goes to port 53 is in the clear, and what was stopped is no blind spot.
        ({"destination.ip": "8.8.8.8", "destination.port": 53}, None),
        ({"destination.ip": "198.51.100.7", "destination.port": 443}, None),
        ({"tls.client.server_name": "dns.google", "event.type": "denied"}, None),
        ({"tls.client.server_name": "notdns.google.example"}, None),
        ({"destination.ip": "?", "destination.port": 853}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_a_resolver_is_known_by_name_or_by_address_and_port(
    event: dict[str, Any], resolver: str | None
) -> None:
    assert encrypted_resolver(cast("Event", event)) == resolver


def test_the_shipped_list_is_in_canonical_form() -> None:
    assert all(canonical_address(one) == one for one in ADDRESSES)
    assert all((name := parse_name(one)) is not None and name.ascii == one for one in NAMES)
