"""Windows event logs as files (EVTX): each record becomes one line of plain event JSON.

The file is taken apart by its blocks of 64 KiB, which stand for themselves: one that is damaged
costs its own records, and how many those are stands in it. The records are read by the `evtx`
package. Source: libyal, "Windows XML Event Log (EVTX)".
"""

import io
import struct
from collections.abc import Iterator

import msgspec

from quetsach.captures.contract import CaptureDamaged, CaptureSource, LineSink, UnreadReason
from quetsach.errors.catalogue import N_

HEADER_BYTES = 4096
CHUNK_BYTES = 64 * 1024
_MAGIC, _CHUNK_MAGIC = b"ElfFile\x00", b"ElfChnk\x00"
# Behind the magic: the first and the last number of its records.
_NUMBERS = struct.Struct("<QQ")
_decoder = msgspec.json.Decoder()
_MOST_RECORDS = 4096
"""A chunk has no room for more, as a record takes 24 bytes at least and has content."""


class EvtxFiles:
    """Reads what the Windows event log keeps, or `wevtutil epl` exports."""

    kind = "evtx"
    title = N_("Windows event log (EVTX)")
    reads = N_("every record as Windows writes it in JSON; what of it is a contact, see below")
    wants_beside = False

    def recognise(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Return whether `head` begins an event log, or one of its blocks."""
        return head.startswith((_MAGIC, _CHUNK_MAGIC))

    def decode(self, source: CaptureSource, sink: LineSink) -> None:
        """Write each record as one line; a record that cannot be read is counted."""
        with source.path.open("rb") as file:
            begins = file.read(len(_MAGIC))
            file.seek(0)
            if begins == _MAGIC and len(file.read(HEADER_BYTES)) < HEADER_BYTES:
                raise CaptureDamaged(UnreadReason.CUT)
            while chunk := file.read(CHUNK_BYTES):
                _decode_chunk(chunk, sink)


def _decode_chunk(chunk: bytes, sink: LineSink) -> None:
    if not chunk.startswith(_CHUNK_MAGIC):
        # Room that was made ahead is all zeros.
        if chunk.strip(b"\x00"):
            sink.miss(UnreadReason.DAMAGED)
        return
    expected = _expected(chunk)
    good = 0
    for text in _records(chunk.ljust(CHUNK_BYTES, b"\x00")):
        sink.text(text, 1)
        good += 1
    if good < expected:
        is_cut = len(chunk) < CHUNK_BYTES
        sink.miss(UnreadReason.CUT if is_cut else UnreadReason.DAMAGED, expected - good)


def _expected(chunk: bytes) -> int:
    """Return how many records the chunk says it holds; 1 where what it says cannot be."""
    if len(chunk) < len(_CHUNK_MAGIC) + _NUMBERS.size:
        return 1
    first, last = _NUMBERS.unpack_from(chunk, len(_CHUNK_MAGIC))
    if first == last + 1 or first == 2**64 - 1:
        return 0
    count = last - first + 1
    return count if 0 < count <= _MOST_RECORDS else 1


def _records(chunk: bytes) -> Iterator[bytes]:
    """Yield the JSON of each record that can be read."""
    # A library of its own, for this kind of file alone.
    import evtx

    header = bytearray(_MAGIC.ljust(HEADER_BYTES, b"\x00"))
    # First chunk, last chunk, next record; size of the header, version 3.1, where chunks begin.
    struct.pack_into("<QQQIHHHH", header, len(_MAGIC), 0, 0, 1, 128, 1, 3, HEADER_BYTES, 1)
    try:
        parser = evtx.PyEvtxParser(io.BytesIO(bytes(header) + chunk), number_of_threads=1)
        records = parser.records_json()
    except (RuntimeError, OSError, ValueError):
        return
    for _ in range(_MOST_RECORDS):
        try:
            record = next(records)
        except StopIteration:
            return
        except (RuntimeError, OSError, ValueError):
            continue
        if record is None:
            continue
        text = record["data"].encode("utf-8", "replace").replace(b"\n", b" ")
        if _is_json(text):
            yield text


def _is_json(text: bytes) -> bool:
    """Return whether the package wrote sound JSON: of damaged names it does not."""
    try:
        _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True
