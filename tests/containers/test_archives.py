"""Archives and packed streams are looked through in bounds; archives within them are refused."""

import bz2
import gzip
import io
import lzma
import random
import tarfile
import zlib
from collections.abc import Callable

import pyarrow as pa
import pytest

from quetsach.containers.archives import Look, inspect_stream, inspect_tar, inspect_zip
from quetsach.containers.bounds import IN_ARCHIVES, UnpackBounds
from quetsach.containers.streams import Codec, codec_of
from tests.containers.samples import (
    LOG,
    MIB,
    SMALL,
    code_of,
    swelling_gzip,
    tarred,
    workbook,
    zip_by_hand,
    zipped,
)

LINES = b"".join(b"%d\t10.1.2.%d\n" % (n, random.Random(n).randrange(255)) for n in range(30_000))


def ignore(_member: str, _start: bytes) -> None:
    """Look at nothing."""


def inspected(raw: bytes, bounds: UnpackBounds = IN_ARCHIVES, look: Look = ignore) -> bool:
    file = io.BytesIO(raw)
    codec = codec_of(raw[:8])
    if codec is not Codec.PLAIN:
        return inspect_stream(file, codec, bounds, look)
    inspect = inspect_zip if raw.startswith(b"PK") else inspect_tar
    inspect(file, bounds, look)
    return True


def fault(raw: bytes, bounds: UnpackBounds = IN_ARCHIVES) -> str:
    return code_of(lambda: inspected(raw, bounds))


def zstd(raw: bytes) -> bytes:
    return bytes(pa.compress(raw, codec="zstd", asbytes=True))


def test_a_gzip_bomb_is_stopped_at_its_bounds() -> None:
    assert fault(swelling_gzip(40 * MIB), SMALL) == "swells"


def test_a_bomb_within_an_archive_spends_the_archive_s_budget() -> None:
    bomb = swelling_gzip(40 * MIB)
    assert fault(zipped({"eve.json.gz": bomb}), SMALL) == "swells"
    assert fault(tarred({"eve.json.gz": bomb}), SMALL) == "swells"
    assert fault(tarred({"eve.json.gz": bomb}, packed="gz"), SMALL) == "swells"


def test_members_beyond_the_number_are_refused_in_tar_too() -> None:
    members = {f"{number}.log": b"x" for number in range(6)}
    assert fault(zipped(members), SMALL) == "too-many"
    assert fault(tarred(members), SMALL) == "too-many"
    assert fault(tarred(members, packed="gz"), SMALL) == "too-many"


@pytest.mark.parametrize(
    "make",
    [
        lambda: zipped({"a": LOG}),
        lambda: zipped({}),
        lambda: tarred({"a": LOG}),
        lambda: tarred({"a": LOG}, packed="gz"),
        lambda: gzip.compress(gzip.compress(LOG)),
        lambda: gzip.compress(zipped({"a": LOG})),
        lambda: b"7z\xbc\xaf\x27\x1c" + bytes(40),
        lambda: b"Rar!\x1a\x07\x00" + bytes(40),
        lambda: b"MSCF\x00" + bytes(40),
        workbook,
    ],
)
def test_an_archive_within_an_archive_is_refused(make: Callable[[], bytes]) -> None:
    inner = make()
    assert fault(zipped({"trong": inner})) == "nested"
    assert fault(tarred({"trong": inner})) == "nested"
    assert fault(tarred({"trong": inner}, packed="gz")) == "nested"


def test_an_archive_in_a_stream_is_refused_unless_it_is_a_tar() -> None:
    assert fault(gzip.compress(zipped({"a": LOG}))) == "nested"
    assert fault(gzip.compress(gzip.compress(LOG))) == "nested"
    assert fault(gzip.compress(tarred({"a": LOG}))) == ""


def test_rotated_logs_in_an_archive_are_accepted() -> None:
    members = {
        "eve.json": LOG,
        "eve.json.1.gz": gzip.compress(LOG),
        "x.xz": lzma.compress(LOG),
        "x.bz2": bz2.compress(LOG),
        # The reader of uploads failed on these with an error of its own.
        "x.zst": zstd(LOG),
        "empty": b"",
    }
    for packed in ("", "gz", "bz2", "xz"):
        assert fault(tarred(members, packed=packed)) == ""
    assert fault(zipped(members)) == ""


def test_every_file_is_looked_at_packed_and_unpacked_and_may_be_refused() -> None:
    calls: list[tuple[str, bytes]] = []
    raw = zipped({"a.log": LOG, "b.gz": gzip.compress(b"inner")})
    inspected(raw, look=lambda member, start: calls.append((member, start[:5])))
    assert calls == [("a.log", LOG[:5]), ("b.gz", gzip.compress(b"")[:5]), ("b.gz", b"inner")]
    calls.clear()
    inspected(gzip.compress(LOG), look=lambda member, start: calls.append((member, start[:5])))
    assert calls == [("…", LOG[:5])]

    def refuse(member: str, start: bytes) -> None:
        if b"inner" in start:
            raise RuntimeError(member)

    with pytest.raises(RuntimeError, match=r"b\.gz"):
        inspected(raw, look=refuse)


def test_a_packed_log_that_breaks_off_is_not_whole_and_not_refused() -> None:
    for raw in (gzip.compress(LINES), lzma.compress(LINES), zstd(LINES)):
        assert inspected(raw)
        assert not inspected(raw[: len(raw) * 3 // 4])
    assert fault(gzip.compress(LOG)[:8]) == "cut-off"


def test_a_packed_archive_that_breaks_off_is_refused() -> None:
    whole = tarred({"a.log": LINES}, packed="gz")
    assert fault(whole[: len(whole) // 2]) in ("cut-off", "damaged")


def test_a_packed_log_in_an_archive_may_break_off_too() -> None:
    packed = gzip.compress(LINES)
    half = packed[: len(packed) // 2]
    assert fault(zipped({"a.gz": half})) == ""
    assert fault(tarred({"a.gz": half})) == ""


@pytest.mark.parametrize("kept", [10, 60])
def test_a_packed_log_in_an_archive_may_break_off_at_its_beginning(kept: int) -> None:
    damaged = gzip.compress(b"first" + random.Random(7).randbytes(9_000))[:kept]
    calls: list[tuple[str, bytes]] = []
    raw = zipped({"a.gz": damaged, "b.log": LOG})
    inspected(raw, look=lambda member, start: calls.append((member, start[:5])))
    assert ("b.log", LOG[:5]) in calls
    assert ("a.gz", b"first") in calls or kept == 10
    assert fault(tarred({"a.gz": damaged, "b.log": LOG})) == ""


def test_damage_of_the_archive_is_no_break_of_the_log_packed_in_it() -> None:
    packed = gzip.compress(LINES)
    raw = zip_by_hand(b"a.gz", packed, crc=zlib.crc32(packed) ^ 1)
    assert fault(raw) == "damaged"
    assert fault(zip_by_hand(b"a.gz", packed, size=len(packed) - 9)) == "contradiction"


def test_xz_that_asks_for_much_memory_is_refused_before_it_gets_it() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 30}]
    assert fault(lzma.compress(LOG, filters=filters)) == "damaged"
    assert fault(lzma.compress(LOG, preset=9)) == ""


@pytest.mark.parametrize(
    ("members", "special", "code"),
    [
        ({"../x": LOG}, (), "unsafe-name"),
        ({"/etc/x": LOG}, (), "unsafe-name"),
        ([("a.log", LOG), ("./a.log", LOG)], (), "duplicate"),
        ({"a.log": LOG}, [("b.log", tarfile.SYMTYPE)], "link"),
        ({"a.log": LOG}, [("b.log", tarfile.CHRTYPE)], "special-file"),
        ({"./": b"", "./a.log": LOG}, (), ""),
        ({"log.PC01": LOG, "log.pc01": LOG}, (), ""),
    ],
)
def test_what_is_unsafe_in_a_tar_is_refused(members, special, code: str) -> None:
    assert fault(tarred(members, special=special)) == code
    assert fault(tarred(members, special=special, packed="bz2")) == code


def test_names_of_Vietnamese_folders_are_accepted() -> None:
    members = {"Phòng VH&TT/nhật ký.log": LOG, "Phòng VH&TT/2022/": b"", "fw1\\conn.log": LOG}
    assert fault(zipped(members)) == ""


def test_every_damaged_byte_of_an_archive_is_a_refusal_or_harmless() -> None:
    for raw in (
        zipped({"a.log": LOG, "b.gz": gzip.compress(LOG)}),
        tarred({"a.log": LOG, "b.log": LOG}, packed="gz"),
        tarred({"a.log": LOG, "b.log": LOG}),
    ):
        for place in range(0, len(raw), 11):
            damaged = bytearray(raw)
            damaged[place] ^= 0xFF
            fault(bytes(damaged))
