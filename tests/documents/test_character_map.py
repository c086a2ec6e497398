"""What a font's table of characters says, read from tables written out by hand."""

import struct
from pathlib import Path

import pytest

from quetsach.documents.character_map import CharacterMap, character_map

# Two segments: A to C by their distance, x to z by a list in which y has no drawing; then the end.
ENDS, STARTS = (ord("C"), ord("z"), 0xFFFF), (ord("A"), ord("x"), 0xFFFF)
DELTAS, OFFSETS, GLYPHS = (-60 & 0xFFFF, 0, 1), (0, 4, 0), (7, 0, 9)
SEGMENTS = b"".join(
    (
        struct.pack(">7H", 4, 0, 0, 6, 0, 0, 0),
        struct.pack(">3HH", *ENDS, 0),
        struct.pack(">3H", *STARTS),
        struct.pack(">3H", *DELTAS),
        struct.pack(">3H", *OFFSETS),
        struct.pack(">3H", *GLYPHS),
    )
)
GROUPS = struct.pack(">HHIII", 12, 0, 0, 0, 2) + struct.pack(
    ">6I", 0x1780, 0x17B3, 5, 0x1F600, 0x1F64F, 90
)


def font(*subtables: tuple[int, int, bytes], before: bytes = b"") -> bytes:
    """Return a font of nothing but its map; `before` stands in front of it in the file."""
    head = struct.pack(">HH", 0, len(subtables))
    place, records, data = 4 + 8 * len(subtables), b"", b""
    for platform, encoding, one in subtables:
        records += struct.pack(">HHI", platform, encoding, place + len(data))
        data += one
    table = head + records + data
    start = len(before) + 12 + 16
    entry = struct.pack(">4sIII", b"cmap", 0, start, len(table))
    return before + b"\0\1\0\0" + struct.pack(">4H", 1, 0, 0, 0) + entry + table


@pytest.mark.parametrize(("sign", "is_there"), [*zip("ABC@DxyzwX😀", "11100101000", strict=True)])
def test_segments_are_read_by_distance_and_by_list(sign: str, is_there: str) -> None:
    assert CharacterMap(4, SEGMENTS).has(sign) is (is_there == "1")


@pytest.mark.parametrize(("sign", "is_there"), [*zip("កឳ😀🙏A🚀", "111100", strict=True)])
def test_groups_reach_beyond_the_first_plane(sign: str, is_there: str) -> None:
    assert CharacterMap(12, GROUPS).has(sign) is (is_there == "1")


def test_the_map_of_the_whole_of_unicode_is_taken_before_the_smaller_one(tmp_path: Path) -> None:
    path = tmp_path / "a.ttf"
    path.write_bytes(font((3, 1, SEGMENTS), (3, 10, GROUPS)))
    found = character_map(path)
    assert found is not None
    assert (found.format, found.has("😀"), found.has("A")) == (12, True, False)


def test_a_font_within_a_collection_is_found_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "a.ttc"
    first = b"ttcf" + struct.pack(">III", 0x10000, 1, 16)
    path.write_bytes(font((3, 1, SEGMENTS), before=first))
    found = character_map(path, 0)
    assert found is not None
    assert found.has("A")


@pytest.mark.parametrize(
    "data", [b"", b"no font", font(), font((3, 1, SEGMENTS))[:40], font((1, 0, SEGMENTS))]
)
def test_what_is_no_font_or_is_cut_off_has_no_map(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.ttf"
    path.write_bytes(data)
    assert character_map(path) is None
    assert character_map(tmp_path / "gone.ttf") is None
