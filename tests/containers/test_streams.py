"""Packed files are told by their first bytes, and unpacked as far as good and within bounds."""

import bz2
import gzip
import io
import lzma
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pyarrow as pa
import pytest

from quetsach.containers.bounds import ByteBudget
from quetsach.containers.refusal import ContainerRefused, DamagedDataError, RefusalCode
from quetsach.containers.streams import Codec, PieceReader, codec_of, peek, start_of, unpacked
from tests.containers.samples import MIB, code_of, swelling_gzip


def _zstd(plain: bytes) -> bytes:
    return bytes(pa.compress(plain, codec="zstd", asbytes=True))


PACKERS: dict[Codec, Callable[[bytes], bytes]] = {
    Codec.GZIP: gzip.compress,
    Codec.ZSTD: _zstd,
    Codec.XZ: lzma.compress,
    Codec.BZIP2: bz2.compress,
}

LOG = "".join(
    f"2022-09-12T08:{n % 60:02d}:00 {random.Random(n).random()} 10.1.2.3\n" for n in range(20_000)
).encode()


@cache
def packed_by(codec: Codec) -> bytes:
    return PACKERS[codec](LOG)


def _read_out(packed: bytes, codec: Codec) -> tuple[bytes, bool]:
    good = b""
    try:
        for piece in unpacked(io.BytesIO(packed), codec):
            assert piece
            good += piece
    except DamagedDataError:
        return good, True
    return good, False


@pytest.mark.parametrize("codec", PACKERS)
def test_members_behind_one_another_are_all_read(codec: Codec) -> None:
    packed = packed_by(codec) + PACKERS[codec](b"and more\n")
    assert codec_of(packed[:16]) is codec
    assert b"".join(unpacked(io.BytesIO(packed), codec)) == LOG + b"and more\n"


@pytest.mark.parametrize("codec", PACKERS)
def test_a_file_cut_off_gives_its_good_part_and_says_so(codec: Codec) -> None:
    packed = packed_by(codec)
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


def test_a_wrong_checksum_of_gzip_is_damage() -> None:
    packed = bytearray(gzip.compress(LOG))
    packed[-8] ^= 1
    assert _read_out(bytes(packed), Codec.GZIP)[1]


def test_zeros_behind_a_gzip_file_are_padding() -> None:
    packed = gzip.compress(LOG) + b"\x00" * 1000
    assert b"".join(unpacked(io.BytesIO(packed), Codec.GZIP)) == LOG


@pytest.mark.parametrize("codec", [Codec.GZIP, Codec.XZ, Codec.BZIP2])
def test_other_bytes_behind_the_last_member_are_damage(codec: Codec) -> None:
    assert _read_out(packed_by(codec) + b"hidden", codec) == (LOG, True)


def test_a_bomb_comes_out_in_small_pieces() -> None:
    bomb = gzip.compress(b"\x00" * (64 << 20), 9)
    assert max(len(piece) for piece in unpacked(io.BytesIO(bomb), Codec.GZIP)) <= 1 << 20


@pytest.mark.parametrize("codec", PACKERS)
def test_a_bomb_ends_where_its_budget_does(codec: Codec) -> None:
    bomb = swelling_gzip(8 * MIB) if codec is Codec.GZIP else PACKERS[codec](bytes(8 * MIB))
    pieces = unpacked(io.BytesIO(bomb), codec, ByteBudget(MIB))
    sizes: list[int] = []
    assert code_of(lambda: sizes.extend(map(len, pieces))) == "swells"
    assert 0 < sum(sizes) <= MIB


def test_xz_gets_no_more_memory_than_its_own_program_writes_for() -> None:
    greedy = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 30}]
    with pytest.raises(DamagedDataError, match=r"[Mm]emory"):
        list(unpacked(io.BytesIO(lzma.compress(b"a line\n", filters=greedy)), Codec.XZ))
    usual = lzma.compress(b"a line\n", preset=9 | lzma.PRESET_EXTREME)
    assert b"".join(unpacked(io.BytesIO(usual), Codec.XZ)) == b"a line\n"


def test_zstd_gets_no_window_above_128_MiB() -> None:
    # RFC 8878, 3.1.1.1.2: the exponent of the window stands in the upper five bits, from 2**10 on.
    # One raw block of 3 bytes, the last one, follows.
    block = (1 | 3 << 3).to_bytes(3, "little") + b"abc"
    sane, greedy = (
        b"\x28\xb5\x2f\xfd\x00" + bytes([exponent - 10 << 3]) + block for exponent in (20, 31)
    )
    assert b"".join(unpacked(io.BytesIO(sane), Codec.ZSTD)) == b"abc"
    with pytest.raises(DamagedDataError, match=r"[Mm]emory"):
        list(unpacked(io.BytesIO(greedy), Codec.ZSTD))


def test_utf16_becomes_utf8() -> None:
    text = "thời gian\t10.1.2.3\r\nđịa chỉ\r\n"
    packed = text.encode("utf-16")
    assert codec_of(packed) is Codec.UTF16
    assert b"".join(unpacked(io.BytesIO(packed), Codec.UTF16)) == text.encode()
    assert _read_out(b"\xff\xfe", Codec.UTF16) == (b"", False)


@pytest.mark.parametrize("codec", [Codec.UTF16_LE, Codec.UTF16_BE])
def test_utf16_without_a_mark_becomes_utf8(codec: Codec) -> None:
    text = "#Fields: date time\r\nđịa chỉ 10.1.2.3\r\n"
    packed = text.encode(codec.value)
    assert codec_of(packed[:8]) is codec
    assert codec.is_text
    assert b"".join(unpacked(io.BytesIO(packed), codec)) == text.encode()
    assert b"".join(unpacked(io.BytesIO(packed[:-1]), codec)).endswith(b"\r\xef\xbf\xbd")


@pytest.mark.parametrize(
    "start",
    [b"", b"a\x00b\x00c\x00", bytes(64), b"a\x00\x00\x00b\x00\x00\x00", b"\x00\x05\x00\x1d" * 4],
)
def test_zeros_alone_make_no_utf16(start: bytes) -> None:
    assert codec_of(start) is Codec.PLAIN


@pytest.mark.parametrize("codec", PACKERS)
def test_a_refusal_of_the_file_around_passes_through(codec: Codec) -> None:
    packed = packed_by(codec)

    def broken():
        yield packed[: len(packed) // 2]
        raise ContainerRefused(RefusalCode.CONTRADICTION, member="a.gz")

    with pytest.raises(ContainerRefused) as caught:
        list(unpacked(PieceReader(broken()), codec))
    assert caught.value.code is RefusalCode.CONTRADICTION


@pytest.mark.parametrize("codec", PACKERS)
def test_the_file_stays_open_for_its_owner(codec: Codec) -> None:
    """pyarrow closed it, and asked pieces of an archive for a `close` that they do not have."""
    file = io.BytesIO(packed_by(codec))
    assert b"".join(unpacked(file, codec)) == LOG
    assert not file.closed
    pieces = iter([file.getvalue()])
    assert b"".join(unpacked(PieceReader(pieces), codec)) == LOG


def test_pieces_are_read_as_a_file_is() -> None:
    reader = PieceReader(iter([b"ab", b"", b"cde", b"f"]))
    assert [reader.read(1), reader.read(5), reader.read(2), reader.read(0)] == [
        *(b"a", b"b", b"cd", b"")
    ]
    assert (reader.read(), reader.read(9)) == (b"ef", b"")


def test_peeking_loses_nothing() -> None:
    start, pieces = peek(iter([b"ab", b"cd", b"ef"]), 3)
    assert (start, b"".join(pieces)) == (b"abc", b"abcdef")
    start, pieces = peek(iter([]), 3)
    assert (start, list(pieces)) == (b"", [])


@pytest.mark.parametrize("size", [0, 7, 8, 9])
def test_the_start_of_a_file_is_at_most_so_long(size: int, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345678")
    assert start_of(tmp_path / "a", size) == b"12345678"[:size]


def test_a_folder_has_no_start(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="directory"):
        start_of(tmp_path, 8)
