"""The coverage table: every source with its zone, its hours and its duplicates."""

from tests.html_report import example
from tests.html_report.reading import part


def test_every_source_is_in_the_table_with_its_zone_and_hours() -> None:
    found = example.findings()
    text = part("looked-at", found)
    assert all(one["path"] in text for one in found.coverage["sources"])
    assert "múi giờ: Asia/Ho_Chi_Minh" in text
    assert "144 giờ trong 6 ngày" in text
    assert "trùng nội dung với xã Đại An/zeek/dns.log" in text
    assert "17/9/2022: 3" in text
