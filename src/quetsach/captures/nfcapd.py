"""Files of nfcapd and nfdump (1.5 to 1.7): flows as a collector keeps them.

Source: nfdump, nffile.h (layout 1: records by extension maps, in the first kind of blocks those of
nfdump 1.5), nffileV2.h and nfxV3.h (layout 2: records of elements). Numbers are in the order of
the machine that wrote them: little-endian.
"""

import struct
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

from quetsach.captures.contract import CaptureDamaged, CaptureSource, LineSink, UnreadReason
from quetsach.captures.flows import Flow, FlowPairs
from quetsach.captures.nfcapd_blocks import flow_blocks, nfcapd_head
from quetsach.errors.catalogue import N_

_RECORD = struct.Struct("<HH")
_OLD_COMMON, _OLD_MAP, _COMMON = 1, 2, 10
_ELEMENTS = 11
_MS = 1_000
_DATASET = "flows.nfcapd"
_GENERIC = struct.Struct("<QQQQQHHBBBB")
# Records of nfdump 1.5: the interfaces stand before the ports, the numbers of networks behind.
_FIRST, _FIRST_PORTS, _FIRST_NUMBERS = struct.Struct("<IHHHHII"), struct.Struct("<BBBBHHHH"), 4
_NSEL = struct.Struct("<QIHB")
_DENIED_EVENT, _DROPPED = 3, 2
# How long each extension of layout 1 is, in bytes.
_SIZES = {
    4: 4,
    5: 8,
    6: 4,
    7: 8,
    8: 4,
    9: 4,
    10: 16,
    11: 4,
    12: 16,
    13: 4,
    14: 4,
    15: 8,
    16: 4,
    17: 8,
    18: 4,
    19: 8,
    20: 16,
    21: 16,
    22: 40,
    23: 4,
    24: 16,
    25: 4,
    26: 8,
    27: 8,
    37: 20,
    38: 4,
    39: 8,
    40: 32,
    41: 24,
    42: 24,
    43: 72,
    45: 24,
    46: 12,
    47: 8,
    48: 8,
}
_NAT_PORTS, _NAT_4, _NAT_6, _OLD_NSEL = 38, 39, 40, 37


class Nfcapd:
    """Reads the flows in files of nfcapd."""

    kind = "nfcapd"
    title = N_("nfcapd or nfdump file")
    reads = N_("connections with translations and verdicts, packed by LZO, bzip2, LZ4 or zstd too")
    wants_beside = False

    def recognise(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Return whether `head` begins a file of nfcapd, of whatever layout."""
        return nfcapd_head(head) is not None

    def decode(self, source: CaptureSource, sink: LineSink) -> None:
        """Write one event for each connection, and for each half whose other half is not there."""
        with source.path.open("rb") as file:
            head = nfcapd_head(file.read(64))
            if head is None or not head.version:
                raise CaptureDamaged(UnreadReason.VERSION)
            if head.is_encrypted:
                raise CaptureDamaged(UnreadReason.ENCRYPTED)
            pairs, maps = FlowPairs(sink), dict[int, tuple[int, ...]]()
            try:
                for block in flow_blocks(file, head, sink):
                    content = block.content
                    flows = _first_flows if block.is_first_kind else _flows
                    for flow in flows(content, maps, sink):
                        pairs.add(flow)
            finally:
                pairs.finish()


def _flows(block: bytes, maps: dict[int, tuple[int, ...]], sink: LineSink) -> Iterator[Flow]:
    place = 0
    while place + _RECORD.size <= len(block):
        kind, size = _RECORD.unpack_from(block, place)
        if size < _RECORD.size or place + size > len(block):
            sink.miss(UnreadReason.DAMAGED)
            return
        record = block[place : place + size]
        place += size
        if kind == _OLD_MAP:
            _keep_map(record, maps)
        elif kind in (_OLD_COMMON, _COMMON, _ELEMENTS):
            try:
                flow = _of_elements(record) if kind == _ELEMENTS else _of_maps(record, maps)
            except struct.error:
                flow = None
            if flow is None:
                sink.miss(UnreadReason.NO_ENDS)
            else:
                yield flow


def _first_flows(block: bytes, _maps: dict[int, tuple[int, ...]], sink: LineSink) -> Iterator[Flow]:
    """Yield the flows of nfdump 1.5: flags and size lead, and nothing follows the counters."""
    place = 0
    while place < len(block):
        try:
            flags, size, _mark, first_ms, last_ms, first, last = _FIRST.unpack_from(block, place)
            _way, tcp_flags, protocol, _service, *ports = _FIRST_PORTS.unpack_from(
                block, place + _FIRST.size
            )
            record = block[place : place + size]
            start = _FIRST.size + _FIRST_PORTS.size + _FIRST_NUMBERS
            source, destination, behind = _ends(record, start, is_long=bool(flags & 1))
            behind += 8 if flags & 2 else 4
            (sent,) = struct.unpack_from("<Q" if flags & 4 else "<I", record, behind)
        except struct.error:
            sink.miss(UnreadReason.DAMAGED)
            return
        place += size
        yield Flow(
            dataset=_DATASET,
            source=source,
            destination=destination,
            source_port=ports[2],
            destination_port=ports[3],
            protocol=protocol,
            start_us=(first * 1000 + first_ms) * _MS,
            end_us=(last * 1000 + last_ms) * _MS,
            sent=sent,
            flags=tcp_flags,
        )


def _keep_map(record: bytes, maps: dict[int, tuple[int, ...]]) -> None:
    if len(record) >= 8:
        number, _size = struct.unpack_from("<HH", record, 4)
        count = (len(record) - 8) // 2
        maps[number] = struct.unpack_from(f"<{count}H", record, 8)


def _of_maps(record: bytes, maps: dict[int, tuple[int, ...]]) -> Flow | None:
    """Return the flow of a record of layout 1. Errors: struct.error where it is cut off."""
    (kind,) = struct.unpack_from("<H", record)
    flags = record[4]
    (number,) = struct.unpack_from("<H", record, 6)
    first_ms, last_ms, first, last = struct.unpack_from("<HHII", record, 8)
    forwarding, tcp_flags, protocol, _service = record[20:24]
    source_port, destination_port = struct.unpack_from("<HH", record, 24)
    place = 28 if kind == _OLD_COMMON else 32
    source, destination, place = _ends(record, place, is_long=bool(flags & 1))
    place += 8 if flags & 2 else 4
    size_form = "<Q" if flags & 4 else "<I"
    (sent,) = struct.unpack_from(size_form, record, place)
    place += struct.calcsize(size_form)
    more = _extensions(record, place, maps.get(number, ()))
    ports = struct.unpack("<HH", more[_NAT_PORTS]) if _NAT_PORTS in more else (None, None)
    addresses: tuple[str | None, str | None] = (None, None)
    for extension, is_long in ((_NAT_4, False), (_NAT_6, True)):
        if extension in more:
            addresses = _ends(more[extension], 0, is_long=is_long)[:2]
    event = more[_OLD_NSEL][14] if _OLD_NSEL in more else 0
    return Flow(
        dataset=_DATASET,
        source=source,
        destination=destination,
        source_port=source_port,
        destination_port=destination_port,
        protocol=protocol,
        start_us=(first * 1000 + first_ms) * _MS,
        end_us=(last * 1000 + last_ms) * _MS,
        sent=sent,
        flags=tcp_flags,
        source_nat=(addresses[0], ports[0]),
        destination_nat=(addresses[1], ports[1]),
        is_denied=event == _DENIED_EVENT or forwarding >> 6 == _DROPPED,
    )


def _extensions(record: bytes, place: int, numbers: tuple[int, ...]) -> dict[int, bytes]:
    """Return the extensions by their number; behind one of unknown length none is read."""
    more: dict[int, bytes] = {}
    for number in numbers:
        size = _SIZES.get(number)
        if size is None or place + size > len(record):
            break
        more[number] = record[place : place + size]
        place += size
    return more


def _ends(raw: bytes, place: int, *, is_long: bool) -> tuple[str, str, int]:
    """Return two addresses and where they are over. Errors: struct.error where they are cut off."""
    if is_long:
        numbers = struct.unpack_from("<4Q", raw, place)
        ends = [IPv6Address(numbers[n] << 64 | numbers[n + 1]) for n in (0, 2)]
        source, destination = (str(each.ipv4_mapped or each) for each in ends)
        return source, destination, place + 32
    first, second = struct.unpack_from("<2I", raw, place)
    return str(IPv4Address(first)), str(IPv4Address(second)), place + 8


def _of_elements(record: bytes) -> Flow | None:
    """Return the flow of a record of layout 2. Errors: struct.error where it is cut off."""
    elements: dict[int, bytes] = {}
    place = 12
    while place + 4 <= len(record):
        kind, length = struct.unpack_from("<HH", record, place)
        if length < 4 or place + length > len(record):
            break
        elements.setdefault(kind, record[place + 4 : place + length])
        place += length
    ends = elements.get(2) or elements.get(3)
    if 1 not in elements or ends is None:
        return None
    first, last, received, _packets, sent, source_port, destination_port, *rest = (
        _GENERIC.unpack_from(elements[1])
    )
    protocol, tcp_flags, forwarding, _service = rest
    source, destination, _place = _ends(ends, 0, is_long=2 not in elements)
    event_ms, _connection, _extra, event = (
        _NSEL.unpack_from(elements[20]) if 20 in elements else (0, 0, 0, 0)
    )
    answered = struct.unpack_from("<3Q", elements[6])[2] if event and 6 in elements else None
    nat: tuple[str | None, str | None] = (None, None)
    for kind in (21, 22):
        if len(elements.get(kind, b"")) >= (8 if kind == 21 else 32):
            nat = _ends(elements[kind], 0, is_long=kind == 22)[:2]
    ports = struct.unpack_from("<HH", elements[23]) if 23 in elements else (None, None)
    return Flow(
        dataset=_DATASET,
        source=source,
        destination=destination,
        source_port=source_port,
        destination_port=destination_port,
        protocol=protocol,
        start_us=(first or event_ms) * _MS or None,
        end_us=last * _MS or None,
        exported_us=received * _MS or None,
        sent=sent,
        answered=answered,
        flags=tcp_flags,
        source_nat=(nat[0], ports[0]),
        destination_nat=(nat[1], ports[1]),
        is_denied=event == _DENIED_EVENT or forwarding >> 6 == _DROPPED,
        outcome="success" if answered else None,
    )
