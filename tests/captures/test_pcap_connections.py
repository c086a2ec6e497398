"""Connections in captures: who began, what became of them, how much was sent, and their content."""

import hashlib
import struct
from collections.abc import Iterable
from typing import Any

import pytest

from quetsach.captures.contract import UnreadReason
from quetsach.captures.pcap import Pcap
from tests.captures import packets
from tests.captures.files import events_of
from tests.captures.packets import (
    ACK,
    CLIENT,
    CLIENT6,
    CLIENT_MAC,
    FIN,
    RST,
    SERVER,
    SERVER6,
    START_US,
    SYN,
    Frame,
)

pytestmark = packets.needs_kernel

GET = b"GET /gate.php?id=7 HTTP/1.1\r\nHost: bad.example:8080\r\nUser-Agent: curl/8\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def events(
    frames: Iterable[Frame], dataset: str, unread: dict[UnreadReason, int] | None = None
) -> list[dict[str, Any]]:
    found, missed = events_of(Pcap(), packets.pcap(frames))
    assert missed == (unread or {})
    return [event for event in found if event["event.dataset"] == f"pcap.{dataset}"]


def segments(*sent: tuple[bool, int, int, bytes], server_port: int = 443) -> list[Frame]:
    """Return frames; each is "by the client", sequence number, flags and payload."""
    frames = []
    for place, (by_client, sequence, flags, payload) in enumerate(sent):
        ends, ports = (CLIENT, SERVER), (51544, server_port)
        if not by_client:
            ends, ports = ends[::-1], ports[::-1]
        packet = packets.ip(*ends, 6, packets.tcp(*ports, sequence, flags, payload))
        frames.append(Frame(packets.ethernet(packet), START_US + place))
    return frames


OPENED = [(True, 99, SYN, b""), (False, 499, SYN | ACK, b""), (True, 100, ACK, b"")]
STATES = {
    "S0": [OPENED[0]],
    "REJ": [OPENED[0], (False, 0, RST | ACK, b"")],
    "S1": [*OPENED, (True, 100, ACK, b"x")],
    "SF": [*OPENED, (True, 100, FIN | ACK, b""), (False, 500, FIN | ACK, b"")],
    "RSTO": [*OPENED, (True, 100, RST, b"")],
    "RSTR": [*OPENED, (False, 500, RST, b"")],
    "RSTOS0": [OPENED[0], (True, 100, RST, b"")],
    "SH": [OPENED[0], (True, 100, FIN, b"")],
    "S2": [*OPENED, (True, 100, FIN | ACK, b"")],
    "S3": [*OPENED, (False, 500, FIN | ACK, b"")],
    # The first packet was not captured; the second says all the same who began.
    "RSTRH": [OPENED[1], (False, 500, RST, b"")],
    "SHR": [OPENED[1], (False, 500, FIN | ACK, b"")],
    "OTH": [(False, 500, ACK, b"x"), (True, 100, ACK, b"y")],
}


@pytest.mark.parametrize("state", STATES)
def test_states_and_direction_are_those_of_zeek(state: str) -> None:
    (event,) = events(segments(*STATES[state]), "conn")
    assert event["event.action"] == state
    assert (event["source.ip"], event["source.port"]) == (CLIENT, 51544)
    assert (event["destination.ip"], event["destination.port"]) == (SERVER, 443)
    failed = state in ("S0", "REJ", "RSTOS0", "SH")
    assert event["event.outcome"] == ("failure" if failed else "success")


def test_whoever_began_cannot_be_told_is_nobody() -> None:
    sent = [(False, 500, ACK, b"x"), (True, 100, ACK, b"y")]
    (event,) = events(segments(*sent, server_port=49152), "conn")
    assert "source.ip" not in event
    assert "destination.ip" not in event
    assert event["related.hosts"] == [f"{CLIENT}:51544", f"{SERVER}:49152"]
    # A low port against one that systems give to clients.
    (event,) = events(segments(*sent, server_port=4444), "conn")
    assert (event["source.ip"], event["destination.port"]) == (CLIENT, 4444)


def test_bytes_are_payload_without_what_was_sent_twice() -> None:
    said = [(True, 100, ACK, b"abc"), (True, 100, ACK, b"abc"), (True, 103, ACK, b"de")]
    (event,) = events(segments(*OPENED, *said, (False, 500, ACK, b"answer")), "conn")
    assert (event["source.bytes"], event["destination.bytes"]) == (5, 6)
    assert (event["source.packets"], event["destination.packets"]) == (5, 2)
    assert event["event.duration"] == 6000
    assert (event["event.start"], event["event.end"]) == (START_US, START_US + 6)


def test_the_same_ports_again_are_another_connection() -> None:
    once = segments(*STATES["SF"])
    later = [Frame(frame.content, frame.us + 90_000_000) for frame in segments(*STATES["REJ"])]
    states = [event["event.action"] for event in events([*once, *later], "conn")]
    assert states == ["SF", "REJ"]


def test_udp_and_ping_have_the_first_sender_as_source() -> None:
    for number, (asks, answers) in ((1, (8, 0)), (58, (128, 129))):
        ends = (CLIENT, SERVER) if number == 1 else (CLIENT6, SERVER6)
        ping = [
            packets.ip(*turn, number, struct.pack("!BBHHH", kind, 0, 0, 9, 1) + b"ping")
            for turn, kind in ((ends, asks), (ends[::-1], answers))
        ]
        kind = 0x0800 if number == 1 else 0x86DD
        # The answer alone says as much.
        for frames in (ping, ping[1:]):
            (event,) = events([Frame(packets.ethernet(one, kind)) for one in frames], "conn")
            assert event["network.transport"] == "icmp"
            assert (event["source.ip"], event["destination.ip"]) == ends
            assert event["event.outcome"] == "success"
            assert "source.port" not in event
    (event,) = events(packets.datagrams([(True, b"x")], server=(SERVER, 4500)), "conn")
    assert (event["source.ip"], event["event.action"]) == (CLIENT, "S0")
    (event,) = events(packets.datagrams([(False, b"x")], server=(SERVER, 443)), "conn")
    assert (event["source.ip"], event["event.action"]) == (CLIENT, "SF")


def test_requests_have_their_status() -> None:
    head = b"HEAD / HTTP/1.0\r\n\r\n"
    said = [
        (True, GET[:30]),
        (True, GET[30:] + head),
        (False, OK + b"HTTP/1.1 404 Not Found\r\nContent-Length: 500\r\n\r\n"),
        (
            True,
            b"POST http://c2.example/x HTTP/1.1\r\nX-Forwarded-For: 198.51.100.9, 10.20.3.7\r\n",
        ),
        (True, b"Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n" + GET),
        (False, b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 302 Found\r\nTransfer-Encoding: "),
        (False, b"chunked\r\n\r\n3;x=1\r\nabc\r\n0\r\nTrailer: 1\r\n\r\n" + OK),
    ]
    http = events(packets.conversation(said, server=(SERVER, 8080)), "http")
    keys = ("http.request.method", "url.full", "http.response.status_code")
    assert [tuple(event.get(key) for key in keys) for event in http] == [
        ("GET", "http://bad.example:8080/gate.php?id=7", 200),
        ("HEAD", f"http://{SERVER}/", 404),
        ("POST", "http://c2.example/x", 302),
        ("GET", "http://bad.example:8080/gate.php?id=7", 200),
    ]
    assert [event.get("url.domain") for event in http] == [
        *("bad.example", None, "c2.example", "bad.example"),
    ]
    assert http[2]["network.forwarded_ip"] == "10.20.3.7"
    assert http[0]["user_agent.original"] == "curl/8"
    assert http[0]["quetsach.packet"] == 5


def test_a_hole_leaves_requests_without_a_status_rather_than_with_a_wrong_one() -> None:
    frames = packets.conversation([(True, GET), (False, OK), (True, GET), (False, OK)])
    del frames[4]
    found = events(frames, "http")
    assert [event.get("http.response.status_code") for event in found] == [None, None]


def test_segments_are_put_in_order() -> None:
    frames = packets.conversation([(True, GET[:20]), (True, GET[20:40]), (True, GET[40:])])
    frames[3], frames[5] = frames[5], frames[3]
    (event,) = events(frames, "http")
    assert event["url.full"] == "http://bad.example:8080/gate.php?id=7"


def vector(content: bytes, size: int = 2) -> bytes:
    return len(content).to_bytes(size, "big") + content


def record(kind: int, content: bytes) -> bytes:
    return bytes([kind, 3, 1]) + vector(content)


def hello(server_name: bytes) -> bytes:
    named = struct.pack("!H", 0) + vector(vector(b"\0" + vector(server_name)))
    groups = struct.pack("!H", 10) + vector(vector(struct.pack("!HH", 0x0A0A, 29)))
    ciphers = struct.pack("!HHH", 0x1A1A, 0x1301, 0xC02F)
    body = b"\x03\x03" + bytes(32) + b"\0" + vector(ciphers) + b"\x01\0" + vector(named + groups)
    return record(22, b"\x01" + vector(body, 3))


def element(kind: int, *inside: bytes) -> bytes:
    content = b"".join(inside)
    size = len(content)
    return bytes([kind]) + (bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2)) + content


def certificate(common: bytes, names: Iterable[bytes]) -> bytes:
    """Return a certificate (DER) without a true signature."""
    common_name = element(0x30, element(6, b"\x55\x04\x03"), element(12, common))
    alternatives = element(0x30, *(element(0x82, each) for each in names))
    extension = element(0x30, element(6, b"\x55\x1d\x11"), element(4, alternatives))
    empty = element(0x30)
    body = element(
        0x30,
        element(0xA0, element(2, b"\2")),
        element(2, b"\1"),
        *(empty, empty, empty, element(0x30, element(0x31, common_name)), empty),
        element(0xA3, element(0x30, extension)),
    )
    return element(0x30, body, empty, element(3, b"\0"))


CERTIFICATE = certificate(b"c2.example", [b"c2.example", b"*.bad.example"])
SERVED = (
    record(22, b"\x02" + vector(b"\x03\x03" + bytes(32) + b"\0\xc0\x2f\0" + vector(b""), 3))
    + record(22, (b"\x0b" + vector(vector(vector(CERTIFICATE, 3), 3), 3))[:40])
    + record(22, (b"\x0b" + vector(vector(vector(CERTIFICATE, 3), 3), 3))[40:])
    + record(20, b"\1")
)


@pytest.mark.parametrize("port", [443, 8443, 25])
def test_tls_tells_the_name_asked_for_and_the_certificate_shown(port: int) -> None:
    said = [(True, hello(b"c2.bad.example")), (False, SERVED)]
    if port == 25:
        said = [(False, b"220 mail\r\n"), (True, b"STARTTLS\r\n"), (False, b"220 go\r\n"), *said]
    (event,) = events(packets.conversation(said, server=(SERVER, port)), "tls")
    ja3 = "771,4865-49199,0-10,29,"
    assert event["source.ip"] == CLIENT
    assert event["tls.client.server_name"] == "c2.bad.example"
    assert event["tls.client.ja3"] == hashlib.md5(ja3.encode()).hexdigest()
    assert event["tls.client.ja4"].startswith("t12d020200_")
    assert event["tls.server.ja3s"] == hashlib.md5(b"771,49199,").hexdigest()
    assert event["tls.server.hash.sha1"] == hashlib.sha1(CERTIFICATE).hexdigest()
    assert event["tls.server.hash.sha256"] == hashlib.sha256(CERTIFICATE).hexdigest()
    assert event["tls.server.x509.subject.common_name"] == "c2.example"
    assert event["tls.server.x509.alternative_names"] == ["c2.example", "*.bad.example"]
    assert event["event.outcome"] == "success"


def test_a_hello_alone_and_one_over_ipv6_are_told() -> None:
    frames = packets.conversation(
        [(True, hello(b"bad.example"))], (CLIENT6, 51544), (SERVER6, 443), closed=False
    )
    (event,) = events(frames, "tls")
    assert (event["source.ip"], event["destination.ip"]) == (CLIENT6, SERVER6)
    assert "event.outcome" not in event
    # Who says hello began, whatever was not captured.
    (event,) = events(frames[3:], "conn")
    assert event["source.ip"] == CLIENT6


def test_what_a_proxy_tunnels_is_looked_into() -> None:
    connect = b"CONNECT c2.bad.example:443 HTTP/1.1\r\nHost: c2.bad.example:443\r\n\r\n"
    said = [(True, connect), (False, b"HTTP/1.1 200 OK\r\n\r\n"), (True, hello(b"c2.bad.example"))]
    frames = packets.conversation(said, server=(SERVER, 3128))
    (event,) = events(frames, "http")
    assert (event["url.full"], event["url.domain"]) == ("c2.bad.example:443", "c2.bad.example")
    (event,) = events(frames, "tls")
    assert event["tls.client.server_name"] == "c2.bad.example"


def test_cut_packets_count_whole_and_are_told() -> None:
    frames = packets.conversation([(True, b"\0" * 900), (False, b"\1" * 1400)])
    short = [Frame(one.content[:64], one.us, len(one.content)) for one in frames]
    (event,) = events(short, "conn", {UnreadReason.SHORT_PACKET: 2})
    assert (event["source.bytes"], event["destination.bytes"]) == (900, 1400)
    options = bytes.fromhex("020405b40402080a0000000000000000010303 07".replace(" ", ""))
    packet = packets.ip(CLIENT, SERVER, 6, packets.tcp(5000, 443, 1, SYN, b"", options))
    cut = Frame(packets.ethernet(packet)[:50], START_US, 14 + len(packet))
    (event,) = events([cut], "conn", {UnreadReason.SHORT_PACKET: 1})
    assert (event["source.ip"], event["event.action"]) == (CLIENT, "S0")


def test_a_hardware_address_is_told_where_a_neighbour_confirms_it() -> None:
    packet = bytes.fromhex("0001080006040001" + CLIENT_MAC + "0a140329" + "00" * 6 + "0a140001")
    seen = Frame(packets.ethernet(packet, 0x0806, target="ffffffffffff"))
    frames = packets.conversation([(True, b"x")])
    (event,) = events(frames, "conn")
    assert "source.mac" not in event
    (event,) = events([seen, *frames], "conn")
    assert event["source.mac"] == "00-17-A4-B2-C3-D4"
    routed = [Frame(packets.ethernet(one.content[14:], source="02004e000009")) for one in frames]
    (event,) = events([seen, *routed], "conn")
    assert "source.mac" not in event
