"""What is surely no log is told from what may hold one."""

import struct
import zipfile
from pathlib import Path

import pytest

from quetsach.evidence.no_logs import no_log


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "picture"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "picture"),
        (b"BM" + struct.pack("<IHHI", 1000, 0, 0, 54), "picture"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "picture"),
        (b"%PDF-1.7\n", "document"),
        (b"{\\rtf1\\ansi", "document"),
        (b"\x00\x00\x00\x20ftypisom" + bytes(20), "sound"),
        (b"\x7fELF" + bytes(20), "program"),
        # These may be evidence, or hold it.
        (b"BM config was saved 2026-09-01\n", None),
        (b"SQLite format 3\x00", None),
        (b"\xd4\xc3\xb2\xa1" + bytes(20), None),
        (b"10.20.3.41 bad.example\n", None),
        (b"II am a log\n", None),
    ],
)
def test_a_kind_is_told_by_the_first_bytes(start: bytes, kind: str | None, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(start)
    assert no_log(path, start) == kind


@pytest.mark.parametrize(
    ("part", "kind"),
    [("word/document.xml", "document"), ("ppt/presentation.xml", "document"),
     ("xl/workbook.xml", None), ("logs/fw1.log", None)],
)  # fmt: skip
def test_a_written_document_is_no_log_and_a_workbook_may_be(
    part: str, kind: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "file.zip"
    with zipfile.ZipFile(path, "w") as file:
        if not part.endswith(".log"):
            file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr(part, "x")
    assert no_log(path, path.read_bytes()[:100]) == kind


def test_a_damaged_container_is_left_to_who_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "file.zip"
    path.write_bytes(b"PK\x03\x04" + bytes(30))
    assert no_log(path, path.read_bytes()) is None
    assert no_log(tmp_path / "gone", b"PK\x03\x04") is None
