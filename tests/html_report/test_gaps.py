"""What the report cannot tell: no device, flawed tables, unread lines."""

from tests.html_report import example
from tests.html_report.reading import part


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


def test_not_blamed_says_why() -> None:
    text = part("not-blamed")
    assert "10.20.1.53" in text
    assert "máy chủ tên miền (DNS)" in text
    assert "được 14 thiết bị hỏi" in text
    assert "bị truy cập từ bên ngoài" in text


def test_sightings_without_a_device_name_what_would_tell() -> None:
    text = part("unattributed")
    assert "Số dấu vết chưa xác định được thiết bị: 3" in text
    assert "cần bảng NAT của router" in text
    assert "mỗi dấu vết đều đã có thiết bị" in part("unattributed", example.nothing_found())


def test_unread_files_have_code_and_way_out_and_refused_lines_their_place() -> None:
    text = part("not-read")
    assert "E106" in text
    assert "bị đứt ở byte 18.874.368" in text
    assert "The part before the damage is counted." in part("not-read", used="en")
    assert "1.048.576" in text
    assert "không đọc được thời gian (bad-time): 1" in text
    assert "chứng cứ/xã Tân Sơn/router.log" in text


def test_more_refused_lines_than_shown_are_counted() -> None:
    found = example.findings()
    found.rejects["rows"] *= 300
    found.rejects["total"] = 5_000
    assert "không hiện ở đây: 4.800" in part("not-read", found)
