"""The indicators: searched, matched, and refused with a reason."""

from tests.html_report.reading import part


def test_indicators_met_counted_and_refused_with_reason() -> None:
    text = part("indicators")
    assert "Đã tìm: 1.664. Đã gặp: 6. Số hàng bị từ chối: 4." in text
    assert "203.0.113.9" in text
    assert "192.168[.]1[.]1" in text
    assert "dải địa chỉ riêng (private)" in text
    assert "cột “Tên miền”" in text
