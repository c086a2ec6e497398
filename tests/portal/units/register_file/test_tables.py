"""The register in a sheet: headings, merged cells, groups."""

from quetsach_portal.units.models import ReportingLine
from quetsach_portal.units.register_file.read import read_register
from tests.portal.units.register_file.samples import workbook


def test_titles_two_rows_of_headings_merged_cells_counted_columns_and_groups() -> None:
    rows = [
        ["UBND HUYỆN TRÀ CÚ"],
        ["DANH SÁCH ĐƠN VỊ"],
        [],
        [None, None, None, None, None, None],
        [None, "Mã", "Tên", "Mã", "Họ tên", "Điện thoại"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        ["I", "Khối Đảng"],
        [1, "HU", "Văn phòng Huyện ủy", None, "Nguyễn Thị A", "0294 3874 000"],
        [2, "TG", "Ban Tuyên giáo Huyện ủy", None, "", ""],
        ["II", "Khối Chính quyền"],
        [3, "VP", "Văn phòng HĐND và UBND huyện", "TC", "", ""],
    ]
    merged = [
        (3, 0, 4, 0, "STT"),
        (3, 1, 3, 2, "Đơn vị"),
        (3, 4, 3, 5, "Đầu mối"),
        (7, 3, 8, 3, "DANG"),
    ]
    rows[3] = [None, None, None, "Cấp trên"]
    read = read_register(workbook(rows, merged=merged), "x.xlsx")
    assert read.problems == []
    assert [(one.code, one.parent, one.line) for one in read.rows] == [
        ("HU", "DANG", ReportingLine.PARTY),
        ("TG", "DANG", ReportingLine.PARTY),
        ("VP", "TC", ReportingLine.TERRITORY),
    ]
    assert read.rows[0].person == "Nguyễn Thị A"
    assert read.rows[0].phone == "0294 3874 000"
    assert read.passed_over == 2
