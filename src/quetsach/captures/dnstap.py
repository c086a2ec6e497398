"""dnstap: what a name server was asked, as a stream of frames with protobuf messages.

Only the types CLIENT_* and AUTH_* say who asked. In the others the server itself asks for somebody
who is not named: those name no client.
Source: dnstap.pb (dnstap.info), Frame Streams (fstrm, control.h), protobuf encoding.
"""

import struct
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import Any, BinaryIO

from quetsach.captures.contract import CaptureDamaged, CaptureSource, LineSink, UnreadReason
from quetsach.captures.dns_message import read_message
from quetsach.clocks import within
from quetsach.errors.catalogue import N_

LONGEST_FRAME = 1 << 20
"""A DNS message has 64 KiB at most; a longer frame is damage, in bytes."""

_START, _STOP = 2, 3
_CONTENT = b"protobuf:dnstap.Dnstap"
_US = 1_000_000
_DNSTAP_IDENTITY, _DNSTAP_MESSAGE = 1, 14
_KIND, _PROTOCOL, _ASKER, _SERVER, _ASKER_PORT, _SERVER_PORT = 1, 3, 4, 5, 6, 7
_QUERY_S, _QUERY_NS, _QUERY, _RESPONSE_S, _RESPONSE_NS, _RESPONSE = 8, 9, 10, 12, 13, 14
_POLICY, _POLICY_RULE, _POLICY_ACTION = 15, 2, 3
_KINDS = {
    1: "auth-query",
    2: "auth-response",
    3: "resolver-query",
    4: "resolver-response",
    5: "client-query",
    6: "client-response",
    7: "forwarder-query",
    8: "forwarder-response",
    9: "stub-query",
    10: "stub-response",
    11: "tool-query",
    12: "tool-response",
    13: "update-query",
    14: "update-response",
}
_ASKED_BY_A_CLIENT = frozenset({1, 2, 5, 6})
_OF_CLIENTS = frozenset({5, 6})
_TRANSPORTS = {1: "udp", 2: "tcp", 3: "tcp", 4: "tcp", 5: "udp", 6: "tcp", 7: "udp"}
_PASSED = 3

Fields = dict[int, "int | bytes"]


class Dnstap:
    """Reads the questions and answers in frames of dnstap."""

    kind = "dnstap"
    title = N_("dnstap frame stream")
    reads = N_("questions and answers with the client; those of the resolver itself name nobody")
    wants_beside = False

    def recognise(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Return whether `head` begins a stream of dnstap frames."""
        if len(head) < 12 or head[:4] != bytes(4):
            return False
        length, kind = struct.unpack_from(">II", head, 4)
        return kind == _START and length <= 512 and _CONTENT in head[12 : 8 + length]

    def decode(self, source: CaptureSource, sink: LineSink) -> None:
        """Write one event for each question of each message."""
        with source.path.open("rb") as file:
            for frame in _frames(file):
                try:
                    outer = _fields(frame)
                    dns = outer.get(_DNSTAP_MESSAGE)
                    message = _fields(dns) if isinstance(dns, bytes) else {}
                except ValueError:
                    sink.miss(UnreadReason.DAMAGED)
                    continue
                events = list(_events(outer, message))
                for event in events:
                    sink.event(event)
                if not events:
                    sink.miss(UnreadReason.NOT_LOOKED_INTO if not message else UnreadReason.DAMAGED)


def client_events(frame: bytes) -> list[dict[str, Any]]:
    """Return the events of a frame that tells what a client asked or was answered, else none."""
    try:
        outer = _fields(frame)
        message = _fields(_bytes(outer, _DNSTAP_MESSAGE))
    except ValueError:
        return []
    return list(_events(outer, message)) if message.get(_KIND) in _OF_CLIENTS else []


def _frames(file: BinaryIO) -> Iterator[bytes]:
    """Yield the frames of data.

    Errors: CaptureDamaged behind the last good one.
    """
    while head := file.read(4):
        (length,) = struct.unpack(">I", head) if len(head) == 4 else (None,)
        is_control = length == 0
        if is_control:
            size = file.read(4)
            length = struct.unpack(">I", size)[0] if len(size) == 4 else None
        if length is None:
            raise CaptureDamaged(UnreadReason.CUT)
        if length > LONGEST_FRAME:
            raise CaptureDamaged(UnreadReason.DAMAGED)
        frame = file.read(length)
        if len(frame) < length:
            raise CaptureDamaged(UnreadReason.CUT)
        if not is_control:
            yield frame
        elif frame[:4] == struct.pack(">I", _STOP):
            return


def _fields(raw: bytes) -> Fields:
    """Return the fields of a protobuf message; of one that comes twice the last counts.

    Errors: ValueError where it is damaged.
    """
    fields: Fields = {}
    place = 0
    while place < len(raw):
        key, place = _varint(raw, place)
        kind = key & 7
        if kind == 0:
            fields[key >> 3], place = _varint(raw, place)
            continue
        size = {1: 8, 5: 4}.get(kind)
        if kind == 2:
            size, place = _varint(raw, place)
        if size is None or place + size > len(raw):
            raise ValueError(place)
        content = raw[place : place + size]
        fields[key >> 3] = content if kind == 2 else int.from_bytes(content, "little")
        place += size
    return fields


def _varint(raw: bytes, place: int) -> tuple[int, int]:
    number = 0
    for shift in range(0, 70, 7):
        if place >= len(raw):
            break
        byte = raw[place]
        place += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, place
    raise ValueError(place)


def _events(outer: Fields, message: Fields) -> Iterator[dict[str, Any]]:
    wire = _bytes(message, _RESPONSE) or _bytes(message, _QUERY)
    dns = read_message(wire)
    kind = message.get(_KIND)
    if dns is None or not isinstance(kind, int):
        return
    event: dict[str, Any] = {
        "@timestamp": _time(message),
        "event.dataset": "dnstap.dns",
        "event.type": "protocol",
        "event.action": _KINDS.get(kind, str(kind)),
        "network.transport": _TRANSPORTS.get(_number(message, _PROTOCOL)),
        "network.application": "dns",
        "observer.name": _bytes(outer, _DNSTAP_IDENTITY).decode("utf-8", "replace") or None,
        "dns.response_code": dns.code or None,
        "dns.answers": list(dns.answers) or None,
    }
    if kind in _ASKED_BY_A_CLIENT:
        for side, ip, port in (
            ("source", _ASKER, _ASKER_PORT),
            ("destination", _SERVER, _SERVER_PORT),
        ):
            event[f"{side}.ip"] = _address(_bytes(message, ip))
            event[f"{side}.port"] = (
                message.get(port) if 0 < _number(message, port) < 65_536 else None
            )
    _judge(event, message)
    for name, record_type in dns.questions:
        asked = {**event, "dns.question.name": name, "dns.question.type": record_type}
        yield {field: content for field, content in asked.items() if content not in (None, "")}


def _judge(event: dict[str, Any], message: Fields) -> None:
    """Put in what a response policy zone of the server did."""
    try:
        policy = _fields(_bytes(message, _POLICY))
    except ValueError:
        return
    if policy:
        event["rule.name"] = _bytes(policy, _POLICY_RULE).decode("utf-8", "replace")
        if policy.get(_POLICY_ACTION) not in (None, _PASSED):
            event["event.type"] = "denied"


def _time(message: Fields) -> int | None:
    for seconds, nanos in ((_QUERY_S, _QUERY_NS), (_RESPONSE_S, _RESPONSE_NS)):
        if _number(message, seconds):
            return within(_number(message, seconds) * _US + _number(message, nanos) // 1000)
    return None


def _bytes(fields: Fields, number: int) -> bytes:
    content = fields.get(number)
    return content if isinstance(content, bytes) else b""


def _number(fields: Fields, number: int) -> int:
    content = fields.get(number)
    return content if isinstance(content, int) else 0


def _address(raw: bytes) -> str | None:
    if len(raw) == 4:
        return str(IPv4Address(raw))
    if len(raw) == 16:
        address = IPv6Address(raw)
        return str(address.ipv4_mapped or address)
    return None
