"""Flaws of records and of the office's tables on the page, and what of people was not kept."""

from tests.html_report import example
from tests.html_report.test_sections import part


def test_a_flaw_of_records_stands_with_its_count_and_places() -> None:
    text = part("not-read")
    assert "hai máy chủ DHCP cùng cấp một địa chỉ cho hai máy" in text
    assert "chứng cứ/xã Tân Sơn/dhcpd.leases, byte 4.096" in text


def test_a_flaw_of_the_inventory_stands_with_its_row_and_the_other_one() -> None:
    text = part("not-read", used="en")
    assert "Rows or cells that cannot be relied on: 3." in text
    assert "bang-ke.xlsx [Máy] 1,017 hai máy có cùng địa chỉ MAC (the other is row 12)" in text
    assert "Flaws not shown here: 1" in text


def test_a_column_of_people_is_said_not_to_have_been_kept() -> None:
    text = part("not-read")
    assert "bang-ke.xlsx [Máy], cột “Người sử dụng”: 41 giá trị là thông tin cá nhân" in text


def test_without_flaws_and_tables_none_are_spoken_of() -> None:
    found = example.findings()
    found.coverage["record_notes"] = []
    found.manifest["own_tables"] = None
    text = part("not-read", found)
    assert "Sai sót" not in text
    assert "Không lưu lại" not in text


def test_hostile_text_in_a_table_is_shown_as_text() -> None:
    found = example.findings()
    rows = found.manifest["own_tables"]["flaw_rows"]
    rows[0] = {**rows[0], "excerpt": "<script>alert(1)</script>"}
    assert "<script>alert(1)</script>" in part("not-read", found)
