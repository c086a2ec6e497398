"""Which characters a font file has: its table `cmap`, read as far as one question needs it.

Source: OpenType 1.9.1, cmap, formats 4 and 12; what a font of Unicode has is in one of them.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

_COLLECTION = b"ttcf"
_MOST_BYTES = 8 * 1024 * 1024
# Platform and encoding of the whole of Unicode first, then of its first plane alone.
_WANTED = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (0, 2), (0, 1), (0, 0))


@dataclass(frozen=True)
class CharacterMap:
    """One subtable of a font: its format, and its bytes."""

    format: int
    data: bytes

    def has(self, sign: str) -> bool:
        """Tell whether the font draws this character."""
        found = _by_groups if self.format == 12 else _by_segments
        return found(self.data, ord(sign)) != 0


def character_map(path: Path, index: int = 0) -> CharacterMap | None:
    """Return the map of the font `index` in the file, or None where none can be read."""
    try:
        with path.open("rb") as file:
            start = 0
            head = file.read(12)
            if head[:4] == _COLLECTION:
                file.seek(12 + 4 * index)
                (start,) = struct.unpack(">I", file.read(4))
                file.seek(start)
                head = file.read(12)
            (count,) = struct.unpack_from(">H", head, 4)
            tables = file.read(16 * count)
            for tag, _sum, place, length in struct.iter_unpack(">4sIII", tables):
                if tag == b"cmap" and length <= _MOST_BYTES:
                    file.seek(place)
                    return _best(file.read(length))
    except (OSError, struct.error):
        return None
    return None


def _best(table: bytes) -> CharacterMap | None:
    (count,) = struct.unpack_from(">H", table, 2)
    places = {
        (platform, encoding): place
        for platform, encoding, place in struct.iter_unpack(">HHI", table[4 : 4 + 8 * count])
    }
    for key in _WANTED:
        if key in places:
            data = table[places[key] :]
            (form,) = struct.unpack_from(">H", data)
            if form in (4, 12):
                return CharacterMap(form, data)
    return None


def _by_groups(data: bytes, code: int) -> int:
    (count,) = struct.unpack_from(">I", data, 12)
    for first, last, glyph in struct.iter_unpack(">III", data[16 : 16 + 12 * count]):
        if first <= code <= last:
            return int(glyph + code - first)
    return 0


def _by_segments(subtable: bytes, code: int) -> int:
    if code > 0xFFFF:
        return 0
    (twice,) = struct.unpack_from(">H", subtable, 6)
    ends = struct.unpack_from(f">{twice // 2}H", subtable, 14)
    place = next((n for n, end in enumerate(ends) if code <= end), None)
    if place is None:
        return 0
    # The four columns follow one another, with a word of padding after the first.
    at = 16 + twice + 2 * place
    (start,) = struct.unpack_from(">H", subtable, at)
    (delta,) = struct.unpack_from(">H", subtable, at + twice)
    (offset,) = struct.unpack_from(">H", subtable, at + 2 * twice)
    if code < start:
        return 0
    if offset == 0:
        return int(code + delta) & 0xFFFF
    (glyph,) = struct.unpack_from(">H", subtable, at + 2 * twice + offset + 2 * (code - start))
    return int(glyph + delta) & 0xFFFF if glyph else 0
