"""Frames, packets and capture files, made byte by byte for tests; none was on a wire."""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from ipaddress import ip_address

import pytest

needs_kernel = pytest.mark.skipif(
    find_spec("quetsach_kernel") is None
    or not hasattr(import_module("quetsach_kernel"), "Capture"),
    reason="the kernel is NOT installed: captures are not read",
)
"""Marks tests that read captures."""

CLIENT, SERVER, RESOLVER = "10.20.3.41", "203.0.113.77", "10.20.0.53"
CLIENT6, SERVER6 = "2001:db8:20::41", "2001:db8:99::77"
CLIENT_MAC, ROUTER_MAC = "0017a4b2c3d4", "02004e000001"
START_US = 1_788_225_322_000_000
"""2026-09-01 01:15:22 UTC."""

ETHERNET, RAW, LINUX_COOKED, LINUX_COOKED_2 = 1, 101, 113, 276
SYN, ACK, FIN, RST, PUSH = 2, 16, 1, 4, 8


@dataclass(frozen=True)
class Frame:
    """One captured frame: its bytes, its time and how long it was on the wire."""

    content: bytes
    us: int = START_US
    wire: int | None = None
    interface: int = 0


def ethernet(
    payload: bytes,
    kind: int = 0x0800,
    source: str = CLIENT_MAC,
    target: str = ROUTER_MAC,
    tags: Sequence[tuple[int, int]] = (),
) -> bytes:
    """Return an Ethernet frame; `tags` are pairs of EtherType and VLAN."""
    inside = b"".join(struct.pack("!HH", tag, vlan) for tag, vlan in tags)
    return (
        bytes.fromhex(target) + bytes.fromhex(source) + inside + struct.pack("!H", kind) + payload
    )


def ip(
    source: str,
    target: str,
    protocol: int,
    payload: bytes,
    *,
    offset: int = 0,
    more: bool = False,
    number: int = 7,
    extensions: bytes = b"",
    first: int | None = None,
) -> bytes:
    """Return a packet of IPv4 or IPv6, as the addresses are.

    Shapes: of IPv6 `extensions` stand before the payload, and `first` is the number of the first.
    Units: `offset` in bytes.
    """
    begin, end = ip_address(source).packed, ip_address(target).packed
    if len(begin) == 4:
        flags = offset // 8 | (0x2000 if more else 0)
        size = 20 + len(payload)
        return struct.pack("!BBHHHBBH", 0x45, 0, size, number, flags, 64, protocol, 0) + (
            begin + end + payload
        )
    if more or offset:
        extensions += struct.pack("!BBHI", protocol, 0, offset | int(more), number)
        first = 44 if first is None else first
    size = len(extensions) + len(payload)
    next_header = protocol if first is None else first
    return struct.pack("!IHBB", 6 << 28, size, next_header, 64) + begin + end + extensions + payload


def udp(source: int, target: int, payload: bytes) -> bytes:
    """Return a datagram, without check sum."""
    return struct.pack("!HHHH", source, target, 8 + len(payload), 0) + payload


def tcp(
    source: int, target: int, sequence: int, flags: int, payload: bytes = b"", options: bytes = b""
) -> bytes:
    """Return a segment, without check sum."""
    size = (20 + len(options)) // 4 << 4
    head = struct.pack("!HHIIBBHHH", source, target, sequence, 1, size, flags, 1024, 0, 0)
    return head + options + payload


def name(text: str) -> bytes:
    """Return a name as DNS writes it."""
    labels = [label.encode() for label in text.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\x00"


def question(text: str, kind: int = 1, number: int = 99, flags: int = 0x0100) -> bytes:
    """Return a DNS question."""
    return struct.pack("!6H", number, flags, 1, 0, 0, 0) + name(text) + struct.pack("!HH", kind, 1)


def answer(
    text: str, records: Iterable[tuple[int, bytes]], number: int = 99, code: int = 0, kind: int = 1
) -> bytes:
    """Return the DNS answer to a question; `records` are pairs of type and content."""
    written = [
        struct.pack("!HHHIH", 0xC00C, each, 1, 60, len(content)) + content
        for each, content in records
    ]
    head = struct.pack("!6H", number, 0x8180 | code, 1, len(written), 0, 0)
    return head + name(text) + struct.pack("!HH", kind, 1) + b"".join(written)


def conversation(
    said: Iterable[tuple[bool, bytes]],
    client: tuple[str, int] = (CLIENT, 51544),
    server: tuple[str, int] = (SERVER, 443),
    *,
    closed: bool = True,
    us: int = START_US,
) -> list[Frame]:
    """Return the frames of a TCP connection; `said` are pairs of "by the client" and bytes."""
    turns = {True: (client, server), False: (server, client)}
    places = {True: 1000, False: 0xFFFF_FFF0}
    frames: list[Frame] = []

    def send(by_client: bool, flags: int, payload: bytes = b"") -> None:
        (begin, port), (end, other) = turns[by_client]
        segment = tcp(port, other, places[by_client], flags, payload)
        kind = 0x86DD if ":" in begin else 0x0800
        frame = ethernet(ip(begin, end, 6, segment), kind)
        frames.append(Frame(frame, us + 1000 * len(frames)))
        moved = len(payload) + bool(flags & (SYN | FIN))
        places[by_client] = (places[by_client] + moved) % 2**32

    send(True, SYN)
    send(False, SYN | ACK)
    send(True, ACK)
    for by_client, payload in said:
        for start in range(0, len(payload), 1400):
            send(by_client, ACK | PUSH, payload[start : start + 1400])
    if closed:
        send(True, FIN | ACK)
        send(False, FIN | ACK)
        send(True, ACK)
    return frames


def datagrams(
    pairs: Iterable[tuple[bool, bytes]],
    client: tuple[str, int] = (CLIENT, 53124),
    server: tuple[str, int] = (RESOLVER, 53),
) -> list[Frame]:
    """Return frames of UDP; `pairs` are "by the client" and bytes."""
    frames = []
    for place, (by_client, payload) in enumerate(pairs):
        (begin, port), (end, other) = (client, server) if by_client else (server, client)
        packet = ip(begin, end, 17, udp(port, other, payload))
        kind = 0x86DD if ":" in begin else 0x0800
        frames.append(Frame(ethernet(packet, kind), START_US + 1000 * place))
    return frames


def pcap(
    frames: Iterable[Frame],
    link: int = ETHERNET,
    *,
    big: bool = False,
    nanoseconds: bool = False,
    version: tuple[int, int] = (2, 4),
) -> bytes:
    """Return a capture in the older form."""
    order = ">" if big else "<"
    magic = 0xA1B23C4D if nanoseconds else 0xA1B2C3D4
    parts = [struct.pack(order + "IHHiIII", magic, *version, 0, 0, 262_144, link)]
    for frame in frames:
        seconds, fraction = divmod(frame.us, 1_000_000)
        sizes = [len(frame.content), frame.wire or len(frame.content)]
        if version < (2, 3):
            sizes.reverse()
        fraction *= 1000 if nanoseconds else 1
        parts += [struct.pack(order + "IIII", seconds, fraction, *sizes), frame.content]
    return b"".join(parts)


def _block(order: str, kind: int, content: bytes) -> bytes:
    content += bytes(-len(content) % 4)
    size = 12 + len(content)
    return struct.pack(order + "II", kind, size) + content + struct.pack(order + "I", size)


def _option(order: str, code: int, content: bytes) -> bytes:
    return struct.pack(order + "HH", code, len(content)) + content + bytes(-len(content) % 4)


def pcapng(
    frames: Iterable[Frame],
    links: Sequence[int] = (ETHERNET,),
    *,
    big: bool = False,
    resolution: int = 6,
    offset_s: int = 0,
    form: str = "enhanced",
) -> bytes:
    """Return a capture in the newer form.

    Shapes: `resolution` as if_tsresol; `form` is enhanced, simple or old.
    """
    order = ">" if big else "<"
    parts = [_block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))]
    for link in links:
        options = _option(order, 9, bytes([resolution]))
        options += _option(order, 14, struct.pack(order + "q", offset_s)) + bytes(4)
        parts.append(_block(order, 1, struct.pack(order + "HHI", link, 0, 0) + options))
    per_second = 2 ** (resolution & 127) if resolution & 128 else 10**resolution
    for frame in frames:
        units = (frame.us - offset_s * 1_000_000) * per_second // 1_000_000
        high, low = divmod(units, 2**32)
        sizes = (len(frame.content), frame.wire or len(frame.content))
        if form == "enhanced":
            head = struct.pack(order + "5I", frame.interface, high, low, *sizes)
            parts.append(_block(order, 6, head + frame.content))
        elif form == "old":
            head = struct.pack(order + "HHIIII", frame.interface, 0, high, low, *sizes)
            parts.append(_block(order, 2, head + frame.content))
        else:
            parts.append(_block(order, 3, struct.pack(order + "I", sizes[1]) + frame.content))
    return b"".join(parts)
