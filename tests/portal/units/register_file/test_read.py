"""A register is read as offices keep it, and each error is told with its row and column."""

import io
import unicodedata
import zipfile

import pytest

from quetsach_portal.units.models import ReportingLine, UnitKind
from quetsach_portal.units.register_file.read import RegisterFile, read_register
from quetsach_portal.units.register_file.rows import RegisterFlaw
from quetsach_portal.web.acts import Refused
from tests.counted_work import growth
from tests.portal.units.register_file.samples import (
    HEADINGS,
    great_workbook,
    open_book,
    with_member,
    workbook,
)

GOOD = [
    HEADINGS,
    [1, "TC01", "Thị trấn Trà Cú", "TC", "thị trấn", 45, "tracu@donvi.example"],
    [2, "TC03", "Xã Đại An", "TC", "xã", "1.234", ""],
]


def _with_loose_mark(sign: str) -> str:
    """Return a letter as Windows-1258 writes it: the tone mark as a sign of its own."""
    parted = unicodedata.normalize("NFD", sign)
    tones = "".join(one for one in parted if one in "\u0300\u0301\u0303\u0309\u0323")
    return unicodedata.normalize("NFC", "".join(one for one in parted if one not in tones)) + tones


def _codes(read: RegisterFile) -> list[str]:
    return [row.code for row in read.rows]


def test_a_plain_table_gives_typed_rows() -> None:
    read = read_register(workbook(GOOD), "don-vi.xlsx")
    assert read.problems == []
    first, second = read.rows
    assert (first.row, first.code, first.name, first.parent) == (2, "TC01", "Thị trấn Trà Cú", "TC")
    assert (first.kind, first.line, first.staff) == (UnitKind.COMMUNE, ReportingLine.TERRITORY, 45)
    assert first.mail == "tracu@donvi.example"
    assert (second.staff, second.mail) == (1234, "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258"])
def test_a_csv_is_read_in_the_encodings_that_offices_use(encoding: str) -> None:
    text = "Mã đơn vị;Tên đơn vị;Mã cấp trên\nTC03;Xã Đại An;TC\nTC10;Xã Ngãi Xuyên;TC\n"
    if encoding == "cp1258":
        text = "".join(map(_with_loose_mark, text))
    read = read_register(text.encode(encoding), "don-vi.csv")
    assert [row.name for row in read.rows] == ["Xã Đại An", "Xã Ngãi Xuyên"]


def test_an_ods_is_read_and_names_come_out_in_nfc() -> None:
    rows = [["Code", "Name"], ["A1", unicodedata.normalize("NFD", "Xã Đại An")]]
    read = read_register(open_book(rows), "units.ods")
    assert [row.name for row in read.rows] == ["Xã Đại An"]


def test_every_error_names_its_row_its_column_and_what_to_do() -> None:
    headings = [*HEADINGS, "Điện thoại", "Mã định danh", "Mã khu vực", "Hệ"]
    rows = [
        headings,
        [1, "a b", "Xã Một", "", "xã", 1, ""],
        [2, "B", "", "", "xã", 1, "x@donvi.example"],
        [3, "C", "=1+2", "", "xã", 1, ""],
        [4, "D", "Xã \u202eĐ", "", "xã", 1, ""],
        [5, "E", "Xã E", "", "sao hỏa", "12a", "a@b", "123", "H5.1", "1234", "chòm sao"],
        [6, "F", "X" * 256, "", "xã", "-1", "a@donvi.example; b@donvi.example"],
        [7, None, "Xã không mã", "", "xã", 3, ""],
    ]
    read = read_register(workbook(rows), "x.xlsx")
    assert read.rows == []
    assert [(one.row, one.column, one.flaw) for one in read.problems] == [
        (2, "Mã đơn vị", RegisterFlaw.BAD_CODE),
        (3, "Tên đơn vị", RegisterFlaw.NO_NAME),
        (4, "Tên đơn vị", RegisterFlaw.FORMULA_TEXT),
        (5, "Tên đơn vị", RegisterFlaw.CONTROL),
        (6, "Loại", RegisterFlaw.BAD_KIND),
        (6, "Mã định danh", RegisterFlaw.BAD_IDENTIFIER),
        (6, "Hệ", RegisterFlaw.BAD_LINE),
        (6, "Mã khu vực", RegisterFlaw.BAD_AREA),
        (6, "Số cán bộ", RegisterFlaw.BAD_STAFF),
        (6, "E-mail", RegisterFlaw.BAD_MAIL),
        (6, "Điện thoại", RegisterFlaw.BAD_PHONE),
        (7, "Tên đơn vị", RegisterFlaw.LONG_TEXT),
        (7, "Số cán bộ", RegisterFlaw.BAD_STAFF),
        (7, "E-mail", RegisterFlaw.BAD_MAIL),
        (8, "Mã đơn vị", RegisterFlaw.NO_CODE),
    ]
    assert all(one.told and one.remedy for one in read.problems)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_F4_a_workbook_with_a_formula_is_refused_with_its_sheet(kind: str) -> None:
    raw = (
        workbook(GOOD, formula=(1, 5, "=1+2")) if kind == "xlsx" else open_book(GOOD, formula=True)
    )
    with pytest.raises(Refused) as caught:
        read_register(raw, f"x.{kind}")
    assert "Đơn vị" in caught.value.told
    assert caught.value.field == "file"


def test_F4_links_and_macros_are_refused_and_hidden_sheets_are_left_out() -> None:
    book = workbook(GOOD)
    for member in ("xl/externalLinks/externalLink1.xml", "xl/vbaProject.bin"):
        with pytest.raises(Refused):
            read_register(with_member(book, member, b"<x/>"), "x.xlsx")
    read = read_register(workbook(GOOD, hidden=[["Mã", "Tên"], ["Z", "Bí mật"]]), "x.xlsx")
    assert _codes(read) == ["TC01", "TC03"]
    assert read.hidden_sheets == ("Ẩn",)


def test_F5_a_zip_bomb_is_refused_before_unpacking(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<x/>")
        packed.writestr("xl/workbook.xml", "<x/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 200_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    with pytest.raises(Refused):
        read_register(out.getvalue(), "bom.xlsx")


def test_F6_a_doctype_in_a_workbook_is_refused() -> None:
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
        b"<workbook><sheets>&b;</sheets></workbook>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(GOOD))) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.namelist():
            new.writestr(one, bomb if one == "xl/workbook.xml" else old.read(one))
    with pytest.raises(Refused):
        read_register(out.getvalue(), "x.xlsx")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x89PNG\r\n\x1a\n" + b"0" * 100,
        b"PK\x03\x04" + b"0" * 50,
        b"%PDF-1.7 broken",
        b"a;b\n1;2",
    ],
)
def test_F7_what_is_no_register_is_refused_in_words(raw: bytes) -> None:
    with pytest.raises(Refused) as caught:
        read_register(raw, "x.xlsx")
    assert caught.value.told


def test_a_quotation_mark_that_nothing_closes_harms_only_its_row() -> None:
    text = 'Mã đơn vị,Tên đơn vị\nA,"Xã A\nB,Xã B\n' + "".join(f"C{n},Xã {n}\n" for n in range(30))
    read = read_register(text.encode(), "x.csv")
    assert "B" in _codes(read)
    assert [(one.row, one.flaw) for one in read.problems] == [(2, RegisterFlaw.UNREADABLE)]


def test_eight_times_the_rows_take_eight_times_the_work() -> None:
    books = {size: great_workbook(size) for size in (200, 1_600)}

    def read(size: int) -> None:
        found = read_register(books[size], "lon.xlsx")
        assert (len(found.rows), found.problems) == (size, [])

    assert growth(read, 200) < 9
