"""ZIP files are refused by what they say, before anything is unpacked, and by what they are."""

import io
import random
import stat
import struct
import subprocess
import sys
import textwrap
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.containers.bounds import IN_OFFICE_FILES, ByteBudget
from quetsach.containers.refusal import ContainerRefused, RefusalCode
from quetsach.containers.zip import check_layout, entry_refusals, members, pieces
from quetsach.containers.zip_directory import read_directory
from tests.containers.samples import (
    LOG,
    MIB,
    SMALL,
    WIDE,
    code_of,
    joined,
    swelling,
    workbook,
    zip_by_hand,
    zipped,
)

ROOT = Path(__file__).parents[2]


def checked(raw: bytes, bounds=SMALL) -> None:
    file = io.BytesIO(raw)
    check_layout(file, read_directory(file, bounds), bounds)


def fault(raw: bytes, bounds=SMALL) -> str:
    """Return the code for which the layout of a ZIP file is refused."""
    return code_of(lambda: checked(raw, bounds))


def content_of(raw: bytes, budget: ByteBudget | None = None) -> dict[str, bytes]:
    file = io.BytesIO(raw)
    entries = read_directory(file, WIDE).entries
    return {entry.name: b"".join(pieces(file, entry, budget)) for entry in entries}


def walked(raw: bytes, bounds=WIDE) -> list[tuple[str, bytes, str]]:
    """Return the name, the bytes and the refusal of each member."""
    file = io.BytesIO(raw)
    return [
        (
            member.name,
            b"".join(member.content),
            "" if member.refusal is None else member.refusal.code.value,
        )
        for member in members(file, read_directory(file, bounds), bounds)
    ]


# What swells.


def bomb() -> bytes:
    """Return a workbook of some 200 KB that would unpack to 200 MB."""
    packed = swelling(200 * MIB)
    sheet = zip_by_hand(b"xl/worksheets/sheet9.xml", packed, size=200 * MIB, crc=0, method=8)
    names = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
    return joined(zipped(names), sheet)


MEASURED = """
    import sys, time
    from pathlib import Path
    from quetsach.containers.bounds import IN_OFFICE_FILES
    from quetsach.containers.refusal import ContainerRefused
    from quetsach.containers.office import OfficeKind, remarks
    from tests.containers.samples import peak_kib
    with open(sys.argv[1], "rb") as file:
        remarks(file, OfficeKind.XLSX)
    before, started = peak_kib(), time.process_time()
    with open(sys.argv[2], "rb") as file:
        try:
            remarks(file, OfficeKind.XLSX)
        except ContainerRefused as refused:
            print(refused.code, time.process_time() - started, peak_kib() - before)
"""


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (bomb, "swells"),
        (lambda: zipped({f"xl/{number}.xml": b"<a/>" for number in range(10_000)}), "too-many"),
    ],
)
def test_a_bomb_is_refused_before_unpacking_in_seconds_and_50_MB(
    make: Callable[[], bytes], code: str, tmp_path: Path
) -> None:
    (tmp_path / "warm").write_bytes(workbook())
    (tmp_path / "hostile").write_bytes(make())
    done = subprocess.run(
        [
            *(sys.executable, "-c", textwrap.dedent(MEASURED)),
            *(str(tmp_path / "warm"), str(tmp_path / "hostile")),
        ],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": ""},
        check=True,
    )
    code_printed, seconds, grown = done.stdout.split()
    assert code_printed == code
    # Unpacked, it takes minutes; a busy machine refuses it in a second.
    assert float(seconds) < 10
    assert int(grown) < 50 * 1024


def test_the_bomb_of_the_test_is_one() -> None:
    raw = bomb()
    assert len(raw) < 210 * 1024
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        assert max(member.file_size for member in packed.infolist()) == 200 * MIB


def test_a_file_that_swells_alone_is_refused() -> None:
    bounds = replace(IN_OFFICE_FILES, unpacked=512 * MIB)
    assert fault(zipped({"a": b"\0" * (20 << 20)}), bounds) == "swells"
    assert fault(zipped({"a": b"\0" * (8 << 20)}), bounds) == ""


def test_files_that_swell_together_are_refused_by_size_and_by_factor() -> None:
    """The reader of documents asked for the size of all, that of uploads for the factor as well."""
    block = random.Random(1).randbytes(1024) * 1024
    few = zipped({str(n): block for n in range(5)})
    assert fault(few, replace(SMALL, ratio=10_000)) == "swells"
    packed = len(few)
    assert packed * 50 < 5 * MIB
    assert fault(few, replace(SMALL, unpacked=1 << 40)) == "swells"
    assert fault(few, replace(SMALL, unpacked=1 << 40, ratio=10_000)) == ""


def test_a_budget_is_spent_by_all_files_together() -> None:
    raw = zipped({"a": LOG, "b": LOG})
    assert content_of(raw, ByteBudget(2 * len(LOG))) == {"a": LOG, "b": LOG}
    assert code_of(lambda: content_of(raw, ByteBudget(2 * len(LOG) - 1))) == "swells"


def test_a_bomb_comes_out_in_small_pieces() -> None:
    raw = zip_by_hand(
        b"a", swelling(8 * MIB), size=8 * MIB, crc=zlib.crc32(bytes(8 * MIB)), method=8
    )
    file = io.BytesIO(raw)
    (entry,) = read_directory(file, WIDE).entries
    assert max(map(len, pieces(file, entry))) <= 1 << 16


# Places.


def test_files_that_share_their_bytes_are_refused() -> None:
    raw = zipped({"a.log": LOG, "b.log": LOG})
    place = raw.rindex(b"b.log") - 46
    both = raw[: place + 42] + struct.pack("<L", 0) + raw[place + 46 :]
    assert fault(both) == "contradiction"


def test_files_that_overlap_in_part_are_refused_though_their_sum_fits() -> None:
    """The reader of documents only held the sum of all packed bytes against the file's size."""
    inner = zipped({"b.log": b"x"}, method=zipfile.ZIP_STORED)
    inner = inner[: inner.index(b"PK\x01\x02")]
    raw = zipped({"a.log": inner + bytes(500), "c.log": b"y" * 90}, method=zipfile.ZIP_STORED)
    place = raw.index(b"PK\x01\x02")
    entry = bytearray(raw[raw.rindex(b"c.log") - 46 : raw.rindex(b"PK\x05\x06")])
    crc, size = zlib.crc32(b"x"), 1
    entry[16:28] = struct.pack("<3L", crc, size, size)
    entry[42:46] = struct.pack("<L", raw.index(b"PK\x03\x04", 4))
    entry[46:] = b"b.log"
    listed = raw[place : raw.rindex(b"PK\x05\x06")] + bytes(entry)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 3, 3, len(listed), place, 0)
    forged = raw[:place] + listed + end
    with zipfile.ZipFile(io.BytesIO(forged)) as archive:
        assert archive.read("b.log") == b"x"
        assert sum(member.compress_size for member in archive.infolist()) < len(forged)
    assert fault(forged) == "contradiction"


@pytest.mark.parametrize(
    "more",
    [
        {"listed": {"name": b"b.log"}},
        {"listed": {"size": 100}},
        {"listed": {"crc": 1}},
        {"listed": {"method": 8}},
        {"listed": {"flags": 8}},
        {"before": b"MZ" + bytes(60)},
        {"between": b"hidden bytes"},
        {"behind": b"x"},
    ],
)
def test_a_list_and_headers_that_disagree_are_refused(more: dict[str, object]) -> None:
    """Python holds the names against each other, and nothing else."""
    assert fault(zip_by_hand(b"a.log", **more)) in ("damaged", "contradiction")  # type: ignore[arg-type]


def test_an_archive_written_to_a_pipe_is_accepted() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.written = b""

        def writable(self) -> bool:
            return True

        def write(self, raw) -> int:
            self.written += bytes(raw)
            return len(raw)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.log", LOG)
        packed.writestr("b.log", LOG)
    assert fault(pipe.written) == ""
    assert content_of(pipe.written) == {"a.log": LOG, "b.log": LOG}


def test_an_archive_that_is_cut_anywhere_is_refused() -> None:
    raw = zipped({"fw1/conn.log": LOG, "b.log": LOG})
    for place in range(0, len(raw), 7):
        assert fault(raw[:place]) in ("cut-off", "damaged", "contradiction"), place


# Each file.


@pytest.mark.asvs("V5.2.5")
@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"flags": 1}, "encrypted"),
        ({"method": 14}, "method"),
        ({"method": 12}, "method"),
        ({"method": 99}, "method"),
        # Python refuses the next two, the reader of uploads did not know them.
        ({"flags": 0x20}, "method"),
        ({"version": 64}, "method"),
        ({"mode": stat.S_IFLNK | 0o777}, "link"),
        # The reader of evidence refused links only, that of documents none.
        ({"mode": stat.S_IFIFO}, "special-file"),
        ({"mode": stat.S_IFCHR}, "special-file"),
        ({"mode": stat.S_IFREG | 0o644}, ""),
    ],
)
def test_a_file_that_is_no_plain_file_is_refused(more: dict[str, int], code: str) -> None:
    raw = zip_by_hand(b"a.log", **more)  # type: ignore[arg-type]
    assert fault(raw) == code
    assert walked(raw) == [("a.log", b"" if code else LOG, code)]


@pytest.mark.parametrize("more", [{"flags": 1}, {"method": 14}, {"method": 12}])
def test_a_file_that_cannot_be_unpacked_gives_no_byte_unchecked_either(more) -> None:
    raw = zip_by_hand(b"a.log", **more)
    assert code_of(lambda: content_of(raw)) in ("encrypted", "method")


def test_a_folder_with_bytes_is_a_contradiction() -> None:
    assert fault(zip_by_hand(b"a/", LOG)) == "contradiction"
    assert fault(zip_by_hand(b"a/", b"")) == ""


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "C:\\x", "a\nb", "", "x" * 1100])
def test_unsafe_names_are_refused_but_for_a_reader_that_only_shows_them(name: str) -> None:
    raw = zip_by_hand(name.encode())
    assert fault(raw) == "unsafe-name"
    assert fault(raw, replace(SMALL, any_name=True)) == ""


def test_a_second_file_of_the_same_name_is_refused() -> None:
    """Of two, the reader of documents took the last, that of evidence the first."""
    raw = joined(zipped({"fw1/a.log": LOG}), zipped({"fw1\\a.log": b"other"}))
    assert fault(raw) == "duplicate"
    assert walked(raw) == [("fw1/a.log", LOG, ""), ("fw1\\a.log", b"", "duplicate")]
    cased = zipped({"log.PC01": LOG, "log.pc01": LOG})
    assert fault(cased) == "duplicate"
    assert fault(cased, replace(SMALL, fold_case=False)) == ""


def test_the_same_entry_listed_twice_is_read_once() -> None:
    raw = zipped({"a.log": LOG})
    place, last = raw.index(b"PK\x01\x02"), raw.rindex(b"PK\x05\x06")
    listed = raw[place:last] * 2
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, len(listed), place, 0)
    forged = raw[:place] + listed + end
    assert walked(forged) == [("a.log", LOG, ""), ("a.log", b"", "duplicate")]


def test_every_refusal_is_given_and_the_other_files_are_read() -> None:
    raw = joined(zip_by_hand(b"locked.log", flags=1), zipped({"a.log": LOG, "../b.log": LOG}))
    assert walked(raw) == [
        ("locked.log", b"", "encrypted"),
        ("a.log", LOG, ""),
        ("../b.log", b"", "unsafe-name"),
    ]
    file = io.BytesIO(raw)
    refusals = list(entry_refusals(file, read_directory(file, WIDE), WIDE))
    assert [refusal.code for _entry, refusal in refusals] == [
        RefusalCode.ENCRYPTED,
        RefusalCode.UNSAFE_NAME,
    ]


def test_a_damaged_header_costs_its_own_file_alone() -> None:
    raw = bytearray(zipped({"a.log": LOG, "b.log": LOG, "c.log": LOG}))
    raw[raw.index(b"PK\x03\x04", 4)] = 0
    assert walked(bytes(raw)) == [("a.log", LOG, ""), ("b.log", b"", "damaged"), ("c.log", LOG, "")]


def test_bytes_of_no_file_before_the_list_refuse_the_archive() -> None:
    assert (
        code_of(lambda: walked(zip_by_hand(b"a.log", between=b"hidden bytes"))) == "contradiction"
    )


# The bytes.


@given(
    files=st.dictionaries(
        st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0/"), min_size=1),
        st.binary(max_size=2_000),
        max_size=6,
    ),
    method=st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]),
)
def test_it_reads_what_python_reads(files: dict[str, bytes], method: int) -> None:
    raw = zipped(files, method=method)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        judge = {member.filename: archive.read(member) for member in archive.infolist()}
    assert content_of(raw) == judge


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_is_unpacked_is_what_was_packed(method: int) -> None:
    files = {"a.log": LOG * 900, "empty": b"", "thị trấn/b.log": LOG}
    assert content_of(zipped(files, method=method)) == files


def test_a_list_that_says_less_than_is_packed_gives_no_byte_more() -> None:
    packed = swelling(4 * MIB)
    raw = zip_by_hand(b"a.log", packed, size=100, crc=0, method=8)
    file = io.BytesIO(raw)
    (entry,) = read_directory(file, WIDE).entries
    assert code_of(lambda: next(pieces(file, entry))) == "contradiction"


@pytest.mark.parametrize("size", [len(LOG) - 1, len(LOG) + 1])
def test_a_size_that_lies_is_a_contradiction(size: int) -> None:
    assert code_of(lambda: content_of(zip_by_hand(b"a", size=size))) == "contradiction"


def test_a_wrong_checksum_is_damage() -> None:
    assert code_of(lambda: content_of(zip_by_hand(b"a", crc=7))) == "damaged"


def test_damage_of_the_packed_bytes_is_damage() -> None:
    raw = zip_by_hand(b"a", b"\xff" * 90, size=500, method=8)
    assert code_of(lambda: content_of(raw)) == "damaged"


def test_bytes_behind_the_end_of_the_packed_ones_are_a_contradiction() -> None:
    """No reader looked: what a file hides there is shown by none of them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(LOG) + packer.flush()
    whole = zip_by_hand(b"a", packed, size=len(LOG), crc=zlib.crc32(LOG), method=8)
    assert content_of(whole) == {"a": LOG}
    for hidden in (b"x", bytes(200_000)):
        raw = zip_by_hand(b"a", packed + hidden, size=len(LOG), crc=zlib.crc32(LOG), method=8)
        assert code_of(lambda: content_of(raw)) == "contradiction"  # noqa: B023 - called at once


def test_whoever_reads_may_read_elsewhere_in_between() -> None:
    file = io.BytesIO(zipped({"a": LOG * 900, "b": LOG * 800}, method=zipfile.ZIP_STORED))
    first, second = read_directory(file, WIDE).entries
    pairs = zip(pieces(file, first), pieces(file, second), strict=False)
    assert all(ours == theirs for ours, theirs in pairs if len(ours) == len(theirs))


@pytest.mark.parametrize("step", range(0, 100, 9))
def test_a_damaged_archive_is_refused_and_never_fails_otherwise(step: int) -> None:
    chance = random.Random(step)
    whole = zipped({"a.log": LOG * 3, "b/c.log": LOG})
    for _turn in range(40):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            content[chance.randrange(4, len(content))] = chance.randrange(256)
        code_of(lambda: content_of(bytes(content)))  # noqa: B023 - called at once
        code_of(lambda: walked(bytes(content)))  # noqa: B023


def test_an_archive_of_50000_files_costs_no_memory_beyond_its_bounds() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for number in range(50_001):
            packed.writestr(zipfile.ZipInfo(str(number)), b"")
    with pytest.raises(ContainerRefused) as caught:
        checked(out.getvalue(), replace(WIDE, entries=50_000))
    assert caught.value.code is RefusalCode.TOO_MANY
