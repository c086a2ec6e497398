"""Office documents: macros, embedded objects and what cannot be seen through are found in each."""

import io
import struct
import zipfile

import pytest

from quetsach.containers.office import old_book_remarks, remarks
from quetsach.containers.office_kinds import OfficeKind, OfficeRemark, RemarkKind
from tests.containers.samples import (
    BOMB,
    LOG,
    code_of,
    document,
    replaced,
    spreadsheet,
    with_parts,
    workbook,
    zipped,
)
from tests.readers.compound_writer import compound

FETCHING = b'<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd"><worksheet/>'


def noted(raw: bytes, kind: OfficeKind = OfficeKind.XLSX) -> tuple[OfficeRemark, ...]:
    return remarks(io.BytesIO(raw), kind)


def kinds(raw: bytes, kind: OfficeKind = OfficeKind.XLSX) -> list[RemarkKind]:
    return [remark.kind for remark in noted(raw, kind)]


def fault(raw: bytes, kind: OfficeKind = OfficeKind.XLSX) -> str:
    return code_of(lambda: noted(raw, kind))


def test_plain_documents_have_no_remark() -> None:
    assert noted(workbook()) == ()
    assert noted(document(), OfficeKind.DOCX) == ()
    assert noted(spreadsheet(), OfficeKind.ODS) == ()


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0"),
        ("xl/VBAPROJECT.BIN", b"x"),
        ("xl\\vbaProject.bin", b"x"),
        ("xl/vbaData.xml", b"<x/>"),
        # Only the reader of documents saw the first of these, only that of uploads the others.
        ("xl/my-vbaProject.bin", b"x"),
        ("xl/macrosheets/sheet1.xml", b"<macrosheet/>"),
        ("xl/intlMacrosheets/sheet1.xml", b"<macrosheet/>"),
        ("xl/dialogsheets/sheet1.xml", b"<dialogsheet/>"),
    ],
)
def test_macros_of_a_workbook_are_found_by_any_name(part: str, content: bytes) -> None:
    assert kinds(with_parts(workbook(), {part: content}))[0] is RemarkKind.MACRO


def test_the_sheets_of_a_workbook_with_macros_are_named() -> None:
    remark = noted(with_parts(workbook(), {"xl/vbaProject.bin": b"x"}))[0]
    assert (remark.part, remark.sheet) == ("xl/vbaProject.bin", "Đơn vị, Ghi chú")


def test_a_macro_sheet_is_named_as_its_workbook_names_it() -> None:
    raw = replaced(
        workbook(),
        "xl/_rels/workbook.xml.rels",
        b"worksheets/sheet2.xml",
        b"macrosheets/sheet2.xml",
    )
    raw = with_parts(raw, {"xl/macrosheets/sheet2.xml": b"<macrosheet/>"})
    assert noted(raw)[0] == OfficeRemark(RemarkKind.MACRO, "xl/macrosheets/sheet2.xml", "Ghi chú")


def test_a_type_with_macros_is_found_though_no_macro_is_there() -> None:
    raw = replaced(
        workbook(),
        "[Content_Types].xml",
        b"spreadsheetml.sheet.main+xml",
        b"sheet.macroEnabled.main+xml",
    )
    assert kinds(raw) == [RemarkKind.MACRO]


@pytest.mark.parametrize("part", ["Basic/Standard/Module1.xml", "Scripts/python/a.py"])
def test_macros_of_an_open_spreadsheet_are_found(part: str) -> None:
    raw = with_parts(spreadsheet(), {part: b"<a/>"})
    assert kinds(raw, OfficeKind.ODS) == [RemarkKind.MACRO]


@pytest.mark.parametrize(
    "part", ["xl/externalLinks/externalLink1.xml", "xl/EXTERNALLINKS/externalLink1.xml"]
)
def test_links_to_other_workbooks_are_found_whatever_their_case(part: str) -> None:
    """The reader of documents compared names by case, that of uploads looked at formulas alone."""
    assert noted(with_parts(workbook(), {part: b"<x/>"})) == (
        OfficeRemark(RemarkKind.OTHER_BOOK, part),
    )


def test_a_binary_sheet_cannot_be_looked_through() -> None:
    raw = with_parts(workbook(), {"xl/worksheets/sheet9.bin": b"x"})
    assert kinds(raw) == [RemarkKind.OPAQUE]
    named = replaced(raw, "xl/_rels/workbook.xml.rels", b"/sheet2.xml", b"/sheet9.bin")
    assert kinds(named) == [RemarkKind.OPAQUE]


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("word/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("word/activeX/activeX1.xml", b"<ax/>"),
        ("word/media/image9.png", b"MZ" + bytes(200)),
        ("word/media/image9.emf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    ],
)
def test_embedded_objects_and_programs_are_found(part: str, content: bytes) -> None:
    assert kinds(with_parts(document(), {part: content}), OfficeKind.DOCX) == [RemarkKind.EMBEDDED]


def test_an_archive_in_a_document_is_refused() -> None:
    raw = with_parts(workbook(), {"xl/media/a.zip": zipped({"b": LOG})})
    assert fault(raw) == "nested"


@pytest.mark.parametrize("hostile", [BOMB, FETCHING])
@pytest.mark.parametrize(
    "part",
    ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "docProps/a.xml"],
)
def test_a_workbook_with_a_document_type_is_refused(hostile: bytes, part: str) -> None:
    assert fault(with_parts(workbook(), {part: hostile})) == "document-type"


@pytest.mark.parametrize("part", ["word/document.xml", "word/_rels/document.xml.rels", "a.vml"])
def test_a_document_with_a_document_type_is_refused(part: str) -> None:
    assert fault(with_parts(document(), {part: BOMB}), OfficeKind.DOCX) == "document-type"


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp037"])
def test_another_coding_hides_nothing(coding: str) -> None:
    """The reader of documents searched the bytes, and found no formula in UTF-16."""
    sheet = "<worksheet><f>1</f></worksheet>".encode(coding)
    assert fault(with_parts(workbook(), {"xl/worksheets/sheet1.xml": sheet})) == "damaged"


def test_a_byte_order_mark_and_space_are_no_other_coding() -> None:
    sheet = b"\xef\xbb\xbf<worksheet><f>1</f></worksheet>"
    assert kinds(with_parts(workbook(), {"xl/worksheets/sheet1.xml": sheet})) == [
        RemarkKind.FORMULA
    ]


def test_every_part_is_looked_at_and_may_be_refused() -> None:
    calls: list[str] = []

    def look(part: str, start: bytes) -> None:
        calls.append(part)
        if b"harm" in start:
            raise RuntimeError(part)

    raw = with_parts(workbook(), {"docProps/b.txt": b"harm"})
    with pytest.raises(RuntimeError, match=r"b\.txt"):
        remarks(io.BytesIO(raw), OfficeKind.XLSX, look=look)
    assert "xl/workbook.xml" in calls


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    assert fault(zipped({"xl/worksheets/sheet1.xml": b"0" * 50_000_000})) == "swells"


def test_a_workbook_with_a_wrong_checksum_is_refused() -> None:
    raw = workbook()
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        crc = struct.pack("<L", packed.getinfo("xl/worksheets/sheet1.xml").CRC)
    wrong = bytes([crc[0] ^ 1]) + crc[1:]
    assert fault(raw.replace(crc, wrong)) == "damaged"


def test_every_damaged_byte_of_a_workbook_is_a_refusal_or_harmless() -> None:
    """No damage may be another error than a refusal."""
    raw = workbook(rows=2)
    for place in range(0, len(raw), 23):
        damaged = bytearray(raw)
        damaged[place] ^= 0xFF
        code_of(lambda: noted(bytes(damaged)))  # noqa: B023 - called at once


@pytest.mark.parametrize(
    ("body", "code"), [("<a><b>", "damaged"), ("<a>" * 300 + "</a>" * 300, "too-complex")]
)
def test_an_open_spreadsheet_that_is_no_sound_xml_is_refused(body: str, code: str) -> None:
    assert fault(spreadsheet(body), OfficeKind.ODS) == code


def test_an_open_spreadsheet_without_content_is_damage() -> None:
    raw = zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"})
    assert fault(raw, OfficeKind.ODS) == "damaged"


def old_book(*records: tuple[int, bytes], **more: bytes) -> io.BytesIO:
    stream = b"".join(struct.pack("<HH", kind, len(raw)) + raw for kind, raw in records)
    return io.BytesIO(compound({"Workbook": stream.ljust(4096, b"\0"), **more}))


def test_a_formula_of_an_old_workbook_is_found() -> None:
    bof, cell = (0x0809, b"\0" * 16), (0x0203, b"\0" * 14)
    assert old_book_remarks(old_book(bof, cell)) == ()
    assert old_book_remarks(old_book(bof, cell, (0x0006, b"\0" * 22))) == (
        OfficeRemark(RemarkKind.FORMULA),
    )


def test_a_formula_in_the_second_form_of_an_old_workbook_is_found() -> None:
    """The reader of documents looked into the first stream alone."""
    book = struct.pack("<HH", 0x0006, 22).ljust(4096, b"\0")
    assert old_book_remarks(old_book((0x0809, b"\0" * 16), Book=book)) == (
        OfficeRemark(RemarkKind.FORMULA),
    )


def test_macros_of_an_old_workbook_and_locked_ones_are_found() -> None:
    macros = io.BytesIO(compound({"_VBA_PROJECT_CUR": {"VBA": b"x"}, "Workbook": bytes(4096)}))
    assert old_book_remarks(macros) == (OfficeRemark(RemarkKind.MACRO),)
    locked = io.BytesIO(compound({"EncryptedPackage": b"x" * 9000}))
    assert old_book_remarks(locked) == (OfficeRemark(RemarkKind.OPAQUE),)
