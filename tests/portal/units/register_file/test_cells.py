"""Cells of a register, read as offices write them."""

from collections.abc import Callable

import pytest

from quetsach_portal.units.models import ReportingLine, UnitKind
from quetsach_portal.units.register_file import cells
from quetsach_portal.units.register_file.read import read_register
from quetsach_portal.units.register_file.rows import RegisterFlaw
from tests.portal.units.register_file.samples import workbook


def test_both_forms_of_identifiers_are_taken() -> None:
    rows = [
        ["Mã đơn vị", "Tên đơn vị", "Mã định danh cũ", "Mã định danh mới"],
        ["A", "Xã A", "000.00.00.H49", "H55.242"],
        ["B", "Xã B", "H37.DN.001", ""],
    ]
    read = read_register(workbook(rows), "x.xlsx")
    found = [(one.id_old, one.id_new) for one in read.rows]
    assert found == [("000.00.00.H49", "H55.242"), ("", "H37.DN.001")]


@pytest.mark.parametrize(
    ("check", "written", "read"),
    [
        (cells.kind_of, "Thị trấn", UnitKind.COMMUNE),
        (cells.kind_of, "Cơ quan Đảng", UnitKind.PARTY),
        (cells.kind_of, "hành tinh", None),
        (cells.line_of, "Khối Đảng", ReportingLine.PARTY),
        (cells.line_of, "đường sắt", None),
        (cells.area_of, "29461", "29461"),
        (cells.area_of, "2946", None),
        (cells.staff_of, "1.234", 1234),
        (cells.staff_of, "1\u00a0234", 1234),
        (cells.staff_of, "１２", 12),
        (cells.staff_of, "1,5", None),
        (cells.staff_of, "-3", None),
        (cells.staff_of, "1000001", None),
        (cells.mail_of, "VanThu@DonVi.example", "vanthu@donvi.example"),
        (cells.mail_of, "a@donvi.example; b@donvi.example", None),
        (cells.mail_of, "a..b@donvi.example", None),
        (cells.mail_of, f"{'a' * 64}@{'b' * 240}.example", None),
        (cells.phone_of, "0294  385 0001", "0294 385 0001"),
        (cells.phone_of, "0294", None),
        (cells.phone_of, "=0294385000", None),
        (cells.kind_by_name, "Ủy ban nhân dân xã Hai", UnitKind.COMMUNE),
        (cells.kind_by_name, "Trường Tiểu học A", UnitKind.SCHOOL),
        (cells.kind_by_name, "Văn phòng Huyện ủy", UnitKind.PARTY),
        (cells.kind_by_name, "Công ty Sen", UnitKind.AGENCY),
    ],
)
def test_cells_are_read_as_offices_write_them(
    check: Callable[[str], object], written: str, read: object
) -> None:
    assert check(written) == read


@pytest.mark.parametrize(
    ("cell", "flaw"),
    [
        ("  Xã \n Hai ", None),
        ("=1+2", RegisterFlaw.FORMULA_TEXT),
        ("＝1", RegisterFlaw.FORMULA_TEXT),
        ("@SUM(A1)", RegisterFlaw.FORMULA_TEXT),
        ("Xã\u202eHai", RegisterFlaw.CONTROL),
        ("Xã Hai xa", RegisterFlaw.LONG_TEXT),
    ],
)
def test_a_text_is_one_printable_line_and_no_formula(cell: str, flaw: RegisterFlaw | None) -> None:
    assert cells.text_of(cell, 8) == ("" if flaw else "Xã Hai", flaw)
