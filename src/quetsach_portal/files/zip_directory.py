"""The list of files at the end of a ZIP file, read strictly and before anything is unpacked.

Programs differ in how they read a ZIP file that contradicts itself; such a file is refused.
Source: PKWARE APPNOTE 6.3.10, 4.3.7 to 4.3.16; D. Fifield, "A better zip bomb", 2019.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from quetsach_portal.files.kinds import UnpackRules
from quetsach_portal.files.problems import FileRefused

STORED, DEFLATED = 0, 8
LOCKED, DESCRIBED_BEHIND, UTF8_NAME = 0x1, 0x8, 0x800
_HIDDEN_DIRECTORY = 0x2000
_END, _END_BYTES = b"PK\x05\x06", 22
_FAR_END, _FAR_END_BYTES = b"PK\x06\x06", 56
_LOCATOR, _LOCATOR_BYTES = b"PK\x06\x07", 20
_ENTRY, _ENTRY_BYTES = b"PK\x01\x02", 46
_LONGEST_COMMENT = 0xFFFF
_IN_64_BITS, _IN_64_BITS_SHORT = 0xFFFFFFFF, 0xFFFF
_MOST_ENTRY_BYTES = 1_500
"""What one file may take in the list on average; more is no list of names."""


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """One packed file as the list has it; nothing of it has been unpacked."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    mode: int
    offset: int

    @property
    def is_folder(self) -> bool:
        """Return whether it is a folder."""
        return self.name.endswith(("/", "\\"))


@dataclass(frozen=True)
class ZipDirectory:
    """The list of a ZIP file, in its order, and where it begins."""

    entries: tuple[ZipEntry, ...]
    start: int


def read_directory(file: BinaryIO, room: UnpackRules) -> ZipDirectory:
    """Return the list of the ZIP file `file`.

    Errors: P106 when it is cut off or damaged, P109 for too many files, P114 when it lies.
    Cost: memory for at most `room.entries` entries.
    """
    end, count, length, start = _end_of(file)
    if count > room.entries or length > room.entries * _MOST_ENTRY_BYTES:
        raise FileRefused("P109", limit=room.entries)
    if start + length != end:
        # Something stands before the list or between it and its end: two files in one.
        raise FileRefused("P114", member="…")
    file.seek(start)
    raw = file.read(length)
    if len(raw) != length:
        raise FileRefused("P106")
    entries = tuple(_entries(raw, count))
    return ZipDirectory(entries, start)


def has_zip_end(tail: bytes) -> bool:
    """Return whether a program that looks from behind would find a ZIP file that ends in `tail`."""
    place = tail.rfind(_END)
    return 0 <= place <= len(tail) - _END_BYTES


def tail_of(file: BinaryIO) -> bytes:
    """Return as much of the end of `file` as the end of a ZIP file can take."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_BYTES - _LONGEST_COMMENT - _LOCATOR_BYTES - _FAR_END_BYTES))
    return file.read()


def _end_of(file: BinaryIO) -> tuple[int, int, int, int]:
    """Return where the list ends, how many files and bytes it has, and where it begins."""
    size = file.seek(0, 2)
    tail = tail_of(file)
    # Without a comment the record is the very last, and its numbers may spell another one.
    plain = len(tail) - _END_BYTES
    is_last = tail[max(plain, 0) :].startswith(_END) and tail.endswith(b"\x00\x00")
    place = plain if is_last else tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_BYTES:
        raise FileRefused("P106")
    disk, first, here, count, length, start, comment = struct.unpack_from("<4H2LH", tail, place + 4)
    if place + _END_BYTES + comment != len(tail):
        raise FileRefused("P106")
    at = size - len(tail) + place
    if _IN_64_BITS in (length, start) or count == _IN_64_BITS_SHORT:
        return _far_end_of(tail, place, at)
    if disk or first or here != count:
        raise FileRefused("P106")
    return at, count, length, start


def _far_end_of(tail: bytes, place: int, at: int) -> tuple[int, int, int, int]:
    locator = place - _LOCATOR_BYTES
    far = locator - _FAR_END_BYTES
    if far < 0 or tail[locator : locator + 4] != _LOCATOR or tail[far : far + 4] != _FAR_END:
        raise FileRefused("P106")
    (told,) = struct.unpack_from("<Q", tail, locator + 8)
    _made, _needs, disk, first, here, count, length, start = struct.unpack_from(
        "<2H2L4Q", tail, far + 12
    )
    far_at = at - _LOCATOR_BYTES - _FAR_END_BYTES
    if disk or first or here != count or told != far_at:
        raise FileRefused("P106")
    return far_at, count, length, start


def _entries(raw: bytes, count: int) -> Iterator[ZipEntry]:
    place = 0
    for _number in range(count):
        if raw[place : place + 4] != _ENTRY or place + _ENTRY_BYTES > len(raw):
            raise FileRefused("P106")
        name, extra, comment = struct.unpack_from("<3H", raw, place + 28)
        stop = place + _ENTRY_BYTES + name + extra + comment
        if stop > len(raw):
            raise FileRefused("P106")
        yield _entry(raw, place, name, extra)
        place = stop
    if place != len(raw):
        raise FileRefused("P114", member="…")


def _entry(raw: bytes, place: int, name_bytes: int, extra_bytes: int) -> ZipEntry:
    flags, method = struct.unpack_from("<2H", raw, place + 8)
    crc, packed, size = struct.unpack_from("<3L", raw, place + 16)
    disk, _internal, mode, offset = struct.unpack_from("<2H2L", raw, place + 34)
    start = place + _ENTRY_BYTES
    raw_name = raw[start : start + name_bytes]
    extra = raw[start + name_bytes : start + name_bytes + extra_bytes]
    wide = iter(wide_numbers(extra))
    size, packed, offset = (
        next(wide, one) if one == _IN_64_BITS else one for one in (size, packed, offset)
    )
    if disk not in (0, _IN_64_BITS_SHORT) or flags & _HIDDEN_DIRECTORY:
        raise FileRefused("P106")
    name = raw_name.decode("utf-8" if flags & UTF8_NAME else "cp437", "replace")
    return ZipEntry(name, raw_name, flags, method, crc, packed, size, mode >> 16, offset)


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
