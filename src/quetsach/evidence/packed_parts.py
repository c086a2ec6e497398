"""The parts of a packed file that can be unpacked apart: where each begins, known beforehand.

Only what the file itself says is taken: the sizes in the heads of BGZF (SAM/BAM specification,
4.1), the heads of frames and blocks of zstd (RFC 8878, 3.1), the index of xz (format 1.1, 4). A
part of bzip2 is what lies between two heads of streams. None of it is trusted: a part counts only
if it unpacks to a whole, of exactly its bytes; see `unpacked_part`.
"""

import bz2
import lzma
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct
from typing import Any, BinaryIO

from isal import isal_zlib
from isal.isal_zlib import error as IsalError  # noqa: N812 - the name says whose it is

from quetsach.containers.streams import Codec
from quetsach.open_files import read_at

_PART_BYTES = 256 << 10
"""Small members are taken together up to about so many packed bytes."""

_MOST_PACKED = 32 << 20
_MOST_TEXT = 32 << 20
"""A part that is larger, packed or not, is not unpacked apart: some are in memory at a time."""

_MOST_BLOCKS = 1 << 16
"""So many blocks of xz are kept in mind: a file of more has far smaller ones than any packer."""

_FEWEST_BYTES = 256
"""Where blocks of zstd have fewer bytes than this, looking for their ends costs too much."""

_MOST_XZ_MEMORY = 48 << 20
_MOST_INDEX = 1 << 20


@dataclass(frozen=True)
class PackedPart:
    """Some whole members of a file, one behind the other; `ends` are where each ends in it.

    Units: bytes. Of each member at most `most` bytes of text are taken. `head` and `foot` are put
    around it to make a whole stream of a block of xz.
    """

    offset: int
    ends: tuple[int, ...]
    most: int
    head: bytes = b""
    foot: bytes = b""

    @property
    def length(self) -> int:
        """How many packed bytes it has."""
        return self.ends[-1]


def known_parts(file: BinaryIO, codec: Codec) -> Iterator[PackedPart]:
    """Yield the parts of `file` from its beginning on, as far as they are known.

    A file of zstd or xz is known to its end or not at all; those of another have no gap between
    them. Errors: OSError.
    """
    if codec is Codec.GZIP:
        yield from _together(_bgzf(file), _BGZF_TEXT)
    elif codec is Codec.BZIP2:
        yield from _together(_bzip2(file), _MOST_TEXT)
    elif codec is Codec.ZSTD:
        yield from _zstd(file)
    elif codec is Codec.XZ:
        yield from _xz(file)


def unpacked_part(packed: bytes, part: PackedPart, codec: Codec) -> list[bytes] | None:
    """Return the text of each member of `part`; None unless all of them are whole and exact.

    None, too, where they have more text together than is to be in memory, as bombs have.
    """
    members, start, room = [], 0, _MOST_TEXT
    for end in part.ends:
        most = min(part.most, room)
        text = _unpack(part.head + packed[start:end] + part.foot, most, codec)
        if text is None:
            return None
        members.append(text)
        start, room = end, room - len(text)
    return [text for text in members if text] if start == len(packed) else None


def _unpack(packed: bytes, most: int, codec: Codec) -> bytes | None:
    if codec is Codec.ZSTD:
        return _unpack_zstd(packed, most)
    unpacker: Any  # Their common type is said in streams.py, for itself alone.
    if codec is Codec.GZIP:
        unpacker = isal_zlib.decompressobj(wbits=31)
    elif codec is Codec.XZ:
        unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_XZ_MEMORY)
    else:
        unpacker = bz2.BZ2Decompressor()
    try:
        text: bytes = unpacker.decompress(packed, most)
        if len(text) == most and not unpacker.eof:
            # What follows the last byte of text is still to be read.
            rest = unpacker.unconsumed_tail if codec is Codec.GZIP else b""
            text += unpacker.decompress(rest, 1)
    except (IsalError, lzma.LZMAError, OSError, EOFError):  # type: ignore[misc]  # see streams.py
        return None
    return text if unpacker.eof and not unpacker.unused_data and len(text) <= most else None


def _unpack_zstd(packed: bytes, most: int) -> bytes | None:
    import pyarrow as pa  # As in streams.py.

    try:
        with pa.CompressedInputStream(pa.BufferReader(packed), "zstd") as stream:
            text: bytes = stream.read(most + 1)
    except (OSError, pa.ArrowInvalid):
        return None
    return text if len(text) <= most else None


def _together(ends: Iterator[int], most: int) -> Iterator[PackedPart]:
    """Yield small members together; `ends` are where each ends in the file."""
    start = 0
    so_far: list[int] = []
    for end in ends:
        if end - start > _MOST_PACKED:
            break
        so_far.append(end - start)
        if so_far[-1] >= _PART_BYTES:
            yield PackedPart(start, tuple(so_far), most)
            start, so_far = end, []
    if so_far:
        yield PackedPart(start, tuple(so_far), most)


def _at(file: BinaryIO, offset: int, size: int) -> bytes:
    """Return the `size` bytes at `offset`, fewer at the end of the file."""
    file.seek(offset)
    content = bytearray()
    while len(content) < size and (more := file.read(size - len(content))):
        content += more
    return bytes(content)


_BGZF_HEAD = re.compile(rb"\x1f\x8b\x08\x04.{6}\x06\x00BC\x02\x00(..)", re.DOTALL)
_BGZF_TEXT = 64 << 10
"""A member of BGZF has at most so much text."""


def _bgzf(file: BinaryIO) -> Iterator[int]:
    """Yield where each member of BGZF ends; no other member of gzip says how long it is."""
    place, size = 0, os.fstat(file.fileno()).st_size
    block, start = b"", 0
    while place < size:
        if place + 18 > start + len(block):
            block, start = _at(file, place, 1 << 20), place
        head = _BGZF_HEAD.match(block, place - start)
        if head is None:
            return
        place += int.from_bytes(head[1], "little") + 1
        if place > size:
            return
        yield place


_BZIP2_HEAD = re.compile(rb"BZh[1-9]1AY&SY")


def _bzip2(file: BinaryIO) -> Iterator[int]:
    """Yield where each stream ends, as far as the head of the next one shows it."""
    place, begin = 0, 0
    border = b""
    while block := _at(file, place, 1 << 20):
        text, start = border + block, place - len(border)
        for head in _BZIP2_HEAD.finditer(text):
            if head.start() + start > begin:
                begin = head.start() + start
                yield begin
        border = text[-9:]
        place += len(block)
        if place - begin > _MOST_PACKED:
            return
    if begin:
        yield place


_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_ZSTD_BLOCK = 128 << 10


def _zstd(file: BinaryIO) -> Iterator[PackedPart]:
    """Yield the frames, small ones together, if the sizes of all of them are known."""
    place, size = 0, os.fstat(file.fileno()).st_size
    start, text = 0, 0
    parts = []
    walked = _Walked(file)
    while place < size:
        frame = _zstd_frame(walked, place)
        if frame is None or place + frame[0] > size or place + frame[0] - start > _MOST_PACKED:
            return
        if start < place and text + frame[1] > _MOST_TEXT:
            parts.append(PackedPart(start, (place - start,), text))
            start, text = place, 0
        place += frame[0]
        text += frame[1]
        if place - start >= 4 * _PART_BYTES or place == size:
            parts.append(PackedPart(start, (place - start,), text))
            start, text = place, 0
    yield from parts


class _Walked:
    """A file that is looked at in places that rise: few bytes here and there."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._looks = 0

    def at(self, place: int, size: int) -> bytes:
        """Return the bytes at `place`; none after too many looks for so few bytes."""
        self._looks += 1
        if self._looks > 1000 + place // _FEWEST_BYTES:
            return b""
        return read_at(self._file.fileno(), place, size)


def _zstd_frame(file: _Walked, begin: int) -> tuple[int, int] | None:
    """Return how many bytes the frame at `begin` has, and its text at most.

    None where it does not say so, or its text is too large.
    """
    head = file.at(begin, 18)
    if len(head) >= 8 and head[0] & 0xF0 == 0x50 and head[1:4] == b"\x2a\x4d\x18":
        return 8 + int.from_bytes(head[4:8], "little"), 0
    if len(head) < 9 or head[:4] != _ZSTD_MAGIC:
        return None
    sign = head[4]
    is_one = sign >> 5 & 1
    place = 5 + (1 - is_one) + (0, 1, 2, 4)[sign & 3] + (is_one, 2, 4, 8)[sign >> 6]
    text = 0
    while text <= _MOST_TEXT:
        block = int.from_bytes(file.at(begin + place, 3).ljust(3, b"\xff"), "little")
        kind, size = block >> 1 & 3, block >> 3
        if kind == 3 or (kind != 1 and size > _ZSTD_BLOCK):
            return None
        place += 3 + (1 if kind == 1 else size)
        text += _ZSTD_BLOCK if kind == 2 else size
        if block & 1 and text <= _MOST_TEXT:
            return place + 4 * (sign >> 2 & 1), text
    return None


_XZ_MAGIC, _XZ_END = b"\xfd7zXZ\x00", b"YZ"
_XZ_EDGE = 12
"""Bytes of the head of a stream, and of its foot."""

_NUMBER = Struct("<I")


def _xz(file: BinaryIO) -> Iterator[PackedPart]:
    """Yield the blocks of all streams, if the index of each is sound."""
    end = os.fstat(file.fileno()).st_size
    streams: list[list[PackedPart]] = []
    count = 0
    while end:
        stream, end = _xz_stream(file, end)
        count += len(stream)
        if not stream or count > _MOST_BLOCKS:
            return
        streams.append(stream)
    for stream in reversed(streams):
        yield from stream


def _xz_stream(file: BinaryIO, end: int) -> tuple[list[PackedPart], int]:
    """Return the blocks of the stream that ends at `end`, and where it begins; none if unsound."""
    foot = _at(file, max(0, end - _XZ_EDGE), _XZ_EDGE)
    if len(foot) < _XZ_EDGE or foot[-2:] != _XZ_END or _crc(foot[4:10]) != foot[:4]:
        return [], 0
    size = (_NUMBER.unpack_from(foot, 4)[0] + 1) * 4
    index_at = end - _XZ_EDGE - size
    if size > _MOST_INDEX or index_at < _XZ_EDGE:
        return [], 0
    records = _xz_records(_at(file, index_at, size))
    place = index_at - sum(_in_fours(packed) for packed, _ in records)
    begin = place - _XZ_EDGE
    head = _at(file, begin, _XZ_EDGE) if begin >= 0 else b""
    if head[:6] != _XZ_MAGIC or head[6:8] != foot[8:10] or _crc(head[6:8]) != head[8:]:
        return [], 0
    blocks = []
    for packed, text in records:
        if packed > _MOST_PACKED or text > _MOST_TEXT:
            return [], 0
        blocks.append(
            PackedPart(place, (_in_fours(packed),), text, head, _xz_foot(head, packed, text))
        )
        place += _in_fours(packed)
    return blocks, begin


def _xz_records(index: bytes) -> list[tuple[int, int]]:
    """Return (packed bytes, bytes of text) of each block; none if the index is not sound."""
    if index[:1] != b"\x00" or _crc(index[:-4]) != index[-4:]:
        return []
    numbers, number, shift = [], 0, 0
    for byte in index[1:-4]:
        number |= (byte & 0x7F) << shift
        shift += 7
        if shift > 63:
            return []
        if byte < 0x80:
            numbers.append(number)
            number, shift = 0, 0
    count = numbers[0] if numbers else 0
    rest = numbers[1 + 2 * count :]
    if len(numbers) < 1 + 2 * count or len(rest) > 3 or any(rest):
        return []
    return list(zip(numbers[1 : 1 + 2 * count : 2], numbers[2 : 2 + 2 * count : 2], strict=True))


def _in_fours(size: int) -> int:
    return -(-size // 4) * 4


def _crc(text: bytes) -> bytes:
    return _NUMBER.pack(zlib.crc32(text))


def _xz_written(number: int) -> bytes:
    written = bytearray()
    while number >= 0x80:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*written, number))


def _xz_foot(head: bytes, packed: int, text: int) -> bytes:
    """Return index and foot of a stream of one block."""
    index = b"\x00\x01" + _xz_written(packed) + _xz_written(text)
    index += bytes(-len(index) % 4)
    index += _crc(index)
    size = _NUMBER.pack(len(index) // 4 - 1) + head[6:8]
    return index + _crc(size) + size + _XZ_END
