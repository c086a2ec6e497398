"""What the reader of containers refuses has its code here, and remarks name sheets: F4, F5, F6."""

import gzip
import lzma
import zipfile
import zlib

import pytest

from quetsach.containers.bounds import UnpackBounds
from quetsach.containers.refusal import ContainerRefused, RefusalCode
from quetsach_portal.files import inspection
from quetsach_portal.files.inspection import coded_refusals
from quetsach_portal.files.problems import FileRefused
from tests.portal.files.samples import (
    EICAR,
    LOG,
    MIB,
    checked,
    code,
    document,
    refusal,
    remarks,
    replaced,
    shortly,
    spreadsheet,
    swelling,
    tarred,
    with_parts,
    workbook,
    zip_by_hand,
    zipped,
)

RELATION = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r9" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships/image" Target="http://192.0.2.1/a.png" TargetMode="External"/></Relationships>'
)
TYPED = b'<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd"><worksheet/>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def forged(name: bytes = b"a.log", **more: object) -> bytes:
    """Return a ZIP file of one stored file whose header or list was changed."""
    facts = {"size": len(LOG), "crc": zlib.crc32(LOG), "method": 0, **more}
    return zip_by_hand(name, LOG, **facts)


# Archives.


@pytest.mark.asvs("V5.2.3")
@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (zipped({"a.log": LOG})[:-9], "P106"),
        (forged(crc=1), "P106"),
        (forged(flags=1), "P107"),
        (zip_by_hand(b"a", swelling(200 * MIB), size=200 * MIB), "P108"),
        (zipped({f"{number}.log": b"" for number in range(5_001)}), "P109"),
        (zipped({"a.zip": zipped({"b.log": LOG})}), "P110"),
        (zipped({"a.gz": gzip.compress(gzip.compress(LOG, mtime=0), mtime=0)}), "P110"),
        (zipped({"don-vi.xlsx": workbook()}), "P110"),
        (forged(b"../a.log"), "P111"),
        (forged(mode=0o120777), "P112"),
        (forged(mode=0o020666), "P112"),
        (zipped({"a.log": LOG, "./a.log": LOG}), "P113"),
        (forged(listed_name=b"b.log"), "P114"),
        (forged(between=b"hidden"), "P114"),
        (zip_by_hand(b"a", swelling(4 * MIB), size=4 * MIB, listed_size=100), "P114"),
        (forged(method=99), "P115"),
        (zipped({"a.log": EICAR}), "P123"),
        (zipped({"a.log.gz": gzip.compress(EICAR, mtime=0)}), "P123"),
        (zipped({"log.PC01": LOG, "log.pc01": LOG, "Phòng VH&TT/nhật ký.log": LOG}), ""),
    ],
    ids=shortly,
)
def test_F5_each_refusal_of_a_zip_has_its_code(raw: bytes, wanted: str) -> None:
    assert code(raw, "a.zip") == wanted


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (tarred({"a.zip": zipped({"b.log": LOG})}), "P110"),
        (tarred({"/a.log": LOG}), "P111"),
        (tarred({"a.log": LOG}, links=["b.log"]), "P112"),
        (tarred({"a.log": LOG, "./a.log": LOG}), "P113"),
        (tarred({"a.log": EICAR}), "P123"),
        (tarred({"./": b"", "./a.log": LOG, "b.gz": gzip.compress(LOG, mtime=0)}), ""),
    ],
    ids=shortly,
)
def test_F5_each_refusal_of_a_tar_has_its_code_packed_or_not(raw: bytes, wanted: str) -> None:
    assert code(raw, "a.tar") == wanted
    assert code(gzip.compress(raw, mtime=0), "a.tgz") == wanted


@pytest.mark.asvs("V5.3.3")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a/../../x", "dẫn ra ngoài"),
        ("C:\\Windows\\x", "gốc"),
        ("a\x1b[31m", "điều khiển"),
        ("nhat-ky\u202egpj.exe", "chiều"),
        ("a" * 1100, "quá dài"),
        ("...", "trống"),
    ],
)
def test_F5_an_unsafe_name_is_refused_with_its_reason(name: str, words: str) -> None:
    found, told = refusal(forged(name.encode(), flags=0x800), "a.zip", "evidence")
    assert found == "P111"
    assert words in told
    assert "\u202e" not in told


@pytest.mark.asvs("V5.2.3")
def test_F5_a_stream_that_swells_is_stopped_at_its_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    bounds = UnpackBounds(entries=5, unpacked=2 * MIB, ratio=50, small=MIB)
    monkeypatch.setattr(inspection, "IN_ARCHIVES", bounds)
    packed = gzip.compress(bytes(8 * MIB), mtime=0)
    found, told = refusal(packed, "a.gz", "evidence")
    assert found == "P108"
    assert "1 MB" in told
    assert code(zipped({"eve.json.gz": packed}), "a.zip") == "P108"


def test_a_packed_log_that_breaks_off_is_evidence_with_a_remark() -> None:
    lines = b"".join(b"%d\t10.1.2.%d\n" % (n * 7919, n * n % 251) for n in range(90_000))
    for packed, name in ((gzip.compress(lines, mtime=0), "a.gz"), (lzma.compress(lines), "a.xz")):
        assert remarks(packed[: len(packed) * 3 // 4], name, "evidence") == [("P143", None)]
        assert checked(packed, name, "evidence").remarks == ()
    assert code(gzip.compress(LOG, mtime=0)[:8], "a.gz") == "P106"


def test_every_code_of_a_refusal_becomes_a_problem_with_words() -> None:
    facts = {"member": "a.log", "limit": 8 * MIB, "flaw": "long", "number": 9, "detail": "x"}
    for refused in RefusalCode:
        with pytest.raises(FileRefused) as caught, coded_refusals():
            raise ContainerRefused(refused, **facts)
        assert "%(" not in caught.value.problem.what()


# Office documents.


def test_F4_plain_documents_have_no_remark() -> None:
    assert checked(workbook(), "don-vi.xlsx", "register").remarks == ()
    assert checked(document(), "a.docx", "proof").remarks == ()
    assert checked(spreadsheet(), "a.ods", "register").remarks == ()


def test_F4_formulas_hidden_sheets_and_other_workbooks_are_remarks_that_name_the_sheet() -> None:
    raw = workbook(formula=True)
    assert remarks(raw, "don-vi.xlsx", "register") == [("P140", "Đơn vị")]
    told = checked(raw, "don-vi.xlsx", "register").remarks[0].what()
    assert "Đơn vị" in told
    assert "công thức" in told
    assert remarks(workbook(hidden=True), "a.xlsx", "register") == [("P141", "Ghi chú")]
    linked = workbook(other_book=True)
    linked = with_parts(linked, {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})
    assert remarks(linked, "a.xlsx", "register") == [("P140", "Ghi chú"), ("P142", "Ghi chú")]


@pytest.mark.parametrize(
    ("parts", "wanted", "words"),
    [
        ({"xl/vbaProject.bin": b"x"}, "P117", "xl/vbaProject.bin, Đơn vị, Ghi chú"),
        ({"xl/macrosheets/sheet9.xml": b"<macrosheet/>"}, "P117", "xl/macrosheets/sheet9.xml"),
        ({"xl/styles.xml": TYPED}, "P118", "xl/styles.xml"),
        ({"xl/connections.xml": b"<connections/>"}, "P119", "xl/connections.xml"),
        ({"xl/drawings/_rels/a.xml.rels": RELATION}, "P119", "xl/drawings/_rels/a.xml.rels"),
        ({"xl/embeddings/a.bin": OLE}, "P120", "xl/embeddings/a.bin"),
        ({"xl/worksheets/sheet9.bin": b"x"}, "P120", "xl/worksheets/sheet9.bin"),
        ({"xl/media/a.zip": zipped({"b": LOG})}, "P110", "xl/media/a.zip"),
        ({"xl/media/a.png": EICAR}, "P123", "EICAR"),
        ({"xl/_rels/workbook.xml.rels": b"<a>" + b" " * (9 * MIB) + b"</a>"}, "P108", ""),
        ({"xl/styles.xml": "<a/>".encode("utf-16")}, "P106", ""),
    ],
    ids=shortly,
)
def test_F4_F6_what_harms_is_refused_with_its_part(
    parts: dict[str, bytes], wanted: str, words: str
) -> None:
    found, told = refusal(with_parts(workbook(), parts), "don-vi.xlsx", "register")
    assert found == wanted
    assert words in told


def test_F4_a_macro_sheet_is_named_as_its_workbook_names_it() -> None:
    raw = replaced(
        workbook(),
        "xl/_rels/workbook.xml.rels",
        b"worksheets/sheet2.xml",
        b"macrosheets/sheet2.xml",
    )
    raw = with_parts(raw, {"xl/macrosheets/sheet2.xml": b"<macrosheet/>"})
    found, told = refusal(raw, "don-vi.xlsx", "register")
    assert found == "P117"
    assert "(Ghi chú)" in told


def test_F4_an_open_spreadsheet_with_macros_or_a_password_is_refused() -> None:
    assert code(spreadsheet("<script:event-listener/>"), "don-vi.ods", "register") == "P117"
    assert code(spreadsheet("<table:dde-link/>"), "don-vi.ods", "register") == "P119"
    locked = b"<manifest><file-entry><encryption-data/></file-entry></manifest>"
    raw = with_parts(spreadsheet(), {"META-INF/manifest.xml": locked})
    assert code(raw, "don-vi.ods", "register") == "P107"


def test_a_damaged_workbook_is_refused_or_harmless() -> None:
    raw = workbook(rows=2)
    for place in range(0, len(raw), 211):
        damaged = bytearray(raw)
        damaged[place] ^= 0xFF
        found = code(bytes(damaged), "don-vi.xlsx", "register")
        assert found == "" or found.startswith("P1")


def test_a_stored_workbook_is_the_same_kind() -> None:
    parts = {"[content_types].xml": b"<Types/>", "XL/Workbook.xml": b"<workbook/>"}
    assert checked(zipped(parts, method=zipfile.ZIP_STORED), "a.xlsx", "register").kind == "xlsx"
