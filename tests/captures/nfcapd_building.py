"""Files of nfcapd, built by hand in both layouts."""

import struct
from collections.abc import Sequence
from ipaddress import ip_address

WHEN_MS = 1_788_225_322_123


def addresses(first: str, second: str) -> bytes:
    """Return two addresses in the order of the machine."""
    ends = [ip_address(first), ip_address(second)]
    if ends[0].version == 4:
        return struct.pack("<2I", *(int(each) for each in ends))
    parts = [half for each in ends for half in (int(each) >> 64, int(each) & (1 << 64) - 1)]
    return struct.pack("<4Q", *parts)


def old_map(number: int, *extensions: int) -> bytes:
    """Return a map of extensions; 0 ends it."""
    body = struct.pack(f"<HH{len(extensions) + 1}H", number, 0, *extensions, 0)
    return struct.pack("<HH", 2, 4 + len(body)) + body


def old_record(
    ends: tuple[str, str],
    ports: tuple[int, int],
    *,
    kind: int = 10,
    number: int = 1,
    flags: int = 0x1B,
    forwarding: int = 0,
    size: int = 517,
    late_ms: int = 0,
    more: bytes = b"",
) -> bytes:
    """Return a record of layout 1."""
    raw = addresses(*ends)
    first, rest = divmod(WHEN_MS + late_ms, 1000)
    marks = 6 | (len(raw) == 32)
    body = (
        struct.pack("<HH", marks, number) if kind == 10 else struct.pack("<BBH", marks, 0, number)
    )
    body += struct.pack("<HHII", rest, rest, first, first + 8)
    body += struct.pack("<BBBBHH", forwarding, flags, 6, 0, *ports)
    if kind == 10:
        body += struct.pack("<HH", 1, 0)
    body += raw + struct.pack("<QQ", 5, size) + more
    return struct.pack("<HH", kind, 4 + len(body)) + body


def first_record(
    ends: tuple[str, str], ports: tuple[int, int], *, marks: int = 0, size: int = 517
) -> bytes:
    """Return a record of nfdump 1.5; of `marks`, 2 and 4 make the counters long."""
    raw = addresses(*ends)
    first, rest = divmod(WHEN_MS, 1000)
    counters = struct.pack("<Q" if marks & 2 else "<I", 5)
    counters += struct.pack("<Q" if marks & 4 else "<I", size)
    body = struct.pack("<HHHII", 0, rest, rest, first, first + 8)
    body += struct.pack("<BBBBHHHHHH", 0, 0x1B, 6, 0, 7, 8, *ports, 65001, 65002) + raw + counters
    return struct.pack("<IH", marks | (len(raw) == 32), 6 + len(body)) + body


def element(kind: int, body: bytes) -> bytes:
    """Return an element of a record of layout 2."""
    return struct.pack("<HH", kind, 4 + len(body)) + body


def generic(
    ports: tuple[int, int], *, flags: int = 0x1B, size: int = 517, late_ms: int = 0
) -> bytes:
    """Return the element that each record of layout 2 has."""
    times = (WHEN_MS + late_ms, WHEN_MS + 8_000, WHEN_MS + 9_000)
    return element(1, struct.pack("<QQQQQHHBBBB", *times, 5, size, *ports, 6, flags, 0, 0))


def record(*elements: bytes) -> bytes:
    """Return a record of layout 2."""
    body = struct.pack("<HBBHBB", len(elements), 0, 0, 1, 0, 9) + b"".join(elements)
    return struct.pack("<HH", 11, 4 + len(body)) + body


def block(content: bytes, *, kind: int = 2, flags: int = 0, records: int = 1) -> bytes:
    """Return a block of data."""
    return struct.pack("<IIHH", records, len(content), kind, flags) + content


def old_file(blocks: Sequence[bytes], *, flags: int = 0) -> bytes:
    """Return a file of layout 1."""
    head = struct.pack("<HHII", 0xA50C, 1, flags, len(blocks)) + b"none".ljust(128, b"\x00")
    return head + bytes(136) + b"".join(blocks)


def new_file(
    blocks: Sequence[bytes], *, packing: int = 0, encrypted: int = 0, version: int = 2
) -> bytes:
    """Return a file of layout 2."""
    head = struct.pack(
        "<HHIQBBHIQII", 0xA50C, version, 0, 0, packing, encrypted, 0, 0, 0, 0, len(blocks)
    )
    return head + b"".join(blocks)
