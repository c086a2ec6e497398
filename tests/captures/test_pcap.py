"""Captures: every container and link gives the same events, damaged ones never raise."""

import struct
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quetsach.captures import pcap
from quetsach.captures.contract import UnreadReason
from quetsach.captures.pcap import Pcap
from tests.captures import packets
from tests.captures.files import events_of
from tests.captures.packets import CLIENT, RESOLVER, SERVER, START_US, Frame

DECODER = Pcap()
ASKED = [
    (True, packets.question("c2.bad.example")),
    (False, packets.answer("c2.bad.example", [(1, bytes([203, 0, 113, 77]))])),
]
QUESTION = packets.datagrams(ASKED)
PACKET = packets.ip(CLIENT, RESOLVER, 17, packets.udp(53124, 53, ASKED[0][1]))

pytestmark = packets.needs_kernel


def read(content: bytes) -> list[dict[str, Any]]:
    """Return the events of a capture of which everything is read."""
    events, unread = events_of(DECODER, content)
    assert unread == {}
    return events


def of(events: list[dict[str, Any]], dataset: str) -> list[dict[str, Any]]:
    return [event for event in events if event["event.dataset"] == f"pcap.{dataset}"]


CONTAINERS = {
    "pcap": packets.pcap(QUESTION),
    "big-endian": packets.pcap(QUESTION, big=True),
    "nanoseconds": packets.pcap(QUESTION, nanoseconds=True),
    "big-endian, nanoseconds": packets.pcap(QUESTION, big=True, nanoseconds=True),
    "lengths the other way round": packets.pcap(QUESTION, version=(2, 1)),
    "pcapng": packets.pcapng(QUESTION),
    "pcapng, big-endian": packets.pcapng(QUESTION, big=True),
    "pcapng, nanoseconds": packets.pcapng(QUESTION, resolution=9),
    "pcapng, in 2^-30 s": packets.pcapng(QUESTION, resolution=0x80 | 30),
    "pcapng, with an offset": packets.pcapng(QUESTION, offset_s=1_700_000_000),
    "pcapng, old blocks": packets.pcapng(QUESTION, form="old"),
    "two sections": packets.pcapng(QUESTION[:1]) + packets.pcapng(QUESTION[1:], big=True),
    "two interfaces": packets.pcapng(
        [QUESTION[0], Frame(QUESTION[1].content[14:], QUESTION[1].us, None, 1)],
        (packets.ETHERNET, packets.RAW),
    ),
}


@pytest.mark.parametrize("content", CONTAINERS.values(), ids=CONTAINERS.keys())
def test_each_container_gives_the_same_event(content: bytes) -> None:
    assert DECODER.recognise(content[:4096], "capture")
    events = read(content)
    (question,) = of(events, "dns")
    # In parts of 2^-30 s a microsecond is not whole.
    assert abs(question.pop("@timestamp") - START_US) <= 1
    assert question == {
        "event.dataset": "pcap.dns",
        "event.type": "protocol",
        "event.outcome": "success",
        "network.transport": "udp",
        "network.application": "dns",
        "source.ip": CLIENT,
        "source.port": 53124,
        "destination.ip": RESOLVER,
        "destination.port": 53,
        "dns.question.name": "c2.bad.example",
        "dns.question.type": "A",
        "dns.answers": ["203.0.113.77"],
        "dns.response_code": "NOERROR",
        "quetsach.packet": 1,
    }
    assert len(of(events, "conn")) == 1


def test_a_packet_without_a_time_has_none_and_is_told() -> None:
    events, unread = events_of(DECODER, packets.pcapng(QUESTION, form="simple"))
    assert unread == {UnreadReason.NO_TIME: 2}
    assert all("@timestamp" not in event for event in events)
    assert of(events, "dns")[0]["dns.answers"] == ["203.0.113.77"]
    _, unread = events_of(DECODER, packets.pcap([Frame(QUESTION[0].content, 12_000_000)]))
    assert unread == {UnreadReason.NO_TIME: 1}


PPPOE = bytes.fromhex("11000001") + struct.pack("!HH", len(PACKET) + 2, 0x0021)
LABELS = bytes.fromhex("0001003f00020140")
COOKED = bytes.fromhex("000000010006") + bytes.fromhex(packets.CLIENT_MAC) + bytes(2)
COOKED_2 = struct.pack("!HHIHBB", 0x0800, 0, 2, 1, 0, 6) + bytes.fromhex("0017a4b2c3d40000")
SNAP = bytes.fromhex("aaaa030000000800")
LINKS = {
    "Ethernet": (1, packets.ethernet(PACKET)),
    "VLAN": (1, packets.ethernet(PACKET, tags=[(0x8100, 12)])),
    "QinQ": (1, packets.ethernet(PACKET, tags=[(0x88A8, 100), (0x8100, 12)])),
    "older QinQ": (1, packets.ethernet(PACKET, tags=[(0x9100, 100), (0x8100, 12)])),
    "PPPoE": (1, packets.ethernet(PPPOE + PACKET, 0x8864)),
    "PPPoE in a VLAN": (1, packets.ethernet(PPPOE + PACKET, 0x8864, tags=[(0x8100, 35)])),
    "MPLS": (1, packets.ethernet(LABELS + PACKET, 0x8847)),
    "Ethernet over MPLS": (
        1,
        packets.ethernet(LABELS + bytes(4) + packets.ethernet(PACKET), 0x8847),
    ),
    "802.2": (1, packets.ethernet(SNAP + PACKET, len(SNAP + PACKET))),
    "raw": (101, PACKET),
    "raw of OpenBSD": (14, PACKET),
    "IPv4": (228, PACKET),
    "null": (0, struct.pack("<I", 2) + PACKET),
    "null, big-endian": (0, struct.pack(">I", 2) + PACKET),
    "loop": (108, struct.pack(">I", 2) + PACKET),
    "cooked": (113, COOKED + struct.pack("!H", 0x0800) + PACKET),
    "cooked, VLAN": (113, COOKED + struct.pack("!HHH", 0x8100, 12, 0x0800) + PACKET),
    "cooked 2": (276, COOKED_2 + PACKET),
    "PPP": (9, bytes.fromhex("ff030021") + PACKET),
    "PPP, short": (9, b"\x21" + PACKET),
    "HDLC of Cisco": (104, bytes.fromhex("0f000800") + PACKET),
    "frame relay": (107, bytes.fromhex("184103cc") + PACKET),
    "OpenBSD's firewall": (117, bytes([61]) + bytes(63) + PACKET),
    "netfilter": (
        239,
        b"\x02\x00\x00\x00" + struct.pack("<HH", 4 + len(PACKET), 9) + PACKET,
    ),
    "Wi-Fi": (105, bytes.fromhex("08010000") + bytes(20) + SNAP + PACKET),
    "Wi-Fi, QoS": (105, bytes.fromhex("88020000") + bytes(22) + SNAP + PACKET),
    "radiotap": (127, b"\0\0\x0a\0" + bytes(6) + b"\x08\x01" + bytes(22) + SNAP + PACKET),
    "GRE": (101, packets.ip("192.0.2.1", "192.0.2.2", 47, b"\0\0\x08\0" + PACKET)),
    "GRE with key": (101, packets.ip("192.0.2.1", "192.0.2.2", 47, b"\x20\0\x08\0key!" + PACKET)),
    "IP in IP": (101, packets.ip("192.0.2.1", "192.0.2.2", 4, PACKET)),
    "IPv4 in IPv6": (101, packets.ip("2001:db8::1", "2001:db8::2", 4, PACKET)),
    "VXLAN": (
        101,
        packets.ip(
            "192.0.2.1",
            "192.0.2.2",
            17,
            packets.udp(50000, 4789, b"\x08" + bytes(7) + packets.ethernet(PACKET)),
        ),
    ),
}


@pytest.mark.parametrize(("link", "content"), LINKS.values(), ids=LINKS.keys())
def test_each_link_carries_the_same_packet(link: int, content: bytes) -> None:
    events = read(packets.pcap([Frame(content)], link))
    (question,) = of(events, "dns")
    assert (question["source.ip"], question["destination.ip"]) == (CLIENT, RESOLVER)
    assert question["dns.question.name"] == "c2.bad.example"
    assert "event.outcome" not in question
    assert question["@timestamp"] == START_US


UNREAD = {
    "unknown link": (147, PACKET, UnreadReason.UNKNOWN_LINK),
    "encrypted Wi-Fi": (105, bytes.fromhex("08410000") + bytes(80), UnreadReason.ENCRYPTED),
    "short header": (101, PACKET[:16], UnreadReason.BAD_HEADER),
    "no IP": (101, bytes(40), UnreadReason.BAD_HEADER),
    "short ports": (101, packets.ip(CLIENT, SERVER, 6, b"\0\1"), UnreadReason.BAD_HEADER),
    "unknown tunnel": (
        101,
        packets.ip("192.0.2.1", "192.0.2.2", 47, b"\0\0\x12\x34" + PACKET),
        UnreadReason.TUNNEL,
    ),
    "damaged DNS": (
        101,
        packets.ip(CLIENT, RESOLVER, 17, packets.udp(5000, 53, b"\0" * 12 + b"\xc0")),
        None,
    ),
    "DNS that points to itself": (
        101,
        packets.ip(
            CLIENT,
            RESOLVER,
            17,
            packets.udp(5000, 53, struct.pack("!6H", 1, 256, 1, 0, 0, 0) + b"\xc0\x0c\0\1\0\1"),
        ),
        UnreadReason.BAD_MESSAGE,
    ),
}


@pytest.mark.parametrize(("link", "content", "reason"), UNREAD.values(), ids=UNREAD.keys())
def test_what_is_not_read_is_counted(
    link: int, content: bytes, reason: UnreadReason | None
) -> None:
    _, unread = events_of(DECODER, packets.pcap([Frame(content)], link))
    assert unread == ({} if reason is None else {reason: 1})


def test_spanning_tree_is_no_contact_and_no_problem() -> None:
    bridge = packets.ethernet(bytes.fromhex("424203") + bytes(35), 38, target="0180c2000000")
    (event,) = read(packets.pcap([Frame(bridge)]))
    assert event["event.dataset"] == "pcap.capture"


def test_a_file_that_breaks_off_keeps_what_precedes() -> None:
    content = packets.pcap(QUESTION)
    events, unread = events_of(DECODER, content[:-3])
    assert unread == {UnreadReason.CUT: 1}
    assert "dns.answers" not in of(events, "dns")[0]
    events, unread = events_of(DECODER, content + b"\xff" * 16 + content[24:])
    assert unread == {UnreadReason.DAMAGED: 1}
    assert of(events, "dns")[0]["dns.answers"] == ["203.0.113.77"]


def test_a_damaged_block_of_pcapng_costs_itself_alone() -> None:
    content = packets.pcapng(QUESTION)
    # The captured length of the first packet, which is more than its block holds.
    place = content.index(QUESTION[0].content) - 8
    damaged = content[:place] + b"\xff\xff\0\0" + content[place + 4 :]
    events, unread = events_of(DECODER, damaged)
    assert unread == {UnreadReason.DAMAGED: 1}
    assert of(events, "dns")[0]["dns.answers"] == ["203.0.113.77"]


def test_a_capture_is_told_where_no_kernel_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pcap, "kernel_module", lambda: None)
    assert events_of(DECODER, packets.pcap(QUESTION)) == ([], {UnreadReason.NO_KERNEL: 1})


def test_other_files_are_no_captures() -> None:
    for head in (
        b"",
        b"\xd4\xc3\xb2\xa1",
        b"\x0a\x0d\x0d\x0a",
        b"\xa1\xb2\xc3\xd4\x02\x00\x04\x00",
    ):
        assert not DECODER.recognise(head, "a.pcap")


EVERYTHING = packets.pcap(
    QUESTION
    + packets.conversation([(True, b"GET / HTTP/1.1\r\nHost: bad.example\r\n\r\n")])
    + [Frame(content) for link, content in LINKS.values() if link == packets.ETHERNET]
)
EVERYTHING_NEXT = packets.pcapng(QUESTION + packets.conversation([(False, b"\x16\x03\x01" * 9)]))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([EVERYTHING, EVERYTHING_NEXT]),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=8),
    st.integers(0, 4000),
)
@example(EVERYTHING, [], 24)
def test_damage_never_raises_and_each_line_is_whole(
    content: bytes, changes: list[tuple[int, int]], cut: int
) -> None:
    damaged = bytearray(content)
    for place, byte in changes:
        damaged[place % len(damaged)] = byte
    events_of(DECODER, bytes(damaged))
    events_of(DECODER, bytes(damaged[:cut]))


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 200))
def test_the_size_of_chunks_changes_nothing(size: int) -> None:
    from quetsach_kernel import Capture

    for content in (EVERYTHING, EVERYTHING_NEXT):
        whole, parts = Capture(), Capture()
        expected = whole.feed(content) + whole.finish()
        pieces = [content[start : start + size] for start in range(0, len(content), size)]
        assert b"".join(map(parts.feed, pieces)) + parts.finish() == expected
        assert parts.counts() == whole.counts()


def test_flows_that_a_router_sends_are_read_by_whom_they_tell_of() -> None:
    when = START_US // 1_000_000
    head = struct.pack("!HHIIIIBBH", 5, 1, 60_000, when, 0, 1, 0, 0, 0)
    ends = b"".join(ip_address(each).packed for each in (CLIENT, SERVER, "0.0.0.0"))
    counts = struct.pack("!HHIIII", 1, 2, 3, 180, 1_000, 2_000)
    record = ends + counts + struct.pack("!HHBBBBHHBBH", 51544, 443, 0, 2, 6, 0, 0, 0, 24, 24, 0)
    datagram = packets.udp(50000, 2055, head + record)
    packet = packets.ip("10.20.0.1", "10.20.0.9", 17, datagram)
    events = read(packets.pcap([Frame(packet)], packets.RAW))
    (flow,) = [event for event in events if not event["event.dataset"].startswith("pcap.")]
    assert (flow["source.ip"], flow["destination.ip"]) == (CLIENT, SERVER)
    assert flow["destination.port"] == 443
    assert len(of(events, "conn")) == 1


def test_a_capture_without_any_contact_was_looked_at() -> None:
    refused = packets.ip(SERVER, CLIENT, 1, b"\x03\x01" + bytes(26))
    (event,) = read(packets.pcap([Frame(packets.ethernet(refused))] * 3))
    assert event == {
        "event.dataset": "pcap.capture",
        "event.type": "info",
        "event.action": "3 packets without a contact",
    }
    assert read(packets.pcap([])) == []
