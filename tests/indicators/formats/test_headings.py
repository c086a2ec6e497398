"""Headings of letters and reports are understood."""

import pytest

from quetsach.indicators.formats.headings import ColumnRole, hash_length, role_of, speaks_of_names


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("STT", ColumnRole.NUMBER),
        ("TT", ColumnRole.NUMBER),
        ("#", ColumnRole.NUMBER),
        ("Tên miền", ColumnRole.VALUE),
        ("Tên miền độc hại", ColumnRole.VALUE),
        ("Địa chỉ IP C2", ColumnRole.VALUE),
        ("IP/Domain", ColumnRole.VALUE),
        ("SHA-256", ColumnRole.VALUE),
        ("Mã băm (MD5)", ColumnRole.VALUE),
        ("SHA-1 hash", ColumnRole.VALUE),
        ("C&C server", ColumnRole.VALUE),
        ("Chỉ dấu", ColumnRole.VALUE),
        ("Cổng", ColumnRole.PORT),
        ("Mã độc", ColumnRole.FAMILY),
        ("Tên mã độc", ColumnRole.FAMILY),
        ("Ghi chú", ColumnRole.LABEL),
        ("Hết hạn", ColumnRole.VALID_UNTIL),
        ("Loại", ColumnRole.KIND),
        ("Filename", ColumnRole.OTHER),
        ("ESET detection name", ColumnRole.OTHER),
        ("Tên tệp", ColumnRole.OTHER),
        ("First seen", ColumnRole.OTHER),
        ("Hosting provider", ColumnRole.OTHER),
        ("Nguồn", ColumnRole.SOURCE),
        ("", ColumnRole.UNKNOWN),
        ("what", ColumnRole.UNKNOWN),
    ],
)
def test_a_heading_tells_what_its_column_holds(heading: str, role: ColumnRole) -> None:
    assert role_of(heading) is role


def test_a_heading_tells_the_length_of_hashes_and_whether_names_stand_there() -> None:
    assert [hash_length(one) for one in ("SHA-256", "SHA1", "Mã băm MD5", "Hash")] == [
        64,
        40,
        32,
        0,
    ]
    assert speaks_of_names("Tên miền độc hại")
    assert not speaks_of_names("Mã băm")
