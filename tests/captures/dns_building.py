"""DNS messages and dnstap frames, built by hand from their standards."""

import struct
from collections.abc import Sequence


def name(text: str) -> bytes:
    """Return a name as labels."""
    labels = (label.encode() for label in text.split("."))
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\x00"


def record(owner: bytes, kind: int, content: bytes) -> bytes:
    """Return a record of an answer."""
    return owner + struct.pack(">HHIH", kind, 1, 60, len(content)) + content


def message(
    asked: str, *, kind: int = 1, answers: Sequence[bytes] | None = None, code: int = 0
) -> bytes:
    """Return a question, or with `answers` the response to it."""
    flags = 0x0100 if answers is None else 0x8180 | code
    head = struct.pack(">6H", 0x1234, flags, 1, len(answers or ()), 0, 0)
    return head + name(asked) + struct.pack(">HH", kind, 1) + b"".join(answers or ())


def varint(number: int) -> bytes:
    """Return a number as protobuf writes it."""
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def field(number: int, content: int | bytes) -> bytes:
    """Return a field of a protobuf message."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def frame(content: bytes) -> bytes:
    """Return a frame of data."""
    return struct.pack(">I", len(content)) + content


def control(kind: int, content: bytes = b"") -> bytes:
    """Return a frame of control."""
    body = struct.pack(">I", kind)
    if content:
        body += struct.pack(">II", 1, len(content)) + content
    return bytes(4) + struct.pack(">I", len(body)) + body


START = control(2, b"protobuf:dnstap.Dnstap")
STOP = control(3)
WHEN_S = 1_788_225_322


def told(kind: int, wire: bytes, *more: bytes, v6: bool = False) -> bytes:
    """Return a frame that tells a message of this type."""
    asker, server = bytes((10, 20, 3, 41)), bytes((10, 20, 0, 53))
    if v6:
        asker, server = (bytes.fromhex("20010db8") + bytes(11) + end for end in (b"\x41", b"\x53"))
    is_query = kind % 2 == 1
    inner = field(1, kind) + field(2, 2 if v6 else 1) + field(3, 1) + field(4, asker)
    inner += field(5, server) + field(6, 40_000) + field(7, 53)
    inner += field(8 if is_query else 12, WHEN_S)
    inner += varint((9 if is_query else 13) << 3 | 5) + struct.pack("<I", 123_456_789)
    inner += field(10 if is_query else 14, wire) + b"".join(more)
    return frame(field(1, b"ns1") + field(2, b"x") + field(14, inner) + field(15, 1))
