"""ZIP files: whether each file lies where the list says and is what it says, and its bytes.

Two programs must never see two different archives in one file. So the list, the headers before
the files, and what really unpacks have to agree. Nothing is written anywhere: a name is just text.
"""

import struct
import zlib
from collections.abc import Container, Iterator
from typing import BinaryIO

from quetsach.containers.bounds import ByteBudget, Member, UnpackBounds
from quetsach.containers.names import NameRegister, printable_name
from quetsach.containers.refusal import ContainerRefused, DamagedDataError, RefusalCode, cut_off
from quetsach.containers.zip_directory import (
    DEFLATED,
    DESCRIBED_BEHIND,
    IN_64_BITS,
    LOCKED,
    PATCHED,
    STORED,
    Directory,
    ZipEntry,
    wide_numbers,
)

PIECE_BYTES = 1 << 16
_HEADER, _HEADER_BYTES = b"PK\x03\x04", 30
_BEHIND_BYTES = (12, 16, 20, 24)
"""How long a description behind the bytes is: with or without its mark, 32 or 64 bits."""

_LONGEST_EXTRA = 1 << 16
_NEWEST_VERSION = 63
"""Of the format itself, 6.3; what needs a newer one cannot be read (APPNOTE 4.4.3)."""

_FOLDER, _PLAIN, _LINK, _TYPE_BITS = 0o040000, 0o100000, 0o120000, 0o170000


def check_layout(file: BinaryIO, directory: Directory, bounds: UnpackBounds) -> None:
    """Refuse a ZIP file by what its list and headers say; nothing is unpacked.

    Errors: ContainerRefused SWELLS, or the first of `entry_refusals`.
    """
    packed = sum(zip_entry.packed for zip_entry in directory.entries)
    limit = bounds.most_from(packed)
    swollen = [
        zip_entry
        for zip_entry in directory.entries
        if zip_entry.size > bounds.most_from(zip_entry.packed)
    ]
    if swollen or sum(zip_entry.size for zip_entry in directory.entries) > limit:
        member = printable_name(swollen[0].name) if swollen else "…"
        raise ContainerRefused(RefusalCode.SWELLS, limit=limit, member=member)
    for _entry, refusal in entry_refusals(file, directory, bounds):
        raise refusal


def entry_refusals(
    file: BinaryIO, directory: Directory, bounds: UnpackBounds
) -> Iterator[tuple[ZipEntry | None, ContainerRefused]]:
    """Yield each file that must not be read and why; None for the archive as a whole.

    Shapes: names, locks, types, methods first, in the list's order; then the places, in the
    file's order. A file may come more than once.
    """
    names = NameRegister(any_name=bounds.any_name, fold_case=bounds.fold_case)
    for zip_entry in directory.entries:
        refusal = names.refusal_of(zip_entry.name, zip_entry.raw_name) or _refusal_of(zip_entry)
        if refusal is not None:
            yield zip_entry, refusal
    yield from _misplaced(file, directory)


def members(
    file: BinaryIO, directory: Directory, bounds: UnpackBounds, budget: ByteBudget | None = None
) -> Iterator[Member]:
    """Yield the files of a ZIP file in the order of its list, folders left out.

    A file that must not be read comes with its refusal and without bytes.
    Errors: ContainerRefused CONTRADICTION when bytes of the archive belong to no file.
    """
    # By identity: a list may hold the same entry twice, and the first of two is read.
    refusals: dict[int, ContainerRefused] = {}
    for zip_entry, refusal in entry_refusals(file, directory, bounds):
        if zip_entry is None:
            raise refusal
        refusals.setdefault(id(zip_entry), refusal)
    for zip_entry in directory.entries:
        if zip_entry.is_folder:
            continue
        refused = refusals.get(id(zip_entry))
        content = pieces(file, zip_entry, budget) if refused is None else iter(())
        yield Member(zip_entry.name, zip_entry.when, content, refused)


def pieces(
    file: BinaryIO, zip_entry: ZipEntry, budget: ByteBudget | None = None
) -> Iterator[bytes]:
    """Yield the unpacked bytes of one file, never more than the list says.

    Errors: DamagedDataError when the bytes are damaged; ContainerRefused CONTRADICTION when there
    are more or fewer than the list says, ENCRYPTED, METHOD, SWELLS when the budget is spent.
    Cost: two pieces of memory.
    """
    unreadable = _unreadable(zip_entry)
    if unreadable is not None:
        raise unreadable
    size = crc = 0
    for piece in _unpacked(file, zip_entry):
        size, crc = size + len(piece), zlib.crc32(piece, crc)
        if size > zip_entry.size:
            raise _contradiction(zip_entry)
        if budget is not None:
            budget.spend(len(piece))
        yield piece
    if size != zip_entry.size:
        raise _contradiction(zip_entry)
    if crc != zip_entry.crc:
        raise DamagedDataError("wrong checksum")


def _unpacked(file: BinaryIO, zip_entry: ZipEntry) -> Iterator[bytes]:
    file.seek(zip_entry.offset)
    header = file.read(_HEADER_BYTES)
    if len(header) < _HEADER_BYTES or not header.startswith(_HEADER):
        raise DamagedDataError("no header before the file")
    name, extra = struct.unpack_from("<2H", header, 26)
    place, rest = zip_entry.offset + _HEADER_BYTES + name + extra, zip_entry.packed
    unpacker = zlib.decompressobj(-15) if zip_entry.method == DEFLATED else None
    while rest:
        # The place is kept here: the caller may read elsewhere between two pieces.
        file.seek(place)
        packed = file.read(min(rest, PIECE_BYTES))
        if not packed:
            raise cut_off()
        place, rest = place + len(packed), rest - len(packed)
        if unpacker is None:
            yield packed
            continue
        yield from _inflated(unpacker, packed)
        if unpacker.eof and (unpacker.unused_data or rest):
            # Bytes that no program shows, behind the end of the packed ones.
            raise _contradiction(zip_entry)
    if unpacker is not None and not unpacker.eof and zip_entry.packed:
        raise _contradiction(zip_entry)


def _inflated(unpacker: "zlib._Decompress", packed: bytes) -> Iterator[bytes]:
    while packed and not unpacker.eof:
        try:
            piece = unpacker.decompress(packed, PIECE_BYTES)
        except zlib.error as error:
            raise DamagedDataError(str(error)) from error
        packed = unpacker.unconsumed_tail
        if piece:
            yield piece


def _refusal_of(zip_entry: ZipEntry) -> ContainerRefused | None:
    """Return why a file is refused by what the list says of it, None otherwise."""
    unreadable = _unreadable(zip_entry)
    if unreadable is not None:
        return unreadable
    kind = zip_entry.mode & _TYPE_BITS
    if kind == _LINK:
        return ContainerRefused(RefusalCode.LINK, member=printable_name(zip_entry.name))
    if kind not in (0, _PLAIN, _FOLDER):
        return ContainerRefused(RefusalCode.SPECIAL_FILE, member=printable_name(zip_entry.name))
    return _contradiction(zip_entry) if zip_entry.is_folder and zip_entry.size else None


def _unreadable(zip_entry: ZipEntry) -> ContainerRefused | None:
    if zip_entry.is_locked:
        return ContainerRefused(RefusalCode.ENCRYPTED, member=printable_name(zip_entry.name))
    # LZMA and bzip2 take what memory a file asks for, and hardly any program writes them.
    uncommon = zip_entry.method not in (STORED, DEFLATED)
    if uncommon or zip_entry.flags & PATCHED or zip_entry.version > _NEWEST_VERSION:
        number = zip_entry.method
        return ContainerRefused(
            RefusalCode.METHOD, member=printable_name(zip_entry.name), number=number
        )
    return None


def _misplaced(
    file: BinaryIO, directory: Directory
) -> Iterator[tuple[ZipEntry | None, ContainerRefused]]:
    """Yield files that share bytes or disagree with their headers, and bytes of no file."""
    place = 0
    after: Container[int] = (0,)
    for zip_entry in sorted(directory.entries, key=lambda zip_entry: zip_entry.offset):
        if zip_entry.offset - place not in after:
            yield zip_entry, _contradiction(zip_entry)
        try:
            end = _end_of(file, zip_entry)
            after = (0, *_BEHIND_BYTES) if zip_entry.flags & DESCRIBED_BEHIND else (0,)
        except ContainerRefused as refusal:
            yield zip_entry, refusal
            # How long its header is, is not known: what follows may begin anywhere behind it.
            end = zip_entry.offset + _HEADER_BYTES + len(zip_entry.raw_name) + zip_entry.packed
            after = range(_LONGEST_EXTRA)
        place = max(place, end)
    if directory.start - place not in after:
        yield None, ContainerRefused(RefusalCode.CONTRADICTION, member="…")


def _end_of(file: BinaryIO, zip_entry: ZipEntry) -> int:
    """Return where the bytes of a file end, once its header agrees with the list."""
    file.seek(zip_entry.offset)
    header = file.read(_HEADER_BYTES)
    if len(header) < _HEADER_BYTES or not header.startswith(_HEADER):
        raise DamagedDataError("no header before the file")
    flags, method = struct.unpack_from("<2H", header, 6)
    crc, packed, size, name, extra = struct.unpack_from("<3L2H", header, 14)
    rest = file.read(name + extra)
    wide = iter(wide_numbers(rest[name:]))
    size, packed = (
        next(wide, number) if number == IN_64_BITS else number for number in (size, packed)
    )
    claimed, listed = (crc, packed, size), (zip_entry.crc, zip_entry.packed, zip_entry.size)
    is_open = bool(flags & DESCRIBED_BEHIND) and not any(claimed)
    agrees = rest[:name] == zip_entry.raw_name and method == zip_entry.method
    same_flags = not (flags ^ zip_entry.flags) & (LOCKED | DESCRIBED_BEHIND)
    if not (agrees and same_flags and (is_open or claimed == listed)):
        raise _contradiction(zip_entry)
    return zip_entry.offset + _HEADER_BYTES + int(name) + int(extra) + zip_entry.packed


def _contradiction(zip_entry: ZipEntry) -> ContainerRefused:
    return ContainerRefused(RefusalCode.CONTRADICTION, member=printable_name(zip_entry.name))
