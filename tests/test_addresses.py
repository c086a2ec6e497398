"""Addresses have one form, and special ranges are known."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.addresses import (
    AddressScope,
    canonical_address,
    is_nobody,
    overlaps,
    parse_address,
    parse_network,
    parse_range,
    standing,
)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::FFFF:cb00:7107", "203.0.113.7"),
        ("2001:DB8:0:0::0001", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("203.0.113.007", None),
        ("203.0.113.256", None),
        ("203.0.113", None),
        ("203.0.113.7.8", None),
        ("3405803783", None),
        ("²03.0.113.7", None),
        ("1" * 10_000, None),
        ("", None),
    ],
)
def test_address_has_one_form(written: str, canonical: str | None) -> None:
    assert canonical_address(written) == canonical


@given(st.ip_addresses())
def test_every_address_survives_its_own_text(address: ipaddress.IPv4Address) -> None:
    mapped = getattr(address, "ipv4_mapped", None)
    assert parse_address(str(address)) == (mapped or address)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_none(text: str) -> None:
    canonical = canonical_address(text)
    assert canonical is None or canonical_address(canonical) == canonical


@pytest.mark.parametrize(
    ("written", "network", "cut"),
    [
        ("203.0.113.77/24", "203.0.113.0/24", True),
        ("203.0.113.0/24", "203.0.113.0/24", False),
        ("203.0.113.77/255.255.255.0", "203.0.113.0/24", True),
        ("2001:db8::5/32", "2001:db8::/32", True),
        ("::ffff:203.0.113.0/120", "203.0.113.0/24", False),
    ],
)
def test_network_loses_its_host_bits_and_says_so(written: str, network: str, *, cut: bool) -> None:
    assert parse_network(written) == (ipaddress.ip_network(network), cut)


@pytest.mark.parametrize("written", ["203.0.113.0/33", "203.0.113.0/", "bad.example/24", "/24"])
def test_wrong_network_is_none(written: str) -> None:
    assert parse_network(written) is None


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("10.20.3.41", AddressScope.PRIVATE),
        ("172.31.255.255", AddressScope.PRIVATE),
        ("172.32.0.0", AddressScope.PUBLIC),
        ("192.168.0.4", AddressScope.PRIVATE),
        ("100.64.0.1", AddressScope.PRIVATE),
        ("127.0.0.53", AddressScope.PRIVATE),
        ("169.254.1.1", AddressScope.PRIVATE),
        ("fd00::1", AddressScope.PRIVATE),
        ("fe80::1", AddressScope.PRIVATE),
        ("224.0.0.251", AddressScope.RESERVED),
        ("240.0.0.1", AddressScope.RESERVED),
        ("255.255.255.255", AddressScope.RESERVED),
        ("0.0.0.0", AddressScope.RESERVED),
        ("::", AddressScope.RESERVED),
        ("ff02::1", AddressScope.RESERVED),
        ("192.0.2.1", AddressScope.DOCUMENTATION),
        ("198.51.100.1", AddressScope.DOCUMENTATION),
        ("203.0.113.1", AddressScope.DOCUMENTATION),
        ("2001:db8::1", AddressScope.DOCUMENTATION),
        ("8.8.8.8", AddressScope.PUBLIC),
        ("2600::1", AddressScope.PUBLIC),
    ],
)
def test_standing_follows_the_registries(span: str, expected: AddressScope) -> None:
    assert standing(ipaddress.ip_address(span)) is expected


def test_network_that_touches_a_private_range_is_private() -> None:
    assert standing(ipaddress.ip_network("172.0.0.0/8")) is AddressScope.PRIVATE


def test_nobody_holds_the_unspecified_and_the_broadcast_address() -> None:
    nobody = ["0.0.0.0", "255.255.255.255", "::"]
    assert all(is_nobody(ipaddress.ip_address(text)) for text in nobody)
    assert not is_nobody(ipaddress.ip_address("10.255.255.255"))


def test_range_becomes_the_networks_that_cover_it_and_no_more() -> None:
    networks = parse_range("203.0.113.0", "203.0.113.9")
    assert [str(one) for one in networks or ()] == ["203.0.113.0/29", "203.0.113.8/31"]


@pytest.mark.parametrize(
    ("first", "last"),
    [("203.0.113.9", "203.0.113.0"), ("203.0.113.9", "2001:db8::1"), ("a", "203.0.113.9")],
)
def test_what_is_no_range_is_none(first: str, last: str) -> None:
    assert parse_range(first, last) is None


def test_overlap_is_seen_in_the_same_family_only() -> None:
    own = (ipaddress.ip_network("198.51.100.0/28"), ipaddress.ip_network("::/0"))
    assert overlaps(ipaddress.ip_address("198.51.100.5"), own)
    assert overlaps(ipaddress.ip_network("198.51.100.0/24"), own)
    assert not overlaps(ipaddress.ip_address("198.51.100.16"), own)
