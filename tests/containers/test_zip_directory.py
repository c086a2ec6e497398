"""The list of a ZIP file is measured before it is read, in the 64-bit form too; strictly."""

import io
import struct
import time
import zipfile
import zlib
from dataclasses import replace

import pytest

from quetsach.containers.refusal import ContainerRefused, RefusalCode
from quetsach.containers.zip_directory import (
    MOST_DIRECTORY_BYTES,
    Directory,
    has_zip_end,
    read_directory,
    tail_of,
    wide_numbers,
)
from tests.containers.samples import LOG, SMALL, WIDE, in_64_bits, zip_by_hand, zipped


def listed(raw: bytes, bounds=WIDE) -> Directory:
    return read_directory(io.BytesIO(raw), bounds)


def names(raw: bytes) -> list[str]:
    return [entry.name for entry in listed(raw).entries]


def fault(raw: bytes, bounds=WIDE) -> RefusalCode | None:
    try:
        listed(raw, bounds)
    except ContainerRefused as refused:
        return refused.code
    return None


def test_the_list_tells_what_python_tells() -> None:
    raw = zipped({"a.log": LOG, "thị trấn/b.log": LOG * 9, "d/": b""})
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        judge = [
            (entry.filename, entry.file_size, entry.compress_size, entry.CRC, entry.header_offset)
            for entry in archive.infolist()
        ]
    entries = listed(raw).entries
    assert [
        (entry.name, entry.size, entry.packed, entry.crc, entry.offset) for entry in entries
    ] == judge
    assert [entry.is_folder for entry in entries] == [False, False, True]


def test_the_time_of_a_file_is_that_of_the_zone_of_this_machine() -> None:
    (entry,) = listed(zipped({"a.log": LOG})).entries
    assert entry.when == time.mktime((2026, 9, 1, 8, 15, 22, 0, 0, -1))


@pytest.mark.parametrize("dos_time", [0, 0xFFFFFFFF])
def test_a_time_that_is_none_is_never_an_error(dos_time: int) -> None:
    (entry,) = listed(zipped({"a.log": LOG})).entries
    assert replace(entry, dos_time=dos_time).when >= 0


def test_the_64_bit_form_is_read() -> None:
    assert names(in_64_bits(zipped({"a.log": LOG}))) == ["a.log"]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed, packed.open("a.log", "w", force_zip64=True) as file:
        file.write(LOG)
    (entry,) = listed(out.getvalue()).entries
    assert (entry.name, entry.size) == ("a.log", len(LOG))


def test_a_64_bit_end_beside_a_full_one_must_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python writes both in full for an archive of 2 to 4 GiB."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 8)
    raw = zipped({"a.log": LOG, "b.log": LOG})
    assert b"PK\x06\x06" in raw
    assert names(raw) == ["a.log", "b.log"]
    for place in (8, 10, 12, 16):
        changed = bytearray(raw)
        changed[len(raw) - 22 + place] ^= 1
        assert fault(bytes(changed)) is RefusalCode.DAMAGED


def test_end_records_that_disagree_are_damage() -> None:
    raw = in_64_bits(zipped({"a.log": LOG}))
    assert fault(raw.replace(b"PK\x06\x06", b"PK\x06\x09")) is RefusalCode.DAMAGED
    assert fault(raw.replace(b"PK\x06\x07", b"PK\x06\x09")) is RefusalCode.DAMAGED
    place = raw.index(b"PK\x06\x07") + 8
    moved = raw[:place] + struct.pack("<Q", 7) + raw[place + 8 :]
    assert fault(moved) is RefusalCode.DAMAGED


@pytest.mark.parametrize("length", [1 << 40, (1 << 64) - 1])
def test_a_list_too_long_for_memory_is_refused_in_either_form(length: int) -> None:
    raw = zipped({"a.log": LOG})
    assert fault(in_64_bits(raw, length)) is RefusalCode.TOO_MANY
    short = bytearray(raw)
    short[-10:-6] = struct.pack("<L", 1 << 31)
    assert fault(bytes(short)) is RefusalCode.TOO_MANY


def test_no_bounds_let_a_list_be_longer_than_16_MiB() -> None:
    """The reader of evidence had this limit, those of uploads and documents had not."""
    short = bytearray(zipped({"a.log": LOG}))
    short[-10:-6] = struct.pack("<L", MOST_DIRECTORY_BYTES + 1)
    many = replace(WIDE, entries=1 << 40)
    assert fault(bytes(short), many) is RefusalCode.TOO_MANY


def test_a_length_that_spells_another_end_does_not_hide_a_long_list() -> None:
    content = bytearray(zipped({"a.log": LOG}))
    content[-10:-6] = b"PK\x05\x06"
    assert fault(bytes(content)) is RefusalCode.TOO_MANY


def test_more_files_than_the_bounds_are_refused_before_they_are_read() -> None:
    raw = zipped({str(number): b"x" for number in range(6)})
    with pytest.raises(ContainerRefused) as caught:
        listed(raw, SMALL)
    assert (caught.value.code, caught.value.facts) == (RefusalCode.TOO_MANY, {"limit": 5})
    assert len(listed(raw, replace(SMALL, entries=6)).entries) == 6


def test_more_files_than_the_end_says_are_a_contradiction() -> None:
    """Python reads the list to its end, whatever number the end record has."""
    raw = bytearray(zipped({"a": b"1", "b": b"2"}))
    raw[-14:-10] = struct.pack("<2H", 1, 1)
    assert fault(bytes(raw)) is RefusalCode.CONTRADICTION


def test_a_comment_behind_the_list_is_no_hindrance() -> None:
    out = io.BytesIO(zipped({"a.log": LOG}))
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"x" * 65_535
    assert names(out.getvalue()) == ["a.log"]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        # Python, and so the readers of evidence and documents, passed over what precedes the
        # archive and over a gap before the list.
        (zip_by_hand(b"a.log") + b"more", RefusalCode.DAMAGED),
        (b"MZ" + zipped({"a.log": LOG}), RefusalCode.CONTRADICTION),
        (b"PK\x03\x04 nothing", RefusalCode.CUT_OFF),
        (b"", RefusalCode.CUT_OFF),
        (zipped({"a.log": LOG})[:-30], RefusalCode.CUT_OFF),
    ],
)
def test_bytes_around_the_archive_are_refused(raw: bytes, code: RefusalCode) -> None:
    assert fault(raw) is code


def test_an_archive_of_several_volumes_is_refused() -> None:
    raw = bytearray(zipped({"a.log": LOG}))
    raw[-18:-16] = b"\x01\x00"
    assert fault(bytes(raw)) is RefusalCode.DAMAGED
    assert fault(zip_by_hand(b"a.log", listed={"flags": 0x2000})) is RefusalCode.DAMAGED


def test_a_name_that_is_not_the_utf8_it_is_marked_as_is_damage() -> None:
    """The reader of uploads put another sign there, and so two files could have one name."""
    assert fault(zip_by_hand(b"a\xff.log", flags=0x800)) is RefusalCode.DAMAGED
    assert names(zip_by_hand("nhật.log".encode(), flags=0x800)) == ["nhật.log"]
    assert names(zip_by_hand(b"a\xff.log")) == ["a\u00a0.log"]


@pytest.mark.parametrize(
    ("field_of", "name"),
    [(b"log.csv", "../\u1ead.exe"), (b"another.csv", "log.csv")],
)
def test_the_name_is_the_one_that_other_programs_show(field_of: bytes, name: str) -> None:
    """A field of Info-ZIP, 0x7075, renames a file where its checksum is that of the old name."""
    content = struct.pack("<BL", 1, zlib.crc32(field_of)) + "../\u1ead.exe".encode()
    extra = struct.pack("<HH", 0x7075, len(content)) + content
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("log.csv")
        info.extra = extra
        archive.writestr(info, LOG)
    assert names(out.getvalue()) == [name]


@pytest.mark.parametrize("extra", [b"\x01\x00\x10\x00abc", b"\x99\x99\xff\xff"])
def test_an_extra_field_longer_than_its_place_is_damage(extra: bytes) -> None:
    """Python refuses it, the reader of uploads did not."""
    assert fault(zip_by_hand(b"a.log", extra=extra)) is RefusalCode.DAMAGED


def test_a_size_of_64_bits_that_is_announced_and_missing_is_damage() -> None:
    """Python refuses it, the reader of uploads took the mark itself for the size."""
    raw = zip_by_hand(b"a.log", listed={"size": 0xFFFFFFFF})
    assert fault(raw) is RefusalCode.DAMAGED
    wide = struct.pack("<2HQ", 1, 8, len(LOG))
    (entry,) = listed(zip_by_hand(b"a.log", listed={"size": 0xFFFFFFFF}, extra=wide)).entries
    assert entry.size == len(LOG)


def test_numbers_of_64_bits_are_found_among_other_fields() -> None:
    field = struct.pack("<2H2Q", 1, 16, 5, 6)
    assert wide_numbers(struct.pack("<2H4s", 0x5455, 4, b"time") + field) == (5, 6)
    assert wide_numbers(b"") == wide_numbers(b"\x55\x54\x04\x00time") == ()


def test_parts_of_office_files_have_one_name_whatever_their_case_and_slashes() -> None:
    (entry,) = listed(zip_by_hand(b"./XL\\vbaProject.bin", crc=zlib.crc32(LOG))).entries
    assert entry.part == "xl/vbaproject.bin"


def test_a_zip_file_behind_another_kind_is_seen_at_its_end() -> None:
    raw = b"%PDF-1.7\n" + b"x" * 90_000 + zipped({"a.log": LOG})
    assert has_zip_end(tail_of(io.BytesIO(raw)))
    assert not has_zip_end(b"%PDF-1.7 %%EOF")
    assert not has_zip_end(b"PK\x05\x06")
