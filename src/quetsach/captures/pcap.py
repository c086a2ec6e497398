"""Packet captures: pcap and pcapng, read by the compiled kernel as a sensor would read them.

Events are those of Zeek's logs: connections, DNS, TLS, HTTP, leases, neighbours, each with the
number of its first packet.
Source: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng (magic numbers).
"""

from collections.abc import Iterable, Mapping

from quetsach.captures.contract import CaptureDamaged, CaptureSource, LineSink, UnreadReason
from quetsach.captures.netflow import decode_packets
from quetsach.compiled import kernel_module
from quetsach.errors.catalogue import N_

_CHUNK_BYTES = 1 << 18
_MOST_EXPORTED_BYTES = 128 << 20
_SECTION = b"\x0a\x0d\x0d\x0a"
_SECTION_ORDERS = (b"\x1a\x2b\x3c\x4d", b"\x4d\x3c\x2b\x1a")
_LITTLE = (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1", b"\x34\xcd\xb2\xa1")
_BIG = (b"\xa1\xb2\xc3\xd4", b"\xa1\xb2\x3c\x4d", b"\xa1\xb2\xcd\x34")
_VERSION = 2

# Figures of kernel/capture/src/counts.rs that say that something was not read. The others tell of
# what holds no contact (spanning tree, ICMP errors), or of events that are only told earlier.
_UNREAD: Mapping[str, UnreadReason] = {
    "file-cut": UnreadReason.CUT,
    "damaged-blocks": UnreadReason.DAMAGED,
    "no-time": UnreadReason.NO_TIME,
    "cut": UnreadReason.SHORT_PACKET,
    "unknown-link": UnreadReason.UNKNOWN_LINK,
    "encrypted-link": UnreadReason.ENCRYPTED,
    "bad-header": UnreadReason.BAD_HEADER,
    "tunnel": UnreadReason.TUNNEL,
    "fragment-lost": UnreadReason.FRAGMENT,
    "fragment-overlap": UnreadReason.FRAGMENT,
    "streams-dropped": UnreadReason.TOO_MANY,
    "dns-bad": UnreadReason.BAD_MESSAGE,
    "tls-bad": UnreadReason.BAD_MESSAGE,
    "http-bad": UnreadReason.BAD_MESSAGE,
    "dhcp-bad": UnreadReason.BAD_MESSAGE,
    "http2": UnreadReason.NAMES_HIDDEN,
    "quic": UnreadReason.NAMES_HIDDEN,
}


class Pcap:
    """Reads packet captures of tcpdump, Wireshark, firewalls and routers."""

    kind = "pcap"
    title = N_("packet capture (pcap, pcapng)")
    reads = N_("connections, DNS, TLS, HTTP, leases, neighbours, and the flows that routers send")
    wants_beside = False

    def recognise(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Return whether `head` begins like a capture, magic number and version."""
        magic = head[:4]
        if magic == _SECTION:
            return head[8:12] in _SECTION_ORDERS
        if magic in _LITTLE:
            return int.from_bytes(head[4:6], "little") == _VERSION
        return magic in _BIG and int.from_bytes(head[4:6], "big") == _VERSION

    def decode(self, source: CaptureSource, sink: LineSink) -> None:
        """Write an event a line, in the order in which the kernel completes them."""
        if (kernel := kernel_module()) is None:
            sink.miss(UnreadReason.NO_KERNEL)
            return
        capture, exports = kernel.Capture(), _Exports()
        with source.path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                _write(capture.feed(chunk), sink)
                exports.add(capture.exports())
        _write(capture.finish(), sink)
        exports.write(sink)
        figures = dict(capture.counts())
        for figure, reason in _UNREAD.items():
            if figures[figure]:
                sink.miss(reason, figures[figure])
        if not sink.lines and not sink.unread and figures["packets"]:
            # Errors of ICMP alone, spanning tree and the like: looked at, and no contact.
            sink.nothing("pcap.capture", f"{figures['packets']} packets without a contact")
        if figures["damaged"] or figures["not-a-capture"]:
            raise CaptureDamaged(UnreadReason.DAMAGED)


class _Exports:
    """Packets of NetFlow and IPFIX in a capture, apart by who sent them: each numbers its own."""

    def __init__(self) -> None:
        self._packets: dict[str, list[bytes]] = {}
        self._size = self._missed = 0

    def add(self, exports: Iterable[tuple[str, bytes]]) -> None:
        for sender, packet in exports:
            self._size += len(packet)
            if self._size > _MOST_EXPORTED_BYTES:
                self._missed += 1
            else:
                self._packets.setdefault(sender, []).append(packet)

    def write(self, sink: LineSink) -> None:
        for packets in self._packets.values():
            decode_packets(b"".join(packets), sink)
        if self._missed:
            sink.miss(UnreadReason.TOO_MANY, self._missed)


def _write(lines: bytes, sink: LineSink) -> None:
    if lines:
        sink.text(lines, lines.count(b"\n"))
