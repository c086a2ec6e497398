"""Packets of NetFlow and IPFIX, built by hand from their standards."""

import struct
from collections.abc import Sequence
from ipaddress import ip_address

NOON_S = 1_788_225_322
UPTIME_MS = 10_000_000
CLIENT, SERVER, PUBLIC = "10.20.3.41", "203.0.113.77", "198.51.100.5"
FIELDS = ((8, 4), (12, 4), (7, 2), (11, 2), (4, 1), (6, 1), (1, 4), (22, 4), (21, 4))
"""The fields of most templates here: ends, ports, protocol, flags, bytes, first and last."""


def packed(value: int | str | bytes, length: int) -> bytes:
    """Return a value of a field in `length` bytes."""
    if isinstance(value, bytes):
        return value
    return ip_address(value).packed if isinstance(value, str) else value.to_bytes(length)


def flow(
    source: str = CLIENT,
    destination: str = SERVER,
    *,
    ports: tuple[int, int] = (51_544, 443),
    protocol: int = 6,
    flags: int = 0x1B,
    size: int = 517,
    times: tuple[int, int] = (UPTIME_MS - 9_000, UPTIME_MS - 1_000),
) -> tuple[int | str, ...]:
    """Return a record laid out as FIELDS."""
    return (source, destination, *ports, protocol, flags, size, *times)


def answer(**more: int) -> tuple[int | str, ...]:
    """Return the other half of `flow`, which began a little later."""
    later = more.pop("later", 40)
    times = (UPTIME_MS - 9_000 + later, UPTIME_MS - 900)
    return flow(SERVER, CLIENT, ports=(443, 51_544), size=4_096, times=times, **more)


def record(fields: Sequence[tuple[int, int]], values: Sequence[int | str | bytes]) -> bytes:
    """Return one record of data."""
    pairs = zip(fields, values, strict=True)
    return b"".join(packed(value, length) for (_number, length), value in pairs)


def flow_set(number: int, body: bytes) -> bytes:
    """Return a set, padded to four bytes."""
    body += bytes(-len(body) % 4)
    return struct.pack(">HH", number, 4 + len(body)) + body


def template(number: int, fields: Sequence[tuple[int, int]], *, version: int = 9) -> bytes:
    """Return a set with one template; a field of IPFIX above 65535 is one of a vendor."""
    body = struct.pack(">HH", number, len(fields))
    for field, length in fields:
        if field >> 16:
            body += struct.pack(">HHI", field & 0x7FFF | 0x8000, length, field >> 16)
        else:
            body += struct.pack(">HH", field, length)
    return flow_set(0 if version == 9 else 2, body)


def packet_9(
    *sets: bytes, domain: int = 1, seconds: int = NOON_S, uptime: int = UPTIME_MS
) -> bytes:
    """Return a packet of NetFlow 9."""
    return struct.pack(">HHIIII", 9, len(sets), uptime, seconds, 7, domain) + b"".join(sets)


def packet_10(*sets: bytes, domain: int = 0, seconds: int = NOON_S) -> bytes:
    """Return a message of IPFIX."""
    body = b"".join(sets)
    return struct.pack(">HHIII", 10, 16 + len(body), seconds, 7, domain) + body


def packet_5(*flows: tuple[int | str, ...], uptime: int = UPTIME_MS) -> bytes:
    """Return a packet of NetFlow 5."""
    head = struct.pack(">HHIIIIBBH", 5, len(flows), uptime, NOON_S, 250_000_000, 1, 0, 3, 0)
    body = b""
    for source, destination, sport, dport, protocol, flags, size, first, last in flows:
        body += packed(source, 4) + packed(destination, 4) + bytes(4)
        body += struct.pack(">HHIIII", 1, 2, 5, size, first, last)
        body += struct.pack(">HHBBBBHHBBH", sport, dport, 0, flags, protocol, 0, 0, 0, 24, 24, 0)
    return head + body


def data(
    number: int, *values: Sequence[int | str | bytes], fields: Sequence[tuple[int, int]] = FIELDS
) -> bytes:
    """Return a set of records."""
    return flow_set(number, b"".join(record(fields, each) for each in values))
