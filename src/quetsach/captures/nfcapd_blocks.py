"""The blocks of a file of nfcapd, unpacked as they are packed there: LZO, bzip2, LZ4 or zstd.

Source: nfdump, nffile.h and nffileV2.h (layouts 1 and 2); Linux, Documentation/staging/lzo.rst
(LZO1X); the formats of LZ4 blocks and of zstd.
"""

import bz2
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import BinaryIO

from quetsach.captures.contract import CaptureDamaged, LineSink, UnreadReason

MOST_UNPACKED = 16 << 20
"""nfdump holds no more than 5 MiB in a block; a larger one is damage, in bytes."""

_PIECE_BYTES = 256 << 10

_MAGIC = 0xA50C
_BLOCK = struct.Struct("<IIHH")
_OF_FLOWS = (2, 3)
_FIRST_KIND, _KINDS_WITHOUT_FLOWS = 1, 4
_IS_PLAIN = 1
_OLD_HEAD, _OLD_STATISTICS, _NEW_HEAD = 140, 136, 40


class BlockPacking(IntEnum):
    """How the blocks of a file are packed, in the numbers of layout 2."""

    PLAIN = 0
    LZO = 1
    BZIP2 = 2
    LZ4 = 3
    ZSTD = 4


# The flags of layout 1 that say so.
_OLD_PACKINGS = ((0x01, BlockPacking.LZO), (0x08, BlockPacking.BZIP2), (0x10, BlockPacking.LZ4))


@dataclass(frozen=True)
class NfcapdHead:
    """The layout of a file, how its blocks are packed, and where they begin."""

    version: int
    packing: int
    begins: int
    is_encrypted: bool = False


def nfcapd_head(head: bytes) -> NfcapdHead | None:
    """Return the head of a file, None where it is none; version 0 for a layout that is not read."""
    if len(head) < _NEW_HEAD or struct.unpack_from("<H", head)[0] != _MAGIC:
        return None
    (version,) = struct.unpack_from("<H", head, 2)
    if version == 1:
        (flags,) = struct.unpack_from("<I", head, 4)
        packing = next((each for flag, each in _OLD_PACKINGS if flags & flag), BlockPacking.PLAIN)
        return NfcapdHead(1, packing, _OLD_HEAD + _OLD_STATISTICS)
    if version == 2:
        return NfcapdHead(2, head[16], _NEW_HEAD, is_encrypted=head[17] != 0)
    return NfcapdHead(0, 0, 0)


@dataclass(frozen=True)
class FlowBlock:
    """The unpacked content of a block, and whether its records are those of nfdump 1.5."""

    content: bytes
    is_first_kind: bool = False


def flow_blocks(file: BinaryIO, head: NfcapdHead, sink: LineSink) -> Iterator[FlowBlock]:
    """Yield each block of flows; one of a kind that is not known is counted.

    Errors: CaptureDamaged behind the last good one.
    """
    file.seek(head.begins)
    while raw := file.read(_BLOCK.size):
        if len(raw) < _BLOCK.size:
            raise CaptureDamaged(UnreadReason.CUT)
        records, size, kind, flags = _BLOCK.unpack(raw)
        if size > MOST_UNPACKED:
            raise CaptureDamaged(UnreadReason.DAMAGED)
        content = file.read(size)
        if len(content) < size:
            raise CaptureDamaged(UnreadReason.CUT)
        is_first_kind = head.version == 1 and kind == _FIRST_KIND
        if kind not in _OF_FLOWS and not is_first_kind:
            if kind < _KINDS_WITHOUT_FLOWS:
                sink.miss(UnreadReason.VERSION, max(records, 1))
            continue
        is_plain = head.version == 2 and flags & _IS_PLAIN
        try:
            plain = unpacked_block(content, BlockPacking.PLAIN if is_plain else head.packing)
            yield FlowBlock(plain, is_first_kind)
        except (ValueError, OSError):
            known = head.packing in BlockPacking.__members__.values()
            sink.miss(UnreadReason.DAMAGED if known else UnreadReason.PACKED, max(records, 1))


def unpacked_block(content: bytes, packing: int) -> bytes:
    """Return a block unpacked.

    Errors: ValueError, OSError where it is damaged, unknown, or too large.
    """
    if packing == BlockPacking.PLAIN:
        return content
    if packing == BlockPacking.LZO:
        return lzo_unpacked(content)
    if packing == BlockPacking.BZIP2:
        unpacker = bz2.BZ2Decompressor()
        plain = unpacker.decompress(content, MOST_UNPACKED)
        if not unpacker.eof:
            raise ValueError(len(plain))
        return plain
    if packing == BlockPacking.LZ4:
        return lz4_unpacked(content)
    if packing == BlockPacking.ZSTD:
        import pyarrow as pa  # It takes a third of a second to load.

        whole, piece = bytearray(), bytearray(_PIECE_BYTES)
        with pa.CompressedInputStream(pa.py_buffer(content), "zstd") as stream:
            # What read() makes room for is lost where the block is damaged (PyArrow 26).
            while count := stream.readinto(piece):
                whole += piece[:count]
                if len(whole) > MOST_UNPACKED:
                    raise ValueError(len(whole))
        return bytes(whole)
    raise ValueError(packing)


def lz4_unpacked(packed: bytes) -> bytes:
    """Return an LZ4 block unpacked. Errors: ValueError where it is damaged or too large."""
    out = bytearray()
    place = 0
    while place < len(packed):
        token = packed[place]
        count, place = _long_count(packed, place + 1, token >> 4)
        out += _literals(packed, place, count)
        place += count
        if place == len(packed):
            return bytes(out)
        back = int.from_bytes(packed[place : place + 2], "little")
        count, place = _long_count(packed, place + 2, token & 0xF)
        _copy(out, back, count + 4)
    raise ValueError(place)


def _long_count(packed: bytes, place: int, count: int) -> tuple[int, int]:
    """Return a length of LZ4: 15 goes on in the bytes behind, up to one that is not 255."""
    if count < 0xF:
        return count, place
    while True:
        if place >= len(packed):
            raise ValueError(place)
        byte = packed[place]
        place += 1
        count += byte
        if byte < 0xFF:
            return count, place


def _literals(packed: bytes, place: int, count: int) -> bytes:
    if place + count > len(packed):
        raise ValueError(place)
    return packed[place : place + count]


def _copy(out: bytearray, back: int, count: int) -> None:
    """Append `count` bytes from `back` bytes before the end; they may overlap."""
    if not 0 < back <= len(out) or len(out) + count > MOST_UNPACKED:
        raise ValueError(back)
    start = len(out) - back
    if back >= count:
        out += out[start : start + count]
        return
    pattern = bytes(out[start:])
    out += (pattern * (count // back + 1))[:count]


def lzo_unpacked(packed: bytes) -> bytes:
    """Return an LZO1X block unpacked. Errors: ValueError where it is damaged or too large."""
    return _Lzo(packed).run()


class _Lzo:
    """The state of one block of LZO1X: what follows a match depends on its last two bits."""

    def __init__(self, packed: bytes) -> None:
        self._packed, self._place = packed, 0
        self._out = bytearray()

    def run(self) -> bytes:
        first = self._next()
        state = 0
        if first > 17:
            self._take(first - 17)
            state = min(first - 17, 4)
            first = self._next()
        while True:
            if first < 16 and state == 0:
                self._take(self._count(first, 15) + 3)
                state = 4
                first = self._next()
                continue
            match = self._match(first, state)
            if match is None:
                if self._place != len(self._packed):
                    raise ValueError(self._place)
                return bytes(self._out)
            back, count, state = match
            _copy(self._out, back, count)
            self._take(state)
            first = self._next()

    def _match(self, first: int, state: int) -> tuple[int, int, int] | None:
        """Return how far back and how long a match is, and how many literals follow it."""
        if first >= 64:
            count = (first >> 5) + 1
            back = (self._next() << 3) + (first >> 2 & 7) + 1
            return back, count, first & 3
        if first >= 32:
            count = self._count(first & 31, 31) + 2
            low = self._low()
            return (low >> 2) + 1, count, low & 3
        if first >= 16:
            count = self._count(first & 7, 7) + 2
            low = self._low()
            back = ((first & 8) << 11) + (low >> 2)
            return None if not back else (back + 0x4000, count, low & 3)
        back = (self._next() << 2) + (first >> 2)
        if state == 4:
            return back + 0x801, 3, first & 3
        return back + 1, 2, first & 3

    def _count(self, count: int, most: int) -> int:
        """Return a length: zero goes on in the bytes behind, each of zero 255 more."""
        if count:
            return count
        extra = most
        while not (byte := self._next()):
            extra += 255
            if extra > MOST_UNPACKED:
                raise ValueError(extra)
        return extra + byte

    def _low(self) -> int:
        return self._next() | self._next() << 8

    def _next(self) -> int:
        if self._place >= len(self._packed):
            raise ValueError(self._place)
        self._place += 1
        return self._packed[self._place - 1]

    def _take(self, count: int) -> None:
        if len(self._out) + count > MOST_UNPACKED:
            raise ValueError(count)
        self._out += _literals(self._packed, self._place, count)
        self._place += count
