"""Packed files are told by their first bytes and unpacked as far as they are good."""

import bz2
import gzip
import io
import lzma
import random
from collections.abc import Callable

import pyarrow as pa
import pytest

from quetsach.evidence.codecs import (
    Codec,
    DamagedDataError,
    archive_kind,
    binary_kind,
    codec_of,
    unpacked,
)


def _zstd(data: bytes) -> bytes:
    return bytes(pa.compress(data, codec="zstd", asbytes=True))


PACKERS: dict[Codec, Callable[[bytes], bytes]] = {
    Codec.GZIP: gzip.compress,
    Codec.ZSTD: _zstd,
    Codec.XZ: lzma.compress,
    Codec.BZIP2: bz2.compress,
}

LOG = "".join(
    f"2022-09-12T08:{n % 60:02d}:00 {random.Random(n).random()} 10.1.2.3\n" for n in range(60_000)
).encode()


@pytest.mark.parametrize("codec", PACKERS)
def test_members_behind_one_another_are_all_read(codec: Codec) -> None:
    packed = PACKERS[codec](LOG) + PACKERS[codec](b"and more\n")
    assert codec_of(packed[:16]) is codec
    assert b"".join(unpacked(io.BytesIO(packed), codec)) == LOG + b"and more\n"


@pytest.mark.parametrize("codec", PACKERS)
def test_a_file_cut_off_gives_its_good_part_and_says_so(codec: Codec) -> None:
    packed = PACKERS[codec](LOG)
    good, error = _read_out(packed[: len(packed) * 2 // 3], codec)
    assert error
    assert LOG.startswith(good)
    assert len(good) > len(LOG) // 4 or codec in (Codec.XZ, Codec.BZIP2)


def test_damage_in_the_middle_of_gzip_keeps_what_stood_before() -> None:
    packed = bytearray(gzip.compress(LOG))
    middle = len(packed) // 2
    packed[middle : middle + 40] = b"\xff" * 40
    good, error = _read_out(bytes(packed), Codec.GZIP)
    assert error
    # Deflate has no sync marks: some text right before the damage may already be wrong.
    assert len(good) > len(LOG) // 3
    assert LOG.startswith(good[: len(LOG) // 3])


def test_zeros_behind_a_gzip_file_are_padding() -> None:
    packed = gzip.compress(LOG) + b"\x00" * 1000
    assert b"".join(unpacked(io.BytesIO(packed), Codec.GZIP)) == LOG


def test_a_bomb_comes_out_in_small_pieces() -> None:
    bomb = gzip.compress(b"\x00" * (64 << 20), 9)
    assert max(len(piece) for piece in unpacked(io.BytesIO(bomb), Codec.GZIP)) <= 1 << 20


def test_xz_gets_no_more_memory_than_its_own_program_writes_for() -> None:
    greedy = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 30}]
    with pytest.raises(DamagedDataError, match=r"[Mm]emory"):
        list(unpacked(io.BytesIO(lzma.compress(b"a line\n", filters=greedy)), Codec.XZ))
    usual = lzma.compress(b"a line\n", preset=9 | lzma.PRESET_EXTREME)
    assert b"".join(unpacked(io.BytesIO(usual), Codec.XZ)) == b"a line\n"


def test_utf16_becomes_utf8() -> None:
    text = "thời gian\t10.1.2.3\r\nđịa chỉ\r\n"
    packed = text.encode("utf-16")
    assert codec_of(packed) is Codec.UTF16
    assert b"".join(unpacked(io.BytesIO(packed), Codec.UTF16)) == text.encode()


def _read_out(packed: bytes, codec: Codec) -> tuple[bytes, bool]:
    good = b""
    try:
        for piece in unpacked(io.BytesIO(packed), codec):
            good += piece
    except DamagedDataError:
        return good, True
    return good, False


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


def test_archives_are_told() -> None:
    assert archive_kind(b"PK\x03\x04rest") == "zip"
    assert archive_kind(b"name" + b"\x00" * 253 + b"ustar\x00") == "tar"
    assert archive_kind(b"plain text") is None
