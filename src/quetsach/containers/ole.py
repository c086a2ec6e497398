"""OLE compound files, in which Office keeps old documents, locked ones, and Outlook its mails.

Only names at the root and the records of an old workbook are read here: they tell what it holds.
Source: [MS-CFB]; [MS-XLS] 2.1.4.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from quetsach.containers.refusal import DamagedDataError
from quetsach.containers.signatures import is_compound

_HEADER_BYTES = 512
_ENTRY_BYTES = 128
_MOST_ENTRIES = 20_000
_MOST_SECTORS = 4_000
_NONE = 0xFFFFFFFF
_END = 0xFFFFFFFA
"""From here on numbers of sectors mean something else: free, end of chain, part of a table."""

_LISTED_TABLES = 109
"""The header lists so many sectors of the table; a chain that runs further is not followed."""

_MOST_STREAM_BYTES = 64 * 1024 * 1024


def root_names(file: BinaryIO) -> frozenset[str]:
    """Return the names of what lies at the root of a compound file, as far as it is sound.

    Cost: at most 4,000 sectors, and memory for 20,000 entries.
    """
    entries = _entries(file)
    if not entries:
        return frozenset()
    names: set[str] = set()
    visited: set[int] = set()
    waiting = [int(struct.unpack_from("<I", entries[0], 76)[0])]
    while waiting:
        number = waiting.pop()
        if number in visited or number >= len(entries):
            continue
        visited.add(number)
        name, before, behind = _name_of(entries[number])
        names.add(name)
        waiting += [before, behind]
    return frozenset(names)


def record_kinds(file: BinaryIO, stream: str) -> frozenset[int]:
    """Return the kinds of records in a workbook's stream of the form BIFF.

    Errors: DamagedDataError when the stream cannot be read.
    Cost: memory for 64 MiB of the stream at most.
    """
    import olefile

    try:
        most = min(file.seek(0, 2), _MOST_STREAM_BYTES)
        file.seek(0)
        with olefile.OleFileIO(file) as opened:
            # It would follow a chain that runs in a circle for as long as the stream claims to be.
            if opened.get_size(stream) > most:
                raise DamagedDataError("a stream is longer than its file, or than 64 MiB")
            content = bytes(opened.openstream(stream).read())
    except (OSError, ValueError, struct.error, IndexError, TypeError) as error:
        raise DamagedDataError(str(error)) from error
    return frozenset(_records(content))


def _records(content: bytes) -> Iterator[int]:
    place = 0
    while place + 4 <= len(content):
        kind, size = struct.unpack_from("<HH", content, place)
        yield int(kind)
        place += 4 + size


def _entries(file: BinaryIO) -> list[bytes]:
    file.seek(0)
    header = file.read(_HEADER_BYTES)
    if len(header) < _HEADER_BYTES or not is_compound(header):
        return []
    shift = struct.unpack_from("<H", header, 30)[0]
    if shift not in (9, 12):
        return []
    size = 1 << shift
    sector = int(struct.unpack_from("<I", header, 48)[0])
    entries: list[bytes] = []
    visited: set[int] = set()
    while sector < _END and sector not in visited and len(visited) < _MOST_SECTORS:
        visited.add(sector)
        file.seek((sector + 1) * size)
        content = file.read(size)
        entries += [content[at : at + _ENTRY_BYTES] for at in range(0, len(content), _ENTRY_BYTES)]
        if len(entries) >= _MOST_ENTRIES:
            break
        sector = _next_sector(file, header, sector, size)
    return [entry for entry in entries[:_MOST_ENTRIES] if len(entry) == _ENTRY_BYTES]


def _next_sector(file: BinaryIO, header: bytes, sector: int, size: int) -> int:
    """Return the sector behind `sector` in its chain."""
    number, at = divmod(sector, size // 4)
    if number >= _LISTED_TABLES:
        return _NONE
    table = struct.unpack_from("<I", header, 76 + 4 * number)[0]
    if table >= _END:
        return _NONE
    file.seek((table + 1) * size + 4 * at)
    raw = file.read(4)
    return int(struct.unpack("<I", raw)[0]) if len(raw) == 4 else _NONE


def _name_of(entry: bytes) -> tuple[str, int, int]:
    size = min(64, struct.unpack_from("<H", entry, 64)[0])
    before, behind = struct.unpack_from("<II", entry, 68)
    return entry[: max(0, size - 2)].decode("utf-16-le", "replace"), before, behind
