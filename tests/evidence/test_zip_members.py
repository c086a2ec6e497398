"""ZIP files: the directory is measured before it is read, in the 64-bit form too."""

import io
import struct
import zipfile

import pytest

from quetsach.evidence.codecs import DamagedDataError
from quetsach.evidence.zip_members import zip_members
from quetsach.texts import _
from tests.evidence.test_archives import LOG, zipped


def names(content: bytes) -> list[str]:
    return [one.name for one in zip_members(io.BytesIO(content))]


def far(content: bytes, directory: int | None = None) -> bytes:
    """Return a ZIP file with the 64-bit end record that great archives have."""
    place = content.rfind(b"PK\x05\x06")
    count, size, start = struct.unpack_from("<HLL", content, place + 10)
    told = size if directory is None else directory
    end = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, told, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, place, 1)
    last = bytearray(content[place:])
    last[8:20] = b"\xff" * 12
    return content[:place] + end + locator + bytes(last)


def test_the_64_bit_form_is_read() -> None:
    assert names(far(zipped(("a.log", LOG)))) == ["a.log"]


@pytest.mark.parametrize("directory", [1 << 40, (1 << 64) - 1])
def test_a_directory_too_long_for_memory_is_refused_in_either_form(directory: int) -> None:
    with pytest.raises(DamagedDataError):
        names(far(zipped(("a.log", LOG)), directory))


def test_a_length_that_spells_another_end_does_not_hide_a_long_directory() -> None:
    content = bytearray(zipped(("a.log", LOG)))
    content[-10:-6] = b"PK\x05\x06"
    with pytest.raises(DamagedDataError, match=str(_("its list of files is too long"))):
        names(bytes(content))


def test_a_comment_behind_the_directory_is_no_hindrance() -> None:
    out = io.BytesIO(zipped(("a.log", LOG)))
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"x" * 65_535
    assert names(out.getvalue()) == ["a.log"]


def test_an_uncommon_packing_is_refused_with_its_number() -> None:
    (one,) = zip_members(io.BytesIO(zipped(("a.log", LOG), packed=zipfile.ZIP_LZMA)))
    assert one.refused is not None
    assert "14" in one.refused
