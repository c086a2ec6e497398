"""DNS, leases and neighbours in captures."""

import struct
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any

import pytest

from quetsach.captures.contract import UnreadReason
from quetsach.captures.pcap import Pcap
from tests.captures import packets
from tests.captures.files import events_of
from tests.captures.packets import CLIENT, CLIENT6, CLIENT_MAC, RESOLVER, START_US, Frame

pytestmark = packets.needs_kernel

ADDRESS = (1, bytes([203, 0, 113, 77]))
NOWHERE = "0.0.0.0"


def events(
    frames: Iterable[Frame], dataset: str, unread: dict[UnreadReason, int] | None = None
) -> list[dict[str, Any]]:
    found, missed = events_of(Pcap(), packets.pcap(frames))
    assert missed == (unread or {})
    return [event for event in found if event["event.dataset"] == f"pcap.{dataset}"]


def asked(event: dict[str, Any]) -> tuple[Any, ...]:
    keys = ("source.ip", "dns.question.name", "dns.response_code", "dns.answers")
    return tuple(event.get(key) for key in keys)


def test_an_answer_alone_has_its_receiver_as_the_client() -> None:
    frames = packets.datagrams([(False, packets.answer("bad.example", [ADDRESS]))])
    (event,) = events(frames, "dns")
    assert asked(event) == (CLIENT, "bad.example", "NOERROR", ["203.0.113.77"])
    assert (event["destination.ip"], event["destination.port"]) == (RESOLVER, 53)
    (event,) = events(frames, "conn")
    assert (event["source.ip"], event["destination.ip"]) == (CLIENT, RESOLVER)


def test_a_name_that_is_not_there_is_no_answer() -> None:
    pair = [
        (True, packets.question("bad.example")),
        (False, packets.answer("BAD.example", [], code=3)),
    ]
    (event,) = events(packets.datagrams(pair), "dns")
    assert asked(event) == (CLIENT, "bad.example", "NXDOMAIN", None)
    assert event["event.outcome"] == "failure"


def test_questions_with_one_number_find_their_own_answers() -> None:
    pair = [
        (True, packets.question("a.example")),
        (True, packets.question("b.example")),
        (True, packets.question("a.example", 28)),
        (False, packets.answer("b.example", [(1, bytes([192, 0, 2, 2]))])),
        (False, packets.answer("a.example", [(1, bytes([192, 0, 2, 1]))])),
        (False, packets.answer("c.example", [ADDRESS])),
    ]
    found = [asked(event)[1:] for event in events(packets.datagrams(pair), "dns")]
    assert sorted(found, key=str) == [
        ("a.example", "NOERROR", ["192.0.2.1"]),
        ("a.example", None, None),
        ("b.example", "NOERROR", ["192.0.2.2"]),
        ("c.example", "NOERROR", ["203.0.113.77"]),
    ]


def test_answers_are_the_names_and_addresses_of_their_records() -> None:
    hints = struct.pack("!H", 1) + b"\0" + struct.pack("!HH4B", 4, 4, 192, 0, 2, 9)
    records = [
        (5, packets.name("cdn.example")),
        ADDRESS,
        (28, ip_address("2001:db8::7").packed),
        (15, b"\0\x0a" + packets.name("mail.example")),
        (33, bytes(6) + packets.name("srv.example")),
        (16, b"\x03txt"),
        (65, hints),
        (2, b"\xc0\x0c"),
    ]
    (event,) = events(packets.datagrams([(False, packets.answer("bad.example", records))]), "dns")
    assert event["dns.answers"] == [
        *("cdn.example", "203.0.113.77", "2001:db8::7", "mail.example", "srv.example"),
        *("192.0.2.9", "bad.example"),
    ]


ODD_NAMES = {
    b"\x07bad.exa\x03net\0": r"bad\.exa.net",
    b"\x03a\x00b\x03net\0": r"a\000b.net",
    b"\x05\xc3\xa9ta\xb2\0": r"\195\169ta\178",
    b"\x03\xc3\xa9t\x03net\0": "ét.net",
    b'\x05a"b\\c\0': r"a\"b\\c",
    b"\0": ".",
}


@pytest.mark.parametrize(("written", "shown"), ODD_NAMES.items())
def test_no_label_passes_for_two(written: bytes, shown: str) -> None:
    message = struct.pack("!6H", 1, 256, 1, 0, 0, 0) + written + b"\0\1\0\1"
    (event,) = events(packets.datagrams([(True, message)]), "dns")
    assert event["dns.question.name"] == shown


def test_an_update_asks_for_no_name() -> None:
    message = packets.question("office.example", 6, flags=5 << 11)
    (event,) = events(packets.datagrams([(True, message)]), "dns")
    assert event["event.action"] == "UPDATE"
    assert "dns.question.name" not in event


def test_a_group_that_is_asked_is_asked_by_its_sender() -> None:
    group = ("224.0.0.252", 5355)
    (event,) = events(packets.datagrams([(True, packets.question("bad"))], server=group), "dns")
    assert (event["network.application"], event["source.ip"]) == ("llmnr", CLIENT)
    told = packets.ip(
        CLIENT, "224.0.0.251", 17, packets.udp(5353, 5353, packets.answer("x", [ADDRESS]))
    )
    assert events([Frame(packets.ethernet(told))], "dns") == []


def over_tcp(*messages: bytes) -> bytes:
    return b"".join(struct.pack("!H", len(each)) + each for each in messages)


def test_dns_over_tcp_comes_in_several_messages_and_in_parts() -> None:
    questions = over_tcp(
        packets.question("a.example", number=1), packets.question("b.example", number=2)
    )
    answers = over_tcp(
        packets.answer("b.example", [ADDRESS], number=2),
        packets.answer("a.example", [], number=1, code=3),
    )
    said = [(True, questions[:1]), (True, questions[1:40]), (True, questions[40:])]
    said += [(False, answers[:30]), (False, answers[30:])]
    found = events(packets.conversation(said, server=(RESOLVER, 53)), "dns")
    assert [asked(event) for event in found] == [
        (CLIENT, "b.example", "NOERROR", ["203.0.113.77"]),
        (CLIENT, "a.example", "NXDOMAIN", None),
    ]
    assert {event["network.transport"] for event in found} == {"tcp"}


def parts(payload: bytes, ends: tuple[str, str], size: int = 24) -> list[bytes]:
    return [
        packets.ip(
            *ends,
            17,
            payload[start : start + size],
            offset=start,
            more=start + size < len(payload),
        )
        for start in range(0, len(payload), size)
    ]


@pytest.mark.parametrize("ends", [(CLIENT, RESOLVER), (CLIENT6, "2001:db8::53")])
@pytest.mark.parametrize("order", [1, -1])
def test_parts_make_a_whole_in_any_order(ends: tuple[str, str], order: int) -> None:
    datagram = packets.udp(5000, 53, packets.question("a-rather-long-name.bad.example"))
    kind = 0x0800 if "." in ends[0] else 0x86DD
    pieces = [Frame(packets.ethernet(each, kind)) for each in parts(datagram, ends)][::order]
    (event,) = events([*pieces, pieces[0]], "dns", {UnreadReason.FRAGMENT: 1})
    assert (event["source.ip"], event["dns.question.name"]) == (
        ends[0],
        "a-rather-long-name.bad.example",
    )
    assert events(pieces[:-1], "dns", {UnreadReason.FRAGMENT: len(pieces) - 1}) == []


def test_parts_that_contradict_each_other_are_refused() -> None:
    datagram = packets.udp(5000, 53, packets.question("a-rather-long-name.bad.example"))
    pieces = parts(datagram, (CLIENT, RESOLVER))
    forged = packets.ip(CLIENT, RESOLVER, 17, b"\1" * 24, offset=24, more=True)
    frames = [Frame(packets.ethernet(each)) for each in (pieces[0], pieces[1], forged, *pieces[2:])]
    assert events(frames, "dns", {UnreadReason.FRAGMENT: 1}) == []


def test_headers_of_ipv6_are_taken_off() -> None:
    datagram = packets.udp(5000, 53, packets.question("bad.example"))
    options = bytes([60, 0, 1, 4, 0, 0, 0, 0]) + bytes([17, 0, 1, 4, 0, 0, 0, 0])
    packet = packets.ip(CLIENT6, "2001:db8::53", 17, datagram, extensions=options, first=0)
    (event,) = events([Frame(packets.ethernet(packet, 0x86DD))], "dns")
    assert event["source.ip"] == CLIENT6


def option(code: int, content: bytes) -> bytes:
    return bytes([code, len(content)]) + content


def dhcp(
    kind: int, *options: bytes, ciaddr: str = NOWHERE, yiaddr: str = NOWHERE, **fields: bytes
) -> Frame:
    from_server = kind in (2, 5, 6)
    head = bytes([2 if from_server else 1, 1, 6, 0]) + b"\x12\x34\x56\x78" + bytes(4)
    head += ip_address(ciaddr).packed + ip_address(yiaddr).packed + bytes(8)
    head += bytes.fromhex(CLIENT_MAC) + bytes(10)
    head += fields.get("sname", b"").ljust(64, b"\0") + fields.get("file", b"").ljust(128, b"\0")
    content = head + b"\x63\x82\x53\x63" + option(53, bytes([kind])) + b"".join(options) + b"\xff"
    ends = ("10.20.0.1", "255.255.255.255") if from_server else (NOWHERE, "255.255.255.255")
    ports = (67, 68) if from_server else (68, 67)
    return Frame(packets.ethernet(packets.ip(*ends, 17, packets.udp(*ports, content))))


SERVER_OPTION = option(54, bytes([10, 20, 0, 1]))
LEASE = option(51, struct.pack("!I", 86_400))
IDENTIFIER = option(61, b"\1" + bytes.fromhex(CLIENT_MAC))


def test_a_lease_has_the_name_that_its_request_told() -> None:
    frames = [
        dhcp(1, option(12, b"PC-VT-07")),
        dhcp(2, SERVER_OPTION, LEASE, yiaddr=CLIENT),
        dhcp(3, option(12, b"PC-VT-07"), IDENTIFIER, option(50, bytes([10, 20, 3, 41]))),
        dhcp(5, SERVER_OPTION, LEASE, yiaddr=CLIENT),
    ]
    assert events(frames, "dhcp") == [
        {
            "@timestamp": START_US,
            "event.dataset": "pcap.dhcp",
            "event.type": "info",
            "event.action": "ACK",
            "host.ip": CLIENT,
            "host.mac": "00-17-A4-B2-C3-D4",
            "host.name": "PC-VT-07",
            "quetsach.lease.act": "given",
            "quetsach.lease.seconds": 86_400,
            "quetsach.lease.client_id": "01" + CLIENT_MAC,
            "quetsach.lease.server": "10.20.0.1",
            "quetsach.packet": 4,
        }
    ]


ACTS = {
    "released": dhcp(7, SERVER_OPTION, ciaddr=CLIENT),
    "declined": dhcp(4, SERVER_OPTION, option(50, bytes([10, 20, 3, 41]))),
    # It asked for settings alone, and had its address already.
    "seen": dhcp(5, SERVER_OPTION, ciaddr=CLIENT),
    # The options go on in the fields for names.
    "given": dhcp(
        5, option(52, b"\3"), yiaddr=CLIENT, sname=LEASE + b"\xff", file=SERVER_OPTION + b"\xff"
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_became_of_an_address(act: str) -> None:
    (event,) = events([ACTS[act]], "dhcp")
    assert (event["quetsach.lease.act"], event["host.ip"]) == (act, CLIENT)
    assert event["host.mac"] == "00-17-A4-B2-C3-D4"
    assert event["quetsach.lease.server"] == "10.20.0.1"
    assert event.get("quetsach.lease.seconds") == (86_400 if act == "given" else None)


def test_offers_and_refusals_give_nothing() -> None:
    frames = [dhcp(2, SERVER_OPTION, LEASE, yiaddr=CLIENT), dhcp(6, SERVER_OPTION)]
    assert events(frames, "dhcp") == []


def option6(code: int, content: bytes) -> bytes:
    return struct.pack("!HH", code, len(content)) + content


def dhcp6(kind: int, *options: bytes, relayed: bool = False) -> Frame:
    content = bytes([kind]) + b"\0\0\7" + b"".join(options)
    if relayed:
        content = bytes([13, 0]) + bytes(32) + option6(9, content)
    ends = ("fe80::1", CLIENT6) if kind == 7 else (CLIENT6, "ff02::1:2")
    ports = (547, 546) if kind == 7 else (546, 547)
    packet = packets.ip(*ends, 17, packets.udp(*ports, content))
    return Frame(packets.ethernet(packet, 0x86DD))


DUID = bytes.fromhex("00010001" + "2a2a2a2a" + CLIENT_MAC)
HELD = option6(5, ip_address(CLIENT6).packed + struct.pack("!II", 3600, 7200))
ASSOCIATION = option6(3, bytes(12) + HELD)
FULL_NAME = option6(39, b"\0" + packets.name("PC-VT-07.office.example"))


@pytest.mark.parametrize("relayed", [False, True])
def test_a_lease_of_ipv6(relayed: bool) -> None:
    request = dhcp6(3, option6(1, DUID), FULL_NAME, ASSOCIATION)
    reply = dhcp6(7, option6(1, DUID), option6(2, b"server"), ASSOCIATION, relayed=relayed)
    (event,) = events([request, reply], "dhcp")
    assert event["host.ip"] == CLIENT6
    assert event["host.name"] == "PC-VT-07.office.example"
    assert event["host.mac"] == "00-17-A4-B2-C3-D4"
    assert event["quetsach.lease.client_id"] == DUID.hex()
    assert (event["quetsach.lease.act"], event["quetsach.lease.seconds"]) == ("given", 7200)


def test_the_answer_to_a_release_gives_nothing_back() -> None:
    release = dhcp6(8, option6(1, DUID), ASSOCIATION)
    (event,) = events([release, dhcp6(7, option6(1, DUID), ASSOCIATION)], "dhcp")
    assert event["quetsach.lease.act"] == "released"


def arp(operation: int, mac: str, address: str) -> Frame:
    begin = bytes.fromhex(mac) + ip_address(address).packed
    packet = struct.pack("!HHBBH", 1, 0x0800, 6, 4, operation) + begin + bytes(6) + bytes(4)
    return Frame(packets.ethernet(packet + bytes(18), 0x0806))


def test_neighbours_are_told_once_and_again_when_they_change() -> None:
    frames = [
        arp(1, CLIENT_MAC, CLIENT),
        arp(2, CLIENT_MAC, CLIENT),
        arp(2, "02004e000009", CLIENT),
        arp(1, CLIENT_MAC, NOWHERE),
        arp(1, "ffffffffffff", "10.20.3.9"),
    ]
    found = events(frames, "arp")
    assert [(event["host.ip"], event["host.mac"]) for event in found] == [
        (CLIENT, "00-17-A4-B2-C3-D4"),
        (CLIENT, "02-00-4E-00-00-09"),
    ]
    assert {event["quetsach.lease.act"] for event in found} == {"seen"}
    later = Frame(frames[0].content, START_US + 3_600_000_000)
    assert len(events([frames[0], later], "arp")) == 2


def test_neighbours_of_ipv6() -> None:
    link = bytes([2, 1]) + bytes.fromhex(CLIENT_MAC)
    told = struct.pack("!BBHI", 136, 0, 0, 0) + ip_address(CLIENT6).packed + link
    wants = struct.pack("!BBHI", 135, 0, 0, 0) + bytes(16) + bytes([1]) + link[1:]
    for message, source in ((told, "fe80::9"), (wants, CLIENT6)):
        packet = packets.ip(source, "ff02::1", 58, message)
        (event,) = events([Frame(packets.ethernet(packet, 0x86DD))], "nd")
        assert (event["host.ip"], event["host.mac"]) == (CLIENT6, "00-17-A4-B2-C3-D4")
