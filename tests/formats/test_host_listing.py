"""Listings of settings are known, and none of their lines names anybody."""

import pytest

from quetsach.formats.host_listing import HostListing
from quetsach.formats.registry import recognise
from tests.formats.golden import read

FORM = HostListing()


@pytest.mark.parametrize(
    "first",
    [
        b"Chain FORWARD (policy DROP 12 packets, 830 bytes)",
        b"Chain DOCKER (2 references)",
        b"*filter",
        b"Kernel IP routing table",
        b"default via 10.20.3.1 dev eth0 proto dhcp",
        b"; <<>> DiG 9.11.4-P2 <<>> bad.example",
    ],
)
def test_each_beginning_is_known_and_no_line_has_an_end(first: bytes) -> None:
    content = first + b"\nDROP all -- 203.0.113.77 10.20.3.41\n"
    assert recognise(content).name == "host-listing"
    events = [event for _, event in read(FORM, content).events]
    assert len(events) == 2
    for event in events:
        assert {"source.ip", "destination.ip", "host.name"}.isdisjoint(event)


@pytest.mark.parametrize(
    "line", [b"Chain of events (policy) began", b"===", b"default via phone", b"*filters on*"]
)
def test_a_sentence_is_not_taken(line: bytes) -> None:
    assert not FORM.recognise(line + b"\n")
