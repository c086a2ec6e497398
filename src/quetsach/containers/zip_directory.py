"""The list of files at the end of a ZIP file, read strictly and before anything is unpacked.

Programs differ in how they read a ZIP file that contradicts itself; such a file is refused.
Source: PKWARE APPNOTE 6.3.10, 4.3.7 to 4.3.16; D. Fifield, "A better zip bomb", 2019.
"""

import struct
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from quetsach.containers.bounds import UnpackBounds
from quetsach.containers.names import key_of
from quetsach.containers.refusal import ContainerRefused, DamagedDataError, RefusalCode, cut_off

STORED, DEFLATED = 0, 8
LOCKED, DESCRIBED_BEHIND, PATCHED = 0x1, 0x8, 0x20
UTF8_NAME = 0x800
IN_64_BITS = 0xFFFFFFFF
MOST_DIRECTORY_BYTES = 16 << 20
"""A longer list is not read: it is held in memory as a whole."""

_HIDDEN_DIRECTORY = 0x2000
_END, _END_BYTES = b"PK\x05\x06", 22
_FAR_END, _FAR_END_BYTES = b"PK\x06\x06", 56
_LOCATOR, _LOCATOR_BYTES = b"PK\x06\x07", 20
_ENTRY, _ENTRY_BYTES = b"PK\x01\x02", 46
_LONGEST_COMMENT = 0xFFFF
_IN_64_BITS_SHORT = 0xFFFF
_UNICODE_NAME = 0x7075
_MOST_ENTRY_BYTES = 1_500
"""What one file may take in the list on average; more is no list of names."""


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """One packed file as the list describes it; nothing of it has been unpacked.

    Units: `dos_time` is the date, then the time, of MS-DOS, in 16 bits each.
    """

    name: str
    raw_name: bytes
    version: int
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    mode: int
    offset: int
    dos_time: int

    @property
    def is_folder(self) -> bool:
        """Return whether it is a folder."""
        return self.name.endswith(("/", "\\"))

    @property
    def part(self) -> str:
        """Return the name as office programs compare parts: with slashes, whatever its case."""
        return key_of(self.name, fold_case=True)

    @property
    def is_locked(self) -> bool:
        """Return whether a password is needed for it."""
        return bool(self.flags & LOCKED)

    @property
    def when(self) -> float:
        """Return when the file was written, in seconds since 1970, 0 where unknown.

        ZIP stores the local time of whoever packed it. That is taken for the zone of this
        machine: it is the nearest guess.
        """
        date, clock = self.dos_time >> 16, self.dos_time & 0xFFFF
        day = (date >> 9) + 1980, date >> 5 & 0xF, date & 0x1F
        try:
            return max(
                time.mktime((*day, clock >> 11, clock >> 5 & 0x3F, clock % 32 * 2, 0, 0, -1)), 0
            )
        except (ValueError, OverflowError):
            return 0


@dataclass(frozen=True)
class Directory:
    """The list of a ZIP file, in its order, and where it begins."""

    entries: tuple[ZipEntry, ...]
    start: int


def read_directory(file: BinaryIO, bounds: UnpackBounds) -> Directory:
    """Return the list of the ZIP file `file`.

    Errors: DamagedDataError when it is cut off or damaged; ContainerRefused TOO_MANY for too many
    files or a list too long, CONTRADICTION when bytes around the list belong to nothing.
    Cost: at most 16 MiB for the list, and memory for at most `bounds.entries` entries.
    """
    end, count, length, start = _end_of(file)
    most = min(bounds.entries * _MOST_ENTRY_BYTES, MOST_DIRECTORY_BYTES)
    if count > bounds.entries or length > most:
        raise ContainerRefused(RefusalCode.TOO_MANY, limit=bounds.entries)
    if start + length != end:
        # Something lies before the list or between it and its end: two files in one.
        raise ContainerRefused(RefusalCode.CONTRADICTION, member="…")
    file.seek(start)
    raw = file.read(length)
    if len(raw) != length:
        raise cut_off()
    return Directory(tuple(_entries(raw, count)), start)


def tail_of(file: BinaryIO) -> bytes:
    """Return as much of the end of `file` as the end of a ZIP file can take."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_BYTES - _LONGEST_COMMENT - _LOCATOR_BYTES - _FAR_END_BYTES))
    return file.read()


def has_zip_end(tail: bytes) -> bool:
    """Return whether a program that reads from the end finds a ZIP file that ends in `tail`."""
    place = tail.rfind(_END)
    return 0 <= place <= len(tail) - _END_BYTES


def wide_numbers(extra: bytes) -> tuple[int, ...]:
    """Return the numbers of the field for sizes of 64 bits, in order; none where it is missing."""
    place = 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, place)
        if kind == 1:
            whole = min(length, len(extra) - place - 4) // 8
            return struct.unpack_from(f"<{whole}Q", extra, place + 4)
        place += 4 + length
    return ()


def _end_of(file: BinaryIO) -> tuple[int, int, int, int]:
    """Return where the list ends, how many files and bytes it has, and where it begins."""
    size = file.seek(0, 2)
    tail = tail_of(file)
    # Without a comment the record is the very last, and its numbers may spell another one.
    last = len(tail) - _END_BYTES
    is_last = tail[max(last, 0) :].startswith(_END) and tail.endswith(b"\x00\x00")
    place = last if is_last else tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_BYTES:
        raise cut_off("no end record")
    disk, first, here, count, length, start, comment = struct.unpack_from("<4H2LH", tail, place + 4)
    if place + _END_BYTES + comment != len(tail):
        raise DamagedDataError("bytes behind the end record")
    at = size - len(tail) + place
    is_marked = IN_64_BITS in (length, start) or count == _IN_64_BITS_SHORT
    if not is_marked and (disk or first or here != count):
        raise DamagedDataError("one of several volumes")
    if is_marked or tail[max(place - _LOCATOR_BYTES, 0) : place].startswith(_LOCATOR):
        far = _far_end_of(tail, place, at)
        # Python writes both in full for an archive of 2 to 4 GiB; they must not disagree.
        marks = (_IN_64_BITS_SHORT, IN_64_BITS, IN_64_BITS)
        short = zip((count, length, start), far[1:], marks, strict=True)
        if any(number not in (full, mark) for number, full, mark in short):
            raise DamagedDataError("the end records disagree")
        return far
    return at, count, length, start


def _far_end_of(tail: bytes, place: int, at: int) -> tuple[int, int, int, int]:
    locator = place - _LOCATOR_BYTES
    far = locator - _FAR_END_BYTES
    if far < 0 or tail[locator : locator + 4] != _LOCATOR or tail[far : far + 4] != _FAR_END:
        raise DamagedDataError("no end record of 64 bits")
    (offset,) = struct.unpack_from("<Q", tail, locator + 8)
    _made, _needs, disk, first, here, count, length, start = struct.unpack_from(
        "<2H2L4Q", tail, far + 12
    )
    far_at = at - _LOCATOR_BYTES - _FAR_END_BYTES
    if disk or first or here != count or offset != far_at:
        raise DamagedDataError("the end records disagree")
    return far_at, count, length, start


def _entries(raw: bytes, count: int) -> Iterator[ZipEntry]:
    place = 0
    for _number in range(count):
        if raw[place : place + 4] != _ENTRY or place + _ENTRY_BYTES > len(raw):
            raise DamagedDataError("no entry where the list has one")
        name, extra, comment = struct.unpack_from("<3H", raw, place + 28)
        stop = place + _ENTRY_BYTES + name + extra + comment
        if stop > len(raw):
            raise DamagedDataError("an entry longer than the list")
        yield _entry(raw, place, name, extra)
        place = stop
    if place != len(raw):
        raise ContainerRefused(RefusalCode.CONTRADICTION, member="…")


def _entry(raw: bytes, place: int, name_bytes: int, extra_bytes: int) -> ZipEntry:
    version, flags, method, clock, date = struct.unpack_from("<5H", raw, place + 6)
    crc, packed, size = struct.unpack_from("<3L", raw, place + 16)
    disk, _internal, mode, offset = struct.unpack_from("<2H2L", raw, place + 34)
    start = place + _ENTRY_BYTES
    raw_name = raw[start : start + name_bytes]
    extra = raw[start + name_bytes : start + name_bytes + extra_bytes]
    _refuse_broken_extra(extra)
    wide = iter(wide_numbers(extra))
    size, packed, offset = (_wide(number, wide) for number in (size, packed, offset))
    if disk not in (0, _IN_64_BITS_SHORT) or flags & _HIDDEN_DIRECTORY:
        raise DamagedDataError("one of several volumes, or a hidden list")
    return ZipEntry(
        name=_name(raw_name, flags, extra),
        raw_name=raw_name,
        version=version & 0xFF,
        flags=flags,
        method=method,
        crc=crc,
        packed=packed,
        size=size,
        mode=mode >> 16,
        offset=offset,
        dos_time=date << 16 | clock,
    )


def _wide(number: int, wide: Iterator[int]) -> int:
    if number != IN_64_BITS:
        return number
    try:
        return next(wide)
    except StopIteration:
        raise DamagedDataError("a size of 64 bits is missing") from None


def _refuse_broken_extra(extra: bytes) -> None:
    *_whole, end = (0, *(place + size for _kind, place, size in _fields(extra)))
    if end > len(extra):
        raise DamagedDataError("an extra field is longer than its place")


def _fields(extra: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield kind, place and size of each extra field."""
    place = 0
    while place + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, place)
        yield kind, place + 4, size
        place += 4 + size


def _name(raw_name: bytes, flags: int, extra: bytes) -> str:
    """Return the name that other programs show: that of Info-ZIP's field, where it has one."""
    for kind, place, size in _fields(extra):
        content = extra[place : place + size]
        known = struct.pack("<BL", 1, zlib.crc32(raw_name))
        if kind == _UNICODE_NAME and content.startswith(known):
            return _decoded(content[len(known) :], UTF8_NAME)
    return _decoded(raw_name, flags)


def _decoded(raw_name: bytes, flags: int) -> str:
    try:
        return raw_name.decode("utf-8" if flags & UTF8_NAME else "cp437")
    except UnicodeDecodeError as error:
        raise DamagedDataError("a name is not the UTF-8 that it is marked as") from error
