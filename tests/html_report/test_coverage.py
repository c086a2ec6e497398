"""The coverage table: every source with its zone, its hours and its duplicates."""

from typing import Any

import pytest

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


@pytest.mark.parametrize(
    ("changed", "is_told"),
    [
        ({}, True),
        ({"hours": {}}, True),
        ({"hours": {}, "first": None}, False),
        ({"lines_without_hour": 55}, False),
        ({"lines": 18, "lines_without_hour": 17}, False),
        ({"dataset": "isc.lease"}, False),
        ({"format": "host-ipconfig"}, False),
    ],
)
def test_a_log_without_hours_in_most_lines_says_so(changed: dict[str, Any], is_told: bool) -> None:
    found = example.findings()
    source = found.coverage["sources"][0]
    assert "số dòng không có giờ" not in part("looked-at", found)
    source |= {"lines": 112, "lines_without_hour": 106, "dataset": "zeek.dns", **changed}
    assert ("số dòng không có giờ: 106" in part("looked-at", found)) is is_told
