"""OLE compound files, in which Office keeps old documents, locked ones, and Outlook its mails.

Source: [MS-CFB]. Only the names at the root are read here: they tell what the file holds.
"""

import struct

_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY_BYTES = 128
_MOST_ENTRIES = 20_000
_MOST_SECTORS = 4_000
_NONE = 0xFFFFFFFF
_END = 0xFFFFFFFA
"""From here on numbers of sectors mean something else: free, end of chain, part of a table."""


def is_compound(raw: bytes) -> bool:
    """Return whether `raw` begins as a compound file."""
    return raw.startswith(_SIGNATURE)


def streams_of(raw: bytes) -> frozenset[str]:
    """Return the names of what lies at the root of the compound file, as far as it is sound."""
    entries = _entries(raw)
    if not entries:
        return frozenset()
    names: set[str] = set()
    seen: set[int] = set()
    waiting = [_child_of(entries[0])]
    while waiting:
        number = waiting.pop()
        if number in seen or number >= len(entries):
            continue
        seen.add(number)
        name, left, right = _names_of(entries[number])
        names.add(name)
        waiting += [left, right]
    return frozenset(names)


def _entries(raw: bytes) -> list[bytes]:
    if len(raw) < 512:
        return []
    shift = struct.unpack_from("<H", raw, 30)[0]
    if shift not in (9, 12):
        return []
    size = 1 << shift
    sector = struct.unpack_from("<I", raw, 48)[0]
    entries: list[bytes] = []
    seen: set[int] = set()
    while sector < _END and sector not in seen and len(seen) < _MOST_SECTORS:
        seen.add(sector)
        data = raw[(sector + 1) * size : (sector + 2) * size]
        entries += [data[at : at + _ENTRY_BYTES] for at in range(0, len(data), _ENTRY_BYTES)]
        sector = _next(raw, sector, size)
    return [one for one in entries[:_MOST_ENTRIES] if len(one) == _ENTRY_BYTES]


def _next(raw: bytes, sector: int, size: int) -> int:
    """Return the sector behind `sector` in its chain; of the table only its first part is known."""
    in_table, at = divmod(sector, size // 4)
    if in_table >= 109:
        return _NONE
    table = struct.unpack_from("<I", raw, 76 + 4 * in_table)[0]
    start = (table + 1) * size + 4 * at
    if table >= _END or start + 4 > len(raw):
        return _NONE
    return int(struct.unpack_from("<I", raw, start)[0])


def _child_of(entry: bytes) -> int:
    return int(struct.unpack_from("<I", entry, 76)[0])


def _names_of(entry: bytes) -> tuple[str, int, int]:
    size = min(64, struct.unpack_from("<H", entry, 64)[0])
    left, right = struct.unpack_from("<II", entry, 68)
    return entry[: max(0, size - 2)].decode("utf-16-le", "replace"), left, right
