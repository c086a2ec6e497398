"""What a file is, is told from its first bytes."""

import struct

import pytest

from quetsach.containers.signatures import (
    archive_kind,
    binary_kind,
    is_compound,
    is_program,
    is_zip,
)
from tests.containers.samples import tarred, zipped

PROGRAM = b"MZ\x90\x00" + bytes(56) + struct.pack("<L", 64) + b"PE\x00\x00" + bytes(400)


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\xd4\xc3\xb2\xa1" + b"\x00" * 20, "pcap"),
        (b"ElfFile\x00" + b"\x00" * 20, "evtx"),
        (bytes(range(256)) * 4, "unknown"),
        (b"\x00" * 100, "unknown"),
        (b"Sep  1 08:15:22 gw kernel: x\n" * 9, None),
        (b"Sep  1 08:15:22 gw kernel: x\n" * 9 + b"\x00" * 4000, None),
        ("2022-09-12 08:00 địa chỉ độc hại\n".encode() * 3, None),
    ],
)
def test_binary_data_are_told_from_logs(start: bytes, kind: str | None) -> None:
    assert binary_kind(start) == kind


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"PK\x03\x04rest", "zip"),
        # The readers of uploads and of documents knew an empty ZIP file, that of evidence did not.
        (zipped({}), "zip"),
        (tarred({"a": b"1"}), "tar"),
        (b"name" + b"\x00" * 253 + b"ustar\x00", "tar"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"Rar!\x1a\x07\x01\x00", "rar"),
        # Only the reader of uploads knew these two.
        (b"MSCF\x00\x00", "cab"),
        (b"\x1f\x9d\x90", "compress"),
        (b"plain text", None),
        (b"\x1f\x8b\x08", None),
    ],
)
def test_archives_are_told(start: bytes, kind: str | None) -> None:
    assert archive_kind(start) == kind


@pytest.mark.parametrize(
    ("start", "is_one"),
    [
        (PROGRAM, True),
        (b"MZ" + bytes(200), True),
        (b"\x7fELF\x02", True),
        (b"L\x00\x00\x00\x01\x14\x02\x00", True),
        (b"MZ is how this line of text begins, and it goes on and on and on.....", False),
        (b"MZ", False),
        (b"text", False),
    ],
)
def test_programs_are_told(start: bytes, is_one: bool) -> None:
    assert is_program(start) is is_one


def test_zip_and_compound_files_are_told() -> None:
    assert is_zip(zipped({"a": b""}))
    assert not is_zip(b"PK\x01\x02")
    assert is_compound(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest")
    assert not is_compound(b"\xd0\xcf\x11\xe0")
