"""A DNS message as it goes over the wire: its questions, its code and what it answers.

Source: RFC 1035, 4; RFC 6895 (codes and types); RFC 4343 (case); RFC 2782 (SRV).
"""

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

MOST_RECORDS = 256
"""So many questions and answers of a message are read; no real one has more."""

_HEAD_BYTES = 12
_LONGEST_NAME = 1_024
_MOST_JUMPS = 64
_POINTER = 0xC0
_TYPES = {
    1: "A",
    2: "NS",
    5: "CNAME",
    6: "SOA",
    12: "PTR",
    15: "MX",
    16: "TXT",
    28: "AAAA",
    33: "SRV",
    35: "NAPTR",
    39: "DNAME",
    43: "DS",
    46: "RRSIG",
    48: "DNSKEY",
    64: "SVCB",
    65: "HTTPS",
    99: "SPF",
    255: "ANY",
    257: "CAA",
}
_CODES = {
    0: "NOERROR",
    1: "FORMERR",
    2: "SERVFAIL",
    3: "NXDOMAIN",
    4: "NOTIMP",
    5: "REFUSED",
    6: "YXDOMAIN",
    7: "YXRRSET",
    8: "NXRRSET",
    9: "NOTAUTH",
    10: "NOTZONE",
}
# Where the name stands in what a record holds, in bytes from its start.
_NAME_AT = {2: 0, 5: 0, 12: 0, 39: 0, 15: 2, 33: 6}
_PLAIN = frozenset(range(0x21, 0x7F)) - frozenset(b'."\\()@$;')


@dataclass(frozen=True)
class DnsMessage:
    """What a message says.

    Shapes: `questions` are (name, type); `answers` are addresses and names; `code` is that of a
    response, "" of a question.
    """

    questions: tuple[tuple[str, str], ...]
    answers: tuple[str, ...]
    code: str
    is_response: bool


def read_message(wire: bytes) -> DnsMessage | None:
    """Return the message, None where it is none; what is cut off is left out."""
    if len(wire) < _HEAD_BYTES:
        return None
    _number, flags, questions_count, answered, *_others = struct.unpack_from(">6H", wire)
    is_response = bool(flags & 0x8000)
    questions: list[tuple[str, str]] = []
    answers: list[str] = []
    place = _HEAD_BYTES
    try:
        for _ in range(min(questions_count, MOST_RECORDS)):
            name, place = _name_at(wire, place)
            (kind,) = struct.unpack_from(">H", wire, place)
            place += 4
            questions.append((name, type_name(kind)))
        for _ in range(min(answered, MOST_RECORDS) if is_response else 0):
            answer, place = _answer_at(wire, place)
            if answer is not None and answer not in answers:
                answers.append(answer)
    except (struct.error, ValueError):
        if not questions:
            return None
    code = _CODES.get(flags & 0xF, str(flags & 0xF)) if is_response else ""
    return DnsMessage(tuple(questions), tuple(answers), code, is_response)


def type_name(number: int) -> str:
    """Return the name of a record type, such as A."""
    return _TYPES.get(number, f"TYPE{number}")


def _answer_at(wire: bytes, place: int) -> tuple[str | None, int]:
    """Errors: struct.error, ValueError where it is cut off."""
    _owner, place = _name_at(wire, place)
    kind, _class, _lasts, length = struct.unpack_from(">HHIH", wire, place)
    start = place + 10
    end = start + length
    if end > len(wire):
        raise ValueError(length)
    if kind == 1 and length == 4:
        return str(IPv4Address(wire[start:end])), end
    if kind == 28 and length == 16:
        return str(IPv6Address(wire[start:end])), end
    if kind in _NAME_AT:
        return _name_at(wire, start + _NAME_AT[kind])[0] or None, end
    return None, end


def _name_at(wire: bytes, place: int) -> tuple[str, int]:
    """Return the name at `place` without its last dot, and where it is over.

    Errors: ValueError where it is cut off, or goes round in a ring.
    """
    labels: list[str] = []
    over: int | None = None
    size = jumps = 0
    while True:
        if place >= len(wire):
            raise ValueError(place)
        length = wire[place]
        if length & _POINTER == _POINTER:
            if place + 2 > len(wire) or jumps == _MOST_JUMPS:
                raise ValueError(place)
            over = place + 2 if over is None else over
            place = (length & ~_POINTER) << 8 | wire[place + 1]
            jumps += 1
            continue
        place += 1
        if not length:
            return ".".join(labels), place if over is None else over
        size += length + 1
        if length & _POINTER or place + length > len(wire) or size > _LONGEST_NAME:
            raise ValueError(place)
        labels.append(_label(wire[place : place + length]))
        place += length


def _label(raw: bytes) -> str:
    return "".join(chr(code) if code in _PLAIN else f"\\{code:03}" for code in raw)
