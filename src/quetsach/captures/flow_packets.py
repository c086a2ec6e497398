"""Packets of NetFlow 5, NetFlow 9 and IPFIX, one behind the other: templates, sets and records.

Source: Cisco, NetFlow Export Datagram Format (version 5); RFC 3954 (9); RFC 7011 (IPFIX).
"""

import re
import struct
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from quetsach.captures.contract import LineSink, UnreadReason
from quetsach.captures.flow_records import KNOWN, VENDOR, ExportHead

NETFLOW_5, NETFLOW_9, IPFIX = _VERSIONS = 5, 9, 10

MOST_TEMPLATES = 10_000
"""So many templates of one file are kept."""

_US = 1_000_000
_EARLIEST_S, _LATEST_S = 946_684_800, 4_102_444_800
_HEAD_5, _RECORD_5, _MOST_5 = 24, 48, 30
_HEAD_9, _HEAD_10 = 20, 16
_FIRST_DATA = 256
_TEMPLATES = {NETFLOW_9: 0, IPFIX: 2}
_OPTIONS = {NETFLOW_9: 1, IPFIX: 3}
_VARIABLE = 0xFFFF
_OF_VENDOR = 0x8000
_FILLED = re.compile(rb"[^\x00]")
# Where the fields of a record of version 5 lie, under the numbers of version 9.
_PLACES_5 = (
    *((8, 0, 4), (12, 4, 4), (1, 20, 4), (22, 24, 4), (21, 28, 4), (7, 32, 2), (11, 34, 2)),
    *((6, 37, 1), (4, 38, 1)),
)

TemplateKey = tuple[int, int, int]
"""Version, domain of the exporter, number of the template."""


@dataclass(frozen=True)
class FlowTemplate:
    """How the records of a set are laid out; those of `options` tell of the exporter, no flow.

    Shapes: `fields` are (number, length in bytes or 65535 for a variable one).
    """

    fields: tuple[tuple[int, int], ...]
    is_options: bool = False

    def shortest(self) -> int:
        """Return the least number of bytes of a record."""
        return sum(1 if length == _VARIABLE else length for _number, length in self.fields)


@dataclass(frozen=True)
class DataSet:
    """Records that wait to be read, and who sent them."""

    head: ExportHead
    template: int
    content: bytes

    def key(self) -> TemplateKey:
        """Return what its template is kept under."""
        return self.head.version, self.head.domain, self.template


@dataclass
class TemplateStore:
    """The templates of one file, each with the head of the packet that told it last."""

    told: dict[TemplateKey, tuple[FlowTemplate, ExportHead]] = field(default_factory=dict)

    def add(self, head: ExportHead, number: int, template: FlowTemplate) -> None:
        """Keep a template; a newer one takes the place of an older one."""
        key = (head.version, head.domain, number)
        if key in self.told or len(self.told) < MOST_TEMPLATES:
            self.told[key] = template, head


def head_at(content: bytes, place: int = 0) -> ExportHead | None:
    """Return the head of the packet that begins at `place`, None where none does."""
    if len(content) < place + _HEAD_10:
        return None
    (version,) = struct.unpack_from(">H", content, place)
    if version == NETFLOW_5 and len(content) >= place + _HEAD_5:
        count, uptime, seconds, nanos = struct.unpack_from(">HIII", content, place + 2)
        sane = 0 < count <= _MOST_5 and nanos < 1_000_000_000
        when_us = seconds * _US + nanos // 1000
        domain = content[place + 20] << 8 | content[place + 21]
        head = ExportHead(version, domain, when_us, uptime)
    elif version == NETFLOW_9 and len(content) >= place + _HEAD_9:
        count, uptime, seconds, _sequence, domain = struct.unpack_from(">HIIII", content, place + 2)
        sane = 0 < count < 4096 and _is_set(content, place + _HEAD_9, version)
        head = ExportHead(version, domain, seconds * _US, uptime)
    elif version == IPFIX:
        length, seconds, _sequence, domain = struct.unpack_from(">HIII", content, place + 2)
        sane = length >= _HEAD_10 and (
            length == _HEAD_10 or _is_set(content, place + _HEAD_10, version)
        )
        head = ExportHead(version, domain, seconds * _US)
    else:
        return None
    return head if sane and _EARLIEST_S <= seconds <= _LATEST_S else None


def _is_set(content: bytes, place: int, version: int) -> bool:
    if len(content) < place + 4:
        return False
    number, length = struct.unpack_from(">HH", content, place)
    known = (_TEMPLATES[version], _OPTIONS[version])
    return length >= 4 and (number in known or number >= _FIRST_DATA)


def data_sets(content: bytes, store: TemplateStore, sink: LineSink) -> Iterator[DataSet]:
    """Yield the sets of data of all packets in `content`, and keep the templates in `store`.

    A set of version 5 has the template 0: it needs none.
    """
    place = 0
    while place < len(content):
        head = head_at(content, place)
        if head is None:
            rest = content[place:].strip(b"\x00")
            if rest:
                sink.miss(UnreadReason.CUT if len(rest) < _HEAD_5 else UnreadReason.DAMAGED)
            return
        if head.version == NETFLOW_5:
            end = place + _HEAD_5 + _RECORD_5 * struct.unpack_from(">H", content, place + 2)[0]
            if end > len(content):
                sink.miss(UnreadReason.CUT)
            yield DataSet(head, 0, content[place + _HEAD_5 : end])
            place = end
            continue
        place = yield from _sets_of_packet(content, place, head, store, sink)


def _sets_of_packet(
    content: bytes, place: int, head: ExportHead, store: TemplateStore, sink: LineSink
) -> Generator[DataSet, None, int]:
    """Yield the sets of data of one packet; return where it is over."""
    end = len(content)
    if head.version == IPFIX:
        end = place + struct.unpack_from(">H", content, place + 2)[0]
        if end > len(content):
            sink.miss(UnreadReason.CUT)
    place += _HEAD_10 if head.version == IPFIX else _HEAD_9
    while place + 4 <= min(end, len(content)):
        number, length = struct.unpack_from(">HH", content, place)
        if head.version == NETFLOW_9 and number in _VERSIONS and head_at(content, place):
            # A packet of version 9 does not say how long it is; no set has such a number.
            return place
        if not number and not length:
            return _behind_padding(content, place)
        if length < 4 or (_OPTIONS[head.version] < number < _FIRST_DATA):
            sink.miss(UnreadReason.DAMAGED)
            return len(content) if head.version == NETFLOW_9 else end
        if place + length > min(end, len(content)):
            sink.miss(UnreadReason.CUT)
        body = content[place + 4 : min(place + length, end)]
        if number == _TEMPLATES[head.version]:
            _keep_templates(body, head, store)
        elif number == _OPTIONS[head.version]:
            _keep_options(body, head, store)
        elif number >= _FIRST_DATA:
            yield DataSet(head, number, body)
        place += length
    return max(place, end) if head.version == IPFIX else place


def _behind_padding(content: bytes, place: int) -> int:
    """Return where the next packet begins behind bytes of zero; `place` + 1 where none does."""
    filled = _FILLED.search(content, place)
    if filled is None:
        return len(content)
    # The number of a version begins with a zero itself.
    start = max(filled.start() - 1, place)
    return start if head_at(content, start) else place + 1


def _keep_templates(body: bytes, head: ExportHead, store: TemplateStore) -> None:
    place = 0
    while place + 4 <= len(body):
        number, count = struct.unpack_from(">HH", body, place)
        fields, place = _fields(body, place + 4, count, head.version)
        if number < _FIRST_DATA or fields is None:
            return
        if fields:
            store.add(head, number, FlowTemplate(fields))


def _keep_options(body: bytes, head: ExportHead, store: TemplateStore) -> None:
    place = 0
    while place + 6 <= len(body):
        number, first, second = struct.unpack_from(">HHH", body, place)
        # Version 9 tells bytes of scopes and options, IPFIX fields in all and scopes among them.
        count = (first + second) // 4 if head.version == NETFLOW_9 else first
        fields, place = _fields(body, place + 6, count, head.version)
        if number < _FIRST_DATA or not fields:
            return
        store.add(head, number, FlowTemplate(fields, is_options=True))


def _fields(
    body: bytes, place: int, count: int, version: int
) -> tuple[tuple[tuple[int, int], ...] | None, int]:
    """Return the fields of a template and where it is over; None where it is cut off."""
    fields = []
    for _ in range(count):
        if place + 4 > len(body):
            return None, len(body)
        number, length = struct.unpack_from(">HH", body, place)
        place += 4
        if version == IPFIX and number & _OF_VENDOR:
            if place + 4 > len(body):
                return None, len(body)
            (vendor,) = struct.unpack_from(">I", body, place)
            number = (number & ~_OF_VENDOR) + vendor * VENDOR
            place += 4
        fields.append((number, length))
    return tuple(fields), place


def records_of(content: bytes, template: FlowTemplate) -> Iterator[dict[int, bytes]]:
    """Yield the records of a set: the fields that are known; what is shorter is padding."""
    shortest = template.shortest()
    place = 0
    while shortest and place + shortest <= len(content):
        record: dict[int, bytes] = {}
        for number, length in template.fields:
            if length == _VARIABLE:
                length, place = _length_at(content, place)  # noqa: PLW2901 - the one in the record
            if number in KNOWN:
                record[number] = content[place : place + length]
            place += length
        if place > len(content):
            return
        yield record


def _length_at(content: bytes, place: int) -> tuple[int, int]:
    if place >= len(content):
        return 0, len(content) + 1
    length, place = content[place], place + 1
    if length == 0xFF:
        return int.from_bytes(content[place : place + 2]), place + 2
    return length, place


def fits(content: bytes, template: FlowTemplate) -> bool:
    """Return whether `content` may be laid out so: no more than padding is left over."""
    if any(length == _VARIABLE for _number, length in template.fields):
        return True
    size = template.shortest()
    return 0 < size <= len(content) and len(content) % size < 4


def records_of_5(content: bytes) -> Iterator[dict[int, bytes]]:
    """Yield the records of a packet of version 5 under the numbers of version 9."""
    for start in range(0, len(content) - _RECORD_5 + 1, _RECORD_5):
        yield {
            number: content[start + place : start + place + size]
            for number, place, size in _PLACES_5
        }
