"""STIX objects that all outputs share: networks, ends of validity, markings."""

import ipaddress
import json

import pytest
import stix2
from stix2matcher.matcher import match
from stix2patterns.v21.pattern import Pattern

from quetsach.blocklists.stix_objects import (
    identity_object,
    marked,
    marking_objects,
    pattern_of,
    stix_time,
    validity,
)
from quetsach.indicators.model import Indicator, IndicatorKind, MatchRule, Tlp
from tests.blocklists.making import AT_US, DAY_US, EXACT, MIXED, indicators, mixed


def network(text: str) -> Indicator:
    return Indicator(text, text, IndicatorKind.NETWORK, MatchRule.CIDR)


def meets(pattern: str, address: str) -> bool:
    """Return whether the one comparison of `pattern` holds for an address."""
    ((_kind, comparisons),) = Pattern(pattern).inspect().comparisons.items()
    ((_path, operator, literal),) = comparisons
    assert operator == "ISSUBSET", "a network that is compared as a text meets no address"
    return ipaddress.ip_address(address) in ipaddress.ip_network(literal.strip("'"))


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("198.51.100.0/25", ["198.51.100.0", "198.51.100.127"], ["198.51.100.128"]),
        ("2001:db8:5::/48", ["2001:db8:5::1", "2001:db8:5:ffff::"], ["2001:db8:6::"]),
    ],
)
def test_a_network_meets_its_addresses(text: str, inside: list[str], outside: list[str]) -> None:
    pattern = pattern_of(network(text))
    assert pattern.startswith("[ipv6-addr:" if ":" in text else "[ipv4-addr:")
    assert all(meets(pattern, address) for address in inside)
    assert not any(meets(pattern, address) for address in outside)


def test_an_address_with_a_port_names_both() -> None:
    patterns = [pattern_of(each) for each in mixed() if each.rule is MatchRule.IP_PORT]
    assert "[network-traffic:dst_ref.type = 'ipv6-addr' AND network-traffic:dst_ref.value = " in (
        " ".join(patterns)
    )
    assert all("dst_port = " in pattern for pattern in patterns)
    assert all(Pattern(pattern) for pattern in patterns)


NAME, V4, V6, URL = stix2.DomainName, stix2.IPv4Address, stix2.IPv6Address, stix2.URL


def seen(*objects: object) -> list[dict[str, object]]:
    """Return a bundle of STIX 2.1 that says that these objects were observed together."""
    observed = stix2.ObservedData(
        first_observed="2026-09-12T01:00:00Z",
        last_observed="2026-09-12T01:00:00Z",
        number_observed=1,
        object_refs=list(objects),
    )
    return [json.loads(stix2.Bundle(observed, *objects).serialize())]


def contact(address: stix2.IPv4Address, port: int) -> tuple[object, object]:
    traffic = stix2.NetworkTraffic(dst_ref=address, dst_port=port, protocols=["tcp"])
    return address, traffic


def file_with(kind: str, digest: str) -> tuple[object]:
    return (stix2.File(hashes={kind: digest}),)


MD5, SHA1, SHA256 = MIXED[-3:]
OBSERVED = {
    EXACT: ([(NAME(value=EXACT),)], [(NAME(value=f"www.{EXACT}"),), (NAME(value="bad.example"),)]),
    "below.bad.example": (
        [(NAME(value="below.bad.example"),), (NAME(value="a.b.below.bad.example"),)],
        [(NAME(value="notbelow.bad.example"),), (NAME(value="below.bad.example.org"),)],
    ),
    "203.0.113.77": ([(V4(value="203.0.113.77"),)], [(V4(value="203.0.113.7"),)]),
    "203.0.113.78:443": (
        [contact(V4(value="203.0.113.78"), 443)],
        [contact(V4(value="203.0.113.78"), 80), contact(V4(value="203.0.113.79"), 443)],
    ),
    "[2001:db8::2]:8443": (
        [contact(V6(value="2001:db8::2"), 8443)],
        [contact(V6(value="2001:db8::2"), 443)],
    ),
    "198.51.100.0/25": ([(V4(value="198.51.100.127"),)], [(V4(value="198.51.100.128"),)]),
    "2001:db8::1": ([(V6(value="2001:db8::1"),)], [(V6(value="2001:db8::11"),)]),
    "https://hacked.example/it's\\a?b=%27": (
        [(URL(value="https://hacked.example/it's\\a?b=%27"),)],
        [(URL(value="https://hacked.example/its\\a?b=%27"),)],
    ),
    MD5: ([file_with("MD5", MD5)], [file_with("MD5", "0" * 32)]),
    SHA1: ([file_with("SHA-1", SHA1)], [file_with("SHA-1", "0" * 40)]),
    SHA256: ([file_with("SHA-256", SHA256)], [file_with("SHA-256", "0" * 64)]),
}
"""An indicator, and what was observed that meets it, and what nearly does.

Not IPv6 networks: stix2-matcher 3.0 reads addresses of IPv4 alone where it compares by ISSUBSET.
"""


@pytest.mark.parametrize("text", [*OBSERVED])
def test_the_matcher_of_oasis_meets_what_the_indicator_meets_and_nothing_near_it(text: str) -> None:
    exact = (text,) if text == EXACT else ()
    (indicator,) = indicators(*(() if exact else (text,)), exact=exact)
    pattern = pattern_of(indicator)
    met, near = OBSERVED[text]
    assert all(match(pattern, seen(*objects), stix_version="2.1") for objects in met)
    assert not any(match(pattern, seen(*objects), stix_version="2.1") for objects in near)


def test_each_kind_that_stix_has_a_word_for_is_matched() -> None:
    kinds = {one.kind for text in OBSERVED for one in indicators(text)}
    assert kinds == {each.kind for each in mixed()}


@pytest.mark.parametrize(
    ("until_us", "written"),
    [
        (None, None),
        (AT_US + DAY_US, "2026-09-13T01:00:00.000Z"),
        # The end of a day, as lists have it, is the beginning of the next.
        (AT_US + DAY_US - 1, "2026-09-13T01:00:00.000Z"),
        (AT_US, None),
        (AT_US + 999, "2026-09-12T01:00:00.001Z"),
        (AT_US - 1, None),
    ],
)
def test_an_end_is_written_where_it_is_after_the_beginning(
    until_us: int | None, written: str | None
) -> None:
    stated = validity(AT_US, until_us)
    assert stated["valid_from"] == "2026-09-12T01:00:00.000Z"
    assert stated.get("valid_until") == written


@pytest.mark.parametrize("at_us", [0, 999, 1_662_945_670_440_662, -1])
def test_a_time_is_told_to_the_millisecond(at_us: int) -> None:
    read = stix2.utils.parse_into_datetime(stix_time(at_us))
    assert round(read.timestamp() * 1000) == at_us // 1000


def test_markings_are_those_of_tlp_2() -> None:
    objects = marking_objects([Tlp.RED, None, Tlp.AMBER_STRICT, Tlp.RED])
    assert [each["name"] for each in objects] == ["TLP:AMBER+STRICT", "TLP:RED"]
    published = {stix2.TLP_RED.id, stix2.TLP_AMBER.id}
    assert not published & {each["id"] for each in objects}, "those are the markings of TLP 1"
    assert marked(Tlp.RED) == {"object_marking_refs": [objects[1]["id"]]}
    assert marked(None) == {}
    for each in objects:
        stix2.parse(each, allow_custom=False)


def test_an_identity_stays_the_same() -> None:
    number = "ab7a4a26-7a3d-5b6e-9d9d-3c1d1a0f5b11"
    first, again = identity_object(number, "Sở A"), identity_object(number, "Sở A")
    assert first == again
    assert stix2.parse(first).name == "Sở A"
