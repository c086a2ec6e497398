"""A connection through a SOCKS proxy names what the client behind it asked for."""

import pytest

from quetsach.captures.pcap import Pcap
from tests.captures import packets
from tests.captures.files import events_of
from tests.captures.packets import CLIENT, SERVER
from tests.captures.test_pcap_connections import hello

pytestmark = packets.needs_kernel

GREETING, CHOSEN = (True, b"\x05\x02\x00\x02"), (False, b"\x05\x00")
NAMED = b"\x05\x01\x00\x03\x0ec2.bad.example\x01\xbb"
GRANTED = (False, b"\x05\x00\x00\x01" + bytes(6))
LOGIN = [(False, b"\x05\x02"), (True, b"\x01\x02an\x03abc"), (False, b"\x01\x00")]
WHOLE = packets.pcap(
    packets.conversation([GREETING, *LOGIN, (True, NAMED), GRANTED], server=(SERVER, 1080))
)


def socks(said: list[tuple[bool, bytes]], port: int = 1080) -> list[dict[str, object]]:
    """Return what a conversation with a proxy tells of it."""
    frames = packets.conversation(said, server=(SERVER, port))
    events, unread = events_of(Pcap(), packets.pcap(frames))
    assert unread == {}
    return [event for event in events if event["event.dataset"] == "pcap.socks"]


@pytest.mark.parametrize(
    ("said", "full", "outcome"),
    [
        ([GREETING, CHOSEN, (True, NAMED), GRANTED], "c2.bad.example:443", "success"),
        ([GREETING, *LOGIN, (True, NAMED), GRANTED], "c2.bad.example:443", "success"),
        (
            [GREETING, CHOSEN, (True, NAMED), (False, b"\x05\x02\x00\x01" + bytes(6))],
            "c2.bad.example:443",
            "failure",
        ),
        ([GREETING, CHOSEN, (True, NAMED)], "c2.bad.example:443", None),
        (
            [GREETING, CHOSEN, (True, b"\x05\x01\x00\x01\xcb\x00\x71\x4d\x00\x50"), GRANTED],
            "203.0.113.77:80",
            "success",
        ),
        (
            [
                GREETING,
                CHOSEN,
                (True, b"\x05\x01\x00\x04" + bytes.fromhex("20010db8" + "0" * 22 + "77" + "01bb")),
                (False, b"\x05\x00\x00\x03\x01a\x00\x50"),
            ],
            "[2001:db8::77]:443",
            "success",
        ),
        (
            [(True, b"\x04\x01\x01\xbb\xcb\x00\x71\x4dan\x00"), (False, b"\x00\x5a" + bytes(6))],
            "203.0.113.77:443",
            "success",
        ),
        (
            [
                (True, b"\x04\x01\x01\xbb\x00\x00\x00\x01an\x00c2.bad.example\x00"),
                (False, b"\x00\x5b" + bytes(6)),
            ],
            "c2.bad.example:443",
            "failure",
        ),
    ],
)
def test_what_was_asked_for_is_a_contact_of_the_client(
    said: list[tuple[bool, bytes]], full: str, outcome: str | None
) -> None:
    (event,) = socks(said)
    assert (event["source.ip"], event["destination.ip"]) == (CLIENT, SERVER)
    assert (event["url.full"], event["url.domain"]) == (full, full.rpartition(":")[0].strip("[]"))
    assert event.get("event.outcome") == outcome


def test_what_is_spoken_behind_the_proxy_is_read_on() -> None:
    said = [GREETING, CHOSEN, (True, NAMED), GRANTED, (True, hello(b"c2.bad.example"))]
    frames = packets.conversation(said, server=(SERVER, 9050))
    events, _unread = events_of(Pcap(), packets.pcap(frames))
    datasets = {event["event.dataset"]: event for event in events}
    assert datasets["pcap.tls"]["tls.client.server_name"] == "c2.bad.example"
    assert datasets["pcap.conn"]["network.application"] == "socks"


@pytest.mark.parametrize(
    "said",
    [
        [GREETING, (False, b"220 mail ready\r\n"), (True, NAMED)],
        [GREETING, CHOSEN, (True, NAMED.replace(b"\x05\x01", b"\x05\x03"))],
        [GREETING, CHOSEN, (True, NAMED.replace(b".", b"\x01"))],
        [(True, b"\x04\x01\x01\xbb\xcb\x00\x71\x4dan\x00"), (False, b"\x01\x5a" + bytes(6))],
        [(True, b"\x04\x01\x01\xbb\xcb\x00\x71\x4dan\x00")],
        [(False, b"\x05\x01\x00"), (True, b"\x05\x00")],
    ],
)
def test_what_only_looks_like_a_proxy_is_none(said: list[tuple[bool, bytes]]) -> None:
    assert socks(said) == []


def test_damaged_handshakes_never_raise() -> None:
    said = [GREETING, *LOGIN, (True, NAMED), GRANTED, (True, b"GET / HTTP/1.1\r\n\r\n")]
    content = packets.pcap(packets.conversation(said, server=(SERVER, 1080)))
    for place in range(40, len(content), 3):
        hurt = content[:place] + bytes([content[place] ^ 0x41]) + content[place + 1 :]
        events, _unread = events_of(Pcap(), hurt)
        assert all(event["event.dataset"].startswith("pcap.") for event in events)
