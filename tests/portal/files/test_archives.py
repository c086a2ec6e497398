"""Archives: refused by what they say, before anything is unpacked, and by what they are: F5."""

import gzip
import io
import lzma
import struct
import subprocess
import sys
import textwrap
import zipfile
import zlib
from pathlib import Path

import pytest

from quetsach_portal.files.archives import inspect_stream, inspect_tar, inspect_zip
from quetsach_portal.files.kinds import FileKind, UnpackRules
from quetsach_portal.files.problems import FileRefused
from tests.portal.files.samples import (
    LOG,
    MIB,
    checked,
    code,
    refusal,
    remarks,
    shortly,
    swelling,
    tarred,
    unzipped,
    with_parts,
    workbook,
    zip_by_hand,
    zipped,
)

SMALL = UnpackRules(entries=5, unpacked=2 * MIB, ratio=50, small=1 * MIB)
ROOT = Path(__file__).parents[3]


def fault(raw: bytes, room: UnpackRules = SMALL) -> str:
    """Return the code for which a ZIP file is refused."""
    try:
        inspect_zip(io.BytesIO(raw), room)
    except FileRefused as refused:
        return refused.problem.code
    return ""


def one(name: str, content: bytes = LOG) -> bytes:
    return zipped({name: content})


# Bombs.


def bomb() -> bytes:
    """Return a workbook of some 200 KB that would unpack to 200 MB."""
    packed = swelling(200 * MIB)
    sheet = zip_by_hand(b"xl/worksheets/sheet9.xml", packed, size=200 * MIB, crc=0)
    names = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
    return _joined(zipped(names), sheet)


def _joined(first: bytes, second: bytes) -> bytes:
    """Return one ZIP file of the members of two."""
    bodies, entries = b"", b""
    count = 0
    for raw in (first, second):
        _sign, _a, _b, _c, here, length, start, _d = struct.unpack("<4s4H2LH", raw[-22:])
        listed, place = raw[start : start + length], 0
        for _number in range(here):
            name, extra, comment = struct.unpack_from("<3H", listed, place + 28)
            stop = place + 46 + name + extra + comment
            (offset,) = struct.unpack_from("<L", listed, place + 42)
            moved = struct.pack("<L", offset + len(bodies))
            entries += listed[place : place + 42] + moved + listed[place + 46 : stop]
            place, count = stop, count + 1
        bodies += raw[:start]
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(entries), len(bodies), 0)
    return bodies + entries + end


MEASURED = """
    import io, sys, time
    import django
    from django.conf import settings
    settings.configure(USE_I18N=False)
    django.setup()
    from quetsach_portal.files.checking import check
    from quetsach_portal.files.kinds import RULES
    from quetsach_portal.files.problems import FileRefused
    with open(sys.argv[1], "rb") as file:
        check(file, name="a.xlsx", rules=RULES["register"])
    # Not ru_maxrss: a child begins with the peak of the process that started it.
    def peak():
        with open("/proc/self/status") as told:
            return next(int(line.split()[1]) for line in told if line.startswith("VmHWM"))
    before = peak()
    started = time.process_time()
    with open(sys.argv[2], "rb") as file:
        try:
            check(file, name=sys.argv[3], rules=RULES[sys.argv[4]])
        except FileRefused as refused:
            said = refused.problem.code
    took = time.process_time() - started
    print(said, took, peak() - before)
"""


@pytest.mark.parametrize(
    ("make", "name", "purpose", "wanted"),
    [
        (bomb, "don-vi.xlsx", "register", "P108"),
        (
            lambda: zipped({f"xl/{number}.xml": b"<a/>" for number in range(10_000)}),
            "don-vi.xlsx",
            "register",
            "P109",
        ),
        (lambda: zipped({"a.zip": zipped({"b.log": LOG})}), "nhat-ky.zip", "evidence", "P110"),
        (
            lambda: with_parts(workbook(), {"xl/media/a.zip": zipped({"b": LOG})}),
            "don-vi.xlsx",
            "register",
            "P110",
        ),
    ],
)
def test_F5_a_bomb_is_refused_before_unpacking_in_seconds_and_50_MB(
    make, name: str, purpose: str, wanted: str, tmp_path: Path
) -> None:
    (tmp_path / "warm.xlsx").write_bytes(workbook())
    (tmp_path / "hostile").write_bytes(make())
    done = subprocess.run(
        [
            *(sys.executable, "-c", textwrap.dedent(MEASURED)),
            *(str(tmp_path / "warm.xlsx"), str(tmp_path / "hostile"), name, purpose),
        ],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": f"{ROOT / 'src'}", "PATH": ""},
        check=True,
    )
    said, took, grown = done.stdout.split()
    assert said == wanted
    # Unpacked, it takes minutes; a busy machine refuses it in a second.
    assert float(took) < 10
    assert int(grown) < 50 * 1024


def test_F5_the_bomb_of_the_test_is_one() -> None:
    raw = bomb()
    assert len(raw) < 210 * 1024
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        assert max(one.file_size for one in packed.infolist()) == 200 * MIB


def test_F5_a_gzip_bomb_is_stopped_at_its_room() -> None:
    packer = zlib.compressobj(9, wbits=31)
    packed = b"".join(packer.compress(bytes(MIB)) for _piece in range(40)) + packer.flush()
    with pytest.raises(FileRefused) as caught:
        inspect_stream(io.BytesIO(packed), FileKind.GZIP, SMALL)
    assert caught.value.problem.code == "P108"


def test_F5_a_bomb_within_an_archive_spends_the_archive_s_room() -> None:
    packer = zlib.compressobj(9, wbits=31)
    packed = b"".join(packer.compress(bytes(MIB)) for _piece in range(40)) + packer.flush()
    assert fault(zipped({"eve.json.gz": packed})) == "P108"
    with pytest.raises(FileRefused) as caught:
        inspect_tar(io.BytesIO(tarred({"eve.json.gz": packed})), SMALL)
    assert caught.value.problem.code == "P108"


def test_F5_xz_that_asks_for_much_memory_is_refused_before_it_gets_it() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 30}]
    assert code(lzma.compress(LOG, filters=filters), "a.xz") == "P106"
    assert code(lzma.compress(LOG, preset=9), "a.xz") == ""


def test_F5_files_that_share_their_bytes_are_refused() -> None:
    raw = zipped({"a.log": LOG, "b.log": LOG})
    place = raw.rindex(b"b.log") - 46
    both = raw[: place + 42] + struct.pack("<L", 0) + raw[place + 46 :]
    assert fault(both) == "P114"


def test_F5_members_beyond_the_number_are_refused_in_tar_too() -> None:
    members = {f"{number}.log": b"x" for number in range(6)}
    assert fault(zipped(members)) == "P109"
    for packed in ("", "gz"):
        raw = tarred(members, packed=packed)
        with pytest.raises(FileRefused) as caught:
            if packed:
                inspect_stream(io.BytesIO(raw), FileKind.GZIP, SMALL)
            else:
                inspect_tar(io.BytesIO(raw), SMALL)
        assert caught.value.problem.code == "P109"


@pytest.mark.parametrize(
    "inner",
    [
        zipped({"a": LOG}),
        tarred({"a": LOG}),
        tarred({"a": LOG}, packed="gz"),
        gzip.compress(gzip.compress(LOG), mtime=0),
        gzip.compress(zipped({"a": LOG}), mtime=0),
        b"7z\xbc\xaf\x27\x1c" + bytes(40),
        b"Rar!\x1a\x07\x00" + bytes(40),
        workbook(),
    ],
    ids=shortly,
)
def test_F5_an_archive_within_an_archive_is_refused(inner: bytes) -> None:
    assert code(zipped({"trong": inner}), "a.zip") == "P110"
    assert code(tarred({"trong": inner}), "a.tar") == "P110"
    assert code(tarred({"trong": inner}, packed="gz"), "a.tgz") == "P110"


def test_rotated_logs_in_an_archive_are_taken() -> None:
    members = {
        "eve.json": LOG,
        "eve.json.1.gz": gzip.compress(LOG, mtime=0),
        "x.xz": lzma.compress(LOG),
    }
    assert code(zipped(members), "a.zip") == ""
    assert code(tarred(members, packed="xz"), "a.tar.xz") == ""
    assert code(gzip.compress(zipped({"a": LOG}), mtime=0), "a.zip.gz") == "P110"


# Names.


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("../../etc/cron.d/x", "dẫn ra ngoài"),
        ("a/../../x", "dẫn ra ngoài"),
        ("..\\..\\x", "dẫn ra ngoài"),
        ("/etc/passwd", "gốc"),
        ("C:\\Windows\\x", "gốc"),
        ("\\\\192.0.2.1\\x", "gốc"),
        ("a\nb", "điều khiển"),
        ("a\x1b[31m", "điều khiển"),
        ("nhat-ky\u202egpj.exe", "chiều"),
        ("x\u2066y", "chiều"),
        ("a" * 1100, "quá dài"),
        ("", "trống"),
        ("...", "trống"),
    ],
)
def test_F5_an_unsafe_name_is_refused_with_its_reason(name: str, words: str) -> None:
    raw = zip_by_hand(name.encode(), LOG, size=len(LOG), crc=zlib.crc32(LOG), method=0, flags=0x800)
    found, told = refusal(raw, "a.zip", "evidence")
    assert found == "P111"
    assert words in told
    assert "\u202e" not in told
    assert "\n" not in told
    if name:
        assert code(tarred({name: LOG}), "a.tar") == "P111"


def test_F5_a_NUL_in_a_name_is_refused() -> None:
    raw = zip_by_hand(b"a.log\x00.exe", LOG, size=len(LOG), crc=zlib.crc32(LOG), method=0)
    assert code(raw, "a.zip") == "P111"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_F5_a_name_that_stands_twice_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("fw1/a.log", LOG)
        packed.writestr("fw1\\a.log", LOG)
    assert code(out.getvalue(), "a.zip") == "P113"
    assert code(tarred({"a.log": LOG, "./a.log": LOG}), "a.tar") == "P113"


def test_F5_links_and_devices_are_refused() -> None:
    link = zip_by_hand(b"log", b"/etc/passwd", size=11, crc=0, method=0, mode=0o120777)
    assert code(link, "a.zip") == "P112"
    assert code(tarred({"a.log": LOG}, links=["b.log"]), "a.tar") == "P112"
    assert code(tarred({"a.log": LOG}, links=["b.log"], packed="bz2"), "a.tbz2") == "P112"


def test_names_of_Vietnamese_folders_are_taken() -> None:
    members = {"Phòng VH&TT/nhật ký.log": LOG, "Phòng VH&TT/2022/": b"", "fw1\\conn.log": LOG}
    assert code(zipped(members), "a.zip") == ""
    assert code(tarred({"./": b"", "./a.log": LOG}), "a.tar") == ""


# Lies and damage.


def test_F5_a_list_that_says_less_than_is_packed_is_refused() -> None:
    packed = swelling(4 * MIB)
    lying = zip_by_hand(b"a.log", packed, size=4 * MIB, listed_size=100)
    assert fault(lying) == "P114"


def test_F5_bytes_beyond_what_both_say_are_never_handed_out() -> None:
    packed = swelling(4 * MIB)
    sheet = zip_by_hand(b"xl/worksheets/sheet9.xml", packed, size=100, crc=0)
    book = unzipped(workbook())
    lying = _joined(zipped(book), sheet)
    assert code(lying, "don-vi.xlsx", "register") == "P114"


@pytest.mark.parametrize(
    "more",
    [
        {"listed_name": b"b.log"},
        {"before": b"MZ" + bytes(60)},
        {"between": b"hidden bytes"},
        {"behind": b"x"},
    ],
)
def test_F5_bytes_that_the_list_does_not_know_are_refused(more) -> None:
    raw = zip_by_hand(b"a.log", LOG, size=len(LOG), crc=zlib.crc32(LOG), method=0, **more)
    assert fault(raw) in ("P106", "P114")


@pytest.mark.parametrize(
    ("more", "wanted"), [({"flags": 1}, "P107"), ({"method": 14}, "P115"), ({"method": 99}, "P115")]
)
def test_a_locked_or_oddly_packed_file_is_refused(more, wanted: str) -> None:
    forged = {"method": 0, **more}
    assert fault(zip_by_hand(b"a.log", LOG, size=len(LOG), crc=zlib.crc32(LOG), **forged)) == wanted


def test_a_zip_that_is_cut_anywhere_is_refused() -> None:
    raw = zipped({"fw1/conn.log": LOG, "b.log": LOG})
    for place in range(4, len(raw), 7):
        assert code(raw[:place], "a.zip") in ("P106", "P114"), place


def test_a_workbook_with_a_wrong_checksum_is_refused() -> None:
    raw = bytearray(workbook())
    with zipfile.ZipFile(io.BytesIO(bytes(raw))) as packed:
        info = packed.getinfo("xl/worksheets/sheet1.xml")
    for number in range(len(raw) - 4):
        if raw[number : number + 4] == struct.pack("<L", info.CRC):
            raw[number : number + 4] = struct.pack("<L", info.CRC ^ 1)
    assert code(bytes(raw), "don-vi.xlsx", "register") == "P106"


def test_every_damaged_byte_of_a_workbook_is_a_refusal_or_harmless() -> None:
    """No damage may be another error than a refusal."""
    raw = workbook(rows=2)
    for place in range(0, len(raw), 23):
        damaged = bytearray(raw)
        damaged[place] ^= 0xFF
        found = code(bytes(damaged), "don-vi.xlsx", "register")
        assert found == "" or found.startswith("P1")


def test_every_damaged_byte_of_an_archive_is_a_refusal_or_harmless() -> None:
    for raw in (
        zipped({"a.log": LOG, "b.gz": gzip.compress(LOG, mtime=0)}),
        tarred({"a.log": LOG, "b.log": LOG}, packed="gz"),
        tarred({"a.log": LOG, "b.log": LOG}),
    ):
        for place in range(0, len(raw), 11):
            damaged = bytearray(raw)
            damaged[place] ^= 0xFF
            found = code(bytes(damaged), "a")
            assert found == "" or found.startswith("P1")


def test_zip64_is_read_like_any_other() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed, packed.open("a.log", "w", force_zip64=True) as file:
        file.write(LOG)
    assert code(out.getvalue(), "a.zip") == ""
    raw = out.getvalue()
    place = raw.rindex(b"PK\x05\x06")
    start = raw.index(b"PK\x01\x02")
    far = struct.pack(
        "<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, place - start, start
    ) + struct.pack("<4sLQL", b"PK\x06\x07", 0, place, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 0xFFFF, place - start, 0xFFFFFFFF, 0)
    assert code(raw[:place] + far + end, "a.zip") == ""
    assert code(raw[:place] + far.replace(b"PK\x06\x06", b"PK\x06\x09") + end, "a.zip") == "P106"
    lying = far.replace(struct.pack("<2Q", place - start, start), struct.pack("<2Q", 1 << 40, 0))
    assert code(raw[:place] + lying + end, "a.zip") == "P109"


def test_a_zip_written_to_a_pipe_is_taken() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.held = b""

        def writable(self) -> bool:
            return True

        def write(self, raw) -> int:
            self.held += bytes(raw)
            return len(raw)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.log", LOG)
        packed.writestr("b.log", LOG)
    assert code(pipe.held, "a.zip") == ""


def test_a_packed_log_that_breaks_off_is_evidence_with_a_remark() -> None:
    import random

    lines = b"".join(
        b"%d\t10.1.2.%d\n" % (n, random.Random(n).randrange(255)) for n in range(90_000)
    )
    for packed, name in ((gzip.compress(lines, mtime=0), "a.gz"), (lzma.compress(lines), "a.xz")):
        assert remarks(packed[: len(packed) * 3 // 4], name, "evidence") == [("P143", None)]
        assert checked(packed, name, "evidence").remarks == ()
    assert code(gzip.compress(LOG, mtime=0)[:8], "a.gz") == "P106"
    whole = tarred({"a.log": lines}, packed="gz")
    assert code(whole[: len(whole) // 2], "a.tgz") == "P106"
