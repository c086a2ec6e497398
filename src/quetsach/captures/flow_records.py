"""Records of NetFlow 9 and IPFIX: the fields that we read, and the flow that a record tells.

Source: RFC 3954, 8; RFC 7011; RFC 5103 (flows of both directions); IANA, IPFIX Information
Elements; Cisco, ASA NetFlow (NSEL) field types; Citrix, AppFlow (texts of HTTP, vendor 5951).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import TypeAlias

from quetsach.captures.flows import Flow

Record: TypeAlias = Mapping[int, bytes]
"""The fields of a record by their number; those of a vendor by `vendor * VENDOR + number`."""

VENDOR = 1 << 16
REVERSE = 29_305
"""The number under which RFC 5103 lists the fields of the other direction."""

_EPOCH_1900_S = 2_208_988_800
_WRAP_MS = 1 << 32
_US_A_MS, _US_A_S = 1_000, 1_000_000
_NO_ADDRESS = (bytes(4), bytes(16))

# Field numbers of each, the first that a record has counts.
_SOURCE = (8, 27)
_DESTINATION = (12, 28)
_SENT = (231, 1, 85)
_ANSWERED = (232, REVERSE * VENDOR + 1)
_SOURCE_PORT, _DESTINATION_PORT, _PROTOCOL, _FLAGS = 7, 11, 4, 6
_SOURCE_NAT, _DESTINATION_NAT = (225, 281, 40_001), (226, 282, 40_002)
_SOURCE_NAT_PORT, _DESTINATION_NAT_PORT = (227, 40_003), (228, 40_004)
_FIREWALL_EVENT, _NAT_EVENT, _FORWARDING, _DIRECTION = (233, 40_005), 230, 89, 239
_INITIATED = 160
_EVENT_TIMES = ((323, _US_A_MS), (322, _US_A_S))
_STARTS, _ENDS = (22, 152, 150, 154, 156, 158), (21, 153, 151, 155, 157, 159)

_NETSCALER = 5_951 * VENDOR
_HOST, _PATH = (460, _NETSCALER + 142), (461, _NETSCALER + 130)
_METHOD, _AGENT = (459, _NETSCALER + 141), (468, _NETSCALER + 143)
_LONGEST_TEXT = 4_096

_FIREWALL_WORDS = {1: "flow-created", 2: "flow-deleted", 3: "flow-denied", 5: "flow-updated"}
_NAT_WORDS = {1: "nat-created", 2: "nat-deleted", 4: "nat-created", 5: "nat-deleted"}
_DENIED = 3
_DROPPED = 2
_REVERSED = 2

KNOWN = frozenset(
    {
        *_SOURCE,
        *_DESTINATION,
        *_SENT,
        *_ANSWERED,
        *(_SOURCE_PORT, _DESTINATION_PORT, _PROTOCOL, _FLAGS),
        *_SOURCE_NAT,
        *_DESTINATION_NAT,
        *_SOURCE_NAT_PORT,
        *_DESTINATION_NAT_PORT,
        *_FIREWALL_EVENT,
        *(_NAT_EVENT, _FORWARDING, _DIRECTION, _INITIATED),
        *(number for number, _unit in _EVENT_TIMES),
        *_STARTS,
        *_ENDS,
        *(*_HOST, *_PATH, *_METHOD, *_AGENT),
    }
)
"""The fields that are kept of a record."""


@dataclass(frozen=True)
class ExportHead:
    """Who sent a packet of flows, and when.

    Units: `when_us` in us since 1970 UTC; `uptime_ms` since the exporter started, None in IPFIX.
    """

    version: int
    domain: int
    when_us: int
    uptime_ms: int | None = None

    def started_us(self) -> int | None:
        """Return when the exporter was started: that tells exporters apart."""
        return None if self.uptime_ms is None else self.when_us - self.uptime_ms * _US_A_MS


def flow_of(record: Record, head: ExportHead) -> Flow | None:
    """Return the flow of a record, None where it has not both addresses."""
    source, destination = _address(record, _SOURCE), _address(record, _DESTINATION)
    if source is None or destination is None:
        return None
    event = _first(record, _FIREWALL_EVENT)
    forwarding = _number(record, _FORWARDING)
    is_dropped = forwarding is not None and _status(record[_FORWARDING]) == _DROPPED
    start_us, end_us = _time(record, _STARTS, head), _time(record, _ENDS, head)
    if start_us is None:
        start_us = _event_time(record) if end_us is None else end_us
    flow = Flow(
        dataset="flows.ipfix" if head.version == 10 else "flows.netflow",
        source=source,
        destination=destination,
        source_port=_port(record, (_SOURCE_PORT,)),
        destination_port=_port(record, (_DESTINATION_PORT,)),
        protocol=_number(record, _PROTOCOL),
        start_us=start_us,
        end_us=end_us,
        exported_us=head.when_us,
        sent=_first(record, _SENT),
        answered=_first(record, _ANSWERED),
        flags=_flags(record),
        source_nat=(_address(record, _SOURCE_NAT), _port(record, _SOURCE_NAT_PORT)),
        destination_nat=(_address(record, _DESTINATION_NAT), _port(record, _DESTINATION_NAT_PORT)),
        is_denied=event == _DENIED or is_dropped,
        action=_FIREWALL_WORDS.get(event or 0) or _NAT_WORDS.get(_number(record, _NAT_EVENT) or 0),
        outcome="success" if _first(record, _ANSWERED) else None,
        host=_text(record, _HOST),
        path=_text(record, _PATH),
        method=_text(record, _METHOD),
        agent=_text(record, _AGENT),
    )
    return _turned(flow) if _number(record, _DIRECTION) == _REVERSED else flow


def _turned(flow: Flow) -> Flow:
    """Return a flow whose record was told from the side that was reached."""
    return Flow(
        dataset=flow.dataset,
        source=flow.destination,
        destination=flow.source,
        source_port=flow.destination_port,
        destination_port=flow.source_port,
        protocol=flow.protocol,
        start_us=flow.start_us,
        end_us=flow.end_us,
        exported_us=flow.exported_us,
        sent=flow.answered,
        answered=flow.sent,
        source_nat=flow.destination_nat,
        destination_nat=flow.source_nat,
        is_denied=flow.is_denied,
        action=flow.action,
        outcome="success" if flow.sent and flow.answered else None,
    )


def _number(record: Record, number: int) -> int | None:
    written = record.get(number)
    return int.from_bytes(written) if written and len(written) <= 8 else None


def _first(record: Record, numbers: tuple[int, ...]) -> int | None:
    found = (_number(record, number) for number in numbers)
    return next((each for each in found if each is not None and each < 1 << 63), None)


def _port(record: Record, numbers: tuple[int, ...]) -> int | None:
    number = _first(record, numbers)
    return number if number is not None and number <= 0xFFFF else None


def _text(record: Record, numbers: tuple[int, ...]) -> str | None:
    for number in numbers:
        written = record.get(number, b"").rstrip(b"\x00")
        if written and len(written) <= _LONGEST_TEXT:
            return written.decode("utf-8", "replace")
    return None


def _flags(record: Record) -> int | None:
    number = _number(record, _FLAGS)
    return None if number is None else number & 0xFF


def _status(written: bytes) -> int:
    """Return the two bits that say what became of a packet; of four bytes the last has them."""
    return written[-1] >> 6


def _address(record: Record, numbers: tuple[int, ...]) -> str | None:
    for number in numbers:
        written = record.get(number)
        if written is None or written in _NO_ADDRESS:
            continue
        if len(written) == 4:
            return str(IPv4Address(written))
        if len(written) == 16:
            address = IPv6Address(written)
            return str(address.ipv4_mapped or address)
    return None


def _time(record: Record, numbers: tuple[int, ...], head: ExportHead) -> int | None:
    """Return the time of the first of `numbers` that tells one: see `_STARTS` for their order."""
    uptime, milli, whole, micro, nano, before = numbers
    if (number := _number(record, milli)) is not None and number:
        return number * _US_A_MS
    if (number := _number(record, whole)) is not None and number:
        return number * _US_A_S
    for each in (micro, nano):
        written = record.get(each)
        if written is not None and len(written) == 8 and any(written):
            seconds, fraction = int.from_bytes(written[:4]), int.from_bytes(written[4:])
            return (seconds - _EPOCH_1900_S) * _US_A_S + (fraction * _US_A_S >> 32)
    if (number := _number(record, before)) is not None:
        return head.when_us - number
    return _since_start(record, uptime, head)


def _since_start(record: Record, number: int, head: ExportHead) -> int | None:
    """Return a time told in ms since the exporter was started, a counter that runs over."""
    counted, began = _number(record, number), _number(record, _INITIATED)
    if counted is None:
        return None
    if began:
        return (began + counted) * _US_A_MS
    if head.uptime_ms is None:
        return None
    back = (head.uptime_ms - counted) % _WRAP_MS
    return head.when_us - (back if back < _WRAP_MS // 2 else back - _WRAP_MS) * _US_A_MS


def _event_time(record: Record) -> int | None:
    for number, unit in _EVENT_TIMES:
        counted = _number(record, number)
        if counted:
            return counted * unit
    return None
