"""Whether the files of a ZIP file lie where its list says, and are what it says; and their bytes.

Two programs must never see two different archives in one file, so the list, the headers before
the files, and what really unpacks have to agree.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from quetsach_portal.files.kinds import UnpackRules, size_text
from quetsach_portal.files.member_names import printable_name, refuse_name
from quetsach_portal.files.problems import FileRefused
from quetsach_portal.files.zip_directory import (
    DEFLATED,
    DESCRIBED_BEHIND,
    LOCKED,
    STORED,
    ZipDirectory,
    ZipEntry,
    wide_numbers,
)

PIECE_BYTES = 1 << 16
_HEADER, _HEADER_BYTES = b"PK\x03\x04", 30
_BEHIND_BYTES = (12, 16, 20, 24)
"""How long a description behind the bytes is: with or without its mark, 32 or 64 bits."""

_IN_64_BITS = 0xFFFFFFFF
_FOLDER, _PLAIN, _TYPE_BITS = 0o040000, 0o100000, 0o170000


def refuse_unsound(file: BinaryIO, directory: ZipDirectory, room: UnpackRules) -> None:
    """Refuse a ZIP file by what its list and headers say; nothing is unpacked.

    Errors: P107 locked, P108 swells, P111 to P115 for names, links, doubles, lies and methods.
    """
    entries = directory.entries
    _refuse_swelling(entries, room)
    names: set[str] = set()
    for entry in entries:
        refuse_name(entry.name, entry.raw_name, names)
        _refuse_entry(entry)
    _refuse_overlaps(file, directory)


def pieces_of(file: BinaryIO, entry: ZipEntry) -> Iterator[bytes]:
    """Yield the unpacked bytes of one file, never more than its list says.

    Errors: P106 when the bytes are damaged, P114 when there are more or fewer than was said.
    Cost: two pieces of memory.
    """
    file.seek(entry.offset)
    header = file.read(_HEADER_BYTES)
    name, extra = struct.unpack_from("<2H", header, 26)
    place, left = entry.offset + _HEADER_BYTES + name + extra, entry.packed
    unpacker = zlib.decompressobj(-15) if entry.method == DEFLATED else None
    size = crc = 0
    while left:
        # The place is kept here: whoever takes the pieces may read elsewhere in between.
        file.seek(place)
        packed = file.read(min(left, PIECE_BYTES))
        if not packed:
            raise FileRefused("P106")
        place, left = place + len(packed), left - len(packed)
        for piece in _unpacked(unpacker, packed):
            size, crc = size + len(piece), zlib.crc32(piece, crc)
            if size > entry.size:
                raise FileRefused("P114", member=printable_name(entry.name))
            yield piece
    if size != entry.size or (unpacker is not None and not unpacker.eof and entry.packed):
        raise FileRefused("P114", member=printable_name(entry.name))
    if crc != entry.crc:
        raise FileRefused("P106")


def _unpacked(unpacker: "zlib._Decompress | None", packed: bytes) -> Iterator[bytes]:
    if unpacker is None:
        yield packed
        return
    while packed and not unpacker.eof:
        try:
            piece = unpacker.decompress(packed, PIECE_BYTES)
        except zlib.error as err:
            raise FileRefused("P106") from err
        packed = unpacker.unconsumed_tail
        if piece:
            yield piece


def _refuse_swelling(entries: tuple[ZipEntry, ...], room: UnpackRules) -> None:
    packed = sum(one.packed for one in entries)
    limit = room.most_from(packed)
    single = any(one.size > room.most_from(one.packed) for one in entries)
    if single or sum(one.size for one in entries) > limit:
        raise FileRefused("P108", limit=size_text(limit))


def _refuse_entry(entry: ZipEntry) -> None:
    if entry.flags & LOCKED:
        raise FileRefused("P107")
    if entry.mode & _TYPE_BITS not in (0, _PLAIN, _FOLDER):
        raise FileRefused("P112", member=printable_name(entry.name))
    if entry.method not in (STORED, DEFLATED):
        raise FileRefused("P115", member=printable_name(entry.name))
    if entry.is_folder and entry.size:
        raise FileRefused("P114", member=printable_name(entry.name))


def _refuse_overlaps(file: BinaryIO, directory: ZipDirectory) -> None:
    """Refuse files that share bytes, and bytes that belong to no file."""
    place, behind = 0, False
    for entry in sorted(directory.entries, key=lambda one: one.offset):
        _refuse_gap(place, entry.offset, behind, printable_name(entry.name))
        place = _end_of(file, entry)
        behind = bool(entry.flags & DESCRIBED_BEHIND)
    _refuse_gap(place, directory.start, behind, "…")


def _refuse_gap(place: int, next_place: int, behind: bool, name: str) -> None:
    gap = next_place - place
    if gap != 0 and not (behind and gap in _BEHIND_BYTES):
        raise FileRefused("P114", member=name)


def _end_of(file: BinaryIO, entry: ZipEntry) -> int:
    """Return where the bytes of a file end, once its header agrees with the list."""
    file.seek(entry.offset)
    header = file.read(_HEADER_BYTES)
    if len(header) < _HEADER_BYTES or not header.startswith(_HEADER):
        raise FileRefused("P106")
    flags, method = struct.unpack_from("<2H", header, 6)
    crc, packed, size, name, extra = struct.unpack_from("<3L2H", header, 14)
    rest = file.read(name + extra)
    wide = iter(wide_numbers(rest[name:]))
    size, packed = (next(wide, one) if one == _IN_64_BITS else one for one in (size, packed))
    told, listed = (crc, packed, size), (entry.crc, entry.packed, entry.size)
    untold = bool(flags & DESCRIBED_BEHIND) and not any(told)
    agrees = rest[:name] == entry.raw_name and method == entry.method
    same_flags = not (flags ^ entry.flags) & (LOCKED | DESCRIBED_BEHIND)
    if not (agrees and same_flags and (untold or told == listed)):
        raise FileRefused("P114", member=printable_name(entry.name))
    return entry.offset + _HEADER_BYTES + int(name) + int(extra) + entry.packed
