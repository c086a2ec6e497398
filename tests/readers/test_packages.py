"""ZIP files that were made to swell are refused before they do."""

import io
import struct
import zipfile

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.contract import ReadLimits
from quetsach.readers.packages import ZipPackage, kind_in, names_of
from tests.readers.samples import zipped

LIMITS = ReadLimits(bytes_unpacked=64 << 20)


def refused(raw: bytes, limits: ReadLimits = LIMITS) -> str:
    with pytest.raises(QuetsachError) as raised:
        ZipPackage(raw, "x.zip", limits)
    return raised.value.problem.code


def test_a_file_that_swells_a_thousandfold_is_refused() -> None:
    assert refused(zipped({"a": b"\0" * (20 << 20)})) == "E414"


def test_files_that_swell_together_are_refused() -> None:
    block = bytes(range(256)) * 4096
    raw = zipped({str(n): block for n in range(70)})
    assert refused(raw) == "E414"


def test_more_files_than_anyone_packs_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for number in range(50_001):
            packed.writestr(zipfile.ZipInfo(str(number)), b"")
    assert refused(out.getvalue()) == "E414"


def test_files_that_share_their_packed_bytes_are_refused() -> None:
    raw = zipped({"aa": b"kernel" * 50_000, "bb": b"x"}, compression=zipfile.ZIP_STORED)
    first = raw.index(b"PK\x01\x02")
    entry_size = 46 + 2
    entry = raw[first : first + entry_size]
    many = b"".join(entry[:46] + f"{n:02}".encode() for n in range(3))
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 3, 3, len(many), first, 0)
    assert refused(raw[:first] + many + end) == "E414"


def test_a_size_that_lies_gives_no_more_bytes_than_it_says() -> None:
    raw = bytearray(zipped({"a": b"x" * 100_000}))
    at = raw.index(b"PK\x01\x02") + 24
    raw[at : at + 4] = struct.pack("<I", 10)
    package = ZipPackage(bytes(raw), "x.zip", LIMITS)
    # Ten bytes do not have the sum of all: so it is damage, found before any more is unpacked.
    with pytest.raises(QuetsachError) as raised:
        package.read("a")
    assert raised.value.problem.code == "E411"


def test_damage_and_absence_have_their_codes() -> None:
    assert refused(b"PK\x03\x04 nothing") == "E411"
    package = ZipPackage(zipped({"a": b"x"}), "x.zip", LIMITS)
    with pytest.raises(QuetsachError) as raised:
        package.read("b")
    assert raised.value.problem.code == "E411"


def test_names_and_kind_are_read_of_sound_files_only() -> None:
    assert names_of(zipped({"mimetype": "a/b"})) == {"mimetype"}
    assert kind_in(zipped({"mimetype": "a/b\n"})) == "a/b"
    assert (names_of(b"PK\x03\x04"), kind_in(b"text"), kind_in(zipped({"x": ""}))) == (
        frozenset(),
        "",
        "",
    )


@pytest.mark.parametrize("harm", ["locked", "options", "memory", "data"])
def test_a_kind_that_is_packed_to_harm_names_none(harm: str) -> None:
    method = zipfile.ZIP_DEFLATED if harm == "locked" else zipfile.ZIP_LZMA
    raw = bytearray(zipped({"mimetype": b"application/x" * 9}, compression=method))
    data = raw.index(b"mimetype") + len("mimetype")
    if harm == "locked":
        raw[6] |= 1
        raw[raw.index(b"PK\x01\x02") + 8] |= 1
    elif harm == "options":
        raw[data + 4 : data + 9] = b"\xff" * 5
    elif harm == "memory":  # a dictionary of 4 GiB
        raw[data + 5 : data + 9] = b"\xff" * 4
    else:
        raw[data + 10 : data + 20] = b"\xff" * 10
    assert kind_in(bytes(raw)) == ""


def test_damage_of_lzma_is_told_as_damage() -> None:
    raw = bytearray(zipped({"a": b"abc" * 90}, compression=zipfile.ZIP_LZMA))
    data = raw.index(b"PK\x01\x02") - 12
    raw[data : data + 8] = b"\xff" * 8
    with pytest.raises(QuetsachError) as raised:
        ZipPackage(bytes(raw), "x.zip", LIMITS).read("a")
    assert raised.value.problem.code == "E411"
